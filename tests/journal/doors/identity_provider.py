"""A real OpenID Connect provider on a local port: discovery, authorize, token, keys, userinfo, end of session."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.waiting import eventually

CLIENT, SECRET = "vigie", "secret of the client: 32 letters"


@dataclass
class Provider:
    """Who signs in next, what the provider says of them, and how it misbehaves."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    signed_userinfo: bool = False
    method: str = "client_secret_basic"
    id_token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    forged: str = ""
    refused: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))
    other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))

    def discovery(self, _: Request) -> Response:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys",
                 "userinfo_endpoint": "userinfo", "end_session_endpoint": "end"}  # fmt: skip
        said = {name: f"{self.issuer}/{path}" for name, path in paths.items()}
        return JSONResponse(said | {"issuer": self.issuer, "token_endpoint_auth_methods_supported": [self.method]})

    def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        assert "openid" in asked["scope"].split()
        back = {"state": asked["state"], "iss": self.issuer}
        if self.refused:
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back | {'error': 'access_denied'})}", 303)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back | {'code': code})}", 303)

    async def token(self, request: Request) -> Response:
        form = dict(await request.form())
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        by_header = request.headers.get("authorization") == f"Basic {basic}"
        by_body = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        accepted = by_header if self.method == "client_secret_basic" else by_body
        asked = self.codes.pop(str(form.get("code")), None)
        if not accepted or asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        if _b64(digest) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.person["sub"], "iat": now, "exp": now + 60,
                  "nonce": asked["nonce"]}  # fmt: skip
        signed = self._signed({name: value for name, value in (claims | self.id_token).items() if value is not None})
        return JSONResponse({"access_token": "access", "token_type": "Bearer", "id_token": signed})

    def keys(self, request: Request) -> Response:
        assert "authorization" not in request.headers
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    def userinfo_of(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer access"
        said = self.person | self.userinfo
        if self.signed_userinfo:
            signed = self._signed({"iss": self.issuer, "aud": CLIENT} | said)
            return Response(signed, media_type="application/jwt")
        return JSONResponse(said)

    def end(self, request: Request) -> Response:
        self.seen.append(request.query_params["id_token_hint"])
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.forged == "none":
            return ".".join((_b64(b'{"alg":"none"}'), _b64(json.dumps(claims).encode()), ""))
        if self.forged == "HS256":
            # The public key taken for a shared secret: the old confusion of algorithms.
            body = ".".join(_b64(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "one"}, claims))
            return f"{body}.{_b64(hmac.digest(self.key.as_pem(private=False), body.encode(), 'sha256'))}"
        key = self.other if self.forged == "key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _b64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


@contextmanager
def serving() -> Iterator[Provider]:
    """Serve a provider on a free port of this machine."""
    provider = Provider()
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.discovery),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
            Route("/keys", provider.keys),
            Route("/userinfo", provider.userinfo_of),
            Route("/end", provider.end),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.issuer = f"http://127.0.0.1:{port}"
    yield provider
    server.should_exit = True
    thread.join(timeout=300)
