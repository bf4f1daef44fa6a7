"""The page of what introductions teach: what can be done, what is said, and scikit-learn that no server reads first."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests.learned import learned
from vigie.interfaces.desk_views.learning import LearningPage, learning_page
from vigie.services.connect.adopting import LEARNING, ChoiceTold, LearningTold
from vigie.services.connect.learning import learned_of
from vigie.services.connect.weighing import PRIORS

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def _page(outcomes: int, in_force: str = "", *, low: float = 0.6, may: bool = True) -> LearningPage:
    found = learned({"distance": 2.0, "size_fit": 0.0}, outcomes=outcomes, low=low)
    history = (ChoiceTold(AT, in_force, "Les poids sont appris."),) if in_force else ()
    return learning_page(LearningTold("m", AT, found, in_force, PRIORS, history, may), LEARNING, "")


@pytest.mark.parametrize(
    ("outcomes", "in_force", "low", "may", "adopts", "restores"),
    [
        (60, "", 0.6, True, True, False),
        (49, "", 0.6, True, False, False),
        (60, "", 0.4, True, False, False),
        (60, "m", 0.6, True, False, True),
        (60, "other", 0.6, True, True, True),
        (60, "other", 0.6, False, False, False),
    ],
)
def test_what_can_be_done_follows_the_rule(
    outcomes: int, in_force: str, low: float, may: bool, adopts: bool, restores: bool
) -> None:
    """Adopt from fifty on, when something was learned, what is not in use yet; go back from what was adopted."""
    page = _page(outcomes, in_force, low=low, may=may)
    assert (page.adopt is not None, page.restore is not None) == (adopts, restores)


def test_it_says_for_whom_nothing_is_known() -> None:
    """Groups of fewer than ten firms have no figure, and a feature that nothing teaches keeps its stated weight."""
    page = _page(60)
    assert page.slices is not None
    assert page.weights is not None
    assert [row[2] for row in page.slices.rows] == ["80\u00a0%", *["non connu"] * 3]
    assert "artisans" in page.quality[1]
    assert {row[0]: row[-1] for row in page.weights.rows}["proximité"] == "2,0"
    assert {row[0]: row[-1] for row in page.weights.rows}["tailles voisines"] == "0,0"
    assert {row[0]: row[-1] for row in page.weights.rows}["même territoire"] == "énoncé"


def test_before_anything_is_learned_it_says_so() -> None:
    """No figure, and the rule."""
    page = learning_page(LearningTold("", None, None, "", PRIORS, (), may_choose=True), LEARNING, "")
    assert page.learned == "Rien n’a encore été appris ici."
    assert (page.data, page.quality, page.slices, page.weights, page.adopt) == ((), (), None, None, None)


def test_what_is_kept_is_read_again() -> None:
    """The journal keeps a model as programs read it."""
    found = learned({"distance": 2.0})
    assert learned_of(found.as_dict()) == found


def test_what_declares_learning_reads_no_scikit_learn() -> None:
    """A server waits for it no more than a command that learns nothing."""
    code = "import sys, vigie.services.connect.adopting, vigie.services.desk; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
