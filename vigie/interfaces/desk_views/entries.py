"""The forms that change a contact or an exchange."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vigie.domain.followup import Direction, ExchangeKind
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.dossiers import ADDRESS, DOSSIERS
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.views import Link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.services.followup.answers import ContactCard, DossierRecord
    from vigie.services.followup.exchanges import KeptExchange


@dataclass(frozen=True, slots=True)
class EntryPage:
    """`desk/contact_form.html` and `desk/exchange_form.html`; `withdraw` is where the button that withdraws sends,
    `erase` where a contact's own request is granted.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    form: Form
    action: str
    back: str
    withdraw: str
    erase: str = ""
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)


def contact_page(card: ContactCard, form: Form | None) -> EntryPage:
    """Build the form of a contact, as it stands or as it was refused."""
    back = f"{ADDRESS}/{card.dossier}"
    stands = Form(
        {
            "name": card.name or "",
            "function": card.function or "",
            "email": card.email or "",
            "phone": card.phone or "",
            "source": card.source,
            "informed_on": card.informed_on.isoformat() if card.informed_on else "",
            "version": card.version,
        },
    )
    return EntryPage(
        title="Modifier un contact",
        lead="Ne gardez que ce qui sert à joindre la personne dans son travail.",
        trail=(DESK, DOSSIERS, Link("Le dossier", back), Link("Modifier un contact")),
        form=form or stands,
        action=f"/bureau/contacts/{card.id}/modifier",
        back=back,
        withdraw=f"/bureau/contacts/{card.id}/retirer",
        erase=f"/bureau/conservation/contacts/{card.id}/effacement",
    )


def exchange_page(kept: KeptExchange, record: DossierRecord, form: Form | None) -> EntryPage:
    """Build the form of an exchange, as it stands or as it was refused; a note stays a note."""
    back = f"{ADDRESS}/{kept.dossier}"
    stands = Form(
        {
            "kind": kept.kind,
            "happened_on": kept.happened_on.isoformat(),
            "body": kept.body or "",
            "contact": kept.contact,
            "direction": kept.direction,
            "version": kept.version,
        },
    )
    note = kept.kind == ExchangeKind.NOTE
    return EntryPage(
        title="Modifier une note interne" if note else "Modifier un échange",
        lead="Vous seul changez vos notes internes."
        if note
        else "Le jour du dernier contact suit ce que vous corrigez ici.",
        trail=(DESK, DOSSIERS, Link(record.line.title or "Le dossier", back), Link("Modifier")),
        form=form or stands,
        action=f"/bureau/echanges/{kept.id}/modifier",
        back=back,
        withdraw=f"/bureau/echanges/{kept.id}/retirer",
        options={
            "kind": tuple(
                Option(kind.value, kind.label) for kind in ExchangeKind if (kind is ExchangeKind.NOTE) == note
            ),
            "direction": tuple(Option(direction.value, direction.label) for direction in Direction),
            "contact": (
                Option("", "personne en particulier"),
                *(Option(contact.id, contact.name or "Contact effacé") for contact in record.contacts),
            ),
        },
    )
