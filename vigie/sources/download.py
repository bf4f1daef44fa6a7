"""Fetching official files: resumed where it stopped, tried again, checked before it takes its name.

A download is written beside its target (`.part`) with what the server told of it (`.part.json`). It goes on by `Range`
and `If-Range`; a server that ignores them, or another file behind the same address (a redirect that leads elsewhere,
other validators, another length), starts it afresh. Once complete, what was told is kept (`.origin.json`): the file is
asked for with `If-None-Match` and left alone when unchanged, and never replaced by one published before it. Proxies of
the environment are used.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from vigie.errors import NoRoom, SourceUnavailable, StructureFault, VigieError
from vigie.sources import origins
from vigie.sources.archives import csv_member
from vigie.sources.room import MIB, RESERVE, free, is_full, mib, require

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MAGIC = {".zip": b"PK\x03\x04", ".gz": b"\x1f\x8b", ".xlsx": b"PK\x03\x04", ".parquet": b"PAR1"}
_GONE = {401: "demande une autorisation", 403: "refuse l’accès", 404: "n’existe pas", 410: "a été retirée"}
_LOOK = 8 * MIB  # received between two looks at the room left
_LATER = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Patience:
    """How insistent a download is: `attempts` in a row without a byte more, `pause` seconds doubled each time."""

    attempts: int = 5
    pause: float = 1.0
    longest_pause: float = 60.0
    timeout: float = 30.0
    sleep: Callable[[float], None] = field(default=time.sleep)


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file fetched: `unchanged` when the one already there was still the published one; `published` is an ISO day."""

    path: Path
    url: str
    bytes: int
    sha256: str
    resumed: bool = False
    unchanged: bool = False
    published: str | None = None


def download(
    url: str,
    target: Path,
    *,
    sha256: str | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    patience: Patience | None = None,
    not_before: str | None = None,
) -> Downloaded:
    """Fetch an address into a file, by as many attempts as needed; `progress` is told (bytes received, expected).

    Raises `SourceUnavailable` when the address does not answer, is gone, gives something else than the file announced,
    or one published before `not_before` (an ISO day) or before the target; `StructureFault` when the checksum is not
    the expected one; `NoRoom` when the file would leave less than the reserve of the disk. The target is replaced
    only at the end.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    return _Fetch(url, target, progress, patience or Patience(), not_before).run(sha256)


class _Interrupted(Exception):
    """The transfer stopped before its end; `wait` is what the server asked for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(reason)


