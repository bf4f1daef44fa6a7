"""What every warehouse engine must do, whatever it is made of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import pytest

from tests.small_stock import (
    ESTABLISHMENT_HEADER,
    ESTABLISHMENTS,
    as_csv,
    establishment,
    write_table,
)  # fmt: skip
from vigie.errors import StructureFault
from vigie.sources.base import SourceFile, discover
from vigie.sources.cards_reader import SHIPPED, read_cards
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.engines.duckdb.warehouse import DuckWarehouse
from vigie.store.tables import ALL, FORMER_COMMUNE, MEMBERSHIP
from vigie.store.warehouse import Warehouse, WarehouseBuilder, parameter

FORMATS = ("csv", "csv.gz", "zip", "parquet")
ENGINES = {
    "duckdb": (
        lambda path, scratch: DuckBuilder(path, threads=2, memory_mib=512, scratch=scratch),
        lambda path: DuckWarehouse(path, threads=2, memory_mib=512),
    )
}


class Engine:
    """One engine at work in a folder of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        self._build, self._open = ENGINES[name]
        self._folder, self._opened = folder, []

    def builder(self, name: str = "one") -> WarehouseBuilder:
        return self._kept(self._build(self._folder / f"{name}.warehouse", self._folder / "scratch"))

    def warehouse(self, name: str = "one") -> Warehouse:
        """Open what was built, the tables that it lacks being there, and empty: a warehouse has all of them."""
        completed = self._build(self._folder / f"{name}.warehouse", self._folder / "scratch")
        held = {receipt.table for receipt in completed.receipts()}
        for table in ALL:
            if table.name not in held:
                completed.save(table, ibis.memtable([], schema=table.schema), "none")
        completed.close()
        return self._kept(self._open(self._folder / f"{name}.warehouse"))

    def path(self, name: str = "one") -> Path:
        return self._folder / f"{name}.warehouse"

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()

    def _kept(self, opened: Any) -> Any:
        self._opened.append(opened)
        return opened


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = Engine(request.param, tmp_path)
    yield made
    made.close()


def former(*pairs: tuple[str | None, str | None]) -> ibis.expr.types.Table:
    rows = [{"former": old, "commune": new} for old, new in pairs]
    return ibis.memtable(rows, schema=FORMER_COMMUNE.schema)


def official(folder: Path, content: bytes, kind: str = "csv", name: str = ESTABLISHMENTS) -> SourceFile:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.{kind}"
    path.write_bytes(content)
    return discover([path], read_cards(SHIPPED))[0]


def test_saved_rows_are_sorted_by_the_key_and_read_back(engine: Engine) -> None:
    builder = engine.builder()
    receipt = builder.save(FORMER_COMMUNE, former(("85003", "85001"), ("85001", "85191"), ("85002", "85191")), "in")
    assert (receipt.rows, receipt.duplicates, receipt.read) == (3, 0, None)
    engine.close()
    warehouse = engine.warehouse()
    assert [row["former"] for row in warehouse.rows(warehouse.table("former_commune"))] == ["85001", "85002", "85003"]


def test_duplicates_are_counted(engine: Engine) -> None:
    receipt = engine.builder().save(FORMER_COMMUNE, former(("1", "a"), ("2", "b"), ("1", "c"), ("1", "c")), "in")
    assert (receipt.rows, receipt.duplicates) == (4, 2)


@pytest.mark.parametrize(
    "other",
    [
        [("1", "a"), ("2", "B"), ("3", None)],  # a cell changed
        [("1", "a"), ("2", "b"), ("3", "")],  # null is not an empty text
        [("1", "a"), ("2", "b")],  # a row less
        [("1", "a"), ("2", "b"), ("3", None), ("3", None)],  # a row twice
        [("1", "b"), ("2", "a"), ("3", None)],  # the same cells elsewhere
        [("a", "1"), ("2", "b"), ("3", None)],  # cells of a row exchanged
    ],
)
def test_fingerprint_tells_contents_apart(engine: Engine, other: list[tuple[str | None, str | None]]) -> None:
    builder = engine.builder()
    own = builder.save(FORMER_COMMUNE, former(("1", "a"), ("2", "b"), ("3", None)), "in").fingerprint
    assert builder.save(FORMER_COMMUNE, former(*other), "in").fingerprint != own


