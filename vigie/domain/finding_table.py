"""Findings by the table: one indicator for many territories, its sources said once."""

from __future__ import annotations

from enum import StrEnum


class Unknown(StrEnum):
    """Why a value is not known."""

    SECRET = "secret"  # noqa: S105 - statistical secrecy
    MISSING = "missing"

    @property
    def label(self) -> str:
        """French sentence that says it."""
        return _WHY[self]


_WHY = {
    Unknown.SECRET: "Valeur couverte par le secret statistique.",
    Unknown.MISSING: "Valeur manquante dans le fichier.",
}
