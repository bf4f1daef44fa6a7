"""Every address of the application, from its own list of routes, with real values in the place of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from fastapi import FastAPI
from starlette.routing import Mount, Route

from tests.doors.served import COMMUNE, Served
from tests.not_empty import not_empty

QUERIES = {
    "/suggestions": ["?q={name}", "?q=usinage"],
    "/annuaire": ["", "?q={name}", "?naf=C", "?territoire=85", "?lat=46.87&lon=-1.01&rayon=20", "?q={siret}&etat=tous"],
    "/annuaire/{name:str}": ["?etat=tous&territoire=85"],
    "/evenements.atom": ["", "?source=bodacc", "?naf=25&effectif=10"],
    "/echeances.ics": [""],
    "/evenements": ["", "?siren={siren}", "?territoire=85&depuis=2020-01-01"],
    "/territoires": ["", "?q=herbiers"],
    "/theme": ["?theme=sombre&retour=/aide"],
    "/api/v1/search": ["?q={name}", "?q={siret}", "?departement=85&per_page=100", "?state=tous&sort=nom&per_page=100"],
    "/api/v1/near_point": ["?lat=46.87&long=-1.01&radius=50&per_page=100"],
    "/api/v1/suggest": ["?q={name}", "?q=zqx"],
    "/api/v1/events": ["", "?siren={siren}", "?siret={siret}"],
    "/api/v1/territories": ["?q=herbiers"],
    "/activite/{naf}/pourquoi": ["?avec=25.62A"],
    "/activite/{naf}/pourquoi.{ending}": ["?avec=25.62A"],
    "/api/v1/activities/{key}/related-why": ["?other=25.62A"],
    "/comparer": ["?avec=85&avec=44&reference=FR"],
    "/comparer.{ending}": ["?avec=85&avec=44"],
    "/api/v1/compare": ["?codes=85&codes=44"],
    "/perimetre": ["?avec=85109"],
    "/perimetre.{ending}": ["?avec=85109"],
    "/api/v1/perimeter": ["?codes=85109"],
    "/conditions-d-aide": ["?numero=imaginaire-dceaed62-10ee-5ff4-85a6-495fbca694de"],
    "/conditions-d-aide.{ending}": ["?numero=imaginaire-dceaed62-10ee-5ff4-85a6-495fbca694de"],
    "/api/v1/scheme-conditions": ["?id=imaginaire-dceaed62-10ee-5ff4-85a6-495fbca694de"],
    "/donnees": ["?niveau=departement"],
    "/donnees.{ending}": ["?niveau=departement"],
    "/api/v1/data": ["?level=departement"],
    "/api/v1/indicators/{key}/values": ["?level=departement"],
    "/indicateur/{indicator_id}/valeurs": ["?niveau=departement"],
    "/indicateur/{indicator_id}/valeurs.{ending}": ["?niveau=departement"],
}
VALUES = {
    "name": ["liste.csv", "liste.excel.csv", "liste.xlsx", "liste.ods", "liste.json", "decisions.csv"],
    "ending": ["csv", "excel.csv", "xlsx", "ods"],
    "kind": ["commune"],
    "code": [COMMUNE],
    "key": ["epci:248500621"],
    "finding_id": ["establishments_by_activity", "employers", "population"],
    "source_id": ["sirene_etablissement", "naf"],
    "indicator_id": ["specialisation"],
    "path": ["vigie.css"],
    "naf": ["25.62B"],
    "measure": ["location_quotient"],
    "scheme": ["imaginaire-dceaed62-10ee-5ff4-85a6-495fbca694de"],
}


OTHER_VALUES: dict[str, dict[str, list[str]]] = {
    "/territoire/{kind}/{code}/carte.{ending}": {"kind": ["epci"], "code": ["248500621"]},
}
"""Where the usual values have nothing to answer: a commune has no parts."""
PERSONAL = re.compile(r"^/(api/v1/desk|bureau|lien|invitation|connexion|deconnexion|inscription|opposition)\b")
"""Where what is answered depends on who asks: their own tests say who sees what (tests/journal/doors)."""


def templates(served: Served) -> set[str]:
    """Return the path of every route, mounted applications included."""
    return set(_walk(served.client.app.routes, ""))


def open_templates(served: Served) -> set[str]:
    """Return the paths that answer anybody the same, when they are read."""
    entered = ("/appels/", "/atelier/", "/consultation/", "/projet/{")
    forms = {path for path in templates(served) if path.startswith(entered)}
    return {path for path in templates(served) - forms if not PERSONAL.match(path)}


def addresses(template: str, siret: str, name: str) -> Iterator[str]:
    """Return the addresses that exercise a route for one establishment."""
    keys = {"/api/v1/firms/": siret[:9], "/api/v1/activities/": "25.62B", "/api/v1/indicators/": "population"}
    about = [key for start, key in keys.items() if template.startswith(start)] or VALUES["key"]
    values = {**VALUES, "key": about, **OTHER_VALUES.get(template, {}), "siret": [siret], "siren": [siret[:9]]}
    paths = [template]
    for parameter in re.findall(r"\{(\w+)(?::\w+)?\}", template):
        given = values.get(parameter, ["inconnu"])
        paths = [re.sub(rf"\{{{parameter}(:\w+)?\}}", value, path) for path in paths for value in given]
    for path in paths:
        for query in QUERIES.get(template, [""]):
            yield path + query.format(siret=siret, siren=siret[:9], name=quote(name))


def _walk(routes: list[object], prefix: str) -> Iterator[str]:
    for route in not_empty(routes):
        if isinstance(route, Mount):
            if isinstance(route.app, FastAPI):
                yield from (route.path + path for path in route.app.openapi()["paths"])
                yield f"{route.path}/openapi.json"
            elif route.routes:
                yield from _walk(list(route.routes), prefix + route.path)
            else:
                yield f"{prefix}{route.path}/{{path:path}}"
        else:
            assert isinstance(route, Route), f"route inconnue : {route!r}"
            yield prefix + route.path
