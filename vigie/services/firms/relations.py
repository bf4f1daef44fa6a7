"""What the asker is to a firm, who covers it, and who may hide what is said of it elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.accounts import short_name
from vigie.domain.actors import compact_identifier
from vigie.domain.attestation import HeadAct
from vigie.domain.declarations import OFFICERS, Relation
from vigie.domain.introductions import IntroductionState
from vigie.domain.moderation import Moderated
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound
from vigie.services.accounts.speaking import may_for
from vigie.services.records.moderating import Decided, decided_word, settle
from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import Dossier, DossierShare
from vigie.store.journal.introductions import Call, Introduction, Side
from vigie.store.journal.needs import Answerer
from vigie.store.journal.people import Membership, Organisation, Person
from vigie.store.journal.records import Moderation
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader

LIVE = (IntroductionState.INTRODUCED.value, IntroductionState.MET.value, IntroductionState.CONCLUDED.value)
"""States of an introduction in which both parties agreed to meet."""


def relation_to(reader: Reader, scope: Scope, siren: str) -> Relation:
    """Return what the asker is to a firm within their organisation; nobody in particular is a stranger."""
    if not scope.person or not scope.organisation:
        return Relation.STRANGER
    if scope.siren:
        if scope.siren == siren:
            return Relation.OWN
        if _introduced(reader, scope.siren, siren):
            return Relation.INTRODUCED
    if scope.role is Role.PARTNER and _shared(reader, scope.person, siren):
        return Relation.SHARED
    return Relation.MEMBER


def _introduced(reader: Reader, here: str, there: str) -> bool:
    mine, other = aliased(Side), aliased(Side)
    live = (
        select(Introduction.id)
        .join(mine, mine.introduction_id == Introduction.id)
        .join(other, other.introduction_id == Introduction.id)
        .where(
            mine.siren == here,
            other.siren == there,
            mine.id != other.id,
            mine.deleted_at.is_(None),
            other.deleted_at.is_(None),
            Introduction.state.in_(LIVE),
            Introduction.deleted_at.is_(None),
        )
    )
    return bool(reader.rows(live.limit(1)))


def _shared(reader: Reader, person: str, siren: str) -> bool:
    shared = (
        select(DossierShare.id)
        .join(Dossier, Dossier.id == DossierShare.dossier_id)
        .where(
            DossierShare.person_id == person,
            DossierShare.deleted_at.is_(None),
            Dossier.siren == siren,
            Dossier.deleted_at.is_(None),
        )
    )
    return bool(reader.rows(shared.limit(1)))


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


_CLOSEST = (TerritoryKind.COMMUNE, TerritoryKind.EPCI, TerritoryKind.EPT, TerritoryKind.PETR, TerritoryKind.DEPARTEMENT)
_COLLECTIVITY = "collectivite"
_ANSWERING = (Role.OFFICER.value, Role.ADMIN.value)


@dataclass(frozen=True, slots=True)
class LocalContact:
    """Who answers in a commune, as anybody may read it.

    `name` (« Prénom N. ») and `phone` are those of the officer, if they agreed to be named, else empty and that of the
    organisation's desk; `days` are working days, `None` when no delay is promised. `person` is never told outside.
    """

    organisation: str
    organisation_id: str
    name: str = ""
    phone: str = ""
    days: int | None = None
    person: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what programs may read of it."""
        return {name: value for name, value in asdict(self).items() if name not in {"person", "organisation_id"}}


class Covering:
    """Finds who answers for a territory, among the names of organisations, which everybody may read."""

    def __init__(self, journal: Journal, register: FirmRegister) -> None:
        self._journal, self._register = journal, register

    def contact(self, communes: tuple[str, ...]) -> LocalContact | None:
        """Return who answers in one of some communes, `None` where no collectivité does."""
        if not communes:
            return None
        with self._journal.reading(Scope()) as reader:
            rows = reader.rows(
                select(Organisation.id, Organisation.name, Organisation.territory).where(
                    Organisation.kind == _COLLECTIVITY, Organisation.territory != "", Organisation.deleted_at.is_(None)
                )
            )
            for row in sorted(rows, key=lambda row: (_rank(row.territory), row.name)):
                if self._register.covers(row.territory, communes):
                    reader.moving(Scope(organisation=row.id))
                    return answering(reader, row.name, communes)
        return None


def answering(reader: Reader, organisation: str, communes: tuple[str, ...] = ()) -> LocalContact:
    """Return who answers in one of some communes, within the reader's organisation: its desk where nobody does.

    Whoever was given a commune comes before whoever has the whole territory.
    """
    rows = reader.all(select(Answerer).where(Answerer.deleted_at.is_(None)).order_by(Answerer.created_at, Answerer.id))
    here = reader.scope.organisation
    desk = next((row for row in rows if not row.person_id), None)
    found = LocalContact(organisation, here, "", (desk.phone or "") if desk else "", _days(desk))
    wanted = set(communes)
    theirs = [row for row in rows if row.person_id and (not row.communes or wanted & set(row.communes.split()))]
    people = _followers(reader, [row.person_id for row in theirs])
    for row in sorted(theirs, key=lambda row: not row.communes):
        name = people.get(row.person_id)
        if name is not None:
            days, person = _days(row) or found.days, row.person_id
            if not row.public:
                return LocalContact(organisation, here, "", found.phone, days, person)
            return LocalContact(organisation, here, short_name(name), row.phone or found.phone, days, person)
    return found


def of_person(reader: Reader, organisation: str, person: str) -> LocalContact:
    """Return how somebody of the reader's organisation may be named and reached, its desk when they are not."""
    row = reader.one(select(Answerer).where(Answerer.person_id == person, Answerer.deleted_at.is_(None)).limit(1))
    if not person or row is None or not row.public:
        return answering(reader, organisation)
    name = _followers(reader, [person]).get(person, "")
    return LocalContact(organisation, reader.scope.organisation, short_name(name), row.phone or "", _days(row), person)


def _followers(reader: Reader, people: list[str]) -> dict[str, str]:
    """Return the names of those, of some people, who still answer for the organisation."""
    if not people:
        return {}
    live = (
        Membership.person_id.in_(people),
        Membership.organisation_id == reader.scope.organisation,
        Membership.role.in_(_ANSWERING),
        Membership.state == "active",
        Membership.deleted_at.is_(None),
    )
    joined = select(Person.id, Person.name).join(Membership, Membership.person_id == Person.id).where(*live)
    return {row.id: row.name or "" for row in reader.rows(joined)}


def _days(row: Answerer | None) -> int | None:
    return row.days or None if row is not None else None


def _rank(territory: str) -> int:
    kinds = [kind.value for kind in _CLOSEST]
    kind = territory.partition(":")[0]
    return kinds.index(kind) if kind in kinds else len(kinds)
