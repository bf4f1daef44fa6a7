"""What a firm can do, in the words of one vocabulary: proposed from what it says, confirmed in one gesture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.declarations import MOST, VISIBILITIES, DeclarationSubject, Visibility
from vigie.domain.declared import Hint, Label, Length, Missing, Named, TextShape, Words
from vigie.errors import Conflict, FieldFault
from vigie.services.accounts.speaking import vouch
from vigie.services.acts import Act, Doing, FormPage
from vigie.services.capabilities import Capability
from vigie.services.connect.capabilities import LONGEST, capabilities_of
from vigie.services.firms.declarations import (
    DECLARES,
    author_for,
    back_to_firm,
    kept_by,
    refuse_public,
    tell_declaration,
    writable_firm,
)
from vigie.sources.capabilities import vocabulary
from vigie.store.journal.base import new_id
from vigie.store.journal.firms import Declaration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.domain.capabilities import CapabilityTerm, RecognisedTerm
    from vigie.services.firms.answers import DeclarationRead

_READERS = {visibility.value: label for visibility, (label, _) in VISIBILITIES.items()}
_SOURCES = frozenset({DeclarationSubject.MAKES, DeclarationSubject.KNOW_HOW, DeclarationSubject.CHAIN,
                      DeclarationSubject.RESOURCES, DeclarationSubject.OFFERS})  # fmt: skip
"""Where a firm says what it can do; what it needs is what others can do."""


@dataclass(frozen=True, slots=True)
class CapabilitiesConfirmed:
    """Des savoir-faire du vocabulaire, confirmés par l’entreprise ou en son nom."""

    codes: Annotated[
        str, Label("Savoir-faire"), Named("savoirs"), Length(2_000), TextShape("lines"),
        Missing("Choisissez au moins un savoir-faire."),
        Hint("Codes du vocabulaire, séparés par des espaces."),
    ]  # fmt: skip
    visibility: Annotated[
        str, Label("Qui peut lire"), Named("lecteurs"), Words(_READERS), Missing("Dites qui peut lire.")
    ]
    siren: Annotated[str, Label("SIREN ou SIRET"), Length(40), TextShape("identifier")] = ""


CONFIRMED = Act(
    "capabilities.confirmed",
    "savoir-faire confirmés",
    needs=DECLARES,
    at="POST firms/{siren}/capabilities",
    form_at="entreprise/{siren}/savoir-faire",
    summary="Confirmer des savoir-faire",
    note="Proposés d’après ce que dit l’entreprise ; chacun se retire comme une déclaration.",
    done="Les savoir-faire sont confirmés.",
    takes=CapabilitiesConfirmed,
    makes=True,
    tells=tell_declaration,
    page=FormPage("", "", "Confirmer", back_to_firm, within=True),
)
CAPABILITY = Capability("Savoir-faire des entreprises", acts=(CONFIRMED,))


@CONFIRMED.does
def confirm(doing: Doing, _: str, said: CapabilitiesConfirmed) -> None:
    """Keep each capability as an entry of the firm; those that are kept already are left as they are.

    Raises `NotFound` for who may not write of the firm, `FieldFault` for a code that is none or when nothing is new,
    `Conflict` past `MOST` capabilities.
    """
    unit, scope = doing.unit, doing.unit.scope
    siren = writable_firm(scope, said.siren)
    if said.visibility == Visibility.PUBLIC:
        refuse_public(doing, siren)
    terms = _terms(said.codes)
    rows = select(Declaration).where(
        Declaration.siren == siren, Declaration.field == DeclarationSubject.CAPABILITIES.value,
        Declaration.deleted_at.is_(None), kept_by(scope),
    )  # fmt: skip
    held = {row.text for row in unit.all(rows)}
    new = [term for term in terms if term.label not in held]
    if not new:
        raise FieldFault("codes", "Ces savoir-faire sont déjà confirmés.")
    if len(held) + len(new) > MOST:
        raise Conflict(f"Cette entreprise confirme au plus {MOST} savoir-faire : gardez ceux qui la distinguent.")
    author = author_for(unit, siren)
    for rank, term in enumerate(new):
        row = Declaration(
            id=new_id() if rank else doing.subject, siren=siren, field=DeclarationSubject.CAPABILITIES.value,
            visibility=said.visibility, text=term.label, declared_by=scope.person, declared_as=scope.role.value,
            updated_at=unit.now,
        )  # fmt: skip
        vouch(row, author)
        unit.add(row)


def proposed(entries: Sequence[DeclarationRead]) -> tuple[RecognisedTerm, ...]:
    """Return the capabilities that the words of a firm tell and that it has not confirmed yet."""
    said = " \n ".join(entry.text for entry in entries if entry.field in _SOURCES and not entry.hidden)
    if not said.strip():
        return ()
    held = {term.code for term in confirmed(entries)}
    found: Mapping[str, RecognisedTerm] = {one.term.code: one for one in capabilities_of(said[:LONGEST])}
    return tuple(one for code, one in found.items() if code not in held)[:MOST]


def confirmed(entries: Iterable[DeclarationRead]) -> tuple[CapabilityTerm, ...]:
    """Return the capabilities that were confirmed, among the entries that somebody may read."""
    labels = {entry.text for entry in entries if entry.field is DeclarationSubject.CAPABILITIES and not entry.hidden}
    return tuple(term for term in vocabulary() if term.label in labels)


def _terms(codes: str) -> tuple[CapabilityTerm, ...]:
    known = {term.code: term for term in vocabulary()}
    asked = dict.fromkeys(codes.replace(",", " ").split())
    if odd := next((code for code in asked if code not in known), ""):
        raise FieldFault("codes", f"« {odd[:60]} » n’est pas un savoir-faire du vocabulaire.")
    if not asked:
        raise FieldFault("codes", "Choisissez au moins un savoir-faire.")
    return tuple(known[code] for code in asked)
