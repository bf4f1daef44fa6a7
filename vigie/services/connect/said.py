"""What firms say of themselves, as far as an asker may read it, for the proposals made to that asker."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import and_, or_, select

from vigie.domain.access import Role
from vigie.domain.calls import MODERATED
from vigie.domain.capabilities import CapabilityKind
from vigie.domain.declarations import DeclarationSubject, Relation
from vigie.domain.situation import HELD, LINKS, MISSING, QUESTIONS, FirmSaid, completes
from vigie.services.connect.capabilities import LONGEST, capabilities_of
from vigie.services.firms.declarations import readable_entry
from vigie.sources.capabilities import vocabulary
from vigie.store.journal.firms import Declaration

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement

    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal

_READ = (DeclarationSubject.NEEDS.value, DeclarationSubject.CAPABILITIES.value)
# A matter or a size of series is common to many firms: only what somebody does is sought from another.
_SOUGHT = frozenset({CapabilityKind.PROCESS, CapabilityKind.MACHINE, CapabilityKind.CERTIFICATION})
_COMPLETING = 50
"""Firms of which what they say brings them among the candidates, wherever their activity stands."""


class SaidBy(Protocol):
    """What firms say of themselves, as far as one asker may read it."""

    def of(self, sirens: Collection[str]) -> Mapping[str, FirmSaid]:
        """Return what some firms say, by SIREN; those that say nothing that may be read are not there."""

    def completing(self, said: FirmSaid) -> frozenset[str]:
        """Return firms that say to hold a link or to know something that another lacks or seeks, or the reverse."""


class NothingSaid:
    """Nobody says anything: what is proposed rests on open data alone."""

    def of(self, _: Collection[str]) -> Mapping[str, FirmSaid]:
        """Return nothing."""
        return {}

    def completing(self, _: FirmSaid) -> frozenset[str]:
        """Return nobody."""
        return frozenset()


class SituationsSaid:
    """What firms say in the journal; of other organisations, the wall lets only public entries through."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def to(self, scope: Scope) -> SaidBy:
        """Return what an asker may read."""
        return _SaidTo(self._journal, scope)


class _SaidTo:
    """What one asker may read: one statement a question, whatever the number of firms.

    What is kept for firms introduced to one another is read on each firm's page, not here.
    """

    def __init__(self, journal: Journal, scope: Scope) -> None:
        self._journal, self._scope = journal, scope

    def of(self, sirens: Collection[str]) -> Mapping[str, FirmSaid]:
        chosen = or_(Declaration.topic.is_not(None), Declaration.field.in_(_READ))
        found = self._readable(Declaration.siren.in_(sorted(sirens)), chosen) if sirens else {}
        return {siren: _said(rows) for siren, rows in found.items()}

    def completing(self, said: FirmSaid) -> frozenset[str]:
        capable = DeclarationSubject.CAPABILITIES.value
        link = and_(Declaration.topic.in_(LINKS), Declaration.answer.in_((HELD, MISSING)))
        found = self._readable(or_(link, Declaration.field == capable))
        # Their needs are words, that take time to read: they are read once these firms are candidates.
        worth = {siren: completes(said, _said(rows)) for siren, rows in found.items()}
        best = sorted((siren for siren, count in worth.items() if count), key=lambda siren: (-worth[siren], siren))
        return frozenset(best[:_COMPLETING])

    def _readable(self, *which: ColumnElement[bool]) -> Mapping[str, list[Declaration]]:
        kept = select(Declaration).where(
            Declaration.deleted_at.is_(None), Declaration.text.is_not(None), Declaration.state != MODERATED, *which
        )
        seen: dict[str, list[Declaration]] = defaultdict(list)
        with self._journal.reading(self._scope) as reader:
            for row in reader.all(kept):
                if readable_entry(row, self._scope, _relation(self._scope, row.siren)):
                    seen[row.siren].append(row)
        return seen


def _relation(scope: Scope, siren: str) -> Relation:
    if not scope.person or not scope.organisation:
        return Relation.STRANGER
    return Relation.OWN if scope.siren and scope.siren == siren else Relation.MEMBER


def _said(rows: list[Declaration]) -> FirmSaid:
    # The head's own word prevails over an officer's, then the latest: the last one stays.
    rows.sort(key=lambda row: (row.declared_as == Role.HEAD, row.updated_at))
    chosen = {row.topic: row.answer for row in rows if row.topic in QUESTIONS and row.answer}
    needs, confirmed = ([row.text or "" for row in rows if row.field == field] for field in _READ)
    able = {code for term in vocabulary() if term.label in confirmed for code in (term.code, *term.parents)}
    told = " \n ".join(needs)[:LONGEST]
    found = capabilities_of(told) if told.strip() else ()
    sought = {one.term.code: one.term.label for one in found if one.term.kind in _SOUGHT}
    answers = {topic: answer for topic, answer in chosen.items() if topic and answer}
    return FirmSaid(answers, sought, frozenset(able))