def test_fingerprint_does_not_depend_on_the_order_of_rows(engine: Engine) -> None:
    pairs = [(str(number), str(number % 7)) for number in range(5000)]
    one = engine.builder("one").save(FORMER_COMMUNE, former(*pairs), "in")
    two = engine.builder("two").save(FORMER_COMMUNE, former(*reversed(pairs)), "other")
    assert one.fingerprint == two.fingerprint


def test_fingerprint_of_an_empty_table_is_told(engine: Engine) -> None:
    builder = engine.builder()
    empty = builder.save(FORMER_COMMUNE, former(), "in")
    assert empty.rows == 0
    assert empty.fingerprint != builder.save(MEMBERSHIP, ibis.memtable([], schema=MEMBERSHIP.schema), "in").fingerprint


def test_a_table_is_found_again_by_its_inputs_only(engine: Engine) -> None:
    made = engine.builder().save(FORMER_COMMUNE, former(("1", "a")), "these")
    engine.close()
    builder = engine.builder()
    assert builder.saved(FORMER_COMMUNE, "these") == made
    assert builder.saved(FORMER_COMMUNE, "those") is None
    assert builder.receipts() == [made]


def test_a_save_that_fails_leaves_the_former_table_and_receipt(engine: Engine, tmp_path: Path) -> None:
    builder = engine.builder()
    made = builder.save(FORMER_COMMUNE, former(("1", "a")), "these")
    lines = as_csv(ESTABLISHMENT_HEADER, [establishment(n) for n in range(5000)]) + b"cut,short\n"
    raw = builder.raw(official(tmp_path / "in", lines))
    with pytest.raises(StructureFault):
        builder.save(FORMER_COMMUNE, raw.select(former=raw.siret, commune=raw.siren), "those")
    assert builder.saved(FORMER_COMMUNE, "these") == made
    assert builder.rows(builder.table("former_commune")) == [{"former": "1", "commune": "a"}]


