"""What may not be published of a partially diffusible unit is nowhere: pages, JSON, exports, index, tables, log."""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.doors.planting import MASKED_PLACE, SENTINEL
from tests.doors.routes import addresses, open_templates, templates
from tests.doors.served import Served
from tests.not_empty import not_empty
from vigie import bootstrap
from vigie.interfaces.cli.main import main
from vigie.services.know import SearchRequest
from vigie.store import generation

FORBIDDEN = (SENTINEL, SENTINEL.lower(), SENTINEL.capitalize(), *MASKED_PLACE)


def forbidden_in(content: str) -> list[str]:
    return [word for word in FORBIDDEN if word in content]


def unpacked(content: bytes) -> str:
    """Return an answer as text; a workbook is the text of its files."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def examples(served: Served) -> tuple[str, ...]:
    """A masked establishment whose unit is masked, another one, and an open one."""
    return (*served.masked[:3], served.masked[-1], served.open[0])


def test_no_sentinel_in_any_answer_of_any_route(served: Served) -> None:
    visited, asked = set(), set[str]()
    for template in not_empty(sorted(templates(served))):
        for siret in not_empty(examples(served)):
            # What is typed comes back in the form: a letter is left out, which a search by name forgives.
            for address in not_empty(addresses(template, siret, SENTINEL[:-1])):
                if address in asked:
                    continue  # it names no establishment: the same for every example
                asked.add(address)
                answer = served.client.get(address, follow_redirects=True)
                assert answer.status_code < 500, f"{address} : {answer.status_code}"
                assert not forbidden_in(unpacked(answer.content)), address
                if answer.status_code == 200:
                    visited.add(template)
    assert open_templates(served) <= visited


def test_no_sentinel_in_any_byte_of_the_data_directory(served: Served) -> None:
    files = [path for path in served.data_dir.rglob("*") if path.is_file()]
    assert any(path.name == generation.WAREHOUSE for path in files)
    words = [word.encode() for word in FORBIDDEN]
    for path in not_empty(files):
        content = path.read_bytes()
        assert not [word for word in words if word in content], path.name


def test_no_sentinel_in_any_cell_of_any_table(served: Served, tmp_path: Path) -> None:
    """Bytes on disk are compressed; cells are not."""
    folder = generation.current(served.data_dir)
    assert folder is not None
    copy = shutil.copy(folder / generation.WAREHOUSE, tmp_path)
    with duckdb.connect(str(copy), read_only=True) as base:
        tables = [name for (name,) in base.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        assert "establishment" in tables
        for table in not_empty(tables):
            for word in FORBIDDEN:
                query = f'SELECT count(*) FROM "{table}" AS one WHERE contains(one::VARCHAR, ?)'  # noqa: S608 - its own names
                assert base.execute(query, [word]).fetchone() == (0,), table


def test_no_sentinel_in_the_log(served: Served) -> None:
    served.client.get(f"/annuaire?q={SENTINEL}")
    served.client.get(f"/api/v1/search?q={SENTINEL}&couleur={SENTINEL}")
    assert any("/annuaire 200" in line for line in served.log)
    assert not forbidden_in("\n".join(served.log))


def test_no_sentinel_on_the_command_line(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data-dir", str(served.data_dir)]
    for siret in not_empty(examples(served)):
        for words in (["know", "firm", siret], ["know", "search", siret, "--state", "tous"], ["watch", "events"]):
            assert main([*words, *data, "--json"]) == 0
            assert main([*words, *data]) == 0
    assert main(["observe", "portrait", "85109", *data, "--json"]) == 0
    printed = capsys.readouterr()
    assert "siret" in printed.out
    assert not forbidden_in(printed.out + printed.err)


@pytest.mark.parametrize("word", [SENTINEL, SENTINEL[:8], f"{SENTINEL}20261001U10", "zqxsentinele"])
def test_a_masked_name_finds_nothing(served: Served, word: str) -> None:
    for state in ("A", "F", "tous"):
        found = served.client.get("/api/v1/search", params={"q": word, "state": state}).json()
        assert [one for one in found["results"] if one["masked"]] == [], word
    assert served.client.get("/api/v1/suggest", params={"q": word}).json()["results"] == []


def test_a_masked_unit_is_never_located_by_distance(served: Served) -> None:
    with bootstrap.open_services(served.settings) as services:
        near = SearchRequest(near=(46.87, -1.01), radius_km=500, sort="distance", state=None, per_page=100)
        first = services.know.search(near)
        assert first.total > 0
        for page in range(1, first.total_pages + 1):
            for entry in not_empty(services.know.search(replace(near, page=page)).results):
                assert not entry.masked and entry.siret not in served.masked


def test_a_masked_unit_is_read_by_its_number_only(served: Served) -> None:
    for siret in not_empty(served.masked[:20]):
        record = served.client.get(f"/api/v1/establishments/{siret}").json()
        assert record["masked"] is True
        for field in ("address", "postal_code", "longitude", "latitude", "sign", "usual_name", "acronym"):
            assert record[field] is None, field
        if not (record["legal_category"] or "").startswith(tuple("3456789")):
            assert record["name"] is None
        page = served.client.get(f"/etablissement/{siret}").text
        assert "diffusion partielle" in page
        assert '<svg class="map"' not in page


def test_the_status_of_the_unit_wins_over_that_of_its_establishments(served: Served) -> None:
    marked_open = _marked_open_in_files(served.files)
    assert marked_open
    for siret in not_empty(sorted(marked_open & set(served.masked))[:20]):
        assert served.client.get(f"/api/v1/establishments/{siret}").json()["masked"] is True


def test_robots_and_sitemap_name_no_establishment(served: Served) -> None:
    content = served.client.get("/sitemap.xml").text + served.client.get("/robots.txt").text
    assert "/territoire/" in content
    assert not any(siret[:9] in content for siret in not_empty((*served.masked, *served.open)))


def _marked_open_in_files(files: Path) -> set[str]:
    last = max(path for path in files.iterdir() if path.name[:2] == "20" and path.is_dir())
    with duckdb.connect() as base:
        query = "SELECT siret FROM read_csv(?, all_varchar = true) WHERE statutDiffusionEtablissement = 'O'"
        return {siret for (siret,) in base.execute(query, [str(last / "StockEtablissement_utf8.csv")]).fetchall()}
