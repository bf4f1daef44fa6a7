"""What was published of a consultation: words first, then groups and their chart, then every statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from vigie.domain import french
from vigie.domain.consultation import VOTES, ConsultationState, Vote
from vigie.interfaces.desk_views.consultations import ALL, here
from vigie.interfaces.opinion_plots import Leaning, leanings
from vigie.interfaces.plots import ChartWording
from vigie.interfaces.present import pager
from vigie.interfaces.sheets import Sheet, SheetColumn
from vigie.interfaces.views import Graphic, Link, Pager, TableView
from vigie.services.consultations.answers import OpinionTold, ResultTold
from vigie.services.consultations.reading import LEANINGS, group_name

_MOST_DRAWN = 10
"""Statements of the chart: two screens of a phone; the table holds them all."""
_MOST_APART = 6
"""Of these, those that divide; the others are kept for what unites."""
_A_PAGE = 15
"""Statements of the table at once: with their chart, a page stays below 600 elements."""


@dataclass(frozen=True, slots=True)
class GroupTold:
    """A group of opinion: its name, how many it holds, what it says that others do not."""

    name: str
    size: str
    holds: str
    mine: bool


@dataclass(frozen=True, slots=True)
class ResultPage:
    """`consultation_result.html`: the summary, where one stands, the groups, every statement."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    kicker: str
    summary: tuple[str, ...]
    mine: str
    groups: tuple[GroupTold, ...]
    chart: Graphic | None
    table: TableView | None
    pager: Pager
    becomes: str
    downloads: tuple[Link, ...]
    links: tuple[Link, ...]


def result_page(result: ResultTold, page: int = 1) -> ResultPage:
    """Return the result: words first, then groups, then statements, fifteen a page."""
    line, place = result.line, here(result.line.id)
    known = any(one.voters for one in result.statements)
    on = f" Compté le {french.long_date(line.counted_on)}." if line.counted_on else ""
    kicker = ("Consultation close." if line.state == ConsultationState.CLOSED.value else "Consultation en cours.") + on
    return ResultPage(
        title=line.question,
        lead=result.summary[0],
        trail=(Link("Consultations", ALL), Link(line.question, place), Link("Résultat")),
        kicker=kicker,
        summary=result.summary[1:],
        mine=result.my_sentence,
        groups=tuple(
            GroupTold(
                f"Groupe {group_name(rank)}", f"au moins {french.counted(size, 'personne')}",
                f"{french.capital(result.holds[rank])}.", result.mine == rank,
            )
            for rank, size in enumerate(result.groups)
        ),
        chart=_chart(result),
        table=_statements(result, page) if known else None,
        pager=pager(
            page, ceil(len(result.statements) / _A_PAGE), lambda one: f"{place}/resultat?page={one}#propositions"
        ),
        becomes=f"{line.becomes} Réponse au plus tard le {french.long_date(line.becomes_on)}.",
        downloads=(
            Link("CSV", f"{place}/resultat.csv"), Link("CSV pour Excel", f"{place}/resultat.excel.csv"),
            Link("ODS", f"{place}/resultat.ods"),
        )
        if known
        else (),
        links=(Link("Donner mon avis", f"{place}/avis"),) if line.open else (),
    )  # fmt: skip


def _chart(result: ResultTold) -> Graphic | None:
    """Return where groups lean on the statements that divide them, then on those that unite them; `None` without any.

    It is drawn from the words of the table, so that it tells nothing more of anybody.
    """
    told = [one for one in result.statements if one.groups]
    if not told:
        return None
    apart = [one for one in told if _leanings(one) >= {-1, 1}]
    alike = [one for one in told if len(_leanings(one)) == 1]
    between = [one for one in told if one not in apart and one not in alike]
    rows = [
        *_rows("Ce qui les sépare", apart[:_MOST_APART]),
        *_rows("Ce qui les distingue un peu", between[: max(0, _MOST_APART - len(apart))]),
        *_rows("Ce qui les réunit", alike[: _MOST_DRAWN - _MOST_APART]),
    ]
    many = french.counted(len(result.groups), "groupe")
    title = (
        f"Les {many} s’opposent sur {french.counted(len(apart), 'proposition')} et se rejoignent sur "
        f"{french.number(len(alike))}"
    )
    left = len(told) - len(rows)
    more = f" {french.counted(left, 'autre proposition', 'autres propositions')} dans le tableau." if left else ""
    says = f"Chaque lettre est un groupe, placé là où penche sa majorité des deux tiers.{more}"
    words = ChartWording(title, f"{says} Le tableau « Chaque proposition » dit la même chose.")
    return Graphic(leanings(words, rows), title, says, twin_at="#propositions")


def _rows(part: str, some: Sequence[OpinionTold]) -> Iterator[Leaning]:
    for rank, one in enumerate(some):
        groups = {group_name(at): LEANINGS.get(word, 0) for at, word in enumerate(one.groups)}
        vote = VOTES.get(one.mine, Vote.PASS)
        yield Leaning(one.text, groups, None if vote is Vote.PASS else vote.value, "" if rank else part)


def _leanings(one: OpinionTold) -> set[int]:
    return {LEANINGS.get(word, 0) for word in one.groups}


def _columns(result: ResultTold) -> list[str]:
    names = [f"Groupe {group_name(rank)}" for rank in range(len(result.groups))]
    other = ["Autre collège"] if any(one.elsewhere for one in result.statements) else []
    mine = ["Vous"] if any(one.mine for one in result.statements) else []
    return ["Proposition", "Votes", "Ensemble", "D’accord", "Pas d’accord", *names, *other, *mine]


def _cells(result: ResultTold) -> list[tuple[str, ...]]:
    other = any(one.elsewhere for one in result.statements)
    mine = any(one.mine for one in result.statements)
    return [
        (
            one.text,
            f"au moins {french.number(one.voters)}" if one.voters else "",
            one.word,
            one.agree,
            one.disagree,
            *(one.groups or ("",) * len(result.groups)),
            *((one.elsewhere,) if other else ()),
            *((VOTES[one.mine].label if one.mine else "",) if mine else ()),
        )
        for one in result.statements
    ]


def _statements(result: ResultTold, page: int) -> TableView:
    """Return the table of a page; columns that hold nothing yet (shares, below forty voters) are left out."""
    columns, cells = _columns(result), _cells(result)
    filled = [at for at in range(len(columns)) if any(row[at] for row in cells)]
    shown = cells[_A_PAGE * (page - 1) : _A_PAGE * page]
    rows = tuple(tuple(row[at] or "–" for at in filled) for row in shown)
    return TableView("Ce qui a été dit de chaque proposition", tuple(columns[at] for at in filled), rows)


def result_sheet(result: ResultTold) -> Sheet:
    """Return the statements with what was published of each, to take away; there is no vote in it."""
    return Sheet("Résultat", tuple(SheetColumn(title) for title in _columns(result)), list(_cells(result)))
