"""Partners in common, simply counted, in the country or everywhere."""

from __future__ import annotations

from vigie.measures.cooperation.network import Floats, Network
from vigie.measures.cooperation.recipes import NetworkFeature


def of_country(network: Network) -> Floats:
    """Nombre de partenaires communs du même pays."""
    found: Floats = (network.local_ties @ network.local_ties.T).toarray()
    return found


def of_all_countries(network: Network) -> Floats:
    """Nombre de partenaires communs, de tous les pays."""
    rows = network.ties[network.known]
    found: Floats = (rows @ rows.T).toarray()
    return found


FEATURE = NetworkFeature("common_neighbours", "partenaires communs du pays", of_country)
EVERYWHERE = NetworkFeature("common_neighbours_all_countries", "partenaires communs de tous les pays", of_all_countries)
