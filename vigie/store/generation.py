"""Generations of a data directory: which one is in service, the lock, the switch.

D/current                     name of the generation in service
D/generations/gen-<fp>[-n]/   warehouse.duckdb, index/, generation.json; never reused, opened read only
D/build/<inputs>/             generation under construction
D/refresh.lock                held by the refresh that runs
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vigie.errors import RefreshRunning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WAREHOUSE, INDEX, DESCRIPTION = "warehouse.duckdb", "index", "generation.json"


def current(data_dir: Path) -> Path | None:
    """Return the folder of the generation in service, `None` when nothing was ever loaded."""
    try:
        name = (data_dir / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    folder = data_dir / "generations" / name
    return folder if name and folder.is_dir() else None


def describe(folder: Path) -> dict[str, Any]:
    """Return what a generation says of itself (`generation.json`)."""
    content: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    return content


@contextmanager
def refreshing(data_dir: Path) -> Iterator[None]:
    """Hold the data directory for one refresh; raises `RefreshRunning` when another one holds it.

    The system releases the lock of a refresh that dies.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "refresh.lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RefreshRunning(
                f"Un autre chargement est en cours dans «\u00a0{data_dir}\u00a0». "
                "Attendez qu’il finisse, puis recommencez."
            ) from error
        yield


def workshop(data_dir: Path, inputs: str) -> Path:
    """Return the folder where the generation of given inputs is built, and remove the other unfinished ones."""
    build = data_dir / "build"
    folder = build / inputs[:16]
    folder.mkdir(parents=True, exist_ok=True)
    for other in build.iterdir():
        if other != folder:
            shutil.rmtree(other)
    return folder


def switch(data_dir: Path, built: Path, description: Mapping[str, Any]) -> Path:
    """Put a finished generation in service and return its folder; readers see the former one or this one.

    Everything is synchronised to the disk before the pointer is renamed. Generations older than the previous
    one are then removed.
    """
    former = current(data_dir)
    generations = data_dir / "generations"
    generations.mkdir(exist_ok=True)
    folder = _free_name(generations, str(description["fingerprint"])[:16])
    write_durably(built / DESCRIPTION, json.dumps({**description, "name": folder.name}, ensure_ascii=False, indent=1))
    for path in built.rglob("*"):
        _synchronise(path)
    _synchronise(built)
    built.rename(folder)
    _synchronise(generations)
    write_durably(data_dir / "current", folder.name + "\n")
    _prune(generations, {folder, former})
    return folder


def write_durably(path: Path, text: str) -> None:
    """Write a file so that, whatever happens, it holds its former content or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    _synchronise(fresh)
    fresh.replace(path)
    _synchronise(path.parent)


def _free_name(generations: Path, fingerprint: str) -> Path:
    """Return a name never used: a path that was opened once keeps answering the old data in that process."""
    folder, number = generations / f"gen-{fingerprint}", 1
    while folder.exists():
        number += 1
        folder = generations / f"gen-{fingerprint}-{number}"
    return folder


def _prune(generations: Path, kept: set[Path | None]) -> None:
    """Remove all generations but the one in service and the previous one.

    A reader that read the pointer just before the switch still finds the generation it names.
    """
    for folder in generations.iterdir():
        if folder not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _synchronise(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
