"""Files in the layouts of the CNIG: written again byte for byte, and each broken cell told by line, column, remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from tests.not_empty import not_empty
from tests.unit.sources.land_examples import LAMBERT, LARGE, MENDED, PUBLISHED, SQUARE, written
from vigie.errors import StructureFault
from vigie.sources.land_files import LandFileRead, read_land_file, written_again
from vigie.sources.land_layouts import layouts
from vigie.sources.land_shapes import ShapeFaultError, kilometres_between, point_of, surface_of

CROSSED = "POLYGON((2 49.9, 2.01 49.91, 2.01 49.9, 2 49.91, 2 49.9))"
SWAPPED = re.sub(r"\[(2[\d.]*), (49[\d.]*)\]", r"[\2, \1]", SQUARE)
SWAPPED_METRES = re.sub(r"(\d{6}[\d.]*) (66[\d.]*)", r"\2 \1", LAMBERT)
TODAY = date(2026, 11, 29)


def read(data: bytes) -> LandFileRead:
    return read_land_file(data, "essai.csv", TODAY)


@pytest.mark.parametrize("layout", sorted(MENDED))
@pytest.mark.parametrize(("separator", "newline", "mark"), [(";", "\n", ""), (",", "\r\n", "\ufeff"), ("\t", "\n", "")])
def test_a_file_is_read_and_written_again_byte_for_byte(layout: str, separator: str, newline: str, mark: str) -> None:
    data = written(MENDED[layout], separator=separator, newline=newline, mark=mark)
    found = read(data)
    assert (found.layout.id, found.faults) == (layout, ())
    assert written_again(found.dialect, [found.head, *(line.cells for line in found.lines)]) == data


def test_the_layouts_hold_the_columns_of_the_standards() -> None:
    assert {word: len(one.columns) for word, one in layouts().items()} == {
        "pole": 11, "site": 62, "terrain": 19, "etablissement": 30, "friche": 50,
    }  # fmt: skip
    for layout in not_empty(layouts().values()):
        assert set(layout.means.values()) | set(layout.held) | {layout.key} <= set(layout.columns), layout.id


@pytest.mark.parametrize("layout", sorted(PUBLISHED))
def test_what_the_published_examples_have_of_the_documentation_is_told(layout: str) -> None:
    wrong = PUBLISHED[layout]
    found = read(written({**MENDED[layout], **wrong}))
    assert {fault.column for fault in found.faults} == set(wrong)


BROKEN: list[tuple[str, Mapping[str, str], str, str]] = [
    ("terrain", {"terr_id": ""}, "terr_id", "vide"),
    ("terrain", {"site_id": "NA"}, "site_id", "vide"),
    ("terrain", {"terr_id": "80024_TERRAIN-ECO_1|80024_TERRAIN-ECO_2"}, "terr_id", "un seul"),
    ("terrain", {"terr_surf_brute": "9,0"}, "terr_surf_brute", "Écrivez 9.0"),
    ("terrain", {"terr_surf_brute": "neuf"}, "terr_surf_brute", "point décimal"),
    ("terrain", {"terr_surf_brute": "-9"}, "terr_surf_brute", "négatif"),
    ("terrain", {"terr_surf_brute": "90000"}, "terr_surf_brute", "donnez-le en hectares"),
    ("terrain", {"terr_surf_brute": "3.1"}, "terr_surf_brute", "d’après le contour"),
    ("terrain", {"terr_utile": "peut-être"}, "terr_utile", "ni oui ni non"),
    ("terrain", {"terr_identif_date": "29/08/2023"}, "terr_identif_date", "Écrivez 2023-08-29"),
    ("terrain", {"terr_identif_date": "2023-02-30"}, "terr_identif_date", "n’existe pas"),
    ("terrain", {"terr_actu_date": "2031-01-01"}, "terr_actu_date", "à venir"),
    ("terrain", {"terr_actu_date": "2022-08-29"}, "terr_actu_date", "précède"),
    ("terrain", {"terr_cession_date": "2027-04-22"}, "terr_cession_date", "à venir"),
    ("terrain", {"terr_identif_date": "0200-08-29"}, "terr_identif_date", "trop ancienne"),
    ("terrain", {"terr_etat_occup": "ocupé"}, "terr_etat_occup", "« occupé »"),
    ("terrain", {"terr_stade_comm": "bradé"}, "terr_stade_comm", "Choisissez parmi"),
    ("terrain", {"terr_stade_comm": "réservé"}, "terr_stade_comm", "mot du standard"),
    ("terrain", {"terr_refcad": "80024ZO30"}, "terr_refcad", "Quatorze caractères"),
    ("terrain", {"terr_refcad": "80024000ZO0030,80024000ZO0034"}, "terr_refcad", "« | »"),
    ("terrain", {"terr_vente_montant": "530 000 €"}, "terr_vente_montant", "nombre"),
    ("terrain", {"terr_geomsurf": ""}, "terr_geomsurf", "vide"),
    ("terrain", {"terr_geomsurf": "pas une géométrie"}, "terr_geomsurf", "GeoJSON"),
    ("terrain", {"terr_geomsurf": SQUARE.replace(", [2.0, 49.9]]]", "]]")}, "terr_geomsurf", "Répétez le premier"),
    ("terrain", {"terr_geomsurf": CROSSED}, "terr_geomsurf", "croise"),
    ("terrain", {"terr_geomsurf": "POLYGON((2 49.9, 2.01 49.9, 2 49.9))"}, "terr_geomsurf", "trois sommets"),
    ("terrain", {"terr_geomsurf": SWAPPED}, "terr_geomsurf", "inversées"),
    ("terrain", {"terr_geomsurf": SWAPPED_METRES}, "terr_geomsurf", "inversées"),
    ("terrain", {"terr_geomsurf": SQUARE.replace("49.9", "9.9")}, "terr_geomsurf", "hors de France"),
    ("terrain", {"terr_geomsurf": LAMBERT.replace("66", "16")}, "terr_geomsurf", "EPSG:2154"),
    ("terrain", {"terr_geomsurf": '{"type": "Point", "coordinates": [2.0, 49.9]}'}, "terr_geomsurf", "contour"),
    ("terrain", {"terr_geomsurf": '{"type": "Polygon", "coordinates": []}'}, "terr_geomsurf", "vide"),
    ("terrain", {"terr_geomsurf": '{"type": "Polygon", "coordinates": [[["a", 1], [1, 1], [1, 2], ["a", 1]]]}'},
     "terr_geomsurf", "deux nombres"),
    ("terrain", {"terr_acquereur": "<b>SA Lactalys</b>"}, "terr_acquereur", "HTML"),
    ("terrain", {"terr_acquereur": "a" * 2001}, "terr_acquereur", "Raccourcissez"),
    ("site", {"site_epci_siren": "200071224"}, "site_epci_siren", "neuf chiffres"),
    ("site", {"site_epci_siren": "347499519"}, "site_epci_siren", "intercommunalité"),
    ("site", {"site_comm_insee": "8024"}, "site_comm_insee", "code postal"),
    ("site", {"site_comm_insee": "80999"}, "site_comm_insee", "code Insee"),
    ("site", {"site_url": "www.bornes.fr"}, "site_url", "https://"),
    ("site", {"site_creation_date": "2015-03"}, "site_creation_date", "quatre chiffres"),
    ("site", {"site_creation_date": "2031"}, "site_creation_date", "à venir"),
    ("site", {"site_uf_vacant_nbre": "16"}, "site_uf_vacant_nbre", "dépasse"),
    ("site", {"site_surf_utile": "38"}, "site_surf_utile", "dépasse"),
    ("site", {"site_uf_nbre": "15.5"}, "site_uf_nbre", "entier"),
    ("site", {"site_taux_vacance": "130"}, "site_taux_vacance", "100"),
    ("site", {"site_geompoint": "49.9027, 2.0042"}, "site_geompoint", "inversées"),
    ("site", {"site_geompoint": "2.2, 49.9027"}, "site_geompoint", "km du contour"),
    ("site", {"site_type": "zone"}, "site_type", "Choisissez parmi"),
    ("pole", {"pole_geompoint": SQUARE}, "pole_geompoint", "point est attendu"),
    ("pole", {"pole_rayonnement": "mondial"}, "pole_rayonnement", "mot du standard"),
    ("etablissement", {"SIRET": "3,47E+13"}, "SIRET", "en texte"),
    ("etablissement", {"SIRET": "34749951900011"}, "SIRET", "SIRET"),
    ("etablissement", {"SIREN": "552100554"}, "SIREN", "neuf premiers"),
    ("etablissement", {"etab_activite_code": "99.99Z"}, "etab_activite_code", "NAF"),
    ("etablissement", {"etab_nat_juridique": "SAS"}, "etab_nat_juridique", "quatre chiffres"),
    ("etablissement", {"etab_contact_mail": "atelier arobase example"}, "etab_contact_mail", "électronique"),
    ("etablissement", {"etab_contact_tel": "demander à l’accueil"}, "etab_contact_tel", "téléphone"),
    ("etablissement", {"etab_fermeture_date": "2014-02-08"}, "etab_fermeture_date", "précède"),
    ("friche", {"unite_fonciere_surface": "1.675"}, "unite_fonciere_surface", "mètres carrés"),
    ("friche", {"bati_type": "industriel|château"}, "bati_type", "mot du standard"),
    ("friche", {"desserte_distance": "2 km"}, "desserte_distance", "2|6|46"),
    ("friche", {"local_recent_annee": "1950"}, "local_recent_annee", "précède"),
    ("friche", {"geompoint": "POINT(46.4967 3.0008)"}, "geompoint", "inversées"),
    ("friche", {"site_nom": "Halle \ufffd l’abandon"}, "site_nom", "UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("layout", "changes", "column", "said"), BROKEN)
def test_a_broken_cell_is_told_by_line_column_and_remedy(
    layout: str, changes: Mapping[str, str], column: str, said: str
) -> None:
    key = layouts()[layout].key
    other = {**MENDED[layout], key: "55210055400013" if key == "SIRET" else "80024_AUTRE_1"}
    other |= {"SIREN": "552100554"} if layout == "etablissement" else {}
    found = read(written(other, {**MENDED[layout], **changes}))
    assert [(fault.line, fault.column) for fault in found.faults] == [(3, column)], found.faults
    told = f"{found.faults[0].what} {found.faults[0].remedy}"
    assert said in told and found.faults[0].what.endswith((".", "?")) and found.faults[0].remedy


def test_forty_variants_are_broken() -> None:
    assert len(BROKEN) >= 40


def test_the_same_identifier_twice_is_told() -> None:
    found = read(written(MENDED["pole"], MENDED["pole"]))
    assert [(fault.line, fault.column) for fault in found.faults] == [(3, "pole_id")]
    assert "ligne 2" in found.faults[0].what


def test_a_line_of_too_many_cells_is_told() -> None:
    found = read(written(MENDED["pole"]) + b"80024_POLE-ECO_2;Nom;trop;court\n")
    assert (found.faults[0].line, found.faults[0].column) == (3, "") and "11 titres" in found.faults[0].what


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "vide"), (b"a;b\n1;2\n", "aucun standard"), (b"\xff\x00\x81", "texte"),
        (written(MENDED["pole"]).splitlines(keepends=True)[0], "aucune ligne"),
        (written({name: cell for name, cell in MENDED["site"].items() if name != "site_etat"}), "site_etat"),
        (written(MENDED["pole"]).replace(b"pole_nb_site", b"pole_nb_etab"), "deux fois"),
        (written(MENDED["pole"]) + b'"a;b;c\n', "guillemets"),
        (written(*[MENDED["pole"]] * 5001), "plus de"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_a_standard_says_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(StructureFault, match=said):
        read(data)


def test_words_are_read_without_capitals_accents_or_their_end() -> None:
    found = read(written({**MENDED["site"], "site_moa_type": "etat", "site_type": "ZONE AU"}))
    assert not found.faults
    assert (found.lines[0].values["site_moa_type"], found.lines[0].values["site_type"]) == (
        "État", "zone AU à vocation économique",
    )  # fmt: skip


def test_a_surface_is_the_same_in_degrees_and_in_metres() -> None:
    assert surface_of(LAMBERT).area == pytest.approx(16_745, rel=1e-3)
    assert surface_of(SQUARE).area == pytest.approx(90_000, rel=0.02)
    assert surface_of(LARGE).area == pytest.approx(372_000, rel=0.02)
    place = surface_of(LAMBERT)
    assert kilometres_between((place.longitude, place.latitude), (3.0008, 46.4994)) < 0.5


def test_holes_and_parts_count() -> None:
    whole = "POLYGON((700000 6600000, 700100 6600000, 700100 6600100, 700000 6600100, 700000 6600000)"
    hole = ",(700010 6600010, 700010 6600020, 700020 6600020, 700020 6600010, 700010 6600010))"
    assert surface_of(whole + hole).area == pytest.approx(9900)
    apart = "((701000 6600000, 701100 6600000, 701100 6600100, 701000 6600100, 701000 6600000))"
    assert surface_of(f"MULTI{whole.replace('((', '(((')}),{apart})").area == pytest.approx(20_000)
    with pytest.raises(ShapeFaultError, match="trou"):
        surface_of(whole + hole.replace("7000", "7090"))


def test_points_are_read_in_each_writing() -> None:
    for text in ("2.5, 49.5", "POINT(2.5 49.5)", "Point (2.5 49.5)", '{"type": "Point", "coordinates": [2.5, 49.5]}'):
        assert point_of(text) == (2.5, 49.5)
    assert point_of("MULTIPOINT((2 49), (3 50))") == point_of("MULTIPOINT(2 49, 3 50)") == (2.5, 49.5)
