"""Sites ranked for a need: hard limits, criteria that say what they saw, and what is unknown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.errors import FieldFault
from vigie.services.sites.ranking import OfferedSite, SiteNeed, check_areas, kilometres, ranked_sites
from vigie.store.cells import distance_km

NEED = SiteNeed(46.67, -1.42, 20.0, least=5000, most=50_000)
SITE = OfferedSite("friche", "Halle", "85191", -1.42, 46.67, 5000.0, "friche sans projet", "essai")
NOBODY = np.empty((0, 2))


def names(*sites: OfferedSite, need: SiteNeed = NEED) -> list[str]:
    return [one.site.name for one in ranked_sites(sites, need, NOBODY, 100)[0]]


def test_limits_exclude_and_what_is_unknown_does_not() -> None:
    sites = [
        SITE,
        replace(SITE, name="loin", latitude=47.2),
        replace(SITE, name="petit", area=4999.0),
        replace(SITE, name="grand", area=50_001.0),
        replace(SITE, name="pris", status="friche reconvertie"),
        replace(SITE, name="surface inconnue", area=None),
        replace(SITE, name="statut inconnu", status=""),
    ]
    assert set(names(*sites)) == {"Halle", "surface inconnue", "statut inconnu"}
    assert names(*sites, need=replace(NEED, kind="zone_activites")) == []


def test_a_site_without_position_is_counted_not_ranked() -> None:
    found, unplaced = ranked_sites([replace(SITE, latitude=None, longitude=None)], NEED, NOBODY, 100)
    assert (found, unplaced) == ([], 1)


def test_the_nearest_the_fittest_and_the_freest_come_first() -> None:
    assert names(replace(SITE, name="près", latitude=46.68), replace(SITE, name="moins près", latitude=46.75)) == [
        "près", "moins près",
    ]  # fmt: skip
    assert names(replace(SITE, name="juste"), replace(SITE, name="large", area=40_000.0))[0] == "juste"
    assert names(replace(SITE, name="libre"), replace(SITE, name="projet", status="friche avec projet"))[0] == "libre"


def test_neighbours_sought_are_counted_within_two_kilometres() -> None:
    need = replace(NEED, neighbours=True)
    sought = np.array([[46.671, -1.421], [46.672, -1.42], [46.9, -1.42]])
    ((one,), _) = ranked_sites([SITE], need, sought, 100)
    told = {feature.name: feature for feature in one.score.features}
    assert told["voisins"].value == pytest.approx(2 / 5) and "2" in told["voisins"].evidence


def test_every_feature_says_what_it_saw_or_that_nothing_is_known() -> None:
    ((one,), _) = ranked_sites([replace(SITE, area=None, status="")], NEED, NOBODY, 100)
    assert {f.name for f in not_empty(one.score.features) if f.value is None} == {"surface", "disponibilite"}
    assert one.score.total == pytest.approx(3.0) and one.score.known_share == pytest.approx(3 / 8)


def test_a_site_to_be_had_as_it_is_sought_comes_before_one_that_is_not() -> None:
    need = replace(NEED, tenure="location")
    rented, sold, either, unknown = (
        replace(SITE, name=word or "inconnu", tenure=word) for word in ("location", "vente", "vente-ou-location", "")
    )
    assert names(sold, rented, need=need) == ["location", "vente"]
    for site, value in not_empty([(rented, 1.0), (sold, 0.0), (either, 1.0), (unknown, None)]):
        ((one,), _) = ranked_sites([site], need, NOBODY, 100)
        assert {f.name: f.value for f in one.score.features}["vente-ou-location"] == value


def test_distances_are_those_of_the_other_cells() -> None:
    found = kilometres(np.array([[47.0, -1.0]]), 46.67, -1.42)
    assert found[0] == pytest.approx(distance_km(47.0, -1.0, 46.67, -1.42))


def test_areas_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(FieldFault, match="échangez"):
        check_areas(10, 5)
