"""`vigie equip`: what helps a firm or a need; catalogues of schemes checked before they are loaded, and given back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vigie.bootstrap import open_desk, open_services
from vigie.domain import french
from vigie.domain.access import ANYONE
from vigie.domain.advising import AdviceSubject
from vigie.errors import RequestFault, TooManyRejects
from vigie.interfaces.cli import equip_sites
from vigie.interfaces.cli.output import AsJson, DataDir, Day, day, print_json, say, settings_for, show_table
from vigie.interfaces.cli.questions import add_questions, show_answer
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.services.advising.asking import advice_asked
from vigie.services.advising.routing import uncovered
from vigie.services.aids.answering import AIDS, SCHEMES, State
from vigie.services.aids.catalogues import export, keep, read_catalogue
from vigie.services.communes import commune_name
from vigie.services.symbiosis.answering import SYMBIOSIS, told_of_firm
from vigie.services.symbiosis.flows import said_by_firms
from vigie.services.symbiosis.of_territory import EXCHANGES, LOOPS, told_exchanges, told_loops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.questions import AnswerTable

app = typer.Typer(cls=FrenchGroup)
equip_sites.register(app)
_LISTED, _PLACES = 40, 6
"""Lines at fault, and communes of a line, that a terminal shows; JSON holds them all."""


@app.command("aids", cls=FrenchCommand)
def aids(  # noqa: PLR0913 - one argument for each option of the command
    *,
    number: Annotated[str | None, typer.Argument(metavar="[SIRET]", help="SIRET ou SIREN de l’entreprise.")] = None,
    need: Annotated[str, typer.Option(metavar="TEXTE", help="Le besoin, en vos mots.")] = "",
    on: Day = None,
    state: Annotated[str, typer.Option(metavar="ÉTAT", help="ouvertes, bientot ou toutes.")] = State.OPEN.value,
    received: Annotated[
        int | None, typer.Option(metavar="EUROS", help="Aides de minimis reçues en trois ans, déclarées.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit quelles aides peuvent servir une entreprise ou un besoin, condition par condition ; Vigie ne décide pas.

    Exemple : vigie equip aids 12345678200010 --need "isoler un atelier" --json
    """
    if not number and not need.strip():
        raise RequestFault("Rien n’est demandé : donnez le SIRET d’une entreprise, ou un besoin (--need TEXTE).")
    asked = {"need": need, "state": _state(state), "on": day(on, "--on")}
    with open_services(settings_for(data_dir)) as services:
        if number:
            told: AnswerTable = AIDS.answer(services, number, asked | {"received": received})
        else:
            told = SCHEMES.answer(services, "", asked)
    if as_json:
        print_json(told.as_dict())
    else:
        show_answer(SCHEMES, told)