def test_a_table_is_adopted_from_an_earlier_generation(engine: Engine) -> None:
    pairs = [(f"{number:05d}", "a") for number in range(200_000)]
    made = engine.builder("old").save(FORMER_COMMUNE, former(*pairs), "these")
    engine.close()
    builder = engine.builder("new")
    builder.against(engine.path("old"))
    assert builder.adopt(FORMER_COMMUNE, "those") is None
    assert builder.adopt(FORMER_COMMUNE, "these") == made
    assert builder.former(MEMBERSHIP) is None
    engine.close()
    warehouse = engine.warehouse("new")
    adopted = [row["former"] for row in warehouse.rows(warehouse.table("former_commune"))]
    assert adopted == sorted(adopted)
    assert len(adopted) == 200_000


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_rows(engine: Engine, tmp_path: Path, kind: str) -> None:
    given = [
        establishment(1, enseigne1Etablissement='LE "PETIT" ATELIER, À CÔTÉ'),
        establishment(2, enseigne1Etablissement="DEUX\nLIGNES"),
        establishment(3, trancheEffectifsEtablissement=""),
    ]
    path = write_table(tmp_path, ESTABLISHMENTS, ESTABLISHMENT_HEADER, given, kind)
    builder = engine.builder()
    raw = builder.raw(discover([path], read_cards(SHIPPED))[0])
    found = builder.rows(
        raw.order_by("siret").select("siret", "enseigne1Etablissement", "trancheEffectifsEtablissement")
    )
    assert [tuple(row.values()) for row in found] == [
        (row["siret"], row.get("enseigne1Etablissement") or None, row["trancheEffectifsEtablissement"] or None)
        for row in given
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_records_are_numbered_in_file_order_and_counted(engine: Engine, tmp_path: Path, kind: str) -> None:
    given = [establishment(number) for number in range(30_000, 0, -1)]
    path = write_table(tmp_path, ESTABLISHMENTS, ESTABLISHMENT_HEADER, given, kind)
    file = discover([path], read_cards(SHIPPED))[0]
    builder = engine.builder()
    numbered = builder.raw(file, numbered=True)
    found = builder.rows(numbered.filter(numbered.siret.isin([given[0]["siret"], given[29_998]["siret"]])))
    assert {row["siret"]: row["record"] for row in found} == {given[0]["siret"]: 1, given[29_998]["siret"]: 29_999}
    raw = builder.raw(file)
    kept = raw.filter(raw.siret < given[10]["siret"])
    receipt = builder.save(FORMER_COMMUNE, kept.select(former=kept.siret, commune=kept.siren), "in")
    assert (receipt.rows, receipt.read) == (30_000 - 11, 30_000)


@pytest.mark.parametrize("kind", ["zip", "csv.gz"])
def test_an_archive_may_be_read_twice_by_one_query(engine: Engine, tmp_path: Path, kind: str) -> None:
    given = [establishment(number) for number in range(500)]
    path = write_table(tmp_path, ESTABLISHMENTS, ESTABLISHMENT_HEADER, given, kind)
    builder = engine.builder()
    raw = builder.raw(discover([path], read_cards(SHIPPED))[0])
    twice = raw.inner_join(raw.view(), "siret")
    assert builder.rows(twice.aggregate(number=twice.count())) == [{"number": 500}]
    receipt = builder.save(FORMER_COMMUNE, twice.select(former=twice.siret, commune=twice.siren), "in")
    assert (receipt.rows, receipt.read) == (500, 500)


def test_an_archive_that_is_not_read_to_its_end_hangs_nothing(engine: Engine, tmp_path: Path) -> None:
    given = [establishment(number) for number in range(50_000)]
    path = write_table(tmp_path, ESTABLISHMENTS, ESTABLISHMENT_HEADER, given, "zip")
    builder = engine.builder()
    raw = builder.raw(discover([path], read_cards(SHIPPED))[0])
    assert len(builder.rows(raw.select("siret").limit(1))) == 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("unpack")]


def broken_line(line: bytes) -> bytes:
    good = as_csv(ESTABLISHMENT_HEADER, [establishment(number) for number in range(40_000)])
    return good + line + b"\n" + good.split(b"\n", 1)[1]


@pytest.mark.parametrize("kind", ["csv", "zip", "csv.gz"])
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"1,2,3", "3 champs, l’en-tête en annonce 34"),
        (b"x," * 40 + b"x", "trop de champs, l’en-tête en annonce 34"),
        (b",,\xe9" + b"," * 31, "n’est pas de l’UTF-8"),
        (b'"a"b' + b"," * 33, "guillemet"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(
    engine: Engine, tmp_path: Path, kind: str, line: bytes, words: str
) -> None:
    path = tmp_path / f"{ESTABLISHMENTS}.{kind}"
    pack(path, broken_line(line), kind)
    builder = engine.builder()
    raw = builder.raw(discover([path], read_cards(SHIPPED))[0])
    with pytest.raises(StructureFault) as caught:
        builder.rows(raw.aggregate(number=raw.siret.nunique()))
    fault = caught.value
    assert (fault.file, fault.line) == (path.name, 40_002)
    assert words in str(fault)
    assert fault.remedy
    assert "Error" not in str(fault)


def pack(path: Path, content: bytes, kind: str) -> None:
    import gzip  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("stock.csv", content)
    else:
        path.write_bytes(gzip.compress(content) if kind == "csv.gz" else content)


@pytest.mark.parametrize("kind", ["csv.gz", "parquet"])
def test_a_truncated_file_is_refused(engine: Engine, tmp_path: Path, kind: str) -> None:
    given = [establishment(number) for number in range(20_000)]
    path = write_table(tmp_path, ESTABLISHMENTS, ESTABLISHMENT_HEADER, given, kind)
    file = discover([path], read_cards(SHIPPED))[0]
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] if kind == "csv.gz" else content[:100] + bytes(middle) + content[middle + 100 :])
    builder = engine.builder()
    raw = builder.raw(file)
    with pytest.raises(StructureFault, match="tronqué ou abîmé"):
        builder.rows(raw.group_by("siret", "libelleVoieEtablissement").agg(number=raw.count()))


