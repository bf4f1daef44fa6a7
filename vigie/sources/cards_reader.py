"""Cards: one YAML file per source says who publishes it, under what licence, where, and what its header looks like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from vigie.errors import StructureFault
from vigie.sources.card_uses import (
    AIDS,
    FLOWS,
    INDICATOR,
    PLACES,
    PRECEDENTS,
    TIES,
    TRADES,
    USED,
    WASTES,
    ZONING,
    Use,
    card_fault,
    check_layout,
    read_use,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHIPPED = Path(__file__).parent / "cards"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a file is published.

    `file` is the name to keep it under (the end of the address by default). `scope` is "france" or "departement"
    (then both hold `{departement}`). `cut` says by which columns a territory is read out of a Parquet file without
    fetching it whole: "commune", "siren" or "siret" → columns that hold one. `checked` is the ISO day on which the
    address was seen to answer, `None` when it never was.
    """

    url: str
    format: str
    file: str = ""
    scope: str = "france"
    checked: str | None = None
    sha256: str | None = None
    note: str | None = None
    cut: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """A column that a source reads: `name` in the file, `as_` in Vigie, `former` names in older files.

    `pattern` replaces `name` for families of columns (one a year): a regular expression on the spelled-down
    name, whose groups `as_` may quote.
    """

    name: str
    as_: str
    required: bool = True
    former: tuple[str, ...] = ()
    pattern: str | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class OlderLayout:
    """A layout that is no longer read, or never was: named in the refusal."""

    title: str
    columns: tuple[str, ...]
    remedy: str
    skip: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Everything known about a source; `layout` holds what only its own reader understands.

    `kind` is "fichier", "zonage", "indicateur", "lieux" (places), "metiers" (occupations), "echanges" (input-output
    tables), "liens" (ties between firms), "aides" (schemes that help firms), "dechets" (wastes that sites declare),
    "precedents" (documented exchanges) or "reference"; `reads` is the source that the file feeds. `uses` are written
    where the file is read for several things; `columns` then holds theirs too.
    `attribution` is the text that the licence asks beside what is drawn from the source. `fresh_days` is the age, in
    days since its publication, from which a file is older than the source's rhythm allows.
    `spelling` is "exact" or "libre" (accents, capitals and punctuation of the header do not matter).
    """

    id: str
    title: str
    producer: str
    licence: str
    citation: str
    rhythm: str
    kind: str = "fichier"
    reads: str = ""
    page: str | None = None
    attribution: str = ""
    fresh_days: int | None = None
    names: tuple[str, ...] = ()
    delimiters: tuple[str, ...] = (",", ";", "\t", "|")
    spelling: str = "exact"
    columns: tuple[ColumnRule, ...] = ()
    older: tuple[OlderLayout, ...] = ()
    gaps: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    layout: Mapping[str, Any] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()

    @property
    def all_uses(self) -> tuple[Use, ...]:
        """What the file is read for: the uses that the card writes, or the one that its kind makes it."""
        if self.uses or self.kind not in USED:
            return self.uses
        return (Use(self.reads or self.id, self.title, self.kind, layout=self.layout),)

    @property
    def reading(self) -> str:
        """What decides what is read of a file, whatever is said of it besides."""
        return repr((self.columns, self.layout, self.uses))

    @property
    def source(self) -> str:
        """Source that a file of this card feeds, e.g. "sirene_historique" or "zonage:ze2020"."""
        if self.kind in _MANY:
            return f"{self.kind}:{self.reads or self.id}"
        return self.reads or self.id


_REQUIRED = ("id", "title", "producer", "licence", "citation", "rhythm")
_MANY = (ZONING, INDICATOR, PLACES, TRADES, FLOWS, TIES, AIDS, WASTES, PRECEDENTS)
"""Kinds of which several files may be given at once."""
_KINDS = ("fichier", "reference", *_MANY)
_LISTS = {"columns": ColumnRule, "older": OlderLayout, "addresses": Address}
_TEXT_LISTS = ("names", "delimiters", "gaps")


def read_cards(*folders: Path) -> tuple[Card, ...]:
    """Return the cards of the folders (those shipped when none is given), sorted by id.

    A folder given later wins over an earlier one for the same id. Raises `StructureFault` naming file and key.
    """
    cards: dict[str, Card] = {}
    for folder in folders or (SHIPPED,):
        for path in sorted(folder.glob("*.yml")):
            card = read_card(path)
            cards[card.id] = card
    return tuple(cards[key] for key in sorted(cards))


def read_yaml(text: str) -> Any:
    """Return what a YAML text holds, read in C where libyaml is there: ten times quicker. Raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def read_card(path: Path) -> Card:
    """Read and validate one card. Raises `StructureFault` naming the file and the key at fault."""
    try:
        return _read(path, path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        raise StructureFault(
            "cette carte n’est pas du YAML lisible en UTF-8.",
            file=path.name,
            line=None if line is None else line + 1,
            remedy="Corrigez la syntaxe à cet endroit.",
        ) from error


@lru_cache(maxsize=512)
def _read(path: Path, text: str) -> Card:
    """Read a card of this text: the hundred shipped are read at each opening and each refresh, and never change."""
    content = read_yaml(text)
    if not isinstance(content, dict):
        raise _fault(path, None, "la carte ne contient pas de clés.", "Écrivez une clé par ligne : « id: … ».")
    return _card(path, content)


def spelled_down(name: str) -> str:
    """Return a column name without accents, capitals or punctuation: "Code APE" → "code_ape"."""
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("’", "'")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def _card(path: Path, content: dict[str, Any]) -> Card:
    _check_keys(path, content, Card, _REQUIRED)
    values = dict(content)
    if values.get("kind", "fichier") not in _KINDS:
        raise _fault(path, "kind", f"genre « {values['kind']} » inconnu.", f"Choisissez parmi {', '.join(_KINDS)}.")
    for key in _TEXT_LISTS:
        if key in values:
            values[key] = tuple(str(item) for item in _list(path, key, values[key]))
    for key, kind in _LISTS.items():
        if key in values:
            values[key] = tuple(_item(path, key, kind, item) for item in _list(path, key, values[key]))
    _read_uses(path, values)
    return Card(**values)


def _read_uses(path: Path, values: dict[str, Any]) -> None:
    """Read the uses of a card and its layout; the columns that uses name become columns of the card."""
    kind, written = str(values.get("kind", "fichier")), _list(path, "uses", values.get("uses", []))
    kinds = {kind, *(str(one.get("kind", kind)) for one in written if isinstance(one, dict))}
    layout = check_layout(path.name, "layout", values.get("layout", {}), kinds)
    uses = tuple(read_use(path.name, number, one, kind, layout) for number, one in enumerate(written, start=1))
    named = [name for use in uses for name in (*use.columns.values(), *use.where, *statuses(use.layout))]
    named += statuses(layout)
    territory = layout.get("territory_kind")
    named += list(territory) if isinstance(territory, dict) else []
    known = {rule.as_ for rule in values.get("columns", ())}
    added = tuple(ColumnRule(name, name) for name in dict.fromkeys(named) if name not in known)
    if uses:
        values["uses"] = uses
    if added:
        values["columns"] = (*values.get("columns", ()), *added)


def statuses(layout: Mapping[str, Any]) -> list[str]:
    """Return the columns that tell the status of values, as a layout names them."""
    told = layout.get("status", {})
    return [str(column) for column in told] if isinstance(told, dict) else []


def _item(path: Path, key: str, kind: type, content: Any) -> Any:
    if isinstance(content, str) and kind is ColumnRule:
        content = {"name": content}
    if not isinstance(content, dict):
        raise _fault(path, key, "chaque élément doit avoir des clés.", "Écrivez « - name: … ».")
    values = dict(content)
    if kind is ColumnRule:
        values.setdefault("name", values.get("pattern", ""))
        values["as_"] = values.pop("as", values["name"])
    if kind is Address and isinstance(values.get("cut"), dict):
        values["cut"] = {by: tuple(_list(path, f"{key}.cut.{by}", names)) for by, names in values["cut"].items()}
    if values.get("checked") is not None:
        values["checked"] = str(values["checked"])
    for name in ("former", "columns"):
        if name in values:
            values[name] = tuple(_list(path, f"{key}.{name}", values[name]))
    _check_keys(path, values, kind, ("url", "format") if kind is Address else (), key)
    try:
        return kind(**values)
    except TypeError as error:
        raise _fault(path, key, "il manque une clé à l’un des éléments.", "Complétez-le.") from error


def _check_keys(path: Path, content: dict[str, Any], kind: type, required: Iterable[str], inside: str = "") -> None:
    known = set(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    prefix = f"{inside}." if inside else ""
    for key in content:
        if key not in known:
            raise _fault(path, f"{prefix}{key}", "clé inconnue.", f"Clés admises : {', '.join(sorted(known))}.")
    for key in required:
        if not content.get(key):
            raise _fault(path, f"{prefix}{key}", "clé absente ou vide.", "Ajoutez-la.")


def _list(path: Path, key: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _fault(path, key, "une liste est attendue.", "Écrivez un élément par ligne, précédé d’un tiret.")
    return value


def _fault(path: Path, key: str | None, what: str, remedy: str) -> StructureFault:
    return card_fault(path.name, key, what, remedy)
