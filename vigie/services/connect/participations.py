"""Participations handed in, numbered: organisations in the order of their identifiers, groups, years, themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from vigie.domain.french import listed
from vigie.errors import RequestFault, StructureFault
from vigie.measures.cooperation.network import Participations
from vigie.sources.handed_tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("rcn", "pic", "country", "start_year")
_REMEDY = "Vérifiez que c’est le bon fichier."
_NAMED = 8


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a file of participations holds, for one country.

    `identifiers` are those of the organisations by number, sorted; `firms` says which are companies (type PRC), or is
    `None` where the file has no types; `left_out` counts the rows that could not be read, by reason.
    """

    taken: Participations
    identifiers: np.ndarray[Any, Any]
    firms: np.ndarray[Any, Any] | None
    left_out: dict[str, int]
    themed: bool

    def numbers_of(self, identifiers: Any) -> Any:
        """Return the numbers of some identifiers; -1 for one that the file does not hold."""
        places = np.searchsorted(self.identifiers, identifiers)
        places = np.minimum(places, len(self.identifiers) - 1)
        return np.where(self.identifiers[places] == identifiers, places, -1)


def read_participations(path: Path, country: str, themes: Path | None = None) -> HandedIn:
    """Read a file of participations whose columns are those of CORDIS: rcn, pic, country, start_year (and type).

    Rows without organisation, country, project or year are counted and left out. Raises `StructureFault` for what
    cannot be read or compared, `RequestFault` for a country that the file does not hold.
    """
    table = read_table(path, COLUMNS, ("type",))
    years: Any = pc.cast(pc.utf8_slice_codeunits(table["start_year"], 0, 4), pa.string())
    dated: Any = pc.fill_null(pc.match_substring_regex(years, r"^[0-9]{4}$"), False)
    reasons: dict[str, Any] = {
        "sans projet": pc.is_null(table["rcn"]),
        "sans organisation": pc.invert(_number(table["pic"])),
        "sans pays": pc.is_null(table["country"]),
        "sans année": pc.invert(dated),
    }
    if pc.all(reasons["sans pays"]).as_py():
        raise StructureFault("aucune participation n’a de pays.", file=path.name, remedy=_REMEDY)
    kept, left_out = np.ones(table.num_rows, dtype=bool), {}
    for reason, wrong in reasons.items():
        faulty = np.asarray(wrong) & kept
        if faulty.any():
            left_out[reason] = int(faulty.sum())
        kept &= ~faulty
    whole = table.append_column("year", years).filter(pa.array(kept))
    rows = whole.select(["rcn", "pic", "country", "year"]).group_by(["rcn", "pic", "country", "year"]).aggregate([])
    _refuse_empty(rows, path.name, country)
    identifiers, organisation = np.unique(np.asarray(rows["pic"]).astype(np.int64), return_inverse=True)
    codes, group = np.unique(np.asarray(rows["rcn"]).astype(str), return_inverse=True)
    local = np.asarray(pc.equal(rows["country"], pa.scalar(country)))
    year = np.asarray(rows["year"]).astype(np.int64)
    order = _first_of_each(organisation, group, ~local)
    taken = Participations(organisation[order], group[order], year[order], local[order], _themes(themes, codes))
    return HandedIn(taken, identifiers, _companies(whole, identifiers), left_out, themes is not None)


def _number(column: Any) -> Any:
    return pc.fill_null(pc.match_substring_regex(column, r"^[0-9]{1,18}$"), False)


def _refuse_empty(rows: Any, file: str, country: str) -> None:
    if not rows.num_rows:
        raise StructureFault(
            "aucune ligne n’a de projet, d’organisation, de pays et d’année.", file=file, remedy=_REMEDY
        )
    if pc.count_distinct(rows["rcn"]).as_py() < 2:
        raise StructureFault(
            "un seul projet : il n’y a rien à comparer d’une période à l’autre.", file=file, remedy=_REMEDY
        )
    if not pc.any(pc.equal(rows["country"], pa.scalar(country))).as_py():
        held = sorted(pc.unique(rows["country"]).to_pylist())
        more = f" et {len(held) - _NAMED} autres" if len(held) > _NAMED else ""
        named = listed([f"« {code} »" for code in held[:_NAMED]]) if not more else ", ".join(held[:_NAMED])
        raise RequestFault(f"Aucune participation du pays « {country} » dans « {file} », qui contient {named}{more}.")


def _first_of_each(organisation: Any, group: Any, foreign: Any) -> Any:
    """Return the rows to keep so that an organisation is in a group once: the local one first."""
    order = np.lexsort((foreign, group, organisation))
    again = (np.diff(organisation[order]) == 0) & (np.diff(group[order]) == 0)
    return order[np.concatenate([[True], ~again])]


def _companies(whole: Any, identifiers: Any) -> Any:
    if "type" not in whole.column_names:
        return None
    named = np.asarray(whole["pic"]).astype(np.int64)[
        np.asarray(pc.fill_null(pc.equal(whole["type"], pa.scalar("PRC")), False))
    ]
    return np.isin(identifiers, named)


def _themes(path: Path | None, codes: Any) -> Any:
    """Return which groups (rows) are about which themes (columns); one column of 1 without a file."""
    if path is None:
        return sparse.csr_array(np.ones((len(codes), 1)))
    told = read_table(path, ("rcn", "programme_part"))
    told = told.group_by(["rcn", "programme_part"]).aggregate([]).drop_null()
    named = np.asarray(told["rcn"]).astype(str)
    places = np.minimum(np.searchsorted(codes, named), len(codes) - 1)
    known = codes[places] == named
    if not known.any():
        raise StructureFault("aucun de ces projets n’est dans les participations.", file=path.name, remedy=_REMEDY)
    _, parts = np.unique(np.asarray(told["programme_part"]).astype(str), return_inverse=True)
    ones = np.ones(int(known.sum()))
    return sparse.csr_array((ones, (places[known], parts[known])), shape=(len(codes), int(parts.max()) + 1))
