"""The weights that an organisation uses for its proposals: learned, adopted by an act, or stated again by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.french import day_of, long_date
from vigie.domain.introductions import IntroductionState
from vigie.errors import Conflict
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.connect.gathering import Outcomes
from vigie.services.connect.learning import Learned, learn, learned_of
from vigie.services.connect.weighing import LEAST_FIRMS, LEAST_OUTCOMES, STATED, WeightsInForce
from vigie.services.followup.answers import JsonAnswer
from vigie.store.journal.base import new_id
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.learning import LearnedModel, WeightsChoice
from vigie.store.journal.people import Organisation
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from vigie.domain.access import Scope
    from vigie.services.connect.said import SituationsSaid
    from vigie.services.questions import DataInService
    from vigie.store.journal.port import Journal, Reader

LEARNING = "/bureau/apprentissage"
_HISTORY = 20
_ADOPTS = needs(Thing.LEARNING, Right.WRITE)


@dataclass(frozen=True, slots=True)
class ChoiceTold(JsonAnswer):
    """Weights chosen one day: those of a model, or the stated ones when it is empty; what is said of them."""

    at: datetime
    model: str
    said: str


@dataclass(frozen=True, slots=True)
class LearningTold:
    """The last model learned (`None` when none was), the weights in force, what was chosen before, the last first."""

    model: str
    learned_at: datetime | None
    learned: Learned | None
    in_force: str
    said: str
    history: tuple[ChoiceTold, ...]
    may_choose: bool

    def as_dict(self) -> dict[str, object]:
        """Return what is known as programs read it."""
        return {
            "model": self.model,
            "learned_at": self.learned_at.isoformat() if self.learned_at else None,
            "learned": self.learned.as_dict() if self.learned else None,
            "weights": {"model": self.in_force, "said": self.said},
            "history": [one.as_dict() for one in self.history],
            "may_choose": self.may_choose,
        }


def read_learning(telling: Telling, _: str = "") -> LearningTold:
    """Return what the asker's organisation learned and uses; raises `NotFound` without the right to read it."""
    telling.scope.require(Thing.LEARNING, Right.READ)
    reader = telling.reader
    latest = select(LearnedModel).order_by(LearnedModel.created_at.desc(), LearnedModel.id).limit(1)
    row = next(iter(reader.all(latest)), None)
    choices = _choices(reader)
    return LearningTold(
        model=row.id if row else "",
        learned_at=row.created_at if row else None,
        learned=learned_of(row.report) if row else None,
        in_force=choices[0].model_id if choices else "",
        said=weights_of(reader).said,
        history=tuple(ChoiceTold(one.created_at, one.model_id, _in_force(reader, one).said) for one in choices),
        may_choose=telling.scope.may(Thing.LEARNING, Right.WRITE),
    )


def weights_of(reader: Reader) -> WeightsInForce:
    """Return the weights of the proposals of the asker's organisation: the last chosen, else the stated ones."""
    last = next(iter(_choices(reader, 1)), None)
    return _in_force(reader, last) if last else STATED


def _in_force(reader: Reader, choice: WeightsChoice) -> WeightsInForce:
    since = long_date(day_of(choice.created_at))
    if not choice.model_id:
        return WeightsInForce(f"Les poids sont énoncés, non appris : on y est revenu le {since}.")
    learned = learned_of(reader.get(LearnedModel, choice.model_id).report)
    imaginary = " imaginaires" if learned.simulated else ""
    said = (
        f"Les poids sont appris des mises en relation{imaginary} de l’organisation ({learned.said_outcomes})"
        f"{' et des liens publics' if learned.ties else ''}, adoptés le {since}."
    )
    return WeightsInForce(said, learned.kept)


def _choices(reader: Reader, most: int = _HISTORY) -> Sequence[WeightsChoice]:
    every = select(WeightsChoice).order_by(WeightsChoice.created_at.desc(), WeightsChoice.id.desc())
    return reader.all(every.limit(most))


def _model(telling: Telling, model: str) -> PreparedForm:
    learned = learned_of(telling.reader.get(LearnedModel, model).report)
    return PreparedForm(lead=f"{learned.verdict} Les propositions à toutes les entreprises les suivront, dès ce jour.")


