"""The weekly letter: the page of Monday in plain text, without notes nor details of contacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from vigie.domain.french import counted, identifier, listed, long_date
from vigie.services.followup.monday import waits

if TYPE_CHECKING:
    from vigie.services.followup.answers import ChaseLine
    from vigie.services.followup.monday import MondayPage
    from vigie.services.followup.never_met import UnmetFirms
    from vigie.services.followup.territory_week import WeekEvents
    from vigie.services.watch import WatchedEvent


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
        *_section("ENTREPRISES EN DIFFICULTÉ", _happened(page.alarms)),
        *_section(f"ONT FERMÉ : {page.thresholds.sites.upper()}", _happened(page.closures)),
        *_section("VIENNENT D’ARRIVER", _happened(page.arrivals)),
        *_section("ÉCHANGES DE MATIÈRE À PROPOSER", (one.sentence for one in page.exchanges)),
        *_section("VOS PORTEFEUILLES", _happened(page.changes)),
        *_section("TERRITOIRES", (_total(week) for week in page.territories)),
        *_section("JAMAIS RENCONTRÉES", _unmet(page.unmet)),
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


def _happened(events: Iterable[WatchedEvent]) -> Iterator[str]:
    for event in events:
        yield f"{event.name or identifier(event.siren)} : {event.label}, {event.sentence}"


def _total(week: WeekEvents) -> str:
    return f"{week.name} : {_some(week.total, 'événement vu', 'événements vus') or 'aucun événement vu'}"


def _unmet(found: UnmetFirms | None) -> Iterator[str]:
    if found is None:
        return
    for firm in found.firms:
        yield f"{firm.name}, {firm.commune_name} : {', '.join(filter(None, (firm.size, firm.activity)))}"
    left = found.total - len(found.firms)
    if left > 0:
        yield f"et {counted(left, 'autre', 'autres')}"


def _some(count: int, singular: str, many: str) -> str:
    return counted(count, singular, many) if count else ""
