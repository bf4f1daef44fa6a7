"""Whatever is planted in a masked row outside the allow-list is found nowhere: neither in tables nor in messages."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import official_files as official
from tests.not_empty import not_empty
from tests.official_loading import Found, Loader
from vigie.sources import sirene_masking
from vigie.store.tables import ESTABLISHMENT

SENTINEL = "SENTINELLE"
STATUSES = ("O", "P", "N", "", "X")
CATEGORIES = ("1000", "2110", "2900", "0000", "", "5710", "7210", "9220")
LEGAL_PERSONS = ("5710", "7210", "9220")
NEW_COLUMNS = ("telephoneEtablissement", "nomDuDirigeantUniteLegale")


@dataclass(frozen=True)
class Case:
    """A legal unit and one establishment of it."""

    number: int
    unit_status: str
    status: str
    category: str

    @property
    def masked(self) -> bool:
        return (self.unit_status, self.status) != ("O", "O")

    @property
    def keeps_its_name(self) -> bool:
        return self.category in LEGAL_PERSONS


CASES = [
    Case(number, *combination)
    for number, combination in enumerate(itertools.product(STATUSES, STATUSES, CATEGORIES), start=1)
]


def planted(row: official.Row, header: tuple[str, ...], kept: frozenset[str], cells: dict[str, str]) -> official.Row:
    """Fill every column outside the allow-list, unknown ones included."""
    return row | {name: cells.get(name, f"{SENTINEL} {name}") for name in header if name not in kept}


@pytest.fixture(scope="module")
def loader() -> Loader:
    return Loader(*NEW_COLUMNS)


def stock_of(loader: Loader, cases: list[Case], cells: dict[str, str]) -> tuple[Found, Found, Found]:
    """Return establishments, legal units and faults of the planted files."""
    unit_header = (*official.UNIT_35, *NEW_COLUMNS)
    header = (*official.ESTABLISHMENT_54, *NEW_COLUMNS)
    units, rows = [official.unit(0)], []
    for case in cases:
        unit = official.unit(
            case.number, statutDiffusionUniteLegale=case.unit_status, categorieJuridiqueUniteLegale=case.category
        )
        row = official.establishment(case.number, statutDiffusionEtablissement=case.status)
        if case.unit_status != "O":
            unit = planted(unit, unit_header, sirene_masking.UNIT_KEPT, cells)
        if case.masked:
            row = planted(row, header, sirene_masking.ESTABLISHMENT_KEPT, cells)
        units.append(unit)
        rows.append(row)
    stored, unit_faults = loader.load_units(units)
    establishments, faults = loader.load_establishments(rows)
    return establishments, [unit for unit in stored if unit["siren"] != official.siren(0)], [*unit_faults, *faults]


SPOILED = {
    "coordonneeLambertAbscisseEtablissement": SENTINEL,
    "coordonneeLambertOrdonneeEtablissement": f"={SENTINEL}(1)",
    "enseigne1Etablissement": f"={SENTINEL}(A1)",
    "denominationUsuelleEtablissement": f"@{SENTINEL}(A1)",
    "dateDebut": SENTINEL,
    "nomUniteLegale": f"={SENTINEL}(A1)",
    "sigleUniteLegale": f"+{SENTINEL}|calc!A0",
}
PLAUSIBLE = {
    "coordonneeLambertAbscisseEtablissement": "361100.0",
    "coordonneeLambertOrdonneeEtablissement": "6627800.0",
    "dateDebut": "2019-09-19",
}


@pytest.mark.parametrize("cells", [{}, SPOILED, PLAUSIBLE], ids=["texte", "fautif", "plausible"])
def test_no_masked_value_survives(cells, loader):
    establishments, units, faults = stock_of(loader, CASES, cells)
    by_number = {official.siren(case.number): case for case in CASES}
    for row in not_empty(establishments):
        case = by_number[row["siren"]]
        assert row["masked"] is case.masked
        if case.masked:
            refused = case.unit_status not in ("O", "P", "N")
            assert row["diffusion"] == ("U" if refused and case.status == "O" else "P")
            told = {name for name, value in row.items() if value is not None}
            assert told <= KEPT_IN_TABLE | ({"name"} if case.keeps_its_name else set())
    for unit in not_empty(units):
        case = by_number[unit["siren"]]
        assert unit["masked"] is (case.unit_status != "O")
        if unit["masked"] and not case.keeps_its_name:
            assert unit["name"] is None
    told = [*establishments, *units, *faults]
    # The denomination of a legal person is public, even planted; nothing else may hold the mark.
    public = f"{SENTINEL} denominationUniteLegale"
    assert SENTINEL not in str(told).replace(public, "")


KEPT_IN_TABLE = {
    "siret", "siren", "diffusion", "masked", "state", "created", "head_office", "natural_person", "legal_category",
    "company_category", "commune", "country", "naf", "naf_nomenclature", "naf25", "size_band", "size_year", "employer",
    "processed",
}  # fmt: skip


def test_every_status_but_open_masks_and_an_unknown_one_is_a_fault(loader):
    establishments, _, faults = stock_of(loader, CASES, {})
    unknown = {official.siren(case.number) for case in CASES if case.status in ("", "X")}
    assert not unknown & {row["siren"] for row in establishments}
    assert {fault["code"] for fault in faults} == {"diffusion"}
    # A legal unit whose status is unknown is left out: its establishments are kept, masked.
    assert len(establishments) == len(CASES) - len(unknown)


def test_a_legal_unit_left_out_for_a_fault_still_masks_its_establishments(loader):
    secret = official.unit(1, statutDiffusionUniteLegale="P", dateCreationUniteLegale="2015-02-30")
    _, faults = loader.load_units([secret, official.unit(2)])
    assert [fault["column"] for fault in faults] == ["dateCreationUniteLegale"]
    establishments, _ = loader.load_establishments([official.establishment(1), official.establishment(2)])
    assert [row["masked"] for row in establishments] == [True, False]


def test_open_rows_keep_everything(loader):
    cases = [case for case in CASES if not case.masked]
    establishments, units, _ = stock_of(loader, cases, {})
    assert establishments and all(row["address"] == "12 RUE DU MOULIN" and row["longitude"] for row in establishments)
    assert all(row["name"] == unit["name"] for row, unit in not_empty(zip(establishments, units, strict=True)))


@given(
    hidden=st.dictionaries(
        st.sampled_from(sorted(set(official.ESTABLISHMENT_54) - sirene_masking.ESTABLISHMENT_KEPT)),
        st.sampled_from(
            [SENTINEL, f"={SENTINEL}(1)", f"2001-01-01{SENTINEL}", f"{SENTINEL}\n{SENTINEL}", f"'{SENTINEL}\""]
        ),
        min_size=1,
    ),
    chosen=st.lists(st.sampled_from([case for case in CASES if case.masked]), min_size=1, max_size=8, unique=True),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_masked_value_survives_whatever_it_is(loader, hidden, chosen):
    words = str(stock_of(loader, chosen, hidden))
    assert SENTINEL not in words.replace(f"{SENTINEL} denominationUniteLegale", "")


def test_the_allow_list_only_names_columns_of_the_warehouse():
    assert set(ESTABLISHMENT.schema) >= KEPT_IN_TABLE
    assert set(official.ESTABLISHMENT_54) >= sirene_masking.ESTABLISHMENT_KEPT
    assert set(official.UNIT_35) >= sirene_masking.UNIT_KEPT | sirene_masking.UNIT_KEPT_IF_LEGAL_PERSON


@pytest.mark.parametrize(
    ("category", "proven"),
    [("5710", True), ("9220", True), ("3110", True), ("1000", False), ("2110", False), ("0000", False), (None, False)],
)
def test_what_proves_a_legal_person(category, proven):
    table = ibis.memtable([{"category": category}], schema={"category": "string"})
    found = ibis.duckdb.connect().to_pyarrow(table.select(answer=sirene_masking.legal_person(table.category)))
    assert found.to_pylist() == [{"answer": proven}]
