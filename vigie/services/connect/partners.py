"""Proposing partners to a firm: candidates nearby, scored by explained features, diversified, each with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from vigie.domain.actors import SIZE_BANDS, Nomenclature, compact_identifier
from vigie.domain.firm_names import usual_case
from vigie.domain.scores import Score
from vigie.domain.situation import FirmSaid, brings
from vigie.errors import NotFound, Objected, RequestFault
from vigie.measures.cooperation.pairs import DECLARED, FEATURES
from vigie.measures.cooperation.pairs.distance import reach_km
from vigie.measures.cooperation.pairs.hub import FEATURE as HUB_CORRECTION
from vigie.measures.cooperation.pairs.pair import FirmSeen, Pair
from vigie.services.connect.kinds import (
    COMPETITION,
    DESIGNING,
    KINDS,
    SAME_MARKET,
    Nearby,
    ProposalKind,
    rests_on_words,
    suitable,
)
from vigie.services.connect.proposals import (
    NOTHING_SAID,
    PartnerProposal,
    Proposals,
    diversified,
    notes_on,
    sentence_of,
    would_change,
)
from vigie.services.connect.said import NothingSaid
from vigie.services.connect.weighing import STATED
from vigie.services.know_answers import commune_of
from vigie.services.relatedness import reading
from vigie.services.relatedness.reading import NearActivity, TieKind
from vigie.sources import cog, nomenclature
from vigie.store.directory import DirectoryQuery, Near
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.services.connect.said import SaidBy
    from vigie.services.connect.weighing import WeightsInForce
    from vigie.services.questions import DataInService

MOST = 100
_ACTIVITIES = 40
_CANDIDATES = 400
"""Establishments looked at around a site, the nearest first."""
_RADII = 3.0
"""How many times the reach of a firm is looked at: beyond, nearness is below a twentieth."""
# Share of the weights that are known here, from which the confidence is said high, then middling.
_CONFIDENCE = ((0.8, "forte"), (0.5, "moyenne"), (0.0, "faible"))
_NOBODY = NothingSaid()
HUB = HUB_CORRECTION.name
NO_ACTIVITY = "L’activité de ce site n’est pas connue en NAF rév. 2 : rien ne peut être proposé."


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known around a site: partners of firms, what they say, the sites looked at and those kept."""

    ties: Mapping[str, frozenset[str]] | None
    said: Mapping[str, FirmSaid]
    others: tuple[Mapping[str, Any], ...]
    kept: tuple[Mapping[str, Any], ...]


class _BestSite(NamedTuple):
    """A site that may be proposed, the kind that scores best for it, and this score."""

    share: float
    record: Mapping[str, Any]
    looked: Nearby
    kind: ProposalKind
    score: Score


def propose(
    data: DataInService,
    number: str,
    kind: str | None = None,
    top: int = 20,
    said_by: SaidBy = _NOBODY,
    weights: WeightsInForce = STATED,
) -> Proposals:
    """Propose partners to a firm, by the SIRET of a site or its SIREN.

    `said_by` tells what the asker may read of it, `weights` are those of the asker's organisation.

    Nobody is proposed who objects, asked for discretion, is closed, is a sole trader, or is the same firm. A firm that
    asked for discretion is proposed nobody unasked. Each firm is proposed once, by the kind that scores best. Raises
    `RequestFault`, `NotFound`, `Objected`.
    """
    if kind is not None and kind not in KINDS:
        raise RequestFault(f"« {kind} » n’est pas une sorte de proposition : {', '.join(KINDS)}.")
    site = open_site(data, number)
    seen = looked_around(data, site, said_by)
    if seen is None:
        return Proposals(
            site["siret"], _name(site), "activité non connue", (), 0, (NO_ACTIVITY,), data.loaded.simulated
        )
    best = seen.best([KINDS[kind]] if kind else list(KINDS.values()), weights=weights)
    told = {one.name for made in best for one in made.score.features if one.value is not None}
    chosen = diversified(best, min(top, MOST))
    return Proposals(
        siret=site["siret"],
        name=_name(site),
        activity=f"{reading.activity_name(seen.naf)} ({seen.naf})",
        proposals=tuple(replace(one, would_change=would_change(one.score, told)) for one in chosen),
        considered=len(seen.kept),
        notes=(weights.said, *seen.notes()),
        simulated=data.loaded.simulated,
        weights=weights.said,
    )


