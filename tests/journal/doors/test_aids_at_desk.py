"""Schemes where officers work: what closes soon for the firms of a portfolio, what speaks of a need."""

from __future__ import annotations

from datetime import timedelta
from weakref import WeakKeyDictionary

import pytest

from tests.journal.cast import HERE, SIREN_HERE
from tests.journal.doors.office import Office
from vigie.domain import french
from vigie.domain.access import Role, Scope
from vigie.domain.levers import Condition, Scheme, Topic, traits
from vigie.services.aids import book
from vigie.store.journal.followup import Portfolio, PortfolioMember
from vigie.store.journal.needs import StatedNeed


def scheme(identifier: str, title: str, *conditions: Condition, days: int | None = None) -> book.ReadScheme:
    closes = french.today() + timedelta(days=days) if days is not None else None
    return book.ReadScheme(
        identifier, title, "", "", ("étude",), "Agence des vallées", None, "", "", None, closes, None,
        imaginary=True, source="aides_imaginaires", scheme=Scheme(identifier, title, conditions),
        traces=("",) * len(conditions),
    )  # fmt: skip


@pytest.fixture
def schemes(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = Condition(Topic.PLACE, "En Corse", allowed=traits("region", ["94"]))
    known = [
        scheme("bientot", "Fours sobres", days=10),
        scheme("corse", "Fours corses", elsewhere, days=10),
        scheme("tard", "Toitures d’atelier", days=90),
        scheme("sans-fin", "Formation au courbage du bois"),
    ]
    monkeypatch.setattr(book, "_read", lambda _: known)
    monkeypatch.setattr(book, "_BOOKS", WeakKeyDictionary())


def writing(office: Office) -> Scope:
    return Scope(Role.OFFICER, HERE, office.cast.officer.person, via="command")


def test_the_week_tells_what_closes_for_the_firms_of_a_portfolio(office: Office, schemes: None) -> None:
    page = office.page("officer")
    assert "Aides qui ferment" not in page.get("/bureau").text
    with office.desk.journal.writing(writing(office)) as unit:
        unit.act("portfolio.made")
        portfolio = unit.add(Portfolio(name="Les miennes", owner_id=office.cast.officer.person))
        unit.flush()
        unit.add(PortfolioMember(portfolio_id=portfolio.id, siren=SIREN_HERE))
    told = page.get("/bureau").text
    assert "Aides qui ferment" in told and "Fours sobres" in told
    assert f"/aide/bientot?entreprise={SIREN_HERE}" in told
    assert "Fours corses" not in told and "Toitures" not in told
    assert "Aides qui ferment" not in office.page("officer_away").get("/bureau").text


def test_a_need_is_shown_with_the_schemes_that_speak_of_it(office: Office, schemes: None) -> None:
    with office.desk.journal.writing(writing(office)) as unit:
        unit.act("need.stated")
        need = unit.add(
            StatedNeed(state="received", confirmed_at=unit.now, siren=SIREN_HERE, commune="85109",
                       text="Refaire une toiture", email="qui@example.org")
        )  # fmt: skip
        unit.flush()
        identifier = need.id
    told = office.page("officer").get(f"/bureau/besoins/{identifier}").text
    assert "Aides à regarder" in told and f"/aide/tard?entreprise={SIREN_HERE}" in told
    assert "Fours sobres" not in told
