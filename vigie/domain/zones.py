"""The time zones of French territories: the day of an organisation is that of its own clocks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"
ZONES = {
    PARIS: "Paris",
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "Saint-Barthélemy",
    "America/Marigot": "Saint-Martin",
    "Pacific/Wallis": "Wallis-et-Futuna",
    "Pacific/Tahiti": "Tahiti",
    "Pacific/Marquesas": "Îles Marquises",
    "Pacific/Gambier": "Îles Gambier",
    "Pacific/Noumea": "Nouméa",
    "Indian/Kerguelen": "Terres australes",
}
"""Zones to choose from, by their name in the IANA base."""
_BY_CODE = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
    "975": "America/Miquelon", "976": "Indian/Mayotte", "977": "America/St_Barthelemy", "978": "America/Marigot",
    "984": "Indian/Kerguelen", "986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}  # fmt: skip
_BY_REGION = {"01": "971", "02": "972", "03": "973", "04": "974", "06": "976"}
_EPCI = re.compile(r"24(97[1-6])\d{4}")
"""A SIREN of an EPCI holds the number of its overseas département, until 2014."""


def zone_of_territory(key: str) -> str:
    """Return the zone to propose for a territory's key, `departement:974`; that of Paris when it does not tell."""
    kind, _, code = key.partition(":")
    if kind == "region":
        code = _BY_REGION.get(code, "")
    elif found := _EPCI.fullmatch(code):
        code = found[1]
    return _BY_CODE.get(code[:3], PARIS)


@cache
def zone_info(zone: str) -> ZoneInfo:
    """Return the rules of a zone."""
    return ZoneInfo(zone if zone in ZONES else PARIS)


def today_in_paris() -> date:
    """Return the day of what belongs to no organisation: whatever the clock of the machine, that of Paris."""
    return day_in(PARIS, datetime.now(UTC))


def day_in(zone: str, moment: datetime) -> date:
    """Return the day that a zone's clocks show at a moment."""
    return moment.astimezone(zone_info(zone)).date()
