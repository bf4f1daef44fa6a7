"""Searches and records in process: the mix of 60 % clean, 25 % one typo and 15 % two typos, on names of the index."""

from __future__ import annotations

import random
import statistics
import time
from typing import TYPE_CHECKING, Any

from vigie.store.directory import DirectoryQuery, Near
from vigie.store.engines.tantivy import TantivyDirectory
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from vigie.store.directory import Record

QUERIES = 600
CLEAN, ONE_TYPO = 0.60, 0.85
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def measure(work: Path, rows: int) -> dict[str, Any]:
    """Search the index of the generation in `work/data`."""
    from vigie.store import generation  # noqa: PLC0415 — nothing heavy at import

    folder = generation.current(work / "data")
    if folder is None:
        raise SystemExit(f"Rien n’est chargé dans {work / 'data'} : mesurez d’abord les tables (--only tables).")
    return timings(TantivyDirectory(folder / generation.INDEX))


def timings(directory: TantivyDirectory) -> dict[str, Any]:
    """Return the times of searches by name, of records, and of the searches by filter, place and distance."""
    chance = random.Random(2026)  # noqa: S311 — a repeatable draw, not a secret
    drawn = list(_drawn(directory, chance))
    queries = [_typed(record["name"], chance) for record in drawn]
    for _, text in queries[:50]:
        directory.search(DirectoryQuery(text=text))
    times: dict[int, list[float]] = {0: [], 1: [], 2: []}
    hits = 0
    for (typos, text), record in zip(queries, drawn, strict=True):
        seconds, page = _timed(directory.search, DirectoryQuery(text=text, state=None))
        times[typos].append(seconds)
        hits += record["name"] in {found["name"] for found in page.records}
    every = [seconds for group in times.values() for seconds in group]
    records = [_timed(directory.record, record["siret"])[0] for record in drawn]
    return {
        "establishments": len(directory),
        "search_p95_ms": _p95(every),
        "search_median_ms": round(statistics.median(every) * 1000, 2),
        "search_clean_p95_ms": _p95(times[0]),
        "search_one_typo_p95_ms": _p95(times[1]),
        "search_two_typos_p95_ms": _p95(times[2]),
        "search_found_in_first_20": round(hits / len(drawn), 3),
        "record_p95_ms": _p95(records),
        **_others(directory, drawn[:60]),
    }


def _others(directory: TantivyDirectory, drawn: Sequence[Record]) -> dict[str, float]:
    """Time searches by filter, by common word, around a point where the simulation had outlines to place points in."""

    def asked(make: Callable[[Record], DirectoryQuery]) -> float:
        return _p95([_timed(directory.search, make(record))[0] for record in drawn])

    def worked(make: Callable[[Record], DirectoryQuery]) -> float:
        return _p95([_worked(directory.search, make(record)) for record in drawn])

    place = f"departement:{drawn[0]['commune'][:2]}"
    figures = {
        "filters_p95_ms": asked(
            lambda record: DirectoryQuery(activities=(f"NAFRev2:{(record['naf'] or '25')[:2]}",), territories=(place,))
        ),
        "trade_and_place_p95_ms": asked(_trade_and_place),
        "trade_and_place_processor_p95_ms": worked(_trade_and_place),
        "common_word_p95_ms": asked(lambda _: DirectoryQuery(text="garage")),
        "suggest_p95_ms": _p95([_timed(directory.suggest, record["name"][:5])[0] for record in drawn]),
        "complete_p95_ms": _p95(
            [_timed(directory.complete, (record["commune_label"] or "")[:5])[0] for record in drawn]
        ),
    }
    located = next((record for record in drawn if record["latitude"] is not None), None)
    if located is None:
        return figures
    for radius in (5.0, 50.0):
        around = DirectoryQuery(near=Near(located["latitude"], located["longitude"], radius), sort="distance")
        figures[f"within_{radius:.0f}_km_p95_ms"] = _p95([_timed(directory.search, around)[0] for _ in drawn])
        figures[f"within_{radius:.0f}_km_processor_p95_ms"] = _p95([_worked(directory.search, around) for _ in drawn])
    return figures


def _trade_and_place(record: Record) -> DirectoryQuery:
    return DirectoryQuery(text=f"boulangerie {record['commune_label']}")


def _drawn(directory: TantivyDirectory, chance: random.Random) -> Iterable[Mapping[str, Any]]:
    """Draw named establishments here and there in the list by date of creation."""
    found = 0
    while found < QUERIES:
        page = directory.search(DirectoryQuery(state=None, sort="created", page=chance.randrange(1, 4000), per_page=20))
        named = [record for record in page.records if record["name"] and any(len(w) > 6 for w in words(record["name"]))]
        for record in chance.sample(named, min(8, len(named))):
            if found < QUERIES:
                found += 1
                yield record


def _typed(name: str, chance: random.Random) -> tuple[int, str]:
    """Type a name as people do: as it is, or with one or two typos in its long words."""
    draw = chance.random()
    typos = 0 if draw < CLEAN else 1 if draw < ONE_TYPO else 2
    typed = words(name)
    for _ in range(typos):
        place = chance.choice([rank for rank, word in enumerate(typed) if len(word) > 4])
        word = typed[place]
        letter = chance.randrange(1, len(word) - 1)
        typed[place] = chance.choice((
            word[:letter] + chance.choice(LETTERS) + word[letter + 1 :],
            word[:letter] + word[letter + 1 :],
            word[:letter] + chance.choice(LETTERS) + word[letter:],
            word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :],
        ))  # fmt: skip
    return typos, " ".join(typed)


def _timed(call: Callable[[Any], Any], asked: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = call(asked)
    return time.perf_counter() - began, answer


def _worked(call: Callable[[Any], Any], asked: Any) -> float:
    """Return the processor time of a call, which a busy machine disturbs less."""
    began = time.process_time()
    call(asked)
    return time.process_time() - began


def _p95(seconds: Sequence[float]) -> float:
    return round(statistics.quantiles(seconds, n=20)[-1] * 1000, 2)
