"""The journal, letters, emergencies, moderation, and how long things are kept."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from vigie.interfaces import asking
from vigie.interfaces.api.answering import DESK_FAULTS, Entering
from vigie.interfaces.api.asker import desk_of, scope_of
from vigie.interfaces.asking import PAGE, PARAMETERS, Parameter, journal_asked, page_asked
from vigie.services.retention.mine import Archive

kept = APIRouter(tags=["Conservation"], responses=DESK_FAULTS, route_class=Entering)
_ZIP: dict[int | str, dict[str, Any]] = {200: {"description": "L’archive.", "content": {"application/zip": {}}}}


class ErasureBody(BaseModel):
    """La confirmation d’un effacement."""

    model_config = ConfigDict(extra="forbid")
    confirmation: Literal["EFFACER"] = Field(description="Le mot EFFACER, en capitales.")


@kept.get("/retention", summary="Lire le registre et ce qui est échu")
def retention(request: Request) -> dict[str, Any]:
    """Registre des traitements, et ce qu’une purge ferait aujourd’hui, sans la faire."""
    retention, scope = desk_of(request).retention, scope_of(request)
    register = retention.register.read(scope).as_dict()
    return {"register": register, "due": retention.purging.preview(scope).as_dict()}


@kept.get("/rounds", summary="Lire ce que le serveur fait de lui-même")
def rounds(request: Request) -> list[dict[str, Any]]:
    """Purge, rappels, lettre du lundi : dernière fois, ce qui a été fait, prochaine fois ; `null` avant la première."""
    return [one.as_dict() for one in request.app.state.rounds.told(scope_of(request))]


@kept.post("/retention/runs", status_code=201, summary="Effacer ce qui est échu")
def run(request: Request) -> dict[str, Any]:
    """Purge l’organisation et dit ce qui a été effacé, ce qui est gardé et pourquoi."""
    return desk_of(request).retention.purging.run(scope_of(request)).as_dict()


@kept.get("/exports/organisation", summary="Emporter toute l’organisation", response_class=Response, responses=_ZIP)
def take_organisation(request: Request) -> Response:
    """Chaque table en JSON et en CSV, avec une notice ; réservé à l’administrateur, inscrit au journal."""
    return handed(desk_of(request).retention.belongings.take(scope_of(request)))


@kept.get("/me/export", summary="Emporter ses données", response_class=Response, responses=_ZIP)
def take_mine(request: Request) -> Response:
    """Compte, rôles, connexions, déclarations, mises en relation, appels, réponses, accès à ce qui vous concerne."""
    return handed(desk_of(request).retention.mine.take(scope_of(request)))


@kept.post("/me/erasure", summary="Fermer et effacer son compte")
def erase_me(request: Request, _: ErasureBody) -> dict[str, Any]:
    """Vide ce qui vous nomme dans toutes vos organisations ; ce que vous avez fait reste sous un identifiant opaque."""
    return desk_of(request).retention.erasing.me(scope_of(request)).as_dict()


def handed(archive: Archive) -> Response:
    """Return an archive as a file to keep."""
    named = {"Content-Disposition": f'attachment; filename="{archive.name}"'}
    return Response(archive.content, media_type="application/zip", headers=named)


router = APIRouter(tags=["Journal"], responses=DESK_FAULTS, route_class=Entering)
LETTERS_ASKED = (
    Parameter(
        "state", ("etat",), "« non-partis » : les seuls courriels qui n’ont pas pu partir.",
        asking.among({"non-partis": "failed"}),
    ),
    PAGE,
)  # fmt: skip


class EmergencyBody(BaseModel):
    """Un accès d’urgence : quelle organisation, pourquoi, combien de minutes."""

    model_config = ConfigDict(extra="forbid")
    organisation: str = Field(description="Identifiant de l’organisation.", max_length=20)
    reason: str = Field(description="Pourquoi, en une phrase : vingt caractères au moins.", max_length=2000)
    minutes: int = Field(30, description="Durée, de 1 à 60 minutes.")


class ModerationBody(BaseModel):
    """Une décision de modération."""

    model_config = ConfigDict(extra="forbid")
    thing: str = Field(description="call (un appel) ou answer (une réponse).", max_length=20)
    id: str = Field(description="Identifiant du texte.", max_length=20)
    decision: str = Field(description="hide (masquer) ou restore (rétablir).", max_length=20)
    rule: str = Field(description="Code d’une raison de la politique de modération.", max_length=40)


@router.get("/journal", summary="Lire le journal", openapi_extra={"parameters": asking.described(PARAMETERS)})
def journal(request: Request) -> dict[str, Any]:
    """Qui a lu ou fait quoi : un administrateur lit son organisation, un dirigeant ce qui touche son entreprise."""
    wanted = journal_asked(request.query_params.multi_items())
    return desk_of(request).records.reading.journal(scope_of(request), wanted).as_dict()


@router.get(
    "/journal/export", summary="Emporter le journal", openapi_extra={"parameters": asking.described(PARAMETERS)}
)
def journal_export(request: Request) -> dict[str, Any]:
    """Toutes les lignes du filtre, 100 000 au plus ; l’export est lui-même inscrit au journal."""
    wanted = journal_asked(request.query_params.multi_items())
    lines = desk_of(request).records.reading.export(scope_of(request), wanted)
    return {"results": [line.as_dict() for line in lines]}


@router.get(
    "/letters", summary="Lire la liste des courriels", openapi_extra={"parameters": asking.described(LETTERS_ASKED)}
)
def letters(request: Request) -> dict[str, Any]:
    """Les lettres de l’organisation, les dernières d’abord ; la lecture est inscrite au journal."""
    asked = asking.read(LETTERS_ASKED, request.query_params.multi_items()).or_fault()
    outbox = desk_of(request).records.outbox
    return outbox.letters(scope_of(request), asked.get("page", 1), only_failed="state" in asked).as_dict()


@router.post("/letters/resend", summary="Renvoyer tous les courriels qui n’ont pas pu partir")
def send_all_again(request: Request) -> dict[str, int]:
    """Ils attendent de nouveau leur tour, pour cinq jours ; la réponse dit combien."""
    return {"resent": desk_of(request).records.outbox.send_all_again(scope_of(request))}


@router.post("/letters/{letter_id}/resend", summary="Renvoyer un courriel qui n’a pas pu partir")
def send_again(request: Request, letter_id: str) -> dict[str, Any]:
    """Il attend de nouveau son tour, pour cinq jours ; un courriel déjà en attente y reste."""
    return desk_of(request).records.outbox.send_again(scope_of(request), letter_id).as_dict()


@router.get("/letters/{letter_id}", summary="Lire un courriel qui n’est pas parti")
def letter(request: Request, letter_id: str) -> dict[str, Any]:
    """Le texte d’une lettre à remettre soi-même ; la lecture est inscrite au journal."""
    return desk_of(request).records.outbox.letter(scope_of(request), letter_id).as_dict()


@router.get("/emergency", summary="Lire les accès d’urgence")
def emergencies(request: Request) -> dict[str, Any]:
    """Ceux de l’installation pour qui l’administre ; ceux de son organisation pour un administrateur."""
    emergency, scope = desk_of(request).records.emergency, scope_of(request)
    host = scope.role.value == "super_admin" and scope.via != "emergency"
    accesses = emergency.of_installation(scope) if host else emergency.of_organisation(scope)
    return {"results": [access.as_dict() for access in accesses]}


@router.post("/emergency", status_code=201, summary="Ouvrir un accès d’urgence")
def open_emergency(request: Request, body: EmergencyBody) -> dict[str, Any]:
    """La session lit ensuite cette organisation, sans rien y écrire ; ses administrateurs sont prévenus aussitôt."""
    emergency = desk_of(request).records.emergency
    return emergency.open(scope_of(request), body.organisation, body.reason, body.minutes).as_dict()


@router.delete("/emergency/current", status_code=204, summary="Terminer l’accès d’urgence ouvert")
def end_emergency(request: Request) -> Response:
    """La session revient à l’installation."""
    desk_of(request).records.emergency.end(scope_of(request))
    return Response(status_code=204)


@router.get(
    "/moderation",
    summary="Lire les décisions de modération",
    openapi_extra={"parameters": asking.described((PAGE,))},
)
def decisions(request: Request) -> dict[str, Any]:
    """Le journal public : jour, organisation, décision, raison ; ni auteur, ni modérateur, ni texte."""
    page = page_asked(request.query_params.multi_items())
    return desk_of(request).records.moderating.decisions(scope_of(request), page).as_dict()


@router.get("/moderation/texts", summary="Lire ce qui peut être modéré")
def moderated(request: Request) -> dict[str, Any]:
    """Les appels de l’organisation et leurs réponses, avec leur état."""
    published = desk_of(request).records.moderating.published(scope_of(request))
    return {"results": [text.as_dict() for text in published]}


@router.post("/moderation", status_code=201, summary="Masquer ou rétablir un texte")
def decide(request: Request, body: ModerationBody) -> dict[str, Any]:
    """La décision est publiée sans nom ; l’auteur en reçoit la raison."""
    moderating = desk_of(request).records.moderating
    return moderating.decide(scope_of(request), body.thing, body.id, body.decision, body.rule).as_dict()
