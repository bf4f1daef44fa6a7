"""What features measure, and what each kind of proposal weighs: what the page of methods shows."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.measures.cooperation.pairs import FEATURES
from vigie.services.connect.kinds import KINDS


@dataclass(frozen=True, slots=True)
class FeatureTold:
    """A feature in French: its label, and what it is."""

    label: str
    docstring: str


@dataclass(frozen=True, slots=True)
class KindTold:
    """A kind of proposal: why it is made, the weights of features in their order, its notice."""

    label: str
    why: str
    weights: tuple[float, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class MethodTold:
    """The features of proposals, the kinds that weigh them, the features judged on projects and on contracts."""

    features: tuple[FeatureTold, ...]
    kinds: tuple[KindTold, ...]
    of_projects: tuple[FeatureTold, ...]
    of_contracts: tuple[FeatureTold, ...]


def method() -> MethodTold:
    """Return what the page of methods says; raises `ValueError` when a feature says nothing of itself."""
    # These load SciPy, that only this page and the evaluation need.
    from vigie.measures.cooperation.contracts import LEARNED as OF_CONTRACTS  # noqa: PLC0415
    from vigie.measures.cooperation.features import LEARNED as OF_PROJECTS  # noqa: PLC0415

    return MethodTold(
        features=tuple(FeatureTold(one.label, one.docstring) for one in FEATURES.values()),
        kinds=tuple(
            KindTold(one.label, one.why, tuple(one.weights.get(name, 0.0) for name in FEATURES), one.notice)
            for one in KINDS.values()
        ),
        of_projects=tuple(FeatureTold(one.label, one.docstring) for one in OF_PROJECTS),
        of_contracts=tuple(FeatureTold(one.label, one.docstring) for one in OF_CONTRACTS),
    )