def looked_around(data: DataInService, site: Mapping[str, Any], said_by: SaidBy = _NOBODY) -> Sight | None:
    """Return what is seen around a site of the directory; `None` when its activity is not known."""
    naf = _activity(site)
    if naf is None:
        return None
    near = _nearest(data, naf)
    own = said_by.of({site["siren"]}).get(site["siren"])
    records = _around(data, site, naf, near, said_by.completing(own) if own else frozenset())
    others = [one for one in records if one["siren"] != site["siren"] and one["diffusion"] == "O"]
    kept = [one for one in others if one["natural_person"] is False]
    sirens = {one["siren"] for one in kept}
    ties, said = _ties(data, [site["siren"], *sirens]), {}
    if own:
        said = {**said_by.of(sirens), site["siren"]: own}
    return Sight(site, naf, near, _Known(ties, said, tuple(others), tuple(kept)))


def seen_with(
    data: DataInService,
    site: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
    said: Mapping[str, FirmSaid],
    ties: Mapping[str, frozenset[str]] | None,
) -> Sight | None:
    """Return what is seen of a site and of candidates given, each with its `distance_km`, whatever their activity.

    `None` when the activity of the site is not known.
    """
    naf = _activity(site)
    if naf is None:
        return None
    return Sight(site, naf, _nearest(data, naf), _Known(ties, said, tuple(others), tuple(others)))


def radius_km(site: Mapping[str, Any]) -> float:
    """Return how far around a site partners are looked for."""
    return _RADII * reach_km(_employees(site))


def _nearest(data: DataInService, naf: str) -> Sequence[NearActivity]:
    return reading.neighbours(data, naf, (TieKind.HIRINGS, TieKind.TOGETHER, TieKind.INPUT_OUTPUT), _ACTIVITIES)


