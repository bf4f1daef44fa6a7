"""The people met in a dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from vigie.domain.access import Right, Thing
from vigie.domain.days import past
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape
from vigie.errors import FieldFault
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.entries import written
from vigie.services.followup.answers import ContactCard
from vigie.services.followup.reading import writable
from vigie.services.followup.record import card
from vigie.store.journal.followup import Contact

if TYPE_CHECKING:
    from vigie.store.journal.port import Unit

_WRITES = needs(Thing.DOSSIERS, Right.WRITE)
_GOES = (
    "Retiré, il quitte aussitôt le dossier. Il est effacé 30 jours après ; dans le dossier d’une collectivité, archive "
    "publique, une fois le visa des archives enregistré."
)


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """Un contact."""

    name: Annotated[str, Label("Prénom et nom"), Length(200), Missing("Écrivez un nom.")]
    function: Annotated[str, Label("Fonction"), Length(200)] = ""
    email: Annotated[str, Label("Adresse électronique"), Length(200), TextShape("email")] = ""
    phone: Annotated[str, Label("Téléphone"), Length(40), TextShape("phone")] = ""
    source: Annotated[
        str, Label("D’où viennent ces coordonnées"), Length(100),
        Hint("Salon, annuaire, demande reçue : la personne a le droit de le savoir."),
    ] = ""  # fmt: skip
    informed_on: Annotated[date | None, Label("Jour où la personne a été informée")] = None


@dataclass(frozen=True, slots=True)
class Informing:
    """Le jour où une personne a été informée de l’usage de ses données."""

    on: Annotated[date | None, Label("Jour"), Hint("Aujourd’hui s’il n’est pas dit.")] = None


def contact_card(telling: Telling, contact: str) -> ContactCard:
    """Return a contact, withdrawn or not; raises `NotFound` without the right or the row."""
    telling.scope.require(Thing.DOSSIERS, Right.READ)
    return card(telling.reader.find(Contact, contact) or telling.reader.get(Contact, contact))


def read_contact(telling: Telling, contact: str) -> ContactCard:
    """Return a contact that is still in its dossier; the access is traced."""
    telling.scope.require(Thing.DOSSIERS, Right.READ)
    found = card(telling.reader.get(Contact, contact))
    telling.note("contact.read", found.id)
    return found


def _stands(telling: Telling, contact: str) -> PreparedForm:
    return PreparedForm(written(ContactEntry, read_contact(telling, contact)))


def _dossier(telling: Telling, contact: str) -> str:
    return f"/bureau/dossiers/{contact_card(telling, contact).dossier}#contacts"


ADDED = Act(
    "contact.added",
    "contact ajouté",
    needs=_WRITES,
    at="POST dossiers/{dossier}/contacts",
    form_at="dossiers/{dossier}/contacts",
    summary="Ajouter un contact",
    note="Écrit un contact dans un dossier.",
    done="Le contact est enregistré.",
    takes=ContactEntry,
    makes=True,
    tells=contact_card,
    page=FormPage("Ajouter un contact", "", "Ajouter le contact", _dossier, within=True),
)
INFORMED = Act(
    "contact.informed",
    "contact informé de ses droits",
    needs=_WRITES,
    at="POST contacts/{contact}/information",
    form_at="contacts/{contact}/informer",
    summary="Noter qu’un contact a été informé",
    done="Le jour de l’information est noté.",
    takes=Informing,
    tells=contact_card,
    page=FormPage("", "", "Noter l’information faite aujourd’hui", _dossier, within=True),
)
EDITED = Act(
    "contact.edited",
    "contact corrigé",
    needs=_WRITES,
    at="PUT contacts/{contact}",
    form_at="contacts/{contact}/modifier",
    summary="Modifier un contact",
    note="Remplace ce qui est gardé du contact.",
    done="Le contact est enregistré.",
    takes=ContactEntry,
    tells=contact_card,
    page=FormPage(
        title="Modifier un contact",
        lead="Ne gardez que ce qui sert à joindre la personne dans son travail.",
        button="Enregistrer",
        back=_dossier,
        prepare=_stands,
        above={"Dossiers": "/bureau/dossiers", "Le dossier": ""},
    ),
)
WITHDRAWN = Act(
    "contact.withdrawn",
    "contact retiré",
    needs=_WRITES,
    at="DELETE contacts/{contact}",
    form_at="contacts/{contact}/retirer",
    summary="Retirer un contact",
    note="Retire un contact de son dossier.",
    done="Le contact est retiré.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", _GOES, "Retirer ce contact", _dossier, within=True, danger=True, foot_of=EDITED),
)
CAPABILITY = Capability("Dossiers", acts=(ADDED, EDITED, INFORMED, WITHDRAWN))


@ADDED.does
def add(doing: Doing, dossier: str, said: ContactEntry) -> None:
    """Write a contact in a dossier."""
    writable(doing.unit, dossier)
    doing.unit.add(Contact(id=doing.subject, dossier_id=dossier, **_columns(doing.unit, said)))


@EDITED.does
def edit(doing: Doing, contact: str, said: ContactEntry) -> None:
    """Change a contact."""
    doing.unit.change(_writable(doing.unit, contact), _columns(doing.unit, said))


@INFORMED.does
def inform(doing: Doing, contact: str, said: Informing) -> None:
    """Note the day somebody was told how their data are kept."""
    doing.unit.change(_writable(doing.unit, contact), {"informed_on": said.on or doing.unit.today})


@WITHDRAWN.does
def withdraw(doing: Doing, contact: str, _: Nothing) -> None:
    """Take a contact out of its dossier."""
    doing.unit.withdraw(_writable(doing.unit, contact))


def _writable(unit: Unit, contact: str) -> Contact:
    row = unit.get(Contact, contact)
    writable(unit, row.dossier_id)
    return row


def _columns(unit: Unit, said: ContactEntry) -> dict[str, object]:
    """Return what is kept of a contact; raises `FieldFault` for a day that cannot be."""
    if said.informed_on is not None and said.informed_on > unit.today:
        raise FieldFault("informed_on", "La personne n’a pas pu être informée dans l’avenir.")
    if said.informed_on is not None and (odd := past(said.informed_on, unit.today)):
        raise FieldFault("informed_on", odd)
    return {
        "name": said.name,
        "function": said.function or None,
        "email": said.email or None,
        "phone": said.phone or None,
        "source": said.source,
        "informed_on": said.informed_on,
    }
