"""Which line of a spreadsheet holds its titles, and which column holds what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.actors import compact_identifier
from vigie.domain.addresses import AddressFault, read_address
from vigie.domain.days import read_day
from vigie.domain.spreadsheets import OTHER_CONTACTS, ColumnMeaning
from vigie.errors import RequestFault
from vigie.services.spreadsheets.grids import Row, Way
from vigie.services.territory_search import plain

if TYPE_CHECKING:
    from vigie.services.spreadsheets.grids import ReadSheet

LOOKED_AT = 30
_OFFERED, _TITLES_SHOWN = 6, 5


def header_of(rows: Sequence[Row]) -> Row | None:
    """Return the line of the titles: the one that names the most things that Vigie knows, among the first thirty.

    Where none names any, the first with two filled cells; `None` when no line has as many.
    """
    candidates = [row for row in rows[:LOOKED_AT] if filled(row) > 1]
    best = max(candidates, key=lambda row: (titles_of(row), -row.line), default=None)
    if best is not None and titles_of(best) > 0:
        return best
    return next((row for row in rows if filled(row) > 1), None)


def titles_of(row: Row) -> int:
    """Return how many cells of a line are titles that Vigie knows, each once."""
    return len({column for cell in row.cells if (column := known_title(cell))})


def headers_offered(rows: Sequence[Row]) -> tuple[Way, ...]:
    """Return the first lines that could hold the titles, for the officer to choose."""
    likely = [row for row in rows[:LOOKED_AT] if filled(row) > 1][:_OFFERED]
    return tuple(map(way_of, likely))


def way_of(row: Row) -> Way:
    """Return a line as an officer recognises it, by its first cells."""
    shown = tuple(cell.strip()[:40] for cell in row.cells if cell.strip())[:_TITLES_SHOWN]
    return Way(str(row.line), f"ligne {row.line}", shown)


def filled(row: Row) -> int:
    """Return how many cells of a line hold something."""
    return sum(bool(cell.strip()) for cell in row.cells)


_SAMPLE, _ENOUGH, _SHOWN = 200, 0.6, 3
"""Enough lines to tell a column by its cells, of which most, not all, must look alike: people leave notes in
columns."""
_PHONE = re.compile(r"(?:\+33|0033|0)?\s?[1-9](?:[ .\-]?\d{2}){4}")
_POSTAL = re.compile(r"\d{4,5}")

_NAMES: Mapping[ColumnMeaning, tuple[str, ...]] = {
    ColumnMeaning.DOSSIER: ("dossier", "identifiant vigie", "identifiant dossier", "id dossier"),
    ColumnMeaning.KIND: ("type", "type de dossier", "nature"),
    ColumnMeaning.SIRET: (
        "siret",
        "n siret",
        "no siret",
        "numero siret",
        "num siret",
        "code siret",
        "siret siren",
        "siren siret",
    ),
    ColumnMeaning.SIREN: (
        "siren",
        "n siren",
        "numero siren",
        "num siren",
        "code siren",
        "tva",
        "n tva",
        "numero de tva",
        "tva intracommunautaire",
        "n tva intracommunautaire",
        "numero de tva intracommunautaire",
    ),
    ColumnMeaning.COMMUNE_CODE: ("code commune", "code insee", "insee", "code insee commune", "cog"),
    ColumnMeaning.POSTAL_CODE: ("code postal", "cp", "codepostal", "postal"),
    ColumnMeaning.COMMUNE: ("commune", "ville", "localite", "lieu", "commune d implantation", "adresse ville"),
    ColumnMeaning.EMAIL: (
        "courriel",
        "mail",
        "e mail",
        "email",
        "adresse mail",
        "adresse e mail",
        "adresse electronique",
        "mel",
        "courriel contact",
        "mail contact",
        "email contact",
    ),
    ColumnMeaning.PHONE: (
        "telephone",
        "tel",
        "portable",
        "mobile",
        "gsm",
        "numero de telephone",
        "n de telephone",
        "telephone contact",
        "tel contact",
    ),
    ColumnMeaning.FUNCTION: ("fonction", "poste", "qualite", "fonction du contact", "titre"),
    ColumnMeaning.CONTACT: (
        "contact",
        "interlocuteur",
        "nom du contact",
        "nom contact",
        "dirigeant",
        "gerant",
        "referent",
        "nom du dirigeant",
        "personne contact",
        "contact principal",
        "responsable",
    ),
    ColumnMeaning.ACTIVITY: ("activite", "secteur", "secteur d activite", "metier", "filiere", "activites"),
    ColumnMeaning.COMMENT: (
        "commentaire",
        "commentaires",
        "observation",
        "observations",
        "remarque",
        "remarques",
        "note",
        "notes",
        "compte rendu",
        "suivi",
        "historique",
    ),
    ColumnMeaning.LAST_CONTACT: (
        "dernier contact",
        "date dernier contact",
        "date du dernier contact",
        "derniere visite",
        "date de visite",
        "vu le",
        "derniere rencontre",
        "date contact",
        "date de contact",
    ),
    ColumnMeaning.REMINDER: (
        "prochaine relance",
        "relance",
        "date de relance",
        "a relancer le",
        "rappel",
        "date de rappel",
        "prochain contact",
        "prochain rendez vous",
        "echeance",
        "a rappeler le",
    ),
    ColumnMeaning.REMINDER_REASON: (
        "motif de la relance",
        "motif relance",
        "motif",
        "action a mener",
        "a faire",
        "prochaine action",
        "objet de la relance",
    ),
    ColumnMeaning.TAGS: (
        "etiquettes",
        "etiquette",
        "tags",
        "tag",
        "mots cles",
        "themes",
        "thematique",
        "categorie",
        "categories",
    ),
    ColumnMeaning.STATE: ("etat", "statut", "etat du dossier", "statut du dossier", "avancement", "status"),
    ColumnMeaning.NAME: (
        "nom",
        "entreprise",
        "raison sociale",
        "denomination",
        "societe",
        "nom de l entreprise",
        "structure",
        "nom entreprise",
        "etablissement",
        "enseigne",
        "nom de la societe",
        "denomination sociale",
        "porteur de projet",
        "projet",
    ),
}


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column of the file: what it is taken to hold (empty: nothing), why, and a few of its values."""

    place: int
    header: str
    column: str
    reason: str
    examples: tuple[str, ...]


