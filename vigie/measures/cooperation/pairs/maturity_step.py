"""Whether one firm is well ahead of the other on an axis of Industry 4.0, and could show how it went."""

from __future__ import annotations

from vigie.domain.french import listed
from vigie.domain.situation import AXES, QUESTIONS
from vigie.measures.cooperation.pairs.pair import Pair, PairFeature

# One level apart is the same world; two are worth a visit.
_AHEAD = 2


def measure(pair: Pair) -> tuple[float | None, str]:
    """Avance en Industrie 4.0 : n/(n + 1) pour n axes où l’une dit être deux degrés au moins devant l’autre."""
    own, other = pair.seeker.said, pair.candidate.said
    if own is None or other is None:
        return None, ""
    levels = [(axis, own.level(axis), other.level(axis)) for axis in AXES]
    gaps = {axis: there - here for axis, here, there in levels if here is not None and there is not None}
    if not gaps:
        return None, ""
    ahead = [axis for axis, gap in gaps.items() if gap >= _AHEAD]
    behind = [axis for axis, gap in gaps.items() if gap <= -_AHEAD]
    told = [f"peut vous montrer où elle en est : {_named(ahead)}"] if ahead else []
    told += [f"peut apprendre de vous : {_named(behind)}"] if behind else []
    count = len(ahead) + len(behind)
    return count / (count + 1.0), listed(told)


def _named(axes: list[str]) -> str:
    return listed(QUESTIONS[axis].label for axis in axes)


FEATURE = PairFeature("maturity_step", "avance en Industrie 4.0", measure)
