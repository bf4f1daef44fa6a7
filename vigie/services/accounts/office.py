"""Every use case of accounts, built together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.accounts.guarding import Guarding
from vigie.services.accounts.passwords import Passwords
from vigie.services.accounts.signing import Signing

if TYPE_CHECKING:
    from vigie.services.keys import Keys
    from vigie.settings import Settings
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the doors call for people and their organisations."""

    signing: Signing


def accounts(journal: Journal, keys: Keys, settings: Settings) -> Accounts:
    """Build the use cases of accounts on a journal."""
    guarding, passwords = Guarding(journal, keys), Passwords()
    return Accounts(signing=Signing(journal, keys, guarding, passwords))
