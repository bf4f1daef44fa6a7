"""A whole level as sheets: a line a territory, a column an indicator, then what each column is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.french import number
from vigie.errors import RequestFault
from vigie.interfaces.present_files import source_sheet
from vigie.interfaces.sheets import Sheet, SheetColumn
from vigie.services.comparing.level_table import MOST_CELLS

if TYPE_CHECKING:
    from vigie.services.comparing.level_table import LevelTable


def level_sheets(told: LevelTable) -> tuple[Sheet, ...]:
    """Return the table, the sheet that describes its columns, its sources."""
    columns = (
        SheetColumn("Code", kind="code"),
        SheetColumn("Territoire", width=34),
        *(
            SheetColumn(f"{row.label} ({row.unit})" if row.unit else row.label, row.unit, row.why, width=18)
            for row in told.rows
        ),
    )
    lines = ((code, name, *values) for code, name, values in told.territories())
    about = Sheet(
        "Indicateurs",
        tuple(SheetColumn(title, width=width) for title, width in (
            ("Colonne", 40), ("Identifiant", 26), ("Thème", 20), ("Unité", 22), ("Millésime", 12),
            ("Valeurs connues", 14), ("Dont sur une part de leur base", 16), ("Valeurs non connues", 14),
            ("Pourquoi", 60), ("Sources", 40),
        )),
        [
            (row.label, row.indicator, row.theme, row.unit or "sans unité", row.vintage, row.known, row.partial,
             row.unknown, row.why, row.sources)
            for row in told.rows
        ],
    )  # fmt: skip
    return Sheet("Données", columns, lines), about, source_sheet(told.sources, told.simulated)


def require_small(told: LevelTable, ending: str) -> None:
    """Refuse a workbook that nobody could open: raises `RequestFault`."""
    if told.cells > MOST_CELLS and not ending.endswith("csv"):
        raise RequestFault(
            f"{number(told.cells)} valeurs sont trop nombreuses pour un classeur : prenez le fichier CSV, ou "
            "choisissez un territoire (« dans ») ou des indicateurs."
        )
