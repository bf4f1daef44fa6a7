"""The wall between organisations, added to every statement of a session, whatever the engine.

Row-level security holds the same wall in PostgreSQL; here it also stands for SQLite, and makes both behave alike.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, event, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from vigie.domain.access import Role
from vigie.domain.attestation import ATTESTED
from vigie.errors import RequestFault
from vigie.store.journal.base import Base, Keyed, Owned, Private, Shared
from vigie.store.journal.people import Membership, Person
from vigie.store.journal.records import OVERSEEN, Audit, JournalEvent

if TYPE_CHECKING:
    from sqlalchemy.sql.base import ExecutableOption

    from vigie.domain.access import Scope

SCOPE, NOTE = "scope", "note"
UNKEEPABLE = "Un signe de cette demande, invisible, ne peut pas être gardé : écrivez le texte de nouveau."


class WalledSession(Session):
    """A session that reads within the wall of `info[SCOPE]`, and hands each flush to `info[NOTE]` before it leaves."""


@event.listens_for(WalledSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete:
        raise RuntimeError("rows of the journal are changed one by one, so that their events are kept")
    if not state.is_select or state.is_column_load:
        return
    scope: Scope = state.session.info[SCOPE]
    state.statement = state.statement.options(*_walls(scope.organisation, scope.person, scope.key, scope.oversees))


@lru_cache(maxsize=512)
def _walls(organisation: str, person: str, key: str, oversees: bool) -> tuple[ExecutableOption, ...]:
    """Return the criteria of an asker; making them takes longer than most statements, so the last ones are kept."""
    members = select(Membership.person_id).where(Membership.organisation_id == organisation).correlate(None)
    provisional = select(Membership.person_id).where(*_PROVISIONAL).correlate(None)
    return (
        *(_overseen(organisation) if oversees else _private(organisation)),
        with_loader_criteria(
            Shared,
            lambda table: or_(table.organisation_id == organisation, table.visibility == "public"),
            include_aliases=True,
        ),
        with_loader_criteria(
            Keyed,
            lambda table: or_(table.organisation_id == organisation, table.key_hash == key),
            include_aliases=True,
        ),
        with_loader_criteria(
            Membership,
            or_(Membership.organisation_id == organisation, Membership.person_id == person, *_heads(oversees)),
            include_aliases=True,
        ),
        with_loader_criteria(
            Person,
            or_(
                Person.id == person,
                Person.email_key == key,
                Person.id.in_(members),
                *((Person.id.in_(provisional),) if oversees else ()),
            ),
            include_aliases=True,
        ),
    )


_PROVISIONAL = (Membership.role == Role.HEAD.value, Membership.attested_as.not_in(ATTESTED))


def _heads(oversees: bool) -> tuple[ColumnElement[bool], ...]:
    """Return the heads that nobody attested yet, for the host who oversees."""
    return (and_(*_PROVISIONAL),) if oversees else ()


def _private(organisation: str) -> tuple[ExecutableOption, ...]:
    return (with_loader_criteria(Private, lambda table: table.organisation_id == organisation, include_aliases=True),)


def _overseen(organisation: str) -> tuple[ExecutableOption, ...]:
    """Return what the host who oversees sees: sign-ins and emergency accesses of all, the rest of their own."""
    return tuple(
        with_loader_criteria(table, or_(table.organisation_id == organisation, *_of_sign_ins(table)))
        for mapper in Base.registry.mappers
        if issubclass(table := mapper.class_, Private)
    )


def _of_sign_ins(table: type[Private]) -> tuple[ColumnElement[bool], ...]:
    if not issubclass(table, JournalEvent | Audit):
        return ()
    return tuple(table.kind.startswith(f"{family}.", autoescape=True) for family in OVERSEEN)


@event.listens_for(WalledSession, "before_flush")
def _check(session: Session, *_: object) -> None:
    scope: Scope = session.info[SCOPE]
    for row in (*session.new, *session.dirty):
        if isinstance(row, Owned) and row.organisation_id != scope.organisation:
            raise RuntimeError(f"a row of {type(row).__name__} would be written outside the asker's organisation")
        if any(isinstance(value, str) and "\0" in value for value in vars(row).values()):
            # PostgreSQL cannot hold it: neither engine takes what the other could not restore.
            raise RequestFault(UNKEEPABLE)
    if session.deleted:
        raise RuntimeError("rows of the journal are withdrawn or erased, never deleted")
    session.info[NOTE](session)
