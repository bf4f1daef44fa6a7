"""Which lines of a table sum others and are no firm: set apart and said, each brought back by one click.

A label (« Total Luçon », « Sous-total bâtiment », « Luçon Total », « TOTAL HT ») makes a line a total, unless the line
gives what only a firm has: its number, an e-mail address, a telephone, or a commune with its postal code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from vigie.domain.actors import is_siren, is_siret
from vigie.domain.spreadsheets import ColumnMeaning
from vigie.services.spreadsheets import lines
from vigie.services.spreadsheets.columns import known_title
from vigie.services.spreadsheets.grids import Row
from vigie.services.territory_search import plain
from vigie.store import gazetteer

_COUNTED = (
    "ht|h t|ttc|tva|t v a|hors taxes?|eur|euros?|k|ke|general|generaux|generale|global|cumule|annuel|mensuel|partiel|"
    "intermediaire|final|page|report|reporte|secteur|zone|commune|departement|region|territoire|canton|epci|annee|mois|"
    "trimestre|semestre|semaine|exercice|entreprises?|etablissements?|societes?|firmes?|dossiers?|contacts?|projets?|"
    "porteurs?|lignes?|effectifs?|salaries?|emplois?|etp|personnes?|adherents?|montants?|chiffre d affaires|ca|"
    "subventions?|aides?|investissements?|surfaces?|m2|resultat|provisoire|etc|"
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
)
_SURE = re.compile(
    r"(sous|ss|s) tot(al|aux)\b.*|(grand )?tot(al|aux)( de| du| des| d| par| pour| au| a| en| sur| n| no)?"
    rf"|(grand )?tot(al|aux)( de| du| des| d| par| pour| au| a| en| sur| n| no) .*|tot(al|aux)( (({_COUNTED})\b|\d+)).*"
    r"|t o t a l( .*)?|grand total .*|ensemble|somme|cumul|moyenne|(nb|nbre|nombre) total.*|nombre d entreprises"
    r"|resultat total|total resultat|a reporter|report|subtotal( .*)?"
)
"""Labels that say a total by themselves."""
_BEFORE = re.compile(r"(?:grand )?(?:total|totaux|somme|cumul|ensemble|moyenne) (?P<what>.+)")
_AFTER = re.compile(r"(?P<what>.+) (?:total|somme|resultat|sous total)")
"""Labels of a total of something: a place, or what another cell of the file says."""
_POSTAL = 5
_ADDRESS = re.compile(r"\b\d{5}\b[ ,]+[^\W\d_]{2}")
_PHONE = re.compile(r"(?:\+33|0033|0)[1-9]\d{8}")
_FEW = 2
_HINT = re.compile(r"t ?o ?t|ensemble|somme|cumul|moyenne|nombre|nbr?e? |r[ée]sultat|report", re.IGNORECASE)
"""What every label holds: nearly no line does, and the others are not looked at more closely."""


class TotalLines:
    """The lines of a table that sum others, told from its titles and from what its cells name."""

    def __init__(self, titles: Sequence[str], rows: Sequence[Row]) -> None:
        self._columns = {known_title(title): place for place, title in reversed(list(enumerate(titles)))}
        self._rows = rows

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(plain(cell) for row in self._rows for cell in row.cells if _is_text(cell))

    def holds(self, row: Row) -> bool:
        """Tell whether a line is a total, or is so like one that the officer is to say."""
        label = self._label(row) if any(map(_HINT.search, row.cells)) else ""
        if not label or self._is_firm(row, label):
            return False
        said = plain(label)
        if _SURE.fullmatch(said):
            return True
        found = _BEFORE.fullmatch(said) or _AFTER.fullmatch(said)
        if found is None:
            return False
        alone = sum(_is_text(cell) for cell in row.cells) == 1 and any(cell.strip() != label for cell in _filled(row))
        return alone or self._names_a_group(found["what"], said)

    def _label(self, row: Row) -> str:
        """Return the cell that may name a total: the name, the first text, or one of few texts without a name."""
        texts = [cell.strip() for cell in row.cells if _is_text(cell)]
        place = self._columns.get(ColumnMeaning.NAME, len(row.cells))
        name = row.cells[place].strip() if place < len(row.cells) else ""
        looked = [name] if name else texts if len(texts) <= _FEW else texts[:1]
        if name and texts[:1] != [name] and _is_label(texts[0]) and len(texts) <= _FEW:
            looked = [*looked, texts[0]]
        return next((text for text in looked if _is_label(text)), "")

    def _names_a_group(self, what: str, whole: str) -> bool:
        words = re.sub(r"^(secteur|commune|zone|ville) (de |du |des |d )?", "", what)
        return bool({what, words} & (self._named - {whole})) or bool(gazetteer.readings(words))

    def _is_firm(self, row: Row, label: str) -> bool:
        cells = [cell.strip() for cell in row.cells]
        if any("@" in cell or _ADDRESS.search(cell) for cell in cells):
            return True
        if any(_PHONE.fullmatch(re.sub(r"[ .\-]", "", cell)) for cell in cells):
            return True
        if any(is_siren(digits) or is_siret(digits) for cell in cells if (digits := "".join(cell.split()))):
            return True
        place = self._columns.get(ColumnMeaning.POSTAL_CODE)
        towns = [cell for cell in cells if _is_text(cell) and cell != label]
        if place is not None:
            return bool(towns and gazetteer.postal(lines.postal_code("".join(cells[place : place + 1]))))
        codes = [code for cell in cells if len(code := lines.postal_code(cell)) == _POSTAL]
        return any(lines.find("", town, code).code in gazetteer.postal(code) for code in codes for town in towns)


def _is_label(text: str) -> bool:
    said = plain(text)
    return any(way.fullmatch(said) for way in (_SURE, _BEFORE, _AFTER))


def _filled(row: Row) -> list[str]:
    return [cell for cell in row.cells if cell.strip()]


def _is_text(cell: str) -> bool:
    return any(sign.isalpha() for sign in cell)
