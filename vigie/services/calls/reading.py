"""Reading calls: the public list, one of them, one's own, and the answers they received."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, or_, select

from vigie.domain import calls as words
from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.addresses import address_key
from vigie.domain.releases import released
from vigie.errors import NotFound
from vigie.services.accounts.speaking import attested
from vigie.services.calls.answers import AnswerTold, CallList, CallTold, CorrectionTold, FormerContent, NearCall
from vigie.services.calls.releasing import GROUPS, changes
from vigie.services.telling_words import telling_stems
from vigie.store import spelling
from vigie.store.journal.followup import Dossier, DossierShare
from vigie.store.journal.introductions import Call, CallAnswer, CallCorrection, Introduction, Side
from vigie.store.journal.people import Organisation
from vigie.store.journal.unit import version_of

if TYPE_CHECKING:
    from vigie.services.acts import Telling
    from vigie.services.firms.suppression_list import SuppressionList
    from vigie.store.journal.port import Journal, Reader

PAGE = 30
_NEAR = 2
"""One word shared with the title, which counts in both, or two with the text."""


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What a list is narrowed to; `open_only` leaves out what takes no more answers."""

    kind: str = ""
    words: str = ""
    organisation: str = ""
    open_only: bool = True
    page: int = 1
    siren: str = ""


