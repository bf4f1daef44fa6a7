"""One territory of a published Parquet file, read by ranges: which rows, from which publication, kept as one file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from vigie.errors import StructureFault, VigieError
from vigie.sources import cog, origins
from vigie.sources.base import read_header
from vigie.sources.cog_lookup import code_book
from vigie.sources.download import Downloaded, sha256_of
from vigie.sources.remote import Cut, NotByRanges, probe
from vigie.sources.room import is_full, writing

if TYPE_CHECKING:
    from vigie.domain.territory import Territory
    from vigie.sources.cards_reader import Address, Card

Cutter = Callable[[Cut, Path, Path, Callable[[float], None]], int]
"""What reads a cut to a file, with a working folder and a teller of the share done; returns the rows written."""

COMMUNE, STOCK = "commune", "sirene_etablissement"


@dataclass(frozen=True, slots=True)
class TerritoryAsked:
    """A territory of a source: where to write it, and what may be known already of the file it must not precede."""

    card: Card
    address: Address
    territory: Territory
    target: Path
    stock: Path | None
    not_before: str | None


def cut_out(wanted: TerritoryAsked, cutter: Cutter, progress: Callable[[float], None]) -> Downloaded:
    """Read a territory out of a published Parquet file; the target is replaced only at the end.

    Raises `NotByRanges` when it cannot be read by ranges, or changes under the reader twice; `SourceUnavailable` when
    it was published before what is already held; `StructureFault` when it is not the file that its card describes.
    """
    cut = _cut(wanted)
    for attempt in (1, 2):
        told = probe(wanted.address.url)
        origins.refuse_older(told, wanted.not_before)
        made_of = {"territory": wanted.territory.key, "keys": _keys_mark(wanted), "columns": list(cut.columns)}
        known = origins.read_origin(wanted.target)
        if known and origins.same_file(known, told) and all(known.get(key) == made_of[key] for key in made_of):
            return _described(wanted, known, unchanged=True)
        try:
            return _described(
                wanted, _read(wanted, replace(cut, url=told["final_url"]), told | made_of, cutter, progress)
            )
        except _Changed as change:
            if attempt == 2:
                raise NotByRanges(f"le fichier de {wanted.address.url} change pendant qu’on le lit") from change
    raise AssertionError("two attempts either return or raise")


class _Changed(Exception):
    """The published file is no longer the one that was read."""


def _read(
    wanted: TerritoryAsked, cut: Cut, told: dict[str, Any], cutter: Cutter, progress: Callable[[float], None]
) -> dict[str, Any]:
    part = wanted.target.with_name(f".{wanted.target.stem}.part.parquet")
    part.parent.mkdir(parents=True, exist_ok=True)
    scratch = part.with_suffix(".scratch")  # of a name that a later run finds and takes away
    scratch.mkdir(exist_ok=True)
    try:
        try:
            with writing(wanted.target):
                rows = cutter(cut, part, scratch, progress)
        except NotByRanges as refusal:
            if _is_other(told, cut.url):
                raise _Changed from refusal
            raise
        if _is_other(told, cut.url):
            raise _Changed
        if rows == 0:
            raise StructureFault(
                f"aucune de ses lignes n’est de {wanted.territory.name}.", file=wanted.target.name,
                remedy="Vérifiez le code du territoire, ou téléchargez le fichier national.",
            )  # fmt: skip
        read_header(part, [wanted.card])
        origin = told | {"complete": True, "rows": rows, "sha256": sha256_of(part), "bytes": part.stat().st_size}
        part.replace(wanted.target)
        origins.write_json(origins.origin_path(wanted.target), origin)
        return origin
    except OSError as error:
        if is_full(error):
            with writing(wanted.target):
                raise
        raise VigieError(f"Le fichier {part} ne peut pas être écrit\u00a0: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
        shutil.rmtree(scratch, ignore_errors=True)


def _is_other(told: dict[str, Any], final_url: str) -> bool:
    """Tell whether what is published at the final address is no longer what was found there."""
    try:
        return not origins.same_file(told, probe(final_url))
    except NotByRanges:
        return True


def _cut(wanted: TerritoryAsked) -> Cut:
    """Return which rows are of the territory: by commune, or by the identifiers of its establishments."""
    [(by, columns)] = wanted.address.cut.items()
    cut = Cut("", tuple(rule.name for rule in wanted.card.columns), columns)
    if by != COMMUNE:
        if wanted.stock is None:
            raise NotByRanges(
                "ce fichier ne dit pas les communes, et les établissements du territoire ne sont pas dans le même "
                f"dossier (téléchargez-les d’abord\u00a0: {STOCK})"
            )
        return replace(cut, keys_in=wanted.stock, key=by)
    published, members = code_book().by_published(), _members(wanted.territory)
    return replace(
        cut,
        keys=frozenset(code for code, today in published.items() if today in members),
        near=frozenset(code[:2] for code in members),
        known=frozenset(published),
    )


def _members(territory: Territory) -> frozenset[str]:
    rows = cog.memberships([cog.latest_vintage()]).filter(
        (pc.field("kind") == territory.kind.value) & (pc.field("code") == territory.code)
    )
    return frozenset(map(str, rows["commune"].to_pylist())) or frozenset({territory.code})


def _keys_mark(wanted: TerritoryAsked) -> str:
    """Return what identifies the establishments whose identifiers are kept."""
    if wanted.stock is None or COMMUNE in wanted.address.cut:
        return ""
    return str(origins.read_origin(wanted.stock).get("sha256") or "")


def _described(wanted: TerritoryAsked, origin: dict[str, Any], *, unchanged: bool = False) -> Downloaded:
    return Downloaded(
        wanted.target, wanted.address.url, int(origin["bytes"]), str(origin["sha256"]), unchanged=unchanged,
        published=origin.get("published"),
    )  # fmt: skip
