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
    `journal_url` is a path of SQLite or a PostgreSQL URL (by default `journal.db` in the data directory); `secret`
    keys the fingerprints and is made in the data directory when none is given; `public_url` begins the links of
    letters; without `smtp_url` (`smtp://user:password@host:587`) letters stay in the outbox. `rounds` tells whether the
    server keeps the hours of the purge, of reminders and of the weekly letter itself, `warm` whether it reads what its
    first readers will need as soon as it listens.
    """

    data_dir: Path = Path("data")
    threads: int = 2
    memory_mib: int = 2560
    contact: str = ""
    publisher: str = ""
    journal_url: str = ""
    secret: str = ""
    public_url: str = "http://127.0.0.1:8000"
    smtp_url: str = ""
    mail_from: str = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""
    rounds: bool = False
    warm: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the variables `VIGIE_` followed by a field's name in capitals.

        Raises `RequestFault` when a number is not one.
        """
        env = os.environ if environ is None else environ
        return cls(
            data_dir=Path(env.get("VIGIE_DATA_DIR", "data")),
            threads=_positive(env, "VIGIE_THREADS", os.cpu_count() or 2),
            memory_mib=_positive(env, "VIGIE_MEMORY_MIB", 2560),
            rounds=env.get("VIGIE_ROUNDS", "oui").strip().lower() not in ("non", "0", "false"),
            warm=True,
            public_url=env.get("VIGIE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            **{name: env.get(f"VIGIE_{name.upper()}", "") for name in _TEXTS},
        )


_TEXTS = (
    "contact", "publisher", "journal_url", "secret", "smtp_url", "mail_from", "oidc_issuer", "oidc_client",
    "oidc_secret",
)  # fmt: skip


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) == 0:
        raise RequestFault(f"La variable {name} vaut « {text} » : donnez un nombre entier positif.")
    return int(text)
