"""The vocabulary of what firms can do: processes, materials, machines, sizes of series, certifications.

Written for Vigie after the families of DIN 8580, ROME 4.0, ESCO, NAF rev. 2 and the names of standards bodies; each
file says its own columns. Two spaces at the beginning of a line make it narrower than the line above.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from vigie.domain.capabilities import CapabilityKind, CapabilityTerm
from vigie.domain.word_forms import folded
from vigie.sources import nomenclature

FOLDER = Path(__file__).parent
FILES = {
    CapabilityKind.PROCESS: "processes.txt",
    CapabilityKind.MATERIAL: "materials.txt",
    CapabilityKind.MACHINE: "machines.txt",
    CapabilityKind.SERIES: "series.txt",
    CapabilityKind.CERTIFICATION: "certifications.txt",
}


@cache
def vocabulary() -> tuple[CapabilityTerm, ...]:
    """Return every term, in the order of the files. Raises `ValueError` for a line that is not one, or told twice."""
    found = [term for kind in FILES for term in _terms(kind)]
    codes = [term.code for term in found]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ValueError(f"several terms have the code {', '.join(sorted(twice))}")
    return tuple(found)


@cache
def lexicon() -> frozenset[str]:
    """Return words of French that no slip of the pen explains: those of labels of activities, and `everyday.txt`."""
    labels = (nomenclature.label(code) or "" for code in nomenclature.tree())
    everyday = (FOLDER / "everyday.txt").read_text(encoding="utf-8")
    return frozenset(word for text in (*labels, everyday) for word in folded(text))


def _terms(kind: CapabilityKind) -> list[CapabilityTerm]:
    found: list[CapabilityTerm] = []
    above: list[CapabilityTerm] = []
    for line in (FOLDER / FILES[kind]).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        depth = (len(line) - len(line.lstrip())) // 2
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 3 or depth > len(above):
            raise ValueError(f"{FILES[kind]}: « {line.strip()} » is no line of the vocabulary")
        label, english, synonyms, naf, rome = (*cells, "", "")[:5]
        above = above[:depth]
        parent = above[-1] if above else None
        term = CapabilityTerm(
            kind, label, english,
            synonyms=tuple(word.strip() for word in synonyms.split(";") if word.strip()),
            parents=(*parent.parents, parent.code) if parent else (),
            naf=naf or (parent.naf if parent else ""),
            rome=rome or (parent.rome if parent else ""),
        )  # fmt: skip
        above.append(term)
        found.append(term)
    return found
