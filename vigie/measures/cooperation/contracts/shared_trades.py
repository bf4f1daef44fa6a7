"""Kinds of works that the candidate and the firm have both done."""

from __future__ import annotations

from vigie.measures.cooperation.contracts.market import BuyerDays, ContractFeature, Market
from vigie.measures.cooperation.network import Floats


def measure(market: Market, asked: BuyerDays) -> Floats:
    """Nombre de natures de travaux (codes CPV) que l’entreprise et le candidat ont déjà faites l’une et l’autre."""
    found: Floats = (market.trades[asked.firm] @ market.trades.T).toarray()
    return found


FEATURE = ContractFeature("shared_trades", "mêmes natures de travaux", measure)
