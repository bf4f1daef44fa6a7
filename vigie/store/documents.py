"""What the name index is made of: one JSON document per establishment, as Ibis expressions.

The warehouse writes the documents in bulk, with all its threads; the directory engine only has to take them in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from vigie.domain.actors import JOINT
from vigie.store.cells import COARSE, FAMILY, LATITUDE_STEP, LONGITUDE_STEP, ROW, SIDE, STATES
from vigie.store.kept import NOT_PUBLISHED, RECORD, SEPARATOR, SIZE_RANKS

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ALONE = "([0-9A-Za-z])"
_SIGNS = r"[^\p{L}\p{N}\n]+"
_SEVERAL_ALONE = rf"(?:^|[^\p{{L}}\p{{N}}]){_ALONE}[^\p{{L}}\p{{N}}]+{_ALONE}(?:[^\p{{L}}\p{{N}}]|$)"
_MOST_DOTTED, _MOST_SPACED = 6, 8
_BETWEEN_NAMES = "\n"


def documents(establishment: ir.Table, membership: ir.Table) -> ir.Table:
    """Return one `document` (JSON text) per establishment, in the order of the table: its `contents`, nulls left out.

    Each kind of territory is taken in the latest vintage that `membership` holds of it. Nothing masked can enter:
    both tables hold public columns only.
    """
    rows = contents(establishment, membership)
    texts = {name: rows[name] for name in ("name", "called", "street", "terms", "order", "record", "weight", "size")}
    text = ibis.struct(texts).cast("json").cast("string")
    return rows.select(document=ibis.literal("{") + _known(rows) + text.substr(1))


def contents(establishment: ir.Table, membership: ir.Table) -> ir.Table:
    """Return what is indexed of each establishment, a column a field.

    `name` (all the names), `called` (each in one word), `street`, `terms` (exact words, see `_terms`), `order` (name to
    sort by), `weight` (open, head office, large first), `size` (rank of the band), `created` (days since 1970), `lat`,
    `lon` and `cell` where the place is public, and `record` (the public columns, see `read_record`).
    """
    latest = membership.filter(lambda rows: rows.vintage == rows.vintage.max().over(group_by="kind"))
    keys = latest.group_by("commune").agg(territories=(latest.kind + ":" + latest.code).group_concat(" "))
    rows = establishment.left_join(keys.rename(territory_commune="commune"), [("commune", "territory_commune")])
    located = rows.longitude.notnull() & rows.latitude.notnull() & (rows.diffusion == "O")
    return rows.select(
        name=_names(rows),
        called=_called(rows),
        street=_street(rows),
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


def _every_name(rows: ir.Table) -> ir.StringValue:
    """All the names of an establishment, a line each."""
    names = [rows[column].fill_null("") for column in ("name", "sign", "usual_name", "acronym")]
    return ibis.literal(_BETWEEN_NAMES).join(names)


def _names(rows: ir.Table) -> ir.StringValue:
    """Every name, letters that stand alone one after the other closed up as `spelling.words` does (« H & C » → HC)."""
    names = _every_name(rows)
    closed = names
    for length in range(_MOST_DOTTED, 1, -1):
        dotted = r"\.".join([_ALONE] * length)
        closed = closed.re_replace(rf"\b{dotted}\b\.?", f" {_places(length)} ")
    closed = closed.re_replace(_SIGNS, " ")
    for length in range(_MOST_SPACED, 1, -1):
        closed = closed.re_replace(rf"\b{' '.join([_ALONE] * length)}\b", _places(length))
    return ibis.ifelse(names.re_search(_SEVERAL_ALONE), closed, names)


def _places(length: int) -> str:
    return "".join(rf"\{place}" for place in range(1, length + 1))


def _called(rows: ir.Table) -> ir.StringValue:
    """The letters and digits of each name in one word, apart by spaces: an exact name is found whatever its signs."""
    names = _every_name(rows).replace(JOINT, _BETWEEN_NAMES)
    return names.re_replace(_SIGNS, "").replace(_BETWEEN_NAMES, " ")


def _street(rows: ir.Table) -> ir.StringValue:
    """Words of the address; abroad, of the town and the country."""
    abroad = ibis.ifelse(rows.country.notnull(), rows.commune_label, ibis.null("string"))
    return ibis.literal(" ").join(
        [part.fill_null("") for part in (rows.address, rows.distribution, abroad, rows.country)]
    )


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
        word("postal:", rows.cedex_code.nullif(rows.postal_code)),
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
    """Numbers of the fine and the coarse cell of a point, as `vigie.store.cells` counts them, for a list in JSON.

    They are those of the family of its state.
    """
    row = ((rows.latitude + 90) / LATITUDE_STEP).floor().cast("int64")
    column = ((rows.longitude + 180) / LONGITUDE_STEP).floor().cast("int64")
    ranks = [(rows.state == state, rank * FAMILY) for rank, state in enumerate(STATES)]
    family = ibis.cases(*ranks, else_=len(STATES) * FAMILY)
    fine, above = row * ROW + column + family, (row // SIDE) * ROW + column // SIDE + COARSE + family
    return fine.cast("string") + "," + above.cast("string")


def _text(column: Any) -> Any:
    if column.type().is_boolean():
        return ibis.cases((column, "1"), (~column, "0"), else_="")
    text = column.replace(SEPARATOR, " ") if column.type().is_string() else column.cast("string")
    return text.fill_null("")
