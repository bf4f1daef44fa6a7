"""Open conversations: a folder of votes and statements as Polis and its archives write them, whole or not at all."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.errors import StructureFault
from vigie.measures.opinion.plane import AGREE
from vigie.services.envision.opinion import Answer, groups
from vigie.services.envision.vote_files import COLUMNS, VoteTable, json_rows, read_votes
from vigie.sources.archives import open_bytes

if TYPE_CHECKING:
    from pathlib import Path

_TEXTS, _MODERATED = ("comment-body", "txt"), ("moderated", "mod")
_AGREES = ("agrees", "agree_count")
_ENDINGS = (".csv", ".csv.gz", ".json", ".json.gz")


@dataclass(frozen=True, slots=True)
class Conversation:
    """An open conversation: the words of each statement, those that moderation took away, votes (1 agree)."""

    texts: dict[str, str]
    left_out: frozenset[str]
    table: VoteTable


def read_conversation(folder: Path) -> Conversation:
    """Read `votes` and `comments` (CSV or JSON, plain or gzip) of a folder.

    Which code is an agreement is told by the counts that the statements carry themselves. Raises `StructureFault`
    where a file is missing or at fault, or a vote is about a statement that the folder does not hold.
    """
    comments, votes = _found(folder, "comments"), _found(folder, "votes")
    rows = _rows(comments)
    column = _title(rows[0], COLUMNS["statement"], comments)
    text, moderated = _title(rows[0], _TEXTS, comments), _title(rows[0], _MODERATED, comments)
    texts = {str(row[column]): str(row[text]) for row in rows}
    table = read_votes(votes)
    unknown = [code for code in table.statements if code not in texts]
    if unknown:
        raise StructureFault(
            f"des votes portent sur la proposition « {unknown[0]} », qui n’est pas dans « {comments.name} ».",
            file=votes.name, remedy="Donnez les deux fichiers d’une même conversation.", column="statement",
        )  # fmt: skip
    if _turned(rows, column, table):
        table = read_votes(votes, agree=-1)
    out = frozenset(str(row[column]) for row in rows if str(row[moderated]) == "-1")
    return Conversation(texts, out, table)


def imported(folder: Path) -> Answer:
    """Return what an open conversation holds, and its opinion groups; raises as `read_conversation`."""
    found = read_conversation(folder)
    answer = groups(found.table, found.left_out)
    for one in answer["statements"]:
        one["text"] = found.texts[one["id"]]
    return answer


def _found(folder: Path, name: str) -> Path:
    for ending in _ENDINGS:
        if (folder / f"{name}{ending}").is_file():
            return folder / f"{name}{ending}"
    raise StructureFault(f"il manque le fichier « {name}.csv » (ou .json, ou .gz).", file=folder.name,
                         remedy="Donnez le dossier d’une conversation ouverte.")  # fmt: skip


def _rows(path: Path) -> list[dict[str, Any]]:
    with open_bytes(path, None) as stream:
        data = stream.read().removeprefix(b"\xef\xbb\xbf")
    if ".json" in path.suffixes:
        return json_rows(path.name, data)
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(data.decode("utf-8", "replace"))))
    if not rows:
        raise StructureFault(
            "il n’y a aucune proposition.", file=path.name, remedy="Vérifiez que c’est le bon fichier."
        )
    return rows


def _title(row: dict[str, Any], names: tuple[str, ...], path: Path) -> str:
    for name in names:
        if name in row:
            return name
    raise StructureFault(f"il manque la colonne « {names[0]} ».", file=path.name,
                         remedy="Gardez les titres du fichier publié.", line=1)  # fmt: skip


def _turned(rows: list[dict[str, Any]], column: str, table: VoteTable) -> bool:
    """Tell whether votes code an agreement -1: the counts of the statements are then nearer to the other code."""
    name = next((one for one in _AGREES if one in rows[0]), None)
    if name is None:
        return False
    said = {str(row[column]): int(row[name]) for row in rows}
    there = np.array([said[code] for code in table.statements])
    as_read, turned = ((table.votes == code).sum(axis=0) for code in (AGREE, -AGREE))
    return bool(np.abs(turned - there).sum() < np.abs(as_read - there).sum())
