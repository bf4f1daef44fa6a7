"""Opinion groups of votes handed in: exact figures, since the file is the asker's own. Nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.domain.french import counted as told
from vigie.measures.opinion.clearness import RESAMPLES, Clearness, clearness
from vigie.measures.opinion.grouping import Clustering, counted_rows, group
from vigie.measures.opinion.holding import consensus, division, representative, votes_by_group
from vigie.measures.opinion.plane import AGREE, DISAGREE, PASS, plane_of, without
from vigie.services.envision.vote_files import VoteTable, read_votes

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from vigie.measures.opinion.holding import GroupVotes
    from vigie.measures.opinion.plane import Plane

Answer = dict[str, Any]
# Mean adjusted Rand index of resamples, in words; a cut drawn through one cloud of votes without structure has .3.
_STABLE, _RATHER_STABLE = 0.9, 0.75
_NAMED = 5


def groups_of_file(path: Path, agree: int = 1) -> Answer:
    """Return the opinion groups of a file of votes; raises as `read_votes`."""
    return groups(read_votes(path, agree))


def groups(table: VoteTable, left_out: Collection[str] = ()) -> Answer:
    """Return groups, what each holds, what bridges and divides them, how clear and stable they are.

    `left_out` are statements that moderation took away: they are told of nothing.
    """
    out = np.array([code in left_out for code in table.statements])
    votes = without(table.votes, out)
    plane = plane_of(votes)
    rows = counted_rows(table.votes)
    try:
        found = group(plane.participants, rows)
        clear: Clearness | None = clearness(votes, plane, found)
    except ValueError:  # everybody stands at the same place
        alone = np.zeros(len(rows), dtype=np.int64)
        found = Clustering(rows, alone, alone, plane.participants[rows[:1]], float("nan"))
        clear = None
    by_group = votes_by_group(votes, found.counted, found.group, len(found.centers))
    return {
        "sentence": _sentence(found, clear),
        "clear": clear is not None and clear.clear,
        "silhouette": _known(found.silhouette),
        "stability": _stability(clear),
        "groups": _groups(table, found, by_group),
        "participants": _participants(table, plane, found),
        "statements": _statements(table, plane, by_group, out),
        **_between(table, by_group, out),
    }


def _sentence(found: Clustering, clear: Clearness | None) -> str:
    if clear is None:
        return "Pas de groupes nets : tous ont voté de la même manière."
    if not clear.clear:
        return (
            "Pas de groupes nets : un partage au hasard, ou un seul nuage d’avis, donnerait à peu près la même chose."
        )
    many = told(len(found.centers), "groupe")
    return f"{many} d’opinion, {_words(clear.stability)} quand on tire {RESAMPLES} fois d’autres participants."


def _words(stability: float) -> str:
    if stability >= _STABLE:
        return "très stables"
    return "assez stables" if stability >= _RATHER_STABLE else "fragiles"


def _stability(clear: Clearness | None) -> Answer | None:
    if clear is None:
        return None
    return {
        "resamples": RESAMPLES,
        "adjusted_rand": clear.stability,
        "words": _words(clear.stability),
        "deviations_beyond_chance": clear.beyond_chance,
        "clouds_less_apart": clear.apart,
    }


def _groups(table: VoteTable, found: Clustering, by_group: GroupVotes) -> list[Answer]:
    telling = representative(by_group)
    return [
        {
            "id": rank,
            "size": int((found.group == rank).sum()),
            "center": center.tolist(),
            "participants": [table.participants[row] for row in found.counted[found.group == rank]],
            "representative": [
                {"statement": table.statements[one.statement], "vote": "agree" if one.agree else "disagree",
                 "cast": one.cast, "voted": one.voted, "share": one.share, "ratio": one.ratio, "z": one.z,
                 "z_ratio": one.z_ratio}
                for one in telling[rank]
            ],
        }
        for rank, center in enumerate(found.centers)
    ]  # fmt: skip


def _participants(table: VoteTable, plane: Plane, found: Clustering) -> list[Answer]:
    of_row = {int(row): int(label) for row, label in zip(found.counted, found.group, strict=True)}
    return [
        {"id": code, "x": float(x), "y": float(y), "group": of_row.get(row)}
        for row, (code, (x, y)) in enumerate(zip(table.participants, plane.participants, strict=True))
    ]


def _statements(table: VoteTable, plane: Plane, by_group: GroupVotes, out: Any) -> list[Answer]:
    agreeing, against = consensus(by_group.agreed, by_group.seen), consensus(by_group.disagreed, by_group.seen)
    apart = division(by_group)
    codes = {"agree": AGREE, "disagree": DISAGREE, "pass": PASS}
    cast = {name: (table.votes == code).sum(axis=0) for name, code in codes.items()}
    return [
        {
            "id": code,
            "moderated_out": bool(out[at]),
            "x": float(plane.statements[at, 0]),
            "y": float(plane.statements[at, 1]),
            **{name: int(counts[at]) for name, counts in cast.items()},
            "consensus": None if out[at] else float(agreeing[at]),
            "consensus_against": None if out[at] else float(against[at]),
            "division": None if out[at] else float(apart[at]),
            "groups": [
                {"agree": int(by_group.agreed[rank, at]), "disagree": int(by_group.disagreed[rank, at]),
                 "seen": int(by_group.seen[rank, at])}
                for rank in range(len(by_group.seen))
            ],
        }
        for at, code in enumerate(table.statements)
    ]  # fmt: skip


def _between(table: VoteTable, by_group: GroupVotes, out: Any) -> Answer:
    """Return the statements that bridge the groups (agreed, or refused, by every one) and that divide them."""
    kept = np.flatnonzero(~out)

    def first(values: Any) -> list[str]:
        order = kept[np.argsort(-values[kept], kind="stable")][:_NAMED]
        return [table.statements[at] for at in order]

    return {
        "bridges": first(consensus(by_group.agreed, by_group.seen)),
        "bridges_against": first(consensus(by_group.disagreed, by_group.seen)),
        "divides": first(division(by_group)),
    }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
