"""Sites for a need, as a question: open inventories of brownfields and business zones, behind every door."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from weakref import WeakKeyDictionary

import numpy as np

from vigie.domain import french
from vigie.domain.actors import Nomenclature, compact_identifier
from vigie.domain.declared import Hint, InUnit, Label, Length, Missing, Named, NumberRange, Words
from vigie.domain.land import LandKind
from vigie.errors import FieldFault, Objected, RequestFault
from vigie.services.capabilities import Capability
from vigie.services.communes import commune_code, commune_name
from vigie.services.places import commune_centres
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.services.sites.ranking import NEIGHBOURS_KM, OfferedSite, RankedSite, SiteNeed, check_areas, ranked_sites
from vigie.sources import cog, nomenclature
from vigie.store.directory import DirectoryQuery, Near

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NONE_LOADED = (
    "Aucun inventaire de friches ou de zones d’activités n’est chargé ici : l’hébergeur en donne un à "
    "« vigie refresh »."
)
REACH_KM = 20
"""How far is looked when nothing is said: about half an hour by road."""
MOST_SHOWN = 100
_KINDS = ("friche", "zone_activites")
_MOST_NEIGHBOURS = 2000
_SIREN = 9
NOT_AN_OFFER = (
    "Un inventaire ouvert dit qu’un lieu existe, non qu’il est à vendre ou à louer. Prix, propriétaire et réseaux n’y "
    "sont pas : demandez-les à la collectivité. Ce qui n’est pas connu n’exclut jamais."
)
WEIGHED = (
    "L’accord est la moyenne des critères demandés : distance (poids 3), surface (3), disponibilité publiée (2), vente "
    "ou location (2), voisins cherchés (2) ; un critère non connu compte pour zéro."
)


class SiteKind(StrEnum):
    """Which sites are looked for."""

    ANY = "toutes"
    BROWNFIELD = "friche"
    ZONE = "zone_activites"
    LAND = "terrain"
    PREMISES = "local"


class SiteTenure(StrEnum):
    """How a site is to be had."""

    ANY = "indifferent"
    SALE = "vente"
    RENT = "location"


_CHOICES = Words({
    SiteKind.BROWNFIELD.value: "Friches", SiteKind.ZONE.value: "Zones d’activités", SiteKind.LAND.value: "Terrains",
    SiteKind.PREMISES.value: "Locaux",
})  # fmt: skip
_TENURES = Words({SiteTenure.SALE.value: "À vendre", SiteTenure.RENT.value: "À louer"})
OPEN_INVENTORY = "inventaire ouvert"
_SAME_KIND = {LandKind.ZONE.value: SiteKind.ZONE.value}
"""Kinds that an inventory of an organisation names otherwise than open ones."""


@dataclass(frozen=True, slots=True)
class SitesAsked:
    """What is looked for."""

    near: Annotated[str, Label("Près de"), Named("pres"), Hint("Une commune, ou le SIRET d’un site."), Length(100)] = ""
    least: Annotated[int | None, Label("Surface au moins (m²)"), Named("au-moins"), NumberRange(0, 100_000_000)] = None
    most: Annotated[int | None, Label("Surface au plus (m²)"), Named("au-plus"), NumberRange(0, 100_000_000)] = None
    km: Annotated[int, Label("À moins de (km)"), Named("km"), NumberRange(1, 500)] = REACH_KM
    kind: Annotated[SiteKind, Label("Sorte"), Named("sorte"), _CHOICES, Missing("Toutes")] = SiteKind.ANY
    neighbours: Annotated[
        str, Label("Voisins cherchés"), Named("voisins"), Hint("Une activité (NAF), par exemple 16."), Length(10)
    ] = ""
    tenure: Annotated[
        SiteTenure, Label("Vente ou location"), Named("vente-location"), _TENURES, Missing("Indifférent")
    ] = SiteTenure.ANY


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site of an inventory, with its score and why."""

    name: Annotated[str, Label("Site")]
    kind: Annotated[str, Label("Sorte")]
    commune: Annotated[str, Label("Commune")]
    distance: Annotated[float, Label("Distance"), InUnit("km")]
    area: Annotated[float | None, Label("Surface"), InUnit("m²")]
    status: Annotated[str, Label("Statut publié")]
    score: Annotated[int, Label("Accord avec le besoin (sur 100)")]
    because: Annotated[str, Label("Parce que")]
    unknown: Annotated[str, Label("Non connu")]
    whose: Annotated[str, Label("D’où")]


