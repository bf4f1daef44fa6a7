"""What introductions and public ties teach of proposals: weights, how well they place, for whom they fail.

scikit-learn is read when something is learned, never before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from vigie.domain.french import capital, counted, listed, percent
from vigie.measures.cooperation.pairs import FEATURES
from vigie.services.connect.gathering import LEARNABLE, SLICES, ComparedPair, Outcomes, gather
from vigie.services.connect.kinds import KINDS
from vigie.services.connect.said import NothingSaid
from vigie.services.connect.weighing import LEAST_FIRMS, LEAST_OUTCOMES

if TYPE_CHECKING:
    from vigie.measures.cooperation.choices import Choices, PlacedShare
    from vigie.services.connect.gathering import Gathered
    from vigie.services.connect.said import SaidBy
    from vigie.services.questions import DataInService

LEAST_TOLD = 10
"""Firms of a slice from which its quality is told."""
NOTHING = "Rien d’appris"
_NOBODY = NothingSaid()


@dataclass(frozen=True, slots=True)
class LearnedReason:
    """A feature: its mean stated weight, what was learned (log-odds per unit, 95 % interval), what it would weigh.

    `low` and `high` are `None` where too few firms tell; `kept`, on the scale of the stated weights, then as well.
    """

    name: str
    label: str
    stated: float
    learned: float
    low: float | None
    high: float | None
    kept: float | None
    said: str


@dataclass(frozen=True, slots=True)
class LearnedQuality:
    """How often, of 1, the firm that was worked with is placed before another, for some of those that seek.

    Learned on others than those judged; bounds at 99 %. `None` below ten firms.
    """

    whom: str
    firms: int
    comparisons: int
    learned: float | None
    low: float | None
    high: float | None
    stated: float | None

    @property
    def beats_chance(self) -> bool:
        """Tell whether the whole interval is above one time in two."""
        return self.low is not None and self.low > 0.5


@dataclass(frozen=True, slots=True)
class LearnedChance:
    """How often what was said with some chance came true."""

    low: float
    high: float
    said: float
    came: float
    comparisons: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned one day: on what, which weights, how well, how sure; no firm is named.

    `outcomes` and `ties` are pairs compared, `outcome_firms` the firms of outcomes, `tie_firms` those of ties.
    """

    outcomes: int
    outcome_firms: int
    ties: int
    tie_firms: int
    comparisons: int
    left_out: Mapping[str, int]
    reasons: tuple[LearnedReason, ...]
    quality: tuple[LearnedQuality, ...]
    chances: tuple[LearnedChance, ...]
    brier: float | None
    simulated: bool

    @property
    def enough(self) -> bool:
        """Tell whether enough came of introductions for their weights to be adopted."""
        return self.outcomes >= LEAST_OUTCOMES and self.outcome_firms >= LEAST_FIRMS

    @property
    def something(self) -> bool:
        """Tell whether anything was learned: those not seen are placed better than by chance, by some feature."""
        return bool(self.quality) and self.quality[0].beats_chance and any(one.kept for one in self.reasons)

    @property
    def adoptable(self) -> bool:
        """Tell whether its weights may be adopted."""
        return self.enough and self.something

    @property
    def kept(self) -> dict[str, float]:
        """Return the weights that would be used, by feature; a feature that is not there keeps its stated weight."""
        return {one.name: one.kept for one in self.reasons if one.kept is not None}

    @property
    def verdict(self) -> str:
        """Return in French what comes of it."""
        given = f"ont donné {self.said_outcomes}" if self.outcomes else "n’ont donné aucune coopération"
        rule = (
            f"Les poids énoncés restent : vos mises en relation {given} que l’on puisse comparer ; il en faut "
            f"{LEAST_OUTCOMES} de {LEAST_FIRMS} entreprises."
        )
        if not self.comparisons:
            return f"{NOTHING} : aucune paire d’entreprises à comparer. {rule}"
        if not self.something:
            stays = "Les poids énoncés restent." if self.enough else rule
            return (
                f"{NOTHING} : l’ordre appris ne fait pas mieux que le hasard sur des entreprises tenues à part. {stays}"
            )
        if not self.enough:
            return f"{rule} Ce qui suit dit surtout ce qu’apprennent les liens publics."
        return f"Appris de {self.said_outcomes} : ces poids peuvent être adoptés."

    @property
    def said_outcomes(self) -> str:
        """Return in French how many cooperations of how many firms there are."""
        told = counted(self.outcomes, "coopération")
        return f"{told} de {counted(self.outcome_firms, 'entreprise')}" if self.outcomes else "aucune coopération"

    @property
    def fails_for(self) -> tuple[str, ...]:
        """Return the firms for whom the order learned is not told apart from chance."""
        return tuple(one.whom for one in self.quality[1:] if one.learned is not None and not one.beats_chance)

    @property
    def unknown_for(self) -> tuple[str, ...]:
        """Return the firms of whom too few were compared to tell."""
        return tuple(one.whom for one in self.quality[1:] if one.learned is None)

    def as_dict(self) -> dict[str, Any]:
        """Return what was learned as programs read it and as the journal keeps it."""
        told = {
            "enough": self.enough, "learned": self.something, "verdict": self.verdict,
            "fails_for": list(self.fails_for), "unknown_for": list(self.unknown_for),
            "least": {"outcomes": LEAST_OUTCOMES, "firms": LEAST_FIRMS},
        }  # fmt: skip
        return {**asdict(self), **told}


