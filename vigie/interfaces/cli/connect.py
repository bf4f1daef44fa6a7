"""`vigie connect`: who could work with whom, and what the answer is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vigie.domain import french
from vigie.domain.access import ANYONE, Scope
from vigie.domain.capabilities import KIND_LABELS, CapabilityKind
from vigie.interfaces.cli import connect_learn
from vigie.interfaces.cli.output import (
    AsJson,
    DataDir,
    day,
    print_json,
    say,
    say_simulated,
    settings_for,
    show_table,
)
from vigie.interfaces.cli.questions import add_questions
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup

app = typer.Typer(cls=FrenchGroup)
PROTOCOLS = ("partners", "buyer-day")
OptionalFile = Path | None


@app.callback()
def connect() -> None:
    """Propose des coopérations, et dit ce que ces propositions valent."""


@app.command("evaluate", cls=FrenchCommand)
def evaluate(  # noqa: PLR0913 - one argument for each option of the command
    participations: Annotated[
        Path, typer.Option(metavar="FICHIER", help="Participations (CSV ou Parquet) : rcn, pic, country, start_year.")
    ],
    *,
    country: Annotated[str, typer.Option(metavar="PAYS", help="Pays dont les organisations sont classées.")] = "FR",
    train: Annotated[str, typer.Option(metavar="AAAA-AAAA", help="Années où l’on apprend.")] = "2014-2017",
    test: Annotated[str, typer.Option(metavar="AAAA-AAAA", help="Années jugées, après les premières.")] = "2018-2019",
    queries: Annotated[
        OptionalFile, typer.Option(metavar="FICHIER", help="Questions toutes faites : source, target, candidats.")
    ] = None,
    themes: Annotated[
        OptionalFile, typer.Option(metavar="FICHIER", help="Thème de chaque projet : rcn, programme_part.")
    ] = None,
    protocol: Annotated[str, typer.Option(metavar="PROTOCOLE", help=f"{', '.join(PROTOCOLS)}.")] = "partners",
    since: Annotated[
        str | None, typer.Option(metavar="AAAA-MM-JJ", help="buyer-day : premier jour jugé ; à défaut, au milieu.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Juge l’ordre appris des partenaires sur ce qui est arrivé ensuite, à côté d’ordres simples.

    Avec --protocol buyer-day, le fichier est celui des marchés publics (DECP consolidées), et l’on cherche qui d’autre
    travaille pour un acheteur le même jour.

    Exemple : vigie connect evaluate --participations participations.parquet --country FR --json
    """
    if protocol not in PROTOCOLS:
        raise typer.BadParameter(f"« {protocol} » n’est pas un protocole : {', '.join(PROTOCOLS)}.",
                                 param_hint="--protocol")  # fmt: skip
    if protocol == "buyer-day":
        from vigie.services.connect.meetings import evaluate_meetings  # noqa: PLC0415 - it loads scikit-learn

        _answer(evaluate_meetings(participations, day(since, "--since")), as_json)
        return
    from vigie.services.connect.evaluating import Asked, evaluate  # noqa: PLC0415 - it loads SciPy and scikit-learn

    asked = Asked(country, _years(train, "--train"), _years(test, "--test"), queries, themes)
    _answer(evaluate(participations, asked), as_json)


