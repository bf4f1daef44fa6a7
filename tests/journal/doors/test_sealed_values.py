"""Whatever is sealed opens one thing: elsewhere, cut short or made by another installation, it is refused in French."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.journal.cast import HERE, SIREN_HERE
from tests.journal.doors.office import READING_TOKEN, Office, Visitor
from tests.journal.passwords import PASSWORD, STORED
from vigie.domain.access import Role, Scope
from vigie.interfaces.http import DEVICE_COOKIE, SESSION_COOKIE
from vigie.interfaces.web.desk.provider import SEAL_COOKIE
from vigie.interfaces.web.desk.signing import FAREWELL_COOKIE
from vigie.services.accounts.form_across_sign_in import FormKeeper
from vigie.services.accounts.passwords import WrongPasswords
from vigie.services.accounts.provider import Provider
from vigie.services.accounts.rate_limits import RateLimiter
from vigie.services.accounts.signing import Recovering
from vigie.services.firms.objections import LIFTING, PURPOSE
from vigie.services.introductions.links import ANSWER, CONSENT, SATISFACTION, WITHDRAWAL
from vigie.services.keys import Keys
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.people import Attempt, Invitation, Membership, Person

API = "/api/v1/desk"
HOLDER = "holderofsealedvalues"
EMAIL = "holder@example.org"
LINKS = (CONSENT, WITHDRAWAL, SATISFACTION, ANSWER, PURPOSE, LIFTING, "attest-letter", "attest-domain")
SEALED = ("device", "kept form", "arrival", "farewell", "recovery", "form key")
STORED_ONES = ("session", "api token", "invitation", *(f"link {purpose}" for purpose in LINKS))
Answer = Callable[[TestClient, str], object]


def made(office: Office, keys: Keys) -> dict[str, str]:
    """One value of each use that carries its own seal."""
    journal, desk = office.desk.journal, office.desk
    guarding, provider = RateLimiter(journal, keys), Provider(office.settings, keys)
    knocking = WrongPasswords(journal, keys, guarding, desk.accounts.recovering._mail)
    recovering = Recovering(journal, keys, guarding, desk.accounts.recovering._passwords, knocking._mail)
    with journal.reading(Scope(person=HOLDER)) as reader:
        person = reader.get(Person, HOLDER)
    until = int((journal.now() + timedelta(minutes=30)).timestamp())
    words = dict.fromkeys(("state", "nonce", "verifier", "invitation", "back"), "x")
    return {
        "device": knocking.marked(keys.email(EMAIL), ""),
        "kept form": FormKeeper(journal, keys).seal("/bureau/dossiers", keys.form_key("x"), [("titre", "Un essai")]),
        "arrival": str(provider._arrivals.dumps(words)),
        "farewell": provider.seal("x"),
        "recovery": f"{HOLDER}.{until}.{recovering._proof(person, until)}",
        "form key": keys.form_key("x"),
    }


@pytest.fixture(scope="module")
def values(office: Office) -> dict[str, str]:
    """One live value of each use, those that the journal keeps the hash of included."""
    officer, keys = office.cast.officer, office.desk.keys
    with office.desk.journal.writing(Scope(Role.SUPER_ADMIN, HERE, HOLDER, via="command")) as unit:
        unit.act("organisation.created", HERE)
        key = keys.email(EMAIL)
        unit.add(Person(id=HOLDER, email=EMAIL, email_key=key, name="Personne d’essai", password_hash=STORED))
        unit.add(Membership(person_id=HOLDER, role=Role.ANALYST.value))
        head = unit.one(select(Membership.id).where(Membership.siren == SIREN_HERE, Membership.organisation_id == HERE))
        found = {"session": office.cast.secrets["officer"], "api token": READING_TOKEN, "invitation": Keys.new_token()}
        unit.add(
            Invitation(
                email="guest@example.org", role=Role.ELECTED.value, invited_by=officer.person,
                expires_at=unit.now + timedelta(days=2), key_hash=keys.hash_token(found["invitation"]),
            )
        )  # fmt: skip
        for purpose in LINKS:
            found[f"link {purpose}"] = token = Keys.new_token()
            unit.add(
                ConsentKey(
                    key_hash=keys.hash_token(token), purpose=purpose, subject_id=head or "",
                    created_at=unit.now, expires_at=unit.now + timedelta(days=2),
                )
            )  # fmt: skip
    return found | made(office, keys)


@pytest.fixture
def browser(office: Office) -> Iterator[TestClient]:
    """A browser of nobody, whose tries are not those of other tests."""
    with office.desk.journal.writing(Scope()) as unit:
        for one in unit.all(select(Attempt)):
            one.at = unit.now - timedelta(days=9)
    yield Visitor(office, follow_redirects=False)


def _with_cookie(name: str, path: str) -> Answer:
    return lambda browser, value: browser.get(path, headers={"Cookie": f"{name}={quote(value, safe='')}"})


def _sign_in(browser: TestClient, value: str) -> object:
    wrong = {"courriel": EMAIL, "mot_de_passe": "faux mot de passe"}
    return browser.post("/connexion", data=wrong, headers={"Cookie": f"{DEVICE_COOKIE}={quote(value, safe='')}"})


def _at(address: str, method: str = "GET", **more: object) -> Answer:
    def call(browser: TestClient, value: str) -> object:
        return browser.request(method, address.format(quote(value, safe="")), **more)  # type: ignore[arg-type]

    return call


NEW = {"nouveau_mot_de_passe": PASSWORD + " neuf"}
JOIN = {"nom": "Une personne", "mot_de_passe": PASSWORD + " neuf"}
DOORS: dict[str, tuple[frozenset[str], Answer]] = {
    "session cookie": (frozenset({"session"}), _with_cookie(SESSION_COOKIE, "/bureau/mon-compte")),
    "device cookie": (frozenset(), _sign_in),
    "bearer": (
        frozenset({"session", "api token"}),
        lambda browser, value: browser.get(f"{API}/me", headers={"Authorization": f"Bearer {quote(value, safe='')}"}),
    ),
    "kept form": (frozenset(), lambda browser, value: browser.post("/connexion/reprise", data={"garde": value})),
    "arrival": (frozenset(), _with_cookie(SEAL_COOKIE, "/connexion/retour?state=x&code=x")),
    "farewell": (frozenset({"farewell"}), _with_cookie(FAREWELL_COOKIE, "/deconnexion/externe")),
    "recovery": (frozenset({"recovery"}), _at("/connexion/oubli/{}")),
    "recovery sent": (frozenset({"recovery"}), _at("/connexion/oubli/{}", "POST", data=NEW)),
    "invitation": (frozenset({"invitation"}), _at("/invitation/{}")),
    "invitation sent": (frozenset({"invitation"}), _at("/invitation/{}", "POST", data=JOIN)),
    "offer": (frozenset({"invitation"}), _at(API + "/invitations/{}/offer")),
}
for _name, _purposes in (
    ("attestation/", ("attest-letter", "attest-domain")),
    ("opposition/", (PURPOSE, LIFTING)),
    ("", (CONSENT, WITHDRAWAL, SATISFACTION, ANSWER)),
):
    _own = frozenset(f"link {purpose}" for purpose in _purposes)
    DOORS |= {
        f"/lien/{_name}": (_own, _at(f"/lien/{_name}{{}}")),
        f"/lien/{_name} sent": (_own, _at(f"/lien/{_name}{{}}", "POST", data={"decision": "accepter"})),
    }


def refused(answer: object) -> None:
    """Check that an answer refuses, in French, and fails on nothing."""
    status, text = answer.status_code, answer.text  # type: ignore[attr-defined]
    if status == 303:  # a page of the desk leads nobody anywhere but to sign in, or home
        assert answer.headers["location"].partition("?")[0] in {"/connexion", "/"}  # type: ignore[attr-defined]
        return
    assert status in {400, 401, 404, 409}, (status, text[:300])
    assert '{"erreur":' in text.replace(" ", "") or 'lang="fr"' in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("door", "use"),
    [(door, use) for door, (own, _) in DOORS.items() for use in (*SEALED, *STORED_ONES) if use not in own],
)
def test_what_is_sealed_for_one_use_opens_no_other(
    browser: TestClient, values: dict[str, str], door: str, use: str
) -> None:
    _, call = DOORS[door]
    refused(call(browser, values[use]))


@pytest.mark.parametrize("use", [*SEALED, *STORED_ONES])
@pytest.mark.parametrize("door", DOORS)
def test_what_is_cut_short_opens_nothing(browser: TestClient, values: dict[str, str], door: str, use: str) -> None:
    _, call = DOORS[door]
    whole = values[use]
    for kept in (whole[:-1], whole[: len(whole) // 2], whole[1:], whole + "A", f"{whole}\x00", f"é{whole}"):
        refused(call(browser, kept))


@pytest.mark.parametrize("use", SEALED)
@pytest.mark.parametrize("door", DOORS)
def test_what_another_installation_sealed_opens_nothing(
    office: Office, browser: TestClient, door: str, use: str
) -> None:
    _, call = DOORS[door]
    refused(call(browser, made(office, Keys(b"the secret of another installation"))[use]))
