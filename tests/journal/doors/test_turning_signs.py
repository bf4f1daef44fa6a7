"""Signs that turn a line, in every entered field, in names of firms and of files: no door shows one nor is turned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import small_stock
from tests.journal.cast import SIREN_HERE, settle
from tests.journal.doors.office import ADDRESS, HERBIERS, Office, TestClient
from tests.not_empty import not_empty
from tests.refreshing import load_underived
from vigie.domain.access import Role, Scope
from vigie.domain.zones import today_in_paris
from vigie.interfaces.cli.main import main
from vigie.interfaces.exports import KINDS
from vigie.interfaces.server import application
from vigie.interfaces.sheets import Sheet, SheetColumn
from vigie.settings import Settings
from vigie.store.journal.records import Letter

TURNING = "\u202e\u2066\u200f"
SIGNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066\u2067]")
HEBREW = re.compile("[\u0590-\u05ff]")
ISOLATE = re.compile("\u2068[^\u2068\u2069]*\u2069")
MOST_PAGES = 150


def turned(text: str) -> str:
    return f"{TURNING}{text} שלום"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An installation whose files and firms bear such names."""
    work = tmp_path_factory.mktemp("turned")
    settings = Settings(
        data_dir=work / "data", threads=2, memory_mib=1024, contact="contact@example.org", publisher=turned("Éditeur"),
        secret="secret of the office", public_url=ADDRESS,  # noqa: S106
    )  # fmt: skip
    load_underived(settings.data_dir, write_files(work / "stock"))
    app = application(settings)
    with TestClient(app) as started:
        desk = app.routes[0].app.state.desk  # type: ignore[attr-defined]
        made = Office(settings, app, desk, settle(desk.journal, desk.keys), portal=started.portal)
        enter(made)
        yield made


def write_files(folder: Path) -> Path:
    place = {
        "codeCommuneEtablissement": HERBIERS, "libelleCommuneEtablissement": "LES HERBIERS",
        "codePostalEtablissement": "85500", "enseigne1Etablissement": turned("ENSEIGNE"),
    }  # fmt: skip
    siret = small_stock.siret_of(SIREN_HERE)
    own = {"siren": SIREN_HERE, "siret": siret, "nic": siret[9:]}
    small_stock.write_stock(
        folder,
        [*(small_stock.establishment(number, **place) for number in range(1, 6)),
         small_stock.establishment(100, **own, **place)],
        [*(small_stock.unit(number, denominationUniteLegale=turned("SOCIETE")) for number in range(1, 6)),
         small_stock.unit(100, siren=SIREN_HERE, nicSiegeUniteLegale=siret[9:],
                          denominationUniteLegale=turned("FORGE"))],
    )  # fmt: skip
    for file in not_empty(sorted(folder.iterdir())):
        file.rename(folder / f"{TURNING}{file.stem} שלום{file.suffix}")
    return folder


def enter(office: Office) -> None:
    """Write such signs in every field that people fill."""
    api, desk = office.api("officer"), "/api/v1/desk"

    def write(path: str, part: str = "officer", **body: object) -> dict[str, str]:
        answer = (api if part == "officer" else office.api(part)).post(f"{desk}{path}", json=body)
        assert answer.status_code in (200, 201, 202, 204), (path, answer.text)
        assert not SIGNS.search(answer.text), path
        return dict(answer.json() if answer.content else {})

    dossier = write("/dossiers", kind="firm", title=turned("Titre"), summary=turned("Résumé"), siren=SIREN_HERE,
                    source=turned("Source"))["id"]  # fmt: skip
    write(f"/dossiers/{dossier}/tags", label=turned("étiquette"))
    write(f"/dossiers/{dossier}/contacts", name=turned("Nom"), function=turned("Fonction"), phone=turned("02"),
          source=turned("Salon"), email=f"{TURNING}contact@example.org")  # fmt: skip
    write(f"/dossiers/{dossier}/exchanges", kind="call", body=turned("Compte rendu"))
    write("/reminders", due_on=today_in_paris().isoformat(), reason=turned("Motif"), dossier=dossier)
    write("/portfolios", name=turned("Portefeuille"))
    call = write("/calls", kind="need", title=turned("Appel"), text=turned("Texte"))["id"]
    write("/calls", kind="offer", title=turned("Réseau"), text=turned("Texte"), visibility="network")
    write("/tokens", label=turned("Programme"))
    write(f"/firms/{SIREN_HERE}/declarations", "head", field="offers", text=turned("Offre"), visibility="public",
          confirmed=True)  # fmt: skip
    write(f"/calls/{call}/answers", "head", body=turned("Réponse"))
    party = {"label": turned("Partie"), "contact_name": turned("Nom")}
    write("/introductions", reason=turned("Raison"), first=party | {"contact_email": "a@example.org"},
          second=party | {"contact_email": "b@example.org"})  # fmt: skip
    file = f"Entreprise;Ville;Commentaire\n{turned('TOLERIE')};Les Herbiers;{turned('Note')}\n".encode()
    with office.page("officer") as page:
        key = re.search(r'name="once" value="([^"]+)"', page.get("/bureau/imports").text)
        assert key
        page.post("/bureau/imports", files={"fichier": (turned("suivi.csv"), file)}, data={"once": key[1]})


