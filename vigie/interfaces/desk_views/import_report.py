"""The page on which an import reports, line by line, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.spreadsheets import LineOutcome, Stage
from vigie.interfaces.desk_views.imports import ADDRESS, COUNTED, OutcomeRow, paging, part, trail_to
from vigie.interfaces.views import Link, Pager

if TYPE_CHECKING:
    from vigie.services.spreadsheets.answers import ImportRecord, ReportLine


@dataclass(frozen=True, slots=True)
class ReportPage:
    """`desk/import_report.html`."""

    title: str
    lead: str
    rows: tuple[OutcomeRow, ...]
    pager: Pager | None
    trail: tuple[Link, ...]


def report_page(record: ImportRecord, page: int) -> ReportPage:
    """Build the report, line by line."""
    if record.stage is Stage.ABANDONED:
        return ReportPage("Import abandonné", "Rien n’a été écrit, et les lignes du tableur sont effacées.", (), None,
                          trail_to("Compte rendu"))  # fmt: skip
    counts = record.line.counts
    told = french.listed(french.counted(count, *COUNTED[LineOutcome(word)]) for word, count in counts.items() if count)
    return ReportPage(
        title="Compte rendu de l’import",
        lead=f"{told}. Les lignes du tableur sont effacées de Vigie ; restent les dossiers et ce compte rendu.",
        rows=tuple(map(_report_row, part(record.report, page))),
        pager=paging(len(record.report), page, f"{ADDRESS}/{record.line.id}/compte-rendu")["pager"],
        trail=trail_to("Compte rendu"),
    )


def _report_row(one: ReportLine) -> OutcomeRow:
    remarks = [f"{note['column']} : {note['sentence']}." for note in one.notes]
    if one.reason:
        remarks.insert(0, f"{french.capital(one.reason)}.")
    what = Link("ouvrir le dossier", f"/bureau/dossiers/{one.dossier}") if one.dossier else Link("")
    return OutcomeRow(str(one.line), LineOutcome(one.outcome).label, what, tuple(remarks))
