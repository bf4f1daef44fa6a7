"""The doors of spreadsheets and retention: six clicks at most, faults in French, nothing for who may not."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from starlette.testclient import TestClient

from tests import small_stock
from tests.journal.cast import SIREN_PARTNER
from tests.journal.doors.office import Office
from tests.journal.sheets import csv_file, xlsx_file

HEADER = ("Entreprise", "Ville", "SIRET", "Contact", "Courriel", "Dernier contact", "Statut", "Commentaire")
PARTNER = small_stock.siret_of(SIREN_PARTNER)
ROWS = (
    ("Tôlerie d’Été", "Les Herbiers", "", "Camille Essai", "camille@example.org", "12/03/2026", "en cours", "=1+1"),
    ("Partenaire", "Les Herbiers", PARTNER, "", "", "hier", "", "-5 %"),
    ("", "", "", "", "", "", "", "perdu"),
)
FILE = csv_file([HEADER, *ROWS])
_ONCE = re.compile(r'name="once" value="([^"]+)"')


def press(page: TestClient, html: str, action: str, **typed: str) -> str:
    """Send the form of a page as its browser would: what is chosen beforehand, and what is typed."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', html, re.DOTALL)
    assert form, action
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    fields |= dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', form[0]))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)".*?>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    answer = page.post(action, data=fields | typed)
    assert answer.status_code == 200, answer.text
    return answer.text


def bring(page: TestClient, content: bytes, name: str = "suivi.csv") -> tuple[str, str]:
    """Bring a file, and return the page it leads to and the address of the import."""
    key = _ONCE.search(page.get("/bureau/imports").text)
    assert key
    answer = page.post("/bureau/imports", files={"fichier": (name, content)}, data={"once": key[1]})
    assert answer.status_code == 200, answer.text
    return answer.text, str(answer.url.path).rpartition("/")[0]


def test_a_spreadsheet_becomes_dossiers_in_six_clicks(office: Office) -> None:
    with office.page("officer") as page:
        html, address = bring(page, FILE)
        assert "Vérifier les colonnes" in html and "d’après son titre" in html
        html = press(page, html, f"{address}/colonnes")
        clicks = 2
        while "Dernier regard" not in html:
            step = "numeros" if "Vérifier les SIRET" in html else "doublons"
            html = press(page, html, f"{address}/{step}")
            clicks += 1
        html = press(page, html, f"{address}/application")
        assert clicks + 1 <= 6
        assert "Compte rendu" in html and "Ni nom, ni contact" in html and "ce n’est pas une date" in html
        assert "Tôlerie d’Été" in page.get("/bureau/dossiers?titre=tolerie").text
        assert "Tableur effacé" in page.get("/bureau/imports").text
        again = page.get(f"{address}/colonnes")
        assert again.url.path == f"{address}/compte-rendu", "a step that is over leads to where things stand"


def test_a_line_set_apart_as_a_total_is_brought_back_in_one_click(office: Office) -> None:
    with office.page("officer") as page:
        content = csv_file([HEADER, ROWS[0], ("Total Énergies", "", "", "", "", "", "", "21"), ("Total",)])
        html, address = bring(page, content)
        assert "Lignes de total, mises à part\u00a0: 3, 4." in html and "Lignes qui ont l’air d’un total" in html
        assert re.search(r'name="entreprises" value="3">C’est une entreprise', html)
        html = press(page, html, f"{address}/lecture", entreprises="3")
        assert "mises à part\u00a0: 4." in html and re.search(r'name="entreprises" value="">Mettre à part', html)
        press(page, html, f"{address}/colonnes")
        lines = office.api("officer").get(f"/api/v1/desk/imports/{address.rpartition('/')[2]}").json()["lines"]
        assert [line["said"]["name"] for line in lines] == ["Tôlerie d’Été", "Total Énergies"]
        page.post(f"{address}/abandon")


def test_the_last_look_names_the_dossier_that_a_line_completes(office: Office) -> None:
    with office.page("officer") as page:
        office.api("officer").post(
            "/api/v1/desk/dossiers", json={"kind": "firm", "title": "Menuiserie suivie", "siren": SIREN_PARTNER}
        )
        html, address = bring(page, csv_file([HEADER, ROWS[1]]), "une ligne.csv")
        html = press(page, html, f"{address}/colonnes")
        while "Dernier regard" not in html:
            html = press(page, html, f"{address}/{'numeros' if 'Vérifier les SIRET' in html else 'doublons'}")
        assert re.search(r"complète «\u00a0[^»]+\u00a0»", html)
        page.post(f"{address}/abandon")


