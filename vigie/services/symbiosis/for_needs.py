"""A need said in free words that speaks of matter: « que faire de mes chutes d’acier », « vapeur perdue »."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.matter import FlowWay, Matter, Substance
from vigie.errors import RequestFault
from vigie.services.places import commune_centres
from vigie.services.symbiosis.answering import LEAST_COUNTED, named_to_all
from vigie.services.symbiosis.flows import FlowOrigin, MatterSite, SiteFlow, matter_book, matter_name, sites_named
from vigie.services.symbiosis.matching import partners_for_matter
from vigie.sources.wastes import read_waste
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vigie.services.questions import DataInService
    from vigie.services.symbiosis.matching import MatterPartner

_NAMED = 5
"""Sites told of a need: what a phone shows without getting lost."""
_CODE = re.compile(r"(?<![\d*])(\d{2}) ?(\d{2}) ?(\d{2}) ?(\*?)(?![\d*])")
_SAID_OF: dict[Substance, str] = {
    Substance.HEAT: "chaleur vapeur calories",
    Substance.ENERGY: "electricite energie biogaz",
    Substance.METAL: "acier fer ferraille ferrailles inox alu aluminium cuivre laiton fonte zinc metal metaux tole "
    "toles metallique metalliques",
    Substance.WOOD: "bois sciure sciures palette palettes contreplaque",
    Substance.PAPER: "papier papiers carton cartons",
    Substance.PLASTIC: "plastique plastiques polyethylene polypropylene pvc polystyrene",
    Substance.GLASS: "verre calcin",
    Substance.TEXTILE: "textile textiles tissu tissus laine coton cuir",
    Substance.ORGANIC: "organique organiques alimentaire alimentaires biodechets biodechet marc dreche dreches "
    "lactoserum pulpe pulpes epluchures coproduits fruits legumes",
    Substance.MINERAL: "gravats beton pierre pierres sable briques mineral mineraux",
    Substance.WATER: "eau eaux",
}
_SUBSTANCES = {word: substance for substance, held in _SAID_OF.items() for word in held.split()}
"""The substance that a word names; heat comes first: « eau chaude perdue » is water by its words, heat by its sense."""
_HOT = frozenset({"chaude", "chaudes"})
_LEFT = frozenset(
    word
    for held in (
        "chute chutes dechet dechets rebut rebuts residu residus copeau copeaux sciure sciures ferraille ferrailles",
        "gravats biodechet biodechets coproduit coproduits invendu invendus excedent excedents excedentaire surplus",
        "perdu perdue perdus perdues fatale fatales epluchures marc dreche dreches lactoserum calcin rejet rejets",
        "jete jetee jetes jetees use usee uses usees usage usagee usagees recycle recyclee recycles recyclees reemploi",
        "jeter jetons jettent jette debarrasser",
    )
    for word in held.split()
)
"""What says that a matter is left over: without it, a need that names steel is most often a need of work on steel."""
_GIVING = re.compile(
    r"que faire|debarrass|\bdonne|\bdonner\b|\bcede|\bjet(?:e|er|ons|te|tent)\b|evacu|preneur|repren|repris|valoris|"
    r"ecoul|reutilis|\b(?:mes|nos)\b"
)
_SEEKING = re.compile(r"cherch|besoin (?:de|d)\b|trouver|achet|recherch|\bveu[xt]\b|souhait")
_SOUGHT_RAW = frozenset({Substance.HEAT, Substance.WATER})
"""What is hardly bought from a workshop: to seek it is to seek somebody's surplus."""


@dataclass(frozen=True, slots=True)
class ExchangeSite:
    """A site that could take or give what a need speaks of, as the asker may be told of it."""

    siret: str
    name: str
    commune: str
    matter: str
    kilometres: float | None
    quantity: str
    because: str
    obstacles: str


@dataclass(frozen=True, slots=True)
class NeedExchanges:
    """Who could take what a need gives, or give what it seeks.

    `does` is what they would do; `others` are not named to the asker: how many, `None` for one or two, 0 for none.
    """

    matter: str
    does: str
    sites: tuple[ExchangeSite, ...]
    others: int | None


