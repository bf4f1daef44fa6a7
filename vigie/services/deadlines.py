"""Days that come: public calls that close, schemes of aid that end; what anybody may put in their calendar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.access import ANYONE
from vigie.services.aids.answering import page_of
from vigie.services.aids.book import book_of
from vigie.services.calls.reading import CallFilter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from vigie.services.calls.reading import CallReading
    from vigie.services.questions import DataInService

MOST_PAGES = 20
"""Pages of calls read at most: a calendar of more than a thousand lines is read by nobody."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that ends something: what, for whom it matters, where it is told; `mark` names it for ever."""

    day: date
    mark: str
    title: str
    about: str
    href: str


def deadlines(calls: CallReading, data: DataInService | None, today: date) -> tuple[Deadline, ...]:
    """Return what ends on `today` or later, the first to end first; without data loaded, calls alone."""
    found = [*_calls(calls), *(_schemes(data) if data else ())]
    return tuple(sorted((one for one in found if one.day >= today), key=lambda one: (one.day, one.title, one.mark)))


def _calls(calls: CallReading) -> Iterable[Deadline]:
    page = 1
    while True:
        found = calls.published(ANYONE, CallFilter(page=page))
        for call in found.calls:
            if call.closes_on:
                yield Deadline(
                    call.closes_on, f"appel-{call.id}", f"Dernier jour pour répondre : {call.title}",
                    f"Appel publié par {call.organisation}.", f"/appels/{call.id}",
                )  # fmt: skip
        if page >= min(found.total_pages, MOST_PAGES):
            return
        page += 1


def _schemes(data: DataInService) -> Iterable[Deadline]:
    book = book_of(data)
    for rank, scheme in enumerate(book.schemes):
        if scheme.closes and rank not in book.repeated:
            held = f"Proposée par {scheme.holders}. " if scheme.holders else ""
            yield Deadline(
                scheme.closes, f"aide-{scheme.id}", f"Dernier jour d’une aide : {scheme.title}",
                f"{held}Vigie ne décide pas : vérifiez auprès de qui la propose.", page_of(scheme.id),
            )  # fmt: skip
