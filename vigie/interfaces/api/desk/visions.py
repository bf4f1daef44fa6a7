"""Visions by programs: those in force, one whole, its story and its results."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of

router = APIRouter(tags=["Projet"], responses=DESK_FAULTS, route_class=Entering)


@router.get("/visions", summary="Lire les projets publiés")
def every(request: Request) -> dict[str, Any]:
    """Ceux qui sont en vigueur, le dernier d’abord."""
    found = desk_of(request).visions.reading.published(scope_of(request))
    return {"visions": [line.as_dict() for line in found], "total": len(found)}


@router.get("/visions/{vision}", summary="Lire un projet")
def one(request: Request, vision: str) -> dict[str, Any]:
    """Ses priorités, ses actions, ses buts chiffrés, ses anciennes versions, ses années gardées."""
    return desk_of(request).visions.reading.one(scope_of(request), vision).as_dict()


@router.get("/visions/{vision}/story", summary="Lire le récit d’un projet")
def story(request: Request, vision: str) -> dict[str, Any]:
    """Phrase par phrase, chacune avec l’adresse de ce sur quoi elle s’appuie."""
    _, sentences = desk_of(request).visions.reading.story(scope_of(request), vision)
    return {"sentences": [one.as_dict() for one in sentences]}


@router.get("/visions/{vision}/results", summary="Lire les cinq résultats d’un projet")
def results(request: Request, vision: str) -> dict[str, Any]:
    """Ce qui n’est pas dit l’est avec sa raison."""
    return desk_of(request).visions.reading.results(scope_of(request), vision).as_dict()
