"""Visits, calls, meetings, e-mails and internal notes of a dossier.

A dossier's last contact follows what comes from the contact; what we send alone never moves it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.days import past
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape, Words
from vigie.domain.followup import Direction, ExchangeKind, comes_from_contact, usual_direction
from vigie.errors import FieldFault, NotFound
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.entries import written
from vigie.services.followup.answers import JsonAnswer
from vigie.services.followup.reading import writable
from vigie.services.followup.record import contacts_of
from vigie.store.journal.followup import Contact, Dossier, Exchange
from vigie.store.journal.unit import version_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.access import Scope
    from vigie.store.journal.port import Reader, Unit

_WRITES = needs(Thing.DOSSIERS, Right.WRITE)
_GOES = (
    "Retiré, il quitte aussitôt le dossier. Il est effacé 30 jours après ; dans le dossier d’une collectivité, archive "
    "publique, une fois le visa des archives enregistré."
)


@dataclass(frozen=True, slots=True)
class ExchangeEntry:
    """Un échange."""

    kind: Annotated[str, Label("Type"), Words({kind.value: kind.label for kind in ExchangeKind})]
    body: Annotated[
        str, Label("Compte rendu"), TextShape("lines"), Missing("Écrivez un compte rendu, même bref."),
        Hint("La note interne n’est lue que par les agents de l’organisation ; le reste l’est aussi par "
             "l’entreprise et les partenaires du dossier."),
    ]  # fmt: skip
    happened_on: Annotated[date | None, Label("Jour"), Hint("Aujourd’hui s’il n’est pas dit.")] = None
    direction: Annotated[str, Label("Qui s’est exprimé"), Words({one.value: one.label for one in Direction})] = ""
    contact: Annotated[str, Label("Avec"), Length(20)] = ""
    waiting: Annotated[bool | None, Label("Une réponse est-elle attendue ?")] = None


@dataclass(frozen=True, slots=True)
class KeptExchange(JsonAnswer):
    """An exchange as it was kept."""

    id: str
    dossier: str
    kind: str
    direction: str
    happened_on: date
    body: str | None
    contact: str
    version: str


def read_exchange(telling: Telling, exchange: str) -> KeptExchange:
    """Return an exchange, to change it; raises `NotFound` for a note that the asker may not read."""
    telling.scope.require(Thing.DOSSIERS, Right.READ)
    row = telling.reader.get(Exchange, exchange)
    if row.kind == ExchangeKind.NOTE:
        telling.scope.require(Thing.NOTES, Right.READ)
    return _told(row)


def offered(reader: Reader, dossier: str, kinds: tuple[ExchangeKind, ...]) -> Mapping[str, Mapping[str, str]]:
    """Return what the fields of an exchange offer in a dossier."""
    people = {one.id: one.name or "Contact effacé" for one in contacts_of(reader, dossier)}
    return {
        "kind": {kind.value: kind.label for kind in kinds},
        "direction": {
            "": "selon le type : courriel envoyé, sinon échange des deux côtés",
            **{one.value: one.label for one in Direction},
        },
        "contact": {"": "personne en particulier", **people},
        "waiting": {"": "selon le type : oui après un courriel envoyé", "oui": "oui", "non": "non"},
    }


def to_record(telling: Telling, dossier: str) -> PreparedForm:
    """Return the form of a new exchange: today's; a note is offered to those who write notes."""
    notes = telling.scope.may(Thing.NOTES, Right.WRITE, Right.WRITE_OWN)
    kinds = tuple(kind for kind in ExchangeKind if notes or kind is not ExchangeKind.NOTE)
    today = {"happened_on": telling.reader.today.isoformat()}
    return PreparedForm(today, offered(telling.reader, dossier, kinds))


