"""What is due to be erased in an organisation, rule by rule, and what must be kept although its time has come.

The dossiers of a collectivité are public archives: destroying them without the visa of the archives is an offence, so
they are listed as due, and erased only under the visa that the organisation recorded. Prospecting data never are
archives: they go after `retention_months` without a sign of the person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select, or_, select

from vigie.domain.accounts import OrganisationKind
from vigie.domain.days import months_before
from vigie.domain.introductions import RequestState
from vigie.domain.zones import PARIS, day_in
from vigie.store.journal.base import SERVED
from vigie.store.journal.followup import (
    Contact,
    Dossier,
    DossierShare,
    DossierTag,
    Exchange,
    Reminder,
)
from vigie.store.journal.introductions import (
    Call,
    CallAnswer,
    CallCorrection,
    Introduction,
    IntroductionRequest,
    Side,
)
from vigie.store.journal.jobs import Job, JobLot
from vigie.store.journal.models import Base
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.store.journal.base import DataLife
    from vigie.store.journal.port import Reader

Of = TypeVar("Of")
Kept = TypeVar("Kept", Dossier, Contact, IntroductionRequest)
Part = TypeVar("Part", Exchange, Reminder, DossierTag, DossierShare)
ARCHIVED = frozenset({OrganisationKind.AUTHORITY.value, OrganisationKind.AGENCY.value})
"""Organisations whose dossiers are taken for public archives; an agency often holds a public mission."""
NO_VISA = "archives publiques : à garder tant que le visa des archives n’est pas enregistré"


@dataclass(frozen=True, slots=True)
class RetentionContext:
    """The organisation whose data are looked at (`None`: letters of no organisation), and the moment.

    `seen` holds what rules read and found, where nothing is erased between them: none asks again for what another did.
    """

    organisation: Organisation | None
    now: datetime
    seen: dict[str, Any] | None = field(default=None, compare=False)

    @property
    def months(self) -> int:
        """Months without a sign of the person after which data are due."""
        return self.organisation.retention_months if self.organisation else 36

    @property
    def limit(self) -> date:
        """Day before which a last sign is too old."""
        return months_before(self.day(self.now), self.months)

    def day(self, moment: datetime) -> date:
        """Return the day of a moment in the organisation."""
        return day_in(self.organisation.zone if self.organisation else PARIS, moment)

    def once(self, name: str, ask: Callable[[], Of]) -> Of:
        """Return what was asked under a name, asked now where it was not or where rows change between rules."""
        if self.seen is None:
            return ask()
        if name not in self.seen:
            self.seen[name] = ask()
        found: Of = self.seen[name]
        return found

    def since(self, kept: timedelta | None) -> datetime:
        """Return the moment before which what is kept so long is due; `None` is the organisation's own length."""
        if kept is not None:
            return self.now - kept
        return datetime.combine(self.limit, time.min, self.now.tzinfo)

    @property
    def archives_bind(self) -> bool:
        """Tell whether dossiers may not be destroyed yet, for want of a visa."""
        one = self.organisation
        return one is not None and one.kind in ARCHIVED and not one.retention_visa


