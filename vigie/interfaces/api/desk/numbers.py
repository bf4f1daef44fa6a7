"""Days and numbers as bodies give them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from vigie.domain.actors import compact_siren
from vigie.services.entries import day_given

Day = Annotated[date, BeforeValidator(day_given)]
"""A day, however it is written; a number is none."""


def _digits(value: object) -> object:
    return compact_siren(value) if isinstance(value, str) else value


Siren = Annotated[str, BeforeValidator(_digits), StringConstraints(pattern=r"^\d{9}$")]
"""The SIREN that a SIREN, a SIRET or a VAT number tells."""
PerhapsSiren = Annotated[str, BeforeValidator(_digits), StringConstraints(pattern=r"^(\d{9})?$")]
"""The same, or nothing."""
