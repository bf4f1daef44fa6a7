"""The six kinds of proposals: whom each considers, what it weighs, what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vigie.domain.situation import HELD, MISSING

# Divisions and classes of NAF rev. 2 that design: engineering, research, design, software.
DESIGNING = ("71.12", "72.19", "72.11", "74.10", "62.01")
MAKING = tuple(f"{division:02d}" for division in range(10, 34))
# Activities of one group (25.6) sell to the same clients: they are taken for likely competitors.
SAME_MARKET = 4
# Employees from which a firm is industry for a craft, when nothing else says so.
_INDUSTRIAL_SIZE = 20.0
COMPETITION = (
    "Concurrents probables : ne s’échangent ni prix, ni coûts, ni capacités, ni clients ; "
    "mutualiser des moyens est permis."
)


@dataclass(frozen=True, slots=True)
class Nearby:
    """What a kind looks at of a candidate: its activity, whether it is a craft, its employees, both nearnesses.

    `rank` is the place of its activity among those that hire the same trades, from 1; `None` when it is not there.
    `design` is what it answers of the design of what it makes, empty when it does not say; it `brings` what the seeker
    says to lack or seek, or `lacks` what the seeker says to have.
    """

    naf: str
    craft: bool
    employees: float | None
    rank: int | None
    sells_to: float
    buys_from: float
    design: str = ""
    brings: bool = False
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class ProposalKind:
    """A kind of proposal: its word, its label, its stated weights by feature, why it is made, its notice.

    `why_said` is why it is made where what both firms say, and not their activities, brings them together. Weights are
    priors, stated and not learned: nothing has yet come of proposals to learn from.
    """

    word: str
    label: str
    why: str
    weights: Mapping[str, float] = field(hash=False)
    notice: str = ""
    why_said: str = ""


# What every kind looks at: nearness first, who is already in demand last and against.
_COMMON = {
    "distance": 1.0, "size_fit": 0.4, "same_place": 0.3, "common_partners": 0.6, "hub": -0.3, "needs_met": 2.0,
    "chain_links": 1.5, "maturity_step": 0.3,
}  # fmt: skip

# A client: that it buys decides, shared trades help to understand one another.
CO_INNOVATION = ProposalKind(
    "co-innovation", "Innover avec un client", "son activité achète à la vôtre : elle peut dire ce qui manque",
    {**_COMMON, "trade_flow": 1.5, "shared_know_how": 0.3},
    why_said="elle dit manquer de ce que vous avez : elle peut dire ce qu’elle attend",
)  # fmt: skip
# Who designs must know the trade of who makes, more than trade with it.
DESIGN_FABRICATION = ProposalKind(
    "design-fabrication", "Concevoir et fabriquer", "l’une conçoit et l’autre fabrique",
    {**_COMMON, "shared_know_how": 1.0, "trade_flow": 0.5, "chain_links": 2.0},
)  # fmt: skip
# Shared trades are all that hybridation rests on.
HYBRIDATION = ProposalKind(
    "hybridation", "Croiser deux savoir-faire", "des métiers en commun et d’autres marchés",
    {**_COMMON, "shared_know_how": 1.2},
)  # fmt: skip
# Sizes differ by definition: they do not count.
CRAFT_INDUSTRY = ProposalKind(
    "artisanat-industrie", "Rapprocher artisanat et industrie", "un geste d’artisan et une capacité industrielle",
    {**_COMMON, "size_fit": 0.0, "shared_know_how": 1.2},
)  # fmt: skip
# Peers share a machine or a purchase when they are near and alike in size, not because their links differ.
POOLING = ProposalKind(
    "mutualisation", "Mutualiser entre pairs", "même métier et mêmes besoins : achats, machines, formations, transport",
    {**_COMMON, "size_fit": 1.0, "distance": 1.5, "chain_links": 0.0}, COMPETITION,
)  # fmt: skip
# A supplier: that it sells decides, then how near it is.
LOCAL_SUPPLY = ProposalKind(
    "approvisionnement-local", "S’approvisionner près d’ici", "la vôtre achète à son activité",
    {**_COMMON, "trade_flow": 1.5, "distance": 1.5}, why_said="elle dit avoir ce qui vous manque",
)  # fmt: skip
KINDS = {
    one.word: one for one in (CO_INNOVATION, DESIGN_FABRICATION, HYBRIDATION, CRAFT_INDUSTRY, POOLING, LOCAL_SUPPLY)
}
# The middle of the scale of relatedness: nearer is the same trade, farther has nothing to say.
_MIDDLE = range(4, 31)


def suitable(kind: ProposalKind, seeker: Nearby, other: Nearby) -> bool:
    """Tell whether a kind considers a candidate for a seeker."""
    same_market = seeker.naf[:SAME_MARKET] == other.naf[:SAME_MARKET]
    if kind is CO_INNOVATION:
        return not same_market and (other.buys_from > 0 or other.lacks)
    if kind is DESIGN_FABRICATION:
        makes = _makes(seeker.naf) or _makes(other.naf)
        said = {seeker.design, other.design} == {HELD, MISSING} and not same_market
        return makes and (said or _designs(seeker.naf) != _designs(other.naf))
    if kind is HYBRIDATION:
        return seeker.naf[:2] != other.naf[:2] and other.rank in _MIDDLE
    if kind is CRAFT_INDUSTRY:
        industry = other if seeker.craft else seeker
        large = _makes(industry.naf) and (industry.employees or 0.0) >= _INDUSTRIAL_SIZE
        return seeker.craft != other.craft and large and other.rank is not None
    if kind is POOLING:
        return same_market
    return not same_market and (other.sells_to > 0 or other.brings)


def _designs(naf: str) -> bool:
    return naf[:5] in DESIGNING


def _makes(naf: str) -> bool:
    return naf[:2] in MAKING


def rests_on_words(kind: ProposalKind, other: Nearby) -> bool:
    """Tell whether a kind considers a candidate for what it says, its activity giving no reason to."""
    if kind is LOCAL_SUPPLY:
        return other.brings and other.sells_to <= 0
    return kind is CO_INNOVATION and other.lacks and other.buys_from <= 0
