"""Write the study « Industrie 4.0, métropoles et réseaux » from open data: every figure of it comes from here.

`python tools/write_study.py --data FOLDER` writes `docs/etudes/industrie-metropoles-reseaux.md`; the folder holds
`population/communes_1968_2024.parquet`, and in `zonages` the files `communes_2019.parquet`, `communes_2024.parquet` and
`libelles.parquet`.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import expm1
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from vigie.domain.french import number, percent, signed, typeset
from vigie.measures.hypotheses.laboratory import Beyond, Effect, beyond, effects
from vigie.services.measure_spread import spread
from vigie.sources.cog_lookup import code_book

PAGE = Path(__file__).parents[1] / "docs" / "etudes" / "industrie-metropoles-reseaux.md"
PERIODS = ((1968, 1975), (1975, 1982), (1982, 1990), (1990, 1999), (1999, 2009), (2009, 2021))
YEAR_OF_CODE = {2009: 2011, 2021: 2024}
"""The year of the geographic code under which the file gives a census; the others are the same."""
LEVELS = (
    ("zones d’emploi de 2020", "ZE2020", 2024), ("zones d’emploi de 2010", "ZE2010", 2019),
    ("intercommunalités de 2024", "EPCI", 2024),
)  # fmt: skip
PARIS, OSSAU, VENDEE, OVERSEAS, NO_EPCI = "75056", "64320", "85", ("97", "98"), "ZZZZZZZZZ"
SIZE = "taille"


@dataclass(frozen=True, slots=True, eq=False)
class Zoning:
    """The mainland areas of a zoning: communes of each, and people by census, in the order of `codes`."""

    label: str
    codes: tuple[str, ...]
    communes: Mapping[str, tuple[str, ...]]
    people: Mapping[int, NDArray[np.float64]]

    def growth(self, start: int, end: int) -> NDArray[np.float64]:
        """Return ln(P₁/P₀) of each area."""
        found: NDArray[np.float64] = np.log(self.people[end] / self.people[start])
        return found

    def size(self, start: int) -> NDArray[np.float64]:
        """Return the logarithm of the people of each area."""
        found: NDArray[np.float64] = np.log(self.people[start])
        return found

    def holding(self, commune: str) -> NDArray[np.bool_]:
        """Tell which area holds a commune."""
        return np.array([commune in self.communes[code] for code in self.codes])


def study(data: Path) -> str:
    """Return the study as Markdown in French."""
    people = _people(data)
    zonings = [_zoning(data, label, column, year, people) for label, column, year in LEVELS]
    names = _names(data)
    parts = [
        "# Industrie 4.0, métropoles et réseaux : ce que disent les données ouvertes",
        "*Page écrite par `python tools/write_study.py --data DOSSIER` : chaque chiffre en sort, aucun n’est saisi. "
        "Sources : Insee, populations des communes aux recensements de 1968 à 2021 et zonages (Licence Ouverte 2.0).*",
        *_spread(data), *_size(zonings), *_past(zonings), *_cases(zonings, names), *_absent(),
    ]  # fmt: skip
    return typeset("\n\n".join(parts)) + "\n"


def _people(data: Path) -> Mapping[int, Mapping[str, float]]:
    table = pq.read_table(data / "population" / "communes_1968_2024.parquet")
    census = {YEAR_OF_CODE.get(year, year): year for year in {one for period in PERIODS for one in period}}
    found: dict[int, dict[str, float]] = {year: defaultdict(float) for year in census.values()}
    book = code_book()
    for year, code, count in zip(*(table[name].to_pylist() for name in ("annee", "CODGEO", "pop")), strict=True):
        if year in census and (today := book.today(code)) is not None:
            found[census[year]][today] += count or 0.0
    return found


def _zoning(
    data: Path, label: str, column: str, year: int, people: Mapping[int, Mapping[str, float]]
) -> Zoning:  # fmt: skip
    table = pq.read_table(data / "zonages" / f"communes_{year}.parquet", columns=["CODGEO", column])
    inside: dict[str, set[str]] = defaultdict(set)
    for row in table.to_pylist():
        commune, code = str(row["CODGEO"]), str(row[column])
        today = code_book().today(commune)
        if today is not None and not today.startswith(OVERSEAS) and code != NO_EPCI:
            inside[code].add(today)
    codes = tuple(sorted(inside))
    counts = {
        census: np.array([sum(held.get(one, 0.0) for one in inside[code]) for code in codes])
        for census, held in people.items()
    }
    return Zoning(label, codes, {code: tuple(sorted(inside[code])) for code in codes}, counts)


def _names(data: Path) -> Mapping[tuple[str, str], str]:
    table = pq.read_table(data / "zonages" / "libelles.parquet")
    rows = zip(*(table[name].to_pylist() for name in ("NIVGEO", "CODGEO", "LIBGEO")), strict=True)
    return {(level, code): name for level, code, name in rows}


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _spread(data: Path) -> list[str]:
    shown = {year for period in PERIODS for year in period}
    years = [
        one for one in spread(data / "population" / "communes_1968_2024.parquet")["years"] if one["census"] in shown
    ]
    rows = [
        (str(one["census"]), number(one["departements_effective"], 2), number(one["former_regions_effective"], 2))
        for one in years
    ]
    first, last = years[0], years[-1]
    return [
        "## La population s’est-elle concentrée ?",
        "1/HHI : nombre de parts égales qui seraient aussi concentrées. Il monte quand la population se répartit.",
        _table(("Recensement", "96 départements", "22 anciennes régions"), rows),
        f"De {first['census']} à {last['census']}, {_moved(first, last, 'departements')} entre les départements et "
        f"{_moved(first, last, 'former_regions')} entre les anciennes régions.",
    ]


def _moved(first: Mapping[str, Any], last: Mapping[str, Any], zoning: str) -> str:
    before, after = (float(one[f"{zoning}_effective"]) for one in (first, last))
    word = "se répartit" if after > before else "se concentre"
    return f"la population {word} ({number(before, 1)} à {number(after, 1)})"


def _sized(zoning: Zoning, period: tuple[int, int], kept: NDArray[np.bool_]) -> Effect:
    start, end = period
    (found,) = effects("taille seule", zoning.growth(start, end)[kept], zoning.size(start)[kept, None], [SIZE])
    return found


def _size(zonings: list[Zoning]) -> list[str]:
    rows, shares, clear = [], [], 0
    for zoning in zonings:
        everyone = np.ones(len(zoning.codes), dtype=bool)
        for period in PERIODS:
            whole = _sized(zoning, period, everyone)
            apart = _sized(zoning, period, ~zoning.holding(PARIS))
            shares.append(whole.r2 or 0.0)
            clear += whole.sign == apart.sign == 1
            rows.append((
                zoning.label, f"{period[0]}–{period[1]}", number(whole.rows), _interval(whole),
                percent(whole.r2 or 0, 1), _interval(apart),
            ))  # fmt: skip
    return [
        "## La taille va-t-elle avec la croissance ?",
        "Effet de la taille (logarithme de la population au début) sur la croissance (ln P₁/P₀), en centièmes "
        "d’écart-type, intervalle robuste à 95 % (HC3) ; France métropolitaine.",
        _table(("Zonage", "Période", "Territoires", "Effet de la taille", "R²", "Sans Paris"), rows),
        f"La taille seule explique au plus {percent(max(shares), 1)} des écarts de croissance, "
        f"{percent(min(shares), 1)} au moins. Son effet est positif, avec et sans Paris, dans {clear} des {len(rows)} "
        "essais : sur les autres, on ne peut pas conclure, ou l’effet est contraire. D’un zonage des zones d’emploi à "
        f"l’autre, la conclusion change pour {_changed(zonings)} des {len(PERIODS)} périodes. Une association n’est "
        "pas une cause.",
    ]


def _changed(zonings: Sequence[Zoning]) -> int:
    """Count the periods for which both vintages of employment areas do not conclude alike."""
    return sum(
        len({_sized(one, period, np.ones(len(one.codes), dtype=bool)).sign for one in zonings[:2]}) > 1
        for period in PERIODS
    )


def _interval(one: Effect) -> str:
    value, low, high = (signed(100 * bound, 1) for bound in (one.value, one.low, one.high))
    return f"{value} ({low} à {high})"


def _past(zonings: list[Zoning]) -> list[str]:
    rows, more = [], 0
    for zoning in zonings:
        for before, period in pairwise(PERIODS):
            columns = np.column_stack([zoning.size(period[0]), zoning.growth(*before)])
            size, past = effects("les deux", zoning.growth(*period), columns, [SIZE, "croissance passée"])
            more += abs(past.value) > abs(size.value)
            rows.append(
                (zoning.label, f"{period[0]}–{period[1]}", _interval(size), _interval(past), percent(past.r2 or 0, 1))
            )
    return [
        "## Ou bien la croissance suit-elle la croissance ?",
        "Les deux ensemble : la taille au début, et ce qui avait crû à la période précédente.",
        _table(("Zonage", "Période", "Taille", "Croissance passée", "R²"), rows),
        f"Dans {more} des {len(rows)} essais, la croissance passée va davantage que la taille avec ce qui suit : un "
        "territoire croît surtout là où il croissait déjà, ce que la taille ne dit pas.",
    ]


def _cases(zonings: list[Zoning], names: Mapping[tuple[str, str], str]) -> list[str]:
    rows = []
    start, end = 1999, 2021
    for zoning, column in ((zonings[0], "ZE2020"), (zonings[2], "EPCI")):
        found = beyond(zoning.growth(start, end), zoning.size(start)[:, None])
        rows += [
            _case(zoning, found, place, names.get((column, code), code))
            for place, code in enumerate(zoning.codes)
            if _named(zoning.communes[code])
        ]
    sure = sum(row[-1] == "probable" for row in rows)
    return [
        "## Vendée et vallée d’Ossau",
        f"Population de {start} à {end}, à côté de ce que la seule taille laissait attendre ; « probable » : fausses "
        "découvertes tenues à 10 % parmi tous les territoires ; « possible » : l’intervalle à 95 % exclut zéro.",
        _table(("Territoire", "Niveau", "Évolution (%)", "Écart à l’attendu (%)", "Lecture"), rows),
        f"Territoires qui s’écartent de façon probable de ce que leur taille laissait attendre : {sure} sur "
        f"{len(rows)}. Les autres ne s’en distinguent pas assez : sur eux, on ne peut pas conclure.",
    ]


def _named(communes: tuple[str, ...]) -> bool:
    return OSSAU in communes or 2 * sum(one.startswith(VENDEE) for one in communes) > len(communes)


def _case(zoning: Zoning, found: Beyond, place: int, name: str) -> tuple[str, ...]:
    gap, low, high = (signed(100 * expm1(side[place]), 1) for side in (found.left, found.low, found.high))
    apart = found.low[place] > 0 or found.high[place] < 0
    said = "probable" if found.named[place] else "possible" if apart else "ne se distingue pas"
    growth = 100 * expm1(float(found.expected[place] + found.left[place]))
    return name, zoning.label, signed(growth, 1), f"{gap} ({low} à {high})", said


def _absent() -> list[str]:
    return [
        "## Ce qui n’y est pas",
        "- Aucun emploi industriel pour tout le pays : la population seule est suivie ici, et rien n’y est dit de "
        "l’industrie.\n"
        "- Aucune relation d’entreprise pour tout le pays, datée d’avant une période : les réseaux ne sont donc pas "
        "mis à l’épreuve, ni confirmés ni démentis.\n"
        "- Ni revenu, ni diplôme, ni desserte d’avant les périodes anciennes : la taille et la croissance passée sont "
        "seules à expliquer.\n"
        "- Des zonages d’aujourd’hui appliqués au passé : leurs contours doivent quelque chose à la croissance.",
    ]


def main() -> None:
    """Write the page."""
    asked = argparse.ArgumentParser(description="Écrit l’étude à partir de données ouvertes.")
    asked.add_argument("--data", type=Path, required=True, help="dossier des données")
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(study(asked.parse_args().data), encoding="utf-8")


if __name__ == "__main__":
    main()
