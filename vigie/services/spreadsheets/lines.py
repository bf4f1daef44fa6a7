"""Rows of a spreadsheet put in words of the follow-up; what cannot be read is noted, with its line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from vigie.domain.addresses import AddressFault, read_address, unwritable
from vigie.domain.days import EXAMPLES, due, past
from vigie.domain.followup import DossierKind
from vigie.domain.french import short_date
from vigie.domain.spreadsheets import Column, Decision, Match
from vigie.services.followup.entries import TEXT, TITLE
from vigie.services.spreadsheets import communes
from vigie.services.spreadsheets.communes import postal_code
from vigie.services.spreadsheets.grids import MARKS, Row, Sheet
from vigie.services.spreadsheets.values import read_day, read_kind, read_number, read_phone, read_state, read_tags
from vigie.store.gazetteer import LOST_ZERO

_LONGEST_TAG = 60
_KEPT = "la case est laissée vide"


@dataclass(slots=True)
class Line:
    """One line on its way to a dossier.

    `said` holds what was read, by column; `notes` are `{column, field, sentence}`, `column` as the file names it;
    `candidates` are the establishments among which the officer chooses; `doubles` are what the line may be the same
    as (`{dossier | line, title, why}`), the most likely first; `target` is the dossier, or the line of the file
    (`#12`), that a merge completes.
    """

    line: int
    said: dict[str, str] = field(default_factory=dict)
    match: str = Match.NOT_ASKED.value
    notes: list[dict[str, str]] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    doubles: list[dict[str, str]] = field(default_factory=list)
    decision: str = Decision.CREATE.value
    target: str = ""
    left_out: str = ""

    def get(self, column: Column) -> str:
        """Return what a column says, empty when it says nothing."""
        return self.said.get(column.value, "")

    @property
    def siren(self) -> str:
        """SIREN of the line, empty when unknown."""
        return self.get(Column.SIRET)[:9] or self.get(Column.SIREN)

    @property
    def title(self) -> str:
        """Name under which the line is shown, and its dossier opened."""
        return self.get(Column.NAME) or self.get(Column.CONTACT) or (f"Entreprise {self.siren}" if self.siren else "")

    def as_json(self) -> dict[str, Any]:
        """Return the line as an import keeps it."""
        return asdict(self)


def read_lines(sheet: Sheet, matching: Mapping[int, Column], today: date) -> list[Line]:
    """Read every row of a sheet by a checked matching."""
    headers = {column: sheet.header[place] for place, column in matching.items()}
    return [_Reader(headers, today).read(row, matching) for row in sheet.rows]


@dataclass(slots=True)
class _Reader:
    """Reads one row; `headers` names columns as the file does, for the notes."""

    headers: Mapping[Column, str]
    today: date

    def read(self, row: Row, matching: Mapping[int, Column]) -> Line:
        """Return the line of a row."""
        raw = {column: row.cells[place] for place, column in matching.items() if row.cells[place]}
        line = Line(row.line)
        self._marks(line, row, matching)
        self._numbers(line, raw)
        self._commune(line, raw)
        self._texts(line, raw)
        self._days(line, raw)
        self._words(line, raw)
        if not line.title and not line.get(Column.DOSSIER):
            line.left_out = "ni nom, ni contact, ni numéro lisible : rien ne dit de qui il s’agit"
        elif not line.siren and line.match == Match.NOT_ASKED and line.get(Column.NAME):
            asked = line.said.get(Column.KIND.value, DossierKind.FIRM.value) == DossierKind.FIRM
            line.match = (Match.TO_SEARCH if asked and not line.get(Column.DOSSIER) else Match.NOT_ASKED).value
        return line

    def _note(self, line: Line, column: Column, sentence: str) -> None:
        header = self.headers.get(column, column.label)
        line.notes.append({"column": header, "field": column.value, "sentence": sentence})

    def _marks(self, line: Line, row: Row, matching: Mapping[int, Column]) -> None:
        for place, mark in row.marks:
            if place in matching:
                self._note(line, matching[place], MARKS[mark])

    def _numbers(self, line: Line, raw: Mapping[Column, str]) -> None:
        for column in (Column.SIRET, Column.SIREN):
            number = read_number(raw.get(column, ""))
            if number.fault:
                self._note(line, column, f"{number.fault} ; cherché d’après le nom et la commune")
            if not number.digits:
                continue
            if number.repaired:
                line.match = Match.REPAIRED.value
                self._note(line, column, "un tableur avait ôté des zéros de tête : ils sont remis, la clé est juste")
            elif line.match != Match.REPAIRED:
                line.match = Match.GIVEN.value
            long = len(number.digits) == 14
            if line.siren and not number.digits.startswith(line.siren):
                self._note(line, column, "ce SIREN n’est pas celui du SIRET de la même ligne : le SIRET est gardé")
            else:
                line.said[(Column.SIRET if long else Column.SIREN).value] = number.digits

    def _commune(self, line: Line, raw: Mapping[Column, str]) -> None:
        code, name, postal = (
            raw.get(column, "") for column in (Column.COMMUNE_CODE, Column.COMMUNE, Column.POSTAL_CODE)
        )
        found = communes.find(code, name, postal)
        if found.code:
            line.said[Column.COMMUNE.value] = found.code
        if found.fault or found.note:
            column = Column.COMMUNE if name else Column.COMMUNE_CODE if code else Column.POSTAL_CODE
            self._note(line, column, found.fault or found.note)
        if len("".join(postal.removesuffix(".0").split())) == LOST_ZERO and postal_code(postal).isdigit():
            self._note(line, Column.POSTAL_CODE, f"un tableur avait ôté son zéro : lu {postal_code(postal)}")

    def _texts(self, line: Line, raw: Mapping[Column, str]) -> None:
        for column, longest in _LENGTHS.items():
            text = raw.get(column, "")
            if len(text) > longest:
                self._note(line, column, f"ce texte compte {len(text)} caractères ; les {longest} premiers sont gardés")
            if text:
                line.said[column.value] = text[:longest].strip()
        self._email(line)
        self._phone(line)

    def _email(self, line: Line) -> None:
        written = line.said.pop(Column.EMAIL.value, "")
        if not written:
            return
        try:
            email = read_address(written)
        except AddressFault as fault:
            self._note(line, Column.EMAIL, f"{_clause(fault.why)} ; {_KEPT}")
            return
        line.said[Column.EMAIL.value] = email
        if "<" in written:
            self._note(line, Column.EMAIL, "de « Nom <adresse> », l’adresse seule est reprise")
        if odd := unwritable(email):
            self._note(line, Column.EMAIL, _clause(odd))

    def _phone(self, line: Line) -> None:
        written = line.get(Column.PHONE)
        phone, repaired = read_phone(written)
        if written:
            line.said[Column.PHONE.value] = phone
        if repaired:
            self._note(line, Column.PHONE, "un tableur en avait fait un nombre : ses zéros et son indicatif sont remis")

    def _days(self, line: Line, raw: Mapping[Column, str]) -> None:
        for column in (Column.LAST_CONTACT, Column.REMINDER):
            text = raw.get(column, "")
            day, counted = read_day(text)
            if day and counted:
                self._note(line, column, f"« {text} », un jour compté par le tableur, est lu {short_date(day)}")
            if text and day is None:
                self._note(line, column, f"« {text[:40]} » : ce n’est pas une date ({EXAMPLES}) ; {_KEPT}")
            elif day and column is Column.LAST_CONTACT and day > self.today:
                self._note(line, column, f"un dernier contact ne peut pas être à venir ; {_KEPT}")
            elif day and (odd := (past if column is Column.LAST_CONTACT else due)(day, self.today)):
                self._note(line, column, f"{_clause(odd)} ; {_KEPT}")
            elif day:
                line.said[column.value] = day.isoformat()

    def _words(self, line: Line, raw: Mapping[Column, str]) -> None:
        kind, state = read_kind(raw.get(Column.KIND, "")), read_state(raw.get(Column.STATE, ""))
        if kind:
            line.said[Column.KIND.value] = kind
        elif raw.get(Column.KIND):
            self._note(line, Column.KIND, "ce type n’est pas de ceux de Vigie ; le dossier sera celui d’une entreprise")
        if state:
            line.said[Column.STATE.value] = state
        elif raw.get(Column.STATE):
            # A status of the officer's own may name somebody: it goes where it can be erased.
            own = f"Statut : {raw[Column.STATE]}"
            line.said[Column.COMMENT.value] = "\n".join(filter(None, [line.get(Column.COMMENT), own]))
            self._note(line, Column.STATE, "ce statut est gardé dans le commentaire ; le dossier est en cours")
        tags = read_tags(raw.get(Column.TAGS, ""))
        if any(len(tag) > _LONGEST_TAG for tag in tags):
            self._note(line, Column.TAGS, f"une étiquette de plus de {_LONGEST_TAG} caractères est laissée")
        kept = [tag for tag in tags if len(tag) <= _LONGEST_TAG]
        if kept:
            line.said[Column.TAGS.value] = ", ".join(kept)


def _clause(sentence: str) -> str:
    """Return a sentence as it follows a colon."""
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


_LENGTHS = {
    Column.DOSSIER: 20,
    Column.NAME: TITLE,
    Column.CONTACT: TITLE,
    Column.FUNCTION: TITLE,
    Column.EMAIL: TITLE,
    Column.PHONE: 40,
    Column.ACTIVITY: TITLE,
    Column.COMMENT: TEXT,
    Column.REMINDER_REASON: TITLE,
}
