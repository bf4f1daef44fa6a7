"""The inventory of land of an organisation: added, corrected, withdrawn, told to its officers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import Select, select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.declared import Hint, Label, Length, Missing, NumberRange, TextShape, Words
from vigie.domain.land import INVENTORY, SURVEY_YEARS, Occupancy, Tenure
from vigie.errors import FieldFault, NotFound, RequestFault
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.communes import commune_code, commune_name
from vigie.services.entries import written
from vigie.services.followup.answers import JsonAnswer
from vigie.services.mail.addresses import writable_address
from vigie.services.sites.shown import follow, own_offers
from vigie.store.journal.land import LandUnit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.store.journal.port import Reader

LIST = "/bureau/locaux"
_WRITES = needs(Thing.DOSSIERS, Right.WRITE)
_KINDS = {one.value: one.label for one in INVENTORY}
_OCCUPATIONS = {one.value: one.label for one in Occupancy}
_TENURES = {one.value: one.label for one in Tenure}
_OFFICERS_ONLY = Hint("Lu par vos développeurs économiques seulement ; effacé à sa demande.")
_GOES = "Retiré, il n’est plus listé ; propriétaire et occupants sont effacés 30 jours après."


@dataclass(frozen=True, slots=True)
class LandEntry:
    """Un terrain ou un local de l’inventaire de l’organisation."""

    title: Annotated[str, Label("Nom ou adresse"), Length(200), Missing("Nommez le terrain ou le local.")]
    kind: Annotated[str, Label("Sorte"), Words(_KINDS), Missing("Dites si c’est un terrain ou un local.")]
    commune: Annotated[str, Label("Commune"), TextShape("commune"), Length(100), Missing("Donnez la commune.")]
    occupation: Annotated[str, Label("Occupation"), Words(_OCCUPATIONS), Missing("Dites s’il est vacant.")]
    area: Annotated[int | None, Label("Surface (m²)"), NumberRange(1, 100_000_000)] = None
    tenure: Annotated[str, Label("Disponible"), Words(_TENURES)] = Tenure.NEITHER.value
    zone: Annotated[str, Label("Zone d’activités"), Length(200)] = ""
    seen_on: Annotated[date | None, Label("Relevé le"), Hint("L’inventaire d’une zone se refait tous les six ans.")] = (
        None
    )
    owner: Annotated[str, Label("Propriétaire"), Length(200), _OFFICERS_ONLY] = ""
    owner_email: Annotated[str, Label("Adresse du propriétaire"), Length(254), TextShape("email"), _OFFICERS_ONLY] = ""
    occupants: Annotated[str, Label("Occupants"), Length(400), _OFFICERS_ONLY] = ""


@dataclass(frozen=True, slots=True)
class LandTold(JsonAnswer):
    """A unit as the officers of its organisation read it; `old` tells that its survey is to be made again.

    `published` tells that everybody may read what it is, never whose.
    """

    id: str
    title: str
    kind: str
    zone: str
    commune: str
    commune_name: str
    area: int | None
    occupation: str
    tenure: str
    seen_on: str | None
    old: bool
    owner: str
    owner_email: str
    occupants: str
    published: bool


def every_unit(telling: Telling, _: str) -> tuple[LandTold, ...]:
    """Return the inventory of the organisation, by commune then name; raises `NotFound` without the right."""
    telling.scope.require(Thing.DOSSIERS, Right.WRITE)
    shown = {one.unit_id for one in own_offers(telling.reader)}
    return tuple(_told(row, telling.reader.today, published=row.id in shown) for row in telling.reader.all(live()))


def read_unit(telling: Telling, land: str) -> LandTold:
    """Return one unit; raises `NotFound` without the right or the row."""
    telling.scope.require(Thing.DOSSIERS, Right.WRITE)
    published = any(one.unit_id == land for one in own_offers(telling.reader))
    return _told(_row(telling.reader, land), telling.reader.today, published=published)


def live() -> Select[LandUnit]:
    """Select the units that are not withdrawn."""
    order = (LandUnit.commune, LandUnit.zone, LandUnit.title, LandUnit.id)
    listed = LandUnit.kind.in_([one.value for one in INVENTORY])
    return select(LandUnit).where(LandUnit.deleted_at.is_(None), listed).order_by(*order)


def vacancy(units: Sequence[LandTold]) -> tuple[int, int]:
    """Return how many units are vacant, and of how many it is known."""
    known = [one for one in units if one.occupation != Occupancy.UNKNOWN]
    return sum(one.occupation == Occupancy.VACANT for one in known), len(known)


def _told(row: LandUnit, today: date, *, published: bool) -> LandTold:
    old = (
        row.seen_on is None
        or row.seen_on.year + SURVEY_YEARS < today.year
        or (
            row.seen_on.year + SURVEY_YEARS == today.year
            and (row.seen_on.month, row.seen_on.day) < (today.month, today.day)
        )
    )
    return LandTold(
        row.id, row.title, row.kind, row.zone, row.commune, commune_name(row.commune) if row.commune else "", row.area,
        row.occupation, row.tenure, row.seen_on.isoformat() if row.seen_on else None, old, row.owner or "",
        row.owner_email or "", row.occupants or "", published,
    )  # fmt: skip


def _stands(telling: Telling, land: str) -> PreparedForm:
    telling.scope.require(Thing.DOSSIERS, Right.WRITE)
    row = _row(telling.reader, land)
    kept = {name: getattr(row, name) for name in LandEntry.__dataclass_fields__}
    kept |= {name: kept[name] or "" for name in ("owner", "owner_email", "occupants")}
    return PreparedForm({**written(LandEntry, LandEntry(**kept)), "commune": row.commune})


ADDED = Act(
    "land.added",
    "terrain ou local ajouté",
    needs=_WRITES,
    at="POST land",
    form_at="locaux/nouveau",
    summary="Ajouter un terrain ou un local",
    note="Propriétaire et occupants ne sont lus que par les développeurs économiques de l’organisation.",
    done="Le terrain ou le local est enregistré.",
    takes=LandEntry,
    makes=True,
    tells=read_unit,
    page=FormPage(
        "Ajouter un terrain ou un local",
        "Où, combien, vacant ou non ; le reste peut attendre.",
        "Enregistrer",
        LIST,
        above={"Terrains et locaux": ""},
    ),
)
EDITED = Act(
    "land.edited",
    "terrain ou local corrigé",
    needs=_WRITES,
    at="PUT land/{land}",
    form_at="locaux/{land}/modifier",
    summary="Corriger un terrain ou un local",
    note="Remplace ce qui en est gardé.",
    done="Le terrain ou le local est enregistré.",
    takes=LandEntry,
    tells=read_unit,
    page=FormPage(
        "Corriger un terrain ou un local", "", "Enregistrer", LIST, prepare=_stands, above={"Terrains et locaux": ""}
    ),
)
WITHDRAWN = Act(
    "land.withdrawn",
    "terrain ou local retiré",
    needs=_WRITES,
    at="DELETE land/{land}",
    form_at="locaux/{land}/retirer",
    summary="Retirer un terrain ou un local",
    note="Il n’est plus dans l’inventaire.",
    done="Le terrain ou le local est retiré.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", _GOES, "Retirer de l’inventaire", LIST, within=True, danger=True, foot_of=EDITED),
)
CAPABILITY = Capability("Terrains et locaux", acts=(ADDED, EDITED, WITHDRAWN))


@ADDED.does
def add(doing: Doing, _: str, said: LandEntry) -> None:
    """Write a unit."""
    doing.unit.add(LandUnit(id=doing.subject, **_columns(said, doing.unit.today)))


@EDITED.does
def edit(doing: Doing, land: str, said: LandEntry) -> None:
    """Change a unit."""
    row = _row(doing.unit, land)
    for name, value in _columns(said, doing.unit.today).items():
        setattr(row, name, value)
    follow(doing.unit)


@WITHDRAWN.does
def withdraw(doing: Doing, land: str, _: Nothing) -> None:
    """Take a unit out of the inventory."""
    doing.unit.withdraw(_row(doing.unit, land))
    follow(doing.unit)


def _row(reader: Reader, land: str) -> LandUnit:
    row = reader.get(LandUnit, land)
    if row.kind not in _KINDS:
        raise NotFound(ABSENT)
    return row


def _columns(said: LandEntry, today: date) -> dict[str, object]:
    """Return what is kept of a unit; raises `FieldFault` for a survey to come or an address that is none."""
    if said.seen_on is not None and said.seen_on > today:
        raise FieldFault("seen_on", "Ce relevé est à venir : donnez le jour où le lieu a été vu.")
    try:
        commune = commune_code(said.commune)
    except RequestFault as fault:
        raise FieldFault("commune", str(fault)) from fault
    kept = {name: getattr(said, name) for name in ("title", "kind", "occupation", "area", "tenure", "zone", "seen_on")}
    return kept | {
        "commune": commune,
        "owner": said.owner or None,
        "owner_email": writable_address(said.owner_email, "owner_email") if said.owner_email else None,
        "occupants": said.occupants or None,
    }
