"""The part of the API that needs to know who asks; its addresses begin with `/desk`.

The routers of every module here are served, then the declared acts: an address that a route spells out is that
route's. A new noun adds a module: nothing is listed here.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from fastapi import APIRouter

from vigie.interfaces.api.desk.acts import router as router_of_acts


def _routers() -> tuple[APIRouter, ...]:
    modules = [import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)]
    own = [value for module in modules for value in vars(module).values() if isinstance(value, APIRouter)]
    own.sort(key=lambda router: -router.prefix.count("/"))  # `/introductions/requests` before `/introductions/{…}`
    return (*own, router_of_acts())


ROUTERS = _routers()
