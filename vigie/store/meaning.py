"""What the words of a search were understood to mean, in the order typed, and the text without each of them (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.store.directory import Meant
from vigie.store.everyday_words import LINKING_WORDS
from vigie.store.spelling import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from vigie.store.directory import MeantKind
    from vigie.store.word_groups import Typed, WordGroup

_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Part:
    kind: MeantKind
    words: tuple[str, ...]
    group: WordGroup


def meanings(text: str, typed: Typed, unanswered: Collection[WordGroup] = ()) -> tuple[Meant, ...]:
    """Return what each part of a text was understood to mean; `unanswered` groups answered nothing and were left out.

    Words that only link others are said with them, or not at all.
    """
    parts = list(_parts(typed, unanswered))
    written = [_written(text, part) for part in parts]
    numbers = [Meant("number", number, number) for number in typed.identifiers]
    found = [
        _meant(part, typed_as, " ".join([*typed.identifiers, *written[:rank], *written[rank + 1 :]]))
        for rank, (part, typed_as) in enumerate(zip(parts, written, strict=True))
    ]
    courtesy = [Meant("courtesy", phrase, phrase, without=" ".join(written)) for phrase in typed.courtesy]
    return (*numbers, *found, *courtesy)


def _meant(part: _Part, typed_as: str, without: str) -> Meant:
    group = part.group
    label = typed_as.strip('"')
    keys: tuple[str, ...] = ()
    if part.kind == "place":
        label, keys = group.place_name or label, group.places
    elif part.kind == "elsewhere":
        label = group.elsewhere
    elif part.kind in ("trade", "code"):
        label, keys = group.trade or label, group.activities or group.places
    return Meant(part.kind, typed_as, label, keys, group.also, group.notice, without)


def _parts(typed: Typed, unanswered: Collection[WordGroup]) -> Iterator[_Part]:
    """Yield the parts of a text; words of a name that follow one another are one part."""
    run: list[WordGroup] = []
    for group in typed.groups:
        kind = _kind(group, unanswered)
        if kind == "name" and not group.also and group.quoted == (run[-1].quoted if run else group.quoted):
            run.append(group)
            continue
        yield from _name(run)
        run = []
        if kind == "name":
            yield from _name([group])
        else:
            yield _Part(kind, group.words, group)
    yield from _name(run)


def _kind(group: WordGroup, unanswered: Collection[WordGroup]) -> MeantKind:
    if group in unanswered and not group.weak:
        return "elsewhere" if group.elsewhere else "unknown"
    if group.place_name:
        return "place"
    if group.elsewhere:
        return "elsewhere"
    if group.places:
        return "code"
    return "trade" if group.activities else "name"


def _name(run: Sequence[WordGroup]) -> Iterator[_Part]:
    """Yield the words of a name, without the linking words around it."""
    held = list(run)
    while held and held[-1].weak and held[-1].words[0] in LINKING_WORDS:
        held.pop()
    while held and held[0].weak and held[0].words[0] in LINKING_WORDS:
        held.pop(0)
    if held:
        told = next((group for group in held if group.also), held[0])
        yield _Part("name", tuple(word for group in held for word in group.words), told)


def _written(text: str, part: _Part) -> str:
    """Return the words of a part as they were typed."""
    tokens = [(fold(found.group()), found.start(), found.end()) for found in _TOKEN.finditer(text)]
    size = len(part.words)
    for first in range(len(tokens) - size + 1):
        if tuple(token[0] for token in tokens[first : first + size]) == part.words:
            found = text[tokens[first][1] : tokens[first + size - 1][2]]
            break
    else:
        found = " ".join(part.words)
    return f'"{found}"' if part.group.quoted else found
