"""Uses of a file: one card may draw several indicators, zonings or sets of places from one file, read once.

A use is written in its card under `uses`: `id`, `label`, `kind` (that of the card by default), `columns` (role → column
of the file), `where` (column → values that its rows bear), and any key of a layout, which wins over that of the card.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vigie.errors import StructureFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INDICATOR, ZONING, PLACES = "indicateur", "zonage", "lieux"
TRADES, FLOWS, TIES, AIDS = "metiers", "echanges", "liens", "aides"
WASTES, PRECEDENTS = "dechets", "precedents"
USED = (INDICATOR, ZONING, PLACES)
"""Kinds that a use may have."""

_FILE = {"only_named", "encoding", "skip_lines", "escape", "member", "sheet", "header", "outside"}
_KNOWN: Mapping[str, frozenset[str]] = {
    INDICATOR: frozenset({
        "territory_kind", "unit", "decimal", "secret", "missing", "status", "vintage", "additive", "aggregation",
        "weight", "numerator", "denominator", "scale", "secrecy", "accuracy", "theme", "question", "formula",
        "reading", "limits", "several",
    }),
    ZONING: frozenset({"zone_kind", "vintage", "as_of", "none", "overlapping", "zones", "detail"}),
    PLACES: frozenset({"place_kind", "projection", "vintage", "area_unit"}),
    TRADES: frozenset({"tree", "vintage"}),
    FLOWS: frozenset({"nomenclature", "unit", "vintage", "flows", "sectors"}),
    TIES: frozenset({"form"}),
    AIDS: frozenset({"schema", "vintage"}),
    WASTES: frozenset({"vintage"}),
    PRECEDENTS: frozenset({"vintage"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that a file is read for; `columns` gives the column of the file that plays a role, where it has one.

    `where` keeps the rows whose columns bear one of the values; `layout` is that of the card, and the use's own.
    """

    id: str
    label: str
    kind: str
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    layout: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def column(self, role: str) -> str:
        """Return the name under which the cells of a row hold a role: the use's own column, else the card's."""
        return self.columns.get(role, role)

    def keeps(self, cells: Mapping[str, str | None]) -> bool:
        """Tell whether a row is one of those that the use reads."""
        return all((cells.get(column) or "") in values for column, values in self.where.items())


def card_fault(file: str, key: str | None, what: str, remedy: str) -> StructureFault:
    """Return what is wrong with a card, in French, with its file and key."""
    return StructureFault(what, file=file, column=key, remedy=remedy)


def check_layout(file: str, prefix: str, layout: Any, kinds: Iterable[str]) -> Mapping[str, Any]:
    """Return a layout. Raises `StructureFault` when it is none, or holds a key that none of the kinds has."""
    if not isinstance(layout, dict):
        raise card_fault(file, prefix, "des clés sont attendues.", "Écrivez « clé: valeur », une par ligne.")
    known = _FILE.union(*(_KNOWN.get(kind, frozenset()) for kind in kinds))
    for key in layout:
        if key not in known:
            raise card_fault(
                file, f"{prefix}.{key}", "clé inconnue.", f"Clés admises\u00a0: {', '.join(sorted(known))}."
            )
    return layout


def read_use(file: str, number: int, content: Any, kind: str, layout: Mapping[str, Any]) -> Use:
    """Return a use as its card writes it. Raises `StructureFault` naming the file and the key at fault."""
    if not isinstance(content, dict) or not content.get("id"):
        what = f"l’usage n° {number} n’a pas d’identifiant."
        raise card_fault(file, "uses.id", what, "Écrivez « - id: … ».")
    values = dict(content)
    own, prefix = str(values.pop("id")), f"uses.{content['id']}"
    kind = str(values.pop("kind", kind))
    if kind not in USED:
        what, remedy = f"genre d’usage «\u00a0{kind}\u00a0» inconnu.", f"Choisissez parmi {', '.join(USED)}."
        raise card_fault(file, f"{prefix}.kind", what, remedy)
    label = str(values.pop("label", "") or "")
    if not label and kind == INDICATOR:
        raise card_fault(file, f"{prefix}.label", "clé absente ou vide.", "Ajoutez-la.")
    columns = {str(role): str(name) for role, name in _mapping(file, f"{prefix}.columns", values.pop("columns", {}))}
    where = {
        str(column): tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        for column, value in _mapping(file, f"{prefix}.where", values.pop("where", {}))
    }
    return Use(own, label, kind, columns, where, {**layout, **check_layout(file, prefix, values, [kind])})


def _mapping(file: str, key: str, value: Any) -> Iterable[tuple[Any, Any]]:
    if not isinstance(value, dict):
        raise card_fault(file, key, "des clés sont attendues.", "Écrivez « rôle: colonne », un par ligne.")
    return value.items()
