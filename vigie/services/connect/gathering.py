"""What there is to learn from: firms that worked together, each compared with others that could have been chosen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isnan, nan
from random import Random
from typing import TYPE_CHECKING, Any

from vigie.domain.actors import SIZE_BANDS
from vigie.measures.cooperation.pairs import FEATURES
from vigie.measures.cooperation.pairs.hub import FEATURE as HUB
from vigie.services.connect.exposure import rural
from vigie.services.connect.partners import Sight, radius_km, seen_with
from vigie.store.cells import distance_km
from vigie.store.directory import DirectoryQuery
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from vigie.domain.situation import FirmSaid
    from vigie.services.connect.said import SaidBy
    from vigie.services.questions import DataInService

SEED = 20261129
BESIDE = 5
"""Others drawn beside each firm that was worked with."""
MOST_TIED, TIES_OF_ONE = 120, 5
"""Firms with public ties from which ties are read, and ties read of one: else the most tied would teach alone."""
POOL = 3_000
"""Employers among whom others are drawn: with public ties, and of the territory."""
_PART = 500
LEARNABLE = tuple(name for name in FEATURES if name != HUB.name)
"""Features whose weight is learned: others are drawn with as many known partners, so hubs cannot be."""
# Salaried staff from which a firm is no longer very small (décret 2008-1354: 10).
_SMALL = 10.0
UNKNOWN = "entreprise fermée, masquée, individuelle, qui s’oppose ou qui n’est pas chargée"
TOO_FAR = "entreprises trop loin l’une de l’autre pour que Vigie les propose"
ALONE = "personne d’aussi lié autour"

_Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Introductions of an organisation that ended: pairs of SIREN that cooperated, and pairs of which nothing came."""

    cooperated: tuple[tuple[str, str], ...] = ()
    nothing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """One comparison: who worked with whom rather than another, by an outcome or a public tie, and the gaps measured.

    `slices` are the words of `SLICES` that hold for the firm that chose.
    """

    seeker: str
    chosen: str
    outcome: bool
    gaps: tuple[float, ...]
    slices: tuple[str, ...]


@dataclass(slots=True)
class Gathered:
    """Comparisons, and why pairs were left out, counted."""

    compared: list[ComparedPair] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def pairs(self, *, outcome: bool) -> set[tuple[str, str]]:
        """Return the pairs that are compared, of one source."""
        return {(one.seeker, one.chosen) for one in self.compared if one.outcome is outcome}


SLICES: Mapping[str, Callable[[_Record], bool]] = {
    "moins de 10 salariés": lambda one: _staff(one) < _SMALL,
    "dans une commune rurale": rural,
    "artisans": lambda one: bool(one["craft_code"]),
}
"""Firms for whom the quality is told apart, by the one that seeks."""


@dataclass(frozen=True, slots=True)
class _World:
    """The firms that can be compared, by SIREN, what joins them to others, what they say, and those that seek."""

    records: Mapping[str, _Record]
    ties: Mapping[str, set[tuple[str, str]]]
    said: Mapping[str, FirmSaid]
    tied: tuple[str, ...]

    def popularity(self, siren: str) -> int:
        """Return how tied a firm is: the binary digits of the number of its known partners."""
        return len({partner for partner, _ in self.ties.get(siren, ())}).bit_length()


def gather(data: DataInService, outcomes: Outcomes, territory: str, said_by: SaidBy) -> Gathered:
    """Return what is compared: outcomes first, then public ties of firms drawn in a territory (everywhere when empty).

    Of each pair, up to five others are drawn, by a seed that depends on the pair alone, among employers as near as the
    proposals to that firm may be, known to be tied to no more and no fewer (the same power of two), and not tied to
    it; to these are added those with whom an introduction came to nothing. What joins a pair publicly is set aside
    when it is measured: a market of three ties its members to one another, and would tell what is to be learned.
    Cost: O(pairs · employers around).
    """
    world, found = _world(data, outcomes, territory, said_by), Gathered()
    failed: dict[str, set[str]] = defaultdict(set)
    for one, other in outcomes.nothing:
        failed[one].add(other)
        failed[other].add(one)
    wanted: dict[str, set[str]] = defaultdict(set)
    for one, other in outcomes.cooperated:
        wanted[one].add(other)
    for seeker, partners in sorted(wanted.items()):
        _look(data, world, (seeker, partners, failed[seeker]), found, outcome=True)
    taken = {frozenset(pair) for pair in outcomes.cooperated}
    for seeker in world.tied:
        left = sorted({partner for partner, _ in world.ties[seeker]})
        left = [one for one in left if frozenset((seeker, one)) not in taken][:TIES_OF_ONE]
        taken |= {frozenset((seeker, one)) for one in left}
        if left:
            _look(data, world, (seeker, set(left), set()), found, outcome=False)
    return found


def _look(
    data: DataInService, world: _World, asked: tuple[str, set[str], set[str]], found: Gathered, *, outcome: bool
) -> None:
    """Compare the partners of one firm with others around it."""
    seeker, partners, failed = asked
    site = world.records.get(seeker)
    known = {one for one in partners if one in world.records} if site else set()
    found.left_out[UNKNOWN] += len(partners) - len(known)
    if site is None or not known:
        return
    around = _around(site, world.records)
    found.left_out[TOO_FAR] += len(known - set(around))
    tied = {partner for partner, _ in world.ties.get(seeker, ())} | partners | failed
    free = [one for one in around if one not in tied]
    drawn = {one: _beside(world, (seeker, one), free) + sorted(failed & set(around)) for one in known & set(around)}
    found.left_out[ALONE] += sum(not others for others in drawn.values())
    looked = sorted({one for chosen, others in drawn.items() for one in (chosen, *others)})
    ties = {siren: frozenset[str]() for siren in (seeker, *looked)} if data.loaded.tables.get("tie") else None
    sight = seen_with(data, site, [around[one] for one in looked], world.said, ties)
    if sight is None:
        return
    slices = tuple(label for label, among in SLICES.items() if among(site))
    for chosen, others in sorted(drawn.items()):
        own = _measured(sight, world, seeker, around[chosen])
        for other in others:
            gaps = _gaps(own, _measured(sight, world, seeker, around[other]))
            found.compared.append(ComparedPair(seeker, chosen, outcome, gaps, slices))


