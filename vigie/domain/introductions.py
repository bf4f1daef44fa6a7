"""An introduction as a state machine: two sides say yes before either learns how to reach the other.

proposed ──both accept──▶ introduced ──▶ met ──▶ concluded ──▶ each side may say how satisfied it is
   │  one refuses or takes its yes back          │
   ├──▶ declined                                 └ or concluded without cooperation, from introduced on
   └──▶ abandoned by the officer, at any time before it is concluded
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from vigie.errors import Conflict

POSITIONS = ("a", "b")
LEAST_SATISFIED, MOST_SATISFIED = 1, 5


class IntroductionState(StrEnum):
    """Where an introduction stands."""

    PROPOSED = "proposed"
    INTRODUCED = "introduced"
    MET = "met"
    CONCLUDED = "concluded"
    DECLINED = "declined"
    ABANDONED = "abandoned"


class Consent(StrEnum):
    """What a side has answered."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RequestState(StrEnum):
    """Where the request of a firm's head stands; before an officer proposes, it reaches nobody else."""

    WAITING = "waiting"
    PROPOSED = "proposed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ASKED_WORDS = {
    RequestState.WAITING: "attend une réponse",
    RequestState.PROPOSED: "proposée aux deux parties",
    RequestState.DECLINED: "sans suite",
    RequestState.WITHDRAWN: "retirée",
}


class Step(StrEnum):
    """What may happen to an introduction; the journal's events are named `introduction.` and one of these."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MET = "met"
    CONCLUDED = "concluded"
    ABANDONED = "abandoned"
    RATED = "rated"


OUTCOMES = {
    "co_innovation": "co-innovation",
    "subcontracting": "sous-traitance",
    "order": "commande",
    "consortium": "groupement",
    "sharing": "partage de moyens",
    "materials": "reprise de matières",
    "people": "recrutement ou formation",
    "other": "autre coopération",
}
"""Kinds of cooperation that an introduction may lead to, in words."""

WHY_NOT = {
    "no_reply": "l’une des parties n’a plus répondu",
    "no_need": "le besoin n’existe plus",
    "no_fit": "les savoir-faire ou les volumes ne correspondent pas",
    "timing": "trop tôt ou trop tard",
    "too_far": "trop loin",
    "terms": "les conditions n’ont pas convenu",
    "other_partner": "un autre partenaire a été trouvé",
    "other": "autre raison",
}
"""Why an introduction led to nothing, in words."""

STATE_WORDS = {
    IntroductionState.PROPOSED: "en attente des accords",
    IntroductionState.INTRODUCED: "coordonnées échangées",
    IntroductionState.MET: "rencontre faite",
    IntroductionState.CONCLUDED: "conclue",
    IntroductionState.DECLINED: "déclinée",
    IntroductionState.ABANDONED: "abandonnée",
}
STATE_FAMILIES = {
    "going": (IntroductionState.PROPOSED, IntroductionState.INTRODUCED, IntroductionState.MET),
    "concluded": (IntroductionState.CONCLUDED,),
    "ended": (IntroductionState.DECLINED, IntroductionState.ABANDONED),
}
"""States as those who read no case are told them: together, so that three introductions are soon counted at least.

They share out all states, and no sum of them is told: no state is found as what the others leave.
"""
FAMILY_WORDS = {"going": "en cours", "concluded": "allées à leur terme", "ended": "sans suite"}
LIVE = frozenset({IntroductionState.PROPOSED, IntroductionState.INTRODUCED, IntroductionState.MET})


@dataclass(frozen=True, slots=True)
class IntroductionStep:
    """One step and what it says: the side it comes from, or the outcome (one of `OUTCOMES`) or why there is none.

    `amount` is in euros and `jobs` in persons, as the firms declare them; `satisfaction` goes from 1 to 5.
    """

    step: Step
    position: str = ""
    on: date | None = None
    outcome: str = ""
    why_not: str = ""
    amount: int | None = None
    jobs: int | None = None
    satisfaction: int | None = None


def _waiting() -> dict[str, Consent]:
    return dict.fromkeys(POSITIONS, Consent.WAITING)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an introduction stands after some steps."""

    state: IntroductionState = IntroductionState.PROPOSED
    consents: dict[str, Consent] = field(default_factory=_waiting)
    met_on: date | None = None
    outcome: str = ""
    why_not: str = ""
    amount: int | None = None
    jobs: int | None = None
    satisfaction: dict[str, int] = field(default_factory=dict)


