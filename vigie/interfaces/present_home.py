"""The first page in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.pages import Home
from vigie.interfaces.present import place_line, source_lines
from vigie.interfaces.present_events import event_line
from vigie.interfaces.views import Fact, Graphic

if TYPE_CHECKING:
    from vigie.domain.territory import Territory
    from vigie.services.loaded import Loaded
    from vigie.services.watch import Happening

_TABLES = (
    ("establishment", "Établissements, ouverts et fermés", "/annuaire"),
    ("legal_unit", "Entreprises", ""),
)


def home_sentence(loaded: Loaded) -> str:
    """Return the sentence that says what Vigie holds; the command line and the page say the same."""
    count = loaded.tables.get("establishment", 0)
    kind = "établissement imaginaire" if loaded.simulated else "établissement"
    many = "établissements imaginaires" if loaded.simulated else "établissements"
    return (
        "Vigie rassemble les établissements, leurs activités, leurs effectifs et ce qui change, pour que chaque "
        f"territoire se connaisse et agisse. Ici : {french.counted(count, kind, many)}."
    )


def home(loaded: Loaded, places: Sequence[Territory], events: Sequence[Happening], drawing: Graphic | None) -> Home:
    """Return the first page."""
    return Home(
        lead=home_sentence(loaded),
        facts=tuple(
            Fact(label, french.number(loaded.tables[name]), href)
            for name, label, href in _TABLES
            if loaded.tables.get(name)
        ),
        territories=tuple(map(place_line, places)),
        events=tuple(map(event_line, events)),
        map=drawing,
        sources=source_lines(loaded.cite(*loaded.vintage)),
    )
