"""The public names of firms that pages of the desk speak of, and the choice between one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from starlette.requests import Request

from vigie.domain.firm_names import usual_case
from vigie.errors import NoData
from vigie.interfaces.desk_views.accounts import places

if TYPE_CHECKING:
    from vigie.interfaces.desk_views.forms import Option
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.introductions.requests import RequestTold


def choice_of_place(request: Request, desk: Desk, who: Asker) -> tuple[Option, ...]:
    """Return the organisations and firms between which the asker may switch; none when they have one only."""
    me = desk.accounts.signing.me(who.scope)
    return places(me, public_names(request, (place.siren for place in me.places))) if len(me.places) > 1 else ()


def names_in(request: Request, asked: Iterable[RequestTold]) -> Mapping[str, str]:
    """Return the public names of the firms that ask to meet others, and of those."""
    return public_names(request, (siren for one in asked for siren in (one.siren, one.sought_siren)))


def public_names(request: Request, sirens: Iterable[str]) -> Mapping[str, str]:
    """Return the public names of firms, in usual case; none without data, or for one that objects."""
    try:
        with request.app.state.installation.services() as services:
            found: Mapping[str, str] = services.know.names(sirens)
            return {siren: usual_case(name) for siren, name in found.items()}
    except NoData:
        return {}
