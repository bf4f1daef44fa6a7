"""Territories: from what people type to a territory, its communes, and the larger ones around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from vigie.domain.french import counted
from vigie.domain.territory import Territory, TerritoryKind
from vigie.errors import NotFound, NotPlaced, RequestFault
from vigie.services.territory_search import bare
from vigie.sources import cog_lookup
from vigie.store import gazetteer
from vigie.store.cells import distance_km
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.store.warehouse import Warehouse

ZONINGS = (
    TerritoryKind.ZE,
    TerritoryKind.AAV,
    TerritoryKind.POLE,
    TerritoryKind.BV,
    TerritoryKind.UU,
    TerritoryKind.JOB_BASIN,
    TerritoryKind.PETR,
    TerritoryKind.SCOT,
    TerritoryKind.PROGRAMME,
)
CITIES = {"751": "75056", "6938": "69123", "132": "13055"}
"""City of each commune code that is an arrondissement of Paris, Lyon or Marseille, by how the code begins."""
_DISTRICTS = tuple(CITIES)
AROUND = (TerritoryKind.DEPARTEMENT, TerritoryKind.REGION)
LARGEST_PERIMETER = 2000
_FIRST_NAMED = (TerritoryKind.DEPARTEMENT, TerritoryKind.REGION, TerritoryKind.EPCI, TerritoryKind.EPT, *ZONINGS)
_NAMED = (*_FIRST_NAMED, *(kind for kind in TerritoryKind if kind not in _FIRST_NAMED))
"""A name that several kinds bear (« La Réunion ») is read as the first of them."""
_SHOWN = 6
PERIMETERS_KEPT = 2000
"""Perimeters kept in memory for a generation: all EPCI, départements and régions, and the communes asked for lately."""

CIRCLES_KEPT = 256
"""Circles around communes kept in memory for a generation: those that people watch."""


@dataclass(frozen=True, slots=True)
class Perimeter:
    """A territory and the codes its establishments may carry; `None` stands for the whole country.

    `communes` holds the arrondissements of Paris, Lyon and Marseille beside their city: facts are counted in one
    or the other, never in both.
    """

    territory: Territory
    communes: tuple[str, ...] | None

    @property
    def parameters(self) -> Mapping[str, list[str]]:
        """Values of the parameters of an expression restricted by `within`."""
        return {} if self.communes is None else {"communes": list(self.communes)}


def within(table: ir.Table, perimeter: Perimeter) -> ir.Table:
    """Keep the rows of the communes of a perimeter, given when the expression is executed."""
    if perimeter.communes is None:
        return table
    return table.semi_join(communes_given(), "commune")


def communes_given() -> ir.Table:
    """Return the communes of a perimeter as a table of one column, given when the expression is executed."""
    return parameter("communes", "array<string>").unnest().name("commune").as_table()


def commune_centres(warehouse: Warehouse, communes: Sequence[str]) -> dict[str, tuple[float | None, float | None]]:
    """Return the longitude and latitude of the centres of communes of the last vintage; null without outlines."""
    table = warehouse.table("territory")
    here = (table.kind == "commune", table.code.isin(communes), table.vintage == cog_lookup.resolve("FR").vintage)
    rows = warehouse.rows(table.filter(*here).select("code", "longitude", "latitude"))
    return {row["code"]: (row["longitude"], row["latitude"]) for row in rows}


def city_of(commune: str) -> str:
    """Return the city of an arrondissement of Paris, Lyon or Marseille; any other commune is its own."""
    if not is_district(commune):
        return commune
    return next(city for start, city in CITIES.items() if commune.startswith(start))


def is_district(commune: str) -> bool:
    """Tell whether a commune code is that of an arrondissement of Paris, Lyon or Marseille."""
    return commune.startswith(_DISTRICTS)


def takes_the_first(found: Sequence[Territory]) -> bool:
    """Tell whether only the first reading is in use: a postal code that was, long ago, the code of another commune."""
    return bool(found) and not found[0].redirected_from and all(one.redirected_from for one in found[1:])


def wider_territories(warehouse: Warehouse) -> list[Mapping[str, Any]]:
    """Return the territories of one generation that are no communes, in the latest vintage of each kind."""
    table = warehouse.table("territory")
    latest = table.group_by("kind").agg(last=table.vintage.max())
    held = table.inner_join(latest, "kind").filter(lambda joined: joined.vintage == joined.last)
    columns = held.filter(held.kind != TerritoryKind.COMMUNE.value).select(
        "kind", "code", "name", "population", "vintage"
    )
    return list(warehouse.rows(columns))


def _ambiguous(text: str, found: Sequence[Territory]) -> RequestFault:
    near = ", ".join(f"{one.name} ({one.key})" for one in found[:_SHOWN])
    return RequestFault(f"Plusieurs territoires répondent à «\u00a0{text.strip()}\u00a0»\u00a0: {near}.")


class Places:
    """Territories of one generation."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._members_of = lru_cache(PERIMETERS_KEPT)(self._read_members)
        self._others = lru_cache(None)(self._read_others)
        self._near = lru_cache(CIRCLES_KEPT)(self._read_near)

    def territory(self, text: str) -> Territory:
        """Return the territory that a code means ("85", "epci:200071629", "perimetre:85001,85002"), or a whole name.

        Five digits are the code of a commune in force, else a postal code, else a former code. A former code or name
        gives the territory of today, with `redirected_from`. A name that no commune bears is that of a département, of
        a région, else of a grouping or of a zoning (« Vendée », « Pays des Herbiers »). Raises `RequestFault` when the
        text is none of these, or several at once, `NotFound` when no such territory is known.
        """
        if text.strip().upper() in cog_lookup.code_book().places:
            return cog_lookup.resolve(text)
        found = self.readings(text)
        if found and (len(found) == 1 or takes_the_first(found)):
            return found[0]
        if found:
            raise _ambiguous(text, found)
        try:
            kind, code = cog_lookup.parse(text)
        except RequestFault as fault:
            borne = self._named.get(bare(text), ())
            if len(borne) > 1:
                raise _ambiguous(text, borne) from None
            if borne:
                return borne[0]
            raise RequestFault(f"{fault} Ou son nom entier\u00a0: Vendée, Les Herbiers, Pays de la Loire.") from None
        if kind is TerritoryKind.PERIMETER:
            return self._drawn(code)
        if kind in ZONINGS:
            return self._zone(kind, code)
        return cog_lookup.resolve(text)

    def readings(self, text: str) -> tuple[Territory, ...]:
        """Return the communes that a postal code, a code or a name means exactly, the best first; see `gazetteer`.

        A former name or code stands in `redirected_from`.
        """
        return tuple(
            replace(cog_lookup.resolve(f"commune:{one.code}"), redirected_from=one.told if one.former else None)
            for one in gazetteer.readings(text)
        )

    def perimeter(self, territory: Territory) -> Perimeter:
        """Return the communes of a territory, in its own vintage."""
        if territory.kind is TerritoryKind.FRANCE:
            return Perimeter(territory, None)
        if territory.kind is TerritoryKind.PERIMETER:
            drawn = [self.perimeter(self.territory(f"commune:{code}")) for code in territory.code.split(",")]
            return Perimeter(territory, tuple(sorted({code for place in drawn for code in place.communes or ()})))
        return Perimeter(territory, self._members_of(territory.kind.value, territory.code, territory.vintage))

    def within_km(self, commune: str, kilometres: float) -> frozenset[str]:
        """Return the communes whose middle is so many kilometres at most, as the crow flies, from a commune's.

        Raises `NotPlaced` where the position of the commune is not known, for want of outlines.
        """
        if commune not in self._centres:
            raise NotPlaced(f"La position de la commune {commune} n’est pas connue ici, faute de contours.")
        return self._near(commune, kilometres)

    def _read_near(self, commune: str, kilometres: float) -> frozenset[str]:
        here = self._centres[commune]
        return frozenset(code for code, there in self._centres.items() if distance_km(*here, *there) <= kilometres)

    def around(self, perimeter: Perimeter) -> tuple[Territory, ...]:
        """Return the département and the région that hold most communes of a territory, then France."""
        if perimeter.communes is None:
            return ()
        counts = Counter(holder for code in perimeter.communes for holder in self._holders.get(code, ()))
        found = []
        for kind in AROUND:
            candidates = [(count, code) for (of, code), count in counts.items() if of == kind.value]
            if candidates:
                found.append(cog_lookup.resolve(f"{kind.value}:{max(candidates)[1]}"))
        found.append(cog_lookup.resolve("FR"))
        itself = perimeter.territory.key
        holders = [place for place in found if place.key != itself]
        if perimeter.territory.kind is TerritoryKind.REGION:
            return tuple(place for place in holders if place.kind is not TerritoryKind.DEPARTEMENT)
        return tuple(holders)

    def _read_members(self, kind: str, code: str, vintage: int) -> tuple[str, ...]:
        rows = self._warehouse.rows(self._members, {"kind": kind, "code": code, "vintage": str(vintage)})
        return tuple(sorted(row["commune"] for row in rows))

    def _drawn(self, text: str) -> Territory:
        codes = {part.strip() for part in text.replace(";", ",").split(",") if part.strip()}
        if len(codes) > LARGEST_PERIMETER:
            raise RequestFault(
                f"Un périmètre dessiné compte au plus {LARGEST_PERIMETER} communes\u00a0; en voici {len(codes)}."
            )
        places = {place.code: place for place in (cog_lookup.resolve(f"commune:{code}") for code in sorted(codes))}
        if not places:
            raise RequestFault("Un périmètre s’écrit « perimetre:85001,85002 », avec au moins un code de commune.")
        known = [place.population for place in places.values() if place.population is not None]
        count = counted(len(places), "commune")
        return Territory(
            TerritoryKind.PERIMETER,
            ",".join(sorted(places)),
            f"le périmètre dessiné ({count})",
            cog_lookup.resolve("FR").vintage,
            sum(known) if len(known) == len(places) else None,
        )

    def _zone(self, kind: TerritoryKind, code: str) -> Territory:
        found = self._warehouse.rows(self._zones, {"kind": kind.value, "code": code})
        if not found:
            raise NotFound(
                f"Aucun territoire {kind.value}:{code} parmi ceux chargés. Un zonage se charge avec son fichier "
                "(« vigie refresh » avec le dossier qui le contient)."
            )
        last = max(found, key=lambda row: row["vintage"])
        return Territory(kind, code, last["name"], last["vintage"], last["population"])

    @cached_property
    def _named(self) -> Mapping[str, tuple[Territory, ...]]:
        """Territories that are no communes by bare name: those of the first kind that bears it."""
        found: dict[str, tuple[Territory, ...]] = {}
        for row in sorted(wider_territories(self._warehouse), key=lambda row: _NAMED.index(row["kind"])):
            place = Territory(TerritoryKind(row["kind"]), row["code"], row["name"], row["vintage"], row["population"])
            before = found.setdefault(bare(place.name), ())
            if not before or before[0].kind is place.kind:
                found[bare(place.name)] = (*before, place)
        return found

    @cached_property
    def _members(self) -> ir.Table:
        table = self._warehouse.table("membership")
        return table.filter(
            table.kind == parameter("kind"),
            table.code == parameter("code"),
            table.vintage == parameter("vintage", "int16"),
        ).select("commune")

    @cached_property
    def _centres(self) -> Mapping[str, tuple[float, float]]:
        """Latitude and longitude of the middle of communes, where outlines are loaded."""
        table = self._warehouse.table("territory")
        vintage = cog_lookup.resolve("FR").vintage
        placed = table.filter(table.kind == "commune", table.vintage == vintage, table.latitude.notnull())
        rows = self._warehouse.rows(placed.select("code", "latitude", "longitude"))
        return {row["code"]: (row["latitude"], row["longitude"]) for row in rows}

    @cached_property
    def _holders(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Département and région of every commune, as (kind, code)."""
        table = self._warehouse.table("membership")
        vintage = cog_lookup.resolve("FR").vintage
        held = table.filter(table.kind.isin([kind.value for kind in AROUND]), table.vintage == vintage)
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for row in self._warehouse.rows(held.select("commune", "kind", "code")):
            found[row["commune"]] = (*found.get(row["commune"], ()), (row["kind"], row["code"]))
        return found

    def holders_of(self, kind: TerritoryKind) -> Mapping[str, str]:
        """Return the territory of a kind that holds each commune, by code, in the latest vintage; read once each."""
        if kind in AROUND:
            return {commune: code for commune, held in self._holders.items() for of, code in held if of == kind.value}
        return self._others(kind.value)

    def _read_others(self, kind: str) -> Mapping[str, str]:
        table = self._warehouse.table("membership")
        held = table.filter(table.kind == kind, table.vintage == cog_lookup.resolve("FR").vintage)
        return {row["commune"]: row["code"] for row in self._warehouse.rows(held.select("commune", "code"))}

    @cached_property
    def _zones(self) -> ir.Table:
        table = self._warehouse.table("territory")
        chosen = table.filter(table.kind == parameter("kind"), table.code == parameter("code"))
        return chosen.select("name", "vintage", "population")
