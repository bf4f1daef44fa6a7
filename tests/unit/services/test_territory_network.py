"""The network of a territory: thirty firms with ties give figures, twenty-nine give the coverage alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import ibis
import pyarrow as pa
import pytest

from tests.not_empty import not_empty
from vigie.services.connect.network import NETWORK
from vigie.services.networks import COVERAGE
from vigie.services.networks.derivation import territory_network
from vigie.sources.ties.groups import Certainty

HERE, THERE = "85109", "44109"


class Reader:
    """Executes expressions over tables held in memory."""

    @property
    def cards(self) -> dict[str, Any]:
        return {}

    def arrow(self, expression: Any) -> pa.Table:
        return expression.to_pyarrow()

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        return list(expression.to_pyarrow().to_pylist())


def made(firms: int, certainty: str = Certainty.DECLARED.value) -> list[dict[str, Any]]:
    """Return the derived rows of a place of `firms` firms in a ring, with as many elsewhere and five without a tie."""
    here, there = ([f"{place}{rank:04d}" for rank in range(firms)] for place in ("10000", "20000"))
    ring = [(side[rank], side[(rank + 1) % firms]) for side in (here, there) for rank in range(firms)]
    ties = [(a, b, certainty) for a, b in ring] + [(b, a, certainty) for a, b in ring]
    alone = [f"30000{rank:04d}" for rank in range(5)]
    placed = [(siren, HERE) for siren in (*here, *alone)] + [(siren, THERE) for siren in there]
    establishment = [
        {"siren": siren, "commune": commune, "state": "A", "employer": "O", "diffusion": "O"}
        for siren, commune in placed
    ]
    establishment.append({"siren": "9" * 9, "commune": HERE, "state": "A", "employer": "O", "diffusion": "P"})
    tables = {
        "tie": ibis.memtable([{"siren": a, "partner": b, "certainty": sure} for a, b, sure in ties]),
        "establishment": ibis.memtable(establishment),
        "membership": ibis.memtable(
            [{"kind": "epci", "code": code, "commune": commune, "vintage": 2026}
             for code, commune in (("1", HERE), ("2", THERE))]
        ),
    }  # fmt: skip
    return list(territory_network(tables, Reader()).to_pylist())  # type: ignore[arg-type]


def test_thirty_firms_with_ties_are_observed() -> None:
    rows = {row["measure"]: row for row in made(30) if row["code"] == "1"}
    assert (rows[COVERAGE]["employers"], rows[COVERAGE]["firms"]) == (35, 30)
    assert rows[COVERAGE]["observed"] == pytest.approx(30 / 35)
    assert rows["external_internal"]["observed"] == -1 < rows["external_internal"]["low"]
    assert rows["density"]["observed"] == pytest.approx(30 / (30 * 29 / 2))
    # Everyone has two ties, whatever is drawn: there is nothing to deviate from.
    assert rows["partners_degree"]["observed"] == rows["partners_degree"]["expected"] == 2


def test_twenty_nine_give_no_figure() -> None:
    rows = made(29)
    assert {row["measure"] for row in not_empty(rows)} == {COVERAGE}


def test_doubtful_ties_are_left_out() -> None:
    rows = made(30, Certainty.DOUBTFUL.value)
    assert {row["firms"] for row in not_empty(rows)} == {0}


def answer(rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Any:
    place = SimpleNamespace(kind=SimpleNamespace(value="epci"), code="1", name="Imaginaire")
    monkeypatch.setattr("vigie.services.connect.network.Places", lambda _: SimpleNamespace(territory=lambda _: place))
    columns = dict.fromkeys(("kind", "code"), "string")
    warehouse = SimpleNamespace(
        table=lambda _: ibis.table(columns, name="territory_network"),
        rows=lambda _, given: [row for row in rows if row["code"] == given["code"]],
    )
    loaded = SimpleNamespace(vintage={}, simulated=True, cite=lambda *_: ())
    return NETWORK.answer(SimpleNamespace(warehouse=warehouse, loaded=loaded), "epci:1", {})  # type: ignore[arg-type]


def test_the_answer_says_what_departs_from_chance_and_the_coverage(monkeypatch: pytest.MonkeyPatch) -> None:
    told = answer(made(30), monkeypatch)
    said = {row.measure: row.said for row in told.rows}
    assert said["Ouverture (E-I)"] == "moins qu’au hasard"
    assert said["Liens des partenaires"] == "comme au hasard"
    assert "35" in told.lead and "30" in told.lead
    assert "graine 20261" in told.note
    for row in not_empty(told.rows):
        assert row.low <= row.high
    silent = answer(made(29), monkeypatch)
    assert silent.rows == ()
    assert silent.lead.startswith("Réseau non observable")
    assert answer([], monkeypatch).lead.startswith("Réseau non observable")
