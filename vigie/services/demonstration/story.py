"""The people of the demonstration, and how its story is told day by day."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.domain.accounts import ROLE_LABELS
from vigie.services.accounts.inviting import InvitationDraft
from vigie.store.journal.records import Letter

if TYPE_CHECKING:
    from vigie.services.desk import Desk

COMMAND = Scope(role=Role.SUPER_ADMIN, via="command")
MAIL = "example.org"
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_LINK = re.compile(r"/lien/(?:\w+/)?(\S+)")


@dataclass(frozen=True, slots=True)
class Account:
    """An account made for the demonstration; its password is said once, here."""

    name: str
    email: str
    role: str
    organisation: str
    password: str

    def as_dict(self) -> dict[str, str]:
        """Return the account as programs read it."""
        return {
            "name": self.name, "email": self.email, "role": self.role, "organisation": self.organisation,
            "password": self.password,
        }  # fmt: skip


class People:
    """Invites people, lets them in, and opens their letters for them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.accounts: list[Account] = []

    def welcome(self, inviting: Scope, name: str, wanted: InvitationDraft) -> Scope:
        """Invite somebody and accept in their place, with a password drawn at random; return how they act."""
        link = self._desk.accounts.inviting.invite(inviting, wanted).link
        password = new_password()
        opened = self._desk.accounts.joining.accept(link.rsplit("/", 1)[1], name, password)
        role = ROLE_LABELS[Role(wanted.role)]
        self.accounts.append(Account(name, wanted.email, role, opened.here.name, password))
        return self._desk.recognising.session(opened.secret).scope

    def link(self, organisation: str, recipient: str, about: str = "") -> str:
        """Return the secret of the last link that somebody received, in the letters about something when it is said."""
        received = select(Letter).where(Letter.recipient == recipient).order_by(Letter.created_at.desc())
        if about:
            received = received.where(Letter.about == about)
        with self._desk.journal.reading(Scope(organisation=organisation, via="command")) as reader:
            links = [_LINK.search(letter.body or "") for letter in reader.all(received)]
        return next(link.group(1) for link in links if link is not None)


def address(name: str) -> str:
    """Return the address of somebody imaginary, at a domain where nobody receives anything (RFC 2606)."""
    first = name.split(maxsplit=1)[0].casefold().translate(str.maketrans("éèêëïîçôâ", "eeeeiicoa"))
    return f"{first}@{MAIL}"


def new_password() -> str:
    """Return a password that can be read aloud: three groups of five signs, 74 bits of chance."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(3))


Act = Callable[[], object]
SATURDAY = 5
_A_MOMENT = timedelta(minutes=1)


class StoryClock:
    """A clock that the story moves, up to the present, where it stays."""

    def __init__(self, present: datetime) -> None:
        self.present = self.now = present

    def __call__(self) -> datetime:
        """Return the moment of the story."""
        return self.now

    def begin(self, days_ago: float) -> None:
        """Go back to the day when the story begins."""
        self.now = self.present - timedelta(days=days_ago)

    def move(self, days_ago: float, hour: int) -> None:
        """Move to an hour of a working day, later than the former moment and never after the present."""
        asked = (self.present - timedelta(days=days_ago)).replace(hour=hour, minute=0, second=0, microsecond=0)
        asked -= timedelta(days=max(0, asked.weekday() - SATURDAY + 1))
        self.now = min(max(asked, self.now + _A_MOMENT), self.present)


class Story:
    """What happens, in the order of time; things of the same hour happen in the order in which they were told."""

    def __init__(self, clock: StoryClock) -> None:
        self._clock = clock
        self._acts: list[tuple[float, int, Act]] = []

    def tell(self, days_ago: float, act: Act, hour: int = 9) -> None:
        """Say what happens on a day."""
        self._acts.append((-days_ago, hour, act))

    def play(self) -> None:
        """Make it all happen."""
        for day, hour, act in sorted(self._acts, key=lambda one: one[:2]):
            self._clock.move(-day, hour)
            act()
