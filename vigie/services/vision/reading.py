"""A vision as everybody reads it: whole, as a story whose sentences open on what they rest on, and as five results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.consultation import ConsultationState
from vigie.domain.french import counted, listed, long_date, number
from vigie.domain.introductions import IntroductionState
from vigie.domain.vision import ActionState, VisionState, late, progress, stalled, waiting
from vigie.errors import NotFound
from vigie.services.communes import told_territory
from vigie.services.vision.answers import (
    ActionTold,
    ForeseenTold,
    KeyResult,
    PriorityTold,
    ResultsTold,
    StorySentence,
    TargetTold,
    UseTold,
    VisionLine,
    VisionTold,
    YearTold,
)
from vigie.services.vision.foreseeing import foreseen_of
from vigie.store.journal.consultations import Consultation, PublishedCount
from vigie.store.journal.people import Organisation
from vigie.store.journal.vision import ActionUse, Priority, Vision, VisionAction, VisionTarget, VisionYear

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.domain.access import Scope
    from vigie.services.acts import Telling
    from vigie.services.introductions.answers import Aggregates
    from vigie.store.journal.port import Journal, Reader

_HIDDEN = "trop peu de cas pour être dit : trois entreprises au moins, aucune ne faisant plus de 85 %"
_DECLARED = "tels que déclarés par les entreprises, par trimestre clos"


class VisionReading:
    """Reads visions; those that are published, and those of one's organisation."""

    def __init__(self, journal: Journal, totals: Callable[[str], Aggregates]) -> None:
        self._journal, self._totals = journal, totals

    def published(self, scope: Scope) -> tuple[VisionLine, ...]:
        """Return the visions in force, the latest first."""
        scope.require(Thing.VISION, Right.READ)
        with self._journal.reading(scope) as reader:
            rows = reader.all(
                select(Vision)
                .where(Vision.state == VisionState.PUBLISHED.value, Vision.deleted_at.is_(None))
                .order_by(Vision.published_at.desc(), Vision.id)
                .limit(100)
            )
            return _lines(reader, rows)

    def every(self, scope: Scope) -> tuple[VisionLine, ...]:
        """Return the visions of the asker's organisation, those in preparation too."""
        scope.require(Thing.VISION, Right.WRITE)
        with self._journal.reading(scope) as reader:
            ours = select(Vision).where(Vision.organisation_id == scope.organisation, Vision.deleted_at.is_(None))
            return _lines(reader, reader.all(ours.order_by(Vision.created_at.desc(), Vision.id).limit(100)))

    def one(self, scope: Scope, vision: str) -> VisionTold:
        """Return a vision, whole; raises `NotFound` for one that the asker may not read yet."""
        scope.require(Thing.VISION, Right.READ)
        with self._journal.reading(scope) as reader:
            return whole(reader, _readable(reader, vision))

    def ours(self, scope: Scope, vision: str) -> VisionTold:
        """Return a vision of the asker's organisation, with what they may do with it."""
        scope.require(Thing.VISION, Right.WRITE)
        with self._journal.reading(scope) as reader:
            row = reader.get(Vision, vision)
            if row.organisation_id != scope.organisation:
                raise NotFound(ABSENT)
            return whole(reader, row)

    def story(self, scope: Scope, vision: str) -> tuple[VisionTold, tuple[StorySentence, ...]]:
        """Return a vision and its story, sentence by sentence."""
        told = self.one(scope, vision)
        return told, tuple(story_of(told))

    def results(self, scope: Scope, vision: str) -> ResultsTold:
        """Return the five results of a vision, by the totals that everybody may read."""
        scope.require(Thing.VISION, Right.READ)
        with self._journal.reading(scope) as reader:
            row = _readable(reader, vision)
            told, heard = whole(reader, row), _heard(reader, row.organisation_id)
        return ResultsTold(told.line, _results(told, heard, self._totals(row.organisation_id)))


def read_vision(telling: Telling, vision: str) -> VisionTold:
    """Return a vision as its officers read it; raises `NotFound` for that of another organisation."""
    telling.scope.require(Thing.VISION, Right.WRITE)
    row = telling.reader.get(Vision, vision)
    if row.organisation_id != telling.scope.organisation:
        raise NotFound(ABSENT)
    return whole(telling.reader, row)


def _readable(reader: Reader, vision: str) -> Vision:
    row = reader.get(Vision, vision)
    ours = row.organisation_id == reader.scope.organisation and reader.scope.may(Thing.VISION, Right.WRITE)
    if row.state == VisionState.DRAFT.value and not ours:
        raise NotFound(ABSENT)
    return row


