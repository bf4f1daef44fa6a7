"""Tables of what is published beside the stock: trades that activities hire, what activities buy from one another."""

from __future__ import annotations

from vigie.store.declaring import Column, Table

OCCUPATION = Table(
    "occupation",
    "occupation of the ROME",
    "files of occupations",
    ("code",),
    (
        Column("code", "string", "code of the ROME: a letter and four digits", required=True),
        Column("label", "string", "French label", required=True),
        Column("family", "string", "French label of its family: the letter that its code begins with", required=True),
    ),
)

HIRING = Table(
    "hiring",
    "occupation × activity × vintage",
    "files of hirings",
    ("occupation", "naf", "vintage"),
    (
        Column("occupation", "string", "code of the ROME", required=True),
        Column("naf", "string", "subclass of NAF rev. 2, written as in `jobs` (25.62B)", required=True),
        Column("hirings", "int64", "hirings counted in the whole country; never null", "hiring", required=True),
        Column("vintage", "int16", "year that the file gives in its name", "year", required=True),
    ),
)

OCCUPATION_DIVISION = Table(
    "occupation_division",
    "occupation × division of activities × vintage",
    "files of occupations by division",
    ("occupation", "division", "vintage"),
    (
        Column("occupation", "string", "code of the ROME", required=True),
        Column("division", "string", "division of NAF rev. 2 in which it is practised (25)", required=True),
        Column("vintage", "int16", "year of the file", "year", required=True),
    ),
)

INPUT_OUTPUT = Table(
    "input_output",
    "flow × supplier × user × vintage",
    "input-output tables",
    ("naf_level", "flow", "supplier", "user", "vintage"),
    (
        Column(
            "supplier", "string", "code of the sector that supplies, in the nomenclature of the file", required=True
        ),
        Column(
            "user",
            "string",
            "code of the sector that uses; FD_FRA (final demand), EXPORT and TOTAL (output) for flows that have none",
            required=True,
        ),
        Column(
            "flow",
            "string",
            "domestic or imported: used by a sector (these two add up); final_demand, export, output: of the supplier",
            required=True,
        ),
        Column("naf_level", "string", "nomenclature of the codes: that of `sector_division`", required=True),
        Column("value", "float64", "amount of the year; negative where stocks went down", required=True),
        Column("unit", "string", "unit of the amount, in French", required=True),
        Column("vintage", "int16", "year of the flows", "year", required=True),
    ),
)

SECTOR_DIVISION = Table(
    "sector_division",
    "division of NAF rev. 2 in the sector of an input-output table",
    "cards of the input-output tables",
    ("naf_level", "division"),
    (
        Column("naf_level", "string", "nomenclature of the sectors", required=True),
        Column("sector", "string", "code of the sector", required=True),
        Column("label", "string", "French label of the sector", required=True),
        Column("division", "string", "division of NAF rev. 2: the sector that holds most of it", required=True),
    ),
)

PLACE = Table(
    "place",
    "place of a file",
    "files of places",
    ("kind", "commune", "name"),
    (
        Column("kind", "string", "what it is: a key of vigie.sources.located.KINDS", required=True),
        Column("name", "string", "name; empty when the file gives none", required=True),
        Column("commune", "string", "commune of the reference vintage; null when the file gives none"),
        Column("longitude", "float64", "WGS 84; null when unknown", "degree"),
        Column("latitude", "float64", "WGS 84; null when unknown", "degree"),
        Column("area", "float64", "area of land; null when unknown, or when the file writes zero", "m²"),
        Column("status", "string", "status in the words of the file; null when it says none"),
        Column("source", "string", "identifier of the card", required=True),
        Column("vintage", "string", "date or year of the file", required=True),
    ),
    unique=False,
)

PUBLISHED: tuple[Table, ...] = (OCCUPATION, HIRING, OCCUPATION_DIVISION, INPUT_OUTPUT, SECTOR_DIVISION, PLACE)
"""Empty where nothing was given."""
