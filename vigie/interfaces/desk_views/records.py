"""What the pages of the records are given: the journal, the letters, the emergency accesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain.access import Role
from vigie.domain.accounts import ROLE_LABELS
from vigie.interfaces import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.present import pager
from vigie.interfaces.sheets import Column, Sheet
from vigie.interfaces.views import Link, Pager

if TYPE_CHECKING:
    from vigie.services.records.emergency import Access
    from vigie.services.records.outbox import LetterPage, OpenLetter
    from vigie.services.records.reading import JournalPage, Line

JOURNAL = "/bureau/journal"
LETTERS = "/bureau/courriels"
NATURES = {"act": "ce qui a été fait", "access": "ce qui a été lu"}
VIAS = {
    "session": "session", "token": "jeton", "consent": "lien reçu par courriel", "command": "ligne de commande",
    "emergency": "accès d’urgence", "anonymous": "sans compte",
}  # fmt: skip
STATES = {"waiting": "en attente", "sent": "parti", "failed": "non parti"}
_LEADS = {
    "organisation": "Qui a lu ou fait quoi dans votre organisation : rien n’y est modifié ni retiré.",
    "firm": "Qui a consulté ce qui concerne votre entreprise, et à quel titre.",
    "installation": "Les connexions et les accès d’urgence de toutes les organisations de l’installation.",
}


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A line of the journal, in words."""

    at: str
    what: str
    who: str
    where: str
    about: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class AccessLine:
    """An emergency access, in words; `open` while it holds."""

    organisation: str
    reason: str
    span: str
    state: str
    open: bool