ADOPTED = Act(
    "weights.adopted",
    "poids appris adoptés",
    needs=_ADOPTS,
    at="POST learning/{model}/adoption",
    form_at="apprentissage/{model}/adopter",
    summary="Adopter les poids appris",
    note="Les propositions de l’organisation les suivent dès ce jour ; l’acte est daté, et se défait.",
    done="Les poids appris sont adoptés.",
    takes=Nothing,
    tells=read_learning,
    page=FormPage("Adopter les poids appris", "Les propositions les suivront dès ce jour.", "Adopter ces poids",
                  LEARNING, prepare=_model, above={"Ce qui s’apprend": LEARNING}),
)  # fmt: skip
RESTORED = Act(
    "weights.restored",
    "poids énoncés repris",
    needs=_ADOPTS,
    at="POST learning/stated-weights",
    form_at="apprentissage/poids-enonces",
    summary="Revenir aux poids énoncés",
    note="Les propositions de l’organisation les suivent de nouveau dès ce jour.",
    done="Les poids énoncés sont repris.",
    takes=Nothing,
    tells=read_learning,
    page=FormPage("Revenir aux poids énoncés", "Les propositions suivront de nouveau les poids énoncés, dès ce jour. "
                  "Ce qui a été appris reste gardé.", "Revenir aux poids énoncés", LEARNING,
                  above={"Ce qui s’apprend": LEARNING}),
)  # fmt: skip
CAPABILITY = Capability("Apprentissage", acts=(ADOPTED, RESTORED))


@ADOPTED.does
def adopt(doing: Doing, model: str, _: Nothing) -> None:
    """Use the weights of a model from now on; raises `Conflict` when too little came, or when nothing was learned."""
    learned = learned_of(doing.unit.get(LearnedModel, model).report)
    if not learned.adoptable:
        raise Conflict(
            f"Ces poids ne peuvent pas être adoptés : il y faut {LEAST_OUTCOMES} coopérations de {LEAST_FIRMS} "
            f"entreprises, et un ordre qui fait mieux que le hasard. {learned.verdict}"
        )
    if next((one.model_id for one in _choices(doing.unit, 1)), "") == model:
        raise Conflict("Ces poids sont déjà ceux des propositions.")
    doing.unit.add(WeightsChoice(model_id=model))


@RESTORED.does
def restore(doing: Doing, _: str, __: Nothing) -> None:
    """Use the stated weights again; raises `Conflict` when they are those in use."""
    if not next((one.model_id for one in _choices(doing.unit, 1)), ""):
        raise Conflict("Les poids énoncés sont déjà ceux des propositions.")
    doing.unit.add(WeightsChoice(model_id=""))


class Learning:
    """Learns from the introductions of an organisation, and gives its weights to its proposals."""

    def __init__(self, journal: Journal, situations: SituationsSaid) -> None:
        self._journal, self._situations = journal, situations

    def in_force(self, scope: Scope) -> WeightsInForce:
        """Return the weights of the proposals made to an asker: those of their organisation, no other's."""
        if not scope.organisation:
            return STATED
        with self._journal.reading(scope) as reader:
            return weights_of(reader)

    def learn(self, scope: Scope, data: DataInService) -> str:
        """Learn from the outcomes of the organisation and from the public ties of its territory; keep and name it.

        Nothing of another organisation is read. Raises `NotFound` without the right.
        """
        scope.require(Thing.LEARNING, Right.WRITE)
        with self._journal.reading(scope) as reader:
            outcomes = _outcomes(reader)
            territory = reader.get(Organisation, scope.organisation).territory
        learned = learn(data, outcomes, territory, self._situations.to(scope))  # nobody's writes wait meanwhile
        model = new_id()
        try:
            with self._journal.writing(scope) as unit:
                unit.act("weights.learned", model)
                unit.add(LearnedModel(id=model, report=learned.as_dict()))
        except AlreadyDone as before:
            return before.subject
        return model


def _outcomes(reader: Reader) -> Outcomes:
    """Return the introductions of the organisation that were concluded, between two firms whose SIREN is known."""
    ended = select(Introduction.id, Introduction.outcome).where(
        Introduction.state == IntroductionState.CONCLUDED.value, Introduction.deleted_at.is_(None)
    )
    outcomes = {row.id: row.outcome for row in reader.rows(ended)}
    sides = select(Side.introduction_id, Side.siren).where(Side.siren != "").order_by(Side.position)
    pairs: dict[str, list[str]] = {}
    for row in reader.rows(sides):
        if row.introduction_id in outcomes:
            pairs.setdefault(row.introduction_id, []).append(row.siren)
    whole = {made: (pair[0], pair[1]) for made, pair in pairs.items() if len(pair) == 2}
    return Outcomes(
        tuple(sorted({pair for made, pair in whole.items() if outcomes[made]})),
        tuple(sorted({pair for made, pair in whole.items() if not outcomes[made]})),
    )
