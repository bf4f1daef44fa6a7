"""The examples of the docstrings hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import vigie.measures
import vigie.measures.opinion

MODULES = [f"vigie.measures.{one.name}" for one in pkgutil.iter_modules(vigie.measures.__path__) if not one.ispkg]
MODULES += [f"vigie.measures.opinion.{one.name}" for one in pkgutil.iter_modules(vigie.measures.opinion.__path__)]


@pytest.mark.parametrize("name", [*MODULES, "vigie.domain.naming", "vigie.services.portrait.lead"])
def test_examples_give_what_they_say(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.failed == 0
    assert outcome.attempted > 0
