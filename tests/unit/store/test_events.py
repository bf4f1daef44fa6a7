"""Events between two refreshes: what happened, once, and nothing that is masked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.refreshing import load_underived, rows
from tests.small_stock import establishment, link, siren, siret, unit, write_stock
from vigie.store.generation import WAREHOUSE

FIRST, SECOND, THIRD = date(2026, 10, 2), date(2026, 11, 2), date(2026, 12, 2)


@pytest.fixture
def two(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Load a first stock, then others with changes; gives the events told so far."""
    steps = iter((FIRST, SECOND, THIRD))

    def change(places, units=None, links=()):  # type: ignore[no-untyped-def]
        day = next(steps)
        units = [unit(n) for n in range(10)] if units is None else units
        report = load_underived(tmp_path / "data", write_stock(tmp_path / str(day), places, units, links), today=day)
        return report, rows(tmp_path / "data", "event")

    return change


def stock(**changed: dict[str, str]) -> list[dict[str, str]]:
    return [establishment(n, **changed.get(f"n{n}", {})) for n in range(10)]


def test_the_first_load_and_identical_facts_tell_nothing(two) -> None:  # type: ignore[no-untyped-def]
    assert two(stock())[1] == []
    report, told = two(list(reversed(stock())))
    assert (report.unchanged, report.events, told) == (True, 0, [])


def test_each_kind_of_change_is_told_once(two) -> None:  # type: ignore[no-untyped-def]
    two(stock(n4={"etatAdministratifEtablissement": "F", "dateDebut": "2024-01-01"}))
    places = stock(
        n1={"etatAdministratifEtablissement": "F", "dateDebut": "2026-10-20"},
        n2={"activitePrincipaleEtablissement": "25.61Z"},
        n3={"trancheEffectifsEtablissement": "12"},
    )
    places.append(establishment(11, dateCreationEtablissement="2026-10-05"))
    units = [unit(n) for n in range(12)]
    units[5]["denominationUniteLegale"] = "NOUVEAU NOM IMAGINAIRE"
    report, told = two(places, units)
    found = {(e["kind"], e["siret"], e["date"], e["before"], e["after"]) for e in told}
    assert found == {
        ("fermeture", siret(1), date(2026, 10, 20), None, None),
        ("activite", siret(2), None, "25.62B", "25.61Z"),
        ("effectif", siret(3), None, "11", "12"),
        ("reouverture", siret(4), None, None, None),
        ("nom", siret(5), None, "ATELIER IMAGINAIRE 5", "NOUVEAU NOM IMAGINAIRE"),
        ("creation", siret(11), date(2026, 10, 5), None, None),
    }
    assert len(told) == report.events == 6
    assert {e["seen"] for e in told} == {SECOND}
    assert {(e["siren"], e["commune"]) for e in told if e["kind"] == "nom"} == {(siren(5), "85191")}


def test_what_an_event_weighs_is_known_when_it_happens(two) -> None:  # type: ignore[no-untyped-def]
    """Sirene empties the size of what closed; the one before is kept, and stays once the event is old."""
    two(stock(n1={"trancheEffectifsEtablissement": "21"}))
    gone = {"etatAdministratifEtablissement": "F", "dateDebut": "2026-10-20", "trancheEffectifsEtablissement": "NN"}
    for places in (stock(n1=gone), stock(n1=gone, n3={"trancheEffectifsEtablissement": "12"})):
        _, told = two(places)
        assert {(e["kind"], e["size_band"], e["naf"]) for e in told if e["siret"] == siret(1)} == {
            ("fermeture", "21", "25.62B")
        }
    assert {(e["after"], e["size_band"]) for e in told if e["kind"] == "effectif"} == {("12", "12")}


def test_events_told_by_an_earlier_version_are_kept(tmp_path: Path) -> None:
    """They lack the columns that were added since; nothing else of theirs is lost."""
    data, tables = tmp_path / "data", iter((FIRST, SECOND, THIRD))
    for places in (stock(), stock(n3={"trancheEffectifsEtablissement": "12"})):
        day = next(tables)
        load_underived(data, write_stock(tmp_path / str(day), places, [unit(n) for n in range(10)], ()), today=day)
    with duckdb.connect(str(data / "generations" / (data / "current").read_text().strip() / WAREHOUSE)) as former:
        for column in ("naf", "naf_nomenclature", "size_band", "source", "notice", "matter"):
            former.execute(f'ALTER TABLE event DROP COLUMN "{column}"')
    places = stock(n3={"trancheEffectifsEtablissement": "21"})
    load_underived(data, write_stock(tmp_path / "last", places, [unit(n) for n in range(10)], ()), today=THIRD)
    assert {(e["seen"], e["after"], e["size_band"]) for e in rows(data, "event")} == {
        (SECOND, "12", None),
        (THIRD, "21", "21"),
    }


