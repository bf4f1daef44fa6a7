"""Trades that work for one another: which activities are met on the same order, from material to machine."""

from __future__ import annotations

_CHAINS: tuple[frozenset[str], ...] = (
    frozenset({"24", "25", "26", "27", "28", "29", "30", "33"}),  # metals, machines, electronics, vehicles, upkeep
    frozenset({"20", "21", "22"}),  # chemicals, medicines, plastics and rubber
    frozenset({"02", "16", "31"}),  # forests, wood, furniture
    frozenset({"03", "10", "11"}),  # fish, food, drinks
    frozenset({"13", "14", "15"}),  # textiles, clothes, leather
    frozenset({"17", "18", "58"}),  # paper, printing, publishing
    frozenset({"23", "41", "42", "43"}),  # building materials and building
    frozenset({"61", "62", "63"}),  # telecommunications, software, data
)
"""Divisions of NAF rev. 2, whose two digits NAF 2025 keeps for what is made."""


def same_chain(code: str) -> tuple[str, ...]:
    """Return the divisions whose firms may work for one of an activity: its own, and those of its chain.

    >>> same_chain("31.01Z")
    ('02', '16', '31')
    """
    division = code[:2]
    chain = next((chain for chain in _CHAINS if division in chain), frozenset({division}))
    return tuple(sorted(chain))


def same_trade(code: str, other: str | None) -> bool:
    """Tell whether two activities are of the same class: their first four digits."""
    return bool(other) and code[:5] == str(other)[:5]
