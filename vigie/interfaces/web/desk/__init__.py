"""The pages that need to know who asks."""

from __future__ import annotations

from starlette.routing import Route

from vigie.interfaces.web.desk import (
    access,
    acts,
    asking,
    calls,
    dossiers,
    firms,
    imports,
    introductions,
    jobs,
    joining,
    links,
    members,
    moderation,
    monday,
    objections,
    portfolios,
    proposing,
    provider,
    records,
    reminders,
    retention,
    signing,
    vouching,
)

ROUTES: tuple[Route, ...] = (
    *acts.routes(dossiers.HOSTS),
    *firms.ROUTES,
    *objections.ROUTES,
    *signing.ROUTES,
    *joining.ROUTES,
    *provider.ROUTES,
    *members.ROUTES,
    *access.ROUTES,
    *vouching.ROUTES,
    *records.ROUTES,
    *moderation.ROUTES,
    *dossiers.ROUTES,
    *reminders.ROUTES,
    *portfolios.ROUTES,
    *imports.ROUTES,
    *jobs.ROUTES,
    *retention.ROUTES,
    *monday.ROUTES,
    *proposing.ROUTES,
    *asking.ROUTES,
    *introductions.ROUTES,
    *calls.ROUTES,
    *links.ROUTES,
)
