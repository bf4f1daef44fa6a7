"""Industrial employers of a territory that nobody of the organisation met for two years: whom to visit next."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import func, select

from vigie.domain.access import ABSENT, MATRIX, Right, Role, Thing
from vigie.domain.firm_names import usual_case
from vigie.errors import NotFound, RequestFault
from vigie.services.communes import commune_name
from vigie.services.firms.suppression_list import without
from vigie.services.followup.answers import JsonAnswer
from vigie.services.loaded import STOCK
from vigie.services.places import within
from vigie.services.questions import DataInService
from vigie.sources import nomenclature
from vigie.store.journal.followup import Dossier
from vigie.store.journal.people import Membership, Organisation

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.domain.provenance import Provenance
    from vigie.services.watch import Watch
    from vigie.store.journal.port import Journal, Reader


class WeekData(DataInService, Protocol):
    """The data in service, and their events."""

    @property
    def watch(self) -> Watch:
        """Return the events."""


YEARS = 2
"""How long an exchange keeps a firm out of the list: people, orders and projects change in two years."""
LEAST = 10
"""Employees from which a site is in the list: below, in most territories, more sites than an officer can visit."""
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class NeverMetAsked:
    """What is asked: a territory (that of the organisation when empty), the least number of employees, a page."""

    territory: str = ""
    least: int = LEAST
    page: int = 1
    per_page: int = 25


@dataclass(frozen=True, slots=True)
class UnmetFirm(JsonAnswer):
    """A firm by its largest site there; `last_contact` is the day of the last exchange, `None` when there never was."""

    siren: str
    siret: str
    name: str
    activity: str | None
    size: str | None
    commune: str
    commune_name: str
    last_contact: date | None


@dataclass(frozen=True, slots=True)
class UnmetFirms(JsonAnswer):
    """One page of firms, the largest first; `since` is the day before which an exchange counts no more."""

    key: str
    name: str
    since: date
    least: int
    firms: tuple[UnmetFirm, ...]
    total: int
    page: int
    per_page: int
    sources: tuple[Provenance, ...]
    simulated: bool

    @property
    def total_pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, math.ceil(self.total / self.per_page))


class NeverMet:
    """Finds whom an organisation does not know."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def page(self, scope: Scope, data: WeekData, asked: NeverMetAsked) -> UnmetFirms:
        """Return the manufacturers that the asker's organisation neither follows since less than two years nor met.

        A dossier that was withdrawn is none. Raises `NotFound` without the right, `RequestFault` for a territory that
        is none or is missing, and for a page that cannot be.
        """
        scope.require(Thing.VISITS, Right.READ)
        if asked.page < 1 or not 1 <= asked.per_page <= LARGEST_PAGE or asked.least < 0:
            raise RequestFault(f"La page commence à 1 et compte de 1 à {LARGEST_PAGE} entreprises ; l’effectif, à 0.")
        with self._journal.reading(scope) as reader:
            _officer(reader)
            home = reader.get(Organisation, scope.organisation).territory if scope.organisation else ""
            today, known = reader.today, contacts(reader)
        if not (asked.territory or home):
            raise RequestFault("Votre organisation n’a pas de territoire : dites lequel (« --territory », « Où »).")
        return unmet(data, replace(asked, territory=asked.territory or home), known, today)


def unmet(data: WeekData, asked: NeverMetAsked, contacts: Contacts, today: date) -> UnmetFirms:
    """Return the same for a territory that is said, from the `contacts` of an organisation as they stand `today`."""
    import ibis  # noqa: PLC0415 - only who asks waits for it

    from vigie.store.event_matter import at_least, manufacturing  # noqa: PLC0415 - Ibis

    since = date(today.year - YEARS, today.month, min(today.day, 28))
    met = frozenset(siren for siren, last in contacts.items() if last.met >= since)
    place = data.watch.places.territory(asked.territory)
    perimeter = data.watch.places.perimeter(place)
    given: dict[str, Any] = dict(perimeter.parameters)
    table = data.warehouse.table("establishment")
    here = within(table.filter(table.state == "A", table.diffusion == "O", manufacturing(table)), perimeter)
    here = without(here, data.suppressions.sirens() | met, given).mutate(employees=at_least(table.size_band))
    large = here.filter(here.employees >= asked.least)
    order = [ibis.desc(large.employees), large.siret]
    first = large.mutate(rank=ibis.row_number().over(group_by=large.siren, order_by=order))
    first = first.filter(first["rank"] == 0)
    counted = first.select(
        "siren", "siret", "commune", "naf", "naf_nomenclature", "size_band", "employees",
        name=ibis.coalesce(first.usual_name, first.sign, first.name),
    ).mutate(total=ibis._.count().over())  # fmt: skip
    ordered = counted.order_by(ibis.desc("employees"), "siret")
    rows = data.warehouse.rows(ordered.limit(asked.per_page, offset=(asked.page - 1) * asked.per_page), given)
    return UnmetFirms(
        key=place.key,
        name=place.name,
        since=since,
        least=asked.least,
        firms=tuple(_firm(row, contacts) for row in rows),
        total=rows[0]["total"] if rows else 0,
        page=asked.page,
        per_page=asked.per_page,
        sources=data.loaded.cite(STOCK),
        simulated=data.loaded.simulated,
    )


def _officer(reader: Reader) -> None:
    """Refuse the token of somebody who could not read the list themselves; raises `NotFound`."""
    scope = reader.scope
    if scope.role is not Role.READING_TOKEN:
        return
    held = select(Membership.role).where(
        Membership.person_id == scope.person, Membership.state == "active", Membership.deleted_at.is_(None)
    )
    if not any(Right.READ in MATRIX[Thing.VISITS].get(Role(role), ()) for role in reader.all(held)):
        raise NotFound(ABSENT)


@dataclass(frozen=True, slots=True)
class LastMeeting:
    """What the journal knows of a firm: when somebody last opened a dossier or met it, and the last exchange."""

    met: date
    contact: date | None


Contacts = Mapping[str, LastMeeting]


def contacts(reader: Reader) -> Contacts:
    """Return the firms that have a dossier; the day a dossier was opened counts as a meeting."""
    last = select(Dossier.siren, func.max(Dossier.created_at), func.max(Dossier.last_contact_on))
    kept = last.where(Dossier.deleted_at.is_(None), Dossier.siren != "")
    found: dict[str, LastMeeting] = {}
    for siren, opened, contact in reader.rows(kept.group_by(Dossier.siren)):
        day = reader.day(opened)
        found[siren] = LastMeeting(max(day, contact or day), contact)
    return found


def _firm(row: Mapping[str, Any], contacts: Contacts) -> UnmetFirm:
    band, known = nomenclature.size_band(row["size_band"]), contacts.get(row["siren"])
    return UnmetFirm(
        siren=row["siren"],
        siret=row["siret"],
        name=usual_case(row["name"] or "nom non connu"),
        activity=nomenclature.label(row["naf"], row["naf_nomenclature"] or ""),
        size=band.label if band else None,
        commune=row["commune"],
        commune_name=commune_name(row["commune"]),
        last_contact=known.contact if known else None,
    )
