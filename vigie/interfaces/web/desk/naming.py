"""The public names of firms that pages of the desk speak of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.requests import Request

from vigie.errors import NoData, NotFound

if TYPE_CHECKING:
    from vigie.services.introductions.requests import RequestTold


def names_in(request: Request, asked: Iterable[RequestTold]) -> dict[str, str]:
    """Return the public names of the firms that ask to meet others, and of those."""
    return public_names(request, (siren for one in asked for siren in (one.siren, one.sought_siren)))


def public_names(request: Request, sirens: Iterable[str]) -> dict[str, str]:
    """Return the public names of firms; none without data, or for one that objects."""
    names: dict[str, str] = {}
    try:
        with request.app.state.installation.services() as services:
            for siren in {siren for siren in sirens if siren}:
                try:
                    names[siren] = services.know.firm(siren).unit.name or ""
                except NotFound:
                    continue
    except NoData:
        return {}
    return names
