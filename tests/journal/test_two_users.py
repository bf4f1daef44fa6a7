"""PostgreSQL as the documentation sets it up: an owner who migrates and keeps, an application that owns nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import postgres
from tests.journal.doors.office import TestClient
from tests.journal.passwords import CHEAP, PASSWORD
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application

pytestmark = pytest.mark.postgres
PAGE = Path(__file__).parents[2] / "docs" / "journal.md"
DESK = "/api/v1/desk"


class Base:
    """A server set up by the statements of the page, and the addresses of its two users."""

    def __init__(self, one: postgres.Running) -> None:
        self._keeper = one.connection
        section = PAGE.read_text(encoding="utf-8").partition("### PostgreSQL")[2]
        self.before, self.after = re.findall(r"```sql\n(.*?)```", section, re.DOTALL)[:2]

    def run(self, statements: str) -> None:
        with psycopg.connect(self._keeper, autocommit=True) as connection:
            for statement in filter(str.strip, statements.replace("…", "secret").split(";")):
                connection.execute(statement.encode())

    def of(self, user: str) -> str:
        words = dict(word.split("=", 1) for word in self._keeper.split())
        return f"postgresql://{user}:secret@{words['host']}:{words['port']}/vigie"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Base]:
    monkeypatch.setattr("vigie.services.accounts.passwords.PasswordHasher", CHEAP)
    monkeypatch.setenv("VIGIE_DATA_DIR", str(tmp_path / "data"))
    with postgres.running(fsync="off") as one:
        made = Base(one)
        made.run(made.before)
        monkeypatch.setenv("VIGIE_JOURNAL_URL", made.of("vigie_owner"))
        assert main(["journal", "migrate"]) == 0
        made.run(made.after)
        monkeypatch.setenv("VIGIE_JOURNAL_URL", made.of("vigie_web"))
        yield made


def join(capsys: pytest.CaptureFixture[str], name: str, territory: str = "epci:248500621") -> str:
    """Make an organisation and return the path of its first administrator's invitation."""
    capsys.readouterr()
    assert main(["org", "create", name, "--territory", territory, "--admin", "nom@exemple.fr"]) == 0
    link = re.search(r"/invitation/(\S+)", capsys.readouterr().out)
    assert link
    return link[0]


def test_it_is_served_by_one_and_kept_by_the_other(
    base: Base, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, away = join(capsys, "Pays des Herbiers"), join(capsys, "Ailleurs", "departement:44")
    with TestClient(application(), "http://vigie.test", follow_redirects=False) as browser:
        joined = browser.post(here, data={"nom": "Personne d’essai", "mot_de_passe": PASSWORD})
        assert (joined.status_code, joined.headers["location"]) == (303, "/bureau")
        browser.post("/deconnexion")
        typed = {"courriel": "nom@exemple.fr", "mot_de_passe": PASSWORD}
        assert browser.post("/connexion", data=typed).headers["location"] == "/bureau"
        assert browser.get("/bureau").status_code == 200
        asked = {"email": typed["courriel"], "password": PASSWORD}
        ours = {"Authorization": f"Bearer {browser.post(f'{DESK}/sessions', json=asked).json()['token']}"}
        opened = browser.post(f"{DESK}/dossiers", json={"kind": "holder", "title": "Projet d’essai"}, headers=ours)
        assert opened.status_code == 201
        written = f"{DESK}/dossiers/{opened.json()['id']}"
        assert browser.get(written, headers=ours).status_code == 200
        accepted = {"name": "", "password": PASSWORD}
        theirs = browser.post(f"{DESK}{away.replace('/invitation', '/invitations')}/acceptance", json=accepted)
        other = {"Authorization": f"Bearer {theirs.json()['token']}"}
        assert browser.get(written, headers=other).status_code == 404
    for words in (["purge"], ["remind"], ["digest"], ["send"]):
        assert main(["journal", *words]) == 0
    assert main(["journal", "backup", str(tmp_path / "vide.zip")]) == 1
    assert "propriétaire" in capsys.readouterr().err and not (tmp_path / "vide.zip").exists()
    monkeypatch.setenv("VIGIE_JOURNAL_URL", base.of("vigie_owner"))
    for words in (["check"], ["purge"], ["remind"], ["digest"]):
        assert main(["journal", *words]) == 0
    capsys.readouterr()
    assert main(["journal", "backup", str(tmp_path / "copie.zip"), "--json"]) == 0
    copied = json.loads(capsys.readouterr().out)["rows"]
    assert (copied["dossier"], copied["organisation"], copied["person"]) == (1, 2, 1)


def test_the_application_meets_the_wall_even_without_stepping_down(
    base: Base, capsys: pytest.CaptureFixture[str]
) -> None:
    join(capsys, "Pays des Herbiers")
    with psycopg.connect(base.of("vigie_web"), autocommit=True) as connection:
        walled = connection.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        ).fetchall()
        assert walled == [("alembic_version",)]
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM letter").fetchone() == (0,)
        for forbidden in (
            "UPDATE event SET kind = 'autre'", "DELETE FROM event", "TRUNCATE event", "DELETE FROM organisation",
            "ALTER TABLE event DISABLE TRIGGER ALL", "DROP TRIGGER event_refuses_update ON event",
            "SET session_replication_role = replica", "SET ROLE vigie_owner", "CREATE TABLE here (one int)",
            "ALTER TABLE letter NO FORCE ROW LEVEL SECURITY", "UPDATE alembic_version SET version_num = '0'",
        ):  # fmt: skip
            with pytest.raises(psycopg.Error, match=r"only added|permission denied|must be owner"):
                connection.execute(forbidden)
