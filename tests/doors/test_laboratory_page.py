"""The page of the laboratory: what exists is chosen, the address keeps it, what cannot be followed is said."""

from __future__ import annotations

import re

from tests.doors.served import Served
from tests.not_empty import not_empty


def test_only_what_exists_is_offered(served: Served) -> None:
    page = served.client.get("/laboratoire")
    assert page.status_code == 200
    for name in not_empty(("niveau", "resultat", "de", "a", "sans")):
        assert f'<select id="{name}" name="{name}">' in page.text
    assert 'type="text"' not in page.text.partition("<main")[2]
    levels = set(re.findall(r'<option value="(ze|epci|aav|departement)"', page.text))
    assert levels == {"ze", "epci", "aav", "departement"}


def test_settings_stay_in_the_page_and_in_its_files(served: Served) -> None:
    page = served.client.get("/laboratoire?niveau=departement&resultat=population&de=&a=&sans=paris&voisins=knn:7").text
    assert '<option value="departement" selected>' in page
    assert '<option value="paris" selected>' in page
    assert '<input type="hidden" name="voisins" value="knn:7">' in page
    assert "/mieux-que-leurs-atouts?niveau=departement&amp;resultat=population&amp;sans=paris" in page


def test_cases_stay_whatever_is_asked(served: Served) -> None:
    for query in not_empty(("", "?niveau=departement", "?de=1931")):
        page = served.client.get(f"/laboratoire{query}").text
        assert "Vendée et vallée d’Ossau" in page


def test_a_setting_that_cannot_be_followed_is_named_and_the_form_stays(served: Served) -> None:
    page = served.client.get("/laboratoire?niveau=canton")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "<button>Examiner</button>" in page.text
    assert served.client.get("/laboratoire?niveau=departement&resultat=chiffre_inconnu").status_code == 422


def test_several_assets_are_joined_where_the_form_has_one_field(served: Served) -> None:
    page = served.client.get("/mieux-que-leurs-atouts?atouts=taux_emploi&atouts=revenu").text
    assert 'value="taux_emploi,revenu"' in page
