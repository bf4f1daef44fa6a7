"""Public contracts as they stood at one moment, and the meetings that came after: who works for a buyer one day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vigie.measures.cooperation.network import Booleans, Floats, Ints, Matrix


@dataclass(frozen=True, slots=True)
class Contracts:
    """One row per contract and holder: numbers from 0 of the firm, buyer, trade and département of the buyer.

    `day` counts days from any origin; `trade` is -1 where it is not known. Rows may repeat.
    """

    firm: Ints
    buyer: Ints
    day: Ints
    trade: Ints
    area: Ints

    def where(self, kept: Booleans) -> Contracts:
        """Return some of the rows."""
        columns = (self.firm, self.buyer, self.day, self.trade, self.area)
        return Contracts(*(column[kept] for column in columns))


@dataclass(frozen=True, slots=True)
class Market:
    """What was known of n firms before a day: contracts by buyer (n × b), meetings, trades and areas (0 or 1).

    A meeting is a buyer and a day.
    """

    buyers: Matrix
    meetings: Matrix
    trades: Matrix
    areas: Matrix


@dataclass(frozen=True, slots=True)
class BuyerDays:
    """What is asked: a buyer and one of its firms of the day, q questions; who else came is sparse (q × n).

    `candidates` (q × n) are the other firms already known in the département of the buyer.
    """

    buyer: Ints
    firm: Ints
    candidates: Booleans
    came: Matrix


@dataclass(frozen=True, slots=True)
class ContractFeature:
    """A feature of a firm for a question; `measure` returns the shape (q, n), 0 or more, and is told in French."""

    name: str
    label: str
    measure: Callable[[Market, BuyerDays], Floats]

    @property
    def docstring(self) -> str:
        """Return in French what the feature is, as the page of methods shows it; raises `ValueError` without any."""
        words = " ".join((self.measure.__doc__ or "").split())
        if not words:
            raise ValueError(f"the feature « {self.name} » says nothing of what it measures")
        return words


def market(past: Contracts, firms: int) -> Market:
    """Return what contracts say of `firms` firms. Cost: O(rows)."""
    _, meeting = np.unique(np.stack([past.buyer, past.day]), axis=1, return_inverse=True)
    told = past.trade >= 0
    return Market(
        buyers=_counts(past.firm, past.buyer, firms),
        meetings=_held(past.firm, meeting.ravel(), firms),
        trades=_held(past.firm[told], past.trade[told], firms),
        areas=_held(past.firm, past.area, firms),
    )


def meetings(known: Market, later: Contracts) -> BuyerDays:
    """Return the questions that later contracts answer: for each firm known in the département, who else came.

    A firm is known in a département where it has worked before; nobody else is a candidate, nor is asked about.
    """
    spoken = np.unique(np.stack([later.buyer, later.day, later.firm, later.area]), axis=1)
    areas = known.areas.toarray() > 0
    here = spoken[3] < areas.shape[1]
    spoken = spoken[:, here][:, areas[spoken[2][here], spoken[3][here]]]
    _, day = np.unique(spoken[:2], axis=1, return_inverse=True)
    present = _held(day.ravel(), spoken[2], int(day.max(initial=-1)) + 1, areas.shape[0])
    came = present[day.ravel()].tolil()
    came[np.arange(spoken.shape[1]), spoken[2]] = 0
    came = came.tocsr()
    came.eliminate_zeros()
    asked = np.diff(came.indptr) > 0
    candidates = areas[:, spoken[3][asked]].T.copy()
    candidates[np.arange(int(asked.sum())), spoken[2][asked]] = False
    return BuyerDays(spoken[0][asked], spoken[2][asked], candidates, came[asked])


def _counts(rows: Ints, columns: Ints, height: int, width: int | None = None) -> Matrix:
    shape = (height, int(columns.max(initial=-1)) + 1 if width is None else width)
    return sparse.csr_array((np.ones(rows.size), (rows, columns)), shape=shape)


def _held(rows: Ints, columns: Ints, height: int, width: int | None = None) -> Matrix:
    held = _counts(rows, columns, height, width)
    held.data[:] = 1.0
    return held
