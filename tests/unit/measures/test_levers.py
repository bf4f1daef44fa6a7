"""Levers: three answers to a condition, what a missing datum does on each side, flows that cannot be bettered."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.not_empty import not_empty
from vigie.domain.condition_words import age_said, every_size, size_said
from vigie.domain.levers import HEADCOUNT, YEARS, Applicant, Condition, Filter, Holds, Scheme, Topic, traits
from vigie.measures.eligibility import answers, presented, statuses, tabled, together
from vigie.measures.routing import accepted, retained_by_answers
from vigie.measures.siting import USES, Weighing, weigh
from vigie.measures.symbiosis import Precedent, baseline, cheapest, fullest, ranked, receivers, support

DAY = date(2026, 3, 1)
IN_BRITTANY = Condition(Topic.PLACE, "en Bretagne", allowed=traits("region", ["Bretagne"]))
NOT_ALONE = Condition(Topic.LEGAL_FORM, "pas seul", refused=traits("forme", ["1000"]))
SMALL = Condition(Topic.SIZE, "moins de 50", amount=HEADCOUNT, most=49)
IN_WORDS = Condition(Topic.OTHER, "avoir un projet")
BRETON = Applicant(traits("region", ["Bretagne"]), frozenset({"region"}))


@pytest.mark.parametrize(
    ("condition", "asker", "expected"),
    [
        (IN_BRITTANY, BRETON, Holds.YES),
        (IN_BRITTANY, Applicant(traits("region", ["Corse"]), frozenset({"region"})), Holds.NO),
        (IN_BRITTANY, Applicant(), Holds.UNKNOWN),
        (NOT_ALONE, BRETON, Holds.UNKNOWN),
        (NOT_ALONE, Applicant(known=frozenset({"forme"})), Holds.YES),
        (NOT_ALONE, Applicant(traits("forme", ["1000"]), frozenset({"forme"})), Holds.NO),
        (SMALL, Applicant(amounts={HEADCOUNT: (10, 19)}), Holds.YES),
        (SMALL, Applicant(amounts={HEADCOUNT: (20, 99)}), Holds.UNKNOWN),
        (SMALL, Applicant(amounts={HEADCOUNT: (50, 99)}), Holds.NO),
        (SMALL, Applicant(amounts={YEARS: (3, 3)}), Holds.UNKNOWN),
        (IN_WORDS, BRETON, Holds.UNKNOWN),
    ],
)
def test_a_condition_is_answered_yes_no_or_unknown(condition: Condition, asker: Applicant, expected: Holds) -> None:
    assert condition.holds(asker) is expected


def test_a_missing_datum_excludes_from_no_scheme_and_passes_no_filter() -> None:
    assert statuses(tabled([Scheme("a", "A", (IN_BRITTANY, SMALL))]), Applicant(), DAY) == "E"
    assert not accepted([Filter((IN_BRITTANY,))], Applicant(), None)
    assert accepted([Filter((IN_BRITTANY,), frozenset({"énergie"}))], Applicant(), "eau")
    assert accepted([Filter((IN_BRITTANY,))], BRETON, "eau")


conditions = st.sampled_from([IN_BRITTANY, NOT_ALONE, SMALL, IN_WORDS])
askers = st.sampled_from(
    [BRETON, Applicant(), Applicant(traits("forme", ["1000"]), frozenset({"forme"}), {HEADCOUNT: (60, 60)})]
)


@given(st.lists(st.lists(conditions, max_size=4), min_size=1, max_size=8), askers)
def test_many_schemes_at_once_are_answered_like_one_by_one(asked: list[list[Condition]], asker: Applicant) -> None:
    schemes = [Scheme(str(rank), "", tuple(one)) for rank, one in enumerate(asked)]
    assert answers(tabled(schemes), asker).tolist() == [together(one.conditions, asker) for one in schemes]


def test_a_scheme_out_of_its_days_is_closed_whatever_else_it_asks() -> None:
    schemes = [
        Scheme("to come", "", (IN_BRITTANY,), opens=date(2026, 3, 2)),
        Scheme("today", "", (IN_BRITTANY,), opens=DAY, closes=date(2026, 3, 2)),
        Scheme("over", "", (), closes=DAY),
        Scheme("elsewhere", "", (Condition(Topic.PLACE, "", allowed=traits("region", ["Corse"])),)),
    ]
    assert statuses(tabled(schemes), BRETON, DAY) == "XEXN"


def test_free_advice_comes_first_then_kinds_then_the_order_of_the_file() -> None:
    told = [("prêt", ""), ("étude", "5 jours payants"), ("étude", "Gratuit (sauf en mer)"), ("financement", ""),
            ("formation", "Gratuit"), ("inconnu", "")]  # fmt: skip
    schemes = [Scheme(str(rank), "", (), kind=kind, cost=cost) for rank, (kind, cost) in enumerate(told)]
    assert presented(schemes) == [4, 2, 1, 3, 0, 5]


@pytest.mark.parametrize(
    ("sentence", "least", "most"),
    [
        ("Moins de 250 salariés", None, 249),
        ("moins de 5 000 salariés.", None, 4999),
        ("Entre 20 et 250 salariés", 20, 250),
        ("Plus de 50 salariés", 50, None),
        ("Jusqu’à 500 salariés", None, 500),
        ("effectif >= 20", 20, None),
        ("effectif < 20", None, 19),
    ],
)
def test_sizes_are_read_from_words(sentence: str, least: float | None, most: float | None) -> None:
    read = size_said(sentence)
    assert read and (read.least, read.most) == (least, most)


@pytest.mark.parametrize("sentence", ["PME", "PME avec un CA supérieur à 5M€.", "Moins de beaucoup", "20 salariés"])
def test_what_says_another_thing_is_not_read_as_a_size(sentence: str) -> None:
    assert size_said(sentence) is None


def test_ages_are_read_only_where_the_sentence_says_nothing_more() -> None:
    told = ["Au moins 3 ans d’activité", "Au moins 1 an d'activité", "Au moins un an d'activité.", "Plus de deux ans"]
    assert [read.least if (read := age_said(one)) else None for one in told] == [3, 1, 1, 2]
    assert age_said("Au moins 3 ans d'activité ou deux bilans couvrant 24 mois") is None
    assert every_size("Toutes tailles") and not every_size("Moins de 50 salariés")


def test_groups_of_replies_are_alternatives_and_none_asks_nothing() -> None:
    assert retained_by_answers([], [True])
    assert retained_by_answers([[True, False], [False, True]], [False, True])
    assert not retained_by_answers([[True, False]], [True, True])


def weighing() -> Weighing:
    plain = dict.fromkeys(USES, 0.5)
    return Weighing(
        {"bruit": 2, "surface": 1, "distanceAutoroute": 1},
        {"bruit": {"fort": plain | {"residentiel": -2, "industrie": 1}, "true": plain}},
        {"surface": [(0, plain), (100, plain | {"industrie": 2})], "distanceAutoroute": [(0, plain), (5, plain)]},
    )


def test_uses_are_weighed_by_what_speaks_for_and_against() -> None:
    reliability, uses = weigh({"bruit": "fort", "surface": 150, "distanceAutoroute": "ne-sait-pas"}, weighing())
    assert reliability == 1.0  # three of thirty
    best, worst = uses[0], uses[-1]
    assert (best.use, best.advantages, best.constraints, best.index, best.label) == (
        "industrie",
        4,
        0,
        100,
        "Excellent",
    )
    assert (worst.use, worst.advantages, worst.constraints, worst.index) == ("residentiel", 0.5, 4.5, 10)
    assert [one.use for one in uses[1:-1]] == ["equipements", "culture", "tertiaire", "renaturation", "photovoltaique"]


def test_a_site_of_which_nothing_is_known_is_not_reliable_and_strange_values_are_told() -> None:
    reliability, uses = weigh({}, weighing())
    assert reliability == 0 and {one.index for one in not_empty(uses)} == {0}
    for site in ({"bruit": "moyen"}, {"surface": "grande"}, {"surface": -1}):
        with pytest.raises(ValueError, match=next(iter(site))):
            weigh(site, weighing())


PRECEDENTS = [
    Precedent("1", "a", "2410", "2351", "100210"),
    Precedent("2", "b", "2410", "2351", "100202"),
    Precedent("3", "b", "1711", "0111", "030310"),
    Precedent("4", "c", "1711", "3511", "030310"),
    Precedent("5", "c", "1610", "3511", "030105"),
]


def test_receivers_come_with_what_speaks_for_them() -> None:
    asked = Precedent("?", "", "2410", "", "100210")
    scores = receivers(PRECEDENTS, asked)
    assert sum(scores.values()) == pytest.approx(1)
    assert ranked(scores)[0] == "23"
    assert [one.id for one in support(PRECEDENTS, asked, "23")] == ["1", "2"]
    assert ranked(baseline(PRECEDENTS, asked, "popularity")) == ["23", "35", "01"]
    assert ranked(receivers(PRECEDENTS, Precedent("?", "", "9999", "", "999999"))) == ["23", "35", "01"]


@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=2), st.lists(st.integers(0, 3), min_size=2, max_size=2),
    st.lists(st.integers(-4, 4), min_size=4, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4),
)  # fmt: skip
def test_flows_are_as_good_as_any_whole_ones(
    supply: list[int], demand: list[int], costs: list[int], feasible: list[bool]
) -> None:
    unit, held = np.array(costs).reshape(2, 2), np.array(feasible).reshape(2, 2)
    every = [
        np.array(amounts).reshape(2, 2)
        for amounts in product(range(4), repeat=4)
        if all(amount == 0 or able for amount, able in zip(amounts, feasible, strict=True))
    ]
    allowed = [
        one for one in every if (one.sum(axis=1) <= supply).all() and (one.sum(axis=0) <= demand).all()
    ]  # fmt: skip
    least, most = cheapest(supply, demand, unit, held), fullest(supply, demand, unit, held)
    assert least.cost == pytest.approx(min((one * unit).sum() for one in allowed))
    moved = max(one.sum() for one in allowed)
    assert most.total == pytest.approx(moved)
    assert most.cost == pytest.approx(min((one * unit).sum() for one in allowed if one.sum() == moved))
