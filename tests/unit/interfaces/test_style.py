"""The style sheet: contrasts of both themes, one dark theme written twice, nothing from afar."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.not_empty import not_empty
from vigie.interfaces import web

STATIC = Path(web.__file__).parent / "static"
STYLE = (STATIC / "vigie.css").read_text(encoding="utf-8")


def tokens(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r"\s*\{(.*?)\}", STYLE, re.S)
    assert block is not None, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


THEMES = {"clair": tokens(":root"), "sombre": tokens(':root[data-theme="sombre"]')}


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2: (lighter + 0.05) / (darker + 0.05)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", ["ink", "ink-soft", "accent", "accent-deep", "amber-ink", "red"])
@pytest.mark.parametrize("ground", ["paper", "paper-deep", "amber-wash"])
def test_text_is_readable(theme: str, text: str, ground: str) -> None:
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_buttons_and_marks_are_readable(theme: str) -> None:
    assert contrast(THEMES[theme]["on-accent"], THEMES[theme]["accent"]) >= 4.5
    assert contrast(THEMES[theme]["on-accent"], THEMES[theme]["accent-deep"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("graphic", ["bar", "rule-strong", "amber", "reference"])
def test_graphics_are_seen(theme: str, graphic: str) -> None:
    assert contrast(THEMES[theme][graphic], THEMES[theme]["paper"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tint", ["q0", "q1", "q2", "q3", "q4", "m0", "m1", "m2", "m3", "paper"])
def test_edges_of_shapes_are_seen_on_every_tint(theme: str, tint: str) -> None:
    assert contrast(THEMES[theme]["map-edge"], THEMES[theme][tint]) >= 3


def test_edges_of_shapes_are_seen_when_printed() -> None:
    printed = dict(re.findall(r"--([qm]\d|map-edge): (#[0-9a-f]{6});", STYLE[STYLE.index("@media print") :]))
    assert len(printed) == 10
    assert all(not_empty(contrast(printed["map-edge"], tint) >= 3 for name, tint in printed.items() if len(name) == 2))


@pytest.mark.parametrize("theme", THEMES)
def test_the_ramp_goes_one_way(theme: str) -> None:
    steps = [luminance(THEMES[theme][f"q{rank}"]) for rank in range(5)]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


def test_the_dark_theme_is_the_same_chosen_or_inherited() -> None:
    assert tokens(":root:not([data-theme])") == THEMES["sombre"]
    assert set(THEMES["sombre"]) == set(THEMES["clair"])


def test_the_page_calls_nobody_else_and_every_file_is_there() -> None:
    addresses = re.findall(r"url\(\"?([^\")]+)", STYLE)
    assert addresses
    assert addresses and all((STATIC / address).is_file() for address in addresses)
    assert "@import" not in STYLE


def test_preferences_of_the_device_are_respected() -> None:
    for query in ("prefers-reduced-motion", "forced-colors: active", "prefers-color-scheme: dark", "@media print"):
        assert query in STYLE


def test_fonts_come_with_their_licences() -> None:
    for font in not_empty((STATIC / "fonts").glob("*.woff2")):
        licence = STATIC / "fonts" / f"LICENSE-{font.stem}.txt"
        assert "SIL Open Font License" in licence.read_text(encoding="utf-8")
