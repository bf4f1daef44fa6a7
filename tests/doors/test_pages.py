"""The pages: headers, cookies, redirections, errors in French, forms, exports."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.doors.served import COMMUNE, Served, TestClient
from tests.not_empty import not_empty
from vigie.domain.zones import today_in_paris
from vigie.interfaces.server import application
from vigie.settings import Settings

PAGES = ["/", "/annuaire", "/annuaire?naf=C", f"/territoire/commune/{COMMUNE}", "/evenements", "/sources", "/aide"]


@pytest.mark.parametrize("path", [*PAGES, "/nulle-part", "/annuaire?page=x", "/api/v1/search", "/static/vigie.css"])
def test_every_answer_carries_the_security_headers(served: Served, path: str) -> None:
    headers = served.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy and "http" not in policy and "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_call_no_third_party_and_say_that_data_are_imaginary(served: Served, path: str) -> None:
    content = served.client.get(path).text
    assert not re.findall(r'(?:src|action|href)="//', content)
    assert not re.findall(r'<(?:script|link|img|form)[^>]+="https?:', content)
    assert " style=" not in content and "<style" not in content and "onclick" not in content
    assert "Établissements imaginaires" in content
    assert '<html lang="fr"' in content


def test_pages_are_compressed_and_revalidated(served: Served) -> None:
    first = served.client.get("/annuaire?naf=C")
    assert first.headers["content-encoding"] == "gzip"
    again = served.client.get("/annuaire?naf=C", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    dark = served.client.get(
        "/annuaire?naf=C", headers={"If-None-Match": first.headers["etag"], "Cookie": "theme=sombre"}
    )
    assert dark.status_code == 200 and 'data-theme="sombre"' in dark.text


def test_static_files_are_kept_a_year_when_their_address_names_their_content(served: Served) -> None:
    address = re.search(r'href="(/static/vigie\.css\?v=[0-9a-f]+)"', served.client.get("/").text)
    assert address
    assert "immutable" in served.client.get(address[1]).headers["cache-control"]
    assert served.client.get("/static/../app.py").status_code == 404


@pytest.mark.parametrize("path", ["/nulle-part", "/etablissement/99999999999999", "/entreprise/999999999",
                                  "/territoire/commune/85999", "/territoire/planete/1", "/source/x",
                                  "/indicateur/x", f"/territoire/commune/{COMMUNE}/constat/x",
                                  "/annuaire/liste.docx?naf=C"])  # fmt: skip
def test_what_does_not_exist_is_a_french_404(served: Served, path: str) -> None:
    answer = served.client.get(path)
    assert answer.status_code == 404
    assert "Introuvable" in answer.text and "/annuaire" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/annuaire?page=x", "/annuaire?naf=ZZZ", "/annuaire?territoire=zzzzzz", "/annuaire?lat=46",
     "/annuaire?couleur=bleu",
     "/annuaire?taille=9", "/evenements?depuis=hier", "/evenements?territoire=zzzzzz", "/etablissement/abc",
     "/annuaire/liste.csv?page=x"],
)  # fmt: skip
def test_what_cannot_be_read_is_a_french_422_that_says_why(served: Served, path: str) -> None:
    answer = served.client.get(path)
    assert answer.status_code == 422
    assert "Traceback" not in answer.text
    assert re.search(
        r"donnez|Donnez|Aucun territoire|acceptées|n’existe pas|n’est pas|écrivez|demande une", answer.text
    )


def test_an_unforeseen_error_is_a_french_500_without_a_trace(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vigie.services.watch.Watch.events", lambda *_, **__: 1 / 0)
    for path in ("/evenements", "/api/v1/events"):
        answer = served.client.get(path)
        assert answer.status_code == 500
        assert "erreur" in answer.text and "ZeroDivision" not in answer.text


def test_without_data_pages_say_what_will_be_here_and_how(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with TestClient(application(settings), raise_server_exceptions=False) as client:
        for path in ("/", "/annuaire", "/territoires", "/evenements"):
            answer = client.get(path)
            assert answer.status_code == 503 and "vigie refresh --sirene" in answer.text
        assert client.get("/aide").status_code == 200
        assert client.get("/sitemap.xml").status_code == 200
        assert client.get("/api/v1/search").status_code == 503
        assert client.get("/api/v1/health").json()["generation"] is None


def test_a_number_typed_in_search_leads_to_its_page(served: Served) -> None:
    siret = served.open[0]
    spaced = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    for typed, target in ((siret, f"/etablissement/{siret}"), (spaced, f"/etablissement/{siret}"),
                          (siret[:9], f"/entreprise/{siret[:9]}")):  # fmt: skip
        answer = served.client.get("/annuaire", params={"q": typed}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, target)
    filtered = served.client.get("/annuaire", params={"q": siret, "naf": "C"}, follow_redirects=False)
    assert filtered.status_code == 200
    absent = served.client.get("/annuaire", params={"q": "99999999999999"}, follow_redirects=False)
    assert absent.status_code == 200 and "Aucun site" in absent.text


def test_former_communes_lead_to_the_one_that_replaced_them(served: Served) -> None:
    former = "85037"  # Boulogne, replaced by Essarts en Bocage
    answer = served.client.get(f"/territoire/commune/{former}", follow_redirects=False)
    assert answer.status_code == 308
    arrived = served.client.get(answer.headers["location"])
    assert arrived.status_code == 200 and former in arrived.text


def test_the_theme_is_kept_in_a_cookie_and_stays_inside_the_site(served: Served) -> None:
    for method in (served.client.get, served.client.post):
        sent = {"theme": "sombre", "retour": "/annuaire?naf=C"}
        answer = (
            method("/theme", params=sent, follow_redirects=False)
            if method == served.client.get
            else method("/theme", data=sent, follow_redirects=False)
        )
        assert answer.status_code == 303 and answer.headers["location"] == "/annuaire?naf=C"
        cookie = answer.headers["set-cookie"]
        assert "theme=sombre" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    served.client.cookies.clear()
    for elsewhere in ("https://example.org/x", "//example.org/x", "/\\example.org", "javascript:alert(1)"):
        answer = served.client.get("/theme", params={"theme": "clair", "retour": elsewhere}, follow_redirects=False)
        assert answer.headers["location"].startswith("/") and "example.org/x" not in answer.headers["location"]
    served.client.cookies.clear()


def test_the_last_visit_is_offered_on_the_next_one(served: Served) -> None:
    yesterday = today_in_paris() - timedelta(days=1)
    first = served.client.get("/evenements")
    assert f"visite={today_in_paris().isoformat()}" in first.headers["set-cookie"]
    assert "dernière visite" not in re.sub(r"<footer.*", "", first.text, flags=re.DOTALL)
    served.client.cookies.clear()
    back = served.client.get("/evenements", headers={"Cookie": f"visite={yesterday.isoformat()}."})
    assert f"depuis={yesterday.isoformat()}" in back.text
    served.client.cookies.clear()
    for odd in ("visite=hier", "visite=9999-01-01.", "visite="):
        assert served.client.get("/evenements", headers={"Cookie": odd}).status_code == 200
        served.client.cookies.clear()


def test_only_two_cookies_are_ever_set(served: Served) -> None:
    names = set()
    for path in (*PAGES, "/theme?theme=clair"):
        for cookie in served.client.get(path, follow_redirects=False).headers.get_list("set-cookie"):
            names.add(cookie.split("=")[0])
    served.client.cookies.clear()
    assert names == {"theme", "visite"}


def test_the_file_holds_the_lines_seen(served: Served) -> None:
    query = "?naf=C&territoire=248500621&tri=nom"
    seen = served.client.get(f"/api/v1/search{query.replace('territoire', 'in')}&per_page=100").json()
    rows = list(csv.reader(io.StringIO(served.client.get(f"/annuaire/liste.csv{query}").text)))
    assert [row[0] for row in rows[1:]][:100] == [one["siret"] for one in seen["results"]]
    assert len(rows) - 1 == seen["total"]
    told = served.client.get(f"/annuaire/liste.json{query}").json()
    assert len(told["results"]) == seen["total"] and told["simulated"] is True


def test_workbooks_hold_the_lines_their_units_and_their_sources(served: Served) -> None:
    query = "?naf=C&territoire=248500621&tri=nom"
    told = served.client.get(f"/annuaire/liste.json{query}").json()["results"]
    answer = served.client.get(f"/annuaire/liste.xlsx{query}")
    assert answer.headers["content-disposition"] == 'attachment; filename="vigie-liste.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Établissements", "Colonnes et unités", "Sources"]
    rows = list(book["Établissements"].iter_rows(values_only=True))
    assert rows[0][:3] == ("SIRET", "SIREN", "Nom")
    assert [row[0] for row in rows[1:]] == [one["siret"] for one in told]
    assert "imaginaires" in str(book["Sources"]["A2"].value)
    assert zipfile.is_zipfile(io.BytesIO(served.client.get(f"/annuaire/liste.ods{query}").content))


def test_a_portrait_is_taken_away_with_its_figures(served: Served) -> None:
    findings = served.client.get(f"/api/v1/territories/{COMMUNE}/portrait").json()["findings"]
    book = openpyxl.load_workbook(io.BytesIO(served.client.get(f"/territoire/commune/{COMMUNE}/constats.xlsx").content))
    heads, *rows = book["Constats"].iter_rows(values_only=True)
    lines = [dict(zip(heads, row, strict=True)) for row in rows]
    whole = {one["Constat"]: one for one in lines if not one["Poste"] and not one["Année"]}
    assert list(whole) == [found["label"] for found in findings]
    for found in not_empty(findings):
        assert whole[found["label"]]["Valeur"] == pytest.approx(found["value"]), found["id"]
        assert whole[found["label"]]["Unité"] == found["unit"] and whole[found["label"]]["Sources"]
    assert served.client.get(f"/territoire/commune/{COMMUNE}/constats.pdf").status_code == 404


def test_the_file_for_excel_keeps_zeros_and_runs_nothing(served: Served) -> None:
    answer = served.client.get("/annuaire/liste.excel.csv?etat=tous&territoire=85")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) > 100 and len({len(row) for row in rows}) == 1
    for row in not_empty(rows[1:]):
        assert len(re.sub(r"\D", "", row[0])) == 14
        assert not any(cell.startswith(("=", "+", "@")) for cell in not_empty(row))


def test_every_link_of_the_pages_leads_somewhere(served: Served) -> None:
    """Links of the main pages, those to other sites and long lists excepted."""
    seen: set[str] = set()
    for path in (*PAGES, "/territoires", "/indicateurs", f"/etablissement/{served.open[0]}"):
        content = served.client.get(path).text
        seen |= {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', content)}
    by_kind: dict[str, list[str]] = {}
    for link in sorted(seen):
        if not link.startswith("/theme"):
            by_kind.setdefault(link.split("?")[0].split("/")[1], []).append(link)
    for link in not_empty(link for links in by_kind.values() for link in links[:6]):
        assert served.client.get(link).status_code == 200, link


def test_a_form_of_this_site_is_accepted_and_that_of_another_is_not(served: Served) -> None:
    """A browser says where a form comes from, unless the page that held it forbids to: ours must not."""
    sent = {"theme": "sombre", "retour": "/aide"}
    own, other = {"Origin": "http://vigie.test", "Sec-Fetch-Site": "same-origin"}, {"Origin": "http://ailleurs.test"}
    assert served.client.post("/theme", data=sent, headers=own, follow_redirects=False).status_code == 303
    for headers in (other, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert served.client.post("/theme", data=sent, headers=headers, follow_redirects=False).status_code == 403


@pytest.mark.parametrize("text", ["🍕", "&", "« — »", "\u200b"])
def test_a_question_of_signs_alone_asks_nothing(served: Served, text: str) -> None:
    page = served.client.get("/annuaire", params={"q": text, "etat": "A"}).text
    assert "ni lettre ni chiffre" in page and "rien n’est demandé" in page
    assert "répond" not in page and "/etablissement/" not in page


@pytest.mark.parametrize("path", ["/annuaire?naf=C&page=999", "/evenements?page=999"])
def test_a_page_after_the_last_says_which_one_is_the_last(served: Served, path: str) -> None:
    page = served.client.get(path).text
    assert "Il n’y a pas de page 999" in page and "Lire la dernière page" in page
    assert "Vérifiez l’orthographe" not in page
    last = re.search(r'href="([^"]+)">Lire la dernière page', page)
    assert last and "Il n’y a pas de page" not in served.client.get(last[1].replace("&amp;", "&")).text


@pytest.mark.parametrize("written", ["{0}", "FR 00 {1} {2} {3}", "{1}\u00a0{2}\u00a0{3}", "{1}.{2}.{3}", "{1}-{2}-{3}"])
def test_a_number_leads_to_its_firm_however_it_is_written(served: Served, written: str) -> None:
    siren = served.client.get("/api/v1/search?departement=85&per_page=1").json()["results"][0]["siren"]
    text = written.format(siren, siren[:3], siren[3:6], siren[6:])
    answer = served.client.get("/annuaire", params={"q": text}, follow_redirects=False)
    assert answer.headers["location"] == f"/entreprise/{siren}"


def test_the_box_of_territories_leads_a_former_name_to_today_with_a_notice(served: Served) -> None:
    page = served.client.get("/territoires", params={"q": "L'Aiguillon-sur-Mer"})
    assert page.url.path == "/territoire/commune/85001" and "n’est plus en usage" in page.text
    both = served.client.get("/territoires", params={"q": "75016"}).text
    assert both.index("/territoire/commune/75116") < both.index("/territoire/commune/94016?ancien=75016")
    near = served.client.get("/territoires", params={"q": "L'Aiguillon-sur-Vi"})
    assert near.url.path == "/territoires" and "/territoire/commune/85002" in near.text
    filtered = served.client.get("/annuaire", params={"naf": "C", "territoire": "Olonne-sur-Mer"}).text
    assert "n’existe plus" in filtered and "85194" in filtered
    assert "n’existe plus" in served.client.get("/evenements", params={"territoire": "Olonne-sur-Mer"}).text
    said = served.client.get("/annuaire", params={"territoire": "85100"}).text
    assert "commune:85194" in said and "commune:85100" in said


def test_where_no_establishment_is_loaded_nothing_is_said_to_open_or_close(served: Served) -> None:
    page = served.client.get("/territoire/departement/48").text
    assert "n’a ouvert ni fermé" not in page
    assert "0 établissement" not in page


def test_a_method_is_explained_with_its_formula_source_and_test(served: Served) -> None:
    names = [row["id"] for row in served.client.get("/api/v1/methods").json()["rows"]]
    listed = served.client.get("/methodes").text
    for name in not_empty(names):
        page = served.client.get(f"/methode/{name}")
        assert page.status_code == 200
        assert '<math display="block">' in page.text
        assert f"/methode/{name}" in listed
    assert "/methode/krugman" in served.client.get("/indicateur/krugman").text
    assert served.client.get("/methode/astrologie").status_code == 404
