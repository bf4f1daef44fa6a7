"""Calling a route as its own description says: addresses from templates, bodies from OpenAPI schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from httpx import Response
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from tests.journal.doors.matrix import Rule
from tests.journal.doors.office import READING_TOKEN, Office
from vigie.interfaces.http import SESSION_COOKIE

_API, _PAGES = 0, 1
SAFE = ("GET", "HEAD")
_TEXTS = {"email": "zq@example.org", "date": "2026-11-23", "uuid": ""}
_LONG = "Un texte d’essai assez long pour être accepté partout, sans nom ni coordonnées."


def operations(app: Starlette) -> dict[str, Mapping[str, Any]]:
    """Return every operation of the API, « GET /api/v1/… », with its description."""
    described = app.routes[_API].app.openapi()  # type: ignore[attr-defined]
    return {
        f"{method.upper()} /api/v1{path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def pages(app: Starlette) -> Iterator[str]:
    """Return every page and every form, « GET /bureau »; static files are not pages."""
    for route in app.routes[_PAGES].app.routes:  # type: ignore[attr-defined]
        if isinstance(route, Mount):
            assert route.path == "/static", route
            continue
        assert isinstance(route, Route), route
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield f"{method} {route.path}"


USUAL: Mapping[str, str] = {
    "dossier": "@dossier", "contact": "@contact", "exchange": "@exchange", "reminder": "@reminder",
    "portfolio": "@portfolio", "member": "@member", "siren": "@siren", "letter_id": "@letter", "position": "a",
    "answer_id": "@answer", "token": "inconnu", "batch": "@batch", "job": "@job",
    "consultation": "@consultation", "statement": "@statement", "vision": "@vision", "action": "@action",
    "request_id": "@request",
    "workshop": "@workshop", "workshop_item": "@workshop_item",
    "need": "@need", "commune": "85109",
    "adviser": "@adviser", "land": "@land", "land_file": "@land_file", "model": "@model",
    "membership": "@membership", "firm_link": "@firm_link", "firm_domain": "@firm_domain",
}  # fmt: skip
"""What parameters hold when the rule does not say otherwise."""


def filled(path: str, values: Mapping[str, str], rows: Mapping[str, str]) -> str:
    """Return an address whose parameters hold prepared rows, or the text that the rule gives."""
    known = USUAL | values
    for name in re.findall(r"\{(\w+)(?::\w+)?\}", path):
        assert name in known, f"{path} : que vaut {{{name}}} ?"
        path = re.sub(rf"\{{{name}(:\w+)?\}}", str(row_of(known[name], rows)), path)
    return path


def row_of(text: object, rows: Mapping[str, str]) -> object:
    """Return the identifier of the row that `@kind` names, and any other text as it is."""
    if isinstance(text, dict):
        return {name: row_of(inner, rows) for name, inner in text.items()}
    return rows[text[1:]] if isinstance(text, str) and text.startswith("@") else text


def body_of(app: Starlette, operation: Mapping[str, Any], rows: Mapping[str, str]) -> Any:
    """Return a body that the schema accepts, `None` when the operation takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    schemas = app.routes[_API].app.openapi()["components"]["schemas"]  # type: ignore[attr-defined]
    return _value(content["application/json"]["schema"], schemas, "", rows)


def _value(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, rows: Mapping[str, str]) -> Any:
    if "$ref" in schema or "anyOf" in schema:
        chosen = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema["anyOf"][0]
        return _value(chosen, schemas, name, rows)
    if "const" in schema or "enum" in schema:
        return schema.get("const", next((word for word in schema.get("enum", []) if word), ""))
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("required", [])
        return {key: _value(schema["properties"][key], schemas, key, rows) for key in wanted}
    if kind == "array":
        return [_value(schema["items"], schemas, name, rows)] if schema.get("minItems") else []
    numbers: dict[str, object] = {"integer": max(1, int(schema.get("minimum", 1))), "boolean": False}
    return numbers[kind] if kind in numbers else _text(schema, name, rows)


def _text(schema: Mapping[str, Any], name: str, rows: Mapping[str, str]) -> str:
    kind = name.removesuffix("_id")
    if kind in rows:
        return rows[kind]
    known = _TEXTS.get(schema.get("format", ""), _TEXTS.get(kind, ""))
    return known or _LONG[: schema.get("maxLength", len(_LONG))]


class Program:
    """One client for all parts: making one for each call would take longer than the calls."""

    def __init__(self, office: Office) -> None:
        self.office, self.operations = office, operations(office.app)
        self._client = office.page(follow=False)

    def ask(self, part: str, method: str, address: str, **content: Any) -> Response:
        """Send one request as a part of the cast, who comes as pages or as programs do."""
        secret = READING_TOKEN if part == "reading_token" else self.office.cast.secrets.get(part, "")
        headers = {}
        if secret and address.startswith("/api/"):
            headers = {"Authorization": f"Bearer {secret}"}
        elif secret:
            headers = {"Cookie": f"{SESSION_COOKIE}={secret}"}
        self._client.cookies.clear()
        return self._client.request(method, address, headers=headers, **content)  # type: ignore[return-value]


def call(program: Program, route: str, part: str, rule: Rule, rows: Mapping[str, str]) -> Response:
    """Call a route as a part of the cast."""
    method, _, template = route.partition(" ")
    query = re.sub(r"@(\w+)", lambda named: rows[named[1]], rule.query)
    address = filled(template, rule.values, rows) + (f"?{query}" if query else "")
    sent = {name: row_of(text, rows) for name, text in rule.body.items()}
    if template.startswith("/api/"):
        body = body_of(program.office.app, program.operations[route], rows)
        return program.ask(part, method, address, json=body | sent if isinstance(body, dict) else None)
    return program.ask(part, method, address, data=None if method in SAFE else sent)
