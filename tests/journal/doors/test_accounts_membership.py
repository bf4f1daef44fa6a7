"""Invitations, members, organisations, tokens, firm links, sign-up and recovery, by the pages, the API and commands."""

from __future__ import annotations

import html
import json
import re
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.office import Office, TestClient
from tests.journal.passwords import PASSWORD, STORED
from vigie.domain.access import Role, Scope
from vigie.interfaces.cli.main import main
from vigie.store.journal.base import new_id
from vigie.store.journal.people import Membership, Organisation, Person
from vigie.store.journal.records import Letter

API = "/api/v1/desk"
NUMBERS = count(1)


class Home:
    """An organisation of one's own in the shared office, so that its members can be changed without harm."""

    def __init__(self, office: Office) -> None:
        self.office, self.id = office, new_id()
        with office.desk.journal.writing(Scope(Role.SUPER_ADMIN, self.id, via="command")) as unit:
            unit.act("organisation.created", self.id)
            unit.add(Organisation(id=self.id, name="Agence neuve", kind="agence", territory="departement:85", cog=2026))

    def person(self, role: Role) -> tuple[str, TestClient, TestClient]:
        """Write a member and return their address, a browser and a program where they are signed in."""
        identifier, email = new_id(), f"personne{next(NUMBERS)}@example.org"
        with self.office.desk.journal.writing(Scope(Role.SUPER_ADMIN, self.id, identifier, via="command")) as unit:
            unit.act("person.added", identifier)
            key = self.office.desk.keys.email(email)
            unit.add(Person(id=identifier, email=email, email_key=key, name=f"Nom {role.value}", password_hash=STORED))
            unit.add(Membership(person_id=identifier, role=role.value))
        browser, program = self.office.page(), self.office.api()
        browser.post("/connexion", data={"courriel": email, "mot_de_passe": PASSWORD})
        opened = program.post(f"{API}/sessions", json={"email": email, "password": PASSWORD}).json()
        program.headers["Authorization"] = f"Bearer {opened['token']}"
        return email, browser, program

    def letters(self) -> list[Letter]:
        with self.office.desk.journal.reading(Scope(Role.ADMIN, self.id)) as reader:
            return list(reader.all(select(Letter).order_by(Letter.created_at)))


@pytest.fixture
def home(office: Office) -> Home:
    return Home(office)


def secret_in(text: str) -> str:
    found = re.search(r'<code class="secret">([^<]+)</code>', text)
    assert found
    return html.unescape(found.group(1))


