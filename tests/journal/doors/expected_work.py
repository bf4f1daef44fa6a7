"""Routes of the officer’s work and of members, and their rules."""

from __future__ import annotations

from collections.abc import Mapping

from tests.journal.doors.matrix import Rule, anybody, bearer, may, row, session, signed_in
from vigie.domain.access import Right, Thing

_R, _W, _RO, _WO, _RS, _A, _M = Right

_LETTERS = "il écrirait des lettres sans rien dire de plus"
_CLOSES = "il fermerait la session des autres essais"
ACCOUNTS: Mapping[str, Rule] = {
    "POST /api/v1/desk/sessions": anybody(spared="aucun mot de passe n’est connu ici"),
    "DELETE /api/v1/desk/sessions": session(spared=_CLOSES),
    "DELETE /api/v1/desk/sessions/current": anybody(spared=_CLOSES),
    "POST /api/v1/desk/sessions/current/organisation": session(spared=_CLOSES),
    "GET /api/v1/desk/me": signed_in(),
    "PATCH /api/v1/desk/me": session(spared="il changerait le nom des autres essais"),
    "PUT /api/v1/desk/me/password": session(spared=_CLOSES),
    "GET /connexion": anybody(),
    "POST /connexion": anybody(spared="aucun mot de passe n’est connu ici"),
    "POST /connexion/reprise": anybody(spared="rien n’est gardé ici"),
    "POST /deconnexion": anybody(spared=_CLOSES),
    "GET /bureau": session(),
    "POST /bureau/changer-organisation": session(spared=_CLOSES),
    "GET /bureau/mon-compte": session(),
    "POST /bureau/mon-compte": session(spared="il changerait le nom des autres essais"),
    "POST /bureau/mon-compte/mot-de-passe": session(spared=_CLOSES),
    "POST /bureau/mon-compte/sessions": session(spared=_CLOSES),
}

