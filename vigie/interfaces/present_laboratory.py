"""The laboratory as a page to be read: a sentence, its effects drawn with their intervals, cases, what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.french import signed
from vigie.interfaces.graphics import intervals_graphic
from vigie.interfaces.plots import ChartWording, Estimate
from vigie.interfaces.present import source_lines
from vigie.interfaces.views import Graphic, Link, SourceLine, TableView
from vigie.services.laboratory.examining import METROPOLIS, SIZE, SQUARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.laboratory.answering import EffectLine, ExaminedCountry
    from vigie.services.laboratory.named_cases import CaseLine
    from vigie.services.questions import AnswerTable

UNIT = "centièmes d’écart-type"
_WHOLE = ("à région égale", "taille et atouts", "taille seule")
"""The specifications that tell the most, each where the one before could not be tried."""


@dataclass(frozen=True, slots=True)
class LaboratoryChoice:
    """A setting of the laboratory: its name in the address, what can be chosen and which of it is; `blank` is none.

    `many` where several may be.
    """

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    blank: str = ""
    many: bool = False


@dataclass(frozen=True, slots=True)
class LaboratoryPage:
    """`laboratory.html`: the settings, what is concluded, on what; charts, cases, what was left out."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    settings: tuple[LaboratoryChoice, ...]
    kept: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    subject: str
    graphics: tuple[Graphic, ...]
    cases: TableView | None
    cases_said: str
    left_out: tuple[str, ...]
    limits: tuple[str, ...]
    method: str
    onward: tuple[Link, ...]
    downloads: tuple[Link, ...]
    sources: tuple[SourceLine, ...]


def sources_told(*answers: AnswerTable | None) -> tuple[SourceLine, ...]:
    """Return the sources of some answers, each once."""
    return source_lines(tuple(dict.fromkeys(one for told in answers if told for one in told.sources)))


def graphics(found: ExaminedCountry) -> tuple[Graphic, ...]:
    """Return the effect of size under every specification, then that of each asset under the fullest."""
    rows: Sequence[EffectLine] = found.rows
    sized = [row for row in rows if row.regressor in (SIZE, METROPOLIS)]
    drawn = [
        _drawn(sized, f"Taille : son effet selon chaque façon de poser la question, en {UNIT}", by_regressor=False)
    ]
    for specification in _WHOLE:
        assets = [
            row
            for row in rows
            if row.specification == specification and row.regressor not in (SIZE, SQUARE, METROPOLIS)
        ]
        if assets:
            drawn.append(_drawn(assets, f"Atouts : leur effet, {_beside(specification)}, en {UNIT}", by_regressor=True))
            break
    return tuple(one for one in drawn if one is not None)


def _beside(specification: str) -> str:
    return "à taille et région égales" if specification == _WHOLE[0] else "à taille égale"


def _drawn(rows: Sequence[EffectLine], title: str, *, by_regressor: bool) -> Graphic | None:
    if not rows:
        return None
    words = ChartWording(title, "Trait : intervalle à 95 %. Là où il touche zéro, on ne peut pas conclure.", decimals=1)
    estimates = [
        Estimate(row.regressor if by_regressor else row.specification, row.effect, row.low, row.high) for row in rows
    ]
    return intervals_graphic(words, estimates, ("aucun effet", 0.0))


def cases_table(told: AnswerTable) -> TableView | None:
    """Return the cases, each leading to its own page."""
    rows: Sequence[CaseLine] = told.rows
    if not rows:
        return None
    return TableView(
        told.title,
        ("Territoire", "Niveau", "Évolution (%)", "Attendu (%)", "Écart à l’attendu (%)", "Lecture"),
        tuple(
            (
                Link(row.name, f"/territoire/{row.key.replace(':', '/', 1)}/metropole-ou-reseaux"), row.level,
                signed(row.growth, 1), signed(row.expected, 1),
                f"{signed(row.gap, 1)} ({signed(row.low, 1)} à {signed(row.high, 1)})", row.said,
            )
            for row in rows
        ),
        (False, False, True, True, True, False),
    )  # fmt: skip
