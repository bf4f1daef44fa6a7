"""Days on which the candidate and the firm already worked for one buyer."""

from __future__ import annotations

from vigie.measures.cooperation.contracts.market import BuyerDays, ContractFeature, Market
from vigie.measures.cooperation.network import Floats


def measure(market: Market, asked: BuyerDays) -> Floats:
    """Nombre de jours où l’entreprise et le candidat ont déjà été retenus ensemble par un même acheteur."""
    found: Floats = (market.meetings[asked.firm] @ market.meetings.T).toarray()
    return found


FEATURE = ContractFeature("same_days", "déjà retenus le même jour", measure)
