"""Declarations: what a firm says of itself, or an officer on its behalf, and who may read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import ColumnElement, Select, select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.actors import compact_identifier
from vigie.domain.attestation import HeadAct
from vigie.domain.calls import MODERATED
from vigie.domain.declarations import (
    CHOSEN,
    ELSEWHERE_STAYS_INSIDE,
    FIELDS,
    LONGEST,
    MASKED_STAYS_INSIDE,
    MOST,
    NOTHING_RESERVED,
    OFFICERS,
    UNKNOWN_STAYS_INSIDE,
    VISIBILITIES,
    DeclarationSubject,
    Relation,
    Reserve,
    Visibility,
    competition_warning,
    may_read,
)
from vigie.domain.declared import Label, Length, Missing, Named, TextShape, Words
from vigie.errors import Conflict, FieldFault, NotFound, Objected, RequestFault
from vigie.services.accounts.speaking import attested, may_for, membership_for, vouch
from vigie.services.acts import Act, Doing, FormPage, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.firms.answers import DeclarationRead, Declarations
from vigie.services.firms.relations import may_hide, relation_to
from vigie.store.journal.firms import Declaration
from vigie.store.journal.people import Membership, Organisation
from vigie.store.journal.unit import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.firms.suppression_list import SuppressionList
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader, Unit

_GONE = "Cette déclaration n’existe pas, ou n’est plus là."


_FIELDS = {field.value: label for field, (label, _) in FIELDS.items() if field not in CHOSEN}
READERS = {visibility.value: label for visibility, (label, _) in VISIBILITIES.items()}
FirmNumber = Annotated[str, Label("SIREN ou SIRET"), Length(40), TextShape("identifier")]


@dataclass(frozen=True, slots=True)
class DeclarationDraft:
    """Une chose que l’entreprise dit d’elle-même."""

    field: Annotated[str, Label("Rubrique"), Named("rubrique"), Words(_FIELDS), Missing("Choisissez une rubrique.")]
    text: Annotated[
        str, Label("Quelques mots"), Named("texte"), Length(LONGEST), TextShape("lines"),
        Missing("Écrivez une phrase ou quelques mots."),
    ]  # fmt: skip
    visibility: Annotated[
        str, Label("Qui peut lire"), Named("lecteurs"), Words(READERS), Missing("Dites qui peut lire.")
    ]
    confirmed: Annotated[
        bool,
        Label("Redit qu’un texte qui y ressemble n’est ni un prix, ni un coût, ni une capacité"),
        Named("confirme"),
    ] = False
    siren: FirmNumber = ""

    def about(self, siren: str) -> DeclarationDraft:
        """Return what is to be declared of a firm, by its SIREN or a SIRET."""
        return replace(self, siren=siren)


@dataclass(frozen=True, slots=True)
class OfFirm:
    """L’entreprise dont quelque chose est dit."""

    siren: FirmNumber


class Declaring:
    """Reads declarations; of other organisations, the wall lets only public entries through."""

    def __init__(self, journal: Journal, register: FirmRegister, suppressions: SuppressionList) -> None:
        self._journal, self._register, self._suppressions = journal, register, suppressions

    def read(self, scope: Scope, number: str) -> Declarations:
        """Return what the asker may read of a firm, by its SIREN or a SIRET.

        Raises `RequestFault` when the number is neither, `Objected` when the firm objects and the asker is neither its
        head nor an officer.
        """
        siren = _siren(number)
        firm, objected = self._register.firm(siren), self._suppressions.holds(siren)
        writes = _may_write(scope, siren)
        if objected and not writes:
            raise Objected
        reserve = Reserve(masked=firm is None or firm.masked, objected=objected)
        with self._journal.reading(scope) as reader:
            relation = relation_to(reader, scope, siren)
            rows = reader.all(_of(siren))
            names = organisations_of(reader, rows)
            seen = [row for row in rows if readable_entry(row, scope, relation, reserve)]
            hides = may_hide(reader, self._register, siren)
            entries = [told_entry(reader, row, names, hides=hides) for row in seen]
            provisional = (
                scope.role is Role.HEAD and relation is Relation.OWN and not may_for(reader, siren, HeadAct.PUBLISH)
            )
        order = list(DeclarationSubject)
        return Declarations(
            siren=siren,
            name=firm.name if firm else None,
            masked=firm.masked if firm and firm.unit_known else None,
            objected=objected,
            may_write=writes,
            entries=tuple(sorted(entries, key=lambda entry: (order.index(entry.field), entry.created_at, entry.id))),
            provisional=provisional,
        )


def readable_entry(row: Declaration, scope: Scope, relation: Relation, reserve: Reserve = NOTHING_RESERVED) -> bool:
    """Apply the one rule to an entry; what another organisation keeps is read as a stranger reads it."""
    here = relation if row.organisation_id == scope.organisation else Relation.STRANGER
    emergency = scope.via == "emergency" and row.organisation_id == scope.organisation
    visibility = Visibility(row.visibility)
    if row.state == MODERATED:
        if row.declared_by != scope.person or not scope.person:
            visibility = Visibility.OFFICER
            here = Relation.MEMBER if here is Relation.OWN else here
    elif _waits(row):
        visibility = Visibility.NETWORK
    return may_read(visibility, scope.role, here, reserve, emergency=emergency)


def tell_declaration(telling: Telling, declaration: str) -> DeclarationRead:
    """Return an entry that was just written."""
    row = telling.reader.get(Declaration, declaration)
    return told_entry(telling.reader, row, organisations_of(telling.reader, [row]))


def back_to_firm(telling: Telling, declaration: str) -> str:
    """Return the page where the firm of an entry says what it wants."""
    row = telling.reader.find(Declaration, declaration)
    siren = row.siren if row else ""
    return "/bureau/mon-entreprise" if telling.scope.siren == siren else f"/bureau/entreprise/{siren}"


DECLARES = needs(Thing.DECLARATIONS, Right.WRITE, Right.WRITE_OWN)
ADDED = Act(
    "declaration.added",
    "déclaration ajoutée",
    needs=DECLARES,
    at="POST firms/{siren}/declarations",
    form_at="entreprise/{siren}/declarations",
    summary="Ajouter une déclaration",
    note="Le dirigeant écrit pour son entreprise, le développeur économique au nom de celle-ci.",
    done="C’est enregistré.",
    takes=DeclarationDraft,
    makes=True,
    tells=tell_declaration,
    page=FormPage("", "", "Enregistrer", back_to_firm, within=True),
)
CHANGED = Act(
    "declaration.changed",
    "déclaration changée",
    needs=DECLARES,
    at="PUT firms/{siren}/declarations/{declaration}",
    form_at="entreprise/{siren}/declarations/{declaration}",
    summary="Modifier une déclaration",
    note="Qui la modifie en devient l’auteur.",
    done="La modification est enregistrée.",
    takes=DeclarationDraft,
    tells=tell_declaration,
    page=FormPage("", "", "Enregistrer", back_to_firm, within=True),
)
WITHDRAWN = Act(
    "declaration.withdrawn",
    "déclaration retirée",
    needs=DECLARES,
    at="DELETE firms/{siren}/declarations/{declaration}",
    form_at="entreprise/{siren}/declarations/{declaration}/retrait",
    summary="Retirer une déclaration",
    note="Retire l’entrée et efface ses mots.",
    done="L’entrée est retirée et ses mots sont effacés.",
    takes=OfFirm,
    tells=nothing,
    page=FormPage("", "", "Retirer cette entrée", back_to_firm, within=True, danger=True),
)
CAPABILITY = Capability("Entreprises", acts=(ADDED, CHANGED, WITHDRAWN))


@ADDED.does
def add(doing: Doing, _: str, said: DeclarationDraft) -> None:
    """Add an entry; the head writes for their own firm, an officer or an admin on behalf of any.

    Raises `NotFound` for anybody else, `FieldFault` for what cannot be declared, `Conflict` past `MOST` entries.
    """
    unit, scope = doing.unit, doing.unit.scope
    siren = writable_firm(scope, said.siren)
    values = _checked(doing, siren, said)
    held = unit.count(_of(siren).where(Declaration.field == said.field, Declaration.topic.is_(None), kept_by(scope)))
    if held >= MOST:
        label = _FIELDS[said.field]
        raise Conflict(f"«\u00a0{label}\u00a0» compte déjà {MOST} entrées : retirez-en une d’abord.")
    row = Declaration(
        id=doing.subject, siren=siren, declared_by=scope.person, declared_as=scope.role.value, updated_at=unit.now,
        **values,
    )  # fmt: skip
    vouch(row, author_for(unit, siren))
    unit.add(row)


@CHANGED.does
def change(doing: Doing, declaration: str, said: DeclarationDraft) -> None:
    """Change an entry; who changes it becomes its author. Raises as `add` does."""
    unit, scope = doing.unit, doing.unit.scope
    siren = writable_firm(scope, said.siren)
    row = _mine(unit, siren, declaration)
    if row.matter is not None:
        raise Conflict("Un flux de matière ne se réécrit pas : retirez-le, puis dites-le de nouveau.")
    if row.field == DeclarationSubject.CAPABILITIES:
        raise Conflict("Un savoir-faire confirmé ne se réécrit pas : retirez-le, puis confirmez celui qui convient.")
    if row.topic is not None:
        raise Conflict("Une réponse choisie ne se réécrit pas : répondez de nouveau à la question, ou retirez-la.")
    author = author_for(unit, siren)
    unit.change(row, _checked(doing, siren, said))
    row.declared_by, row.declared_as, row.updated_at = scope.person, scope.role.value, unit.now
    vouch(row, author)


@WITHDRAWN.does
def withdraw(doing: Doing, declaration: str, said: OfFirm) -> None:
    """Withdraw an entry and erase its words, for good."""
    row = _mine(doing.unit, writable_firm(doing.unit.scope, said.siren), declaration, hidden=True)
    doing.unit.withdraw(row)
    doing.unit.erase(row)


def _checked(doing: Doing, siren: str, draft: DeclarationDraft) -> dict[str, str]:
    """Return the columns of what is declared; raises `FieldFault` for the first thing that cannot stand."""
    if draft.visibility == Visibility.PUBLIC:
        refuse_public(doing, siren)
    text = " ".join(draft.text.split())
    warning = competition_warning(text)
    if warning and not draft.confirmed:
        raise FieldFault("confirmed", warning)
    return {"field": draft.field, "visibility": draft.visibility, "text": text}


def refuse_public(doing: Doing, siren: str) -> None:
    """Refuse to make public what a partially diffusible firm says, or what an officer says of a firm elsewhere."""
    unit, register = doing.unit, doing.means.register
    firm = register.firm(siren)
    if firm is None or not firm.unit_known:
        raise FieldFault("visibility", UNKNOWN_STAYS_INSIDE)
    if firm.masked:
        raise FieldFault("visibility", MASKED_STAYS_INSIDE)
    if unit.scope.role not in OFFICERS:
        return
    here = unit.get(Organisation, unit.scope.organisation)
    admitted = unit.count(
        select(Membership).where(
            Membership.organisation_id == here.id, Membership.siren == siren, Membership.deleted_at.is_(None)
        )
    )
    if not admitted and not register.covers(here.territory, firm.communes):
        raise FieldFault("visibility", ELSEWHERE_STAYS_INSIDE)


def _siren(number: str) -> str:
    digits = compact_identifier(number)
    if digits is None:
        raise RequestFault(f"«\u00a0{number[:40]}\u00a0» n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    return digits[:9]


def _may_write(scope: Scope, siren: str) -> bool:
    if scope.may(Thing.DECLARATIONS, Right.WRITE):
        return scope.role in OFFICERS
    return scope.may(Thing.DECLARATIONS, Right.WRITE_OWN) and bool(scope.siren) and scope.siren == siren


def writable_firm(scope: Scope, number: str) -> str:
    """Return the SIREN of a firm that the asker may speak for; raises `NotFound` otherwise."""
    siren = _siren(number)
    if not _may_write(scope, siren):
        raise NotFound(ABSENT)
    return siren


def _of(siren: str) -> Select[Declaration]:
    return select(Declaration).where(
        Declaration.siren == siren, Declaration.deleted_at.is_(None), Declaration.text.is_not(None)
    )


def kept_by(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an entry is kept by the organisation of the asker."""
    return Declaration.organisation_id == scope.organisation


