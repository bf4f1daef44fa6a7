"""Each file of a data directory, absent, empty, garbage or unreadable, at start and while serving, at each door."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import duckdb
import pytest

from tests.doors.served import TestClient
from tests.not_empty import not_empty
from tests.refreshing import load_underived, settings
from tests.shares import share
from tests.small_stock import establishment, siren, siret, unit, write_stock
from tests.waiting import eventually
from vigie import bootstrap
from vigie.domain.access import Role, Scope
from vigie.errors import JournalUnavailable
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.store import generation
from vigie.store.journal.firms import Objection

STANDS_IN = "répondent à leur place"
ILLS = ("absent", "empty", "garbage", "unreadable", "truncated")
FILES = ("current", "generation.json", "warehouse.duckdb", "index/meta.json", "index/*.store", "index/lexicon-*.json")
OF_THE_DESK = ("secret", "journal.db", "journal-mark")
WITHOUT_DATA = ("/connexion", "/mentions-legales", "/aide")


def make_ill(path: Path, ill: str) -> None:
    """Break a file as a disk, a copy or a hand does: another file takes its place; what cannot be read is a folder."""
    if ill == "truncated":  # in its place, under the eyes of whoever holds it open or mapped
        os.truncate(path, path.stat().st_size // 2)
        return
    fresh = path.with_name(f".{path.name}.ill")
    if ill == "unreadable":
        fresh.mkdir()
        path.unlink()
    elif ill != "absent":
        fresh.write_bytes(b"" if ill == "empty" else b"\xff\x00garbage" * 300)
    if ill == "absent":
        path.unlink()
    else:
        fresh.replace(path)


def path_of(data: Path, file: str) -> Path:
    if file in ("current", *OF_THE_DESK):
        return data / file
    folder = data / "generations" / (data / "current").read_text("utf-8").strip()
    return next(iter(sorted(folder.glob(file))))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two generations: the size of a firm tells which one answers."""
    work = tmp_path_factory.mktemp("ill")
    places, units = [establishment(n) for n in range(5)], [unit(n) for n in range(5)]
    for month, band in (("one", "11"), ("two", "21")):
        places[3]["trancheEffectifsEtablissement"] = band
        load_underived(work / "data", write_stock(work / month, places, units, kind="csv"))
    for opened in bootstrap.open_house(settings(work / "data")):  # its journal is made once, not by each test
        opened.close()
    return work / "data"


@pytest.fixture
def data(loaded: Path, tmp_path: Path) -> Path:
    shutil.copytree(loaded, tmp_path / "data")
    return tmp_path / "data"


@contextmanager
def served(data: Path) -> Iterator[TestClient]:
    with TestClient(application(settings(data)), base_url="http://vigie.test", raise_server_exceptions=False) as client:
        yield client


