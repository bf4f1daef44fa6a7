"""`vigie org`: the host makes organisations and invites their first administrator."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from vigie.bootstrap import open_desk
from vigie.domain.access import Role, Scope
from vigie.domain.accounts import OrganisationKind
from vigie.domain.zones import ZONES
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for, show_table
from vigie.interfaces.cli.simulate import demonstration
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.services.accounts.inviting import InvitationDraft
from vigie.services.accounts.organisations import Charter

app = typer.Typer(cls=FrenchGroup)
app.command("demonstration", cls=FrenchCommand)(demonstration)
_KINDS = ", ".join(kind.value for kind in OrganisationKind)


@app.callback()
def org() -> None:
    """Créer et lister les organisations de l’installation."""


@app.command("create", cls=FrenchCommand)
def create(
    name: Annotated[str, typer.Argument(metavar="NOM", help="Nom de l’organisation.")],
    *,
    admin: Annotated[str, typer.Option("--admin", metavar="COURRIEL", help="Premier administrateur à inviter.")],
    territory: Annotated[
        str, typer.Option("--territory", metavar="CLÉ", help="Territoire, comme epci:248500621.")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="SORTE", help=f"Parmi : {_KINDS}.")] = "collectivite",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Crée une organisation et invite son premier administrateur ; le lien n’est montré qu’ici.

    La sorte « hebergeur » donne le rôle d’administrateur de l’installation.

    Exemple : vigie org create "Pays des Herbiers" --territory epci:248500621 --admin nom@exemple.fr
    """
    desk = open_desk(settings_for(data_dir))
    command = Scope(Role.SUPER_ADMIN, via="command")
    made = desk.accounts.organisations.create(command, Charter(name, territory), kind)
    role = Role.SUPER_ADMIN if made.kind == OrganisationKind.HOST.value else Role.ADMIN
    invited = desk.accounts.inviting.invite(command.within(made.id), InvitationDraft(admin, role.value))
    desk.close()
    if as_json:
        print_json({"organisation": made.as_dict(), "invitation": invited.as_dict()})
        return
    say(f"Organisation « {made.charter.name} » créée : {made.id}.")
    say(f"Lien d’invitation pour {invited.email}, à remettre une fois :")
    say(invited.link)


@app.command("attest", cls=FrenchCommand)
def attest(
    siren: Annotated[str, typer.Argument(metavar="SIREN", help="L’entreprise.")],
    address: Annotated[str, typer.Argument(metavar="ADRESSE", help="L’adresse du compte de son dirigeant.")],
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Atteste, au nom de l’hébergeur et après vérification, qui parle pour une entreprise.

    Ce que cette personne a marqué public, et qui attendait, se lit alors sur la page de l’entreprise.

    Exemple : vigie org attest 732829320 nom@exemple.fr
    """
    desk = open_desk(settings_for(data_dir))
    try:
        places = desk.vouching.attest_address(Scope(Role.SUPER_ADMIN, via="command"), siren, address)
    finally:
        desk.close()
    if as_json:
        print_json({"siren": siren, "address": address, "organisations": list(places)})
        return
    say(f"{address} est attestée pour l’entreprise {siren}, chez {', '.join(places)}.")


@app.command("zone", cls=FrenchCommand)
def zone(
    organisation: Annotated[str, typer.Argument(metavar="IDENTIFIANT", help="L’organisation, comme la dit « list ».")],
    name: Annotated[str, typer.Argument(metavar="FUSEAU", help=f"Parmi : {', '.join(ZONES)}.")],
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Donne à une organisation le fuseau horaire dont ses jours suivent les horloges.

    Exemple : vigie org zone abcdefghijkmnpqrstuv Pacific/Noumea
    """
    desk = open_desk(settings_for(data_dir))
    scope = Scope(Role.SUPER_ADMIN, organisation=organisation, via="command")
    charter = desk.accounts.organisations.mine(scope).charter
    changed = desk.accounts.organisations.change(scope, replace(charter, zone=name))
    desk.close()
    if as_json:
        print_json(changed.as_dict())
        return
    say(f"Organisation « {changed.charter.name} » : {ZONES[changed.charter.zone]}.")


@app.command("list", cls=FrenchCommand)
def list_(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Liste les organisations.

    Exemple : vigie org list
    """
    desk = open_desk(settings_for(data_dir))
    found = desk.accounts.organisations.all(Scope(Role.SUPER_ADMIN, via="command"))
    desk.close()
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    if not found:
        say("Aucune organisation : créez la première avec « vigie org create ».")
        return
    show_table(
        ("Identifiant", "Nom", "Sorte", "Territoire", "Conservation (mois)"),
        [
            (one.id, one.charter.name, one.kind, one.charter.territory, str(one.charter.retention_months))
            for one in found
        ],
        numeric=(4,),
    )