def _stands(telling: Telling, exchange: str) -> PreparedForm:
    kept = read_exchange(telling, exchange)
    telling.note("dossier.read", kept.dossier, telling.reader.get(Dossier, kept.dossier).siren)
    note = kept.kind == ExchangeKind.NOTE
    kinds = tuple(kind for kind in ExchangeKind if (kind is ExchangeKind.NOTE) == note)
    return PreparedForm(
        written(ExchangeEntry, kept),
        offered(telling.reader, kept.dossier, kinds),
        title="Modifier une note interne" if note else "Modifier un échange",
        lead="Vous seul changez vos notes internes."
        if note
        else "Le jour du dernier contact suit ce que vous corrigez ici.",
        left_out=("waiting",),
    )


def _dossier(telling: Telling, exchange: str) -> str:
    telling.scope.require(Thing.DOSSIERS, Right.READ)
    row = telling.reader.find(Exchange, exchange)
    return f"/bureau/dossiers/{row.dossier_id if row else ''}#echanges"


RECORDED = Act(
    "exchange.recorded",
    "échange consigné",
    needs=_WRITES,
    at="POST dossiers/{dossier}/exchanges",
    form_at="dossiers/{dossier}/echanges",
    summary="Consigner un échange",
    note="Le dernier contact suit ce qui vient du contact, jamais ce que nous envoyons.",
    done="L’échange est consigné.",
    takes=ExchangeEntry,
    makes=True,
    tells=read_exchange,
    page=FormPage("Consigner un échange", "", "Consigner", _dossier, to_record, within=True),
)
EDITED = Act(
    "exchange.edited",
    "échange corrigé",
    needs=_WRITES,
    at="PUT exchanges/{exchange}",
    form_at="echanges/{exchange}/modifier",
    summary="Modifier un échange",
    note="Une note interne n’est changée que par son auteur.",
    done="L’échange est consigné.",
    takes=ExchangeEntry,
    tells=read_exchange,
    page=FormPage(
        title="Modifier un échange",
        lead="",
        button="Enregistrer",
        back=_dossier,
        prepare=_stands,
        above={"Dossiers": "/bureau/dossiers", "Le dossier": ""},
    ),
)
WITHDRAWN = Act(
    "exchange.withdrawn",
    "échange retiré",
    needs=_WRITES,
    at="DELETE exchanges/{exchange}",
    form_at="echanges/{exchange}/retirer",
    summary="Retirer un échange",
    note="Retire un échange de son dossier.",
    done="L’échange est retiré.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", _GOES, "Retirer cet échange", _dossier, within=True, danger=True, foot_of=EDITED),
)
CAPABILITY = Capability("Dossiers", acts=(RECORDED, EDITED, WITHDRAWN))


@RECORDED.does
def record(doing: Doing, dossier: str, said: ExchangeEntry) -> None:
    """Write an exchange in a dossier; a note is written by those who write notes only."""
    unit = doing.unit
    _allowed(unit.scope, said.kind)
    kept = _checked(said, unit.today)
    row = writable(unit, dossier)
    contact = _contact(unit, dossier, kept.contact)
    made = Exchange(id=doing.subject, dossier_id=dossier, author_id=unit.scope.person, **_columns(kept))
    _awaits(row, kept)
    _heard(row, contact, made)
    unit.add(made)


@EDITED.does
def edit(doing: Doing, exchange: str, said: ExchangeEntry) -> None:
    """Change an exchange; a note is changed by its author only, and stays a note."""
    unit = doing.unit
    _allowed(unit.scope, said.kind)
    kept, row = _checked(said, unit.today), _owned(unit, exchange)
    if (row.kind == ExchangeKind.NOTE) != (kept.kind == ExchangeKind.NOTE):
        raise FieldFault("kind", "Une note interne reste une note, et un échange reste un échange.")
    dossier = writable(unit, row.dossier_id)
    contact = _contact(unit, row.dossier_id, kept.contact)
    others = _others(unit, row)
    was = row.happened_on if _proves(row) else None
    unit.change(row, _columns(kept))
    _forgotten(dossier, was, others)
    _heard(dossier, contact, row)