def learned_of(told: Mapping[str, Any]) -> Learned:
    """Return what was learned, from how the journal keeps it."""
    plain = ("outcomes", "outcome_firms", "ties", "tie_firms", "comparisons", "left_out", "brier", "simulated")
    return Learned(
        **{name: told[name] for name in plain},
        reasons=tuple(LearnedReason(**one) for one in told["reasons"]),
        quality=tuple(LearnedQuality(**one) for one in told["quality"]),
        chances=tuple(LearnedChance(**one) for one in told["chances"]),
    )


def learn(
    data: DataInService, outcomes: Outcomes | None = None, territory: str = "", said_by: SaidBy = _NOBODY
) -> Learned:
    """Learn from public ties of a territory, and from outcomes of introductions; deterministic.

    Outcomes and ties weigh as much in all once outcomes are enough, which are then judged alone. A feature whose
    interval is not above zero weighs nothing, one that too few firms tell apart keeps its stated weight; the others
    share out what they weighed together. Cost: that of `gather` and of 200 fits.
    """
    found = gather(data, outcomes or Outcomes(), territory, said_by)
    return learned_from(found, simulated=data.loaded.simulated)


def learned_from(found: Gathered, *, simulated: bool) -> Learned:
    """Learn from what was gathered."""
    pairs, ties = found.pairs(outcome=True), found.pairs(outcome=False)
    firms, tied = _firms(pairs), _firms(ties)
    enough = len(pairs) >= LEAST_OUTCOMES and len(firms) >= LEAST_FIRMS
    reasons, quality, chances, brier = _learn(found.compared, enough=enough) if found.compared else _stated_alone()
    return Learned(
        outcomes=len(pairs), outcome_firms=len(firms), ties=len(ties), tie_firms=len(tied),
        comparisons=len(found.compared), left_out={why: count for why, count in found.left_out.items() if count},
        reasons=reasons, quality=quality, chances=chances, brier=brier, simulated=simulated,
    )  # fmt: skip


_Told = tuple[tuple[LearnedReason, ...], tuple[LearnedQuality, ...], tuple[LearnedChance, ...], float | None]


def stated_weights() -> dict[str, float]:
    """Return what each learnable feature weighs on average over the kinds that look at it."""
    found = {}
    for name in LEARNABLE:
        held = [kind.weights[name] for kind in KINDS.values() if kind.weights.get(name)]
        found[name] = sum(held) / len(held)
    return found


def _stated_alone() -> _Told:
    return tuple(_reason(name, None, None) for name in LEARNABLE), (), (), None


def _learn(compared: Sequence[ComparedPair], *, enough: bool) -> _Told:
    import numpy as np  # noqa: PLC0415 - what only declares needs no arrays

    from vigie.measures.cooperation import choices as measure  # noqa: PLC0415 - it loads scikit-learn

    choices, outcome = _choices(compared, balanced=enough)
    weights = {one.name: one for one in measure.learn_choices(choices)}
    stated = stated_weights()
    whole = sum(stated[name] for name, one in weights.items() if one.interval is not None)
    counting = sum(one.value for one in weights.values() if one.counts)
    reasons = tuple(_reason(name, weights[name], whole / counting if counting else None) for name in LEARNABLE)
    above, plainly = measure.held_out(choices), measure.margins(choices.gaps, list(stated.values()))
    judged = outcome if enough else np.ones(len(compared), dtype=np.bool_)
    quality = []
    for label in ("", *SLICES):
        chosen = judged & [not label or label in one.slices for one in compared]
        shares = [
            measure.rightly_placed(values[chosen], choices.seekers[chosen]) if chosen.any() else None
            for values in (above, plainly)
        ]
        quality.append(_quality(label or "toutes les entreprises", shares[0], shares[1]))
    chances = tuple(LearnedChance(**asdict(one)) for one in measure.reliability(above[judged]))
    return reasons, tuple(quality), chances, measure.brier(above[judged])


