"""One rule of days for forms, the API and spreadsheets: what one takes, all take; what one refuses, all refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from tests.journal.doors.office import Office
from tests.journal.doors.test_introducing import form_key
from tests.not_empty import not_empty
from vigie.domain.zones import today_in_paris

TODAY = today_in_paris()
READ = {"12/03/2026": "2026-03-12", "12.03.26": "2026-03-12", "2026/03/12": "2026-03-12", "12 mars 2026": "2026-03-12",
        "2026-03-12": "2026-03-12", "20260312": "2026-03-12", "1er févr. 2026": "2026-02-01"}  # fmt: skip
NO_DAYS = ["30/02/2026", "2026-02-30", "03/25/2026", "hier", "86400", "0", "mars 2026"]
PAST = {
    **READ, **dict.fromkeys(NO_DAYS, ""),
    "01/01/1900": "", "1949-12-31": "", "01/01/1950": "1950-01-01", "31/12/9999": "",
    TODAY.isoformat(): TODAY.isoformat(), (TODAY + timedelta(days=3)).isoformat(): "",
}  # fmt: skip
"""What a day on which something happened is read as, empty when it is refused."""
DUE = {
    **dict.fromkeys(NO_DAYS, ""), "01/01/1900": "", "31/12/9999": "",
    **{(TODAY + timedelta(days=days)).isoformat(): (TODAY + timedelta(days=days)).isoformat() for days in (0, 30, 700)},
    **{(TODAY + timedelta(days=days)).isoformat(): "" for days in (-1900, 1900)},
}  # fmt: skip
"""What the day of a reminder is read as."""


@pytest.fixture(scope="module")
def dossier(office: Office) -> str:
    made = office.api("officer").post("/api/v1/desk/dossiers", json={"kind": "holder", "title": "Jours"})
    return str(made.json()["id"])


def by_api(office: Office, dossier: str, part: str, written: str) -> str:
    api = office.api("officer")
    if part == "exchange":
        body = {"kind": "call", "body": "Appel", "happened_on": written}
        answer = api.post(f"/api/v1/desk/dossiers/{dossier}/exchanges", json=body)
    else:
        body = {"dossier": dossier, "due_on": written, "reason": "Essai"}
        answer = api.post("/api/v1/desk/reminders", json=body)
    assert answer.status_code in (201, 400, 422), answer.text
    return newest(api, dossier, part) if answer.status_code == 201 else ""


def by_form(office: Office, dossier: str, part: str, written: str) -> str:
    with office.page("officer") as page:
        address, field = ("echanges", "happened_on") if part == "exchange" else ("rappels", "due_on")
        key = form_key(page.get(f"/bureau/dossiers/{dossier}").text)
        typed = {"kind": "call", "body": "Appel", "reason": "Essai", field: written, "once": key}
        answer = page.post(f"/bureau/dossiers/{dossier}/{address}", data=typed)
    assert answer.status_code in (200, 422), answer.text
    return newest(office.api("officer"), dossier, part) if answer.status_code == 200 else ""


def newest(api: TestClient, dossier: str, part: str) -> str:
    """Return the day of what was just written, and take it away."""
    record = api.get(f"/api/v1/desk/dossiers/{dossier}").json()
    (one,) = record["exchanges" if part == "exchange" else "reminders"]
    path = f"/api/v1/desk/exchanges/{one['id']}" if part == "exchange" else f"/api/v1/desk/reminders/{one['id']}"
    assert api.delete(path).status_code == 204
    return str(one["happened_on" if part == "exchange" else "due_on"])


def by_file(office: Office, part: str, written: str) -> str:
    title = "Dernier contact" if part == "exchange" else "Prochaine relance"
    api = office.api("officer")
    content = f"Entreprise;{title}\nJOURS;{written}\n".encode()
    made = api.post("/api/v1/desk/imports?name=jours.csv", content=content).json()
    columns = {"0": "name", "1": "last_contact" if part == "exchange" else "reminder"}
    read = api.post(f"/api/v1/desk/imports/{made['id']}/columns", json={"columns": columns}).json()
    assert api.delete(f"/api/v1/desk/imports/{made['id']}").status_code in (200, 204)
    (line,) = read["lines"]
    return str(line["said"].get("last_contact" if part == "exchange" else "reminder", ""))


@pytest.mark.parametrize(("part", "days"), [("exchange", PAST), ("reminder", DUE)])
def test_the_same_days_are_read_and_refused_by_every_door(
    office: Office, dossier: str, part: str, days: dict[str, str]
) -> None:
    for written, expected in not_empty(days.items()):
        found = {
            "api": by_api(office, dossier, part, written),
            "form": by_form(office, dossier, part, written),
            "file": by_file(office, part, written),
        }
        assert found == dict.fromkeys(("api", "form", "file"), expected), written


@pytest.mark.parametrize("number", [0, 86400, 1.5e9, True])
def test_a_number_is_no_day(office: Office, dossier: str, number: float) -> None:
    body = {"kind": "call", "body": "Appel", "happened_on": number}
    answer = office.api("officer").post(f"/api/v1/desk/dossiers/{dossier}/exchanges", json=body)
    assert answer.status_code == 400 and "happened_on" in answer.json()["erreur"], answer.text


@pytest.mark.parametrize(("day", "said"), [("01/01/1900", "est passé depuis"), ("31/12/9999", "est dans")])
def test_what_is_said_of_a_reminder_is_true(office: Office, dossier: str, day: str, said: str) -> None:
    body = {"dossier": dossier, "due_on": day, "reason": "Essai"}
    answer = office.api("officer").post("/api/v1/desk/reminders", json=body)
    assert answer.status_code == 400 and f"Le {day} {said} plus de cinq ans" in answer.text.replace("\\u00e9", "é")
