"""`vigie user`: the host invites people and lists them, organisation by organisation."""

from __future__ import annotations

from typing import Annotated

import typer

from vigie.bootstrap import open_desk
from vigie.domain.access import Role, Scope
from vigie.domain.accounts import ROLE_LABELS
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for, show_table
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.services.accounts.inviting import InvitationDraft

app = typer.Typer(cls=FrenchGroup)
_Org = Annotated[str, typer.Option("--org", metavar="ID", help="Organisation, d’après « vigie org list ».")]


@app.callback()
def user() -> None:
    """Inviter des personnes et lister les membres d’une organisation."""


@app.command("invite", cls=FrenchCommand)
def invite(
    email: Annotated[str, typer.Argument(metavar="COURRIEL", help="Adresse de la personne.")],
    *,
    org: _Org,
    role: Annotated[str, typer.Option("--role", metavar="RÔLE", help="Rôle, comme developpeur ou dirigeant.")],
    siren: Annotated[str, typer.Option("--siren", metavar="SIREN", help="Entreprise d’un dirigeant.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Invite une personne ; le lien n’est montré qu’ici.

    Exemple : vigie user invite nom@exemple.fr --org ID --role developpeur
    """
    desk = open_desk(settings_for(data_dir))
    scope = Scope(Role.SUPER_ADMIN, org, via="command")
    invited = desk.accounts.inviting.invite(scope, InvitationDraft(email, role, siren))
    desk.close()
    if as_json:
        print_json(invited.as_dict())
        return
    say(f"Lien d’invitation pour {invited.email} ({ROLE_LABELS[Role(invited.role)]}), à remettre une fois :")
    say(invited.link)


@app.command("list", cls=FrenchCommand)
def list_(*, org: _Org, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Liste les membres d’une organisation ; la lecture est notée dans son journal.

    Exemple : vigie user list --org ID
    """
    desk = open_desk(settings_for(data_dir))
    found = desk.accounts.members.all(Scope(Role.SUPER_ADMIN, org, via="command"))
    desk.close()
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    if not found:
        say("Aucun membre : invitez-en un avec « vigie user invite ».")
        return
    show_table(
        ("Identifiant", "Nom", "Courriel", "Rôle", "État"),
        [(one.id, one.name, one.email, ROLE_LABELS[Role(one.role)], one.state) for one in found],
    )
