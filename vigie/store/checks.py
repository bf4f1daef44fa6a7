"""What must hold after a load; what does not is said in French, naming the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.french import counted
from vigie.errors import InputFault
from vigie.store.tables import ALL, ESTABLISHMENT, LEGAL_UNIT, MEMBERSHIP, TERRITORY

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis.expr.types as ir

    from vigie.store.tables import Table
    from vigie.store.warehouse import Receipt, WarehouseBuilder

# What may be known of a partially diffusible unit (article R123-232-1 of the Code de commerce). Its name may only be
# when its legal category proves a legal person. `sources.sirene` empties the rest; this is the second look.
_WORKFORCE = frozenset({"size_band", "size_year", "employer"})
_ACTIVITY = frozenset({"naf", "naf_nomenclature", "naf25"})
_ALLOWED = _WORKFORCE | _ACTIVITY | {
    "siren", "siret", "diffusion", "masked", "state", "created", "processed", "head_office", "commune", "country",
    "natural_person", "legal_category", "company_category",
}  # fmt: skip
_LEGAL_PERSON = "^[3-9][0-9]{3}$"


def check(builder: WarehouseBuilder, receipts: Iterable[Receipt]) -> None:
    """Raise `InputFault` for the first thing that does not hold in the tables built."""
    by_table = {receipt.table: receipt for receipt in receipts}
    for table in ALL:
        receipt = by_table[table.name]
        if receipt.duplicates:
            lines = counted(receipt.duplicates, "ligne répète", "lignes répètent")
            raise _fault(table, f"{lines} la clé {', '.join(table.key)}.")
        if receipt.rows:
            _check_rows(builder, table)
    _check_links(builder)


def _check_rows(builder: WarehouseBuilder, table: Table) -> None:
    """Look at required columns and masked rows in one scan."""
    rows = builder.table(table.name)
    counts: dict[str, ir.Value] = {
        f"{column.name} est vide": rows[column.name].isnull().sum() for column in table.columns if column.required
    }
    if table in (ESTABLISHMENT, LEGAL_UNIT):
        counts |= _masked(rows)
    for what, found in builder.rows(rows.aggregate(**counts))[0].items():
        if found:
            raise _fault(table, f"{what} dans {counted(found, 'ligne')}.")


def _masked(rows: ir.Table) -> dict[str, ir.Value]:
    named = rows.legal_category.re_search(_LEGAL_PERSON).fill_null(False)
    hidden = {name: rows.masked & rows[name].notnull() for name in rows.columns if name not in _ALLOWED | {"name"}}
    hidden["name"] = rows.masked & ~named & rows.name.notnull()
    counts = {
        f"{name} d’une unité partiellement diffusible n’est pas vide": test.sum() for name, test in hidden.items()
    }
    counts["le statut de diffusion dit le contraire du masquage"] = (rows.masked != (rows.diffusion != "O")).sum()
    return counts


def _check_links(builder: WarehouseBuilder) -> None:
    territory, membership = builder.table(TERRITORY.name), builder.table(MEMBERSHIP.name)
    lost = membership.anti_join(territory, ["kind", "code", "vintage"])
    found = builder.rows(lost.aggregate(number=lost.count()))[0]["number"]
    if found:
        lines = counted(found, "ligne désigne", "lignes désignent")
        raise _fault(MEMBERSHIP, f"{lines} un territoire absent de la table territory.")


def _fault(table: Table, what: str) -> InputFault:
    return InputFault(
        f"Contrôle après chargement, source «\u00a0{table.source}\u00a0», table {table.name}\u00a0: {what} "
        "Rien n’a été remplacé\u202f; téléchargez le fichier de nouveau, et signalez-le si cela persiste."
    )
