"""`vigie equip sites`, `sites-import`, `sites-export`: sites for a need, and inventories in the layouts of the CNIG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vigie.bootstrap import house, open_desk
from vigie.domain import french
from vigie.domain.access import ANYONE, Role, Scope
from vigie.errors import LinesRefused, RequestFault, StructureFault
from vigie.interfaces import asking
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for, show_table
from vigie.interfaces.cli.questions import show_answer
from vigie.interfaces.cli.usage import FrenchCommand
from vigie.interfaces.declared_questions import parameters
from vigie.interfaces.kept_sites import answered
from vigie.services.lever_files import read_mapping
from vigie.services.sites.answering import SITES
from vigie.services.sites.land_files import MOST_BYTES, checked

if TYPE_CHECKING:
    from vigie.services.desk import Desk

OWNER = typer.Option("--org", metavar="IDENTIFIANT", help="L’organisation, comme la dit « vigie org list ».")
_NATURAL = ("ligne d’une personne physique laissée", "lignes de personnes physiques laissées")
_LISTED = 40
"""Lines at fault that a terminal shows; JSON holds them all."""


def sites(
    need: Annotated[Path, typer.Option("--need", metavar="FICHIER", help="Besoin, en JSON : near, km, least, most…")],
    organisation: Annotated[str, OWNER] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Classe les friches, zones, terrains et locaux pour un besoin écrit dans un fichier JSON.

    Avec les terrains et locaux publiés et, pour une organisation, tout son inventaire.

    Exemple : vigie equip sites --need besoin.json --json
    """
    entry = {name: value for name, value in read_mapping(need).items() if value is not None}
    pairs = [(str(name), str(value)) for name, value in entry.items()]
    given = asking.read(parameters(SITES), pairs).or_fault()
    with house(settings_for(data_dir)) as (installation, desk), installation.services() as services:
        scope = acting_for(desk, organisation) if organisation else ANYONE
        told = answered(SITES, services, "", given, lambda: (desk, scope))
    if as_json:
        print_json(told.as_dict())
    else:
        show_answer(SITES, told)


def sites_import(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="CSV à un standard du Cnig.")],
    organisation: Annotated[str, OWNER] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Vérifie un fichier de pôles, sites, terrains, établissements ou friches, puis le garde dans l’inventaire.

    Il est pris en entier ou pas du tout. Sans organisation, il est vérifié seulement.
    Exemple : vigie equip sites-import terrains.csv --org abcdefghijkmnpqrstuv
    """
    data = _content(file)
    try:
        if organisation:
            desk = open_desk(settings_for(data_dir))
            try:
                told = desk.land_files.bring(acting_for(desk, organisation), file.name, data)
            finally:
                desk.close()
        else:
            told = checked(file.name, data, french.today())
    except LinesRefused as refused:
        if as_json:
            print_json({"file": file.name, "faults": [one.as_dict() for one in refused.faults]})
        else:
            rows = [[str(one.line), one.column, one.what, one.remedy] for one in refused.faults[:_LISTED]]
            show_table(("Ligne", "Colonne", "Ce qui ne va pas", "Que faire"), rows)
        raise
    if as_json:
        print_json(told.as_dict() | {"faults": []})
        return
    lines = f"{told.title} : {french.counted(told.lines, 'ligne juste', 'lignes justes')}"
    if not organisation:
        say(f"{lines}. Rien n’a été gardé : dites pour quelle organisation (--org).")
        return
    known = f", dont {french.counted(told.known, 'déjà connue', 'déjà connues')}" if told.known else ""
    say(f"{lines} et {french.plural(told.lines, 'enregistrée', 'enregistrées')}{known} (fichier {told.id}).")


def sites_export(
    out: Annotated[Path, typer.Option("--out", metavar="FICHIER", help="Fichier à écrire.")],
    organisation: Annotated[str, OWNER],
    land_file: Annotated[
        str, typer.Option("--file", metavar="IDENTIFIANT", help="Lequel, s’il y en a plusieurs.")
    ] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Rend un fichier de l’inventaire dans la disposition où il a été publié, sans propriétaires ni contacts.

    Le fichier entier n’est donné qu’aux agents, sur la page. Exemple : vigie equip sites-export --out t.csv --org abc…
    """
    desk = open_desk(settings_for(data_dir))
    try:
        scope = acting_for(desk, organisation)
        found = desk.land_files.listed(scope)
        if not land_file and len(found) != 1:
            offered = ", ".join(f"{one.id} ({one.title})" for one in found)
            raise RequestFault(
                f"Plusieurs fichiers sont gardés : choisissez avec --file parmi {offered}." if found
                else "Aucun fichier n’est gardé : apportez-en un avec « vigie equip sites-import »."
            )  # fmt: skip
        given = desk.land_files.give(scope, land_file or found[0].id, whole=False)
    finally:
        desk.close()
    fresh = out.with_name(f".{out.name}.partial")
    try:
        fresh.write_bytes(given.content)
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
    if as_json:
        print_json({"file": str(out), "lines": given.lines, "left_out": given.left_out})
        return
    left = french.counted(
        given.left_out, "ligne d’une personne physique laissée", "lignes de personnes physiques laissées"
    )
    say(f"{french.counted(given.lines, 'ligne écrite', 'lignes écrites')} dans « {out} »"
        f"{f' ; {left} de côté' if given.left_out else ''}.")  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("sites", cls=FrenchCommand)(sites)
    app.command("sites-import", cls=FrenchCommand)(sites_import)
    app.command("sites-export", cls=FrenchCommand)(sites_export)


def acting_for(desk: Desk, organisation: str) -> Scope:
    """Return the scope of the host's command for an organisation; raises `NotFound` when there is none such."""
    desk.accounts.organisations.mine(Scope(Role.SUPER_ADMIN, organisation, via="command"))
    return Scope(Role.ADMIN, organisation, via="command")


def _content(file: Path) -> bytes:
    """Return what a file holds; raises `StructureFault` when it is not there or too heavy."""
    if not file.is_file():
        raise StructureFault("ce fichier n’existe pas.", file=file.name, remedy="Vérifiez le chemin donné.")
    if file.stat().st_size > MOST_BYTES:
        raise StructureFault("ce fichier pèse plus de 20 Mo.", file=file.name, remedy="Coupez-le.")
    return file.read_bytes()
