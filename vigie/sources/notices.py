"""BODACC: legal notices of firms, to the columns of the table `notice`.

The export of the DILA has one line a notice; what it tells of persons, and every text written in a cell as JSON, is
left in the file: the nature and the day of a judgment are read from theirs as one of a few kinds and a date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.relations import EventKind
from vigie.sources.base import PreparedTable, cleaned
from vigie.sources.cells import day, not_a_day, parsed, text
from vigie.sources.faults import RejectRule, prepared, repeated, split

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import ibis.expr.types as ir

COLUMNS = (
    "id", "publicationavis", "parution", "dateparution", "numeroannonce", "typeavis", "familleavis", "tribunal",
    "registre", "jugement", "parutionavisprecedent", "url_complete",
)  # fmt: skip
_FAMILIES: Mapping[str, EventKind | None] = {
    "vente": EventKind.SALE,
    "radiation": EventKind.STRIKING_OFF,
    "dpc": EventKind.ACCOUNTS,
    "conciliation": EventKind.PROCEEDING,
    "retablissement_professionnel": EventKind.PROCEEDING,
    "collective": EventKind.PROCEEDING,
    "creation": None,
    "immatriculation": None,
    "modification": None,
    "divers": None,
}
"""What a family of notices tells; nothing for those that Sirene tells better."""
_NATURES = (
    (r"cl[oô]ture|fin de", EventKind.PROCEEDING),
    (r"\bplan\b|cr[eé]ances|extension|report", EventKind.PROCEEDING),
    ("liquidation", EventKind.LIQUIDATION),
    ("redressement", EventKind.RECOVERY),
    ("sauvegarde", EventKind.SAFEGUARD),
)
"""How the nature of a judgment is read, the first that is found; the opening of a procedure names it, and so does what
follows: a plan or a closing is told first."""
_GARBLED = {
    "Ã©": "é", "Ã¨": "è", "Ãª": "ê", "Ã´": "ô", "Ã§": "ç", "Ã®": "î", "Ã¢": "â", "Ã‰": "É", "Ã¯": "ï", "Ã»": "û",
    "Ã\xa0": "à",
}  # fmt: skip
"""UTF-8 read as Latin-1 by whoever published it, on a part of the notices."""
_KEPT, _NUMBER = "published_on", r"^0+"


def notices(raw: ir.Table, today: date) -> PreparedTable:
    """Prepare the export of BODACC: the columns of table `notice`, a row for each firm that a notice is about.

    A notice of annulment takes away the one it names and tells nothing itself; a correction stands in its place. One
    without SIREN is left out in silence, a person's for the most part: the load counts them. When the raw table is
    numbered, a notice seen again is a fault.
    """
    table = parsed(cleaned(raw, COLUMNS), ("dateparution",))
    family = table["familleavis"].lower()
    checked = split(
        table,
        [
            RejectRule("id", "notice_id", table["id"].isnull()),
            RejectRule("dateparution", "day", table["dateparution"].isnull() | not_a_day(table, "dateparution")),
            RejectRule(
                "dateparution", "day_to_come", (day(table, "dateparution") > ibis.literal(today)).fill_null(False)
            ),
            RejectRule("familleavis", "family", ~family.isin(list(_FAMILIES)).fill_null(False)),
        ],
    )
    rows, again = repeated(checked.accepted, ("id",), "notice_again")
    told = _standing(rows)
    firms = told.mutate(siren=_sirens(told["registre"]).unnest())
    accepted = firms.filter(firms.siren.notnull()).select(
        id=firms["id"],
        siren=firms["siren"],
        kind=firms["kind"],
        date=firms["judged"],
        published=firms[_KEPT],
        court=text(_mended(firms["tribunal"])),
        url=ibis.ifelse(firms["url_complete"].startswith("https://"), firms["url_complete"], ibis.null("string")),
    )
    return prepared(accepted, checked.faults, again)


def firmless(raw: ir.Table) -> ir.Table:
    """Return the notices that name no firm by its SIREN."""
    table = cleaned(raw, COLUMNS)
    return table.filter(_sirens(table["registre"]).length().fill_null(0) == 0)


def _standing(rows: ir.Table) -> ir.Table:
    """Keep the notices that tell something and that no other one of the file takes back."""
    kind = rows["typeavis"].lower().fill_null("")
    ended, mended = kind.startswith("annul"), kind.startswith("rectif")
    own = _key(rows["publicationavis"], rows["parution"], rows["numeroannonce"])
    earlier = rows["parutionavisprecedent"]
    named = _key(
        _cell(earlier, "nomPublication").re_extract(r"([A-C])\W*$", 1),
        _cell(earlier, "numeroParution"),
        _cell(earlier, "numeroAnnonce"),
    )
    judgment = _mended(rows["jugement"])
    judged = ibis.ifelse(rows["familleavis"].lower() == "collective", judgment, ibis.null("string"))
    marked = rows.mutate(
        own=own, named=ibis.ifelse(ended | mended, named, ibis.null("string")), ended=ended,
        kind=_kind(rows["familleavis"].lower(), _cell(judged, "nature").lower()),
        judged=_cell(judged, "date").left(10).try_cast("date"), **{_KEPT: day(rows, "dateparution")},
    )  # fmt: skip
    taken = marked.filter(marked.named.notnull()).select(own=marked.named).distinct()
    return marked.filter(~marked.ended, marked.kind.notnull()).anti_join(taken, "own")


def _kind(family: ir.StringValue, nature: ir.StringValue) -> ir.StringValue:
    natures = ((nature.re_search(pattern).fill_null(False), str(kind)) for pattern, kind in _NATURES)
    of_judgment = ibis.cases(*natures, else_=str(EventKind.PROCEEDING))
    known = ((family == name, str(kind)) for name, kind in _FAMILIES.items() if kind and name != "collective")
    return ibis.cases((family == "collective", of_judgment), *known, else_=ibis.null("string"))


def _sirens(register: ir.StringValue) -> ir.ArrayValue:
    """Return the numbers of a register: each is written compact, then with spaces, and counts once."""
    digits = register.re_replace(r"[^0-9]", "")
    chunks = ibis.range(0, digits.length(), 9).map(lambda start: digits.substr(start, 9)).unique()
    sound = (digits.length() % 9 == 0).fill_null(False)
    kept = chunks.filter(lambda siren: siren != "000000000")
    return ibis.ifelse(sound, kept, ibis.null("array<string>"))


def _key(letter: ir.StringValue, issue: ir.StringValue, number: ir.StringValue) -> ir.StringValue:
    return letter + ":" + issue + ":" + number.re_replace(_NUMBER, "")


def _cell(cell: ir.StringValue, name: str) -> ir.StringValue:
    """Return a value of a cell written as JSON, text or number; null when it is not there."""
    return cell.re_extract(rf'"{name}"\s*:\s*"?([^",}}]*)', 1).nullif("")


def _mended(cell: ir.StringValue) -> ir.StringValue:
    for wrong, right in _GARBLED.items():
        cell = cell.replace(wrong, right)
    return cell
