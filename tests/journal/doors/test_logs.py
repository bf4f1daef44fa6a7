"""What is logged while people work: never an address, a secret, a note, nor what somebody typed; not in a fault either.

Runs last of this folder's calls or alone: it makes its own, and reads every line that anything logged so far.
"""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.journal.cast import HERE
from tests.journal.doors.office import ADDRESS as ADDRESS_OF_SITE
from tests.journal.doors.office import READING_TOKEN, Office, TestClient
from tests.journal.doors.rows import SENTINELS, write
from vigie.services.records.reading import Records
from vigie.store.journal.sql import SqlJournal

PASSWORD = "zqmotdepasse-quatre-mots"  # noqa: S105
NOTE = "zqsecret de la note interne"
ADDRESS = "zqadresse@example.org"
LOGGERS = ("", "vigie", "vigie.access", "uvicorn", "uvicorn.error", "alembic", "sqlalchemy.engine")


@pytest.fixture
def logged(office: Office) -> list[str]:
    """Every line logged from now on, at the most talkative level, the engine's own statements included."""
    kept = {name: logging.getLogger(name).level for name in LOGGERS}
    office.log.clear()
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO if name.startswith("sqlalchemy") else logging.DEBUG)
    yield office.log  # type: ignore[misc]
    for name, level in kept.items():
        logging.getLogger(name).setLevel(level)


def work(office: Office) -> dict[str, str]:
    """Do what puts addresses, secrets and notes in play, on both doors."""
    rows = write(office)
    officer, program, nobody = office.page("officer"), office.api("officer"), office.page()
    dossier = rows["dossier"]
    nobody.post("/connexion", data={"courriel": ADDRESS, "mot_de_passe": PASSWORD})
    nobody.post("/connexion/oubli", data={"courriel": ADDRESS})
    nobody.get(f"/invitation/{PASSWORD}")
    nobody.get(f"/lien/{PASSWORD}")
    nobody.post(f"/lien/{PASSWORD}", data={"decision": "accepter"})
    nobody.get(f"/annuaire?q={ADDRESS}")
    office.api().post("/api/v1/desk/sessions", json={"email": ADDRESS, "password": PASSWORD})
    office.api().get(f"/api/v1/desk/links/{PASSWORD}")
    officer.post(f"/bureau/dossiers/{dossier}/echanges", data={"kind": "note", "body": NOTE})
    officer.post(f"/bureau/dossiers/{dossier}/contacts", data={"name": "zqnom", "email": ADDRESS, "source": "visite"})
    officer.get(f"/bureau/dossiers/{dossier}")
    officer.get("/bureau/courriels")
    program.post(f"/api/v1/desk/dossiers/{dossier}/exchanges", json={"kind": "note", "body": NOTE})
    program.post("/api/v1/desk/introductions", json={"first": {"contact_email": ADDRESS}, "second": {}, "reason": NOTE})
    office.api("reading_token").get("/api/v1/desk/me")
    office.desk.mail.send_waiting()
    return rows


def secrets(office: Office) -> list[str]:
    """Return what no line may hold."""
    told = [PASSWORD, NOTE, ADDRESS, "zqnom", READING_TOKEN, "@example.org", *SENTINELS.values()]
    return told + [f"secret-of-{part}" for part in office.cast.secrets]


def found(office: Office, lines: list[str]) -> list[str]:
    # The client of these tests logs the addresses it asks for: it is not ours.
    ours = [line for line in lines if not line.startswith("httpx")]
    return [line for line in ours for secret in secrets(office) if secret in line]


def test_nothing_personal_is_logged(office: Office, logged: list[str]) -> None:
    work(office)
    assert any("vigie.access" in line for line in logged)
    assert any("/lien/…" in line for line in logged)
    assert found(office, logged) == []


def test_a_fault_is_logged_by_its_type_only(office: Office, logged: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError(f"{NOTE} {ADDRESS} {PASSWORD}")

    monkeypatch.setattr(Records, "journal", fails)
    page = office.page("admin").get("/bureau/journal")
    answer = office.api("admin").get("/api/v1/desk/journal")
    assert (page.status_code, answer.status_code) == (500, 500)
    assert sum("ZeroDivisionError at " in line for line in logged) == 2
    assert found(office, [*logged, page.text, answer.text]) == []


def test_a_fault_goes_no_further_than_our_log(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server prints, with its text, every exception that reaches it: none does."""

    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError(NOTE)

    monkeypatch.setattr(Records, "journal", fails)
    strict = TestClient(office.app, ADDRESS_OF_SITE, raise_server_exceptions=True)
    strict.headers["Authorization"] = f"Bearer {office.cast.secrets['admin']}"
    assert strict.get("/api/v1/desk/journal").status_code == 500


def test_a_fault_of_the_engine_shows_neither_statement_nor_values(
    office: Office, logged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's own errors carry the statement and its values: they stop at the journal."""
    rows = work(office)
    logged.clear()
    opened = SqlJournal.writing

    def broken(self: SqlJournal, scope: object) -> object:
        self.engine.dispose()
        context = opened(self, scope)  # type: ignore[arg-type]
        return _Faulty(context, rows["dossier"])

    monkeypatch.setattr(SqlJournal, "writing", broken)
    sent = {"kind": "note", "body": NOTE}
    answer = office.api("officer").post(f"/api/v1/desk/dossiers/{rows['dossier']}/exchanges", json=sent)
    assert answer.status_code >= 500
    assert found(office, [*logged, answer.text]) == []


_TWICE = text("INSERT INTO dossier (id, title, organisation_id) VALUES (:id, :title, :organisation)")


class _Faulty:
    """A transaction whose engine fails when it is left, with what was typed among the values of the statement."""

    def __init__(self, context: object, dossier: str) -> None:
        self._context, self._dossier = context, dossier

    def __enter__(self) -> object:
        self._unit = self._context.__enter__()  # type: ignore[attr-defined]
        return self._unit

    def __exit__(self, *raised: object) -> object:
        leave = self._context.__exit__  # type: ignore[attr-defined]
        if raised[0] is None:
            values = {"id": self._dossier, "title": NOTE, "organisation": HERE}
            try:
                self._unit._session.execute(_TWICE, values)
            except DBAPIError as fault:
                return leave(type(fault), fault, fault.__traceback__)
        return leave(*raised)