def test_former_events_are_kept(two) -> None:  # type: ignore[no-untyped-def]
    two(stock())
    two(stock(n3={"trancheEffectifsEtablissement": "12"}))
    report, told = two(stock(n3={"trancheEffectifsEtablissement": "21"}))
    assert report.events == 1
    assert {(e["seen"], e["before"], e["after"]) for e in told} == {(SECOND, "11", "12"), (THIRD, "12", "21")}


def test_a_move_is_one_event_and_neither_creation_nor_closure(two) -> None:  # type: ignore[no-untyped-def]
    two(stock())
    places = stock(n1={"etatAdministratifEtablissement": "F", "dateDebut": "2026-10-20"})
    places.append(establishment(1, 2, codeCommuneEtablissement="85194", dateCreationEtablissement="2026-10-20"))
    _, told = two(places, links=[link(siret(1), siret(1, 2), "2026-10-20")])
    assert [
        (e["kind"], e["siret"], e["before"], e["after"], e["commune"], e["other_commune"], e["date"]) for e in told
    ] == [("demenagement", siret(1, 2), siret(1), siret(1, 2), "85194", "85191", date(2026, 10, 20))]
    _, later = two([*places[:-1], dict(places[-1], trancheEffectifsEtablissement="12")],
                   links=[link(siret(1), siret(1, 2), "2026-10-20")])  # fmt: skip
    assert [e["kind"] for e in later if e["seen"] == THIRD] == ["effectif"]


def test_a_transfer_goes_to_another_firm(two) -> None:  # type: ignore[no-untyped-def]
    two(stock())
    places = stock(n1={"etatAdministratifEtablissement": "F", "dateDebut": "2026-10-20"})
    places.append(establishment(20))
    _, told = two(places, [unit(n) for n in range(21)], [link(siret(1), siret(20))])
    assert [(e["kind"], e["siret"], e["siren"]) for e in told] == [("transfert", siret(20), siren(20))]


def test_a_link_without_continuity_is_a_closure_and_a_creation(two) -> None:  # type: ignore[no-untyped-def]
    two(stock())
    places = stock(n1={"etatAdministratifEtablissement": "F", "dateDebut": "2026-10-20"})
    places.append(establishment(20))
    _, told = two(places, [unit(n) for n in range(21)], [link(siret(1), siret(20), continuity="false")])
    assert {(e["kind"], e["siret"]) for e in told} == {("fermeture", siret(1)), ("creation", siret(20))}


def test_a_firm_that_becomes_partially_diffusible_loses_its_names(two) -> None:  # type: ignore[no-untyped-def]
    people = [unit(n, categorieJuridiqueUniteLegale="1000", denominationUniteLegale="") for n in range(10)]
    for number, row in enumerate(people):
        row.update(nomUniteLegale=f"FAUXNOM{number}", prenom1UniteLegale="Camille")
    two(stock(), people)
    people[5]["nomUniteLegale"] = "SENTINELLE"
    _, told = two(stock(), people)
    assert [(e["kind"], e["after"]) for e in told] == [("nom", "Camille SENTINELLE")]
    people[5]["statutDiffusionUniteLegale"] = "P"
    _, told = two(stock(), people)
    assert {(e["kind"], e["before"], e["after"]) for e in told} == {("nom", None, None), ("diffusion", None, None)}


def test_another_territory_tells_nothing_new(tmp_path: Path) -> None:
    places = [*stock(), *(establishment(n, codeCommuneEtablissement="44109") for n in range(10, 20))]
    folder = write_stock(tmp_path / "in", places, [unit(n) for n in range(20)])
    load_underived(tmp_path / "data", folder, territory="85191", today=FIRST)
    report = load_underived(tmp_path / "data", folder, today=SECOND)
    assert (report.establishments, report.events) == (20, 0)
    assert rows(tmp_path / "data", "event") == []
