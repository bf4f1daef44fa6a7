"""A test can fail: what it says of each thing of a list is said of a list that is not empty."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
WRITTEN = re.compile(r"(?:\w+\.)*(?:_?[A-Z][A-Z0-9_]*|[A-Z][a-z]\w*)")
"""Names of constants and of enumerations."""
AS_LONG = {"sorted", "enumerate", "reversed", "list", "tuple", "set", "zip", "product", "chain"}
AS_LONG_ITSELF = {"items", "values", "keys", "split", "splitlines", "encode"}


def holds_something(things: ast.expr) -> bool:
    """Tell whether what is gone through cannot be empty: written out, constant, or said so by `not_empty`."""
    match things:
        case ast.Call(func=ast.Name(id="not_empty" | "range")):
            told = True
        case ast.Call(func=ast.Name(id=name), args=given) if name in AS_LONG:
            strict = any(word.arg == "strict" and ast.unparse(word.value) == "True" for word in things.keywords)
            told = (any if strict else all)(map(holds_something, given))
        case ast.Call(func=ast.Attribute(value=held, attr=name)):
            told = name in AS_LONG_ITSELF and holds_something(held)
        case ast.GeneratorExp(generators=parts) | ast.ListComp(generators=parts):
            told = len(parts) == 1 and not parts[0].ifs and holds_something(parts[0].iter)
        case ast.Subscript(value=held, slice=ast.Slice()):
            told = holds_something(held)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            told = any(not isinstance(one, ast.Starred) or holds_something(one.value) for one in parts)
        case ast.Dict(keys=parts):
            told = bool(parts)
        case ast.Constant(value=held):
            told = bool(held)
        case _:
            told = bool(WRITTEN.fullmatch(ast.unparse(things)))
    return told


def said_beside(assertion: ast.Assert, things: ast.expr) -> bool:
    """Tell whether the same assertion says of the list itself that it holds something: `found and all(…)`."""
    if not isinstance(assertion.test, ast.BoolOp) or not isinstance(assertion.test.op, ast.And):
        return False
    names = {node.id for node in ast.walk(things) if isinstance(node, ast.Name)}
    beside = [part for part in assertion.test.values if all(node is not things for node in ast.walk(part))]
    return any(node.id in names for part in beside for node in ast.walk(part) if isinstance(node, ast.Name))


def spoken_of(function: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    """Yield line and list of what a test says of each: loops that assert, `assert all(…)`, `assert not any(…)`."""
    for node in ast.walk(function):
        if isinstance(node, ast.For) and any(
            isinstance(one, ast.Assert) for part in node.body for one in ast.walk(part)
        ):
            yield node.lineno, node.iter
        if not isinstance(node, ast.Assert):
            continue
        denied = {one.operand for one in ast.walk(node) if isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.Not)}
        for call in ast.walk(node.test):
            match call:
                case ast.Call(func=ast.Name(id="all" | "any" as word), args=[given]) if word == "all" or call in denied:
                    if not said_beside(node, given):
                        yield node.lineno, given


def functions(module: ast.Module) -> Iterator[ast.AST]:
    """Yield the functions of a module; what a generator of cases draws may be empty at times, and is left out."""
    for node in module.body:
        if isinstance(node, ast.ClassDef) and not any("Machine" in ast.unparse(base) for base in node.bases):
            yield from (one for one in node.body if isinstance(one, ast.FunctionDef))
        drawn = isinstance(node, ast.FunctionDef) and any("given(" in ast.unparse(one) for one in node.decorator_list)
        if isinstance(node, ast.FunctionDef) and not drawn:
            yield node


def spoken_of_nothing(text: str) -> list[int]:
    """Return the lines of a module where a list that may be empty is spoken of."""
    return sorted(
        {
            line
            for function in functions(ast.parse(text))
            for line, things in spoken_of(function)
            if not holds_something(things)
        }
    )


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("assert all(one > 1 for one in found())", True),
        ("assert not any(one > 1 for one in found())", True),
        ("assert all(map(is_siren, found))", True),
        ("for one in found:\n        assert one", True),
        ("assert all(one > 1 for one in found if one)", True),
        ("assert any(one > 1 for one in found)", False),
        ("assert found and all(one > 1 for one in found)", False),
        ("assert all(one > 1 for one in not_empty(found))", False),
        ("assert all(not_empty(one > 1 for one in found if one))", False),
        ("for one in (1, 2):\n        assert one", False),
        ("for one in not_empty(found):\n        assert one", False),
    ],
)
def test_what_is_said_of_nothing_is_seen(said: str, wrong: bool) -> None:
    assert bool(spoken_of_nothing(f"def test() -> None:\n    {said}")) is wrong


def test_no_test_speaks_of_each_of_a_list_that_may_be_empty() -> None:
    modules = [path for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    assert len(modules) > 100
    found = [
        f"{path.relative_to(TESTS)}:{line}: wrap the list with tests.not_empty"
        for path in modules
        for line in spoken_of_nothing(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "\n".join(found)
