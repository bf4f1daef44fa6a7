"""Addresses are read strictly: nothing is ignored in silence, every fault says which word and what is accepted."""

from __future__ import annotations

from datetime import date

import pytest

from tests.not_empty import not_empty
from vigie.errors import RequestFault
from vigie.interfaces import asking
from vigie.interfaces.searching import API_NEAR, API_SEARCH, WEB_SEARCH, search_fields


def test_the_names_of_both_apis_fill_the_same_fields() -> None:
    own = asking.read(API_SEARCH, [("naf", "25.11Z,C"), ("in", "epci:200071629"), ("size", "11, 12")])
    other = asking.read(
        API_SEARCH,
        [("activite_principale", "25.11Z,C"), ("epci", "200071629"), ("tranche_effectif_salarie", "11,12")],
    )
    assert own.values == other.values == {"naf": ("25.11Z", "C"), "within": ("epci:200071629",), "size": ("11", "12")}
    assert not own.faults and not other.faults


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("page", "0")], "entier de 1 à"),
        ([("per_page", "101")], "entier de 1 à 100"),
        ([("page", "-1")], "entier"),
        ([("page", "²")], "entier"),
        ([("lat", "nord")], "nombre de"),
        ([("lat", "nan")], "nombre de"),
        ([("lat", "91")], "nombre de"),
        ([("created_from", "hier")], "2026-10-01"),
        ([("craft", "peut-être")], "oui"),
        ([("state", "X")], "acceptées"),
        ([("size", "10")], "acceptées"),
        ([("sort", "couleur")], "acceptées"),
        ([("code_postal", "85500")], "n’existe pas ici"),
        ([("departements", "85")], "« departement »"),
        ([("epci", "200071629"), ("departement", "85")], "ne se combinent pas"),
        ([("page", "1"), ("page", "2")], "deux fois"),
    ],
)
def test_what_cannot_be_read_is_answered_by_a_sentence(pairs: list[tuple[str, str]], said: str) -> None:
    asked = asking.read(API_SEARCH, pairs)
    assert len(asked.faults) == 1
    assert said in next(iter(asked.faults.values())).replace("\u00a0", " ").replace("\u202f", " ")
    with pytest.raises(RequestFault):
        asked.or_fault()


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(RequestFault) as caught:
        asking.read(API_SEARCH, [("page", "x"), ("couleur", "bleu"), ("lat", "y")]).or_fault()
    assert all(word in str(caught.value) for word in ("page", "couleur", "lat"))


def test_repeated_and_comma_separated_values_add_up() -> None:
    assert asking.read(WEB_SEARCH, [("taille", "11"), ("taille", "12,inconnue")]).values == {"size": ("11", "12", "")}


def test_empty_fields_of_a_form_are_as_if_absent() -> None:
    assert asking.read(WEB_SEARCH, [("q", " "), ("naf", ""), ("siege", "")]).values == {}


def test_dates_are_read_as_iso_or_as_french_readers_write_them() -> None:
    for text in ("2026-10-01", "01/10/2026"):
        assert asking.read(WEB_SEARCH, [("cree_apres", text)]).values == {"created_from": date(2026, 10, 1)}


@pytest.mark.parametrize("half", [{"latitude": 46.0}, {"longitude": 1.0}, {"radius_km": 5.0}, {"sort": "distance"}])
def test_half_a_point_is_refused(half: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="latitude"):
        search_fields(half)


def test_every_parameter_is_documented_in_french() -> None:
    for parameters in (API_SEARCH, API_NEAR):
        described = asking.described(parameters)
        assert {entry["name"] for entry in described} == {name for one in parameters for name in one.names}
        assert all(entry["description"].endswith((".", "défaut.")) for entry in not_empty(described))


@pytest.mark.parametrize("text", ["--5", "-", "5-", "1e3", "²", "9" * 5000, "0", "101"])
def test_a_number_that_is_not_one_is_refused_in_french(text: str) -> None:
    with pytest.raises(ValueError, match="donnez un nombre entier de 1 à 100"):
        asking.whole(1, 100)(text)
