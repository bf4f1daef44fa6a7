"""`vigie connect learn`: what introductions and public ties teach of proposals, and which weights they use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vigie.domain import french
from vigie.domain.access import Role, Scope
from vigie.interfaces.cli.output import (
    AsJson,
    DataDir,
    print_json,
    say,
    say_simulated,
    settings_for,
    show_table,
)
from vigie.interfaces.cli.usage import FrenchCommand

if TYPE_CHECKING:
    from vigie.services.connect.learning import Learned


def learn(
    *,
    organisation: Annotated[
        str, typer.Option("--org", metavar="ID", help="Organisation dont les mises en relation apprennent.")
    ] = "",
    within: Annotated[
        str, typer.Option("--in", metavar="CLÉ", help="Sans --org : territoire des liens publics, comme epci:….")
    ] = "",
    adopt: Annotated[bool, typer.Option("--adopt", help="Adopter les poids appris (avec --org).")] = False,
    stated: Annotated[
        bool, typer.Option("--stated", help="Ne rien apprendre : revenir aux poids énoncés (avec --org).")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Apprend quelles raisons rapprochent, dit ce que cela vaut et pour qui cela échoue.

    Sans --org, des seuls liens publics, et rien n’est gardé. Avec --org, des mises en relation de l’organisation aussi,
    et ce qui est appris est gardé pour elle seule.

    Exemple : vigie connect learn --json
    """
    if (adopt or stated) and not organisation:
        raise typer.BadParameter("Dites avec --org de quelle organisation sont les poids.", param_hint="--org")
    if adopt and stated:
        raise typer.BadParameter("Choisissez : adopter ce qui est appris, ou revenir aux poids énoncés.",
                                 param_hint="--adopt")  # fmt: skip
    if organisation:
        _of_organisation(organisation, data_dir, adopt=adopt, stated=stated, as_json=as_json)
        return
    from vigie.bootstrap import open_services  # noqa: PLC0415 - other commands of this group need no data
    from vigie.services.connect.learning import learn as learned_from_ties  # noqa: PLC0415
    from vigie.services.places import Places  # noqa: PLC0415

    with open_services(settings_for(data_dir)) as services:
        place = Places(services.warehouse).territory(within).key if within else ""
        found = learned_from_ties(services, territory=place)
    if as_json:
        print_json(found.as_dict())
    else:
        _show(found)


def _of_organisation(organisation: str, data_dir: DataDir, *, adopt: bool, stated: bool, as_json: bool) -> None:
    from vigie.bootstrap import house  # noqa: PLC0415 - other commands of this group need no journal
    from vigie.services.acts import Nothing  # noqa: PLC0415
    from vigie.services.connect.adopting import ADOPTED, RESTORED, read_learning  # noqa: PLC0415

    with house(settings_for(data_dir)) as (installation, desk):
        desk.accounts.organisations.mine(Scope(Role.SUPER_ADMIN, organisation, via="command"))
        scope = Scope(Role.ADMIN, organisation, via="command")
        if stated:
            desk.acts.run(scope, RESTORED, "", Nothing())
        else:
            with installation.services() as services:
                model = desk.learning.learn(scope, services)
            if adopt:
                desk.acts.run(scope, ADOPTED, model, Nothing())
        told = desk.acts.tell(scope, read_learning, "")
    if as_json:
        print_json(told.as_dict())
        return
    if told.learned and not stated:
        _show(told.learned)
    say(told.said)


def _show(found: Learned) -> None:
    from vigie.services.connect.learning import (  # noqa: PLC0415
        chance_sentences,
        data_sentence,
        fails_sentence,
        quality_sentence,
    )

    say_simulated(found.simulated)
    say(data_sentence(found))
    for why, count in found.left_out.items():
        say(f"Laissés de côté : {french.counted(count, 'paire')}, {why}.")
    say(found.verdict)
    if not found.comparisons:
        return
    say(quality_sentence(found))
    say(fails_sentence(found))
    rows = [
        (one.label, french.number(one.stated, 1), *(_figure(part) for part in (one.low, one.high, one.kept)), one.said)
        for one in found.reasons
    ]
    show_table(("Raison", "Poids énoncé", "Appris, de", "à", "Pèserait", "Ce qui en est dit"), rows,
               numeric=(1, 2, 3, 4))  # fmt: skip
    for sentence in chance_sentences(found):
        say(sentence)


def _figure(value: float | None) -> str:
    return "—" if value is None else french.number(value, 2)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("learn", cls=FrenchCommand)(learn)
