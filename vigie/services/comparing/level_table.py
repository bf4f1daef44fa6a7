"""A whole level at once: every indicator of all its territories, to take away."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from vigie.domain.declared import Hint, InUnit, Label, Named, TextShape, Words
from vigie.domain.finding_table import Unknown, known
from vigie.domain.french import counted, listed, number
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound, RequestFault
from vigie.services.capabilities import Capability
from vigie.services.comparing.level_figures import level_figures, names_within
from vigie.services.figures.rules import LEVELS
from vigie.services.places import Places
from vigie.services.questions import AnswerTable, DataInService, Of, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vigie.services.comparing.level_figures import LevelFigures

LEVEL_WORDS = {kind.value: kind.label for kind in LEVELS}
MOST_CELLS = 300_000
"""Values of one JSON answer or workbook: with more, either takes a minute to write and to open. CSV has no limit."""


@dataclass(frozen=True, slots=True)
class DataAsked:
    """What can be taken away."""

    level: Annotated[
        str, Label("Niveau"), Named("niveau"), Words(LEVEL_WORDS), Hint(f"Parmi {', '.join(LEVEL_WORDS)}.")
    ] = TerritoryKind.EPCI.value
    within: Annotated[
        str, Label("Dans"), Named("dans"), Hint("Code d’un territoire : 85, region:52… Tout le pays par défaut.")
    ] = ""
    indicators: Annotated[
        tuple[str, ...], Label("Indicateurs"), Named("indicateurs"), Hint("Leurs identifiants ; tous par défaut.")
    ] = ()


@dataclass(frozen=True, slots=True)
class DataColumn:
    """One indicator of the table: a column of the file."""

    label: Annotated[str, Label("Indicateur")]
    theme: Annotated[str, Label("Thème")]
    indicator: Annotated[str, Label("Identifiant"), TextShape("code")]
    unit: Annotated[str, Label("Unité")]
    vintage: Annotated[str, Label("Millésime")]
    known: Annotated[int, Label("Valeurs connues"), InUnit("territoires")]
    partial: Annotated[int, Label("Dont sur une part de leur base"), InUnit("territoires")]
    unknown: Annotated[int, Label("Valeurs non connues"), InUnit("territoires")]
    why: Annotated[str, Label("Pourquoi elles ne le sont pas")]
    sources: Annotated[str, Label("Sources")]


@dataclass(frozen=True, slots=True)
class LevelTable(AnswerTable):
    """The indicators of a level, `rows`, and where their values are: rows `held` and `columns` of `figures`."""

    figures: LevelFigures | None = None
    held: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()

    @property
    def lines(self) -> int:
        """How many territories it holds."""
        return len(self.held)

    @property
    def cells(self) -> int:
        """How many values it holds."""
        return len(self.held) * len(self.columns)

    def territories(self) -> Iterator[tuple[str, str, list[float | None]]]:
        """Yield the code, the name and the values of each territory; raises nothing, `None` being what is unknown."""
        if self.figures is None:
            return
        for line in self.held:
            code = self.figures.codes[line]
            yield code, self.figures.names[code], [known(self.figures.values[line, column]) for column in self.columns]

    def as_dict(self) -> dict[str, Any]:
        """Return the table as programs read it; raises `RequestFault` where it is too large for one answer."""
        if self.cells > MOST_CELLS:
            raise RequestFault(
                f"{number(self.cells)} valeurs sont demandées, plus que les {number(MOST_CELLS)} d’une réponse : "
                "choisissez un territoire (« within ») ou des indicateurs (« indicators »), ou prenez le fichier CSV."
            )
        names = [row.indicator for row in self.rows]
        return {
            "title": self.title, "lead": self.lead, "note": self.note, "simulated": self.simulated,
            "sources": [asdict(source) for source in self.sources],
            "columns": [asdict(row) for row in self.rows],
            "rows": [
                {"code": code, "name": name, **dict(zip(names, values, strict=True))}
                for code, name, values in self.territories()
            ],
        }  # fmt: skip


DATA = Question(
    "data", "donnees", of=Of.EVERYTHING, group="observe", title="Tous les indicateurs d’un niveau",
    summary="Tous les indicateurs de tous les territoires d’un niveau, en un tableau", takes=DataAsked,
    rows=DataColumn,
)  # fmt: skip
DATA.about = (Of.INDICATOR, lambda row: row.indicator)
CAPABILITY = Capability("Données", questions=(DATA,))


@DATA.answered
def data(service: DataInService, _: str, asked: DataAsked) -> LevelTable:
    """Return the indicators known at a level, and their values territory by territory.

    An indicator known nowhere is left out. Raises `NotFound` for an indicator that does not exist, `RequestFault` or
    `NotFound` for a territory that is none.
    """
    level = level_figures(service, asked.level)
    names = names_within(service, asked.level, asked.within)
    lines = tuple(rank for rank, code in enumerate(level.codes) if code in names)
    columns = _columns(level, asked.indicators)
    rows = tuple(_row(level, lines, column) for column in columns)
    held = [(row, column) for row, column in zip(rows, columns, strict=True) if row.known or asked.indicators]
    where = f", {Places(service.warehouse).territory(asked.within).name}" if asked.within else ""
    return LevelTable(
        title=f"Données par {LEVEL_WORDS[asked.level]}{where}",
        lead=f"{counted(len(held), 'indicateur')} pour {counted(len(lines), 'territoire')}.",
        rows=tuple(row for row, _ in held),
        sources=service.loaded.cite(*dict.fromkeys(
            source for _, column in held for source in level.sources[level.cards[column].id]
        )),
        simulated=service.loaded.simulated,
        note="Une case vide est une valeur qui n’est pas connue, jamais zéro. Chaque colonne est de son dernier "
        "millésime ; la page d’un indicateur en donne les autres, avec ses bornes.",
        figures=level, held=lines, columns=tuple(column for _, column in held),
    )  # fmt: skip


def _columns(level: LevelFigures, wanted: Sequence[str]) -> tuple[int, ...]:
    place = {card.id: rank for rank, card in enumerate(level.cards)}
    missing = [name for name in wanted if name not in place]
    if missing:
        raise NotFound(f"Aucun indicateur « {missing[0][:60]} » à ce niveau. Indicateurs : {listed(sorted(place))}.")
    return tuple(place[name] for name in dict.fromkeys(wanted)) if wanted else tuple(range(len(level.cards)))


def _row(level: LevelFigures, lines: Sequence[int], column: int) -> DataColumn:
    card, kept = level.cards[column], np.asarray(lines, dtype=np.int64)
    told = np.isfinite(level.values[kept, column])
    partial = int((told & (level.coverage[kept, column] < 1)).sum())
    reasons = Counter(level.reason(int(line), column) for line in kept[~told])
    return DataColumn(
        card.label, card.theme, card.id, card.unit, level.vintages[column], int(told.sum()), partial,
        int((~told).sum()), _told(reasons), ", ".join(level.sources[card.id]),
    )  # fmt: skip


def _told(reasons: Counter[Unknown | None]) -> str:
    return " ".join(
        f"{reason.label.rstrip('.')} ({number(count)})." for reason, count in reasons.most_common() if reason
    )