@dataclass(frozen=True, slots=True)
class SitePosition:
    """Where a site stands: the code of its commune, degrees, `None` where it is not known."""

    commune: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class SitesAnswer(AnswerTable):
    """The sites for a need; `positions` are theirs, in the order of the rows, for a map."""

    positions: tuple[SitePosition, ...] = ()


SITES = Question(
    "sites", "sites", of=Of.EVERYTHING, group="equip", title="Sites et terrains", command="sites-near",
    summary="Friches et zones d’activités pour un besoin, les plus proches de ce besoin d’abord", takes=SitesAsked,
    rows=SiteRow,
)  # fmt: skip
CAPABILITY = Capability("Sites", questions=(SITES,))


@SITES.answered
def sites(data: DataInService, _: str, asked: SitesAsked) -> AnswerTable:
    """Return the sites of the inventories for a need; raises `FieldFault` for what cannot be looked for."""
    return told_sites(data, asked, ())


def told_sites(data: DataInService, asked: SitesAsked, kept: Sequence[OfferedSite]) -> SitesAnswer:
    """Return the sites for a need, of open inventories and of those that the asker may be told of beside them.

    Premises whose position is not known stand at the centre of their commune. Raises `FieldFault`.
    """
    known = (*sites_of(data), *_placed(data, kept))
    if not known:
        return _told(data, "Sites et terrains", NONE_LOADED, ())
    if not asked.near.strip():
        count = french.counted(len(known), "site", "sites")
        return _told(data, "Sites et terrains", f"{count} dans les inventaires chargés : dites près d’où chercher.", ())
    check_areas(asked.least, asked.most)
    latitude, longitude, place = _where(data, asked.near)
    need = SiteNeed(
        latitude, longitude, float(asked.km), asked.least, asked.most,
        "" if asked.kind is SiteKind.ANY else asked.kind.value, bool(asked.neighbours.strip()),
        "" if asked.tenure is SiteTenure.ANY else asked.tenure.value,
    )  # fmt: skip
    sought = _neighbours(data, asked.neighbours, need) if need.neighbours else np.empty((0, 2))
    found, unplaced = ranked_sites(known, need, sought, MOST_SHOWN)
    lead = (
        f"{french.capital(french.counted(len(found), 'site', 'sites'))} à {french.number(asked.km, 0)} km au plus "
        f"{french.of_place(place)}, le plus proche du besoin d’abord."
        if found
        else f"Aucun site connu ne convient à {french.number(asked.km, 0)} km au plus {french.of_place(place)} : "
        "élargissez la distance ou les surfaces, ou dites votre besoin."
    )
    more = f" {french.counted(unplaced, 'site', 'sites')} sans position, non compté." if unplaced else ""
    return _told(data, f"Sites près {french.of_place(place)}", lead, found, more)


def _placed(data: DataInService, kept: Sequence[OfferedSite]) -> tuple[OfferedSite, ...]:
    """Return sites of inventories by the names of kinds of open ones, at the centre of their commune without better."""
    lost = sorted({one.commune for one in kept if one.latitude is None and one.commune})
    centres = commune_centres(data.warehouse, lost) if lost else {}
    placed = []
    for one in kept:
        here = replace(one, kind=_SAME_KIND.get(one.kind, one.kind))
        if one.latitude is None:
            longitude, latitude = centres.get(one.commune, (None, None))
            here = replace(here, longitude=longitude, latitude=latitude, centred=latitude is not None)
        placed.append(here)
    return tuple(placed)


def sites_of(data: DataInService) -> Sequence[OfferedSite]:
    """Return the sites of the inventories of a generation, read once."""
    kept = _SITES.get(data)
    if kept is None:
        kept = _SITES[data] = _read(data)
    return kept


_SITES: WeakKeyDictionary[Any, Sequence[OfferedSite]] = WeakKeyDictionary()
"""The sites of each generation in service; they leave with the generation."""


