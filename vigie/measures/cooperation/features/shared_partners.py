"""Partners in common, weighed by how closely each is tied to both."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from vigie.measures.cooperation.network import Floats, Network
from vigie.measures.cooperation.recipes import NetworkFeature


def measure(network: Network) -> Floats:
    """Partenaires communs, de tous les pays, comptés selon la force des liens.

    Avec w(a, b) = Σ 1/(k - 1) sur les projets de k participants que a et b partagent et s(c) = Σ w(c, b), la valeur
    est Σ √(w(u, c) · w(c, v)) / √s(c) : un partenaire commun compte plus s’il travaille de près avec les deux, et moins
    s’il travaille avec tout le monde.
    """
    near = network.strengths.copy()
    near.data = np.sqrt(near.data)
    total = np.asarray(network.strengths.sum(axis=1)).ravel()
    inverse = np.divide(1.0, np.sqrt(total), out=np.zeros_like(total), where=total > 0)
    rows = near[network.known]
    found: Floats = (rows @ sparse.diags_array(inverse) @ rows.T).toarray()
    return found


FEATURE = NetworkFeature("shared_partners", "partenaires communs", measure)