class CallReading:
    """Answers about calls, within what the asker may read; the calls of firms that object are left out."""

    def __init__(self, journal: Journal, suppressions: SuppressionList) -> None:
        self._journal, self._suppressions = journal, suppressions

    def published(self, scope: Scope, filters: CallFilter | None = None) -> CallList:
        """Return the calls that the asker may read: public ones, and their network's when they are of it."""
        asked = filters or CallFilter()
        with self._journal.reading(scope) as reader:
            wanted = _wanted(asked, reader.today).where(or_(*_readable(reader)), Call.state != words.MODERATED)
            wanted = wanted.where(Call.siren.not_in(self._objecting(reader)))
            if asked.words:
                wanted = wanted.where(Call.id.in_(_saying(reader, wanted, asked.words)))
            return self._page(reader, wanted, asked.page)

    def speaking_of(self, scope: Scope, text: str, most: int) -> tuple[NearCall, ...]:
        """Return the open calls that the asker may read and that speak of what a text tells, the nearest first.

        A word of the title counts twice; one word of the text alone is not enough. Ties: the latest call first.
        """
        told = telling_stems(text)
        if not told:
            return ()
        with self._journal.reading(scope) as reader:
            wanted = _wanted(CallFilter(), reader.today).where(or_(*_readable(reader)))
            wanted = wanted.where(Call.siren.not_in(self._objecting(reader)))
            parts = wanted.with_only_columns(Call.id, Call.kind, Call.title, Call.text, Call.closes_on)
            rows = reader.rows(parts.order_by(Call.opens_on.desc(), Call.id))
        found = [
            (_shared(told, row[2] or "", row[3] or ""), NearCall(row[0], row[1], row[2] or "", row[4])) for row in rows
        ]
        near = sorted((one for one in found if one[0] >= _NEAR), key=lambda one: -one[0])
        return tuple(call for _, call in near[:most])

    def mine(self, scope: Scope, page: int = 1) -> CallList:
        """Return the asker's calls: theirs, their firm's, or all of the organisation for its officers.

        One that moderation took off is only listed to those who may read it.
        """
        scope.require(Thing.PUBLIC_CALLS, Right.WRITE, Right.WRITE_OWN)
        with self._journal.reading(scope) as reader:
            wanted = select(Call).where(Call.deleted_at.is_(None), Call.organisation_id == scope.organisation)
            own = [Call.author_id == scope.person, *([Call.siren == scope.siren] if scope.siren else [])]
            if not scope.may(Thing.NETWORK_CALLS, Right.WRITE):
                wanted = wanted.where(or_(*own))
            if not scope.may(Thing.MODERATION, Right.MODERATE):
                wanted = wanted.where(or_(Call.state != words.MODERATED, *own))
            return self._page(reader, wanted, page)

    def one(self, scope: Scope, identifier: str) -> CallTold:
        """Return a call; raises `NotFound` when the asker may not read it."""
        with self._journal.reading(scope) as reader:
            return _told(reader, self.readable(reader, identifier))

    def answers(self, scope: Scope, identifier: str) -> tuple[AnswerTold, ...]:
        """Return the answers to a call, for its author and the officers; reading them leaves a trace.

        Officers read who answers and where to reach them; an author who is none reads the words, until both said yes
        to an introduction.
        """
        with self._journal.reading(scope) as reader:
            call = self.readable(reader, identifier)
            _require_inside(scope, call)
            found = reader.all(received([identifier]).order_by(CallAnswer.created_at.desc()))
            known = _reaches(scope, call)
            introduced = _introductions(reader, identifier) if scope.may(Thing.INTRODUCTIONS, Right.READ) else {}
        self._journal.trace(scope, "call.answers.read", identifier)
        return tuple(
            AnswerTold(
                id=answer.id,
                call_id=identifier,
                name=(answer.name or "") if known else "",
                email=(answer.email or "") if known else "",
                body=answer.body or "",
                siren=answer.siren,
                received_at=answer.created_at,
                introduction_id=introduced.get(address_key(answer.email or ""), ""),
            )
            for answer in found
        )

    def readable(self, reader: Reader, identifier: str) -> Call:
        """Return a call that the asker may read; raises `NotFound` otherwise.

        That of a firm that objects to being shown is read by its author and the officers only.
        """
        call = readable(reader, identifier)
        if call.siren and self._suppressions.holds(call.siren):
            _require_inside(reader.scope, call)
        return call

    def _objecting(self, reader: Reader) -> Sequence[str]:
        """Return the firms with calls that object; nothing is looked at when none does."""
        if not self._suppressions.fingerprints():
            return ()
        firms = reader.all(select(Call.siren).where(Call.siren != "").distinct())
        return [siren for siren in firms if self._suppressions.holds(siren)]

    def aggregates(self, scope: Scope) -> dict[str, int | None]:
        """Return how many calls of each kind the network holds: as they are for who reads them, else as published.

        Published counts are those of closed quarters, of three firms or authors at least; `None` when never published.
        """
        rights = scope.require(Thing.NETWORK_CALLS, Right.READ, Right.AGGREGATE)
        with self._journal.reading(scope) as reader:
            if Right.READ not in rights:
                return released(changes(reader), reader.today, GROUPS)
            kinds = reader.all(
                select(Call.kind).where(
                    Call.organisation_id == scope.organisation,
                    Call.deleted_at.is_(None),
                    Call.visibility == words.NETWORK,
                )
            )
        return {kind: kinds.count(kind) for kind in words.KINDS}

    def _page(self, reader: Reader, wanted: Select[Call], page: int) -> CallList:
        total = reader.count(wanted)
        newest = wanted.order_by(Call.opens_on.desc(), Call.created_at.desc(), Call.id)
        rows = reader.all(newest.limit(PAGE).offset((page - 1) * PAGE))
        reader.known(Organisation, (row.organisation_id for row in rows))
        days = _days(reader, [row for row in rows if _seen(reader.scope, row)])
        told = tuple(_tell(reader, row, days.get(row.id, ()), brief=True) for row in rows)
        return CallList(told, total, page, max(1, -(-total // PAGE)))


def tell_call(telling: Telling, identifier: str) -> CallTold:
    """Return a call; raises `NotFound` when the asker may not read it, or when its firm objects to being shown."""
    call = readable(telling.reader, identifier)
    if call.siren in telling.means.objecting([call.siren] if call.siren else []):
        _require_inside(telling.scope, call)
    return _told(telling.reader, call)


def _told(reader: Reader, call: Call) -> CallTold:
    days = _days(reader, [call] if _seen(reader.scope, call) else [])
    return _tell(reader, call, days.get(call.id, ()))


def _require_inside(scope: Scope, call: Call) -> None:
    if not _reads_answers(scope, call):
        raise NotFound(ABSENT)


def _tell(reader: Reader, call: Call, days: Sequence[date], *, brief: bool = False) -> CallTold:
    scope = reader.scope
    organisation = reader.get(Organisation, call.organisation_id)
    corrected = () if brief else tuple(_corrected(row, call) for row in corrections(reader, call.id))
    return CallTold(
        id=call.id,
        kind=call.kind,
        title=call.title or "",
        text=call.text or "",
        organisation=organisation.name,
        organisation_id=organisation.id,
        siren=call.siren,
        visibility=call.visibility,
        public_buyer=call.public_buyer,
        opens_on=call.opens_on,
        closes_on=call.closes_on,
        state=call.state,
        open=is_open(call, reader.day(reader.now, call.organisation_id)),
        own=is_own(scope, call),
        answers=len(days) if _seen(scope, call) else None,
        log=tuple(sorted(Counter(days).items())) if call.public_buyer and not brief else (),
        corrections=corrected,
        waiting=_waits(call),
        attested=attested(reader, call),
        may=_may(scope, call, reader.day(reader.now, call.organisation_id)),
        version=version_of(call),
    )


def thing_of(visibility: str) -> Thing:
    """Return the row of the matrix that a call belongs to."""
    return Thing.PUBLIC_CALLS if visibility == words.PUBLIC else Thing.NETWORK_CALLS


def is_open(call: Call, today: date) -> bool:
    """Tell whether a call takes answers today."""
    return call.state == words.PUBLISHED and (call.closes_on is None or today <= call.closes_on)


def is_own(scope: Scope, call: Call) -> bool:
    """Tell whether a call is the asker's, or their firm's."""
    inside = bool(scope.person) and call.organisation_id == scope.organisation
    return inside and (call.author_id == scope.person or (bool(scope.siren) and call.siren == scope.siren))


def readable(reader: Reader, identifier: str) -> Call:
    """Return a call that the asker may read; raises `NotFound` otherwise.

    One that moderation took off is only read by its author and by those who moderate.
    """
    call = reader.one(select(Call).where(Call.id == identifier, Call.deleted_at.is_(None), or_(*_readable(reader))))
    scope = reader.scope
    hidden = call is not None and call.state == words.MODERATED
    if call is None or (hidden and not (is_own(scope, call) or _moderates(scope, call))):
        raise NotFound(ABSENT)
    return call


def _moderates(scope: Scope, call: Call) -> bool:
    return call.organisation_id == scope.organisation and scope.may(Thing.MODERATION, Right.MODERATE)


def _reaches(scope: Scope, call: Call) -> bool:
    """Tell whether the asker is an officer of the organisation that carries a call."""
    return scope.may(thing_of(call.visibility), Right.WRITE) and call.organisation_id == scope.organisation


def _reads_answers(scope: Scope, call: Call) -> bool:
    return _reaches(scope, call) or is_own(scope, call)


def _readable(reader: Reader) -> list[ColumnElement[bool]]:
    """Return the conditions of which a call must meet one, to be read by the asker."""
    scope = reader.scope
    conditions: list[ColumnElement[bool]] = [(Call.visibility == words.PUBLIC) & ~_waiting()]
    if scope.person:
        conditions.append((Call.author_id == scope.person) & (Call.organisation_id == scope.organisation))
    inside = Call.organisation_id == scope.organisation
    if scope.organisation and scope.may(Thing.NETWORK_CALLS, Right.READ):
        conditions.append(inside)
    elif scope.organisation and scope.may(Thing.NETWORK_CALLS, Right.READ_SHARED):
        conditions.append(inside & Call.siren.in_(_shared_firms(reader)))
    return conditions


def _waiting() -> ColumnElement[bool]:
    """Match the public calls of heads for whom nobody vouches yet: only their organisation reads them."""
    return (Call.visibility == words.PUBLIC) & (Call.siren != "") & (Call.vouched_as == "")


def _waits(call: Call) -> bool:
    return call.visibility == words.PUBLIC and bool(call.siren) and not call.vouched_as


def _shared_firms(reader: Reader) -> Sequence[str]:
    """Return the firms whose dossier was shared with a partner."""
    dossiers = reader.all(
        select(DossierShare.dossier_id).where(
            DossierShare.person_id == reader.scope.person, DossierShare.deleted_at.is_(None)
        )
    )
    live = select(Dossier.siren).where(Dossier.id.in_(dossiers), Dossier.deleted_at.is_(None))
    return [siren for siren in reader.all(live) if siren]


def _wanted(asked: CallFilter, today: date) -> Select[Call]:
    wanted = select(Call).where(Call.deleted_at.is_(None))
    if asked.kind:
        wanted = wanted.where(Call.kind == asked.kind)
    if asked.organisation:
        wanted = wanted.where(Call.organisation_id == asked.organisation)
    if asked.siren:
        wanted = wanted.where(Call.siren == asked.siren)
    if asked.open_only:
        still = or_(Call.closes_on.is_(None), Call.closes_on >= today)
        wanted = wanted.where(Call.state == words.PUBLISHED, still)
    return wanted


def _saying(reader: Reader, wanted: Select[Call], text: str) -> list[str]:
    """Return the calls that hold every word of a text, whatever its capitals and accents, on every engine."""
    rows = reader.rows(wanted.with_only_columns(Call.id, Call.title, Call.text))
    return [row[0] for row in rows if spelling.holds(f"{row[1]} {row[2]}", text)]


# Beginnings of words of nearly every need and call of a workshop: sharing « petites séries » says nothing.
_COMMON = frozenset(("peti", "gran", "nouv", "atel", "piec", "seri", "mois", "anne", "fois"))


def _shared(told: frozenset[str], title: str, text: str) -> int:
    told = told - _COMMON
    return len(told & telling_stems(title)) + len(told & telling_stems(f"{title} {text}"))


def received(calls: Sequence[str]) -> Select[CallAnswer]:
    """Select the answers to calls that their authors read."""
    return select(CallAnswer).where(
        CallAnswer.call_id.in_(calls), CallAnswer.state == words.RECEIVED, CallAnswer.deleted_at.is_(None)
    )


def corrections(reader: Reader, identifier: str) -> Sequence[CallCorrection]:
    """Return the corrections of a call, the first one first."""
    mine = select(CallCorrection).where(CallCorrection.call_id == identifier, CallCorrection.deleted_at.is_(None))
    return reader.all(mine.order_by(CallCorrection.created_at, CallCorrection.id))


def _seen(scope: Scope, call: Call) -> bool:
    """Tell whether the asker may know how many answers a call received."""
    return call.public_buyer or _reads_answers(scope, call)


def _days(reader: Reader, calls: Sequence[Call]) -> Mapping[str, Sequence[date]]:
    """Return the day of each answer received, by call; answers are private, and only their days leave."""
    asker, days = reader.scope, defaultdict[str, list[date]](list)
    for organisation in sorted({call.organisation_id for call in calls}):
        reader.moving(replace(Scope(), organisation=organisation))
        for answer in reader.all(received([call.id for call in calls if call.organisation_id == organisation])):
            days[answer.call_id].append(reader.day(answer.created_at, organisation))
    if calls:
        reader.moving(asker)
    return days


def _corrected(row: CallCorrection, call: Call) -> CorrectionTold:
    """Return a correction; what a sourcing said before is for everybody to read, until its time has come."""
    former = FormerContent(row.kind, row.title or "", row.text or "", row.closes_on) if call.public_buyer else None
    return CorrectionTold(row.created_at, tuple(row.changed.split()), former)


def _introductions(reader: Reader, identifier: str) -> dict[str, str]:
    """Return the introductions that answers to a call became, by the address of who answered."""
    rows = reader.rows(
        select(Side.contact_email, Side.introduction_id)
        .join(Introduction, Introduction.id == Side.introduction_id)
        .where(Introduction.call_id == identifier)
    )
    return {address_key(row[0]): row[1] for row in rows if row[0]}


def _may(scope: Scope, call: Call, today: date) -> tuple[str, ...]:
    can = ["answer"] if is_open(call, today) and not is_own(scope, call) else []
    thing = thing_of(call.visibility)
    inside = call.organisation_id == scope.organisation
    if inside and (scope.may(thing, Right.WRITE) or (scope.may(thing, Right.WRITE_OWN) and is_own(scope, call))):
        can += ["correct", "close"] if call.state == words.PUBLISHED else []
        can += [] if call.public_buyer else ["withdraw"]
        can += ["read_answers"]
    if scope.role in (Role.OFFICER, Role.ADMIN) and inside and scope.may(Thing.INTRODUCTIONS, Right.WRITE):
        can += ["introduce"]
    return tuple(can)
