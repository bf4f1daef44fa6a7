"""Files of the inventory of land: taken whole or not at all, given back identically, owners and contacts apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journal.cast import HERE, settled
from tests.journal.doors.office import Office
from tests.not_empty import not_empty
from tests.unit.sources.land_examples import MENDED, written
from vigie.interfaces.cli.main import main
from vigie.settings import Settings

API = "/api/v1/desk/land/files"
PAGE = "/bureau/locaux/fichiers"
OTHER = {**MENDED["terrain"], "terr_id": "80024_TERRAIN-ECO_00132", "terr_acquereur": ""}
SOLE = {
    **MENDED["etablissement"], "SIRET": "55210055400013", "SIREN": "552100554", "etab_nat_juridique": "1000",
    "etab_raison_sociale": "Zéphyrine Sentinelle", "etab_nom": "Zéphyrine", "etab_adresse": "12 rue de la Sentinelle",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_left(office: Office) -> Iterator[None]:
    """Withdraw what a test brought."""
    yield
    api = office.api("officer")
    for one in api.get(API).json()["files"]:
        api.delete(f"{API}/{one['id']}").raise_for_status()


def bring(office: Office, data: bytes, name: str = "essai.csv", check: str = "") -> Any:
    return office.api("officer").post(f"{API}?name={name}&check={check}", content=data)


def brought(office: Office, data: bytes) -> dict[str, Any]:
    answer = bring(office, data)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def given(office: Office, file: str, *, whole: bool) -> bytes:
    answer = office.api("officer").get(f"{API}/{file}?whole={'true' if whole else 'false'}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_heavy_file_reaches_its_endpoint_by_the_page_and_by_programs(office: Office) -> None:
    heavy = b"une;colonne\n" + b"1;2\n" * 60_000
    answer = bring(office, heavy)
    assert answer.status_code == 400 and "standard" in answer.text
    page = office.page("officer").post(PAGE, files={"fichier": ("lourd.csv", heavy, "text/csv")})
    assert page.status_code == 422 and "standard" in page.text and "trop lourd" not in page.text


@pytest.mark.parametrize("layout", sorted(MENDED))
def test_each_layout_comes_back_byte_for_byte(office: Office, layout: str) -> None:
    data = written(MENDED[layout], newline="\r\n", mark="\ufeff")
    made = brought(office, data)
    assert (made["layout"], made["lines"], made["known"], made["left"]) == (layout, 1, 0, 1)
    assert given(office, made["id"], whole=True) == data


def test_a_public_file_has_neither_owners_nor_contacts_nor_natural_persons(office: Office) -> None:
    made = brought(office, written(MENDED["etablissement"], SOLE))
    public = given(office, made["id"], whole=False).decode()
    assert "contact-camions@example.org" not in public and "03 89" not in public
    assert "Zéphyrine" not in public and SOLE["SIRET"] not in public
    assert "Atelier des camions" in public and public.count("\n") == 2
    land = brought(office, written(MENDED["terrain"]))
    assert b"Lactalys" not in given(office, land["id"], whole=False)
    friche = brought(office, written({**MENDED["friche"], "notes_internes": "Voir Zéphyrine"}))
    hidden = given(office, friche["id"], whole=False).decode()
    assert not any(word in hidden for word in ("Commune de Cransac", "friches@example.org", "Zéphyrine"))


def test_lines_stand_in_the_inventory_with_what_they_mean(office: Office) -> None:
    brought(office, written(MENDED["site"]))
    brought(office, written(MENDED["terrain"]))
    brought(office, written(MENDED["pole"]))
    units = {one["title"]: one for one in office.api("officer").get("/api/v1/desk/land").json()["land"]}
    land = units["80024_TERRAIN-ECO_00131"]
    assert (land["area"], land["occupation"], land["commune"], land["zone"], land["owner"]) == (
        90_000, "occupe", "80024", "ZAC Les Bornes du Temps", "SA Lactalys",
    )  # fmt: skip
    assert units["ZAC Les Bornes du Temps"]["kind"] == "zone" and "Les Bornes du Temps" not in units


def test_what_officers_correct_is_in_the_file_that_comes_back(office: Office) -> None:
    data = written(MENDED["terrain"], OTHER)
    made = brought(office, data)
    api = office.api("officer")
    units = {one["title"]: one for one in api.get("/api/v1/desk/land").json()["land"]}
    said = {name: units[OTHER["terr_id"]][name] for name in ("title", "kind", "commune", "tenure", "zone")}
    said |= {"occupation": "vacant", "area": 85_000, "seen_on": "2026-10-01", "tenure": "vente"}
    assert api.put(f"/api/v1/desk/land/{units[OTHER['terr_id']]['id']}", json=said).status_code == 200
    back = given(office, made["id"], whole=True).decode().splitlines()
    assert back[1] == data.decode().splitlines()[1]
    assert ";8.5;" in back[2] and ";vacant;" in back[2] and ";2026-10-01;" in back[2] and ";en vente;" in back[2]
    assert api.delete(f"/api/v1/desk/land/{units[MENDED['terrain']['terr_id']]['id']}").status_code in (200, 204)
    assert given(office, made["id"], whole=True).decode().splitlines() == [back[0], back[2]]


def test_a_file_that_speaks_of_known_lines_takes_their_place(office: Office) -> None:
    first = brought(office, written(MENDED["terrain"]))
    second = brought(office, written({**MENDED["terrain"], "terr_etat_occup": "vacant"}, OTHER))
    assert (second["known"], second["left"]) == (1, 2)
    assert [one["id"] for one in office.api("officer").get(API).json()["files"]] == [second["id"]]
    assert office.api("officer").get(f"{API}/{first['id']}").status_code == 404


def test_a_file_is_taken_whole_or_not_at_all(office: Office) -> None:
    broken = written(MENDED["terrain"], {**OTHER, "terr_surf_brute": "9,0"})
    answer = bring(office, broken)
    assert answer.status_code == 400 and "rien n’a été gardé" in answer.json()["erreur"]
    (fault,) = answer.json()["faults"]
    assert (fault["line"], fault["column"], fault["remedy"]) == (3, "terr_surf_brute", "Écrivez 9.0.")
    api = office.api("officer")
    assert api.get(API).json()["files"] == []
    checked = bring(office, written(MENDED["terrain"]), check="oui")
    assert checked.json()["id"] == "" and api.get(API).json()["files"] == []
    assert bring(office, b"a;b\n1;2\n").status_code == 400


def test_the_page_takes_tells_and_gives_back(office: Office) -> None:
    page = office.page("officer")
    wrong = {"fichier": ("terrains.csv", written({**MENDED["terrain"], "terr_geomsurf": "POINT(2 49)"}))}
    answer = page.post(PAGE, files=wrong)
    assert answer.status_code == 422 and "et que faire" in answer.text and "terr_geomsurf" in answer.text
    sound = {"fichier": ("terrains.csv", written(MENDED["terrain"]))}
    assert "rien n’a été gardé" in page.post(PAGE, files=sound, data={"verifier": "oui"}).text
    told = page.post(PAGE, files=sound).text
    assert "1 ligne enregistrée" in told.replace("\u00a0", " ") and "Terrains économiques" in told
    file = office.api("officer").get(API).json()["files"][0]["id"]
    assert page.get(f"{PAGE}/{file}?contacts=oui").content == written(MENDED["terrain"])
    assert b"Lactalys" not in page.get(f"{PAGE}/{file}").content
    assert "quittent l’inventaire" in page.get(f"{PAGE}/{file}/retirer").text
    assert page.post(PAGE, files={"fichier": ("", b"")}).status_code == 422


def test_files_are_of_their_organisation_alone(office: Office) -> None:
    made = brought(office, written(MENDED["terrain"], OTHER))
    for part in ("anyone", "head", "elected", "inhabitant"):
        for address in (API, f"{API}/{made['id']}?whole=true", f"{PAGE}/{made['id']}", "/sites"):
            answer = office.api(part).get(address) if address.startswith(API) else office.page(part).get(address)
            assert "Lactalys" not in answer.text and "00132" not in answer.text
    assert not any("Lactalys" in line for line in not_empty(office.log))


def test_the_command_checks_keeps_and_gives_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settled(Settings(data_dir=tmp_path / "data"))
    data, out = written(MENDED["terrain"]), tmp_path / "rendu.csv"
    file = tmp_path / "terrains.csv"
    file.write_bytes(data)
    where = ["--data-dir", str(tmp_path / "data")]
    here = ["--org", HERE, *where]
    assert main(["equip", "sites-import", str(file), *where]) == 0
    assert "Rien n’a été gardé" in capsys.readouterr().out
    assert main(["equip", "sites-export", "--out", str(out), *here]) == 1
    assert "Aucun fichier n’est gardé" in capsys.readouterr().err
    assert main(["equip", "sites-import", str(file), "--org", "nulle-part", *where]) == 1
    capsys.readouterr()
    assert main(["equip", "sites-import", str(file), *here, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == 1
    assert main(["equip", "sites-export", "--out", str(out), *here]) == 0
    assert out.read_bytes() == data.replace(b"SA Lactalys", b"")
    file.write_bytes(written({**MENDED["terrain"], "terr_etat_occup": "ocupé"}))
    capsys.readouterr()
    assert main(["equip", "sites-import", str(file), *here]) == 1
    told = capsys.readouterr()
    assert "« occupé »" in told.out.replace("\u00a0", " ") and "1 ligne fautive" in told.err.replace("\u00a0", " ")
    assert main(["equip", "sites-import", str(tmp_path / "absent.csv"), *where]) == 1
