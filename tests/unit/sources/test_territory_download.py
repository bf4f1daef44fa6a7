"""A territory out of the national file, against a publisher of this machine: the right file or a French sentence."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import official_files as official
from tests.publisher import Publisher, publishing
from tests.refreshing import load_underived, rows
from vigie.errors import RequestFault, SourceUnavailable
from vigie.services.download import DownloadRequest, Fetched, download
from vigie.sources import cog
from vigie.sources.cards_reader import Address, Card, read_cards
from vigie.sources.download import Patience
from vigie.store.engines.duckdb.remote import cut
from vigie.store.generation import describe

TODAY = date(2026, 11, 20)
ELSEWHERE = {"codeCommuneEtablissement": "44109"}
SHIPPED = {card.id: card for card in read_cards()}


def parquet(header: tuple[str, ...], rows: list[official.Row]) -> bytes:
    out = io.BytesIO()
    table = pa.table({name: pa.array([row.get(name) or None for row in rows], pa.string()) for name in header})
    pq.write_table(table, out, row_group_size=500)
    return out.getvalue()


def establishments(count: int = 40, first: int = 1, **changes: str) -> list[official.Row]:
    return [official.establishment(n, **(ELSEWHERE if n % 4 else {}) | changes) for n in range(first, first + count)]


def units(count: int = 40) -> list[official.Row]:
    return [official.unit(n) for n in range(1, 1 + count)]


def zipped(tmp_path: Path, rows: list[official.Row]) -> bytes:
    content = official.table(official.ESTABLISHMENT_54, rows)
    return official.zipped(tmp_path / "made.zip", {"StockEtablissement_utf8.csv": content}).read_bytes()


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with publishing() as state:
        yield state


def cards(publisher: Publisher) -> list[Card]:
    """The shipped cards, their addresses brought to this machine."""
    made = []
    for name in ("sirene_etablissement", "sirene_unite_legale", "sirene_succession"):
        card = SHIPPED[name]
        addresses = tuple(
            Address(publisher.url(f"{name}.{a.format}"), a.format, a.file, cut=a.cut) for a in card.addresses
        )
        made.append(replace(card, addresses=addresses))
    return made


@pytest.fixture
def fetch(publisher: Publisher, tmp_path: Path):
    def run(*sources: str, territory: str | None = "85", **options: object) -> tuple[Fetched, ...]:
        request = DownloadRequest(sources, tmp_path / "in", territory, today=TODAY, **options)  # type: ignore[arg-type]
        patience = Patience(attempts=3, sleep=lambda seconds: None)

        def cutter(wanted, target, scratch, told):
            return cut(wanted, target, scratch, 256, told)

        return download(request, cards(publisher), None, patience, cutter)

    return run


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".origin.json")}


def test_a_departement_is_read_by_ranges_with_its_firms_and_loads(publisher, fetch, tmp_path):
    places = [*establishments(4000), official.establishment(9001, codeCommuneEtablissement="85060")]
    publisher.publish("sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, places))
    publisher.publish("sirene_unite_legale.parquet", parquet(official.UNIT_35, units(4000)))
    links = [official.link(4), official.link(5)]
    publisher.publish("sirene_succession.parquet", parquet(official.SUCCESSION, links))
    found = fetch("sirene_unite_legale", "sirene_etablissement", "sirene_succession")
    assert [one.source for one in found] == ["sirene_unite_legale", "sirene_etablissement", "sirene_succession"]
    assert found and all(not one.whole and one.published == "2026-11-01" and "par morceaux" in one.why for one in found)
    assert [pq.read_table(one.path).num_rows for one in found] == [1000, 1001, 1]
    whole = [one for one in publisher.seen if one[0] == "GET" and "/resources/" in one[1] and one[2] is None]
    assert whole == [], "nothing is fetched whole"
    report = load_underived(tmp_path / "data", tmp_path / "in", territory="85")
    assert (report.establishments, report.legal_units, report.rejected_total) == (1001, 1000, 0)
    assert {row["commune"] for row in rows(tmp_path / "data", "establishment")} == {"85191", "85194"}
    inputs = describe(tmp_path / "data" / "generations" / report.generation)["inputs"]
    assert {one["published"] for one in inputs} == {"2026-11-01"}


def test_an_epci_is_cut_and_what_nobody_knows_near_it_is_kept(publisher, fetch):
    herbiers = {"codeCommuneEtablissement": "85109"}
    places = [
        official.establishment(1, **herbiers), official.establishment(2),
        official.establishment(3, codeCommuneEtablissement="85999"), official.establishment(4, **ELSEWHERE),
    ]  # fmt: skip
    publisher.publish("sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, places))
    epci = next(row["epci"] for row in cog.communes().to_pylist() if row["code"] == "85109")
    [found] = fetch("sirene_etablissement", territory=epci)
    codes = pq.read_table(found.path)["codeCommuneEtablissement"].to_pylist()
    assert sorted(codes) == ["85109", "85999"]


def test_without_source_the_stock_of_the_territory_is_fetched_and_a_second_time_nothing(publisher, fetch):
    publisher.publish("sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, establishments()))
    publisher.publish("sirene_unite_legale.parquet", parquet(official.UNIT_35, units()))
    first = fetch()
    assert [one.source for one in first] == ["sirene_etablissement", "sirene_unite_legale"]
    again = fetch()
    assert [one.unchanged for one in again] == [True, True]
    assert [one.sha256 for one in again] == [one.sha256 for one in first]
    with pytest.raises(RequestFault, match="Dites quelles sources"):
        fetch(territory=None)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"ranges": False}, "par morceaux"),
        ({"status": 404}, "404"),
        ({"status": 500}, "500"),
        ({"html": True}, "par morceaux"),
    ],
)
def test_where_ranges_fail_the_whole_file_is_fetched_and_the_reason_said(publisher, fetch, tmp_path, fault, words):
    publisher.publish("sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, establishments()), **fault)
    publisher.publish("sirene_etablissement.zip", zipped(tmp_path, establishments()))
    [found] = fetch("sirene_etablissement")
    assert found.whole
    assert found.why.startswith("France entière, parce que")
    assert words in found.why
    assert names(tmp_path / "in") == {"StockEtablissement_utf8.zip"}
    report = load_underived(tmp_path / "data", tmp_path / "in", territory="85")
    assert report.establishments == 10


def test_the_file_that_came_before_is_taken_away_when_another_takes_its_place(publisher, fetch, tmp_path):
    publisher.publish("sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, establishments()))
    fetch("sirene_etablissement")
    publisher.files["sirene_etablissement.parquet"].status = 503
    publisher.publish("sirene_etablissement.zip", zipped(tmp_path, establishments()), stamp="20261102-010203")
    fetch("sirene_etablissement")
    assert names(tmp_path / "in") == {"StockEtablissement_utf8.zip"}


def test_when_nothing_answers_one_sentence_an_address_is_said_and_nothing_written(publisher, fetch, tmp_path):
    with pytest.raises(SourceUnavailable, match="n’existe pas"):
        fetch("sirene_etablissement")
    assert not (tmp_path / "in").exists() or names(tmp_path / "in") == set()


def test_a_stale_file_is_refused_whatever_address_gives_it(publisher, fetch, tmp_path):
    publisher.publish("sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, establishments()))
    [kept] = fetch("sirene_etablissement")
    former = Path(kept.path).read_bytes()
    old = parquet(official.ESTABLISHMENT_54, establishments(8))
    publisher.publish("sirene_etablissement.parquet", old, stamp="20261001-060000")
    publisher.publish("sirene_etablissement.zip", zipped(tmp_path, establishments(8)), stamp="20260901-060000")
    with pytest.raises(SourceUnavailable, match="plus ancien que celui déjà obtenu") as caught:
        fetch("sirene_etablissement")
    assert "01/10/2026" in str(caught.value)
    assert Path(kept.path).read_bytes() == former
    assert names(tmp_path / "in") == {Path(kept.path).name}


def test_a_file_older_than_what_is_in_service_is_refused(publisher, fetch, tmp_path):
    publisher.publish("sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, establishments()))
    with pytest.raises(SourceUnavailable, match=r"\(01/12/2026\)"):
        fetch("sirene_etablissement", loaded={"sirene_etablissement": "2026-12-01"})


def test_a_file_older_than_its_rhythm_is_said(publisher, fetch):
    old = parquet(official.ESTABLISHMENT_54, establishments())
    publisher.publish("sirene_etablissement.parquet", old, stamp="20260801-060000")
    [found] = fetch("sirene_etablissement")
    [remark] = found.remarks
    assert "01/08/2026" in remark and "un plus récent a dû paraître" in remark


def test_files_of_two_months_are_said(publisher, fetch):
    publisher.publish("sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, establishments()))
    old = parquet(official.UNIT_35, units())
    publisher.publish("sirene_unite_legale.parquet", old, stamp="20261010-060000")
    [places, firms] = fetch()
    assert places.remarks == ()
    assert ["relancez la commande quand tous sont du même mois" in remark for remark in firms.remarks] == [True]


def test_a_new_month_published_while_it_is_read_is_read_again_and_never_mixed(publisher, fetch):
    new = parquet(official.ESTABLISHMENT_54, establishments(80, dateCreationEtablissement="2026-11-30"))
    publisher.publish(
        "sirene_etablissement.parquet", parquet(official.ESTABLISHMENT_54, establishments(4000)),
        then=[(6, new, "20261201-060000")],
    )  # fmt: skip
    [found] = fetch("sirene_etablissement")
    assert found.published == "2026-12-01"
    table = pq.read_table(found.path)
    assert table.num_rows == 20
    assert set(table["dateCreationEtablissement"].to_pylist()) == {"2026-11-30"}


def test_a_whole_file_that_changes_after_a_cut_is_begun_again(publisher, fetch, tmp_path):
    one, two = (zipped(tmp_path, establishments(count)) for count in (300, 200))
    publisher.publish("sirene_etablissement.zip", one, cut=1000, then=[(2, two, "20261201-060000")])
    [found] = fetch("sirene_etablissement", territory=None)
    assert Path(found.path).read_bytes() == two
    assert (found.published, found.resumed) == ("2026-12-01", False)
    origin = json.loads(Path(f"{found.path}.origin.json").read_text("utf-8"))
    assert origin["final_url"].endswith("/resources/20261201-060000/sirene_etablissement.zip")
    assert (origin["etag"], origin["published"]) == ('"20261201-060000"', "2026-12-01")


def test_a_whole_file_that_is_cut_is_resumed(publisher, fetch, tmp_path):
    body = zipped(tmp_path, establishments(300))
    publisher.publish("sirene_etablissement.zip", body, cut=1000)
    [found] = fetch("sirene_etablissement", territory=None)
    assert Path(found.path).read_bytes() == body
    assert found.resumed


def test_firms_without_the_establishments_of_the_territory_are_fetched_whole_and_the_reason_said(
    publisher, fetch, tmp_path
):
    publisher.publish("sirene_unite_legale.parquet", parquet(official.UNIT_35, units()))
    content = official.table(official.UNIT_35, units())
    made = official.zipped(tmp_path / "u.zip", {"StockUniteLegale_utf8.csv": content})
    publisher.publish("sirene_unite_legale.zip", made.read_bytes())
    [found] = fetch("sirene_unite_legale")
    assert found.whole
    assert "ne dit pas les communes" in found.why


def test_another_file_than_the_card_s_is_not_kept(publisher, fetch, tmp_path):
    publisher.publish("sirene_etablissement.parquet", parquet(official.UNIT_35, units()))
    publisher.publish("sirene_etablissement.zip", zipped(tmp_path, establishments()))
    [found] = fetch("sirene_etablissement")
    assert found.whole
    assert names(tmp_path / "in") == {"StockEtablissement_utf8.zip"}
