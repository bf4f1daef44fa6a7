"""The future that a vision chose: a scenario of a closed workshop, and what is seen today of what would tell it comes.

A scenario is kept as its hypotheses, not as its rank: ranks would move were the method to. What is seen is read by the
rounds in the data in service, as targets are, so that every door tells the same figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.french import listed
from vigie.domain.workshop import ItemKind, WorkshopState
from vigie.errors import FieldFault
from vigie.services.acts import PreparedForm
from vigie.services.communes import told_territory
from vigie.services.indicator_cards import indicator_cards
from vigie.services.vision.answers import ForeseenTold, SignTold
from vigie.services.workshops.reading import items_of
from vigie.services.workshops.scenarios import scenarios_told
from vigie.store.journal.workshops import Workshop

if TYPE_CHECKING:
    from vigie.services.workshops.answers import ScenarioTold
    from vigie.store.journal.port import Reader
    from vigie.store.journal.vision import Vision

_OFFERED = 5
"""Closed workshops whose scenarios are offered, the last first: each is computed again, and a list stays read."""


def form_of(reader: Reader, values: Mapping[str, str]) -> PreparedForm:
    """Return the form of a vision; without a closed workshop that tells a scenario, none is asked for."""
    found = offered(reader)
    if not found:
        return PreparedForm(values, left_out=("foreseen",))
    return PreparedForm(values, {"foreseen": {"": "Aucun"} | found})


def offered(reader: Reader) -> dict[str, str]:
    """Return the scenarios that a vision may choose, by what the form sends: the workshop and the rank it gives it."""
    ours = select(Workshop).where(
        Workshop.organisation_id == reader.scope.organisation,
        Workshop.state == WorkshopState.CLOSED.value,
        Workshop.deleted_at.is_(None),
    )
    rows = reader.all(ours.order_by(Workshop.closed_at.desc(), Workshop.id).limit(_OFFERED))
    return {
        _sent(row.id, rank): f"{row.title}, scénario {rank} : {listed(one.hypotheses)}"
        for row in rows
        for rank, one in enumerate(_scenarios(reader, row), start=1)
    }


def chosen(reader: Reader, sent: str) -> tuple[str, list[str]]:
    """Return the workshop and the hypotheses of what a form sent; nothing for nothing.

    Raises `FieldFault` for a scenario that no closed workshop of the organisation has.
    """
    if not sent:
        return "", []
    workshop, _, rank = sent.partition(":")
    row = reader.find(Workshop, workshop)
    ours = row is not None and row.organisation_id == reader.scope.organisation and row.deleted_at is None
    if row is not None and ours and row.state == WorkshopState.CLOSED.value:
        for number, one in enumerate(_scenarios(reader, row), start=1):
            if rank == str(number):
                return workshop, list(one.items)
    raise FieldFault(
        "foreseen", "Ce scénario n’est pas d’un atelier clos de votre organisation : donnez l’atelier, « : », le rang."
    )


def sent_of(reader: Reader, row: Vision) -> str:
    """Return what the form sends for the scenario that a vision chose; empty when its workshop no longer tells it."""
    workshop = reader.find(Workshop, row.workshop_id) if row.workshop_id else None
    for rank, one in enumerate(_scenarios(reader, workshop) if workshop else (), start=1):
        if list(one.items) == row.hypotheses:
            return _sent(row.workshop_id, rank)
    return ""


def foreseen_of(reader: Reader, row: Vision) -> ForeseenTold | None:
    """Return the scenario that a vision chose, with what is seen of it; `None` without any, or once it is withdrawn."""
    workshop = reader.find(Workshop, row.workshop_id) if row.workshop_id else None
    if workshop is None or workshop.deleted_at is not None:
        return None
    items = {one.id: one for one in items_of(reader, workshop.id)}
    held = [items[key] for key in row.hypotheses if key in items]
    homes = [(items[one.within], one) for one in held if one.within in items]
    return ForeseenTold(
        workshop.id,
        workshop.title,
        tuple(one.text for one in held),
        tuple(
            _sign(workshop.territory, (home.text, one.text), home.indicator, row.signs.get(home.indicator, {}))
            for home, one in homes
            if home.kind == ItemKind.DESCRIPTOR.value and home.indicator in indicator_cards()
        ),
    )


def _sign(territory: str, said: tuple[str, str], indicator: str, seen: Mapping[str, object]) -> SignTold:
    card, (descriptor, hypothesis) = indicator_cards()[indicator], said
    value, at = seen.get("value"), seen.get("at")
    return SignTold(
        descriptor,
        hypothesis.removeprefix(f"{descriptor} : "),
        indicator,
        card.label,
        card.unit,
        territory,
        told_territory(territory),
        float(value) if isinstance(value, int | float) else None,
        datetime.fromisoformat(at) if isinstance(at, str) else None,
    )


def _scenarios(reader: Reader, row: Workshop) -> Sequence[ScenarioTold]:
    return scenarios_told(items_of(reader, row.id), row.told.get("cells", {}))


def _sent(workshop: str, rank: int) -> str:
    return f"{workshop}:{rank}"
