"""What the pages of imports are given: the list, the columns, the numbers, the doubles, the last look, the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, TypeVar

from vigie.domain import french
from vigie.domain.spreadsheets import ColumnMeaning, LineOutcome, Match, Stage
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.desk_views.import_reading import ReadingChoice, TotalsShown, totals_of, ways_of
from vigie.interfaces.desk_views.jobs import ADDRESS as JOBS
from vigie.interfaces.present import pager
from vigie.interfaces.views import Link, Pager
from vigie.services.communes import commune_name
from vigie.services.job_kinds import LOT

if TYPE_CHECKING:
    from vigie.services.spreadsheets.answers import ImportLine, ImportRecord
    from vigie.services.spreadsheets.columns import ColumnGuess
    from vigie.services.spreadsheets.lines import LineInReview

Row = TypeVar("Row")
ADDRESS = "/bureau/imports"
IMPORTS = Link("Imports", ADDRESS)
PER_PAGE = 50
STEPS = {
    Stage.READ: "colonnes",
    **dict.fromkeys((Stage.SEARCHING, Stage.NUMBERS), "numeros"),
    Stage.DOUBLES: "doublons",
    Stage.READY: "verification",
    **dict.fromkeys((Stage.APPLIED, Stage.ABANDONED), "compte-rendu"),
    **dict.fromkeys((Stage.MATCHING, Stage.REVIEWING, Stage.APPLYING), "suite"),
}
"""The page of each stage."""
_MATCHES = {
    Match.EXACT: "trouvé : un seul établissement de la commune porte exactement ce nom",
    Match.CANDIDATES: "plusieurs établissements ressemblent : choisissez le bon, ou aucun",
    Match.NONE: "aucun établissement trouvé sous ce nom : vous pouvez écrire le SIRET, ou laisser vide",
    Match.REPAIRED: "des zéros perdus ont été remis, la clé de contrôle est juste",
}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import in the list."""

    title: str
    href: str
    stage: str
    detail: str


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """`desk/imports.html`: the form that brings a file, and the imports already made."""

    form: Form
    rows: tuple[ImportRow, ...]
    title: str = "Imports"
    lead: str = "Apportez le tableur que vous tenez aujourd’hui : rien n’est écrit avant votre dernier accord."
    trail: tuple[Link, ...] = (DESK, Link("Imports"))


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column of the file, and what it may hold."""

    name: str
    header: str
    examples: str
    reason: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class LineToDecide:
    """One line to decide on: what it says, what was noticed, the choices; `typed` asks for a number as well."""

    name: str
    label: str
    detail: str
    why: str
    notes: tuple[str, ...]
    options: tuple[Option, ...]
    typed: str = ""


@dataclass(frozen=True, slots=True)
class StepPage:
    """The pages of one import: its steps, and what each asks."""

    title: str
    lead: str
    action: str
    form: Form
    trail: tuple[Link, ...]
    notes: tuple[str, ...] = ()
    columns: tuple[ColumnRow, ...] = ()
    ways: tuple[ReadingChoice, ...] = ()
    masks: bool = False
    unmasked: bool = False
    totals: TotalsShown | None = None
    prospecting: bool = False
    choices: tuple[LineToDecide, ...] = ()
    pager: Pager | None = None
    page: int = 1
    last: bool = True
    remaining: int = 0
    abandon: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became, or will become, of a line."""

    line: str
    outcome: str
    what: Link
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """`desk/import_ready.html`: the step, and what each line will become."""

    step: StepPage
    rows: tuple[OutcomeRow, ...]

    @property
    def title(self) -> str:
        """Title of the page."""
        return self.step.title

    @property
    def lead(self) -> str:
        """First sentence of the page."""
        return self.step.lead

    @property
    def trail(self) -> tuple[Link, ...]:
        """Where the page stands."""
        return self.step.trail


def step_address(record: ImportRecord) -> str:
    """Return the page where an import goes on: that of the job, while one works on it."""
    if record.job:
        return f"{JOBS}/{record.job}"
    return f"{ADDRESS}/{record.line.id}/{STEPS[record.stage]}"


def imports_page(lines: Sequence[ImportLine], form: Form) -> ImportsPage:
    """Build the list of imports."""
    return ImportsPage(form, tuple(map(_import_row, lines)))


def _import_row(line: ImportLine) -> ImportRow:
    stage = Stage(line.stage)
    done = [french.counted(count, *COUNTED[LineOutcome(word)]) for word, count in line.counts.items() if count]
    detail = [french.counted(line.rows, "ligne"), f"apporté le {french.long_date(line.created_at)}", *done]
    return ImportRow(
        line.file_name or "Tableur effacé", f"{ADDRESS}/{line.id}/{STEPS[stage]}", stage.label, " · ".join(detail)
    )


