"""Signing in by an identity provider (OpenID Connect), and who it says that people are."""

from __future__ import annotations

import hmac
import secrets
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from sqlalchemy import select

from vigie.domain.access import Scope
from vigie.errors import NotFound, NotSignedIn, SourceUnavailable
from vigie.services.accounts.joining import held_by
from vigie.services.accounts.sessions import Opened, close_all, open_session, places_of
from vigie.services.keys import Keys
from vigie.store.journal.people import Identity, Person

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

    from vigie.services.accounts.joining import Joining
    from vigie.settings import Settings
    from vigie.store.journal.port import Journal, Unit

_NOBODY = (
    "Votre identité est reconnue, mais aucun compte ne porte cette adresse : "
    "demandez une invitation à votre organisation."
)


class Identities:
    """Opens sessions for people whom the provider vouches for."""

    def __init__(self, journal: Journal, keys: Keys, joining: Joining) -> None:
        self._journal, self._keys, self._joining = journal, keys, joining

    def enter(self, claims: Claims, invitation: str = "") -> Opened:
        """Open a session; with the token of an invitation, take the place it offers first.

        Raises `NotSignedIn` when the identity is new and its address unverified, unknown, or not the one invited.
        """
        key = self._keys.fingerprint("identity", f"{claims.issuer}\n{claims.subject}")
        with self._journal.writing(Scope(key=key, via="session")) as unit:
            known = unit.one(select(Identity).where(Identity.key_hash == key, Identity.deleted_at.is_(None)))
            if invitation:
                return self._accept(unit, claims, invitation, "" if known else key)
            if known is not None:
                unit.moving(replace(unit.scope, organisation=known.organisation_id, person=known.person_id, key=""))
                return open_session(unit, unit.get(Person, known.person_id), "oidc")
            return self._attach_known(unit, claims, key)

    def _accept(self, unit: Unit, claims: Claims, token: str, key: str) -> Opened:
        unit.moving(Scope(key=Keys.hash_token(token), via="consent"))
        held = held_by(unit, token)
        if not claims.email_verified or self._keys.email(claims.email) != self._keys.email(held.email or ""):
            raise NotSignedIn("L’adresse que confirme le service d’identité n’est pas celle de l’invitation.")
        person = self._joining.join(unit, held, claims.name or claims.email)
        if key:
            _attach(unit, person, claims, key)
        return open_session(unit, person, "oidc", held.organisation_id, held.siren)

    def _attach_known(self, unit: Unit, claims: Claims, key: str) -> Opened:
        if not claims.email_verified or not claims.email:
            raise NotSignedIn("Le service d’identité ne confirme pas votre adresse : employez votre mot de passe.")
        email = self._keys.email(claims.email)
        unit.moving(Scope(key=email, via="session"))
        person = unit.one(select(Person).where(Person.email_key == email, Person.deleted_at.is_(None)))
        if person is None:
            raise NotSignedIn(_NOBODY)
        unit.moving(replace(unit.scope, person=person.id))
        places = places_of(unit, person.id)
        if not places:
            raise NotSignedIn(_NOBODY)
        unit.moving(replace(unit.scope, organisation=places[0].organisation, key=""))
        _attach(unit, person, claims, key)
        return open_session(unit, person, "oidc")


def _attach(unit: Unit, person: Person, claims: Claims, key: str) -> None:
    """Attach the identity; it takes the place of the password, which somebody else may have chosen before."""
    unit.act("identity.attached", person.id)
    person.password_hash = None
    unit.add(Identity(person_id=person.id, issuer=claims.issuer[:200], key_hash=key))
    unit.flush()
    close_all(unit, person.id, tokens=True)


SEAL_SECONDS = 600
_ALGORITHMS = ["RS256", "PS256", "ES256"]
_LEEWAY, _TIMEOUT = 60, 10.0
"""Seconds that the provider's clock may differ by, and that its answer may take while a person waits."""
_UNSURE = "Le service d’identité n’a pas confirmé votre identité : recommencez la connexion."


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider vouches for."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody back from the provider; `farewell` is what its sign-out asks for."""

    claims: Claims
    invitation: str
    farewell: str
    back: str = ""


