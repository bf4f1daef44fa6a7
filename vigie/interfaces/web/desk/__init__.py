"""The pages that need to know who asks."""

from __future__ import annotations

from starlette.routing import Route

ROUTES: tuple[Route, ...] = ()
