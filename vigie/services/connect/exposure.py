"""To whom proposals go: the share that the most proposed firms receive, with and without the correction of hubs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import ceil
from random import Random
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.declared import Hint, InUnit, Label, Named, NumberRange
from vigie.domain.french import counted, number, percent
from vigie.services.capabilities import Capability
from vigie.services.connect.answering_needs import LEAST_TOLD
from vigie.services.connect.kinds import KINDS
from vigie.services.connect.known import TIES
from vigie.services.connect.partners import looked_around
from vigie.services.connect.proposals import diversified
from vigie.services.kept import kept_with
from vigie.services.loaded import STOCK
from vigie.services.places import Places
from vigie.services.questions import AnswerTable, Of, Question
from vigie.sources import cog
from vigie.store.directory import DirectoryQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vigie.services.questions import DataInService

# Employers of the territory among which seekers are drawn: one page of the directory; the seed makes the draw again.
_POOL, _SEED = 1_000, 20261129
# One firm in a hundred: fewer could be found again, more would no longer be those that fill the lists.
_TOP = 0.01
RURAL = 2_000
"""Inhabitants below which a commune is counted as rural."""
LEAST = 10
"""Fewest seekers for which shares are told."""
METHOD = (
    "Des entreprises du territoire sont tirées au sort (graine fixe) ; à chacune vont ses propositions, comme à elle "
    "seule. Les parts se lisent sur toutes les propositions faites, où que soit qui les reçoit ; « parmi les "
    "regardées » est la part du groupe parmi les entreprises que ces recherches ont regardées. Une commune de moins de "
    f"{number(RURAL)} habitants est comptée comme rurale. Personne n’est nommé."
)


@dataclass(frozen=True, slots=True)
class ExposureAsked:
    """How many firms are drawn, and how many proposals each receives."""

    seekers: Annotated[
        int, Label("Entreprises tirées"), Named("entreprises"), NumberRange(LEAST, 200),
        Hint("Plus il y en a, plus c’est sûr et long.")
    ] = 20  # fmt: skip
    top: Annotated[int, Label("Propositions à chacune"), Named("propositions"), NumberRange(1, 50)] = 10


@dataclass(frozen=True, slots=True)
class ExposureLine:
    """A group of firms: its share among those looked at, and of the proposals, with and without the correction."""

    group: Annotated[str, Label("Entreprises")]
    firms: Annotated[int, Label("Combien"), InUnit("entreprises")]
    looked_at: Annotated[float, Label("Parmi les regardées"), InUnit("%")]
    corrected: Annotated[float, Label("Des propositions, carrefours corrigés"), InUnit("%")]
    uncorrected: Annotated[float, Label("Sans correction"), InUnit("%")]


EXPOSURE = Question(
    "exposure", "exposition", of=Of.TERRITORY, group="connect", title="À qui vont les propositions",
    summary="Part des propositions que reçoivent les entreprises les plus proposées, les artisans, les rurales, "
    "avec et sans correction des carrefours", takes=ExposureAsked, rows=ExposureLine,
)  # fmt: skip
CAPABILITY = Capability("Exposition aux propositions", questions=(EXPOSURE,))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a draw of seekers gave: the firms looked at, by SIREN, and how often each was proposed, both ways."""

    seekers: int
    looked_at: Mapping[str, Mapping[str, Any]]
    corrected: Counter[str]
    uncorrected: Counter[str]


