"""European projects: CORDIS `organization.csv`, whose `vatNumber` gives the SIREN of most French participants.

A signed grant names its participants: ties are declared. Amounts, names, addresses and contacts are not read.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from vigie.domain.actors import is_siren
from vigie.errors import Reject, StructureFault
from vigie.sources.archives import open_bytes, table_members
from vigie.sources.sheets import records
from vigie.sources.ties.groups import PROJECT, Certainty, JointGroup, TiesRead, day_of, drawn

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from vigie.sources.cards_reader import Card

_FRENCH_VAT = re.compile(r"FR([0-9]{2})([0-9]{9})")
_DATES = "project.csv"


def read_projects(path: Path, card: Card) -> TiesRead:
    """Read the organisations of an archive of CORDIS; the days on which projects begin are those of `project.csv`.

    A French participant whose VAT number is absent or wrong counts among the participants, without a tie; a wrong one
    is said. Raises `StructureFault` when the file or its card is at fault.
    """
    begun = _beginnings(path)
    groups: dict[str, JointGroup] = {}
    rejects, rows = [], 0
    for number, cells in records(path, card):
        rows += 1
        project = cells.get("project") if cells else None
        organisation = cells.get("organisation") if cells else None
        if cells is None or project is None or organisation is None:
            what = "cette ligne n’a ni projet ni participant lisibles."
            rejects.append(Reject(path.name, number, "", what))
            continue
        group = groups.setdefault(project, JointGroup(project, begun.get(project), Certainty.DECLARED))
        written = re.sub(r"\W", "", (cells.get("vat") or "").upper())
        siren = siren_of_vat(written) if cells.get("country") == "FR" else None
        if siren is None:
            group.others.add(organisation)
        else:
            group.sirens.add(siren)
        if siren is None and cells.get("country") == "FR" and _FRENCH_VAT.fullmatch(written):
            what = "la clé de ce numéro de TVA est fausse : ce participant est compté, sans lien."
            rejects.append(Reject(path.name, number, "vatNumber", what))
    table, ties = drawn(PROJECT, card.id, groups.values())
    return TiesRead(table, ties, tuple(rejects), rows)


def siren_of_vat(vat: str) -> str | None:
    """Return the SIREN that a French VAT number holds, `None` when its key or that of the SIREN is wrong.

    >>> siren_of_vat("FR83404833048"), siren_of_vat("FR00404833048"), siren_of_vat("BE0123456789")
    ('404833048', None, None)
    """
    found = _FRENCH_VAT.fullmatch(vat)
    if found is None or not is_siren(found[2]):
        return None
    return found[2] if (12 + 3 * (int(found[2]) % 97)) % 97 == int(found[1]) else None


def _beginnings(path: Path) -> dict[str, date]:
    """Return the day on which each project begins, from the file beside that of organisations; empty without it."""
    if path.suffix != ".zip":
        return {}
    found: dict[str, date] = {}
    member = next((name for name in table_members(path) if name.rpartition("/")[2] == _DATES), None)
    if member is None:
        return {}
    with suppress(StructureFault, UnicodeDecodeError), open_bytes(path, member) as stream:
        for row in csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig", newline=""), delimiter=";"):
            day = day_of(row.get("startDate"))
            if day is not None and row.get("id"):
                found[row["id"]] = day
    return found