def matter_said(text: str) -> tuple[FlowWay, Matter] | None:
    """Return the matter that a need speaks of and its way, `None` where it speaks of none, or of work on it.

    >>> matter_said("Que faire de mes chutes d’acier ?")
    (<FlowWay.GIVES: 'gives'>, Matter(waste='', substance=<Substance.METAL: 'metal'>))
    >>> matter_said("Je cherche de la chaleur pour un séchoir")[0].value
    'takes'
    >>> matter_said("Découper des tôles d’acier") is None
    True
    """
    said = words(text)
    flat = " ".join(said)
    matter = _coded(text) or _substance(said)
    if matter is None:
        return None
    left = bool(matter.waste) or any(word in _LEFT for word in said)
    if not left and not (matter.substance in _SOUGHT_RAW and _SEEKING.search(flat)):
        return None
    seeks = _SEEKING.search(flat) and not _GIVING.search(flat)
    return (FlowWay.TAKES if seeks else FlowWay.GIVES), matter


def _coded(text: str) -> Matter | None:
    for found in _CODE.finditer(text):
        try:
            return Matter(waste=read_waste("".join(found.groups())).code)
        except RequestFault:
            continue
    return None


def _substance(said: Sequence[str]) -> Matter | None:
    named = [_SUBSTANCES[word] for word in said if word in _SUBSTANCES]
    if Substance.WATER in named and _HOT.intersection(said):
        named.insert(0, Substance.HEAT)
    named.sort(key=list(_SAID_OF).index)
    return Matter(substance=named[0]) if named else None


def exchanges_for(
    data: DataInService, text: str, place: tuple[str, str], declared: Iterable[SiteFlow], *, every_name: bool
) -> NeedExchanges | None:
    """Return who could exchange what a need speaks of, around a firm or the centre of a commune; `None` if it does not.

    `place` is the code of the commune and the SIREN, empty without a firm; `declared` is what firms say, as far as the
    asker may read it. Everybody reads the sites that a register names, or that say it publicly; those that a precedent
    points at are named where `every_name`, else counted. Cost: four questions to the data at most.
    """
    said = matter_said(text)
    if said is None:
        return None
    way, matter = said
    book, others = matter_book(data), tuple(declared)
    if not book.known and not others:
        return None
    site = _around(data, place)
    flow = SiteFlow(site.siret or site.siren, way, matter, None, FlowOrigin.DECLARED)
    around = [one for one in (*book.flows, *others) if not site.siren or one.siren != site.siren]
    found = [one for one in partners_for_matter(data, book, site, flow, around) if _near(one, place[0])]
    named = found if every_name else named_to_all(found)
    once: dict[str, MatterPartner] = {}
    for one in named:
        once.setdefault(one.site.siren, one)
    return NeedExchanges(
        matter=matter_name(matter),
        does="prendre" if way is FlowWay.GIVES else "donner",
        sites=tuple(map(_told, list(once.values())[:_NAMED])),
        others=_counted(len({one.site.siret for one in found} - {one.site.siret for one in named})),
    )


def _around(data: DataInService, place: tuple[str, str]) -> MatterSite:
    """Return the site of who asks, or the centre of their commune."""
    commune, siren = place
    site = sites_named(data, [siren]).get(siren) if siren and not data.suppressions.holds(siren) else None
    if site is not None:
        return replace(site, commune=site.commune or commune)
    longitude, latitude = commune_centres(data.warehouse, [commune]).get(commune, (None, None))
    return MatterSite("", "", "", commune, latitude, longitude)


def _near(one: MatterPartner, commune: str) -> bool:
    """Tell whether a site is within reach; of the same département where no distance is known."""
    return one.kilometres is not None or one.site.commune[:2] == commune[:2]


def _counted(count: int) -> int | None:
    return count if not count or count >= LEAST_COUNTED else None


def _told(one: MatterPartner) -> ExchangeSite:
    return ExchangeSite(
        siret=one.site.siret,
        name=one.site.name,
        commune=one.site.place,
        matter=matter_name(one.matter),
        kilometres=None if one.kilometres is None else round(one.kilometres, 1),
        quantity=one.quantity,
        because=french.capital(one.because),
        obstacles=french.capital(" ; ".join(one.obstacles)),
    )
