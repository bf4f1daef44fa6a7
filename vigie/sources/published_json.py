"""JSON files of published lists: what their objects are called, so that cards recognise them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from vigie.errors import StructureFault

if TYPE_CHECKING:
    from pathlib import Path


def json_objects(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON list. Raises `StructureFault` when the file is something else."""
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise StructureFault(
            "ce n’est pas du JSON en UTF-8.", file=path.name, line=getattr(error, "lineno", None),
            remedy="Donnez le fichier tel qu’il est publié.",
        ) from error  # fmt: skip
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    raise StructureFault("ce fichier JSON n’est pas une liste d’objets.", file=path.name,
                         remedy="Donnez le fichier tel qu’il est publié.")  # fmt: skip


def json_columns(path: Path) -> tuple[str, ...]:
    """Return the names that the objects of a JSON list bear, in the order of the first; raises like `json_objects`."""
    return tuple(dict.fromkeys(str(name) for one in json_objects(path) for name in one))
