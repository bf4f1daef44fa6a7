"""Partners in common, each counting less the more partners it has itself (Adamic and Adar, 2003)."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from vigie.measures.cooperation.network import Floats, Matrix, Network
from vigie.measures.cooperation.recipes import NetworkFeature


def of_country(network: Network) -> Floats:
    """Partenaires communs du même pays, chacun compté 1/ln(nombre de ses partenaires) : indice d’Adamic et Adar."""
    return _index(network.local_ties, network.local_ties)


def of_all_countries(network: Network) -> Floats:
    """Partenaires communs de tous les pays, chacun compté 1/ln(nombre de ses partenaires) : indice d’Adamic et Adar."""
    return _index(network.ties[network.known], network.ties)


def _index(rows: Matrix, ties: Matrix) -> Floats:
    """Return Σ 1/ln k over common partners of k ≥ 2 partners; a partner of one has nothing in common to bring."""
    degrees = np.asarray(ties.sum(axis=1)).ravel()
    weights = np.divide(1.0, np.log(np.maximum(degrees, 2.0)), out=np.zeros_like(degrees), where=degrees >= 2)
    found: Floats = (rows @ sparse.diags_array(weights) @ rows.T).toarray()
    return found


FEATURE = NetworkFeature("adamic_adar", "indice d’Adamic-Adar, dans le pays", of_country)
EVERYWHERE = NetworkFeature("adamic_adar_all_countries", "indice d’Adamic-Adar, de tous les pays", of_all_countries)
