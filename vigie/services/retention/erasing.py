"""Erasure on request: a contact of a dossier, or the asker's own account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from sqlalchemy import ColumnElement, func, select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.addresses import address_key, holds_address
from vigie.domain.consultation import StatementState
from vigie.domain.declared import Label, Length
from vigie.domain.introductions import RequestState
from vigie.domain.spreadsheets import Stage
from vigie.errors import Conflict, FieldFault, NotFound, NotSignedIn
from vigie.services.accounts.speaking import host_of
from vigie.services.acts import Act, Doing, FormPage, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.followup.contacts import EDITED
from vigie.services.jobs.asking import drop_about
from vigie.services.keys import Keys
from vigie.services.retention.purging import Erased
from vigie.services.retention.rules import tables_of_life
from vigie.services.spreadsheets.imports import REFUSAL
from vigie.store.journal.consultations import Statement
from vigie.store.journal.followup import Contact, ContactRefusal, Exchange, ImportBatch
from vigie.store.journal.introductions import CallAnswer, IntroductionRequest
from vigie.store.journal.models import Base
from vigie.store.journal.needs import Answerer, StatedNeed
from vigie.store.journal.people import (
    ApiToken,
    FirmLink,
    HostRequest,
    Identity,
    Invitation,
    Membership,
    Organisation,
    Person,
    SignIn,
)
from vigie.store.journal.records import Letter

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

    from vigie.store.journal.port import Journal, Reader, Unit

Row = TypeVar("Row", bound=Base)

WORD = "EFFACER"
_APART: tuple[type[Base], ...] = (Letter, Invitation)
"""Letters are looked for by their text too; an invitation is its organisation’s own, and goes with the account."""
_KEEPERS = (Role.ADMIN.value, Role.SUPER_ADMIN.value)


def _dossier(telling: Telling, contact: str) -> str:
    row = telling.reader.find(Contact, contact)
    return f"/bureau/dossiers/{row.dossier_id}" if row else "/bureau/dossiers"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """La confirmation d’un effacement."""

    confirmation: Annotated[str, Label(f"Pour confirmer, écrivez {WORD}"), Length(10)]


ERASED: Act[Confirmed, Erased] = Act(
    "contact.erased",
    "contact effacé",
    needs=needs(Thing.DOSSIERS, Right.WRITE),
    at="POST retention/contacts/{contact}/erasure",
    form_at="conservation/contacts/{contact}/effacement",
    summary="Effacer un contact à sa demande",
    note="Vide la fiche partout où son adresse figure ; aucun import ne la rapportera.\n\n"
    "`to_reread` compte les échanges dont le texte, écrit par un agent, peut encore citer la personne.",
    done="Le contact est effacé, à sa demande ; relisez les comptes rendus qui peuvent encore le citer.",
    takes=Confirmed,
    tells=lambda _, contact: Erased(contact, 0),
    erases=True,
    page=FormPage(
        title="Effacer à la demande de la personne",
        lead="Son nom, ses coordonnées et les courriels qu’elle a reçus sont vidés pour de bon, et aucun import ne les "
        "rapportera. Relisez les comptes rendus : un texte écrit à la main peut encore la citer.",
        button="Effacer ce contact",
        back=_dossier,
        within=True,
        danger=True,
        foot_of=EDITED,
    ),
)
CAPABILITY = Capability("Conservation", acts=(ERASED,))


@ERASED.does
def erase_contact(doing: Doing, contact: str, said: Confirmed) -> Erased:
    """Erase a contact, wherever their address stands, and keep imports from bringing them back."""
    if said.confirmation != WORD:
        raise FieldFault("confirmation", f"Écrivez {WORD} pour confirmer l’effacement.")
    unit = doing.unit
    row = unit.find(Contact, contact)
    if row is None or row.erased_at is not None:
        raise NotFound("Ce contact n’existe pas, ou a déjà été effacé.")
    linked = (Exchange.contact_id == contact, Exchange.body.is_not(None))
    to_reread = unit.count(select(Exchange).where(*linked))
    others = [one for one in _of_address(unit, doing.means.keys, row.email or "") if one is not row]
    for one in (row, *others):
        unit.erase(one)
    row.deleted_at = row.deleted_at or unit.now
    unit.trace("contact.erased", contact)
    return Erased(contact, 1 + len(others), to_reread)


class Erasing:
    """Empties what a person asks to have erased; what was done stays, under identifiers that say nothing."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def me(self, scope: Scope) -> Erased:
        """Close the asker's account everywhere and empty what names them; the address may sign up again.

        Raises `NotSignedIn` for anyone not in a session, `Conflict` for the last administrator of an organisation.
        """
        if not scope.person or scope.via != "session":
            raise NotSignedIn("Ouvrez votre session pour demander l’effacement de votre compte.")
        erased = 0
        with self._journal.writing(replace(scope, request_key="")) as unit:
            person = unit.get(Person, scope.person)
            email = person.email or ""
            mine = select(Membership).where(Membership.person_id == person.id)
            organisations = sorted({row.organisation_id for row in unit.all(mine)} | {scope.organisation})
            for organisation in filter(None, organisations):
                unit.moving(replace(scope.within(organisation), request_key=""))
                unit.act("account.closed", person.id)
                erased += self._leave(unit, person.id, email)
                unit.flush()
            for place in dict.fromkeys((host_of(unit), "")):
                unit.moving(replace(scope.within(place), request_key=""))
                unit.act("account.closed", person.id)
                for asked in unit.all(select(HostRequest).where(HostRequest.person_id == person.id)):
                    unit.erase(asked)
                    asked.state = "refused" if asked.state == "waiting" else asked.state
            unit.moving(replace(scope, request_key=""))
            unit.act("account.erased", person.id)
            unit.erase(person)
            person.email_key, person.deleted_at = None, unit.now
        self._journal.scrub()
        return Erased(scope.person, erased + 1)

    def _leave(self, unit: Unit, person: str, email: str) -> int:
        """End what a person holds in one organisation; return how many rows were emptied."""
        here = unit.scope.organisation
        roles = unit.all(select(Membership.role).where(*_live(here), Membership.person_id == person))
        for table in (Membership, FirmLink, ApiToken, Identity, Answerer):
            for row in unit.all(
                select(table).where(
                    table.person_id == person, table.organisation_id == here, table.deleted_at.is_(None)
                )
            ):
                unit.withdraw(row)
                unit.erase(row)
                if isinstance(row, Identity | ApiToken):
                    # The key is freed: the same account elsewhere may come again.
                    row.key_hash = Keys.hash_token(Keys.new_token())
        for opened in unit.all(select(SignIn).where(SignIn.person_id == person, SignIn.organisation_id == here)):
            opened.revoked_at = opened.revoked_at or unit.now
        unit.flush()
        if not set(roles).isdisjoint(_KEEPERS):
            _require_keeper(unit, here)
        rows: list[Base] = list(unit.all(select(CallAnswer).where(CallAnswer.person_id == person)))
        rows += _asked(unit, person)
        rows += _proposed(unit, person)
        if email:
            rows += bearing(unit, StatedNeed, StatedNeed.email, email)
            invitations = bearing(unit, Invitation, Invitation.email, email)
            rows += [row for row in invitations if row.organisation_id == here]
            rows += _letters(unit, email)
        for row in rows:
            unit.erase(row)
        return len(rows)


