"""Who may be asked about a need: the filters of an institution, its antenna and the person accept, or nobody is sent.

The rule is the opposite of that of schemes: a filter that needs what is not known refuses, because a person's time is
spent on every firm that is sent to them. Source: rules of « Conseillers-Entreprises », from its public specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.levers import Holds
from vigie.measures.eligibility import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.domain.levers import Applicant, Filter


def accepted(filters: Iterable[Filter], asker: Applicant, subject: str | None) -> bool:
    """Tell whether every filter that applies to the subject is known to accept. Cost: O(conditions)."""
    return all(together(one.conditions, asker) is Holds.YES for one in filters if one.applies(subject))


def retained_by_answers(groups: Iterable[Sequence[bool]], replies: Sequence[bool]) -> bool:
    """Tell whether one group of expected replies (in the order of the questions) is what was replied.

    Groups are alternatives; an institution that has none asks nothing, and is retained. Cost: O(groups).
    """
    expected = [tuple(group) for group in groups]
    return not expected or tuple(replies) in expected


def covering(zones: Mapping[str, frozenset[str]], commune: str) -> list[str]:
    """Return who covers a commune, in the order given; somebody without any zone covers none. Cost: O(zones).

    >>> covering({"ici": frozenset({"85191"}), "nulle part": frozenset()}, "85191")
    ['ici']
    """
    return [who for who, communes in zones.items() if commune in communes]