@EXPOSURE.answered
def exposure(data: DataInService, key: str, asked: ExposureAsked) -> AnswerTable:
    """Return the shares of each group: share = proposals received by the group / proposals made.

    The « top 1 % » is, of each way, the max(3, ceil(n / 100)) most proposed of the n firms looked at; a group of one or
    two firms is not told. Who objects is neither
    looked at nor counted. Raises `RequestFault` or `NotFound` for a territory that is not known.
    """
    place = Places(data.warehouse).territory(key)
    objecting = data.suppressions.sirens()
    name = f"exposure {place.key} {asked.seekers} {asked.top} {sorted(objecting)}"
    drawn: _Drawn = kept_with(data.warehouse, name, lambda: _draw(data, place.key, asked, objecting))
    rows = _rows(drawn) if drawn.seekers >= LEAST and drawn.corrected else ()
    made = counted(sum(drawn.corrected.values()), "proposition", "propositions")
    lead = f"{made} à {counted(drawn.seekers, 'entreprise')}"
    sources = sorted(source for source in data.loaded.vintage if source.startswith(TIES))
    return AnswerTable(
        title=f"À qui vont les propositions : {place.name}",
        lead=f"{lead} : les {number(rows[0].firms)} plus proposées en reçoivent {_percent(rows[0].corrected)} ; "
        f"{_percent(rows[0].uncorrected)} si rien ne retenait les carrefours."
        if rows
        else f"{lead} : trop peu pour dire des parts ({LEAST} entreprises au moins à qui proposer).",
        rows=rows,
        sources=data.loaded.cite(STOCK, *sources),
        simulated=data.loaded.simulated,
        note=METHOD if sources else f"{METHOD} Aucun fichier de liens n’est chargé : la correction ne change rien.",
    )


def _draw(data: DataInService, key: str, asked: ExposureAsked, objecting: frozenset[str]) -> _Drawn:
    query = DirectoryQuery(territories=(key,), employer=True, state="A", per_page=_POOL, without=objecting)
    pool = {one["siren"]: one for one in data.directory.search(query).records if one["diffusion"] == "O"}
    order = sorted(pool)
    Random(_SEED).shuffle(order)  # noqa: S311 - a draw that anybody can make again
    looked_at: dict[str, Mapping[str, Any]] = {}
    received: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    seekers = 0
    for siren in order:
        if seekers >= asked.seekers:
            break
        seen = looked_around(data, pool[siren])
        if seen is None or not seen.kept:
            continue
        seekers += 1
        looked_at |= {one["siren"]: one for one in seen.others}
        for hubs, counts in zip((True, False), received, strict=True):
            counts.update(one.siren for one in diversified(seen.best(list(KINDS.values()), hubs=hubs), asked.top))
    return _Drawn(seekers, looked_at, *received)


def _rows(drawn: _Drawn) -> tuple[ExposureLine, ...]:
    most = max(LEAST_TOLD, ceil(_TOP * len(drawn.looked_at)))
    ways = (drawn.corrected, drawn.uncorrected)
    shares = [sum(count for _, count in way.most_common(most)) / sum(way.values()) for way in ways]
    first = ExposureLine(
        "les plus proposées, une sur cent et trois au moins",
        most,
        _rounded(most / len(drawn.looked_at)),
        *map(_rounded, shares),
    )
    lines = (_line(drawn, label, among) for label, among in _GROUPS)
    return (first, *(one for one in lines if not one.firms or one.firms >= LEAST_TOLD))


def _line(drawn: _Drawn, label: str, among: Callable[[Mapping[str, Any]], bool]) -> ExposureLine:
    held = {siren for siren, record in drawn.looked_at.items() if among(record)}
    ways = (drawn.corrected, drawn.uncorrected)
    shares = [sum(way[siren] for siren in held) / sum(way.values()) for way in ways]
    return ExposureLine(label, len(held), _rounded(len(held) / len(drawn.looked_at)), *map(_rounded, shares))


def rural(record: Mapping[str, Any]) -> bool:
    """Tell whether a site is in a commune of few inhabitants."""
    people = _population().get(str(record["commune"]))
    return people is not None and people < RURAL


@cache
def _population() -> Mapping[str, int]:
    """Return the inhabitants of each commune."""
    return {row["code"]: row["population"] for row in cog.communes().to_pylist() if row["population"] is not None}


def _rounded(share: float) -> float:
    return round(100.0 * share, 1)


def _percent(hundredths: float) -> str:
    return percent(hundredths / 100.0, 1)


_GROUPS: tuple[tuple[str, Callable[[Mapping[str, Any]], bool]], ...] = (
    ("entreprises individuelles, jamais proposées", lambda one: bool(one["natural_person"])),
    ("artisans", lambda one: bool(one["craft_code"]) and not one["natural_person"]),
    ("dans une commune rurale", rural),
)
