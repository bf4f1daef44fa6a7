"""The pages that need to know who asks."""

from __future__ import annotations

from starlette.routing import Route

from vigie.interfaces.web.desk import signing

ROUTES: tuple[Route, ...] = (*signing.ROUTES,)
