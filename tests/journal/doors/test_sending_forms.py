"""A form happens once and stands for what it held; what is typed survives a key already used and an ended session."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_HERE
from tests.journal.doors.office import Office
from tests.not_empty import not_empty
from vigie.interfaces.http import SESSION_COOKIE
from vigie.interfaces.web.environment import environment
from vigie.services.accounts.passwords import Passwords
from vigie.services.keys import Keys
from vigie.store.journal.followup import Contact
from vigie.store.journal.people import Person, SignIn
from vigie.store.journal.records import JournalEvent

DOSSIERS, API = "/bureau/dossiers", "/api/v1/desk"
PASSWORD = "une phrase assez longue"  # noqa: S105
TEXT = "Visite de l’atelier : « presse & <four> », rappeler en mars."


class Forms(HTMLParser):
    """The forms that a page posts, by address, each with the values of its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.posted: list[tuple[str, dict[str, str]]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = told.get("method") == "post"
            if self._open:
                self.posted.append((told.get("action", ""), {}))
        elif tag == "input" and self._open and told.get("type") == "hidden":
            self.posted[-1][1][told["name"]] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False


def hidden(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form of a page that is sent to an address."""
    found = [fields for address, fields in Forms(page).posted if address == action]
    assert found, (action, [address for address, _ in Forms(page).posted])
    return found[0]


@pytest.fixture
def dossier(office: Office) -> Iterator[str]:
    entry = {"kind": "holder", "title": "Un atelier", "summary": "Au départ"}
    made = office.api("officer").post(f"{API}/dossiers", json=entry).json()
    yield f"{DOSSIERS}/{made['id']}"


def contacts(office: Office, dossier: str) -> list[str]:
    with office.desk.journal.reading(office.cast.officer) as reader:
        found = reader.all(select(Contact.name).where(Contact.dossier_id == dossier.rpartition("/")[2]))
    return sorted(name or "" for name in found)


def test_every_form_of_every_template_has_a_key() -> None:
    loader = environment().loader
    assert loader is not None
    counted = 0
    for name in not_empty(loader.list_templates()):
        source = loader.get_source(environment(), name)[0]
        written = environment().preprocess(source)
        opened = len(re.findall(r'method="post"', source))
        assert written.count("form_key()") == opened, name
        counted += opened
    assert counted > 70


def test_no_two_forms_of_a_page_share_a_key(office: Office, dossier: str) -> None:
    page = office.page("officer").get(dossier).text
    keys = [fields["once"] for _, fields in Forms(page).posted]
    assert len(keys) > 5
    assert len(set(keys)) == len(keys)


def test_the_same_form_twice_writes_once_and_another_content_is_refused_with_its_text(
    office: Office, dossier: str
) -> None:
    """A double click, then the Back button and another text."""
    browser = office.page("officer", follow=False)
    sent = hidden(browser.get(dossier).text, f"{dossier}/contacts") | {"name": "Zoé Un", "source": "salon"}
    first, again = (browser.post(f"{dossier}/contacts", data=sent) for _ in range(2))
    assert first.status_code == again.status_code == 303
    other = browser.post(f"{dossier}/contacts", data=sent | {"name": "Zoé Deux"})
    assert other.status_code == 409
    assert "avec un autre contenu" in other.text
    assert 'value="Zoé Deux"' in other.text
    assert contacts(office, dossier) == ["Zoé Un"]
    anew = hidden(other.text, f"{dossier}/contacts")
    assert anew["once"] != sent["once"]
    assert browser.post(f"{dossier}/contacts", data=sent | anew | {"name": "Zoé Deux"}).status_code == 303
    assert contacts(office, dossier) == ["Zoé Deux", "Zoé Un"]


def test_the_key_of_a_form_does_no_other_act(office: Office, dossier: str) -> None:
    browser = office.page("officer", follow=False)
    sent = hidden(browser.get(dossier).text, f"{dossier}/contacts") | {"name": "Zoé Trois"}
    assert browser.post(f"{dossier}/contacts", data=sent).status_code == 303
    closing = browser.post(f"{dossier}/clore", data={"once": sent["once"]})
    assert closing.status_code == 409
    assert "avec un autre contenu" in closing.text
    assert office.api("officer").get(f"{API}/dossiers/{dossier.rpartition('/')[2]}").json()["state"] == "open"


def test_two_acts_of_an_introduction_with_one_key_are_not_taken_for_one(office: Office) -> None:
    sides = {
        "first": {"siren": SIREN_HERE, "asked": True, "contact_email": "a@example.org"},
        "second": {"label": "Un atelier à naître", "contact_email": "b@example.org"},
    }
    made = office.api("officer").post(f"{API}/introductions", json={"reason": "Deux ateliers", **sides})
    if made.status_code != 201:
        pytest.fail(made.text)
    address = f"/bureau/mises-en-relation/{made.json()['id']}"
    browser = office.page("officer", follow=False)
    key = {"once": Keys.new_token()}
    renewed = browser.post(f"{address}/lien/b", data=key)
    assert renewed.status_code == 303
    abandoned = browser.post(f"{address}/abandon", data=key)
    assert abandoned.status_code == 409
    assert office.api("officer").get(f"{API}/introductions/{made.json()['id']}").json()["state"] == "proposed"


@pytest.mark.parametrize("part", ["officer", "admin"])
def test_a_key_of_the_api_answers_the_same_content_and_refuses_another(office: Office, part: str) -> None:
    api, key = office.api(part), {"Idempotency-Key": f"clef-{part}"}
    entry = {"kind": "holder", "title": "Une pépinière"}
    first = api.post(f"{API}/dossiers", json=entry, headers=key)
    assert first.status_code == 201
    again = api.post(
        f"{API}/dossiers",
        content=b'{ "title" : "Une p\\u00e9pini\\u00e8re", "kind":"holder"}',
        headers={**key, "Content-Type": "application/json"},
    )
    assert again.json()["id"] == first.json()["id"]
    other = api.post(f"{API}/dossiers", json=entry | {"title": "Une autre"}, headers=key)
    assert other.status_code == 409
    assert "clé" in other.json()["erreur"]
    closing = api.post(f"{API}/dossiers/{first.json()['id']}/closing", headers=key)
    assert closing.status_code == 409
    assert api.get(f"{API}/dossiers/{first.json()['id']}").json()["state"] == "open"


def test_the_same_key_of_somebody_else_is_another_request(office: Office) -> None:
    key, made = {"Idempotency-Key": "partagee"}, []
    for part in ("officer", "admin"):
        answer = office.api(part).post(f"{API}/dossiers", json={"kind": "holder", "title": part}, headers=key)
        made.append(answer.json()["id"])
    assert len(set(made)) == 2


def test_a_firm_goes_in_a_first_portfolio_with_a_key_too(office: Office) -> None:
    key = {"Idempotency-Key": "portefeuille"}
    for _ in range(2):
        filled = office.api("admin").post(f"{API}/portfolios/first/members", json={"siren": SIREN_HERE}, headers=key)
        assert [member["siren"] for member in filled.json()["members"]] == [SIREN_HERE]


def signed_in(office: Office, part: str, mail: str) -> str:
    """Give a part of the cast an address and a password, and return their identifier."""
    scope, passwords = getattr(office.cast, part), Passwords()
    with office.desk.journal.writing(scope) as unit:
        person = unit.get(Person, scope.person)
        unit.act("password.renewed", person.id)
        person.email, person.email_key = mail, office.desk.keys.email(mail)
        person.password_hash = passwords.hash(PASSWORD)
    return scope.person


@pytest.fixture
def ended(office: Office) -> Iterator[Mapping[str, str]]:
    """Addresses of the officer and of the admin, who can sign in."""
    mails = {"officer": "agente@example.org", "admin": "admine@example.org"}
    for part, mail in mails.items():
        signed_in(office, part, mail)
    yield mails


def test_what_was_typed_comes_back_in_its_place_after_signing_in(
    office: Office, dossier: str, ended: Mapping[str, str]
) -> None:
    browser = office.page("officer", follow=False)
    typed = {"kind": "visit", "happened_on": "2026-11-20", "body": TEXT, "contact": "", "direction": "together"}
    sent = hidden(browser.get(dossier).text, f"{dossier}/echanges") | typed
    browser.cookies.delete(SESSION_COOKIE)
    seen = len(office.log)
    answer = browser.post(f"{dossier}/echanges", data=sent)
    assert answer.status_code == 401
    assert "pendant douze heures" in answer.text
    assert TEXT not in unescape(answer.text), "sealed: whoever is at the screen does not read it"
    kept = hidden(answer.text, "/connexion")
    back = browser.post("/connexion", data=kept | {"courriel": ended["officer"], "mot_de_passe": PASSWORD})
    assert back.status_code == 200
    assert SESSION_COOKIE in back.cookies
    assert TEXT in unescape(back.text)
    assert "pas encore enregistré" in back.text
    again = hidden(back.text, f"{dossier}/echanges")
    assert browser.post(f"{dossier}/echanges", data=typed | again).status_code == 303
    assert "presse & <four>" in unescape(browser.get(dossier).text)
    assert not [line for line in office.log[seen:] if "presse" in line or kept["garde"] in line]


def test_a_wrong_password_loses_nothing_and_somebody_else_sees_nothing(
    office: Office, dossier: str, ended: Mapping[str, str]
) -> None:
    browser = office.page("officer", follow=False)
    sent = hidden(browser.get(dossier).text, f"{dossier}/contacts") | {"name": "Zoé Cachée"}
    browser.cookies.delete(SESSION_COOKIE)
    kept = hidden(browser.post(f"{dossier}/contacts", data=sent).text, "/connexion")
    wrong = browser.post("/connexion", data=kept | {"courriel": ended["officer"], "mot_de_passe": "autre chose"})
    assert wrong.status_code == 401
    assert hidden(wrong.text, "/connexion")["garde"] == kept["garde"]
    other = browser.post("/connexion", data=kept | {"courriel": ended["admin"], "mot_de_passe": PASSWORD})
    assert other.status_code == 200
    assert "Zoé Cachée" not in unescape(other.text)
    assert "autre compte" in unescape(other.text)


def test_somebody_back_in_another_tab_finds_the_text_too(office: Office, dossier: str) -> None:
    browser, away = office.page("officer", follow=False), office.page(follow=False)
    sent = hidden(browser.get(dossier).text, f"{dossier}/contacts") | {"name": "Zoé Retour"}
    kept = hidden(away.post(f"{dossier}/contacts", data=sent).text, "/connexion/reprise")
    assert away.post("/connexion/reprise", data=kept).status_code == 401
    back = browser.post("/connexion/reprise", data=kept)
    assert 'value="Zoé Retour"' in back.text
    assert "Zoé Retour" not in contacts(office, dossier)


def test_a_form_without_a_page_of_its_own_gives_its_text_back(office: Office, dossier: str) -> None:
    browser, away = office.page("officer", follow=False), office.page(follow=False)
    address = f"{dossier}/repondu"
    key = hidden(browser.get(dossier).text, f"{dossier}/contacts")["once"]
    refused = away.post(address, data={"once": key, "result": "Devis signé par tous"})
    if refused.status_code == 405:
        pytest.fail(address)
    kept = hidden(refused.text, "/connexion/reprise")
    assert "Devis signé par tous" in unescape(browser.post("/connexion/reprise", data=kept).text)


def test_what_is_too_old_is_not_opened(office: Office) -> None:
    keeping = office.desk.accounts.keeping
    sealed = keeping.seal(DOSSIERS, "clef", [("body", TEXT)])
    assert keeping.open(sealed) is not None
    assert keeping.open(sealed[:-3] + "abc") is None
    later = office.desk.journal.now() + timedelta(hours=13)

    class Later:
        def now(self) -> object:
            return later

    assert type(keeping)(Later(), office.desk.keys).open(sealed) is None  # type: ignore[arg-type]


def test_a_page_is_found_again_with_its_filters(office: Office) -> None:
    sent = office.page(follow=False).get(f"{DOSSIERS}?etat=closed&tri=title")
    assert sent.headers["location"].endswith("suite=%2Fbureau%2Fdossiers%3Fetat%3Dclosed%26tri%3Dtitle")


def test_events_keep_no_content_of_a_request(office: Office, dossier: str) -> None:
    with office.desk.journal.reading(office.cast.officer) as reader:
        kept = reader.all(select(JournalEvent.request_content).where(JournalEvent.request_key != ""))
        signs = reader.all(select(SignIn.id))
    assert kept and signs
    assert {len(content) for content in kept} <= {0, 64}


def test_a_button_pressed_twice_is_answered_twice(office: Office) -> None:
    """Each form now has a key: services that never met one answer a second sending too."""
    browser = office.page("admin", follow=False)
    pressed = {"once": Keys.new_token()}
    twice = [browser.post("/bureau/conservation/purge", data=pressed) for _ in "12"]
    assert [answer.status_code for answer in twice] == [200, 200]
    named = hidden(browser.get("/bureau/mon-compte").text, "/bureau/mon-compte") | {"nom": "Zoé Admine"}
    renamed = [browser.post("/bureau/mon-compte", data=named) for _ in "12"]
    assert [answer.status_code for answer in renamed] == [303, 303]
    key = {"Idempotency-Key": "purge-1"}
    purged = [office.api("admin").post(f"{API}/retention/runs", headers=key).status_code for _ in "12"]
    assert purged[0] == purged[1] < 300
