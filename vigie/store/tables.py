"""Every table of the warehouse, once: columns, types, meaning, key, source; the documentation is generated from it."""

from __future__ import annotations

from vigie.store.declaring import Column, Table
from vigie.store.derived_tables import DERIVED
from vigie.store.lever_tables import LEVERS
from vigie.store.published_tables import PUBLISHED
from vigie.store.tie_tables import TIES

__all__ = ["ALL", "DERIVED", "Column", "Table"]


def _activity(prefix: str = "") -> tuple[Column, ...]:
    return (
        Column(f"{prefix}naf", "string", "principal activity; null when unknown (00.00Z included)"),
        Column(f"{prefix}naf_nomenclature", "string", "nomenclature that the code belongs to"),
        Column(f"{prefix}naf25", "string", "activity in NAF 2025, where the source carries both"),
    )


_WORKFORCE = (
    Column("size_band", "string", "INSEE size band; NN, 00 and null are three different things"),
    Column("size_year", "int16", "year that the size band holds for", "year"),
    Column("employer", "string", "employer flag of the source: O, N or null"),
)

LEGAL_UNIT = Table(
    "legal_unit",
    "legal unit",
    "sirene",
    ("siren",),
    (
        Column("siren", "string", "identifier of the legal unit", required=True),
        Column("diffusion", "string", "O (open) or P (partially diffusible)", required=True),
        Column("masked", "boolean", "whether fields were emptied by the allow-list", required=True),
        Column("state", "string", "A (active), C (ceased) or N (created after the day of the load)"),
        Column("created", "date", "date of creation; null when unknown (1900-01-01 included)"),
        Column("natural_person", "boolean", "sole trader (legal category 1000); null when unknown"),
        Column("name", "string", "public name; null when masked or unknown"),
        Column("acronym", "string", "acronym; null when masked"),
        Column("usual_name", "string", "usual names of the legal unit, joined by ' · '; null when masked"),
        Column("legal_category", "string", "legal category code, four digits"),
        Column("company_category", "string", "PME, ETI or GE, computed by INSEE at group level"),
        Column("social_economy", "string", "O or N: social and solidarity economy"),
        *_activity(),
        *_WORKFORCE,
        Column("head_office", "string", "SIRET of the head office"),
        Column("processed", "date", "day of the last change in the register"),
    ),
)

ESTABLISHMENT = Table(
    "establishment",
    "establishment",
    "sirene",
    ("siret",),
    (
        Column("siret", "string", "identifier of the establishment", required=True),
        Column("siren", "string", "identifier of its legal unit", required=True),
        Column(
            "diffusion",
            "string",
            "O or P: the stricter of its own and its legal unit's; U: legal unit not loaded",
            required=True,
        ),
        Column("masked", "boolean", "whether fields were emptied by the allow-list", required=True),
        Column("state", "string", "A (open), F (closed) or N (opens after the day of the load)"),
        Column("created", "date", "date of creation; null when unknown"),
        Column("closed", "date", "start of the closed period, to come when the state is A; null when unknown"),
        Column("head_office", "boolean", "whether it is the head office; null when the source does not say"),
        Column("name", "string", "public name of the legal unit; null when masked or unknown"),
        Column("sign", "string", "shop signs (enseignes), joined by ' · '; null when masked"),
        Column("usual_name", "string", "usual name of the establishment or of its legal unit; null when masked"),
        Column("acronym", "string", "acronym of the legal unit; null when masked"),
        Column("natural_person", "boolean", "sole trader; null when unknown"),
        Column("legal_category", "string", "legal category of the legal unit"),
        Column("company_category", "string", "PME, ETI or GE, computed by INSEE at group level"),
        Column("address", "string", "number, way and complement on one line; null when masked"),
        Column("distribution", "string", "special delivery as published (BP 123, CS 40012); null when masked"),
        Column("postal_code", "string", "postal code; null when masked"),
        Column("cedex_code", "string", "postal code of business mail (CEDEX); null without, or when masked"),
        Column("cedex_label", "string", "post office of business mail as published (… CEDEX 9); null when masked"),
        Column("commune", "string", "code of the commune in the reference vintage; null abroad"),
        Column("commune_label", "string", "name of the commune as published"),
        Column("country", "string", "country when abroad"),
        *_activity(),
        Column("craft_code", "string", "activity in the register of trades (craft); null when not a craft"),
        *_WORKFORCE,
        Column("longitude", "float64", "WGS 84; null when masked or unknown", "degree"),
        Column("latitude", "float64", "WGS 84; null when masked or unknown", "degree"),
        Column("processed", "date", "day of the last change in the register"),
    ),
)

