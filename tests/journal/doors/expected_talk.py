"""Every route of consultations, and its rule."""

from __future__ import annotations

from collections.abc import Mapping

from tests.journal.doors.matrix import Rule, anybody, bearer, may, row
from vigie.domain.access import Right, Thing

_R, _W, _RO, _WO, _RS, _A, _M = Right
CONSULTATION = {
    "question": "Que faire des ateliers ?", "becomes": "Un débat", "becomes_on": "2027-06-01",
    "opens_on": "2027-01-01", "closes_on": "2027-03-01", "territory": "85109",
}  # fmt: skip
_TALK = {"consultation": "@consultation"}
_IDEA = {"text": "Il faut ouvrir les ateliers le soir."}
_CROWD = "dix participants par jour depuis un même réseau : les essais suivants seraient refusés"
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
