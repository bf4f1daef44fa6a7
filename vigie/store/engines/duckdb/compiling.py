"""From Ibis expressions to DuckDB's SQL, once per expression."""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import ibis
import ibis.expr.operations as ops

from vigie.store.warehouse import PARAMETER_CLOSE, PARAMETER_OPEN

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

# Ibis merges successive projections by copying expressions into one another: a value used twice at each of ten steps
# is written a thousand times. DuckDB reads nested projections as well.
ibis.options.sql.fuse_selects = False

_PARAMETER = re.compile(f"'{PARAMETER_OPEN}([a-z_][a-z0-9_]*){PARAMETER_CLOSE}'")


class Compiled(NamedTuple):
    """A query: its text, the parameters it awaits, the tables it names, the tables in memory it carries."""

    sql: str
    parameters: tuple[str, ...]
    tables: tuple[str, ...]
    carried: dict[str, pa.Table]


class Compiler:
    """Compile expressions, remembering the latest ones by their structure.

    Ibis takes 2 to 30 ms to write a query that DuckDB answers in less than one: what a page asks again and again
    is kept. A query that carries tables in memory is not: no other asks it, and it would hold them. Thread safe.
    """

    def __init__(self, remembered: int = 512) -> None:
        self._remembered = remembered
        self._known: OrderedDict[ops.Node, Compiled] = OrderedDict()
        self._lock = Lock()

    def compile(self, expression: ir.Table) -> Compiled:
        """Return the query of an expression."""
        node = expression.op()
        with self._lock:
            known = self._known.get(node)
            if known is not None:
                self._known.move_to_end(node)
                return known
        compiled = _compile(expression)
        if compiled.carried:
            return compiled
        with self._lock:
            self._known[node] = compiled
            while len(self._known) > self._remembered:
                self._known.popitem(last=False)
        return compiled


@cache
def shared_compiler() -> Compiler:
    """Return the compiler of this process: the text of a query does not depend on the generation that answers it."""
    return Compiler()


def _compile(expression: ir.Table) -> Compiled:
    text = str(ibis.duckdb.compile(expression))
    names = tuple(dict.fromkeys(_PARAMETER.findall(text)))
    node = expression.op()
    tables = tuple(sorted({table.name for table in node.find(ops.UnboundTable)}))
    carried = {t.name: t.data.to_pyarrow(t.schema) for t in node.find(ops.InMemoryTable)}
    return Compiled(_PARAMETER.sub(r"$\1", text), names, tables, carried)
