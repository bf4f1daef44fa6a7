"""The maps of the pages: what is gathered from the services, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.firm_names import usual_case
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.graphics import points_graphic
from vigie.interfaces.maps import Inset, MapContent, MapShape, Point, Town
from vigie.interfaces.present import NOT_KNOWN, name_of, territory_href
from vigie.interfaces.present_map import MapAsked, map_section
from vigie.interfaces.views import Graphic
from vigie.services.outlines import NOTHING, LocatedIn

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory
    from vigie.interfaces.pages import MapSection
    from vigie.services.know import DirectoryEntry
    from vigie.services.outlines import Basemap, OutlineSheet
    from vigie.services.portrait.answer import CommuneCount, Points
    from vigie.services.portrait.variables import VariableMap


_POINTS = 60


def list_map(services: Services, entries: Sequence[DirectoryEntry]) -> Graphic | None:
    """Return the map beside a list; none when places are too scattered for it to say more than the list."""
    basemap = services.observe.basemap(entries)
    return points_map("Les sites de cette page", entries, basemap) if basemap else None


def place_map(services: Services, entry: DirectoryEntry) -> Graphic | None:
    """Return the map of an establishment in its commune."""
    if entry.longitude is None or not entry.commune:
        return None
    key = f"{TerritoryKind.COMMUNE.value}:{entry.commune}"
    return drawn_place(entry, services.observe.commune_outlines(key), services.observe.communes(key))


def territory_map(services: Services, place: Territory) -> Graphic | None:
    """Return the located establishments of a commune; larger territories are drawn by their parts."""
    if place.kind is not TerritoryKind.COMMUNE:
        return None
    return commune_map(place, services.observe.points(place.key, _POINTS), services.observe.commune_outlines(place.key))


def parts_map(services: Services, place: Territory, asked: MapAsked) -> MapSection | None:
    """Return the chapter of a map by the parts of a territory; `None` where nothing is known of two parts."""
    found = services.observe.map(place.key, asked.variable)
    if found is None:
        return None
    return map_section(found, drawn_parts(services, found), asked)


def drawn_parts(services: Services, found: VariableMap) -> list[OutlineSheet]:
    """Return the outlines of the parts of a map, those that are far from the others apart, one by one."""
    outlines = services.observe.outlines
    main, *others = outlines.sheets(found.kind, [part.territory.code for part in found.parts]) or (NOTHING,)
    apart = [sheet for other in others for code in other.steps for sheet in outlines.sheets(found.kind, (code,))]
    return [main, *apart] if main else []


def points_map(title: str, entries: Sequence[DirectoryEntry], basemap: Basemap) -> Graphic | None:
    """Return the establishments of a list, numbered as in the list; `None` when none has a public place."""
    points = [
        Point(name_of(entry), entry.longitude, entry.latitude, f"/etablissement/{entry.siret}", mark=str(rank))
        for rank, entry in enumerate(entries, start=1)
        if entry.longitude is not None and entry.latitude is not None
    ]
    if not points:
        return None
    hidden = len(entries) - len(points)
    missing = f" {french.counted(hidden, 'site')} de la liste sans position publiée." if hidden else ""
    description = f"{french.counted(len(points), 'point numéroté', 'points numérotés')} comme dans la liste.{missing}"
    return points_graphic(
        MapContent(
            title, description, basemap.sheet, _base(basemap.sheet), towns=_towns(basemap.communes), points=points
        )
    )


def marked_map(services: Services, title: str, points: Sequence[tuple[str, Point]]) -> Graphic | None:
    """Return numbered points (each with its commune) as a list has them; `None` where they are too scattered."""
    located = [LocatedIn(commune, point.longitude, point.latitude) for commune, point in points]
    basemap = services.observe.basemap(located)
    if basemap is None:
        return None
    description = f"{french.counted(len(points), 'point numéroté', 'points numérotés')} comme dans la liste."
    marked = [point for _, point in points]
    return points_graphic(
        MapContent(
            title, description, basemap.sheet, _base(basemap.sheet), towns=_towns(basemap.communes), points=marked
        )
    )


def drawn_place(entry: DirectoryEntry, sheet: OutlineSheet, communes: Sequence[CommuneCount]) -> Graphic | None:
    """Return where an establishment is; `None` when its place is not public or not known."""
    if entry.longitude is None or entry.latitude is None:
        return None
    where = entry.commune_name or NOT_KNOWN
    content = MapContent(
        f"Où il se trouve : {where}",
        f"Un point dans la commune {french.of_place(where)}.",
        sheet,
        _base(sheet),
        towns=_towns(communes),
        points=[Point(name_of(entry), entry.longitude, entry.latitude, here=True)],
    )
    return points_graphic(content)


def commune_map(place: Territory, found: Points, sheet: OutlineSheet) -> Graphic | None:
    """Return the located establishments of a commune, the largest first."""
    if not found.points and not sheet:
        return None
    shown = [
        Point(usual_case(one.name or NOT_KNOWN), one.longitude, one.latitude, f"/etablissement/{one.siret}")
        for one in found.points
    ]
    title = f"{place.name} : {french.counted(found.total, 'site localisé', 'sites localisés')}"
    description = f"Les {french.number(len(shown))} premiers, employeurs et plus grands d’abord." if shown else ""
    return points_graphic(MapContent(title, description, sheet, _base(sheet), points=shown))


def country_map(title: str, places: Mapping[str, Territory], sheets: Sequence[OutlineSheet]) -> Graphic | None:
    """Return territories to choose from (by code), each a link; those of the smaller sheets are drawn apart."""
    if not sheets:
        return None
    main, *apart = sheets
    insets = [Inset(sheet, _to_choose(places[code], steps)) for sheet in apart for code, steps in sheet.steps.items()]
    shapes = [_to_choose(places[code], steps) for code, steps in main.steps.items()]
    return points_graphic(MapContent(title, "Chaque territoire mène à son portrait.", main, shapes, insets=insets))


def _to_choose(place: Territory, steps: str) -> MapShape:
    return MapShape(place.name, steps, href=territory_href(place))


def _base(sheet: OutlineSheet) -> list[MapShape]:
    return [MapShape("", steps) for steps in sheet.steps.values()]


def _towns(communes: Sequence[CommuneCount]) -> list[Town]:
    return [
        Town(one.name, one.longitude, one.latitude, one.population or 0)
        for one in communes
        if one.longitude is not None and one.latitude is not None
    ]
