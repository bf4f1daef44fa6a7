"""Emergency access: an admin of the installation reads an organisation, for a reason, for a time, in full view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.store.journal.base import new_id
from vigie.store.journal.people import Membership, Organisation, Person
from vigie.store.journal.records import EmergencyAccess
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Reader, Unit

LONGEST = 60
SHORTEST_REASON = 20
_LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Access:
    """One access: to which organisation, why, from when to when; `open` tells whether it still holds."""

    id: str
    organisation: str
    organisation_name: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    open: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the access as programs read it."""
        return {
            "id": self.id, "organisation": self.organisation, "organisation_name": self.organisation_name,
            "reason": self.reason, "opened_at": self.opened_at.isoformat(), "ends_at": self.ends_at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None, "open": self.open,
        }  # fmt: skip


class Emergency:
    """Opens and ends emergency accesses; each is written twice, at the host's and in the organisation it opens."""

    def __init__(self, journal: Journal, mail: Mail) -> None:
        self._journal, self._mail = journal, mail

    def open(self, scope: Scope, organisation: str, reason: str, minutes: int = LONGEST) -> Access:
        """Open an access, tell the organisation's admins by letter, and return it.

        Raises `FieldFault` when the reason is too short or the time too long, `Conflict` when one is already open.
        """
        scope.require(Thing.INSTALLATION, Right.WRITE)
        reason = " ".join(reason.split())
        _check(reason, minutes)
        try:
            with self._journal.writing(scope) as unit:
                return self._open(unit, scope, organisation, reason, minutes)
        except AlreadyDone as done:
            return self._one(scope, done.subject)

    def end(self, scope: Scope) -> None:
        """End the access through which the asker acts; raises `NotFound` when they act through none."""
        if scope.via != "emergency":
            raise NotFound("Aucun accès d’urgence n’est ouvert.")
        with self._journal.writing(scope) as unit:
            entered = _held_in(unit, scope.person, unit.now)
            if entered is None:
                return
            unit.act("emergency.ended", entered.id)
            entered.ended_at = unit.now
            home = entered.host_id
            unit.flush()
            unit.moving(replace(scope, organisation=home))
            unit.act("emergency.ended", entered.twin_id)
            unit.get(EmergencyAccess, entered.twin_id).ended_at = unit.now
            unit.flush()

    def of_installation(self, scope: Scope) -> tuple[Access, ...]:
        """Return every access opened by the host, the latest first."""
        scope.require(Thing.INSTALLATION, Right.READ)
        with self._journal.reading(scope) as reader:
            latest = select(EmergencyAccess).where(EmergencyAccess.target_id != "")
            return _accesses(reader, latest.order_by(EmergencyAccess.created_at.desc()).limit(200))

    def of_organisation(self, scope: Scope) -> tuple[Access, ...]:
        """Return every access to the asker's organisation, the latest first."""
        scope.require(Thing.AUDIT, Right.READ)
        with self._journal.reading(scope) as reader:
            latest = select(EmergencyAccess).where(EmergencyAccess.host_id != "")
            return _accesses(reader, latest.order_by(EmergencyAccess.created_at.desc()).limit(200))

    def trace(self, scope: Scope, path: str) -> None:
        """Note, in the organisation's audit, what is read through an emergency access: the path, without its query."""
        self._journal.trace(scope, "emergency.read", detail=path)

    def organisations(self, scope: Scope) -> tuple[tuple[str, str], ...]:
        """Return the identifier and the name of the organisations that can be opened, in the order of names."""
        scope.require(Thing.INSTALLATION, Right.READ)
        with self._journal.reading(scope) as reader:
            others = select(Organisation).where(
                Organisation.id != scope.organisation, Organisation.deleted_at.is_(None)
            )
            return tuple((row.id, row.name) for row in reader.all(others.order_by(Organisation.name)))

    def _open(self, unit: Unit, scope: Scope, organisation: str, reason: str, minutes: int) -> Access:
        home, there = new_id(), new_id()
        unit.act("emergency.opened", home)
        if current(unit, scope.person):
            raise Conflict("Un accès d’urgence est déjà ouvert : terminez-le d’abord.")
        target = unit.find(Organisation, organisation)
        if target is None or target.deleted_at is not None or target.id == scope.organisation:
            raise NotFound("Cette organisation n’existe pas, ou c’est la vôtre.")
        bounds = {"person_id": scope.person, "created_at": unit.now, "ends_at": unit.now + timedelta(minutes=minutes)}
        ours = unit.add(EmergencyAccess(id=home, reason=reason, target_id=target.id, twin_id=there, **bounds))
        unit.flush()
        unit.moving(replace(scope, organisation=target.id, request_key=""))
        unit.act("emergency.opened", there)
        unit.add(EmergencyAccess(id=there, reason=reason, host_id=scope.organisation, twin_id=home, **bounds))
        unit.trace("emergency.opened", there)
        self._tell(unit, target, reason, minutes, there)
        unit.flush()
        unit.moving(scope)
        return _access(ours, target.name, unit.now)

    def _tell(self, unit: Unit, target: Organisation, reason: str, minutes: int, about: str) -> None:
        admins = unit.all(
            select(Person)
            .join(Membership, Membership.person_id == Person.id)
            .where(
                Membership.role == Role.ADMIN.value, Membership.state == "active", Membership.deleted_at.is_(None),
                Membership.organisation_id == target.id, Person.deleted_at.is_(None),
            )
        )  # fmt: skip
        for admin in admins:
            if admin.email:
                self._mail.post(
                    unit,
                    recipient=admin.email,
                    subject=f"Accès d’urgence ouvert : {target.name}",
                    body=_LETTER.format(
                        name=target.name, reason=reason, minutes=minutes, link=self._mail.link("/bureau/journal")
                    ),
                    about=about,
                    once=f"{about}:{admin.id}",
                )

    def _one(self, scope: Scope, identifier: str) -> Access:
        with self._journal.reading(scope) as reader:
            row = reader.get(EmergencyAccess, identifier)
            return _access(row, _name(reader, row.target_id), reader.now)