def owned(reader: Reader, row: Declaration) -> bool:
    """Tell whether an entry is the asker's to change: any of the organisation for its officers.

    For a head, theirs and, once attested, what an officer there wrote in the firm's name; never another head's.
    """
    scope = reader.scope
    if not scope.organisation or row.organisation_id != scope.organisation:
        return False
    if scope.role in OFFICERS or (bool(scope.person) and row.declared_by == scope.person):
        return True
    return row.declared_as != Role.HEAD and may_for(reader, row.siren, HeadAct.PUBLISH)


def _waits(row: Declaration) -> bool:
    """Tell whether a head's public words wait for somebody to vouch for them."""
    return row.visibility == Visibility.PUBLIC and row.declared_as == Role.HEAD and not row.vouched_as


def author_for(unit: Unit, siren: str) -> Membership | None:
    """Return as whom the asker speaks for a firm; `None` for an officer, who signs their organisation's name."""
    return membership_for(unit, siren) if unit.scope.role is Role.HEAD else None


def _mine(unit: Unit, siren: str, identifier: str, *, hidden: bool = False) -> Declaration:
    """Return an entry of a firm that the asker may change; raises `NotFound` otherwise.

    Raises `Conflict` for one that moderation hid, which may only be withdrawn (`hidden`).
    """
    row = unit.find(Declaration, identifier)
    if row is None or row.siren != siren or row.deleted_at is not None or not owned(unit, row):
        raise NotFound(_GONE)
    if row.state == MODERATED and not hidden:
        raise Conflict("Cette entrée a été masquée par la modération : elle ne se change plus, elle se retire.")
    return row