def test_what_is_seen_is_what_is_taken_away_and_comes_back_unchanged(office: Office) -> None:
    program = office.api("officer")
    made = program.post("/api/v1/desk/imports?name=b.xlsx", content=xlsx_file([HEADER, *ROWS])).json()
    go(program, made["id"], made)
    for kind in ("csv", "excel.csv", "xlsx", "ods"):
        taken = program.get(f"/api/v1/desk/exports/dossiers.{kind}")
        assert taken.status_code == 200
        back = program.post(f"/api/v1/desk/imports?name=dossiers.{kind}", content=taken.content).json()
        done = go(program, back["id"], back)
        assert set(filter(lambda word: done["counts"][word], done["counts"])) == {"unchanged"}, (kind, done["report"])
    filtered = program.get("/api/v1/desk/exports/dossiers.csv?titre=partenaire").text
    assert "Partenaire" in filtered and "Tôlerie" not in filtered and PARTNER in filtered
    told = program.post("/api/v1/desk/dossiers", json={"kind": "holder", "title": "=1+1"})
    assert told.status_code == 201 and "'=1+1" in program.get("/api/v1/desk/exports/dossiers.csv").text
    with office.page("officer") as page:
        assert page.get("/bureau/emporter/dossiers.csv?titre=partenaire&etat=").text == filtered
        assert page.get("/bureau/emporter/dossiers.pdf").status_code == 422


def go(program: TestClient, batch: str, read: dict) -> dict:  # type: ignore[type-arg]
    """Accept what is proposed at every step."""
    at = f"/api/v1/desk/imports/{batch}"
    columns = {str(one["place"]): one["column"] for one in read["columns"]}
    record = program.post(f"{at}/columns", json={"columns": columns}).json()
    if record["stage"] == "numbers":
        record = program.post(f"{at}/numbers", json={}).json()
    if record["stage"] == "doubles":
        record = program.post(f"{at}/decisions", json={}).json()
    assert record["stage"] == "ready", record
    done = program.post(f"{at}/application").json()
    assert done == program.post(f"{at}/application").json()
    return done  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"%PDF-1.7", "pas un tableur"),
        (b"PK\x03\x04abc", "abîmé"),
        (b"Nom;Ville\r\n", "aucune ligne sous"),
        (b"Nom\r\nA\r\n", "en-tête est introuvable"),
        (b'Nom;Ville\r\nA;B\r\n"jamais;fermee\r\n', "ligne 3"),
        (csv_file([("Nom", "Note"), ("A", "x" * 5_001)]), "colonne « Note »"),
        (csv_file([("Nom", "Ville"), *[("A", "B")] * 20_001]), "20 000 lignes"),
    ],
)
def test_a_file_at_fault_is_told_in_french_and_nothing_is_kept(office: Office, content: bytes, said: str) -> None:
    program = office.api("officer")
    before = program.get("/api/v1/desk/imports").json()
    answer = program.post("/api/v1/desk/imports?name=faute.csv", content=content)
    assert answer.status_code == 400
    assert said in answer.json()["erreur"].replace("\u00a0", " ").replace("\u202f", " ")
    assert program.get("/api/v1/desk/imports").json() == before
    with office.page("officer") as page:
        shown = page.post("/bureau/imports", files={"fichier": ("faute.csv", content)})
        assert shown.status_code == 422 and "notice fault" in shown.text


def test_bombs_are_refused_and_the_server_stands(office: Office) -> None:
    program, buffer = office.api("officer"), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sheet.xml", b"0" * (201 * 1024 * 1024))
    corner = xlsx_file([("Nom", "Ville"), ("A", "B")])
    source, wide = zipfile.ZipFile(io.BytesIO(corner)), io.BytesIO()
    with zipfile.ZipFile(wide, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b'r="A2"', b'r="XFD1048576"'))
    for content, said in ((buffer.getvalue(), "200 Mo"), (wide.getvalue(), "démesurée")):
        answer = program.post("/api/v1/desk/imports?name=bombe.xlsx", content=content)
        assert answer.status_code == 400 and said in answer.json()["erreur"], answer.text
    assert program.post("/api/v1/desk/imports?name=a.csv", content=b"x" * (20 * 1024 * 1024 + 1)).status_code == 400


@pytest.mark.parametrize("part", ["anyone", "inhabitant", "head", "analyst", "elected", "partner", "reading_token"])
def test_who_may_not_import_is_told_nothing(office: Office, part: str) -> None:
    program = office.api(part)
    for method, path in (("GET", "imports"), ("POST", "imports?name=a.csv"), ("GET", "exports/organisation"),
                         ("GET", "retention"), ("POST", "retention/runs")):  # fmt: skip
        answer = program.request(method, f"/api/v1/desk/{path}", content=FILE if method == "POST" else None)
        assert answer.status_code == 404, (path, answer.text)


