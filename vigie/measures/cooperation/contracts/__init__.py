"""Who works for the same buyer the same day: the features of public contracts, one module each."""

from __future__ import annotations

from vigie.measures.cooperation.contracts import activity, buyer_known, same_days, shared_buyers, shared_trades

LEARNED = (buyer_known.FEATURE, shared_buyers.FEATURE, same_days.FEATURE, shared_trades.FEATURE, activity.FEATURE)
"""What the order weighs. The first asks for the buyer: it is known before the others are."""

STATED = (1.0, 0.3, 0.3, 0.2, 0.2)
"""Weights by standard deviation where too little came to learn from: having worked for the buyer first."""
