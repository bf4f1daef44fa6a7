"""Routes of what is said in public, calls, needs, consultations and visions, and their rules."""

from __future__ import annotations

from collections.abc import Mapping

from tests.journal.doors.matrix import Rule, anybody, bearer, may, row, session
from vigie.domain.access import Right, Thing

_R, _W, _RO, _WO, _RS, _A, _M = Right
CONSULTATION = {
    "question": "Que faire des ateliers ?", "becomes": "Un débat", "becomes_on": "2027-06-01",
    "opens_on": "2027-01-01", "closes_on": "2027-03-01", "territory": "85109",
}  # fmt: skip
_TALK = {"consultation": "@consultation"}
_IDEA = {"text": "Il faut ouvrir les ateliers le soir."}
_CROWD = "dix participants par jour depuis un même réseau : les essais suivants seraient refusés"
CONSULTATION_SAID: Mapping[str, Mapping[str, object]] = {
    "consultation.edited": {
        "question": "Que faire ?",
        "becomes": "Un débat",
        "becomes_on": "2027-06-01",
        "opens_on": "2027-01-01",
        "closes_on": "2027-03-01",
    },
    "statement.seeded": {"texts": "Il faut garder les ateliers."},
    "statement.decided": {"decision": "keep"},
    "hall.opened": {"people": 20},
}
CONSULTATIONS: Mapping[str, Rule] = {
    "GET /consultations": anybody(),
    "GET /consultation/{consultation}": anybody(values=_TALK),
    "GET /consultation/{consultation}/avis": anybody(values=_TALK),
    "POST /consultation/{consultation}/avis": anybody(
        values=_TALK, body={"proposition": "@voted", "vote": "agree"}, spared=_CROWD
    ),
    "GET /consultation/{consultation}/mes-avis": anybody(values=_TALK),
    "POST /consultation/{consultation}/mes-avis": anybody(values=_TALK, body={"geste": "retirer"}),
    "GET /consultation/{consultation}/idee": anybody(values=_TALK),
    "POST /consultation/{consultation}/idee": anybody(values=_TALK, body=_IDEA, spared=_CROWD),
    "GET /consultation/{consultation}/resultat": anybody(values=_TALK),
    "GET /consultation/{consultation}/resultat.{ending}": anybody(values={**_TALK, "ending": "csv"}),
    "GET /lien/idee/{token}": bearer(),
    "POST /lien/idee/{token}": bearer(),
    "GET /bureau/consultations": may(Thing.CONSULTATIONS, _W),
    "GET /bureau/consultations/{consultation}": row(Thing.CONSULTATIONS, _W),
    "GET /api/v1/desk/consultations": anybody(),
    "GET /api/v1/desk/consultations/prepared": may(Thing.CONSULTATIONS, _W),
    "GET /api/v1/desk/consultations/prepared/{consultation}": row(Thing.CONSULTATIONS, _W),
    "GET /api/v1/desk/consultations/{consultation}": anybody(values=_TALK),
    "GET /api/v1/desk/consultations/{consultation}/result": anybody(values=_TALK),
    "GET /api/v1/desk/consultations/{consultation}/paper": anybody(values=_TALK),
    "POST /api/v1/desk/consultations/{consultation}/votes": anybody(
        values=_TALK, body={"statement": "@voted", "vote": "agree"}, spared=_CROWD
    ),
    "DELETE /api/v1/desk/consultations/{consultation}/votes": bearer(values=_TALK),
    "POST /api/v1/desk/consultations/{consultation}/ideas": anybody(values=_TALK, body=_IDEA, spared=_CROWD),
    "GET /api/v1/desk/links/idea/{token}": bearer(),
    "DELETE /api/v1/desk/links/idea/{token}": bearer(),
}

_CALL, _PUBLIC_CALL = {"identifier": "@call"}, {"identifier": "@public_call"}
_AUTHOR = frozenset({"head"})
CALLS: Mapping[str, Rule] = {
    "GET /api/v1/desk/calls": anybody(),
    "GET /api/v1/desk/calls/mine": may(Thing.PUBLIC_CALLS, _W, _WO),
    "GET /api/v1/desk/calls/aggregates": may(Thing.NETWORK_CALLS, _R, _A),
    "GET /api/v1/desk/calls/{identifier}": row(Thing.NETWORK_CALLS, _R, _RS, values=_CALL),
    "GET /api/v1/desk/calls/{identifier}/answers": row(Thing.NETWORK_CALLS, _W, _WO, values=_CALL, own=_AUTHOR),
    "POST /api/v1/desk/calls/{identifier}/answers": anybody(
        values=_PUBLIC_CALL, body={"name": "Quelqu’un", "email": "zq@example.org"}
    ),
    "POST /api/v1/desk/calls/{identifier}/answers/{answer_id}/introduction": row(Thing.INTRODUCTIONS, _W, values=_CALL),
}

