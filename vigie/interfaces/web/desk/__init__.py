"""The pages that need to know who asks."""

from __future__ import annotations

from starlette.routing import Route

from vigie.interfaces.web.desk import firms, moderation, objections, records, signing

ROUTES: tuple[Route, ...] = (
    *firms.ROUTES,
    *objections.ROUTES,
    *signing.ROUTES,
    *records.ROUTES,
    *moderation.ROUTES,
)