@dataclass(frozen=True, slots=True)
class JournalView:
    """`desk/journal.html`."""

    lead: str
    total: str
    lines: tuple[RecordLine, ...]
    pager: Pager
    form: Form
    people: tuple[Option, ...]
    families: tuple[Option, ...]
    natures: tuple[Option, ...]
    downloads: tuple[Link, ...]
    accesses: tuple[AccessLine, ...] = ()
    title: str = "Journal"
    trail: tuple[Link, ...] = (DESK, Link("Journal"))


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in the list, in words; `href` where its text can be opened."""

    subject: str
    recipient: str
    state: str
    when: str
    href: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class LettersView:
    """`desk/letters.html`."""

    lead: str
    letters: tuple[LetterRow, ...]
    pager: Pager
    title: str = "Courriels"
    trail: tuple[Link, ...] = (DESK, Link("Courriels"))


@dataclass(frozen=True, slots=True)
class LetterView:
    """`desk/letter.html`."""

    title: str
    lead: str
    recipient: str
    body: str
    trail: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """`desk/emergency.html`: the form, or the access that is open, then those of before."""

    lead: str
    form: Form
    organisations: tuple[Option, ...]
    durations: tuple[Option, ...]
    accesses: tuple[AccessLine, ...]
    acting: bool = False
    title: str = "Accès d’urgence"
    trail: tuple[Link, ...] = (DESK, Link("Accès d’urgence"))


def journal_view(
    page: JournalPage, asked: Mapping[str, str], labels: Mapping[str, str], accesses: tuple[Access, ...]
) -> JournalView:
    """Build the page of the journal; `asked` is the filter as the address says it, `labels` name the families."""
    kept = {name: text for name, text in asked.items() if text and name != "page"}
    return JournalView(
        lead=_LEADS[page.view],
        total=french.counted(page.total, "ligne"),
        lines=tuple(record_line(line) for line in page.lines),
        pager=pager(page.page, page.total_pages, lambda number: f"{JOURNAL}?{urlencode(kept | {'page': number})}"),
        form=Form("", kept),
        people=tuple(Option(identifier, name) for identifier, name in page.people),
        families=tuple(Option(family, labels.get(family, family)) for family in page.families),
        natures=tuple(Option(value, label) for value, label in NATURES.items()) if page.view == "organisation" else (),
        downloads=tuple(
            Link(label, f"{JOURNAL}/{name}?{urlencode(kept)}" if kept else f"{JOURNAL}/{name}")
            for name, label in (("journal.csv", "CSV"), ("journal.excel.csv", "CSV pour Excel"))
        ),
        accesses=tuple(access_line(access) for access in accesses),
    )


def record_line(line: Line) -> RecordLine:
    """Return a line of the journal in words."""
    role = ROLE_LABELS[Role(line.role)] if line.role in set(Role) else line.role
    who = f"{line.who}, {role}" if line.who else role
    about = [f"SIREN {french.identifier(line.siren)}" if line.siren else "", line.detail, line.organisation]
    return RecordLine(
        at=french.moment(line.at),
        what=line.label,
        who=who,
        where=VIAS.get(line.via, line.via),
        about=" · ".join(part for part in about if part),
        urgent=line.via == "emergency" or line.kind.startswith("emergency."),
    )


def journal_sheet(lines: tuple[Line, ...]) -> Sheet:
    """Return the journal as a table to take away."""
    columns = tuple(
        Column(title, kind=kind)  # type: ignore[arg-type]
        for title, kind in (
            ("Moment (UTC)", ""), ("Nature", ""), ("Acte", ""), ("Code de l’acte", ""), ("Personne", ""),
            ("Rôle", ""), ("Moyen", ""), ("Objet", ""), ("SIREN", "identifier"), ("Adresse lue", ""),
            ("Organisation", ""),
        )
    )  # fmt: skip
    rows = [
        (
            line.at.isoformat(timespec="seconds"), NATURES[line.nature], line.label, line.kind, line.who or line.person,
            ROLE_LABELS[Role(line.role)], VIAS.get(line.via, line.via), line.subject, line.siren or None, line.detail,
            line.organisation,
        )
        for line in lines
    ]  # fmt: skip
    return Sheet("Journal", columns, rows)


def letters_view(page: LetterPage) -> LettersView:
    """Build the list of letters."""
    lead = (
        "Les lettres partent d’elles-mêmes ; leur contenu est effacé trente jours après l’envoi."
        if page.configured
        else "Aucun serveur d’envoi n’est réglé : lisez les lettres ici et remettez-les vous-même. "
        "Chaque lecture est inscrite au journal."
    )
    return LettersView(
        lead=lead,
        letters=tuple(
            LetterRow(
                subject=letter.subject or ("Contenu effacé" if letter.erased else "Sans objet"),
                recipient=letter.recipient or "destinataire effacé",
                state=STATES[letter.state],
                when=f"écrite le {french.moment(letter.written_at)}",
                href=f"{LETTERS}/{letter.id}" if letter.readable else "",
                waiting=letter.state != "sent" and not letter.erased,
            )
            for letter in page.letters
        ),
        pager=pager(page.page, page.total_pages, lambda number: f"{LETTERS}?page={number}"),
    )


def letter_view(letter: OpenLetter) -> LetterView:
    """Build the page of a letter."""
    line = letter.line
    return LetterView(
        title=line.subject,
        lead=f"Lettre écrite le {french.moment(line.written_at)}, {STATES[line.state]}.",
        recipient=line.recipient,
        body=letter.body,
        trail=(DESK, Link("Courriels", LETTERS), Link("Lettre")),
    )


def access_line(access: Access) -> AccessLine:
    """Return an emergency access in words."""
    end = access.ended_at or access.ends_at
    return AccessLine(
        organisation=access.organisation_name,
        reason=access.reason,
        span=f"du {french.moment(access.opened_at)} au {french.moment(end)}",
        state="ouvert" if access.open else "terminé",
        open=access.open,
    )


def emergency_view(
    accesses: tuple[Access, ...], organisations: tuple[tuple[str, str], ...], form: Form, *, acting: str = ""
) -> EmergencyView:
    """Build the page of emergency accesses; `acting` names the organisation being read."""
    lead = (
        f"Vous lisez « {acting} ». Chaque page ouverte est inscrite à son journal."
        if acting
        else "Lire une organisation pour la dépanner : la raison est écrite, la durée bornée à une heure, "
        "ses administrateurs sont prévenus aussitôt et voient chaque lecture."
    )
    return EmergencyView(
        lead=lead,
        form=form,
        organisations=tuple(Option(identifier, name) for identifier, name in organisations),
        durations=tuple(Option(str(minutes), f"{minutes} minutes", minutes == 30) for minutes in (15, 30, 60)),
        accesses=tuple(access_line(access) for access in accesses),
        acting=bool(acting),
    )
