"""« À relancer »: what is due, the oldest first, each line with its two buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.dossiers import ADDRESS
from vigie.interfaces.views import Choice, IntroductionLine, Link

if TYPE_CHECKING:
    from vigie.services.followup.answers import ChaseLine

CHASE = "/bureau/relances"
INTRODUCTIONS = "/bureau/mises-en-relation"


@dataclass(frozen=True, slots=True)
class ChaseRow:
    """One thing to chase; `done` and `later` are where its two buttons send."""

    title: str
    href: str
    what: str
    when: str
    done: str
    later: str


@dataclass(frozen=True, slots=True)
class ChasePage:
    """`desk/chase.html`; `requests` are the introductions that heads of firms ask for, until they are answered."""

    lead: str
    rows: tuple[ChaseRow, ...]
    whose: tuple[Choice, ...]
    everyone: bool
    requests: tuple[IntroductionLine, ...] = ()
    done: str = ""
    title: str = "À relancer"
    trail: tuple[Link, ...] = (DESK, Link("À relancer"))


def chase_page(lines: Sequence[ChaseLine], *, everyone: bool, done: str) -> ChasePage:
    """Build the page;"""
    return ChasePage(
        lead=_sentence(lines, everyone=everyone),
        rows=tuple(map(chase_row, lines)),
        whose=(
            Choice("mes dossiers", CHASE, not everyone),
            Choice("toute l’équipe", f"{CHASE}?equipe=oui", everyone),
        ),
        everyone=everyone,
        done=done,
    )


def chase_row(line: ChaseLine) -> ChaseRow:
    """Return one thing to chase as lists show it."""
    owner = f" · suivi par {line.owner_name}" if line.owner_name else ""
    if line.waiting_since is not None:
        act = f"{ADDRESS}/{line.dossier}"
        return ChaseRow(
            title=line.title or "Dossier effacé",
            href=act,
            what="Une réponse est attendue.",
            when=f"sans réponse depuis le {french.long_date(line.waiting_since)}{owner}",
            done=f"{act}/repondu",
            later=f"{act}/relancer-plus-tard",
        )
    act = f"/bureau/rappels/{line.id}"
    return ChaseRow(
        title=line.title or "Rappel",
        href=f"{ADDRESS}/{line.dossier}" if line.dossier else f"{INTRODUCTIONS}/{line.introduction}",
        what=line.reason or "Rappel effacé",
        when=f"rappel du {french.long_date(line.due_on)}{owner}",
        done=f"{act}/fait",
        later=f"{act}/reporter",
    )


def _sentence(lines: Sequence[ChaseLine], *, everyone: bool) -> str:
    if not lines:
        return (
            "Rien n’est à relancer aujourd’hui : aucun rappel n’est échu, aucun dossier n’attend une réponse "
            "depuis plus de quinze jours."
        )
    reminders = sum(line.waiting_since is None for line in lines)
    waiting = len(lines) - reminders
    told = [
        french.counted(reminders, "rappel échu", "rappels échus") if reminders else "",
        french.counted(waiting, "dossier sans réponse depuis plus de quinze jours",
                       "dossiers sans réponse depuis plus de quinze jours") if waiting else "",
    ]  # fmt: skip
    whose = "dans toute l’équipe" if everyone else "parmi les dossiers que vous suivez"
    return f"{french.listed(filter(None, told))} {whose}, du plus ancien au plus récent."
