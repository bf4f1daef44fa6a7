"""The map of a territory: one variable for each of its parts, and the classes that tint them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from vigie.domain.territory import Territory, TerritoryKind
from vigie.errors import RequestFault
from vigie.measures.coverage import coverage
from vigie.measures.mapping import class_of, classes_for, natural_breaks
from vigie.services.figures.present import present_figures
from vigie.services.figures.reach import ENOUGH
from vigie.services.indicator_cards import indicator_cards
from vigie.services.loaded import JOBS, REFERENCE, STOCK, SUCCESSION
from vigie.services.places import is_district
from vigie.services.portrait.answer import territory_dict
from vigie.sources import cog_lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.domain.provenance import Provenance
    from vigie.services.loaded import Loaded
    from vigie.services.places import Perimeter, Places
    from vigie.services.portrait.by_commune import CommuneFigures
    from vigie.store.warehouse import Warehouse

MAPS_KEPT = 256
FEWEST_KNOWN = 2
"""A map of a single known value compares nothing."""


class MapVariable(StrEnum):
    """What a map can show; the value is what addresses use, the card of its indicator says the rest."""

    INDUSTRY = "industrie"
    JOBS = "emplois"
    CHANGE = "evolution"
    DENSITY = "employeurs"
    BALANCE = "solde"

    @property
    def indicator(self) -> str:
        """Indicator that the variable is a map of."""
        return _INDICATORS[self]

    @property
    def label(self) -> str:
        """French name of the variable."""
        return indicator_cards()[self.indicator].label

    @property
    def unit(self) -> str:
        """Unit of its values."""
        return indicator_cards()[self.indicator].unit


_INDICATORS = {
    MapVariable.INDUSTRY: "industry_share",
    MapVariable.JOBS: "jobs",
    MapVariable.CHANGE: "jobs_change",
    MapVariable.DENSITY: "employer_density",
    MapVariable.BALANCE: "employer_balance",
}
_SOURCES = {
    MapVariable.INDUSTRY: (JOBS,),
    MapVariable.JOBS: (JOBS,),
    MapVariable.CHANGE: (JOBS,),
    MapVariable.DENSITY: (STOCK, REFERENCE),
    MapVariable.BALANCE: (STOCK, SUCCESSION),
}
_OF_JOBS = (MapVariable.INDUSTRY, MapVariable.JOBS, MapVariable.CHANGE)
_PARTS = {TerritoryKind.FRANCE: TerritoryKind.REGION, TerritoryKind.REGION: TerritoryKind.DEPARTEMENT,
          TerritoryKind.DEPARTEMENT: TerritoryKind.EPCI}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MapPart:
    """A part of a territory, its value and its class (see `MapClass.step`), both `None` when not known."""

    territory: Territory
    value: float | None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class MapClass:
    """A class in use, from `low` to `high`: `step` 1 is the palest above zero, -1 below, farther is darker."""

    step: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class VariableMap:
    """The parts of a territory (`kind` of each) with one variable, the largest value first.

    `when` says over which years; `available` are the variables known for two parts at least.
    """

    territory: Territory
    variable: MapVariable
    kind: TerritoryKind
    when: str
    parts: tuple[MapPart, ...]
    classes: tuple[MapClass, ...]
    available: tuple[MapVariable, ...]
    sources: tuple[Provenance, ...]
    simulated: bool

    @property
    def known(self) -> tuple[MapPart, ...]:
        """The parts whose value is known."""
        return tuple(part for part in self.parts if part.value is not None)

    def as_dict(self) -> dict[str, Any]:
        """Return the map as the machine-readable answers print it."""
        told = {"label": self.variable.label, "unit": self.variable.unit, "indicator": self.variable.indicator}
        parts = [{**asdict(part), "territory": territory_dict(part.territory)} for part in self.parts]
        return asdict(self) | told | {"territory": territory_dict(self.territory), "parts": parts}


class VariableMaps:
    """The maps of one generation; those asked for lately are kept."""

    def __init__(self, warehouse: Warehouse, figures: CommuneFigures, loaded: Loaded, places: Places) -> None:
        self._warehouse, self._figures, self._loaded, self._places = warehouse, figures, loaded, places
        self._drawn = lru_cache(MAPS_KEPT)(self._compute)

    def map(self, perimeter: Perimeter, variable: str = "") -> VariableMap | None:
        """Return the map of a territory by its parts: the variable asked for, else the first that is known.

        `None` for a commune, and where nothing is known of two parts at least. Raises `RequestFault` for a
        variable that does not exist, or that is not known here.
        """
        if variable and variable not in set(MapVariable):
            known = ", ".join(f"{one.value} ({one.label})" for one in MapVariable)
            raise RequestFault(f"«\u00a0{variable[:60]}\u00a0» n’est pas une variable de carte\u00a0: {known}.")
        drawn = self._drawn(perimeter)
        if variable and drawn and MapVariable(variable) not in drawn:
            known = ", ".join(f"{one.value} ({one.label})" for one in drawn)
            raise RequestFault(
                f"«\u00a0{MapVariable(variable).label}\u00a0» n’est pas connu pour deux parties de ce territoire au "
                f"moins\u00a0: choisissez parmi {known}."
            )
        return drawn[MapVariable(variable)] if variable and drawn else next(iter(drawn.values()), None)

    def loaded_parts(self, perimeter: Perimeter) -> tuple[Territory, ...]:
        """Return the parts of a territory whose establishments are loaded: where the reader of a part is to go."""
        return tuple(
            place for place, communes in self._parts(perimeter)[1] if self._whole(MapVariable.DENSITY, communes)
        )

    def _compute(self, perimeter: Perimeter) -> Mapping[MapVariable, VariableMap]:
        kind, parts = self._parts(perimeter)
        told = (
            present_figures(self._warehouse, kind.value, _INDICATORS.values(), [place.code for place, _ in parts])
            if parts
            else {}
        )
        values = {
            variable: [
                (place, told.get((variable.indicator, place.code)) if self._whole(variable, communes) else None)
                for place, communes in parts
            ]
            for variable in MapVariable
        }
        known = {
            name: rows for name, rows in values.items() if sum(value is not None for _, value in rows) >= FEWEST_KNOWN
        }
        return {name: self._map(perimeter.territory, (name, kind), rows, tuple(known)) for name, rows in known.items()}

    def _map(
        self,
        territory: Territory,
        shown: tuple[MapVariable, TerritoryKind],
        rows: Sequence[tuple[Territory, float | None]],
        available: tuple[MapVariable, ...],
    ) -> VariableMap:
        variable, kind = shown
        classes = classes_of([value for _, value in rows if value is not None], len(rows))
        parts = [MapPart(place, value, _step(value, classes)) for place, value in rows]
        parts.sort(key=lambda part: (part.value is None, -(part.value or 0), part.territory.name))
        return VariableMap(
            territory,
            variable,
            kind,
            self._when(variable),
            tuple(parts),
            classes,
            available,
            self._loaded.cite(*_SOURCES[variable]),
            self._loaded.simulated,
        )

    def _parts(self, perimeter: Perimeter) -> tuple[TerritoryKind, Sequence[tuple[Territory, Sequence[str]]]]:
        """Return the parts of a territory with their communes: those that hold most of theirs inside it."""
        communes = self._figures.people.keys() if perimeter.communes is None else perimeter.communes
        inside = [code for code in communes if not is_district(code)]
        for kind in _levels(perimeter.territory.kind):
            members: dict[str, list[str]] = {}
            for commune, code in self._places.holders_of(kind).items():
                members.setdefault(code, []).append(commune)
            held = set(inside)
            codes = [code for code, whole in members.items() if 2 * len(held.intersection(whole)) > len(whole)]
            if len(codes) > 1:
                return kind, [(cog_lookup.resolve(f"{kind.value}:{code}"), members[code]) for code in sorted(codes)]
        if perimeter.territory.kind is TerritoryKind.COMMUNE or len(inside) < FEWEST_KNOWN:
            return TerritoryKind.COMMUNE, ()
        return TerritoryKind.COMMUNE, [(cog_lookup.resolve(f"commune:{code}"), (code,)) for code in inside]

    def _whole(self, variable: MapVariable, communes: Sequence[str]) -> bool:
        """Tell whether what a variable is drawn from is loaded for all of some communes, or nearly."""
        people = {code: self._figures.people.get(code, 0) for code in communes}
        held = self._figures.with_jobs if variable in _OF_JOBS else self._figures.with_establishments
        loaded = {code: count for code, count in people.items() if code in held}
        reach = coverage(sum(loaded.values()), sum(people.values()))
        return bool(loaded) and (reach is None or reach >= ENOUGH)

    def _when(self, variable: MapVariable) -> str:
        if variable in _OF_JOBS and self._figures.job_years:
            first, last = self._figures.job_years
            return f"de fin {first} à fin {last}" if variable is MapVariable.CHANGE else f"fin {last}"
        if variable is MapVariable.BALANCE:
            return f"en {self._figures.full_year}"
        return ""


def classes_of(values: Sequence[float], shapes: int) -> tuple[MapClass, ...]:
    """Return the classes of a map of so many shapes: natural breaks, on each side of zero where values have both.

    >>> [one.step for one in classes_of([-4.0, -1.0, 2.0, 9.0], 4)]
    [-2, -1, 1, 2]
    """
    below, above = [value for value in values if value < 0], [value for value in values if value >= 0]
    most = classes_for(shapes)
    if below and above:
        return (*_side(below, most // 2, -1), *_side(above, most - most // 2, 1))
    return _side(below, most, -1) or _side(above, most, 1)


def _side(values: Sequence[float], most: int, sign: int) -> tuple[MapClass, ...]:
    """Return the classes of values of one sign, from the lowest."""
    if not values:
        return ()
    bounds = natural_breaks(values, most)
    held: list[list[float]] = [[] for _ in bounds]
    for value in sorted(values):
        held[class_of(value, bounds)].append(value)
    count = len(bounds)
    return tuple(
        MapClass(rank + 1 if sign > 0 else rank - count, inside[0], inside[-1]) for rank, inside in enumerate(held)
    )


def _step(value: float | None, classes: Sequence[MapClass]) -> int | None:
    return None if value is None else next(one.step for one in classes if one.low <= value <= one.high)


def _levels(kind: TerritoryKind) -> Iterable[TerritoryKind]:
    """Return the kinds of parts to try, the largest first: a région may have one département only."""
    while kind in _PARTS:
        kind = _PARTS[kind]
        yield kind
