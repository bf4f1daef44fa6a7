"""Monday: what an officer has to do and what changed, on the page and in the letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.firm_names import usual_case
from vigie.domain.french import capital, counted, identifier
from vigie.domain.introductions import Consent, IntroductionState
from vigie.domain.needs import NeedState
from vigie.errors import NotFound, RequestFault
from vigie.services.communes import communes_of
from vigie.services.firms.flows import flows_since
from vigie.services.followup.answers import ChaseLine, JsonAnswer
from vigie.services.followup.never_met import Contacts, NeverMetAsked, UnmetFirms, contacts, unmet
from vigie.services.followup.portfolios import held, own
from vigie.services.followup.reading import names
from vigie.services.followup.reminders import REMINDER, chase, willing
from vigie.services.followup.territory_week import SHOWN, TerritoryWeek, WeekEvents, territory_week
from vigie.services.followup.thresholds import Thresholds, thresholds
from vigie.services.introductions import requests
from vigie.services.records.outbox import recent_failures
from vigie.services.symbiosis.news import NewExchange, new_exchanges
from vigie.store.journal.followup import DigestRefusal
from vigie.store.journal.introductions import Call, CallAnswer, Introduction, Side
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import FirmLink, Organisation
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.firms.flows import DeclaredFlow
    from vigie.services.followup.never_met import WeekData
    from vigie.services.suppression import Among
    from vigie.services.watch import Watch, WatchedEvent
    from vigie.store.journal.port import Journal, Reader

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Wait:
    """What waits on one subject, in a sentence without its full stop; `since` is the longest wait."""

    kind: str
    subject: str
    sentence: str
    since: datetime


def waits(requests: Iterable[Request]) -> tuple[tuple[Wait, ...], tuple[Wait, ...]]:
    """Return what waits for the reader, then the introductions that wait for their parties: one line a subject."""
    gathered: dict[tuple[str, str], list[Request]] = {}
    for request in requests:
        gathered.setdefault((request.kind, request.id if request.kind == LINK else request.subject), []).append(request)
    told = [Wait(ones[0].kind, ones[0].subject, _wait_words(ones), ones[0].since) for ones in gathered.values()]
    return tuple(one for one in told if one.kind != CONSENT), tuple(one for one in told if one.kind == CONSENT)


def _wait_words(ones: Sequence[Request]) -> str:
    first = ones[0]
    if first.kind == LINK:
        return f"{first.label or 'Quelqu’un'} demande à parler pour l’entreprise {identifier(first.subject)}"
    if first.kind == STATED:
        said = " ".join(first.label.split())
        short = said if len(said) <= _SHOWN else f"{said[:_SHOWN].rsplit(' ', 1)[0]}…"
        return f"Un besoin dit sur le site : « {short} »"
    if first.kind == ASKED:
        return f"{first.label or 'Quelqu’un'} demande une mise en relation avec une autre entreprise"
    if first.kind == ANSWER:
        who = (
            counted(len(ones), "personne a répondu", "personnes ont répondu") if ones[1:] else "Une personne a répondu"
        )
        return f"{who} à l’appel « {first.label} »"
    if len(ones) > 1:
        both = f"{capital(usual_case(first.label))} et {usual_case(ones[1].label)}"
        return f"{both} n’ont pas encore répondu à leur mise en relation"
    facing = f" avec {usual_case(first.other)}" if first.other else ""
    return f"{capital(usual_case(first.label)) or 'Une partie'} n’a pas encore répondu à sa mise en relation{facing}"


WEEK = timedelta(days=7)
"""The letter leaves once a week and tells what happened since the last one."""
CHANGES_SHOWN = 30
LINK, ANSWER, CONSENT, ASKED, STATED = "firm_link", "call_answer", "consent", "introduction_request", "stated_need"


@dataclass(frozen=True, slots=True)
class Request(JsonAnswer):
    """Somebody waits: a claim to speak for a firm, an answer to a call, a consent, a wish to meet another firm, a need.

    `subject` is what to open; `other` names the other party of a consent.
    """

    kind: str
    id: str
    subject: str
    label: str
    since: datetime
    other: str = ""


@dataclass(frozen=True, slots=True)
class MondayPage(JsonAnswer):
    """The week of an officer; `watched` is false when no data are loaded, so that nothing could be seen.

    `failed_letters` counts, for admins, the letters that failed for good in the last thirty days; `unmet` is `None`
    where it was not asked for, or the organisation has no territory.
    """

    today: date
    since: date
    firms: WeekEvents
    territories: tuple[WeekEvents, ...]
    requests: tuple[Request, ...]
    reminders: tuple[ChaseLine, ...]
    unanswered: tuple[ChaseLine, ...]
    watched: bool
    letter: bool
    failed_letters: int = 0
    closures: tuple[WatchedEvent, ...] = ()
    arrivals: tuple[WatchedEvent, ...] = ()
    unmet: UnmetFirms | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    whole: bool = False
    exchanges: tuple[NewExchange, ...] = ()

    @property
    def watching(self) -> str:
        """What the asker chose to watch, in French, and what could not be held to."""
        if not self.whole:
            return self.thresholds.sentence
        return f"{self.thresholds.sentence} La position des communes n’est pas connue ici : tout le territoire est dit."

    @property
    def alarms(self) -> tuple[WatchedEvent, ...]:
        """Procedures opened for firms of the portfolios: told first, while something can be done for them."""
        return tuple(event for event in self.firms.events if event.kind.alarming)

    @property
    def changes(self) -> tuple[WatchedEvent, ...]:
        """What else happened to them."""
        return tuple(event for event in self.firms.events if not event.kind.alarming)


class Monday:
    """The officer's Monday, and their choice of receiving it by e-mail."""

    def __init__(self, journal: Journal, objecting: Among) -> None:
        self._journal, self._objecting = journal, objecting

    def page(
        self, scope: Scope, watch: Watch | None = None, data: WeekData | None = None, *, everyone: bool = False
    ) -> MondayPage:
        """Return the week of the asker, or all that is to be chased; without data, what happened is not known.

        `data` tells whom nobody met; see `never_met`.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            sirens, keys = _watched(reader)
            home = reader.get(Organisation, scope.organisation).territory
            today = reader.today
            due = chase(reader, everyone=everyone)
            needs = _needs(reader, everyone=everyone)
            waiting = tuple(sorted((*_requests(reader), *map(_of_need, needs)), key=lambda request: request.since))
            letter = not _refusals(reader)
            failed_letters = recent_failures(reader)
            known = contacts(reader) if data and home else {}
            chosen = thresholds(reader)
            moment = reader.now - WEEK
            said = flows_since(reader, moment) if data else ()
        due = willing(due, self._objecting)
        since, told = today - WEEK, {row.reminder_id for row in needs}
        firms = _changes(watch, since, sirens)
        week = territory_week(watch, since, keys, firms.events, chosen) if watch else TerritoryWeek()
        met = _unmet_at(data, NeverMetAsked(home, per_page=SHOWN, least=chosen.least), known, today) if home else None
        return MondayPage(
            today=today,
            since=since,
            firms=firms,
            territories=week.territories,
            requests=waiting,
            reminders=tuple(line for line in due if line.kind == REMINDER and line.id not in told),
            unanswered=tuple(line for line in due if line.kind != REMINDER),
            watched=watch is not None,
            letter=letter,
            failed_letters=failed_letters,
            closures=week.closures,
            arrivals=week.arrivals,
            unmet=met,
            thresholds=chosen,
            whole=week.whole,
            exchanges=_exchanges(data, said, moment, (sirens, communes_of(home))),
        )

    def watched(self, scope: Scope) -> tuple[str, ...]:
        """Return the firms of the asker's portfolios, by SIREN; raises `NotFound` without the right."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            return _watched(reader)[0]

    def receive(self, scope: Scope, *, letter: bool) -> None:
        """Choose whether the weekly letter is received; it is until somebody refuses it."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("digest.accepted" if letter else "digest.refused", scope.person)
                refusals = _refusals(unit)
                if letter:
                    for refusal in refusals:
                        unit.withdraw(refusal)
                elif not refusals:
                    unit.add(DigestRefusal(person_id=scope.person))
        except AlreadyDone:
            return


def _unmet_at(data: WeekData | None, asked: NeverMetAsked, known: Contacts, today: date) -> UnmetFirms | None:
    """Return whom nobody met in the organisation's territory; nothing where its zoning is not loaded any more."""
    if data is None:
        return None
    try:
        return unmet(data, asked, known, today)
    except (RequestFault, NotFound):
        return None


