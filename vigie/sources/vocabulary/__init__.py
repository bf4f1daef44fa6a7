"""Words by which people name trades and places, and those that say nothing: data files, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class TradeWords:
    """Words that name one trade, as they are written, the usual one first; codes of NAF rev. 2 at any level."""

    kind: str
    codes: tuple[str, ...]
    words: tuple[str, ...]


@cache
def trades() -> tuple[TradeWords, ...]:
    """Return every trade of `trades.tsv`."""
    return tuple(TradeWords(kind, tuple(codes.split()), _listed(words)) for kind, codes, words in _rows("trades"))


@cache
def courtesies(where: str) -> tuple[str, ...]:
    """Return the phrases that say nothing: « first » ones at the beginning of a text alone, « any » ones anywhere."""
    return tuple(phrase for place, words in _rows("courtesy") if place == where for phrase in _listed(words))


@cache
def customary_places() -> tuple[tuple[str, str], ...]:
    """Return the names that official lists do not hold, each after the key of its territory ("epci:200046977")."""
    return tuple((key, name) for key, words in _rows("places") for name in _listed(words))


def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith("#")]
    return tuple(tuple(line.split("\t")) for line in kept[1:])


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(", "))
