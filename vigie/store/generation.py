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

from vigie.errors import DataOutdated, DataUnreadable, RefreshRunning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WAREHOUSE, INDEX, DESCRIPTION = "warehouse.duckdb", "index", "generation.json"
GENERATIONS, POINTER, BUILD = "generations", "current", "build"
_EXPECTED = {"name": str, "created": str, "vintage": dict, "simulated": bool}


def current(data_dir: Path) -> Path | None:
    """Return the folder of the generation in service, `None` when nothing was ever loaded.

    It is the one that the pointer names or, when that one is damaged or gone, the latest whole one that is left. Raises
    `DataUnreadable` when there were some and none is whole.
    """
    refusals = []
    for folder in candidates(data_dir):
        refusal = refusal_of(folder)
        if refusal is None:
            return folder
        refusals.append(refusal)
    pointed = pointer(data_dir)
    if pointed is None and not refusals:
        return None
    raise refusals[0] if refusals else DataUnreadable(f"{GENERATIONS}/{pointed or '…'} n’y est plus")


def pointer(data_dir: Path) -> str | None:
    """Return the name of the generation in service; `None` without a pointer, empty when it cannot be read."""
    try:
        name = (data_dir / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return ""
    return name if "/" not in name and not name.startswith(".") else ""


def candidates(data_dir: Path) -> list[Path]:
    """Return the generations in the order in which to try them: the one that the pointer names, then the latest."""
    pointed = pointer(data_dir)
    try:
        found = [(folder.stat().st_mtime_ns, folder) for folder in (data_dir / GENERATIONS).iterdir()]
    except OSError:
        return []
    found.sort(key=lambda one: (one[1].name == pointed, one), reverse=True)
    return [folder for _, folder in found]


def refusal_of(folder: Path) -> DataUnreadable | None:
    """Return why a generation is not to be opened, `None` when nothing shows from outside.

    Files are written once: one that is not there, or not of the size that was noted, was damaged since.
    """
    try:
        said = _content(folder)
    except (OSError, ValueError):
        return DataUnreadable(f"{folder.name}/{DESCRIPTION} ne se lit pas")
    if not isinstance(said, dict) or not _EXPECTED.items() <= {k: type(v) for k, v in said.items()}.items():
        earlier = isinstance(said, dict) and "fingerprint" in said
        refusal = DataOutdated if earlier else DataUnreadable
        return refusal(f"{folder.name}/{DESCRIPTION} n’est pas celui d’un chargement de cette version")
    noted = said.get("files")
    expected: dict[str, int | None] = {WAREHOUSE: None, INDEX: None, **(noted if isinstance(noted, dict) else {})}
    for name, size in expected.items():
        try:
            found = (folder / name).stat().st_size
        except OSError:
            return DataUnreadable(f"{folder.name}/{name} n’y est plus")
        if size is not None and found != size:
            return DataUnreadable(f"{folder.name}/{name} est abîmé")
    return None


Signature = tuple[tuple[str, int, int, int], ...]


def signature(folder: Path) -> Signature:
    """Return what changes when a file of a generation does: its names, sizes, places on the disk and instants."""
    found = []
    for place in (folder, folder / INDEX):
        try:
            with os.scandir(place) as entries:
                files = [entry for entry in entries if not entry.name.startswith(".")]
                told = [(one.name, one.stat()) for one in files if place != folder or one.name != INDEX]
        except OSError:
            found.append((place.name, -1, -1, -1))
            continue
        found += [(name, state.st_size, state.st_ino, state.st_ctime_ns) for name, state in told]
    return tuple(sorted(found))


def describe(folder: Path) -> dict[str, Any]:
    """Return what a generation says of itself (`generation.json`)."""
    content: dict[str, Any] = _content(folder)
    return content


def _content(folder: Path) -> Any:
    return json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))


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
    build = data_dir / BUILD
    folder = build / inputs[:16]
    folder.mkdir(parents=True, exist_ok=True)
    for other in build.iterdir():
        if other != folder:
            shutil.rmtree(other)
    return folder


def abandon(data_dir: Path) -> None:
    """Remove what was being built: a load that failed gives its room back."""
    shutil.rmtree(data_dir / BUILD, ignore_errors=True)


def switch(data_dir: Path, built: Path, description: Mapping[str, Any], former: Path | None) -> Path:
    """Put a finished generation in service and return its folder; readers see the former one or this one.

    Everything is synchronised to the disk before the pointer is renamed. Generations older than the previous
    one are then removed.
    """
    generations = data_dir / GENERATIONS
    generations.mkdir(exist_ok=True)
    folder = _free_name(generations, str(description["fingerprint"])[:16])
    complete = {**description, "name": folder.name, "files": _sizes(built)}
    write_durably(built / DESCRIPTION, json.dumps(complete, ensure_ascii=False, indent=1))
    for path in built.rglob("*"):
        _synchronise(path)
    _synchronise(built)
    built.rename(folder)
    _synchronise(generations)
    try:
        point(data_dir, folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _prune(generations, {folder, former})
    return folder


def point(data_dir: Path, folder: Path) -> None:
    """Put in service a generation that is in its place."""
    write_durably(data_dir / POINTER, folder.name + "\n")


def _sizes(built: Path) -> dict[str, int]:
    """Return the size of each file of a generation; those that the engines write while reading are left out."""
    files = (path for path in sorted(built.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(built)): path.stat().st_size for path in files if path.name != DESCRIPTION}


def write_durably(path: Path, text: str) -> None:
    """Write a file so that, whatever happens, it holds its former content or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        _synchronise(fresh)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
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
