"""Public contracts held by several firms: consolidated DECP (a row per holder) and the official layout (three holders).

A tie is *declared* where the group of holders is said joint or several (`typeGroupementOperateurs`: conjoint,
solidaire); there is none for « Pas de groupement », which is a contract given to several, each for itself. Where the
field is empty, two to six holders of one contract that is no framework agreement are a *doubtful* tie.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from vigie.errors import Reject
from vigie.sources.sheets import Cells, records
from vigie.sources.ties.groups import CONTRACT, MOST_MEMBERS, Certainty, JointGroup, TiesRead, day_of, drawn, siren_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vigie.sources.cards_reader import Card

_JOINT, _ALONE = ("conjoint", "solidaire"), ("pas de groupement", "aucun")
_ABSENT = ("", "cdl", "nc", "null", "nan", "sans objet")
_NOT_CURRENT = ("false", "non", "0", "faux")
_NUMBERED = ("siret", "siren")
"""Types of identifier that are French numbers; any other belongs to a holder without SIREN."""
# Contracts of more holders than this, when nobody says that they are a group, are lots far more often than groups.
_MOST_DOUBTFUL = 6
_PLACES = ("", "_1", "_2", "_3")
"""Ends of the columns of holders: one in a row, or up to three in the official layout."""


def read_contracts(path: Path, card: Card) -> TiesRead:
    """Read a file of contracts. Raises `StructureFault` when the file or its card is at fault.

    A holder whose number is no SIRET still counts among the holders and is said; a day that is none leaves the date of
    the contract unknown. A holder named twice, or by two of its establishments, counts once. Amounts are not read.
    """
    reading = _ContractReading(path.name, {rule.as_: rule.name for rule in card.columns})
    rows = 0
    for number, cells in records(path, card):
        rows += 1
        if cells is None:
            reading.refuse(number, "", "cette ligne n’a pas autant de cellules que l’en-tête.")
        else:
            reading.take(number, cells)
    reading.refuse_crowds()
    groups, ties = drawn(CONTRACT, card.id, reading.groups.values())
    return TiesRead(groups, ties, tuple(reading.rejects), rows)


class _ContractReading:
    def __init__(self, file: str, names: Mapping[str, str]) -> None:
        self._file, self._names = file, names
        self._first: dict[str, int] = {}
        self.groups: dict[str, JointGroup] = {}
        self.rejects: list[Reject] = []

    def refuse(self, number: int, column: str, reason: str) -> None:
        """Note a row, or a cell, that gives nothing."""
        self.rejects.append(Reject(self._file, number, self._names.get(column, column), reason))

    def take(self, number: int, cells: Cells) -> None:
        """Read one row: a holder, or up to three."""
        if (cells.get("current") or "").lower() in _NOT_CURRENT:
            return
        market = cells.get("market")
        if market is None:
            self.refuse(number, "market", "ce marché n’a pas d’identifiant.")
            return
        key = f"{cells['buyer']} {market}" if cells.get("buyer") else market
        group = self.groups.setdefault(key, JointGroup(key))
        self._first.setdefault(key, number)
        self._date(group, number, cells)
        grouping, framework = _plain(cells.get("grouping")), _is_framework(cells)
        group.certainty = _certainty(grouping, framework)
        for place in _PLACES:
            written = cells.get(f"holder{place}")
            if written and _plain(written) not in _ABSENT:
                self._holder(group, number, f"holder{place}", written, _plain(cells.get(f"holder_type{place}")))

    def _date(self, group: JointGroup, number: int, cells: Cells) -> None:
        written = cells.get("date")
        if written and group.date is None:
            group.date = day_of(written)
            if group.date is None:
                self.refuse(number, "date", f"« {written} » n’est pas le jour d’un marché : sa date reste inconnue.")

    def _holder(self, group: JointGroup, number: int, column: str, written: str, kind: str) -> None:
        numbered = kind in _NUMBERED or kind in _ABSENT
        siren = siren_of(written) if numbered else None
        if siren is not None:
            group.sirens.add(siren)
            return
        group.others.add(written)
        if numbered:
            self.refuse(number, column, f"« {written} » n’est pas un SIRET : ce titulaire est compté, sans lien.")

    def refuse_crowds(self) -> None:
        """Settle the doubtful groups by their size, and say those that hold more members than a group can."""
        for key, group in self.groups.items():
            if group.certainty is Certainty.DOUBTFUL and group.size > _MOST_DOUBTFUL:
                group.certainty = None
            elif group.certainty is Certainty.DECLARED and group.size > MOST_MEMBERS[CONTRACT]:
                what = f"un groupement de {group.size} titulaires : aucun lien n’en est tiré."
                self.refuse(self._first[key], "holder", what)


def _certainty(grouping: str, framework: bool) -> Certainty | None:
    if any(word in grouping for word in _ALONE):
        return None
    if any(word in grouping for word in _JOINT):
        return Certainty.DECLARED
    return Certainty.DOUBTFUL if grouping in _ABSENT and not framework else None


def _is_framework(cells: Cells) -> bool:
    nature, technique, framework = (_plain(cells.get(name)) for name in ("nature", "technique", "framework"))
    return "accord-cadre" in nature or "accord-cadre" in technique or framework not in _ABSENT


def _plain(text: str | None) -> str:
    return unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().strip().lower()