def whole(reader: Reader, row: Vision) -> VisionTold:
    """Return a vision with all that hangs from it."""
    mine = row.id
    priorities = reader.all(
        select(Priority)
        .where(Priority.vision_id == mine, Priority.deleted_at.is_(None))
        .order_by(Priority.created_at, Priority.id)
    )
    actions, targets = _actions(reader, mine), _targets(reader, mine)
    former = reader.all(select(Vision).where(Vision.id == row.replaces)) if row.replaces else ()
    years = reader.all(select(VisionYear).where(VisionYear.vision_id == mine).order_by(VisionYear.year.desc()))
    return VisionTold(
        line=_lines(reader, [row])[0],
        text=row.text,
        values=tuple(line for line in row.values.splitlines() if line.strip()),
        scenario=row.scenario,
        foreseen=foreseen_of(reader, row),
        priorities=tuple(
            PriorityTold(one.id, one.title, one.text, tuple(actions[one.id]), tuple(targets[one.id]))
            for one in priorities
        ),
        former=_lines(reader, former),
        years=tuple(
            YearTold(one.year, one.told["actions"], one.told["done"], tuple(one.told["sentences"])) for one in years
        ),
        may=_may(reader, row),
    )


def _may(reader: Reader, row: Vision) -> tuple[str, ...]:
    if row.organisation_id != reader.scope.organisation or not reader.scope.may(Thing.VISION, Right.WRITE):
        return ()
    if row.state == VisionState.DRAFT.value:
        return ("edit", "fill", "publish")
    return ("fill", "follow") if row.state == VisionState.PUBLISHED.value else ()


def _actions(reader: Reader, vision: str) -> dict[str, list[ActionTold]]:
    rows = reader.all(
        select(VisionAction)
        .where(VisionAction.vision_id == vision, VisionAction.deleted_at.is_(None))
        .order_by(VisionAction.created_at, VisionAction.id)
    )
    uses: dict[str, list[UseTold]] = defaultdict(list)
    found = select(ActionUse).where(ActionUse.vision_id == vision, ActionUse.deleted_at.is_(None))
    for use in reader.all(found.order_by(ActionUse.created_at, ActionUse.id)):
        uses[use.action_id].append(UseTold(use.kind, use.label, use.address))
    told: dict[str, list[ActionTold]] = defaultdict(list)
    for row in rows:
        today, state = reader.day(reader.now, row.organisation_id), ActionState(row.state)
        told[row.priority_id].append(
            ActionTold(
                row.id, row.title, row.carrier, row.partners, row.means, row.due_on, row.state, row.note, row.said_on,
                stalled(state, row.said_on, today), late(state, row.due_on, today), (today - row.said_on).days,
                tuple(uses[row.id]),
            )
        )  # fmt: skip
    return told


def _targets(reader: Reader, vision: str) -> dict[str, list[TargetTold]]:
    rows = select(VisionTarget).where(VisionTarget.vision_id == vision, VisionTarget.deleted_at.is_(None))
    told: dict[str, list[TargetTold]] = defaultdict(list)
    for row in reader.all(rows.order_by(VisionTarget.created_at, VisionTarget.id)):
        told[row.priority_id].append(
            TargetTold(
                row.id, row.indicator, row.territory, row.label or row.indicator, row.unit, row.baseline,
                row.baseline_on, row.target, row.due_on, row.seen, row.seen_at,
                progress(row.baseline, row.target, row.seen),
            )
        )  # fmt: skip
    return told


def _lines(reader: Reader, rows: Sequence[Vision]) -> tuple[VisionLine, ...]:
    names = reader.known(Organisation, (row.organisation_id for row in rows)) if rows else {}
    return tuple(
        VisionLine(
            row.id, row.title, names[row.organisation_id].name if row.organisation_id in names else "",
            told_territory(row.territory) if row.territory else "", row.state, row.published_at, row.replaced_at,
            row.territory,
        )
        for row in rows
    )  # fmt: skip


def place_of(vision: str) -> str:
    """Return the address of a vision."""
    return f"/projet/{vision}"


def story_of(told: VisionTold) -> Iterator[StorySentence]:
    """Yield the story of a vision: what is wanted, what is done, what it brought, what stalled."""
    place, line = place_of(told.line.id), told.line
    actions = [one for priority in told.priorities for one in priority.actions]
    since = f" depuis le {long_date(line.published_at.date())}" if line.published_at else ""
    yield StorySentence("Le cap", f"{line.organisation} porte ce projet{since} : « {line.title} ».", place)
    yield StorySentence("Le cap", told.text, place)
    if told.scenario:
        yield StorySentence("Le cap", f"Il répond à un avenir choisi parmi d’autres : {told.scenario}", place)
    if told.foreseen:
        yield from _foreseen(told.foreseen)
    titles = listed(f"« {one.title} »" for one in told.priorities)
    if titles:
        many = counted(len(told.priorities), "priorité le porte", "priorités le portent")
        yield StorySentence("Le cap", f"{many} : {titles}.", f"{place}#priorites")
    for priority in told.priorities:
        yield from _priority(priority, place)
    still = [one for one in actions if one.stalled]
    for one in still:
        yield StorySentence(
            "Ce qui n’avance pas",
            f"« {one.title} » n’a rien donné depuis {waiting(one.silent_days)} : le dernier acte est du "
            f"{long_date(one.said_on)}.",
            f"{place}#{one.id}",
        )
    if actions and not still:
        yield StorySentence(
            "Ce qui n’avance pas", "Aucune action n’est restée sans nouvelle plus de quatre mois.", place
        )