@app.command("aids-import", cls=FrenchCommand)
def aids_import(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Catalogue : CSV d’un schéma national, ou JSON.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Vérifie un catalogue d’aides, puis le garde pour les prochains chargements ; une seule ligne fautive le refuse.

    Exemple : vigie equip aids-import dispositifs.csv
    """
    settings = settings_for(data_dir)
    read = read_catalogue(file, settings.data_dir)
    if read.rejects:
        if as_json:
            print_json({"file": file.name, "schemes": read.count, "rejects": [one.as_dict() for one in read.rejects]})
        else:
            rows = [[str(one.line), one.column, one.reason] for one in read.rejects[:_LISTED]]
            show_table(("Ligne", "Colonne", "Ce qui ne va pas"), rows)
        wrong = french.counted(len(read.rejects), "ligne fautive", "lignes fautives")
        raise TooManyRejects(
            f"Fichier « {file.name} » : {wrong} ; rien n’a été gardé. Corrigez-les, puis recommencez.",
            read.rejects, read.count + len(read.rejects),
        )  # fmt: skip
    kept = keep(file, read.card, settings.data_dir)
    if as_json:
        print_json({"file": file.name, "schemes": read.count, "rejects": [], "kept": kept.name})
    else:
        say(f"{french.counted(read.count, 'aide lue', 'aides lues')} ({read.title}). Le catalogue est gardé : "
            "le prochain « vigie refresh » le met en service.")  # fmt: skip


@app.command("aids-export", cls=FrenchCommand)
def aids_export(
    out: Annotated[Path, typer.Option("--out", metavar="FICHIER", help="Fichier à écrire.")],
    source: Annotated[str, typer.Option(metavar="CARTE", help="Carte du catalogue, s’il y en a plusieurs.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Rend un catalogue d’aides chargé tel qu’il a été publié.

    Exemple : vigie equip aids-export --out dispositifs.csv
    """
    with open_services(settings_for(data_dir)) as services:
        written, count = export(services, source)
    fresh = out.with_name(f".{out.name}.partial")
    try:
        fresh.write_text(written, encoding="utf-8", newline="")
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
    if as_json:
        print_json({"file": str(out), "schemes": count})
    else:
        say(f"{french.counted(count, 'aide écrite', 'aides écrites')} dans « {out} ».")


@app.command("advisers", cls=FrenchCommand)
def advisers(
    number: Annotated[str, typer.Argument(metavar="SIRET", help="SIRET ou SIREN de l’entreprise.")],
    need: Annotated[str, typer.Option(metavar="SUJET", help=f"Parmi : {', '.join(AdviceSubject)}.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit qui peut conseiller une entreprise sur un sujet, et sous quel délai.

    Une personne n’est nommée que si elle l’accepte. Exemple : vigie equip advisers 12345678200010 --need financement
    """
    settings = settings_for(data_dir)
    with open_services(settings) as services:
        asked = advice_asked(services, need, number, "")
    desk = open_desk(settings)
    try:
        found = desk.advising.route(asked.subject, asked.commune, asked.asker)
    finally:
        desk.close()
    if as_json:
        told = [one.as_dict() for one in found.advisers]
        print_json({"subject": asked.subject.value, "commune": asked.commune, "advisers": told, "unsure": found.unsure})
        return
    if not found.advisers:
        say(f"Personne ne dit encore répondre sur « {asked.subject.label} » {french.at_place(asked.place)}.")
        return
    rows = [
        [one.name or one.service, one.service, one.organisation,
         french.counted(one.days, "jour ouvré", "jours ouvrés") if one.days else "non promis"]
        for one in found.advisers
    ]  # fmt: skip
    show_table(("Qui", "Service", "Organisation", "Délai"), rows)


@app.command("advisers-gaps", cls=FrenchCommand)
def advisers_gaps(
    organisation: Annotated[str, equip_sites.OWNER],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit quels sujets n’ont pas d’interlocuteur dans le territoire d’une organisation, et dans quelles communes.

    Exemple : vigie equip advisers-gaps --org abcdefghijkmnpqrstuv
    """
    desk = open_desk(settings_for(data_dir))
    try:
        told = uncovered(desk.advising, equip_sites.acting_for(desk, organisation))
    finally:
        desk.close()
    if as_json:
        print_json(told)
        return
    counted = french.counted(told["communes"], "commune")
    if not told["gaps"]:
        say(f"Chaque sujet a un interlocuteur dans chacune des {counted}.")
        return
    rows = [(gap["label"], french.number(len(gap["communes"])), _places(gap["communes"])) for gap in told["gaps"]]
    show_table(("Sujet", f"Communes (sur {told['communes']})", "Lesquelles"), rows)


def _places(codes: Sequence[str]) -> str:
    shown = ", ".join(map(commune_name, codes[:_PLACES]))
    return f"{shown}…" if len(codes) > _PLACES else shown


@app.command("symbiosis", cls=FrenchCommand)
def symbiosis(
    number: Annotated[
        str, typer.Argument(metavar="SIRET", help="SIRET ou SIREN de l’entreprise, ou un territoire : epci:200073260.")
    ],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit qui pourrait prendre ou donner de la matière à une entreprise, avec les flux que les firmes rendent publics.

    D’un territoire : les meilleurs échanges, puis les boucles auxquelles il manque quelqu’un.

    Exemple : vigie equip symbiosis 12345678200010 --json
    """
    settings = settings_for(data_dir)
    desk = open_desk(settings)
    try:
        declared = said_by_firms(desk.flows.readable(ANYONE))
    finally:
        desk.close()
    with open_services(settings) as services:
        if any(character.isalpha() for character in number):
            best, lacking = told_exchanges(services, number, declared), told_loops(services, number, declared)
            answers = {"exchanges": (EXCHANGES, best), "loops": (LOOPS, lacking)}
        else:
            answers = {"": (SYMBIOSIS, told_of_firm(services, number, declared))}
    if not as_json:
        for question, told in answers.values():
            show_answer(question, told)
    elif "" in answers:
        print_json(answers[""][1].as_dict())
    else:
        print_json({name: told.as_dict() for name, (_, told) in answers.items()})


def _state(word: str) -> State:
    if word not in set(State):
        raise typer.BadParameter(f"« {word} » n’est pas un état : {', '.join(State)}.", param_hint="--state")
    return State(word)


add_questions(app, "equip")
