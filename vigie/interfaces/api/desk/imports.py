"""Imports of spreadsheets, and the long work that they and exports are."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response

from vigie.domain.access import Right, Thing
from vigie.interfaces import asking
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.api.desk.bodies import file_of_officer
from vigie.interfaces.dossier_files import FILTERS, dossier_filter, file_of, known_kind, type_of
from vigie.interfaces.exports import KINDS
from vigie.interfaces.optional_data import directory_if_loaded
from vigie.services.spreadsheets.grids import WayOfReading
from vigie.services.spreadsheets.reading import MOST_BYTES

jobs_router = APIRouter(tags=["Travaux"], responses=DESK_FAULTS, route_class=Entering)


@jobs_router.get("/jobs", summary="Lister ses travaux")
def jobs(request: Request) -> dict[str, Any]:
    """Les cinquante derniers travaux de la personne : imports de plus de 500 lignes, fichiers longs à écrire."""
    return {"results": [one.as_dict() for one in desk_of(request).jobs.listed(scope_of(request))]}


@jobs_router.get("/jobs/{job}", summary="Suivre un travail")
def job(request: Request, job: str) -> dict[str, Any]:
    """État (waiting, running, done, failed, cancelled), avancement (`done` sur `total`), et ce qui a manqué."""
    return desk_of(request).jobs.read(scope_of(request), job).as_dict()


@jobs_router.get("/jobs/{job}/file", summary="Prendre le fichier d’un travail", response_class=FileResponse)
def file(request: Request, job: str) -> FileResponse:
    """Le fichier que le travail a fait, gardé six heures pour la personne qui l’a demandé."""
    path, name = desk_of(request).jobs.file(scope_of(request), job)
    return FileResponse(path, media_type=type_of(name), filename=name)


router = APIRouter(tags=["Tableurs"], responses=DESK_FAULTS, route_class=Entering)
_BINARY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_FILE: dict[int | str, dict[str, Any]] = {
    202: {"description": "Le travail qui fait le fichier, au-delà de mille dossiers."},
    200: {"description": "Le fichier.", "content": {kind.media_type: {} for kind in KINDS.values()}},
}


class ReadingBody(BaseModel):
    """Une autre façon de lire le tableur ; ce qui reste vide est choisi par Vigie."""

    model_config = ConfigDict(extra="forbid")
    encoding: str = Field("", description="Mot de l’encodage.", max_length=20)
    sheet: str = Field("", description="Nom de la feuille.", max_length=100)
    header: int = Field(0, description="Ligne des titres ; 0 pour celle que Vigie trouve.", ge=0, le=21_000)
    hidden: bool = Field(False, description="Lire aussi ce que le tableur masque.")
    firms: tuple[int, ...] = Field(
        (), description="Lignes qui ont l’air d’un total (`offered.totals`) et sont des entreprises.", max_length=200
    )


class ColumnsBody(BaseModel):
    """Ce que contient chaque colonne, par son rang depuis 0."""

    model_config = ConfigDict(extra="forbid")
    columns: dict[int, str] = Field(description="Rang de la colonne et mot de ce qu’elle contient (name, siret…).")
    prospecting: bool = Field(False, description="Ce sont des données de prospection.")


class NumbersBody(BaseModel):
    """Les numéros choisis."""

    model_config = ConfigDict(extra="forbid")
    numbers: dict[int, str] = Field({}, description="Ligne du fichier et SIRET ou SIREN ; vide pour aucun.")


class DecisionsBody(BaseModel):
    """Le sort des doublons."""

    model_config = ConfigDict(extra="forbid")
    decisions: dict[int, str] = Field(
        {}, description="Ligne, et : create, leave, merge:IDENTIFIANT ou merge:#LIGNE, parmi ce qui est proposé."
    )
    everywhere: Literal["", "create", "merge", "leave"] = Field("", description="Une décision pour tous les doublons.")


@router.post(
    "/imports", status_code=201, summary="Apporter un tableur",
    openapi_extra=_BINARY
    | {"parameters": [{"name": "name", "in": "query", "required": True, "schema": {"type": "string"},
                       "description": "Nom du fichier."}]},
)  # fmt: skip
async def bring(request: Request) -> dict[str, Any]:
    """Le fichier est le corps de la demande (XLSX, XLS, ODS ou CSV, 20 Mo et 20 000 lignes au plus).

    La réponse propose ce que contient chaque colonne ; rien n’est encore écrit dans les dossiers.
    """
    scope, name, data = await file_of_officer(request, MOST_BYTES)
    record = await run_in_threadpool(desk_of(request).spreadsheets.imports.bring, scope, name, data)
    return record.as_dict()


@router.get("/imports", summary="Lister les imports")
def imports(request: Request) -> dict[str, Any]:
    """Les cent derniers imports de l’organisation."""
    lines = desk_of(request).spreadsheets.imports.listed(scope_of(request))
    return {"results": [line.as_dict() for line in lines]}


@router.get("/imports/{batch}", summary="Lire un import")
def read(request: Request, batch: str) -> dict[str, Any]:
    """Étape, colonnes, lignes avec leurs candidats et leurs doublons, ou compte rendu une fois appliqué."""
    return desk_of(request).spreadsheets.imports.read(scope_of(request), batch).as_dict()


@router.post("/imports/{batch}/reading", summary="Lire le tableur autrement")
def read_again(request: Request, batch: str, body: ReadingBody) -> dict[str, Any]:
    """Encodage, feuille, ligne des titres, parmi ce que `offered` propose ; tant que les colonnes sont à vérifier."""
    how = WayOfReading(**body.model_dump())
    return desk_of(request).spreadsheets.imports.read_again(scope_of(request), batch, how).as_dict()


@router.post("/imports/{batch}/columns", summary="Dire ce que contient chaque colonne")
def match(request: Request, batch: str, body: ColumnsBody) -> dict[str, Any]:
    """Lit les lignes et cherche les SIRET manquants quelques secondes ; `remaining` dit combien restent à chercher."""
    scope = scope_of(request)
    with directory_if_loaded(request.app.state.installation) as know:
        imports = desk_of(request).spreadsheets.imports
        return imports.match(scope, batch, body.columns, know, prospecting=body.prospecting).as_dict()


@router.post("/imports/{batch}/search", summary="Poursuivre la recherche des SIRET")
def search(request: Request, batch: str) -> dict[str, Any]:
    """Cherche encore quelques secondes."""
    scope = scope_of(request)
    with directory_if_loaded(request.app.state.installation) as know:
        return desk_of(request).spreadsheets.imports.search_on(scope, batch, know).as_dict()


@router.post("/imports/{batch}/numbers", summary="Choisir les SIRET")
def numbers(request: Request, batch: str, body: NumbersBody) -> dict[str, Any]:
    """Retient les numéros choisis, puis cherche les doublons."""
    scope = scope_of(request)
    with directory_if_loaded(request.app.state.installation) as know:
        return desk_of(request).spreadsheets.imports.choose_numbers(scope, batch, body.numbers, know).as_dict()


@router.post("/imports/{batch}/decisions", summary="Décider des doublons")
def decide(request: Request, batch: str, body: DecisionsBody) -> dict[str, Any]:
    """Compléter, créer ou laisser, ligne par ligne ou pour toutes."""
    imports = desk_of(request).spreadsheets.imports
    return imports.decide(scope_of(request), batch, body.decisions, body.everywhere).as_dict()


@router.post("/imports/{batch}/application", summary="Appliquer un import")
def apply(request: Request, batch: str) -> dict[str, Any]:
    """Écrit tout d’un coup, ou rien ; une seconde demande rend le même compte rendu."""
    return desk_of(request).spreadsheets.imports.apply(scope_of(request), batch).as_dict()


@router.delete("/imports/{batch}", summary="Abandonner un import")
def abandon(request: Request, batch: str) -> dict[str, Any]:
    """Efface les lignes du tableur sans rien écrire."""
    return desk_of(request).spreadsheets.imports.abandon(scope_of(request), batch).as_dict()


@router.get(
    "/exports/dossiers.{kind}", summary="Emporter des dossiers", response_class=Response, responses=_FILE,
    openapi_extra={"parameters": asking.described(FILTERS)},
)  # fmt: skip
def take(request: Request, kind: str) -> Response:
    """Tous les dossiers du filtre, avec les colonnes que l’import relit : csv, excel.csv, xlsx ou ods.

    Au-delà de mille dossiers, la réponse (202) est le travail qui fait le fichier : suivez-le, puis prenez le fichier
    à `jobs/{job}/file`, où il est gardé six heures. Un jeton de lecture reçoit le fichier aussitôt.
    """
    scope, asked = scope_of(request), dossier_filter(request.query_params.multi_items())
    if scope.may(Thing.DOSSIERS, Right.WRITE):
        job = desk_of(request).spreadsheets.exports.ask(scope, asked, known_kind(kind))
        if job:
            told = jsonable_encoder(desk_of(request).jobs.read(scope, job).as_dict())
            return JSONResponse(told, 202, {"Location": f"/api/v1/desk/jobs/{job}"})
    content, media_type = file_of(desk_of(request).spreadsheets.exports.dossiers(scope, asked), kind)
    named = {"Content-Disposition": f'attachment; filename="dossiers.{kind}"'}
    return Response(content, media_type=media_type, headers=named)
