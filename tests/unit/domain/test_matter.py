"""Matter that firms give or seek: bands, substances of waste codes, what is the same."""

from __future__ import annotations

import pytest

from tests.not_empty import not_empty
from vigie.domain.matter import Matter, Season, Substance, YearlyBand, band_of, matter_of, same_matter
from vigie.sources.wastes import wastes


@pytest.mark.parametrize(
    ("tonnes", "band"), [(0.0, "moins-de-1"), (1, "1-10"), (99.9, "10-100"), (1e6, "plus-de-1000")]
)
def test_an_amount_has_a_band(tonnes: float, band: str) -> None:
    assert band_of(tonnes) is YearlyBand(band)


def test_the_middle_of_a_band_is_in_it() -> None:
    assert [band_of(band.middle) for band in not_empty(YearlyBand)] == list(YearlyBand)


def test_words_are_read_back() -> None:
    known = [Matter("170201"), *(Matter(substance=one) for one in Substance)]
    assert [matter_of(one.key) for one in not_empty(known)] == known


def test_what_is_the_same_matter() -> None:
    wood, heat = Matter(substance=Substance.WOOD), Matter(substance=Substance.HEAT)
    assert same_matter(Matter("170201"), wood) and same_matter(wood, Matter("170201")) and same_matter(heat, heat)
    assert not same_matter(Matter("170201"), Matter("170202"))
    assert not same_matter(Matter("170201"), heat) and not same_matter(heat, wood)


def test_every_substance_names_codes_of_the_list() -> None:
    starts = {start for one in Substance for start in one.chapters}
    assert len(starts) > 40 and not {
        start for start in starts if not [code for code in wastes() if code.startswith(start)]
    }


@pytest.mark.parametrize("one", [*YearlyBand, *Season, *Substance])
def test_everything_has_a_french_label(one: YearlyBand | Season | Substance) -> None:
    assert one.label
