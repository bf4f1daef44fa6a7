"""Dossiers as files: the columns that imports read, numbers and codes as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from vigie.domain.spreadsheets import ColumnMeaning as Held
from vigie.errors import RequestFault
from vigie.interfaces.asking import Parameter, among, read
from vigie.interfaces.exports import KINDS
from vigie.interfaces.sheets import Sheet, SheetColumn
from vigie.services.followup.reading import SORTS, DossierFilter

if TYPE_CHECKING:
    from vigie.services.spreadsheets.exports import DossierTable

_IDENTIFIERS = {Held.SIREN.label, Held.SIRET.label}
_CODES = {Held.COMMUNE_CODE.label}
_WIDE = {Held.NAME.label, Held.COMMENT.label, Held.ACTIVITY.label, Held.EMAIL.label}
FILTERS = (
    Parameter("kind", ("type",), "Type de dossier."),
    Parameter("state", ("etat",), "open, closed ou withdrawn."),
    Parameter("owner", ("suivi",), "Identifiant de qui suit."),
    Parameter("tag", ("etiquette",), "Étiquette."),
    Parameter("text", ("titre",), "Mots du titre."),
    Parameter("portfolio", ("portefeuille",), "Identifiant d’un portefeuille."),
    Parameter("commune", ("commune",), "Nom ou code Insee d’une commune."),
    Parameter("sort", ("tri",), "Ordre.", among({word: word for word in SORTS})),
)
"""The filters of the list of dossiers, by the same names: what is seen is what is taken away."""


def dossier_filter(pairs: Iterable[tuple[str, str]]) -> DossierFilter:
    """Read the filters of a list; empty ones and its page are left aside. Raises `RequestFault`."""
    kept = [(name, value) for name, value in pairs if value.strip() and name not in ("page", "fait", "format")]
    return DossierFilter(**read(FILTERS, kept).or_fault())


def known_kind(kind: str) -> str:
    """Return a kind of file; raises `RequestFault` for one that does not exist."""
    if kind not in KINDS:
        raise RequestFault(f"Ce format n’existe pas : choisissez {', '.join(KINDS)}.")
    return kind


def file_of(table: DossierTable, kind: str) -> tuple[bytes, str]:
    """Return a file and its type on the web; raises `RequestFault` for a kind that does not exist."""
    return KINDS[known_kind(kind)].write((_sheet(table),)), KINDS[kind].media_type


def write_dossiers(table: DossierTable, kind: str, target: IO[bytes]) -> None:
    """Write a table in a file of a kind, row after row."""
    KINDS[kind].into((_sheet(table),), target)


def type_of(name: str) -> str:
    """Return the type on the web of a file of dossiers, by its name."""
    return KINDS[name.partition(".")[2]].media_type


def _sheet(table: DossierTable) -> Sheet:
    return Sheet("Dossiers", tuple(map(_column, table.titles)), table.rows)


def _column(title: str) -> SheetColumn:
    if title in _IDENTIFIERS:
        return SheetColumn(title, kind="identifier", width=18)
    if title in _CODES:
        return SheetColumn(title, kind="code")
    return SheetColumn(title, width=34 if title in _WIDE else 18)
