"""The part of the API that needs to know who asks; its addresses begin with `/desk`."""

from __future__ import annotations

from fastapi import APIRouter

from vigie.interfaces.api.desk import (
    access,
    accounts,
    acts,
    calls,
    firms,
    followup,
    imports,
    introductions,
    jobs,
    links,
    needs,
    organisations,
    records,
    requests,
    retention,
    vouching,
    watching,
)

ROUTERS: tuple[APIRouter, ...] = (
    firms.router,
    accounts.router,
    organisations.router,
    access.router,
    vouching.router,
    records.router,
    requests.router,
    introductions.router,
    calls.router,
    needs.router,
    links.router,
    followup.router,
    watching.router,
    imports.router,
    jobs.router,
    retention.router,
    acts.router(),  # last: an address that a route spells out is that route's
)
