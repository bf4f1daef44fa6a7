"""The maps of the pages: what is gathered from the services, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.firm_names import usual_case
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.graphics import choropleth_graphic, points_graphic
from vigie.interfaces.maps import Inset, MapContent, MapShape, Point, Town
from vigie.interfaces.present import NOT_KNOWN, name_of, territory_href
from vigie.interfaces.views import Graphic

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.domain.territory import Territory
    from vigie.services.basemap import Basemap
    from vigie.services.know import DirectoryEntry
    from vigie.services.outlines import OutlineSheet
    from vigie.services.portrait.answer import CommuneCount, DensityMap, Points, Tint


_POINTS = 60


def list_map(services: Services, entries: Sequence[DirectoryEntry]) -> Graphic | None:
    """Return the map beside a list; none when places are too scattered for it to say more than the list."""
    basemap = services.observe.basemap(entries)
    return points_map("Les établissements de cette page", entries, basemap) if basemap else None


def place_map(services: Services, entry: DirectoryEntry) -> Graphic | None:
    """Return the map of an establishment in its commune."""
    if entry.longitude is None or not entry.commune:
        return None
    key = f"{TerritoryKind.COMMUNE.value}:{entry.commune}"
    return drawn_place(entry, services.observe.commune_outlines(key), services.observe.communes(key))


def territory_map(services: Services, place: Territory, table_at: str) -> Graphic | None:
    """Return the first map of a portrait: places in a commune, densities by commune elsewhere; none of the country."""
    if place.kind is TerritoryKind.FRANCE:
        return None
    outlines = services.observe.commune_outlines(place.key)
    if place.kind is TerritoryKind.COMMUNE:
        return commune_map(place, services.observe.points(place.key, _POINTS), outlines)
    return density_map(place, services.observe.densities(place.key), outlines, table_at)


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
    missing = f" {french.counted(hidden, 'établissement')} de la liste sans position publiée." if hidden else ""
    description = f"{french.counted(len(points), 'point numéroté', 'points numérotés')} comme dans la liste.{missing}"
    return points_graphic(
        MapContent(
            title, description, basemap.sheet, _base(basemap.sheet), towns=_towns(basemap.communes), points=points
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
    title = f"{place.name} : {french.counted(found.total, 'établissement localisé', 'établissements localisés')}"
    description = f"Les {french.number(len(shown))} premiers, employeurs et plus grands d’abord." if shown else ""
    return points_graphic(MapContent(title, description, sheet, _base(sheet), points=shown))


def density_map(place: Territory, found: DensityMap, sheet: OutlineSheet, table_at: str) -> Graphic | None:
    """Return employers per 1,000 inhabitants, commune by commune; a commune without a known density is hatched."""
    drawn = [one for one in found.communes if one.commune.code in sheet.steps]
    if not drawn:
        return None
    linked = len(drawn) <= _LINKED
    shapes = [_tinted(one, sheet, linked) for one in drawn]
    first = drawn[0].commune
    title = f"Le plus d’employeurs : {first.name} ({french.number(first.employers)}) ; la teinte dit leur densité"
    description = f"Établissements employeurs pour 1 000 habitants, par commune, {place.name}."
    content = MapContent(title, description, sheet, shapes=shapes, towns=_towns([one.commune for one in drawn]))
    lightest = found.darkest + 1 - len(found.classes)
    classes = {
        lightest + rank: f"{french.number(low, 0)} à {french.number(high, 0)}"
        for rank, (low, high) in enumerate(found.classes)
    }
    return choropleth_graphic(content, classes, ("Commune", "Employeurs pour 1 000 habitants"), table_at)


def _tinted(one: Tint, sheet: OutlineSheet, linked: bool) -> MapShape:
    """Return a commune with its words when it is a link; those that are not are read in the table only."""
    steps, commune = sheet.steps[one.commune.code], one.commune
    if not linked:
        return MapShape(commune.name, steps, one.rank)
    told = "non connu" if one.density is None else f"{french.number(one.density, 0)} pour 1 000 habitants"
    return MapShape(commune.name, steps, one.rank, told, f"/territoire/commune/{commune.code}")


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


_LINKED = 60


def _base(sheet: OutlineSheet) -> list[MapShape]:
    return [MapShape("", steps) for steps in sheet.steps.values()]


def _towns(communes: Sequence[CommuneCount]) -> list[Town]:
    return [
        Town(one.name, one.longitude, one.latitude, one.population or 0)
        for one in communes
        if one.longitude is not None and one.latitude is not None
    ]
