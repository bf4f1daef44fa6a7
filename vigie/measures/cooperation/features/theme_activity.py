"""How much a candidate does, with others of its country, in the themes of the one that seeks."""

from __future__ import annotations

import numpy as np

from vigie.measures.cooperation.network import Floats, Network
from vigie.measures.cooperation.recipes import NetworkFeature

# Two pseudo-groups: enough to give a newcomer the themes of its partners, too few to change who has ten groups.
PSEUDO_GROUPS = 2.0


def measure(network: Network) -> Floats:
    """Activité du candidat, avec d’autres du même pays, dans les thèmes de l’organisation qui cherche.

    Les projets du candidat sont comptés thème par thème, et chaque compte est pondéré par la part de ce thème dans les
    projets de l’organisation. À chacun s’ajoutent deux projets fictifs répartis comme les thèmes de ses partenaires,
    pour qu’un nouveau venu ne soit pas réputé sans thème. Sans fichier de thèmes, c’est l’activité tout court.
    """
    around = network.ties[network.known] @ network.themes
    expected = PSEUDO_GROUPS * _shares(np.asarray(around))
    profile = _shares(network.themes[network.known] + expected)
    found: Floats = np.asarray(profile @ (network.local_themes + expected).T)
    return found


def _shares(counts: Floats) -> Floats:
    total = counts.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    return shares


FEATURE = NetworkFeature("theme_activity", "activité dans vos thèmes", measure)
