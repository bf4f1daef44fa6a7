"""Files recognised by their header, whatever their format, their order of columns and their company."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import official_files as official
from vigie.errors import StructureFault
from vigie.sources.base import discover, format_of
from vigie.sources.cards_reader import Card, ColumnRule, read_card, read_cards

CARDS = read_cards()
ROWS = [official.establishment(1)]


@pytest.mark.parametrize("name", ["s.csv", "s.csv.gz", "StockEtablissement_utf8.zip", "s.parquet"])
def test_every_format_is_recognised(tmp_path: Path, name: str):
    path = official.write(tmp_path / name, official.ESTABLISHMENT_54, ROWS)
    [file] = discover([path], CARDS)
    assert (file.source, file.card, file.format, file.name) == (
        "sirene_etablissement", "sirene_etablissement", format_of(path), name,
    )  # fmt: skip
    assert file.columns == official.ESTABLISHMENT_54
    assert file.reads["activitePrincipaleNAF25Etablissement"] == "activitePrincipaleNAF25Etablissement"
    assert (file.member is None) == (file.format != "zip")


def test_order_is_free_and_unknown_columns_are_ignored(tmp_path: Path):
    header = ("inconnue", *reversed(official.ESTABLISHMENT_53), "geo_score")
    [file] = discover([official.write(tmp_path / "s.csv", header, ROWS)], CARDS)
    assert file.source == "sirene_etablissement"
    assert not {"inconnue", "geo_score"} & set(file.reads)


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path: Path):
    path = tmp_path / "s.csv"
    path.write_bytes(b"\xef\xbb\xbf" + official.table(official.ESTABLISHMENT_53, ROWS).encode())
    assert discover([path], CARDS)[0].columns[0] == "siren"


def test_a_folder_gives_every_source_it_holds(tmp_path: Path):
    official.write(tmp_path / "StockEtablissement_utf8.csv", official.ESTABLISHMENT_54, ROWS)
    official.write(tmp_path / "StockUniteLegale_utf8.zip", official.UNIT_35, [official.unit(1)])
    official.write(tmp_path / "h.csv.gz", official.HISTORY, [official.period(1)])
    official.write(tmp_path / "l.parquet", official.SUCCESSION, [official.link(1)])
    official.write(tmp_path / "emploi.csv", official.JOBS, [official.job(1)], ";")
    (tmp_path / "LISEZMOI.txt").write_text("…", "utf-8")
    (tmp_path / ".cache.csv").write_text("a,b\n", "utf-8")
    (tmp_path / "StockEtablissement_utf8.zip.part").write_bytes(b"PK")
    doubles = ("siren", "sirenDoublon", "dateDernierTraitementDoublon")
    official.write(tmp_path / "StockDoublons_utf8.csv", doubles, [])
    found = {file.source for file in discover([tmp_path], CARDS)}
    assert found == {
        "sirene_etablissement", "sirene_unite_legale", "sirene_historique", "sirene_succession", "urssaf_emploi",
    }  # fmt: skip


def test_an_official_file_that_is_not_used_is_refused_when_given_by_name(tmp_path: Path):
    header = ("siren", "sirenDoublon", "dateDernierTraitementDoublon")
    with pytest.raises(StructureFault, match="doublons de Sirene, dont Vigie ne se sert pas"):
        discover([official.write(tmp_path / "StockDoublons_utf8.csv", header, [])], CARDS)


def test_the_same_table_twice_is_refused_by_name(tmp_path: Path):
    official.write(tmp_path / "StockEtablissement_utf8.csv", official.ESTABLISHMENT_54, ROWS)
    official.write(tmp_path / "StockEtablissement_utf8.parquet", official.ESTABLISHMENT_54, ROWS)
    with pytest.raises(StructureFault) as caught:
        discover([tmp_path], CARDS)
    assert "StockEtablissement_utf8.csv" in str(caught.value)
    assert "StockEtablissement_utf8.parquet" in str(caught.value)


def test_a_folder_of_folders_names_them(tmp_path: Path):
    (tmp_path / "csv").mkdir()
    with pytest.raises(StructureFault, match=r"contient des dossiers \(csv\)"):
        discover([tmp_path], CARDS)


def test_an_empty_folder_among_others_is_named(tmp_path: Path):
    full, empty = tmp_path / "plein", tmp_path / "vide"
    full.mkdir()
    empty.mkdir()
    official.write(full / "s.csv", official.ESTABLISHMENT_53, ROWS)
    with pytest.raises(StructureFault, match="« vide » : aucun fichier à lire"):
        discover([full, empty], CARDS)


def test_the_older_header_is_named(tmp_path: Path):
    old = ("SIREN", "NIC", "L1_NORMALISEE", "L2_NORMALISEE", "APET700", "DCRET", "ENSEIGNE")
    with pytest.raises(StructureFault, match="ancien fichier Sirene, publié jusqu’en 2018") as caught:
        discover([official.write(tmp_path / "sirc-17804.csv", old, [], ";")], CARDS)
    assert caught.value.line == 1


def test_a_former_name_of_a_column_is_named(tmp_path: Path):
    header = tuple(
        "codeInseeCommuneEtablissement" if c == "codeCommuneEtablissement" else c for c in official.ESTABLISHMENT_53
    )
    with pytest.raises(StructureFault) as caught:
        discover([official.write(tmp_path / "s.csv", header, ROWS)], CARDS)
    assert caught.value.column == "codeCommuneEtablissement"
    assert "version plus ancienne" in caught.value.remedy
    assert "codeInseeCommuneEtablissement" in caught.value.remedy


def test_a_card_may_read_another_encoding(tmp_path: Path):
    path = tmp_path / "niveaux.csv"
    path.write_bytes("Titre\n\nCommune;Été\n85191;3\n".encode("cp1252"))
    card = Card(
        "niveaux", "Niveaux", "X", "LO", "X", "annuel", kind="indicateur", names=("niveaux*",),
        columns=(ColumnRule("Commune", "commune"), ColumnRule("Été", "value")),
        layout={"encoding": "cp1252", "skip_lines": 2},
    )  # fmt: skip
    [file] = discover([path], [*CARDS, card])
    assert (file.source, file.columns) == ("indicateur:niveaux", ("Commune", "Été"))


def test_rival_cards_are_refused(tmp_path: Path):
    text = (
        "id: {0}\ntitle: T\nproducer: P\nlicence: L\ncitation: C\nrhythm: R\nkind: indicateur\n"
        "columns: [{{name: code_zz}}, {{name: valeur_zz}}]\n"
    )
    cards = []
    for name in ("un", "deux"):
        path = tmp_path / f"{name}.yml"
        path.write_text(text.format(name), "utf-8")
        cards.append(read_card(path))
    sheet = official.write(tmp_path / "v.csv", ("code_zz", "valeur_zz"), [])
    with pytest.raises(StructureFault, match="plusieurs cartes : deux, un"):
        discover([sheet], cards)
