"""What opens a portrait: each figure beside its reference, those that opened and closed named, nothing of a part."""

from __future__ import annotations

import pytest

from tests.unit.services.small_world import HERBIERS, PAYS_DES_HERBIERS
from vigie.interfaces.present_figures import five_figures, opening
from vigie.services.observe import Observe
from vigie.services.portrait.renewed import Renewed, RenewedSite

RENEWED = Renewed(2025, RenewedSite("1", "ATELIERS IMAGINAIRES", "12"), None)


def test_the_sentence_sets_each_figure_beside_the_reference(observe_everywhere: Observe) -> None:
    portrait = observe_everywhere.portrait(PAYS_DES_HERBIERS)
    told = opening(portrait, observe_everywhere.beside(portrait))
    assert told.startswith("La communauté de communes du Pays des Herbiers\u00a0: ") or "Pays des Herbiers : " in told
    assert "depuis 2019 (Vendée " in told
    assert "L’industrie en tient " in told and "rang sur " in told


def test_the_largest_that_opened_is_named_and_every_figure_has_its_firms(observe_everywhere: Observe) -> None:
    portrait = observe_everywhere.portrait(PAYS_DES_HERBIERS)
    figures = five_figures(portrait, observe_everywhere.beside(portrait), RENEWED)
    assert {figure.firms.split("?")[0] for figure in figures} == {"/annuaire"}
    balance = next(figure for figure in figures if figure.label.startswith("Employeurs ouverts"))
    assert "le plus grand ouvert : Ateliers Imaginaires" in balance.remark
    assert "cree_apres=2025-01-01" in balance.firms


@pytest.mark.parametrize("place", ["region:52", "FR"])
def test_a_territory_loaded_in_part_gives_nothing_for_the_whole(observe_jobs: Observe, place: str) -> None:
    portrait = observe_jobs.portrait(place)
    assert portrait.partial and five_figures(portrait, None, Renewed()) == ()
    assert opening(portrait, None).startswith("Les établissements chargés ne couvrent que")
    assert not observe_jobs.portrait(f"commune:{HERBIERS}").partial


def test_neighbours_and_holders_of_a_commune(observe: Observe) -> None:
    found = observe.kin(f"commune:{HERBIERS}")
    assert [place.key for place in found.above] == ["region:52", "departement:85", f"epci:{PAYS_DES_HERBIERS}"]
    assert 0 < len(found.beside) <= 6
    assert HERBIERS not in {place.code for place in found.beside}
    assert observe.kin("FR").above == ()
