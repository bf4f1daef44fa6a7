"""The documentation fails the build when it lies: dead links, unknown commands, stale generated pages."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from tests.not_empty import not_empty
from vigie.interfaces.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)]*)?\)")
FENCE = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)


def fenced_commands(word: str) -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in FENCE.findall(page.read_text(encoding="utf-8")):
            for line in block.splitlines():
                text = line.strip().removeprefix("$ ").removeprefix(".venv/bin/")
                if text.startswith(word + " "):
                    found.append((page.name, text))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_resolve(page: Path) -> None:
    dead = [
        target
        for target, _ in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not dead, f"{page.name} : liens sans cible {dead}"


def test_every_vigie_command_shown_exists_with_its_options() -> None:
    shown = fenced_commands("vigie")
    assert shown, "aucune commande vigie dans la documentation"
    runner = CliRunner()
    for page, line in not_empty(shown):
        words = shlex.split(line, comments=True)[1:]
        command, path = get_command(app), []
        while words and isinstance(command, TyperGroup):
            inner = command.get_command(typer.Context(command), words[0])
            if inner is None:
                break
            command = inner
            path.append(words.pop(0))
        assert path, f"{page} : « {line} » ne nomme aucune commande"
        assert runner.invoke(app, [*path, "--help"]).exit_code == 0, f"{page} : {line}"
        options = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
        unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in options | {"--help"}]
        assert not unknown, f"{page} : « {line} » emploie {unknown}"


def test_every_make_target_shown_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    shown = fenced_commands("make")
    assert shown
    for page, line in not_empty(shown):
        names = [word for word in line.split("#")[0].split()[1:] if "=" not in word]
        assert set(names) <= targets, f"{page} : {line}"


def test_tables_page_is_generated() -> None:
    run = subprocess.run([sys.executable, "tools/write_tables_doc.py", "--check"], cwd=ROOT, check=False)
    assert run.returncode == 0, "docs/tables.md est périmé : lancer tools/write_tables_doc.py"


def test_make_help_lists_the_readme_targets() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for target in ("install", "demo", "test", "bench", "check"):
        assert f"make {target}" in listed


def test_every_decision_is_numbered_and_listed() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [int(record.name[:4]) for record in records]
    assert numbers == list(range(1, len(numbers) + 1))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert records and all(record.name in index for record in records)
