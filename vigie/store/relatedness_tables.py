"""Derived tables of what is near what: related activities, complexity, what is within reach of an area."""

from __future__ import annotations

from vigie.store.declaring import Column, Table

RELATED_ACTIVITY = Table(
    "related_activity",
    "kind × activity × one of its nearest activities",
    "derived from jobs, hirings, input-output tables and the stock",
    ("kind", "a", "b"),
    (
        Column("kind", "string", "colocation, hirings, input_output or together", required=True),
        Column("level", "string", "level of NAF rev. 2 of the codes: subclass or division", required=True),
        Column("a", "string", "activity", required=True),
        Column("b", "string", "activity near it", required=True),
        Column("rank", "int16", "place of b among the activities nearest to a, from 1", required=True),
        Column("value", "float64", "how near; each kind has its own scale (see the cards of methods)", required=True),
        Column(
            "evidence", "string", "what the value rests on, as JSON: areas, occupations, flows or counts of 3 or more"
        ),
    ),
    counted=False,
)
ACTIVITY_COMPLEXITY = Table(
    "activity_complexity",
    "tradable activity",
    "derived from jobs",
    ("naf",),
    (
        Column("naf", "string", "subclass of NAF rev. 2", required=True),
        Column("area_kind", "string", "kind of the areas that are compared; null when none can be"),
        Column("year", "int16", "31 December of that year", "year"),
        Column("jobs", "int64", "known jobs in the country", "job"),
        Column("ubiquity", "int64", "areas where the activity is present", "area"),
        Column("pci", "float64", "complexity of the activity (PCI); null when undetermined"),
        Column("fitness", "float64", "complexity Q of the fitness algorithm; mean 1"),
        Column("why", "string", "why there is none (see vigie.services.relatedness.areas.Why); null when there is"),
    ),
    counted=False,
)
AREA_COMPLEXITY = Table(
    "area_complexity",
    "area",
    "derived from jobs",
    ("kind", "code"),
    (
        Column("kind", "string", "kind of the area: ze, epci or departement", required=True),
        Column("code", "string", "code of the area", required=True),
        Column("year", "int16", "31 December of that year", "year", required=True),
        Column("jobs", "int64", "known jobs of tradable activities", "job", required=True),
        Column("coverage", "float64", "share of the cells whose jobs are published", "0 to 1"),
        Column("diversity", "int64", "activities that are present", "activity"),
        Column("eci", "float64", "economic complexity; null when undetermined"),
        Column("fitness", "float64", "fitness; mean 1"),
        Column("why", "string", "why there is none; null when there is"),
    ),
    counted=False,
)
REACH = Table(
    "reach",
    "area × tradable activity",
    "derived from jobs",
    ("kind", "code", "naf"),
    (
        Column("kind", "string", "kind of the area", required=True),
        Column("code", "string", "code of the area", required=True),
        Column("naf", "string", "subclass of NAF rev. 2", required=True),
        Column("quotient", "float64", "location quotient of the activity in the area", required=True),
        Column("jobs", "int64", "known jobs of the activity in the area", "job", required=True),
        Column("density", "float64", "share of what is near the activity that the area holds", "0 to 1"),
        Column("rank", "int16", "place by density among the activities that the area has not; null where it has it"),
    ),
    counted=False,
)

RELATEDNESS: tuple[Table, ...] = (RELATED_ACTIVITY, ACTIVITY_COMPLEXITY, AREA_COMPLEXITY, REACH)
"""Empty where what they are made from was not loaded, or where too few areas can be compared."""