@app.command("partners", cls=FrenchCommand)
def partners(
    number: Annotated[str, typer.Argument(metavar="SIRET|SIREN", help="Site, ou entreprise, à qui proposer.")],
    kind: Annotated[str | None, typer.Option(metavar="SORTE", help="Une seule sorte de proposition.")] = None,
    top: Annotated[int, typer.Option(min=1, max=100, metavar="N", help="Propositions au plus.")] = 20,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Propose des partenaires à une entreprise, chacun avec ses raisons.

    Exemple : vigie connect partners 35600000000048 --kind hybridation --top 10
    """
    from vigie.bootstrap import house  # noqa: PLC0415 - other commands of this group need no data
    from vigie.services.connect.partners import propose  # noqa: PLC0415

    with house(settings_for(data_dir)) as (installation, desk), installation.services() as services:
        found = propose(services, number, kind, top, desk.situations.to(ANYONE))
    if as_json:
        print_json(found.as_dict())
        return
    say_simulated(found.simulated)
    say(f"{found.name}, {found.activity} : {french.counted(len(found.proposals), 'proposition', 'propositions')}.")
    rows = [(one.name, one.kind.label, one.commune, one.sentence, one.confidence) for one in found.proposals]
    if rows:
        show_table(("Nom", "Sorte", "Commune", "Pourquoi", "Confiance"), rows)
    for note in (*found.notes, *dict.fromkeys(one.notice for one in found.proposals if one.notice)):
        say(note)


@app.command("situation", cls=FrenchCommand)
def situation(
    number: Annotated[str, typer.Argument(metavar="SIREN|SIRET", help="L’entreprise.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit la situation d’une entreprise, avec ce qu’elle dit à tout le monde, et ce qui reste à lui demander.

    Exemple : vigie connect situation 356000000 --json
    """
    from vigie.bootstrap import house  # noqa: PLC0415 - other commands of this group need no journal
    from vigie.services.firms.situation import progress, situation_of, summary_of  # noqa: PLC0415

    with house(settings_for(data_dir)) as (_, desk):
        read = desk.declarations.read(ANYONE, number)
    found = situation_of(read.siren, read.entries)
    if as_json:
        print_json(found.as_dict())
        return
    told = summary_of(found, {one.field for one in read.entries if not one.topic})
    say(f"{progress(found)} à tout le monde.")
    for line in told.known:
        say(line)
    show_table(("À lui demander",), [(line,) for line in told.left])


@app.command("need", cls=FrenchCommand)
def need(
    text: Annotated[str, typer.Argument(metavar="TEXTE", help="Le besoin, en mots simples, sans prix.")],
    within: Annotated[str, typer.Option("--in", metavar="CODE", help="Territoire où chercher.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit qui pourrait répondre à un besoin dans un territoire, seul ou en équipe.

    Exemple : vigie connect need "Soudure TIG et peinture poudre de châssis inox" --in 200071629
    """
    from vigie.bootstrap import open_services  # noqa: PLC0415 - other commands of this group need no data
    from vigie.services.connect.answering_needs import answer_need  # noqa: PLC0415

    with open_services(settings_for(data_dir)) as services:
        found = answer_need(services.know, text, within)
    if as_json:
        print_json(found.as_dict())
        return
    say_simulated(found.simulated)
    team = [(one.name, one.commune, one.activity, one.evidence) for one in found.team or found.firms]
    if team:
        show_table(("Nom", "Commune", "Activité", "Pourquoi"), team)
    for note in found.notes:
        say(note)


@app.command("territory", cls=FrenchCommand)
def territory(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Territoire.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Dit les liens connus d’un territoire, et les métiers qui pourraient s’y rencontrer.

    Exemple : vigie connect territory 200071629 --json
    """
    from vigie.bootstrap import open_services  # noqa: PLC0415 - other commands of this group need no data
    from vigie.services.connect.territory import territory_links  # noqa: PLC0415

    with open_services(settings_for(data_dir)) as services:
        found = territory_links(services, code)
    if as_json:
        print_json(found.as_dict())
        return
    say_simulated(found.simulated)
    told = french.counted(found.employers, "entreprise qui emploie", "entreprises qui emploient")
    say(f"{found.name} : {told}, dont {french.number(found.with_ties)} avec un lien connu.")
    if found.bridges:
        rows = [(f"{one.one_label} ({one.one})", f"{one.other_label} ({one.other})", french.number(one.nearness, 3))
                for one in found.bridges]  # fmt: skip
        show_table(("Mêmes métiers", "Aucun lien connu avec", "Proximité"), rows, numeric=(2,))
    for note in found.notes:
        say(note)


@app.command("capabilities", cls=FrenchCommand)
def capabilities(
    text: Annotated[str, typer.Argument(metavar="TEXTE", help="Ce que dit une entreprise, en ses mots.")],
    as_json: AsJson = False,
) -> None:
    """Dit quels procédés, matières, machines et certifications un texte nomme.

    Exemple : vigie connect capabilities "Nous soudons l’inox au TIG, en petites séries"
    """
    from vigie.services.connect.capabilities import told_capabilities  # noqa: PLC0415 - it reads the vocabulary

    found = told_capabilities(text)
    if as_json:
        print_json(found)
        return
    if not found["capabilities"]:
        say("Rien de ce vocabulaire n’est nommé dans ce texte.")
        return
    rows = [(one["label"], KIND_LABELS[CapabilityKind(one["kind"])], " ".join(one["words"]), one["code"])
            for one in found["capabilities"]]  # fmt: skip
    show_table(("Savoir-faire", "Sorte", "Mots", "Code"), rows)


@app.command("export-okw", cls=FrenchCommand)
def export_okw(
    number: Annotated[str, typer.Argument(metavar="SIREN|SIRET", help="L’entreprise.")],
    data_dir: DataDir = None,
    as_json: AsJson = True,  # the record is JSON, asked or not
) -> None:
    """Écrit la fiche Open Know-Where d’une entreprise, avec ce qu’elle dit à tout le monde savoir faire.

    Exemple : vigie connect export-okw 356000000 > fiche.json
    """
    from vigie.bootstrap import house  # noqa: PLC0415 - other commands of this group need no journal
    from vigie.services.connect.okw import facility_of  # noqa: PLC0415

    with house(settings_for(data_dir)) as (_, desk):
        print_json(facility_of(desk.declarations.read(Scope(via="command"), number)))


@app.command("import-okw", cls=FrenchCommand)
def import_okw(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Fiche Open Know-Where, en JSON.")],
    as_json: AsJson = False,
) -> None:
    """Lit une fiche Open Know-Where : ses savoir-faire du vocabulaire, et les mots qui n’en sont pas.

    Elle se reprend dans « Mon entreprise » : confirmer est un geste de l’entreprise ou de son agent.

    Exemple : vigie connect import-okw fiche.json --json
    """
    from vigie.services.connect.okw import read_facility  # noqa: PLC0415 - it reads the vocabulary

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(f"« {file} » ne se lit pas : donnez un fichier JSON en UTF-8.") from None
    found = read_facility(text)
    if as_json:
        print_json(found.as_dict())
        return
    if found.terms:
        show_table(
            ("Savoir-faire", "Sorte", "Code"), [(one.label, KIND_LABELS[one.kind], one.code) for one in found.terms]
        )
    for name in found.unknown:
        say(f"Hors du vocabulaire : {name}.")


def _years(text: str, option: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdigit() and (last or first).isdigit() and len(first) == len(last or first) == 4):
        raise typer.BadParameter(f"« {text} » n’est pas une période : écrivez-la comme 2014-2017.", param_hint=option)
    return int(first), int(last or first)


def _answer(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    model, told = found["model"], {"ordre appris": found["model"], **found["baselines"]}
    rows = [
        (name, *(french.number(one[part], 4) for part in ("MRR", "Hits10", "Recall20"))) for name, one in told.items()
    ]
    show_table(("Ordre", "MRR", "Hits@10", "Rappel@20"), rows, numeric=(1, 2, 3))
    low, high = model["interval"]
    say(f"{model['interval_of']} : de {french.signed(low, 4)} à {french.signed(high, 4)}.")
    for feature in model["features"]:
        say(f"Poids de « {feature['label']} » : {french.number(feature['weight'], 3)}.")
    for reason, count in found["left_out"].items():
        say(f"Lignes laissées de côté, {reason} : {french.number(count)}.")
    for note in found["notes"]:
        say(note)


connect_learn.register(app)
add_questions(app, "connect")
