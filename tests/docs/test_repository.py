"""House rules that a tool can hold: sizes, paths, addresses, names that hide their content."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE, LONGEST_FUNCTION, MOST_PARAMETERS = 400, 60, 6
TEXT = {".py", ".md", ".yml", ".yaml", ".toml", ".txt", ".html", ".css", ".js", ".svg", ".json", ".cfg", ""}


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("le dépôt git n’est pas là : la liste des fichiers suivis est inconnue")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix in suffixes]


def test_modules_are_a_page_or_two() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in tracked(".py")}
    long = {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > LONGEST_MODULE}
    assert not long


def test_functions_fit_a_screen_and_take_few_parameters() -> None:
    faults = []
    for path in tracked(".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            given = [a for a in [*node.args.posonlyargs, *node.args.args] if a.arg not in {"self", "cls"}]
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION or (len(given) > MOST_PARAMETERS and path.is_relative_to(ROOT / "vigie")):
                faults.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines, {len(given)} given")
    assert not faults, "\n".join(faults)


def test_a_class_name_has_one_meaning() -> None:
    homes: dict[str, list[str]] = {}
    for path in tracked(".py"):
        if path.is_relative_to(ROOT / "vigie"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    homes.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert "Territory" in homes
    assert not {name: paths for name, paths in homes.items() if len(paths) > 1}


def tuned(value: ast.expr) -> bool:
    """Tell whether a value was chosen: it has a decimal part, or it is a time or a limit."""
    return any(
        (isinstance(part, ast.Constant) and isinstance(part.value, float) and part.value not in {0.0, 1.0})
        or (isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in {"timedelta", "Limit"})
        for part in ast.walk(value)
    )


def test_a_tuned_constant_says_why() -> None:
    silent, seen = [], 0
    for path in tracked(".py"):
        apart = {"simulation", "demonstration"} & set(path.parts)  # the shapes of an imaginary world, and a story
        if apart or not path.is_relative_to(ROOT / "vigie"):
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        body = ast.parse("\n".join(lines)).body
        for node, after in zip(body, [*body[1:], None], strict=True):
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None or not tuned(node.value):
                continue
            stored = (part for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
            names = [part.id for part in stored]
            if not names or not all(name.strip("_").isupper() for name in names):
                continue
            seen += 1
            last = lines[(node.end_lineno or node.lineno) - 1]
            told = isinstance(after, ast.Expr) or ("  # " in last and "# fmt:" not in last)
            if not told and not lines[node.lineno - 2].startswith("#"):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {names}")
    assert seen > 50
    assert not silent, "\n".join(silent)


def test_no_module_hides_its_content_behind_its_name() -> None:
    hidden = re.compile(r"(^|/)(utils?|helpers?|common|misc)(/|\.py$)")
    assert not [str(path) for path in tracked(".py") if hidden.search(path.relative_to(ROOT).as_posix())]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a path of a machine", r"(?<![\w.])/(?:work|root|home)/\w"),
        ("an address of a package registry", r"(?:pypi|registry\.npmjs|files\.pythonhosted)\.org/(?:simple|packages)|https://registry\."),
        ("work left open", r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    ],
)  # fmt: skip
def test_no_file_holds(what: str, pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked(*TEXT)
        if path != Path(__file__) and (match := re.search(pattern, path.read_text(encoding="utf-8", errors="ignore")))
    ]
    assert not found, f"{what}: {found}"


@pytest.mark.parametrize(
    ("what", "pattern", "home"),
    [
        ("a number", r"""\{[^{}]*:,[^{}]*\}|replace\("\.", ","\)""", "domain/french.py"),
        ("a plural", r"""['"]s['"] if [^{}]*[<>]|\(s\)[ .,]""", "domain/french.py"),
        ("an enumeration", r"""['"] et ['"]\.join""", "domain/french.py"),
        ("a day", r":%d/%m|\"février\", \"mars\"", "domain/french.py"),
        ("an address", r"""[+*?]@[\[(\\\w]|\[\^[^]]*@[^]]*\][+*]|validate_email""", "domain/addresses.py"),
        ("what begins a formula", r"""=\+\\?-@|['"]=['"], ?['"]\+['"]""", "domain/formulas.py"),
    ],
)  # fmt: skip
def test_one_module_holds(what: str, pattern: str, home: str) -> None:
    sources = [path for path in tracked(".py", ".html") if path.is_relative_to(ROOT / "vigie")]
    assert ROOT / "vigie" / home in sources
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in sources
        if path != ROOT / "vigie" / home and (match := re.search(pattern, path.read_text(encoding="utf-8")))
    ]
    assert not found, f"{what}: {found}"


def test_the_words_lead_to_modules_that_are_there() -> None:
    rows = [line.split("|")[-2] for line in (ROOT / "docs" / "words.md").read_text("utf-8").splitlines() if "`" in line]
    named = [name for row in rows for name in re.findall(r"`([\w/]+(?:\.py|/\w+))`", row)]
    assert len(named) > 10
    modules = {
        path.relative_to(ROOT / "vigie").as_posix() for path in tracked(".py") if path.is_relative_to(ROOT / "vigie")
    }
    lost = [
        name
        for name in named
        if not any(f"/{one}".endswith(f"/{name}") or one.startswith(f"{name}/") for one in modules)
    ]
    assert not lost


def test_no_lock_file_records_registry_addresses() -> None:
    names = {path.name for path in tracked(".lock", ".json", ".yaml")}
    assert not names & {"uv.lock", "poetry.lock", "package-lock.json", "pnpm-lock.yaml", "yarn.lock"}
