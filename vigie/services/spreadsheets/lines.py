"""What a line of a spreadsheet says: its commune, and the dossier that it would make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from vigie.domain.addresses import AddressFault, read_address, unwritable
from vigie.domain.days import EXAMPLES, due, past
from vigie.domain.followup import DossierKind
from vigie.domain.french import short_date
from vigie.domain.spreadsheets import ColumnMeaning, LineDecision, Match
from vigie.services.followup.answers import TEXT, TITLE
from vigie.services.spreadsheets.grids import MARKS, ReadSheet, Row
from vigie.services.spreadsheets.values import read_day, read_kind, read_number, read_phone, read_state, read_tags
from vigie.sources.places import PlaceReader, UnknownPlaceError
from vigie.store import gazetteer
from vigie.store.gazetteer import LOST_ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

_POSTAL = re.compile(r"^F\s*-|[\s.\-]", re.IGNORECASE)
"""What may stand before the digits of a postal code or part them."""


@dataclass(frozen=True, slots=True)
class CommuneFound:
    """A commune's code, or why there is none; both are empty when nothing was said. `note` tells how it was read."""

    code: str = ""
    fault: str = ""
    note: str = ""


def find(code: str, name: str, postal: str) -> CommuneFound:
    """Return the commune of a line; a name that several communes bear is settled by the postcode, or left open."""
    try:
        if code:
            return CommuneFound(PlaceReader().commune(code.strip()))
    except UnknownPlaceError:
        if not name:
            return CommuneFound(fault="ce code n’est celui d’aucune commune ; la case est laissée vide")
    if name:
        return _named(name, postal_code(postal))
    return _of_postal(postal) if postal.strip() else CommuneFound()


def postal_code(text: str) -> str:
    """Return the five digits of a postal code as written: « 85 00 0 », « 1000 » (its zero was lost), « F-85400 »."""
    digits = _POSTAL.sub("", text.removesuffix(".0"))
    return digits.zfill(5) if len(digits) == gazetteer.LOST_ZERO else digits


def _of_postal(text: str) -> CommuneFound:
    code = postal_code(text)
    here = gazetteer.postal(code)
    if len(here) == 1:
        return CommuneFound(here[0], note=f"d’après le seul code postal {code}")
    if here:
        return CommuneFound(
            fault=f"{len(here)} communes partagent le code postal {code} : ajoutez le nom de la commune"
        )
    return CommuneFound(
        fault=f"« {text.strip()[:20]} » n’est le code postal d’aucune commune ; la case est laissée vide"
    )


def _named(name: str, postal: str) -> CommuneFound:
    found = gazetteer.readings(name)
    if postal and (words := gazetteer.place_words(name)):
        found = gazetteer.named(words, postal) or found
    inside = gazetteer.postal(postal)
    if inside and not any(one.code in inside for one in found):
        short = _short(name, inside)
        if short:
            told = gazetteer.readings(short)[0]
            return CommuneFound(short, note=f"« {name.strip()[:40]} » lu {told.name}, d’après le code postal {postal}")
    likely = [one for one in found if one.origin is found[0].origin]
    if len(likely) == 1:
        note = likely[0].notice if likely[0].former else ""
        return CommuneFound(likely[0].code, note=note.rstrip("."))
    if not likely:
        return CommuneFound(fault="aucune commune ne porte ce nom ; la case est laissée vide")
    return CommuneFound(fault=f"{len(likely)} communes portent ce nom : ajoutez le code postal ou le code Insee")


def _short(name: str, communes: Sequence[str]) -> str:
    """Return the one commune, among those of a postal code, whose name begins by words; empty when there is none."""
    words = gazetteer.bare_words(gazetteer.place_words(name))
    begun = [
        code for code in communes if words and gazetteer.bare_words(gazetteer.name_words(code))[: len(words)] == words
    ]
    return begun[0] if len(begun) == 1 else ""


_LONGEST_TAG = 60
_KEPT = "la case est laissée vide"


