"""Who took part in what: the network that features of cooperation read, taken at one moment.

A group is whatever joins organisations at a date: a research project, a contract held jointly. Organisations are those
of every country, because partners are shared across borders; only those of one country, the *local* ones, are ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Matrix = Any
"""A sparse matrix of SciPy, which ships no types."""

# Beyond these sizes a group is an association more than a collaboration: 40 members of one country, 60 of all.
MOST_LOCAL, MOST_ALL = 40, 60


@dataclass(frozen=True, slots=True)
class Participations:
    """One row per participation of an organisation in a group: four columns of one length, and what groups are about.

    `organisation` and `group` number things from 0; `local` says whether the organisation is of the country asked
    for; `year` is that of the group. `themes` has one row per group and one column per theme, 1 where the group is
    about it; a single column of 1 says that nothing is known of themes.
    """

    organisation: Ints
    group: Ints
    year: Ints
    local: Booleans
    themes: Matrix

    def between(self, first: int, last: int) -> Participations:
        """Return the participations in groups of some years, both included."""
        kept = (self.year >= first) & (self.year <= last)
        return Participations(self.organisation[kept], self.group[kept], self.year[kept], self.local[kept], self.themes)

    @property
    def organisations(self) -> int:
        """Return how many numbers of organisations there are, absent ones included."""
        return int(self.organisation.max(initial=-1)) + 1


@dataclass(frozen=True, slots=True)
class Network:
    """The network of some years.

    `known` numbers the local organisations that have a partner of their country, in the order of their identifiers;
    `local_ties` is their 0/1 adjacency (n × n). `ties` is the 0/1 adjacency of the N organisations of every country,
    `themes` (N × t) counts the groups of each organisation by theme, `local_themes`
    (n × t) those that it shares with others of its country.
    """

    known: Ints
    local_ties: Matrix
    ties: Matrix
    strengths: Matrix
    themes: Floats
    local_themes: Floats

    @property
    def size(self) -> int:
        """Return how many organisations are ranked: n."""
        return int(self.known.size)

    @property
    def degrees(self) -> Floats:
        """Return how many partners of their country the known organisations have: shape (n,)."""
        return np.asarray(self.local_ties.sum(axis=1)).ravel()

    def candidates(self) -> Booleans:
        """Return, for each known organisation (row), who may be proposed: neither itself nor a present partner."""
        may: Booleans = self.local_ties.toarray() == 0
        np.fill_diagonal(may, False)
        return may

    def new_pairs(self, later: Participations) -> Matrix:
        """Return the 0/1 matrix (n × n) of the pairs of known organisations first joined by later groups."""
        held, shape = _sized(later, MOST_LOCAL, of_country=True), (later.organisations, _groups(later))
        then = _adjacency(_incidence(later, held, shape))
        rows = np.minimum(self.known, shape[0] - 1)
        absent = sparse.diags_array((self.known < shape[0]).astype(np.float64))
        joined = absent @ then[rows][:, rows] @ absent
        fresh = (joined - joined.multiply(self.local_ties)).tocsr()
        fresh.eliminate_zeros()
        return fresh


def network(taken: Participations) -> Network:
    """Return the network of some participations. Cost: O(Σ k²) over groups of k members."""
    shape = (taken.organisations, _groups(taken))
    national = _incidence(taken, _sized(taken, MOST_LOCAL, of_country=True), shape)
    everyone = _incidence(taken, _sized(taken, MOST_ALL, of_country=False), shape)
    known = np.flatnonzero(np.asarray(national.sum(axis=1)).ravel())
    sizes = np.asarray(everyone.sum(axis=0)).ravel()
    strengths = _off_diagonal(everyone @ sparse.diags_array(1.0 / np.maximum(sizes - 1, 1)) @ everyone.T)
    counted = taken.themes.astype(np.float64)
    return Network(
        known=known,
        local_ties=_adjacency(national[known]),
        ties=_adjacency(everyone),
        strengths=strengths,
        themes=(everyone @ counted).toarray(),
        local_themes=(national @ counted).toarray()[known],
    )


def _groups(taken: Participations) -> int:
    return int(taken.themes.shape[0])


def _sized(taken: Participations, most: int, *, of_country: bool) -> Booleans:
    """Return which rows belong to groups of 2 to `most` members, counted in the country or everywhere."""
    counted = taken.local if of_country else np.ones(taken.group.size, dtype=bool)
    sizes = np.bincount(taken.group[counted], minlength=_groups(taken))[taken.group]
    kept: Booleans = counted & (sizes >= 2) & (sizes <= most)
    return kept


def _incidence(taken: Participations, kept: Booleans, shape: tuple[int, int]) -> Matrix:
    ones = np.ones(int(kept.sum()))
    return sparse.csr_array((ones, (taken.organisation[kept], taken.group[kept])), shape=shape)


def _adjacency(incidence: Matrix) -> Matrix:
    joined = _off_diagonal(incidence @ incidence.T)
    joined.data[:] = 1.0
    return joined


def _off_diagonal(square: Matrix) -> Matrix:
    kept = square.tocsr()
    kept.setdiag(0)
    kept.eliminate_zeros()
    kept.sort_indices()  # sums then always add in the order of identifiers: equal scores stay equal from run to run
    return kept
