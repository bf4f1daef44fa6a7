"""The two parties of a proposal: who they are, how they are named to each other, where they are written to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select

from vigie.domain.access import Role
from vigie.domain.actors import compact_siren
from vigie.domain.addresses import hints_at_address
from vigie.errors import Conflict, FieldFault, Objected
from vigie.services.mail.addresses import writable_address
from vigie.store.journal.firms import Objection
from vigie.store.journal.followup import Contact, Dossier
from vigie.store.journal.introductions import Side
from vigie.store.journal.people import Membership, Person

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.services.keys import Keys
    from vigie.services.know import Firm, LegalUnit
    from vigie.store.journal.port import Reader

LONGEST_LABEL = 200
_NOT_TO_BE_APPROACHED = (
    "Cette entreprise a demandé à ne pas être sollicitée : elle n’est mise en relation que si elle l’a demandé "
    "elle-même."
)
_TELEPHONE = re.compile(r"(?:(?:\+|\b00)33[\s.(0)/-]*|\b0)[\s.]?[1-9](?:[\s./-]{0,3}\d{2}){4}\b")


class FirmNames(Protocol):
    """Where the public name and activity of firms are read."""

    def firm(self, number: str, page: int = 1) -> Firm:
        """Return a legal unit; raises `NotFound` when it is not loaded."""


@dataclass(frozen=True, slots=True)
class Party:
    """One party as the officer gives it: a firm by its SIREN, a dossier, or somebody described in words.

    `label` is what the other party will read, completed by the firm's public name. What is left empty is taken from
    the dossier. `asked` tells that this party asked for help itself.
    """

    siren: str = ""
    dossier_id: str = ""
    label: str = ""
    contact_name: str = ""
    contact_email: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """Whom to write to."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A party with what was found of it; `activity` is the nomenclature and division of a firm's activity."""

    side: Side
    activity: tuple[str, str] | None = None


def describe(reader: Reader, keys: Keys, directory: FirmNames, party: Party, position: str) -> KnownParty:
    """Return a party's side, not written yet.

    Raises `FieldFault` when something is missing (`label_a`, `contact_email_b`…), `Conflict` when the firm may not be
    approached.
    """
    siren = compact_siren(party.siren)
    if party.dossier_id:
        siren = reader.get(Dossier, party.dossier_id).siren or siren
    unit = _approachable(reader, keys, directory, siren, asked=party.asked) if siren else None
    public = (unit.name or "") if unit else ""
    label = " – ".join(dict.fromkeys(part for part in (public, " ".join(party.label.split())) if part))
    if not label:
        raise FieldFault(f"label_{position}", "Écrivez en quelques mots comment présenter cette partie à l’autre.")
    if len(label) > LONGEST_LABEL:
        said = f"La présentation compte {len(label)} caractères : {LONGEST_LABEL} au plus."
        raise FieldFault(f"label_{position}", said)
    reach = _reach(reader, party, siren)
    side = Side(
        siren=siren,
        dossier_id=party.dossier_id,
        label=label,
        contact_name=reach.name,
        contact_email=email(reach.email, label, f"contact_email_{position}"),
        asked=party.asked,
    )
    return KnownParty(side, _activity(unit))


def _approachable(reader: Reader, keys: Keys, directory: FirmNames, siren: str, *, asked: bool) -> LegalUnit | None:
    """Return what is public of a firm; `None` for one that objects and asked for this itself."""
    objects = objected_at(reader, keys, siren) is not None
    if objects and not asked:
        raise Conflict(_NOT_TO_BE_APPROACHED)
    try:
        unit = directory.firm(siren).unit
    except Objected:
        return None
    if unit.masked and not asked:
        raise Conflict(_NOT_TO_BE_APPROACHED)
    if unit.state == "C":
        raise Conflict("Cette entreprise a cessé son activité.")
    return unit


def _activity(unit: LegalUnit | None) -> tuple[str, str] | None:
    if unit is None or not unit.naf or not unit.naf_nomenclature:
        return None
    return unit.naf_nomenclature, unit.naf[:2]


def reach_of(reader: Reader, siren: str, dossier_id: str = "") -> ContactDetails:
    """Return whom to write to for a dossier, for the dossiers of a firm, or for its head who has an account."""
    return _of_dossiers(reader, siren, dossier_id) or _of_head(reader, siren) or ContactDetails()


def objected_at(reader: Reader, keys: Keys, siren: str) -> datetime | None:
    """Return when a firm objected to being shown, `None` when it did not or takes it back."""
    mark = keys.fingerprint("siren", siren)
    in_force = select(Objection.confirmed_at).where(
        Objection.fingerprint == mark, Objection.confirmed_at.is_not(None), Objection.withdrawn_at.is_(None)
    )
    return max((at for at in reader.all(in_force) if at is not None), default=None)


def email(text: str, whose: str, field: str) -> str:
    """Return an e-mail address as it is written to; raises `FieldFault` when letters may not leave for it."""
    if not text.strip():
        raise FieldFault(field, f"Il manque l’adresse : donnez celle d’une personne à qui écrire pour {whose}.")
    return writable_address(text, field)


def forbid_reach(texts: Iterable[str], sides: Iterable[Side]) -> None:
    """Refuse texts that would tell how to reach a party before both said yes; raises `FieldFault`."""
    said = " ".join(texts).casefold()
    reach = _TELEPHONE.search(said) or hints_at_address(said)
    names = [name for side in sides if (name := (side.contact_name or "").strip().casefold())]
    if reach or any(re.search(rf"\b{re.escape(name)}\b", said) for name in names):
        raise FieldFault(
            "reason",
            "N’écrivez ici ni nom de contact, ni adresse électronique, ni téléphone : ils sont transmis quand les "
            "deux parties ont accepté.",
        )


def _reach(reader: Reader, party: Party, siren: str) -> ContactDetails:
    if party.contact_email.strip():
        return ContactDetails(" ".join(party.contact_name.split()), party.contact_email)
    known = reach_of(reader, siren, party.dossier_id)
    return ContactDetails(" ".join(party.contact_name.split()) or known.name, known.email)


def _of_dossiers(reader: Reader, siren: str, dossier_id: str) -> ContactDetails | None:
    if not siren and not dossier_id:
        return None
    concerned = Dossier.id == dossier_id if dossier_id else Dossier.siren == siren
    dossiers = reader.all(select(Dossier.id).where(concerned, Dossier.deleted_at.is_(None)))
    contacts = reader.all(
        select(Contact)
        .where(Contact.dossier_id.in_(dossiers), Contact.deleted_at.is_(None), Contact.email.is_not(None))
        .order_by(Contact.last_contact_on.desc(), Contact.created_at.desc())
    )
    found = next((contact for contact in contacts if (contact.email or "").strip()), None)
    return ContactDetails(found.name or "", found.email or "") if found else None


def _of_head(reader: Reader, siren: str) -> ContactDetails | None:
    if not siren:
        return None
    heads = reader.all(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == reader.scope.organisation,
            Membership.role == Role.HEAD.value,
            Membership.siren == siren,
            Membership.state == "active",
            Membership.deleted_at.is_(None),
        )
        .order_by(Membership.created_at)
    )
    found = next((head for head in heads if head.email), None)
    return ContactDetails(found.name or "", found.email or "") if found else None
