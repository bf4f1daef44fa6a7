"""What is odd about a whole file that was loaded all the same, said once for the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vigie.domain.actors import NOMENCLATURE_NAMES
from vigie.store.rejects import number

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 5


class Unheard(NamedTuple):
    """Rows whose nomenclature is written as no documentation says: the word, how it was read, how many, a code."""

    word: str
    read_as: str
    rows: int
    example: str


def unheard_sentence(groups: Sequence[Unheard]) -> str:
    """Return what was written, on how many rows, and how their codes were read."""
    total = sum(group.rows for group in groups)
    several = "lignes" if total > 1 else "ligne"
    told = [
        f"{_word(group.word)} ({number(group.rows)}, par exemple {group.example}, lu en "
        f"{NOMENCLATURE_NAMES.get(group.read_as, group.read_as)})"
        for group in groups[:_SHOWN]
    ]
    others = len(groups) - _SHOWN
    more = f" et {others} autre{'s' if others > 1 else ''}" if others > 0 else ""
    return (
        f"nomenclature d’activités que l’Insee ne documente pas, sur {number(total)} {several}\u00a0: "
        f"{', '.join(told)}{more}. Chaque code est lu d’après ce mot, sa forme et sa date\u00a0; aucune ligne n’est "
        "écartée pour cela. Vérifiez que Vigie est à jour."
    )


def _word(word: str) -> str:
    return f"«\u00a0{word}\u00a0»" if word else "rien"
