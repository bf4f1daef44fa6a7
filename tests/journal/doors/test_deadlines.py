"""Deadlines in an agenda: public calls that close and schemes that end, read by a calendar library."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from icalendar import Calendar

from tests.journal.cast import settled
from tests.journal.doors.office import Office
from vigie import bootstrap
from vigie.domain import french
from vigie.domain.levers import Scheme
from vigie.interfaces.cli.main import main
from vigie.services.aids import book
from vigie.services.calls.publishing import PUBLISHED, CallDraft
from vigie.settings import Settings


def scheme(identifier: str, days: int | None) -> book.ReadScheme:
    closes = french.today() + timedelta(days=days) if days is not None else None
    return book.ReadScheme(
        identifier, f"Aide {identifier}, « four » ; suite", "", "", ("étude",), "Agence", None, "", "", None,
        closes, None, imaginary=True, source="aides_imaginaires", scheme=Scheme(identifier, identifier, ()), traces=(),
    )  # fmt: skip


def read(text: str) -> dict[str, tuple[date, str]]:
    calendar = Calendar.from_ical(text)
    return {str(event["summary"]): (event["dtstart"].dt, str(event["uid"])) for event in calendar.walk("VEVENT")}


@pytest.fixture
def schemes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "_read", lambda _: [scheme("bientot", 10), scheme("finie", -1), scheme("sans-fin", None)])
    monkeypatch.setattr(book, "_BOOKS", WeakKeyDictionary())


def test_an_agenda_reads_what_ends_and_nothing_that_ended(office: Office, schemes: None) -> None:
    limit = french.today() + timedelta(days=20)
    for visibility in ("public", "network"):
        draft = CallDraft("need", f"Four de trempe {visibility}", "Petites séries.", visibility, closes_on=limit)
        office.desk.acts.run(office.cast.officer, PUBLISHED, "", draft)
    answer = office.page().get("/echeances.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = read(answer.text)
    assert {title.replace("\u00a0", " ").replace("\u202f", " ") for title in found} == {
        "Dernier jour pour répondre : Four de trempe public",
        "Dernier jour d’une aide : Aide bientot, « four » ; suite",
    }
    assert sorted(day for day, _ in found.values()) == [french.today() + timedelta(days=10), limit]
    assert len({mark for _, mark in found.values()}) == 2
    told = office.api().get("/api/v1/deadlines").json()["results"]
    assert sorted(one["day"] for one in told) == sorted(day.isoformat() for day, _ in found.values())
    assert read(office.page().get("/echeances.ics").text) == found, "the same deadline keeps its name"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n")) and b"\r\n" in answer.content


def test_the_command_tells_them_too(loaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(loaded, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data")
    cast, here = settled(settings), ("--data-dir", str(tmp_path / "data"))
    assert main(["watch", "deadlines", *here]) == 0
    assert "Aucune échéance" in capsys.readouterr().out
    desk = bootstrap.open_desk(settings)
    limit = french.today() + timedelta(days=3)
    desk.acts.run(
        cast.officer, PUBLISHED, "", CallDraft("need", "Four de trempe", "Séries.", "public", closes_on=limit)
    )
    desk.close()
    assert main(["watch", "deadlines", "--json", *here]) == 0
    [told] = json.loads(capsys.readouterr().out)["results"]
    assert told["day"] == limit.isoformat() and told["href"].startswith("/appels/")
