"""Two simulated months, refreshed one after the other: the events found are those the simulator wrote down."""

from __future__ import annotations

from datetime import date

import pytest

from tests.not_empty import not_empty
from tests.recovery.simulated import MONTHS
from tests.refreshing import load_underived, rows
from vigie.domain.relations import EventKind

KINDS = [str(kind) for kind in EventKind]


@pytest.fixture(scope="module")
def found(folder, tmp_path_factory):
    """Events in service after the second month, with what the refreshes reported."""
    data = tmp_path_factory.mktemp("donnees")
    reports = [load_underived(data, folder / month, today=date.fromisoformat(month)) for month in MONTHS[:2]]
    return rows(data, "event"), reports


def test_the_first_load_tells_no_event_and_the_second_tells_all(found):
    events, (first, second) = found
    assert first.events == 0
    assert second.events == len(events) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_and_no_other_is_found(found, sql, kind):
    told = {row[0] for row in sql(f"select siret from truth1 where kind = '{kind}'")}  # noqa: S608
    assert {event["siret"] for event in found[0] if event["kind"] == kind} == told


def test_moves_and_transfers_name_both_sides_and_the_day(found, sql):
    told = sql("select siret, before, after, date from truth1 where kind in ('demenagement', 'transfert')")
    shown = [
        (event["siret"], event["before"], event["after"], str(event["date"]))
        for event in found[0]
        if event["kind"] in ("demenagement", "transfert")
    ]
    assert sorted(shown) == sorted(told)


def test_a_size_before_and_after_are_those_of_the_two_months(found, sql):
    told = sql("select siret, before, after from truth1 where kind = 'effectif'")
    shown = [(e["siret"], e["before"], e["after"]) for e in found[0] if e["kind"] == "effectif"]
    assert sorted(shown) == sorted(told)
    assert shown


def test_the_day_of_a_creation_is_the_sources_or_none(found, sql):
    told = dict(sql("select siret, date from truth1 where kind = 'creation'"))
    days = {event["siret"]: event["date"] for event in found[0] if event["kind"] == "creation"}
    assert days and all(day is None or str(day) == told[siret] for siret, day in days.items())
    assert any(days.values())


def test_a_change_of_diffusion_tells_no_value(found):
    assert all(not_empty(e["before"] is None and e["after"] is None for e in found[0] if e["kind"] == "diffusion"))
