"""Open Know-Where: what a firm confirmed, written as the record of a facility, and read back from one.

Source: Open Know-Where Specification 1.0 and its data model (Internet of Production Alliance, CC BY): a facility, its
manufacturing processes, typical materials, equipment, typical batch size and certifications. Terms bear their English
label, and the code of the vocabulary as identifier, so that nothing is lost on the way back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.capabilities import CapabilityKind, CapabilityTerm
from vigie.domain.declarations import VISIBILITIES
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape, Words
from vigie.domain.word_forms import folded
from vigie.errors import FieldFault
from vigie.services.acts import Act, Doing, FormPage
from vigie.services.capabilities import Capability
from vigie.services.connect.confirming import CapabilitiesConfirmed, confirm, confirmed
from vigie.services.firms.declarations import DECLARES, back_to_firm, tell_declaration
from vigie.sources.capabilities import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vigie.services.firms.answers import Declarations

_LISTS = {
    CapabilityKind.PROCESS: ("manufacturing_processes", "process_type"),
    CapabilityKind.MATERIAL: ("typical_materials", "material_type"),
    CapabilityKind.MACHINE: ("equipment", "equipment_type"),
    CapabilityKind.SERIES: ("typical_batch_size", "batch_size"),
    CapabilityKind.CERTIFICATION: ("certifications", "certification"),
}
"""Where each kind of term stands in the record of a facility, and how its English label is called there."""
_READERS = {visibility.value: label for visibility, (label, _) in VISIBILITIES.items()}
_SCHEME = "vigie:"


@dataclass(frozen=True, slots=True)
class FacilityPasted:
    """La fiche Open Know-Where d’une entreprise, collée telle quelle."""

    text: Annotated[
        str, Label("Fiche Open Know-Where (JSON)"), TextShape("lines"), Length(50_000), Missing("Collez la fiche."),
        Hint("Seuls les savoir-faire du vocabulaire en sont gardés : ni prix, ni capacité, ni nom de personne."),
    ]  # fmt: skip
    visibility: Annotated[str, Label("Qui peut lire"), Words(_READERS), Missing("Dites qui peut lire.")]
    siren: Annotated[str, Label("SIREN ou SIRET"), Length(40), TextShape("identifier")] = ""


@dataclass(frozen=True, slots=True)
class ReadFacility:
    """What was read in the record of a facility: terms of the vocabulary, and names that are none of them."""

    siren: str
    terms: tuple[CapabilityTerm, ...]
    unknown: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what was read as the machine-readable answers print it."""
        return {"siren": self.siren, "capabilities": [one.as_dict() for one in self.terms], "unknown": [*self.unknown]}


IMPORTED = Act(
    "capabilities.imported",
    "savoir-faire repris d’une fiche Open Know-Where",
    needs=DECLARES,
    at="POST firms/{siren}/okw",
    form_at="entreprise/{siren}/okw",
    summary="Reprendre une fiche Open Know-Where",
    note="Garde ses savoir-faire du vocabulaire, comme s’ils étaient confirmés un à un ; le reste n’est pas gardé.",
    done="Les savoir-faire de la fiche sont confirmés.",
    takes=FacilityPasted,
    makes=True,
    tells=tell_declaration,
    page=FormPage(
        "Reprendre une fiche Open Know-Where",
        "Collez la fiche tenue ailleurs : ses procédés, matières, machines et certifications sont confirmés ici.",
        "Reprendre",
        back_to_firm,
    ),
)
CAPABILITY = Capability("Open Know-Where", acts=(IMPORTED,))


@IMPORTED.does
def take(doing: Doing, subject: str, said: FacilityPasted) -> None:
    """Confirm the capabilities of a facility's record; raises `FieldFault` for what is none, or as `confirm` does."""
    read = read_facility(said.text)
    if not read.terms:
        raise FieldFault("text", "Cette fiche ne nomme aucun savoir-faire du vocabulaire.")
    codes = " ".join(term.code for term in read.terms)
    try:
        confirm(doing, subject, CapabilitiesConfirmed(codes, said.visibility, said.siren))
    except FieldFault as fault:
        raise FieldFault("text" if fault.field == "codes" else fault.field, str(fault)) from None


def facility_of(found: Declarations) -> dict[str, Any]:
    """Return the record of a firm, with the capabilities that its reader may read."""
    terms = confirmed(found.entries)
    record: dict[str, Any] = {
        "okw_version": "1.0",
        "id": f"SIREN {found.siren}",
        "name": found.name or "",
        "facility_status": "Active",
        "record_data": {"data_collection_method": "declared by the facility", "source": "Vigie"},
    }
    for kind, (key, label) in _LISTS.items():
        record[key] = [
            {label: term.english or term.label, "label_fr": term.label, "identifier": f"{_SCHEME}{term.code}"}
            for term in terms
            if term.kind is kind
        ]
    return record


def read_facility(text: str) -> ReadFacility:
    """Read the record of a facility; raises `FieldFault` when it is no JSON object.

    A term is known by its identifier, else by its French or English label or a synonym; a list of texts is read too.
    """
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise FieldFault("text", "Ce texte n’est pas une fiche Open Know-Where : c’est un objet JSON, entre accolades.")
    known = _known()
    found: dict[str, CapabilityTerm] = {}
    unknown: list[str] = []
    for kind, names in _named(record):
        term = next((known[kind, key] for key in map(_key, names) if (kind, key) in known), None)
        if term is None:
            unknown += names[:1]
        else:
            found[term.code] = term
    siren = str(record.get("id", "")).removeprefix("SIREN ").strip()
    return ReadFacility(siren[:14], tuple(found.values()), tuple(dict.fromkeys(unknown)))


def _named(record: dict[str, Any]) -> Iterator[tuple[CapabilityKind, Sequence[str]]]:
    """Yield, for each entry of each list, its kind and the names it goes by, the surest first."""
    for kind, (key, label) in _LISTS.items():
        held = record.get(key) or []
        for one in held if isinstance(held, list) else [held]:
            cells = [one.get(name) for name in ("identifier", label, "label_fr")] if isinstance(one, dict) else [one]
            names = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
            if names:
                yield kind, names


def _known() -> dict[tuple[CapabilityKind, str], CapabilityTerm]:
    """Return the terms by kind and by each way to call them; the first term of a wording keeps it."""
    known: dict[tuple[CapabilityKind, str], CapabilityTerm] = {}
    for term in vocabulary():
        known[term.kind, _key(f"{_SCHEME}{term.code}")] = term
    for term in vocabulary():
        for wording in term.wordings:
            known.setdefault((term.kind, _key(wording)), term)
    return known


def _key(name: str) -> str:
    return name.strip() if name.startswith(_SCHEME) else " ".join(folded(name))
