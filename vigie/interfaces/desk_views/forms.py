"""Forms of the desk: what was typed and what is wrong with it, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vigie.errors import FieldFault, FieldFaults, VigieError


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: what was typed, a sentence beside each field at fault.

    The fault named "" concerns the whole form.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, default: str = "") -> str:
        """Return what was typed in a field."""
        return self.typed.get(name, default)

    def fault(self, name: str = "") -> str:
        """Return what is wrong with a field, or with the whole form."""
        return self.faults.get(name, "")


def refused(typed: Mapping[str, str], fault: VigieError) -> Form:
    """Return the form again with what was typed, secrets excepted, and the sentence of the fault in its place."""
    kept = {name: value for name, value in typed.items() if "mot_de_passe" not in name}
    if isinstance(fault, FieldFaults):
        return Form(kept, fault.faults)
    return Form(kept, {fault.field if isinstance(fault, FieldFault) else "": str(fault)})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class UnsavedField:
    """One field of a form that was not written: shown to be sent again, or hidden when nobody typed it."""

    name: str
    label: str
    text: str
    hidden: bool
    rows: int


@dataclass(frozen=True, slots=True)
class UnsavedPage:
    """`desk/unsaved.html`: what was typed and not written, to send again or to take elsewhere."""

    what: str
    action: str
    back: str
    fields: tuple[UnsavedField, ...]
    title: str = "Rien n’est enregistré"


def unsaved_page(what: str, action: str, back: str, typed: Mapping[str, str]) -> UnsavedPage:
    """Return the page that shows what was typed in a form that nothing was written of."""
    fields = tuple(
        UnsavedField(
            name,
            WORDS.get(name, "Votre texte"),
            text,
            hidden=name not in WORDS and len(text) < SHORT,
            rows=min(12, 2 + len(text) // 80),
        )
        for name, text in typed.items()
        if name != "once" and "mot_de_passe" not in name
    )
    return UnsavedPage(what, action, back, fields)


SHORT = 40
"""A field without a name of its own that is shorter holds a choice or an identifier."""
WORDS = {
    "title": "Titre", "summary": "En bref", "siren": "SIREN", "siret": "SIRET", "commune": "Commune",
    "source": "D’où cela vient", "name": "Nom", "function": "Fonction", "email": "Adresse électronique",
    "phone": "Téléphone", "informed_on": "Jour où la personne a été informée", "happened_on": "Jour",
    "body": "Texte", "text": "Texte", "texte": "Texte", "reason": "Raison", "result": "Résultat",
    "due_on": "Jour du rappel", "label": "Étiquette", "answer": "Réponse", "comment": "Commentaire",
    "closes_on": "Dernier jour", "nom": "Nom", "motif": "Motif", "courriel": "Adresse électronique",
}  # fmt: skip
"""What the fields that people type in are called, by their name in forms."""
