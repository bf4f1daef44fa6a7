"""The public policy and journal of moderation, and the page where an admin decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.moderation import DECISIONS, POLICY, RULES, THINGS, Moderated, ModerationDecision
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.interfaces.asking import page_asked
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option, refused
from vigie.interfaces.exports import KINDS
from vigie.interfaces.present import pager
from vigie.interfaces.sheets import Sheet, SheetColumn
from vigie.interfaces.views import Link, Pager, TableView
from vigie.interfaces.web.asker import at_desk, for_anyone, form_at_desk, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.records.moderating import EXPORTED

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.records.moderating import Decided, DecisionPage, Published

PUBLIC = "/moderation"
_HEADINGS = {
    Moderated.CALL: "Appel", Moderated.ANSWER: "Réponse à l’appel", Moderated.DECLARATION: "Propos d’entreprise",
    Moderated.STATEMENT: "Proposition de la consultation",
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


HERE = "/bureau/moderation"


@for_anyone
def policy(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the policy and the decisions, to everybody."""
    page = desk.records.moderating.decisions(who.scope, page_asked(request.query_params.multi_items()))
    return show_desk(request, "desk/policy.html", policy_view(page), section="")


@for_anyone
def decisions_file(request: Request, desk: Desk, who: Asker) -> Response:
    """Give the public journal as a file."""
    name = request.path_params["name"]
    kind = KINDS.get(name.removeprefix("decisions."))
    if kind is None or not name.startswith("decisions."):
        raise NotFound("Ce fichier n’existe pas : choisissez decisions.csv ou decisions.excel.csv.")
    page = desk.records.moderating.decisions(who.scope, per_page=EXPORTED)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(kind.write([decisions_sheet(page.decisions)]), media_type=kind.media_type, headers=headers)


@at_desk
def moderating(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what can be moderated."""
    published = desk.records.moderating.published(who.scope)
    return show_desk(request, "desk/moderation.html", moderating_view(published, Form()))


@form_at_desk
def decide(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Hide or restore a text."""
    typed = words(form)
    try:
        desk.records.moderating.decide(
            who.scope, *(typed.get(name, "") for name in ("objet", "texte", "decision", "regle"))
        )
    except (FieldFault, Conflict) as fault:
        again = refused({"texte": typed.get("texte", "")}, fault)
        view = moderating_view(desk.records.moderating.published(who.scope), again)
        return show_desk(request, "desk/moderation.html", view, status=409 if isinstance(fault, Conflict) else 422)
    return RedirectResponse(HERE, 303)


ROUTES = (
    Route("/moderation", policy),
    Route("/moderation/{name}", decisions_file),
    Route(HERE, moderating),
    Route(HERE, decide, methods=["POST"]),
)
