"""Every table of the journal, so that one import knows them all."""

from __future__ import annotations

from vigie.store.journal import (
    advising,
    consultations,
    firms,
    followup,
    introductions,
    jobs,
    land,
    learning,
    needs,
    people,
    records,
    vision,
    workshops,
)
from vigie.store.journal.base import Base

__all__ = [
    "Base",
    "advising",
    "consultations",
    "firms",
    "followup",
    "introductions",
    "jobs",
    "land",
    "learning",
    "needs",
    "people",
    "records",
    "vision",
    "workshops",
]
