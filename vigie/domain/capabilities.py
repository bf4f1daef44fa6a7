"""What a firm can do, in one vocabulary: a process, a material, a machine, a size of series, a certification."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from vigie.domain.word_forms import folded


class CapabilityKind(StrEnum):
    """What a term of the vocabulary names."""

    PROCESS = "process"
    MATERIAL = "material"
    MACHINE = "machine"
    SERIES = "series"
    CERTIFICATION = "certification"


KIND_LABELS: dict[CapabilityKind, str] = {
    CapabilityKind.PROCESS: "procédé",
    CapabilityKind.MATERIAL: "matière",
    CapabilityKind.MACHINE: "machine",
    CapabilityKind.SERIES: "taille de série",
    CapabilityKind.CERTIFICATION: "certification ou label",
}


@dataclass(frozen=True, slots=True)
class CapabilityTerm:
    """One term: its French label, its English one, other ways to say it, what is wider, its NAF and ROME codes.

    `parents` goes from the widest to the nearest; `naf` and `rome` are empty where the term has none.
    """

    kind: CapabilityKind
    label: str
    english: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    naf: str = ""
    rome: str = ""

    @property
    def code(self) -> str:
        """Return the code of the term, made of its French label: « découpe laser » is decoupe-laser."""
        return "-".join(folded(self.label))

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return every way to say the term, its French label first."""
        return (self.label, *self.synonyms, self.english)

    def as_dict(self) -> dict[str, Any]:
        """Return the term as the machine-readable answers print it."""
        return {
            "code": self.code,
            "label": self.label,
            "label_en": self.english,
            "kind": self.kind.value,
            "parents": list(self.parents),
            "naf": self.naf or None,
            "rome": self.rome or None,
        }


@dataclass(frozen=True, slots=True)
class RecognisedTerm:
    """A term that a text tells, and the words that told it, as they are written."""

    term: CapabilityTerm
    words: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the term and its words as the machine-readable answers print them."""
        return {**self.term.as_dict(), "words": list(self.words)}