@dataclass(slots=True)
class DueRows:
    """What a rule finds: rows to erase, rows to withdraw with them, and what is due but kept, with the reason."""

    due: list[Base] = field(default_factory=list)
    withdrawn: list[Base] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    subjects: int = 0


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One rule: its word, what it is about in French, and what finds its rows."""

    word: str
    label: str
    find: Callable[[Reader, RetentionContext], DueRows]


def _once(find: Callable[[Reader, RetentionContext], DueRows]) -> Callable[[Reader, RetentionContext], DueRows]:
    """Let other rules ask what this one finds, at the price of one look."""

    @wraps(find)
    def found(reader: Reader, context: RetentionContext) -> DueRows:
        return context.once(find.__name__, lambda: find(reader, context))

    return found


def _dossiers(reader: Reader, context: RetentionContext, *, prospecting: bool) -> DueRows:
    rows = [row for row in _every(reader, context, Dossier) if row.erased_at is None and row.prospecting is prospecting]
    contacts: dict[str, list[Contact]] = defaultdict(list)
    for contact in _every(reader, context, Contact):
        contacts[contact.dossier_id].append(contact)
    old = [row for row in rows if _last_sign(context, row, contacts.get(row.id, ())) < context.limit]
    found = DueRows(subjects=len(old))
    if not prospecting and context.archives_bind:
        found.kept = [(row.id, NO_VISA) for row in old]
        return found
    chosen = {row.id for row in old}
    exchanges, reminders = _within(reader, Exchange, chosen), _within(reader, Reminder, chosen)
    people = [one for identifier in sorted(chosen) for one in contacts.get(identifier, ())]
    tags, shares = _within(reader, DossierTag, chosen), _within(reader, DossierShare, chosen)
    found.due = [*old, *people, *exchanges, *reminders, *tags]
    found.withdrawn = [
        *(one for one in tags if one.deleted_at is None),
        *(one for one in shares if one.deleted_at is None),
    ]
    return found


def _last_sign(context: RetentionContext, dossier: Dossier, contacts: Sequence[Contact]) -> date:
    known = [day for day in (dossier.last_contact_on, *(one.last_contact_on for one in contacts)) if day]
    return max(known) if known else context.day(dossier.created_at)


def _every(reader: Reader, context: RetentionContext, table: type[Kept]) -> Sequence[Kept]:
    return context.once(table.__tablename__, lambda: reader.all(select(table).order_by(table.id)))


def _within(reader: Reader, table: type[Part], dossiers: Iterable[str]) -> Sequence[Part]:
    wanted = sorted(dossiers)
    return [
        row
        for start in range(0, len(wanted), 500)
        for row in reader.all(select(table).where(table.dossier_id.in_(wanted[start : start + 500])).order_by(table.id))
    ]


@_once
def _prospects(reader: Reader, context: RetentionContext) -> DueRows:
    return _dossiers(reader, context, prospecting=True)


@_once
def _followed(reader: Reader, context: RetentionContext) -> DueRows:
    return _dossiers(reader, context, prospecting=False)


@_once
def _contacts(reader: Reader, context: RetentionContext) -> DueRows:
    """Find, in prospecting dossiers still alive, the persons who gave no sign."""
    going = {row.id for row in _prospects(reader, context).due if isinstance(row, Dossier)}
    live = [row for row in _every(reader, context, Dossier) if row.prospecting and row.erased_at is None]
    dossiers = {row.id for row in live} - going
    rows = [
        row
        for row in _every(reader, context, Contact)
        if row.erased_at is None
        and row.dossier_id in dossiers
        and (row.last_contact_on or context.day(row.created_at)) < context.limit
    ]
    return DueRows(due=list(rows), subjects=len(rows))


def _introductions(reader: Reader, context: RetentionContext) -> DueRows:
    sides: dict[str, list[Side]] = defaultdict(list)
    for side in reader.all(select(Side).where(Side.erased_at.is_(None)).order_by(Side.id)):
        sides[side.introduction_id].append(side)
    rows = reader.all(select(Introduction).where(Introduction.id.in_(sorted(sides))).order_by(Introduction.id))
    old = [row for row in rows if _last_step(context, row, sides[row.id]) < context.limit]
    if context.archives_bind:
        return DueRows(kept=[(row.id, NO_VISA) for row in old], subjects=len(old))
    return DueRows(due=[*old, *(side for row in old for side in sides[row.id])], subjects=len(old))


def _last_step(context: RetentionContext, row: Introduction, sides: Sequence[Side]) -> date:
    moments = [row.created_at, row.introduced_at, row.closed_at, *(side.consented_at for side in sides)]
    return max([context.day(moment) for moment in moments if moment] + [day for day in (row.met_on,) if day])


@_once
def _requests(reader: Reader, context: RetentionContext) -> DueRows:
    rows = [row for row in _every(reader, context, IntroductionRequest) if row.erased_at is None]
    return _archived(
        context, [row for row in rows if context.day(row.decided_at or row.created_at) < context.limit], []
    )


@_once
def _answers(reader: Reader, context: RetentionContext) -> DueRows:
    rows = reader.all(select(CallAnswer).where(CallAnswer.erased_at.is_(None)).order_by(CallAnswer.id))
    return _confirmed_or_not(context, {row: row.created_at for row in rows})


@_once
def _needs(reader: Reader, context: RetentionContext) -> DueRows:
    rows = reader.all(select(StatedNeed).where(StatedNeed.erased_at.is_(None)).order_by(StatedNeed.id))
    return _confirmed_or_not(context, {row: row.closed_at or row.proposed_at or row.created_at for row in rows})


def _confirmed_or_not(context: RetentionContext, last: Mapping[Any, datetime]) -> DueRows:
    """Find, of rows with their last sign, those whose address was never confirmed, and those past their term."""
    unproved = [row for row in last if row.state == "unconfirmed" and row.created_at < context.now - SERVED]
    old = [row for row, at in last.items() if row not in unproved and context.day(at) < context.limit]
    return _archived(context, old, unproved)


@_once
def _calls(reader: Reader, context: RetentionContext) -> DueRows:
    rows = [row for row in _own_calls(reader, context) if row.erased_at is None]
    old = [row for row in rows if (row.closes_on or context.day(row.created_at)) < context.limit]
    found = _archived(context, old, [])
    going = sorted(row.id for row in found.due if isinstance(row, Call))
    corrections = select(CallCorrection).where(CallCorrection.call_id.in_(going)).order_by(CallCorrection.id)
    found.due += reader.all(corrections) if going else ()
    return found


def _own_calls(reader: Reader, context: RetentionContext) -> Sequence[Call]:
    """Return the calls of the organisation, asked once for both rules that look at them."""
    mine = select(Call).where(Call.organisation_id == _id(context)).order_by(Call.id)
    return context.once("own calls", lambda: reader.all(mine))


def _archived(context: RetentionContext, old: Sequence[Base], anyway: Sequence[Base]) -> DueRows:
    total = len(old) + len(anyway)
    if context.archives_bind:
        return DueRows(due=list(anyway), kept=[(row.id, NO_VISA) for row in old], subjects=total)  # type: ignore[attr-defined]
    return DueRows(due=[*anyway, *old], subjects=total)


def _id(context: RetentionContext) -> str:
    return context.organisation.id if context.organisation else ""


def _withdrawn_dossiers(reader: Reader, context: RetentionContext) -> DueRows:
    """Find what was withdrawn from follow-up: dossiers with all they hold, and single contacts, exchanges, reminders.

    They stay parts of a dossier: where dossiers are public archives they wait for the visa, prospecting ones excepted.
    """
    limit = context.now - SERVED
    every = {row.id: row for row in _every(reader, context, Dossier)}
    gone = {row.id for row in every.values() if row.deleted_at is not None and row.deleted_at < limit}
    rows: list[Any] = [row for row in every.values() if row.id in gone and row.erased_at is None]
    rows += [
        row
        for row in _every(reader, context, Contact)
        if row.name is not None and (row.dossier_id in gone or (row.deleted_at is not None and row.deleted_at < limit))
    ]
    parts: tuple[tuple[Any, Any], ...] = ((Exchange, Exchange.body), (Reminder, Reminder.reason))
    for table, said in parts:
        held = table.dossier_id.in_(sorted(gone))
        rows += reader.all(select(table).where(said.is_not(None), or_(table.deleted_at < limit, held)))
    rows += reader.all(select(DossierTag).where(DossierTag.label != "", DossierTag.deleted_at < limit))
    already = {row.id for rule in (_prospects, _contacts, _followed) for row in rule(reader, context).due}  # type: ignore[attr-defined]
    found = DueRows()
    for row in sorted((row for row in rows if row.id not in already), key=lambda one: one.id):
        dossier = every.get(row.id if isinstance(row, Dossier) else row.dossier_id)
        if context.archives_bind and not (dossier is not None and dossier.prospecting):
            found.kept.append((row.id, NO_VISA))
        else:
            found.due.append(row)
    found.subjects = len(found.due) + len(found.kept)
    return found


def _withdrawn_calls(reader: Reader, context: RetentionContext) -> DueRows:
    """Find calls taken back, their corrections and what was answered to them, visa or not: nobody acts on them."""
    limit = context.now - SERVED
    calls = [row for row in _own_calls(reader, context) if row.deleted_at is not None and row.deleted_at < limit]
    every = sorted(row.id for row in calls)
    parts: tuple[Any, ...] = (CallAnswer, CallCorrection)
    rows: list[Any] = [row for row in calls if row.erased_at is None]
    for table in parts if every else ():
        rows += reader.all(select(table).where(table.call_id.in_(every), table.erased_at.is_(None)).order_by(table.id))
    already = {row.id for rule in (_answers, _calls) for row in rule(reader, context).due}  # type: ignore[attr-defined]
    return _all([row for row in rows if row.id not in already])


def _withdrawn_requests(reader: Reader, context: RetentionContext) -> DueRows:
    """Find requests for an introduction that heads took back before anybody acted on them."""
    rows = [
        row
        for row in _every(reader, context, IntroductionRequest)
        if row.state == RequestState.WITHDRAWN.value
        and row.erased_at is None
        and row.decided_at is not None
        and row.decided_at < context.now - SERVED
    ]
    already = {row.id for row in _requests(reader, context).due}  # type: ignore[attr-defined]
    return _all([row for row in rows if row.id not in already])


def _jobs(reader: Reader, context: RetentionContext) -> DueRows:
    """Find what jobs were asked and what their lots gave: gone when they end, else after 30 days."""
    old = select(Job).where(Job.created_at <= context.now - SERVED, Job.erased_at.is_(None))
    jobs = reader.all(old.order_by(Job.id))
    lots = select(JobLot).where(JobLot.job_id.in_([job.id for job in jobs]), JobLot.content.is_not(None))
    held = reader.all(lots.order_by(JobLot.id)) if jobs else ()
    return DueRows(due=[*jobs, *held], subjects=len(jobs))


def _all(rows: Sequence[Base]) -> DueRows:
    return DueRows(due=list(rows), subjects=len(rows))


def _ended(table: type[Base], life: DataLife) -> RetentionRule:
    """Return the rule of a table whose own dates say when its rows are due."""

    def find(reader: Reader, context: RetentionContext) -> DueRows:
        if context.seen is not None and table not in context.once("ended", lambda: _with_ended(reader, context)):
            return DueRows()
        return _all(reader.all(_ended_rows(table, life, context)))

    return RetentionRule(life.rules[0], life.label, find)


def _with_ended(reader: Reader, context: RetentionContext) -> frozenset[type[Base]]:
    """Return the tables whose own dates say that something is due there: one question for all, few hold anything."""
    ending = [(table, life) for table, life in tables_of_life() if life.ends]
    asked = select(*(_ended_rows(table, life, context).exists() for table, life in ending))
    (found,) = reader.rows(asked)
    return frozenset(table for (table, _), there in zip(ending, found, strict=True) if there)


def _ended_rows(table: type[Base], life: DataLife, context: RetentionContext) -> Select[Base]:
    columns = table.__table__.columns
    past = [columns[name] <= context.since(kept) for name, kept in life.ends.items()]
    held = life.holding or [column.key for column in columns if column.info.get("personal")]
    there = [columns[name].is_not(None) & (columns[name] != "") for name in held]
    return select(table).where(columns["organisation_id"] == _id(context), or_(*past), or_(*there))


def tables_of_life() -> Iterator[tuple[type[Base], DataLife]]:
    """Yield the tables of the journal that hold something about people, with what becomes of it, by name."""
    every: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    for table in sorted(every, key=lambda one: one.__tablename__):
        if table.life is not None:
            yield table, table.life


RULES = (
    RetentionRule("prospecting_dossiers", "dossiers de prospection sans signe de la personne", _prospects),
    RetentionRule("prospecting_contacts", "contacts de prospection sans signe de la personne", _contacts),
    RetentionRule("dossiers", "dossiers suivis, au terme de leur durée", _followed),
    RetentionRule("introductions", "mises en relation, au terme de leur durée", _introductions),
    RetentionRule("introduction_requests", "demandes de mise en relation, au terme de leur durée", _requests),
    RetentionRule("call_answers", "réponses à des appels", _answers),
    RetentionRule("stated_needs", "besoins dits sans compte", _needs),
    RetentionRule("calls", "appels fermés, au terme de leur durée", _calls),
    RetentionRule("withdrawn_calls", "appels retirés depuis 30 jours, et leurs réponses", _withdrawn_calls),
    RetentionRule("withdrawn_requests", "demandes de mise en relation retirées depuis 30 jours", _withdrawn_requests),
    RetentionRule(
        "withdrawn_dossiers", "dossiers, contacts, échanges et rappels retirés depuis 30 jours", _withdrawn_dossiers
    ),
    RetentionRule("jobs", "travaux demandés depuis 30 jours", _jobs),
    *(_ended(table, life) for table, life in tables_of_life() if life.ends),
)
"""Every rule, in the order in which a purge follows them: those that look at several tables, then those that a table
alone says (`DataLife.ends`)."""
