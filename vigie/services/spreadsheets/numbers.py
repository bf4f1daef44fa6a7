"""The SIRET of lines that carry none, found in the directory by name and commune; always explained, never guessed.

A number is proposed as sure only when one establishment of the commune bears exactly the name, legal form aside, and
no other does; anything else is a list of candidates among which the officer chooses, nothing being chosen beforehand.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vigie.domain.actors import is_siren, is_siret
from vigie.domain.spreadsheets import ColumnMeaning, Match
from vigie.errors import NotFound, RequestFault
from vigie.services.firm_lookup import known_firm
from vigie.services.know_answers import LONGEST_TEXT, SearchRequest
from vigie.services.spreadsheets.values import read_number
from vigie.services.territory_search import plain

if TYPE_CHECKING:
    from vigie.services.know import DirectoryEntry, Know
    from vigie.services.spreadsheets.lines import LineInReview
    from vigie.services.suppression import Among

SECONDS = 6.0
"""How long one request looks for numbers before it hands the rest to the next one."""
_CANDIDATES = 5
_FORMS = frozenset(
    ("sa", "sas", "sasu", "sarl", "eurl", "sci", "snc", "scop", "scic", "gie", "earl", "gaec", "ei", "eirl", "ets",
     "etablissements", "societe")
)  # fmt: skip

Searched = tuple[str, list[dict[str, Any]]]
_ASKED = "entreprise en diffusion partielle : la loi interdit de la prospecter"
_UNKNOWN = (
    "unité légale non chargée : on ne sait pas si elle a demandé la diffusion partielle, elle n’est pas à prospecter"
)


def search_numbers(lines: Sequence[LineInReview], know: Know | None, seconds: float = SECONDS) -> int:
    """Look for the numbers of the lines that wait, for a time; return how many still wait."""
    waiting = [line for line in lines if line.match == Match.TO_SEARCH and not line.left_out]
    end, known = time.monotonic() + seconds, dict[tuple[str, str], Searched]()
    for rank, line in enumerate(waiting):
        if time.monotonic() > end:
            return len(waiting) - rank
        asked = line.get(ColumnMeaning.NAME), line.get(ColumnMeaning.COMMUNE)
        if asked not in known:
            known[asked] = _search(*asked, know)
        line.match, line.candidates = known[asked][0], [dict(one) for one in known[asked][1]]
        if line.match == Match.EXACT:
            line.said[ColumnMeaning.SIRET.value] = line.candidates[0]["siret"]
    return 0


def choose(line: LineInReview, typed: str) -> str:
    """Give a line the number that the officer chose or typed, none when it is empty; return what is wrong with it."""
    number = read_number(typed)
    if number.fault:
        return f"Ligne {line.line} : {number.fault}."
    if number.digits and not (is_siret(number.digits) or is_siren(number.digits)):
        return f"Ligne {line.line} : ce numéro n’est ni un SIRET ni un SIREN."
    for column in (ColumnMeaning.SIRET, ColumnMeaning.SIREN):
        line.said.pop(column.value, None)
    if number.digits:
        line.said[(ColumnMeaning.SIRET if len(number.digits) == 14 else ColumnMeaning.SIREN).value] = number.digits
    return ""


def refuse_objecting(lines: Sequence[LineInReview], objecting: Among) -> None:
    """Leave out of prospecting the firms that object."""
    found = objecting(line.siren for line in lines if line.siren)
    for line in lines:
        if line.siren in found and not line.left_out:
            line.left_out = "cette entreprise s’est opposée : elle n’est pas à prospecter"


def refuse_masked(lines: Sequence[LineInReview], know: Know | None) -> None:
    """Leave out of prospecting the firms that asked for partial diffusion (article R123-232-1)."""
    if know is None:
        return
    for line in lines:
        if not line.siren or line.left_out:
            continue
        firm = known_firm(know, line.get(ColumnMeaning.SIRET) or line.siren)
        if firm.masked:
            line.left_out = _ASKED if firm.unit_known else _UNKNOWN


def complete(lines: Sequence[LineInReview], know: Know | None) -> None:
    """Give the name and the commune of the directory to lines that carry a number and not these."""
    if know is None:
        return
    for line in lines:
        lacks = not line.get(ColumnMeaning.NAME) or not line.get(ColumnMeaning.COMMUNE)
        if line.left_out or not line.siren or not lacks:
            continue
        firm = known_firm(know, line.get(ColumnMeaning.SIRET) or line.siren)
        for column, value in ((ColumnMeaning.NAME, firm.name), (ColumnMeaning.COMMUNE, firm.commune)):
            if value and not line.get(column):
                line.said[column.value] = value


def _search(name: str, commune: str, know: Know | None) -> Searched:
    if know is None:
        return Match.NONE.value, []
    found, approximate = _asked(know, name, commune, "A")
    if not found:
        found, approximate = _asked(know, name, commune, None)
    if not found:
        return Match.NONE.value, []
    same = [entry for entry in found if _bears(entry, name)]
    if commune and not approximate and len(same) == 1 and same[0].state == "A":
        return Match.EXACT.value, [_candidate(same[0])]
    ordered = [*same, *(entry for entry in found if entry not in same)]
    return Match.CANDIDATES.value, [_candidate(entry) for entry in ordered[:_CANDIDATES]]


def _asked(know: Know, name: str, commune: str, state: str | None) -> tuple[Sequence[DirectoryEntry], bool]:
    within = (f"commune:{commune}",) if commune else ()
    request = SearchRequest(text=name[:LONGEST_TEXT], within=within, state=state, per_page=2 * _CANDIDATES)
    try:
        answer = know.search(request)
    except (NotFound, RequestFault):
        return (), False
    return answer.results, answer.approximate


def _bears(entry: DirectoryEntry, name: str) -> bool:
    asked = _bare(name)
    return bool(asked) and asked in {_bare(text or "") for text in (entry.name, entry.usual_name, entry.sign)}


def _bare(name: str) -> str:
    return " ".join(word for word in plain(name).split() if word not in _FORMS)


def _candidate(entry: DirectoryEntry) -> dict[str, Any]:
    place = " ".join(filter(None, [entry.address, entry.postal_code, entry.commune_name, entry.country]))
    return {
        "siret": entry.siret,
        "name": entry.name or "",
        "place": place,
        "activity": entry.naf_label or "",
        "closed": entry.state == "F",
    }


def settled(lines: Sequence[LineInReview]) -> Mapping[str, int]:
    """Return how many lines have each kind of match."""
    counts = {match.value: 0 for match in Match}
    for line in lines:
        counts[line.match] += not line.left_out
    return counts