def band(client: TestClient) -> str:
    answer = client.get(f"/api/v1/establishments/{siret(3)}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["size_band"])


@pytest.mark.parametrize(("file", "ill"), share([*product(FILES, ILLS)], 2))
def test_the_former_generation_answers_and_says_so(data: Path, file: str, ill: str) -> None:
    path = path_of(data, file)
    kept = path.read_bytes()
    with served(data) as client:
        assert band(client) == "21" and STANDS_IN not in client.get("/aide").text
        make_ill(path, ill)  # while it serves
        expected = "21" if file == "current" else "11"
        eventually(lambda: band(client) == expected and STANDS_IN in client.get("/aide").text)
        for address in ("/", *WITHOUT_DATA):
            page = client.get(address)
            assert page.status_code == 200 and STANDS_IN in page.text, address
    with served(data) as client:  # and from the start
        assert band(client) == expected
        assert STANDS_IN in client.get("/aide").text
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        path.write_bytes(kept)  # repaired
        eventually(lambda: band(client) == "21" and STANDS_IN not in client.get("/aide").text)


@pytest.mark.parametrize(
    ("file", "ill"), share([*product(["generation.json", "warehouse.duckdb", "index/meta.json"], ILLS)], 2)
)
def test_without_any_readable_generation_what_needs_none_stays_up(
    data: Path, file: str, ill: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (data / "generations").iterdir():
        make_ill(folder / file, ill)
    with served(data) as client:
        for address in WITHOUT_DATA:
            assert client.get(address).status_code == 200, address
        for address in ("/", "/annuaire?q=atelier", f"/entreprise/{siren(3)}"):
            page = client.get(address)
            assert page.status_code == 503 and "ne se lisent plus" in page.text and "encore charg" not in page.text
        answer = client.get(f"/api/v1/establishments/{siret(3)}")
        assert answer.status_code == 503 and "ne se lisent plus" in answer.json()["erreur"]
    assert main(["status", "--data-dir", str(data), "--json"]) in ({0, 1} if file == "index/meta.json" else {1})
    capsys.readouterr()
    assert main(["know", "firm", siren(3), "--data-dir", str(data), "--json"]) == 1
    said = json.loads(capsys.readouterr().err.splitlines()[-1])["erreur"]
    assert "ne se lisent plus" in said and "encore charg" not in said


def test_a_generation_damaged_inside_is_left_at_the_first_fault(data: Path) -> None:
    """Same size, other bytes: nothing shows from outside."""
    path = path_of(data, "warehouse.duckdb")
    held = bytearray(path.read_bytes())
    held[12_288:] = b"\x55" * (len(held) - 12_288)
    path.write_bytes(held)
    with served(data) as client:
        answers = [client.get(f"/api/v1/establishments/{siret(3)}") for _ in range(3)]
        assert {answer.status_code for answer in answers} <= {200, 503}
        assert band(client) == "11"


@pytest.mark.parametrize("file", ["index/*.store", "index/*.idx", "index/*.term"])
def test_an_index_damaged_inside_is_left_at_the_first_fault(data: Path, file: str) -> None:
    """Same size, other bytes before the end, which alone is looked at when a file of the index is opened."""
    path = path_of(data, file)
    held = bytearray(path.read_bytes())
    held[: len(held) // 2] = b"\x55" * (len(held) // 2)
    path.write_bytes(held)
    with served(data) as client:
        answers = [client.get("/annuaire?q=atelier") for _ in range(3)]
        for answer in not_empty(answers):
            assert answer.status_code == 200 or (answer.status_code == 503 and "ne se lisent plus" in answer.text)
        assert answers[-1].status_code == 200 and STANDS_IN in client.get("/aide").text


@pytest.mark.parametrize("file", ["current", "generation.json", "warehouse.duckdb"])
def test_a_refresh_beside_a_damaged_generation_puts_good_data_back(data: Path, tmp_path: Path, file: str) -> None:
    make_ill(path_of(data, file), "garbage")
    places, units = [establishment(n) for n in range(5)], [unit(n) for n in range(5)]
    places[3]["trancheEffectifsEtablissement"] = "12"
    load_underived(data, write_stock(tmp_path / "new", places, units, kind="csv"))
    assert generation.current(data) == data / "generations" / (data / "current").read_text("utf-8").strip()
    with served(data) as client:
        assert band(client) == "12" and STANDS_IN not in client.get("/").text


@pytest.fixture(scope="module")
def objecting(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same data, in an installation where a firm objects."""
    folder = tmp_path_factory.mktemp("objecting") / "data"
    shutil.copytree(loaded, folder)
    installation, desk = bootstrap.open_house(settings(folder))
    with desk.journal.writing(Scope(Role.SUPER_ADMIN, via="command")) as unit_:
        unit_.act("objection.made")
        unit_.add(
            Objection(
                fingerprint=desk.keys.fingerprint("siren", siren(HIDDEN)),
                proof="head",
                at=unit_.now,
                confirmed_at=unit_.now,
            )
        )
    installation.close()
    desk.close()
    return folder


HIDDEN = 2
DOORS = (
    "/", "/annuaire?q=atelier", f"/entreprise/{siren(HIDDEN)}", f"/etablissement/{siret(HIDDEN)}", "/bureau",
    "/connexion", "/aide", f"/api/v1/establishments/{siret(HIDDEN)}", "/api/v1/search?q=atelier",
    "/api/v1/desk/dossiers", "/api/v1/health", "/sitemap.xml",
)  # fmt: skip


def read_every_door(client: TestClient, name: str) -> dict[str, int]:
    """Return the status of each door; no answer is a trace, nor shows the firm that objects."""
    found = {}
    for address in DOORS:
        answer = client.get(address, follow_redirects=False)
        found[address] = answer.status_code
        assert answer.status_code in (200, 303, 404, 503), (address, answer.status_code)
        assert "Traceback" not in answer.text and name not in answer.text.casefold(), address
        if answer.status_code == 503:
            assert "journal" in answer.text.casefold() or "ne se lisent plus" in answer.text, address
    return found


@pytest.mark.parametrize(
    ("file", "ill"),
    share([*product(OF_THE_DESK, ILLS), *product(FILES, ("truncated",)), ("warehouse.duckdb", "absent")], 2),
)
def test_no_ill_ends_in_a_trace_nor_shows_a_firm_that_objects(
    objecting: Path, tmp_path: Path, file: str, ill: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = shutil.copytree(objecting, tmp_path / "data")
    name = unit(HIDDEN)["denominationUniteLegale"].casefold()
    with served(data) as client:
        assert name.replace("2", "1") in client.get("/annuaire?q=atelier").text.casefold()
        assert read_every_door(client, name)[f"/entreprise/{siren(HIDDEN)}"] == 404
        make_ill(path_of(data, file), ill)
        while_serving = read_every_door(client, name)
    assert while_serving["/connexion"] == while_serving["/aide"] == 200
    lost = file in ("secret", "journal.db")
    if lost:
        with pytest.raises(JournalUnavailable), served(data):
            pass
    elif (file, ill) != ("journal-mark", "unreadable"):
        with served(data) as client:
            at_start = read_every_door(client, name)
            assert at_start["/"] == 200 and at_start[f"/entreprise/{siren(HIDDEN)}"] == 404
    for command in (["know", "firm", siren(HIDDEN)], ["know", "search", "atelier"], ["org", "list"]):
        code = main([*command, "--data-dir", str(data)])
        told = capsys.readouterr()
        assert name not in (told.out + told.err).casefold() and "Traceback" not in told.err
        assert not (lost and code == 0), command
        assert code == 0 or told.err.count("\n") == 1, told.err


def of_an_earlier_version(folder: Path, what: str) -> None:
    """Make a generation what another version of Vigie would have left."""
    described = json.loads((folder / "generation.json").read_text("utf-8"))
    described.pop("files")
    if what == "description":
        del described["vintage"]
    (folder / "generation.json").write_text(json.dumps(described), "utf-8")
    if what == "index":
        next(folder.glob("index/lexicon-*.json")).rename(folder / "index" / "lexicon-1.json")
    if what == "column":
        with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
            connection.execute("ALTER TABLE establishment DROP COLUMN size_band")
    if what == "table":
        with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
            connection.execute("DROP TABLE event")


@pytest.mark.parametrize("what", ["description", "index", "column", "table"])
def test_data_of_an_earlier_version_are_to_be_loaded_again(
    data: Path, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (data / "generations").iterdir():
        of_an_earlier_version(folder, what)
    with served(data) as client:
        for address in WITHOUT_DATA:
            assert client.get(address).status_code == 200, address
        for address in ("/", "/annuaire?q=atelier", f"/entreprise/{siren(3)}"):
            page = client.get(address)
            assert page.status_code == 503 and "version antérieure" in page.text and "encore charg" not in page.text
        answer = client.get(f"/api/v1/establishments/{siret(3)}")
        assert answer.status_code == 503 and "version antérieure" in answer.json()["erreur"]
        assert "version antérieure" in client.get("/api/v1/health").json()["etat"]
    assert main(["know", "firm", siren(3), "--data-dir", str(data)]) == 1
    assert "relancez" in (said := capsys.readouterr().err) and "version antérieure" in said and "vigie refresh" in said
    places, units = [establishment(n) for n in range(5)], [unit(n) for n in range(5)]
    load_underived(data, write_stock(tmp_path / "again", places, units, kind="csv"))
    with served(data) as client:
        assert client.get(f"/entreprise/{siren(3)}").status_code == 200


def test_a_generation_keeps_nothing_that_writers_alone_need(data: Path) -> None:
    indexes = [*data.glob("generations/*/index")]
    assert len(indexes) == 2 and not [*data.glob("generations/*/index/.managed.json")]