class _Fetch:
    """One download, over its attempts."""

    def __init__(
        self,
        url: str,
        target: Path,
        progress: Callable[[int, int | None], None] | None,
        patience: Patience,
        not_before: str | None,
    ) -> None:
        self._url, self._target, self._patience = url, target, patience
        self._not_before = max(filter(None, (not_before, origins.read_origin(target).get("published"))), default=None)
        self._progress = progress or (lambda received, expected: None)
        self._part = target.with_name(f"{target.name}.part")
        self._progress_file = target.with_name(f"{target.name}.part.json")
        self._resumed = False

    def run(self, sha256: str | None) -> Downloaded:
        settings = httpx.Timeout(self._patience.timeout)
        with httpx.Client(timeout=settings, follow_redirects=True, headers={"Accept-Encoding": "identity"}) as client:
            failures = 0
            while True:
                before = self._size()
                try:
                    if self._attempt(client):
                        return self._finished(sha256)
                    return self._described(unchanged=True)
                except (_Interrupted, httpx.TransportError) as error:
                    failures = 1 if self._size() > before else failures + 1
                    self._pause(error, failures)
                except httpx.InvalidURL as error:
                    raise SourceUnavailable(f"L’adresse {self._url} est mal écrite.") from error
                except OSError as error:
                    if is_full(error):
                        raise self._no_room() from error
                    raise VigieError(f"Le fichier {self._part} ne peut pas être écrit : {error.strerror}.") from error

    def _attempt(self, client: httpx.Client) -> bool:
        """Receive what is missing; False when the target is already what is published."""
        with client.stream("GET", self._url, headers=self._conditions()) as answer:
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                return False
            if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                return self._beyond(answer)
            self._refuse(answer)
            self._refuse_older(answer)
            start = _start(answer)
            if start not in (0, self._size()):
                self._forget()
                raise _Interrupted("le serveur a donné une autre partie du fichier que celle demandée")
            if start > 0 and not origins.same_file(self._begun(), self._told(answer, start)):
                self._forget()
                raise _Interrupted("le fichier a changé pendant le téléchargement")
            self._resumed |= start > 0
            self._receive(answer, start)
        return True

    def _conditions(self) -> dict[str, str]:
        begun = self._begun()
        validator = begun.get("etag") or begun.get("last_modified")
        if self._size() > 0 and validator:
            return {"Range": f"bytes={self._size()}-", "If-Range": validator}
        self._forget()
        origin = self._known()
        if origin.get("etag"):
            return {"If-None-Match": origin["etag"]}
        return {"If-Modified-Since": origin["last_modified"]} if origin.get("last_modified") else {}

    def _receive(self, answer: httpx.Response, start: int) -> None:
        told = self._told(answer, start)
        expected: int | None = told["expected"]
        require(self._target.parent, (expected or start) - start, f"télécharger « {self._target.name} »")
        origins.write_json(self._progress_file, told)
        received = looked = start
        with self._part.open("ab" if start else "wb") as part:
            for chunk in answer.iter_raw():  # as it comes: what arrived before a cut is kept
                part.write(chunk)
                received += len(chunk)
                self._progress(received, expected)
                if received - looked >= _LOOK:
                    looked = received
                    if free(self._target.parent) < RESERVE:
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            part.flush()
            os.fsync(part.fileno())
        if expected is not None and received < expected:
            raise _Interrupted(f"{received} octets reçus sur {expected}")

    def _no_room(self) -> NoRoom:
        return NoRoom(
            f"Le disque de « {self._target.parent} » n’a plus de place pour ce fichier ({mib(RESERVE)} y restent "
            "pour le journal). Ce qui est reçu est gardé : libérez de la place, puis relancez la commande, "
            "elle reprendra où elle s’est arrêtée."
        )

    def _beyond(self, answer: httpx.Response) -> bool:
        """Nothing is left to receive when the part is as long as the file; otherwise begin again."""
        total = answer.headers.get("Content-Range", "").rpartition("/")[2]
        if total.isdigit() and int(total) == self._size():
            return True
        self._forget()
        raise _Interrupted("le fichier a changé pendant le téléchargement")

    def _refuse_older(self, answer: httpx.Response) -> None:
        """Refuse a file published before the one already held: a mirror that lags, an address that is frozen."""
        try:
            origins.refuse_older(origins.told(answer, self._url), self._not_before)
        except SourceUnavailable:
            self._forget()
            raise

    def _refuse(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status in _GONE:
            raise SourceUnavailable(
                f"L’adresse {self._url} {_GONE[status]} (code {status}). Le producteur l’a peut-être changée : "
                "cherchez le fichier sur la page de la source (« vigie sources »), puis donnez-le à « vigie refresh »."
            )
        if status in _LATER:
            raise _Interrupted(f"le serveur répond {status}", _asked(answer))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            raise self._something_else()
        if status not in (200, 206):
            raise SourceUnavailable(f"L’adresse {self._url} répond de façon inattendue (code {status}).")

    def _pause(self, error: Exception, failures: int) -> None:
        if failures >= self._patience.attempts:
            raise SourceUnavailable(
                f"L’adresse {self._url} ne répond pas comme elle devrait, après {failures} essais "
                f"({_said(error)}). Ce qui est reçu est gardé : relancez la commande plus tard, elle reprendra où elle "
                "s’est arrêtée ; derrière un mandataire, vérifiez HTTPS_PROXY."
            ) from error
        asked = error.wait if isinstance(error, _Interrupted) else None
        wait = asked if asked is not None else self._patience.pause * 2 ** (failures - 1)
        self._patience.sleep(min(wait, self._patience.longest_pause))

    def _finished(self, sha256: str | None) -> Downloaded:
        self._check_content()
        digest = sha256_of(self._part)
        if sha256 is not None and digest != sha256.lower():
            self._forget()
            raise StructureFault(
                f"son empreinte SHA-256 est {digest}, et non {sha256} comme annoncé.",
                file=self._target.name,
                remedy="Il a été jeté. Relancez la commande ; si cela se répète, mettez la carte de la source à jour.",
            )
        begun = self._begun()
        os.replace(self._part, self._target)  # noqa: PTH105 - atomic on every system
        size = self._target.stat().st_size
        origins.write_json(
            origins.origin_path(self._target), begun | {"complete": True, "sha256": digest, "bytes": size}
        )
        self._forget()
        return self._described()

    def _check_content(self) -> None:
        suffix = self._target.suffix
        magic = _MAGIC.get(suffix, b"")
        with self._part.open("rb") as part:
            head = part.read(64)
            part.seek(-min(4, self._size()), os.SEEK_END)
            tail = part.read()
        text = suffix == ".csv" and head.lstrip().startswith((b"<", b"{"))
        if not head.startswith(magic) or text or (suffix == ".parquet" and tail != magic):
            self._forget()
            raise self._something_else()
        if suffix == ".zip":
            try:
                csv_member(self._part)
            except StructureFault as fault:
                self._forget()
                raise StructureFault(
                    fault.what, file=self._target.name, remedy=f"{fault.remedy} ({self._url})"
                ) from fault

    def _something_else(self) -> SourceUnavailable:
        return SourceUnavailable(
            f"L’adresse {self._url} n’a pas donné un fichier {self._target.suffix} entier, mais autre chose (une page "
            "d’erreur, peut-être). Réessayez plus tard, ou cherchez le fichier sur la page de la source."
        )

    def _described(self, *, unchanged: bool = False) -> Downloaded:
        origin = self._known()
        return Downloaded(
            self._target, self._url, int(origin["bytes"]), str(origin["sha256"]), self._resumed, unchanged,
            origin.get("published"),
        )  # fmt: skip

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _forget(self) -> None:
        """Throw away what was received."""
        self._part.unlink(missing_ok=True)
        self._progress_file.unlink(missing_ok=True)

    def _begun(self) -> dict[str, Any]:
        """Return what was told of the part already received; nothing when it is of another address."""
        begun = origins.read_json(self._progress_file)
        return begun if begun.get("url") == self._url else {}

    def _known(self) -> dict[str, Any]:
        """Return what is known of the target; nothing when it comes from another address, or was changed since."""
        origin = origins.read_origin(self._target)
        return origin if origin.get("url") == self._url else {}

    def _told(self, answer: httpx.Response, start: int) -> dict[str, Any]:
        length = answer.headers.get("Content-Length", "")
        total = answer.headers.get("Content-Range", "").rpartition("/")[2]
        expected = int(total) if total.isdigit() else start + int(length) if length.isdigit() else None
        return origins.told(answer, self._url) | {"expected": expected}


def _start(answer: httpx.Response) -> int:
    """Return the position of the first byte of an answer."""
    if answer.status_code != httpx.codes.PARTIAL_CONTENT:
        return 0
    first = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(first) if first.isdigit() else -1


def _asked(answer: httpx.Response) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else None


def _said(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "délai dépassé"
    if isinstance(error, httpx.ConnectError):
        return "connexion impossible"
    if isinstance(error, httpx.TransportError):
        return "connexion coupée"
    return str(error)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
