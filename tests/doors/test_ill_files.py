"""Each file of a data directory, absent, empty, garbage or unreadable, at start and while serving, at each door."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.doors.served import TestClient
from tests.refreshing import load, settings
from tests.small_stock import establishment, siren, siret, unit, write_stock
from tests.waiting import eventually
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.store import generation

STANDS_IN = "répondent à leur place"
ILLS = ("absent", "empty", "garbage", "unreadable")
FILES = ("current", "generation.json", "warehouse.duckdb", "index/meta.json", "index/*.store", "index/lexicon-*.json")
WITHOUT_DATA = ("/connexion", "/mentions-legales", "/aide")


def make_ill(path: Path, ill: str) -> None:
    """Break a file as a disk, a copy or a hand does: another file takes its place; what cannot be read is a folder."""
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
    if file == "current":
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
        load(work / "data", write_stock(work / month, places, units, kind="csv"))
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


@pytest.mark.parametrize("ill", ILLS)
@pytest.mark.parametrize("file", FILES)
def test_the_former_generation_answers_and_says_so(data: Path, file: str, ill: str) -> None:
    path = path_of(data, file)
    kept = path.read_bytes()
    with served(data) as client:
        assert band(client) == "21" and STANDS_IN not in client.get("/aide").text
        make_ill(path, ill)  # while it serves
        expected = "21" if file == "current" else "11"
        eventually(lambda: band(client) == expected and STANDS_IN in client.get("/").text)
        for address in ("/", *WITHOUT_DATA):
            page = client.get(address)
            assert page.status_code == 200 and STANDS_IN in page.text, address
    with served(data) as client:  # and from the start
        assert band(client) == expected
        assert STANDS_IN in client.get("/").text
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        path.write_bytes(kept)  # repaired
        eventually(lambda: band(client) == "21" and STANDS_IN not in client.get("/").text)


@pytest.mark.parametrize("ill", ILLS)
@pytest.mark.parametrize("file", ["generation.json", "warehouse.duckdb", "index/meta.json"])
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


@pytest.mark.parametrize("file", ["current", "generation.json", "warehouse.duckdb"])
def test_a_refresh_beside_a_damaged_generation_puts_good_data_back(data: Path, tmp_path: Path, file: str) -> None:
    make_ill(path_of(data, file), "garbage")
    places, units = [establishment(n) for n in range(5)], [unit(n) for n in range(5)]
    places[3]["trancheEffectifsEtablissement"] = "12"
    load(data, write_stock(tmp_path / "new", places, units, kind="csv"))
    assert generation.current(data) == data / "generations" / (data / "current").read_text("utf-8").strip()
    with served(data) as client:
        assert band(client) == "12" and STANDS_IN not in client.get("/").text
