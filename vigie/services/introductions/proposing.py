"""Proposing an introduction: two parties, one reason; both are written to, nothing else leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.addresses import address_key
from vigie.domain.introductions import LIVE, POSITIONS, IntroductionState
from vigie.errors import Conflict, FieldFault
from vigie.services.introductions import parties
from vigie.services.introductions.parties import ContactDetails, FirmNames, Party
from vigie.services.introductions.steps import Steps, read
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Dossier
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.domain.access import Scope
    from vigie.services.introductions.answers import IntroductionTold
    from vigie.services.introductions.reading import IntroductionReading
    from vigie.services.keys import Keys
    from vigie.store.journal.port import Journal, Reader, Unit

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer proposes; `call_id` is the call that two parties met by, when there is one."""

    first: Party
    second: Party
    reason: str
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """What is known of a party before it is proposed: whom to write to, and how a dossier without SIREN is called."""

    siren: str
    reach: ContactDetails
    title: str = ""


class Proposing:
    """Proposes, and prepares what can be known beforehand."""

    def __init__(self, journal: Journal, keys: Keys, steps: Steps, reading: IntroductionReading) -> None:
        self._journal, self._keys, self._steps, self._reading = journal, keys, steps, reading

    def draft(self, scope: Scope, siren: str = "", dossier_id: str = "") -> PartyDraft:
        """Return what a form can be filled with for a party; reading a contact leaves a trace."""
        scope.require(Thing.INTRODUCTIONS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            dossier = reader.get(Dossier, dossier_id) if dossier_id else None
            number = (dossier.siren if dossier else "") or siren
            reach = parties.reach_of(reader, number, dossier_id)
        if reach.email:
            self._journal.trace(scope, "contact.read", dossier_id, number)
        return PartyDraft(number, reach, (dossier.title or "") if dossier else "")

    def propose(self, scope: Scope, proposal: Proposal, directory: FirmNames) -> IntroductionTold:
        """Write a proposal and a letter to each party; sending the same form twice proposes once.

        Raises `FieldFault` for what is missing, `Conflict` when the parties cannot be introduced.
        """
        scope.require(Thing.INTRODUCTIONS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                made = self.write(unit, proposal, directory)
        except AlreadyDone as before:
            made = before.subject
        return self._reading.one(scope, made)

    def write(self, unit: Unit, proposal: Proposal, directory: FirmNames) -> str:
        """Write a proposal in the running transaction and return its identifier; raises as `propose` does."""
        identifier = new_id()
        unit.act("introduction.proposed", identifier)
        reason = proposal.reason.strip()
        if not reason:
            raise FieldFault("reason", "Dites en une phrase pourquoi ces deux parties gagneraient à se rencontrer.")
        if len(reason) > LONGEST_REASON:
            raise FieldFault("reason", f"La raison compte {len(reason)} caractères : {LONGEST_REASON} au plus.")
        given = zip(POSITIONS, (proposal.first, proposal.second), strict=True)
        known = [parties.describe(unit, self._keys, directory, party, position) for position, party in given]
        first, second = (found.side for found in known)
        parties.forbid_reach((reason, first.label or "", second.label or ""), (first, second))
        _forbid_same(first, second)
        self._forbid_twice(unit, first, second)
        activities = [found.activity for found in known]
        unit.add(
            Introduction(
                id=identifier,
                state=IntroductionState.PROPOSED.value,
                reason=reason,
                proposed_by=unit.scope.person,
                competitors=activities[0] is not None and activities[0] == activities[1],
                call_id=proposal.call_id,
            )
        )
        for position, side in zip(POSITIONS, (first, second), strict=True):
            side.introduction_id, side.position, side.invited_at = identifier, position, unit.now
            unit.add(side)
        unit.flush()
        held = read(unit, identifier)
        for position in POSITIONS:
            self._steps.ask(unit, held, position)
        return identifier

    @staticmethod
    def _forbid_twice(reader: Reader, first: Side, second: Side) -> None:
        """Refuse to propose again what two parties are already asked or doing."""
        if not (_mark(first) and _mark(second)):
            return
        met = _taking_part(reader, first) & _taking_part(reader, second)
        if met:
            raise Conflict("Une mise en relation entre ces deux parties est déjà en cours.")


def _forbid_same(first: Side, second: Side) -> None:
    if (_mark(first) and _mark(first) == _mark(second)) or _mail(first) == _mail(second):
        raise Conflict("Les deux parties sont les mêmes : choisissez-en une autre.")


def _mail(side: Side) -> str:
    return address_key(side.contact_email or "")


def _mark(side: Side) -> str:
    """Return what tells a party from another; empty when only words describe it, and nothing can be told."""
    return side.siren or side.dossier_id


def going_on(reader: Reader, siren: str) -> set[str]:
    """Return the introductions still going on that a firm takes part in."""
    return _taking_part(reader, Side(siren=siren))


def _taking_part(reader: Reader, side: Side) -> set[str]:
    """Return the introductions still going on that a party takes part in."""
    same = Side.siren == side.siren if side.siren else Side.dossier_id == side.dossier_id
    concerned: Iterable[str] = reader.all(
        select(Side.introduction_id)
        .join(Introduction, Introduction.id == Side.introduction_id)
        .where(same, Introduction.state.in_([state.value for state in LIVE]))
    )
    return set(concerned)