@dataclass(slots=True)
class LineInReview:
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
    decision: str = LineDecision.CREATE.value
    target: str = ""
    left_out: str = ""

    def get(self, column: ColumnMeaning) -> str:
        """Return what a column says, empty when it says nothing."""
        return self.said.get(column.value, "")

    @property
    def siren(self) -> str:
        """SIREN of the line, empty when unknown."""
        return self.get(ColumnMeaning.SIRET)[:9] or self.get(ColumnMeaning.SIREN)

    @property
    def title(self) -> str:
        """Name under which the line is shown, and its dossier opened."""
        return (
            self.get(ColumnMeaning.NAME)
            or self.get(ColumnMeaning.CONTACT)
            or (f"Entreprise {self.siren}" if self.siren else "")
        )

    def as_json(self) -> dict[str, Any]:
        """Return the line as an import keeps it."""
        return asdict(self)


def read_lines(sheet: ReadSheet, matching: Mapping[int, ColumnMeaning], today: date) -> list[LineInReview]:
    """Read every row of a sheet by a checked matching."""
    headers = {column: sheet.header[place] for place, column in matching.items()}
    return [_Reader(headers, today).read(row, matching) for row in sheet.rows]


@dataclass(slots=True)
class _Reader:
    """Reads one row; `headers` names columns as the file does, for the notes."""

    headers: Mapping[ColumnMeaning, str]
    today: date

    def read(self, row: Row, matching: Mapping[int, ColumnMeaning]) -> LineInReview:
        """Return the line of a row."""
        raw = {column: row.cells[place] for place, column in matching.items() if row.cells[place]}
        line = LineInReview(row.line)
        self._marks(line, row, matching)
        self._numbers(line, raw)
        self._commune(line, raw)
        self._texts(line, raw)
        self._days(line, raw)
        self._words(line, raw)
        if not line.title and not line.get(ColumnMeaning.DOSSIER):
            line.left_out = "ni nom, ni contact, ni numéro lisible : rien ne dit de qui il s’agit"
        elif not line.siren and line.match == Match.NOT_ASKED and line.get(ColumnMeaning.NAME):
            asked = line.said.get(ColumnMeaning.KIND.value, DossierKind.FIRM.value) == DossierKind.FIRM
            line.match = (Match.TO_SEARCH if asked and not line.get(ColumnMeaning.DOSSIER) else Match.NOT_ASKED).value
        return line

    def _note(self, line: LineInReview, column: ColumnMeaning, sentence: str) -> None:
        header = self.headers.get(column, column.label)
        line.notes.append({"column": header, "field": column.value, "sentence": sentence})

    def _marks(self, line: LineInReview, row: Row, matching: Mapping[int, ColumnMeaning]) -> None:
        for place, mark in row.marks:
            if place in matching:
                self._note(line, matching[place], MARKS[mark])

    def _numbers(self, line: LineInReview, raw: Mapping[ColumnMeaning, str]) -> None:
        for column in (ColumnMeaning.SIRET, ColumnMeaning.SIREN):
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
                line.said[(ColumnMeaning.SIRET if long else ColumnMeaning.SIREN).value] = number.digits

    def _commune(self, line: LineInReview, raw: Mapping[ColumnMeaning, str]) -> None:
        code, name, postal = (
            raw.get(column, "")
            for column in (ColumnMeaning.COMMUNE_CODE, ColumnMeaning.COMMUNE, ColumnMeaning.POSTAL_CODE)
        )
        found = find(code, name, postal)
        if found.code:
            line.said[ColumnMeaning.COMMUNE.value] = found.code
        if found.fault or found.note:
            column = (
                ColumnMeaning.COMMUNE if name else ColumnMeaning.COMMUNE_CODE if code else ColumnMeaning.POSTAL_CODE
            )
            self._note(line, column, found.fault or found.note)
        if len("".join(postal.removesuffix(".0").split())) == LOST_ZERO and postal_code(postal).isdigit():
            self._note(line, ColumnMeaning.POSTAL_CODE, f"un tableur avait ôté son zéro : lu {postal_code(postal)}")

    def _texts(self, line: LineInReview, raw: Mapping[ColumnMeaning, str]) -> None:
        for column, longest in _LENGTHS.items():
            text = raw.get(column, "")
            if len(text) > longest:
                self._note(line, column, f"ce texte compte {len(text)} caractères ; les {longest} premiers sont gardés")
            if text:
                line.said[column.value] = text[:longest].strip()
        self._email(line)
        self._phone(line)

    def _email(self, line: LineInReview) -> None:
        written = line.said.pop(ColumnMeaning.EMAIL.value, "")
        if not written:
            return
        try:
            email = read_address(written)
        except AddressFault as fault:
            self._note(line, ColumnMeaning.EMAIL, f"{_clause(fault.why)} ; {_KEPT}")
            return
        line.said[ColumnMeaning.EMAIL.value] = email
        if "<" in written:
            self._note(line, ColumnMeaning.EMAIL, "de « Nom <adresse> », l’adresse seule est reprise")
        if odd := unwritable(email):
            self._note(line, ColumnMeaning.EMAIL, _clause(odd))

    def _phone(self, line: LineInReview) -> None:
        written = line.get(ColumnMeaning.PHONE)
        phone, repaired = read_phone(written)
        if written:
            line.said[ColumnMeaning.PHONE.value] = phone
        if repaired:
            self._note(
                line, ColumnMeaning.PHONE, "un tableur en avait fait un nombre : ses zéros et son indicatif sont remis"
            )

    def _days(self, line: LineInReview, raw: Mapping[ColumnMeaning, str]) -> None:
        for column in (ColumnMeaning.LAST_CONTACT, ColumnMeaning.REMINDER):
            text = raw.get(column, "")
            day, counted = read_day(text)
            if day and counted:
                self._note(line, column, f"« {text} », un jour compté par le tableur, est lu {short_date(day)}")
            if text and day is None:
                self._note(line, column, f"« {text[:40]} » : ce n’est pas une date ({EXAMPLES}) ; {_KEPT}")
            elif day and column is ColumnMeaning.LAST_CONTACT and day > self.today:
                self._note(line, column, f"un dernier contact ne peut pas être à venir ; {_KEPT}")
            elif day and (odd := (past if column is ColumnMeaning.LAST_CONTACT else due)(day, self.today)):
                self._note(line, column, f"{_clause(odd)} ; {_KEPT}")
            elif day:
                line.said[column.value] = day.isoformat()

    def _words(self, line: LineInReview, raw: Mapping[ColumnMeaning, str]) -> None:
        kind, state = read_kind(raw.get(ColumnMeaning.KIND, "")), read_state(raw.get(ColumnMeaning.STATE, ""))
        if kind:
            line.said[ColumnMeaning.KIND.value] = kind
        elif raw.get(ColumnMeaning.KIND):
            self._note(
                line, ColumnMeaning.KIND, "ce type n’est pas de ceux de Vigie ; le dossier sera celui d’une entreprise"
            )
        if state:
            line.said[ColumnMeaning.STATE.value] = state
        elif raw.get(ColumnMeaning.STATE):
            # A status of the officer's own may name somebody: it goes where it can be erased.
            own = f"Statut : {raw[ColumnMeaning.STATE]}"
            line.said[ColumnMeaning.COMMENT.value] = "\n".join(filter(None, [line.get(ColumnMeaning.COMMENT), own]))
            self._note(line, ColumnMeaning.STATE, "ce statut est gardé dans le commentaire ; le dossier est en cours")
        tags = read_tags(raw.get(ColumnMeaning.TAGS, ""))
        if any(len(tag) > _LONGEST_TAG for tag in tags):
            self._note(line, ColumnMeaning.TAGS, f"une étiquette de plus de {_LONGEST_TAG} caractères est laissée")
        kept = [tag for tag in tags if len(tag) <= _LONGEST_TAG]
        if kept:
            line.said[ColumnMeaning.TAGS.value] = ", ".join(kept)


def _clause(sentence: str) -> str:
    """Return a sentence as it follows a colon."""
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


_LENGTHS = {
    ColumnMeaning.DOSSIER: 20,
    ColumnMeaning.NAME: TITLE,
    ColumnMeaning.CONTACT: TITLE,
    ColumnMeaning.FUNCTION: TITLE,
    ColumnMeaning.EMAIL: TITLE,
    ColumnMeaning.PHONE: 40,
    ColumnMeaning.ACTIVITY: TITLE,
    ColumnMeaning.COMMENT: TEXT,
    ColumnMeaning.REMINDER_REASON: TITLE,
}
