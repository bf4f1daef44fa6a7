"""What people enter loses what is not seen, and what is written from right to left stays in its place."""

from __future__ import annotations

import pytest

from vigie.domain.signs import all_entered, entered, isolated

UNSEEN = [
    *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0x200B, 0x2010), *range(0x2060, 0x2065))),
    "\u061c", "\ufeff", "\u00ad", "\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9f", "\r",
]  # fmt: skip


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_sign_that_is_not_seen_is_not_kept(sign: str) -> None:
    assert entered(f"Ate{sign}lier") == "Atelier"
    assert all_entered({"a": [f"Ate{sign}lier", 3, None]}) == {"a": ["Atelier", 3, None]}


@pytest.mark.parametrize(
    "text", ["Deux\nlignes\tet un tab", "L’Œuvre à 12 000 €", "👩\u200d🔧 au travail", "«\u00a0Où\u202f?\u00a0»"]
)
def test_what_is_seen_stays(text: str) -> None:
    assert entered(text) == text


def test_words_from_right_to_left_are_isolated_and_others_left_alone() -> None:
    assert isolated("Appel de שלום עולם, 3 réponses") == "Appel de \u2068שלום עולם\u2069, 3 réponses"
    assert isolated("Été à Nîmes") == "Été à Nîmes"
    assert isolated("Bois \u202eELBAT, 3 réponses à lire") == "Bois ELBAT, 3 réponses à lire"


def test_what_parts_two_names_keeps_its_place() -> None:
    assert isolated("שלום, 12, עולם") == "\u2068שלום\u2069, 12, \u2068עולם\u2069"
    assert isolated("« שלום » et « עולם »") == "« \u2068שלום\u2069 » et « \u2068עולם\u2069 »"
    assert isolated("שלום-עולם 3") == "\u2068שלום-עולם\u2069 3"