def walked(office: Office, part: str) -> Iterator[tuple[str, str]]:
    """Yield the pages that links lead to, from the ones where everything begins, with their addresses."""
    waiting = ["/", "/bureau", "/bureau/dossiers", "/bureau/imports", "/bureau/lundi", "/appels", "/sources",
               "/recherche?q=forge", f"/entreprise/{SIREN_HERE}", f"/recherche?q={TURNING}%D7%A9forge"]  # fmt: skip
    known = set(waiting)
    with office.page(part) as page:
        for _ in range(MOST_PAGES):
            if not waiting:
                return
            address = waiting.pop(0)
            answer = page.get(address)
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            yield address, answer.text
            shapes = {re.sub(r"[0-9a-z]{20}|\d+", "…", one) for one in known}
            for found in re.findall(r'href="(/[^"#]*)"', answer.text):
                shape = re.sub(r"[0-9a-z]{20}|\d+", "…", found)
                if found not in known and shape not in shapes and not found.startswith(("/static", "/lien")):
                    known.add(found)
                    shapes.add(shape)
                    waiting.append(found)


@pytest.mark.parametrize("part", ["officer", "anyone", "head", "admin"])
def test_no_page_holds_a_sign_that_turns_nor_words_that_are_not_isolated(office: Office, part: str) -> None:
    isolated = 0
    seen = list(walked(office, part))
    assert len(seen) > 10
    for address, page in not_empty(seen):
        assert not SIGNS.search(page), (address, page[max(0, SIGNS.search(page).start() - 80) :][:160])  # type: ignore[union-attr]
        outside = re.sub(r'(href|action|value)="[^"]*"', "", ISOLATE.sub("", page))
        hit = HEBREW.search(outside)
        assert hit is None, (address, outside[max(0, hit.start() - 80) :][:160])
        isolated += len(ISOLATE.findall(page))
    assert isolated > 10


def test_letters_are_not_turned(office: Office) -> None:
    with office.desk.journal.reading(
        Scope(Role.SUPER_ADMIN, office.cast.officer.organisation, via="command")
    ) as reader:
        letters = reader.all(select(Letter))
    texts = [f"{one.subject}\n{one.body}" for one in letters]
    assert any(HEBREW.search(text) for text in texts)
    for text in not_empty(texts):
        assert not SIGNS.search(text) and not HEBREW.search(ISOLATE.sub("", text))


@pytest.mark.parametrize(
    "command",
    [["search", "forge"], ["firm", SIREN_HERE], ["establishment", small_stock.siret_of(SIREN_HERE)], ["sources"],
     ["status"], ["org", "list"]],
)  # fmt: skip
def test_the_command_line_is_not_turned(office: Office, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main([*command, "--data-dir", str(office.settings.data_dir)])
    printed = capsys.readouterr()
    said = printed.out + printed.err
    assert said.strip() and not SIGNS.search(said)
    assert not HEBREW.search(ISOLATE.sub("", said)), said


def test_the_name_given_on_the_command_line_is_kept_without_them(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_SECRET", office.settings.secret)
    where = ["--data-dir", str(office.settings.data_dir), "--json"]
    assert main(["org", "create", turned("Agence neuve"), "--admin", f"{TURNING}neuve@example.org", *where]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["organisation"]["name"] == "Agence neuve שלום"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_files_hold_names_without_them(kind: str) -> None:
    sheet = Sheet("Feuille", (SheetColumn("Nom"), SheetColumn("Suite")), ((turned("FORGE"), "3"),))
    content = KINDS[kind].write([sheet])
    assert not any(sign.encode() in content for sign in TURNING)
    if kind.endswith("csv"):
        assert "FORGE שלום".encode() in content


def test_programs_read_names_without_them(office: Office) -> None:
    api = office.api("officer")
    for path in (f"/firms/{SIREN_HERE}", "/search?q=forge", "/sources", "/desk/dossiers", "/desk/calls"):
        answer = api.get(f"/api/v1{path}")
        assert answer.status_code == 200, path
        assert not SIGNS.search(answer.text), path
