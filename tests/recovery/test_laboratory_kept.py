"""The default examinations are made with the generation: read again they are the same, and no request computes them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.unit.services import small_world
from vigie.services.laboratory import country, examining
from vigie.services.laboratory.answering import BEYOND, HYPOTHESIS
from vigie.services.laboratory.country import LEVELS, NothingToExamine
from vigie.services.laboratory.examining import LaboratoryAsked, examine, examined
from vigie.services.laboratory.kept import read, understood, written
from vigie.services.laboratory.named_cases import CASES


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Ninety-four employment areas of two communes each: enough to try something; too few départements to."""
    path: Path = tmp_path_factory.mktemp("kept") / "warehouse.duckdb"
    members = [
        {"kind": "ze", "code": f"Z{rank // 2:03d}", "vintage": 2026, "commune": commune}
        for rank, commune in enumerate(small_world._elsewhere()[:188])
    ]
    areas = [{"kind": "ze", "code": f"Z{rank:03d}", "vintage": 2026, "name": f"Zone {rank}"} for rank in range(94)]
    warehouse, loaded = small_world.build(path, more={"membership": members, "territory": areas})
    yield SimpleNamespace(warehouse=warehouse, loaded=loaded, suppressions=SimpleNamespace(sirens=frozenset))
    warehouse.close()


def test_every_level_is_kept_as_it_would_be_examined(data: Any) -> None:
    for level in LEVELS:
        content = read(data, level)
        assert content is not None
        try:
            fresh = examined(data, LaboratoryAsked(level=level))
        except NothingToExamine as lacking:
            with pytest.raises(NothingToExamine) as again:
                understood(data, content)
            assert str(again.value) == str(lacking)
            continue
        kept = understood(data, content)
        assert written(kept) == written(fresh) == content
        assert kept.outcome.card is fresh.outcome.card and kept.outcome.sources == fresh.outcome.sources
        np.testing.assert_array_equal(kept.outcome.values, fresh.outcome.values)
        assert (kept.beyond is None) == (fresh.beyond is None)


def test_something_was_examined(data: Any) -> None:
    found = examine(data, LaboratoryAsked())
    assert len(found.effects) > 3
    assert found.rows.size > 80


def test_no_request_computes_the_default_ones(data: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the default examination was computed on a request")

    monkeypatch.setattr(examining, "examined", refused)
    monkeypatch.setattr(country, "setting_of", refused)
    assert CASES.answer(data, "", {}).note
    for level in LEVELS:
        assert HYPOTHESIS.answer(data, "", {"level": level}).lead
        assert BEYOND.answer(data, "", {"level": level}).lead
    with pytest.raises(AssertionError):
        HYPOTHESIS.answer(data, "", {"level": "ze", "without": "paris"})
