"""Whom a need is routed to: services that cover the place and the subject, and whose filters accept the firm."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Right, Scope, Thing
from vigie.domain.accounts import OrganisationKind
from vigie.domain.advising import AdviceSubject
from vigie.domain.levers import HEADCOUNT, YEARS, Applicant, Condition, Filter, Holds, Topic, traits
from vigie.measures.eligibility import together
from vigie.measures.routing import accepted
from vigie.services.advising.keeping import live
from vigie.services.communes import communes_of
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.register import FirmRegister
    from vigie.store.journal.advising import Adviser
    from vigie.store.journal.port import Journal, Reader


@dataclass(frozen=True, slots=True)
class RoutedAdviser:
    """A service that a firm may turn to, as anybody may read it.

    `name`, `email` and `phone` are empty unless the person agreed; `days` is `None` when no delay is promised.
    """

    id: str
    service: str
    antenna: str
    organisation: str
    hours: str
    days: int | None
    name: str = ""
    email: str = ""
    phone: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what programs may read of it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RoutedTo:
    """Whom a firm may ask; `unsure` counts the services that would have to know more of it before they accept."""

    advisers: tuple[RoutedAdviser, ...]
    unsure: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A subject that no service covers in some communes (codes, in their order)."""

    subject: AdviceSubject
    communes: tuple[str, ...]


class Advising:
    """Finds whom to ask, and what nobody covers."""

    def __init__(self, journal: Journal, register: FirmRegister) -> None:
        self._journal, self._register = journal, register

    def route(self, subject: AdviceSubject, commune: str, asker: Applicant) -> RoutedTo:
        """Return whom a firm of a commune may ask about a subject, the fittest first.

        Whoever was given the commune comes before whoever has the whole territory; a named person before a service;
        the shortest promised delay first. A filter that needs what is not known of the firm refuses, and is counted.
        """
        found: list[tuple[tuple[bool, bool, int, str], RoutedAdviser]] = []
        unsure = 0
        with self._journal.reading(Scope()) as reader:
            for organisation in self._organisations(reader, commune):
                reader.moving(Scope(organisation=organisation.id))
                for row in reader.all(live()):
                    if not _covers(row, subject, commune):
                        continue
                    if accepted([filter_of(row)], asker, subject):
                        told = _public(row, organisation.name)
                        found.append(((not row.communes, not told.name, told.days or 99, row.service), told))
                    elif together(filter_of(row).conditions, asker) is Holds.UNKNOWN:
                        unsure += 1
        return RoutedTo(tuple(told for _, told in sorted(found, key=lambda pair: pair[0])), unsure)

    def gaps(self, scope: Scope, communes: Sequence[str]) -> tuple[Gap, ...]:
        """Return, by subject, the communes of the asker's territory that no service of theirs covers.

        Filters are left out: a service that takes some firms covers its communes. Raises `NotFound` for whoever reads
        neither introductions nor their totals.
        """
        scope.require(Thing.INTRODUCTIONS, Right.READ, Right.AGGREGATE)
        with self._journal.reading(scope) as reader:
            rows = reader.all(live())
        return tuple(
            Gap(subject, lacking)
            for subject in AdviceSubject
            if (lacking := tuple(code for code in communes if not any(_covers(row, subject, code) for row in rows)))
        )

    def territory(self, scope: Scope) -> str:
        """Return the territory of the asker's organisation, empty when it has none."""
        with self._journal.reading(scope) as reader:
            here = reader.find(Organisation, scope.organisation)
        return here.territory if here else ""

    def _organisations(self, reader: Reader, commune: str) -> list[Any]:
        """Return the collectivités that cover a commune, by name."""
        rows = reader.rows(
            select(Organisation.id, Organisation.name, Organisation.territory).where(
                Organisation.kind == OrganisationKind.AUTHORITY.value,
                Organisation.territory != "",
                Organisation.deleted_at.is_(None),
            )
        )
        kept = [row for row in rows if self._register.covers(row.territory, (commune,))]
        return sorted(kept, key=lambda row: row.name)


def uncovered(advising: Advising, scope: Scope) -> dict[str, Any]:
    """Return what nobody covers in the territory of an organisation, as programs read it. Raises `NotFound` alike."""
    territory = advising.territory(scope)
    communes = sorted(communes_of(territory))
    found = [
        {"subject": one.subject.value, "label": one.subject.label, "communes": list(one.communes)}
        for one in advising.gaps(scope, communes)
    ]
    return {"territory": territory, "communes": len(communes), "gaps": found}


def filter_of(row: Adviser) -> Filter:
    """Return what a service asks of firms, as the evaluator reads it."""
    conditions = [
        Condition(topic, "", allowed=traits(kind, codes.split()))
        for topic, kind, codes in ((Topic.ACTIVITY, "naf", row.naf), (Topic.LEGAL_FORM, "forme", row.forms))
        if codes
    ]
    if row.naf_refused:
        conditions.append(Condition(Topic.ACTIVITY, "", refused=traits("naf", row.naf_refused.split())))
    for topic, amount, least, most in (
        (Topic.AGE, YEARS, row.least_years, row.most_years),
        (Topic.SIZE, HEADCOUNT, row.least_staff, row.most_staff),
    ):
        if least is not None or most is not None:
            conditions.append(Condition(topic, "", amount=amount, least=least, most=most))
    return Filter(tuple(conditions))


def _covers(row: Adviser, subject: AdviceSubject, commune: str) -> bool:
    return subject in row.subjects.split() and (not row.communes or commune in row.communes.split())


def _public(row: Adviser, organisation: str) -> RoutedAdviser:
    told = RoutedAdviser(row.id, row.service, row.antenna, organisation, row.hours, row.days or None)
    if not row.public or not row.name:
        return told
    return RoutedAdviser(
        told.id,
        told.service,
        told.antenna,
        organisation,
        told.hours,
        told.days,
        row.name,
        row.email or "",
        row.phone or "",
    )
