"""Spreadsheets as officers bring them, and a directory small enough to be read at a glance."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook

from vigie.errors import NotFound
from vigie.services.know_answers import DirectoryEntry, Firm, LegalUnit, SearchAnswer, SearchRequest
from vigie.services.territory_search import plain

HERBIERS, EPESSES = "85109", "85082"
BOIS, BOIS_TWIN, METAL, SECRET, OBJECTOR = (
    "73282932000074", "55210055400013", "44306184100047", "35600000000048", "39991115100018",
)  # fmt: skip


def entry(siret: str, name: str, commune: str = HERBIERS, *, masked: bool = False, state: str = "A") -> DirectoryEntry:
    place = {HERBIERS: "Les Herbiers", EPESSES: "Les Epesses"}[commune]
    return DirectoryEntry(
        siret, siret[:9], name, masked, state, commune=commune, commune_name=place, naf_label="Menuiserie"
    )


class SmallKnow:
    """Answers like the directory, from a handful of establishments."""

    def __init__(self, *entries: DirectoryEntry) -> None:
        self.entries = entries
        self.asked: list[SearchRequest] = []

    def search(self, request: SearchRequest) -> SearchAnswer:
        self.asked.append(request)
        words = [word for word in plain(request.text).split() if word not in ("sarl", "sas")]
        places = {key.removeprefix("commune:") for key in request.within}
        found = [
            one
            for one in self.entries
            if (not places or one.commune in places)
            and (request.state is None or one.state == request.state)
            and any(word in plain(one.name or "").split() for word in words)
        ]
        return SearchAnswer(len(found), 1, 20, 1, False, False, (), tuple(found[: request.per_page]))

    def firm(self, number: str) -> Firm:
        own = [one for one in self.entries if one.siren == number[:9]]
        if not own:
            raise NotFound("inconnu")
        unit = LegalUnit(own[0].siren, own[0].name, masked=own[0].masked)
        return Firm(own[0].siren, unit, tuple(own), len(own), 1, 50, 1, False, ())

    def establishment(self, siret: str) -> DirectoryEntry:
        for one in self.entries:
            if one.siret == siret:
                return one
        raise NotFound("inconnu")


DIRECTORY = (
    entry(BOIS, "ATELIER DU BOIS"),
    entry(METAL, "METAL BOCAGE"),
    entry(BOIS_TWIN, "BOIS SERVICES"),
    entry(SECRET, "MENUISERIE DISCRETE", masked=True),
)


def csv_file(rows: Sequence[Sequence[str]], separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode(encoding)


def xlsx_file(rows: Sequence[Sequence[Any]], **sheets: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        for name, kept in {"Suivi": rows, **sheets}.items():
            page = book.add_worksheet(name)
            for line, row in enumerate(kept):
                page.write_row(line, 0, row)
    return buffer.getvalue()
