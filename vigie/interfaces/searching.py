"""The parameters of a search of establishments, by door; all of them fill the fields of one `SearchRequest`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vigie.interfaces.asking import Parameter, among, day, decimal, flag, radius, whole

LARGEST_PAGE = 100
SORTS = {
    "pertinence": "relevance",
    "distance": "distance",
    "taille": "size",
    "nom": "name",
    "creation": "created",
}
STATES: Mapping[str, str | None] = {"A": "A", "F": "F", "tous": None}
BANDS = ("NN", "00", "01", "02", "03", "11", "12", "21", "22", "31", "32", "41", "42", "51", "52", "53")
UNKNOWN_BAND = "inconnue"

SIZES: Mapping[str, tuple[str, ...]] = {
    "1-9": ("01", "02", "03"),
    "10-49": ("11", "12"),
    "50-249": ("21", "22", "31"),
    "250-plus": ("32", "41", "42", "51", "52", "53"),
}
"""Sizes as people say them, in INSEE's bands."""
AROUND: Mapping[str, str] = {
    "": "ce lieu",
    "epci": "son intercommunalité",
    "10": "à 10 km de là",
    "25": "à 25 km de là",
}
"""How far around the place named: itself, the intercommunality that holds it, or so many kilometres."""

_BAND_READER = among({**{band: band for band in BANDS}, UNKNOWN_BAND: ""})
_AROUND_READER = among({name: name for name in AROUND if name})
_SIZE_READER = among({**{band: band for band in BANDS}, UNKNOWN_BAND: "", **{name: name for name in SIZES}})
_STATE_READER = among({**STATES, "C": "F"})
_PAGE = Parameter("page", ("page",), "Numéro de la page.", whole(1, 10_000), example="1")

WEB_SEARCH = (
    Parameter("text", ("q",), "Nom, activité, rue, commune, SIREN ou SIRET."),
    Parameter("naf", ("naf",), "Activité, à tout niveau de la NAF.", many=True),
    Parameter("size", ("taille",), "Taille : 1-9, 10-49, 50-249, 250-plus, ou un code.", _SIZE_READER, many=True),
    Parameter("within", ("territoire",), "Nom ou code d’un territoire.", many=True),
    Parameter("around", ("autour",), "Autour du lieu : epci, 10 ou 25.", _AROUND_READER),
    Parameter("latitude", ("lat",), "Latitude.", decimal(-90, 90)),
    Parameter("longitude", ("lon",), "Longitude.", decimal(-180, 180)),
    Parameter("radius_km", ("rayon",), "Rayon en kilomètres.", radius(500)),
    Parameter("craft", ("artisanat",), "Artisanat.", flag),
    Parameter("head_office", ("siege",), "Siège.", flag),
    Parameter("employer", ("employeur",), "Employeur.", flag),
    Parameter("created_from", ("cree_apres",), "Créé à partir de ce jour.", day),
    Parameter("created_to", ("cree_avant",), "Créé avant ce jour.", day),
    Parameter("state", ("etat",), "État.", among(STATES)),
    Parameter("sort", ("tri",), "Ordre.", among(SORTS)),
    _PAGE,
)

_FILTERS = (
    Parameter(
        "naf",
        ("naf", "activite_principale"),
        "Activité principale, à tout niveau de la NAF (C, 25, 25.11Z) ; « NAF2025:25.11Y » pour l’autre nomenclature.",
        many=True,
        example="25.11Z",
    ),
    Parameter("naf", ("section_activite_principale",), "Section de la NAF (A à U).", many=True, example="C"),
    Parameter(
        "size",
        ("size", "tranche_effectif_salarie"),
        "Tranche d’effectif de l’Insee (NN, 00, 01… 53) ; « inconnue » quand elle n’est pas publiée.",
        _BAND_READER,
        many=True,
        example="11,12",
    ),
    Parameter("within", ("in", "territoire"), "Code ou clé d’un territoire (85109, epci:200071629).", many=True),
    Parameter("within", ("code_commune",), "Code Insee d’une commune.", many=True, prefix="commune:", example="85109"),
    Parameter("within", ("epci",), "SIREN d’un EPCI.", many=True, prefix="epci:"),
    Parameter("within", ("departement",), "Numéro d’un département.", many=True, prefix="departement:", example="85"),
    Parameter("within", ("region",), "Code d’une région.", many=True, prefix="region:", example="52"),
    Parameter("craft", ("craft", "artisanat"), "Inscrit au répertoire des métiers : oui ou non.", flag),
    Parameter("head_office", ("head_office", "siege"), "Siège de l’entreprise : oui ou non.", flag),
    Parameter("employer", ("employer", "employeur"), "Établissement employeur : oui ou non.", flag),
    Parameter("created_from", ("created_from", "cree_apres"), "Créé à partir de ce jour.", day, example="2024-01-01"),
    Parameter("created_to", ("created_to", "cree_avant"), "Créé avant ce jour.", day),
    Parameter(
        "state", ("state", "etat", "etat_administratif"), "A (ouvert), F (fermé) ou tous ; A par défaut.", _STATE_READER
    ),
)
_PAGING = (
    _PAGE,
    Parameter("per_page", ("per_page",), "Résultats par page, 100 au plus.", whole(1, LARGEST_PAGE), example="10"),
)
_SORT = Parameter(
    "sort",
    ("sort", "tri"),
    "Ordre : pertinence, distance, taille, nom ou creation.",
    among({**SORTS, **{english: english for english in SORTS.values()}}),
)

API_SEARCH = (
    Parameter("text", ("q",), "Nom, activité, rue, commune, SIREN ou SIRET.", example="chaudronnerie Les Herbiers"),
    *_FILTERS,
    Parameter("latitude", ("lat",), "Latitude d’un point.", decimal(-90, 90)),
    Parameter("longitude", ("lon", "long"), "Longitude d’un point.", decimal(-180, 180)),
    Parameter("radius_km", ("radius", "rayon"), "Rayon en kilomètres autour du point.", radius(500)),
    _SORT,
    *_PAGING,
)
API_NEAR = (
    Parameter("latitude", ("lat",), "Latitude du point.", decimal(-90, 90), example="46.87"),
    Parameter("longitude", ("long", "lon"), "Longitude du point.", decimal(-180, 180), example="-1.01"),
    Parameter("radius_km", ("radius", "rayon"), "Rayon en kilomètres, 5 par défaut.", radius(50), example="5"),
    *_FILTERS,
    _SORT,
    *_PAGING,
)


def search_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Join latitude and longitude in the one field of a request; the rest is passed as it is.

    Raises `ValueError`, in French, when a point or a radius is only half given.
    """
    fields = {name: value for name, value in values.items() if name not in ("latitude", "longitude")}
    if "size" in fields:
        fields["size"] = tuple(dict.fromkeys(band for name in fields["size"] for band in SIZES.get(name, (name,))))
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if (latitude is None) != (longitude is None):
        raise ValueError("un point demande une latitude et une longitude.")
    if latitude is not None and longitude is not None:
        fields["near"] = (latitude, longitude)
    elif "radius_km" in fields:
        raise ValueError("un rayon demande un point : donnez aussi une latitude et une longitude.")
    elif fields.get("sort") == "distance":
        raise ValueError("le tri par distance demande un point : donnez une latitude et une longitude.")
    return fields