def _around(site: _Record, records: Mapping[str, _Record]) -> dict[str, _Record]:
    """Return the firms within the radius in which partners are proposed to a site, each with its distance."""
    if site["latitude"] is None:
        return {}
    found: dict[str, _Record] = {}
    most = radius_km(site)
    for siren, one in records.items():
        if one["latitude"] is None or siren == site["siren"]:
            continue
        away = distance_km(site["latitude"], site["longitude"], one["latitude"], one["longitude"])
        if away <= most:
            found[siren] = {**one, "distance_km": away}
    return found


def _beside(world: _World, pair: tuple[str, str], free: Iterable[str]) -> list[str]:
    """Draw others as tied as the one chosen."""
    alike = world.popularity(pair[1])
    among = sorted(one for one in free if world.popularity(one) == alike)
    chance = Random(f"{SEED} {' '.join(pair)}")  # noqa: S311 - a draw that anybody can make again
    return sorted(chance.sample(among, min(BESIDE, len(among))))


def _measured(sight: Sight, world: _World, seeker: str, record: _Record) -> tuple[float, ...]:
    """Return what each learnable feature measures of a pair, what joins both publicly being set aside."""
    siren, seen = record["siren"], sight.pair(record)
    if seen.seeker.partners is not None:
        joint = {group for partner, group in world.ties.get(seeker, ()) if partner == siren}
        own, other = (
            frozenset(partner for partner, group in world.ties.get(one, ()) if group not in joint)
            for one in (seeker, siren)
        )
        seen = replace(
            seen, seeker=replace(seen.seeker, partners=own), candidate=replace(seen.candidate, partners=other)
        )
    return tuple(nan if (value := FEATURES[name].measure(seen)[0]) is None else value for name in LEARNABLE)


def _gaps(own: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    """Return the gaps; where one of both is not known, the feature compares nothing."""
    gaps = (mine - theirs for mine, theirs in zip(own, other, strict=True))
    return tuple(0.0 if isnan(gap) else gap for gap in gaps)


def _world(data: DataInService, outcomes: Outcomes, territory: str, said_by: SaidBy) -> _World:
    """Return the firms of outcomes, those with public ties (drawn by a fixed seed), and employers of the territory."""
    read, places = _Reading(data, data.suppressions.sirens()), (territory,) if territory else ()
    named = {siren for pair in (*outcomes.cooperated, *outcomes.nothing) for siren in pair}
    order = read.with_ties()
    records = dict(read.found(sorted(named | set(order))))
    here = {siren for siren, _ in read.found(order, places)} if territory else set(records)
    seekers = [siren for siren in order if siren in records and siren in here][:MOST_TIED]
    partners = {partner for tied in read.ties(seekers).values() for partner, _ in tied}
    records |= dict(read.found(sorted(partners - set(records))))
    if territory:
        records |= dict(read.found((), places))
    return _World(records, read.ties(sorted(records)), said_by.of(set(records)), tuple(seekers))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read of the data in service, the firms that object aside."""

    data: DataInService
    objecting: frozenset[str]

    def found(self, sirens: Sequence[str], places: tuple[str, ...] = ()) -> Iterator[tuple[str, _Record]]:
        """Give the sites of firms that may be proposed, head offices first; without SIREN, those of places."""
        query = DirectoryQuery(territories=places, employer=True, without=self.objecting, per_page=POOL)
        parts = [sirens[start : start + _PART] for start in range(0, len(sirens), _PART)]
        asked = [replace(query, among=frozenset(part)) for part in parts] if sirens else [query] if places else []
        for one in asked:
            records = self.data.directory.search(one).records
            # The head office comes last, so that it is the one kept.
            for record in sorted(records, key=lambda record: (bool(record["head_office"]), record["siret"])):
                if record["diffusion"] == "O" and record["natural_person"] is False and record["naf"]:
                    yield record["siren"], record

    def with_ties(self) -> list[str]:
        """Return firms with declared ties, in an order drawn by a fixed seed."""
        if not self.data.loaded.tables.get("tie"):
            return []
        table = self.data.warehouse.table("tie")
        every = table.filter(table.certainty == "declared").select("siren").distinct()
        order = sorted(row["siren"] for row in self.data.warehouse.rows(every))
        Random(SEED).shuffle(order)  # noqa: S311 - a draw that anybody can make again
        return order[:POOL]

    def ties(self, sirens: Sequence[str]) -> dict[str, set[tuple[str, str]]]:
        """Return the declared ties of firms: partner and what joins them."""
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        if not self.data.loaded.tables.get("tie"):
            return found
        table = self.data.warehouse.table("tie")
        declared = table.filter(table.certainty == "declared").select("siren", "partner", "group")
        asked = parameter("sirens", "array<string>").unnest().name("siren").as_table()
        for row in self.data.warehouse.rows(declared.semi_join(asked, "siren"), {"sirens": list(sirens)}):
            if row["partner"] not in self.objecting:
                found[row["siren"]].add((row["partner"], row["group"]))
        return found


def _staff(record: _Record) -> float:
    bounds = SIZE_BANDS.get(record["size_band"] or "")
    return float(bounds[0]) if bounds else 0.0
