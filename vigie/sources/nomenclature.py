"""Activities (NAF rev. 2 as a tree) and size bands: what people type becomes a canonical code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from vigie.domain.actors import Activity, Nomenclature
from vigie.domain.french import number
from vigie.errors import RequestFault
from vigie.sources.cog import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

MANUFACTURING = tuple(f"{division:02d}" for division in range(10, 34))
"""Divisions of section C, the same in NAF rev. 2 and in NAF 2025."""
LEVELS = {1: "section", 2: "division", 3: "groupe", 4: "classe", 5: "sous-classe"}

_TYPED = re.compile(r"([A-Z])|(\d{2})(?:[.\s]?(\d)(\d)?([A-Z])?)?")
_LOST_ZERO = re.compile(r"\d(?:\.?\d{2}[A-Z])?")


@dataclass(frozen=True, slots=True)
class Node:
    """A code of a nomenclature: level 1 (section) to 5 (subclass), French label, code above it."""

    code: str
    level: int
    label: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class SizeBand:
    """A band of employees as INSEE codes it; `low` and `high` are in employees, `high` is `None` without limit.

    Both are `None` for "NN", which mixes no employee and nothing declared.
    """

    code: str
    label: str
    low: int | None
    high: int | None


def activities() -> pa.Table:
    """Return the shipped nomenclature: nomenclature, code, level, label, parent (labels of NAF 2025 are not held)."""
    return pq.read_table(REFERENCE / "activities.parquet")


@cache
def tree() -> Mapping[str, Node]:
    """Return NAF rev. 2 by code."""
    return {
        row["code"]: Node(row["code"], row["level"], row["label"], row["parent"]) for row in activities().to_pylist()
    }


def normalise(text: str) -> str:
    """Return the canonical NAF rev. 2 code of what was typed ("2562b" → "25.62B", "c" → "C").

    Any level is accepted. Raises `RequestFault` when the text is not a code, or no such code exists.
    """
    code = _spelled(text)
    if code in tree():
        return code
    raise RequestFault(f"Le code « {code} » n’existe pas dans la NAF rév. 2{_advice(code)}.")


def activity(text: str) -> Activity:
    """Return the activity that a NAF rev. 2 code means, with its label. Raises `RequestFault` like `normalise`."""
    code = normalise(text)
    return Activity(code, Nomenclature.NAF_REV2, tree()[code].label)


def label(code: str | None, nomenclature: str = Nomenclature.NAF_REV2.value) -> str | None:
    """Return the French label of a code, `None` when it is not known: only NAF rev. 2 labels are held."""
    if code is None or nomenclature != Nomenclature.NAF_REV2.value:
        return None
    node = tree().get(code)
    return None if node is None else node.label


def ancestors(code: str) -> tuple[Node, ...]:
    """Return the nodes above a NAF rev. 2 code, nearest first; empty for a section or an unknown code."""
    found = []
    node = tree().get(code)
    while node is not None and node.parent is not None:
        node = tree()[node.parent]
        found.append(node)
    return tuple(found)


def subclasses(code: str) -> tuple[str, ...]:
    """Return the subclasses that a canonical code covers, in order: itself when it is one of them."""
    return tuple(
        node.code
        for node in tree().values()
        if node.level == 5 and (node.code == code or any(above.code == code for above in ancestors(node.code)))
    )


def size_band(code: str | None) -> SizeBand | None:
    """Return a band by its code; `None` when the band is not published, unknown ("99") or no code at all."""
    return None if code is None else SIZE_BANDS.get(code)


def size_codes(text: str) -> str:
    """Return the band code of what was typed ("1" → "01", "nn" → "NN"). Raises `RequestFault` with those known."""
    code = text.strip().upper()
    code = f"0{code}" if code.isdigit() and len(code) == 1 else code
    if code in SIZE_BANDS:
        return code
    known = ", ".join(f"{band.code} ({band.label})" for band in SIZE_BANDS.values())
    raise RequestFault(f"« {text} » n’est pas une tranche d’effectif. Tranches connues\u00a0: {known}.")


def _spelled(text: str) -> str:
    typed = text.strip().upper()
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise RequestFault(f"« {text} » n’est pas un code NAF{_shape_advice(typed)}.")
    section, division, group, digit, letter = match.groups(default="")
    if section:
        return section
    if letter and not digit:
        raise RequestFault(f"« {text} » n’est pas un code NAF{_shape_advice(typed)}.")
    return f"{division}.{group}{digit}{letter}" if group else division


def _shape_advice(typed: str) -> str:
    if _LOST_ZERO.fullmatch(typed):
        return f"\u00a0: son zéro de tête s’est perdu, écrivez « 0{typed} »"
    return "\u00a0: écrivez une lettre (C), une division (25), un groupe (25.6), une classe (25.62) ou 25.62B"


def _advice(code: str) -> str:
    """Name the codes that exist under the nearest level above a code that does not."""
    known = [code[:end] for end in (5, 4, 2) if end < len(code) and code[:end] in tree()]
    if not known:
        return "" if len(code) > 1 else "\u00a0: les sections vont de A à U"
    inside = [node.code for node in tree().values() if node.parent == known[0]]
    return f"\u00a0; « {known[0]} » contient {', '.join(inside)}"


def _bands() -> dict[str, SizeBand]:
    limits = {
        "01": (1, 2), "02": (3, 5), "03": (6, 9), "11": (10, 19), "12": (20, 49), "21": (50, 99), "22": (100, 199),
        "31": (200, 249), "32": (250, 499), "41": (500, 999), "42": (1000, 1999), "51": (2000, 4999),
        "52": (5000, 9999),
    }  # fmt: skip
    bands = {
        "NN": SizeBand("NN", "sans salarié, ou effectif non déclaré", None, None),
        "00": SizeBand("00", "0 salarié en fin d’année, mais employeur dans l’année", 0, 0),
    }
    for code, (low, high) in limits.items():
        bands[code] = SizeBand(code, f"{number(low)} à {number(high)} salariés", low, high)
    bands["53"] = SizeBand("53", f"{number(10_000)} salariés et plus", 10_000, None)
    return bands


SIZE_BANDS: Mapping[str, SizeBand] = _bands()
