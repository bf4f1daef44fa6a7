"""Where a file fetched comes from, kept beside it: final address, day of publication, validators, size, checksum."""

from __future__ import annotations

import json
import os
import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from vigie.domain.french import short_date
from vigie.errors import SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import httpx

SUFFIX = ".origin.json"
_STAMP = re.compile(r"/(\d{8}-\d{6})/")


def published_on(final_url: str, last_modified: str) -> str | None:
    """Return the ISO day on which a file was published.

    data.gouv.fr writes it in the address that a permanent one leads to (`/20261101-063012/`); otherwise the server's
    `Last-Modified` tells. `None` when neither does.
    """
    stamp = _STAMP.search(final_url)
    try:
        if stamp:
            return datetime.strptime(stamp[1], "%Y%m%d-%H%M%S").date().isoformat()
        return parsedate_to_datetime(last_modified).date().isoformat() if last_modified else None
    except ValueError:
        return None


def told(answer: httpx.Response, url: str) -> dict[str, Any]:
    """Return what an answer tells of the file behind `url`; a weak validator cannot resume, and is left out."""
    tag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    return {
        "url": url,
        "final_url": str(answer.url),
        "published": published_on(str(answer.url), modified),
        "etag": "" if tag.startswith("W/") else tag,
        "last_modified": modified,
    }


def same_file(known: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Tell whether two answers are of the same file: address without its query, validators, length, where both tell."""
    addresses = {str(one.get("final_url", "")).partition("?")[0] for one in (known, now)}
    pairs = ((known.get(key), now.get(key)) for key in ("etag", "last_modified", "expected"))
    return len(addresses) == 1 and all(before == after for before, after in pairs if before and after)


def origin_path(file: Path) -> Path:
    """Return where the origin of a file is kept."""
    return file.with_name(f"{file.name}{SUFFIX}")


def read_origin(file: Path) -> dict[str, Any]:
    """Return the origin of a complete file; nothing when it was not fetched, or is no longer what was fetched."""
    origin = read_json(origin_path(file))
    if not origin.get("complete") or not file.is_file() or file.stat().st_size != origin.get("bytes"):
        return {}
    return origin


def read_json(path: Path) -> dict[str, Any]:
    """Return what a file of ours holds; nothing when it is absent or unreadable."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file of ours whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps(content, indent=1, ensure_ascii=False), "utf-8")
    os.replace(fresh, path)  # noqa: PTH105 - atomic on every system


def age_sentence(day: str | None, fresh_days: int | None, today: date) -> str:
    """Return what to say of a file older than its source's rhythm allows; nothing when it is not, or nobody knows."""
    if day is None or fresh_days is None or len(day) < 10:
        return ""
    age = (today - date.fromisoformat(day[:10])).days
    if age <= fresh_days:
        return ""
    return (
        f"il date du {short_date(day[:10])}, il y a {age} jours\u00a0: au rythme de cette source, un plus récent a dû "
        "paraître. Cherchez-le sur la page de la source (« vigie sources »)."
    )


def refuse_older(told: Mapping[str, Any], not_before: str | None) -> None:
    """Raise `SourceUnavailable` when a file was published before the one already held."""
    published = told.get("published")
    if published and not_before and published < not_before:
        raise SourceUnavailable(
            f"L’adresse {told['url']} donne un fichier du {short_date(published)}, plus ancien que celui déjà "
            f"obtenu ou chargé ({short_date(not_before)})\u00a0: il n’a pas été pris, et rien n’a été remplacé. "
            "Réessayez plus tard, ou cherchez le fichier sur la page de la source."
        )
