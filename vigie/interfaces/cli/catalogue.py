"""`vigie sources` and `vigie indicators`: what Vigie reads, what it computes."""

from __future__ import annotations

from typing import Annotated

import typer

from vigie.bootstrap import open_catalogue
from vigie.domain import french
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for, show_table
from vigie.interfaces.present import vintage_of
from vigie.interfaces.present_catalogue import indicators as indicators_view
from vigie.interfaces.present_catalogue import source as source_view
from vigie.interfaces.present_catalogue import sources as sources_view
from vigie.interfaces.present_catalogue import state_of


def sources(
    source_id: Annotated[
        str | None, typer.Argument(metavar="SOURCE", help="Une source, pour sa carte entière.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Liste les sources que Vigie sait lire, et celles qui sont chargées.

    Exemples : vigie sources ; vigie sources sirene_etablissement --json
    """
    catalogue = open_catalogue(settings_for(data_dir))
    if source_id is not None:
        one = catalogue.source(source_id)
        if as_json:
            print_json(one.as_dict())
            return
        view = source_view(one)
        say(view.lead)
        show_table(("", ""), [(fact.label, fact.value) for fact in view.facts])
        for gap in view.gaps:
            say(f"– {gap}")
        return
    found = catalogue.sources()
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    say(sources_view(found).lead)
    show_table(
        ("Source", "Titre", "Producteur", "État", "Données", "Lignes"),
        [
            (
                one.id,
                one.card.title,
                one.card.producer,
                state_of(one),
                vintage_of(one.vintage) if one.loaded or one.shipped else "",
                french.number(one.rows) if one.rows is not None else "",
            )
            for one in found
        ],
        numeric=(5,),
    )


def indicators(
    indicator_id: Annotated[
        str | None, typer.Argument(metavar="INDICATEUR", help="Un indicateur, pour sa carte.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Liste les indicateurs que Vigie calcule : unité, formule, sources.

    Exemples : vigie indicators ; vigie indicators specialisation
    """
    catalogue = open_catalogue(settings_for(data_dir))
    if indicator_id is not None:
        card = catalogue.indicator(indicator_id)
        if as_json:
            print_json(card.as_dict())
            return
        say(f"{card.label} : {card.question}")
        say(f"Formule : {card.formula}")
        say(f"Unité : {card.unit}. Part connue : {card.coverage}")
        for limit in card.limits:
            say(f"– {limit}")
        return
    cards = catalogue.indicators()
    if as_json:
        print_json([card.as_dict() for card in cards])
        return
    say(indicators_view(cards).lead)
    show_table(
        ("Indicateur", "Thème", "Libellé", "Unité"), [(card.id, card.theme, card.label, card.unit) for card in cards]
    )