COUNTED = {
    LineOutcome.CREATED: ("dossier créé", "dossiers créés"),
    LineOutcome.MERGED: ("dossier complété", "dossiers complétés"),
    LineOutcome.UNCHANGED: ("ligne sans rien à changer", "lignes sans rien à changer"),
    LineOutcome.LEFT_OUT: ("ligne laissée de côté", "lignes laissées de côté"),
}


def columns_page(record: ImportRecord, form: Form) -> StepPage:
    """Build the page on which columns are matched."""
    known = sum(bool(one.column) for one in record.columns)
    return StepPage(
        title="Vérifier les colonnes",
        lead=(
            f"{french.counted(record.line.rows, 'ligne lue', 'lignes lues')} dans « {record.line.file_name} » ; "
            f"{french.counted(known, 'colonne reconnue', 'colonnes reconnues')} sur {len(record.columns)}. "
            "Corrigez ce qui ne convient pas."
        ),
        action=f"{ADDRESS}/{record.line.id}/colonnes",
        form=form,
        trail=trail_to("Colonnes"),
        notes=record.notes,
        columns=tuple(_column_row(one, form) for one in record.columns),
        ways=ways_of(record.offered),
        masks=record.offered is not None and record.offered.masks,
        unmasked=record.offered is not None and record.offered.taken.hidden,
        totals=totals_of(record.offered),
        prospecting=record.prospecting,
        abandon=_abandon(record),
    )


def _column_row(one: ColumnGuess, form: Form) -> ColumnRow:
    name = f"colonne-{one.place}"
    chosen = form.value(name, one.column)
    options = [Option("", "ne pas importer", not chosen)]
    options += [Option(column.value, column.label, column.value == chosen) for column in ColumnMeaning]
    examples = " · ".join(one.examples) or "colonne vide"
    return ColumnRow(name, one.header, examples, one.reason if one.column else "", tuple(options))


def numbers_page(record: ImportRecord, form: Form, page: int) -> StepPage:
    """Build the page on which numbers are verified."""
    shown = [line for line in record.lines if line.match in _MATCHES and not line.left_out]
    shown.sort(key=lambda line: (_ORDER[Match(line.match)], line.line))
    counts = {match: sum(line.match == match for line in shown) for match in _MATCHES}
    sure, open_ones, none = counts[Match.EXACT], counts[Match.CANDIDATES], counts[Match.NONE]
    if record.remaining:
        lead = f"Il reste {french.counted(record.remaining, 'nom')} à chercher dans l’annuaire."
    else:
        lead = (
            f"{french.counted(sure, 'SIRET trouvé', 'SIRET trouvés')} sans ambiguïté, "
            f"{french.counted(open_ones, 'ligne')} à départager, "
            f"{french.counted(none, 'ligne')} sans établissement connu. Aucun n’est deviné : rien n’est choisi à votre "
            "place quand plusieurs conviennent."
        )
    return StepPage(
        title="Vérifier les SIRET",
        lead=lead,
        action=f"{ADDRESS}/{record.line.id}/numeros",
        form=form,
        trail=trail_to("SIRET"),
        choices=tuple(_number_choice(line) for line in part(shown, page)) if not record.remaining else (),
        remaining=record.remaining,
        abandon=_abandon(record),
        **paging(len(shown), page, f"{ADDRESS}/{record.line.id}/numeros"),
    )


ONE_CANDIDATE = "un établissement ressemble : choisissez-le si c’est lui"
_ORDER = {Match.CANDIDATES: 0, Match.NONE: 1, Match.REPAIRED: 2, Match.EXACT: 3}


def _number_choice(line: LineInReview) -> LineToDecide:
    current = line.said.get("siret") or line.said.get("siren") or ""
    options = [Option("", "aucun de ceux-ci", not current)]
    options += [
        Option(
            one["siret"],
            " · ".join(filter(None, [french.identifier(one["siret"]), one["name"], one["place"], one["activity"],
                                     "fermé" if one["closed"] else ""])),
            one["siret"] == current,
        )
        for one in line.candidates
    ]  # fmt: skip
    offered = {option.value for option in options}
    return LineToDecide(
        name=f"ligne-{line.line}",
        label=f"Ligne {line.line} : {line.title}",
        detail=_place(line),
        why=_MATCHES[Match(line.match)] if len(line.candidates) != 1 else ONE_CANDIDATE,
        notes=_notes(line),
        options=tuple(options) if line.candidates else (),
        typed="" if current in offered else current,
    )


