"""The officer's week in French: the sentence that opens the page, and the letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.domain.french import capital, counted, identifier, listed, long_date
from vigie.services.followup.monday import ANSWER, ASKED, CONSENT, LINK, STATED

if TYPE_CHECKING:
    from vigie.services.followup.answers import ChaseLine
    from vigie.services.followup.monday import MondayPage, Request, WeekEvents

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Wait:
    """What waits on one subject, in a sentence without its full stop; `since` is the longest wait."""

    kind: str
    subject: str
    sentence: str
    since: datetime


def waits(requests: Iterable[Request]) -> tuple[tuple[Wait, ...], tuple[Wait, ...]]:
    """Return what waits for the reader, then the introductions that wait for their parties: one line a subject."""
    gathered: dict[tuple[str, str], list[Request]] = {}
    for request in requests:
        gathered.setdefault((request.kind, request.id if request.kind == LINK else request.subject), []).append(request)
    told = [Wait(ones[0].kind, ones[0].subject, _wait_words(ones), ones[0].since) for ones in gathered.values()]
    return tuple(one for one in told if one.kind != CONSENT), tuple(one for one in told if one.kind == CONSENT)


def opening(page: MondayPage) -> str:
    """Return the two sentences that say what the week asks for, and what changed."""
    asked, agreements = waits(page.requests)
    tasks = [
        _some(len(asked), "demande attend votre réponse", "demandes attendent votre réponse"),
        _some(len(page.reminders), "rappel est à faire", "rappels sont à faire"),
        _some(len(page.unanswered), "dossier reste sans réponse", "dossiers restent sans réponse"),
        _some(len(agreements), "mise en relation attend un accord", "mises en relation attendent un accord"),
    ]
    told = [task for task in tasks if task]
    asks = f"Cette semaine, {listed(told)}." if told else "Rien n’attend de réponse cette semaine."
    if not page.watched:
        return f"{asks} Aucune donnée n’est chargée : ce qui a changé chez les entreprises n’est pas connu."
    changes = _some(page.firms.total, "changement a été vu", "changements ont été vus")
    where = "chez les entreprises de vos portefeuilles"
    return f"{asks} Depuis le {long_date(page.since)}, {changes or 'aucun changement n’a été vu'} {where}."


def _wait_words(ones: Sequence[Request]) -> str:
    first = ones[0]
    if first.kind == LINK:
        return f"{first.label or 'Quelqu’un'} demande à parler pour l’entreprise {identifier(first.subject)}"
    if first.kind == STATED:
        said = " ".join(first.label.split())
        short = said if len(said) <= _SHOWN else f"{said[:_SHOWN].rsplit(' ', 1)[0]}…"
        return f"Un besoin dit sur le site : « {short} »"
    if first.kind == ASKED:
        return f"{first.label or 'Quelqu’un'} demande une mise en relation avec une autre entreprise"
    if first.kind == ANSWER:
        who = (
            counted(len(ones), "personne a répondu", "personnes ont répondu") if ones[1:] else "Une personne a répondu"
        )
        return f"{who} à l’appel « {first.label} »"
    if len(ones) > 1:
        return f"{capital(first.label)} et {ones[1].label} n’ont pas encore répondu à leur mise en relation"
    facing = f" avec {first.other}" if first.other else ""
    return f"{capital(first.label) or 'Une partie'} n’a pas encore répondu à sa mise en relation{facing}"


def letter(page: MondayPage, organisation: str, address: str) -> tuple[str, str]:
    """Return the subject and the body of the weekly letter; notes and the details of contacts never leave in it."""
    asked, agreements = waits(page.requests)
    parts = [
        "Bonjour,",
        opening(page),
        *_section("ON ATTEND VOTRE RÉPONSE", (wait.sentence for wait in asked)),
        *_section("RAPPELS", (_chased(line) for line in page.reminders)),
        *_section("SANS RÉPONSE DEPUIS PLUS DE 15 JOURS", (_chased(line) for line in page.unanswered)),
        *_section("ACCORDS ATTENDUS", (wait.sentence for wait in agreements)),
        *_section("VOS PORTEFEUILLES", _happened(page.firms)),
        *_section("TERRITOIRES", (_total(week) for week in page.territories)),
        f"Tout ouvrir : {address}",
        "Ne plus recevoir cette lettre : le bouton est au bas de cette même page.",
    ]
    return f"Votre semaine – {organisation}", "\n\n".join(parts)


def _section(title: str, lines: Iterator[str]) -> tuple[str, ...]:
    told = [f"- {line}" for line in lines]
    return (f"{title}\n" + "\n".join(told),) if told else ()


def _chased(line: ChaseLine) -> str:
    since = (
        f"sans réponse depuis le {long_date(line.waiting_since)}"
        if line.waiting_since
        else f"pour le {long_date(line.due_on)}"
    )
    return (
        f"{line.title or 'Dossier'} : {line.reason}, {since}" if line.reason else f"{line.title or 'Dossier'} : {since}"
    )


def _happened(week: WeekEvents) -> Iterator[str]:
    for event in week.events:
        yield f"{event.name or identifier(event.siren)} : {event.label}, {event.sentence}"


def _total(week: WeekEvents) -> str:
    return f"{week.name} : {_some(week.total, 'événement vu', 'événements vus') or 'aucun événement vu'}"


def _some(count: int, singular: str, many: str) -> str:
    return counted(count, singular, many) if count else ""
