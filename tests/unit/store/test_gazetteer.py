"""Places are read by code, postal code, name and arrondissement, and by all of these as they once were."""

from __future__ import annotations

import pytest

from vigie.sources.cog_lookup import code_book
from vigie.store.gazetteer import Origin, former_names, readings


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lyon 4ème", "69384"), ("lyon 4eme", "69384"), ("lyon 4", "69384"), ("LYON 04", "69384"), ("Lyon-4e", "69384"),
        ("Lyon 4 ème", "69384"), ("69004 LYON", "69384"), ("Lyon (69004)", "69384"), ("paris 16", "75116"),
        ("Paris XVIe", "75116"), ("75016 Paris", "75116"), ("PARIS 01", "75101"), ("Paris 1er", "75101"),
        ("Marseille 1er", "13201"), ("marseille 16e arrt", "13216"), ("3e arrondissement de Lyon", "69383"),
        ("Lyon 3e Arrondissement", "69383"), ("premier arrondissement de Paris", "75101"), ("Paris", "75056"),
        ("LYON CEDEX 03", "69123"), ("La Roche-sur-Yon CEDEX 9", "85191"), ("BP 123 La Roche sur Yon", "85191"),
        ("herbiers", "85109"), ("St Hilaire de Riez", "85226"), ("Saint-Hilaire s/ Riez", None), ("Lyon 12", None),
        ("4 lyon", None), ("Machin sur Mer", None), ("Saint-Denis (93)", "93066"), ("93200 Saint-Denis", "93066"),
    ],
)  # fmt: skip
def test_usual_writings_mean_one_place(text: str, code: str | None) -> None:
    assert [one.code for one in readings(text)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [("L'Aiguillon-sur-Mer", "85001"), ("aiguillon sur mer", "85001"), ("Olonne sur Mer", "85194"), ("85166", "85194"),
     ("Château d’Olonne", "85194")],
)  # fmt: skip
def test_former_names_and_codes_lead_to_the_commune_of_today(text: str, code: str) -> None:
    (found,) = readings(text)
    assert (found.code, found.former) == (code, True)
    assert "est un ancien" in found.notice and found.name in found.notice


def test_every_former_name_that_no_commune_bears_leads_somewhere() -> None:
    present = {place["name"].casefold() for place in code_book().places.values()}
    former = {name for held in former_names().values() for name in held.values() if name.casefold() not in present}
    assert len(former) > 2_000
    assert [name for name in former if not readings(name)] == []


def test_a_postal_code_is_read_as_such_first_and_every_reading_is_given() -> None:
    assert [(one.code, one.origin) for one in readings("75016")] == [
        ("75116", Origin.POSTAL), ("94016", Origin.FORMER_CODE),
    ]  # fmt: skip
    assert [(one.code, one.origin) for one in readings("85100")] == [
        ("85194", Origin.POSTAL), ("85100", Origin.CODE),
    ]  # fmt: skip
