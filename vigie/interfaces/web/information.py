"""Pages that need no data: help, legal pages, theme, robots, sitemap."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from vigie.errors import NoData
from vigie.interfaces.http import THEME_COOKIE
from vigie.interfaces.pages import InformationPage
from vigie.interfaces.web.frame import THEMES, set_cookie, show_desk

STANDING = {
    "/accessibilite": "accessibility.html",
    "/mentions-legales": "legal.html",
    "/confidentialite": "privacy.html",
    "/aide": "help.html",
}
SECTIONS = ("/", "/annuaire", "/territoires", "/evenements", "/sources", "/indicateurs", *STANDING)


def standing(request: Request) -> Response:
    """Serve one of the pages that change with the host only."""
    settings = request.app.state.settings
    view = InformationPage(settings.contact, settings.publisher, urlsplit(settings.public_url).hostname or "")
    return show_desk(request, STANDING[request.url.path], view, section="")


async def theme(request: Request) -> Response:
    """Keep the appearance chosen in a cookie and go back where the reader was."""
    sent = await request.form(max_files=0) if request.method == "POST" else request.query_params
    back, wanted = str(sent.get("retour", "/")), str(sent.get("theme", ""))
    response = RedirectResponse(own_address(back), 303)
    if wanted == "systeme":
        response.delete_cookie(THEME_COOKIE)
    elif wanted in THEMES:
        set_cookie(request, response, THEME_COOKIE, wanted)
    return response


def robots(request: Request) -> Response:
    """Let the pages be indexed, searches and programs' answers excepted."""
    lines = (
        "User-agent: *",
        "Disallow: /annuaire?",
        "Disallow: /theme",
        "Disallow: /api/",
        f"Sitemap: {_absolute(request, '/sitemap.xml')}",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


def sitemap(request: Request) -> Response:
    """List the sections and the territories; establishments are left out, so that no masked one is ever listed."""
    addresses = list(SECTIONS)
    try:
        with request.app.state.installation.services() as services:
            addresses += [f"/territoire/{place.kind.value}/{place.code}" for place in services.observe.covered()]
            addresses += [f"/source/{card.id}" for card in services.catalogue.sources()]
            addresses += [f"/indicateur/{card.id}" for card in services.catalogue.indicators()]
    except NoData:
        pass
    entries = "".join(f"<url><loc>{escape(_absolute(request, address))}</loc></url>" for address in addresses)
    body = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return Response(body, media_type="application/xml")


def _absolute(request: Request, path: str) -> str:
    """Return an address with its host, which is the installation's own: that of a request may be forged."""
    public: str = request.app.state.settings.public_url
    return public + path


def own_address(back: str) -> str:
    """Keep a return inside the site: a path only, never another host."""
    try:
        parts = urlsplit(back.replace("\\", "/"))
    except ValueError:
        return "/"
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("//")
    query, place = f"?{parts.query}" if parts.query else "", f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.path}{query}{place}" if inside else "/"
