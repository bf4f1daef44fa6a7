"""Addresses as a French page writes them."""

from __future__ import annotations

import pytest

from vigie.domain.street_names import usual_address


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("7 RUE DU MOULIN", "7 rue du Moulin"),
        ("12 BIS AV DE L'INDUSTRIE", "12 bis avenue de l’Industrie"),
        ("5 B CHE DES NEUF NOYERS", "5 B chemin des Neuf Noyers"),
        ("RTE D'OLONNE", "Route d’Olonne"),
        ("ZA DU POLE SUD", "ZA du Pole Sud"),
        ("ZAC DU CHENE CLAIR", "ZAC du Chene Clair"),
        ("LE BOURG", "Le Bourg"),
        ("12 rue du moulin", "12 rue du moulin"),
        ("7", "7"),
        ("", ""),
    ],
)
def test_an_address_in_capitals_is_written_in_usual_case(written: str, shown: str) -> None:
    assert usual_address(written) == shown
