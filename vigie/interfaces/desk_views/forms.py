"""Forms of the desk: what was typed and what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vigie.errors import FieldFault, VigieError


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: the key that makes it happen once, what was typed, a sentence beside each field at fault.

    The fault named "" concerns the whole form.
    """

    once: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, default: str = "") -> str:
        """Return what was typed in a field."""
        return self.typed.get(name, default)

    def fault(self, name: str = "") -> str:
        """Return what is wrong with a field, or with the whole form."""
        return self.faults.get(name, "")


def refused(once: str, typed: Mapping[str, str], fault: VigieError) -> Form:
    """Return the form again with what was typed, secrets excepted, and the sentence of the fault in its place."""
    kept = {name: value for name, value in typed.items() if "mot_de_passe" not in name}
    return Form(once, kept, {fault.field if isinstance(fault, FieldFault) else "": str(fault)})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    chosen: bool = False
