"""The pages that need to know who asks."""

from __future__ import annotations

from starlette.routing import Route

from vigie.interfaces.web.desk import (
    dossiers,
    entries,
    firms,
    moderation,
    monday,
    objections,
    portfolios,
    records,
    reminders,
    signing,
)

ROUTES: tuple[Route, ...] = (
    *firms.ROUTES,
    *objections.ROUTES,
    *signing.ROUTES,
    *records.ROUTES,
    *moderation.ROUTES,
    *dossiers.ROUTES,
    *entries.ROUTES,
    *reminders.ROUTES,
    *portfolios.ROUTES,
    *monday.ROUTES,
)
