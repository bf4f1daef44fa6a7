"""Flows of matter as firms declare them: structured words, a yearly band, never an exact amount, price or capacity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.declarations import DeclarationSubject, Relation, Visibility
from vigie.domain.declared import Hint, Label, Length, Missing, Named, Words
from vigie.domain.french import capital
from vigie.domain.matter import FlowWay, Matter, Season, Substance, YearlyBand, matter_of
from vigie.errors import Conflict, FieldFault, RequestFault
from vigie.services.accounts.speaking import vouch
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling
from vigie.services.capabilities import Capability
from vigie.services.firms.declarations import (
    DECLARES,
    READERS,
    FirmNumber,
    author_for,
    back_to_firm,
    kept_by,
    readable_entry,
    refuse_public,
    tell_declaration,
    writable_firm,
)
from vigie.sources.wastes import read_waste, wastes
from vigie.store.journal.firms import Declaration

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal, Reader

MOST = 40
"""Flows that a firm declares at most in an organisation."""
_WAYS = {way.value: way.label for way in FlowWay}
_SUBSTANCES = {one.value: capital(one.label) for one in Substance}
_BANDS = {band.value: capital(band.label) for band in YearlyBand}
_SEASONS = {season.value: capital(season.label) for season in Season}


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """Un flux de matière d’une entreprise, en mots choisis et par tranche."""

    way: Annotated[str, Label("Sens"), Named("sens"), Words(_WAYS), Missing("Dites si elle le donne ou le cherche.")]
    band: Annotated[
        str, Label("Quantité par an (tonnes, MWh ou milliers de m³)"), Named("quantite"), Words(_BANDS),
        Missing("Choisissez une tranche."), Hint("Une tranche suffit : ni quantité exacte, ni prix, ni capacité."),
    ]  # fmt: skip
    visibility: Annotated[
        str, Label("Qui peut lire"), Named("lecteurs"), Words(READERS), Missing("Dites qui peut lire.")
    ]
    waste: Annotated[
        str, Label("Code déchet"), Named("dechet"), Length(20),
        Hint("Six chiffres, par exemple 03 01 05 ; la page « Déchets » les cherche par leurs mots. Sinon rien."),
    ] = ""  # fmt: skip
    substance: Annotated[str, Label("Ou une matière"), Named("matiere"), Words(_SUBSTANCES)] = ""
    season: Annotated[str, Label("Saison"), Named("saison"), Words(_SEASONS)] = Season.ALL_YEAR.value
    siren: FirmNumber = ""


@dataclass(frozen=True, slots=True)
class DeclaredFlow:
    """A flow that the asker may read: whose, which way, what, how much in a year, when, since when it is said."""

    siren: str
    way: FlowWay
    matter: Matter
    band: YearlyBand
    season: Season
    said: datetime | None = None


class FlowsDeclared:
    """Reads the flows that firms declare; of other organisations, the wall lets only public ones through."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def readable(self, scope: Scope) -> Sequence[DeclaredFlow]:
        """Return the flows that the asker may read, in one statement whatever their number.

        What is kept for firms introduced to one another is read on each firm's page, not here.
        """
        with self._journal.reading(scope) as reader:
            return _readable(reader, scope)


def flows_since(reader: Reader, since: datetime) -> Sequence[DeclaredFlow]:
    """Return every flow that the asker may read, or none when nobody said any since a moment."""
    fresh = select(Declaration).where(Declaration.matter.is_not(None), Declaration.updated_at >= since)
    if not reader.count(fresh.where(Declaration.deleted_at.is_(None))):
        return ()
    found = _readable(reader, reader.scope)
    return found if any(one.said and one.said >= since for one in found) else ()


def _readable(reader: Reader, scope: Scope) -> Sequence[DeclaredFlow]:
    rows = reader.all(select(Declaration).where(Declaration.deleted_at.is_(None), Declaration.matter.is_not(None)))
    return tuple(_told(row) for row in rows if readable_entry(row, scope, _relation(scope, row.siren)))


