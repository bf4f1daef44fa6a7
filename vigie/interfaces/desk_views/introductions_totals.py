"""What the page of totals of introductions is given: for those who see no case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.introductions import FAMILY_WORDS, OUTCOMES, STATE_WORDS, IntroductionState
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.views import Fact, Link, TableView

if TYPE_CHECKING:
    from vigie.services.introductions.answers import Aggregates

UNTOLD = "moins de 3, ou masqué"


@dataclass(frozen=True, slots=True)
class TotalsPage:
    """`desk/introductions_totals.html`; `rule` says what is hidden, and why."""

    lead: str
    rule: str
    tables: tuple[TableView, ...]
    facts: tuple[Fact, ...]
    title: str = "Mises en relation"
    trail: tuple[Link, ...] = (DESK, Link("Mises en relation"))


_EXACT = (
    "Ces nombres sont ceux de votre organisation, aujourd’hui ; qui n’y lit aucun cas n’en lit que des totaux publiés "
    "par trimestre."
)
_PUBLISHED = (
    "Chaque nombre est celui du dernier trimestre clos où trois entreprises au moins, dont aucune ne fait plus de 85 % "
    "du changement, l’ont fait changer ; sinon il attend. Une correction se lit dans un trimestre suivant."
)


def totals_page(told: Aggregates) -> TotalsPage:
    """Build the page of those who read totals only."""
    states = {state.value: words for state, words in STATE_WORDS.items()} if told.exact else FAMILY_WORDS
    tables = (
        ("Mises en relation par état", told.states, states),
        ("Mises en relation conclues, par issue", told.outcomes, OUTCOMES | {"without": "sans coopération"}),
    )
    shown = tuple(_table(*table) for table in tables if any(count is not None for count in table[1].values()))
    rule = _EXACT if told.exact else _PUBLISHED
    return TotalsPage(
        lead=_sentence(told) if shown else "Il y a encore trop peu de mises en relation pour en dire des totaux.",
        rule=rule,
        tables=shown,
        facts=(
            Fact("Montants déclarés", french.euros(told.amount) if told.amount is not None else "trop peu de cas"),
            Fact("Emplois déclarés", french.number(told.jobs) if told.jobs is not None else "trop peu de cas"),
        ),
    )


def _sentence(told: Aggregates) -> str:
    """Return what the totals say, hidden ones left out."""
    ended = told.states.get(IntroductionState.CONCLUDED.value)
    words = "mise en relation est allée à son terme", "mises en relation sont allées à leur terme"
    hidden = "Le nombre de mises en relation allées à leur terme est masqué"
    opening = french.counted(ended, *words) if ended is not None else hidden
    brought = [
        *([french.counted(told.jobs, "emploi")] if told.jobs is not None else []),
        *([french.euros(told.amount)] if told.amount is not None else []),
    ]
    return f"{opening} ; les entreprises déclarent {french.listed(brought)}." if brought else f"{opening}."


def _table(caption: str, counts: Mapping[str, int | None], words: Mapping[str, str]) -> TableView:
    rows = tuple((words[cell], french.number(count) if count is not None else UNTOLD) for cell, count in counts.items())
    return TableView(caption, ("", "Nombre"), rows, (False, True))