def _exchanges(
    data: WeekData | None,
    said: Sequence[DeclaredFlow],
    since: datetime,
    watched: tuple[Collection[str], Collection[str]],
) -> tuple[NewExchange, ...]:
    return new_exchanges(data, said, since, watched) if data and said else ()


def _refusals(reader: Reader) -> Sequence[DigestRefusal]:
    mine = (DigestRefusal.person_id == reader.scope.person, DigestRefusal.deleted_at.is_(None))
    return reader.all(select(DigestRefusal).where(*mine))


def _watched(reader: Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the firms of the asker's portfolios; the organisation's territory and those of the portfolios."""
    inside = held(reader, [row.id for row in own(reader)])
    members = [member for row in inside.values() for member in row]
    home = reader.get(Organisation, reader.scope.organisation).territory
    sirens = dict.fromkeys(member.siren for member in members if member.siren)
    keys = dict.fromkeys([home, *(member.territory for member in members)])
    return tuple(sirens), tuple(key for key in keys if key)


def _changes(watch: Watch | None, since: date, sirens: Sequence[str]) -> WeekEvents:
    """Return what happened to the firms of the asker's portfolios."""
    if watch is None or not sirens:
        return WeekEvents("", "", 0, ())
    seen = watch.foremost(since, CHANGES_SHOWN, sirens=sirens)
    return WeekEvents("", "", seen.total, seen.events)


def _requests(reader: Reader) -> list[Request]:
    """Return who waits for the organisation, needs apart."""
    return [*_claims(reader), *_answers(reader), *_consents(reader), *_asked(reader)]


def _needs(reader: Reader, *, everyone: bool) -> Sequence[StatedNeed]:
    """Return the needs that wait for the asker or for anybody of the organisation, all of them for everyone."""
    waiting = [StatedNeed.state == NeedState.RECEIVED.value, StatedNeed.deleted_at.is_(None)]
    if not everyone:
        waiting.append(StatedNeed.owner_id.in_((reader.scope.person, "")))
    return reader.all(select(StatedNeed).where(*waiting).order_by(StatedNeed.id))


def _of_need(row: StatedNeed) -> Request:
    return Request(STATED, row.id, row.id, row.text or "", row.confirmed_at or row.created_at)


def _claims(reader: Reader) -> list[Request]:
    rows = reader.all(
        select(FirmLink).where(FirmLink.state == "waiting", FirmLink.deleted_at.is_(None)).order_by(FirmLink.id)
    )
    known = names(reader, [row.person_id for row in rows])
    return [Request(LINK, row.id, row.siren, known.get(row.person_id, ""), row.created_at) for row in rows]


def _answers(reader: Reader) -> list[Request]:
    if not reader.scope.may(Thing.NETWORK_CALLS, Right.WRITE):
        return []
    rows = reader.all(
        select(CallAnswer)
        .where(CallAnswer.state == "received", CallAnswer.deleted_at.is_(None))
        .order_by(CallAnswer.id)
    )
    calls = {row.call_id for row in rows}
    asked = reader.all(select(Call).where(Call.id.in_(calls), Call.deleted_at.is_(None))) if calls else ()
    titles = {row.id: row.title or "" for row in asked}
    return [
        Request(ANSWER, row.id, row.call_id, titles[row.call_id], row.created_at)
        for row in rows
        if row.call_id in titles
    ]


def _consents(reader: Reader) -> list[Request]:
    if not reader.scope.may(Thing.INTRODUCTIONS, Right.READ):
        return []
    going = (Introduction.state == IntroductionState.PROPOSED.value, Introduction.deleted_at.is_(None))
    open_ones = set(reader.all(select(Introduction.id).where(*going)))
    inside = (Side.introduction_id.in_(open_ones), Side.deleted_at.is_(None))
    sides = reader.all(select(Side).where(*inside).order_by(Side.introduction_id, Side.position))
    named = {(row.introduction_id, row.position): row.label or row.siren for row in sides}
    facing = {"a": "b", "b": "a"}
    return [
        Request(
            CONSENT,
            row.id,
            row.introduction_id,
            row.label or row.siren,
            row.created_at,
            named.get((row.introduction_id, facing[row.position]), ""),
        )
        for row in sides
        if row.consent == Consent.WAITING.value
    ]


def _asked(reader: Reader) -> list[Request]:
    if not reader.scope.may(Thing.INTRODUCTIONS, Right.WRITE):
        return []
    rows = requests.waiting(reader)
    known = names(reader, [row.person_id for row in rows])
    return [Request(ASKED, row.id, row.id, known.get(row.person_id, ""), row.created_at) for row in rows]
