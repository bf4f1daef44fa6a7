"""Coming in and going out by the pages and by the API."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.journal.doors.office import ADDRESS, Office
from tests.journal.passwords import PASSWORD, STORED
from vigie.domain.access import Role, Scope
from vigie.errors import NotSignedIn, TooManyAttempts
from vigie.interfaces.http import DEVICE_COOKIE, SESSION_COOKIE
from vigie.services.accounts.passwords import BY_DEVICE
from vigie.services.accounts.rate_limits import ON_ADDRESS, RateLimiter
from vigie.services.accounts.signing import REFUSED
from vigie.store.journal.people import Attempt, Membership, Organisation, Person
from vigie.store.journal.records import Letter

SESSIONS = "/api/v1/desk/sessions"


@pytest.fixture(scope="module")
def typist(office: Office) -> str:
    """Somebody with a password, in an organisation of their own, so that no other test loses its session."""
    home, person = "typistorganisation".ljust(20, "0"), "typist".ljust(20, "0")
    asked = Scope(Role.SUPER_ADMIN, home, person, via="command")
    email = "typist@example.org"
    with office.desk.journal.writing(asked) as unit:
        unit.act("organisation.created", home)
        unit.add(Organisation(id=home, name="Agence d’essai", kind="agence"))
        key = office.desk.keys.email(email)
        unit.add(Person(id=person, email=email, email_key=key, name="Personne typist", password_hash=STORED))
        unit.add(Membership(person_id=person, role=Role.ANALYST.value))
    return email


def test_the_page_opens_a_session_and_leads_where_one_was_going(office: Office, typist: str) -> None:
    browser = office.page(follow=False)
    sent_away = browser.get("/bureau/mon-compte")
    assert sent_away.headers["location"] == "/connexion?suite=%2Fbureau%2Fmon-compte"
    form = browser.get(sent_away.headers["location"])
    assert 'name="suite" value="/bureau/mon-compte"' in form.text
    assert form.headers["cache-control"] == "no-store"
    entered = browser.post(
        "/connexion", data={"courriel": typist, "mot_de_passe": PASSWORD, "suite": "/bureau/mon-compte"}
    )
    assert (entered.status_code, entered.headers["location"]) == (303, "/bureau/mon-compte")
    cookie = entered.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "Personne typist" in browser.get("/bureau/mon-compte").text
    assert browser.get("/connexion").headers["location"] == "/bureau"
    browser.post("/deconnexion")
    assert browser.get("/bureau").status_code == 303


@pytest.mark.parametrize("email", ["typist@example.org", "inconnue@example.org"])
def test_a_refusal_keeps_the_address_and_never_the_password(office: Office, typist: str, email: str) -> None:
    refused = office.page().post("/connexion", data={"courriel": email, "mot_de_passe": "faux mot de passe"})
    assert refused.status_code == 401
    assert REFUSED in refused.text
    assert email in refused.text
    assert "faux mot de passe" not in refused.text
    said = office.api().post(SESSIONS, json={"email": email, "password": "faux mot de passe"})
    assert (said.status_code, said.json()) == (401, {"erreur": REFUSED})


@pytest.mark.parametrize(
    "back", ["//ailleurs.example", "https://ailleurs.example/", "/\\ailleurs.example", "//[ailleurs"]
)
def test_one_is_never_led_to_another_site(office: Office, typist: str, back: str) -> None:
    data = {"courriel": typist, "mot_de_passe": PASSWORD, "suite": back}
    location = office.page(follow=False).post("/connexion", data=data).headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_another_site_cannot_sign_anybody_in_or_out(office: Office) -> None:
    browser = office.page("officer")
    for path in ("/connexion", "/deconnexion"):
        for origin in ("https://ailleurs.example", "https://[ailleurs", "null"):
            assert browser.post(path, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("token", ["x.999999999999.y", "x.²³.y", "x..", f"{'typist'.ljust(20, '0')}.9999999999.é"])
def test_a_link_that_was_never_sent_is_unknown(office: Office, typist: str, token: str) -> None:
    assert office.page().get(f"/connexion/oubli/{token}").status_code == 404
    asked = {"token": token, "password": PASSWORD}
    assert office.api().put("/api/v1/desk/password-recoveries/current", json=asked).status_code == 404


def test_too_many_tries_wait_and_say_how_long(office: Office) -> None:
    for _ in range(10):
        office.api().post(SESSIONS, json={"email": "cible@example.org", "password": "faux"})
    full = office.api().post(SESSIONS, json={"email": "cible@example.org", "password": "faux"})
    assert full.status_code == 429
    assert 0 < int(full.headers["retry-after"]) <= 900
    page = office.page().post("/connexion", data={"courriel": "cible@example.org", "mot_de_passe": "faux"})
    assert page.status_code == 429
    assert "réessayez dans" in page.text


def test_the_api_opens_reads_and_closes_a_session(office: Office, typist: str) -> None:
    opened = office.api().post(SESSIONS, json={"email": typist, "password": PASSWORD})
    assert opened.status_code == 201
    program = office.api()
    program.headers["Authorization"] = f"Bearer {opened.json()['token']}"
    assert program.get("/api/v1/desk/me").json()["email"] == typist
    assert program.patch("/api/v1/desk/me", json={"name": "  Personne   analyst "}).status_code == 204
    assert program.patch("/api/v1/desk/me", json={"name": " "}).status_code == 400
    wrong = program.put("/api/v1/desk/me/password", json={"current": "faux", "new": "encore quatre mots"})
    assert wrong.status_code == 400
    other = office.api().post(SESSIONS, json={"email": typist, "password": PASSWORD}).json()["token"]
    assert program.delete(SESSIONS).json()["closed"] >= 1
    assert not office.desk.recognising.session(other).scope.person
    assert program.delete(f"{SESSIONS}/current").status_code == 204
    assert program.get("/api/v1/desk/me").status_code == 401


def test_nobody_and_tokens_have_no_session_to_change(office: Office) -> None:
    assert office.api().get("/api/v1/desk/me").status_code == 401
    token = office.api("reading_token")
    assert token.get("/api/v1/desk/me").json()["role"] == "jeton_lecture"
    assert token.patch("/api/v1/desk/me", json={"name": "Autre"}).status_code == 401
    assert token.delete(SESSIONS).status_code == 401


def test_the_account_page_changes_name_and_password(office: Office, typist: str) -> None:
    browser = office.page()
    browser.post("/connexion", data={"courriel": typist, "mot_de_passe": PASSWORD})
    assert "Votre nom est enregistré" in browser.post("/bureau/mon-compte", data={"nom": "Personne typist"}).text
    empty = browser.post("/bureau/mon-compte", data={"nom": ""})
    assert empty.status_code == 422
    assert "Écrivez votre prénom" in empty.text
    path = "/bureau/mon-compte/mot-de-passe"
    short = browser.post(path, data={"mot_de_passe_actuel": PASSWORD, "nouveau_mot_de_passe": "court"})
    assert short.status_code == 422
    assert "compte 5 caractères" in short.text
    good = browser.post(path, data={"mot_de_passe_actuel": PASSWORD, "nouveau_mot_de_passe": PASSWORD + " encore"})
    assert "sont fermées" in good.text
    browser.post(path, data={"mot_de_passe_actuel": PASSWORD + " encore", "nouveau_mot_de_passe": PASSWORD})
    assert "sont fermées" in browser.post("/bureau/mon-compte/sessions").text


def test_the_menu_follows_the_role(office: Office) -> None:
    for part in ("inhabitant", "head", "officer", "admin", "analyst", "elected", "partner", "super_admin"):
        home = office.page(part).get("/bureau")
        assert home.status_code == 200
        assert 'href="/bureau/mon-compte"' in home.text
        assert "Se déconnecter" in home.text
    assert "Se connecter" in office.page().get("/").text


def test_secrets_and_addresses_are_not_logged(office: Office, typist: str) -> None:
    office.page().post("/connexion", data={"courriel": typist, "mot_de_passe": PASSWORD})
    said = "\n".join(line for line in office.log if line.startswith("vigie"))
    assert "POST /connexion" in said
    assert PASSWORD not in said
    assert typist not in said


def test_the_session_cookie_is_secure_where_the_site_is(office: Office, typist: str) -> None:
    browser = office.page(follow=False)
    browser.base_url = ADDRESS.replace("http:", "https:")  # type: ignore[assignment]
    entered = browser.post("/connexion", data={"courriel": typist, "mot_de_passe": PASSWORD})
    cookie = next(value for value in entered.headers.get_list("set-cookie") if value.startswith(SESSION_COOKIE))
    assert "secure" in cookie.casefold()


@pytest.fixture
def fresh(office: Office) -> None:
    """Forget the tries of other tests."""
    with office.desk.journal.writing(Scope()) as unit:
        for one in unit.all(select(Attempt)):
            one.at = datetime(2000, 1, 1, tzinfo=UTC)


def told_to(office: Office, email: str) -> list[Letter]:
    """The letters on wrong passwords that an account received in the typist's organisation."""
    with office.desk.journal.reading(Scope(organisation="typistorganisation".ljust(20, "0"))) as reader:
        letters = reader.all(select(Letter).where(Letter.subject.contains("mot de passe sur votre compte")))
        return [one for one in letters if one.recipient == email]


