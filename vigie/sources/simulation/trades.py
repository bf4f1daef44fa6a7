"""Imaginary hirings by occupation and activity, and exchanges between sectors, in the layouts that publish them.

Activities of one know-how hire the same occupations, wherever the nomenclature puts them: that is planted. So are two
suppliers of each sector, from which it buys several times what their sizes would say.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vigie.sources.cards_reader import SHIPPED, read_card
from vigie.sources.simulation.columns import numbers, repeated, taken, texts
from vigie.sources.simulation.know_how import KNOW_HOW, NONE
from vigie.sources.simulation.living import SimulatedFile
from vigie.sources.simulation.streams import Floats, Integers
from vigie.sources.simulation.words import MARK
from vigie.sources.simulation.world import World

HIRINGS, EXCHANGES = "rome_naf_2017_imaginaire", "wiod_france_imaginaire"
EXCHANGES_CARD = "echanges_wiod"
_TOTAL_HIRINGS, _OUTPUT = 3_800_000, 4_500_000  # hirings a year; millions of dollars, the orders of the real files
_OWN = 0.6  # share of the hirings of an activity in the occupations of its know-how
# Occupations of each know-how: family of the ROME, name, share of them.
_OF_KNOW_HOW = (("H", "Conduite d’équipements", 0.35), ("H", "Façonnage et montage", 0.3), ("I", "Maintenance", 0.15),
                ("H", "Contrôle et qualité", 0.1), ("H", "Conception et études", 0.1))  # fmt: skip
# Occupations found in all activities, each more in some divisions (first, last, how many times more).
_GENERAL = (
    ("A", "Cultures et soins aux animaux", 1, 3, 60), ("F", "Travaux du bâtiment", 41, 43, 60),
    ("D", "Vente", 45, 47, 30), ("D", "Mise en rayon", 46, 47, 30), ("G", "Service en salle", 55, 56, 60),
    ("G", "Cuisine", 55, 56, 60), ("G", "Animation", 85, 93, 12), ("J", "Soins", 86, 88, 60),
    ("K", "Aide à la personne", 87, 88, 60), ("K", "Enseignement", 85, 85, 60), ("K", "Nettoyage", 81, 82, 12),
    ("M", "Secrétariat et accueil", 64, 84, 4), ("M", "Comptabilité", 64, 70, 6), ("M", "Encadrement", 62, 72, 2),
    ("N", "Conduite de véhicules", 49, 53, 20), ("N", "Manutention", 46, 53, 6), ("C", "Conseil financier", 64, 68, 40),
    ("E", "Communication", 58, 74, 6), ("L", "Spectacle", 90, 93, 40), ("H", "Entretien de sites", 5, 39, 4),
)  # fmt: skip
_FIRST_NUMBER = 9_001  # the real ROME has no code as high
_YEAR, _LINKED = "2011", 8.0
_FLOWS = (("domestique", 1.0), ("importe", 0.3))


class Occupation(NamedTuple):
    """An imaginary occupation; `know_how` is a position in `KNOW_HOW`, or `NONE` for one found everywhere."""

    code: str
    label: str
    know_how: int


def occupations() -> list[Occupation]:
    """Return the occupations, those of each know-how first."""
    own = [
        (family, f"{name}, {known}", place) for place, known in enumerate(KNOW_HOW) for family, name, _ in _OF_KNOW_HOW
    ]
    named = [*own, *((family, name, NONE) for family, name, *_ in _GENERAL)]
    return [
        Occupation(f"{family}{_FIRST_NUMBER + rank}", f"{name} {MARK}", place)
        for rank, (family, name, place) in enumerate(named)
    ]


def hirings(world: World) -> SimulatedFile:
    """Return the hirings of France by occupation and activity, none where there are none."""
    activities, found = world.activities, occupations()
    expected = _expected(world) * (_TOTAL_HIRINGS / activities.national.sum())
    row, column = np.nonzero(expected)
    mean = expected[row, column] * (0.5 + world.streams.uniform("hirings level", row, column))
    count = np.floor(mean + world.streams.uniform("hirings", row, column)).astype(np.int64)
    row, column, count = row[count > 0], column[count > 0], count[count > 0]
    labels = [f"{label.replace(';', ',')} {MARK}" for label in activities.labels]
    return SimulatedFile(HIRINGS, {
        "rome_id": taken(texts([one.code for one in found]), row),
        "rome_label": taken(texts([one.label for one in found]), row),
        "naf_id": taken(texts([code.replace(".", "") for code in activities.codes]), column),
        "naf_label": taken(texts(labels), column),
        "hirings": numbers(count),
    })  # fmt: skip


def _expected(world: World) -> Floats:
    """Return the weight of each occupation in each activity (occupations × activities)."""
    activities = world.activities
    own = (activities.know_how != NONE) * _OWN
    parts = [
        (activities.know_how == place) * own * share for place in range(len(KNOW_HOW)) for _, _, share in _OF_KNOW_HOW
    ]
    weights = np.array([
        np.where((activities.division >= first) & (activities.division <= last), times, 0.4)
        for _, _, first, last, times in _GENERAL
    ])  # fmt: skip
    return np.concatenate((np.array(parts), weights / weights.sum(axis=0) * (1 - own))) * activities.national


def exchanges(world: World) -> SimulatedFile:
    """Return what sectors buy from one another, sell at last and make, with a column that marks each row."""
    codes, sizes = _sectors(world)
    count = len(codes)
    supplier, user = (place.ravel() for place in np.divmod(np.arange(count * count), count))
    times = np.ones((count, count))
    linked = suppliers(world, count)
    times[linked.ravel(), np.repeat(np.arange(count), linked.shape[1])] = _LINKED
    share = sizes[supplier] * sizes[user] * times[supplier, user]
    level = 0.6 + 0.8 * world.streams.uniform("exchange", supplier, user)
    used = 0.45 * _OUTPUT * share / share.sum() * level
    parts = [("demande_finale", 0.45), ("export", 0.1), ("production", 1.0)]
    flow = [name for name, _ in _FLOWS for _ in supplier] + [name for name, _ in parts for _ in codes]
    last = {"demande_finale": "FD_FRA", "export": "EXPORT", "production": "TOTAL"}
    amounts = [used * part for _, part in _FLOWS] + [_OUTPUT * sizes * part for _, part in parts]
    return SimulatedFile(EXCHANGES, {
        "annee": repeated(_YEAR, len(flow)),
        "flux": texts(flow),
        "de": texts([codes[place] for place in supplier.tolist()] * len(_FLOWS) + codes * len(parts)),
        "vers": texts([codes[place] for place in user.tolist()] * len(_FLOWS)
                      + [last[name] for name, _ in parts for _ in codes]),
        "musd": numbers(np.floor(np.concatenate(amounts) + 0.5).astype(np.int64)),
        "source": repeated(f"Vigie, simulation {MARK}", len(flow)),
    })  # fmt: skip


def planted_exchanges(world: World) -> SimulatedFile:
    """Return the suppliers planted: sector that sells, sector that buys."""
    codes, _ = _sectors(world)
    linked = suppliers(world, len(codes))
    user = np.repeat(np.arange(len(codes)), linked.shape[1])
    return SimulatedFile("echanges", {"de": taken(texts(codes), linked.ravel()), "vers": taken(texts(codes), user)})


def suppliers(world: World, count: int) -> Integers:
    """Return two suppliers of each sector, never itself and never twice the same (sectors × 2)."""
    sector = np.arange(count)
    first = 1 + world.streams.below("supplier 1", count - 1, sector)
    second = 1 + (first + world.streams.below("supplier 2", count - 2, sector)) % (count - 1)
    return np.stack([(sector + first) % count, (sector + second) % count], axis=1)


def _sectors(world: World) -> tuple[list[str], Floats]:
    """Return the sectors of the published table, and the share of each among all establishments."""
    sectors = read_card(SHIPPED / f"{EXCHANGES_CARD}.yml").layout["sectors"]
    division, national = world.activities.division, world.activities.national
    sizes = [national[np.isin(division, [int(code) for code in told["divisions"]])].sum() for told in sectors.values()]
    return list(sectors), np.array(sizes) / np.sum(sizes)
