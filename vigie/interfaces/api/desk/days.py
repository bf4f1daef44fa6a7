"""Days in the bodies of the desk, read by the rule of forms and spreadsheets: 2026-03-12, 12/03/2026."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

from vigie.services.entries import day_given

Day = Annotated[date, BeforeValidator(day_given)]
"""A day, however it is written; a number is none."""
