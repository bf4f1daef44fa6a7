"""The weights that proposals to one reader use: those that are stated, or those that their organisation adopted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.services.connect.kinds import ProposalKind

# Below these, what came says more of chance than of affinity: the stated weights stay.
LEAST_OUTCOMES, LEAST_FIRMS = 50, 30
PRIORS = (
    f"Les poids sont énoncés, non appris : ils le restent tant que vos mises en relation n’ont pas donné "
    f"{LEAST_OUTCOMES} coopérations de {LEAST_FIRMS} entreprises, et que personne n’a adopté ce qui en est appris."
)


@dataclass(frozen=True, slots=True)
class WeightsInForce:
    """Learned weights by feature, on the scale of the stated ones, and what is to be said of them beside proposals."""

    said: str = PRIORS
    learned: Mapping[str, float] = field(default_factory=dict, hash=False)

    def of(self, kind: ProposalKind) -> Mapping[str, float]:
        """Return what each feature weighs in a kind.

        A learned weight takes the place of the stated one, but where the kind leaves a feature out by definition.
        """
        return {name: self.learned.get(name, stated) if stated else 0.0 for name, stated in kind.weights.items()}


STATED = WeightsInForce()
