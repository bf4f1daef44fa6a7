"""The pages that need to know who asks: every module here that exports `ROUTES`, and the forms of declared acts.

A module that holds the form of an act within its own page exports, in `HOSTS`, how it shows itself again when that
form is refused. A new page adds a module: nothing is listed here.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping
from importlib import import_module

from starlette.routing import Route

from vigie.interfaces.web.desk.acts import Host, routes


def _spelled_out_first(found: Iterable[Route]) -> tuple[Route, ...]:
    """Return routes, an address that spells a word out before one where any word may stand."""
    return tuple(sorted(found, key=lambda route: [part.startswith("{") for part in route.path.split("/")]))


def _routes() -> tuple[Route, ...]:
    modules = [import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)]
    hosts: Mapping[str, Host] = {kind: host for one in modules for kind, host in getattr(one, "HOSTS", {}).items()}
    own = [route for one in modules for route in getattr(one, "ROUTES", ())]
    return _spelled_out_first([*own, *routes(hosts)])


ROUTES = _routes()
