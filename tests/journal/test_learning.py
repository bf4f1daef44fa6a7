"""What an organisation learns from its introductions: adopted by an act, undone by another, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.journal.cast import Cast, Clock
from tests.learned import learned
from tests.objecting import objecting
from tests.refreshing import load_underived, settings
from tests.small_stock import establishment, siren, unit, write_stock
from vigie import bootstrap
from vigie.bootstrap import Services
from vigie.domain.access import Role, Scope
from vigie.errors import Conflict, NotFound
from vigie.services.acts import Nothing
from vigie.services.connect import learning
from vigie.services.connect.adopting import ADOPTED, RESTORED, LearningTold, read_learning
from vigie.services.connect.gathering import UNKNOWN, Outcomes, gather
from vigie.services.connect.partners import propose
from vigie.services.connect.said import NothingSaid
from vigie.services.connect.weighing import STATED
from vigie.services.desk import Desk
from vigie.store.journal.base import new_id
from vigie.store.journal.firms import Declaration
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.learning import LearnedModel

FIRMS = 45
STEP = 700
"""Metres between two firms of the line along which they stand."""
NEAR = [(one, one + step) for one in range(FIRMS - 3) for step in (1, 2)]
"""Each firm works with the next two: nothing but nearness brings them together."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Forty-five machining shops along a road, of four sizes in turn; no file of ties."""
    folder = tmp_path_factory.mktemp("learning")
    sites = [
        establishment(
            number, codeCommuneEtablissement="85109", libelleCommuneEtablissement="LES HERBIERS",
            trancheEffectifsEtablissement=("11", "12", "21", "22")[number % 4],
            coordonneeLambertAbscisseEtablissement=str(391_000 + STEP * number),
            coordonneeLambertOrdonneeEtablissement="6647800",
        )
        for number in range(FIRMS)
    ]  # fmt: skip
    stock = write_stock(folder / "stock", sites, [unit(number) for number in range(FIRMS)])
    load_underived(folder / "data", stock)
    with bootstrap.open_services(settings(folder / "data")) as services:
        yield services


def _introduce(desk: Desk, scope: Scope, pairs: list[tuple[int, int]], outcome: str = "order") -> None:
    with desk.journal.writing(scope) as unit:
        unit.act("introduction.concluded")
        for pair in pairs:
            made = unit.add(
                Introduction(id=new_id(), state="concluded", outcome=outcome, why_not="" if outcome else "no_fit")
            )
            for position, number in zip("ab", pair, strict=True):
                unit.add(Side(introduction_id=made.id, position=position, siren=siren(number)))


def _told(desk: Desk, scope: Scope) -> LearningTold:
    return desk.acts.tell(scope, read_learning, "")


def _proposed(desk: Desk, data: Services, scope: Scope) -> dict[str, object]:
    return propose(data, siren(3), None, 20, desk.situations.to(scope), desk.learning.in_force(scope)).as_dict()


def test_what_is_learned_is_adopted_then_undone(desk: Desk, cast: Cast, clock: Clock, data: Services) -> None:
    """Nearness alone was followed: it alone weighs, once adopted, for this organisation, until it goes back."""
    _introduce(desk, cast.admin, NEAR)
    _introduce(desk, cast.admin, [(0, 40), (5, 44)], outcome="")
    before, elsewhere = _proposed(desk, data, cast.officer), _proposed(desk, data, cast.officer_away)
    model = desk.learning.learn(cast.admin, data)
    found = _told(desk, cast.officer).learned
    assert found is not None
    assert (found.outcomes, found.outcome_firms, found.ties) == (len(NEAR), FIRMS - 1, 0)
    assert found.adoptable
    assert found.kept["size_fit"] == 0.0
    assert found.kept["distance"] > 0
    assert _proposed(desk, data, cast.officer) == before
    clock.forward(days=1)
    told = desk.acts.run(cast.admin, ADOPTED, model, Nothing())
    assert told.in_force == model
    adopted = _proposed(desk, data, cast.officer)
    assert "adoptés le 24\u00a0novembre 2026" in str(adopted["weights"])
    assert adopted["proposals"] != before["proposals"]
    assert _proposed(desk, data, cast.head)["weights"] == adopted["weights"]
    assert _proposed(desk, data, cast.officer_away) == elsewhere
    with pytest.raises(Conflict, match="déjà"):
        desk.acts.run(cast.admin, ADOPTED, model, Nothing())
    clock.forward(days=1)
    assert len(desk.acts.run(cast.admin, RESTORED, "", Nothing()).history) == 2
    restored = _proposed(desk, data, cast.officer)
    assert "revenu le 25\u00a0novembre 2026" in str(restored["weights"])
    assert restored["proposals"] == before["proposals"]
    with pytest.raises(Conflict, match="déjà"):
        desk.acts.run(cast.admin, RESTORED, "", Nothing())


