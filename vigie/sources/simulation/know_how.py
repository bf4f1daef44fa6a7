"""The know-how that activities share, whatever their place in the nomenclature: planted, so that it can be found again.

An activity belongs to one know-how at most; those of shops, construction sites and care, which are everywhere, to
none. The groups cut across divisions on purpose: what the nomenclature does not say is what relatedness is for.
"""

from __future__ import annotations

import numpy as np

from vigie.sources.simulation.streams import Integers
from vigie.sources.simulation.words import listed

NONE = -1
# Codes or their beginnings; the longest one that an activity starts with decides.
KNOW_HOW: dict[str, str] = {
    "bois": "02 16 31.01 31.02 31.09 32.20 32.40 46.73A",
    "métal": "24 25.1 25.2 25.3 25.5 25.6 25.9 28.4 33.11 38.31 46.72",
    "outillage et mécanique": "25.7 28.1 28.2 28.9 30.9 33.12 33.20A 33.20C 46.6 71.20",
    "automobile": "22.11 27.2 29 45.31 45.32 77.12",
    "mer": "03 10.2 30.1 33.15 50 52.22 46.38A 13.94",
    "aéronautique": "25.4 26.51 30.3 33.16 51 52.23 85.53",
    "viande et lait": "01.4 10.1 10.5 10.9 46.23 46.32 46.33 15.11 52.10A",
    "vigne et boissons": "01.21 01.28 11 23.13 46.34 28.93 77.31",
    "fruits et légumes": "01.1 01.24 01.25 01.6 10.3 10.6 10.8 46.31 46.21",
    "textile et cuir": "13.1 13.2 13.3 13.9 14 15.12 15.20 46.16 46.41 46.42 74.10",
    "chimie et santé": "20 21 32.5 46.46 46.75 72.11 86.90B",
    "plastique": "22.2 22.19 28.96 32.9 38.32 46.76",
    "électronique": "26.1 26.2 26.3 26.4 26.6 26.7 27.1 27.3 27.4 27.5 27.9 33.13 33.14 46.52 61",
    "numérique et image": "58.2 59 60 62 63 18.20 26.8 46.51 73.11",
    "papier et impression": "17 18.1 58.1 46.49 82.92",
    "pierre, verre et terre": "08 23.1 23.2 23.3 23.4 23.5 23.6 23.7 23.9 42.1 43.12",
    "énergie et déchets": "35 36 37 38.1 38.2 39 42.2 46.71 46.77 28.11",
    "transport et entrepôts": "49.2 49.4 49.5 52.10B 52.21 52.24 52.29 53 77.39",
    "tourisme": "55 77.11 77.21 79 91 93.2 49.39 50.30",
    "ingénierie et conseil": "69 70.2 71.1 72.19 72.20 73.2 74.90 78.1",
}


def know_how_of(codes: list[str]) -> Integers:
    """Return, for each activity, the position of its know-how in `KNOW_HOW`, or `NONE`."""
    places = {start: place for place, text in enumerate(KNOW_HOW.values()) for start in listed(text)}

    def group(code: str) -> int:
        found = max((start for start in places if code.startswith(start)), key=len, default=None)
        return NONE if found is None else places[found]

    return np.array([group(code) for code in codes], dtype=np.int64)
