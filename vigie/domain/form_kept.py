"""Showing a form again as it was sent, while nothing can be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from vigie.errors import RequestFault

_SENTENCE: ContextVar[str] = ContextVar("held", default="")


class FormKept(RequestFault):
    """Nothing is written now: the form is to be shown again with what was typed, and this sentence."""


@contextmanager
def holding(sentence: str) -> Iterator[None]:
    """Refuse, in this context, every writing transaction with a sentence."""
    token = _SENTENCE.set(sentence)
    try:
        yield
    finally:
        _SENTENCE.reset(token)


def refuse_if_held() -> None:
    """Raise `FormKept` inside `holding`."""
    if sentence := _SENTENCE.get():
        raise FormKept(sentence)
