"""Organisations, persons, memberships, and the secrets by which they come in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import (
    ID_LENGTH,
    SERVED,
    Base,
    DataLife,
    Dated,
    Identified,
    Instant,
    Keyed,
    Open,
    Owned,
    Private,
    personal,
    words,
)


class Organisation(Base, Identified, Dated, Open):
    """A collectivité, an agency, a firm, an association, or the host of the installation.

    `territory` is a territory key (`epci:248500621`), `cog` the vintage of its codes. `retention_months` counts from
    the last contact; `retention_visa` is the reference of the archive schedule that allows another length.
    Its days are those of `zone`.
    """

    __tablename__ = "organisation"
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    territory: Mapped[str] = mapped_column(String(40), default="")
    cog: Mapped[int | None] = mapped_column(Integer, default=None)
    legal_basis: Mapped[str] = mapped_column(String(20), default="6-1-e")
    retention_months: Mapped[int] = mapped_column(Integer, default=36)
    retention_visa: Mapped[str] = mapped_column(String(200), default="")
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")


class Person(Base, Identified, Dated):
    """Somebody with an account; `email_key` is a keyed hash of the address, the address itself can be erased."""

    __tablename__ = "person"
    life = DataLife("accounts")
    email: Mapped[str | None] = personal()
    name: Mapped[str | None] = personal()
    password_hash: Mapped[str | None] = personal()
    email_key: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Membership(Base, Identified, Dated, Owned):
    """A person's role in an organisation; `siren` is the firm a head speaks for. State: active or suspended.

    Only heads have several in one organisation, one for each firm. `attested_as` is the proof that they speak for it
    (`vigie.domain.attestation`), empty as long as they are provisional; `attested_by` the organisation that vouches.
    """

    __tablename__ = "membership"
    life = DataLife("accounts", person="person_id", of_account=True)
    __table_args__ = (
        Index(
            "uq_membership_live", "organisation_id", "person_id", "siren", unique=True,
            sqlite_where=text("deleted_at IS NULL"), postgresql_where=text("deleted_at IS NULL"),
        ),
    )  # fmt: skip
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    role: Mapped[str] = mapped_column(String(20))
    siren: Mapped[str] = mapped_column(String(9), default="")
    state: Mapped[str] = mapped_column(String(20), default="active")
    attested_as: Mapped[str] = mapped_column(String(20), default="")
    attested_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    attested_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Invitation(Base, Identified, Dated, Keyed):
    """A place offered in an organisation, by a link used once; `dossier_id` is what a partner is invited to read."""

    __tablename__ = "invitation"
    life = DataLife(
        "accounts",
        ("invitations",),
        "invitations closes depuis 30 jours",
        {"expires_at": SERVED, "accepted_at": SERVED, "revoked_at": SERVED},
        address="email",
    )
    email: Mapped[str | None] = personal()
    role: Mapped[str] = mapped_column(String(20))
    siren: Mapped[str] = mapped_column(String(9), default="")
    dossier_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    invited_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    expires_at: Mapped[datetime] = mapped_column(Instant())
    accepted_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class SignIn(Base, Identified, Keyed):
    """A session: opaque, revocable, bounded; it acts in one organisation at a time, for one firm.

    `membership_id` is empty for sessions older than the choice of a firm.
    """

    __tablename__ = "sign_in"
    life = DataLife(
        "accounts",
        ("sign_ins",),
        "connexions périmées depuis 30 jours",
        {"expires_at": SERVED},
        holding=("person_id",),
        person="person_id",
        taken_as="sign_in",
    )
    evented = False
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    membership_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    via: Mapped[str] = mapped_column(String(20), default="password")
    created_at: Mapped[datetime] = mapped_column(Instant())
    seen_at: Mapped[datetime] = mapped_column(Instant())
    expires_at: Mapped[datetime] = mapped_column(Instant())
    revoked_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class ApiToken(Base, Identified, Dated, Keyed):
    """A token for programs; `scopes` are words separated by spaces; it only reads."""

    __tablename__ = "api_token"
    life = DataLife("accounts", person="person_id", taken_as="api_token", of_account=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    label: Mapped[str] = words(100)
    scopes: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Identity(Base, Identified, Dated, Keyed):
    """An account at an OpenID Connect provider; `key_hash` is a keyed hash of issuer and subject."""

    __tablename__ = "identity"
    life = DataLife("accounts", person="person_id", of_account=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    issuer: Mapped[str] = mapped_column(String(200))


class FirmLink(Base, Identified, Dated, Private):
    """A person's claim to speak for a firm: how it is proved (invitation, domain, declared) and where it stands."""

    __tablename__ = "firm_link"
    life = DataLife("attestations", person="person_id", taken_as="firm_link", of_account=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    siren: Mapped[str] = mapped_column(String(9), index=True)
    proof: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    decided_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class FirmDomain(Base, Identified, Dated, Private):
    """An e-mail domain that an officer says to be a firm's; it proves something once the host confirmed it."""

    __tablename__ = "firm_domain"
    siren: Mapped[str] = mapped_column(String(9), index=True)
    domain: Mapped[str] = mapped_column(String(253), index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class HostRequest(Base, Identified, Dated, Private):
    """What an organisation asks of the host: to attest a head of a firm, or to confirm a domain of one.

    The row is the host's: `asked_from` is the organisation that asks, `subject_id` its membership or its domain,
    `contact` whom to verify (name and address, or the domain). State: waiting, granted, refused or ended.
    """

    __tablename__ = "host_request"
    life = DataLife(
        "attestations",
        ("host_requests",),
        "demandes à l’hébergeur décidées depuis 30 jours",
        {"decided_at": SERVED},
        person="person_id",
    )
    kind: Mapped[str] = mapped_column(String(20))
    asked_from: Mapped[str] = mapped_column(String(ID_LENGTH))
    subject_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="", index=True)
    siren: Mapped[str] = mapped_column(String(9))
    contact: Mapped[str | None] = personal()
    proof: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    decided_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Attempt(Base, Identified, Open):
    """One try at a secret, counted to slow guessing down; `bucket` is a keyed hash of what was tried, or whence."""

    __tablename__ = "attempt"
    evented = False
    bucket: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(Instant(), index=True)
