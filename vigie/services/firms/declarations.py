"""Declarations: what a firm says of itself, or an officer on its behalf, and who may read it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.actors import compact_identifier
from vigie.domain.attestation import HeadAct
from vigie.domain.calls import MODERATED
from vigie.domain.declarations import (
    ELSEWHERE_STAYS_INSIDE,
    FIELDS,
    LONGEST,
    MASKED_STAYS_INSIDE,
    MOST,
    OFFICERS,
    UNKNOWN_STAYS_INSIDE,
    DeclarationSubject,
    Relation,
    Reserve,
    Visibility,
    competition_warning,
    may_read,
)
from vigie.errors import Conflict, FieldFault, NotFound, Objected, RequestFault
from vigie.services.accounts.speaking import Attested, attested, may_for, membership_for, vouch
from vigie.services.firms.relations import may_hide, relation_to
from vigie.store.journal.base import new_id
from vigie.store.journal.firms import Declaration
from vigie.store.journal.people import Membership, Organisation
from vigie.store.journal.unit import AlreadyDone, version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.firms.suppression_list import SuppressionList
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader, Unit

_GONE = "Cette déclaration n’existe pas, ou n’est plus là."


@dataclass(frozen=True, slots=True)
class DeclarationDraft:
    """What is to be declared, as typed; `confirmed` says again words that look like a price, a cost or a capacity."""

    field: str
    text: str
    visibility: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class DeclarationRead:
    """One entry as its reader may see it; `by` is « head » or « officer », in the name of an organisation.

    `own` tells that the asker may change it, `may_hide` that they may hide it where they may not change it. `waiting`
    is for what is not public before an attestation, `hidden` for what moderation hid, `attested` says who vouches.
    """

    id: str
    field: DeclarationSubject
    text: str
    visibility: Visibility
    by: str
    organisation: str
    created_at: datetime
    updated_at: datetime
    own: bool
    version: str = ""
    waiting: bool = False
    hidden: bool = False
    attested: Attested | None = None
    may_hide: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as the machine-readable answers print it."""
        vouched = self.attested
        return asdict(self) | {
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "attested": asdict(vouched) | {"at": vouched.at.isoformat()} if vouched else None,
        }


