"""Commands imported when they are called: `--help` lists them all without loading any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command to come: the module and the name of its function or group, and its line in the list of commands."""

    module: str
    name: str
    summary: str

    def load(self, name: str) -> Any:
        """Import the command."""
        found = getattr(import_module(self.module), self.name)
        holder = typer.Typer(cls=FrenchGroup, add_completion=False, rich_markup_mode="rich")
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=name, help=self.summary)
            group = get_command(holder)
            assert isinstance(group, TyperGroup)  # noqa: S101 - typer makes a group of what holds a group
            return group.commands[name]
        holder.command(name, cls=FrenchCommand)(found)
        return get_command(holder)


def later_group(commands: Mapping[str, LazyCommand]) -> type[FrenchGroup]:
    """Return the class of a group whose commands are imported one by one, each when it is called."""

    class LaterGroup(FrenchGroup):
        listing = False

        def list_commands(self, ctx: Any) -> list[str]:
            """Return the names of the commands, in the order of the declaration."""
            return list(commands)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """Return a command, or its mere name and summary while the list of commands is written."""
            if cmd_name not in commands:
                return None
            if self.listing:
                return FrenchCommand(cmd_name, help=commands[cmd_name].summary)
            if cmd_name not in self.commands:
                self.add_command(commands[cmd_name].load(cmd_name), cmd_name)
            return self.commands[cmd_name]

        def format_help(self, ctx: Any, formatter: Any) -> None:
            """Write the help page without loading the commands that it lists."""
            self.listing = True
            try:
                super().format_help(ctx, formatter)
            finally:
                self.listing = False

    return LaterGroup
