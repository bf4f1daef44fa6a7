"""The methods that pages explain: their MathML is whole, their code and tests exist, their indicators too."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest

from vigie.errors import NotFound
from vigie.services.indicator_cards import indicator_cards
from vigie.services.methods import method, methods, methods_of

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", list(methods()))
def test_a_method_is_whole(name: str) -> None:
    one = method(name)
    formula = ElementTree.fromstring(one.formula)
    assert formula.tag == "math"
    assert {part.tag for part in formula.iter()} <= {
        "math", "mrow", "mi", "mn", "mo", "mfrac", "msub", "msup", "munder", "msqrt",
    }  # fmt: skip
    module, _, function = one.code.partition(":")
    assert callable(getattr(import_module(module), function))
    assert (ROOT / one.test).is_file()
    assert set(one.indicators) <= indicator_cards().keys()
    assert one.question.endswith("?")
    assert one.words
    assert one.source


def test_an_indicator_leads_to_its_method_and_an_unknown_one_is_said() -> None:
    assert [one.id for one in methods_of("krugman")] == ["krugman"]
    assert methods_of("jobs") == ()
    with pytest.raises(NotFound, match="Aucune méthode"):
        method("astrologie")
