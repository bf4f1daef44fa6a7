"""What is answered before, or instead of, a page or the API: the same French page, the same `{"erreur": …}`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, Response

from vigie import __version__
from vigie.domain import french
from vigie.interfaces.http import SECURITY_HEADERS
from vigie.interfaces.views import Shell
from vigie.interfaces.web.environment import page
from vigie.interfaces.web.failures import failure

if TYPE_CHECKING:
    from vigie.settings import Settings

API = "/api/"


@dataclass(frozen=True, slots=True)
class Refusals:
    """Builds the answers of an installation to what is refused at its entrance; see `http.Refuse`."""

    publisher: str = ""
    contact: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Refusals:
        """Return the refusals of an installation."""
        return cls(settings.publisher, settings.contact)

    def __call__(self, path: str, status: int, what: str = "", seconds: int = 0) -> Response:
        """Return the page, or the JSON below `/api/`, of a refusal; `seconds` is how long to wait, 0 for not saying."""
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        if seconds:
            headers["Retry-After"] = str(seconds)
        if path.startswith(API):
            sentence = french.typeset(failure(status, what).what)
            return JSONResponse({"erreur": sentence}, status, headers=headers)
        return HTMLResponse(_laid_out(status, what, self), status, headers=headers)


@lru_cache(maxsize=64)
def _laid_out(status: int, what: str, host: Refusals) -> bytes:
    """Lay out the page of a refusal, once: a crowd may be refused at the same moment."""
    shell = Shell(here="", publisher=host.publisher, contact=host.contact, version=__version__)
    return bytes(page("error.html", failure(status, what), shell, status).body)
