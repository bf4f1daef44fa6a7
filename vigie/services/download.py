"""Fetch the official files of sources, from the addresses that their cards hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from vigie.errors import NotFound, RequestFault, SourceUnavailable
from vigie.sources import download as fetching

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from vigie.sources.cards_reader import Address, Card

FRANCE, DEPARTEMENT = "france", "departement"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file fetched: its source, where it is, whence it came, and whether the whole country is in it."""

    source: str
    path: str
    url: str
    bytes: int
    sha256: str
    whole: bool
    resumed: bool
    unchanged: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as the machine-readable answers print it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """Which sources to fetch (ids of cards), into which folder; of one département where the producer offers it."""

    sources: tuple[str, ...]
    folder: Path
    departement: str | None = None


def download(
    request: DownloadRequest,
    cards: Sequence[Card],
    progress: Callable[[str, int, int | None], None] | None = None,
    patience: fetching.Patience | None = None,
) -> tuple[Fetched, ...]:
    """Fetch each source, its addresses tried in the card's order; `progress` is told (file, received, expected).

    Raises `NotFound` for a source without card or address, `RequestFault` for a malformed département,
    `SourceUnavailable` when no address of a source answers.
    """
    if request.departement is not None and not _is_departement(request.departement):
        raise RequestFault(f"« {request.departement} » n’est pas un code de département (par exemple 85, 2A ou 971).")
    chosen = [(name, _addresses(name, cards, request.departement)) for name in request.sources]
    return tuple(_first_that_answers(name, addresses, request, progress, patience) for name, addresses in chosen)


def _addresses(name: str, cards: Sequence[Card], departement: str | None) -> list[Address]:
    card = next((card for card in cards if name in (card.id, card.source)), None)
    offered = sorted(c.id for c in cards if c.addresses)
    if card is None:
        raise NotFound(f"La source « {name} » est inconnue. Sources à télécharger : {', '.join(offered)}.")
    if not card.addresses:
        raise NotFound(f"La carte « {name} » ne donne pas d’adresse. Sources à télécharger : {', '.join(offered)}.")
    cut = [address for address in card.addresses if address.scope == DEPARTEMENT]
    whole = [address for address in card.addresses if address.scope == FRANCE]
    return cut + whole if departement else whole


def _first_that_answers(
    name: str,
    addresses: Sequence[Address],
    request: DownloadRequest,
    progress: Callable[[str, int, int | None], None] | None,
    patience: fetching.Patience | None,
) -> Fetched:
    refusals = []
    for address in addresses:
        file = address.file or address.url.rpartition("/")[2]
        url, file = (text.replace("{departement}", request.departement or "") for text in (address.url, file))
        told = (lambda done, total, file=file: progress(file, done, total)) if progress else None
        try:
            got = fetching.download(url, request.folder / file, sha256=address.sha256, progress=told, patience=patience)
        except SourceUnavailable as refusal:
            refusals.append(str(refusal))
            continue
        whole = address.scope == FRANCE
        return Fetched(name, str(got.path), got.url, got.bytes, got.sha256, whole, got.resumed, got.unchanged)
    raise SourceUnavailable("\n".join(refusals))


def _is_departement(text: str) -> bool:
    return text.isascii() and text.isalnum() and len(text) in (2, 3) and (text[0].isdigit())
