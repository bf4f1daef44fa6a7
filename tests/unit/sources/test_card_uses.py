"""One file, several uses: what a card may draw from a file, and what is said of a wrong card or a wrong file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.not_empty import not_empty
from vigie.errors import StructureFault
from vigie.sources.base import discover
from vigie.sources.cards_reader import Card, read_card, read_cards
from vigie.sources.indicator_uses import check_uses, indicator_uses
from vigie.sources.lambert import degrees
from vigie.sources.occupations import read_occupations
from vigie.sources.uses_reader import FileUses, read_uses

HEAD = "title: T\nproducer: P\nlicence: L\ncitation: C\nrhythm: R\nkind: indicateur\n"
LONG = """\
columns:
  - {name: GEO, as: territory}
  - {name: OBS_VALUE, as: value}
  - {name: TIME_PERIOD, as: vintage}
  - {name: UNIT_MULT, as: exponent, required: false}
layout:
  member: "*_data.csv"
  territory_kind: {GEO_OBJECT: {COM: commune, ARM: commune, EPCI: epci, ZE2020: ze, DEP: departement}}
  status: {CONF_STATUS: {secret: [C], missing: [M]}}
uses:
  - {id: heads, label: Têtes, unit: têtes, where: {MEASURE: N}, aggregation: sum}
  - {id: rate, label: Taux, unit: "%", where: {MEASURE: [T, T2]}, aggregation: mean, weight: heads}
