"""`vigie need`: the needs and offers that anybody reads, who answers one in a commune, and to state one's own."""

from __future__ import annotations

from typing import Annotated

import typer

from vigie.bootstrap import house
from vigie.domain import french
from vigie.domain.access import Scope
from vigie.domain.calls import KINDS
from vigie.domain.needs import Readers, need_fault
from vigie.errors import FieldFault
from vigie.interfaces.cli.output import (
    AsJson,
    DataDir,
    PageNumber,
    print_json,
    say,
    say_page,
    say_simulated,
    settings_for,
    show_table,
)
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.services.calls.reading import CallFilter
from vigie.services.needs.stating import NeedEntry

app = typer.Typer(cls=FrenchGroup)
_ANYBODY = Scope(via="command")
_READERS = tuple(one.value for one in Readers)


@app.callback()
def need() -> None:
    """Lire les besoins et offres publics, en dire un."""


@app.command("list", cls=FrenchCommand)
def list_(
    words: Annotated[str, typer.Argument(metavar="TEXTE", help="Des mots du titre ou du texte.")] = "",
    *,
    kind: Annotated[str, typer.Option(metavar="SORTE", help=f"Parmi : {', '.join(KINDS)}.")] = "",
    closed: Annotated[bool, typer.Option("--closed", help="Aussi ceux qui sont clos.")] = False,
    page: PageNumber = 1,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Liste les besoins et offres publics, les derniers d’abord.

    Exemple : vigie need list "traitement thermique" --kind need
    """
    if kind and kind not in KINDS:
        raise typer.BadParameter(f"« {kind} » n’est pas une sorte : {', '.join(KINDS)}.", param_hint="--kind")
    with house(settings_for(data_dir)) as (_, desk):
        found = desk.calls.reading.published(
            _ANYBODY, CallFilter(kind=kind, words=words, open_only=not closed, page=page)
        )
    if as_json:
        print_json(found.as_dict())
        return
    told = french.counted(found.total, "besoin ou offre", "besoins et offres")
    say(f"{told}." if found.total else "Aucun besoin ni offre public ne répond.")
    if found.calls:
        show_table(
            ("Identifiant", "Sorte", "Titre", "Organisation", "Répondre avant le"),
            [
                (
                    one.id,
                    KINDS[one.kind],
                    one.title,
                    one.organisation,
                    french.short_date(one.closes_on) if one.closes_on else "",
                )
                for one in found.calls
            ],
        )
    say_page(found.page, found.total_pages)


@app.command("show", cls=FrenchCommand)
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Identifiant, d’après « vigie need list ».")],
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Lit un besoin ou une offre publics.

    Exemple : vigie need show ID
    """
    with house(settings_for(data_dir)) as (_, desk):
        found = desk.calls.reading.one(_ANYBODY, identifier)
    if as_json:
        print_json(found.as_dict())
        return
    say(found.title)
    until = f", jusqu’au {french.long_date(found.closes_on)}" if found.closes_on else ""
    say(f"{french.capital(KINDS[found.kind])} de {found.organisation}{until}.")
    for paragraph in french.paragraphs(found.text):
        say()
        say(paragraph)


@app.command("answers", cls=FrenchCommand)
def answers(
    text: Annotated[str, typer.Argument(metavar="TEXTE", help="Le besoin, en ses mots ; il n’est pas gardé.")],
    *,
    commune: Annotated[str, typer.Option(metavar="CODE", help="Commune, si l’entreprise n’est pas donnée.")] = "",
    siren: Annotated[str, typer.Option(metavar="SIREN", help="L’entreprise, si elle existe déjà.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit tout de suite qui et quoi pourraient aider : activités, échanges de matière, appels, aides, interlocuteurs.

    Exemple : vigie need answers "Traitement thermique de petites séries" --commune 85109
    """
    if fault := need_fault(text):
        raise FieldFault("text", fault)
    with house(settings_for(data_dir)) as (installation, desk):
        code, number, _ = desk.needs.stating.located(siren, commune)
        with installation.services() as services:
            found = desk.at_once.answer(_ANYBODY, services, text, (code, number))
    if as_json:
        print_json(found.as_dict())
        return
    say_simulated(found.simulated)
    rows = [("activité", one.label, _many(one.establishments)) for one in found.activities]
    rows += [("appel", one.title, one.id) for one in found.calls]
    rows += [("aide", one.title, one.days) for one in found.aids]
    rows += [("interlocuteur", one.name or one.service, one.email or one.phone) for one in found.advisers]
    if found.exchanges:
        rows += [("échange de matière", one.name, f"{one.commune}, {one.because}") for one in found.exchanges.sites]
    if rows:
        show_table(("Sorte", "Qui ou quoi", ""), rows)
    for note in found.notes:
        say(note)


def _many(establishments: int | None) -> str:
    return "moins de 3" if establishments is None else french.counted(establishments, "établissement", "établissements")


@app.command("state", cls=FrenchCommand)
def state(  # noqa: PLR0913 - one argument for each option of the command
    text: Annotated[str, typer.Argument(metavar="TEXTE", help="Le besoin, en ses mots.")],
    *,
    email: Annotated[str, typer.Option("--email", metavar="COURRIEL", help="Où répondre ; à confirmer par lettre.")],
    commune: Annotated[str, typer.Option(metavar="CODE", help="Commune, si l’entreprise n’est pas donnée.")] = "",
    siren: Annotated[str, typer.Option(metavar="SIREN", help="L’entreprise, si elle existe déjà.")] = "",
    name: Annotated[str, typer.Option(metavar="NOM", help="Qui demande.")] = "",
    phone: Annotated[str, typer.Option(metavar="TÉLÉPHONE", help="Où rappeler.")] = "",
    readers: Annotated[
        str, typer.Option(metavar="QUI", help=f"Qui peut lire : {', '.join(_READERS)}.")
    ] = Readers.CONTACT.value,
    adviser: Annotated[
        str, typer.Option(metavar="IDENTIFIANT", help="L’interlocuteur choisi, comme le dit « equip advisers --json ».")
    ] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit un besoin, sans compte : une lettre demande de confirmer l’adresse, personne ne lit rien avant.

    Exemple : vigie need state "Un atelier plus grand" --commune 85109 --email nom@exemple.fr
    """
    if readers not in _READERS:
        raise typer.BadParameter(f"« {readers} » n’est pas reconnu : {', '.join(_READERS)}.", param_hint="--readers")
    said = NeedEntry(text, email, siren, commune, Readers(readers), name, phone, adviser)
    with house(settings_for(data_dir)) as (_, desk):
        receipt = desk.needs.stating.state(_ANYBODY, said)
    if as_json:
        print_json(receipt.as_dict())
        return
    say(f"Il reste un geste : confirmez votre adresse par la lettre envoyée à {email}.")
    say(receipt.answers)
