"""Periods of an establishment's life: what the history file tells, and the stock's `dateDebut`."""

from __future__ import annotations

import datetime

import numpy as np

from vigie.sources.simulation.days import NEVER, day_number
from vigie.sources.simulation.streams import Integers, Streams

# Every establishment then open was given a code of NAF rev. 2.
REV2 = day_number(datetime.date(2008, 1, 1))
REV1 = day_number(datetime.date(2003, 1, 1))
NAF93 = day_number(datetime.date(1993, 1, 1))
_CHANGED = 0.18


def change_day(draw: Streams, created: Integers, closed: Integers, *identity: Integers) -> Integers:
    """Return the day on which the employer flag changed, `NEVER` for most establishments."""
    start = np.maximum(created, REV2)
    end = np.minimum(closed, REV2 + 6_500)
    span = end - start
    day = start + 1 + np.floor(draw.uniform("change day", *identity) * (span - 2)).astype(np.int64)
    return np.where(draw.chance("changed", _CHANGED, *identity) & (span > 60), day, NEVER)


def last_period(draw: Streams, created: Integers, closed: Integers, *identity: Integers) -> Integers:
    """Return the first day of the last period: closing, else last change, else new nomenclature, else creation."""
    change = change_day(draw, created, closed, *identity)
    since = np.maximum(created, REV2)
    since = np.where(change == NEVER, since, change)
    return np.where(closed == NEVER, since, closed)