def _foreseen(told: ForeseenTold) -> Iterator[StorySentence]:
    what = listed(f"« {one} »" for one in told.hypotheses)
    yield StorySentence(
        "Le cap", f"C’est un scénario de l’atelier « {told.title} » : {what}.", f"/atelier/{told.workshop}/resultat"
    )
    for one in told.signs:
        seen = f"on en voit {number(one.seen)}" if one.seen is not None else "on n’en voit rien encore"
        said = (
            f"« {one.hypothesis} » se verra à ceci : {one.label} ({one.unit or 'sans unité'}), {one.territory_name} ; "
        )
        yield StorySentence("Le cap", f"{said}{seen}.", evidence_of(one.territory, one.indicator))


def _priority(priority: PriorityTold, place: str) -> Iterator[StorySentence]:
    for one in priority.actions:
        who = f", portée par {one.carrier}" if one.carrier else ""
        beside = f" avec {one.partners}" if one.partners else ""
        aside = "," if who or beside else ""
        due = f", attendue le {long_date(one.due_on)}" if one.due_on else ""
        said = f"« {one.title} »{who}{beside}{aside} est {ActionState(one.state).label}{due}."
        yield StorySentence(priority.title, said, f"{place}#{one.id}")
        if one.note:
            yield StorySentence(priority.title, one.note, f"{place}#{one.id}")
        for use in one.uses:
            yield StorySentence(priority.title, f"Elle s’appuie sur ceci : {use.label}.", use.address)
    for target in priority.targets:
        yield StorySentence(priority.title, _target(target), evidence_of(target.territory, target.indicator))


def _target(target: TargetTold) -> str:
    seen = f"on en voit {number(target.seen)}" if target.seen is not None else "on n’en voit rien encore"
    return (
        f"{target.label} ({target.unit or 'sans unité'}) : parti de {number(target.baseline)} le "
        f"{long_date(target.baseline_on)}, {number(target.target)} voulu le {long_date(target.due_on)} ; {seen}, "
        f"{target.progress}."
    )


def evidence_of(territory: str, indicator: str) -> str:
    """Return the address of what a figure rests on: its source, its vintage, its method.

    >>> evidence_of("epci:200071165", "employers")
    '/territoire/epci/200071165/constat/employers'
    """
    kind, _, code = territory.partition(":")
    return f"/territoire/{kind}/{code}/constat/{indicator}"


def _heard(reader: Reader, organisation: str) -> int | None:
    """Return how many people, by tens, were counted in the consultations of an organisation; `None` for none."""
    asked = select(Consultation.id).where(
        Consultation.organisation_id == organisation,
        Consultation.visibility == "public",
        Consultation.state.in_((ConsultationState.OPEN.value, ConsultationState.CLOSED.value)),
    )
    counts = reader.all(
        select(PublishedCount).where(PublishedCount.consultation_id.in_(asked)).order_by(PublishedCount.number)
    )
    last = {one.consultation_id: one.participants for one in counts}
    return sum(last.values()) if last else None


def _results(told: VisionTold, heard: int | None, totals: Aggregates) -> tuple[KeyResult, ...]:
    place = place_of(told.line.id)
    actions = [one for priority in told.priorities for one in priority.actions]
    done = sum(one.state == ActionState.DONE.value for one in actions)
    met = totals.states.get(IntroductionState.CONCLUDED.value)
    return (
        KeyResult("Rencontres abouties", met, "", "par trimestre clos" if met is not None else _HIDDEN, ""),
        KeyResult("Emplois déclarés", totals.jobs, "", _note(totals.jobs), ""),
        KeyResult("Montants déclarés", totals.amount, "€", _note(totals.amount), ""),
        KeyResult(
            "Personnes consultées", heard, "", "au moins, par dizaines, d’après ce qui est publié", "/consultations"
        ),
        KeyResult("Actions faites", done, "", f"sur {counted(len(actions), 'action')}", f"{place}#priorites"),
    )


def _note(value: int | None) -> str:
    return _DECLARED if value is not None else _HIDDEN