def test_parameters_are_given_at_execution(engine: Engine) -> None:
    engine.builder().save(FORMER_COMMUNE, former(("1", "a"), ("2", "b"), ("O'3", "c")), "in")
    engine.close()
    warehouse = engine.warehouse()
    table = warehouse.table("former_commune")
    asked = table.filter(table.former == parameter("code")).mutate(rank=parameter("rank", "int64") + 1)
    for code, commune in (("1", "a"), ("2", "b"), ("O'3", "c")):
        assert warehouse.rows(asked, {"code": code, "rank": 4}) == [{"former": code, "commune": commune, "rank": 5}]
    assert warehouse.arrow(asked, {"code": "none", "rank": 4}).num_rows == 0


def test_a_record_is_read_by_the_key_that_identifies_it(engine: Engine) -> None:
    builder = engine.builder()
    builder.save(FORMER_COMMUNE, former(("85001", "85191"), ("44001", "44109")), "in")
    engine.close()
    warehouse = engine.warehouse()
    assert warehouse.record("former_commune", "44001") == {"former": "44001", "commune": "44109"}
    assert warehouse.record("former_commune", "' OR 1=1 --") is None
    with pytest.raises(ValueError, match="no single column"):
        warehouse.record("membership", "85")


def test_many_threads_read_at_once(engine: Engine) -> None:
    engine.builder().save(FORMER_COMMUNE, former(*((str(n), str(n * 2)) for n in range(1000))), "in")
    engine.close()
    warehouse = engine.warehouse()
    table = warehouse.table("former_commune")
    asked = table.filter(table.former == parameter("code"))
    wrong: list[object] = []

    def read(start: int) -> None:
        for number in range(start, 1000, 8):
            found = warehouse.rows(asked, {"code": str(number)})
            if found != [{"former": str(number), "commune": str(number * 2)}]:
                wrong.append(found)

    run_all([lambda start=start: read(start) for start in range(8)])
    assert wrong == []


def run_all(tasks: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_batches_come_in_bounded_pieces(engine: Engine) -> None:
    builder = engine.builder()
    builder.save(FORMER_COMMUNE, former(*((f"{n:06d}", "x") for n in range(10_000))), "in")
    sizes = [batch.num_rows for batch in builder.batches(builder.table("former_commune"), 3000)]
    assert sum(sizes) == 10_000
    assert max(sizes) <= 3000


@pytest.mark.parametrize(("granted", "kept"), [(2560, "1.0 GiB"), (512, "512.0 MiB")])
def test_the_engine_leaves_room_to_who_takes_a_stream(tmp_path: Path, granted: int, kept: str) -> None:
    builder = DuckBuilder(tmp_path / "w.duckdb", threads=1, memory_mib=granted, scratch=tmp_path / "scratch")
    builder.save(FORMER_COMMUNE, former(("01001", "x")), "in")
    assert sum(batch.num_rows for batch in builder.batches(builder.table("former_commune"))) == 1
    assert builder._connection.execute("SELECT current_setting('memory_limit')").fetchone() == (kept,)
    builder.close()
