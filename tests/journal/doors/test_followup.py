"""The officer's pages and API of dossiers, reminders, portfolios and Monday."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests import small_stock
from tests.journal.cast import SIREN_HERE
from tests.journal.doors.office import Office
from tests.not_empty import not_empty
from vigie.domain import french
from vigie.domain.zones import today_in_paris

TODAY = today_in_paris()

UNFOLLOWED = small_stock.siren(39)
"""A firm of the office that no other test follows."""


def _once(text: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', text)
    assert found
    return found[1]


def _opened(office: Office, **more: object) -> str:
    answer = office.api("officer").post("/api/v1/desk/dossiers", json={"kind": "holder", "title": "Projet", **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_firm_is_followed_in_one_click_and_then_said_to_be(office: Office) -> None:
    browser = office.page("officer")
    page = browser.get(f"/entreprise/{UNFOLLOWED}")
    assert "Ouvrir un dossier" in page.text and "Ajouter à mon portefeuille" in page.text
    assert "Ouvrir un dossier" not in office.page("head").get(f"/entreprise/{UNFOLLOWED}").text
    assert "Ouvrir un dossier" not in office.page().get(f"/entreprise/{UNFOLLOWED}").text
    first = browser.post("/bureau/dossiers/ouvrir", data={"numero": UNFOLLOWED})
    assert first.status_code == 200
    assert "Le dossier est ouvert." in first.text and "Les Herbiers" in first.text
    again = browser.post("/bureau/dossiers/ouvrir", data={"numero": UNFOLLOWED})
    assert again.status_code == 409
    assert "déjà suivie" in again.text and first.url.path in again.text
    typed = {"kind": "firm", "title": "Deuxième", "siren": UNFOLLOWED, "anyway": "oui", "once": _once(again.text)}
    second = browser.post("/bureau/dossiers", data=typed)
    assert second.status_code == 200 and "a un autre dossier" in second.text
    merging = browser.get(f"{second.url.path}/reunir")
    other = re.search(r'name="other" value="([^"]+)"', merging.text)
    assert other
    merged = browser.post(f"{second.url.path}/reunir", data={"other": other[1]})
    assert "rien n’a été perdu" in merged.text
    assert browser.get(first.url.path).url.path == second.url.path


@pytest.mark.parametrize(
    ("commune", "said"),
    [("Olonne sur Mer", "est un ancien nom"), ("75016", "est lu comme un code postal"), ("Les Herbiers", "")],
)
def test_a_dossier_says_how_its_commune_was_read(office: Office, commune: str, said: str) -> None:
    browser = office.page("officer")
    form = browser.get("/bureau/dossiers/nouveau")
    typed = {"kind": "holder", "title": f"Projet à {commune}", "commune": commune, "once": _once(form.text)}
    page = browser.post("/bureau/dossiers", data=typed)
    assert page.status_code == 200 and "Le dossier est ouvert." in page.text
    assert said in page.text and ("est lu comme" in page.text or "est un ancien" in page.text) is bool(said)
    twice = browser.post("/bureau/dossiers", data={**typed, "commune": "85100", "once": "autre"})
    assert twice.status_code == 422 and "Givrand" in twice.text


def test_a_dossier_lives_through_its_pages(office: Office) -> None:
    browser = office.page("officer")
    form = browser.get("/bureau/dossiers/nouveau")
    wrong = browser.post("/bureau/dossiers", data={"kind": "holder", "title": "", "siren": "12", "once": "a"})
    assert wrong.status_code == 422 and "n’est pas un SIREN" in wrong.text and 'value="12"' in wrong.text
    page = browser.post(
        "/bureau/dossiers", data={"kind": "holder", "title": "Atelier à naître", "once": _once(form.text)}
    )
    address = page.url.path
    steps = (
        ("echanges", {"kind": "visit", "body": "Visite du chantier", "happened_on": TODAY.isoformat()}, "consigné"),
        ("echanges", {"kind": "note", "body": "Note confidentielle"}, "consigné"),
        ("contacts", {"name": "Une personne", "email": "personne@example.org"}, "contact est enregistré"),
        ("rappels", {"reason": "Rappeler la banque", "due_on": TODAY.isoformat()}, "rappel est enregistré"),
        ("etiquettes", {"label": "Bois"}, "étiquettes sont à jour"),
        ("partages", {"person": office.cast.partner.person}, "partages sont à jour"),
    )
    for path, typed, said in not_empty(steps):
        page = browser.post(f"{address}/{path}", data=typed)
        assert page.status_code == 200 and said in page.text, path
    for text in ("Visite du chantier", "Note confidentielle", "personne@example.org", "Rappeler la banque", "bois",
                 "droit d’opposition".upper(), "à informer"):  # fmt: skip
        assert text in page.text, text
    assert f"À faire pour le {french.long_date(TODAY)}\u00a0: Rappeler la banque." in page.text
    plates = [page.text.index(f'<h2 id="{anchor}">') for anchor in ("rappels", "echanges", "contacts", "fiche")]
    assert plates == sorted(plates), "what is to be done comes first, the record last"
    shared = office.page("partner").get(address)
    assert "Visite du chantier" in shared.text and "personne@example.org" in shared.text
    for hidden in ("Note confidentielle", "Rappeler la banque", "bois", "Consigner"):
        assert hidden not in shared.text
    for part in ("head", "officer_away", "analyst", "elected", "inhabitant", "super_admin"):
        assert office.page(part).get(address).status_code == 404
    assert office.page("anyone").get(address).url.path == "/connexion"
    refused = browser.post(f"{address}/rappels", data={"reason": "Sans jour"})
    assert refused.status_code == 422 and "Donnez le jour" in refused.text and "Sans jour" in refused.text
    assert (
        browser.post(f"{address}/echanges", data={"kind": "visit", "body": "x", "happened_on": "hier"}).status_code
        == 422
    )
    changed = browser.post(f"{address}/modifier", data={"kind": "prospect", "title": "Atelier né", "owner": ""})
    assert "Le dossier est modifié." in changed.text and "Atelier né" in changed.text
    assert "Rouvrir" in browser.post(f"{address}/clore").text
    assert browser.post(f"{address}/echanges", data={"kind": "call", "body": "x"}).status_code == 409
    assert "Le dossier est rouvert." in browser.post(f"{address}/rouvrir").text
    assert "Rétablir ce dossier" in browser.post(f"{address}/retirer").text
    assert address in browser.get("/bureau/dossiers?etat=withdrawn").text
    assert "Le dossier est rétabli." in browser.post(f"{address}/retablir").text


def test_contacts_and_exchanges_are_corrected(office: Office) -> None:
    browser, dossier = office.page("officer"), _opened(office)
    api = office.api("officer")
    contact = api.post(f"/api/v1/desk/dossiers/{dossier}/contacts", json={"name": "A"}).json()["id"]
    exchange = api.post(f"/api/v1/desk/dossiers/{dossier}/exchanges", json={"kind": "call", "body": "B"}).json()["id"]
    assert 'value="A"' in browser.get(f"/bureau/contacts/{contact}/modifier").text
    wrong = browser.post(f"/bureau/contacts/{contact}/modifier", data={"name": "C", "email": "non"})
    assert wrong.status_code == 422 and 'value="non"' in wrong.text
    assert "enregistré" in browser.post(f"/bureau/contacts/{contact}/modifier", data={"name": "Camille"}).text
    assert "informé le" in browser.post(f"/bureau/contacts/{contact}/informer").text
    assert ">B<" in browser.get(f"/bureau/echanges/{exchange}/modifier").text
    changed = browser.post(f"/bureau/echanges/{exchange}/modifier", data={"kind": "call", "body": "Corrigé"})
    assert "Corrigé" in changed.text
    assert browser.post(f"/bureau/echanges/{exchange}/modifier", data={"kind": "call", "body": ""}).status_code == 422
    assert "Corrigé" not in browser.post(f"/bureau/echanges/{exchange}/retirer").text
    assert "Camille" not in browser.post(f"/bureau/contacts/{contact}/retirer").text
    for part in ("partner", "officer_away"):
        for address in (f"contacts/{contact}", f"echanges/{exchange}"):
            assert office.page(part).get(f"/bureau/{address}/modifier").status_code == 404


def test_a_list_keeps_what_was_asked(office: Office) -> None:
    _opened(office, title="Scierie du Bocage", commune="Les Herbiers")
    browser = office.page("officer")
    found = browser.get("/bureau/dossiers", params={"titre": "scierie bocage", "commune": "les herbiers"})
    assert "Scierie du Bocage" in found.text and 'value="les herbiers"' in found.text
    assert "Scierie du Bocage" not in browser.get("/bureau/dossiers?titre=rien+de+tel").text
    wrong = browser.get("/bureau/dossiers?commune=nulle+part+du+tout")
    assert wrong.status_code == 422 and "Aucune commune" in wrong.text
    assert browser.get("/bureau/dossiers?page=zéro").status_code == 422


def test_a_result_is_noted_in_two_clicks(office: Office) -> None:
    api, browser = office.api("officer"), office.page("officer")
    waiting = _opened(office, title="Attend depuis longtemps")
    old = (TODAY - timedelta(days=20)).isoformat()
    sent = {"kind": "email", "body": "Proposition", "happened_on": old}
    assert api.post(f"/api/v1/desk/dossiers/{waiting}/exchanges", json=sent).status_code == 201
    listed = browser.get("/bureau/relances")
    assert "Attend depuis longtemps" in listed.text
    later = browser.post(f"/bureau/dossiers/{waiting}/relancer-plus-tard", data={"once": "later"})
    assert "reportée d’une semaine" in later.text and "Attend depuis longtemps" not in later.text
    other = _opened(office, title="Attend aussi")
    api.post(f"/api/v1/desk/dossiers/{other}/exchanges", json=sent)
    done = browser.post(f"/bureau/dossiers/{other}/repondu", data={"once": "done", "result": "Devis signé"})
    assert "Attend aussi" not in done.text
    assert "Devis signé" in browser.get(f"/bureau/dossiers/{other}").text
    made = api.post(
        "/api/v1/desk/reminders", json={"due_on": old, "reason": "Demander le devis", "dossier": other}
    ).json()["id"]
    assert "Demander le devis" in browser.get("/bureau/relances?equipe=oui").text
    assert "Demander le devis" not in browser.post(f"/bureau/rappels/{made}/reporter", data={"equipe": "oui"}).text
    back = browser.post(f"/bureau/rappels/{made}/fait", data={"retour": f"/bureau/dossiers/{other}"})
    assert back.url.path == f"/bureau/dossiers/{other}" and "fait le" in back.text
    assert api.post(f"/api/v1/desk/reminders/{made}/done", json={}).status_code == 409


def test_what_was_done_is_noted_with_the_next_step(office: Office) -> None:
    api, browser = office.api("officer"), office.page("officer")
    dossier = _opened(office, title="À suivre de près")
    asked = {"due_on": TODAY.isoformat(), "reason": "Proposer une visite", "dossier": dossier}
    made = api.post("/api/v1/desk/reminders", json=asked).json()["id"]
    said = {"result": "Visite acceptée", "following": "Préparer la visite", "following_in": "14", "retour": "/bureau"}
    week = browser.post(f"/bureau/rappels/{made}/fait", data=said)
    assert week.url.path == "/bureau" and "Proposer une visite" not in week.text
    told = browser.get(f"/bureau/dossiers/{dossier}").text
    assert "Visite acceptée" in told and "Préparer la visite" in told
    (left,) = [one for one in api.get(f"/api/v1/desk/dossiers/{dossier}").json()["reminders"] if not one["done_at"]]
    assert (left["reason"], left["due_on"]) == ("Préparer la visite", (TODAY + timedelta(days=14)).isoformat())
    odd = {"following": "Un jour", "following_in": "1000"}
    assert api.post(f"/api/v1/desk/reminders/{left['id']}/done", json=odd).status_code == 400
    assert api.post(f"/api/v1/desk/reminders/{left['id']}/done", json={"following": "Rappeler"}).status_code == 200


def test_one_queue_from_the_oldest_and_former_addresses_lead_to_it(office: Office) -> None:
    api, browser = office.api("officer"), office.page("officer")
    dossier = _opened(office, title="Ordre des gestes")
    for days, reason in ((1, "Geste d’hier"), (9, "Geste ancien"), (0, "Geste du jour")):
        due_on = (TODAY - timedelta(days=days)).isoformat()
        api.post("/api/v1/desk/reminders", json={"due_on": due_on, "reason": reason, "dossier": dossier})
    week = browser.get("/bureau").text
    shown = [week.index(reason) for reason in ("Geste ancien", "Geste d’hier", "Geste du jour")]
    assert shown == sorted(shown)
    days = re.findall(r'<time datetime="([^"]+)"', week.split('class="queue"')[1].split("</ol>")[0])
    assert len(days) >= 3 and days == sorted(days)
    for former in ("/bureau/lundi", "/bureau/relances?equipe=oui"):
        moved = browser.get(former)
        assert moved.url.path == "/bureau" and "Geste ancien" in moved.text
    assert "equipe=oui" in str(browser.get("/bureau/relances?equipe=oui").url)


def test_portfolios_through_their_pages(office: Office) -> None:
    browser = office.page("officer")
    filled = browser.post("/bureau/portefeuilles/ajouter", data={"siren": SIREN_HERE})
    assert filled.status_code == 200 and "C’est ajouté" in filled.text and f"/entreprise/{SIREN_HERE}" in filled.text
    address = filled.url.path
    for typed, status in (
        ({"territory": "Les Herbiers"}, 200),
        ({"territory": "nulle part"}, 422),
        ({"siren": "1"}, 422),
    ):
        assert browser.post(f"{address}/membres", data=typed).status_code == status
    assert "/territoire/commune/85109" in browser.get(address).text
    assert browser.post(f"{address}/renommer", data={"name": " "}).status_code == 422
    assert "Métallurgie" in browser.post(f"{address}/renommer", data={"name": "Métallurgie"}).text
    assert "Retirer" not in office.page("admin").get(address).text
    assert office.page("admin").post(f"{address}/supprimer").status_code == 404
    assert office.page("officer_away").get(address).status_code == 404
    member = re.search(r'name="member" value="([^"]+)"', browser.get(address).text)
    assert member
    assert "retiré du portefeuille" in browser.post(f"{address}/membres/retirer", data={"member": member[1]}).text
    assert "Métallurgie" in browser.get("/bureau/portefeuilles").text
    assert browser.post("/bureau/portefeuilles", data={"name": ""}).status_code == 422
    assert "Le portefeuille est supprimé" in browser.post(f"{address}/supprimer").text


def test_monday_opens_with_one_sentence(office: Office) -> None:
    browser = office.page("officer")
    page = browser.get("/bureau/lundi")
    assert page.status_code == 200 and 'class="lead"' in page.text and "Pays des Herbiers" in page.text
    assert "Vous ne recevrez plus" in browser.post("/bureau/lundi/courriel", data={"courriel": "non"}).text
    assert office.api("officer").get("/api/v1/desk/monday").json()["letter"] is False
    assert "chaque lundi" in browser.post("/bureau/lundi/courriel", data={"courriel": "oui"}).text
    for part in ("head", "partner", "analyst", "elected", "super_admin"):
        assert office.page(part).get("/bureau/lundi").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "dossiers"), ("GET", "reminders"), ("GET", "portfolios"), ("GET", "monday"),
        ("POST", "dossiers/firm"), ("POST", "portfolios"), ("PUT", "monday/letter"),
    ],
)  # fmt: skip
def test_strangers_are_answered_404_by_the_api(office: Office, method: str, path: str) -> None:
    body = {"dossiers/firm": {"number": SIREN_HERE}, "portfolios": {"name": "x"}, "monday/letter": {"letter": True}}
    for part in ("anyone", "inhabitant", "analyst", "elected", "super_admin", "reading_token"):
        answer = office.api(part).request(method, f"/api/v1/desk/{path}", json=body.get(path))
        assert answer.status_code == 404 and set(answer.json()) == {"erreur"}, part


def test_the_api_says_what_the_pages_say(office: Office) -> None:
    api = office.api("officer")
    dossier = _opened(office, title="Par programme", prospecting=True)
    root = f"/api/v1/desk/dossiers/{dossier}"
    assert api.post(f"{root}/tags", json={"label": "Export"}).status_code == 204
    assert api.put(f"{root}/shares/{office.cast.partner.person}").status_code == 204
    read = api.get(root).json()
    assert [tag["label"] for tag in read["tags"]] == ["export"] and read["prospecting"] is True
    assert "tags" not in office.api("partner").get(root).json() or office.api("partner").get(root).json()["tags"] == []
    assert api.delete(f"{root}/shares/{office.cast.partner.person}").status_code == 204
    assert office.api("partner").get(root).status_code == 404
    assert api.delete(f"{root}/tags/export").status_code == 204
    assert api.put(root, json={"kind": "owner", "title": "Changé"}).json()["kind"] == "owner"
    assert api.put(root, json={"kind": "owner", "title": "Changé", "autre": 1}).status_code == 400
    assert api.get("/api/v1/desk/dossiers?inconnu=1").status_code == 400
    assert api.get("/api/v1/desk/dossiers?text=change").json()["total"] == 1
    assert api.post(f"{root}/closing").json()["state"] == "closed"
    assert api.post(f"{root}/reopening").json()["state"] == "open"
    assert api.delete(root).status_code == 204
    assert api.post(f"{root}/restoration").json()["withdrawn"] is False
    twice = {"Idempotency-Key": "programme-1"}
    made = [
        api.post("/api/v1/desk/portfolios", json={"name": "Une fois"}, headers=twice).json()["id"] for _ in range(2)
    ]
    assert made[0] == made[1]
    member = api.post(f"/api/v1/desk/portfolios/{made[0]}/members", json={"siren": SIREN_HERE}).json()["members"][0]
    assert api.delete(f"/api/v1/desk/portfolios/{made[0]}/members/{member['id']}").json()["members"] == []
    assert api.delete(f"/api/v1/desk/portfolios/{made[0]}").status_code == 204
    assert api.post("/api/v1/desk/portfolios/first/members", json={"territory": "85109"}).status_code == 201
    assert api.get("/api/v1/desk/portfolios").json()["results"]
