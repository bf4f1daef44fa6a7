"""Every route, and its rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.doors.served import EPCI
from tests.journal.cast import HALL, SIREN_HERE
from tests.journal.doors.expected_talk import (
    CALL_PAGES,
    CALLS,
    CONSULTATION,
    CONSULTATION_SAID,
    CONSULTATIONS,
    NEEDS,
    VISION,
    VISION_SAID,
    VISIONS,
    WORKSHOP,
    WORKSHOP_SAID,
    WORKSHOPS,
)
from tests.journal.doors.expected_work import ACCOUNTS, FOLLOWUP, IMPORTS, MEMBERS
from tests.journal.doors.matrix import Rule, anybody, bearer, may, row
from tests.small_stock import siret_of
from vigie.domain.access import Right, Thing
from vigie.interfaces.api import questions as api
from vigie.interfaces.web import questions as web
from vigie.services.acts import Act
from vigie.services.capabilities import acts, questions
from vigie.services.questions import Of

_R, _W, _RO, _WO, _RS, _A, _M = Right
_SIRET = siret_of(SIREN_HERE)
_PLACE = {"kind": "commune", "code": "85109", "key": EPCI, "finding_id": "population", "ending": "csv"}

PUBLIC: Mapping[str, Rule] = {
    "GET /api/v1/search": anybody(),
    "GET /api/v1/near_point": anybody(query="lat=46.87&long=-1.01"),
    "GET /api/v1/establishments/{siret}": anybody(values={"siret": _SIRET}),
    "GET /api/v1/firms/{siren}": anybody(),
    "GET /api/v1/suggest": anybody(),
    "GET /api/v1/deadlines": anybody(),
    "GET /api/v1/territories": anybody(),
    "GET /api/v1/territories/{key}/portrait": anybody(values=_PLACE),
    "GET /api/v1/territories/{key}/findings/{finding_id}": anybody(values=_PLACE),
    "GET /api/v1/territories/{key}/events": anybody(values=_PLACE),
    "GET /api/v1/territories/{key}/map": anybody(values=_PLACE),
    "GET /api/v1/events": anybody(),
    "GET /api/v1/sources": anybody(),
    "GET /api/v1/sources/{source_id}": anybody(values={"source_id": "naf"}),
    "GET /api/v1/indicators": anybody(),
    "GET /api/v1/indicators/{indicator_id}": anybody(values={"indicator_id": "specialisation"}),
    "GET /api/v1/health": anybody(),
    "GET /": anybody(),
    "GET /suggestions": anybody(),
    "GET /annuaire": anybody(),
    "GET /annuaire/{name:str}": anybody(values={"name": "liste.csv"}, query="commune=85109"),
    "GET /etablissement/{siret}": anybody(values={"siret": _SIRET}),
    "GET /entreprise/{siren}": anybody(),
    "GET /etablissement/{siret}/evenements": anybody(values={"siret": _SIRET}),
    "GET /territoires": anybody(),
    "GET /territoire/{kind}/{code}": anybody(values=_PLACE),
    "GET /territoire/{kind}/{code}/constat/{finding_id}": anybody(values=_PLACE),
    "GET /territoire/{kind}/{code}/constats.{ending}": anybody(values=_PLACE),
    "GET /territoire/{kind}/{code}/chiffres": anybody(values=_PLACE),
    "GET /territoire/{kind}/{code}/carte.{ending}": anybody(values={**_PLACE, "kind": "epci", "code": EPCI[5:]}),
    "GET /territoire/{kind}/{code}/evenements": anybody(values=_PLACE),
    "GET /evenements": anybody(),
    "GET /evenements.atom": anybody(),
    "GET /echeances.ics": anybody(),
    "GET /territoire/{kind}/{code}/evenements.atom": anybody(values=_PLACE),
    "GET /methode/partenaires": anybody(),
    "GET /sources": anybody(),
    "GET /source/{source_id}": anybody(values={"source_id": "naf"}),
    "GET /indicateurs": anybody(),
    "GET /indicateur/{indicator_id}": anybody(values={"indicator_id": "specialisation"}),
    "GET /activite/{naf}": anybody(values={"naf": "25.62B"}),
    "GET /methode/{measure}": anybody(values={"measure": "krugman"}),
    "GET /accessibilite": anybody(),
    "GET /mentions-legales": anybody(),
    "GET /confidentialite": anybody(),
    "GET /aide": anybody(),
    "GET /aide/{scheme}": bearer(values={"scheme": "inconnue"}),
    "GET /theme": anybody(),
    "POST /theme": anybody(),
    "GET /robots.txt": anybody(),
    "GET /sitemap.xml": anybody(),
    "GET /moderation": anybody(),
    "GET /moderation/{name}": anybody(values={"name": "decisions.csv"}),
}
"""Pages and answers that are the same for everybody."""
_ABOUT: Mapping[Of, Mapping[str, object]] = {
    Of.ACTIVITY: {"key": "25.62B", "naf": "25.62B"},
    Of.INDICATOR: {"key": "employers", "indicator_id": "employers"},
}
_ASKED: Mapping[str, str] = {"compare": "codes=commune:85109&reference=departement:85",
                              "perimeter": "codes=commune:85109"}  # fmt: skip
"""What a question must be asked with, by its name."""
QUESTIONS: Mapping[str, Rule] = {
    f"GET {start}{name}": anybody(
        values={**_PLACE, "siren": SIREN_HERE, **_ABOUT.get(question.of, {})}, query=_ASKED.get(question.name, "")
    )
    for question in questions()
    for start, name in (
        (f"/api/v1{api.ADDRESSES[question.of]}", question.name),
        (web.ADDRESSES[question.of], question.slug),
        (web.ADDRESSES[question.of], f"{question.slug}.{{ending}}"),
    )
}
"""Declared questions read the data in service, which are the same for everybody."""
_SAID: Mapping[str, Mapping[str, object]] = {
    **CONSULTATION_SAID,
    **VISION_SAID,
    **WORKSHOP_SAID,
    "adviser.edited": {"service": "Pôle", "subjects": "financement"},
    "land.edited": HALL,
    "member.role_changed": {"role": "elu"},
    "contact.erased": {"confirmation": "EFFACER"},
    "dossier.edited": {"kind": "firm", "title": "Un atelier"},
    "dossier.merged": {"other": "@other_dossier"},
    "dossier.shared": {"person": "@person"},
    "dossier.tagged": {"label": "bois"},
    "dossier.unshared": {"person": "@person"},
    "dossier.untagged": {"label": "zqdossier"},
    "reminder.added": {"due_on": "2030-01-15", "reason": "Rappeler"},
    "exchange.noted": {"body": "Un appel"},
    "need.answered": {"proposal": "Un rendez-vous"},
    "need.closed": {"outcome": "met"},
    "need.published": {"title": "Un atelier", "text": "Un atelier de 300 m²"},
    "exchange.recorded": {"kind": "visit", "body": "Une visite"},
}
"""What acts take that cannot be guessed from their declaration."""
_CALL_TEXT = {"kind": "need", "title": "Titre", "text": "Texte"}
_ON_A_CALL = row(Thing.NETWORK_CALLS, _W, _WO, values={"call": "@call"}, body=_CALL_TEXT, own=frozenset({"head"}))
_ITS_HEAD = frozenset({"head"})
_NEED = {"field": "needs", "text": "Un besoin", "visibility": "network"}
_NEED_IN_A_FORM = {"rubrique": "needs", "texte": "Un besoin", "lecteurs": "network"}
_ON_A_DECLARATION = row(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, values={"declaration": "@declaration"}, body=_NEED)
_CAPABILITIES = {"codes": "soudage-tig", "visibility": "network"}
_CAPABILITIES_IN_A_FORM = {"savoirs": "soudage-tig", "lecteurs": "network"}
_FACILITY = {"text": '{"manufacturing_processes": ["Milling"]}', "visibility": "network"}
_FLOW = {"way": "gives", "band": "1-10", "visibility": "network", "waste": "030105"}
_FLOW_IN_A_FORM = {"sens": "gives", "quantite": "1-10", "lecteurs": "network", "dechet": "030105"}
_ADVISER = {"service": "Pôle", "subjects": "financement"}
_ON: Mapping[str, Rule] = {
    "consultation.prepared": may(Thing.CONSULTATIONS, _W, body=CONSULTATION),
    "workshop.prepared": may(Thing.WORKSHOPS, _W, body=WORKSHOP),
    "vision.written": may(Thing.VISION, _W, body=VISION),
    "adviser.added": may(Thing.DOSSIERS, _W, body=_ADVISER),
    "land.added": may(Thing.DOSSIERS, _W, body=HALL),
    "watch.chosen": may(Thing.DOSSIERS, _W),
    "weights.restored": may(Thing.LEARNING, _W),
    "capabilities.confirmed": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, body=_CAPABILITIES),
    "capabilities.imported": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, body=_FACILITY),
    "situation.answered": may(
        Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, body={"answers": ["design=held"]}, values={"firm": SIREN_HERE}
    ),
    "flow.declared": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, body=_FLOW),
    "declaration.added": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, body=_NEED),
    "declaration.changed": _ON_A_DECLARATION,
    "declaration.withdrawn": _ON_A_DECLARATION,
    "call.published": may(Thing.PUBLIC_CALLS, _W, _WO, body=_CALL_TEXT),
    "call.corrected": _ON_A_CALL,
    "call.closed": _ON_A_CALL,
    "call.withdrawn": _ON_A_CALL,
    "firm_domain.declared": may(Thing.DOSSIERS, _W, body={"siren": "443061841", "domain": "atelier.example.org"}),
    "token.revoked": row(Thing.TOKENS, _W, _WO, values={"token": "@token"}),
}
"""Acts of which the right depends on the row, or that are about none."""


def _on(act: Act[Any, Any], address: str) -> Rule:
    said = _SAID.get(act.kind, {})
    rule = _ON.get(act.kind) or row(act.needs.thing, *act.needs.rights, body=said, values=said)
    in_a_form = None if address.startswith("/api/") else _IN_A_FORM.get(id(rule.body))
    return replace(rule, body=in_a_form) if in_a_form else rule


_IN_A_FORM = {
    id(_NEED): _NEED_IN_A_FORM,
    id(_FLOW): _FLOW_IN_A_FORM,
    id(_CAPABILITIES): _CAPABILITIES_IN_A_FORM,
}
"""What the forms of some acts send, whose fields are called otherwise than in the code."""


ACTS: Mapping[str, Rule] = {
    f"{method} {address}": _on(act, address)
    for act in acts().values()
    for method, address in (
        (act.method, f"/api/v1/desk/{act.address}"),
        ("POST", f"/bureau/{act.form_at}"),
        *([("GET", f"/bureau/{act.form_at}")] if act.has_page else []),
    )
    if not address.endswith("/")
}
"""Declared acts are about a row, and need what they say."""

_OPENS = "il ouvrirait un accès d’urgence aux essais suivants"
RECORDS: Mapping[str, Rule] = {
    "GET /api/v1/desk/journal": may(Thing.AUDIT, _R, _RO),
    "GET /api/v1/desk/journal/export": may(Thing.AUDIT, _R, _RO),
    "GET /api/v1/desk/letters": may(Thing.OUTBOX, _R),
    "GET /api/v1/desk/letters/{letter_id}": row(Thing.OUTBOX, _R),
    "GET /api/v1/desk/emergency": may(Thing.AUDIT, _R),
    "POST /api/v1/desk/emergency": may(Thing.INSTALLATION, _W, spared=_OPENS),
    "DELETE /api/v1/desk/emergency/current": may(Thing.BACKUP, _M),
    "GET /api/v1/desk/moderation": anybody(),
    "POST /api/v1/desk/moderation": row(
        Thing.MODERATION, _M,
        body={"thing": "call", "id": "@public_call", "decision": "hide", "rule": "insult"},
    ),
    "GET /api/v1/desk/moderation/texts": may(Thing.MODERATION, _M),
    "GET /bureau/journal": may(Thing.AUDIT, _R, _RO),
    "GET /bureau/journal/{name}": may(Thing.AUDIT, _R, _RO, values={"name": "journal.csv"}),
    "GET /bureau/courriels": may(Thing.OUTBOX, _R),
    "POST /bureau/courriels/renvoyer": may(Thing.OUTBOX, _W),
    "POST /bureau/courriels/{letter_id}/renvoyer": row(Thing.OUTBOX, _W),
    "POST /api/v1/desk/letters/resend": may(Thing.OUTBOX, _W),
    "POST /api/v1/desk/letters/{letter_id}/resend": row(Thing.OUTBOX, _W),
    "GET /bureau/courriels/{letter_id}": row(Thing.OUTBOX, _R),
    "GET /bureau/acces-urgence": may(Thing.INSTALLATION, _R),
    "POST /bureau/acces-urgence": may(Thing.INSTALLATION, _W, spared=_OPENS),
    "POST /bureau/acces-urgence/terminer": may(Thing.BACKUP, _M),
    "GET /bureau/moderation": may(Thing.MODERATION, _M),
    "POST /bureau/moderation": row(
        Thing.MODERATION, _M,
        body={"objet": "call", "texte": "@public_call", "decision": "hide", "regle": "insult"},
    ),
}  # fmt: skip
"""Ending an emergency access is for nobody who has none open: no right opens it."""

_HOST = frozenset({"super_admin"})
_OBJECTION = {"identifier": "inconnue", "id": "inconnue"}
_HIDES = "ses propres essais disent qui masque quoi"
_ATTESTED = "ses dirigeants sont attestés : rien ne reste à demander"
_LIFTS = "il écrirait des lettres sans rien dire de plus"
_WITHDRAWS = "elle retirerait l’entreprise des autres essais"
FIRMS: Mapping[str, Rule] = {
    "GET /api/v1/desk/firms/{siren}/declarations": anybody(),
    "GET /api/v1/desk/firms/{siren}/okw": anybody(),
    "GET /api/v1/desk/firms/{siren}/situation": anybody(),
    "GET /bureau/entreprise/{siren}/situation": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD),
    "POST /bureau/entreprise/{siren}/situation": may(
        Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, body={"section": "chain", "r-design": "held", "l-design": "network"}
    ),
    "GET /api/v1/desk/firms/{siren}/objection": anybody(),
    "POST /api/v1/desk/firms/{siren}/hiding": may(
        Thing.DECLARATIONS,
        _W,
        _WO,
        own=_ITS_HEAD,
        body={"thing": "declaration", "id": "@declaration"},
        spared=_HIDES,
    ),
    "POST /bureau/entreprise/{siren}/masquer": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, spared=_HIDES),
    "GET /api/v1/desk/attestations": may(Thing.INSTALLATION, _W),
    "POST /api/v1/desk/attestations/{identifier}/grant": bearer(values=_OBJECTION),
    "POST /api/v1/desk/attestations/{identifier}/refusal": bearer(values=_OBJECTION),
    "DELETE /api/v1/desk/attestations/{identifier}": bearer(values=_OBJECTION),
    "POST /api/v1/desk/firms/{siren}/attestation": may(Thing.DECLARATIONS, _WO, own=_ITS_HEAD, spared=_ATTESTED),
    "POST /bureau/entreprise/{siren}/attestation": may(Thing.DECLARATIONS, _WO, own=_ITS_HEAD, spared=_ATTESTED),
    "GET /bureau/attestations": may(Thing.INSTALLATION, _W),
    "POST /bureau/attestations/{id}/accorder": bearer(values=_OBJECTION),
    "POST /bureau/attestations/{id}/refuser": bearer(values=_OBJECTION),
    "POST /bureau/attestations/{id}/retirer": bearer(values=_OBJECTION),
    "GET /api/v1/desk/links/attestation/{token}": bearer(),
    "POST /api/v1/desk/links/attestation/{token}": bearer(),
    "GET /lien/attestation/{token}": bearer(),
    "POST /lien/attestation/{token}": bearer(),
    "POST /api/v1/desk/firms/{siren}/objection/lifting": anybody(spared=_LIFTS),
    "POST /opposition/{siren}/levee": anybody(spared=_LIFTS),
    "POST /api/v1/desk/firms/{siren}/objection": anybody(spared=_WITHDRAWS),
    "DELETE /api/v1/desk/firms/{siren}/objection": may(Thing.DECLARATIONS, _WO, own=_ITS_HEAD),
    "POST /api/v1/desk/links/objection/{token}": bearer(),
    "GET /api/v1/desk/objections": may(Thing.DECLARATIONS, _W, also=_HOST),
    "POST /api/v1/desk/objections/{identifier}/approval": bearer(values=_OBJECTION),
    "POST /api/v1/desk/objections/{identifier}/rejection": bearer(values=_OBJECTION),
    "GET /bureau/mon-entreprise": may(Thing.DECLARATIONS, _RO),
    "GET /bureau/mon-entreprise/partenaires": may(Thing.DECLARATIONS, _RO),
    "GET /bureau/entreprise/{siren}/visite": may(Thing.DOSSIERS, _R),
    "GET /bureau/entreprise/{siren}/partenaires": may(Thing.DOSSIERS, _R),
    "GET /api/v1/desk/firms/{siren}/partners": may(Thing.DOSSIERS, _R, also=_ITS_HEAD),
    # An empty form tells nothing of a firm: what it sends is refused to whoever does not speak for it.
    "GET /bureau/entreprise/{siren}/flux": may(Thing.DECLARATIONS, _W, _WO),
    "GET /bureau/entreprise/{siren}/okw": may(Thing.DECLARATIONS, _W, _WO),
    "GET /bureau/entreprise/{siren}/matiere": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD),
    "GET /bureau/matiere": may(Thing.INTRODUCTIONS, _R, _A),
    "GET /api/v1/desk/matter": may(Thing.INTRODUCTIONS, _R, _A),
    "GET /api/v1/desk/firms/{siren}/matter": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD),
    "GET /bureau/entreprise/{siren}/okw.json": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD),
    "GET /bureau/entreprise/{siren}": may(Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD),
    "GET /bureau/entreprise/{siren}/declarations/{declaration}": row(
        Thing.DECLARATIONS, _W, _WO, own=_ITS_HEAD, values={"declaration": "@declaration"}
    ),
    "GET /opposition": anybody(),
    "GET /opposition/{siren}": anybody(),
    "POST /opposition/{siren}": anybody(spared=_WITHDRAWS),
    "POST /opposition/{siren}/retrait": may(Thing.DECLARATIONS, _WO, own=_ITS_HEAD),
    "GET /lien/opposition/{token}": bearer(),
    "POST /lien/opposition/{token}": bearer(),
    "GET /bureau/oppositions": may(Thing.DECLARATIONS, _W, also=_HOST),
    "POST /bureau/oppositions/{id}/confirmer": bearer(values=_OBJECTION),
    "POST /bureau/oppositions/{id}/retirer": bearer(values=_OBJECTION),
}

_MEETING = {"identifier": "@introduction"}
_ITS_FIRMS = frozenset({"head", "head_partner"})
_SHARED_WITH = frozenset({"partner"})
_PARTIES = {
    "first": {"siren": "@siren", "contact_email": "zq@example.org"},
    "second": {"label": "Une autre partie", "contact_email": "zqx@example.org"},
}
_HEADS = frozenset({"head", "head_partner", "head_away"})
_REQUEST = {"identifier": "@request"}
REQUESTS: Mapping[str, Rule] = {
    "GET /api/v1/desk/introductions/requests": may(Thing.INTRODUCTIONS, _R, _RO),
    "POST /api/v1/desk/introductions/requests": may(
        Thing.INTRODUCTIONS, _WO, only=_HEADS, body={"siren": "@siren", "call_id": ""}
    ),
    "GET /api/v1/desk/introductions/requests/{request_id}": row(Thing.INTRODUCTIONS, _R, _RO, own=_ITS_HEAD),
    "DELETE /api/v1/desk/introductions/requests/{request_id}": row(Thing.INTRODUCTIONS, _WO, own=_ITS_HEAD),
    "POST /api/v1/desk/introductions/requests/{request_id}/proposal": row(Thing.INTRODUCTIONS, _W),
    "POST /api/v1/desk/introductions/requests/{request_id}/refusal": row(Thing.INTRODUCTIONS, _W),
    "GET /bureau/mises-en-relation/demander": may(Thing.INTRODUCTIONS, _WO, only=_HEADS, query="siren=552100554"),
    "POST /bureau/mises-en-relation/demandes": may(
        Thing.INTRODUCTIONS, _WO, only=_HEADS, body={"siren": "@siren", "reason": "Une raison"}
    ),
    "GET /bureau/mises-en-relation/demandes/{identifier}": row(
        Thing.INTRODUCTIONS, _R, _RO, values=_REQUEST, own=_ITS_HEAD
    ),
    "POST /bureau/mises-en-relation/demandes/{identifier}/retirer": row(
        Thing.INTRODUCTIONS, _WO, values=_REQUEST, own=_ITS_HEAD
    ),
    "POST /bureau/mises-en-relation/demandes/{identifier}/decliner": row(
        Thing.INTRODUCTIONS, _W, values=_REQUEST, body={"answer": "Une réponse"}
    ),
}
INTRODUCTIONS: Mapping[str, Rule] = {
    "GET /api/v1/desk/introductions": may(Thing.INTRODUCTIONS, _R, _RO),
    "POST /api/v1/desk/introductions": may(Thing.INTRODUCTIONS, _W, body=_PARTIES),
    "GET /api/v1/desk/introductions/aggregates": may(Thing.INTRODUCTIONS, _R, _A),
    "GET /api/v1/desk/introductions/ties": may(Thing.INTRODUCTIONS, _R, query="siren=552100554"),
    "GET /api/v1/desk/introductions/ties/aggregates": anybody(),
    "GET /api/v1/desk/introductions/{identifier}": row(Thing.INTRODUCTIONS, _R, _RO, values=_MEETING),
    "POST /api/v1/desk/introductions/{identifier}/answer": row(
        Thing.INTRODUCTIONS, _WO, values=_MEETING, own=_ITS_FIRMS
    ),
    "POST /api/v1/desk/introductions/{identifier}/meeting": row(
        Thing.INTRODUCTIONS, _W, _WO, values=_MEETING, own=_SHARED_WITH
    ),
    "POST /api/v1/desk/introductions/{identifier}/outcome": row(Thing.INTRODUCTIONS, _W, values=_MEETING),
    "POST /api/v1/desk/introductions/{identifier}/satisfaction": row(
        Thing.INTRODUCTIONS, _WO, values=_MEETING, own=_ITS_FIRMS
    ),
    "POST /api/v1/desk/introductions/{identifier}/abandonment": row(Thing.INTRODUCTIONS, _W, values=_MEETING),
    "POST /api/v1/desk/introductions/{identifier}/sides/{position}/letter": row(
        Thing.INTRODUCTIONS, _W, values=_MEETING
    ),
    "GET /api/v1/desk/links/{token}": bearer(),
    "POST /api/v1/desk/links/{token}": bearer(),
}

_STEP = {"identifier": "@introduction", "step": "rencontre", "position": "a"}
INTRODUCTION_PAGES: Mapping[str, Rule] = {
    "GET /bureau/mises-en-relation": may(Thing.INTRODUCTIONS, _R, _RO, _A),
    "GET /bureau/mises-en-relation/nouvelle": may(Thing.INTRODUCTIONS, _W),
    "GET /bureau/mises-en-relation/totaux": may(Thing.INTRODUCTIONS, _R, _A),
    "GET /bureau/mises-en-relation/{identifier}": row(Thing.INTRODUCTIONS, _R, _RO, values=_STEP),
    "POST /bureau/mises-en-relation": may(Thing.INTRODUCTIONS, _W),
    "POST /bureau/mises-en-relation/{identifier}/{step}": row(
        Thing.INTRODUCTIONS, _W, _WO, values=_STEP, own=_SHARED_WITH, body={"met_on": "2020-01-15"}
    ),
    "POST /bureau/mises-en-relation/{identifier}/lien/{position}": row(Thing.INTRODUCTIONS, _W, values=_STEP),
    "GET /lien/{token}": bearer(),
    "POST /lien/{token}": bearer(body={"decision": "accepter"}),
}

EXPECTED: Mapping[str, Rule] = {
    **PUBLIC, **QUESTIONS, **ACTS, **ACCOUNTS, **MEMBERS, **RECORDS, **FIRMS,
    **REQUESTS, **INTRODUCTIONS, **INTRODUCTION_PAGES,
    **CALLS, **CALL_PAGES, **NEEDS, **CONSULTATIONS, **VISIONS, **WORKSHOPS, **FOLLOWUP, **IMPORTS,
}  # fmt: skip
