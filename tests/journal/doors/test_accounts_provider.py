"""Sign-in by an identity provider: a real one on a local port, honest then misbehaving in each way it can."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, Cast, settle
from tests.journal.doors.identity_provider import CLIENT, SECRET, Provider, serving
from tests.journal.doors.office import ADDRESS, TestClient
from tests.journal.passwords import PASSWORD, STORED
from vigie.domain.access import Scope
from vigie.errors import NotSignedIn
from vigie.interfaces.server import application
from vigie.services.accounts.inviting import InvitationDraft
from vigie.services.desk import Desk
from vigie.settings import Settings
from vigie.store.journal.people import Identity, Person

OFFICER = {
    "sub": "42",
    "email": "officer@example.org",
    "email_verified": True,
    "given_name": "Nom",
    "usual_name": "Usage",
}


@dataclass
class Site:
    """An installation that names a provider, its cast, and a way to go there and back."""

    provider: Provider
    desk: Desk
    cast: Cast
    browser: TestClient

    def leave(self, query: str = "") -> str:
        """Go to the provider; return the address that it sends the browser back to, without its host."""
        gone = self.browser.get(f"/connexion/externe{query}")
        assert gone.status_code == 303, gone.text
        back = httpx.get(gone.headers["location"]).headers["location"]
        assert back.startswith(f"{ADDRESS}/connexion/retour?")
        return back.removeprefix(ADDRESS)

    def come_back(self, query: str = "") -> httpx.Response:
        """Go to the provider and come back."""
        return self.browser.get(self.leave(query))


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with serving() as served:
        yield served


@pytest.fixture
def site(provider: Provider, tmp_path: Path) -> Iterator[Site]:
    for name, value in vars(Provider(issuer=provider.issuer, key=provider.key, other=provider.other)).items():
        setattr(provider, name, value)
    provider.person = dict(OFFICER)
    settings = Settings(
        data_dir=tmp_path / "data", secret="secret of the site", public_url=ADDRESS,  # noqa: S106
        oidc_issuer=provider.issuer, oidc_client=CLIENT, oidc_secret=SECRET,
    )  # fmt: skip
    app = application(settings)
    with ExitStack() as stack:
        browser = stack.enter_context(TestClient(app, ADDRESS, raise_server_exceptions=False, follow_redirects=False))
        desk: Desk = app.routes[0].app.state.desk  # type: ignore[attr-defined]
        yield Site(provider, desk, settle(desk.journal, desk.keys), browser)


def identities(site: Site) -> list[str]:
    with site.desk.journal.reading(Scope(organisation=HERE)) as reader:
        return list(reader.all(select(Identity.person_id)))


@pytest.mark.parametrize("signed", [False, True], ids=["json", "jwt"])
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_known_person_comes_in_and_is_recognised_again(site: Site, signed: bool, method: str) -> None:
    site.provider.signed_userinfo, site.provider.method = signed, method
    assert "/connexion/externe" in site.browser.get("/connexion").text
    entered = site.come_back()
    assert (entered.status_code, entered.headers["location"]) == (303, "/bureau")
    assert "Personne officer" in site.browser.get("/bureau").text
    assert identities(site) == [site.cast.officer.person]
    site.browser.cookies.clear()
    site.provider.person |= {"email": "autre@example.org", "email_verified": False}
    site.come_back()
    assert "Personne officer" in site.browser.get("/bureau").text
    assert identities(site) == [site.cast.officer.person]


@pytest.mark.parametrize("change", [{"email_verified": False}, {"email_verified": None}, {"email": ""},
                                    {"email": "inconnue@example.org"}, {"email_verified": "true"}])  # fmt: skip
def test_a_new_identity_needs_a_verified_address_that_is_known(site: Site, change: dict[str, Any]) -> None:
    site.provider.person |= change
    refused = site.come_back()
    assert refused.status_code == 401
    assert "session=" not in str(refused.headers)
    assert identities(site) == []


def test_the_identity_takes_the_place_of_a_password_chosen_before(site: Site) -> None:
    scope = site.cast.officer
    with site.desk.journal.writing(scope) as unit:
        unit.act("password.changed", scope.person)
        unit.get(Person, scope.person).password_hash = STORED
    before = site.desk.accounts.signing.sign_in("officer@example.org", PASSWORD)
    assert site.come_back().status_code == 303
    assert not site.desk.recognising.session(before.secret).scope.person
    with pytest.raises(NotSignedIn):
        site.desk.accounts.signing.sign_in("officer@example.org", PASSWORD)


def test_an_invitation_is_accepted_by_the_address_it_was_sent_to(site: Site) -> None:
    made = site.desk.accounts.inviting.invite(site.cast.admin, InvitationDraft("neuve@example.org", "elu"))
    token = made.link.rpartition("/")[2]
    assert f"/connexion/externe?invitation={token}" in site.browser.get(f"/invitation/{token}").text
    assert site.come_back(f"?invitation={token}").status_code == 401, "autre adresse"
    site.provider.person |= {"sub": "43", "email": "Neuve@example.org"}
    assert site.come_back(f"?invitation={token}").status_code == 303
    assert "Nom Usage, voici ce que donnent les rencontres" in site.browser.get("/bureau").text
    site.browser.cookies.clear()
    assert site.come_back(f"?invitation={token}").status_code == 409
    assert site.come_back().headers["location"] == "/bureau"
    with pytest.raises(NotSignedIn):
        site.desk.accounts.signing.sign_in("neuve@example.org", PASSWORD)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "autre"}, {"nonce": None}, {"aud": "autre"}, {"aud": [CLIENT, "autre"], "azp": "autre"},
        {"iss": "http://autre.example"}, {"exp": int(time.time()) - 600}, {"exp": None}, {"iat": None},
        {"sub": "autre que userinfo"},
    ],
)  # fmt: skip
def test_a_token_with_a_wrong_claim_is_refused(site: Site, claims: dict[str, Any]) -> None:
    site.provider.id_token = claims
    refused = site.come_back()
    assert refused.status_code == 401
    assert "confirmé votre identité" in refused.text
    assert site.browser.get("/bureau").status_code == 303


@pytest.mark.parametrize("forged", ["none", "HS256", "key"])
def test_a_forged_signature_is_refused(site: Site, forged: str) -> None:
    site.provider.forged = forged
    assert site.come_back().status_code == 401


@pytest.mark.parametrize("change", [{"iss": "http://autre.example"}, {"aud": "autre"}])
def test_a_signed_userinfo_for_another_is_refused(site: Site, change: dict[str, Any]) -> None:
    site.provider.signed_userinfo, site.provider.userinfo = True, change
    assert site.come_back().status_code == 401


def test_a_return_that_was_not_asked_for_is_refused(site: Site) -> None:
    back = site.leave()
    parts = parse_qs(urlsplit(back).query)
    for query in (f"code={parts['code'][0]}&state=autre", "code=x&state=é", f"state={parts['state'][0]}", "",
                  f"code=x&state={parts['state'][0]}&iss=http://autre.example"):  # fmt: skip
        site.browser.get("/connexion/externe")
        assert site.browser.get(f"/connexion/retour?{query}").status_code == 401
    site.browser.cookies.clear()
    assert site.browser.get(back).status_code == 401, "sans témoin scellé"


def test_a_code_serves_once_and_a_refusal_is_said(site: Site) -> None:
    back = site.leave()
    assert site.browser.get(back).status_code == 303
    assert site.browser.get(back).status_code == 401
    site.provider.refused = True
    site.browser.cookies.clear()
    assert site.come_back().status_code == 401


def test_signing_out_offers_to_leave_the_provider_too(site: Site) -> None:
    site.come_back()
    out = site.browser.post("/deconnexion")
    assert out.headers["location"] == "/deconnexion/faite"
    assert "/deconnexion/externe" in site.browser.get("/deconnexion/faite").text
    assert site.browser.get("/bureau").status_code == 303
    end = site.browser.get("/deconnexion/externe").headers["location"]
    assert end.startswith(f"{site.provider.issuer}/end?")
    assert httpx.get(end).headers["location"] == f"{ADDRESS}/"
    assert site.provider.seen
    assert site.browser.get("/deconnexion/externe").headers["location"] == "/"


def test_a_silent_provider_leaves_the_password(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret="s", public_url=ADDRESS, oidc_issuer="http://127.0.0.1:9",  # noqa: S106
                        oidc_client=CLIENT, oidc_secret=SECRET)  # fmt: skip
    with TestClient(application(settings), ADDRESS, follow_redirects=False) as browser:
        said = browser.get("/connexion/externe")
        assert said.status_code == 503
        assert "employez votre mot de passe" in said.text
        assert 'name="mot_de_passe"' in said.text


def test_without_a_provider_there_is_no_such_door(tmp_path: Path) -> None:
    with TestClient(application(Settings(data_dir=tmp_path, secret="s")), ADDRESS, follow_redirects=False) as browser:  # noqa: S106
        assert "/connexion/externe" not in browser.get("/connexion").text
        assert browser.get("/connexion/externe").status_code == 404
        assert browser.get("/connexion/retour?code=x&state=y").status_code == 401
