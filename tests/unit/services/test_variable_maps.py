"""Maps of a territory by its parts: which parts, which values, what is not known, what may be shown."""

from __future__ import annotations

import pytest

from tests.not_empty import not_empty
from tests.unit.services.small_world import HERBIERS, PAYS_DES_HERBIERS
from vigie.errors import RequestFault
from vigie.services.observe import Observe
from vigie.services.portrait.variables import MapVariable, VariableMap
from vigie.sources import cog


def shown(observe: Observe, place: str, variable: str = "") -> VariableMap:
    found = observe.map(place, variable)
    assert found is not None
    return found


def test_a_territory_is_drawn_by_the_level_below(observe_everywhere: Observe) -> None:
    kinds = {place: shown(observe_everywhere, place).kind.value for place in ("region:52", "85", PAYS_DES_HERBIERS)}
    assert kinds == {"region:52": "departement", "85": "epci", PAYS_DES_HERBIERS: "commune"}


def test_a_departement_is_drawn_by_the_intercommunalities_it_holds_most_of(observe_everywhere: Observe) -> None:
    members = cog.memberships([cog.latest_vintage()]).to_pylist()
    of = {
        kind: {row["commune"]: row["code"] for row in members if row["kind"] == kind}
        for kind in ("epci", "departement")
    }
    inside: dict[str, list[bool]] = {}
    for commune, code in of["epci"].items():
        inside.setdefault(code, []).append(of["departement"][commune] == "85")
    most = {code for code, held in inside.items() if 2 * sum(held) > len(held)}
    found = shown(observe_everywhere, "85", "employeurs")
    assert {part.territory.code for part in found.parts} == most
    assert len(most) > 15


def test_values_add_up_the_communes_of_each_part(observe_everywhere: Observe) -> None:
    found = shown(observe_everywhere, "85", "emplois")
    part = next(one for one in found.parts if one.territory.code == PAYS_DES_HERBIERS)
    communes = [row.code for row in observe_everywhere.communes(PAYS_DES_HERBIERS)]
    jobs = [observe_everywhere.finding(f"commune:{code}", "jobs").value for code in not_empty(communes)]
    assert part.value == sum(int(str(one)) for one in jobs)
    assert [one.value for one in found.known] == sorted((one.value for one in found.known), reverse=True)


@pytest.mark.parametrize("variable", MapVariable)
def test_a_map_says_what_the_figure_of_the_part_says(observe_everywhere: Observe, variable: MapVariable) -> None:
    found = shown(observe_everywhere, "85", variable.value)
    part = next(one for one in found.parts if one.territory.code == PAYS_DES_HERBIERS)
    assert part.value == pytest.approx(
        float(str(observe_everywhere.finding(PAYS_DES_HERBIERS, variable.indicator).value))
    )


def test_a_part_loaded_in_part_is_not_known(observe: Observe) -> None:
    """Only one commune of the département's intercommunalities has establishments, so none is known whole."""
    assert observe.map("85") is None
    assert observe.map(f"commune:{HERBIERS}") is None


def test_a_variable_that_is_not_known_is_refused_with_those_that_are(observe_everywhere: Observe) -> None:
    with pytest.raises(RequestFault, match="industrie"):
        observe_everywhere.map("85", "krugman")
    assert set(shown(observe_everywhere, "85").available) == set(MapVariable)


def test_every_known_part_is_in_the_class_that_holds_its_value(observe_everywhere: Observe) -> None:
    for variable in MapVariable:
        found = shown(observe_everywhere, "85", variable.value)
        bounds = {one.step: (one.low, one.high) for one in found.classes}
        for part in not_empty(found.known):
            assert part.step is not None and part.value is not None
            low, high = bounds[part.step]
            assert low <= part.value <= high
        assert len(found.classes) <= 5
