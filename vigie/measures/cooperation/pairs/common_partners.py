"""Whether two firms have already worked with the same ones."""

from __future__ import annotations

from vigie.domain.french import counted
from vigie.measures.cooperation.pairs.pair import Pair, PairFeature


def measure(pair: Pair) -> tuple[float | None, str]:
    """Partenaires connus en commun : c/(c + 1) pour c partenaires communs dans les marchés et projets publics."""
    if pair.seeker.partners is None or pair.candidate.partners is None:
        return None, ""
    common = len(pair.seeker.partners & pair.candidate.partners)
    words = counted(common, "partenaire connu en commun", "partenaires connus en commun") if common else ""
    return common / (common + 1.0), words


FEATURE = PairFeature("common_partners", "partenaires en commun", measure)
