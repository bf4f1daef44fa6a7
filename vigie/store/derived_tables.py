"""Tables that derivations make: what measures say of whole tables, kept with the generation and out of its fingerprint.

Each is made by one derivation of `vigie/services/derivations.py`.
"""

from __future__ import annotations

from vigie.store.declaring import Column, Table
from vigie.store.network_tables import TERRITORY_NETWORK
from vigie.store.relatedness_tables import RELATEDNESS

FIGURE = Table(
    "figure",
    "indicator × territory × vintage",
    "derived from the tables above",
    ("indicator", "kind", "code", "vintage"),
    (
        Column("indicator", "string", "identifier of the indicator's card", required=True),
        Column("kind", "string", "kind of the territory", required=True),
        Column("code", "string", "code of the territory", required=True),
        Column("vintage", "string", "date or year of the value", required=True),
        Column("value", "float64", "value in the unit of the card; null when unknown"),
        Column("low", "float64", "lower bound; null without one"),
        Column("high", "float64", "upper bound; null without one"),
        Column("numerator", "float64", "first sum of a ratio of sums; null for any other indicator"),
        Column("denominator", "float64", "second sum of a ratio of sums, or the weights of a mean"),
        Column(
            "coverage", "float64", "share of the base that was known; null when the notion does not apply", "0 to 1"
        ),
        Column("why", "string", "why the value is unknown (vigie.domain.finding_table.Unknown); null when it is known"),
    ),
    counted=False,
)

BIRTH = Table(
    "birth",
    "commune × year of creation × what was made then",
    "derived from the history of establishments",
    ("commune", "year", "making"),
    (
        Column("commune", "string", "code of the commune", required=True),
        Column("year", "int16", "calendar year of creation, by the history of each", "year", required=True),
        Column("making", "string", "manufacture, craft, other or unknown (vigie.domain.actors.Making)", required=True),
        Column("born", "int64", "establishments created, those closed since included", "establishment", required=True),
        Column("still_open", "int64", "those of them that are open", "establishment", required=True),
    ),
    counted=False,
)

SEAT = Table(
    "seat",
    "commune × commune of the head office × division × size band, open employers",
    "derived from establishments and legal units",
    ("commune", "seat", "division", "size_band"),
    (
        Column("commune", "string", "code of the commune", required=True),
        Column(
            "seat", "string", "commune of the head office; empty when it is in none that is loaded, null when unknown"
        ),
        Column("division", "string", "division of the principal activity; null when unknown"),
        Column("size_band", "string", "INSEE size band"),
        Column("establishments", "int64", "number of open employers", "establishment", required=True),
    ),
    unique=False,
    counted=False,
)

LABORATORY = Table(
    "laboratory",
    "level examined by the laboratory, under its default settings",
    "derived from figures",
    ("level",),
    (
        Column("level", "string", "kind of the territories examined: ze, epci, aav or departement", required=True),
        Column("content", "string", "the examination as JSON (vigie.services.laboratory.kept), or what lacks for it",
               required=True),
    ),
    counted=False,
)  # fmt: skip

DERIVED: tuple[Table, ...] = (BIRTH, SEAT, FIGURE, LABORATORY, *RELATEDNESS, TERRITORY_NETWORK)