_READ, _CHANGE = row(Thing.DOSSIERS, _R, _RO, _RS), row(Thing.DOSSIERS, _W)
_LIST, _OPEN = may(Thing.DOSSIERS, _R), may(Thing.DOSSIERS, _W)
_WATCHER = frozenset({"officer"})
_WATCHED, _RENAMED = row(Thing.DOSSIERS, _W, only=_WATCHER), {"name": "Un portefeuille"}
_MEMBER = {"siren": "443061841"}
_NOTED = {"kind": "note", "body": "Une note"}
_NOTE = row(Thing.NOTES, _W, _WO, own=_WATCHER)
_WATCH = "/api/v1/desk/portfolios"
FOLLOWUP: Mapping[str, Rule] = {
    "GET /api/v1/desk/dossiers": may(Thing.DOSSIERS, _R, _RO, _RS),
    "POST /api/v1/desk/dossiers": _OPEN,
    "POST /api/v1/desk/dossiers/firm": may(Thing.DOSSIERS, _W, body={"number": "552100554"}),
    "GET /api/v1/desk/dossiers/{dossier}": _READ,
    "PUT /api/v1/desk/exchanges/{exchange}": row(Thing.NOTES, _W, _WO, own=_WATCHER, body=_NOTED),
    "DELETE /api/v1/desk/exchanges/{exchange}": _NOTE,
    "GET /api/v1/desk/reminders": _LIST,
    "POST /api/v1/desk/reminders": _OPEN,
    "GET /api/v1/desk/reminders/{reminder}": row(Thing.DOSSIERS, _R),
    f"GET {_WATCH}": _LIST,
    f"POST {_WATCH}": _OPEN,
    f"POST {_WATCH}/first/members": _OPEN,
    f"GET {_WATCH}/{{portfolio}}": row(Thing.DOSSIERS, _R),
    f"PUT {_WATCH}/{{portfolio}}": row(Thing.DOSSIERS, _W, only=_WATCHER, body=_RENAMED),
    f"DELETE {_WATCH}/{{portfolio}}": _WATCHED,
    f"POST {_WATCH}/{{portfolio}}/members": row(Thing.DOSSIERS, _W, only=_WATCHER, body=_MEMBER),
    f"DELETE {_WATCH}/{{portfolio}}/members/{{member}}": _WATCHED,
    "GET /api/v1/desk/monday": _OPEN,
    "PUT /api/v1/desk/monday/letter": _OPEN,
    "GET /api/v1/desk/learning": may(Thing.LEARNING, _R),
    "POST /api/v1/desk/learning": may(Thing.LEARNING, _W),
    "GET /bureau/apprentissage": may(Thing.LEARNING, _R),
    "POST /bureau/apprentissage": may(Thing.LEARNING, _W),
    "GET /api/v1/desk/never-met": may(Thing.VISITS, _R),
    "GET /bureau/jamais-rencontrees": may(Thing.VISITS, _R),
    "GET /bureau/jamais-rencontrees.{ending}": may(Thing.VISITS, _R, values={"ending": "csv"}),
    "GET /bureau/dossiers": may(Thing.DOSSIERS, _R, _RO, _RS),
    "POST /bureau/dossiers": _OPEN,
    "GET /bureau/dossiers/nouveau": _OPEN,
    "POST /bureau/dossiers/ouvrir": may(Thing.DOSSIERS, _W, body={"numero": "552100554"}),
    "GET /bureau/dossiers/{dossier}": _READ,
    "GET /bureau/dossiers/{dossier}/reunir": row(Thing.DOSSIERS, _W, query="avec=@other_dossier"),
    "GET /bureau/echanges/{exchange}/modifier": row(Thing.NOTES, _R),
    "POST /bureau/echanges/{exchange}/modifier": row(Thing.NOTES, _W, _WO, own=_WATCHER, body=_NOTED),
    "POST /bureau/echanges/{exchange}/retirer": _NOTE,
    "GET /bureau/relances": _OPEN,
    "GET /bureau/portefeuilles": _LIST,
    "POST /bureau/portefeuilles": _OPEN,
    "POST /bureau/portefeuilles/ajouter": _OPEN,
    "GET /bureau/portefeuilles/{portfolio}": row(Thing.DOSSIERS, _R),
    "POST /bureau/portefeuilles/{portfolio}/renommer": row(Thing.DOSSIERS, _W, only=_WATCHER, body=_RENAMED),
    "POST /bureau/portefeuilles/{portfolio}/membres": row(Thing.DOSSIERS, _W, only=_WATCHER, body=_MEMBER),
    "POST /bureau/portefeuilles/{portfolio}/membres/retirer": row(
        Thing.DOSSIERS, _W, only=_WATCHER, body={"member": "@member"}
    ),
    "POST /bureau/portefeuilles/{portfolio}/supprimer": _WATCHED,
    "GET /bureau/lundi": _OPEN,
    "POST /bureau/lundi/courriel": _OPEN,
}
_BROUGHT = row(Thing.DOSSIERS, _W, only=_WATCHER)
_ERASES = "il effacerait ce que les autres essais lisent"
_IMPORTS = "/api/v1/desk/imports"
_CONFIRMED = {"confirmation": "EFFACER"}
IMPORTS: Mapping[str, Rule] = {
    f"POST {_IMPORTS}": may(Thing.DOSSIERS, _W, spared="il faudrait un fichier"),
    f"GET {_IMPORTS}": _OPEN,
    f"GET {_IMPORTS}/{{batch}}": _CHANGE,
    f"DELETE {_IMPORTS}/{{batch}}": _BROUGHT,
    f"POST {_IMPORTS}/{{batch}}/reading": _BROUGHT,
    f"POST {_IMPORTS}/{{batch}}/columns": _BROUGHT,
    f"POST {_IMPORTS}/{{batch}}/search": _BROUGHT,
    f"POST {_IMPORTS}/{{batch}}/numbers": _BROUGHT,
    f"POST {_IMPORTS}/{{batch}}/decisions": _BROUGHT,
    f"POST {_IMPORTS}/{{batch}}/application": _BROUGHT,
    "GET /api/v1/desk/exports/dossiers.{kind}": may(Thing.EXPORTS, _R, values={"kind": "csv"}),
    "GET /api/v1/desk/exports/organisation": may(Thing.BACKUP, _W),
    "GET /api/v1/desk/rounds": may(Thing.ACCOUNTS, _R),
    "GET /api/v1/desk/retention": may(Thing.ACCOUNTS, _R),
    "POST /api/v1/desk/retention/runs": may(Thing.ACCOUNTS, _W, spared=_ERASES),
    "GET /api/v1/desk/me/export": session(),
    "POST /api/v1/desk/me/erasure": session(spared=_ERASES),
    "GET /api/v1/desk/jobs": _OPEN,
    "GET /api/v1/desk/jobs/{job}": _CHANGE,
    "GET /api/v1/desk/jobs/{job}/file": row(Thing.DOSSIERS, _W, only=frozenset()),
    "GET /bureau/travaux/{job}/fichier": row(Thing.DOSSIERS, _W, only=frozenset()),
    "GET /bureau/travaux": _OPEN,
    "GET /bureau/travaux/{job}": _CHANGE,
    "GET /bureau/imports": _OPEN,
    "POST /bureau/imports": may(Thing.DOSSIERS, _W, spared="il faudrait un fichier"),
    "GET /bureau/imports/{batch}/{step}": row(Thing.DOSSIERS, _W, values={"step": "colonnes"}),
    "POST /bureau/imports/{batch}/lecture": _BROUGHT,
    "POST /bureau/imports/{batch}/colonnes": _BROUGHT,
    "POST /bureau/imports/{batch}/numeros": _BROUGHT,
    "POST /bureau/imports/{batch}/doublons": _BROUGHT,
    "POST /bureau/imports/{batch}/application": _BROUGHT,
    "POST /bureau/imports/{batch}/abandon": _BROUGHT,
    "GET /bureau/emporter/dossiers.{kind}": may(Thing.EXPORTS, _R, values={"kind": "csv"}),
    "GET /bureau/conservation": may(Thing.ACCOUNTS, _R),
    "POST /bureau/conservation/purge": may(Thing.ACCOUNTS, _W, spared=_ERASES),
    "POST /bureau/conservation/archive": may(Thing.BACKUP, _W),
    "GET /bureau/mon-compte/mes-donnees": session(),
    "POST /bureau/mon-compte/mes-donnees/archive": session(),
    "POST /bureau/mon-compte/mes-donnees/effacement": session(spared=_ERASES),
}

