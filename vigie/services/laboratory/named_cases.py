"""Vendée and the valley of Ossau, shown whatever the data say of them, among employment areas and among EPCI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from vigie.domain.declared import InUnit, Label, TextShape
from vigie.domain.french import counted
from vigie.services.capabilities import Capability
from vigie.services.laboratory.answering import NOTHING, beyond_line, simulated, sources_of
from vigie.services.laboratory.country import LEVELS, OSSAU, VENDEE, NothingToExamine
from vigie.services.laboratory.examining import LaboratoryAsked, examine
from vigie.services.questions import AnswerTable, DataInService, Of, Question

if TYPE_CHECKING:
    from vigie.domain.provenance import Provenance
    from vigie.services.laboratory.answering import BeyondLine
    from vigie.services.laboratory.examination import Examination

SHOWN_AT = ("ze", "epci")
ABOVE, BELOW, ALIKE = "au-dessus", "au-dessous", "ne se distingue pas"
_SURE, _MAYBE = "probable", "possible"


@dataclass(frozen=True, slots=True)
class CasesAsked:
    """Nothing more can be asked: the settings are those of the laboratory when none is chosen."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A territory of one of both places, beside what its size and assets let expect."""

    name: Annotated[str, Label("Territoire")]
    key: Annotated[str, Label("Clé"), TextShape("code")]
    case: Annotated[str, Label("Cas")]
    level: Annotated[str, Label("Niveau")]
    growth: Annotated[float, Label("Évolution (%)"), InUnit("%")]
    expected: Annotated[float, Label("Attendu (%)"), InUnit("%")]
    gap: Annotated[float, Label("Écart à l’attendu (%)"), InUnit("%")]
    low: Annotated[float, Label("Borne basse"), InUnit("%")]
    high: Annotated[float, Label("Borne haute"), InUnit("%")]
    said: Annotated[str, Label("Lecture")]


CASES = Question(
    "cases", "vendee-et-ossau", of=Of.EVERYTHING, group="observe", title="Vendée et vallée d’Ossau",
    summary="La Vendée et la vallée d’Ossau, à côté de ce que taille et atouts laissaient attendre",
    takes=CasesAsked, rows=CaseLine,
)  # fmt: skip
CASES.about = (Of.TERRITORY, lambda row: row.key)
CAPABILITY = Capability("Cas nommés du laboratoire", questions=(CASES,))


@CASES.answered
def cases(data: DataInService, _: str, __: CasesAsked) -> AnswerTable:
    """Return the areas and the EPCI of Vendée and of the valley of Ossau, whatever is said of them."""
    rows: list[CaseLine] = []
    sources: dict[Provenance, None] = {}
    notes: list[str] = []
    imaginary = False
    for level in SHOWN_AT:
        try:
            found = examine(data, LaboratoryAsked(level=level))
        except NothingToExamine as lacking:
            notes.append(str(lacking))
            continue
        told, silent = _told(level, found)
        rows += told
        notes += silent
        sources |= dict.fromkeys(sources_of(data, found))
        imaginary = imaginary or simulated(data, found)
    return AnswerTable(
        title="Vendée et vallée d’Ossau",
        lead=_lead(rows),
        rows=tuple(rows),
        sources=tuple(sources),
        simulated=imaginary,
        note=" ".join([
            "Population et réglages par défaut du laboratoire, par zone d’emploi et par intercommunalité : une vallée "
            "disparaît dans sa zone. « Probable » : fausses découvertes tenues à 10 % ; « possible » : l’intervalle à "
            "95 % exclut zéro, mais tant de territoires sont essayés que le hasard y suffirait.", *notes,
        ]),
    )  # fmt: skip


def _told(level: str, found: Examination) -> tuple[list[CaseLine], list[str]]:
    """Return the lines of a level, and what is to be said where there is none of a place."""
    if found.beyond is None:
        return [], [f"Rien n’est attendu au niveau {LEVELS[level]} : trop peu de territoires."]
    named = found.beyond.named
    lines = [
        _line(beyond_line(found, level, rank), found.cases[row], level, sure=bool(named[rank]))
        for rank, row in enumerate(found.rows.tolist())
        if found.cases[row]
    ]
    missing = [place for place in (VENDEE, OSSAU) if place not in {line.case for line in lines}]
    silent = [f"{place} : non connue au niveau {LEVELS[level]}." for place in missing]
    return sorted(lines, key=lambda line: (line.case != OSSAU, line.name)), silent


def _line(one: BeyondLine, case: str, level: str, *, sure: bool) -> CaseLine:
    apart = one.low > 0 or one.high < 0
    where = ABOVE if one.gap > 0 else BELOW
    said = f"{where}, {_SURE if sure else _MAYBE}" if sure or apart else ALIKE
    return CaseLine(one.name, one.key, case, LEVELS[level], one.growth, one.expected, one.gap, one.low, one.high, said)


def _lead(rows: list[CaseLine]) -> str:
    if not rows:
        return f"{NOTHING} : aucun territoire de Vendée ni de la vallée d’Ossau n’est connu."
    sure = sum(row.said.endswith(_SURE) for row in rows)
    if not sure:
        return (
            f"{NOTHING} : sur {counted(len(rows), 'territoire')}, aucun ne se distingue assez de ce que sa taille et "
            "ses atouts laissaient attendre."
        )
    above = sum(row.said.startswith(ABOVE) and row.said.endswith(_SURE) for row in rows)
    return (
        f"Sur {counted(len(rows), 'territoire')}, {above} au-dessus de ce que taille et atouts laissaient attendre, "
        f"{sure - above} au-dessous ; les autres ne s’en distinguent pas assez."
    )