SUCCESSION = Table(
    "succession",
    "link between a former and a new establishment",
    "sirene_succession",
    ("predecessor", "successor", "date"),
    (
        Column("predecessor", "string", "SIRET left", required=True),
        Column("successor", "string", "SIRET taken up", required=True),
        Column("date", "date", "date of the succession"),
        Column("head_office_moved", "boolean", "whether the head office moved"),
        Column("continuity", "boolean", "whether the economic activity goes on"),
    ),
)

PERIOD = Table(
    "establishment_period",
    "period of an establishment's history",
    "sirene_historique",
    ("siret", "start"),
    (
        Column("siret", "string", "identifier of the establishment", required=True),
        Column("start", "date", "first day of the period; null when unknown"),
        Column("end", "date", "last day of the period; null when it still holds"),
        Column("state", "string", "A (open) or F (closed)"),
        Column("naf", "string", "principal activity during the period"),
        Column("naf_nomenclature", "string", "nomenclature that the code belongs to"),
        Column("employer", "string", "employer flag during the period"),
    ),
    unique=False,
)

JOBS = Table(
    "jobs",
    "commune × activity × year",
    "urssaf_emploi",
    ("commune", "naf", "year"),
    (
        Column("commune", "string", "code of the commune in the reference vintage", required=True),
        Column("naf", "string", "activity code", required=True),
        Column("naf_nomenclature", "string", "nomenclature that the code belongs to", required=True),
        Column("year", "int16", "31 December of that year", "year", required=True),
        Column("jobs", "int64", "private employees; null when secret", "job"),
        Column("establishments", "int64", "employing establishments; null when not given", "establishment"),
    ),
    unique=False,
)

BRIDGE = Table(
    "activity_bridge",
    "pair of codes seen on the same establishment",
    "sirene",
    ("naf", "naf25"),
    (
        Column("naf", "string", "code in NAF rev. 2", required=True),
        Column("naf25", "string", "code in NAF 2025", required=True),
        Column("establishments", "int64", "open establishments that carry both", "establishment", required=True),
        Column("share", "float64", "share of the NAF rev. 2 code's establishments", "0 to 1", required=True),
        Column("share_back", "float64", "share of the NAF 2025 code's establishments", "0 to 1", required=True),
    ),
)

ACTIVE_COUNT = Table(
    "active_count",
    "commune × activity × size band × employer × craft × head office, open establishments",
    "sirene",
    ("commune", "naf", "size_band", "employer", "craft", "head_office"),
    (
        Column("commune", "string", "code of the commune"),
        Column("naf", "string", "activity code; null when unknown"),
        Column("naf_nomenclature", "string", "nomenclature that the code belongs to"),
        Column("size_band", "string", "INSEE size band"),
        Column("employer", "string", "employer flag"),
        Column("craft", "boolean", "whether a craft code is carried"),
        Column("head_office", "boolean", "whether it is a head office; null when unknown"),
        Column("establishments", "int64", "number of open establishments", "establishment", required=True),
    ),
    unique=False,
)

FRANCE_COUNT = Table(
    "france_count",
    "activity × size band × employer, open establishments of everything loaded",
    "sirene",
    ("naf", "size_band", "employer"),
    (
        Column("naf", "string", "activity code; null when unknown"),
        Column("naf_nomenclature", "string", "nomenclature that the code belongs to"),
        Column("size_band", "string", "INSEE size band"),
        Column("employer", "string", "employer flag"),
        Column("establishments", "int64", "number of open establishments", "establishment", required=True),
    ),
    unique=False,
)

DEMOGRAPHY = Table(
    "demography",
    "commune × year",
    "sirene",
    ("commune", "year"),
    (
        Column("commune", "string", "code of the commune", required=True),
        Column("year", "int16", "calendar year", "year", required=True),
        Column("creations", "int64", "establishments created and not taken over", "establishment", required=True),
        Column("closures", "int64", "establishments closed and not moved", "establishment", required=True),
        Column(
            "arrivals", "int64", "establishments that succeed to one of another commune", "establishment", required=True
        ),
        Column(
            "departures", "int64", "establishments succeeded by one in another commune", "establishment", required=True
        ),
    ),
)

