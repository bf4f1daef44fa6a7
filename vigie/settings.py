"""One frozen `Settings`, read once from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.errors import RequestFault

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses; every field has a working default.

    `memory_mib` bounds the warehouse engine; `contact` is the host's address shown on the legal pages.
    """

    data_dir: Path = Path("data")
    threads: int = 2
    memory_mib: int = 3072
    contact: str = ""
    publisher: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `VIGIE_DATA_DIR`, `VIGIE_THREADS`, `VIGIE_MEMORY_MIB`, `VIGIE_CONTACT`, `VIGIE_PUBLISHER`.

        Raises `RequestFault` when a number is not one.
        """
        env = os.environ if environ is None else environ
        return cls(
            data_dir=Path(env.get("VIGIE_DATA_DIR", "data")),
            threads=_positive(env, "VIGIE_THREADS", os.cpu_count() or 2),
            memory_mib=_positive(env, "VIGIE_MEMORY_MIB", 3072),
            contact=env.get("VIGIE_CONTACT", ""),
            publisher=env.get("VIGIE_PUBLISHER", ""),
        )


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) == 0:
        raise RequestFault(f"La variable {name} vaut « {text} » : donnez un nombre entier positif.")
    return int(text)
