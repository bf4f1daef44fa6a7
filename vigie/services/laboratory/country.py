"""The territories of a level with what they became between two dates: read once, then examined under any settings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.french import counted
from vigie.errors import RequestFault
from vigie.services.comparing.level_figures import level_figures
from vigie.services.kept import kept_with
from vigie.sources.indicator_uses import Aggregation
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from vigie.domain.finding_table import Floats
    from vigie.services.indicator_cards import IndicatorCard
    from vigie.services.questions import DataInService

LEVELS = {"ze": "zone d’emploi", "epci": "intercommunalité", "aav": "aire d’attraction", "departement": "département"}
PARIS, OVERSEAS = ("75056", "75101"), ("97", "98")
"""Communes that mark the territory of Paris; how codes of communes overseas begin."""
VENDEE, OSSAU = "Vendée", "Vallée d’Ossau"
"""Two places named as cases in the debate: a dense network of firms without a large city, a valley of mountain."""
_OF_VENDEE, _OF_OSSAU = "85", "64320"
"""How codes of the communes of Vendée begin; Laruns, at the head of the valley of Ossau."""
_METROPOLISES = ("METRO", "MET69")
_KNOWN = 0.5
"""Share of the territories of which a year must be known to be offered."""
MOSTLY, _MOST_ASSETS = 0.9, 6
"""Share of the territories of which an asset must be known, and how many are taken when none is asked for."""
_REASONED = (
    ("part_emploi_industrie", "industry_share"), ("part_tres_haut_debit", "part_fibre"), ("acces_emploi_30min",),
    ("acces_medecin",), ("taux_emploi",), ("part_logements_vacants",), ("temps_acces_culture",),
)  # fmt: skip
"""What a place may offer to activity, in the order of the question, of each the first that is known: a fabric of
industry, broadband, jobs and services within reach, people at work, premises. Turnout and income are consequences as
much as assets: they are tried on demand."""
_ENOUGH = 3
"""Reasoned assets below which any share or mean that is known is taken: a country with other indicators has its own."""
_KILOMETRES = 111.32, 0.688
"""Kilometres of a degree of latitude, and what is left of it along a parallel in the middle of France."""


class NothingToExamine(RequestFault):
    """The data loaded do not hold what an examination needs: its sentence says what is missing."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Where the territories of a level stand: flags and region by territory (n,), centres (n, 2) in km, NaN without.

    `case` names the place that a territory is always shown for, empty for the others.
    """

    paris: NDArray[np.bool_]
    overseas: NDArray[np.bool_]
    metropolis: NDArray[np.bool_]
    region: tuple[str, ...]
    centres: Floats
    case: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """An indicator of a level by year: `years` in order, `values` of shape (territories, years), NaN where unknown."""

    card: IndicatorCard
    sources: tuple[str, ...]
    codes: tuple[str, ...]
    names: Mapping[str, str]
    years: tuple[int, ...]
    values: Floats

    def at(self, year: int) -> Floats:
        """Return the values of a year, NaN where unknown."""
        found: Floats = self.values[:, self.years.index(year)]
        return found


def outcome_of(data: DataInService, level: str, name: str) -> Outcome:
    """Return an additive indicator of a level, for the years of which half of the territories are known.

    Raises `RequestFault` for one that is not additive, not loaded, or known at one date only.
    """
    if level not in LEVELS:
        raise RequestFault(f"Ce niveau n’est pas étudié : choisissez parmi {', '.join(LEVELS)}.")
    figures = level_figures(data, level)
    if not figures.codes:
        raise NothingToExamine(f"Aucun territoire de ce niveau n’est chargé ({LEVELS[level]}).")
    sums = [card.id for card in figures.cards if card.aggregation is Aggregation.SUM]
    card = next((one for one in figures.cards if one.id == name), None)
    if card is None or name not in sums:
        raise RequestFault(
            f"« {name[:40]} » ne s’additionne pas, ou n’existe pas : choisissez parmi {', '.join(sums)}."
        )
    years, values = _by_year(data, level, name, figures.codes)
    if len(years) < 2:
        raise NothingToExamine(
            f"« {card.label} » n’est connu de la moitié des territoires qu’à {counted(len(years), 'date')} : "
            "il en faut deux. "
            "Chargez d’autres millésimes, ou choisissez un autre résultat."
        )
    return Outcome(card, figures.sources[name], figures.codes, figures.names, years, values)


def assets(
    data: DataInService, level: str, asked: Sequence[str], before: int
) -> tuple[tuple[IndicatorCard, ...], Floats]:
    """Return indicators as they were known when a period began (columns), for the territories of a level (rows).

    Those asked for; without any, six at most of those that may be assets (`_REASONED`), or of all that are shares or
    means where too few of them are loaded; each known of nine territories in ten.
    Raises `RequestFault` for one that does not exist or is dated after the period begins.
    """
    figures = level_figures(data, level)
    cards = {card.id: rank for rank, card in enumerate(figures.cards)}
    if strangers := [name for name in asked if name not in cards]:
        raise RequestFault(f"« {strangers[0][:40]} » n’est pas un indicateur de ce niveau : vigie observe indicators.")
    if late := [name for name in asked if (year_of(figures.vintages[cards[name]]) or 9999) > before]:
        card = figures.cards[cards[late[0]]]
        raise RequestFault(
            f"« {card.label} » est connu en {figures.vintages[cards[card.id]] or 'aucune année'}, après le début de la "
            f"période ({before}) : ce qui vient après ne peut pas l’expliquer. Choisissez-en un autre."
        )
    known = {
        card.id: rank
        for rank, card in enumerate(figures.cards)
        if card.aggregation is not Aggregation.SUM
        and figures.known[rank] >= MOSTLY
        and (year_of(figures.vintages[rank]) or 9999) <= before
    }
    found = (next((known[name] for name in names if name in known), None) for names in _REASONED)
    reasoned = [rank for rank in found if rank is not None]
    usual = reasoned if len(reasoned) >= _ENOUGH else list(known.values())
    kept = [cards[name] for name in asked] or usual[:_MOST_ASSETS]
    return tuple(figures.cards[rank] for rank in kept), figures.values[:, kept]


def year_of(vintage: str) -> int | None:
    """Return the year of a vintage, `None` where it is none."""
    return int(vintage[:4]) if vintage[:4].isdecimal() else None


def _by_year(data: DataInService, level: str, name: str, codes: Sequence[str]) -> tuple[tuple[int, ...], Floats]:
    table = data.warehouse.table("figure")
    asked = table.filter(table.kind == parameter("kind"), table.indicator == parameter("name"), table.value.notnull())
    found = data.warehouse.arrow(asked.select("code", "vintage", "value"), {"kind": level, "name": name})
    place = {code: rank for rank, code in enumerate(codes)}
    years = sorted({year for one in set(found["vintage"].to_pylist()) if (year := year_of(one or "")) is not None})
    values = np.full((len(codes), len(years)), np.nan)
    for code, vintage, value in zip(*(found[one].to_pylist() for one in ("code", "vintage", "value")), strict=True):
        year = year_of(vintage)
        if code in place and year is not None:
            values[place[code], years.index(year)] = value
    kept = [rank for rank in range(len(years)) if np.isfinite(values[:, rank]).mean() >= _KNOWN]
    return tuple(years[rank] for rank in kept), values[:, kept]


def setting_of(data: DataInService, level: str, codes: Sequence[str]) -> Setting:
    """Return where the territories of a level stand; read once while the generation is in service."""
    return kept_with(data.warehouse, f"laboratory setting {level}", lambda: _setting(data, level, codes))


def _setting(data: DataInService, level: str, codes: Sequence[str]) -> Setting:
    territory = data.warehouse.table("territory")
    place = {code: rank for rank, code in enumerate(codes)}
    inside: list[list[str]] = [[] for _ in codes]
    for code, commune in _members(data, level):
        if code in place:
            inside[place[code]].append(commune)
    region = {commune: code for code, commune in _members(data, "region")}
    latest = territory.filter(territory.vintage == territory.vintage.max())
    metropolises = latest.filter(latest.kind == "epci", latest.detail.isin(_METROPOLISES)).select("code")
    large = {row["code"] for row in data.warehouse.rows(metropolises, {})}
    held = {commune: code for code, commune in _members(data, "epci") if code in large}
    centre = latest.filter(latest.kind == "commune", latest.longitude.notnull()).select("code", "longitude", "latitude")
    points = {row["code"]: (row["longitude"], row["latitude"]) for row in data.warehouse.rows(centre, {})}
    centres = np.full((len(codes), 2), np.nan)
    for rank, communes in enumerate(inside):
        if known := [points[commune] for commune in communes if commune in points]:
            east, north = np.mean(known, axis=0)
            centres[rank] = east * _KILOMETRES[0] * _KILOMETRES[1], north * _KILOMETRES[0]
    # Each metropolis marks the one territory that holds the most of its communes, the first of equals.
    shared = Counter(
        (held[commune], -rank) for rank, communes in enumerate(inside) for commune in communes if commune in held
    )
    most: dict[str, tuple[int, int]] = {}
    for (city, rank), communes_held in shared.items():
        most[city] = max(most.get(city, (0, 0)), (communes_held, rank))
    return Setting(
        paris=np.array([bool(set(PARIS) & set(communes)) for communes in inside], dtype=bool),
        overseas=np.array([any(one.startswith(OVERSEAS) for one in communes) for communes in inside], dtype=bool),
        metropolis=np.isin(np.arange(len(codes)), [-rank for _, rank in most.values()]),
        region=tuple(_commonest(region.get(one, "") for one in communes) for communes in inside),
        centres=centres,
        case=tuple(map(_case, inside)),
    )


def _case(communes: Sequence[str]) -> str:
    if _OF_OSSAU in communes:
        return OSSAU
    return VENDEE if 2 * sum(one.startswith(_OF_VENDEE) for one in communes) > len(communes) else ""


def _members(data: DataInService, kind: str) -> list[tuple[str, str]]:
    member = data.warehouse.table("membership")
    of_kind = member.filter(member.kind == parameter("kind"))
    latest = of_kind.filter(of_kind.vintage == of_kind.vintage.max()).select("code", "commune")
    found = data.warehouse.arrow(latest, {"kind": kind})
    codes, communes = (map(str, found[name].to_pylist()) for name in ("code", "commune"))
    return list(zip(codes, communes, strict=True))


def _commonest(names: Iterable[str]) -> str:
    tallied = Counter(names)
    return tallied.most_common(1)[0][0] if tallied else ""