_INVITERS = frozenset({"officer", "officer_away"})
_INVITED = {"identifier": "@invitation"}
_CHARTER = {"name": "Une communauté", "territory": "epci:248500621"}
_CHARTER_FORM = {"nom": "Une communauté", "territoire": "epci:248500621", "base_legale": "6-1-e", "duree": "36"}
_NEWCOMER = {"email": "zq@example.org", "role": "charge_etudes"}
_NEWCOMER_FORM = {"courriel": "zq@example.org", "role": "charge_etudes"}
_RENAMES = "il changerait l’organisation des autres essais"
_MAKES = "il ajouterait une organisation aux autres essais"
_ELSEWHERE = {"identifier": "hosthosthosthosthost"}
_NAMES = "il renommerait l’organisation des autres essais"
MEMBERS: Mapping[str, Rule] = {
    "GET /api/v1/desk/invitations": may(Thing.ACCOUNTS, _W, also=_INVITERS),
    "POST /api/v1/desk/invitations": may(Thing.ACCOUNTS, _W, also=_INVITERS, body=_NEWCOMER),
    "DELETE /api/v1/desk/invitations/{identifier}": row(Thing.ACCOUNTS, _W, values=_INVITED),
    "GET /api/v1/desk/invitations/{token}/offer": bearer(),
    "POST /api/v1/desk/invitations/{token}/acceptance": bearer(),
    "GET /api/v1/desk/members": may(Thing.ACCOUNTS, _R),
    "DELETE /api/v1/desk/members/me": session(spared=_CLOSES),
    "GET /api/v1/desk/organisation": signed_in(),
    "PUT /api/v1/desk/organisation": may(Thing.ACCOUNTS, _W, spared=_RENAMES, body=_CHARTER),
    "GET /api/v1/desk/organisations": may(Thing.INSTALLATION, _R),
    "POST /api/v1/desk/organisations": may(Thing.INSTALLATION, _W, spared=_MAKES, body=_CHARTER),
    "PUT /api/v1/desk/organisations/{identifier}/title": may(
        Thing.INSTALLATION,
        _W,
        spared=_NAMES,
        values={"identifier": "@organisation"},
        body={"name": "Autre"},
    ),
    "POST /bureau/organisations/{identifier}/titre": may(
        Thing.INSTALLATION,
        _W,
        spared=_NAMES,
        values={"identifier": "@organisation"},
        body={"name": "Autre", "nom": "Autre"},
    ),
    "POST /api/v1/desk/organisations/{identifier}/administrators": may(
        Thing.INSTALLATION, _W, values=_ELSEWHERE, body={"email": "zq@example.org"}
    ),
    "GET /api/v1/desk/tokens": may(Thing.TOKENS, _R, _RO),
    "POST /api/v1/desk/tokens": may(Thing.TOKENS, _W, _WO),
    "GET /api/v1/desk/firm-links": may(Thing.DOSSIERS, _W),
    "POST /api/v1/desk/firm-links": session(body={"siren": "443061841"}),
    "GET /api/v1/desk/firm-links/mine": session(),
    "GET /api/v1/desk/firm-domains": may(Thing.DOSSIERS, _W),
    "GET /api/v1/desk/sign-ups/organisations": anybody(),
    "POST /api/v1/desk/sign-ups": anybody(spared=_LETTERS),
    "POST /api/v1/desk/password-recoveries": anybody(spared=_LETTERS),
    "PUT /api/v1/desk/password-recoveries/current": bearer(spared=_LETTERS),
    "GET /deconnexion/faite": anybody(),
    "POST /bureau/mon-compte/quitter": session(spared=_CLOSES),
    "GET /invitation/{token}": bearer(),
    "POST /invitation/{token}": bearer(),
    "GET /inscription": anybody(),
    "POST /inscription": anybody(spared=_LETTERS),
    "GET /connexion/oubli": anybody(),
    "POST /connexion/oubli": anybody(spared=_LETTERS),
    "GET /connexion/oubli/{token}": bearer(),
    "POST /connexion/oubli/{token}": bearer(),
    "GET /connexion/externe": bearer(),
    "GET /connexion/retour": bearer(),
    "GET /deconnexion/externe": bearer(spared=_CLOSES),
    "GET /bureau/membres": may(Thing.ACCOUNTS, _R),
    "POST /bureau/membres": may(Thing.ACCOUNTS, _W, also=_INVITERS, body=_NEWCOMER_FORM),
    "POST /bureau/membres/invitation/{identifier}/retirer": row(Thing.ACCOUNTS, _W, values=_INVITED),
    "GET /bureau/invitations": may(Thing.ACCOUNTS, _W, also=_INVITERS),
    "POST /bureau/invitations": may(Thing.ACCOUNTS, _W, also=_INVITERS, body=_NEWCOMER_FORM),
    "POST /bureau/invitations/invitation/{identifier}/retirer": row(Thing.ACCOUNTS, _W, values=_INVITED),
    "GET /bureau/organisation": may(Thing.ACCOUNTS, _R),
    "POST /bureau/organisation": may(Thing.ACCOUNTS, _W, spared=_RENAMES, body=_CHARTER_FORM),
    "GET /bureau/organisations": may(Thing.INSTALLATION, _R),
    "POST /bureau/organisations": may(Thing.INSTALLATION, _W, spared=_MAKES, body=_CHARTER_FORM),
    "POST /bureau/organisations/{identifier}/administrateur": may(
        Thing.INSTALLATION, _W, values=_ELSEWHERE, body={"courriel": "zq@example.org"}
    ),
    "GET /bureau/jetons": may(Thing.TOKENS, _R, _RO),
    "POST /bureau/jetons": may(Thing.TOKENS, _W, _WO, body={"libelle": "Un programme", "jours": "30"}),
    "GET /bureau/rattachement": session(),
    "POST /bureau/rattachement": session(body={"siren": "443061841"}),
    "GET /bureau/rattachements": may(Thing.DOSSIERS, _W),
}
