"""Flows of matter of sites: what the register of emissions declares, what firms say, and who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from vigie.domain import french
from vigie.domain.actors import Nomenclature
from vigie.domain.firm_names import usual_case
from vigie.domain.matter import FlowWay, Matter, Season, YearlyBand, band_of
from vigie.measures.symbiosis import Precedent
from vigie.services.communes import commune_name
from vigie.services.places import Perimeter, within
from vigie.sources.wastes import wastes
from vigie.store.cells import distance_km
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis.expr.types as ir

    from vigie.domain.provenance import Provenance
    from vigie.services.firms.flows import DeclaredFlow
    from vigie.services.questions import DataInService


class FlowOrigin(Enum):
    """Where a flow is known from, the surest first."""

    DECLARED = "dit par l’entreprise"
    REGISTER = "déclaré au registre des émissions"


@dataclass(frozen=True, slots=True)
class SiteFlow:
    """A matter that a firm gives or takes; `site` is a SIRET, or a SIREN where the firm says it of itself."""

    site: str
    way: FlowWay
    matter: Matter
    tonnes: float | None
    origin: FlowOrigin
    operation: str = ""
    season: Season = Season.ALL_YEAR
    year: int | None = None

    @property
    def siren(self) -> str:
        """The firm."""
        return self.site[:9]

    @property
    def band(self) -> YearlyBand | None:
        """The yearly band; never more of what a firm says."""
        return None if self.tonnes is None else band_of(self.tonnes)

    @property
    def quantity(self) -> str:
        """How much, in words: a band for what a firm says, tonnes for what the register publishes."""
        if self.tonnes is None:
            return "quantité non connue"
        if self.origin is FlowOrigin.DECLARED:
            told = f"{band_of(self.tonnes).label} {self.matter.unit}"
            return told if self.season is Season.ALL_YEAR else f"{told}, {self.season.label}"
        shown = french.number(self.tonnes, 0 if self.tonnes >= 10 else 1)
        return f"{shown} t en {self.year}"


@dataclass(frozen=True, slots=True)
class MatterSite:
    """An open site that may be named: who, where, what it does."""

    siret: str
    name: str
    naf: str
    commune: str
    latitude: float | None
    longitude: float | None

    @property
    def siren(self) -> str:
        """The firm."""
        return self.siret[:9]

    @property
    def division(self) -> str:
        """The two digits of its activity; empty when it is not known in NAF rev. 2."""
        return self.naf[:2]

    @property
    def place(self) -> str:
        """The name of its commune."""
        return commune_name(self.commune) if self.commune else ""

    def kilometres(self, other: MatterSite) -> float | None:
        """Return the distance to another site as the crow flies, `None` where one has no position."""
        if None in (self.latitude, self.longitude, other.latitude, other.longitude):
            return None
        return distance_km(
            float(self.latitude or 0), float(self.longitude or 0),
            float(other.latitude or 0), float(other.longitude or 0),
        )  # fmt: skip


class MatterBook:
    """What a generation knows of exchanges: documented precedents, the last year of the register."""

    def __init__(self, data: DataInService) -> None:
        self._data = data

    @cached_property
    def precedents(self) -> tuple[Precedent, ...]:
        """The documented exchanges."""
        return tuple(
            Precedent(row["id"], row["case"], row["giver"], row["taker"], row["waste"]) for row in self._rows.values()
        )

    def reference(self, precedent: str) -> str:
        """Return where a precedent is documented, what became of the matter and how far it went."""
        row = self._rows[precedent]
        return ", ".join(filter(None, (row["reference"], row["use"].lower(), row["status"].lower())))

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, Any]]:
        if not self._data.loaded.tables.get("exchange_precedent"):
            return {}
        table = self._data.warehouse.table("exchange_precedent").order_by("source", "id")
        return {row["id"]: row for row in self._data.warehouse.rows(table)}

    @cached_property
    def flows(self) -> tuple[SiteFlow, ...]:
        """What the register declares, each site in the last year in which it declares anything."""
        if not self._data.loaded.tables.get("declared_waste"):
            return ()
        table = self._data.warehouse.table("declared_waste")
        last = table.group_by("siret").agg(year=table.year.max())
        kept = table.semi_join(last, ["siret", "year"])
        summed = kept.group_by("siret", "year", "way", "waste", "operation").agg(tonnes=kept.tonnes.sum())
        return tuple(
            SiteFlow(row["siret"], FlowWay(row["way"]), Matter(row["waste"]), row["tonnes"], FlowOrigin.REGISTER,
                     row["operation"], year=row["year"])
            for row in self._data.warehouse.rows(summed.order_by("siret", "way", "waste", "operation"))
            if row["waste"] in wastes()
        )  # fmt: skip

    @property
    def known(self) -> bool:
        """Tell whether anything at all is loaded about exchanges."""
        return bool(self.flows or self.precedents)


def matter_book(data: DataInService) -> MatterBook:
    """Return what a generation knows of exchanges, read once."""
    known = _BOOKS.get(data)
    if known is None:
        known = _BOOKS[data] = MatterBook(data)
    return known


_BOOKS: WeakKeyDictionary[Any, MatterBook] = WeakKeyDictionary()
"""One book for each generation in service; it leaves with the generation."""


def said_by_firms(declared: Iterable[DeclaredFlow]) -> tuple[SiteFlow, ...]:
    """Return the flows that firms declare as they are matched: in the middle of their band."""
    return tuple(
        SiteFlow(one.siren, one.way, one.matter, one.band.middle, FlowOrigin.DECLARED, season=one.season)
        for one in declared
    )


def sites_named(data: DataInService, numbers: Iterable[str]) -> dict[str, MatterSite]:
    """Return the open sites that may be named, by the SIRET or the SIREN given, in one question.

    A SIREN leads to its head office when it is loaded, else to its first open site. Firms that object, that asked for
    discretion, sole traders and closed sites are left out.
    """
    return _sites(data, data.warehouse.table("establishment"), numbers, {})


def sites_within(data: DataInService, perimeter: Perimeter, numbers: Iterable[str]) -> dict[str, MatterSite]:
    """Return, of the sites named, those that are in a perimeter; otherwise like `sites_named`."""
    return _sites(data, within(data.warehouse.table("establishment"), perimeter), numbers, perimeter.parameters)


def _sites(
    data: DataInService, table: ir.Table, numbers: Iterable[str], given: Mapping[str, list[str]]
) -> dict[str, MatterSite]:
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    nameable = table.filter(table.state == "A", table.diffusion == "O", ~table.natural_person.fill_null(True))
    asked = parameter("numbers", "array<string>").unnest().name("number").as_table()
    mine = nameable.semi_join(asked, nameable.siret == asked.number)
    mine = mine.union(nameable.semi_join(asked, nameable.siren == asked.number))
    first = mine.order_by(mine.head_office.fill_null(False).desc(), "siret")
    found: dict[str, MatterSite] = {}
    for row in data.warehouse.rows(first.select(*_READ), {"numbers": wanted, **given}):
        if not data.suppressions.holds(row["siren"]):
            site = _site(row)
            found.setdefault(site.siret, site)
            found.setdefault(site.siren, site)
    return found


_READ = ("siret", "siren", "name", "usual_name", "sign", "naf", "naf_nomenclature", "commune", "latitude", "longitude",
         "head_office")  # fmt: skip


def cited(data: DataInService) -> tuple[Provenance, ...]:
    """Return the files that exchanges are told from."""
    kinds = ("dechets:", "precedents:")
    return data.loaded.cite(*(source for source in data.loaded.vintage if source.startswith(kinds)))


def matter_name(matter: Matter) -> str:
    """Return what a matter is called: the code as the law writes it and its label, or the substance."""
    if matter.substance is not None:
        return french.capital(matter.substance.label)
    waste = wastes()[matter.waste]
    return f"{waste.written} {waste.label}"


def hazardous(matter: Matter) -> bool:
    """Tell whether a matter is a waste that bears the star of hazard."""
    return bool(matter.waste) and wastes()[matter.waste].hazardous


def _site(row: Mapping[str, Any]) -> MatterSite:
    naf = row["naf"] if row["naf_nomenclature"] == Nomenclature.NAF_REV2.value else None
    name = usual_case(row["name"] or row["usual_name"] or row["sign"] or "") or "Entreprise sans nom publié"
    return MatterSite(row["siret"], name, naf or "", row["commune"] or "", row["latitude"], row["longitude"])