def doubles_page(record: ImportRecord, form: Form, page: int) -> StepPage:
    """Build the page on which doubles are decided on."""
    shown = [line for line in record.lines if line.doubles]
    return StepPage(
        title="Vérifier les doublons",
        lead=(
            f"{french.counted(len(shown), 'ligne ressemble', 'lignes ressemblent')} à un dossier déjà ouvert ou à une "
            "autre ligne. Compléter n’efface rien : seules les cases vides du dossier sont remplies."
        ),
        action=f"{ADDRESS}/{record.line.id}/doublons",
        form=form,
        trail=trail_to("Doublons"),
        choices=tuple(_double_choice(line) for line in part(shown, page)),
        abandon=_abandon(record),
        **paging(len(shown), page, f"{ADDRESS}/{record.line.id}/doublons"),
    )


def _double_choice(line: LineInReview) -> LineToDecide:
    options = []
    for one in line.doubles:
        target = one.get("dossier") or f"#{one['line']}"
        named = f"« {one['title']} »" if one.get("dossier") else f"la ligne {one['line']} (« {one['title']} »)"
        chosen = line.decision == "merge" and line.target == target
        options.append(Option(f"merge:{target}", f"compléter {named} : {one['why']}", chosen))
    options.append(Option("create", "créer un autre dossier", line.decision == "create"))
    options.append(Option("leave", "garder ce qui existe, laisser cette ligne", line.decision == "leave"))
    return LineToDecide(
        f"ligne-{line.line}", f"Ligne {line.line} : {line.title}", _place(line), "", _notes(line), tuple(options)
    )


def ready_page(record: ImportRecord, form: Form, page: int) -> tuple[StepPage, tuple[OutcomeRow, ...]]:
    """Build the last look before applying."""
    left = sum(bool(line.left_out) or line.decision == "leave" for line in record.lines)
    merged = sum(not line.left_out and line.decision == "merge" for line in record.lines)
    created = len(record.lines) - left - merged
    step = StepPage(
        title="Dernier regard",
        lead=(
            f"{french.counted(created, 'dossier sera créé', 'dossiers seront créés')}, "
            f"{french.counted(merged, 'ligne complétera', 'lignes compléteront')} un dossier, "
            f"{french.counted(left, 'ligne sera laissée', 'lignes seront laissées')} de côté. "
            + (
                "Tout est écrit d’un coup, ou rien ne l’est."
                if len(record.lines) <= LOT
                else "L’application se fait ensuite sans vous ; vous la suivez sur une page et pouvez l’arrêter."
            )
        ),
        action=f"{ADDRESS}/{record.line.id}/application",
        form=form,
        trail=trail_to("Dernier regard"),
        abandon=_abandon(record),
        **paging(len(record.lines), page, f"{ADDRESS}/{record.line.id}/verification"),
    )
    return step, tuple(_coming_row(line) for line in part(record.lines, page))


def _coming_row(line: LineInReview) -> OutcomeRow:
    if line.left_out or line.decision == "leave":
        outcome = "laissée de côté"
    elif line.decision == "merge":
        outcome = _completed(line)
    else:
        outcome = "nouveau dossier"
    why = [f"{french.capital(line.left_out)}."] if line.left_out else []
    return OutcomeRow(str(line.line), outcome, Link(line.title or "sans nom"), (*why, *_notes(line)))


def _completed(line: LineInReview) -> str:
    """Return which dossier a line completes: the officer's last look must not let a wrong one through."""
    named = [one for one in line.doubles if line.target in (one.get("dossier"), f"#{one.get('line')}")]
    return f"complète « {named[0]['title']} »" if named else "complète un dossier"


def _notes(line: LineInReview) -> tuple[str, ...]:
    return tuple(f"{note['column']} : {note['sentence']}." for note in line.notes)


def _place(line: LineInReview) -> str:
    said = line.said
    commune = commune_name(said["commune"]) if said.get("commune") else ""
    return " · ".join(filter(None, [commune, said.get("activity"), said.get("contact")]))


def part(rows: Sequence[Row], page: int) -> Sequence[Row]:
    """Return the rows of a page."""
    return rows[(page - 1) * PER_PAGE : page * PER_PAGE]


class _Paging(TypedDict):
    pager: Pager
    page: int
    last: bool


def paging(total: int, page: int, address: str) -> _Paging:
    """Return where a page stands among the others."""
    pages = max(1, -(-total // PER_PAGE))
    shown = pager(page, pages, lambda number: f"{address}?page={number}")
    return _Paging(pager=shown, page=page, last=page >= pages)


def _abandon(record: ImportRecord) -> str:
    return f"{ADDRESS}/{record.line.id}/abandon"


def trail_to(here: str) -> tuple[Link, ...]:
    """Return where a step of an import stands."""
    return (DESK, IMPORTS, Link(here))
