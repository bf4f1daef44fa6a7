"""Whether a candidate has worked for the buyer."""

from __future__ import annotations

import numpy as np

from vigie.measures.cooperation.contracts.market import BuyerDays, ContractFeature, Market
from vigie.measures.cooperation.network import Floats


def measure(market: Market, asked: BuyerDays) -> Floats:
    """Nombre de contrats que le candidat a déjà tenus pour cet acheteur : qui y a travaillé y retourne."""
    held = np.zeros(asked.candidates.shape)
    known = asked.buyer < market.buyers.shape[1]
    held[known] = market.buyers[:, asked.buyer[known]].toarray().T
    return held


FEATURE = ContractFeature("buyer_known", "a déjà travaillé pour cet acheteur", measure)