class Provider:
    """Speaks to the provider of the settings; nothing of a sign-in is kept here between its two halves."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        self._settings = settings
        # A salt for each use: what was sealed for one opens nothing in the place of another.
        secret = keys.fingerprint("oidc", "seal")
        self._arrivals = URLSafeTimedSerializer(secret, salt="vigie.oidc.arrival")
        self._farewells = URLSafeTimedSerializer(secret, salt="vigie.oidc.farewell")
        self._back = f"{settings.public_url}/connexion/retour"

    @property
    def configured(self) -> bool:
        """Tell whether the installation names a provider."""
        return bool(self._settings.oidc_issuer and self._settings.oidc_client)

    def start(self, invitation: str = "", back: str = "") -> tuple[str, str]:
        """Return where to send the browser, and the sealed words that it must bring back.

        Raises `NotFound` when no provider is named, `SourceUnavailable` when it does not answer.
        """
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        with self._client() as client:
            endpoint = self._metadata(client)["authorization_endpoint"]
            address, _ = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        sealed = self._arrivals.dumps(
            {"state": state, "nonce": nonce, "verifier": verifier, "invitation": invitation, "back": back}
        )
        return str(address), str(sealed)

    def finish(self, answer: Mapping[str, str], sealed: str) -> Arrival:
        """Return who came back; `answer` is the query of the return address.

        Raises `NotSignedIn` when the state, the code, the signature or any claim is not as it should be.
        """
        try:
            kept: dict[str, str] = self._arrivals.loads(sealed, max_age=SEAL_SECONDS)
        except BadData:
            raise NotSignedIn("La connexion a pris trop de temps, ou a commencé ailleurs : recommencez.") from None
        if not hmac.compare_digest(kept["state"].encode(), answer.get("state", "").encode()) or not answer.get("code"):
            raise NotSignedIn(_UNSURE)
        if answer.get("iss", self._settings.oidc_issuer) != self._settings.oidc_issuer:
            raise NotSignedIn(_UNSURE)
        with self._client() as client:
            metadata = self._metadata(client)
            try:
                client.token_endpoint_auth_method = _method(metadata)
                token = client.fetch_token(
                    metadata["token_endpoint"], code=answer["code"], code_verifier=kept["verifier"]
                )
                keys = _key_set(client.request("GET", metadata["jwks_uri"], withhold_token=True))
                told = self._read(token["id_token"], keys, {"nonce": {"essential": True, "value": kept["nonce"]}})
                more = self._userinfo(client.get(metadata["userinfo_endpoint"]), keys)
            except httpx.HTTPError as fault:
                raise _silent() from fault
            except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError):
                raise NotSignedIn(_UNSURE) from None
        if more.get("sub") != told["sub"]:
            raise NotSignedIn(_UNSURE)
        claims = _claims(self._settings.oidc_issuer, told | more)
        return Arrival(claims, kept["invitation"], str(token["id_token"]), kept.get("back", ""))

    def seal(self, text: str) -> str:
        """Return a text that only this installation can have written."""
        return str(self._farewells.dumps({"farewell": text}))

    def goodbye(self, sealed: str) -> str:
        """Return where to sign out of the provider too; the site's home when it has no such address."""
        try:
            hint = str(self._farewells.loads(sealed)["farewell"])
        except (BadData, KeyError, TypeError):
            return "/"
        with self._client() as client:
            endpoint = self._metadata(client).get("end_session_endpoint", "")
        query = {"id_token_hint": hint, "post_logout_redirect_uri": f"{self._settings.public_url}/"}
        return f"{endpoint}?{urlencode(query | {'state': secrets.token_urlsafe(24)})}" if endpoint else "/"

    def _client(self) -> OAuth2Client:
        if not self.configured:
            raise NotFound("Cette installation n’emploie pas de service d’identité extérieur.")
        with warnings.catch_warnings():
            # Authlib would rather have httpx2; httpx, which Vigie already uses, serves it too.
            from authlib.deprecate import AuthlibDeprecationWarning  # noqa: PLC0415 - only where a provider is named

            warnings.simplefilter("ignore", AuthlibDeprecationWarning)
            from authlib.integrations.httpx_client import OAuth2Client  # noqa: PLC0415
        return OAuth2Client(
            self._settings.oidc_client,
            self._settings.oidc_secret,
            scope="openid email profile given_name usual_name" if self._is_state_service() else "openid email profile",
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=_TIMEOUT,
        )

    def _is_state_service(self) -> bool:
        """Tell whether the provider is ProConnect, which names its scopes one by one."""
        return (urlsplit(self._settings.oidc_issuer).hostname or "").endswith(".gouv.fr")

    def _metadata(self, client: OAuth2Client) -> dict[str, Any]:
        issuer = self._settings.oidc_issuer
        try:
            address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            metadata = _json(client.request("GET", address, withhold_token=True))
        except (httpx.HTTPError, ValueError) as fault:
            raise _silent() from fault
        if metadata.get("issuer") != issuer:
            raise SourceUnavailable("Le service d’identité se présente sous un autre nom que VIGIE_OIDC_ISSUER.")
        return metadata

    def _read(self, text: str, keys: KeySet, more: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the claims of a token signed by the provider for this installation."""
        decoded = jwt.decode(text, keys, algorithms=_ALGORITHMS)
        rules: dict[str, Any] = {
            "iss": {"essential": True, "value": self._settings.oidc_issuer},
            "aud": {"essential": True, "value": self._settings.oidc_client},
            "sub": {"essential": True},
        }
        if more is not None:
            rules |= {"exp": {"essential": True}, "iat": {"essential": True}} | more
        JWTClaimsRegistry(leeway=_LEEWAY, **rules).validate(decoded.claims)
        if decoded.claims.get("azp", self._settings.oidc_client) != self._settings.oidc_client:
            raise ValueError("azp")
        return dict(decoded.claims)

    def _userinfo(self, answer: httpx.Response, keys: KeySet) -> dict[str, Any]:
        """Return what the provider says of the person: in clear, or as a signed token (ProConnect)."""
        answer.raise_for_status()
        if answer.headers.get("content-type", "").startswith("application/jwt"):
            return self._read(answer.text, keys)
        return _json(answer)


def _json(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _key_set(answer: httpx.Response) -> KeySet:
    return KeySet.import_key_set({"keys": list(_json(answer)["keys"])})


def _method(metadata: dict[str, Any]) -> str:
    """Return how the client proves itself: by header unless the provider only reads the body."""
    known = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"


def _claims(issuer: str, told: dict[str, Any]) -> Claims:
    parts = (told.get("given_name"), told.get("usual_name") or told.get("family_name"))
    return Claims(
        issuer=issuer,
        subject=str(told["sub"]),
        email=str(told.get("email") or ""),
        email_verified=told.get("email_verified") is True,
        name=str(told.get("name") or " ".join(part for part in parts if isinstance(part, str) and part)),
    )


def _silent() -> SourceUnavailable:
    return SourceUnavailable("Le service d’identité ne répond pas : réessayez, ou employez votre mot de passe.")
