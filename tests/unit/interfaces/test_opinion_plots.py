"""The chart of groups and statements: drawn from published words alone, with its table, on a page that stays light."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from tests.not_empty import not_empty
from vigie.interfaces.desk_views.consultation_results import ResultPage, result_page, result_sheet
from vigie.interfaces.opinion_plots import STOPS, Leaning, leanings
from vigie.interfaces.plots import LONGEST_LINE, ChartWording
from vigie.services.consultations.answers import ConsultationLine, OpinionTold, ResultTold

SVG = "{http://www.w3.org/2000/svg}"
FOR, SHARED, AGAINST = "large accord", "partagé", "large désaccord"
DAY = date(2026, 11, 2)
LINE = ConsultationLine(
    "c", "Que faire ?", "", "Le pays", "epci:1", "Pays", "all", "", "Un débat.", DAY, DAY, DAY, "closed", 60, 200, DAY,
    open=False,
)  # fmt: skip
LONG = "Une phrase aussi longue que celles que l’on vote, qui ne tient pas sur une ligne de téléphone, rang {}."


def told(*groups: tuple[str, ...], mine: str = "") -> ResultTold:
    statements = tuple(
        OpinionTold(f"s{rank}", LONG.format(rank), 50, SHARED, "50 %", "45 %", words, mine=mine)
        for rank, words in enumerate(groups)
    )
    sizes = (60, 50, 40, 30, 20)[: len(groups[0])]
    return ResultTold(LINE, ("Une phrase.",), statements, sizes, ("rien",) * len(sizes), (), (), None, 0, "")


def drawn(page: ResultPage) -> ElementTree.Element:
    assert page.chart is not None
    return ElementTree.fromstring(page.chart.drawing)


def letters(root: ElementTree.Element) -> list[tuple[float, str]]:
    """Each pinned place, in percent across, with the letters it holds."""
    return [
        (float(pin.get("x", "").rstrip("%")), "".join(pin.itertext()))
        for pin in root.iter(f"{SVG}svg")
        if pin.get("class") == "pinned"
    ]


def test_each_group_stands_where_its_word_says_and_one_s_own_vote_below() -> None:
    rows = [
        Leaning("Ouvrir", {"A": 1, "B": -1, "C": 1}, mine=-1, part="Ce qui les sépare"),
        Leaning("Fermer", {"A": 0}),
    ]
    root = ElementTree.fromstring(leanings(ChartWording("Titre", "Phrase"), rows))
    assert letters(root) == [(STOPS[-1][1], "B"), (STOPS[1][1], "AC"), (STOPS[0][1], "A")]
    [mine] = [node for node in root.iter(f"{SVG}text") if "vous" in (node.text or "")]
    assert mine.get("x") == f"{STOPS[-1][1]:.2f}%"


def test_the_chart_says_what_divides_first_then_what_unites() -> None:
    page = result_page(told((FOR, FOR), (FOR, AGAINST), (SHARED, FOR)))
    assert page.chart is not None
    assert (
        page.chart.title.replace("\u00a0", " ") == "Les 2 groupes s’opposent sur 1 proposition et se rejoignent sur 1"
    )
    parts = [node.text for node in drawn(page).iter(f"{SVG}text") if node.get("class") == "strong"]
    assert parts == ["Ce qui les sépare", "Ce qui les distingue un peu", "Ce qui les réunit"]
    assert page.chart.twin_at == "#propositions" and page.table is not None


def test_without_groups_nothing_is_drawn() -> None:
    assert result_page(told((), ())).chart is None


@pytest.mark.parametrize("mine", ["", "agree"])
def test_a_page_of_sixty_statements_and_five_groups_stays_light(mine: str) -> None:
    apart, alike = (FOR, AGAINST, SHARED, FOR, AGAINST), (FOR,) * 5
    result = told(*(apart if rank % 3 else alike for rank in range(60)), mine=mine)
    page = result_page(result)
    assert page.chart is not None and page.table is not None
    shown = [len(list(drawn(page).iter())), sum(map(len, page.table.rows)) + len(page.table.rows)]
    assert sum(shown) < 420, "a page has 180 elements beside its chart and its table"
    assert "50 autres propositions" in page.chart.unit.replace("\u00a0", " ")
    assert [len(result_page(result, rank).table.rows) for rank in (1, 4, 5)] == [15, 15, 0]  # type: ignore[union-attr]
    assert ("Vous" in page.table.columns) == bool(mine)
    for node in not_empty(list(drawn(page).iter(f"{SVG}text"))):
        assert len(node.text or "") <= LONGEST_LINE


def test_no_number_of_the_drawing_depends_on_more_than_words() -> None:
    """Where a letter stands is one of three places: nobody's vote can be read off it."""
    root = drawn(result_page(told((FOR, AGAINST, SHARED), (SHARED, SHARED, FOR))))
    assert {place for place, _ in letters(root)} <= {place for _, place in STOPS.values()}
    assert not re.search(r"participant|ballot", ElementTree.tostring(root, encoding="unicode"))


def test_the_sheet_to_take_away_holds_no_vote_of_ones_own() -> None:
    assert "Vous" not in [column.title for column in result_sheet(told((FOR, AGAINST))).columns]
