"""Texts that spreadsheets would run: what is shielded in one place is read back in another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.formulas import BEGINNINGS, runs, shielded, unshielded


@given(st.text(max_size=20), st.sampled_from(BEGINNINGS))
def test_what_would_run_is_shielded_and_read_back(text: str, beginning: str) -> None:
    typed = beginning + text
    assert runs(typed)
    assert not runs(shielded(typed))
    assert unshielded(shielded(typed)) == typed


@given(st.text(max_size=20))
def test_other_texts_are_left_as_they_are(text: str) -> None:
    if not runs(text):
        assert shielded(text) == text
    assert not runs(shielded(text))


@pytest.mark.parametrize("text", ["l’été", "'entre guillemets'", "'", "", "1+1", " =1"])
def test_an_apostrophe_that_shields_nothing_stays(text: str) -> None:
    assert unshielded(text) == text == shielded(text)
