"""What is masked says why; what is only announced has not happened: in tables, counts, events and sentences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.refreshing import DAY, load_underived, rows
from tests.small_stock import establishment, siret, unit, write_stock
from vigie.domain import french
from vigie.interfaces.cli.feed import refresh_sentences
from vigie.interfaces.present import closing_of, name_of, signs_of
from vigie.interfaces.present_actors import establishment_sentence, withheld_of_establishment
from vigie.services import know_answers

LATER = date(2027, 3, 2)
CLOSING = {"etatAdministratifEtablissement": "F", "dateDebut": "2027-01-31"}


def entries(data: Path) -> dict[str, know_answers.DirectoryEntry]:
    return {str(row["siret"]): know_answers.entry(row) for row in rows(data, "establishment")}


def test_an_establishment_without_its_legal_unit_is_masked_for_that_reason(tmp_path: Path) -> None:
    places = [establishment(number, enseigne1Etablissement="ENSEIGNE") for number in range(200)]
    places[2]["statutDiffusionEtablissement"] = "P"
    units = [unit(number) for number in range(1, 200)]
    units[0]["dateCreationUniteLegale"] = "2015-02-30"  # refused: the establishment of number 1 has no unit either
    report = load_underived(tmp_path / "data", write_stock(tmp_path / "in", places, units))
    assert (report.masked_establishments, report.without_unit) == (1, 2)
    assert any("établissements masqués faute d’unité" in line for line in refresh_sentences(report))
    found = entries(tmp_path / "data")
    for number in (0, 1):
        alone = found[siret(number)]
        assert (alone.masked, alone.diffusion, alone.sign, alone.address) == (True, "U", None, None)
        told = withheld_of_establishment(alone)
        assert "n’est pas chargée" in told[0]
        assert "R123-232-1" not in " ".join(told)
        assert signs_of(alone)[-1] == "entreprise non chargée"
        assert name_of(alone) == "Nom non connu"


def test_a_sentence_is_said_of_each_field_that_is_masked_and_of_no_other(tmp_path: Path) -> None:
    places = [establishment(1, statutDiffusionEtablissement="P"), establishment(2, statutDiffusionEtablissement="P")]
    units = [unit(1), unit(2, categorieJuridiqueUniteLegale="1000", denominationUniteLegale="")]
    load_underived(tmp_path / "data", write_stock(tmp_path / "in", places, units))
    found = entries(tmp_path / "data")
    company, trader = found[siret(1)], found[siret(2)]
    assert name_of(company) == "Atelier Imaginaire 1"
    assert "Le nom n’est pas publié." not in withheld_of_establishment(company)
    assert "Le nom n’est pas publié." in withheld_of_establishment(trader)
    for masked in (company, trader):
        assert any("adresse" in sentence for sentence in withheld_of_establishment(masked))


def test_what_is_announced_is_neither_counted_nor_an_event_until_its_day(tmp_path: Path) -> None:
    data = tmp_path / "data"
    units = [unit(1), unit(2, dateCreationUniteLegale="2027-03-01"), unit(3)]
    opening = establishment(2, dateCreationEtablissement="2027-03-01", dateDebut="2027-03-01")
    files = write_stock(tmp_path / "in", [establishment(1, **CLOSING), opening, establishment(3)], units)
    load_underived(data, write_stock(tmp_path / "before", [establishment(1), establishment(3)], [unit(1), unit(3)]))
    load_underived(data, files, today=DAY)
    found = entries(data)
    closing, coming = found[siret(1)], found[siret(2)]
    assert (closing.state, closing.closed) == ("A", date(2027, 1, 31))
    assert closing_of(closing) == f"fermeture annoncée pour le {french.long_date(date(2027, 1, 31))}"
    assert (coming.state, coming.created) == ("N", date(2027, 3, 1))
    assert closing_of(coming) == f"création annoncée pour le {french.long_date(date(2027, 3, 1))}"
    assert "créé le" not in establishment_sentence(coming)
    assert counted(data) == 2
    assert flows(data) == {2015: (2, 0)}
    assert rows(data, "event") == []
    load_underived(data, files, today=LATER)
    assert [entries(data)[siret(number)].state for number in (1, 2)] == ["F", "A"]
    assert counted(data) == 2
    assert flows(data) == {2015: (2, 0), 2027: (1, 1)}
    assert {(row["kind"], row["siret"]) for row in rows(data, "event")} == {
        ("fermeture", siret(1)),
        ("creation", siret(2)),
    }


def counted(data: Path) -> int:
    return sum(int(str(row["establishments"])) for row in rows(data, "active_count"))


def flows(data: Path) -> dict[object, tuple[object, object]]:
    return {row["year"]: (row["creations"], row["closures"]) for row in rows(data, "demography")}


def test_names_lose_the_signs_that_turn_the_rest_of_a_line(tmp_path: Path) -> None:
    units = [unit(1, denominationUniteLegale="SARL \u202eECILOP"), unit(2, denominationUniteLegale="\u2067B\u2069 C")]
    load_underived(tmp_path / "data", write_stock(tmp_path / "in", [establishment(1), establishment(2)], units))
    assert sorted(str(row["name"]) for row in rows(tmp_path / "data", "legal_unit")) == ["B C", "SARL ECILOP"]
