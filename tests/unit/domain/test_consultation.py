"""What a statement may say, when a consultation may be, in which order statements are seen."""

from __future__ import annotations

from datetime import date

import pytest

from vigie.domain.consultation import LONGEST, dates_fault, in_order, same_words, statement_fault

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "phrase"),
        ("12 000", "phrase"),
        ("Oui", "phrase"),
        ("Il faut lire https://exemple.fr avant de voter", "lien"),
        ("Écrivez tous à nom@exemple.fr pour en parler", "adresse"),
        ("Appelez le 02 51 00 00 00 pour en parler", "téléphone"),
        ("Il faut que Mme Essai quitte le conseil", "nomme"),
        ("Il faut que M. Essai quitte le conseil", "nomme"),
        ("Un local à 12 € le mètre carré suffirait", "prix"),
        ("mot " * LONGEST, "caractères"),
    ],
)
def test_what_cannot_be_voted_is_refused_in_one_sentence(text: str, word: str) -> None:
    assert word in statement_fault(text)


def test_a_plain_idea_can_be_voted() -> None:
    assert statement_fault("Les ateliers vides du centre-bourg doivent servir aux artisans.") == ""
    assert same_words("Garder les ateliers !", "garder les ateliers")


def test_days_are_in_order() -> None:
    assert "finirait" in dates_fault(date(2026, 12, 2), date(2026, 12, 1), TODAY)
    assert "passé" in dates_fault(date(2026, 11, 1), date(2026, 11, 22), TODAY)
    assert "Un an" in dates_fault(date(2026, 12, 1), date(2028, 12, 1), TODAY)
    assert dates_fault(TODAY, TODAY, TODAY) == ""


def test_statements_seldom_seen_come_first_and_the_order_is_ones_own() -> None:
    names = [f"s{rank}" for rank in range(20)]
    mine = in_order(names, {"s0": 40, "s1": 10}, "someone")
    assert mine == in_order(names[::-1], {"s0": 40, "s1": 10}, "someone")
    assert mine[-2:] == ["s1", "s0"]
    assert mine != in_order(names, {"s0": 40, "s1": 10}, "somebody else")
