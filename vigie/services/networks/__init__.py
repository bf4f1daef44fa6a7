"""Networks of territories: what their ties look like beside ties drawn by chance."""

DRAWS, SEED = 200, 20261
"""Draws of the null model, and the seed that makes them the same each time."""
LEAST_OBSERVED = 30
"""Firms with known ties below which a network says more of its sources than of the place."""
COVERAGE = "coverage"
