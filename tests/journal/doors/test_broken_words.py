"""Every route answers a French sentence to integers, dates and words of its address and body that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.journal.doors.calling import operations, pages
from tests.journal.doors.office import Office

BROKEN = ("--5", "zz", "2026-13-45", "٣", "1e400", "9" * 30, "%00", "demain")
NAMES = ("page", "du", "au", "kind", "etat", "annee", "rayon", "tri", "mois", "version")
ENGLISH = re.compile(r"\b(?:should|must be|invalid|expected|Input|Field required|Internal Server|Not Found|value is)\b")


def names(operation: Mapping[str, Any]) -> list[str]:
    return [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]


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


def said_in_french(status: int, text: str, where: str) -> None:
    assert status < 500 or status == 503, f"{where}: {status} {text[:200]}"
    assert not ENGLISH.search(text), f"{where}: {text[:300]}"


@pytest.mark.parametrize("part", ["admin", "officer"])
def test_the_api_says_in_french_what_does_not_read(office: Office, part: str) -> None:
    client, every = office.api(part), operations(office.app)
    schemas = office.app.routes[0].app.openapi()["components"]["schemas"]  # type: ignore[attr-defined]
    called, refused = 0, 0
    for operation, described in every.items():
        method, template = operation.split(" ", 1)
        if template.endswith(("/sessions", "/sessions/current")) and method == "DELETE":
            continue  # it would sign the client out
        path = re.sub(r"\{[^}]+\}", "zz", template)
        for name in names(described) if method == "GET" else ():
            for word in BROKEN[:4]:
                got = client.get(path, params={name: word})
                said_in_french(
                    got.status_code, got.text if got.status_code >= 400 else "", f"{operation} {name}={word}"
                )
                called, refused = called + 1, refused + (got.status_code == 400)
        content = described.get("requestBody", {}).get("content", {})
        for body in broken(content["application/json"]["schema"], schemas) if "application/json" in content else ():
            got = client.request(method, path, json=body)
            said_in_french(got.status_code, got.text, f"{operation} {body!r:.80}")
            assert got.status_code >= 400 and "erreur" in got.json(), f"{operation} {body!r:.80}: {got.status_code}"
            called, refused = called + 1, refused + (got.status_code == 400)
    assert called > 100 and refused > 50


def test_pages_say_in_french_what_does_not_read(office: Office) -> None:
    client = office.page("officer")
    addresses = [one.removeprefix("GET ") for one in pages(office.app) if one.startswith("GET ")]
    assert len(addresses) > 50
    for template in addresses:
        path = re.sub(r"\{[^}]+\}", "zz", template)
        for word in BROKEN[:3]:
            got = client.get(path, params=dict.fromkeys(NAMES, word))
            text = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", got.text, flags=re.DOTALL)
            said_in_french(got.status_code, text if got.status_code >= 400 else "", f"{path} {word}")
