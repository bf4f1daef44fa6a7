"""The periods of establishments, one by one, as the history file tells them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vigie.sources.simulation.days import NEVER
from vigie.sources.simulation.periods import REV2, change_day
from vigie.sources.simulation.sites import Sites
from vigie.sources.simulation.streams import Integers, Streams


def breaks(draw: Streams, sites: Sites) -> tuple[Integers, NDArray[np.bool_]]:
    """Return the days on which the periods of each establishment begin, five columns in order, and which exist.

    Creation, new nomenclature of 2008, change of employer flag, closing, and what came last: a reopening or a
    change of activity.
    """
    rows = (sites.counter, sites.slot)
    ended = np.minimum(sites.closed, sites.shut)
    change = change_day(draw, sites.created, ended, *rows)
    days = np.stack((sites.created, np.full(len(ended), REV2), change, ended, sites.since), axis=1)
    exist = np.stack(
        (
            np.ones(len(ended), dtype=np.bool_),
            (sites.created < REV2) & (ended > REV2),
            change != NEVER,
            ended != NEVER,
            (sites.shut != NEVER) | (sites.formerly >= 0),
        ),
        axis=1,
    )
    return days, exist
