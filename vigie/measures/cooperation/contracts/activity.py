"""How much a candidate works for public buyers."""

from __future__ import annotations

import numpy as np

from vigie.measures.cooperation.contracts.market import BuyerDays, ContractFeature, Market
from vigie.measures.cooperation.network import Floats


def measure(market: Market, asked: BuyerDays) -> Floats:
    """Nombre de contrats publics du candidat, tous acheteurs confondus : sa popularité, non son affinité."""
    held = np.asarray(market.buyers.sum(axis=1)).ravel()
    return np.tile(held, (asked.firm.size, 1))


FEATURE = ContractFeature("activity", "contrats publics", measure)
