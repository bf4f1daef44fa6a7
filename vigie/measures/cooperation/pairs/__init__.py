"""The features of a pair of firms that no network need know, one module each."""

from __future__ import annotations

from vigie.measures.cooperation.pairs import (
    chain_links,
    common_partners,
    distance,
    hub,
    maturity_step,
    needs_met,
    same_place,
    shared_know_how,
    size_fit,
    trade_flow,
)

FEATURES = {
    one.FEATURE.name: one.FEATURE
    for one in (
        needs_met, chain_links, maturity_step, shared_know_how, trade_flow, distance, size_fit, same_place,
        common_partners, hub,
    )
}  # fmt: skip
"""Every feature by its name, in the order in which they are told."""
DECLARED = frozenset(one.FEATURE.name for one in (needs_met, chain_links, maturity_step))
"""Those that rest on what firms say: they do not count for a firm that said nothing."""
