"""What a build is made of: the content of its files, of the reference, and the code that reads them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING

import vigie
from vigie.sources import cog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vigie.sources.base import SourceFile

# What decides the content of tables; the simulation only writes files.
_CODE = ("sources/*.py", "sources/ties/*.py", "domain/*.py", "store/*.py", "store/steps/*.py", "store/engines/**/*.py")


@dataclass(frozen=True, slots=True)
class Input:
    """A file as it was when the build began: recognised, and hashed by content."""

    file: SourceFile
    sha256: str


def snapshot(files: Sequence[SourceFile]) -> dict[str, Input]:
    """Hash files by content; by source."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        hashes = list(pool.map(content_hash, [file.path for file in files]))
    return {file.source: Input(file, hash_) for file, hash_ in zip(files, hashes, strict=True)}


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def digest(*parts: str) -> str:
    """Return one hash for several texts."""
    return sha256("\0".join(parts).encode()).hexdigest()


@cache
def foundation() -> str:
    """Return the hash of what every build rests on: the code and the reference that ships with it."""
    package = Path(vigie.__file__).parent
    code = sorted({path for pattern in _CODE for path in package.glob(pattern)})
    return digest(*map(content_hash, [*code, *cog.files()]))


def inputs_hash(inputs: Iterable[Input], *choices: str) -> str:
    """Return the hash that names a build: its files, whatever their names and places, and the choices made."""
    return digest(foundation(), *choices, *sorted(f"{i.file.source}={i.sha256}" for i in inputs))
