"""What the pages of moderation are given: the policy, the public journal, and what can be decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.moderation import DECISIONS, POLICY, RULES, THINGS, Moderated, ModerationDecision
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.present import pager
from vigie.interfaces.sheets import Sheet, SheetColumn
from vigie.interfaces.views import Link, Pager, TableView

if TYPE_CHECKING:
    from vigie.services.records.moderating import Decided, DecisionPage, Published

PUBLIC = "/moderation"
_HEADINGS = {
    Moderated.CALL: "Appel", Moderated.ANSWER: "Réponse à l’appel", Moderated.DECLARATION: "Propos d’entreprise",
}  # fmt: skip
_COLUMNS = ("Jour", "Organisation", "Texte", "Décision", "Raison")


@dataclass(frozen=True, slots=True)
class PolicyView:
    """`desk/policy.html`: the policy, its reasons, the decisions."""

    lead: str
    policy: tuple[str, ...]
    rules: tuple[str, ...]
    decisions: TableView | None
    pager: Pager
    downloads: tuple[Link, ...]
    title: str = "Modération"


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text that can be hidden or restored."""

    thing: str
    id: str
    heading: str
    text: str
    when: str
    hidden: bool
    decision: str
    verb: str


@dataclass(frozen=True, slots=True)
class ModeratingView:
    """`desk/moderation.html`."""

    texts: tuple[TextLine, ...]
    rules: tuple[Option, ...]
    form: Form
    title: str = "Modération"
    lead: str = (
        "Masquer un texte publié, ou le rétablir, pour une raison de la politique ; l’auteur est prévenu, "
        "la décision est publiée sans nom."
    )
    trail: tuple[Link, ...] = (DESK, Link("Modération"))


def policy_view(page: DecisionPage) -> PolicyView:
    """Build the public page."""
    table = TableView(
        "Journal public des décisions, les dernières d’abord", _COLUMNS, tuple(map(_cells, page.decisions))
    )
    count = french.counted(page.total, "décision")
    return PolicyView(
        lead=f"Ce qui peut être masqué, par qui, pour quelles raisons : {count} à ce jour."
        if page.total
        else "Ce qui peut être masqué, par qui, pour quelles raisons : aucune décision à ce jour.",
        policy=POLICY,
        rules=tuple(RULES.values()),
        decisions=table if page.decisions else None,
        pager=pager(page.page, page.total_pages, lambda number: f"{PUBLIC}?page={number}"),
        downloads=(
            Link("CSV", f"{PUBLIC}/decisions.csv"),
            Link("CSV pour Excel", f"{PUBLIC}/decisions.excel.csv"),
        ),
    )


def decisions_sheet(decisions: tuple[Decided, ...]) -> Sheet:
    """Return the public journal as a table to take away."""
    return Sheet(
        "Décisions de modération",
        tuple(SheetColumn(title) for title in _COLUMNS),
        [(decided.on, *_cells(decided)[1:]) for decided in decisions],
    )


def moderating_view(published: tuple[Published, ...], form: Form) -> ModeratingView:
    """Build the page where an admin decides."""
    return ModeratingView(
        texts=tuple(_text_line(text) for text in published),
        rules=tuple(Option(code, sentence) for code, sentence in RULES.items()),
        form=form,
    )


def _text_line(text: Published) -> TextLine:
    thing = _HEADINGS[text.thing]
    return TextLine(
        thing=text.thing.value,
        id=text.id,
        heading=f"{thing} « {text.title or 'sans titre'} »",
        text=text.text or "Texte effacé.",
        when=f"{french.moment(text.written_at)}{' · masqué' if text.hidden else ''}",
        hidden=text.hidden,
        decision=(ModerationDecision.RESTORE if text.hidden else ModerationDecision.HIDE).value,
        verb="Rétablir" if text.hidden else "Masquer",
    )


def _cells(decided: Decided) -> tuple[str, ...]:
    return (
        french.long_date(decided.on),
        decided.organisation,
        THINGS[Moderated(decided.thing)],
        DECISIONS[ModerationDecision(decided.decision)],
        RULES.get(decided.rule, decided.rule),
    )
