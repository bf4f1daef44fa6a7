"""The people of the demonstration: one account in each role, and the letters they receive. All are imaginary."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
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
