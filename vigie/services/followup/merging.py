"""Two dossiers on the same firm made one: everything moves, nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.errors import Conflict
from vigie.store.journal.followup import Contact, Dossier, DossierShare, DossierTag, Exchange, Reminder
from vigie.store.journal.introductions import Side
from vigie.store.journal.people import Invitation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from vigie.store.journal.port import Unit

_MOVED: tuple[Any, ...] = (Contact, Exchange, Reminder, DossierTag, DossierShare, Side, Invitation)


def merge(unit: Unit, kept: Dossier, other: Dossier) -> None:
    """Move what `other` holds into `kept`, complete what `kept` does not say, withdraw `other`.

    Raises `Conflict` unless both are on the same SIREN, and are two.
    """
    if kept.id == other.id:
        raise Conflict("Choisissez deux dossiers différents.")
    if not kept.siren or kept.siren != other.siren:
        raise Conflict("Seuls deux dossiers portant le même SIREN se réunissent : complétez d’abord le SIREN.")
    # Everything is read before anything changes, so that the whole merge leaves in one event.
    moved = [row for table in _MOVED for row in unit.all(select(table).where(table.dossier_id == other.id))]
    doubles = _doubles(unit, kept, moved)
    for row in moved:
        row.dossier_id = kept.id
    for row in doubles:
        unit.withdraw(row)
    _complete(kept, other)
    other.merged_into = kept.id
    unit.withdraw(other)


def _doubles(unit: Unit, kept: Dossier, moved: Sequence[object]) -> list[DossierTag | DossierShare]:
    """Return the tags and shares that the dossier kept has already."""
    live = (DossierTag.dossier_id == kept.id, DossierTag.deleted_at.is_(None))
    labels = set(unit.all(select(DossierTag.label).where(*live)))
    opened = (DossierShare.dossier_id == kept.id, DossierShare.deleted_at.is_(None))
    people = set(unit.all(select(DossierShare.person_id).where(*opened)))
    return [
        row
        for row in moved
        if (isinstance(row, DossierTag) and row.label in labels)
        or (isinstance(row, DossierShare) and row.person_id in people)
    ]


def _complete(kept: Dossier, other: Dossier) -> None:
    for name in ("siret", "commune", "source"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(other, name))
    said = [text for text in (kept.summary, _said_elsewhere(kept, other)) if text]
    if other.summary or (other.title and other.title != kept.title):
        kept.summary = "\n\n".join(said)
    kept.prospecting = kept.prospecting and other.prospecting
    kept.last_contact_on = _chosen(max, kept.last_contact_on, other.last_contact_on)
    kept.waiting_since = _chosen(min, kept.waiting_since, other.waiting_since)


def _said_elsewhere(kept: Dossier, other: Dossier) -> str:
    title = f"Dossier réuni : « {other.title} »." if other.title and other.title != kept.title else ""
    return " ".join(text for text in (title, other.summary or "") if text)


def _chosen(choose: Callable[[list[date]], date], *days: date | None) -> date | None:
    known = [day for day in days if day is not None]
    return choose(known) if known else None