def propose(sheet: ReadSheet) -> tuple[ColumnGuess, ...]:
    """Return what each column of a sheet seems to hold; each thing is held by one column at most."""
    found: dict[int, tuple[ColumnMeaning, str]] = {}
    taken: set[ColumnMeaning] = set()
    for by, judge in ((_by_name, "d’après son titre"), (_by_near_name, "d’après son titre")):
        for place, header in enumerate(sheet.header):
            column = by(header)
            if place not in found and column and column not in taken:
                found[place] = column, judge
                taken.add(column)
    for place in range(len(sheet.header)):
        column = None if place in found else _by_content(_sample(sheet, place))
        if column and column not in taken and plain(sheet.header[place]) != plain(OTHER_CONTACTS):
            found[place] = column, "d’après son contenu"
            taken.add(column)
    return tuple(
        ColumnGuess(place, header, *found.get(place, ("", "")), _examples(sheet, place))
        for place, header in enumerate(sheet.header)
    )


def checked(sheet: ReadSheet, matching: Mapping[int, str]) -> dict[int, ColumnMeaning]:
    """Return a matching that can be used; raises `RequestFault` when a thing is held twice, or nothing names lines."""
    kept: dict[int, ColumnMeaning] = {}
    for place, word in sorted(matching.items()):
        if not word:
            continue
        if not 0 <= place < len(sheet.header) or word not in set(ColumnMeaning):
            raise RequestFault("Cette correspondance nomme une colonne qui n’existe pas.")
        column = ColumnMeaning(word)
        if column in kept.values():
            raise RequestFault(f"Deux colonnes sont indiquées comme « {column.label} » : gardez-en une seule.")
        kept[place] = column
    if not set(kept.values()) & {
        ColumnMeaning.NAME,
        ColumnMeaning.SIREN,
        ColumnMeaning.SIRET,
        ColumnMeaning.CONTACT,
        ColumnMeaning.DOSSIER,
    }:
        raise RequestFault("Indiquez au moins quelle colonne porte le nom, le SIRET ou le contact.")
    return kept


def known_title(header: str) -> ColumnMeaning | None:
    """Return what a title names, by itself or among other words; `None` when it is not known."""
    return _by_name(header) or _by_near_name(header)


def _by_name(header: str) -> ColumnMeaning | None:
    written = plain(header)
    return next((column for column, names in _NAMES.items() if written in names), None)


def _by_near_name(header: str) -> ColumnMeaning | None:
    """Accept a header that holds a known name among other words: « SIRET (14 chiffres) », « Ville d’implantation »."""
    written = f" {plain(header)} "
    if written == f" {plain(OTHER_CONTACTS)} ":
        return None
    hits = [
        (len(name), column)
        for column, names in _NAMES.items()
        for name in names
        if len(name) > 3 and f" {name} " in written
    ]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None


def _sample(sheet: ReadSheet, place: int) -> list[str]:
    return [row.cells[place] for row in sheet.rows[:_SAMPLE] if row.cells[place]]


def _examples(sheet: ReadSheet, place: int) -> tuple[str, ...]:
    return tuple(value[:60] for value in dict.fromkeys(_sample(sheet, place)))[:_SHOWN]


def _by_content(values: list[str]) -> ColumnMeaning | None:
    if not values:
        return None
    return next((column for column, fits in _LOOKS if sum(map(fits, values)) >= _ENOUGH * len(values)), None)


def _is_address(value: str) -> bool:
    try:
        return "@" in value and bool(read_address(value))
    except AddressFault:
        return False


def _is_number(length: int) -> Callable[[str], bool]:
    return lambda value: len(compact_identifier(value) or "") == length


_LOOKS: tuple[tuple[ColumnMeaning, Callable[[str], bool]], ...] = (
    (ColumnMeaning.EMAIL, _is_address),
    (ColumnMeaning.SIRET, _is_number(14)),
    (ColumnMeaning.SIREN, _is_number(9)),
    (ColumnMeaning.PHONE, lambda value: bool(_PHONE.fullmatch(value))),
    (ColumnMeaning.LAST_CONTACT, lambda value: read_day(value) is not None),
    (ColumnMeaning.POSTAL_CODE, lambda value: bool(_POSTAL.fullmatch(value)) and int(value) >= 1_000),
)