@dataclass(frozen=True, slots=True)
class Declarations:
    """What somebody may read of what a firm says of itself, field by field, the oldest entry first.

    `masked` is `None` when the firm or its legal unit is not loaded. `name` is what Sirene publishes of it.
    `provisional` tells a head that nobody vouches for them yet.
    """

    siren: str
    name: str | None
    masked: bool | None
    objected: bool
    may_write: bool
    entries: tuple[DeclarationRead, ...]
    provisional: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the page as the machine-readable answers print it."""
        return {**asdict(self), "entries": [entry.as_dict() for entry in self.entries]}


class Declaring:
    """Reads and writes declarations; of other organisations, the wall lets only public entries through."""

    def __init__(self, journal: Journal, register: FirmRegister, suppressions: SuppressionList) -> None:
        self._journal, self._register, self._suppressions = journal, register, suppressions

    def read(self, scope: Scope, number: str) -> Declarations:
        """Return what the asker may read of a firm, by its SIREN or a SIRET.

        Raises `RequestFault` when the number is neither, `Objected` when the firm objects and the asker is neither its
        head nor an officer.
        """
        siren = _siren(number)
        firm, objected = self._register.firm(siren), self._suppressions.holds(siren)
        writes = _may_write(scope, siren)
        if objected and not writes:
            raise Objected
        reserve = Reserve(masked=firm is None or firm.masked, objected=objected)
        with self._journal.reading(scope) as reader:
            relation = relation_to(reader, scope, siren)
            rows = reader.all(_of(siren))
            names = _organisations(reader, rows)
            seen = [row for row in rows if self._readable(row, scope, relation, reserve)]
            hides = may_hide(reader, self._register, siren)
            entries = [_declared(reader, row, names, hides=hides) for row in seen]
            provisional = (
                scope.role is Role.HEAD and relation is Relation.OWN and not may_for(reader, siren, HeadAct.PUBLISH)
            )
        order = list(DeclarationSubject)
        return Declarations(
            siren=siren,
            name=firm.name if firm else None,
            masked=firm.masked if firm and firm.unit_known else None,
            objected=objected,
            may_write=writes,
            entries=tuple(sorted(entries, key=lambda entry: (order.index(entry.field), entry.created_at, entry.id))),
            provisional=provisional,
        )

    def add(self, scope: Scope, number: str, draft: DeclarationDraft) -> DeclarationRead:
        """Add an entry; the head writes for their own firm, an officer or an admin on behalf of any.

        Raises `NotFound` for anybody else, `FieldFault` for what cannot be declared, `Conflict` past `MOST` entries.
        """
        siren = _writable(scope, number)
        field, visibility, text = self._checked(scope, siren, draft)
        try:
            with self._journal.writing(scope) as unit:
                row = Declaration(
                    id=new_id(),
                    siren=siren,
                    field=field.value,
                    visibility=visibility.value,
                    text=text,
                    declared_by=scope.person,
                    declared_as=scope.role.value,
                    updated_at=unit.now,
                )
                unit.act("declaration.added", row.id)
                held = unit.count(_of(siren).where(Declaration.field == field.value, _kept_by(scope)))
                if held >= MOST:
                    raise Conflict(
                        f"«\u00a0{FIELDS[field][0]}\u00a0» compte déjà {MOST} entrées : retirez-en une d’abord."
                    )
                vouch(row, _author(unit, siren))
                unit.add(row)
                unit.flush()
                return self._answered(unit, scope, row.id)
        except AlreadyDone as done:
            return self._again(scope, done.subject)

    def change(self, scope: Scope, number: str, identifier: str, draft: DeclarationDraft) -> DeclarationRead:
        """Change an entry; who changes it becomes its author. Raises as `add` does."""
        siren = _writable(scope, number)
        field, visibility, text = self._checked(scope, siren, draft)
        try:
            with self._journal.writing(scope) as unit:
                row = _mine(unit, scope, siren, identifier)
                unit.act("declaration.changed", row.id)
                author = _author(unit, siren)
                unit.change(row, {"field": field.value, "visibility": visibility.value, "text": text})
                row.declared_by, row.declared_as, row.updated_at = scope.person, scope.role.value, unit.now
                vouch(row, author)
                return self._answered(unit, scope, row.id)
        except AlreadyDone as done:
            return self._again(scope, done.subject)

    def withdraw(self, scope: Scope, number: str, identifier: str) -> None:
        """Withdraw an entry and erase its words, for good; withdrawing it twice is withdrawing it once."""
        siren = _writable(scope, number)
        try:
            with self._journal.writing(scope) as unit:
                row = _mine(unit, scope, siren, identifier, hidden=True)
                unit.act("declaration.withdrawn", row.id)
                unit.withdraw(row)
                unit.erase(row)
        except AlreadyDone:
            return

    def _checked(self, scope: Scope, siren: str, draft: DeclarationDraft) -> tuple[DeclarationSubject, Visibility, str]:
        """Return what a draft says; raises `FieldFault` for the first thing that cannot stand."""
        text = " ".join(draft.text.split())
        if draft.field not in set(DeclarationSubject):
            raise FieldFault(
                "field", f"Cette rubrique n’existe pas : choisissez parmi {', '.join(DeclarationSubject)}."
            )
        if draft.visibility not in set(Visibility):
            raise FieldFault("visibility", f"Dites qui peut lire : {', '.join(Visibility)}.")
        if not text:
            raise FieldFault("text", "Écrivez une phrase ou quelques mots.")
        if len(text) > LONGEST:
            raise FieldFault("text", f"Ce texte compte {len(text)} caractères : {LONGEST} au plus.")
        if draft.visibility == Visibility.PUBLIC:
            self._public_or_not(scope, siren)
        warning = competition_warning(text)
        if warning and not draft.confirmed:
            raise FieldFault("confirmed", warning)
        return DeclarationSubject(draft.field), Visibility(draft.visibility), text

    def _public_or_not(self, scope: Scope, siren: str) -> None:
        """Refuse to make public what a partially diffusible firm says, or what an officer says of a firm elsewhere."""
        firm = self._register.firm(siren)
        if firm is None or not firm.unit_known:
            raise FieldFault("visibility", UNKNOWN_STAYS_INSIDE)
        if firm.masked:
            raise FieldFault("visibility", MASKED_STAYS_INSIDE)
        if scope.role not in OFFICERS:
            return
        with self._journal.reading(scope) as reader:
            here = reader.get(Organisation, scope.organisation)
            admitted = reader.count(
                select(Membership).where(
                    Membership.organisation_id == here.id, Membership.siren == siren, Membership.deleted_at.is_(None)
                )
            )
        if not admitted and not self._register.covers(here.territory, firm.communes):
            raise FieldFault("visibility", ELSEWHERE_STAYS_INSIDE)

    @staticmethod
    def _readable(row: Declaration, scope: Scope, relation: Relation, reserve: Reserve) -> bool:
        """Apply the one rule; what another organisation keeps is read as a stranger reads it."""
        here = relation if row.organisation_id == scope.organisation else Relation.STRANGER
        emergency = scope.via == "emergency" and row.organisation_id == scope.organisation
        visibility = Visibility(row.visibility)
        if row.state == MODERATED:
            if row.declared_by != scope.person or not scope.person:
                visibility = Visibility.OFFICER
                here = Relation.MEMBER if here is Relation.OWN else here
        elif _waits(row):
            visibility = Visibility.NETWORK
        return may_read(visibility, scope.role, here, reserve, emergency=emergency)

    def _again(self, scope: Scope, identifier: str) -> DeclarationRead:
        with self._journal.reading(scope) as reader:
            return self._answered(reader, scope, identifier)

    @staticmethod
    def _answered(reader: Reader, scope: Scope, identifier: str) -> DeclarationRead:
        row = reader.get(Declaration, identifier)
        return _declared(reader, row, _organisations(reader, [row]))


def _siren(number: str) -> str:
    digits = compact_identifier(number)
    if digits is None:
        raise RequestFault(f"«\u00a0{number[:40]}\u00a0» n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    return digits[:9]


def _may_write(scope: Scope, siren: str) -> bool:
    if scope.may(Thing.DECLARATIONS, Right.WRITE):
        return scope.role in OFFICERS
    return scope.may(Thing.DECLARATIONS, Right.WRITE_OWN) and bool(scope.siren) and scope.siren == siren


def _writable(scope: Scope, number: str) -> str:
    """Return the SIREN of a firm that the asker may speak for; raises `NotFound` otherwise."""
    scope.require(Thing.DECLARATIONS, Right.WRITE, Right.WRITE_OWN)
    siren = _siren(number)
    if not _may_write(scope, siren):
        raise NotFound(ABSENT)
    return siren


def _of(siren: str) -> Select[Declaration]:
    return select(Declaration).where(
        Declaration.siren == siren, Declaration.deleted_at.is_(None), Declaration.text.is_not(None)
    )


def _kept_by(scope: Scope) -> ColumnElement[bool]:
    return Declaration.organisation_id == scope.organisation


def _owned(reader: Reader, row: Declaration) -> bool:
    """Tell whether an entry is the asker's to change: any of the organisation for its officers.

    For a head, theirs and, once attested, what an officer there wrote in the firm's name; never another head's.
    """
    scope = reader.scope
    if not scope.organisation or row.organisation_id != scope.organisation:
        return False
    if scope.role in OFFICERS or (bool(scope.person) and row.declared_by == scope.person):
        return True
    return row.declared_as != Role.HEAD and may_for(reader, row.siren, HeadAct.PUBLISH)


def _waits(row: Declaration) -> bool:
    """Tell whether a head's public words wait for somebody to vouch for them."""
    return row.visibility == Visibility.PUBLIC and row.declared_as == Role.HEAD and not row.vouched_as