def open_site(data: DataInService, number: str) -> Mapping[str, Any]:
    """Return the site meant, one to which something may be proposed; raises what `propose` raises."""
    digits = compact_identifier(number)
    if digits is None:
        raise RequestFault(f"« {number} » n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    if data.suppressions.holds(digits[:9]):
        raise Objected
    record = data.directory.record(digits) if len(digits) == 14 else None
    if record is None and len(digits) == 9:
        _, sites = data.directory.siblings(digits, 1)
        record = next(iter(sites), None)
    if record is None:
        raise NotFound(f"Aucun établissement {digits} parmi ceux qui sont chargés.")
    if record["state"] != "A":
        raise RequestFault("Ce site est fermé : rien ne lui est proposé.")
    if record["diffusion"] != "O":
        raise RequestFault("Cette entreprise a demandé la discrétion : rien ne lui est proposé sans sa demande.")
    return record


def _activity(site: Mapping[str, Any]) -> str | None:
    naf = site["naf"]
    known = naf in nomenclature.tree() and site["naf_nomenclature"] == Nomenclature.NAF_REV2.value
    return str(naf) if known else None


def _around(
    data: DataInService, site: Mapping[str, Any], naf: str, near: Sequence[NearActivity], completing: frozenset[str]
) -> tuple[Mapping[str, Any], ...]:
    """Return the employers around a site whose activity any kind considers, the nearest first.

    Those that say to complete the firm are looked for whatever their activity, and come after.
    """
    if site["latitude"] is None or site["longitude"] is None:
        return ()
    codes = {naf[:SAME_MARKET], *DESIGNING, *(one.naf for one in near)}
    if naf[:5] in DESIGNING:
        codes.add("C")
    where = Near(site["latitude"], site["longitude"], radius_km(site))
    asked = DirectoryQuery(
        near=where, employer=True, sort="distance", per_page=_CANDIDATES, without=data.suppressions.sirens()
    )
    activities = tuple(f"{Nomenclature.NAF_REV2.value}:{code}" for code in sorted(codes))
    found = data.directory.search(replace(asked, activities=activities)).records
    if completing:
        found += data.directory.search(replace(asked, among=completing)).records
    return tuple({one["siret"]: one for one in found}.values())


def _ties(data: DataInService, sirens: Sequence[str]) -> Mapping[str, frozenset[str]] | None:
    """Return the known partners of firms, those that object aside; `None` when no file of ties is loaded."""
    if not data.loaded.tables.get("tie"):
        return None
    table = data.warehouse.table("tie")
    declared = table.filter(table.certainty == "declared").select("siren", "partner").distinct()
    asked = parameter("sirens", "array<string>").unnest().name("siren").as_table()
    found: dict[str, set[str]] = {siren: set() for siren in sirens}
    for row in data.warehouse.rows(declared.semi_join(asked, "siren"), {"sirens": sorted(set(sirens))}):
        found[row["siren"]].add(row["partner"])
    objecting = data.suppressions.sirens()
    return {siren: frozenset(partners - objecting) for siren, partners in found.items()}


class Sight:
    """What is known around one site: makes the proposals of its candidates."""

    def __init__(self, site: Mapping[str, Any], naf: str, near: Sequence[NearActivity], known: _Known) -> None:
        self.naf, self.others, self.kept = naf, known.others, known.kept
        self._site, self._nearest, self._ties, self._said = site, near, known.ties, known.said
        self._hired = {one.naf: one for kind in (TieKind.TOGETHER, TieKind.HIRINGS) for one in near if one.kind is kind}
        self._flows = {one.naf: one for one in near if one.kind is TieKind.INPUT_OUTPUT}
        self._most = {kind: max((one.value for one in near if one.kind is kind), default=0.0) for kind in TieKind}
        self._told: dict[tuple[TieKind, str], str] = {}
        self._measured: dict[str, dict[str, tuple[float | None, str]]] = {}
        self._seeker = self._side(site, naf)
        self._near = self._looked(site, naf)

    def best(
        self, kinds: Sequence[ProposalKind], *, hubs: bool = True, weights: WeightsInForce = STATED
    ) -> list[PartnerProposal]:
        """Return the proposal of each firm that may be proposed, by the kind that scores best.

        Without `hubs` nothing counts against a firm that already has many partners.
        """
        best: dict[str, _BestSite] = {}
        told = self._seeker.said is not None
        weighed = [(kind, _weights(weights.of(kind), said=told, hubs=hubs)) for kind in kinds]
        for record in self.kept:
            found = self._best_of(record, weighed)
            known = best.get(record["siren"])
            if found is not None and (known is None or found.share > known.share):
                best[record["siren"]] = found
        return [self._proposal(one) for one in best.values()]

    def notes(self) -> tuple[str, ...]:
        """Return what is to be said of all the proposals."""
        alone, placed = len(self.others) - len(self.kept), self._site["latitude"] is not None
        said = () if self._seeker.said else (NOTHING_SAID,)
        return (*notes_on(self._nearest, alone, self._ties, placed=placed), *said)

    def _best_of(
        self, record: Mapping[str, Any], weighed: Sequence[tuple[ProposalKind, Sequence[tuple[str, float]]]]
    ) -> _BestSite | None:
        """Return the kind that scores best for a site, `None` when none suits; a pair is measured once."""
        if not record["naf"]:
            return None
        looked = self._looked(record, record["naf"])
        suited = [(kind, weights) for kind, weights in weighed if suitable(kind, self._near, looked)]
        if not suited:
            return None
        pair = self.pair(record)
        measured = self._measured.setdefault(record["siret"], {})
        scores = []
        for kind, weights in suited:
            for name, _ in weights:
                if name not in measured:
                    measured[name] = FEATURES[name].measure(pair)
            scores.append((kind, Score(tuple(FEATURES[name].weighed(measured[name], each) for name, each in weights))))
        shares = [score.share for _, score in scores]
        share = max(shares)
        return _BestSite(share, record, looked, *scores[shares.index(share)])

    def _proposal(self, found: _BestSite) -> PartnerProposal:
        record, kind, score, naf = found.record, found.kind, found.score, found.record["naf"]
        same_market = self._near.naf[:SAME_MARKET] == naf[:SAME_MARKET]
        return PartnerProposal(
            siret=record["siret"],
            siren=record["siren"],
            name=_name(record),
            activity=f"{reading.activity_name(naf)} ({naf})",
            commune=commune_of(record) or "",
            kilometres=record.get("distance_km"),
            kind=kind,
            score=score,
            sentence=sentence_of(kind, score, said=rests_on_words(kind, found.looked)),
            confidence=next(word for least, word in _CONFIDENCE if score.known_share >= least),
            would_change="",
            notice=kind.notice or (COMPETITION if same_market else ""),
        )

    def _looked(self, record: Mapping[str, Any], naf: str) -> Nearby:
        hired, flow = self._hired.get(naf), self._flows.get(naf[:2])
        told = flow.evidence if flow else {}
        own, said = self._seeker.said, self._said.get(record["siren"])
        return Nearby(
            naf=naf,
            craft=bool(record["craft_code"]),
            employees=_employees(record),
            rank=hired.rank if hired else None,
            sells_to=float(told.get("buys") or 0.0),
            buys_from=float(told.get("sells") or 0.0),
            design=said.answers.get("design", "") if said else "",
            brings=bool(own and said and brings(said, own)),
            lacks=bool(own and said and brings(own, said)),
        )

    def _side(self, record: Mapping[str, Any], naf: str) -> FirmSeen:
        partners = None if self._ties is None else self._ties.get(record["siren"], frozenset())
        return FirmSeen(
            naf=naf,
            employees=_employees(record),
            commune=str(record["commune"] or ""),
            places=frozenset(filter(None, [_epcis().get(str(record["commune"]))])),
            partners=partners,
            ties=None if partners is None else len(partners),
            said=self._said.get(record["siren"]),
        )

    def pair(self, record: Mapping[str, Any]) -> Pair:
        """Return the site and one of the candidates, as features look at them; the activity of both is known."""
        naf = record["naf"]
        hired, flow = self._hired.get(naf), self._flows.get(naf[:2])
        same = naf == self._seeker.naf
        shared = "le même métier" if same else self._words(hired)
        return Pair(
            seeker=self._seeker,
            candidate=self._side(record, naf),
            kilometres=record.get("distance_km"),
            know_how=1.0 if same else self._share(hired, known=bool(self._hired)),
            know_how_evidence=shared,
            flow=self._share(flow, known=bool(self._flows)),
            flow_evidence=self._words(flow),
        )

    def _words(self, one: NearActivity | None) -> str:
        """Return what brings an activity near, said once for all the candidates of it."""
        if one is None:
            return ""
        asked = (one.kind, one.naf)
        if asked not in self._told:
            self._told[asked] = _told(one)
        return self._told[asked]

    def _share(self, one: NearActivity | None, *, known: bool) -> float | None:
        if one is None:
            return 0.0 if known else None
        most = self._most[one.kind]
        return one.value / most if most else None


@cache
def _epcis() -> Mapping[str, str]:
    """Return the intercommunality of each commune."""
    return {row["code"]: row["epci"] for row in cog.communes().to_pylist() if row["epci"]}


def _told(one: NearActivity) -> str:
    if one.kind is TieKind.HIRINGS:
        return f"embauche les mêmes métiers que vous ({len(one.evidence.get('occupations', ()))} en commun)"
    return reading.evidence_in_words(one, {})


def _weights(stated: Mapping[str, float], *, said: bool, hubs: bool) -> list[tuple[str, float]]:
    left_out = frozenset[str]() if said else DECLARED
    left_out |= frozenset() if hubs else {HUB}
    return [(name, weight) for name in FEATURES if name not in left_out and (weight := stated.get(name, 0.0))]


def _employees(record: Mapping[str, Any]) -> float | None:
    """Return the middle of a size band; the highest one, which has no upper bound, is counted at its lower one."""
    bounds = SIZE_BANDS.get(record["size_band"] or "")
    if bounds is None:
        return None
    low, high = bounds
    return float(low) if high is None else (low + high) / 2.0


def _name(record: Mapping[str, Any]) -> str:
    return usual_case(record["name"] or record["usual_name"] or record["sign"] or "nom non connu")
