"""The features of a pair of firms that no network need know, one module each."""

from __future__ import annotations

from vigie.measures.cooperation.pairs import (
    common_partners,
    distance,
    hub,
    same_place,
    shared_know_how,
    size_fit,
    trade_flow,
)

FEATURES = {
    one.FEATURE.name: one.FEATURE
    for one in (shared_know_how, trade_flow, distance, size_fit, same_place, common_partners, hub)
}
"""Every feature by its name, in the order in which they are told."""