TERRITORY = Table(
    "territory",
    "territory × vintage",
    "decoupage_administratif",
    ("kind", "code", "vintage"),
    (
        Column("kind", "string", "commune, epci, ept, departement, region, ze, aav…", required=True),
        Column("code", "string", "official code", required=True),
        Column("vintage", "int16", "vintage of the geographic code", "year", required=True),
        Column("name", "string", "name", required=True),
        Column("detail", "string", "legal form of an EPCI, category of a zone"),
        Column("population", "int64", "municipal population published with that vintage", "inhabitant"),
        Column("population_year", "int16", "census year of that population; null when it is not told", "year"),
        Column("longitude", "float64", "centre, inside the territory; null without outlines", "degree"),
        Column("latitude", "float64", "centre, inside the territory; null without outlines", "degree"),
        Column("area", "float64", "area; null without outlines", "km²"),
    ),
)

MEMBERSHIP = Table(
    "membership",
    "commune of a territory × vintage",
    "decoupage_administratif",
    ("kind", "code", "vintage", "commune"),
    (
        Column("kind", "string", "kind of the territory", required=True),
        Column("code", "string", "code of the territory", required=True),
        Column("vintage", "int16", "vintage of the geographic code", "year", required=True),
        Column("commune", "string", "code of the commune", required=True),
    ),
)

FORMER_COMMUNE = Table(
    "former_commune",
    "former commune code",
    "decoupage_administratif",
    ("former",),
    (
        Column("former", "string", "code no longer in use", required=True),
        Column("commune", "string", "code that replaces it in the latest vintage", required=True),
    ),
)

ACTIVITY = Table(
    "activity",
    "code of a nomenclature",
    "naf",
    ("nomenclature", "code"),
    (
        Column("nomenclature", "string", "NAFRev2…", required=True),
        Column("code", "string", "code at any level", required=True),
        Column("level", "int8", "1 section, 2 division, 3 group, 4 class, 5 subclass", required=True),
        Column("label", "string", "French label", required=True),
        Column("parent", "string", "code of the level above"),
    ),
)

INDICATOR_VALUE = Table(
    "indicator_value",
    "indicator × territory × vintage",
    "indicator files",
    ("indicator", "kind", "code", "vintage"),
    (
        Column("indicator", "string", "identifier of the indicator's card", required=True),
        Column("kind", "string", "kind of the territory", required=True),
        Column("code", "string", "code of the territory", required=True),
        Column("vintage", "string", "date or year of the value", required=True),
        Column("value", "float64", "value; null when secret or missing"),
        Column("status", "string", "known, secret or missing", required=True),
    ),
)

NOTICE = Table(
    "notice",
    "legal notice × legal unit",
    "bodacc",
    ("siren", "published", "id"),
    (
        Column("id", "string", "identifier of the notice in BODACC", required=True),
        Column("siren", "string", "legal unit that it is about", required=True),
        Column("kind", "string", "what it tells, see vigie.domain.relations.EventKind", required=True),
        Column("date", "date", "day of the judgment; null when the notice tells none"),
        Column("published", "date", "day of publication", required=True),
        Column("court", "string", "court or its registry"),
        Column("url", "string", "address of the notice"),
    ),
)

EVENT = Table(
    "event",
    "event of an establishment",
    "sirene, bodacc",
    ("commune", "seen", "siret", "kind"),
    (
        Column("kind", "string", "see vigie.domain.relations.EventKind", required=True),
        Column("siret", "string", "establishment concerned", required=True),
        Column("siren", "string", "its legal unit", required=True),
        Column("commune", "string", "its commune"),
        Column("date", "date", "date given by the source; null when none"),
        Column("seen", "date", "day of the refresh that saw it", required=True),
        Column("before", "string", "value before; null when masked or without object"),
        Column("after", "string", "value after; null when masked or without object"),
        Column("other_commune", "string", "commune on the other side of a move or transfer"),
        Column("naf", "string", "principal activity when it happened; null when unknown"),
        Column("naf_nomenclature", "string", "nomenclature that the code belongs to"),
        Column("size_band", "string", "INSEE size band when it happened: before a closure, after any other change"),
        Column("source", "string", "see vigie.domain.relations.EventSource; null in what was told before it was kept"),
        Column("notice", "string", "notice that tells it, alone or as a second proof of what Sirene tells"),
        Column("matter", "int64", "how much it matters: see vigie.store.event_matter", "weight"),
    ),
    unique=False,
    counted=False,
    foremost="matter",
)

ALL: tuple[Table, ...] = (
    TERRITORY, MEMBERSHIP, FORMER_COMMUNE, ACTIVITY, LEGAL_UNIT, ESTABLISHMENT, SUCCESSION, PERIOD, JOBS,
    BRIDGE, ACTIVE_COUNT, FRANCE_COUNT, DEMOGRAPHY, INDICATOR_VALUE, *PUBLISHED, *TIES, *LEVERS,
    NOTICE, EVENT, *DERIVED,
)  # fmt: skip
