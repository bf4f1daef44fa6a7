"""The JSON API: names, shapes, errors, documentation, revalidation."""

from __future__ import annotations

import pytest

from tests.doors.served import Served
from tests.not_empty import not_empty

FAULTY = [
    "/search?couleur=bleu",
    "/search?page=x",
    "/search?per_page=1000",
    "/search?epci=1&departement=85",
    "/search?lat=46",
    "/search?radius=5",
    "/search?sort=distance",
    "/search?naf=ZZZ",
    "/search?tranche_effectif_salarie=9",
    "/search?created_from=hier",
    "/near_point?lat=46.8",
    "/near_point?lat=46.8&long=-1&radius=51",
    "/near_point?lat=46.8&long=-1&radius=0",
    "/search?lat=46.8&lon=-1&radius=0",
    "/search?q=%26",
    "/firms/12",
    "/establishments/abc",
    "/establishments/12345678900012?x=1",
    "/events?siren=abc",
    "/territories/zz/portrait",
]


def api(path: str) -> str:
    return f"/api/v1{path}"


@pytest.mark.parametrize("path", FAULTY)
def test_a_demand_that_cannot_be_read_is_400_with_one_sentence(served: Served, path: str) -> None:
    answer = served.client.get(api(path))
    assert answer.status_code == 400
    assert list(answer.json()) == ["erreur"]
    assert answer.json()["erreur"].endswith((".", "?", "».", "%"))


@pytest.mark.parametrize(
    "path", ["/firms/999999999", "/establishments/99999999999999", "/nulle-part", "/sources/x", "/indicators/x",
             "/territories/85999/portrait", "/territories/85/findings/x"],
)  # fmt: skip
def test_what_does_not_exist_is_404(served: Served, path: str) -> None:
    answer = served.client.get(api(path))
    assert answer.status_code == 404
    assert list(answer.json()) == ["erreur"]


def test_another_method_is_refused_in_french(served: Served) -> None:
    answer = served.client.post(api("/search"))
    assert answer.status_code == 405 and "GET" in answer.json()["erreur"]


def test_the_shape_of_recherche_entreprises(served: Served) -> None:
    answer = served.client.get(api("/search?departement=85&page=2&per_page=3&etat_administratif=A")).json()
    assert {"results", "total_results", "page", "per_page", "total_pages"} <= set(answer)
    assert (answer["page"], answer["per_page"], len(answer["results"])) == (2, 3, 3)
    assert answer["total_pages"] == -(-answer["total_results"] // 3)
    assert answer["results"] and all(
        one["commune"].startswith("85") and one["state"] == "A" for one in answer["results"]
    )


def test_both_names_of_a_filter_answer_the_same(served: Served) -> None:
    own = served.client.get(api("/search?naf=C&in=epci:248500621&sort=nom")).json()
    other = served.client.get(api("/search?activite_principale=C&epci=248500621&tri=nom")).json()
    assert own == other and own["total"] > 0


def test_all_filters_apply_when_the_text_is_a_number(served: Served) -> None:
    siret = served.open[0]
    whole = served.client.get(api(f"/search?q={siret}&state=tous")).json()
    assert whole["total"] == 1
    other = "NN" if whole["results"][0]["size_band"] != "NN" else "53"
    none = served.client.get(api(f"/search?q={siret}&state=tous&size={other}")).json()
    assert none["total"] == 0


def test_near_point_is_sorted_by_distance(served: Served) -> None:
    found = served.client.get(api("/near_point?lat=46.87&long=-1.01&radius=50")).json()["results"]
    distances = [one["distance_km"] for one in found]
    assert found and distances == sorted(distances) and max(distances) <= 50


def test_openapi_documents_every_parameter_that_is_read(served: Served) -> None:
    described = served.client.get(api("/openapi.json")).json()
    names = {one["name"] for one in described["paths"]["/search"]["get"]["parameters"]}
    asked = {
        "q",
        "activite_principale",
        "code_commune",
        "epci",
        "departement",
        "tranche_effectif_salarie",
        "page",
        "per_page",
    }
    assert asked <= names
    for path, operations in not_empty(described["paths"].items()):
        for operation in not_empty(operations.values()):
            assert operation["summary"] and operation["description"], path
            assert operation["responses"]["400"]["content"]["application/json"]["schema"]["$ref"].endswith("Erreur")
            assert "422" not in operation["responses"], path


def test_an_answer_is_revalidated_by_the_generation(served: Served) -> None:
    first = served.client.get(api("/search?naf=C"))
    again = served.client.get(api("/search?naf=C"), headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    assert served.client.get(api("/search?naf=ZZ")).headers.get("etag") is None


def test_health_names_the_generation(served: Served) -> None:
    state = served.client.get(api("/health")).json()
    assert state["generation"] == (served.data_dir / "current").read_text(encoding="utf-8").strip()


def test_a_finding_and_its_part_are_those_of_the_portrait(served: Served) -> None:
    portrait = served.client.get(api("/territories/epci:248500621/portrait")).json()
    whole = next(one for one in portrait["findings"] if one["id"] == "establishments_by_activity")
    part = whole["breakdown"][0]
    path = f"/territories/epci:248500621/findings/establishments_by_activity?key={part['key']}"
    assert served.client.get(api(path)).json()["value"] == part["value"]


def test_events_page_and_count(served: Served) -> None:
    page = served.client.get(api("/territories/epci:248500621/events")).json()
    assert page["total"] == sum(page["counts"].values()) > 0
    kind = next(iter(page["counts"]))
    only = served.client.get(api(f"/events?territory=epci:248500621&kinds={kind}")).json()
    assert only["total"] == page["counts"][kind]
    assert {one["kind"] for one in only["events"]} == {kind}


@pytest.mark.parametrize("radius", ["0", "51", "-1", "abc"])
def test_a_radius_that_is_refused_is_refused_in_true_words(served: Served, radius: str) -> None:
    said = served.client.get(api(f"/near_point?lat=46.8&long=-1&radius={radius}")).json()["erreur"]
    assert "plus grand que 0, jusqu’à 50" in said


def test_a_page_after_the_last_says_which_one_is_the_last(served: Served) -> None:
    answer = served.client.get(api("/search?departement=85&page=900&per_page=100")).json()
    assert answer["results"] == [] and answer["total"] > 0
    assert answer["notes"] == [f"Il n’y a pas de page 900\u00a0: la dernière est la page {answer['total_pages']}."]