def test_below_fifty_outcomes_the_stated_weights_stay(desk: Desk, cast: Cast, data: Services) -> None:
    """The page says how many there are and how many it takes, and nothing can be adopted."""
    _introduce(desk, cast.admin, NEAR[:12])
    model = desk.learning.learn(cast.admin, data)
    found = _told(desk, cast.admin).learned
    assert found is not None
    assert "12\u00a0coopérations de 8\u00a0entreprises" in found.verdict
    assert "il en faut 50 de 30 entreprises." in found.verdict
    with pytest.raises(Conflict, match="50 coopérations de 30 entreprises"):
        desk.acts.run(cast.admin, ADOPTED, model, Nothing())
    assert desk.learning.in_force(cast.officer) is STATED


def test_who_may_learn_adopt_and_read(desk: Desk, cast: Cast, data: Services) -> None:
    """The officer reads, the administrator chooses, nobody else knows that it is there; another's model is not."""
    with desk.journal.writing(cast.admin) as unit:
        unit.act("weights.learned")
        model = unit.add(LearnedModel(report=learned({"distance": 2.0}).as_dict())).id
    assert _told(desk, cast.officer).model == model
    for who in (cast.officer, cast.head, cast.analyst, cast.partner, cast.super_admin, cast.admin_away):
        with pytest.raises(NotFound):
            desk.acts.run(who, ADOPTED, model, Nothing())
    for who in (cast.head, cast.elected, cast.anyone):
        with pytest.raises(NotFound):
            _told(desk, who)
    with pytest.raises(NotFound):
        desk.learning.learn(cast.officer, data)
    assert _told(desk, cast.admin_away).learned is None


def test_a_country_without_pattern_teaches_nothing(data: Services) -> None:
    """Firms brought together at random: nothing is learned, and it is said."""
    pairs = [(siren(one), siren((one * 17 + 11) % FIRMS)) for one in range(FIRMS) if (one * 17 + 11) % FIRMS != one]
    more = [(siren(one), siren((one * 29 + 5) % FIRMS)) for one in range(FIRMS) if (one * 29 + 5) % FIRMS != one]
    found = learning.learn(data, Outcomes(tuple(sorted({*pairs, *more}))))
    assert found.enough
    assert not found.adoptable
    assert found.verdict.startswith(learning.NOTHING)
    assert learning.learn(data).verdict.startswith(f"{learning.NOTHING} : aucune paire d’entreprises à comparer.")


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(("need", "link", "capability", "outcome", "failure", "weights")),
        st.integers(0, FIRMS - 1),
        st.sampled_from(("network", "introduced", "officer")),
    ),
    min_size=1,
    max_size=8,
)


def _enter(desk: Desk, scope: Scope, entry: tuple[str, int, str]) -> None:
    """Enter something of a firm, for no reader outside the organisation."""
    kind, number, visibility = entry
    if kind in ("outcome", "failure"):
        _introduce(desk, scope, [(number, (number + 1) % FIRMS)], "order" if kind == "outcome" else "")
        return
    with desk.journal.writing(scope) as unit:
        unit.act(f"{kind}.entered")
        if kind == "weights":
            model = unit.add(LearnedModel(id=new_id(), report=learned({"distance": 3.0, "size_fit": 0.0}).as_dict()))
        else:
            said = {
                "need": {"field": "needs", "text": "Nous cherchons une soudure TIG."},
                "link": {"field": "chain", "text": "Conception", "topic": "design", "answer": "missing"},
                "capability": {"field": "capabilities", "text": "soudage TIG"},
            }[kind]
            unit.add(
                Declaration(siren=siren(number), visibility=visibility, declared_as=Role.HEAD.value,
                            updated_at=unit.now, **said)
            )  # fmt: skip
    if kind == "weights" and desk.learning.in_force(scope) is STATED:
        desk.acts.run(scope, ADOPTED, model.id, Nothing())


@examples(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(entries=ENTRIES)
def test_what_one_organisation_enters_changes_nothing_that_another_reads(
    desk: Desk, cast: Cast, data: Services, entries: list[tuple[str, int, str]]
) -> None:
    """Needs, situation, capabilities, outcomes, adopted weights; the organisation itself reads them."""
    untouched = propose(data, siren(3)).as_dict()
    everything = [("need", 3, "network"), ("capability", 4, "network"), ("weights", 0, "network"), *entries]
    for entry in everything:
        _enter(desk, cast.admin, entry)
    read_away = _proposed(desk, data, cast.officer_away)
    assert read_away == untouched
    assert _proposed(desk, data, cast.anyone) == untouched
    assert _proposed(desk, data, cast.officer) != untouched


def test_a_firm_that_objects_teaches_nothing(data: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is neither worked with, nor drawn beside another, and the pair is counted as left out."""
    outcomes = Outcomes(tuple((siren(one), siren(other)) for one, other in NEAR[:10]))
    compared = gather(data, outcomes, "epci:248500621", NothingSaid()).compared
    objecting(monkeypatch, siren(2))
    found = gather(data, outcomes, "epci:248500621", NothingSaid())
    assert len(found.compared) < len(compared)
    assert siren(2) not in {firm for one in found.compared for firm in (one.seeker, one.chosen)}
    assert found.left_out[UNKNOWN] == sum(2 in pair for pair in NEAR[:10])
