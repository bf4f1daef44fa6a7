"""Reading introductions: the board, one of them, totals for those who see no case, ties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, or_, select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.actors import compact_siren
from vigie.domain.introductions import LIVE, OUTCOMES, POSITIONS, STATE_FAMILIES, Consent, IntroductionState
from vigie.domain.releases import released
from vigie.errors import NotFound
from vigie.services.introductions import steps as history
from vigie.services.introductions.answers import Aggregates, Board, IntroductionTold, SideTold, StepTold, TieTold
from vigie.services.introductions.releasing import DECLARED, GROUPS, WITHOUT, adds, changes
from vigie.services.introductions.steps import CarriedIntroduction, read
from vigie.services.introductions.ties import PublicTies
from vigie.store import spelling
from vigie.store.journal.followup import Dossier, DossierShare
from vigie.store.journal.introductions import Introduction, Side, Tie
from vigie.store.journal.people import Organisation, Person

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal, Reader

PAGE = 60


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What a board is narrowed to: a state, a firm, words of a party's name, those the asker proposed."""

    state: str = ""
    siren: str = ""
    words: str = ""
    mine: bool = False
    page: int = 1


class IntroductionReading:
    """Answers about introductions, within what the asker may read."""

    def __init__(self, journal: Journal) -> None:
        self._journal, self._public_ties = journal, PublicTies(journal)

    def board(self, scope: Scope, filters: BoardFilter | None = None) -> Board:
        """Return the introductions of the organisation, or the asker's own; who to write to is read one by one."""
        asked = filters or BoardFilter()
        rights = scope.require(Thing.INTRODUCTIONS, Right.READ, Right.READ_OWN)
        with self._journal.reading(scope) as reader:
            wanted = _wanted(asked, scope.person)
            if Right.READ not in rights:
                wanted = wanted.where(Introduction.id.in_(_own(reader)))
            if asked.words:
                wanted = wanted.where(Introduction.id.in_(_named(reader, asked.words)))
            counts = dict(
                reader.rows(
                    wanted.with_only_columns(Introduction.state, func.count(Introduction.id)).group_by(
                        Introduction.state
                    )
                )
            )
            if asked.state:
                wanted = wanted.where(Introduction.state == asked.state)
            total = counts.get(asked.state, 0) if asked.state else sum(counts.values())
            newest = wanted.order_by(Introduction.created_at.desc(), Introduction.id)
            shown = reader.all(newest.limit(PAGE).offset((asked.page - 1) * PAGE))
            told = tuple(_without_reach(_tell(reader, held)) for held in _with_sides(reader, shown))
        pages = max(1, -(-total // PAGE))
        return Board(
            told, {state.value: counts.get(state.value, 0) for state in IntroductionState}, total, asked.page, pages
        )

    def one(self, scope: Scope, identifier: str) -> IntroductionTold:
        """Return an introduction with its history; reading contacts leaves a trace."""
        rights = scope.require(Thing.INTRODUCTIONS, Right.READ, Right.READ_OWN)
        with self._journal.reading(scope) as reader:
            held = read(reader, identifier)
            if Right.READ not in rights:
                require_own(reader, held)
            told = _tell(reader, held, history_too=Right.READ in rights)
        if any(side.contact_email and not side.own for side in told.sides):
            self._journal.trace(scope, "introduction.read", identifier)
        return told

    def aggregates(self, scope: Scope) -> Aggregates:
        """Return totals of the organisation: true ones for who reads its cases, published ones for who reads none.

        Published figures are those of closed quarters, of three firms at least, none of which makes most of them.
        """
        rights = scope.require(Thing.INTRODUCTIONS, Right.READ, Right.AGGREGATE)
        with self._journal.reading(scope) as reader:
            if Right.READ in rights:
                return _aggregates(_true_totals(reader), exact=True)
            return _aggregates(released(changes(reader), reader.today, GROUPS), exact=False)

    def ties(self, scope: Scope, siren: str) -> tuple[TieTold, ...]:
        """Return the ties of a firm, the latest first."""
        scope.require(Thing.INTRODUCTIONS, Right.READ)
        siren = compact_siren(siren)
        with self._journal.reading(scope) as reader:
            ties = reader.all(
                select(Tie)
                .where(or_(Tie.siren_a == siren, Tie.siren_b == siren), Tie.deleted_at.is_(None))
                .order_by(Tie.since.desc(), Tie.id)
            )
            return tuple(_tie(reader, tie) for tie in ties)

    def public_ties(self) -> dict[str, int | None]:
        """Return how many ties of each kind the whole installation made, by closed quarters; `None` when never told."""
        return self._public_ties.count()


def require_own(reader: Reader, held: CarriedIntroduction) -> None:
    """Raise `NotFound` unless an introduction is the asker's: their firm's, or one of a dossier shared with them."""
    if not any(_is_own(reader, side) for side in held.sides.values()):
        raise NotFound(ABSENT)


def _is_own(reader: Reader, side: Side) -> bool:
    scope = reader.scope
    if scope.role is Role.PARTNER:
        return bool(side.dossier_id) and side.dossier_id in _shared(reader)
    return bool(scope.siren) and side.siren == scope.siren


def _own(reader: Reader) -> Sequence[str]:
    """Return the asker's own introductions."""
    scope = reader.scope
    if scope.role is Role.PARTNER:
        return reader.all(select(Side.introduction_id).where(Side.dossier_id.in_(_shared(reader))))
    return reader.all(select(Side.introduction_id).where(Side.siren == scope.siren)) if scope.siren else ()


def _shared(reader: Reader) -> Sequence[str]:
    mine = (
        select(DossierShare.dossier_id)
        .join(Dossier, Dossier.id == DossierShare.dossier_id)
        .where(
            DossierShare.person_id == reader.scope.person, DossierShare.deleted_at.is_(None),
            Dossier.deleted_at.is_(None),
        )
    )  # fmt: skip
    return [dossier for dossier in reader.all(mine) if dossier]


def _wanted(asked: BoardFilter, person: str) -> Select[Introduction]:
    wanted = select(Introduction).where(Introduction.deleted_at.is_(None))
    if asked.siren:
        wanted = wanted.where(
            Introduction.id.in_(select(Side.introduction_id).where(Side.siren == compact_siren(asked.siren)))
        )
    return wanted.where(Introduction.proposed_by == person) if asked.mine else wanted


def _named(reader: Reader, text: str) -> set[str]:
    """Return the introductions of which a party's name holds every word, whatever its capitals and accents."""
    rows = reader.rows(select(Side.introduction_id, Side.label).where(Side.label.is_not(None)))
    return {row[0] for row in rows if spelling.holds(row[1], text)}


def _with_sides(reader: Reader, rows: Sequence[Introduction]) -> Iterable[CarriedIntroduction]:
    sides = reader.all(select(Side).where(Side.introduction_id.in_([row.id for row in rows])))
    by_row: dict[str, dict[str, Side]] = {}
    for side in sides:
        by_row.setdefault(side.introduction_id, {})[side.position] = side
    organisation = reader.get(Organisation, reader.scope.organisation) if rows else Organisation()
    reader.known(Person, (row.proposed_by for row in rows))
    return [CarriedIntroduction(row, by_row[row.id], organisation) for row in rows]


def _tell(reader: Reader, held: CarriedIntroduction, *, history_too: bool = False) -> IntroductionTold:
    row = held.introduction
    everything = reader.scope.may(Thing.INTRODUCTIONS, Right.READ)
    author = reader.find(Person, row.proposed_by)
    first, second = (_side(reader, held, position, everything=everything) for position in POSITIONS)
    return IntroductionTold(
        id=row.id,
        state=row.state,
        reason=row.reason or "",
        competitors=row.competitors,
        created_at=row.created_at,
        proposed_by=(author.name or "") if author else "",
        call_id=row.call_id,
        sides=(first, second),
        introduced_at=row.introduced_at,
        met_on=row.met_on,
        closed_at=row.closed_at,
        outcome=row.outcome,
        why_not=row.why_not,
        amount=row.amount,
        jobs=row.jobs,
        may=_may(reader.scope, held, (first, second)),
        history=_steps(reader, row.id) if history_too else (),
    )


def _side(reader: Reader, held: CarriedIntroduction, position: str, *, everything: bool) -> SideTold:
    """Return a side; a head reads how to reach the other one, and what it answered, once both said yes."""
    side = held.sides[position]
    own = not everything and reader.scope.role is Role.HEAD and _is_own(reader, side)
    open_ = everything or own or (reader.scope.role is Role.HEAD and held.introduction.introduced_at is not None)
    full = everything or own
    return SideTold(
        position=position,
        siren=side.siren,
        dossier_id=side.dossier_id if everything else "",
        label=side.label or "",
        consent=side.consent if open_ else None,
        consented_at=side.consented_at if open_ else None,
        contact_name=side.contact_name if open_ else None,
        contact_email=side.contact_email if open_ else None,
        satisfaction=side.satisfaction if full else None,
        comment=side.comment if full else None,
        asked=side.asked if full else None,
        reminders=side.reminders if full else None,
        own=own,
    )


def _without_reach(told: IntroductionTold) -> IntroductionTold:
    """Leave out how to reach the parties: a list leaves no trace of each contact read."""
    first, second = (side if side.own else replace(side, contact_name=None, contact_email=None) for side in told.sides)
    return replace(told, sides=(first, second))


def _may(scope: Scope, held: CarriedIntroduction, sides: Iterable[SideTold]) -> tuple[str, ...]:
    """Return the names of what the asker can do now."""
    state, can = IntroductionState(held.introduction.state), []
    if scope.may(Thing.INTRODUCTIONS, Right.WRITE):
        waiting = [each.position for each in sides if each.consent == Consent.WAITING.value]
        can += [f"renew_{position}" for position in waiting if state is IntroductionState.PROPOSED]
        can += ["met"] if state is IntroductionState.INTRODUCED else []
        can += ["conclude"] if state in (IntroductionState.INTRODUCED, IntroductionState.MET) else []
        can += ["abandon"] if state in LIVE else []
    elif scope.may(Thing.INTRODUCTIONS, Right.WRITE_OWN) and scope.role is Role.PARTNER:
        can += ["met"] if state is IntroductionState.INTRODUCED else []
    elif scope.may(Thing.INTRODUCTIONS, Right.WRITE_OWN):
        own = next((side for side in sides if side.own), None)
        if own and state is IntroductionState.PROPOSED:
            can += {Consent.WAITING.value: ["answer"], Consent.ACCEPTED.value: ["withdraw"]}.get(own.consent or "", [])
        can += ["rate"] if own and state is IntroductionState.CONCLUDED and own.satisfaction is None else []
    return tuple(can)


def _steps(reader: Reader, identifier: str) -> tuple[StepTold, ...]:
    steps = history.of(reader, identifier)
    names = {
        person.id: person.name or ""
        for person in reader.all(select(Person).where(Person.id.in_({step.person_id for step in steps})))
    }
    return tuple(
        StepTold(
            step=step.happening.step.value,
            position=step.happening.position,
            at=step.at,
            who=names.get(step.person_id, ""),
            role=step.role,
            via=step.via,
        )
        for step in steps
    )


def _tie(reader: Reader, tie: Tie) -> TieTold:
    sides = reader.all(select(Side).where(Side.introduction_id == tie.introduction_id))
    labels = {side.siren: side.label or "" for side in sides}
    return TieTold(
        introduction_id=tie.introduction_id,
        siren_a=tie.siren_a,
        siren_b=tie.siren_b,
        label_a=labels.get(tie.siren_a, ""),
        label_b=labels.get(tie.siren_b, ""),
        kind=tie.kind,
        since=tie.since,
    )


def _true_totals(reader: Reader) -> dict[str, int | None]:
    names = ("state", "outcome", *DECLARED)
    rows = reader.rows(
        select(*(getattr(Introduction, name) for name in names)).where(Introduction.deleted_at.is_(None))
    )
    found: dict[str, int | None] = {name: 0 for group in GROUPS for name in group.figures}
    for row in rows:
        for name, value in adds(row._asdict()).items():
            found[name] = (found.get(name) or 0) + value
    return found


def _aggregates(found: Mapping[str, int | None], *, exact: bool) -> Aggregates:
    states = {state.value: found.get(f"state {state.value}", 0) for state in IntroductionState}
    families = {family: found[f"family {family}"] for family in STATE_FAMILIES}
    return Aggregates(
        states=states if exact else families,
        outcomes={outcome: found[f"outcome {outcome}"] for outcome in (*OUTCOMES, WITHOUT)},
        amount=found["amount"],
        jobs=found["jobs"],
        exact=exact,
    )
