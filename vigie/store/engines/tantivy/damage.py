"""What tantivy raises of an index that is damaged inside, where nothing shows when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from vigie.errors import DataUnreadable

_OF_FILES = ("An IO error occurred", "Data corrupted")
_PANIC = "PanicException"  # the binding of Rust raises it, as no `Exception`, and does not export it


class GenerationName(Protocol):
    """What reads the index of a generation, whose name it knows."""

    @property
    def name(self) -> str:
        """Name of the generation."""


Reader = TypeVar("Reader", bound=GenerationName)
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def is_damage(fault: BaseException) -> bool:
    """Tell whether a fault is that of a file, and not of a question."""
    if type(fault).__name__ == _PANIC:
        return True
    return isinstance(fault, ValueError) and str(fault).startswith(_OF_FILES)


def unreadable(generation: str) -> DataUnreadable:
    """Return the error of a damaged index."""
    return DataUnreadable(f"l’index des noms de {generation} est abîmé ou ne se lit pas")


def telling_damage(
    read: Callable[Concatenate[Reader, Given], Answer],
) -> Callable[Concatenate[Reader, Given], Answer]:
    """Make a reading say that the index is damaged; it then raises `DataUnreadable`."""

    @wraps(read)
    def reading(self: Reader, /, *given: Given.args, **options: Given.kwargs) -> Answer:
        try:
            return read(self, *given, **options)
        except BaseException as fault:
            if not is_damage(fault):
                raise
            raise unreadable(self.name) from fault

    return reading
