"""Who could be at the other end of a flow of matter: how it is known, how far, and what stands in the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vigie.domain.actors import Nomenclature
from vigie.domain.matter import FlowWay, Matter, Season, Substance, same_matter
from vigie.measures import symbiosis
from vigie.measures.symbiosis import Precedent
from vigie.services.symbiosis.flows import (
    FlowOrigin,
    MatterBook,
    MatterSite,
    SiteFlow,
    hazardous,
    sites_named,
)
from vigie.store.directory import DirectoryQuery, Near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.services.questions import DataInService

REACH_KM = 100.0
"""Beyond, what is thrown away is carried at a loss but for rare matter."""
HEAT_KM = 5.0
"""Beyond, a pipe of heat seldom pays: what it loses and costs grows with its length."""
NEAR_KM = 30.0
"""Around a site, where firms of the activities of precedents are looked for: no more is known of them than that."""
_DIVISIONS, _SITES_OF_EACH, _MATTERS, _OF_EACH_MATTER = 3, 2, 8, 10
_WIDE_APART = 10.0
"""Ratio of the two quantities from which one hardly answers the other: one band."""


@dataclass(frozen=True, slots=True)
class MatterPartner:
    """A site that could be at the other end of a flow.

    `way` is what the partner would do: take or give. `rank` orders by how it is known: said by the firm, a declared
    treatment or production, then a precedent between activities. `because` says it, `obstacles` what stands in the way.
    """

    way: FlowWay
    site: MatterSite
    matter: Matter
    kilometres: float | None
    quantity: str
    because: str
    obstacles: tuple[str, ...]
    rank: int
    precedent: str = ""

    @property
    def order(self) -> tuple[int, float, str]:
        """The best known first, then the nearest."""
        return self.rank, self.kilometres if self.kilometres is not None else float("inf"), self.site.siret


def partners(
    data: DataInService, book: MatterBook, site: MatterSite, own: Sequence[SiteFlow], others: Sequence[SiteFlow]
) -> list[MatterPartner]:
    """Return who could take what a site gives, or give what it takes: the best known then nearest ten of each matter.

    `own` are the flows of the site, `others` those of everybody else that the asker may read. Where nothing is known of
    what it gives or takes, precedents of its activity stand in.
    """
    return _foremost([*_known(data, site, own, others), *_by_precedent(data, book, site, own)])


def partners_for_matter(
    data: DataInService, book: MatterBook, site: MatterSite, flow: SiteFlow, others: Sequence[SiteFlow]
) -> list[MatterPartner]:
    """Return who could be at the other end of one flow, by declarations, then by the precedents of any code of it.

    A substance is looked for under the codes of its wastes that precedents know; the activity of the site stands in for
    nothing.
    """
    codes = {one.waste: None for one in book.precedents if same_matter(Matter(one.waste), flow.matter)}
    coded = [replace(flow, matter=Matter(code)) for code in codes]
    found = _known(data, site, [flow], others)
    return _foremost([*found, *(_by_precedent(data, book, site, coded) if coded else ())])


def _foremost(found: Sequence[MatterPartner]) -> list[MatterPartner]:
    """Keep each firm once for a matter and a way, as it is best known, and the nearest ten of each."""
    best: dict[tuple[str, str, str], MatterPartner] = {}
    for one in sorted(found, key=lambda one: one.order):
        best.setdefault((one.site.siren, one.matter.key, one.way.value), one)
    held: Counter[tuple[str, FlowWay]] = Counter()
    kept = []
    for one in best.values():
        held[one.matter.key, one.way] += 1
        if held[one.matter.key, one.way] <= _OF_EACH_MATTER:
            kept.append(one)
    return kept


def _known(
    data: DataInService, site: MatterSite, own: Sequence[SiteFlow], others: Sequence[SiteFlow]
) -> list[MatterPartner]:
    """Match the flows of a site with those of others: the same matter, the other way."""
    pairs = [
        (mine, other)
        for mine in own
        for other in others
        if other.siren != site.siren and other.way is mine.way.other and _meets(mine, other)
    ]
    named = sites_named(data, (other.site for _, other in pairs))
    found = []
    for mine, other in pairs:
        there = named.get(other.site)
        if there is None:
            continue
        km = site.kilometres(there)
        if km is None or km <= REACH_KM:
            matter = mine.matter if mine.matter.waste else other.matter
            found.append(MatterPartner(
                other.way, there, matter, km, other.quantity, _because(other),
                (*obstacles(matter, mine, other), *_too_far(matter, km)),
                0 if other.origin is FlowOrigin.DECLARED else 1,
            ))  # fmt: skip
    return found


def _meets(mine: SiteFlow, other: SiteFlow) -> bool:
    given, sought = (mine, other) if mine.way is FlowWay.GIVES else (other, mine)
    return same_matter(given.matter, sought.matter) and not sought.operation.startswith("D")


def _because(other: SiteFlow) -> str:
    if other.origin is FlowOrigin.DECLARED:
        return "l’entreprise dit en donner" if other.way is FlowWay.GIVES else "l’entreprise dit en chercher"
    if other.way is FlowWay.GIVES:
        return f"production déclarée en {other.year}{f' (opération {other.operation})' if other.operation else ''}"
    return f"traitement déclaré en {other.year}{f' ({other.operation}, valorisation)' if other.operation else ''}"


def obstacles(matter: Matter, mine: SiteFlow | None, other: SiteFlow | None) -> tuple[str, ...]:
    """Return what stands in the way of an exchange, each in a few words."""
    found = []
    if hazardous(matter):
        found.append("déchet dangereux : transporteur et site autorisés, bordereau de suivi")
    elif matter.waste and not (other and other.operation and other.way is FlowWay.TAKES):
        found.append("statut de sous-produit ou sortie du statut de déchet à établir, ou site autorisé (ICPE)")
    amounts = [one.tonnes for one in (mine, other) if one is not None and one.tonnes]
    if len(amounts) == 2 and max(amounts) > _WIDE_APART * min(amounts):
        found.append("quantités sans commune mesure")
    elif len(amounts) < 2:
        found.append("quantité à connaître")
    seasons = {one.season for one in (mine, other) if one is not None} - {Season.ALL_YEAR}
    if len(seasons) == 2:
        found.append("pas à la même saison")
    return tuple(found)


def _too_far(matter: Matter, kilometres: float | None) -> tuple[str, ...]:
    if matter.substance is Substance.HEAT and kilometres is not None and kilometres > HEAT_KM:
        return ("loin pour une conduite de chaleur",)
    return ()


def _by_precedent(
    data: DataInService, book: MatterBook, site: MatterSite, own: Sequence[SiteFlow]
) -> list[MatterPartner]:
    """Return the nearest sites of the activities which, elsewhere, took or gave the same matter."""
    if not book.precedents or site.latitude is None:
        return []
    found: list[MatterPartner] = []
    wanted = [(FlowWay.TAKES, *one) for one in _receiving(book.precedents, site, own)]
    wanted += [(FlowWay.GIVES, *one) for one in _giving(book.precedents, site, own)]
    near = _nearest(data, site, {division for _, _, division, _, _ in wanted})
    for way, matter, division, shown, mine in wanted:
        for there, km in near.get(division, ())[:_SITES_OF_EACH]:
            because = f"précédent : {book.reference(shown.id)}"
            found.append(MatterPartner(way, there, matter, km, "quantité non connue", because,
                                       obstacles(matter, mine, None), 2, shown.id))  # fmt: skip
    return found


_Wanted = tuple[Matter, str, Precedent, SiteFlow | None]


def _receiving(known: Sequence[Precedent], site: MatterSite, own: Sequence[SiteFlow]) -> Iterable[_Wanted]:
    """Yield, for each waste that a site gives, the likeliest divisions to take it; by its activity where none is known.

    Only divisions that a precedent of the same waste code speaks for are proposed.
    """
    given = [flow for flow in own if flow.way is FlowWay.GIVES and flow.matter.waste]
    given.sort(key=lambda flow: -(flow.tonnes or 0.0))
    wastes: list[tuple[str, SiteFlow | None]] = [(flow.matter.waste, flow) for flow in given]
    if not given and site.division:
        counts = Counter(one.waste for one in known if one.giver[:2] == site.division)
        wastes = [(waste, None) for waste, _ in counts.most_common(_MATTERS)]
    for waste, flow in list(dict(wastes).items())[:_MATTERS]:
        asked = Precedent("", "", site.naf.replace(".", ""), "", waste)
        speaking = _speaking(known, waste, giver="" if flow else site.division)
        likely = [one for one in symbiosis.ranked(symbiosis.receivers(known, asked)) if one in speaking]
        for division in likely[:_DIVISIONS]:
            yield Matter(waste), division, speaking[division], flow


def _speaking(known: Sequence[Precedent], waste: str, giver: str) -> Mapping[str, Precedent]:
    """Return, by division that took a waste (from an activity, when one is said), the first precedent of it."""
    found: dict[str, Precedent] = {}
    for one in known:
        if one.waste == waste and (not giver or one.giver[:2] == giver):
            found.setdefault(one.taker[:2], one)
    return found


def _giving(known: Sequence[Precedent], site: MatterSite, own: Sequence[SiteFlow]) -> Iterable[_Wanted]:
    """Yield the divisions that elsewhere gave what a site takes, or what its activity takes where nothing is known."""
    taken = {flow.matter.waste: flow for flow in own if flow.way is FlowWay.TAKES and flow.matter.waste}
    counted: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Precedent] = {}
    for one in known:
        if one.waste in taken or (not taken and site.division and one.taker[:2] == site.division):
            counted[one.waste, one.giver[:2]] += 1
            first.setdefault((one.waste, one.giver[:2]), one)
    for (waste, division), _ in counted.most_common(_MATTERS):
        yield Matter(waste), division, first[waste, division], taken.get(waste)


def _nearest(
    data: DataInService, site: MatterSite, divisions: Iterable[str]
) -> Mapping[str, Sequence[tuple[MatterSite, float | None]]]:
    """Return the nearest employers of some divisions around a site, in one question to the index."""
    asked = tuple(f"{Nomenclature.NAF_REV2.value}:{division}" for division in sorted(set(divisions)))
    if not asked or site.latitude is None or site.longitude is None:
        return {}
    query = DirectoryQuery(
        activities=asked, near=Near(site.latitude, site.longitude, NEAR_KM), employer=True, sort="distance",
        per_page=200, without=data.suppressions.sirens() | {site.siren},
    )  # fmt: skip
    records = data.directory.search(query).records
    named = sites_named(data, (record["siret"] for record in records))
    found: dict[str, list[tuple[MatterSite, float | None]]] = defaultdict(list)
    for record in records:
        there = named.get(record["siret"])
        if there is not None and there.division:
            found[there.division].append((there, record.get("distance_km")))
    return found
