"""The pages of retention: the register and the purge, erasure of a contact, one’s own data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain import french
from vigie.errors import Conflict, FieldFault
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import SESSION_COOKIE
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.retention.erasing import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.retention.mine import Archive
    from vigie.services.retention.purging import OrganisationReport, RuleReport
    from vigie.services.retention.register import ProcessingRegister, Treatment
    from vigie.services.rounds import RoundTold

HERE = "/bureau/conservation"
MINE = "/bureau/mon-compte/mes-donnees"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class DueRow:
    """One rule: how much is due, what a purge erases, what it keeps and why."""

    label: str
    due: str
    erased: str
    kept: str
    reasons: tuple[str, ...]
    things: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """Something that the server does by itself: when it last did, what came of it, when it does next."""

    label: str
    last: str
    said: str
    following: str
    failed: bool


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """`desk/retention.html`."""

    lead: str
    form: Form
    treatments: tuple[Treatment, ...]
    rows: tuple[DueRow, ...]
    nothing: bool
    may_run: bool
    done: str = ""
    rounds: tuple[RoundRow, ...] = ()
    title: str = "Durées de garde"
    trail: tuple[Link, ...] = (DESK, Link("Durées de garde"))


@dataclass(frozen=True, slots=True)
class MinePage:
    """`desk/my_data.html`."""

    form: Form
    title: str = "Mes données"
    lead: str = "Emportez tout ce que Vigie sait de vous, ou demandez l’effacement de votre compte."
    trail: tuple[Link, ...] = (DESK, Link("Mon compte", "/bureau/mon-compte"), Link("Mes données"))


def retention_page(register: ProcessingRegister, due: OrganisationReport, form: Form, done: str = "") -> RetentionPage:
    """Build the page of retention; what is due is said first."""
    months = french.counted(register.months, "mois", "mois")
    if register.archives and not register.visa:
        rule = (
            f"Les données de prospection s’effacent après {months} sans signe de la personne. Les autres dossiers sont "
            "des archives publiques : ils sont gardés tant qu’aucun visa des archives n’est enregistré."
        )
    elif register.archives:
        rule = f"Tout s’efface {months} après le dernier contact, sous le visa « {register.visa} »."
    else:
        rule = f"Tout s’efface {months} après le dernier contact."
    rows = tuple(_due_row(one) for one in due.rules if one.due)
    return RetentionPage(
        lead=rule,
        form=form,
        treatments=register.treatments,
        rows=rows,
        nothing=not rows,
        may_run=any(one.erased for one in due.rules),
        done=done,
    )


_COUNTED = {
    "erased": ("ligne effacée", "lignes effacées"),
    "kept": ("élément échu gardé", "éléments échus gardés"),
    "written": ("lettre écrite", "lettres écrites"),
    "already": ("l’était déjà", "l’étaient déjà"),
    "refused": ("refusée", "refusées"),
}


def round_rows(rounds: Iterable[RoundTold]) -> tuple[RoundRow, ...]:
    """Return what the server does by itself, in words."""
    return tuple(
        RoundRow(
            label=one.label,
            last=french.capital(french.moment(one.ended_at)) if one.ended_at else "Jamais encore",
            said=", ".join(french.counted(count, *_COUNTED[name]) for name, count in one.said.items()),
            following=french.moment(one.due_at) if one.due_at else "dès que le serveur tourne",
            failed=bool(one.fault),
        )
        for one in rounds
    )


def _due_row(one: RuleReport) -> DueRow:
    things = tuple(
        Link(f"dossier {number}", f"/bureau/dossiers/{kept.id}")
        for number, kept in enumerate(one.kept_things[:_SHOWN], start=1)
        if one.rule == "dossiers"
    )
    return DueRow(
        label=french.capital(one.label),
        due=french.number(one.due),
        erased=french.number(one.due - one.kept),
        kept=french.number(one.kept),
        reasons=tuple(dict.fromkeys(kept.reason for kept in one.kept_things)),
        things=things,
    )


def said(report: OrganisationReport) -> str:
    """Return what a purge did, in one sentence."""
    rows = french.counted(report.erased, "ligne effacée", "lignes effacées")
    return f"Purge faite : {rows} ; {french.counted(report.kept, 'élément échu gardé', 'éléments échus gardés')}."


@at_desk
def retention(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the register of processing and what is due."""
    return _retention(request, desk, who)


@form_at_desk
def run(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Erase what is due, and say what was done."""
    report = desk.retention.purging.run(who.scope)
    return _retention(request, desk, who, said(report))


def _retention(request: Request, desk: Desk, who: Asker, done: str = "") -> Response:
    register, due = desk.retention.register.read(who.scope), desk.retention.purging.preview(who.scope)
    rounds = request.app.state.rounds.told(who.scope)
    view = replace(retention_page(register, due, Form(), done), rounds=round_rows(rounds))
    return show_desk(request, "desk/retention.html", view)


@at_desk
def mine(request: Request, _: Desk, __: Asker) -> Response:
    """Show what one can do with one's own data."""
    return show_desk(request, "desk/my_data.html", MinePage(Form()))


@form_at_desk
def erase_me(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Close the asker's account, once the word is written; the browser forgets the session."""
    typed = words(form)
    try:
        if typed.get("confirmation") != WORD:
            raise FieldFault("confirmation", f"Écrivez {WORD}, en capitales, pour confirmer.")
        desk.retention.erasing.me(who.scope)
    except (FieldFault, Conflict) as fault:
        view = MinePage(refused(typed, fault))
        status = 409 if isinstance(fault, Conflict) else 422
        return show_desk(request, "desk/my_data.html", view, status=status)
    response = RedirectResponse("/", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@form_at_desk
def take_mine(_: Request, desk: Desk, who: Asker, __: FormData) -> Response:
    """Hand over one's own data."""
    return _handed(desk.retention.mine.take(who.scope))


@form_at_desk
def take_organisation(_: Request, desk: Desk, who: Asker, __: FormData) -> Response:
    """Hand over everything of the organisation."""
    return _handed(desk.retention.belongings.take(who.scope))


def _handed(archive: Archive) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{archive.name}"'}
    return Response(archive.content, media_type="application/zip", headers=named)


ROUTES = (
    Route(HERE, retention),
    Route(f"{HERE}/purge", run, methods=["POST"]),
    Route(f"{HERE}/archive", take_organisation, methods=["POST"]),
    Route(MINE, mine),
    Route(f"{MINE}/archive", take_mine, methods=["POST"]),
    Route(f"{MINE}/effacement", erase_me, methods=["POST"]),
)
