"""Where a figure comes from: source, vintage, licence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """A source as it is cited beside a figure.

    `id` is the name of the source's card; `vintage` is the date or year of the data (not of the download),
    `None` when the file does not say. `attribution` is the text that the licence asks beside what is drawn from it.
    """

    id: str
    title: str
    producer: str
    licence: str
    vintage: str | None
    url: str | None = None
    attribution: str = ""
