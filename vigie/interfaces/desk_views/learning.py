"""The page of what introductions teach: on what data, how well, for whom it fails, and the weights in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.views import Link, TableView
from vigie.services.connect.learning import chance_sentences, data_sentence, fails_sentence, quality_sentence
from vigie.services.connect.weighing import LEAST_FIRMS, LEAST_OUTCOMES

if TYPE_CHECKING:
    from vigie.services.connect.adopting import LearningTold
    from vigie.services.connect.learning import Learned, LearnedQuality, LearnedReason

METHOD = "/methode/partenaires"


@dataclass(frozen=True, slots=True)
class LearningPage:
    """`desk/learning.html`: what is in use, what was learned and what it is worth, what can be done."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    simulated: bool
    learned: str
    data: tuple[str, ...]
    quality: tuple[str, ...]
    chances: tuple[str, ...]
    slices: TableView | None
    weights: TableView | None
    history: tuple[str, ...]
    may_choose: bool
    adopt: Link | None
    restore: Link | None
    rule: str
    done: str


def learning_page(told: LearningTold, here: str, done: str) -> LearningPage:
    """Return the page, before anything was learned as well."""
    learned = told.learned
    adoptable = learned is not None and learned.adoptable and told.model != told.in_force
    return LearningPage(
        title="Ce que les mises en relation apprennent",
        lead=told.said,
        trail=(DESK, Link("Ce qui s’apprend")),
        simulated=bool(learned and learned.simulated),
        learned=f"Appris le {french.long_date(french.day_of(told.learned_at))}. {learned.verdict}"
        if learned and told.learned_at
        else "Rien n’a encore été appris ici.",
        data=_data(learned) if learned else (),
        quality=(quality_sentence(learned), fails_sentence(learned)) if learned and learned.comparisons else (),
        chances=chance_sentences(learned) if learned else (),
        slices=_slices(learned.quality) if learned and learned.quality else None,
        weights=_weights(learned.reasons) if learned and learned.comparisons else None,
        history=tuple(f"{french.capital(french.short_date(french.day_of(one.at)))} : {one.said}"
                      for one in told.history),
        may_choose=told.may_choose,
        adopt=Link("Adopter ces poids", f"{here}/{told.model}/adopter") if told.may_choose and adoptable else None,
        restore=Link("Revenir aux poids énoncés", f"{here}/poids-enonces") if told.may_choose and told.in_force
        else None,
        rule="Une coopération compte quand elle est née d’une mise en relation conclue entre deux entreprises que "
        f"Vigie peut montrer. En dessous de {LEAST_OUTCOMES} coopérations de {LEAST_FIRMS} entreprises, les poids "
        "énoncés restent. Rien de ce que note une autre organisation n’entre dans vos poids, et rien de ce que vous "
        "notez n’entre dans les siens. Adopter est un acte de l’administrateur, daté, qui se défait.",
        done=done,
    )  # fmt: skip


def _data(learned: Learned) -> tuple[str, ...]:
    left = tuple(
        f"Laissés de côté : {french.counted(count, 'paire')}, {why}." for why, count in learned.left_out.items()
    )
    return (data_sentence(learned), *left)


def _slices(quality: tuple[LearnedQuality, ...]) -> TableView:
    return TableView(
        caption="Part des comparaisons où la bonne entreprise passe devant, selon qui cherche",
        columns=("Qui cherche", "Entreprises", "Ordre appris", "Intervalle", "Poids énoncés"),
        rows=tuple(
            (
                one.whom, french.number(one.firms), _share(one.learned), _bounds(_share(one.low), _share(one.high)),
                _share(one.stated),
            )
            for one in quality
        ),
        numeric=(False, True, True, True, True),
    )  # fmt: skip


def _weights(reasons: tuple[LearnedReason, ...]) -> TableView:
    return TableView(
        caption="Ce que chaque raison pèse, et ce qui en est appris",
        columns=("Raison", "Poids énoncé", "Appris", "Intervalle", "Pèserait"),
        rows=tuple(
            (
                one.label, french.number(one.stated, 1), _figure(None if one.low is None else one.learned),
                _bounds(_figure(one.low), _figure(one.high)),
                "énoncé" if one.kept is None else french.number(one.kept, 1),
            )
            for one in reasons
        ),
        numeric=(False, True, True, True, True),
    )  # fmt: skip


def _bounds(low: str, high: str) -> str:
    return low if low == high else f"{low} à {high}"


def _share(value: float | None) -> str:
    return french.UNKNOWN if value is None else french.percent(value, 0)


def _figure(value: float | None) -> str:
    return french.UNKNOWN if value is None else french.number(value, 2)
