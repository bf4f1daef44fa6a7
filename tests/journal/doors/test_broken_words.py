"""Every route answers a French sentence to integers, dates and words of its address and body that are none.

Each parameter of each route is given two of the words, not the same ones from a route or a parameter to the next; the
proof gives them all to each.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from httpx import Response
from starlette.datastructures import QueryParams

from tests.journal.doors import calling
from tests.journal.doors.calling import Program, operations
from tests.journal.doors.expected import EXPECTED
from tests.journal.doors.matrix import Door, scopes_of
from tests.journal.doors.office import Office
from tests.shares import share
from vigie.interfaces import asking

BROKEN = ("--5", "zz", "2026-13-45", "٣", "1e400", "9" * 30, "%00", "demain")
ENGLISH = re.compile(r"\b(?:should|must be|invalid|expected|Input|Field required|Internal Server|Not Found|value is)\b")
READ = sorted(
    route
    for route, rule in EXPECTED.items()
    if route.startswith("GET ") and rule.door is not Door.BEARER and rule.only != frozenset()
)  # fmt: skip
NUMBERED = {"page", "par_page", "per_page", "limit", "rayon", "radius_km", "lat", "latitude", "lon", "longitude"}
"""Parameters that no word of these fills: a route that takes one refuses them all."""


def broken(schema: Mapping[str, Any], every: Mapping[str, Any]) -> Iterator[Any]:
    """Yield bodies whose fields are all of the wrong kind."""
    while "$ref" in schema:
        schema = every[schema["$ref"].rpartition("/")[2]]
    fields = schema.get("properties", {})
    if any(one.get("type") != "string" for one in fields.values()) or len(fields) > 1:
        yield dict.fromkeys(fields, "demain")  # a body of one text would be right
    yield dict.fromkeys(fields, -(10**30))
    yield {name: {"a": ["b"]} for name in fields}
    yield ["demain"]


def plain(answer: Response) -> str:
    """Return what a reader sees, without no-break spaces."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return html.unescape(text).replace("\u00a0", " ").replace("\u202f", " ")


def faults(answer: Response, where: str) -> Iterator[str]:
    """Say how an answer is a fault of the server, or a refusal that is no sentence for French readers."""
    if answer.status_code >= 500:
        yield f"{where}: {answer.status_code}"
    if answer.status_code >= 400 and ENGLISH.search(plain(answer)):
        yield f"{where}: {plain(answer)[:200]}"
    program = "json" in answer.headers.get("content-type", "")
    if answer.status_code >= 400 and ("erreur" not in answer.json() if program else "<h1" not in answer.text):
        yield f"{where}: {answer.status_code} without a sentence"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Collect the parameters that a route looks for in the address it is given."""
    names: set[str] = set()
    for method in ("get", "__getitem__", "__contains__"):
        looked_up = getattr(QueryParams, method)

        def look_up(self: QueryParams, name: str, *more: Any, looked_up: Any = looked_up) -> Any:
            names.add(name)
            return looked_up(self, name, *more)

        monkeypatch.setattr(QueryParams, method, look_up)
    read = asking.read

    def reading(parameters: Any, pairs: Any) -> Any:
        listed = tuple(parameters)
        names.update(name for one in listed for name in one.names)
        return read(listed, pairs)

    monkeypatch.setattr(asking, "read", reading)
    return names


def part_let_in(office: Office, route: str) -> str:
    """Return who is let in by a route, an officer rather than somebody else."""
    scopes = scopes_of(office.cast)
    (first, *_) = [
        part
        for part in ("officer", "admin", "head", "super_admin", *scopes)
        if part in scopes and EXPECTED[route].lets_in(part, scopes[part])
    ]
    return first


@pytest.mark.parametrize("route", READ)
def test_an_address_that_does_not_read_is_refused_in_french(
    office: Office, program: Program, rows: Mapping[str, str], asked: set[str], route: str
) -> None:
    """On a row that is there: one that is not would be answered before its parameters are read."""
    part, template = part_let_in(office, route), route.removeprefix("GET ")
    address = calling.filled(template, EXPECTED[route].values, rows)
    wrong = [*faults(program.ask(part, "GET", address), address)]
    described = program.operations[route].get("parameters", ()) if route in program.operations else ()
    names = {*asked, *(one["name"] for one in described if one["in"] == "query")}
    tried = [
        (name, word) for rank, name in enumerate(sorted(names), READ.index(route)) for word in share(BROKEN, 4, rank)
    ]
    for name, word in tried:
        got, where = program.ask(part, "GET", address, params={name: word}), f"{address} {name}={word}"
        wrong += faults(got, where)
        if name in NUMBERED and not re.search(f"« {name} »|Le rayon", plain(got)):
            wrong.append(f"{where}: {got.status_code}, the parameter is not named")
    assert wrong == []


def test_the_pages_of_a_list_are_among_what_is_tried(office: Office, program: Program, asked: set[str]) -> None:
    """The parameters are really seen: a route where none is found would try nothing."""
    for address in ("/annuaire", "/bureau/dossiers", "/bureau/mises-en-relation", "/evenements"):
        asked.clear()
        assert program.ask("officer", "GET", address).status_code == 200, address
        assert "page" in asked, address


def test_a_body_that_does_not_read_is_refused_in_french(office: Office) -> None:
    client, every = office.api("officer"), operations(office.app)
    schemas = office.app.routes[0].app.openapi()["components"]["schemas"]  # type: ignore[attr-defined]
    sent = [
        (operation, body)
        for operation, described in every.items()
        for content in [described.get("requestBody", {}).get("content", {})]
        if "application/json" in content
        for body in broken(content["application/json"]["schema"], schemas)
    ]
    assert len(sent) > 100
    wrong = []
    for operation, body in sent:
        method, template = operation.split(" ", 1)
        got = client.request(method, re.sub(r"\{[^}]+\}", "zz", template), json=body)
        wrong += faults(got, f"{operation} {body!r:.80}")
        if got.status_code < 400:
            wrong.append(f"{operation} {body!r:.80}: {got.status_code}")
    assert wrong == []