"""
LONG_HEAD = "GEO;GEO_OBJECT;MEASURE;TIME_PERIOD;CONF_STATUS;UNIT_MULT;OBS_VALUE\n"


def write(folder: Path, name: str, text: str) -> Card:
    path = folder / f"{name}.yml"
    path.write_text(f"id: {name}\n{HEAD}{text}", "utf-8")
    return read_card(path)


def values(found: FileUses) -> dict[tuple[str, str, str], tuple[str, float | None]]:
    rows = found.values.values.to_pylist()
    return {(row["indicator"], row["kind"], row["code"]): (row["status"], row["value"]) for row in rows}


def test_a_long_file_gives_each_use_its_rows_at_every_level(tmp_path: Path) -> None:
    card, file = write(tmp_path, "long", LONG), tmp_path / "f.csv"
    file.write_text(
        LONG_HEAD + "85191;COM;N;2023;F;3;12\n85191;COM;T;2023;C;0;\n85047;COM;T2;2023;F;0;4.5\n"
        "0051;ZE2020;N;2023;F;0;7\n"
        "52;ZE2020;N;2023;M;0;7\n85;DEP;N;2023;F;0;9\n75101;ARM;N;2023;F;0;1\n75102;ARM;N;2023;F;0;2\n"
        "75101;ARM;T;2023;F;0;5\nX;IRIS;N;2023;F;0;9\n",
        "utf-8",
    )
    found = read_uses(file, card)
    assert values(found) == {
        ("heads", "commune", "85191"): ("known", 12_000.0),
        ("rate", "commune", "85191"): ("secret", None),
        ("rate", "commune", "85047"): ("known", 4.5),
        ("heads", "ze", "0051"): ("known", 7.0),
        ("heads", "ze", "0052"): ("missing", None),
        ("heads", "departement", "85"): ("known", 9.0),
        ("heads", "commune", "75056"): ("known", 3.0),
        ("rate", "commune", "75101"): ("known", 5.0),
    }
    assert (found.all_rejects, found.rows) == ((), 10)


def test_the_city_s_own_value_is_not_added_to_those_of_its_arrondissements(tmp_path: Path) -> None:
    card, file = write(tmp_path, "long", LONG), tmp_path / "f.csv"
    file.write_text(LONG_HEAD + "75101;ARM;N;2023;F;0;1\n75056;COM;N;2023;F;0;30\n", "utf-8")
    assert values(read_uses(file, card)) == {("heads", "commune", "75056"): ("known", 30.0)}


def archive(path: Path, **members: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("__", "."), content)
    return path


def test_the_member_that_a_card_names_is_read_in_an_archive_of_several(tmp_path: Path) -> None:
    card = write(tmp_path, "long", LONG)
    row = "85191;COM;N;2023;F;0;12\n"
    path = archive(tmp_path / "f.zip", x_data__csv=LONG_HEAD + row, x_metadata__csv="COD_VAR;LIB_VAR\nGEO;Code\n")
    [file] = discover([path], [card])
    assert (file.card, file.member) == ("long", "x_data.csv")
    assert values(read_uses(path, card)) == {("heads", "commune", "85191"): ("known", 12.0)}


def workbook(rows: dict[str, list[list[object]]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, lines in rows.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    return content.getvalue()


@pytest.mark.parametrize("zipped", [True, False])
def test_the_sheet_that_a_card_names_is_read_below_its_titles(tmp_path: Path, zipped: bool) -> None:
    cards = {card.id: card for card in read_cards()}
    sheets: dict[str, list[list[object]]] = {
        "Zones": [["ZE2020", "LIBZE2020"], ["5218", "Vendée"]],
        "Composition_communale": [
            ["Zones d’emploi"], [], ["CODGEO", "LIBGEO", "ZE2020", "LIBZE2020"],
            ["85191", "La Roche", "5218", "Vendée"],
            [1001, "X", 51, "Ouest"],
        ],
    }  # fmt: skip
    path = tmp_path / ("ZE2020_au_01-01-2026.zip" if zipped else "ZE2020_au_01-01-2026.xlsx")
    if zipped:
        archive(path, ZE2020__xlsx=workbook(sheets))
    else:
        path.write_bytes(workbook(sheets))
    [file] = discover([path], list(cards.values()))
    assert (file.card, file.sheet) == ("zonage_ze2020", "Composition_communale")
    [zoning] = read_uses(path, cards[file.card]).zonings
    assert [(row["code"], row["commune"]) for row in zoning.memberships.to_pylist()] == [
        ("0051", "01001"),
        ("5218", "85191"),
    ]


def test_a_workbook_without_header_is_a_tree_of_occupations(tmp_path: Path) -> None:
    cards = {card.id: card for card in read_cards()}
    path = tmp_path / "rome-arborescence-des-secteurs-naf-juin-2026.xlsx"
    path.write_bytes(
        workbook({"Secteur NAF 06-2026": [[1, "Culture"], ["A1101", "Engins"], [25, "Métal"], ["H2901", "Ajustage"]]})
    )
    [file] = discover([path], list(cards.values()))
    found = read_occupations(path, cards[file.card])
    assert [(row["occupation"], row["division"]) for row in found.divisions.to_pylist()] == [
        ("A1101", "01"),
        ("H2901", "25"),
    ]
    assert "compte" in " ".join(cards[file.card].gaps) and not found.rejects


ZONED = "kind: zonage\ncolumns: [{name: C, as: commune}, {name: Z, as: zone}]\n"
PLACES = "columns: [{name: nom, as: name}, {name: insee, as: commune}, {name: pos, as: geometry}]\n"


def test_places_are_read_with_an_escaped_quote(tmp_path: Path) -> None:
    card = read_card(_as_places(tmp_path, PLACES + 'layout: {place_kind: friche, vintage: "2026", escape: "\\\\"}\n'))
    file = tmp_path / "friches.csv"
    file.write_text(
        'nom;insee;pos\n"Halle \\"A\\"";85191;POINT (-1.42 46.67)\nSans;;\nLoin;85191;POINT (300 4)\nOù;99999;\n',
        "utf-8",
    )
    found = read_uses(file, card)
    assert [tuple(row.values()) for row in found.places[0].places.to_pylist()] == [
        ("friche", 'Halle "A"', "85191", -1.42, 46.67, None, None, "lieux", "2026"),
        ("friche", "Sans", None, None, None, None, None, "lieux", "2026"),
    ]  # fmt: skip
    assert [(reject.line, reject.column) for reject in found.all_rejects] == [(3, "pos"), (4, "insee")]


def _as_places(folder: Path, text: str) -> Path:
    path = folder / "lieux.yml"
    path.write_text(f"id: lieux\n{HEAD.replace('indicateur', 'lieux')}{text}", "utf-8")
    return path


def test_metres_of_lambert_93_become_degrees() -> None:
    assert degrees(700_000, 6_600_000) == pytest.approx((3.0, 46.5), abs=1e-6)


USE = "columns: [{name: G, as: territory}]\nlayout: {vintage: '2020'}\n"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (USE + "uses: [{label: A}]\n", "uses.id", "identifiant"),
        (USE + "uses: une\n", "uses", "liste"),
        (USE + "uses: [{id: a}]\n", "uses.a.label", "absente"),
        (USE + "uses: [{id: a, label: A, kind: carte}]\n", "uses.a.kind", "genre d’usage"),
        (USE + "uses: [{id: a, label: A, colonne: V}]\n", "uses.a.colonne", "inconnue"),
        (USE + "uses: [{id: a, label: A, columns: V}]\n", "uses.a.columns", "clés"),
        (USE + "uses: [{id: a, label: A, where: V}]\n", "uses.a.where", "clés"),
        ("layout: {unite: km}\n", "layout.unite", "inconnue"),
        ("layout: [unit]\n", "layout", "clés"),
        (USE + "uses: [{id: a, label: A, aggregation: somme}]\n", "uses.a.aggregation", "règle"),
        (USE + "uses: [{id: a, label: A, aggregation: mean}]\n", "uses.a.weight", "demande"),
        (USE + "uses: [{id: a, label: A, aggregation: ratio, numerator: b}]\n", "uses.a.denominator", "demande"),
        (USE + "uses: [{id: a, label: A, aggregation: mean, weight: b}]\n", "uses.a.weight", "n’existe pas"),
        (USE + "uses: [{id: a, label: A, aggregation: mean, weight: a}]\n", "uses.a.weight", "lui-même"),
        (
            USE + "uses: [{id: a, label: A, aggregation: mean, weight: b}, {id: b, label: B}]\n",
            "uses.a.weight", "ne se somme pas",
        ),
        (
            USE + "uses: [{id: a, label: A, aggregation: ratio, numerator: b, denominator: b}, "
            "{id: b, label: B, aggregation: ratio, numerator: a, denominator: a}]\n",
            "uses.a.numerator", "par cet indicateur",
        ),
        (USE + "uses: [{id: a, label: A, territory_kind: canton}]\n", "uses.a.territory_kind", "genre"),
        (USE + "uses: [{id: a, label: A, several: max}]\n", "uses.a.several", "inconnu"),
        (USE + "uses: [{id: a, label: A, scale: cent}]\n", "uses.a.scale", "nombre"),
        (USE + "uses: [{id: a, label: A, status: {S: [C]}}]\n", "uses.a.status", "marques"),
        ("columns: [{name: G, as: territory}]\nuses: [{id: a, label: A}]\n", "uses.a.vintage", "date"),
        (USE + "uses: [{id: niveau_vie_median, label: A}]\n", "uses.niveau_vie_median", "déjà"),
    ],
)  # fmt: skip
def test_a_wrong_card_is_refused_with_its_key(tmp_path: Path, text: str, key: str, words: str) -> None:
    with pytest.raises(StructureFault, match=words) as caught:
        check_uses([*read_cards(), write(tmp_path, "zz", text)])
    assert (caught.value.file, caught.value.column) == ("zz.yml", key)


@pytest.mark.parametrize(
    ("layout", "key"),
    [
        (
            ZONED + "layout: {zone_kind: canton}\n",
            "layout.zone_kind",
        ),
        (
            ZONED + "layout: {zone_kind: ze, zones: {a: b}}\n",
            "layout.zones",
        ),
        ("kind: lieux\ncolumns: [{name: C, as: name}]\nlayout: {place_kind: mairie}\n", "layout.place_kind"),
        (
            "kind: lieux\ncolumns: [{name: C, as: name}]\nlayout: {place_kind: gare, projection: utm}\n",
            "layout.projection",
        ),
    ],
)
def test_a_wrong_card_of_zones_or_places_is_refused_with_its_key(tmp_path: Path, layout: str, key: str) -> None:
    path = tmp_path / "zz.yml"
    path.write_text(f"id: zz\n{HEAD.replace('kind: indicateur', '')}{layout}", "utf-8")
    file = tmp_path / "f.csv"
    file.write_text("C;Z\n85191;a\n", "utf-8")
    with pytest.raises(StructureFault) as caught:
        read_uses(file, read_card(path))
    assert (caught.value.file, caught.value.column) == ("zz.yml", key)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("mobpro.csv", "CODGEO;LIBGEO;FLUX\n", "d’aucune source connue"),
        ("n.csv", "CODGEO;LIBGEO;COLX\n", "d’aucune source connue"),
        ("siren.csv", "siren;quelque_chose\n", "d’aucune source connue"),
        ("deux.zip", {"a.csv": "a;b\n", "b.csv": "a;b\n"}, "lequel lire"),
        ("rien.zip", {"a.txt": "a"}, "aucun fichier CSV, ni classeur"),
        ("faux.xlsx", b"PK-rien", "ne se lit pas"),
        ("inconnu.xlsx", workbook({"Feuille": [["a", "b"]]}), "dont aucune"),
        ("inconnu.zip", {"a.xlsx": workbook({"Feuille": [["a", "b"]]})}, "dont aucune"),
    ],
)
def test_a_file_that_is_nobody_s_is_never_said_to_resemble_one(
    tmp_path: Path, name: str, content: str | bytes | dict[str, str | bytes], words: str
) -> None:
    path = tmp_path / name
    if isinstance(content, dict):
        archive(path, **{member.replace(".", "__"): text for member, text in content.items()})
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(StructureFault, match=words) as caught:
        discover([path], read_cards())
    assert "ressemble" not in str(caught.value)


def test_the_cards_shipped_hold_together_and_say_what_they_are() -> None:
    cards = read_cards()
    check_uses(cards)
    indicators = {one.id: one for card in cards for one in indicator_uses(card)}
    assert len(indicators) >= 60
    assert all(one.unit and one.said("question") and one.said("theme") for one in not_empty(indicators.values()))
    used = [card for card in cards if card.all_uses]
    assert sum(len(card.all_uses) for card in not_empty(used)) >= 100
    assert all(card.gaps and card.citation and card.licence for card in not_empty(used))
