"""What the name index is made of: one JSON document per establishment, as Ibis expressions.

The warehouse writes the documents in bulk, with all its threads; the directory engine only has to take them in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from vigie.store.cells import COARSE, LATITUDE_STEP, LONGITUDE_STEP, ROW, SIDE
from vigie.store.kept import NOT_PUBLISHED, RECORD, SEPARATOR, SIZE_RANKS

if TYPE_CHECKING:
    import ibis.expr.types as ir

_DOTTED = r"\b[A-Za-z]\.[A-Za-z]\b"
_SPACED = r"\b[A-Za-z] [A-Za-z] [A-Za-z]\b"


def documents(establishment: ir.Table, membership: ir.Table) -> ir.Table:
    """Return one `document` (JSON text) per establishment, in the order of the table: its `contents`, nulls left out.

    Each kind of territory is taken in the latest vintage that `membership` holds of it. Nothing masked can enter:
    both tables hold public columns only.
    """
    rows = contents(establishment, membership)
    texts = {name: rows[name] for name in ("name", "street", "terms", "order", "record", "weight", "size")}
    text = ibis.struct(texts).cast("json").cast("string")
    return rows.select(document=ibis.literal("{") + _known(rows) + text.substr(1))


def contents(establishment: ir.Table, membership: ir.Table) -> ir.Table:
    """Return what is indexed of each establishment, a column a field.

    `name` (all the names), `street`, `terms` (exact words, see `_terms`), `order` (name to sort by), `weight` (open,
    head office, large first), `size` (rank of the band), `created` (days since 1970), `lat`, `lon` and `cell` where the
    place is public, and `record` (the public columns, see `read_record`).
    """
    latest = membership.filter(lambda rows: rows.vintage == rows.vintage.max().over(group_by="kind"))
    keys = latest.group_by("commune").agg(territories=(latest.kind + ":" + latest.code).group_concat(" "))
    rows = establishment.left_join(keys.rename(territory_commune="commune"), [("commune", "territory_commune")])
    located = rows.longitude.notnull() & rows.latitude.notnull() & (rows.diffusion == "O")
    return rows.select(
        name=_names(rows),
        street=rows.address.fill_null(""),
        terms=_terms(rows, located),
        order=rows.name.fill_null(rows.sign).fill_null("~"),
        weight=_weight(rows),
        size=_size(rows),
        created=rows.created.delta(ibis.date("1970-01-01"), unit="day"),
        lat=ibis.ifelse(located, rows.latitude, None),
        lon=ibis.ifelse(located, rows.longitude, None),
        cell=ibis.ifelse(located, "[" + _cells(rows) + "]", None),
        record=ibis.literal(SEPARATOR).join([_text(rows[column]) for column in RECORD]),
    )


def _known(rows: ir.Table) -> Any:
    """Numbers that may be missing, written only where they are known: the engine takes no null."""
    written: Any = ibis.literal("")
    for name in ("created", "lat", "lon", "cell"):
        written += (ibis.literal(f'"{name}":') + rows[name].cast("string") + ",").fill_null("")
    return written


def _names(rows: ir.Table) -> ir.StringValue:
    """Every name on one line, acronyms written with dots or spaces closed up (« S.A.R.L. » → SARL)."""
    names = [rows[column].fill_null("") for column in ("name", "sign", "usual_name", "acronym")]
    line = ibis.literal(" ").join(names)
    closed = line.re_replace(r"\b([A-Za-z])\.", r"\1")
    for length in (5, 4, 3):
        letters = " ".join([r"([A-Za-z])"] * length)
        closed = closed.re_replace(rf"\b{letters}\b", "".join(rf"\{place}" for place in range(1, length + 1)))
    return ibis.ifelse(line.re_search(f"{_DOTTED}|{_SPACED}"), closed, line)


def _terms(rows: ir.Table, located: Any) -> ir.StringValue:
    """Exact words, apart by spaces: SIRET, territory keys, activities with their nomenclature, flags."""

    def word(prefix: str, value: Any) -> Any:
        return (ibis.literal(prefix) + value).fill_null("")

    def flag(name: str, value: Any) -> Any:
        return ibis.cases((value, f"{name}:1"), (~value, f"{name}:0"), else_="")

    return ibis.literal(" ").join([
        rows.siret,
        rows.territories.fill_null(""),
        (rows.naf_nomenclature + ":" + rows.naf).fill_null(""),
        word("NAF2025:", rows.naf25.nullif(rows.naf)),
        word("postal:", rows.postal_code),
        word("state:", rows.state),
        word("employer:", rows.employer),
        ibis.coalesce(ibis.literal("size:") + rows.size_band, ibis.literal(NOT_PUBLISHED)),
        flag("head", rows.head_office),
        ibis.ifelse(rows.craft_code.notnull(), "craft:1", "craft:0"),
        ibis.ifelse(located, "located:1", ""),
    ])  # fmt: skip


def _size(rows: ir.Table) -> Any:
    return ibis.cases(*[(rows.size_band == code, rank) for code, rank in SIZE_RANKS.items()], else_=0)


def _weight(rows: ir.Table) -> Any:
    """Order without words: open (8), then head office (4), then size (up to 3); it never outweighs a better match."""
    opened = ibis.ifelse(rows.state == "A", 8.0, 0.0)
    head = ibis.ifelse(rows.head_office.fill_null(False), 4.0, 0.0)
    return (opened + head + _size(rows) * 3.0 / len(SIZE_RANKS)) / 100


def _cells(rows: ir.Table) -> Any:
    """Numbers of the fine and the coarse cell of a point, as `vigie.store.cells` counts them, for a list in JSON."""
    row = ((rows.latitude + 90) / LATITUDE_STEP).floor().cast("int64")
    column = ((rows.longitude + 180) / LONGITUDE_STEP).floor().cast("int64")
    fine, above = row * ROW + column, (row // SIDE) * ROW + column // SIDE + COARSE
    return fine.cast("string") + "," + above.cast("string")


def _text(column: Any) -> Any:
    if column.type().is_boolean():
        return ibis.cases((column, "1"), (~column, "0"), else_="")
    text = column.replace(SEPARATOR, " ") if column.type().is_string() else column.cast("string")
    return text.fill_null("")
