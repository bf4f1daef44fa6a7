"""The template environment of the pages and the addresses of static files, with the hash of their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from vigie.interfaces import french

STATIC = Path(__file__).parent / "static"


@cache
def asset(name: str) -> str:
    """Return the address of a static file; its version changes with its content, so it can be kept for a year."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@cache
def environment() -> Environment:
    """Build the environment once: everything is escaped, and a name that a template does not know is an error."""
    made = Environment(
        loader=PackageLoader("vigie.interfaces.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters["typeset"] = french.typeset
    made.globals["asset"] = asset
    return made


def page(template: str, view: Any, shell: Any, status: int = 200) -> HTMLResponse:
    """Lay out a view in its template."""
    return HTMLResponse(environment().get_template(template).render(view=view, shell=shell), status)
