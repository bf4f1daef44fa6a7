"""Know: search the directory, read an establishment or a firm, complete what is being typed."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from vigie.domain.actors import Nomenclature, compact_identifier
from vigie.errors import NotFound, Objected, RequestFault
from vigie.services import know_answers as answers
from vigie.services.know_answers import (
    Completions,
    DirectoryEntry,
    Establishment,
    Firm,
    LegalUnit,
    NothingAsked,
    SearchAnswer,
    SearchRequest,
    Suggestion,
    understand,
)
from vigie.services.loaded import STOCK
from vigie.services.nearest import nearest
from vigie.services.places import Places
from vigie.services.suppression import NoSuppression
from vigie.store.directory import DirectoryQuery
from vigie.store.directory import Meant as UnderstoodPart
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.domain.provenance import Provenance
    from vigie.services.loaded import Loaded
    from vigie.services.suppression import Suppressions
    from vigie.store.directory import Directory
    from vigie.store.warehouse import Warehouse

__all__ = [
    "Completions",
    "DirectoryEntry",
    "Establishment",
    "Firm",
    "Know",
    "LegalUnit",
    "NothingAsked",
    "SearchAnswer",
    "SearchRequest",
    "Suggestion",
    "UnderstoodPart",
]  # fmt: skip

UNITS = "sirene_unite_legale"
_FIRMS_SUGGESTED = 5
FIRM_PAGE = 50


FIRMS_KEPT = 256
"""Firms kept in memory for a generation: a page asks several times for the one that it shows."""


class Know:
    """Answers about the establishments and firms of one generation; those of firms that object are nowhere."""

    def __init__(
        self, directory: Directory, warehouse: Warehouse, loaded: Loaded, suppressions: Suppressions | None = None
    ) -> None:
        self._directory, self._warehouse, self._loaded = directory, warehouse, loaded
        self._suppressions = suppressions or NoSuppression()
        self._places = Places(warehouse)
        self._firm = lru_cache(FIRMS_KEPT)(self._read_firm)

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Answer a search; raises `RequestFault` or `NotFound` for words that cannot be understood."""
        asked = understand(request, self._places, self._principal)
        query = replace(asked.query, without=self._suppressions.sirens())
        page = self._directory.search(query)
        return SearchAnswer(
            total=page.total,
            page=request.page,
            per_page=request.per_page,
            total_pages=-(-page.total // request.per_page),
            approximate=page.approximate,
            simulated=self._loaded.simulated,
            sources=self._sources,
            results=tuple(answers.entry(record) for record in page.records),
            place=page.place,
            notes=(*asked.notes, *filter(None, [page.notice])),
            understood=page.understood,
            nearest=() if page.total else nearest(self._directory, query, page.understood),
        )

    def establishment(self, siret: str) -> Establishment:
        """Return an establishment by its SIRET, spaces forgiven.

        Raises `RequestFault` when the text is not a SIRET, `NotFound` when no such establishment is loaded, `Objected`
        when its firm objects to being shown.
        """
        digits = compact_identifier(siret)
        if digits is None or len(digits) != 14:
            raise RequestFault(f"«\u00a0{siret}\u00a0» n’est pas un SIRET\u00a0: il compte 14 chiffres.")
        if self._suppressions.holds(digits[:9]):
            raise Objected
        record = self._directory.record(digits)
        if record is None:
            raise NotFound(f"Aucun établissement {digits} parmi ceux qui sont chargés.")
        return answers.establishment(record, self._loaded.simulated, self._sources)

    def firm(self, number: str, page: int = 1) -> Firm:
        """Return a legal unit and a page of its establishments, by SIREN or by the SIRET of one of them.

        Raises `RequestFault` when the text is neither, `NotFound` when no such firm is loaded, `Objected` when it
        objects to being shown.
        """
        digits = compact_identifier(number)
        if digits is None:
            raise RequestFault(f"«\u00a0{number}\u00a0» n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
        if page < 1:
            raise RequestFault("Les pages se comptent à partir de 1.")
        siren = digits[:9]
        if self._suppressions.holds(siren):
            raise Objected
        return self._firm(siren, page)

    def for_the_desk(self, siren: str) -> Firm | None:
        """Return a firm whether it objects or not: who speaks for it, or reviews an objection, reads it; nobody else.

        `None` when no such firm is loaded.
        """
        try:
            return self._firm(siren, 1)
        except NotFound:
            return None

    def names(self, sirens: Iterable[str]) -> Mapping[str, str]:
        """Return the public names of firms by SIREN, in one question; those that object or are not loaded are absent.

        A name that is masked or not known is empty.
        """
        wanted = sorted({siren for siren in sirens if siren and not self._suppressions.holds(siren)})
        if not wanted:
            return {}
        table = self._warehouse.table("legal_unit")
        unit = table.select("siren", name=table.name.fill_null(table.usual_name).fill_null(""))
        asked = parameter("sirens", "array<string>").unnest().name("siren").as_table()
        rows = self._warehouse.rows(unit.semi_join(asked, "siren"), {"sirens": wanted})
        return {row["siren"]: row["name"] for row in rows}

    def _read_firm(self, siren: str, page: int) -> Firm:
        row = self._warehouse.record("legal_unit", siren)
        found = self._directory.search(DirectoryQuery(text=siren, state=None, page=page, per_page=FIRM_PAGE))
        if row is None and not found.total:
            raise NotFound(f"Aucune entreprise {siren} parmi celles qui sont chargées.")
        return Firm(
            siren=siren,
            unit=answers.unit(row) if row else answers.unknown_unit(siren, found.records),
            establishments=tuple(answers.entry(record) for record in found.records),
            total=found.total,
            page=page,
            per_page=FIRM_PAGE,
            total_pages=-(-found.total // FIRM_PAGE),
            simulated=self._loaded.simulated,
            sources=self._sources,
        )

    def suggest(self, text: str) -> tuple[Suggestion, ...]:
        """Complete what is being typed with names of open establishments; empty below two letters."""
        records = self._directory.suggest(text, without=self._suppressions.sirens())
        found = (answers.entry(record) for record in records)
        return tuple(
            Suggestion(entry.siret, name, entry.commune_name, entry.naf_label)
            for entry in found
            if (name := entry.name or entry.sign or entry.usual_name)
        )

    def complete(self, text: str) -> Completions:
        """Complete what is being typed with places and trades in service, and names of open establishments."""
        found = self._directory.complete(text)
        return Completions(found.places, found.trades, found.before, self.suggest(text)[:_FIRMS_SUGGESTED])

    @cached_property
    def _sources(self) -> tuple[Provenance, ...]:
        return self._loaded.cite(STOCK, UNITS)

    @cached_property
    def _principal(self) -> str:
        """The nomenclature of most open establishments: it changes with the stock of 1 January 2027."""
        table = self._warehouse.table("france_count").filter(lambda rows: rows.naf.notnull())
        counts = table.group_by("naf_nomenclature").agg(establishments=table.establishments.sum())
        rows: list[dict[str, Any]] = self._warehouse.rows(counts)
        known = [row for row in rows if row["naf_nomenclature"] in set(Nomenclature)]
        if not known:
            return Nomenclature.NAF_REV2.value
        return str(max(known, key=lambda row: row["establishments"])["naf_nomenclature"])
