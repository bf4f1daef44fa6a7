"""What the pages of the records are given: the journal, the letters, the emergency accesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.domain.access import Role
from vigie.domain.accounts import ROLE_LABELS
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.present import pager
from vigie.interfaces.sheets import Sheet, SheetColumn
from vigie.interfaces.views import Link, Pager

if TYPE_CHECKING:
    from vigie.services.records.emergency import Access
    from vigie.services.records.outbox import LetterLine, LetterPage, OpenLetter
    from vigie.services.records.reading import AuditLine, JournalPage

JOURNAL = "/bureau/journal"
LETTERS = "/bureau/courriels"
FAILED_LETTERS = f"{LETTERS}?etat=non-partis"
NATURES = {"act": "ce qui a été fait", "access": "ce qui a été lu"}
VIAS = {
    "session": "session", "token": "programme", "consent": "lien reçu par courriel", "command": "ligne de commande",
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
    """A letter in the list, in words; `href` where its text can be opened, `again` where it can be sent again."""

    subject: str
    recipient: str
    state: str
    when: str
    href: str
    waiting: bool
    again: str = ""


@dataclass(frozen=True, slots=True)
class LettersView:
    """`desk/letters.html`; `failed` counts the letters that can be sent again, `all_again` says where."""

    lead: str
    letters: tuple[LetterRow, ...]
    pager: Pager
    failed: str
    shown: Link
    done: str
    only_failed: bool
    all_again: str = f"{LETTERS}/renvoyer"
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
        form=Form(kept),
        people=tuple(Option(identifier, name) for identifier, name in page.people),
        families=tuple(Option(family, labels.get(family, family)) for family in page.families),
        natures=tuple(Option(value, label) for value, label in NATURES.items()) if page.view == "organisation" else (),
        downloads=tuple(
            Link(label, f"{JOURNAL}/{name}?{urlencode(kept)}" if kept else f"{JOURNAL}/{name}")
            for name, label in (("journal.csv", "CSV"), ("journal.excel.csv", "CSV pour Excel"))
        ),
        accesses=tuple(access_line(access) for access in accesses),
    )


def record_line(line: AuditLine) -> RecordLine:
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


def journal_sheet(lines: tuple[AuditLine, ...]) -> Sheet:
    """Return the journal as a table to take away."""
    columns = tuple(
        SheetColumn(title, kind=kind)  # type: ignore[arg-type]
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


def letters_view(page: LetterPage, *, only_failed: bool = False, done: str = "") -> LettersView:
    """Build the list of letters; `done` says what was just sent again."""
    lead = (
        "Les lettres partent d’elles-mêmes ; quand le serveur d’envoi ne répond pas, elles sont présentées de nouveau "
        "pendant cinq jours. Leur contenu est effacé trente jours après l’envoi."
        if page.configured
        else "Aucun serveur d’envoi n’est réglé : lisez les lettres ici et remettez-les vous-même. "
        "Chaque lecture est inscrite au journal."
    )
    here = FAILED_LETTERS if only_failed else LETTERS
    failed = french.counted(page.total_failed, "courriel n’a pas pu partir", "courriels n’ont pas pu partir")
    return LettersView(
        lead=lead,
        letters=tuple(map(_letter_row, page.letters)),
        pager=pager(page.page, page.total_pages, lambda number: f"{here}{'&' if only_failed else '?'}page={number}"),
        failed=f"{failed}." if page.total_failed else "",
        shown=Link("Voir tous les courriels", LETTERS) if only_failed else Link("Voir lesquels", FAILED_LETTERS),
        done=done,
        only_failed=only_failed,
    )


def _letter_row(letter: LetterLine) -> LetterRow:
    return LetterRow(
        subject=letter.subject or ("Contenu effacé" if letter.erased else "Sans objet"),
        recipient=letter.recipient or "destinataire effacé",
        state=_letter_state(letter),
        when=f"écrite le {french.moment(letter.written_at)}",
        href=f"{LETTERS}/{letter.id}" if letter.readable else "",
        waiting=letter.state != "sent" and not letter.erased,
        again=f"{LETTERS}/{letter.id}/renvoyer" if letter.state == "failed" and not letter.erased else "",
    )


def _letter_state(letter: LetterLine) -> str:
    """Return the state of a letter, with why it did not leave."""
    if letter.erased or letter.state == "sent":
        return STATES[letter.state]
    if letter.fault == "refused":
        return "refusé par le serveur d’envoi : vérifiez l’adresse avant de renvoyer"
    if letter.fault == "late":
        return "non parti : le serveur d’envoi ne l’a pas pris pendant cinq jours"
    if letter.state == "waiting" and letter.failing_since:
        return f"en attente : le serveur d’envoi ne le prend pas depuis le {french.moment(letter.failing_since)}"
    return STATES[letter.state]


def letter_view(letter: OpenLetter) -> LetterView:
    """Build the page of a letter."""
    line = letter.line
    return LetterView(
        title=line.subject,
        lead=f"Lettre écrite le {french.moment(line.written_at)} ; {_letter_state(line)}.",
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
