"""Territories: search, portrait, one finding, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from vigie.domain import french
from vigie.domain.relations import EventKind, EventOrder, EventSource
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound
from vigie.interfaces.api.answering import answer, documented
from vigie.interfaces.api.asker import desk_of
from vigie.interfaces.asking import Parameter, among, day, whole
from vigie.services.deadlines import deadlines
from vigie.services.portrait.answer import territory_dict
from vigie.services.portrait.variables import MapVariable

if TYPE_CHECKING:
    from vigie.bootstrap import Services

router = APIRouter(tags=["Territoires"])
_KINDS = among({kind.value: kind for kind in EventKind if kind.public})
_SOURCES = among({source.value: source for source in EventSource})
_ORDERS = among({order.value: order for order in EventOrder})
_SEARCH = (
    Parameter("text", ("q", "nom"), "Nom ou code d’un territoire.", example="Les Herbiers"),
    Parameter("kind", ("kind", "type"), "Sorte de territoire.", among({kind.value: kind for kind in TerritoryKind})),
)
_FINDING = (Parameter("key", ("key", "cle"), "Poste du détail : un code d’activité ou une tranche."),)
_MAP = (
    Parameter(
        "variable", ("variable", "montrer"), "Ce que la carte montre.", among({v.value: v.value for v in MapVariable})
    ),
)
_WHEN = (
    Parameter("since", ("since", "depuis"), "Premier jour.", day, example="2026-01-01"),
    Parameter("kinds", ("kinds", "type"), "Sortes d’événements.", _KINDS, many=True),
    Parameter("source", ("source",), "Qui le dit : « sirene » ou « bodacc ».", _SOURCES),
    Parameter("naf", ("naf",), "Activité, à tout niveau de la NAF.", example="25"),
    Parameter("least", ("least", "effectif"), "Effectif du site, au moins.", whole(0, 100_000)),
    Parameter("around", ("around", "autour"), "Commune autour de laquelle regarder.", example="85109"),
    Parameter("kilometres", ("km",), "Kilomètres autour d’elle ; 20 si rien n’est dit.", whole(1, 200)),
    Parameter("order", ("order", "tri"), "Ce qui vient d’abord : « date » ou « importance ».", _ORDERS),
    Parameter("page", ("page",), "Numéro de la page.", whole(1, 10_000)),
)
_EVENTS = (
    Parameter("territory", ("territory", "territoire"), "Code ou clé d’un territoire."),
    Parameter("siren", ("siren",), "Entreprise."),
    Parameter("siret", ("siret",), "Établissement."),
    *_WHEN,
)


@router.get("/territories", **documented("Chercher un territoire", _SEARCH))
def territories(request: Request) -> JSONResponse:
    """Communes, intercommunalités, départements, régions et zonages chargés."""
    return answer(request, _SEARCH, _territories)


@router.get("/territories/{key}/portrait", **documented("Lire un portrait"))
def portrait(request: Request, key: str) -> JSONResponse:
    """Tous les constats d’un territoire ; un ancien code mène au territoire qui lui succède."""
    return answer(request, (), lambda services, _, __: services.observe.portrait(key).as_dict())


@router.get("/territories/{key}/map", **documented("Lire une carte", _MAP))
def variable_map(request: Request, key: str) -> JSONResponse:
    """Une variable pour chaque partie d’un territoire : région par département, département par intercommunalité."""
    return answer(request, _MAP, lambda services, asked, _: _mapped(services, key, asked.get("variable", "")))


@router.get("/territories/{key}/findings/{finding_id}", **documented("Lire un constat", _FINDING))
def finding(request: Request, key: str, finding_id: str) -> JSONResponse:
    """Un chiffre, son unité, son intervalle, la part connue, ses sources."""
    return answer(
        request,
        _FINDING,
        lambda services, asked, _: services.observe.finding(key, finding_id, asked.get("key")).as_dict(),
    )


@router.get("/territories/{key}/events", **documented("Suivre un territoire", _WHEN))
def territory_events(request: Request, key: str) -> JSONResponse:
    """Ce qui s’est passé dans un territoire."""
    return answer(request, _WHEN, lambda services, asked, _: services.watch.events(territory=key, **asked).as_dict())


@router.get("/deadlines", **documented("Suivre les échéances"))
def coming(request: Request) -> JSONResponse:
    """Derniers jours pour répondre aux appels publics et pour demander les aides chargées, le plus proche d’abord."""
    reading = desk_of(request).calls.reading
    return answer(
        request,
        (),
        lambda services, _, __: {"results": [asdict(one) for one in deadlines(reading, services, french.today())]},
    )


@router.get("/events", **documented("Suivre les événements", _EVENTS))
def events(request: Request) -> JSONResponse:
    """Créations, fermetures, déménagements et changements, du plus récent au plus ancien."""
    return answer(request, _EVENTS, lambda services, asked, _: services.watch.events(**asked).as_dict())


def _mapped(services: Services, key: str, variable: str) -> dict[str, Any]:
    found = services.observe.map(key, variable)
    if found is None:
        raise NotFound("Ce territoire n’a pas de carte : moins de deux de ses parties sont connues.")
    return found.as_dict()


def _territories(services: Services, asked: Mapping[str, Any], _: Request) -> dict[str, Any]:
    found = services.observe.search_territories(asked.get("text", ""), asked.get("kind"))
    return {"results": [territory_dict(place) for place in found], "total": len(found)}
