"""Hiding public words said of a firm elsewhere: its attested head, and the officers of its territory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.domain.access import ABSENT, Right, Scope, Thing
from vigie.domain.actors import compact_identifier
from vigie.domain.attestation import HeadAct
from vigie.domain.declarations import OFFICERS
from vigie.domain.moderation import Moderated
from vigie.errors import NotFound
from vigie.services.accounts.speaking import may_for
from vigie.services.records.moderating import Decided, decided_word, settle
from vigie.store.journal.firms import Declaration
from vigie.store.journal.introductions import Call
from vigie.store.journal.people import Organisation
from vigie.store.journal.records import Moderation
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader

NOT_THEIRS = "not_theirs"
_TABLES: dict[Moderated, type[Declaration] | type[Call]] = {Moderated.DECLARATION: Declaration, Moderated.CALL: Call}


class Hiding:
    """Hides what is said publicly of a firm, wherever it was written; the decision is in the public journal."""

    def __init__(self, journal: Journal, mail: Mail, register: FirmRegister) -> None:
        self._journal, self._mail, self._register = journal, mail, register

    def decide(self, scope: Scope, number: str, thing: str, identifier: str, decision: str = "hide") -> Decided:
        """Hide words of a firm, or restore what the asker's organisation hid.

        Raises `NotFound` for whoever is neither its attested head nor an officer of its territory, and for words that
        are not public ones of it; `Conflict` when they already are as asked.
        """
        digits, chosen = compact_identifier(number), decided_word(decision)
        kind = Moderated(thing) if thing in {one.value for one in _TABLES} else None
        if digits is None or kind is None:
            raise NotFound(ABSENT)
        siren = digits[:9]
        try:
            with self._journal.writing(scope) as unit:
                if not may_hide(unit, self._register, siren):
                    raise NotFound(ABSENT)
                row = unit.find(_TABLES[kind], identifier)
                if row is None or row.siren != siren or row.visibility != "public" or row.deleted_at is not None:
                    raise NotFound(ABSENT)
                return settle(unit, self._mail, row, (kind, chosen, NOT_THEIRS))
        except AlreadyDone as done:
            with self._journal.reading(replace(scope, request_key="")) as reader:
                return Decided.of(reader, reader.get(Moderation, done.subject))

    def may(self, scope: Scope, siren: str) -> bool:
        """Tell whether the asker may hide what is said publicly of a firm."""
        if not scope.person:
            return False
        with self._journal.reading(scope) as reader:
            return may_hide(reader, self._register, siren)


def may_hide(reader: Reader, register: FirmRegister, siren: str) -> bool:
    """Tell whether the asker may hide public words of a firm: its attested head, an officer of its territory."""
    scope = reader.scope
    if scope.role not in OFFICERS:
        return may_for(reader, siren, HeadAct.HIDE)
    if scope.via != "session" or not scope.may(Thing.DECLARATIONS, Right.WRITE):
        return False
    firm, here = register.firm(siren), reader.find(Organisation, scope.organisation)
    return bool(firm and here and here.territory and register.covers(here.territory, firm.communes))
