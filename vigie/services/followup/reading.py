"""Who may reach a dossier, and how its rows become answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Role, Thing
from vigie.domain.followup import DossierState
from vigie.errors import Conflict, NotFound
from vigie.services.communes import commune_name
from vigie.services.followup.answers import Colleague, DossierLine, ReminderLine
from vigie.store.journal.followup import Dossier, DossierShare, DossierTag, Reminder
from vigie.store.journal.people import Membership, Person

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

FOLLOWERS = (Role.OFFICER, Role.ADMIN)
"""Those who open and own dossiers."""


def readable(reader: Reader, identifier: str) -> Dossier:
    """Return a dossier that the asker may read; raises `NotFound` otherwise.

    Followers also read one that was withdrawn, so that they can restore it.
    """
    held = reader.scope.require(Thing.DOSSIERS, Right.READ, Right.READ_OWN, Right.READ_SHARED)
    row = reader.find(Dossier, identifier)
    if row is None:
        raise NotFound(ABSENT)
    if Right.READ in held:
        return row
    if row.deleted_at is None:
        siren, person = reader.scope.siren, reader.scope.person
        if Right.READ_OWN in held and siren and row.siren == siren:
            return row
        if Right.READ_SHARED in held and person in {share.person_id for share in shares_of(reader, row.id)}:
            return row
    raise NotFound(ABSENT)


def writable(reader: Reader, identifier: str, *, closed: bool = False) -> Dossier:
    """Return a dossier that the asker may change.

    Raises `NotFound` otherwise, `Conflict` when it is closed, unless `closed` dossiers are accepted, or erased.
    """
    reader.scope.require(Thing.DOSSIERS, Right.WRITE)
    row = reader.get(Dossier, identifier)
    if row.erased_at is not None:
        raise Conflict("Ce dossier a été effacé au terme de sa durée de conservation : il ne change plus.")
    if row.state == DossierState.CLOSED and not closed:
        raise Conflict("Ce dossier est clos : rouvrez-le pour y écrire.")
    return row


def shares_of(reader: Reader, dossier: str) -> Sequence[DossierShare]:
    """Return to whom a dossier is opened."""
    return reader.all(
        select(DossierShare)
        .where(DossierShare.dossier_id == dossier, DossierShare.deleted_at.is_(None))
        .order_by(DossierShare.created_at, DossierShare.id)
    )


def names(reader: Reader, people: Iterable[str]) -> Mapping[str, str]:
    """Return the names of members of the organisation; somebody erased has none."""
    wanted = {person for person in people if person}
    if not wanted:
        return {}
    found = reader.all(select(Person).where(Person.id.in_(wanted)))
    return {person.id: person.name or "" for person in found}


def members(reader: Reader, roles: Sequence[Role]) -> tuple[Colleague, ...]:
    """Return the active members of the organisation in some roles, by name."""
    held = reader.all(
        select(Membership.person_id).where(
            Membership.organisation_id == reader.scope.organisation,
            Membership.role.in_([role.value for role in roles]),
            Membership.state == "active",
            Membership.deleted_at.is_(None),
        )
    )
    known = names(reader, held)
    return tuple(
        sorted((Colleague(person, known.get(person, "")) for person in held), key=lambda one: (one.name, one.id))
    )


def lines(reader: Reader, rows: Sequence[Dossier], *, inside: bool = True) -> tuple[DossierLine, ...]:
    """Return dossiers as lists show them; their tags are for those inside only."""
    owners = names(reader, [row.owner_id for row in rows])
    tags = tags_of(reader, [row.id for row in rows]) if inside else {}
    return tuple(
        DossierLine(
            id=row.id,
            kind=row.kind,
            title=row.title,
            siren=row.siren,
            siret=row.siret,
            commune=row.commune,
            commune_name=commune_name(row.commune),
            state=row.state,
            owner=row.owner_id,
            owner_name=owners.get(row.owner_id, ""),
            opened_at=row.created_at,
            waiting_since=row.waiting_since,
            last_contact_on=row.last_contact_on,
            withdrawn=row.deleted_at is not None,
            tags=tuple(tag.label for tag in tags.get(row.id, ())),
        )
        for row in rows
    )


def tags_of(reader: Reader, dossiers: Sequence[str]) -> Mapping[str, Sequence[DossierTag]]:
    """Return the tags of dossiers, by dossier and in order."""
    found: dict[str, list[DossierTag]] = defaultdict(list)
    if dossiers:
        live = (DossierTag.dossier_id.in_(dossiers), DossierTag.deleted_at.is_(None))
        for tag in reader.all(select(DossierTag).where(*live).order_by(DossierTag.label)):
            found[tag.dossier_id].append(tag)
    return found


def reminder_lines(
    reader: Reader, rows: Sequence[Reminder], titles: Mapping[str, str | None]
) -> tuple[ReminderLine, ...]:
    """Return reminders as lists show them; `titles` names their dossiers and introductions."""
    owners = names(reader, [row.owner_id for row in rows])
    return tuple(
        ReminderLine(
            id=row.id,
            dossier=row.dossier_id,
            introduction=row.introduction_id,
            title=titles.get(row.dossier_id or row.introduction_id) or "",
            due_on=row.due_on,
            reason=row.reason,
            owner=row.owner_id,
            owner_name=owners.get(row.owner_id, ""),
            done_at=row.done_at,
            result=row.result,
        )
        for row in rows
    )


def same_firm(reader: Reader, siren: str, but: str = "") -> Sequence[Dossier]:
    """Return the live dossiers on a firm; an empty SIREN is nobody's and matches nothing."""
    if not siren:
        return ()
    live = (Dossier.siren == siren, Dossier.deleted_at.is_(None), Dossier.id != but)
    return reader.all(select(Dossier).where(*live).order_by(Dossier.created_at, Dossier.id))
