"""Recognising a file by its header: which card it answers to, and what to say when it almost does."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from vigie.errors import StructureFault
from vigie.sources.cards_reader import spelled_down

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vigie.sources.cards_reader import Card, ColumnRule, OlderLayout

# Share of a card's required columns from which a file is taken to be meant as one of that source. A column counts the
# less, the more cards require it, and two at least must be there: a commune code alone is everybody's.
_RESEMBLES = 0.5
_AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class Recognised:
    """The card that a header answers to, and where each of its columns is found (`as_` → name in the file)."""

    card: Card
    reads: dict[str, str]


def refuse_duplicates(columns: Sequence[str], file: str) -> None:
    """Raise `StructureFault` when a header holds the same column twice, or a nameless one."""
    seen: set[str] = set()
    for number, column in enumerate(columns, start=1):
        if column in seen:
            raise StructureFault(
                "cette colonne est présente deux fois dans l’en-tête.",
                file=file,
                line=1,
                column=column,
                remedy="Retirez l’une des deux, ou donnez le fichier tel qu’il est publié.",
            )
        if not column:
            raise StructureFault(
                f"la colonne n° {number} de l’en-tête n’a pas de nom.",
                file=file,
                line=1,
                remedy="Donnez le fichier tel qu’il est publié, en-tête compris.",
            )
        seen.add(column)


def recognise(columns: Sequence[str], file: str, cards: Iterable[Card]) -> Recognised | OlderLayout:
    """Return the card whose required columns are all in the header (the most demanding one when several are).

    Order is free and unknown columns are ignored. Returns an `OlderLayout` marked `skip` for an official file
    that Vigie does not read. Raises `StructureFault` naming the missing columns of the card that comes nearest,
    or the older layout that the header is.
    """
    candidates = [card for card in cards if card.columns]
    found = [(card, *_locate(card, columns)) for card in candidates]
    complete = [(card, reads) for card, reads, missing in found if not missing and _named_for(card, file)]
    if complete:
        return _most_demanding(complete, file)
    older = _older_layout(columns, candidates)
    if older is not None:
        if older.skip:
            return older
        raise StructureFault(f"c’est {older.title}.", file=file, line=1, remedy=older.remedy)
    raise _nearest_fault(columns, file, found)


def _most_demanding(complete: list[tuple[Card, dict[str, str]]], file: str) -> Recognised:
    def demands(item: tuple[Card, dict[str, str]]) -> tuple[bool, int]:
        card, _ = item
        return bool(card.names), sum(rule.required for rule in card.columns)

    best = max(complete, key=demands)
    rivals = [card for card, reads in complete if demands((card, reads)) == demands(best) and card is not best[0]]
    if rivals:
        raise StructureFault(
            f"son en-tête convient à plusieurs cartes : {', '.join(sorted(c.id for c in (best[0], *rivals)))}.",
            file=file,
            remedy="Dites dans la carte voulue le nom du fichier (clé « names »).",
        )
    return Recognised(*best)


def _locate(card: Card, columns: Sequence[str]) -> tuple[dict[str, str], list[ColumnRule]]:
    free = card.spelling == "libre"
    by_name = {spelled_down(column) if free else column: column for column in columns}
    reads: dict[str, str] = {}
    missing: list[ColumnRule] = []
    for rule in card.columns:
        if rule.pattern is not None:
            matches = [(m, c) for n, c in by_name.items() if (m := re.fullmatch(rule.pattern, n))]
            reads |= {match.expand(rule.as_): column for match, column in matches}
            found = bool(matches)
        else:
            name = spelled_down(rule.name) if free else rule.name
            found = name in by_name
            if found:
                reads[rule.as_] = by_name[name]
        if rule.required and not found:
            missing.append(rule)
    return reads, missing


def _named_for(card: Card, file: str) -> bool:
    """Tell whether the card accepts the file's name: cards of sheets whose headers say little list their names."""
    return not card.layout.get("only_named") or any(fnmatch(file, pattern) for pattern in card.names)


def _older_layout(columns: Sequence[str], cards: Iterable[Card]) -> OlderLayout | None:
    header = {spelled_down(column) for column in columns}
    for card in cards:
        for older in card.older:
            if {spelled_down(column) for column in older.columns} <= header:
                return older
    return None


_OF_ANY_MAP = frozenset({"x", "y", "lat", "lon", "long", "latitude", "longitude"})
"""Names that any file of points bears: they tell nothing of whose it is."""


def _telling(cards: Iterable[Card]) -> dict[str, float]:
    """Return what each required column tells of a file: one over the number of sources that require it."""
    sources: dict[str, set[str]] = {}
    for card in cards:
        for rule in card.columns:
            if rule.required:
                sources.setdefault(spelled_down(rule.name), set()).add(card.source)
    return {name: 0.0 if name in _OF_ANY_MAP else 1 / len(owners) for name, owners in sources.items()}


def _nearest_fault(
    columns: Sequence[str], file: str, found: list[tuple[Card, dict[str, str], list[ColumnRule]]]
) -> StructureFault:
    telling = _telling([card for card, _, _ in found])

    def nearness(item: tuple[Card, dict[str, str], list[ColumnRule]]) -> tuple[bool, float]:
        card, _, missing = item
        required = [rule for rule in card.columns if rule.required]
        weight = sum(telling[spelled_down(rule.name)] for rule in required) or 1
        lost = sum(telling[spelled_down(rule.name)] for rule in missing)
        named = any(fnmatch(file, pattern) for pattern in card.names)
        return named, 1 - lost / weight if len(required) - len(missing) >= _AT_LEAST else 0.0

    best = max((item for item in found if item[2]), key=nearness, default=None)
    if best is None or (nearness(best)[1] < _RESEMBLES and not nearness(best)[0]):
        shown = ", ".join(columns[:6]) + ("…" if len(columns) > 6 else "")
        return StructureFault(
            f"son en-tête ({shown}) n’est celui d’aucune source connue.",
            file=file,
            line=1,
            remedy="Donnez un fichier décrit par une carte (« vigie sources » les liste), ou écrivez sa carte.",
        )
    card, _, missing = best
    names = ", ".join(rule.name for rule in missing[:5]) + ("…" if len(missing) > 5 else "")
    lacks = "les colonnes" if len(missing) > 1 else "la colonne"
    return StructureFault(
        f"ce fichier ressemble à « {card.title} », mais il lui manque {lacks} {names}.",
        file=file,
        line=1,
        column=missing[0].name,
        remedy=_remedy(missing[0], columns, card),
    )


def _remedy(rule: ColumnRule, columns: Sequence[str], card: Card) -> str:
    former = [name for name in rule.former if name in columns]
    if former:
        return (
            f"Elle s’appelle « {former[0]} » dans une version plus ancienne du fichier : "
            "téléchargez la version actuelle, ou renommez la colonne."
        )
    known = {r.name for r in card.columns}
    lowered = {column.lower(): column for column in columns if column not in known}
    close = difflib.get_close_matches(rule.name.lower(), lowered, n=1, cutoff=0.7)
    if close:
        return f"Une colonne s’appelle « {lowered[close[0]]} » : rendez-lui son nom officiel."
    return "Donnez le fichier complet, tel qu’il est publié."