@WITHDRAWN.does
def withdraw(doing: Doing, exchange: str, _: Nothing) -> None:
    """Take an exchange out of its dossier; a note is withdrawn by its author only."""
    unit = doing.unit
    row = _owned(unit, exchange)
    dossier = writable(unit, row.dossier_id)
    others = _others(unit, row)
    _forgotten(dossier, row.happened_on if _proves(row) else None, others)
    unit.withdraw(row)


def _checked(said: ExchangeEntry, today: date) -> ExchangeEntry:
    """Return an exchange with its day and its direction; raises `FieldFault` for a day that cannot be."""
    kind, day = ExchangeKind(said.kind), said.happened_on or today
    if day > today:
        raise FieldFault("happened_on", "Un échange à venir se note comme un rappel.")
    if odd := past(day, today):
        raise FieldFault("happened_on", odd)
    usual = usual_direction(kind).value
    return replace(said, happened_on=day, direction=usual if kind is ExchangeKind.NOTE else said.direction or usual)


def _allowed(scope: Scope, kind: str) -> None:
    scope.require(Thing.DOSSIERS, Right.WRITE)
    if kind == ExchangeKind.NOTE:
        scope.require(Thing.NOTES, Right.WRITE, Right.WRITE_OWN)


def _owned(unit: Unit, exchange: str) -> Exchange:
    """Return an exchange that the asker may change: a note is its author's alone."""
    row = unit.get(Exchange, exchange)
    if row.kind == ExchangeKind.NOTE:
        unit.scope.require(Thing.NOTES, Right.WRITE, Right.WRITE_OWN)
        if row.author_id != unit.scope.person:
            raise NotFound(ABSENT)
    return row


def _contact(reader: Reader, dossier: str, contact: str) -> Contact | None:
    if not contact:
        return None
    row = reader.find(Contact, contact)
    if row is None or row.dossier_id != dossier or row.deleted_at is not None:
        raise FieldFault("contact", "Choisissez un contact de ce dossier.")
    return row


def _others(reader: Reader, row: Exchange) -> list[date]:
    """Return the days of the other exchanges of the dossier that came from a contact."""
    live = (Exchange.dossier_id == row.dossier_id, Exchange.deleted_at.is_(None), Exchange.id != row.id)
    return [other.happened_on for other in reader.all(select(Exchange).where(*live)) if _proves(other)]


def _proves(row: Exchange) -> bool:
    return comes_from_contact(ExchangeKind(row.kind), Direction(row.direction))


def _heard(dossier: Dossier, contact: Contact | None, exchange: Exchange) -> None:
    """Move the last contact forward when the exchange comes from the contact."""
    if not _proves(exchange):
        return
    for row in (dossier, contact):
        if row is not None and (row.last_contact_on is None or row.last_contact_on < exchange.happened_on):
            row.last_contact_on = exchange.happened_on


def _forgotten(dossier: Dossier, day: date | None, others: list[date]) -> None:
    """Move the last contact back when it rested on an exchange that is changed or withdrawn."""
    if day is not None and dossier.last_contact_on == day:
        dossier.last_contact_on = max(others, default=None)


def _awaits(dossier: Dossier, entry: ExchangeEntry) -> None:
    """Start waiting, go on waiting since the first day, or stop; a note changes nothing unless it says so."""
    if entry.waiting is None and entry.kind == ExchangeKind.NOTE:
        return
    waits = entry.direction == Direction.SENT if entry.waiting is None else entry.waiting
    if not waits:
        dossier.waiting_since = None
    elif dossier.waiting_since is None or entry.direction != Direction.SENT:
        dossier.waiting_since = entry.happened_on


def _columns(entry: ExchangeEntry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "direction": entry.direction,
        "happened_on": entry.happened_on,
        "body": entry.body,
        "contact_id": entry.contact,
    }


def _told(row: Exchange) -> KeptExchange:
    return KeptExchange(
        row.id, row.dossier_id, row.kind, row.direction, row.happened_on, row.body, row.contact_id, version_of(row)
    )
