"""What stalled, what is late, how far an indicator is from its target."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from vigie.domain.vision import STALLED_AFTER, ActionState, late, progress, stalled

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("baseline", "target", "seen", "words"),
    [
        (100, 200, None, "pas encore mesuré"),
        (100, 200, 150, "50 % du chemin"),
        (100, 200, 200, "atteint"),
        (100, 200, 240, "atteint"),
        (100, 200, 100, "n’a pas bougé"),
        (100, 200, 80, "s’éloigne du but"),
        (100, 40, 70, "50 % du chemin"),
        (100, 40, 130, "s’éloigne du but"),
        (100, 100, 100, "maintenu"),
        (100, 100, 80, "ne s’est pas maintenu"),
        (0, 0, 0, "maintenu"),
    ],
)
def test_progress_is_told_in_words_and_the_unknown_is_said(
    baseline: float, target: float, seen: float | None, words: str
) -> None:
    assert progress(baseline, target, seen).replace("\u00a0", " ") == words


def test_only_what_should_move_stalls_or_is_late() -> None:
    long_ago = TODAY - STALLED_AFTER - timedelta(days=1)
    assert [state for state in ActionState if stalled(state, long_ago, TODAY)] == ["planned", "underway"]
    assert not stalled(ActionState.UNDERWAY, TODAY - STALLED_AFTER, TODAY)
    assert [state for state in ActionState if late(state, TODAY - timedelta(days=1), TODAY)] == ["planned", "underway"]
    assert not late(ActionState.UNDERWAY, None, TODAY) and not late(ActionState.UNDERWAY, TODAY, TODAY)
