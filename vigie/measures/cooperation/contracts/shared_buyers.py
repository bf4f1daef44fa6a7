"""Buyers that the candidate and the firm have in common."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from vigie.measures.cooperation.contracts.market import BuyerDays, ContractFeature, Market
from vigie.measures.cooperation.network import Floats


def measure(market: Market, asked: BuyerDays) -> Floats:
    """Acheteurs communs à l’entreprise et au candidat, chacun compté 1/ln(1 + nombre de ses fournisseurs)."""
    worked = market.buyers.copy()
    worked.data[:] = 1.0
    suppliers = np.asarray(worked.sum(axis=0)).ravel()
    weights = np.divide(1.0, np.log1p(suppliers), out=np.zeros_like(suppliers), where=suppliers > 0)
    found: Floats = (worked[asked.firm] @ sparse.diags_array(weights) @ worked.T).toarray()
    return found


FEATURE = ContractFeature("shared_buyers", "acheteurs communs", measure)
