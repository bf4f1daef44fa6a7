"""How tables of the journal are declared: opaque identifiers, instants in UTC, erasable columns, owners.

Every row belongs to an organisation. Columns made by `personal` hold what a person can have erased: their values
never enter the events, which say only that they changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
ID_LENGTH = 20
_LETTERS = (_ALPHABET * 8).encode()
"""A letter for each of the 256 bytes: 32 letters, as many bytes each."""
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """Return an opaque identifier of twenty characters, 100 bits of chance."""
    return secrets.token_bytes(ID_LENGTH).translate(_LETTERS).decode()


class Instant(TypeDecorator[datetime]):
    """A moment, stored in UTC; a moment without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; raises `ValueError` when it has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment of the journal needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SERVED = timedelta(days=30)
"""How long what serves no more is kept: rows of imports, used or expired links, whatever was withdrawn."""


@dataclass(frozen=True, slots=True)
class DataLife:
    """What becomes of what a table holds about people: said on the table, read by all that keeps or ends it.

    `processing` names the line of the register (GDPR, article 30) under which it is held. `rules` are the rules of
    retention that erase it; none is named where it goes with its account. Where the row's own dates are enough, `ends`
    tells after how long since which of them it is due (`None`: the months that the organisation set), and `label`
    what the rule, the first one, is called; `holding` are the columns that say that there is something left to erase,
    those of `personal` unless told.
    `address` is the column of an e-mail address, by which a person is found who asks to be erased. `person` is the
    column of the account whose the row is, `taken_as` the name of the table in what that account takes away; what is
    `of_account` is withdrawn and emptied when the account closes.
    """

    processing: str
    rules: tuple[str, ...] = ()
    label: str = ""
    ends: Mapping[str, timedelta | None] = field(default_factory=dict)
    holding: tuple[str, ...] = ()
    address: str = ""
    person: str = ""
    taken_as: str = ""
    of_account: bool = False


class Base(DeclarativeBase):
    """Root of the journal's tables; each that holds something about people says its `life`.

    Changes of rows that are not `evented` enter no event; rows that are not `taken_away` leave in no archive.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant(), str: String()}
    evented: ClassVar[bool] = True
    taken_away: ClassVar[bool] = True
    life: ClassVar[DataLife | None] = None


class Identified:
    """A row known by an opaque identifier."""

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)


class Dated:
    """A row that tells when it was made and, when it was withdrawn, since when."""

    created_at: Mapped[datetime] = mapped_column(Instant())
    deleted_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Owned:
    """A row that belongs to an organisation; one of the classes below says who sees it."""

    organisation_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)


class Private(Owned):
    """A row that only its organisation sees."""


class Shared(Owned):
    """A row that its organisation sees, and everybody when its visibility is « public »."""

    visibility: Mapped[str] = mapped_column(String(20), default="network")


class Vouched:
    """Words said for a firm: the proof that their author speaks for it, and the organisation that vouches for it."""

    vouched_as: Mapped[str] = mapped_column(String(20), default="")
    vouched_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    vouched_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Keyed(Owned):
    """A row found by the hash of a secret that its bearer presents, before anything else is known of them."""

    key_hash: Mapped[str] = mapped_column(String(64), index=True, unique=True)


class Open:
    """A row that nothing walls off: it holds no personal data."""


def personal() -> Mapped[str | None]:
    """Declare a column whose content can be erased and never enters an event."""
    return mapped_column(Text, default=None, nullable=True, info={"personal": True})


def words(longest: int) -> Mapped[str]:
    """Declare a column of a few words that somebody chose: erased by being emptied, never in an event either."""
    return mapped_column(String(longest), default="", info={"personal": True})
