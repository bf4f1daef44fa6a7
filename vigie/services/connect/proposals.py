"""What is told of proposals: the records, their sentence, their order, what is to be said of all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vigie.domain.french import capital, listed
from vigie.services.relatedness.reading import NearActivity, TieKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from vigie.domain.scores import Score
    from vigie.services.connect.kinds import ProposalKind

# What a second firm of the same activity, or of the same kind, must be worth more, of 1, to stand beside the first.
_SAME_ACTIVITY, _SAME_KIND = 0.05, 0.03
NOTHING_SAID = (
    "Rien n’est dit de la situation de cette entreprise que vous puissiez lire : ni ses besoins, ni ses étapes, ni ses "
    "savoir-faire confirmés ne comptent."
)


@dataclass(frozen=True, slots=True)
class PartnerProposal:
    """One partner proposed: who, by which kind, the score, one French sentence, what would change its rank."""

    siret: str
    siren: str
    name: str
    activity: str
    commune: str
    kilometres: float | None
    kind: ProposalKind
    score: Score
    sentence: str
    confidence: str
    would_change: str
    notice: str

    def as_dict(self) -> dict[str, Any]:
        """Return the proposal as the machine-readable answers print it."""
        return {
            "siret": self.siret,
            "siren": self.siren,
            "name": self.name,
            "activity": self.activity,
            "commune": self.commune,
            "distance_km": self.kilometres,
            "kind": self.kind.word,
            "kind_label": self.kind.label,
            "sentence": self.sentence,
            "confidence": self.confidence,
            "would_change": self.would_change,
            "notice": self.notice,
            "score": self.score.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals made to the site of a firm, the best first, and what is to be said of all of them.

    `weights`, also the first note, says which weights they use, and since when.
    """

    siret: str
    name: str
    activity: str
    proposals: tuple[PartnerProposal, ...]
    considered: int
    notes: tuple[str, ...]
    simulated: bool
    weights: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the machine-readable answers print it."""
        return {
            "siret": self.siret,
            "name": self.name,
            "activity": self.activity,
            "considered": self.considered,
            "proposals": [one.as_dict() for one in self.proposals],
            "notes": list(self.notes),
            "weights": self.weights,
            "simulated": self.simulated,
        }


def sentence_of(kind: ProposalKind, score: Score, *, said: bool = False) -> str:
    """Return the reasons of a proposal in one French sentence, what adds most first; `said`: made on words alone."""
    seen = [one.evidence for one in score.by_contribution() if one.contribution > 0 and one.evidence]
    reasons = listed(seen[:3])
    why = kind.why_said if said else kind.why
    return f"{capital(why)}{' ; ' if reasons else ''}{reasons}."


def would_change(score: Score, told: Collection[str]) -> str:
    """Say what would move a proposal most: the weightiest thing not known of it alone, else what holds it back most.

    What is known of nobody (`told` names the features known of somebody) would move everybody alike.
    """
    unknown = [one for one in score.features if one.value is None and one.weight > 0 and one.name in told]
    if unknown:
        heaviest = max(unknown, key=lambda one: one.weight)
        return f"Son rang changerait si l’on connaissait : {heaviest.label}."
    known = [one for one in score.features if one.value is not None and one.weight > 0]
    lacking = max(known, key=lambda one: one.weight * (1.0 - (one.value or 0.0)), default=None)
    if lacking is None:
        return ""
    return f"Ce qui la retient le plus : {lacking.label}."


def diversified(found: list[PartnerProposal], top: int) -> list[PartnerProposal]:
    """Return the best proposals, a firm being worth less the more of its activity and kind stand before it."""
    shares = {one.siret: one.score.share for one in found}
    left = sorted(found, key=lambda one: (-shares[one.siret], one.siret))
    chosen: list[PartnerProposal] = []
    held: Counter[str] = Counter()
    while left and len(chosen) < top:
        best = max(
            left,
            key=lambda one: shares[one.siret] - _SAME_ACTIVITY * held[one.activity] - _SAME_KIND * held[one.kind.word],
        )
        left.remove(best)
        chosen.append(best)
        held.update((best.activity, best.kind.word))
    return chosen


def notes_on(near: Sequence[NearActivity], alone: int, ties: object | None, *, placed: bool) -> tuple[str, ...]:
    """Return what is to be said of all proposals: what is not known here, who is not proposed."""
    held, notes = {one.kind for one in near}, []
    if not placed:
        notes.append("La position de ce site n’est pas connue : rien ne peut être cherché autour.")
    if TieKind.HIRINGS not in held and TieKind.TOGETHER not in held:
        notes.append("Les métiers que cette activité embauche ne sont pas chargés : les savoir-faire ne comptent pas.")
    if TieKind.INPUT_OUTPUT not in held:
        notes.append("Aucun tableau entrées-sorties n’est chargé : ni clients ni fournisseurs ne sont proposés.")
    if ties is None:
        notes.append("Aucun fichier de liens n’est chargé : les partenaires en commun ne comptent pas.")
    if alone:
        notes.append("Les entreprises individuelles ne sont pas proposées.")
    return tuple(notes)
