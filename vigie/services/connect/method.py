"""What features measure, and what each kind of proposal weighs: what the page of methods shows."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.measures.cooperation.pairs import FEATURES
from vigie.services.connect.gathering import BESIDE
from vigie.services.connect.kinds import KINDS
from vigie.services.connect.weighing import LEAST_FIRMS, LEAST_OUTCOMES

LEARNING = (
    f"Chaque entreprise avec qui l’on a travaillé (mise en relation conclue, lien public déclaré) est comparée à "
    f"{BESIDE} autres au plus, tirées au sort (graine fixe) parmi les employeurs aussi proches que peuvent l’être les "
    "propositions, avec autant de partenaires connus, et à celles avec qui une mise en relation n’a rien donné. Ce qui "
    "les lie publiquement est mis de côté quand on les mesure.",
    "Une régression logistique régularisée apprend ce que pèse chaque raison pour que l’une passe devant l’autre ; "
    "intervalle à 95 %, par tirage des entreprises. Une raison dont l’intervalle n’est pas au-dessus de zéro ne pèse "
    "rien ; une que trop peu d’entreprises connaissent garde son poids énoncé. « Déjà très sollicitée » ne s’apprend "
    "pas : les autres sont tirées aussi sollicitées.",
    "L’ordre est jugé sur des entreprises tenues à part, toutes et par groupe : petites, rurales, artisans. S’il ne "
    "fait pas mieux que le hasard, rien n’est appris.",
    f"Une organisation n’adopte des poids que de {LEAST_OUTCOMES} coopérations de {LEAST_FIRMS} entreprises nées de "
    "ses propres mises en relation ; celles d’une autre n’y entrent jamais. La page des propositions dit quels poids "
    "servent et depuis quand.",
)  # fmt: skip


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
    """The features of proposals, the kinds that weigh them, the features judged on projects and on contracts.

    `learning` says how weights of proposals are learned, and when they are used.
    """

    features: tuple[FeatureTold, ...]
    kinds: tuple[KindTold, ...]
    of_projects: tuple[FeatureTold, ...]
    of_contracts: tuple[FeatureTold, ...]
    learning: tuple[str, ...]


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
        learning=LEARNING,
    )
