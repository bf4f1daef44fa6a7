"""From what people type to a territory: codes, explicit kinds ("region:52"), former codes that redirect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from vigie.domain.territory import Territory, TerritoryKind
from vigie.errors import NotFound, RequestFault
from vigie.sources import cog

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPELLINGS = {
    "dep": TerritoryKind.DEPARTEMENT,
    "département": TerritoryKind.DEPARTEMENT,
    "reg": TerritoryKind.REGION,
    "région": TerritoryKind.REGION,
    "com": TerritoryKind.COMMUNE,
} | {kind.value: kind for kind in TerritoryKind}

_COMMUNE = re.compile(r"\d[0-9AB]\d{3}")
_DEPARTMENT = re.compile(r"\d[0-9AB]|9[78]\d")
_SIREN = re.compile(r"\d{9}")
_EXPECTED = (
    "Donnez un code de commune (85191), un SIREN d’intercommunalité (200071629), un département (85, 2A, 974), "
    "une région (region:52) ou FR."
)


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Codes of the latest vintage, ready to be looked up.

    `places` are communes and arrondissements, `attached` leads from a commune déléguée or associée to its
    commune, `former` from a code no longer in use to the one that replaces it.
    """

    places: Mapping[str, Mapping[str, Any]]
    attached: Mapping[str, str]
    former: Mapping[str, str]
    territories: Mapping[tuple[str, str], Mapping[str, Any]]

    def today(self, code: str) -> str | None:
        """Return today's code of a commune (an arrondissement stays itself), `None` when it never existed."""
        if code in self.places:
            return code
        return self.former.get(code) or self.attached.get(code)

    def by_published(self) -> dict[str, str]:
        """Return, for each commune code that a file may bear, the code of today."""
        return {**self.former, **self.attached, **{code: code for code in self.places}}


@cache
def code_book() -> CodeBook:
    """Return the code book of the reference that ships with Vigie, read once."""
    latest = [cog.latest_vintage()]
    former = cog.former_communes()
    attached = cog.communes(kinds=("deleguee", "associee"))
    rows = cog.territories(latest).to_pylist()
    return CodeBook(
        places={row["code"]: row for row in rows if row["kind"] == "commune"},
        attached={row["code"]: row["parent"] for row in attached.to_pylist()},
        former={row["former"]: row["commune"] for row in former.to_pylist()},
        territories={(row["kind"], row["code"]): row for row in rows},
    )


def parse(text: str) -> tuple[TerritoryKind, str]:
    """Return the kind and code that a text means, without asking whether they exist.

    An explicit kind comes before a colon. Alone, two characters are a département (régions share their
    numbers), five a commune, nine a SIREN of an EPCI or EPT. Raises `RequestFault` when it is none of them.
    """
    prefix, colon, rest = text.strip().partition(":")
    if colon:
        kind = _SPELLINGS.get(prefix.strip().lower())
        code = rest.strip() if kind in (TerritoryKind.PROGRAMME, TerritoryKind.PERIMETER) else rest.strip().upper()
        if kind is None:
            names = ", ".join(sorted(item.value for item in TerritoryKind))
            raise RequestFault(f"« {prefix} » n’est pas un genre de territoire. Genres connus : {names}.")
        if not code:
            raise RequestFault(f"Il manque le code après « {prefix}: ». {_EXPECTED}")
        return kind, code
    code = prefix.upper()
    if code in ("FR", "FRANCE"):
        return TerritoryKind.FRANCE, "FR"
    if _COMMUNE.fullmatch(code):
        return TerritoryKind.COMMUNE, code
    if _DEPARTMENT.fullmatch(code):
        return TerritoryKind.DEPARTEMENT, code
    if _SIREN.fullmatch(code):
        return (TerritoryKind.EPT if ("ept", code) in code_book().territories else TerritoryKind.EPCI), code
    if code.isascii() and code.isdigit() and len(code) in (1, 4):
        raise RequestFault(f"« {code} » a perdu son zéro de tête : écrivez « 0{code} ».")
    raise RequestFault(f"« {text.strip()} » n’est pas un code de territoire. {_EXPECTED}")


def resolve(text: str) -> Territory:
    """Return the territory that a text means, in the latest vintage.

    A former code gives the commune of today, with `redirected_from`. Raises `RequestFault` when the text is
    not a code, `NotFound` when no such territory exists; zonings other than the administrative ones are only
    known to the warehouse, which loads them.
    """
    kind, code = parse(text)
    if kind is TerritoryKind.FRANCE:
        return _france()
    book = code_book()
    asked = code
    if kind is TerritoryKind.COMMUNE:
        code = book.today(code) or code
    row = book.territories.get((kind.value, code))
    if row is None:
        raise NotFound(_absence(kind, code))
    return Territory(
        kind, code, row["name"], row["vintage"], row["population"], redirected_from=None if asked == code else asked
    )


@cache
def _france() -> Territory:
    """Return the whole country, without reading the code book: every page is about it first."""
    row = cog.france(cog.latest_vintage())
    return Territory(TerritoryKind.FRANCE, row["code"], row["name"], row["vintage"], row["population"])


def _absence(kind: TerritoryKind, code: str) -> str:
    """Say that a code does not exist, with what it was when an older vintage had it."""
    latest = cog.latest_vintage()
    older = cog.territories().filter((pc.field("kind") == kind.value) & (pc.field("code") == code))
    if older.num_rows:
        last = max(older.to_pylist(), key=lambda row: row["vintage"])
        return (
            f"« {last['name']} » ({kind.value}:{code}) n’existe plus : ce territoire figure au code géographique "
            f"jusqu’en {last['vintage']}, pas en {latest}."
        )
    return f"Aucun territoire {kind.value}:{code} au code officiel géographique {latest}. {_EXPECTED}"
