"""Lines of a national layout and units of an inventory: what one means for the other, both ways."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from vigie.domain.land import Occupancy, Tenure
from vigie.sources.cog_lookup import code_book
from vigie.sources.land_cells import CellFaultError, read_cell
from vigie.sources.land_files import plain, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.sources.land_files import LandFileRead, LandLine
    from vigie.sources.land_layouts import LandLayout
    from vigie.store.journal.land import LandUnit

_COMMUNE = 5
_LONGEST = {"title": 200, "zone": 200, "owner": 200, "occupants": 400}
"""Characters that an inventory keeps of what a file says."""
_VACANT = ("vacant", "inoccupé", "friche", "totalement inoccupé")
_OCCUPIED = (
    "occupé", "occupation en transition", "partiellement inoccupé", "occupation transitoire ou temporaire",
    "occupation illicite supposée", "occupation illicite avérée",
)  # fmt: skip
_WRITTEN_OCCUPATION = {
    "terrain": {Occupancy.VACANT: "vacant", Occupancy.OCCUPIED: "occupé", Occupancy.UNKNOWN: "inconnu"},
    "friche": {Occupancy.VACANT: "totalement inoccupé", Occupancy.OCCUPIED: "autre", Occupancy.UNKNOWN: "inconnu"},
}
_WRITTEN_TENURE = {
    Tenure.SALE: "en vente", Tenure.EITHER: "en vente", Tenure.RENT: "autre", Tenure.NEITHER: "non commercialisé",
}  # fmt: skip
_ON_SALE = "en vente"


def meant(layout: LandLayout, values: Mapping[str, Any], zones: Mapping[str, str]) -> dict[str, Any]:
    """Return what the inventory keeps of a line; `zones` are the names of known business zones by identifier."""
    said = {word: values.get(column) for word, column in layout.means.items()}
    drawn, point = said.get("surface"), said.get("point")
    longitude, latitude = (drawn.longitude, drawn.latitude) if drawn else point or (None, None)
    zone = str(values.get("site_id") or "") if layout.id == "terrain" else ""
    kept = {
        "title": str(said["title"]),
        "zone": zones.get(zone, zone),
        "commune": said.get("commune") or _commune(values, layout.key),
        "seen_on": said.get("seen"),
        "longitude": longitude,
        "latitude": latitude,
        "reference": str(values[layout.key]),
        "owner": said.get("owner"),
        "owner_email": said.get("mail"),
        "occupants": said.get("occupants"),
        **_told(layout, said),
    }
    return {name: value[: _LONGEST[name]] if value and name in _LONGEST else value for name, value in kept.items()}


def held_of(read: LandFileRead, line: LandLine) -> dict[str, str]:
    """Return the cells of a line that only officers read, as they are written, by column."""
    hidden = read.layout.officers_only(read.header)
    if is_natural(read.layout, read.header, line.cells):
        hidden |= frozenset(read.layout.natural["hides"])
    return {name: cell for name, cell in zip(read.header, line.cells, strict=True) if name in hidden and cell}


def shown(header: Sequence[str], cells: Sequence[str], held: Mapping[str, str]) -> list[str]:
    """Return the cells of a line without those that are held apart."""
    return ["" if name in held else cell for name, cell in zip(header, cells, strict=True)]


def is_natural(layout: LandLayout, header: Sequence[str], cells: Sequence[str]) -> bool:
    """Tell whether a line is about a natural person, who stands in no public file."""
    rule = layout.natural
    if not rule:
        return False
    said = plain(cells[list(header).index(rule["column"])]).strip()
    return said.startswith(rule["begins"])


def corrected(
    layout: LandLayout, header: Sequence[str], kept: tuple[Sequence[str], LandUnit], separator: str, *, whole: bool
) -> list[str]:
    """Return the cells of a line as they were published, but for what officers corrected in its unit since."""
    cells, unit = kept
    held: dict[str, str] = json.loads(unit.held or "{}") if whole else {}
    written = {name: held.get(name, cell) for name, cell in zip(header, cells, strict=True)}
    said = {word: _value(layout, column, written) for word, column in layout.means.items()}
    before = {"title": str(said["title"])[: _LONGEST["title"]], "seen_on": said.get("seen"), **_told(layout, said)}
    if whole:
        before["owner"] = (said.get("owner") or "")[: _LONGEST["owner"]]
    for name, value in before.items():
        now = getattr(unit, name) or ("" if name == "owner" else None)
        column = layout.means.get(_COLUMN_OF.get(name, name), "")
        if now != value and column in written and column != layout.key:
            written[column] = quoted(_again(layout, name, now), separator)
    return [written[name] for name in header]


_COLUMN_OF = {"seen_on": "seen"}
"""What a column tells, where the inventory has another name for it."""


def _told(layout: LandLayout, said: Mapping[str, Any]) -> dict[str, Any]:
    area = said.get("area")
    return {
        "area": max(1, round(area * layout.metres)) if area else None,
        "occupation": _occupation(str(said.get("occupation") or "")).value,
        "tenure": (Tenure.SALE if str(said.get("tenure") or "").startswith(_ON_SALE) else Tenure.NEITHER).value,
    }


def _occupation(word: str) -> Occupancy:
    if word in _VACANT:
        return Occupancy.VACANT
    return Occupancy.OCCUPIED if word in _OCCUPIED else Occupancy.UNKNOWN


def _value(layout: LandLayout, column: str, written: Mapping[str, str]) -> Any:
    """Return what a cell said when it was brought; a geometry and what was erased since say nothing here."""
    known = layout.columns[column]
    if known.shape in ("surface", "point", "points") or not written.get(column):
        return None
    try:
        return read_cell(known, plain(written[column]), date.max)
    except CellFaultError:
        return None


def _again(layout: LandLayout, name: str, value: Any) -> str:
    """Return how the standard writes what the inventory now says."""
    if value is None or value == "":
        return ""
    if name == "area":
        return f"{value / layout.metres:.4f}".rstrip("0").rstrip(".")
    if name == "occupation":
        return _WRITTEN_OCCUPATION[layout.id][Occupancy(value)]
    if name == "tenure":
        return _WRITTEN_TENURE[Tenure(value)]
    return value.isoformat() if isinstance(value, date) else str(value)


def _commune(values: Mapping[str, Any], key: str) -> str:
    """Return the commune that identifiers begin with, empty when they begin with none."""
    for text in (values.get("terr_refcad"), values[key]):
        found = code_book().today(str(text or "")[:_COMMUNE])
        if found:
            return found
    return ""