def fold(happenings: Iterable[IntroductionStep]) -> Progress:
    """Return where a history leads; raises `Conflict` when a step of it was not legal."""
    progress: Progress | None = None
    for happening in happenings:
        if happening.step is Step.PROPOSED:
            if progress is not None:
                raise Conflict("Cette mise en relation est déjà proposée.")
            progress = Progress()
        elif progress is None:
            raise Conflict("Cette mise en relation n’a pas encore été proposée.")
        else:
            progress = after(progress, happening)
    if progress is None:
        raise Conflict("Cette mise en relation n’a pas d’histoire.")
    return progress


def after(progress: Progress, happening: IntroductionStep) -> Progress:
    """Return where one more step leads; raises `Conflict`, with the sentence to show, when it is not legal."""
    match happening.step:
        case Step.ACCEPTED | Step.REFUSED | Step.WITHDRAWN:
            return _answered(progress, happening)
        case Step.MET:
            _require(progress, {IntroductionState.INTRODUCED}, "noter la rencontre")
            if happening.on is None:
                raise Conflict("Donnez le jour de la rencontre.")
            return replace(progress, state=IntroductionState.MET, met_on=happening.on)
        case Step.CONCLUDED:
            return _concluded(progress, happening)
        case Step.ABANDONED:
            _require(progress, LIVE, "abandonner")
            return replace(progress, state=IntroductionState.ABANDONED)
        case Step.RATED:
            return _rated(progress, happening)
    raise Conflict("Cette mise en relation est déjà proposée.")


def _answered(progress: Progress, happening: IntroductionStep) -> Progress:
    side = _side(happening)
    _require(progress, {IntroductionState.PROPOSED}, "changer de réponse")
    before = progress.consents[side]
    if happening.step is Step.WITHDRAWN and before is not Consent.ACCEPTED:
        raise Conflict("Aucun accord n’a été donné : il n’y a rien à retirer.")
    if happening.step is not Step.WITHDRAWN and before is not Consent.WAITING:
        raise Conflict("Une réponse a déjà été donnée à cette proposition.")
    consents = progress.consents | {side: Consent(happening.step.value)}
    said = set(consents.values())
    if said == {Consent.ACCEPTED}:
        return replace(progress, state=IntroductionState.INTRODUCED, consents=consents)
    refused = not said.isdisjoint({Consent.REFUSED, Consent.WITHDRAWN})
    return replace(
        progress, state=IntroductionState.DECLINED if refused else IntroductionState.PROPOSED, consents=consents
    )


def _concluded(progress: Progress, happening: IntroductionStep) -> Progress:
    _require(progress, {IntroductionState.INTRODUCED, IntroductionState.MET}, "conclure")
    if bool(happening.outcome) == bool(happening.why_not):
        raise Conflict("Dites quelle coopération est née, ou pourquoi aucune n’est née.")
    if happening.outcome and happening.outcome not in OUTCOMES:
        raise Conflict("Cette sorte de coopération n’est pas dans la liste.")
    if happening.why_not and happening.why_not not in WHY_NOT:
        raise Conflict("Cette raison n’est pas dans la liste.")
    if happening.outcome and progress.state is not IntroductionState.MET:
        raise Conflict("Notez d’abord le jour de la rencontre : une coopération ne se conclut qu’après elle.")
    if any(figure is not None and figure < 0 for figure in (happening.amount, happening.jobs)):
        raise Conflict("Un montant ou un nombre d’emplois ne peut pas être négatif.")
    if happening.why_not and (happening.amount is not None or happening.jobs is not None):
        raise Conflict("Sans coopération, il n’y a ni montant ni emplois à noter.")
    return replace(
        progress,
        state=IntroductionState.CONCLUDED,
        outcome=happening.outcome,
        why_not=happening.why_not,
        amount=happening.amount,
        jobs=happening.jobs,
    )


def _rated(progress: Progress, happening: IntroductionStep) -> Progress:
    side = _side(happening)
    _require(progress, {IntroductionState.CONCLUDED}, "dire sa satisfaction")
    if side in progress.satisfaction:
        raise Conflict("Cette partie a déjà dit sa satisfaction.")
    if happening.satisfaction not in range(LEAST_SATISFIED, MOST_SATISFIED + 1):
        raise Conflict("La satisfaction se note de 1 à 5.")
    return replace(progress, satisfaction=progress.satisfaction | {side: happening.satisfaction or 0})


def _side(happening: IntroductionStep) -> str:
    if happening.position not in POSITIONS:
        raise Conflict("Cette réponse ne vient d’aucune des deux parties.")
    return happening.position


def _require(progress: Progress, accepted: Iterable[IntroductionState], what: str) -> None:
    if progress.state not in accepted:
        raise Conflict(f"Cette mise en relation est {STATE_WORDS[progress.state]} : on ne peut pas {what}.")
