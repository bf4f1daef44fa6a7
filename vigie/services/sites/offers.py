"""Units of an inventory that are shown to everybody, and the sites that somebody may be told of beside open data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.land import INVENTORY, Occupancy, Tenure
from vigie.errors import NotFound
from vigie.services.acts import Act, Doing, FormPage, Nothing, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.sites.inventory import EDITED, LIST, live
from vigie.services.sites.ranking import OfferedSite
from vigie.services.sites.shown import COPIED, own_offers
from vigie.store.journal.land import LandOffer, LandUnit
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

_WRITES = needs(Thing.DOSSIERS, Right.WRITE)
PUBLIC = "public"
_LISTED = tuple(one.value for one in INVENTORY)
OWN = "votre inventaire"
_SHOWS = (
    "Nom, sorte, commune, surface, occupation et disponibilité sont alors montrés à tous par « Sites et terrains » ; "
    "jamais le propriétaire, ni les occupants. Une correction suit aussitôt."
)

PUBLISHED = Act(
    "land.published",
    "terrain ou local publié",
    needs=_WRITES,
    at="PUT land/{land}/offer",
    form_at="locaux/{land}/publier",
    summary="Publier un terrain ou un local",
    note="Montré à tous sans propriétaire ni occupants ; le refaire ne change rien.",
    done="Le terrain ou le local est publié : la recherche de sites le propose à tous.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", _SHOWS, "Publier", LIST, within=True, foot_of=EDITED),
)
UNPUBLISHED = Act(
    "land.unpublished",
    "terrain ou local retiré du public",
    needs=_WRITES,
    at="DELETE land/{land}/offer",
    form_at="locaux/{land}/depublier",
    summary="Ne plus publier un terrain ou un local",
    note="Il reste dans l’inventaire, pour l’organisation seule.",
    done="Le terrain ou le local n’est plus publié.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", "Il reste dans l’inventaire, pour vous seuls.", "Ne plus publier", LIST, within=True,
                  foot_of=EDITED),
)  # fmt: skip
CAPABILITY = Capability("Terrains et locaux publiés", acts=(PUBLISHED, UNPUBLISHED))


@PUBLISHED.does
def publish(doing: Doing, land: str, _: Nothing) -> None:
    """Show a unit to everybody."""
    unit, row = doing.unit, _listed(doing.unit, land)
    if _offer_of(unit, land) is None:
        organisation = unit.get(Organisation, unit.scope.organisation)
        copied = {name: getattr(row, name) for name in COPIED}
        unit.add(LandOffer(unit_id=land, by=organisation.name[:200], visibility=PUBLIC, **copied))


@UNPUBLISHED.does
def unpublish(doing: Doing, land: str, _: Nothing) -> None:
    """Show a unit to nobody else any more."""
    _listed(doing.unit, land)
    if offer := _offer_of(doing.unit, land):
        doing.unit.withdraw(offer)


def readable_sites(telling: Telling, _: str) -> tuple[OfferedSite, ...]:
    """Return the units that the asker may be told of: those that are published, and all of their own for officers."""
    scope, reader = telling.scope, telling.reader
    own = reader.all(live()) if scope.organisation and scope.may(Thing.DOSSIERS, Right.WRITE) else ()
    mine = {row.id for row in own}
    shown = select(LandOffer).where(LandOffer.deleted_at.is_(None), LandOffer.visibility == PUBLIC)
    others = [row for row in reader.all(shown.order_by(LandOffer.id)) if row.unit_id not in mine]
    return (*(_site(row, OWN) for row in own), *(_site(row, f"publié par {row.by}") for row in others))


def _site(row: LandUnit | LandOffer, whose: str) -> OfferedSite:
    occupied = row.occupation == Occupancy.OCCUPIED and row.tenure in ("", Tenure.NEITHER)
    words = ["occupé"] if occupied else ["disponible"] if row.occupation == Occupancy.VACANT else []
    if row.tenure not in ("", Tenure.NEITHER):
        words.append(Tenure(row.tenure).label.lower())
    return OfferedSite(
        row.kind, row.title, row.commune, row.longitude, row.latitude, float(row.area) if row.area else None,
        ", ".join(words), "", row.tenure, whose,
    )  # fmt: skip


def _listed(reader: Reader, land: str) -> LandUnit:
    row = reader.get(LandUnit, land)
    if row.kind not in _LISTED:
        raise NotFound(ABSENT)
    return row


def _offer_of(reader: Reader, land: str) -> LandOffer | None:
    return next((one for one in own_offers(reader) if one.unit_id == land), None)
