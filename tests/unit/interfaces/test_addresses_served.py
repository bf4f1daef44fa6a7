"""Addresses of the desk are gathered from their modules: none is hidden by one where any word may stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vigie.interfaces.api.desk import ROUTERS
from vigie.interfaces.web.desk import ROUTES


def hidden(routes: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for rank, first in enumerate(routes):
        for later in routes[rank + 1 :]:
            if first.path != later.path and answers(first.path, later.path) and set(first.methods) & set(later.methods):
                yield first.path, later.path


def answers(pattern: str, path: str) -> bool:
    asked, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    return len(asked) == len(given) and all(
        one == other or one.startswith("{") for one, other in zip(asked, given, strict=True)
    )


def test_no_page_is_hidden_by_another() -> None:
    assert len(ROUTES) > 100
    assert list(hidden(ROUTES)) == []


def test_no_operation_is_hidden_by_another() -> None:
    operations = [route for router in ROUTERS for route in router.routes]
    assert len(operations) > 100
    assert list(hidden(operations)) == []
