"""What the fixture of the desk's doors hands to tests: one application, and a reader of its pages and API per part."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal
from starlette.applications import Starlette

from tests import small_stock
from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER, Cast
from vigie.domain.access import Role, Scope
from vigie.interfaces.http import SESSION_COOKIE
from vigie.services.desk import Desk
from vigie.settings import Settings
from vigie.store.journal.people import ApiToken

with warnings.catch_warnings():
    # Starlette would rather have httpx2; httpx, which Vigie already uses, serves it too.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ADDRESS = "http://vigie.test"
HERBIERS, BEAUREPAIRE = "85109", "85017"
READING_TOKEN = "secret-of-reading-token"  # noqa: S105
ANONYMOUS = "anyone"


class Visitor(TestClient):
    """A reader of an application that somebody else started: leaving it does not stop the application.

    Given the portal of whoever started it, requests run in the loop of the application, as on a server. Without it each
    request makes a loop, a thread for it and others for its work, which takes longer than most answers.
    """

    def __init__(self, office: Office, **options: Any) -> None:
        super().__init__(office.app, ADDRESS, raise_server_exceptions=False, **options)
        self.portal = office.portal

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class Office:
    """A served installation with its cast; `log` holds every line that anything logged so far.

    Parts are those of the cast, « anyone » and « reading_token » (a program of the officer's).
    """

    settings: Settings
    app: Starlette
    desk: Desk
    cast: Cast
    log: list[str] = field(default_factory=list)
    portal: BlockingPortal | None = None

    def page(self, part: str = ANONYMOUS, *, follow: bool = True) -> TestClient:
        """Return a browser in which a part of the cast is signed in; it follows redirections unless told not to."""
        secret = self.cast.secrets.get(part, "")
        cookies = {SESSION_COOKIE: secret} if secret else {}
        return Visitor(self, cookies=cookies, follow_redirects=follow)

    def api(self, part: str = ANONYMOUS) -> TestClient:
        """Return a program that presents the secret of a part; paths are whole (`/api/v1/desk/…`)."""
        secret = READING_TOKEN if part == "reading_token" else self.cast.secrets.get(part, "")
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return Visitor(self, headers=headers, follow_redirects=False)


class Collector(logging.Handler):
    """Keeps every line that anything logs, as it would be written, traces included."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


def write_files(folder: Path) -> Path:
    """Write a stock of forty firms of Les Herbiers, the three of the cast among them, and one of Beaurepaire."""
    numbers = range(1, 41)
    place = {
        "codeCommuneEtablissement": HERBIERS, "libelleCommuneEtablissement": "LES HERBIERS",
        "codePostalEtablissement": "85500",
    }  # fmt: skip
    establishments = [small_stock.establishment(number, **place) for number in numbers]
    units = [small_stock.unit(number) for number in numbers]
    beside = {"codeCommuneEtablissement": BEAUREPAIRE, "libelleCommuneEtablissement": "BEAUREPAIRE"}
    establishments.append(small_stock.establishment(200, **{**place, **beside}))
    units.append(small_stock.unit(200))
    for rank, siren in enumerate((SIREN_HERE, SIREN_PARTNER, SIREN_AWAY)):
        siret = small_stock.siret_of(siren)
        own = {"siren": siren, "siret": siret, "nic": siret[9:]}
        establishments.append(small_stock.establishment(100 + rank, **own, **place))
        units.append(small_stock.unit(100 + rank, siren=siren, nicSiegeUniteLegale=siret[9:]))
    return small_stock.write_stock(folder, establishments, units)


def give_token(desk: Desk, cast: Cast) -> None:
    """Give the officer a token that reads, whose secret is known."""
    officer = cast.officer
    with desk.journal.writing(Scope(Role.OFFICER, officer.organisation, officer.person, via="command")) as unit:
        unit.act("token.made")
        unit.add(
            ApiToken(
                person_id=officer.person,
                label="Programme d’essai",
                scopes="lecture",
                key_hash=desk.keys.hash_token(READING_TOKEN),
                expires_at=unit.now + timedelta(days=90),
            )
        )
