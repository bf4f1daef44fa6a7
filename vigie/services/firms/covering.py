"""Who answers the firms of a place: the organisation whose territory is the closest, and its officer there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.domain.accounts import short_name
from vigie.domain.territory import TerritoryKind
from vigie.store.journal.needs import Answerer
from vigie.store.journal.people import Membership, Organisation, Person

if TYPE_CHECKING:
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader

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
