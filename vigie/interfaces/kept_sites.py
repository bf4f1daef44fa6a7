"""Declared questions answered with what the journal lets the asker read beside open data: sites for a need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.services.sites.answering import SITES, SitesAsked, told_sites
from vigie.services.sites.offers import readable_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vigie.bootstrap import Services
    from vigie.domain.access import Scope
    from vigie.services.desk import Desk
    from vigie.services.questions import AnswerTable, Question


def answered(
    question: Question[Any],
    services: Services,
    key: str,
    given: Mapping[str, Any],
    asker: Callable[[], tuple[Desk, Scope]],
) -> AnswerTable:
    """Answer a question; sites are ranked with the units that the asker may be told of. Raises as the question does."""
    if question is not SITES:
        return question.answer(services, key, given)
    desk, scope = asker()
    return told_sites(services, SitesAsked(**given), desk.acts.tell(scope, readable_sites, ""))
