"""What the introductions of an organisation teach: models that were learned, and the weights that it chose."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import ID_LENGTH, Base, Dated, Identified, Private


class LearnedModel(Base, Identified, Dated, Private):
    """Weights of proposals learned one day: on what, how well, for whom not (`report`).

    It holds counts, shares and weights, no firm and nobody: it stays when what taught it is erased.
    """

    __tablename__ = "learned_model"
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class WeightsChoice(Base, Identified, Dated, Private):
    """The weights chosen for the proposals of an organisation: those of a model, or the stated ones when it is empty.

    Rows are only added: the last one counts, the others are the history.
    """

    __tablename__ = "weights_choice"
    model_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