@pytest.mark.usefixtures("fresh")
def test_strangers_together_never_shut_the_owner_out_of_a_known_device(office: Office, typist: str) -> None:
    owner, good = office.page(follow=False), {"courriel": typist, "mot_de_passe": PASSWORD}
    first = owner.post("/connexion", data=good).cookies[DEVICE_COOKIE]
    assert typist not in first
    assert owner.post("/connexion", data=good).cookies[DEVICE_COOKIE] != first, "each sign-in makes another mark"
    guarding, key = RateLimiter(office.desk.journal, office.desk.keys), office.desk.keys.email(typist)
    for _ in range(ON_ADDRESS.tries):
        guarding.enter((ON_ADDRESS, key))
    for _ in range(3):
        shut = office.page().post("/connexion", data=good)
        assert (shut.status_code, "Trop d’essais" in shut.text) == (429, True)
        assert office.api().post(SESSIONS, json={"email": typist, "password": PASSWORD}).status_code == 429
    (letter,) = told_to(office, typist)
    assert "vous n’avez rien à faire" in (letter.body or "")
    assert owner.post("/connexion", data=good).status_code == 303
    for _ in range(BY_DEVICE.tries):
        assert owner.post("/connexion", data={**good, "mot_de_passe": "faux mot de passe"}).status_code == 401
    assert owner.post("/connexion", data=good).status_code == 429, "a known device has its own count, not none"
    assert len(told_to(office, typist)) == 1


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("mark", ["", "é", "a.b.c", "a.1.c", "." * 3, "~" * 9, "x" * 5000, "a.99999999999.c"])
def test_a_mark_made_elsewhere_is_a_strangers(office: Office, typist: str, mark: str) -> None:
    with pytest.raises(TooManyAttempts):
        for _ in range(BY_DEVICE.tries + 1):
            with suppress(NotSignedIn):
                office.desk.accounts.signing.sign_in(typist, "", "203.0.113.5", device=mark)