def test_the_admin_reads_the_register_purges_and_takes_everything(office: Office) -> None:
    with office.page("admin") as page:
        html = page.get("/bureau/conservation").text
        assert "Registre des traitements" in html and "archives publiques" in html
        assert "Purge faite" in page.post("/bureau/conservation/purge").text
        taken = page.post("/bureau/conservation/archive")
        assert taken.headers["content-type"] == "application/zip"
        assert "LISEZMOI.txt" in zipfile.ZipFile(io.BytesIO(taken.content)).namelist()
        refused = page.post("/bureau/mon-compte/mes-donnees/effacement", data={"confirmation": "EFFACER"})
        assert refused.status_code == 409 and "dernière personne" in refused.text
    assert office.api("admin").get("/api/v1/desk/retention").json()["register"]["months"] == 36


def test_a_person_takes_their_data_and_does_not_erase_them_by_mistake(office: Office) -> None:
    with office.page("elected") as page:
        assert "Emporter mes données" in page.get("/bureau/mon-compte/mes-donnees").text
        taken = page.post("/bureau/mon-compte/mes-donnees/archive")
        assert "json/person.json" in zipfile.ZipFile(io.BytesIO(taken.content)).namelist()
        wrong = page.post("/bureau/mon-compte/mes-donnees/effacement", data={"confirmation": "oui"})
        assert wrong.status_code == 422 and "en capitales" in wrong.text
    program = office.api("elected")
    assert program.get("/api/v1/desk/me/export").status_code == 200
    assert program.post("/api/v1/desk/me/erasure", json={"confirmation": "oui"}).status_code in (400, 422)
    assert office.api("reading_token").get("/api/v1/desk/me/export").status_code == 401


def test_a_contact_is_erased_from_its_page_once_the_word_is_written(office: Office) -> None:
    program = office.api("officer")
    opened = program.post("/api/v1/desk/dossiers", json={"kind": "holder", "title": "Projet à quitter"}).json()["id"]
    contact = program.post(f"/api/v1/desk/dossiers/{opened}/contacts", json={"name": "Qui part"}).json()["id"]
    address = f"/bureau/conservation/contacts/{contact}/effacement"
    with office.page("officer") as page:
        assert address in page.get(f"/bureau/contacts/{contact}/modifier").text
        assert page.post(address, data={"confirmation": "oui"}).status_code == 422
        done = page.post(address, data={"confirmation": "EFFACER"})
        assert "Le contact est effacé" in done.text and "Qui part" not in done.text
    again = program.post(f"/api/v1/desk/retention/contacts/{contact}/erasure", json={"confirmation": "EFFACER"})
    assert again.status_code == 404


def test_a_wrong_number_on_the_second_page_keeps_the_page_and_what_was_chosen(office: Office) -> None:
    rows = [(f"Atelier sans numéro {rank}", "Les Herbiers", *[""] * 6) for rank in range(60)]
    with office.page("officer") as page:
        html, address = bring(page, csv_file([HEADER, *rows]), "longue.csv")
        html = press(page, html, f"{address}/colonnes")
        while 'name="chercher"' in html:  # a busy machine does not look for sixty numbers in one request
            html = page.post(f"{address}/numeros", data={"chercher": "oui"}).text
        html = page.get(f"{address}/numeros?page=2").text
        lines = re.findall(r'name="(ligne-\d+)-numero"', html)
        assert len(lines) == 10
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
        wrong, right = f"{lines[0]}-numero", f"{lines[1]}-numero"
        answer = page.post(f"{address}/numeros", data=sent | {wrong: "123", right: PARTNER})
        assert answer.status_code == 422
        assert re.findall(r'name="(ligne-\d+)-numero"', answer.text) == lines
        assert f'value="{PARTNER}"' in answer.text and 'value="123"' in answer.text
        assert f'id="{lines[0]}-faute"' in answer.text


def test_a_file_badly_read_is_read_again_from_its_page(office: Office) -> None:
    data = "Entreprise;Ville\nSociété Générale Fictive;Les Herbiers\n".encode("mac_roman")
    with office.page("officer") as page:
        html, address = bring(page, data, "mac.csv")
        assert "Société Générale Fictive" in html and "Lire autrement" in html
        html = press(page, html, f"{address}/lecture", encodage="cp1252")
        assert "SociŽtŽ" in html
    with office.api("officer") as program:
        batch = address.rpartition("/")[2]
        answer = program.post(f"/api/v1/desk/imports/{batch}/reading", json={"encoding": "mac_roman"}).json()
        assert answer["columns"][0]["examples"] == ["Société Générale Fictive"]
        assert answer["offered"]["taken"]["encoding"] == "mac_roman"
