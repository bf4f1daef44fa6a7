"""What is read once for all the answers of a generation, and forgotten with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.store.warehouse import Warehouse

Read = TypeVar("Read")
_KEPT: WeakKeyDictionary[Warehouse, dict[str, Any]] = WeakKeyDictionary()


def kept_with(warehouse: Warehouse, name: str, read: Callable[[], Read]) -> Read:
    """Return what is known under a name as long as a warehouse is open, read when it is first asked for.

    Two readers that come together may both read it: the answer is the same.
    """
    held = _KEPT.setdefault(warehouse, {})
    if name not in held:
        held[name] = read()
    found: Read = held[name]
    return found