def organisations_of(reader: Reader, rows: Sequence[Declaration]) -> dict[str, str]:
    """Return the names of the organisations that keep entries, by their identifiers."""
    wanted = {row.organisation_id for row in rows}
    named = reader.rows(select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))) if wanted else ()
    return {row.id: row.name for row in named}


def told_entry(reader: Reader, row: Declaration, names: dict[str, str], *, hides: bool = False) -> DeclarationRead:
    """Return an entry as the asker may see it, once it is known that they may; `hides` where they may hide others'."""
    own = _may_write(reader.scope, row.siren) and owned(reader, row)
    shown = row.visibility == Visibility.PUBLIC and row.state != MODERATED and not _waits(row)
    return DeclarationRead(
        id=row.id,
        field=DeclarationSubject(row.field),
        text=row.text or "",
        visibility=Visibility(row.visibility),
        by="head" if row.declared_as == Role.HEAD else "officer",
        organisation=names.get(row.organisation_id, ""),
        created_at=row.created_at,
        updated_at=row.updated_at,
        own=own,
        version=version_of(row) if own else "",
        waiting=_waits(row),
        hidden=row.state == MODERATED,
        attested=attested(reader, row),
        may_hide=hides and shown and not own,
        topic=row.topic or "",
        answer=row.answer or "",
    )
