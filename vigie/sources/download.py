"""Fetching official files: resumed where it stopped, tried again, checked before it takes its name.

A download is written beside its target (`.part`) with the validators that the server gave (`.origin.json`). It goes on
by `Range` and `If-Range`; a server that ignores them, or a file that changed meanwhile, starts it afresh. A file
already there is asked for with `If-None-Match` and left alone when unchanged. Proxies of the environment are used.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from vigie.errors import SourceUnavailable, StructureFault, VigieError
from vigie.sources.archives import csv_member

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MAGIC = {".zip": b"PK\x03\x04", ".gz": b"\x1f\x8b", ".parquet": b"PAR1"}
_GONE = {401: "demande une autorisation", 403: "refuse l’accès", 404: "n’existe pas", 410: "a été retirée"}
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
    """A file fetched: `unchanged` when the one already there was still the published one."""

    path: Path
    url: str
    bytes: int
    sha256: str
    resumed: bool = False
    unchanged: bool = False


def download(
    url: str,
    target: Path,
    *,
    sha256: str | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    patience: Patience | None = None,
) -> Downloaded:
    """Fetch an address into a file, by as many attempts as needed; `progress` is told (bytes received, expected).

    Raises `SourceUnavailable` when the address does not answer, is gone, or gives something else than the file
    announced; `StructureFault` when the checksum is not the expected one. The target is replaced only at the end.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    return _Fetch(url, target, progress, patience or Patience()).run(sha256)


class _Interrupted(Exception):
    """The transfer stopped before its end; `wait` is what the server asked for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(reason)


class _Fetch:
    """One download, over its attempts."""

    def __init__(
        self, url: str, target: Path, progress: Callable[[int, int | None], None] | None, patience: Patience
    ) -> None:
        self._url, self._target, self._patience = url, target, patience
        self._progress = progress or (lambda received, expected: None)
        self._part = target.with_name(f"{target.name}.part")
        self._origin = target.with_name(f"{target.name}.origin.json")
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
                    raise VigieError(f"Le fichier {self._part} ne peut pas être écrit : {error.strerror}.") from error

    def _attempt(self, client: httpx.Client) -> bool:
        """Receive what is missing; False when the target is already what is published."""
        with client.stream("GET", self._url, headers=self._conditions()) as answer:
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                return False
            if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                return self._beyond(answer)
            self._refuse(answer)
            start = _start(answer)
            if start not in (0, self._size()):
                self._part.unlink(missing_ok=True)
                raise _Interrupted("le serveur a donné une autre partie du fichier que celle demandée")
            self._resumed |= start > 0
            self._receive(answer, start)
        return True

    def _conditions(self) -> dict[str, str]:
        origin = self._known()
        validator = origin.get("etag") or origin.get("last_modified")
        if self._size() > 0 and validator and not origin.get("complete"):
            return {"Range": f"bytes={self._size()}-", "If-Range": validator}
        if self._target.exists() and origin.get("complete"):
            if origin.get("etag"):
                return {"If-None-Match": origin["etag"]}
            if origin.get("last_modified"):
                return {"If-Modified-Since": origin["last_modified"]}
        self._part.unlink(missing_ok=True)
        return {}

    def _receive(self, answer: httpx.Response, start: int) -> None:
        length = answer.headers.get("Content-Length")
        expected = start + int(length) if length and length.isdigit() else None
        self._remember(answer, expected)
        received = start
        with self._part.open("ab" if start else "wb") as part:
            for chunk in answer.iter_raw():  # as it comes: what arrived before a cut is kept
                part.write(chunk)
                received += len(chunk)
                self._progress(received, expected)
            part.flush()
            os.fsync(part.fileno())
        if expected is not None and received < expected:
            raise _Interrupted(f"{received} octets reçus sur {expected}")

    def _beyond(self, answer: httpx.Response) -> bool:
        """Nothing is left to receive when the part is as long as the file; otherwise begin again."""
        total = answer.headers.get("Content-Range", "").rpartition("/")[2]
        if total.isdigit() and int(total) == self._size():
            return True
        self._part.unlink(missing_ok=True)
        raise _Interrupted("le fichier a changé pendant le téléchargement")

    def _refuse(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status in _GONE:
            raise SourceUnavailable(
                f"L’adresse {self._url} {_GONE[status]} (code {status}). Le producteur l’a peut-être changée : "
                "cherchez le fichier sur la page de la source (« vigie sources »), puis donnez-le à « vigie refresh »."
            )
        if status in _LATER:
            raise _Interrupted(f"le serveur répond {status}", _asked(answer))
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
        digest = _sha256(self._part)
        if sha256 is not None and digest != sha256.lower():
            self._part.unlink()
            raise StructureFault(
                f"son empreinte SHA-256 est {digest}, et non {sha256} comme annoncé.",
                file=self._target.name,
                remedy="Il a été jeté. Relancez la commande ; si cela se répète, mettez la carte de la source à jour.",
            )
        os.replace(self._part, self._target)  # noqa: PTH105 - atomic on every system
        origin = self._known() | {"complete": True, "sha256": digest, "bytes": self._target.stat().st_size}
        self._write(origin)
        return self._described()

    def _check_content(self) -> None:
        suffix = self._target.suffix
        with self._part.open("rb") as part:
            head = part.read(64)
        if not head.startswith(_MAGIC.get(suffix, b"")) or (suffix == ".csv" and head.lstrip().startswith(b"<")):
            self._part.unlink()
            raise SourceUnavailable(
                f"L’adresse {self._url} n’a pas donné un fichier {suffix}, mais autre chose (une page d’erreur, "
                "peut-être). Réessayez plus tard, ou cherchez le fichier sur la page de la source."
            )
        if suffix == ".zip":
            try:
                csv_member(self._part)
            except StructureFault as fault:
                self._part.unlink()
                raise StructureFault(fault.what, file=self._target.name, remedy="Relancez la commande.") from fault

    def _described(self, *, unchanged: bool = False) -> Downloaded:
        origin = self._known()
        size = self._target.stat().st_size
        return Downloaded(self._target, self._url, size, str(origin["sha256"]), self._resumed, unchanged)

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _known(self) -> dict[str, Any]:
        """Return what is remembered of this address; nothing when it is of another, or unreadable."""
        try:
            origin = json.loads(self._origin.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return origin if isinstance(origin, dict) and origin.get("url") == self._url else {}

    def _remember(self, answer: httpx.Response, expected: int | None) -> None:
        tag = answer.headers.get("ETag", "")
        self._write(
            {
                "url": self._url,
                "final_url": str(answer.url),
                "etag": "" if tag.startswith("W/") else tag,
                "last_modified": answer.headers.get("Last-Modified", ""),
                "expected": expected,
                "complete": False,
            }
        )

    def _write(self, origin: dict[str, Any]) -> None:
        fresh = self._origin.with_name(f"{self._origin.name}.new")
        fresh.write_text(json.dumps(origin, indent=1, ensure_ascii=False), "utf-8")
        os.replace(fresh, self._origin)  # noqa: PTH105 - atomic on every system


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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
