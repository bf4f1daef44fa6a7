"""Territories found by code and by name, their first map."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.not_empty import not_empty
from tests.unit.services.small_world import HERBIERS, LEFT, MASKED, MOVED, NANTES, PAYS_DES_HERBIERS, ROCHE
from vigie.domain.naming import place_name
from vigie.domain.territory import Territory, TerritoryKind
from vigie.errors import NotFound, RequestFault
from vigie.services.know_answers import DirectoryEntry
from vigie.services.observe import Observe
from vigie.sources import cog


def test_former_codes_lead_to_today(observe: Observe) -> None:
    former = next(row for row in cog.former_communes().to_pylist() if row["commune"] == "85146")
    found = observe.territory(former["former"])
    assert (found.code, found.redirected_from) == ("85146", former["former"])


@pytest.mark.parametrize("text", ["85109", "commune:85109", " 85109 "])
def test_bare_and_explicit_keys_mean_the_same(observe: Observe, text: str) -> None:
    assert observe.territory(text).key == "commune:85109"


@pytest.mark.parametrize(("text", "fault"), [("xyz", RequestFault), ("85999", NotFound), ("ze:0000", NotFound)])
def test_what_is_no_territory_is_refused(observe: Observe, text: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        observe.territory(text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Les Herbiers", f"commune:{HERBIERS}"),
        ("pays des herbiers", f"epci:{PAYS_DES_HERBIERS}"),
        ("herbeirs", f"commune:{HERBIERS}"),
        ("ile d yeu", "commune:85113"),
        ("vendee", "departement:85"),
        ("85", "departement:85"),
    ],
)
def test_names_are_found_despite_accents_and_slips(observe: Observe, text: str, first: str) -> None:
    assert observe.search_territories(text)[0].key == first


@pytest.mark.parametrize(
    ("text", "code", "former"),
    [("L'Aiguillon-sur-Mer", "85001", "L'Aiguillon-sur-Mer"), ("olonne sur mer", "85194", "Olonne-sur-Mer"),
     ("lyon 4eme", "69384", None), ("75016", "75116", None)],
)  # fmt: skip
def test_a_whole_name_or_a_postal_code_means_a_territory(
    observe: Observe, text: str, code: str, former: str | None
) -> None:
    found = observe.territory(text)
    assert (found.code, found.redirected_from) == (code, former)


def test_a_name_that_is_only_near_is_offered_and_never_taken(observe: Observe) -> None:
    for text, near in (("herbeirs", "commune:85109"), ("L'Aiguillon-sur-Vi", "commune:85002")):
        found = observe.search_territories(text)
        assert near in [place.key for place in found]
        assert observe.certain(text, found[:1]) is None
    exact = observe.search_territories("L'Aiguillon-sur-Mer")
    assert [place.key for place in exact] == ["commune:85001"]
    assert observe.certain("L'Aiguillon-sur-Mer", exact) == exact[0]


def test_both_readings_of_five_digits_are_offered(observe: Observe) -> None:
    assert [place.code for place in observe.search_territories("75016")] == ["75116", "94016"]
    assert [place.code for place in observe.search_territories("85100")] == ["85194", "85100"]
    assert observe.territory("85100").code == "85100"


def test_search_keeps_to_the_kind_asked_for(observe: Observe) -> None:
    found = observe.search_territories("herbiers", TerritoryKind.EPCI)
    assert [place.key for place in found] == [f"epci:{PAYS_DES_HERBIERS}"]
    assert observe.search_territories("") == ()
    assert observe.search_territories("zzzzzz") == ()


def test_covered_territories_hold_establishments(observe: Observe) -> None:
    assert [place.name for place in observe.covered((TerritoryKind.DEPARTEMENT,))] == ["Loire-Atlantique", "Vendée"]


def test_points_leave_out_closed_and_masked_establishments(observe: Observe) -> None:
    found = observe.points("85")
    assert found.total == 2
    assert [place.size_band for place in found.points] == ["21", "11"]
    assert not {LEFT, MASKED} & {place.siret for place in found.points}
    assert len(observe.points("85", limit=1).points) == 1


def test_communes_without_establishments_are_listed(observe: Observe) -> None:
    found = observe.communes(PAYS_DES_HERBIERS)
    assert (found[0].code, found[0].employers) == (HERBIERS, 34)
    assert found[-1].establishments == 0


def test_outlines_are_empty_until_they_are_made(observe: Observe) -> None:
    assert not observe.commune_outlines(PAYS_DES_HERBIERS)
    assert observe.commune_outlines(PAYS_DES_HERBIERS).steps == {}


@pytest.mark.parametrize(
    ("kind", "name", "opening", "plural"),
    [
        ("departement", "Ain", "L’Ain", False),
        ("departement", "Bas-Rhin", "Le Bas-Rhin", False),
        ("departement", "Landes", "Les Landes", True),
        ("departement", "Paris", "Paris", False),
        ("departement", "La Réunion", "La Réunion", False),
        ("region", "Provence-Alpes-Côte d'Azur", "La région Provence-Alpes-Côte d’Azur", False),
        ("region", "Île-de-France", "L’Île-de-France", False),
        ("commune", "Les Sables-d'Olonne", "Les Sables-d’Olonne", True),
        ("commune", "Le Mans", "Le Mans", False),
        ("epci", "Métropole du Grand Paris", "La Métropole du Grand Paris", False),
        ("epci", "Eurométropole de Strasbourg", "L’Eurométropole de Strasbourg", False),
        ("epci", "Nantes Métropole", "L’intercommunalité Nantes Métropole", False),
        ("ze", "Cholet", "La zone d’emploi «\u00a0Cholet\u00a0»", False),
        ("france", "France", "La France", False),
    ],
)
def test_names_carry_their_article(kind: str, name: str, opening: str, plural: bool) -> None:
    named = place_name(Territory(TerritoryKind(kind), "0", name, 2026))
    assert (named.opening, named.plural) == (opening, plural)


def test_every_department_and_region_has_a_name_that_is_correct() -> None:
    rows = cog.territories([cog.latest_vintage()]).to_pylist()
    for row in not_empty(rows):
        if row["kind"] in ("departement", "region"):
            named = place_name(Territory(TerritoryKind(row["kind"]), row["code"], row["name"], 2026))
            known = named.subject != row["name"] or row["name"].startswith(("Paris", "La ", "Mayotte", "Saint-"))
            assert known or row["name"] == "Wallis et Futuna", row["name"]


def test_the_ground_of_a_list_is_the_communes_around_it(observe: Observe) -> None:
    def entry(commune: str, longitude: float | None) -> DirectoryEntry:
        return DirectoryEntry(MOVED, MOVED[:9], "X", False, "A", commune=commune, longitude=longitude, latitude=46.87)

    near = observe.basemap([entry(HERBIERS, -1.01), entry(ROCHE, None)])
    assert near is not None and [one.code for one in near.communes] == [HERBIERS]
    far = observe.basemap([entry(HERBIERS, -1.01), entry(NANTES, -1.55)])
    assert far is not None and not far.sheet and far.communes == ()
    assert observe.basemap([entry(HERBIERS, None)]) is None
    assert observe.basemap([entry(f"{number:02d}001", 1.0) for number in range(1, 14)]) is None
    overseas = replace(entry("97411", 55.45), latitude=-20.88)
    assert observe.basemap([entry(HERBIERS, -1.01), overseas]) is None, "two planes make no map"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Vendée", "departement:85"),
        ("  loire-atlantique ", "departement:44"),
        ("PAYS DE LA LOIRE", "region:52"),
        ("CC du Pays des Herbiers", "epci:248500621"),
        ("Pays des Herbiers", "epci:248500621"),
        ("Les Herbiers", "commune:85109"),  # a commune comes before what bears its name
    ],
)
def test_a_whole_name_means_its_territory(observe: Observe, typed: str, key: str) -> None:
    assert observe.territory(typed).key == key


@pytest.mark.parametrize("typed", ["atlantide", "ven", "Pays", "!"])
def test_half_a_name_means_no_territory(observe: Observe, typed: str) -> None:
    with pytest.raises(RequestFault, match="son nom entier"):
        observe.territory(typed)
