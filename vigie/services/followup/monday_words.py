"""The officer's week in French: the sentence that opens the page, and the letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from vigie.services.followup.known import spaced
from vigie.services.followup.monday import ANSWER, CONSENT, LINK

if TYPE_CHECKING:
    from vigie.services.followup.answers import ChaseLine
    from vigie.services.followup.monday import Ground, MondayPage, Request

_KINDS = {
    LINK: "demande à parler pour l’entreprise {siren}",
    ANSWER: "a répondu à l’appel « {label} »",
    CONSENT: "n’a pas encore répondu à la mise en relation",
}
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def opening(page: MondayPage) -> str:
    """Return the one sentence that says what the week asks for."""
    tasks = [
        _counted(len(page.requests), "demande en attente", "demandes en attente"),
        _counted(len(page.reminders), "rappel à faire", "rappels à faire"),
        _counted(len(page.unanswered), "dossier sans réponse", "dossiers sans réponse"),
    ]
    told = [task for task in tasks if task]
    asks = f"Cette semaine, {_listed(told)}" if told else "Rien n’attend de réponse cette semaine"
    if not page.watched:
        return f"{asks} ; aucune donnée n’est chargée, ce qui a changé chez les entreprises n’est donc pas connu."
    changes = _counted(page.firms.total, "changement vu", "changements vus") or "aucun changement vu"
    return f"{asks} ; {changes} chez les entreprises de vos portefeuilles depuis le {day(page.since)}."


def request_words(request: Request) -> str:
    """Return what somebody waits for."""
    said = _KINDS[request.kind].format(siren=spaced(request.subject), label=request.label)
    who = {LINK: request.label or "Quelqu’un", ANSWER: "Quelqu’un", CONSENT: request.label or "Une partie"}
    return f"{who[request.kind]} {said}"


def letter(page: MondayPage, organisation: str, address: str) -> tuple[str, str]:
    """Return the subject and the body of the weekly letter; notes and the details of contacts never leave in it."""
    parts = [
        "Bonjour,",
        opening(page),
        *_section("DEMANDES EN ATTENTE", (request_words(request) for request in page.requests)),
        *_section("RAPPELS", (_chased(line) for line in page.reminders)),
        *_section("SANS RÉPONSE DEPUIS PLUS DE 15 JOURS", (_chased(line) for line in page.unanswered)),
        *_section("VOS PORTEFEUILLES", _happened(page.firms)),
        *_section("TERRITOIRES", (_total(ground) for ground in page.territories)),
        f"Tout ouvrir : {address}",
        "Ne plus recevoir cette lettre : le bouton est au bas de cette même page.",
    ]
    return f"Votre semaine – {organisation}", "\n\n".join(parts)


def day(moment: date) -> str:
    """Return a day in full: « 3 décembre 2026 »."""
    return f"{moment.day}\u00a0{_MONTHS[moment.month - 1]} {moment.year}"


def _section(title: str, lines: Iterator[str]) -> tuple[str, ...]:
    told = [f"- {line}" for line in lines]
    return (f"{title}\n" + "\n".join(told),) if told else ()


def _chased(line: ChaseLine) -> str:
    since = f"sans réponse depuis le {day(line.waiting_since)}" if line.waiting_since else f"pour le {day(line.due_on)}"
    return (
        f"{line.title or 'Dossier'} : {line.reason}, {since}" if line.reason else f"{line.title or 'Dossier'} : {since}"
    )


def _happened(ground: Ground) -> Iterator[str]:
    for event in ground.events:
        yield f"{event.name or spaced(event.siren)} : {event.label}, {event.sentence}"


def _total(ground: Ground) -> str:
    return f"{ground.name} : {_counted(ground.total, 'événement vu', 'événements vus') or 'aucun événement vu'}"


def _counted(count: int, singular: str, many: str) -> str:
    return f"{count}\u00a0{singular if count < 2 else many}" if count else ""


def _listed(words: list[str]) -> str:
    return " et ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
