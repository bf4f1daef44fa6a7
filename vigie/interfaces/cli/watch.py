"""`vigie watch`: what changed in a territory or for a firm."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from vigie.bootstrap import house, open_services
from vigie.domain.french import short_date, today
from vigie.domain.relations import USUAL_KM, EventKind, EventOrder, EventSource
from vigie.errors import NotSignedIn
from vigie.interfaces.cli.output import (
    AsJson,
    DataDir,
    PageNumber,
    day,
    print_json,
    say,
    say_simulated,
    settings_for,
    show_table,
)
from vigie.interfaces.cli.questions import add_questions
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.interfaces.desk_views.unmet import unmet_sentence
from vigie.interfaces.optional_data import services_if_loaded
from vigie.interfaces.present_events import event_line, events_sentence
from vigie.services.deadlines import deadlines
from vigie.services.followup.never_met import LEAST, NeverMetAsked

app = typer.Typer(cls=FrenchGroup)
KINDS = tuple(kind.value for kind in EventKind if kind.public)


@app.callback()
def watch() -> None:
    """Suivre ce qui change."""


@app.command("events", cls=FrenchCommand)
def events(  # noqa: PLR0913 - one argument for each option of the command
    *,
    territory: Annotated[str | None, typer.Option("--in", "--territory", metavar="CODE", help="Territoire.")] = None,
    siren: Annotated[str | None, typer.Option(metavar="SIREN", help="Entreprise.")] = None,
    siret: Annotated[str | None, typer.Option(metavar="SIRET", help="Établissement.")] = None,
    since: Annotated[str | None, typer.Option(metavar="AAAA-MM-JJ", help="Premier jour.")] = None,
    kind: Annotated[list[str] | None, typer.Option(metavar="SORTE", help=f"{', '.join(KINDS)}.")] = None,
    source: Annotated[str | None, typer.Option(metavar="SOURCE", help="Qui le dit : sirene ou bodacc.")] = None,
    naf: Annotated[str, typer.Option(metavar="CODE", help="Activité, à tout niveau de la NAF.")] = "",
    least: Annotated[int, typer.Option(metavar="SALARIÉS", help="Effectif du site, au moins.", min=0)] = 0,
    around: Annotated[str, typer.Option(metavar="COMMUNE", help="Commune autour de laquelle regarder.")] = "",
    kilometres: Annotated[
        int, typer.Option("--km", metavar="KM", help="Kilomètres autour d’elle.", min=1, max=200)
    ] = USUAL_KM,
    order: Annotated[str, typer.Option(metavar="TRI", help="Ce qui vient d’abord : date ou importance.")] = "date",
    page: PageNumber = 1,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Liste les événements, du plus récent au plus ancien.

    Exemple : vigie watch events --in 85 --since 2026-10-01 --kind creation
    """
    asked = [word.strip() for value in kind or () for word in value.split(",") if word.strip()]
    unknown = [word for word in asked if word not in KINDS]
    if unknown:
        raise typer.BadParameter(
            f"« {unknown[0]} » n’est pas une sorte d’événement : {', '.join(KINDS)}.", param_hint="--kind"
        )
    if order not in set(EventOrder):
        raise typer.BadParameter(f"le tri est {' ou '.join(EventOrder)}.", param_hint="--order")
    if source is not None and source not in set(EventSource):
        raise typer.BadParameter(f"la source est {' ou '.join(EventSource)}.", param_hint="--source")
    with open_services(settings_for(data_dir)) as services:
        found = services.watch.events(
            territory=territory,
            siren=siren,
            siret=siret,
            since=day(since, "--since"),
            kinds=tuple(EventKind(word) for word in asked),
            source=EventSource(source) if source else None,
            naf=naf,
            least=least,
            around=around,
            kilometres=kilometres,
            page=page,
            order=EventOrder(order),
        )
        if as_json:
            print_json(found.as_dict())
            return
        say_simulated(services.simulated)
        say(events_sentence(found))
        lines = [event_line(event) for event in found.events]
        show_table(
            ("Date", "Événement", "Établissement", "Taille et activité", "Détail"),
            [(line.date, line.kind, line.who.label, line.what, line.sentence) for line in lines],
        )


@app.command("deadlines", cls=FrenchCommand)
def coming(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Liste les derniers jours pour répondre aux appels publics et pour demander les aides chargées.

    Exemple : vigie watch deadlines
    """
    with house(settings_for(data_dir)) as (installation, desk), services_if_loaded(installation) as services:
        found = deadlines(desk.calls.reading, services, today())
    if as_json:
        print_json({"results": [asdict(one) for one in found]})
        return
    if not found:
        say("Aucune échéance à venir.")
        return
    show_table(("Jour", "Échéance"), [[short_date(one.day), one.title] for one in found])


@app.command("never-met", cls=FrenchCommand)
def never_met(
    *,
    token: Annotated[
        str, typer.Option(envvar="VIGIE_JETON", metavar="JETON", help="Jeton d’accès d’un développeur économique.")
    ],
    territory: Annotated[str, typer.Option("--in", "--territory", metavar="CODE", help="Territoire.")] = "",
    least: Annotated[int, typer.Option(metavar="SALARIÉS", help="Effectif à partir duquel un site compte.")] = LEAST,
    page: PageNumber = 1,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Liste les industriels que personne de l’organisation n’a rencontrés depuis deux ans.

    Un jeton se fait dans le bureau, « Vos accès ». Exemple : vigie watch never-met --in 85 --token JETON
    """
    with house(settings_for(data_dir)) as (installation, desk), installation.services() as services:
        asker = desk.recognising.token(token)
        if asker is None or not asker.scope.person:
            raise NotSignedIn("Le jeton présenté n’est pas accepté : il est inconnu, révoqué ou périmé.")
        found = desk.followup.never_met.page(asker.scope, services, NeverMetAsked(territory, least, page))
        if as_json:
            print_json(found.as_dict() | {"total_pages": found.total_pages})
            return
        say_simulated(found.simulated)
        say(unmet_sentence(found))
        rows = [
            [one.name, one.commune_name, one.size or "", one.activity or "",
             short_date(one.last_contact) if one.last_contact else "jamais"]
            for one in found.firms
        ]  # fmt: skip
        show_table(("Entreprise", "Commune", "Effectif", "Activité", "Dernier échange"), rows)


add_questions(app, "watch")
