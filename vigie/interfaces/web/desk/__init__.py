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
    needs,
    objections,
    portfolios,
    proposing,
    provider,
    records,
    retention,
    signing,
    stating,
    vouching,
    week,
)

ROUTES: tuple[Route, ...] = (
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
    *portfolios.ROUTES,
    *imports.ROUTES,
    *jobs.ROUTES,
    *retention.ROUTES,
    *week.ROUTES,
    *proposing.ROUTES,
    *asking.ROUTES,
    *introductions.ROUTES,
    *calls.ROUTES,
    *stating.ROUTES,
    *needs.ROUTES,
    *links.ROUTES,
    *acts.routes({**dossiers.HOSTS, **portfolios.HOSTS, **needs.HOSTS, **members.HOSTS, **access.HOSTS}),
)
