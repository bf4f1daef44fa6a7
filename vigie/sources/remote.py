"""Published Parquet files that answer by ranges: found behind their permanent address, cut without being fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from vigie.sources import origins

if TYPE_CHECKING:
    from pathlib import Path

_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Cut:
    """What to read of a Parquet file at `url`: `columns` of the rows that have one of the keys in one of `by`.

    Keys are `keys`, or the values of `key` in the Parquet file `keys_in`. A row is kept too when what it has begins
    like one of `near` and is not one of `known`: a commune that the reference does not know.
    """

    url: str
    columns: tuple[str, ...]
    by: tuple[str, ...]
    keys: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    keys_in: Path | None = None
    key: str = ""


class NotByRanges(Exception):
    """The file cannot be read by ranges; the text says why, in French, after « parce que »."""


def probe(url: str, timeout: float = 30.0) -> dict[str, Any]:
    """Ask for the last bytes of a Parquet file: return what is told of it (see `origins.told`), with its length.

    The final address is that of one publication: what is read there afterwards cannot change month on the way. Raises
    `NotByRanges` when the server gives the whole file, something else, or nothing.
    """
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=True, headers={"Accept-Encoding": "identity"}) as client,
            client.stream("GET", url, headers={"Range": "bytes=-4"}) as answer,
        ):
            if answer.status_code >= httpx.codes.BAD_REQUEST:
                raise NotByRanges(f"l’adresse {url} répond {answer.status_code}")
            total = answer.headers.get("Content-Range", "").rpartition("/")[2]
            if answer.status_code != httpx.codes.PARTIAL_CONTENT or not total.isdigit():
                raise NotByRanges(f"le serveur de {url} ne donne pas un fichier par morceaux")
            if answer.read() != _PARQUET:
                raise NotByRanges(f"l’adresse {url} ne donne pas un fichier Parquet entier")
            return origins.told(answer, url) | {"expected": int(total)}
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotByRanges(f"l’adresse {url} ne répond pas") from error