def once_in(text: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', text)
    assert found
    return found.group(1)


def test_an_invitation_by_the_pages(office: Office, home: Home) -> None:
    _, admin, _ = home.person(Role.ADMIN)
    once = once_in(admin.get("/bureau/membres").text)
    made = admin.post("/bureau/membres", data={"courriel": "neuve1@example.org", "role": "elu", "once": once})
    assert made.status_code == 201
    link = secret_in(made.text).removeprefix("http://vigie.test")
    again = admin.post("/bureau/membres", data={"courriel": "neuve1@example.org", "role": "elu", "once": once})
    assert "secret" not in again.text
    newcomer = office.page()
    for _ in range(2):
        assert "vous invite comme élu" in newcomer.get(link).text
    short = newcomer.post(link, data={"nom": "Nouvelle Élue", "mot_de_passe": "court"})
    assert short.status_code == 422
    assert 'value="Nouvelle Élue"' in short.text
    assert "court" not in re.findall(r"<input[^>]*mot_de_passe[^>]*>", short.text)[0]
    entered = newcomer.post(link, data={"nom": "Nouvelle Élue", "mot_de_passe": PASSWORD})
    assert "Nouvelle Élue, voici ce que donnent les rencontres" in entered.text
    used = newcomer.get(link)
    assert used.status_code == 409
    assert "déjà servi" in used.text and 'href="/connexion"' in used.text
    assert office.page().get("/invitation/inconnue").status_code == 404
    assert "Nouvelle Élue" in admin.get("/bureau/membres").text
    assert link.rpartition("/")[2] not in "\n".join(line for line in office.log if line.startswith("vigie"))


def test_an_invitation_by_the_api(home: Home) -> None:
    _, _, admin = home.person(Role.ADMIN)
    made = admin.post(f"{API}/invitations", json={"email": "neuve2@example.org", "role": "charge_etudes"})
    assert made.status_code == 201
    token = made.json()["link"].rpartition("/")[2]
    assert [one["email"] for one in admin.get(f"{API}/invitations").json()] == ["neuve2@example.org"]
    anyone = home.office.api()
    assert anyone.get(f"{API}/invitations/{token}/offer").json()["role"] == "charge_etudes"
    body = {"name": "Neuve Deux", "password": PASSWORD}
    assert anyone.post(f"{API}/invitations/{token}/acceptance", json=body).status_code == 201
    assert anyone.post(f"{API}/invitations/{token}/acceptance", json=body).status_code == 409
    other = admin.post(f"{API}/invitations", json={"email": "neuve3@example.org", "role": "elu"}).json()
    assert admin.delete(f"{API}/invitations/{other['id']}").status_code == 204
    assert (
        admin.post(f"{API}/invitations", json={"email": "neuve3@example.org", "role": "super_admin"}).status_code == 400
    )
    assert home.office.api("officer").delete(f"{API}/invitations/{other['id']}").status_code == 404


def test_an_officer_invites_a_head_and_no_more(home: Home) -> None:
    _, officer, program = home.person(Role.OFFICER)
    page = officer.get("/bureau/invitations")
    assert page.status_code == 200
    assert 'value="dirigeant"' in page.text
    assert 'value="admin"' not in page.text
    assert officer.get("/bureau/membres").status_code == 404
    wrong = officer.post("/bureau/invitations", data={"courriel": "x@example.org", "role": "dirigeant", "siren": "12"})
    assert wrong.status_code == 422
    assert 'id="siren-faute"' in wrong.text
    refused = program.post(f"{API}/invitations", json={"email": "x@example.org", "role": "admin"})
    assert refused.status_code == 400


def test_a_partner_is_invited_to_a_dossier_by_its_title(home: Home) -> None:
    _, officer, program = home.person(Role.OFFICER)
    made = program.post(f"{API}/dossiers", json={"kind": "holder", "title": "Reprise de la scierie"}).json()["id"]
    page = html.unescape(officer.get(f"/bureau/invitations?dossier={made}").text)
    assert "Reprise de la scierie" in page
    assert f'name="dossier" value="{made}"' in page
    bare = html.unescape(officer.get("/bureau/invitations").text)
    assert 'name="dossier"' not in bare and "invitez-le depuis ce dossier" in bare
    assert "Reprise" not in officer.get("/bureau/invitations?dossier=inconnu").text


def test_members_change_role_are_suspended_and_removed(home: Home) -> None:
    _, admin, program = home.person(Role.ADMIN)
    _, analyst, analyst_program = home.person(Role.ANALYST)
    member = next(one["id"] for one in program.get(f"{API}/members").json() if one["role"] == "charge_etudes")
    base = f"/bureau/membres/{member}"
    assert "rôle est changé" in admin.post(f"{base}/role", data={"role": "elu"}).text
    assert analyst.get("/bureau").url.path == "/connexion"
    assert analyst_program.get(f"{API}/me").status_code == 401
    assert "suspendue" in admin.post(f"{base}/suspendre").text
    assert program.delete(f"{API}/members/{member}/suspension").status_code == 204
    assert program.post(f"{API}/members/{member}/suspension").status_code == 204
    assert "de nouveau" in admin.post(f"{base}/retablir").text
    assert program.put(f"{API}/members/{member}/role", json={"role": "developpeur"}).status_code == 204
    assert program.put(f"{API}/members/{member}/role", json={"role": "dirigeant"}).status_code == 400
    assert "plus membre" in admin.post(f"{base}/retirer").text
    assert program.delete(f"{API}/members/{member}").status_code == 404
    mine = next(one["id"] for one in program.get(f"{API}/members").json())
    assert admin.post(f"/bureau/membres/{mine}/suspendre").status_code == 409
    assert program.delete(f"{API}/members/me").status_code == 409


def test_a_member_leaves_by_the_account_page(home: Home) -> None:
    home.person(Role.ADMIN)
    _, officer, _ = home.person(Role.OFFICER)
    assert officer.post("/bureau/mon-compte/quitter").url.path == "/"
    assert officer.get("/bureau").url.path == "/connexion"


def test_the_organisation_page_asks_for_a_visa(home: Home) -> None:
    _, admin, program = home.person(Role.ADMIN)
    held = program.get(f"{API}/organisation").json()
    typed = {"nom": held["name"], "territoire": held["territory"], "cog": "2026", "base_legale": "6-1-e",
             "duree": "60", "visa": ""}  # fmt: skip
    refused = admin.post("/bureau/organisation", data=typed)
    assert refused.status_code == 422
    assert 'id="visa-faute"' in refused.text
    assert admin.post("/bureau/organisation", data=typed | {"duree": "soixante"}).status_code == 422
    nowhere = admin.post("/bureau/organisation", data=typed | {"duree": "36", "territoire": "Zzzville"})
    assert nowhere.status_code == 422 and 'id="territoire-faute"' in nowhere.text
    for said in ({"territoire": "CC du Pays des Herbiers"}, {"nom": "Agence renommée"}):
        taken = admin.post("/bureau/organisation", data=typed | {"duree": "36"} | said)
        assert taken.status_code == 422 and "par l’hébergeur" in html.unescape(taken.text)
    assert "est enregistrée" in admin.post("/bureau/organisation", data=typed | {"visa": "AD85 2026-1"}).text
    read = program.get(f"{API}/organisation").json()
    assert (read["name"], read["retention_months"], read["retention_visa"]) == (held["name"], 60, "AD85 2026-1")
    body = {"name": held["name"], "territory": held["territory"], "retention_months": 24}
    assert program.put(f"{API}/organisation", json=body).json()["retention_months"] == 24
    assert home.office.page("officer").get("/bureau/organisation").status_code == 404
    assert home.office.api("officer").put(f"{API}/organisation", json=body).status_code == 404


def test_the_host_makes_an_organisation_and_does_not_enter(office: Office) -> None:
    host, program = office.page("super_admin"), office.api("super_admin")
    assert "Communauté d’essai" in host.get("/bureau/organisations").text
    assert host.post("/bureau/organisations", data={"nom": "", "sorte": "agence"}).status_code == 422
    told = host.post("/bureau/organisations", data={"nom": "Faite par la page", "sorte": "agence", "territoire": ""})
    assert "est créée" in told.text and "epci:" not in told.text
    made = program.post(f"{API}/organisations", json={"name": "Faite par l’API", "kind": "association"})
    assert made.status_code == 201
    names = {one["name"]: one["id"] for one in program.get(f"{API}/organisations").json()}
    invited = host.post(f"/bureau/organisations/{names['Faite par la page']}/administrateur",
                        data={"courriel": "premiere@example.org"})  # fmt: skip
    link = secret_in(invited.text).removeprefix("http://vigie.test")
    office.page().post(link, data={"nom": "Première", "mot_de_passe": PASSWORD})
    again = {"email": "seconde@example.org"}
    assert (
        program.post(f"{API}/organisations/{names['Faite par la page']}/administrators", json=again).status_code == 409
    )
    assert program.post(f"{API}/organisations/{made.json()['id']}/administrators", json=again).status_code == 201
    assert office.page("admin").get("/bureau/organisations").status_code == 404
    assert office.api("admin").get(f"{API}/organisations").status_code == 404


def test_a_token_is_shown_once_and_only_reads(home: Home) -> None:
    _, officer, program = home.person(Role.OFFICER)
    made = officer.post("/bureau/jetons", data={"libelle": "Tableur", "jours": "30"})
    assert made.status_code == 201
    secret = secret_in(made.text)
    assert secret not in officer.get("/bureau/jetons").text
    reader = home.office.api()
    reader.headers["Authorization"] = f"Bearer {secret}"
    assert reader.get(f"{API}/me").json()["via"] == "token"
    assert reader.post(f"{API}/tokens", json={"label": "Autre"}).status_code == 404
    (listed,) = program.get(f"{API}/tokens").json()
    assert "token" not in listed
    officer.post(f"/bureau/jetons/{listed['id']}/revoquer")
    assert reader.get(f"{API}/me").status_code == 401
    other = program.post(f"{API}/tokens", json={"label": "Carte", "days": 10}).json()
    assert program.delete(f"{API}/tokens/{other['id']}").status_code == 204
    assert officer.post("/bureau/jetons", data={"libelle": "", "jours": "30"}).status_code == 422
    assert officer.post("/bureau/jetons", data={"libelle": "a", "jours": "beaucoup"}).status_code == 422


def test_a_head_is_confirmed_by_an_officer_or_by_their_address(home: Home) -> None:
    _, inhabitant, inhabitant_program = home.person(Role.INHABITANT)
    _, officer, officer_program = home.person(Role.OFFICER)
    assert inhabitant.post("/bureau/rattachement", data={"siren": "12"}).status_code == 422
    way = f"/bureau/rattachement?siren={SIREN_PARTNER}"
    assert way in inhabitant.get(f"/entreprise/{SIREN_PARTNER}").text
    assert way not in officer.get(f"/entreprise/{SIREN_PARTNER}").text
    assert f'value="{SIREN_PARTNER}"' in inhabitant.get(way).text
    assert 'href="/bureau/appels"' in inhabitant.get("/bureau").text
    asked = html.unescape(inhabitant.post("/bureau/rattachement", data={"siren": SIREN_PARTNER}).text)
    assert "en attente" in asked and "Votre demande est enregistrée" in asked
    assert inhabitant.post("/bureau/rattachement", data={"siren": SIREN_PARTNER}).status_code == 409
    (claim,) = officer_program.get(f"{API}/firm-links").json()
    assert claim["email"] in officer.get("/bureau/rattachements").text
    assert "La demande est refusée." in officer.post(f"/bureau/rattachements/{claim['id']}/refuser").text
    assert inhabitant_program.get(f"{API}/firm-links/mine").json()[0]["state"] == "refused"
    second = inhabitant_program.post(f"{API}/firm-links", json={"siren": SIREN_PARTNER}).json()
    confirmed = officer_program.post(f"{API}/firm-links/{second['id']}/confirmation").json()
    assert confirmed["state"] == "confirmed"
    assert inhabitant_program.get(f"{API}/me").json()["role"] == "dirigeant"
    assert officer_program.post(f"{API}/firm-links/{second['id']}/refusal").status_code == 409
    gmail = officer.post("/bureau/rattachements/domaines", data={"siren": SIREN_AWAY, "domaine": "gmail.com"})
    assert gmail.status_code == 422
    assert "ne prouve rien" in html.unescape(gmail.text)
    officer.post("/bureau/rattachements/domaines", data={"siren": SIREN_AWAY, "domaine": "example.org"})
    _, other, other_program = home.person(Role.INHABITANT)
    host = home.office.api("super_admin")
    asked = [one for one in host.get(f"{API}/attestations").json()["results"] if one["kind"] == "domain"]
    assert host.post(f"{API}/attestations/{asked[0]['id']}/grant").status_code == 204
    assert "confirmé" in other.post("/bureau/rattachement", data={"siren": SIREN_AWAY}).text
    assert other_program.get(f"{API}/me").json()["role"] == "dirigeant"
    (domain,) = officer_program.get(f"{API}/firm-domains").json()
    officer.post(f"/bureau/rattachements/domaines/{domain['id']}/retirer")
    made = officer_program.post(f"{API}/firm-domains", json={"siren": SIREN_AWAY, "domain": "example.org"})
    assert made.status_code == 201
    assert officer_program.delete(f"{API}/firm-domains/{made.json()['id']}").status_code == 204


def test_an_inhabitant_signs_up_by_the_page_and_by_the_api(home: Home) -> None:
    anyone = home.office.page()
    assert f'value="{home.id}"' in anyone.get("/inscription").text
    asked = anyone.post("/inscription", data={"courriel": "habitante@example.org", "organisation": home.id})
    assert "Regardez votre courrier" in asked.text
    link = re.findall(r"http://vigie\.test(/invitation/\S+)", home.letters()[-1].body or "")[0]
    entered = anyone.post(link, data={"nom": "Habitante", "mot_de_passe": PASSWORD})
    assert "Habitante, dites ce que votre commune cherche" in entered.text
    assert home.office.page().post("/inscription", data={"courriel": "x", "organisation": home.id}).status_code == 422
    program = home.office.api()
    assert home.id in {one["id"] for one in program.get(f"{API}/sign-ups/organisations").json()}
    body = {"email": "habitant@example.org", "organisation": home.id}
    assert program.post(f"{API}/sign-ups", json=body).status_code == 202
    assert len(home.letters()) == 2


def test_a_forgotten_password_by_the_page_and_by_the_api(home: Home) -> None:
    email, officer, _ = home.person(Role.OFFICER)
    anyone = home.office.page()
    known = anyone.post("/connexion/oubli", data={"courriel": email})
    unknown = anyone.post("/connexion/oubli", data={"courriel": "jamais.vue@example.org"})
    assert known.text == unknown.text
    link = re.findall(r"http://vigie\.test(/connexion/oubli/\S+)", home.letters()[-1].body or "")[0]
    assert anyone.get(link).status_code == 200
    assert anyone.post(link, data={"nouveau_mot_de_passe": "court"}).status_code == 422
    assert "Mot de passe changé" in anyone.post(link, data={"nouveau_mot_de_passe": PASSWORD + " neuf"}).text
    assert anyone.get(link).status_code == 404
    assert officer.get("/bureau").url.path == "/connexion"
    assert home.office.api().post(f"{API}/password-recoveries", json={"email": email}).status_code == 202
    token = (home.letters()[-1].body or "").split("/connexion/oubli/")[1].split()[0]
    body = {"token": token, "password": PASSWORD}
    assert home.office.api().put(f"{API}/password-recoveries/current", json=body).status_code == 204
    assert home.office.api().put(f"{API}/password-recoveries/current", json=body).status_code == 404
    assert token not in "\n".join(line for line in home.office.log if line.startswith("vigie"))


def test_the_host_starts_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data-dir", str(tmp_path)]
    assert main(["org", "list", *where]) == 0
    assert "Aucune organisation" in capsys.readouterr().out
    assert (
        main(["org", "create", "Hébergeur", "--kind", "hebergeur", "--admin", "h@example.org", "--json", *where]) == 0
    )
    assert json.loads(capsys.readouterr().out)["invitation"]["role"] == "super_admin"
    command = ["org", "create", "Pays d’essai", "--territory", "epci:248500621", "--admin", "a@example.org", *where]
    assert main([*command, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["invitation"]["link"].startswith("http://127.0.0.1:8000/invitation/")
    invite = ["user", "invite", "d@example.org", "--org", made["organisation"]["id"], *where]
    assert main([*invite, "--role", "dirigeant", "--siren", SIREN_PARTNER, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["siren"] == SIREN_PARTNER
    assert main([*invite, "--role", "super_admin"]) == 1
    assert "Choisissez un rôle" in capsys.readouterr().err
    assert main([*invite, "--role", "elu"]) == 0
    assert "/invitation/" in capsys.readouterr().out
    assert main(["user", "list", "--org", made["organisation"]["id"], "--json", *where]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["user", "list", "--org", made["organisation"]["id"], *where]) == 0
    assert main(["org", "list", *where]) == 0
    assert "Pays d’essai" in capsys.readouterr().out
    assert main(["org", "create", "Autre", "--kind", "inconnue", "--admin", "a@example.org", *where]) == 1


def test_a_head_of_two_firms_switches_on_their_pages(home: Home) -> None:
    _, officer, program = home.person(Role.OFFICER)
    _, head, as_program = home.person(Role.INHABITANT)
    first, second = (f"{home.id}:{siren}" for siren in (SIREN_PARTNER, SIREN_AWAY))
    for siren in (SIREN_PARTNER, SIREN_AWAY):
        assert "Agir pour" not in head.get("/bureau").text
        assert "en attente" in head.post("/bureau/rattachement", data={"siren": siren}).text
        claims = program.get(f"{API}/firm-links").json()
        [claim] = [one for one in claims if one["state"] == "waiting"]
        officer.post(f"/bureau/rattachements/{claim['id']}/confirmer")
    for page in ("/bureau", "/bureau/mon-compte", "/bureau/mon-entreprise"):
        shown = head.get(page).text
        assert f'value="{first}" selected' in shown, page
        assert f'value="{second}"' in shown, page
    head.post("/bureau/changer-organisation", data={"organisation": second})
    assert f'value="{second}" selected' in head.get("/bureau/mon-entreprise").text
    assert head.get(f"/bureau/entreprise/{SIREN_PARTNER}").status_code == 404, "one firm at a time"
    elsewhere = {"organisation": f"{home.id}:{SIREN_HERE}"}
    assert head.post("/bureau/changer-organisation", data=elsewhere).status_code == 404
    asked = {"organisation": home.id, "siren": SIREN_AWAY}
    told = as_program.post(f"{API}/sessions/current/organisation", json=asked).json()
    assert told["organisation"]["siren"] == SIREN_AWAY
