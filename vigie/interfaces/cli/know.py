"""`vigie know`: search establishments, read a firm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from vigie.bootstrap import open_services
from vigie.interfaces.cli.output import (
    AsJson,
    DataDir,
    PageNumber,
    day,
    print_json,
    say,
    say_page,
    say_simulated,
    settings_for,
    show_table,
)
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.interfaces.present import activity_of, closing_of, distance_of, name_of, place_of, size_of
from vigie.interfaces.present_actors import firm_sentence
from vigie.interfaces.present_search import search_sentence
from vigie.interfaces.present_understood import said as understood_sentence
from vigie.interfaces.searching import SORTS, STATES
from vigie.services.know import SearchRequest

if TYPE_CHECKING:
    from vigie.services.know import DirectoryEntry


class _WithQuestions(FrenchGroup):
    """Commands of the directory; the declared questions are read only when one of them is called, or listed."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or the declared question of that name."""
        return super().get_command(ctx, cmd_name) or self._declared().get(cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return [*super().list_commands(ctx), *self._declared()]

    def _declared(self) -> Mapping[str, Any]:
        from vigie.interfaces.cli.questions import add_questions  # noqa: PLC0415 - they import every service

        holder = typer.Typer(cls=FrenchGroup)
        add_questions(holder, "know")
        group = get_command(holder)
        assert isinstance(group, TyperGroup)  # noqa: S101 - typer makes a group of what holds several commands
        return group.commands


app = typer.Typer(cls=_WithQuestions)
Several = list[str] | None
_LIST = "À répéter, ou valeurs séparées par des virgules."


@app.command("search", cls=FrenchCommand)
def search(  # noqa: PLR0913 - one argument for each option of the command
    text: Annotated[str, typer.Argument(metavar="TEXTE", help="Nom, activité, rue, commune, SIREN ou SIRET.")] = "",
    *,
    naf: Annotated[Several, typer.Option(metavar="CODE", help=f"Activité, à tout niveau. {_LIST}")] = None,
    size: Annotated[Several, typer.Option(metavar="TRANCHE", help=f"Tranche d’effectif. {_LIST}")] = None,
    within: Annotated[Several, typer.Option("--in", metavar="CODE", help=f"Territoire. {_LIST}")] = None,
    near: Annotated[str | None, typer.Option(metavar="LAT,LON", help="Point d’où se mesurent les distances.")] = None,
    radius: Annotated[float | None, typer.Option(min=0, metavar="KM", help="Rayon autour du point.")] = None,
    craft: Annotated[bool | None, typer.Option(help="Artisans, ou hors artisanat.")] = None,
    head_office: Annotated[bool | None, typer.Option(help="Sièges, ou autres établissements.")] = None,
    employer: Annotated[bool | None, typer.Option(help="Employeurs, ou sans salarié.")] = None,
    created_from: Annotated[str | None, typer.Option(metavar="AAAA-MM-JJ", help="Créé à partir de ce jour.")] = None,
    created_to: Annotated[str | None, typer.Option(metavar="AAAA-MM-JJ", help="Créé jusqu’à ce jour.")] = None,
    state: Annotated[str, typer.Option(metavar="A|F|tous", help="Ouverts, fermés ou tous.")] = "A",
    sort: Annotated[str, typer.Option(metavar="ORDRE", help=f"Ordre : {', '.join(SORTS)}.")] = "pertinence",
    page: PageNumber = 1,
    per_page: Annotated[int, typer.Option(min=1, max=100, metavar="N", help="Résultats par page.")] = 20,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Cherche des établissements ; tous les filtres s’appliquent ensemble.

    Exemples :

    vigie know search "chaudronnerie Les Herbiers"

    vigie know search --naf C --size 11,12 --in 200071629 --sort taille
    """
    request = SearchRequest(
        text=text,
        naf=_several(naf),
        size=tuple("" if band == "inconnue" else band for band in _several(size)),
        within=_several(within),
        near=_point(near),
        radius_km=radius,
        craft=craft,
        head_office=head_office,
        employer=employer,
        created_from=day(created_from, "--created-from"),
        created_to=day(created_to, "--created-to"),
        state=_word(state, STATES, "--state"),
        sort=_word(sort, {**SORTS, **{english: english for english in SORTS.values()}}, "--sort"),
        page=page,
        per_page=per_page,
    )
    with open_services(settings_for(data_dir)) as services:
        answer = services.know.search(request)
        if as_json:
            print_json(answer.as_dict())
            return
        say_simulated(answer.simulated)
        say(search_sentence(request, answer))
        for note in (*filter(None, [understood_sentence(answer.understood)]), *answer.notes):
            say(note)
        for other in answer.nearest:
            say(f"Au plus près : {other.label} ({other.total}).")
        _show(answer.results)
        say_page(answer.page, answer.total_pages)


@app.command("firm", cls=FrenchCommand)
def firm(
    number: Annotated[str, typer.Argument(metavar="SIREN|SIRET", help="Numéro de l’entreprise ou d’un établissement.")],
    page: PageNumber = 1,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Lit une entreprise et ses établissements.

    Exemple : vigie know firm 356000000
    """
    with open_services(settings_for(data_dir)) as services:
        found = services.know.firm(number, page=page)
        if as_json:
            print_json(found.as_dict())
            return
        say_simulated(services.simulated)
        say(firm_sentence(found))
        _show(found.establishments)
        say_page(found.page, found.total_pages)


def _show(entries: Sequence[DirectoryEntry]) -> None:
    if not entries:
        return
    far = any(entry.distance_km is not None for entry in entries)
    columns = ("SIRET", "Nom", "Activité", "Effectif", "Lieu", *(("Distance",) if far else ()))
    rows = [
        (
            entry.siret,
            ", ".join(part for part in (name_of(entry), closing_of(entry)) if part),
            activity_of(entry),
            size_of(entry),
            place_of(entry),
            *((distance_of(entry),) if far else ()),
        )
        for entry in entries
    ]
    show_table(columns, rows)


def _several(values: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(word.strip() for value in values or () for word in value.split(",") if word.strip())


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    parts = text.replace(";", ",").split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        latitude, longitude = float("nan"), 0.0
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise typer.BadParameter(
            f"« {text} » n’est pas un point : écrivez latitude,longitude comme 46.87,-1.01.", param_hint="--near"
        )
    return latitude, longitude


def _word(text: str, accepted: Mapping[str, Any], option: str) -> Any:
    found = next((key for key in accepted if key.casefold() == text.casefold()), None)
    if found is None:
        raise typer.BadParameter(
            f"« {text} » n’est pas reconnu : les valeurs acceptées sont {', '.join(accepted)}.", param_hint=option
        )
    return accepted[found]