def _proposed(unit: Unit, person: str) -> Sequence[Statement]:
    """Return the ideas that somebody proposed with their account, which are voted no more."""
    ideas = unit.all(select(Statement).where(Statement.author_id == person))
    for idea in ideas:
        idea.state, idea.author_id = StatementState.ERASED.value, ""
    return ideas


def _of_address(unit: Unit, keys: Keys, email: str) -> list[Base]:
    """Return what else carries an address, and remember by its fingerprint that it is not to come back."""
    if not email:
        return []
    unit.add(ContactRefusal(fingerprint=keys.fingerprint(REFUSAL, address_key(email))))
    rows: list[Base] = []
    for table, life in tables_of_life():
        if life.address and table not in _APART:
            rows += bearing(unit, table, getattr(table, life.address), email)
    rows += _letters(unit, email)
    rows += _given_up(unit, email)
    return rows


def bearing(
    reader: Reader, table: type[Row], column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], email: str
) -> Sequence[Row]:
    """Return the rows whose column is an address, however it is spelled there."""
    mark = address_key(email)
    written = reader.all(select(column).where(column.is_not(None)).distinct())
    same = sorted({text for text in written if text and address_key(text) == mark})
    return reader.all(select(table).where(column.in_(same))) if same else ()


def _letters(unit: Unit, email: str) -> list[Letter]:
    """Return the letters to an address, and those that gave it to the other party of an introduction."""
    address = email.strip().casefold()
    given = func.lower(Letter.body).contains(address, autoescape=True)
    rows = list(bearing(unit, Letter, Letter.recipient, email))
    known = {row.id for row in rows}
    others = unit.all(select(Letter).where(given))
    return rows + [row for row in others if row.id not in known and holds_address(row.body or "", email)]


def _given_up(unit: Unit, email: str) -> Sequence[ImportBatch]:
    """Give up the imports under way whose rows hold an address, and return them: they are to be brought again."""
    mark = address_key(email)
    batches = [
        batch
        for batch in unit.all(select(ImportBatch).where(ImportBatch.content.is_not(None)))
        if any(
            "@" in text and (holds_address(text, email) or address_key(text) == mark)
            for text in _texts(json.loads(batch.content or "null"))
        )
    ]
    for batch in batches:
        batch.state = Stage.ABANDONED.value
        drop_about(unit, batch.id)
    return batches


def _texts(content: Any) -> Iterator[str]:
    """Yield the texts of a value read from JSON."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from _texts(inner)


def _asked(unit: Unit, person: str) -> list[IntroductionRequest]:
    """Return the introductions that somebody asked for; those that wait are withdrawn."""
    rows = list(unit.all(select(IntroductionRequest).where(IntroductionRequest.person_id == person)))
    for row in rows:
        row.state = RequestState.WITHDRAWN.value if row.state == RequestState.WAITING.value else row.state
    return rows


def _live(organisation: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.organisation_id == organisation,
        Membership.deleted_at.is_(None),
        Membership.state == "active",
    )


def _require_keeper(unit: Unit, organisation: str) -> None:
    unit.one(select(Organisation.id).where(Organisation.id == organisation).with_for_update())
    live = _live(organisation)
    if unit.count(select(Membership).where(*live)) and not unit.count(
        select(Membership).where(*live, Membership.role.in_(_KEEPERS))
    ):
        raise Conflict(
            "Vous êtes la dernière personne à administrer une organisation : confiez d’abord ce rôle à quelqu’un."
        )
