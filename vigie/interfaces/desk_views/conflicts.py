"""The page of a conflict: what two people wrote in the same fields, to choose from or merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from vigie.domain import french
from vigie.domain.followup import Direction, DossierKind, ExchangeKind
from vigie.interfaces.desk_views.forms import WORDS

if TYPE_CHECKING:
    from vigie.errors import Clash, EditConflict

_FIELDS = {
    "owner_id": ("owner",), "contact_id": ("contact",), "field": ("rubrique",), "territory": ("territoire",),
    "visibility": ("lecteurs", "visibility"), "text": ("texte", "text"), "name": ("nom", "name"),
    "legal_basis": ("base_legale",), "retention_months": ("duree",), "retention_visa": ("visa",), "zone": ("fuseau",),
}  # fmt: skip
"""The fields of forms that hold a column, where their name is not its own."""
_LABELS = WORDS | {
    "kind": "Type", "direction": "Qui s’est exprimé", "contact": "Avec", "owner": "Suivi par",
    "prospecting": "Prospection", "rubrique": "Rubrique", "lecteurs": "Qui peut lire", "territoire": "Territoire",
    "cog": "Millésime des codes", "base_legale": "Base légale", "duree": "Durée, en mois", "visa": "Visa des archives",
    "phone": "Téléphone", "fuseau": "Heure locale",
}  # fmt: skip
_CHOSEN = frozenset({
    "kind", "direction", "contact", "owner", "prospecting", "rubrique", "lecteurs", "base_legale", "visibility",
    "territoire", "fuseau",
})  # fmt: skip
"""Fields whose value is chosen: one of the two is taken, there is nothing to merge."""


@dataclass(frozen=True, slots=True)
class ClashRow:
    """One field: what is saved, what was typed, in words, and the values that the form sends for each."""

    name: str
    label: str
    saved: str
    typed: str
    saved_value: str
    typed_value: str
    chosen: bool
    rows: int


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """`desk/conflict.html`: `kept` are the other fields of the form, sent as they were typed."""

    what: str
    who: str
    action: str
    back: str
    version: str
    rows: tuple[ClashRow, ...]
    kept: tuple[tuple[str, str], ...]
    title: str = "Deux versions du même texte"


def conflict_page(
    conflict: EditConflict, typed: Mapping[str, str], action: str, back: str, names: Mapping[str, str]
) -> ConflictPage:
    """Return the page of a conflict; `names` are those of the people and contacts that a field may hold."""
    rows = tuple(_row(clash, typed, names) for clash in conflict.clashes)
    shown = {row.name for row in rows} | {"version", "once"}
    saved = f"Enregistré par {conflict.by or 'une autre personne'}"
    if conflict.at:
        saved += f" le {french.moment(conflict.at)}"
    return ConflictPage(
        what=str(conflict),
        who=saved,
        action=action,
        back=back,
        version=conflict.version,
        rows=rows,
        kept=tuple((name, text) for name, text in typed.items() if name not in shown and "mot_de_passe" not in name),
    )


def _row(clash: Clash, typed: Mapping[str, str], names: Mapping[str, str]) -> ClashRow:
    candidates = _FIELDS.get(clash.field, (clash.field,))
    name = next((one for one in candidates if one in typed), candidates[0])
    saved = _value(clash.theirs)
    mine = typed.get(name, _value(clash.mine))
    return ClashRow(
        name=name,
        label=_LABELS.get(name, name),
        saved=_said(clash.theirs, names),
        typed=_said(clash.mine, names),
        saved_value=saved,
        typed_value=mine,
        chosen=name in _CHOSEN,
        rows=min(14, 2 + max(len(saved), len(mine)) // 70),
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "")


def _said(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return french.long_date(value)
    text = str(value if value is not None else "")
    for words in (DossierKind, ExchangeKind, Direction):
        if text in set(words):
            return words(text).label
    return names.get(text, text) or "(vide)"