def _choices(compared: Sequence[ComparedPair], *, balanced: bool) -> tuple[Choices, Any]:
    """Return comparisons as arrays; `balanced`: outcomes count for as much as ties in all, however few they are."""
    import numpy as np  # noqa: PLC0415 - what only declares needs no arrays

    from vigie.measures.cooperation.choices import Choices  # noqa: PLC0415 - it loads scikit-learn

    ranks = {seeker: rank for rank, seeker in enumerate(sorted({one.seeker for one in compared}))}
    outcome = np.array([one.outcome for one in compared])
    weights = np.ones(len(compared))
    if balanced and not outcome.all():
        weights[outcome], weights[~outcome] = (len(compared) / (2.0 * part.sum()) for part in (outcome, ~outcome))
    gaps = np.array([one.gaps for one in compared], dtype=np.float64)
    return Choices(LEARNABLE, gaps, np.array([ranks[one.seeker] for one in compared]), weights), outcome


def _reason(name: str, found: Any, scale: float | None) -> LearnedReason:
    label, stated = FEATURES[name].label, stated_weights()[name]
    if found is None or found.interval is None:
        said = "trop peu d’entreprises la connaissent : son poids énoncé reste"
        return LearnedReason(name, label, stated, 0.0, None, None, None, said)
    kept = found.value * scale if found.counts and scale is not None else 0.0
    said = "elle rapproche" if kept else "rien d’appris d’elle : elle ne compterait plus"
    return LearnedReason(name, label, stated, found.value, found.interval.low, found.interval.high, kept, said)


def _quality(whom: str, learned: PlacedShare | None, stated: PlacedShare | None) -> LearnedQuality:
    if learned is None or stated is None:
        return LearnedQuality(whom, 0, 0, None, None, None, None)
    if learned.seekers < LEAST_TOLD:
        return LearnedQuality(whom, learned.seekers, learned.comparisons, None, None, None, None)
    low, high = learned.interval.low, learned.interval.high
    return LearnedQuality(whom, learned.seekers, learned.comparisons, learned.value, low, high, stated.value)


def quality_sentence(told: Learned) -> str:
    """Return in French how well the order learned places firms that it has not seen."""
    if not told.quality or told.quality[0].learned is None:
        return f"Moins de {LEAST_TOLD} entreprises à qui comparer : rien ne peut en être jugé."
    one = told.quality[0]
    return (
        "Sur des entreprises tenues à part, celle avec qui l’on a travaillé passe devant une autre dans "
        f"{_hundredths(one.learned)} des comparaisons (de {_hundredths(one.low)} à {_hundredths(one.high)}) ; avec les "
        f"poids énoncés, dans {_hundredths(one.stated)} ; au hasard, une fois sur deux."
    )


def fails_sentence(told: Learned) -> str:
    """Return in French for whom it fails."""
    if not told.quality:
        return ""
    said = []
    if told.fails_for:
        said.append(f"Ne fait pas mieux que le hasard pour : {listed(told.fails_for)}.")
    if told.unknown_for:
        said.append(f"Trop peu d’entreprises pour le dire pour : {listed(told.unknown_for)}.")
    return " ".join(said) or "Fait mieux que le hasard pour chacun des groupes regardés."


def chance_sentences(told: Learned) -> tuple[str, ...]:
    """Return the reliability of the chances said, in words."""
    return tuple(
        f"Quand l’ordre se dit sûr à {_hundredths(one.said)}, il a raison dans {_hundredths(one.came)} des cas "
        f"({counted(one.comparisons, 'comparaison')})."
        for one in told.chances
    )


def _hundredths(share: float | None) -> str:
    return percent(share, 0)


def _firms(pairs: Collection[tuple[str, str]]) -> set[str]:
    return {siren for pair in pairs for siren in pair}


def data_sentence(told: Learned) -> str:
    """Return in French what it was learned from."""
    ties = f"{counted(told.ties, 'lien public', 'liens publics')} de {counted(told.tie_firms, 'entreprise')}"
    return (
        f"{capital(told.said_outcomes)} et {ties if told.ties else 'aucun lien public'}, "
        f"soit {counted(told.comparisons, 'comparaison')}."
    )
