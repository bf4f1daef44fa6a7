"""How territories are named inside a French sentence: article, capital, agreement, pronoun."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.territory import TerritoryKind

if TYPE_CHECKING:
    from vigie.domain.territory import Territory


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A territory as the subject of a sentence.

    `subject` is lower case where French writes it so inside a sentence ("la Vendée"); `plural` tells how the verb
    agrees; `pronoun` takes the place of the name, and the verb agrees with it in the same number as `pronoun_plural`.
    """

    subject: str
    plural: bool = False
    pronoun: str = "elle"
    pronoun_plural: bool = False

    @property
    def opening(self) -> str:
        """The subject at the head of a sentence: "La Vendée", "L’Ain", "Les Herbiers"."""
        return self.subject[:1].upper() + self.subject[1:]


_BY_ARTICLE = {
    ("la ", "elle"): (
        "Charente|Charente-Maritime|Corrèze|Côte-d’Or|Creuse|Dordogne|Drôme|Corse-du-Sud|Haute-Corse|Haute-Garonne|"
        "Gironde|Loire|Haute-Loire|Loire-Atlantique|Lozère|Manche|Marne|Haute-Marne|Mayenne|Meurthe-et-Moselle|Meuse|"
        "Moselle|Nièvre|Haute-Saône|Saône-et-Loire|Sarthe|Savoie|Haute-Savoie|Seine-Maritime|Seine-et-Marne|Somme|"
        "Vendée|Vienne|Haute-Vienne|Seine-Saint-Denis|Guadeloupe|Martinique|Guyane|Bretagne|Normandie|Corse|"
        "Bourgogne-Franche-Comté|Nouvelle-Aquitaine|Polynésie française|Nouvelle-Calédonie"
    ),
    ("le ", "il"): (
        "Calvados|Cantal|Cher|Doubs|Finistère|Gard|Gers|Jura|Loir-et-Cher|Loiret|Lot|Lot-et-Garonne|Maine-et-Loire|"
        "Morbihan|Nord|Pas-de-Calais|Puy-de-Dôme|Bas-Rhin|Haut-Rhin|Rhône|Tarn|Tarn-et-Garonne|Var|Vaucluse|"
        "Territoire de Belfort|Val-de-Marne|Val-d’Oise|Centre-Val de Loire|Grand Est"
    ),
    ("l’", "elle"): (
        "Aisne|Ardèche|Ariège|Aube|Aude|Eure|Ille-et-Vilaine|Indre|Indre-et-Loire|Isère|Oise|Orne|Yonne|Essonne|"
        "Auvergne-Rhône-Alpes|Île-de-France|Occitanie|Île de Clipperton"
    ),
    ("l’", "il"): "Ain|Allier|Aveyron|Eure-et-Loir|Hérault",
    ("les ", "elles"): (
        "Alpes-de-Haute-Provence|Hautes-Alpes|Alpes-Maritimes|Ardennes|Bouches-du-Rhône|Côtes-d’Armor|Landes|"
        "Pyrénées-Atlantiques|Hautes-Pyrénées|Pyrénées-Orientales|Yvelines|Deux-Sèvres|Vosges|"
        "Terres australes et antarctiques françaises"
    ),
    ("les ", "ils"): "Hauts-de-Seine|Hauts-de-France|Pays de la Loire",
}
_ARTICLES = {name: key for key, names in _BY_ARTICLE.items() for name in names.split("|")}
_EPCI_FORMS = {
    "CC": "la communauté de communes",
    "CA": "la communauté d’agglomération",
    "CU": "la communauté urbaine",
}
_LEGAL_FORM = re.compile(r"^(?:CC|CA|CU)\s+(?:d’agglomération\s+)?(?:(?:du|de la|des|de)\s+|de l’|d’)?")
_QUOTED = {
    TerritoryKind.ZE: ("la zone d’emploi", "elle"),
    TerritoryKind.AAV: ("l’aire d’attraction", "elle"),
    TerritoryKind.POLE: ("le pôle de l’aire", "il"),
    TerritoryKind.BV: ("le bassin de vie", "il"),
    TerritoryKind.UU: ("l’unité urbaine", "elle"),
    TerritoryKind.JOB_BASIN: ("le bassin d’emploi", "il"),
    TerritoryKind.PETR: ("le pôle d’équilibre territorial et rural", "il"),
    TerritoryKind.SCOT: ("le territoire du SCoT", "il"),
    TerritoryKind.PROGRAMME: ("le territoire du programme", "il"),
    TerritoryKind.EPT: ("l’établissement public territorial", "il"),
}


def place_name(territory: Territory) -> PlaceName:
    """Return a territory as the subject of a sentence, in a form that is correct whatever its name.

    >>> from vigie.domain.territory import Territory, TerritoryKind
    >>> place_name(Territory(TerritoryKind.DEPARTEMENT, "01", "Ain", 2026)).opening
    'L’Ain'
    """
    name = territory.name.replace("'", "’")
    if territory.kind is TerritoryKind.FRANCE:
        return PlaceName("la France")
    if territory.kind is TerritoryKind.PERIMETER:
        return PlaceName(name, pronoun="il")
    if territory.kind is TerritoryKind.COMMUNE:
        return PlaceName(name, plural=name.startswith("Les "), pronoun="la commune")
    if territory.kind is TerritoryKind.EPCI:
        return _epci(name)
    if territory.kind in _QUOTED:
        form, pronoun = _QUOTED[territory.kind]
        return PlaceName(f"{form} «\u00a0{name}\u00a0»", pronoun=pronoun)
    return _area(territory.kind, name)


def short_name(territory: Territory) -> str:
    """Return the name of a territory for a map or a trail: without the legal form that intercommunalities bear.

    >>> from vigie.domain.territory import Territory, TerritoryKind
    >>> short_name(Territory(TerritoryKind.EPCI, "248500621", "CC du Pays des Herbiers", 2026))
    'Pays des Herbiers'
    """
    name = territory.name.replace("'", "’")
    if territory.kind is not TerritoryKind.EPCI:
        return name
    kept = _LEGAL_FORM.sub("", name).split(" - ")[0].strip()
    return kept[:1].upper() + kept[1:] if kept else name


def _area(kind: TerritoryKind, name: str) -> PlaceName:
    """Name a département or a région, most of which carry an article that official lists leave out."""
    if name in _ARTICLES:
        article, pronoun = _ARTICLES[name]
        many = article == "les "
        return PlaceName(article + name, plural=many, pronoun=pronoun, pronoun_plural=many)
    if name.startswith("La "):
        return PlaceName(f"la {name[3:]}" if name != "La Réunion" else name)
    if kind is TerritoryKind.REGION and name not in ("Mayotte",):
        return PlaceName(f"la région {name}")
    return PlaceName(name, pronoun="le département")


def _epci(name: str) -> PlaceName:
    form, _, rest = name.partition(" ")
    if form in _EPCI_FORMS:
        return PlaceName(f"{_EPCI_FORMS[form]} {rest}")
    if form == "Métropole":
        return PlaceName(f"la {name}")
    if form == "Eurométropole":
        return PlaceName(f"l’{name}")
    return PlaceName(f"l’intercommunalité {name}")
