"""Files of inventories of land in the layouts of the CNIG, read without losing anything of how they are written.

Each cell is kept as it stands in the file, quotes and all, so that the file is written again byte for byte.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vigie.domain import french
from vigie.errors import LineFault, StructureFault
from vigie.sources.land_cells import CellFaultError, read_cell
from vigie.sources.land_layouts import layouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from vigie.sources.land_layouts import LandLayout

MOST_LINES = 5_000
_SEPARATORS = ";,\t|"
_ALIKE = 3
"""Columns of a layout that a file must share at least, its key among them, to be taken for one of that layout."""
_MARK = "\ufeff"
_TOLERANCE, _LEAST_GAP = 0.2, 500.0
"""How far a surface that is said may be from that of its perimeter: a fifth, and 500 m² for the smallest."""
_NEAR_KM = 1.0
"""How far from a point inside its perimeter a centre may be, beyond the reach of the perimeter itself."""


@dataclass(frozen=True, slots=True)
class LandDialect:
    """How a file is written: its encoding, whether it begins with a mark of order, separator, end of lines.

    `ended` tells whether the last line has its end too.
    """

    encoding: str
    marked: bool
    separator: str
    newline: str
    ended: bool


@dataclass(frozen=True, slots=True)
class LandLine:
    """A line of a file: its number in a spreadsheet, its cells as they are written, and what they say by column."""

    number: int
    cells: tuple[str, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LandFileRead:
    """A file: its layout, how it is written, its titles as they are written, its lines and what is wrong in them."""

    layout: LandLayout
    dialect: LandDialect
    head: tuple[str, ...]
    lines: tuple[LandLine, ...]
    faults: tuple[LineFault, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(plain(one).strip() for one in self.head)


def read_land_file(data: bytes, name: str, today: date) -> LandFileRead:
    """Read and check a file, cell by cell then line by line.

    Raises `StructureFault` when it follows none of the layouts, lacks columns, or cannot be read at all.
    """
    text, encoding = _decoded(data, name)
    marked = text.startswith(_MARK)
    body = text.removeprefix(_MARK)
    separator = max(_SEPARATORS, key=body.partition("\n")[0].count)
    rows = list(_rows(body, separator, name))
    head, numbered = rows[0][1], rows[1:]
    layout = _layout_of([plain(one).strip() for one in head], name)
    if not numbered:
        raise StructureFault(
            "il n’y a aucune ligne sous les titres.", file=name, remedy="Vérifiez que c’est le bon fichier."
        )
    if len(numbered) > MOST_LINES:
        most = french.number(MOST_LINES)
        raise StructureFault(f"il y a plus de {most} lignes.", file=name, remedy="Coupez-le, par exemple par commune.")
    newline = "\r\n" if "\r\n" in body else "\n"
    dialect = LandDialect(encoding, marked, separator, newline, body.endswith(("\n", "\r")))
    checking = _Checking(layout, [plain(one).strip() for one in head], today)
    lines = [line for number, cells in numbered if (line := checking.line(number, cells)) is not None]
    checking.doubles(lines)
    return LandFileRead(
        layout, dialect, tuple(head), tuple(lines), tuple(sorted(checking.faults, key=lambda one: one.line))
    )


def written_again(dialect: LandDialect, rows: Sequence[Sequence[str]]) -> bytes:
    """Return a file from its titles and lines as they were written."""
    text = dialect.newline.join(dialect.separator.join(cells) for cells in rows)
    whole = f"{_MARK if dialect.marked else ''}{text}{dialect.newline if dialect.ended else ''}"
    return whole.encode(dialect.encoding)


def plain(cell: str) -> str:
    """Return what a cell says, from how it is written."""
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def quoted(value: str, separator: str) -> str:
    """Return how a value is written in a cell."""
    needs = separator in value or '"' in value or "\n" in value
    return '"' + value.replace('"', '""') + '"' if needs else value


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise StructureFault("ce n’est pas du texte.", file=name, remedy="Enregistrez-le en CSV, encodé en UTF-8.")


def _rows(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Return each line that holds something, with the number of the line where it begins."""
    if "\x00" in text:
        raise StructureFault("ce n’est pas du texte.", file=name, remedy="Enregistrez-le en CSV, encodé en UTF-8.")
    part = re.compile(rf'("(?:[^"]|"")*"|(?!")[^{re.escape(separator)}\r\n]*)({re.escape(separator)}|\r\n|\n|\r|$)')
    at, number, cells, begun = 0, 1, list[str](), 1
    while at < len(text):
        found = part.match(text, at)
        if found is None:
            raise StructureFault(
                "des guillemets ne sont pas fermés.", file=name, line=number,
                remedy="Un guillemet dans un texte s’écrit deux fois, et le texte entre guillemets.",
            )  # fmt: skip
        cells.append(found[1])
        number += found[1].count("\n")
        at = found.end()
        if found[2] != separator:
            if any(cells):
                yield begun, cells
            cells, number = [], number + 1
            begun = number
    if cells:
        yield begun, [*cells, ""]
    if not text.strip():
        raise StructureFault("le fichier est vide.", file=name, remedy="Vérifiez que c’est le bon fichier.")


