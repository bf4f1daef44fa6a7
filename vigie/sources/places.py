"""Codes of territories as files write them: lost zeros repaired, former communes brought to those of today."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from vigie.sources import cog
from vigie.sources.cog_lookup import CodeBook, code_book

if TYPE_CHECKING:
    from collections.abc import Mapping


WIDTHS: Mapping[str, int] = {"departement": 2, "region": 2, "ze": 4, "aav": 3, "bv": 5, "uu": 5}
"""Digits of a code, zeros in front included, by kind of territory."""


class UnknownPlaceError(ValueError):
    """A code that is no territory's; its text is the reason, in French."""


@dataclass(slots=True)
class PlaceReader:
    """Reads the codes of one file and counts what it had to do.

    `repaired` codes had lost their leading zero, `redirected` ones are former communes.
    """

    book: CodeBook = field(default_factory=code_book)
    repaired: int = 0
    redirected: int = 0

    def commune(self, text: str | None) -> str:
        """Return today's code of a commune. Raises `UnknownPlaceError`."""
        if text is None:
            raise UnknownPlaceError("le code de commune est vide.")
        code = text.upper()
        if len(code) == 4 and code.isdigit():
            code = f"0{code}"
            self.repaired += 1
        today = self.book.today(code)
        if today is None:
            raise UnknownPlaceError(f"la commune « {text} » n’existe dans aucun code géographique depuis 1943.")
        self.redirected += today != code
        return today

    def epci(self, text: str | None) -> str:
        """Return the SIREN of an EPCI or EPT of any vintage held. Raises `UnknownPlaceError`."""
        if text is None:
            raise UnknownPlaceError("le SIREN d’intercommunalité est vide.")
        if text not in _group_vintages():
            raise UnknownPlaceError(f"l’intercommunalité « {text} » n’existe dans aucun millésime depuis 2019.")
        return text

    def communes(self, code: str, vintage: int) -> tuple[str, ...]:
        """Return today's communes of a code: a commune's, its SIREN, or that of an EPCI (nearest vintage held)."""
        if len(code) != 9:
            return (self.commune(code),)
        if code not in _group_vintages():
            if code not in _communes_by_siren():
                raise UnknownPlaceError(f"le SIREN « {code} » n’est celui d’aucune intercommunalité ni commune.")
            return (_communes_by_siren()[code],)
        nearest = min(_group_vintages()[code], key=lambda year: abs(year - vintage))
        return tuple(dict.fromkeys(self.commune(commune) for commune in _members(nearest)[code]))

    def code(self, kind: str, text: str | None) -> str:
        """Return the code of a territory of any kind. Raises `UnknownPlaceError`.

        Zones that Vigie does not ship (employment areas…) are taken as written, lost zeros apart.
        """
        if kind == "commune":
            return self.commune(text)
        if kind in ("epci", "ept"):
            return self.epci(text)
        if kind == "france":
            return "FR"
        if text is None:
            raise UnknownPlaceError("le code de territoire est vide.")
        code, width = text.upper(), WIDTHS.get(kind, 0)
        if code.isdigit() and len(code) < width:
            code = code.zfill(width)
            self.repaired += 1
        if kind in ("departement", "region") and (kind, code) not in self.book.territories:
            raise UnknownPlaceError(f"«\u00a0{text}\u00a0» n’est le code d’aucun territoire de ce genre ({kind}).")
        return code


@cache
def cities() -> Mapping[str, str]:
    """Return the city of each arrondissement of Paris, Lyon and Marseille."""
    return {row["code"]: row["parent"] for row in cog.communes(kinds=("arrondissement",)).to_pylist()}


@cache
def _group_vintages() -> Mapping[str, tuple[int, ...]]:
    """Vintages in which each EPCI or EPT exists."""
    groups = cog.territories().filter(pc.field("kind").isin(["epci", "ept"]))
    found: dict[str, tuple[int, ...]] = {}
    for row in groups.select(["code", "vintage"]).to_pylist():
        found[row["code"]] = (*found.get(row["code"], ()), row["vintage"])
    return found


@cache
def _members(vintage: int) -> Mapping[str, tuple[str, ...]]:
    """Communes of each EPCI or EPT in a vintage (arrondissements left out: their city stands for them)."""
    districts = set(cog.communes(vintage, ("arrondissement",))["code"].to_pylist())
    found: dict[str, tuple[str, ...]] = {}
    for row in cog.memberships([vintage]).filter(pc.field("kind").isin(["epci", "ept"])).to_pylist():
        if row["commune"] not in districts:
            found[row["code"]] = (*found.get(row["code"], ()), row["commune"])
    return found


@cache
def _communes_by_siren() -> Mapping[str, str]:
    """Communes of the latest vintage by their SIREN."""
    return {row["siren"]: row["code"] for row in cog.communes().to_pylist() if row["siren"]}