_LETTER = """Bonjour,

Un administrateur de l’installation vient d’ouvrir un accès d’urgence à l’organisation « {name} ».

Raison donnée : {reason}
Durée : {minutes} minutes au plus ; lecture seule.

Tout ce qui est lu pendant ce temps est inscrit au journal de votre organisation :
{link}

Si cette raison ne vous paraît pas fondée, demandez des explications à l’hébergeur.
"""


def current(reader: Reader, person: str) -> EmergencyAccess | None:
    """Return the host's row of the access that a person has open at this moment, as seen from the host."""
    return reader.one(
        select(EmergencyAccess)
        .where(
            EmergencyAccess.person_id == person, EmergencyAccess.target_id != "", EmergencyAccess.ended_at.is_(None),
            *_within(reader.now),
        )
        .order_by(EmergencyAccess.created_at.desc())
        .limit(1)
    )  # fmt: skip


def _within(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Match the accesses that last, none longer than the longest: a clock set back does not prolong them."""
    return EmergencyAccess.ends_at > now, EmergencyAccess.ends_at <= now + timedelta(minutes=LONGEST)


def _held_in(reader: Reader, person: str, now: datetime) -> EmergencyAccess | None:
    """Return the organisation's row of the access that a person has open at this moment."""
    return reader.one(
        select(EmergencyAccess)
        .where(
            EmergencyAccess.person_id == person, EmergencyAccess.host_id != "", EmergencyAccess.ended_at.is_(None),
            *_within(now),
        )
        .order_by(EmergencyAccess.created_at.desc())
        .limit(1)
    )  # fmt: skip


def _check(reason: str, minutes: int) -> None:
    if not SHORTEST_REASON <= len(reason) <= _LONGEST_REASON:
        raise FieldFault(
            "motif", f"Dites pourquoi en une phrase : {SHORTEST_REASON} caractères au moins, 1 000 au plus."
        )
    if not 1 <= minutes <= LONGEST:
        raise FieldFault("minutes", f"Donnez une durée entre 1 et {LONGEST} minutes.")


def _accesses(reader: Reader, statement: Any) -> tuple[Access, ...]:
    rows = reader.all(statement)
    names = dict(reader.rows(select(Organisation.id, Organisation.name)))
    return tuple(_access(row, names.get(row.target_id or row.organisation_id, ""), reader.now) for row in rows)


def _access(row: EmergencyAccess, name: str, now: datetime) -> Access:
    return Access(
        id=row.id,
        organisation=row.target_id or row.organisation_id,
        organisation_name=name,
        reason=row.reason or "",
        opened_at=row.created_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        open=row.ended_at is None and row.ends_at > now,
    )


def _name(reader: Reader, organisation: str) -> str:
    found = reader.find(Organisation, organisation)
    return found.name if found else ""