def _layout_of(header: Sequence[str], name: str) -> LandLayout:
    """Return the layout that titles follow; raises `StructureFault`."""
    shared = {word: len(set(one.columns) & set(header)) for word, one in layouts().items() if one.key in header}
    best = max(shared, key=lambda word: shared[word], default="")
    if not best or shared[best] < _ALIKE:
        titles = ", ".join(one.standard for one in layouts().values())
        raise StructureFault(
            f"les titres ne sont d’aucun standard connu ({titles}).", file=name,
            remedy="Gardez la première ligne de titres, telle que le standard l’écrit.",
        )  # fmt: skip
    layout = layouts()[best]
    lacking = [one for one in layout.needed if one not in header]
    if lacking:
        what = f"{layout.standard} : {'la colonne' if len(lacking) == 1 else 'les colonnes'} {french.listed(lacking)} "
        what += french.plural(len(lacking), "manque.", "manquent.")
        raise StructureFault(what, file=name, line=1, remedy="Ajoutez-la." if len(lacking) == 1 else "Ajoutez-les.")
    twice = [one for one, count in Counter(header).items() if count > 1]
    if twice:
        what = f"la colonne « {twice[0]} » est là deux fois."
        raise StructureFault(what, file=name, line=1, remedy="Ôtez l’une des deux.")
    return layout


class _Checking:
    """Checks the lines of a file; `faults` grows."""

    def __init__(self, layout: LandLayout, header: Sequence[str], today: date) -> None:
        self._layout, self._header, self._today = layout, header, today
        self.faults: list[LineFault] = []

    def line(self, number: int, cells: Sequence[str]) -> LandLine | None:
        """Return a line with what it says, `None` when its cells are not as many as the titles."""
        if len(cells) != len(self._header):
            what = f"il y a {french.counted(len(cells), 'cellule', 'cellules')} pour {len(self._header)} titres."
            remedy = "Un texte qui contient le séparateur s’écrit entre guillemets."
            self.faults.append(LineFault(number, "", what, remedy))
            return None
        values = {}
        for name, cell in zip(self._header, cells, strict=True):
            column = self._layout.columns.get(name)
            if column is None:
                continue
            try:
                values[name] = read_cell(column, plain(cell), self._today)
            except CellFaultError as fault:
                self.faults.append(LineFault(number, name, fault.what, fault.remedy))
        for rule in (_days_in_order, _parts_within, _surface_as_drawn, _centre_near, _siren_of_siret):
            self.faults += [LineFault(number, *found) for found in rule(self._layout, values)]
        return LandLine(number, tuple(cells), values)

    def doubles(self, lines: Sequence[LandLine]) -> None:
        """Add a fault for each line whose identifier was seen above."""
        first: dict[str, int] = {}
        for line in lines:
            key = line.values.get(self._layout.key)
            if key in first:
                what = f"cet identifiant est déjà celui de la ligne {first[key]}."
                self.faults.append(
                    LineFault(line.number, self._layout.key, what, "Donnez-en un autre, ou ôtez la ligne.")
                )
            elif key:
                first[key] = line.number


def _days_in_order(layout: LandLayout, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for first, last in layout.order:
        before, after = values.get(first), values.get(last)
        if before and after and after < before:
            yield last, f"cette date précède celle de « {first} ».", "Vérifiez les deux."


def _parts_within(layout: LandLayout, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for part, whole in layout.within:
        less, more = values.get(part), values.get(whole)
        if less is not None and more is not None and less > more:
            yield part, f"{french.number(less)} dépasse « {whole} » ({french.number(more)}).", "Vérifiez les deux."


def _surface_as_drawn(layout: LandLayout, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    name = layout.means.get("area", "")
    said, drawn = values.get(name), values.get(layout.means.get("surface", ""))
    if said is None or drawn is None:
        return
    square = said * layout.metres
    if abs(square - drawn.area) <= max(_TOLERANCE * drawn.area, _LEAST_GAP):
        return
    unit = "ha" if layout.metres > 1 else "m²"
    right = french.quantity(drawn.area / layout.metres, unit, 2 if layout.metres > 1 else 0)
    what = f"{french.quantity(said, unit)} ici, {right} d’après le contour."
    for factor, told in ((10_000, "mètres carrés"), (1 / 10_000, "hectares")):
        if drawn.area and abs(square / drawn.area / factor - 1) <= _TOLERANCE:
            yield (
                name,
                what,
                f"Ce nombre semble en {told} : donnez-le en {'hectares' if unit == 'ha' else 'mètres carrés'}.",
            )
            return
    yield name, what, "Corrigez la surface ou le contour."


def _centre_near(layout: LandLayout, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    name = layout.means.get("point", "")
    point, drawn = values.get(name), values.get(layout.means.get("surface", ""))
    if point is None or drawn is None:
        return
    from vigie.sources.land_shapes import kilometres_between  # noqa: PLC0415 - a server spares Shapely

    far = kilometres_between((drawn.longitude, drawn.latitude), point)
    if far > _NEAR_KM + 2 * (drawn.area**0.5) / 1000:
        yield name, f"ce point est à {french.number(far, 1)} km du contour.", "Corrigez le point ou le contour."


def _siren_of_siret(layout: LandLayout, values: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    siret, siren = values.get("SIRET"), values.get("SIREN")
    if siret and siren and not siret.startswith(siren):
        yield "SIREN", "ce n’est pas le début du SIRET de la ligne.", "Recopiez les neuf premiers chiffres du SIRET."
