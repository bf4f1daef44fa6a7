"""Places: any file of named points (stations, aerodromes, third places, counters, masts), described by a card.

Roles of columns are `name`, `commune`, and the position: `longitude` and `latitude` (degrees), or `x` and `y` (metres,
`layout.projection: lambert93`), or `geometry` (a point as GeoJSON or well-known text). `layout.place_kind` says what
they are. `area` (in `layout.area_unit`, m2 or ha) and `status` (in the words of the file) are said of land.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from vigie.errors import Reject
from vigie.sources.card_uses import card_fault
from vigie.sources.lambert import degrees
from vigie.sources.places import PlaceReader, UnknownPlaceError

if TYPE_CHECKING:
    from vigie.sources.card_uses import Use
    from vigie.sources.cards_reader import Card
    from vigie.sources.sheets import Cells

KINDS = {
    "gare": "gare de voyageurs",
    "aerodrome": "aérodrome",
    "tiers_lieu": "tiers-lieu",
    "manufacture": "manufacture de proximité",
    "france_services": "espace France services",
    "site_mobile": "site de téléphonie mobile",
    "friche": "friche",
    "site_pollue": "site pollué",
    "zone_activites": "zone d’activités",
}
"""Kinds of places that a card may give, with what they are called."""

_PLACE: dict[str, pa.DataType] = {
    "kind": pa.string(), "name": pa.string(), "commune": pa.string(), "longitude": pa.float64(),
    "latitude": pa.float64(), "area": pa.float64(), "status": pa.string(), "source": pa.string(),
    "vintage": pa.string(),
}  # fmt: skip
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_POINT = re.compile(rf"(?:point\s*\(|\"coordinates\"\s*:\s*\[)\s*({_NUMBER})[\s,]+({_NUMBER})", re.IGNORECASE)
_PAIR = re.compile(rf"({_NUMBER})\s*,\s*({_NUMBER})")
"""Latitude then longitude in one cell, as Opendatasoft publishes points."""
_SQUARE_METRES = {"m2": 1.0, "ha": 10_000.0}
"""Square metres of a unit of area that a card may name."""
_EARTH = 1e10
"""Square metres of 10 000 km²: no site is so large, a unit was taken for another."""
_MULTIPOINT = re.compile(r"multi|polygon", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LocatedPlaces:
    """Places of a file, with the columns of the table `place`; those without a position keep none."""

    places: pa.Table
    rejects: tuple[Reject, ...]


class PlacesReading:
    """Reads the places of one use of a file, row by row."""

    def __init__(self, file: str, card: Card, use: Use) -> None:
        self._file, self._card, self._use = file, card, use
        self._kind = str(use.layout.get("place_kind", ""))
        prefix = f"uses.{use.id}" if card.uses else "layout"
        if self._kind not in KINDS:
            what, remedy = f"genre de lieu « {self._kind} » inconnu.", f"Choisissez parmi {', '.join(KINDS)}."
            raise card_fault(f"{card.id}.yml", f"{prefix}.place_kind", what, remedy)
        if use.layout.get("projection", "lambert93") != "lambert93":
            what = f"projection « {use.layout['projection']} » inconnue."
            raise card_fault(f"{card.id}.yml", f"{prefix}.projection", what, "Donnez lambert93, ou des degrés.")
        unit = str(use.layout.get("area_unit", "m2"))
        if unit not in _SQUARE_METRES:
            what, remedy = f"unité de surface « {unit} » inconnue.", f"Choisissez parmi {', '.join(_SQUARE_METRES)}."
            raise card_fault(f"{card.id}.yml", f"{prefix}.area_unit", what, remedy)
        self._unit = _SQUARE_METRES[unit]
        self._names = {rule.as_: rule.name for rule in card.columns}
        self._vintage = str(use.layout.get("vintage", ""))
        self._reader, self._rejects = PlaceReader(), list[Reject]()
        self._rows: list[dict[str, object]] = []

    def take(self, number: int, cells: Cells) -> None:
        """Take the place of a row, or reject the row."""
        if not self._use.keeps(cells):
            return
        column = self._use.column("commune")
        try:
            written = cells.get(column)
            commune = self._reader.commune(written) if written else None
            roles = ("geometry", "x", "longitude", "latlon")
            column = next(name for name in roles if self._use.column(name) in self._names)
            longitude, latitude = self._position(cells)
            column = self._use.column("area")
            area = self._area(cells.get(column))
        except (UnknownPlaceError, ValueError) as error:
            self._rejects.append(Reject(self._file, number, self._names.get(column, column), str(error)))
            return
        self._rows.append({
            "kind": self._kind, "name": cells.get(self._use.column("name")) or "", "commune": commune,
            "longitude": longitude, "latitude": latitude, "area": area, "status": cells.get(self._use.column("status")),
            "source": self._card.id, "vintage": self._vintage,
        })  # fmt: skip

    def finish(self) -> LocatedPlaces:
        """Return the places."""
        return LocatedPlaces(pa.Table.from_pylist(self._rows, schema=pa.schema(_PLACE)), tuple(self._rejects))

    def _area(self, written: str | None) -> float | None:
        """Return square metres, `None` where nothing is written or the file writes zero for unknown."""
        if not written:
            return None
        try:
            found = float(written.replace(",", ".").replace("\u00a0", "").replace(" ", "")) * self._unit
        except ValueError as error:
            raise ValueError(f"la surface « {written[:20]} » n’est pas un nombre.") from error
        if not 0 <= found < _EARTH:
            raise ValueError(f"la surface « {written[:20]} » n’est pas celle d’un terrain.")
        return found or None

    def _position(self, cells: Cells) -> tuple[float | None, float | None]:
        """Return longitude and latitude, none where the row has none. Raises `ValueError` with the reason."""
        shape = cells.get(self._use.column("geometry"))
        if shape:
            found = None if _MULTIPOINT.search(shape) else _POINT.search(shape)
            return _checked(float(found[1]), float(found[2])) if found else (None, None)
        pair = _PAIR.search(cells.get(self._use.column("latlon")) or "")
        if pair:
            return _checked(float(pair[2]), float(pair[1]))
        pairs = ((self._use.column(a), self._use.column(b)) for a, b in (("longitude", "latitude"), ("x", "y")))
        first, second = next((one for one in pairs if one[0] in self._names), ("", ""))
        written = [(cells.get(name) or "").replace(",", ".") for name in (first, second)]
        if not all(written):
            return None, None
        try:
            place = float(written[0]), float(written[1])
        except ValueError as error:
            raise ValueError(f"la position « {written[0]}, {written[1]} » n’est pas faite de deux nombres.") from error
        return _checked(*(degrees(*place) if first == self._use.column("x") else place))


def _checked(longitude: float, latitude: float) -> tuple[float, float]:
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(f"la position {longitude}, {latitude} n’est pas sur la terre.")
    return round(longitude, 6), round(latitude, 6)
