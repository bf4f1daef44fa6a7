"""Every use case of accounts, built together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.accounts.domains import Domains
from vigie.services.accounts.form_across_sign_in import FormKeeper
from vigie.services.accounts.inviting import Inviting
from vigie.services.accounts.joining import Joining, SigningUp
from vigie.services.accounts.members import Members
from vigie.services.accounts.organisations import Organisations
from vigie.services.accounts.passwords import Passwords, WrongPasswords
from vigie.services.accounts.provider import Identities, Provider
from vigie.services.accounts.rate_limits import RateLimiter
from vigie.services.accounts.representing import Representing
from vigie.services.accounts.signing import Recovering, Signing
from vigie.services.accounts.tokens import Tokens

if TYPE_CHECKING:
    from vigie.services.acts import Vouches
    from vigie.services.keys import Keys
    from vigie.services.mail.mail import Mail
    from vigie.settings import Settings
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the doors call for people and their organisations."""

    signing: Signing
    inviting: Inviting
    joining: Joining
    members: Members
    organisations: Organisations
    tokens: Tokens
    representing: Representing
    domains: Domains
    signing_up: SigningUp
    recovering: Recovering
    provider: Provider
    identities: Identities
    keeping: FormKeeper


def accounts(journal: Journal, keys: Keys, mail: Mail, settings: Settings, vouching: Vouches) -> Accounts:
    """Build the use cases of accounts on a journal, with who is asked to vouch for heads."""
    guarding, passwords, organisations = RateLimiter(journal, keys), Passwords(), Organisations(journal)
    knocking = WrongPasswords(journal, keys, guarding, mail)
    joining = Joining(journal, keys, guarding, passwords, (knocking, vouching))
    return Accounts(
        signing=Signing(journal, keys, guarding, passwords, knocking),
        inviting=Inviting(journal, keys, mail),
        joining=joining,
        members=Members(journal),
        organisations=organisations,
        tokens=Tokens(journal),
        representing=Representing(journal, vouching),
        domains=Domains(journal),
        signing_up=SigningUp(journal, keys, guarding, organisations, mail),
        recovering=Recovering(journal, keys, guarding, passwords, mail),
        provider=Provider(settings, keys),
        identities=Identities(journal, keys, joining),
        keeping=FormKeeper(journal, keys),
    )