def _relation(scope: Scope, siren: str) -> Relation:
    if not scope.person or not scope.organisation:
        return Relation.STRANGER
    return Relation.OWN if scope.siren and scope.siren == siren else Relation.MEMBER


def _told(row: Declaration) -> DeclaredFlow:
    return DeclaredFlow(
        row.siren, FlowWay(row.way or ""), matter_of(row.matter or ""), YearlyBand(row.band or ""),
        Season(row.season or ""), row.updated_at,
    )  # fmt: skip


def _offered(_: Telling, __: str) -> PreparedForm:
    """Choose nothing in the place of who declares, and the network as its readers: public is on purpose."""
    substances = {"": "Aucune : un code déchet est donné", **_SUBSTANCES}
    return PreparedForm({"lecteurs": Visibility.NETWORK.value}, {"substance": substances})


DECLARED = Act(
    "flow.declared",
    "flux de matière déclaré",
    needs=DECLARES,
    at="POST firms/{siren}/flows",
    form_at="entreprise/{siren}/flux",
    summary="Déclarer un flux de matière",
    note="Un code déchet ou une matière, une tranche par an, une saison ; il se retire comme une déclaration.",
    done="Le flux est enregistré.",
    takes=FlowEntry,
    makes=True,
    tells=tell_declaration,
    page=FormPage(
        "Dire un flux de matière",
        "Ce qui sort ou ce qui manque, pour trouver qui pourrait le prendre ou le donner. Chaque flux a ses lecteurs.",
        "Enregistrer",
        back_to_firm,
        prepare=_offered,
    ),
)
CAPABILITY = Capability("Flux de matière", acts=(DECLARED,))


@DECLARED.does
def declare(doing: Doing, _: str, said: FlowEntry) -> None:
    """Declare a flow; the head writes for their own firm, an officer or an admin on behalf of any.

    Raises `NotFound` for anybody else, `FieldFault` for what cannot be declared, `Conflict` past `MOST` flows.
    """
    unit, scope = doing.unit, doing.unit.scope
    siren = writable_firm(scope, said.siren)
    matter = _matter(said)
    if said.visibility == Visibility.PUBLIC:
        refuse_public(doing, siren)
    held = select(Declaration).where(
        Declaration.siren == siren, Declaration.deleted_at.is_(None), Declaration.matter.is_not(None), kept_by(scope)
    )
    if unit.count(held) >= MOST:
        raise Conflict(f"Cette entreprise dit déjà {MOST} flux de matière : retirez-en un d’abord.")
    row = Declaration(
        id=doing.subject, siren=siren, field=DeclarationSubject.FLOWS.value, visibility=said.visibility,
        text=sentence(DeclaredFlow(siren, FlowWay(said.way), matter, YearlyBand(said.band), Season(said.season))),
        way=said.way, matter=matter.key, band=said.band, season=said.season, declared_by=scope.person,
        declared_as=scope.role.value, updated_at=unit.now,
    )  # fmt: skip
    vouch(row, author_for(unit, siren))
    unit.add(row)


def sentence(flow: DeclaredFlow) -> str:
    """Return a flow in one line, as everybody who may read it does."""
    waste = wastes().get(flow.matter.waste)
    what = f"{waste.written} {waste.label}" if waste else flow.matter.substance.label if flow.matter.substance else ""
    return f"{flow.way.label} : {what}, {flow.band.label} {flow.matter.unit}, {flow.season.label}."


def _matter(said: FlowEntry) -> Matter:
    if bool(said.waste.strip()) == bool(said.substance):
        raise FieldFault("waste", "Donnez un code déchet ou une matière, l’un des deux.")
    if said.substance:
        return Matter(substance=Substance(said.substance))
    try:
        return Matter(waste=read_waste(said.waste).code)
    except RequestFault as fault:
        raise FieldFault("waste", str(fault)) from fault
