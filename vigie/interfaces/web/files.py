"""Files that the pages hand over."""

from __future__ import annotations

from starlette.responses import Response


def attached(content: bytes, media_type: str, name: str) -> Response:
    """Hand a file to take away; search engines are asked to leave it out."""
    headers = {"Content-Disposition": f'attachment; filename="vigie-{name}"', "X-Robots-Tag": "noindex"}
    return Response(content, media_type=media_type, headers=headers)
