"""A portrait read beside a reference: the one chosen, ranks among likes, jobs beyond the share of the reference."""

from __future__ import annotations

import pytest

from tests.not_empty import not_empty
from tests.unit.services.small_world import HERBIERS, NANTES, PAYS_DES_HERBIERS, ROCHE
from vigie.errors import RequestFault
from vigie.services.observe import Observe
from vigie.services.portrait.beside import Rank


def test_the_nearest_territory_is_the_reference_and_another_may_be_chosen(observe: Observe) -> None:
    portrait = observe.portrait(HERBIERS)
    beside = observe.beside(portrait)
    assert beside is not None
    assert beside.reference.key == "departement:85"
    assert [place.key for place in beside.choices] == ["departement:85", "region:52", "france:FR"]
    chosen = observe.beside(portrait, "region:52")
    assert chosen is not None
    assert chosen.reference.key == "region:52"
    with pytest.raises(RequestFault, match="Vendée"):
        observe.beside(portrait, "departement:75")


def test_nothing_holds_the_whole_country(observe: Observe) -> None:
    assert observe.beside(observe.portrait("FR")) is None


def test_without_jobs_there_is_neither_rank_nor_series(observe: Observe) -> None:
    beside = observe.beside(observe.portrait(PAYS_DES_HERBIERS))
    assert beside is not None
    assert (beside.jobs, beside.rank) == (None, None)


def test_a_rank_is_among_likes_inside_the_reference(observe_jobs: Observe) -> None:
    """Both départements have jobs; the share of manufacturing tells which one comes first."""
    shares = {code: observe_jobs.finding(code, "industry_share").value for code in ("85", "44")}
    ranked = sorted(shares, key=lambda code: -float(str(shares[code])))
    for position, code in enumerate(not_empty(ranked), start=1):
        beside = observe_jobs.beside(observe_jobs.portrait(code), "france:FR")
        assert beside is not None
        assert beside.rank == Rank(position, 2)


def test_jobs_beyond_the_share_of_the_reference_add_up_by_hand(observe_jobs: Observe) -> None:
    found = observe_jobs.finding(HERBIERS, "jobs_above")
    jobs = observe_jobs.finding(HERBIERS, "jobs")
    everywhere = observe_jobs.finding("FR", "jobs")
    here = {part.key: float(str(part.value)) for part in jobs.breakdown}
    there = {part.key: float(str(part.value)) for part in everywhere.breakdown}
    total, whole = sum(here.values()), sum(there.values())
    for part in not_empty(found.breakdown):
        beyond = here[str(part.key)] - total * there[str(part.key)] / whole
        assert part.value == round(beyond) > 0
        assert part.interval is not None
        assert part.interval.low is not None and part.interval.high is not None
        assert 0 <= part.interval.low <= beyond <= part.interval.high
    assert found.value == sum(int(str(part.value)) for part in found.breakdown)


def test_a_reference_loaded_in_part_is_no_reference_for_jobs(observe_jobs: Observe) -> None:
    """Of the région only two communes have establishments: beside it, jobs would tell what was loaded."""
    portrait = observe_jobs.portrait(ROCHE)
    beside = observe_jobs.beside(portrait, "region:52")
    assert beside is not None
    assert beside.above is None


def test_sites_of_medium_size_are_employers(observe: Observe) -> None:
    assert observe.finding(HERBIERS, "medium_sites").value == 20
    assert observe.finding(NANTES, "medium_sites").value == 100
