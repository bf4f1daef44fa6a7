"""The pages of an import, one a step: bring, columns, numbers, doubles, last look, report; and what is taken away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Right, Thing
from vigie.domain.spreadsheets import Stage
from vigie.errors import Conflict, InputFault, RequestFault
from vigie.interfaces.desk_views import imports as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.desk_views.import_report import report_page
from vigie.interfaces.desk_views.jobs import ADDRESS as JOBS
from vigie.interfaces.dossier_files import dossier_filter, file_of, known_kind
from vigie.interfaces.optional_data import directory_if_loaded
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.bringing import brought, file_at_desk
from vigie.interfaces.web.frame import page_number, show_desk
from vigie.services.spreadsheets.grids import WayOfReading
from vigie.services.spreadsheets.reading import MOST_BYTES

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.know import Know
    from vigie.services.spreadsheets.answers import ImportRecord

HOME = views.ADDRESS
_TOO_LONG = "Ce fichier pèse plus de 20 Mo : retirez les images et les feuilles inutiles."
Going = Callable[["Desk", "Asker", str, FormData, "Know | None"], "ImportRecord"]


@at_desk
def imports(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form that brings a file, and the imports already made."""
    return _imports(request, desk, who, Form())


def _imports(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    lines = desk.spreadsheets.imports.listed(who.scope)
    return show_desk(request, "desk/imports.html", views.imports_page(lines, form), status=status)


def _refuse(request: Request, desk: Desk, who: Asker, fault: InputFault | RequestFault) -> Response:
    return _imports(request, desk, who, refused({}, fault), 422)


def _bring(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Read the file that is brought, and lead to its columns."""
    try:
        record = desk.spreadsheets.imports.bring(who.scope, *brought(form))
    except (InputFault, RequestFault) as fault:
        return _refuse(request, desk, who, fault)
    return RedirectResponse(views.step_address(record), 303)


@at_desk
def step(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a step of an import; a step that is not open yet leads to the one that is."""
    record = desk.spreadsheets.imports.read(who.scope, request.path_params["batch"])
    if request.path_params["step"] not in _OPEN[record.stage]:
        return RedirectResponse(views.step_address(record), 303)
    return _show(request, record, request.path_params["step"], Form())


def _show(request: Request, record: ImportRecord, which: str, form: Form, status: int = 200) -> Response:
    page = int(form.value("page")) if form.value("page").isdecimal() else page_number(request)
    if which == "compte-rendu":
        return show_desk(request, "desk/import_report.html", report_page(record, page))
    if which == "verification":
        view, rows = views.ready_page(record, form, page)
        return show_desk(request, "desk/import_ready.html", views.Ready(view, rows), status=status)
    if which == "colonnes":
        return show_desk(request, "desk/import_columns.html", views.columns_page(record, form), status=status)
    build = views.numbers_page if which == "numeros" else views.doubles_page
    template = "desk/import_numbers.html" if which == "numeros" else "desk/import_doubles.html"
    return show_desk(request, template, build(record, form, page), status=status)


def _going(which: str, work: Going) -> Callable[[Request], Awaitable[Response]]:
    """Make the endpoint of a step's form: it goes on to the next step, or shows itself again with what is wrong."""

    @form_at_desk
    def go_on(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
        batch = request.path_params["batch"]
        try:
            with directory_if_loaded(request.app.state.installation) as know:
                record = work(desk, who, batch, form, know)
        except (InputFault, RequestFault, Conflict) as fault:
            record = desk.spreadsheets.imports.read(who.scope, batch)
            if record.stage not in (Stage.APPLIED, Stage.ABANDONED):
                status = 409 if isinstance(fault, Conflict) else 422
                return _show(request, record, which, refused(words(form), fault), status)
            return RedirectResponse(views.step_address(record), 303)
        following = str(form.get("suivante", ""))
        if following.isdigit():
            return RedirectResponse(f"{HOME}/{batch}/{which}?page={following}", 303)
        return RedirectResponse(views.step_address(record), 303)

    return go_on


def _read_again(desk: Desk, who: Asker, batch: str, form: FormData, _: Know | None) -> ImportRecord:
    typed = words(form)
    header = typed.get("titres", "")
    how = WayOfReading(
        typed.get("encodage", ""),
        typed.get("feuille", ""),
        int(header) if header.isdecimal() else 0,
        hidden=typed.get("masque") == "oui",
        firms=tuple(int(line) for line in typed.get("entreprises", "").split(",") if line.isdecimal()),
    )
    return desk.spreadsheets.imports.read_again(who.scope, batch, how)


def _match(desk: Desk, who: Asker, batch: str, form: FormData, know: Know | None) -> ImportRecord:
    chosen = {int(name.removeprefix("colonne-")): word for name, word in words(form).items() if _numbered(name)}
    prospecting = words(form).get("prospection") == "oui"
    return desk.spreadsheets.imports.match(who.scope, batch, chosen, know, prospecting=prospecting)


def _numbers(desk: Desk, who: Asker, batch: str, form: FormData, know: Know | None) -> ImportRecord:
    typed = words(form)
    if "chercher" in typed:
        return desk.spreadsheets.imports.search_on(who.scope, batch, know)
    chosen = {
        int(name.removeprefix("ligne-")): typed.get(f"{name}-numero") or word
        for name, word in typed.items()
        if _numbered(name)
    }
    return desk.spreadsheets.imports.choose_numbers(who.scope, batch, chosen, know, last="suivante" not in typed)


def _decide(desk: Desk, who: Asker, batch: str, form: FormData, _: Know | None) -> ImportRecord:
    typed = words(form)
    decided = {int(name.removeprefix("ligne-")): word for name, word in typed.items() if _numbered(name)}
    return desk.spreadsheets.imports.decide(
        who.scope, batch, decided, typed.get("toutes", ""), last="suivante" not in typed
    )


def _apply(desk: Desk, who: Asker, batch: str, _: FormData, __: Know | None) -> ImportRecord:
    return desk.spreadsheets.imports.apply(who.scope, batch)


def _abandon(desk: Desk, who: Asker, batch: str, _: FormData, __: Know | None) -> ImportRecord:
    return desk.spreadsheets.imports.abandon(who.scope, batch)


def _numbered(name: str) -> bool:
    first, _, rest = name.partition("-")
    return first in ("colonne", "ligne") and rest.isdigit()


@at_desk
def take(request: Request, desk: Desk, who: Asker) -> Response:
    """Hand over the dossiers of the list that was on the screen, all its pages."""
    kind, asked = known_kind(request.path_params["kind"]), dossier_filter(request.query_params.multi_items())
    if who.scope.may(Thing.DOSSIERS, Right.WRITE) and (job := desk.spreadsheets.exports.ask(who.scope, asked, kind)):
        return RedirectResponse(f"{JOBS}/{job}", 303)
    table = desk.spreadsheets.exports.dossiers(who.scope, asked)
    content, media_type = file_of(table, kind)
    named = {"Content-Disposition": f'attachment; filename="dossiers.{kind}"'}
    return Response(content, media_type=media_type, headers=named)


_OPEN = {
    Stage.READ: ("colonnes",),
    Stage.SEARCHING: ("colonnes", "numeros"),
    Stage.NUMBERS: ("colonnes", "numeros"),
    Stage.DOUBLES: ("colonnes", "numeros", "doublons"),
    Stage.READY: ("colonnes", "numeros", "doublons", "verification"),
    **dict.fromkeys((Stage.MATCHING, Stage.REVIEWING, Stage.APPLYING), ()),
    Stage.APPLIED: ("compte-rendu",),
    Stage.ABANDONED: ("compte-rendu",),
}
"""The pages that may be opened at each stage: one can always go back."""
_STEP = f"{HOME}/{{batch}}"
ROUTES = (
    Route(HOME, imports),
    Route(HOME, file_at_desk(_bring, MOST_BYTES, _TOO_LONG, _refuse), methods=["POST"]),
    Route(f"{_STEP}/lecture", _going("colonnes", _read_again), methods=["POST"]),
    Route(f"{_STEP}/colonnes", _going("colonnes", _match), methods=["POST"]),
    Route(f"{_STEP}/numeros", _going("numeros", _numbers), methods=["POST"]),
    Route(f"{_STEP}/doublons", _going("doublons", _decide), methods=["POST"]),
    Route(f"{_STEP}/application", _going("verification", _apply), methods=["POST"]),
    Route(f"{_STEP}/abandon", _going("colonnes", _abandon), methods=["POST"]),
    Route(f"{_STEP}/{{step}}", step),
    Route("/bureau/emporter/dossiers.{kind}", take),
)
