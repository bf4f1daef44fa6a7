"""Sources with what is loaded, indicators with all that their cards must say."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest

from vigie.domain.finding import Finding
from vigie.errors import NotFound
from vigie.interfaces.present import source_lines, source_sentence
from vigie.interfaces.present_catalogue import source as source_page
from vigie.interfaces.present_files import list_sheets, portrait_sheets
from vigie.services.catalogue import Catalogue
from vigie.services.indicator_cards import indicator_cards
from vigie.services.loaded import Loaded
from vigie.sources.cards_reader import read_cards

CONTENT = {
    "name": "gen-1",
    "simulated": False,
    "created": "2026-10-02T08:00:00",
    "vintage": {"sirene_etablissement": "2026-10-01"},
    "tables": {"establishment": {"rows": 10, "fingerprint": "x"}},
    "inputs": [
        {"source": "sirene_etablissement", "file": "a.zip", "sha256": "0", "rows": 9, "rejected": 1},
        {"source": "sirene_etablissement", "file": "b.zip", "sha256": "1", "rows": 1, "rejected": 0},
    ],
    "rejected_total": 1,
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(read_cards(), Loaded.read(CONTENT, read_cards()))


def test_a_loaded_source_says_what_was_read_and_left_out(catalogue: Catalogue) -> None:
    found = catalogue.source("sirene_etablissement")
    assert (found.loaded, found.vintage, found.rows, found.rejected) == (True, "2026-10-01", 10, 1)
    assert found.as_dict()["licence"] == found.card.licence


def test_a_file_later_than_its_rhythm_is_told_on_the_page_of_its_source() -> None:
    loaded = Loaded.read(CONTENT, read_cards())
    early, late = (
        Catalogue(read_cards(), loaded, day).source("sirene_etablissement")
        for day in (date(2026, 10, 20), date(2027, 1, 5))
    )
    assert early.remarks == ()
    assert [("01/10/2026" in remark, "96 jours" in remark) for remark in late.remarks] == [(True, True)] * 2
    assert source_page(late).remarks == late.remarks == tuple(late.as_dict()["remarks"])


def test_a_source_that_is_not_loaded_counts_nothing_rather_than_zero(catalogue: Catalogue) -> None:
    found = catalogue.source("zonage_ze2020")
    assert (found.loaded, found.rows, found.rejected, found.vintage) == (False, None, None, None)


def test_the_reference_ships_with_its_vintage(catalogue: Catalogue) -> None:
    found = catalogue.source("decoupage_administratif")
    assert found.shipped
    assert found.vintage is not None


def test_loaded_sources_come_first_and_unknown_ones_are_named(catalogue: Catalogue) -> None:
    assert catalogue.sources()[0].loaded or catalogue.sources()[0].shipped
    with pytest.raises(NotFound, match="sirene_etablissement"):
        catalogue.source("inconnue")
    with pytest.raises(NotFound, match="population"):
        catalogue.indicator("bonheur")


def test_citations_come_from_the_cards() -> None:
    loaded = Loaded.read(CONTENT, read_cards())
    cited = loaded.cite("decoupage_administratif", "sirene_etablissement", "sirene_succession")
    assert [source.id for source in cited] == ["decoupage_administratif", "sirene_etablissement"]
    assert cited[1].vintage == "2026-10-01"
    assert "imaginaire" not in cited[1].title


@pytest.mark.parametrize("card", indicator_cards().values(), ids=lambda card: card.id)
def test_cards_say_everything_in_typeset_french(card: object) -> None:
    content = card.as_dict()  # type: ignore[attr-defined]
    assert re.fullmatch(r"[a-z_]+", content["id"])
    for name in ("theme", "label", "question", "formula", "unit", "coverage", "reading"):
        text = content[name]
        assert text
        assert not re.search(r" [;:!?%»]|« |'", text), f"{name} : {text}"
    assert content["question"].endswith("\u202f?")
    assert content["sources"]
    assert content["limits"]


def test_sources_of_indicators_exist(catalogue: Catalogue) -> None:
    known = {source.id for source in catalogue.sources()}
    named = {source for card in catalogue.indicators() for source in card.sources}
    assert named <= known | {"urssaf_emploi", "sirene_succession"}


def test_the_licence_of_jobs_and_the_text_it_asks_are_cited_wherever_their_figures_are() -> None:
    loaded = Loaded.read(CONTENT | {"vintage": {"urssaf_emploi": "2025"}}, read_cards())
    [cited] = loaded.cite("urssaf_emploi")
    assert cited.licence.startswith("ODbL")
    assert "Open Database License" in cited.attribution
    assert cited.attribution in source_sentence(cited)
    [line] = source_lines([cited])
    assert line.attribution == cited.attribution
    sheet = list_sheets([], [cited], simulated=False)[-1]
    assert [row[-1] for row in sheet.rows] == [cited.attribution]
    jobs = Finding("jobs", "Emplois", 45.0, "emploi", sources=(cited,), series=(("2024", 40.0),))
    portrait = SimpleNamespace(findings=(jobs,), sources=(cited,), simulated=False)
    whole, year = portrait_sheets(portrait)[0].rows
    assert cited.attribution in str(whole[-1])
    assert str(year[-1]) == cited.title
    card = Catalogue(read_cards(), loaded).source("urssaf_emploi")
    assert any(fact.value == cited.attribution for fact in source_page(card).facts)
