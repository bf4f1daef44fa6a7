"""Derived table of the networks of territories: what their ties look like beside ties drawn by chance."""

from __future__ import annotations

from vigie.store.declaring import Column, Table

TERRITORY_NETWORK = Table(
    "territory_network",
    "territory × measure",
    "derived from ties and establishments",
    ("kind", "code", "measure"),
    (
        Column("kind", "string", "kind of the territory", required=True),
        Column("code", "string", "code of the territory", required=True),
        Column("measure", "string", "coverage, density, clustering, constraint, partners_degree or external_internal",
               required=True),
        Column("employers", "int64", "firms that employ there, openly diffusible", "firm", required=True),
        Column("firms", "int64", "those of them with a declared tie", "firm", required=True),
        Column("observed", "float64", "value of the measure"),
        Column("expected", "float64", "its mean over networks of the same degrees; null for the coverage"),
        Column("low", "float64", "its lower bound at 95 % over them"),
        Column("high", "float64", "its upper bound at 95 % over them"),
    ),
    counted=False,
)  # fmt: skip
"""A territory with fewer than 30 firms with ties has its coverage alone."""
