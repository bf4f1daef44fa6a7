"""Notices of every family, taken back, garbled, of two firms or of none: what is counted is what was planted.

VIGIE_NOTICES sets how many lines the export has (3,000 by default).
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.doors.served import TestClient
from tests.legal_notices import PERSON, notice, write_notices
from tests.not_empty import not_empty
from tests.refreshing import load_underived, rows
from tests.small_stock import establishment, siren, unit, write_stock
from vigie.interfaces.server import application
from vigie.settings import Settings
from vigie.store.tables import ALL

LINES = int(os.environ.get("VIGIE_NOTICES", "3000"))
FIRMS, STRANGERS = 60, 10**6
TODAY = date(2026, 10, 2)
SURNAME = PERSON.split()[0]
OWN, COMPACT, TWO, NOBODY, STRANGER = range(5)
"""Whom a notice is about: a firm in both writings, in one, two firms, none, one that is not loaded."""
BACK = {"typeavis": "annulation"}, {"typeavis": "rectificatif"}
SHAPES: tuple[tuple[str, str, int, dict[str, str]], ...] = (
    ("collective", "liquidation", OWN, {"nature": "Jugement d'ouverture de liquidation judiciaire"}),
    ("collective", "redressement", OWN, {"nature": "Jugement d'ouverture d'un redressement judiciaire"}),
    ("collective", "sauvegarde", OWN, {"nature": "Jugement d'ouverture d'une procÃ©dure de sauvegarde"}),
    ("collective", "procedure", OWN, {"nature": "Jugement de clÃ´ture pour insuffisance d'actif"}),
    ("radiation", "radiation", OWN, {"dateparution": "2026-09-15", "tribunal": "Tribunal de NoirmoutierÃ©"}),
    ("vente", "vente", COMPACT, {}),
    ("dpc", "comptes", OWN, {}),
    ("vente", "", OWN, {}),  # these two are taken back by the two that follow
    ("vente", "", OWN, {}),
    ("vente", "", OWN, BACK[0]),
    ("radiation", "radiation", OWN, BACK[1]),
    ("conciliation", "procedure", TWO, {}),
    ("vente", "", NOBODY, {}),
    ("radiation", "", STRANGER, {}),
    ("modification", "", OWN, {}),
    ("creation", "", OWN, {}),
)
"""Families, what is told of each, of whom, and what else the line holds. The striking off is a mass: one court, one
day."""


def planted() -> Iterator[tuple[dict[str, str], str, tuple[str, ...]]]:
    """Yield lines of an export, with the kind that each should tell and of which firms."""
    for number in range(LINES - LINES % len(SHAPES)):
        family, kind, whose, changed = SHAPES[number % len(SHAPES)]
        own, other = siren(number % FIRMS), siren((number + 1) % FIRMS)
        said = {"dateparution": (TODAY - timedelta(number % 300)).isoformat()} | changed
        if changed in BACK:
            said["named"] = str(number - 2)
        if whose == COMPACT:
            said["registre"] = own
        elif whose == TWO:
            said["registre"] = f'["{own}", "{other}"]'
        firm = {NOBODY: None, STRANGER: siren(STRANGERS + number)}.get(whose, own)
        yield notice(number, firm, family, **said), kind, ((own, other) if whose == TWO else (own,)) if kind else ()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Load a stock and the notices; return the data directory and what the refresh said."""
    folder = tmp_path_factory.mktemp("many")
    stock = write_stock(folder / "in", [establishment(n) for n in range(FIRMS)], [unit(n) for n in range(FIRMS)])
    file = write_notices(folder / "annonces-commerciales.csv", (line for line, _, _ in planted()))
    report = load_underived(folder / "data", stock, file, today=TODAY)
    return folder / "data", [remark.what for remark in report.remarks]


def test_what_is_kept_is_what_was_planted(loaded: tuple[Path, list[str]]) -> None:
    data, said = loaded
    expected = Counter((kind, one) for _, kind, firms in planted() for one in firms)
    found = Counter((row["kind"], row["siren"]) for row in rows(data, "notice"))
    assert found == expected and sum(found.values()) > LINES // 2
    told = Counter((row["kind"], row["siren"]) for row in rows(data, "event"))
    assert told == expected
    left_out = sum(not row["registre"] for row, _, _ in planted())
    strangers = sum(SHAPES[int(row["numeroannonce"]) % len(SHAPES)][2] == STRANGER for row, _, _ in planted())
    digits = ["".join(filter(str.isdigit, line.split("annonce")[0])) for line in said if "annonce" in line]
    assert digits == [str(left_out), str(strangers)]


def test_nobody_is_named_in_a_table_a_page_a_feed_a_log_or_the_index(
    loaded: tuple[Path, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    data, said = loaded
    for table in ALL:
        if table.name in {"notice", "event", "establishment", "legal_unit"}:
            assert SURNAME not in repr(rows(data, table.name)), table.name
    caplog.set_level(logging.INFO)
    addresses = (
        "/evenements", "/evenements.atom", "/evenements?source=bodacc&page=2", "/territoire/departement/85/evenements",
        f"/entreprise/{siren(4)}", "/api/v1/events", f"/api/v1/events?siren={siren(4)}",
    )  # fmt: skip
    with TestClient(application(Settings(data_dir=data)), base_url="http://127.0.0.1") as client:
        for address in not_empty(addresses):
            answer = client.get(address)
            assert answer.status_code == 200 and SURNAME not in answer.text, address
        logged = [one.getMessage() for one in caplog.records]
        assert any("/evenements.atom" in line for line in logged)
        assert SURNAME not in " ".join([*logged, *said])
        assert client.get("/api/v1/search?q=Atelier").json()["total"] == FIRMS
        assert client.get(f"/api/v1/search?q={SURNAME}").json()["total"] == 0