def _read(data: DataInService) -> Sequence[OfferedSite]:
    if not data.loaded.tables.get("place"):
        return ()
    table = data.warehouse.table("place")
    rows = data.warehouse.rows(table.filter(table.kind.isin(_KINDS)).order_by("source", "commune", "name"))
    return tuple(
        OfferedSite(row["kind"], row["name"], row["commune"] or "", row["longitude"], row["latitude"], row["area"],
                    row["status"] or "", row["source"])
        for row in rows
    )  # fmt: skip


def _where(data: DataInService, text: str) -> tuple[float, float, str]:
    """Return the position of a commune or of a firm's site, and its name; raises `FieldFault`."""
    digits = compact_identifier(text)
    if digits is not None:
        return _of_firm(data, digits)
    try:
        code = commune_code(text)
    except RequestFault as fault:
        raise FieldFault("near", str(fault)) from fault
    table = data.warehouse.table("territory")
    mine = table.filter(table.kind == "commune", table.code == code, table.vintage == cog.latest_vintage())
    for row in data.warehouse.rows(mine.select("latitude", "longitude", "name")):
        if row["latitude"] is not None:
            return row["latitude"], row["longitude"], row["name"]
    raise FieldFault(
        "near",
        "La position de cette commune n’est pas connue ici, faute de contours : donnez le SIRET d’un site voisin.",
    )


def _of_firm(data: DataInService, digits: str) -> tuple[float, float, str]:
    if data.suppressions.holds(digits[:_SIREN]):
        raise Objected
    record = data.directory.record(digits) if len(digits) > _SIREN else None
    if record is None and len(digits) == _SIREN:
        record = next(iter(data.directory.siblings(digits, 1)[1]), None)
    if record is None or record["latitude"] is None or record["longitude"] is None:
        raise FieldFault("near", "La position de cette entreprise n’est pas connue : donnez une commune.")
    return record["latitude"], record["longitude"], commune_name(record["commune"] or "") or "ce site"


def _neighbours(data: DataInService, naf: str, need: SiteNeed) -> NDArray[np.float64]:
    """Return the positions of the employers of an activity around, in one question to the index."""
    code = naf.strip().upper()
    if code not in nomenclature.tree():
        raise FieldFault("neighbours", f"« {naf[:10]} » n’est pas une activité (NAF rév. 2), par exemple 16 ou 25.62B.")
    near = Near(need.latitude, need.longitude, need.reach + NEIGHBOURS_KM)
    query = DirectoryQuery(
        activities=(f"{Nomenclature.NAF_REV2.value}:{code}",), near=near, employer=True, sort="distance",
        per_page=_MOST_NEIGHBOURS, without=data.suppressions.sirens(),
    )  # fmt: skip
    placed = [(one["latitude"], one["longitude"]) for one in data.directory.search(query).records]
    return np.array([one for one in placed if None not in one], dtype=float).reshape(-1, 2)


def _row(one: RankedSite) -> SiteRow:
    from vigie.sources.located import KINDS  # noqa: PLC0415 - its reader loads Ibis

    site = one.site
    unknown = [feature.label.lower() for feature in one.score.features if feature.value is None]
    if site.area is None and "surface" not in unknown:
        unknown.append("surface")
    if site.centred:
        unknown.append("position exacte")
    return SiteRow(
        name=site.name or "Sans nom publié",
        kind=french.capital(KINDS[site.kind]) if site.kind in KINDS else LandKind(site.kind).label,
        commune=commune_name(site.commune) if site.commune else "",
        distance=round(one.kilometres, 1),
        area=site.area,
        status=site.status,
        score=round(100 * one.score.share),
        because=french.capital(french.listed([f.evidence for f in one.score.by_contribution() if f.contribution > 0])),
        unknown=french.listed(unknown),
        whose=site.whose or OPEN_INVENTORY,
    )


def _told(data: DataInService, title: str, lead: str, found: Sequence[RankedSite], more: str = "") -> SitesAnswer:
    sources = dict.fromkeys(f"lieux:{one.source}" for one in sites_of(data))
    return SitesAnswer(
        title=title, lead=lead, rows=tuple(map(_row, found)), sources=data.loaded.cite(*sources),
        simulated=data.loaded.simulated, note=f"{WEIGHED if found else ''} {NOT_AN_OFFER}{more}".strip(),
        positions=tuple(SitePosition(one.site.commune, one.site.longitude, one.site.latitude) for one in found),
    )  # fmt: skip
