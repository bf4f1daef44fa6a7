"""What is done for visions by itself: targets are read again in the data in service, each year is kept as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.domain.vision import ActionState, VisionState
from vigie.errors import NotFound, RequestFault
from vigie.services.vision.foreseeing import foreseen_of
from vigie.services.vision.reading import story_of, whole
from vigie.store.journal.base import new_id
from vigie.store.journal.vision import Vision, VisionTarget, VisionYear

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.services.observe import Observe
    from vigie.services.vision.answers import ForeseenTold
    from vigie.store.journal.port import Journal, Unit

MEASURED, KEPT = "vision.measured", "vision.year_kept"
_COMMAND = Scope(role=Role.SUPER_ADMIN, via="command")


class VisionFollowing:
    """Reads targets again, and keeps what each year said."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def run(self, observe: Observe | None) -> Mapping[str, int]:
        """Read every target of a published vision, and keep the year that ended of those that lived through its end."""
        with self._journal.reading(_COMMAND) as reader:
            living = select(Vision.id, Vision.organisation_id).where(Vision.state == VisionState.PUBLISHED.value)
            found = [(vision, organisation) for vision, organisation in reader.rows(living.order_by(Vision.id))]
        done = {"measured": 0, "kept": 0}
        for vision, organisation in found:
            scope = _COMMAND.within(organisation)
            done["measured"] += self._measure(scope, vision, observe) if observe is not None else 0
            done["kept"] += self._keep(scope, vision)
        return done

    def _measure(self, scope: Scope, vision: str, observe: Observe) -> int:
        """Note what the data in service say of the targets of a vision; return how many changed."""
        with self._journal.reading(scope) as reader:
            targets = reader.all(
                select(VisionTarget).where(VisionTarget.vision_id == vision, VisionTarget.deleted_at.is_(None))
            )
            told, known = foreseen_of(reader, reader.get(Vision, vision)), reader.get(Vision, vision).signs
        asked = {one.id: (one.territory, one.indicator) for one in targets}
        seen = {key: found for key, place in asked.items() if (found := _finding(observe, *place)) is not None}
        changed = [one.id for one in targets if one.id in seen and _differs(one, seen[one.id])]
        signs = _signs(observe, told, known)
        if not changed and not signs:
            return 0
        with self._journal.writing(scope) as unit:
            unit.act(MEASURED, vision)
            for row in unit.known(VisionTarget, changed).values():
                found = seen[row.id]
                row.label, row.unit, row.seen, row.seen_at = (
                    found.label[:300],
                    found.unit[:100],
                    _value(found),
                    unit.now,
                )
            if signs:
                at = unit.now.isoformat()
                unit.get(Vision, vision).signs = {
                    **known, **{key: {"value": value, "at": at} for key, value in signs.items()}
                }  # fmt: skip
        return len(changed) + len(signs)

    def _keep(self, scope: Scope, vision: str) -> int:
        """Keep what a vision says of the last year, once, from the first day of the next one on."""
        with self._journal.reading(scope) as reader:
            year = reader.today.year - 1
            row = reader.get(Vision, vision)
            began = row.published_at is not None and reader.day(row.published_at).year <= year
            kept = reader.count(select(VisionYear).where(VisionYear.vision_id == vision, VisionYear.year == year))
        if not began or kept:
            return 0
        with self._journal.writing(scope) as unit:
            unit.act(KEPT, vision)
            _write_year(unit, vision, year)
        return 1


def _write_year(unit: Unit, vision: str, year: int) -> None:
    told = whole(unit, unit.get(Vision, vision))
    actions = [one for priority in told.priorities for one in priority.actions]
    said = {
        "actions": len(actions),
        "done": sum(one.state == ActionState.DONE.value for one in actions),
        "sentences": [one.text for one in story_of(told)],
    }
    unit.add(VisionYear(id=new_id(), vision_id=vision, year=year, kept_at=unit.now, told=said, visibility="public"))


def _signs(observe: Observe, told: ForeseenTold | None, known: Mapping[str, Any]) -> dict[str, float | None]:
    """Return what the data say of the indicators of the future that was chosen, where they say something else."""
    places = {one.indicator: one.territory for one in told.signs} if told else {}
    found = {indicator: _finding(observe, territory, indicator) for indicator, territory in places.items()}
    values = {indicator: _value(one) for indicator, one in found.items() if one is not None}
    return {key: value for key, value in values.items() if key not in known or known[key]["value"] != value}


def _finding(observe: Observe, territory: str, indicator: str) -> Finding | None:
    """Return a figure; `None` for an indicator or a territory that the data do not hold."""
    try:
        return observe.finding(territory, indicator)
    except (NotFound, RequestFault):
        return None


def _value(found: Finding) -> float | None:
    return float(found.value) if isinstance(found.value, int | float) else None


def _differs(target: VisionTarget, found: Finding) -> bool:
    return (target.seen, target.label, target.unit) != (_value(found), found.label[:300], found.unit[:100])
