"""Proposing partners to a firm: candidates nearby, scored by explained features, diversified, each with its reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from vigie.domain.actors import SIZE_BANDS, Nomenclature, compact_identifier
from vigie.domain.firm_names import usual_case
from vigie.domain.french import capital, listed
from vigie.domain.scores import Score
from vigie.errors import NotFound, Objected, RequestFault
from vigie.measures.cooperation.pairs import FEATURES
from vigie.measures.cooperation.pairs.distance import reach_km
from vigie.measures.cooperation.pairs.pair import FirmSeen, Pair
from vigie.services.connect.kinds import COMPETITION, DESIGNING, KINDS, SAME_MARKET, Nearby, ProposalKind, suitable
from vigie.services.know_answers import entry
from vigie.services.relatedness import reading
from vigie.services.relatedness.reading import NearActivity, TieKind
from vigie.sources import cog, nomenclature
from vigie.store.directory import DirectoryQuery, Near
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from vigie.services.questions import DataInService

MOST = 100
_ACTIVITIES = 40
_CANDIDATES = 400
"""Establishments looked at around a site, the nearest first."""
_RADII = 3.0
"""How many times the reach of a firm is looked at: beyond, nearness is below a twentieth."""
# What a second firm of the same activity, or of the same kind, must be worth more, of 1, to stand beside the first.
_SAME_ACTIVITY, _SAME_KIND = 0.05, 0.03
# Share of the weights that are known here, from which the confidence is said high, then middling.
_CONFIDENCE = ((0.8, "forte"), (0.5, "moyenne"), (0.0, "faible"))
NO_ACTIVITY = "L’activité de ce site n’est pas connue en NAF rév. 2 : rien ne peut être proposé."
PRIORS = "Les poids sont énoncés, non appris : rien n’est encore advenu de propositions dont on puisse apprendre."


@dataclass(frozen=True, slots=True)
class PartnerProposal:
    """One partner proposed: who, by which kind, the score, one French sentence, what would change its rank."""

    siret: str
    siren: str
    name: str
    activity: str
    commune: str
    kilometres: float | None
    kind: ProposalKind
    score: Score
    sentence: str
    confidence: str
    would_change: str
    notice: str

    def as_dict(self) -> dict[str, Any]:
        """Return the proposal as the machine-readable answers print it."""
        return {
            "siret": self.siret,
            "siren": self.siren,
            "name": self.name,
            "activity": self.activity,
            "commune": self.commune,
            "distance_km": self.kilometres,
            "kind": self.kind.word,
            "kind_label": self.kind.label,
            "sentence": self.sentence,
            "confidence": self.confidence,
            "would_change": self.would_change,
            "notice": self.notice,
            "score": self.score.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proposals made to the site of a firm, the best first, and what is to be said of all of them."""

    siret: str
    name: str
    activity: str
    proposals: tuple[PartnerProposal, ...]
    considered: int
    notes: tuple[str, ...]
    simulated: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the machine-readable answers print it."""
        return {
            "siret": self.siret,
            "name": self.name,
            "activity": self.activity,
            "considered": self.considered,
            "proposals": [one.as_dict() for one in self.proposals],
            "notes": list(self.notes),
            "simulated": self.simulated,
        }


def propose(data: DataInService, number: str, kind: str | None = None, top: int = 20) -> Proposals:
    """Propose partners to a firm, by the SIRET of a site or its SIREN.

    Nobody is proposed who objects, asked for discretion, is closed, is a sole trader, or is the same firm. A firm that
    asked for discretion is proposed nobody unasked. Each firm is proposed once, by the kind that scores best. Raises
    `RequestFault`, `NotFound`, `Objected`.
    """
    if kind is not None and kind not in KINDS:
        raise RequestFault(f"« {kind} » n’est pas une sorte de proposition : {', '.join(KINDS)}.")
    site = _site(data, number)
    naf = _activity(site)
    if naf is None:
        return Proposals(
            site["siret"], _name(site), "activité non connue", (), 0, (NO_ACTIVITY,), data.loaded.simulated
        )
    near = reading.neighbours(data, naf, (TieKind.HIRINGS, TieKind.TOGETHER, TieKind.INPUT_OUTPUT), _ACTIVITIES)
    kinds = [KINDS[kind]] if kind else list(KINDS.values())
    records = _around(data, site, naf, near)
    others = [one for one in records if one["siren"] != site["siren"] and one["diffusion"] == "O"]
    kept = [one for one in others if one["natural_person"] is False]
    ties = _ties(data, [site["siren"], *(one["siren"] for one in kept)])
    seen = _Sight(site, naf, near, ties)
    best: dict[str, PartnerProposal] = {}
    for record in kept:
        for one in kinds:
            made = seen.proposal(record, one)
            known = best.get(record["siren"])
            if made is not None and (known is None or made.score.share > known.score.share):
                best[record["siren"]] = made
    told = {one.name for made in best.values() for one in made.score.features if one.value is not None}
    chosen = _diversified(list(best.values()), min(top, MOST))
    chosen = [replace(one, would_change=_would_change(one.score, told)) for one in chosen]
    return Proposals(
        siret=site["siret"],
        name=_name(site),
        activity=f"{reading.activity_name(naf)} ({naf})",
        proposals=tuple(chosen),
        considered=len(kept),
        notes=_notes(near, len(others) - len(kept), ties, placed=site["latitude"] is not None),
        simulated=data.loaded.simulated,
    )


def _site(data: DataInService, number: str) -> Mapping[str, Any]:
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
    data: DataInService, site: Mapping[str, Any], naf: str, near: Sequence[NearActivity]
) -> tuple[Mapping[str, Any], ...]:
    """Return the employers around a site whose activity any kind considers, the nearest first."""
    if site["latitude"] is None or site["longitude"] is None:
        return ()
    codes = {naf[:SAME_MARKET], *DESIGNING, *(one.naf for one in near)}
    if naf[:5] in DESIGNING:
        codes.add("C")
    where = Near(site["latitude"], site["longitude"], _RADII * reach_km(_employees(site)))
    query = DirectoryQuery(
        activities=tuple(f"{Nomenclature.NAF_REV2.value}:{code}" for code in sorted(codes)),
        near=where, employer=True, sort="distance", per_page=_CANDIDATES, without=data.suppressions.sirens(),
    )  # fmt: skip
    return data.directory.search(query).records


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


class _Sight:
    """What is known around one site: makes the proposals of its candidates."""

    def __init__(
        self,
        site: Mapping[str, Any],
        naf: str,
        near: Sequence[NearActivity],
        ties: Mapping[str, frozenset[str]] | None,
    ) -> None:
        self._ties = ties
        self._hired = {one.naf: one for kind in (TieKind.TOGETHER, TieKind.HIRINGS) for one in near if one.kind is kind}
        self._flows = {one.naf: one for one in near if one.kind is TieKind.INPUT_OUTPUT}
        self._most = {kind: max((one.value for one in near if one.kind is kind), default=0.0) for kind in TieKind}
        self._seeker = self._side(site, naf)
        self._near = self._looked(site, naf)

    def proposal(self, record: Mapping[str, Any], kind: ProposalKind) -> PartnerProposal | None:
        """Return the proposal of a candidate by a kind, `None` when the kind does not consider it."""
        naf = record["naf"]
        if not naf or not suitable(kind, self._near, self._looked(record, naf)):
            return None
        pair = self._pair(record, naf)
        score = Score(tuple(FEATURES[name].of(pair, weight) for name, weight in _weights(kind) if weight))
        same_market = self._near.naf[:SAME_MARKET] == naf[:SAME_MARKET]
        return PartnerProposal(
            siret=record["siret"],
            siren=record["siren"],
            name=_name(record),
            activity=f"{reading.activity_name(naf)} ({naf})",
            commune=entry(record).commune_name or "",
            kilometres=record.get("distance_km"),
            kind=kind,
            score=score,
            sentence=_sentence(kind, score),
            confidence=next(word for least, word in _CONFIDENCE if score.known_share >= least),
            would_change="",
            notice=kind.notice or (COMPETITION if same_market else ""),
        )

    def _looked(self, record: Mapping[str, Any], naf: str) -> Nearby:
        hired, flow = self._hired.get(naf), self._flows.get(naf[:2])
        told = flow.evidence if flow else {}
        return Nearby(
            naf=naf,
            craft=bool(record["craft_code"]),
            employees=_employees(record),
            rank=hired.rank if hired else None,
            sells_to=float(told.get("buys") or 0.0),
            buys_from=float(told.get("sells") or 0.0),
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
        )

    def _pair(self, record: Mapping[str, Any], naf: str) -> Pair:
        hired, flow = self._hired.get(naf), self._flows.get(naf[:2])
        same = naf == self._seeker.naf
        shared = "le même métier" if same else _told(hired)
        return Pair(
            seeker=self._seeker,
            candidate=self._side(record, naf),
            kilometres=record.get("distance_km"),
            know_how=1.0 if same else self._share(hired, known=bool(self._hired)),
            know_how_evidence=shared,
            flow=self._share(flow, known=bool(self._flows)),
            flow_evidence=_told(flow),
        )

    def _share(self, one: NearActivity | None, *, known: bool) -> float | None:
        if one is None:
            return 0.0 if known else None
        most = self._most[one.kind]
        return one.value / most if most else None


@cache
def _epcis() -> Mapping[str, str]:
    """Return the intercommunality of each commune."""
    return {row["code"]: row["epci"] for row in cog.communes().to_pylist() if row["epci"]}


def _told(one: NearActivity | None) -> str:
    if one is None:
        return ""
    if one.kind is TieKind.HIRINGS:
        return f"embauche les mêmes métiers que vous ({len(one.evidence.get('occupations', ()))} en commun)"
    return reading.evidence_in_words(one, {})


def _weights(kind: ProposalKind) -> list[tuple[str, float]]:
    return [(name, kind.weights.get(name, 0.0)) for name in FEATURES]


def _sentence(kind: ProposalKind, score: Score) -> str:
    """Return the reasons of a proposal in one French sentence, what adds most first."""
    seen = [one.evidence for one in score.by_contribution() if one.contribution > 0 and one.evidence]
    reasons = listed(seen[:3])
    return f"{capital(kind.why)}{' ; ' if reasons else ''}{reasons}."


def _would_change(score: Score, told: Collection[str]) -> str:
    """Say what would move a proposal most: the weightiest thing not known of it alone, else what holds it back most.

    What is known of nobody (`told` names the features known of somebody) would move everybody alike.
    """
    unknown = [one for one in score.features if one.value is None and one.weight > 0 and one.name in told]
    if unknown:
        heaviest = max(unknown, key=lambda one: one.weight)
        return f"Son rang changerait si l’on connaissait : {heaviest.label}."
    known = [one for one in score.features if one.value is not None and one.weight > 0]
    lacking = max(known, key=lambda one: one.weight * (1.0 - (one.value or 0.0)), default=None)
    if lacking is None:
        return ""
    return f"Ce qui la retient le plus : {lacking.label}."


def _diversified(found: list[PartnerProposal], top: int) -> list[PartnerProposal]:
    """Return the best proposals, a firm being worth less the more of its activity and kind stand before it."""
    left = sorted(found, key=lambda one: (-one.score.share, one.siret))
    chosen: list[PartnerProposal] = []
    held: Counter[str] = Counter()
    while left and len(chosen) < top:
        best = max(
            left,
            key=lambda one: one.score.share - _SAME_ACTIVITY * held[one.activity] - _SAME_KIND * held[one.kind.word],
        )
        left.remove(best)
        chosen.append(best)
        held.update((best.activity, best.kind.word))
    return chosen


def _employees(record: Mapping[str, Any]) -> float | None:
    """Return the middle of a size band; the highest one, which has no upper bound, is counted at its lower one."""
    bounds = SIZE_BANDS.get(record["size_band"] or "")
    if bounds is None:
        return None
    low, high = bounds
    return float(low) if high is None else (low + high) / 2.0


def _name(record: Mapping[str, Any]) -> str:
    return usual_case(record["name"] or record["usual_name"] or record["sign"] or "nom non connu")


def _notes(near: Sequence[NearActivity], alone: int, ties: object | None, *, placed: bool) -> tuple[str, ...]:
    held = {one.kind for one in near}
    notes = [PRIORS]
    if not placed:
        notes.append("La position de ce site n’est pas connue : rien ne peut être cherché autour.")
    if TieKind.HIRINGS not in held and TieKind.TOGETHER not in held:
        notes.append("Les métiers que cette activité embauche ne sont pas chargés : les savoir-faire ne comptent pas.")
    if TieKind.INPUT_OUTPUT not in held:
        notes.append("Aucun tableau entrées-sorties n’est chargé : ni clients ni fournisseurs ne sont proposés.")
    if ties is None:
        notes.append("Aucun fichier de liens n’est chargé : les partenaires en commun ne comptent pas.")
    if alone:
        notes.append("Les entreprises individuelles ne sont pas proposées.")
    return tuple(notes)
