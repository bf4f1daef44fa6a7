"""Exchanges of matter told on the page of a firm: the first sites that could take or give, one click from the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.matter import FlowWay
from vigie.errors import NotFound, Objected
from vigie.interfaces.views import MatterLine
from vigie.services.symbiosis.answering import partners_of
from vigie.services.symbiosis.flows import matter_book, matter_name

if TYPE_CHECKING:
    from vigie.bootstrap import Services
    from vigie.services.symbiosis.matching import MatterPartner

SHOWN = 3
"""Sites told on a firm's page: the first of its list."""


def matter_lines(services: Services, number: str) -> tuple[MatterLine, ...]:
    """Return the first sites that could exchange matter with a firm, as published; none where nothing is loaded."""
    if not matter_book(services).known:
        return ()
    try:
        _, found = partners_of(services, number, ())
    except (NotFound, Objected):
        return ()
    return tuple(map(matter_line, found[:SHOWN]))


def matter_line(one: MatterPartner) -> MatterLine:
    """Return a site as a list tells it."""
    does = "pourrait prendre" if one.way is FlowWay.TAKES else "pourrait donner"
    far = f" à {french.number(one.kilometres, 1)} km" if one.kilometres is not None else ""
    return MatterLine(
        name=one.site.name,
        href=f"/etablissement/{one.site.siret}",
        what=f"{does}{far} : {matter_name(one.matter)} ({one.quantity})",
        why=french.capital(one.because),
        obstacles=french.capital(" ; ".join(one.obstacles)),
    )
