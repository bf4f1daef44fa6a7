"""Input-output tables: what sectors buy from one another, and the bridge from their sectors to NAF rev. 2.

A card of kind « echanges » names its columns `flow`, `supplier`, `user`, `value` and `vintage`. Its `layout` gives
`nomenclature` (a short name for the sectors), `unit`, `flows` (the words of the file → `FLOWS`) and `sectors`: for each
code its French label and the divisions of NAF rev. 2 that it holds most of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from vigie.errors import Reject, StructureFault
from vigie.sources import nomenclature
from vigie.sources.sheets import Cells, records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vigie.sources.cards_reader import Card

USED = ("domestic", "imported")
"""Flows from a supplier to a sector that uses them: these two add up."""
FLOWS = (*USED, "final_demand", "export", "output")

_FLOW: dict[str, pa.DataType] = {
    "supplier": pa.string(), "user": pa.string(), "flow": pa.string(), "naf_level": pa.string(),
    "value": pa.float64(), "unit": pa.string(), "vintage": pa.int16(),
}  # fmt: skip
_BRIDGE: dict[str, pa.DataType] = {
    "naf_level": pa.string(),
    "sector": pa.string(),
    "label": pa.string(),
    "division": pa.string(),
}


@dataclass(frozen=True, slots=True)
class InputOutput:
    """Flows of a file, with the columns of `input_output`, and its bridge, with those of `sector_division`."""

    flows: pa.Table
    bridge: pa.Table
    rejects: tuple[Reject, ...]


def read_input_output(path: Path, card: Card) -> InputOutput:
    """Read an input-output table. Raises `StructureFault` when the file or its card is at fault."""
    words, bridge = _words(card), _bridge(card)
    known = {str(code) for code in bridge["sector"].to_pylist()}
    fixed = {"naf_level": str(card.layout["nomenclature"]), "unit": str(card.layout.get("unit", ""))}
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    rejects = []
    for number, cells in records(path, card):
        row, reason = _row(cells, words, known)
        key = tuple(row.get(name) for name in ("flow", "supplier", "user", "vintage"))
        if not reason and key in found:
            reason = "ce flux est déjà donné plus haut."
        if reason:
            rejects.append(Reject(path.name, number, "", reason))
        else:
            found[key] = row | fixed
    return InputOutput(pa.Table.from_pylist(list(found.values()), schema=pa.schema(_FLOW)), bridge, tuple(rejects))


def _row(cells: Cells | None, words: Mapping[str, str], known: set[str]) -> tuple[dict[str, Any], str]:
    """Return the row that cells make, or the reason why they make none."""
    if cells is None:
        return {}, "cette ligne n’a pas autant de cellules que l’en-tête."
    flow, supplier, user = (cells.get(name) or "" for name in ("flow", "supplier", "user"))
    if flow not in words:
        return {}, f"flux « {flow} » inconnu de la carte (layout.flows)."
    for code in (supplier, user) if words[flow] in USED else (supplier,):
        if code not in known:
            return {}, f"branche « {code} » inconnue de la carte (layout.sectors)."
    try:
        value, vintage = float(cells.get("value") or ""), int(cells.get("vintage") or "")
    except ValueError:
        return {}, "le montant ou l’année n’est pas un nombre."
    return {"flow": words[flow], "supplier": supplier, "user": user, "value": value, "vintage": vintage}, ""


def _words(card: Card) -> Mapping[str, str]:
    words = card.layout.get("flows")
    if not isinstance(words, dict) or not words or not set(words.values()) <= set(FLOWS):
        raise _card_fault(card, "flows", "les flux du fichier ne sont pas dits.", ", ".join(FLOWS))
    return {str(word): str(flow) for word, flow in words.items()}


def _bridge(card: Card) -> pa.Table:
    sectors = card.layout.get("sectors")
    if not isinstance(sectors, dict) or not card.layout.get("nomenclature"):
        raise _card_fault(
            card, "sectors", "les branches du fichier ne sont pas dites.", "label et divisions de chacune"
        )
    rows: list[dict[str, str]] = []
    owners: dict[str, str] = {}
    for code, told in sectors.items():
        for division in map(str, told.get("divisions", ())):
            node = nomenclature.tree().get(division)
            if node is None or node.level != 2:
                raise _card_fault(card, "sectors", f"« {division} » n’est pas une division de la NAF rév. 2.", "« 25 »")
            if owners.setdefault(division, code) != code:
                raise _card_fault(card, "sectors", f"la division {division} est dans deux branches.", "une seule")
            rows.append({"sector": str(code), "label": str(told["label"]), "division": division})
    named = [row | {"naf_level": str(card.layout["nomenclature"])} for row in rows]
    return pa.Table.from_pylist(named, schema=pa.schema(_BRIDGE))


def _card_fault(card: Card, key: str, what: str, choice: str) -> StructureFault:
    return StructureFault(what, file=f"{card.id}.yml", column=f"layout.{key}", remedy=f"Donnez {choice}.")
