"""Numbers of firms in the fields of the desk, however their digits are set apart."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

from vigie.domain.actors import compact_siren


def _digits(value: object) -> object:
    return compact_siren(value) if isinstance(value, str) else value


Siren = Annotated[str, BeforeValidator(_digits), StringConstraints(pattern=r"^\d{9}$")]
"""The SIREN that a SIREN, a SIRET or a VAT number tells."""
PerhapsSiren = Annotated[str, BeforeValidator(_digits), StringConstraints(pattern=r"^(\d{9})?$")]
"""The same, or nothing."""