_ANSWER = {"identifier": "@call", "answer_id": "@answer"}
CALL_PAGES: Mapping[str, Rule] = {
    "GET /appels": anybody(),
    "GET /appels/{identifier}": row(Thing.NETWORK_CALLS, _R, _RS, values=_CALL),
    "POST /appels/{identifier}/reponses": anybody(
        values=_PUBLIC_CALL, body={"body": "Réponse", "name": "Quelqu’un", "email": "zq@example.org"}
    ),
    "GET /bureau/appels": session(),
    "POST /bureau/appels/{identifier}/reponses/{answer_id}": row(Thing.INTRODUCTIONS, _W, values=_ANSWER),
}

_SAYS = {"text": "Un atelier plus grand", "email": "zq@example.org", "commune": "85109"}
_MEMBER = {"person": "@officer"}
NEEDS: Mapping[str, Rule] = {
    "GET /besoin": anybody(),
    "POST /besoin": anybody(body=_SAYS),
    "GET /besoin/entreprise": anybody(),
    "POST /besoin/entreprise": anybody(body=_SAYS),
    "GET /besoin/joindre": anybody(),
    "POST /besoin/joindre": anybody(body={**_SAYS, "none": "oui"}),
    "GET /besoin/envoye": anybody(),
    "GET /lien/besoin/{token}": bearer(),
    "POST /lien/besoin/{token}": bearer(),
    "GET /bureau/besoins": may(Thing.STATED_NEEDS, _R),
    "GET /bureau/besoins/{need}": row(Thing.STATED_NEEDS, _R),
    "POST /api/v1/desk/needs": anybody(body=_SAYS),
    "POST /api/v1/desk/needs/answers": anybody(body={"text": "Un atelier plus grand", "commune": "85109"}),
    "GET /api/v1/desk/needs": may(Thing.STATED_NEEDS, _R),
    "GET /api/v1/desk/needs/{need}": row(Thing.STATED_NEEDS, _R),
    "GET /api/v1/desk/contact/{commune}": anybody(),
    "GET /api/v1/desk/links/need/{token}": bearer(),
    "POST /api/v1/desk/links/need/{token}": bearer(),
    "GET /interlocuteurs": anybody(query="sujet=financement&commune=85109"),
    "GET /interlocuteurs/lacunes": may(Thing.INTRODUCTIONS, _R, _A),
    "GET /bureau/interlocuteurs": may(Thing.DOSSIERS, _W),
    "GET /bureau/locaux": may(Thing.DOSSIERS, _W),
    "GET /api/v1/desk/land": may(Thing.DOSSIERS, _W),
    "GET /bureau/locaux/fichiers": may(Thing.DOSSIERS, _W),
    "POST /bureau/locaux/fichiers": may(Thing.DOSSIERS, _W, spared="il faudrait un fichier"),
    "GET /bureau/locaux/fichiers/{land_file}": row(Thing.DOSSIERS, _W),
    "GET /api/v1/desk/land/files": may(Thing.DOSSIERS, _W),
    "POST /api/v1/desk/land/files": may(Thing.DOSSIERS, _W, spared="il faudrait un fichier"),
    "GET /api/v1/desk/land/files/{land_file}": row(Thing.DOSSIERS, _W),
    "GET /api/v1/desk/advising": anybody(query="subject=financement&commune=85109"),
    "GET /api/v1/desk/advisers/gaps": may(Thing.INTRODUCTIONS, _R, _A),
    "GET /api/v1/desk/advisers": may(Thing.DOSSIERS, _W),
    "GET /bureau/mes-communes": may(Thing.DOSSIERS, _W),
    "POST /bureau/mes-communes": may(Thing.DOSSIERS, _W),
    "PUT /api/v1/desk/coverage": may(Thing.DOSSIERS, _W),
    "GET /bureau/membres/{person}/communes": row(Thing.ACCOUNTS, _W, values=_MEMBER),
    "POST /bureau/membres/{person}/communes": row(Thing.ACCOUNTS, _W, values=_MEMBER),
    "PUT /api/v1/desk/members/{person}/coverage": row(Thing.ACCOUNTS, _W, values=_MEMBER),
}
"""Anybody states a need; only the officers of the organisation of the place read it, once its address is confirmed."""
WORKSHOP = {
    "title": "Nos bourgs en 2040", "question": "Que devenir ?", "held_on": "2027-01-01", "ends_on": "2027-01-02",
    "territory": "85109",
}  # fmt: skip
WORKSHOP_SAID: Mapping[str, Mapping[str, object]] = {
    "workshop.edited": WORKSHOP,
    "workshop_item.added": {"texts": "Le prix du sol"},
    "workshop_item.decided": {"decision": "keep"},
    "workshop.opened": {"people": 12},
    "workshop.code_given": {"people": 12},
}
_ROOM = {"workshop": "@workshop"}
_NO_CODE = "entrer demande le code de la salle : les essais sont comptés"
WORKSHOPS: Mapping[str, Rule] = {
    "GET /ateliers": anybody(),
    "GET /atelier/{workshop}": anybody(values=_ROOM),
    "POST /atelier/{workshop}": anybody(values=_ROOM, body={"code": "abcdefgh"}, spared=_NO_CODE),
    "GET /atelier/{workshop}/remplir": anybody(values=_ROOM),
    "POST /atelier/{workshop}/remplir": bearer(values=_ROOM, body={"case": "influence:a:b", "note": "1"}),
    "GET /atelier/{workshop}/ecran": anybody(values=_ROOM),
    "GET /atelier/{workshop}/cartes": anybody(values=_ROOM),
    "GET /atelier/{workshop}/resultat": anybody(values={"workshop": "@closed_workshop"}),
    "GET /bureau/ateliers": may(Thing.WORKSHOPS, _W),
    "GET /bureau/ateliers/{workshop}": row(Thing.WORKSHOPS, _W),
    "GET /api/v1/desk/workshops": anybody(),
    "GET /api/v1/desk/workshops/prepared": may(Thing.WORKSHOPS, _W),
    "GET /api/v1/desk/workshops/prepared/{workshop}": row(Thing.WORKSHOPS, _W),
    "GET /api/v1/desk/workshops/{workshop}": anybody(values=_ROOM),
    "GET /api/v1/desk/workshops/{workshop}/result": anybody(values={"workshop": "@closed_workshop"}),
    "POST /api/v1/desk/workshops/{workshop}/participants": anybody(
        values=_ROOM, body={"code": "abcdefgh"}, spared=_NO_CODE
    ),
    "GET /api/v1/desk/workshops/{workshop}/paper": anybody(values=_ROOM),
    "POST /api/v1/desk/workshops/{workshop}/marks": bearer(values=_ROOM, body={"cell": "influence:a:b", "mark": 1}),
    "POST /api/v1/desk/workshops/{workshop}/factors": bearer(values=_ROOM, body={"text": "Le retour du train"}),
}
VISION = {"title": "Un pays qui fabrique", "text": "Des ateliers vivants."}
VISION_SAID: Mapping[str, Mapping[str, object]] = {
    "vision.edited": VISION,
    "priority.added": {"title": "Remplir les ateliers"},
    "action.added": {"priority": "@priority", "title": "Racheter un atelier"},
    "target.added": {
        "priority": "@priority", "indicator": "employers", "baseline": "1", "target": "2", "due_on": "2030-01-15",
    },
    "action.followed": {"state": "done"},
    "action.used": {"kind": "page", "label": "Les besoins", "address": "/appels"},
}  # fmt: skip
VISIONS: Mapping[str, Rule] = {
    "GET /projet": anybody(),
    "GET /projet/resultats": anybody(),
    "GET /projet/{vision}": anybody(values={"vision": "@vision"}),
    "GET /projet/{vision}/recit": anybody(values={"vision": "@vision"}),
    "GET /projet/{vision}/resultats": anybody(values={"vision": "@vision"}),
    "GET /bureau/projets": may(Thing.VISION, _W),
    "GET /bureau/projets/{vision}": row(Thing.VISION, _W),
    "GET /api/v1/desk/visions": anybody(),
    "GET /api/v1/desk/visions/{vision}": anybody(values={"vision": "@vision"}),
    "GET /api/v1/desk/visions/{vision}/story": anybody(values={"vision": "@vision"}),
    "GET /api/v1/desk/visions/{vision}/results": anybody(values={"vision": "@vision"}),
}
