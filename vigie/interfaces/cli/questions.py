"""The declared questions as commands: `vigie GROUP NAME [CODE|SIREN]`, their options made from what can be asked."""

from __future__ import annotations

from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vigie.bootstrap import open_services
from vigie.domain import french
from vigie.domain.declared import fields_of
from vigie.interfaces import asking
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, say_simulated, settings_for, show_table
from vigie.interfaces.cli.usage import FrenchCommand
from vigie.interfaces.declared_questions import parameters, sheets, table
from vigie.interfaces.exports import KINDS
from vigie.interfaces.present import source_sentence
from vigie.interfaces.present_comparing import compared
from vigie.interfaces.sheets import FILE_LABELS
from vigie.services.capabilities import questions
from vigie.services.comparing.compare import COMPARE
from vigie.services.questions import Of

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.services.questions import AnswerTable, Question

_ABOUT = {
    Of.TERRITORY: typer.Argument(metavar="CODE", help="85191, 200071629, 85, region:52, ze:5204, FR…"),
    Of.FIRM: typer.Argument(metavar="SIREN", help="Neuf chiffres."),
    Of.INDICATOR: typer.Argument(metavar="INDICATEUR", help="L’identifiant d’un indicateur : jobs, employers…"),
    Of.ACTIVITY: typer.Argument(metavar="NAF", help="Une activité : 25.62B."),
}
_WRITTEN = {"within": ("--in", "--within"), "start": ("--from", "--start"), "end": ("--to", "--end")}
_OUT = typer.Option("--out", metavar="FICHIER", help=f"Écrit un fichier, selon sa fin : {', '.join(FILE_LABELS)}.")


def add_questions(app: typer.Typer, group: str) -> None:
    """Add to a group the commands of the questions that belong to it."""
    for question in questions():
        if question.group == group:
            app.command(question.command, cls=FrenchCommand, help=f"{question.summary}.")(_command(question))


def _command(question: Question[Any]) -> Callable[..., None]:
    asked = {one.name.replace("_", "-"): one for one in fields_of(question.takes) if one.name != question.given}
    several = [one for one in fields_of(question.takes) if one.name == question.given]

    def command(
        *, key: str = "", data_dir: Path | None = None, as_json: bool = False, out: Path | None = None, **typed: Any
    ) -> None:
        several = [(question.given, text) for text in typed.pop(question.given, ())]
        pairs = [*several, *((name, text) for name, text in typed.items() if text is not None)]
        given = asking.read(parameters(question), pairs).or_fault()
        with open_services(settings_for(data_dir)) as services:
            told = question.answer(services, key, given)
        if out is not None:
            _write(question, told, out)
        elif as_json:
            print_json(told.as_dict())
        else:
            show_answer(question, told)

    kept = Parameter.KEYWORD_ONLY
    about = [Parameter("key", kept, annotation=Annotated[str, _ABOUT[question.of]])] if question.of in _ABOUT else []
    options = [
        Parameter(one.name, kept, default=None, annotation=Annotated[str | None, typer.Option(*_flags(name),
                  help=" ".join(filter(None, (f"{one.label}.", one.hint))))])
        for name, one in asked.items()
    ]  # fmt: skip
    options += [
        Parameter(one.name, kept, annotation=Annotated[list[str], typer.Argument(metavar="CODE…", help=one.hint)])
        for one in several
    ]
    last = [
        Parameter("out", kept, default=None, annotation=Annotated[Path | None, _OUT]),
        Parameter("data_dir", kept, default=None, annotation=DataDir),
        Parameter("as_json", kept, default=False, annotation=AsJson),
    ]
    command.__signature__ = Signature([*about, *options, *last])  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in [*about, *options, *last]}
    return command


def _flags(name: str) -> tuple[str, ...]:
    """Return how an option is written: « in » a territory, as of a search; « from » a year « to » another."""
    return _WRITTEN.get(name, (f"--{name}",))


def _write(question: Question[Any], told: AnswerTable, out: Path) -> None:
    kind = next((ending for ending in sorted(KINDS, key=len, reverse=True) if out.name.endswith(f".{ending}")), "")
    if not kind:
        raise typer.BadParameter(f"« {out.name} » doit finir par {', '.join(KINDS)}.", param_hint="--out")
    fresh = out.with_name(f".{out.name}.partial")
    try:
        fresh.write_bytes(KINDS[kind].write(sheets(question, told, kind)))
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
    say(f"{french.counted(told.lines, 'ligne écrite', 'lignes écrites')} dans « {out} ».")


def show_answer(question: Question[Any], told: AnswerTable) -> None:
    """Print an answer as people read it: its sentence, its rows, what is said beside, its sources."""
    say_simulated(told.simulated)
    say(told.lead)
    say()
    made = compared(told.rows) if question is COMPARE else table(question, told)
    numeric = [position for position, right in enumerate(made.numeric) if right]
    show_table(made.columns, [[str(cell) for cell in row] for row in made.rows], numeric)
    say()
    if told.note:
        say(told.note)
    for source in told.sources:
        say(source_sentence(source))