def _author(unit: Unit, siren: str) -> Membership | None:
    """Return as whom the asker speaks for a firm; `None` for an officer, who signs their organisation's name."""
    return membership_for(unit, siren) if unit.scope.role is Role.HEAD else None


def _mine(unit: Unit, scope: Scope, siren: str, identifier: str, *, hidden: bool = False) -> Declaration:
    """Return an entry of a firm that the asker may change; raises `NotFound` otherwise.

    Raises `Conflict` for one that moderation hid, which may only be withdrawn (`hidden`).
    """
    row = unit.find(Declaration, identifier)
    if row is None or row.siren != siren or row.deleted_at is not None or not _owned(unit, row):
        raise NotFound(_GONE)
    if row.state == MODERATED and not hidden:
        raise Conflict("Cette entrée a été masquée par la modération : elle ne se change plus, elle se retire.")
    return row


def _organisations(reader: Reader, rows: Sequence[Declaration]) -> dict[str, str]:
    wanted = {row.organisation_id for row in rows}
    named = reader.rows(select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in named}


def _declared(reader: Reader, row: Declaration, names: dict[str, str], *, hides: bool = False) -> DeclarationRead:
    own = _may_write(reader.scope, row.siren) and _owned(reader, row)
    shown = row.visibility == Visibility.PUBLIC and row.state != MODERATED and not _waits(row)
    return DeclarationRead(
        id=row.id,
        field=DeclarationSubject(row.field),
        text=row.text or "",
        visibility=Visibility(row.visibility),
        by="head" if row.declared_as == Role.HEAD else "officer",
        organisation=names.get(row.organisation_id, ""),
        created_at=row.created_at,
        updated_at=row.updated_at,
        own=own,
        version=version_of(row) if own else "",
        waiting=_waits(row),
        hidden=row.state == MODERATED,
        attested=attested(reader, row),
        may_hide=hides and shown and not own,
    )
