"""The template environment of the pages and the addresses of static files, with the hash of their content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup
from starlette.responses import HTMLResponse

from vigie.domain import french
from vigie.domain.signs import isolated, seen
from vigie.interfaces.sending import ONCE
from vigie.services.keys import Keys

STATIC = Path(__file__).parent / "static"


@cache
def asset(name: str) -> str:
    """Return the address of a static file; its version changes with its content, so it can be kept for a year."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


_FORM = re.compile(r'<form\b(?:(?!<form\b).)*?\bmethod="post"[^>]*>', re.DOTALL)
_KEY = f'<input type="hidden" name="{ONCE}" value="{{{{ form_key() }}}}" autocomplete="off">'
_ADDRESSES = ("/", "?", "http:", "https:", "mailto:")
_MAKE_KEY: ContextVar[Callable[[], str]] = ContextVar("make_key", default=Keys.new_token)


class FormKeys(Extension):
    """Writes in every form that is posted a key of its own: no template has to think of it, none can share one."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Add the hidden field after each tag that opens such a form."""
        return _FORM.sub(lambda found: found[0] + _KEY, source)


def _isolated(value: Any) -> Any:
    """Isolate what is written from right to left wherever a template shows it; addresses and markup stay.

    Done for every expression of every template, in texts, titles, options and labels alike, which `<bdi>` cannot do
    inside attributes; no template has to think of it.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    address = value.startswith(_ADDRESSES) and not any(map(str.isspace, value))
    return seen(value) if address else isolated(value)


def _form_key() -> str:
    return _MAKE_KEY.get()()


@cache
def environment() -> Environment:
    """Build the environment once: everything is escaped, and a name that a template does not know is an error."""
    made = Environment(
        loader=PackageLoader("vigie.interfaces.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=[FormKeys],
        finalize=_isolated,
    )
    made.globals["form_key"] = _form_key
    made.filters["typeset"] = french.typeset
    made.globals["asset"] = asset
    return made


def load_templates() -> None:
    """Read every template: what takes longest on the first page of a server."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


def page(
    template: str, view: Any, shell: Any, status: int = 200, make_key: Callable[[], str] = Keys.new_token
) -> HTMLResponse:
    """Lay out a view in its template; `make_key` makes the key of each of its forms."""
    token = _MAKE_KEY.set(make_key)
    try:
        return HTMLResponse(environment().get_template(template).render(view=view, shell=shell), status)
    finally:
        _MAKE_KEY.reset(token)
