"""What is done for visions by itself: targets are read again in the data in service, each year is kept as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.domain.vision import ActionState, VisionState
from vigie.errors import NotFound, RequestFault
from vigie.services.vision.reading import story_of, whole
from vigie.store.journal.base import new_id
from vigie.store.journal.vision import Vision, VisionTarget, VisionYear

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.services.observe import Observe
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
        seen = {one.id: found for one in targets if (found := _finding(observe, one)) is not None}
        changed = [one.id for one in targets if one.id in seen and _differs(one, seen[one.id])]
        if not changed:
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
        return len(changed)

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


def _finding(observe: Observe, target: VisionTarget) -> Finding | None:
    """Return the figure of a target; `None` for an indicator or a territory that the data do not hold."""
    try:
        return observe.finding(target.territory, target.indicator)
    except (NotFound, RequestFault):
        return None


def _value(found: Finding) -> float | None:
    return float(found.value) if isinstance(found.value, int | float) else None


def _differs(target: VisionTarget, found: Finding) -> bool:
    return (target.seen, target.label, target.unit) != (_value(found), found.label[:300], found.unit[:100])
