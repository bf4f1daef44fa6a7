"""Exchanges of matter as questions: of a firm, of the list of wastes; behind every door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from vigie.domain import french
from vigie.domain.actors import compact_identifier
from vigie.domain.declared import Hint, InUnit, Label, Length, Named, TextShape
from vigie.domain.matter import FlowWay
from vigie.domain.provenance import Provenance
from vigie.errors import NotFound, Objected, RequestFault
from vigie.services.capabilities import Capability
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.services.symbiosis.flows import (
    MatterSite,
    SiteFlow,
    cited,
    matter_book,
    matter_name,
    sites_named,
)
from vigie.services.symbiosis.matching import NEAR_KM, REACH_KM, MatterPartner, partners
from vigie.services.symbiosis.of_territory import EXCHANGES, LOOPS, NONE_LOADED, NOT_A_VERDICT, MatterAsked
from vigie.sources.wastes import DIGITS, REFERENCE, Waste, wastes
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIREN = 9
LEAST_COUNTED = 3
"""Sites that a count tells at least to everybody: fewer could be guessed by name."""
_NO_PISTE = {True: "Aucune piste à nommer ici.", False: "Aucune piste pour ce site."}
_LONGEST = 100
_LIST = Provenance(
    "liste_dechets",
    REFERENCE,
    "Union européenne",
    "texte officiel",
    "2014",
    "https://eur-lex.europa.eu/eli/dec/2014/955/oj",
)


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One site that could be at the other end of a flow."""

    name: Annotated[str, Label("Entreprise")]
    way: Annotated[str, Label("Pourrait")]
    matter: Annotated[str, Label("Matière")]
    distance: Annotated[float | None, Label("Distance"), InUnit("km")]
    quantity: Annotated[str, Label("Quantité")]
    because: Annotated[str, Label("Parce que")]
    obstacles: Annotated[str, Label("Ce qui peut l’empêcher")]
    commune: Annotated[str, Label("Commune")]
    siret: Annotated[str, Label("SIRET"), TextShape("siret")]


@dataclass(frozen=True, slots=True)
class WastesAsked:
    """What is looked for in the list of wastes."""

    text: Annotated[str, Label("Mots ou code"), Named("q"), Hint("Par exemple : bois, ou 17 02."), Length(_LONGEST)] = (
        ""
    )


@dataclass(frozen=True, slots=True)
class WasteRow:
    """One code of the European list."""

    code: Annotated[str, Label("Code")]
    label: Annotated[str, Label("Déchet")]
    hazardous: Annotated[str, Label("Dangereux")]
    section: Annotated[str, Label("Section")]
    chapter: Annotated[str, Label("Chapitre")]


SYMBIOSIS = Question(
    "symbiosis", "echanges-de-matiere", of=Of.FIRM, group="equip", title="Échanges de matière de cette entreprise",
    summary="Qui pourrait prendre ou donner de la matière à une entreprise, d’après les fichiers publiés",
    takes=MatterAsked, rows=PartnerRow, command="symbiosis-published",
)  # fmt: skip
WASTES = Question(
    "wastes", "dechets", of=Of.EVERYTHING, group="equip", title="Liste européenne des déchets",
    summary="Codes déchet par leurs mots, avec la marque des déchets dangereux", takes=WastesAsked, rows=WasteRow,
)  # fmt: skip
CAPABILITY = Capability("Échanges de matière", questions=(SYMBIOSIS, EXCHANGES, LOOPS, WASTES))
SYMBIOSIS.about = (Of.FIRM, lambda row: row.siret[:_SIREN])


@SYMBIOSIS.answered
def of_firm(data: DataInService, key: str, _: MatterAsked) -> AnswerTable:
    """Return who could take what a firm gives, or give what it takes, from what is published alone, to anybody.

    A site is named for what it declares in a public register; those that only a precedent between activities points at
    are counted. Raises `RequestFault`, `NotFound` or `Objected` like any reading of a firm.
    """
    site, found = partners_of(data, key, ())
    named = named_to_all(found)
    return _told_of(data, site, named, _unnamed_sentence(len({one.site.siret for one in found if one.precedent})))


def told_of_firm(data: DataInService, key: str, declared: Sequence[SiteFlow]) -> AnswerTable:
    """Return the same with the flows that firms say, as far as the asker may read them, and every site by name.

    It is for the firm's head, the officers of its territory, and whoever runs the installation.
    """
    site, found = partners_of(data, key, declared)
    return _told_of(data, site, found, declared=bool(declared))


def named_to_all(found: Sequence[MatterPartner]) -> list[MatterPartner]:
    """Keep the partners that a public register names itself; the others are proposals, for those they concern."""
    return [one for one in found if not one.precedent]


def _unnamed_sentence(count: int) -> str:
    """Say how many sites are not named to everybody, three at least or nothing of how many."""
    if not count:
        return ""
    told = french.capital(french.counted(count, "site")) if count >= LEAST_COUNTED else "Moins de trois sites"
    return (
        f" {told}, d’après des précédents entre activités, ne sont nommés qu’à l’entreprise et aux développeurs "
        "économiques de son territoire."
    )


def _told_of(
    data: DataInService, site: MatterSite, found: Sequence[MatterPartner], unnamed: str = "", *, declared: bool = False
) -> AnswerTable:
    book = matter_book(data)
    takers = sum(one.way is FlowWay.TAKES for one in found)
    givers = len(found) - takers
    lead = (
        f"{french.capital(french.counted(takers, 'site pourrait', 'sites pourraient'))} prendre, "
        f"{french.counted(givers, 'pourrait', 'pourraient')} donner."
    )
    return AnswerTable(
        title=f"Échanges de matière : {site.name}",
        lead=(lead if found else (NONE_LOADED if not book.known and not declared else _NO_PISTE[bool(unnamed)]))
        + unnamed,
        rows=tuple(map(_partner_row, found)),
        sources=cited(data),
        simulated=data.loaded.simulated,
        note=f"{NOT_A_VERDICT} Cherché à {french.number(REACH_KM, 0)} km au plus, {french.number(NEAR_KM, 0)} pour les "
        "précédents, les dix plus proches par matière.",
    )


def partners_of(data: DataInService, key: str, declared: Sequence[SiteFlow]) -> tuple[MatterSite, list[MatterPartner]]:
    """Return the site of a firm that is answered for, and who could be at the other end of its flows. Raises alike."""
    digits = compact_identifier(key)
    if digits is None:
        raise RequestFault(f"« {key} » n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    if data.suppressions.holds(digits[:_SIREN]):
        raise Objected
    site = sites_named(data, [digits]).get(digits)
    if site is None:
        return _unnamed(data, digits), []
    book = matter_book(data)
    flows = (*book.flows, *declared)
    own = [flow for flow in flows if flow.site in (digits, site.siret, site.siren) or _of_firm(flow, digits)]
    return site, partners(data, book, site, own, [flow for flow in flows if flow.siren != site.siren])


def _of_firm(flow: SiteFlow, digits: str) -> bool:
    """Tell whether a flow is of the firm asked about, wherever its sites are, when the firm itself is asked about."""
    return len(digits) == _SIREN and flow.siren == digits


def _unnamed(data: DataInService, digits: str) -> MatterSite:
    """Return the place of a firm that nothing is proposed to: closed, discreet, a sole trader; raises `NotFound`."""
    record = data.directory.record(digits) if len(digits) > _SIREN else None
    if record is None and len(digits) == _SIREN:
        record = next(iter(data.directory.siblings(digits, 1)[1]), None)
    if record is None:
        raise NotFound(f"Aucune entreprise {digits} parmi celles qui sont chargées.")
    return MatterSite(record["siret"], "cette entreprise", "", "", None, None)


@WASTES.answered
def waste_codes(data: DataInService, _: str, asked: WastesAsked) -> AnswerTable:
    """Return the codes whose label, section or code answers to some words; all of them when nothing is asked."""
    found = looked_for(asked.text)
    lead = f"{french.capital(french.counted(len(found), 'code', 'codes'))}, dont "
    lead += f"{french.counted(sum(one.hazardous for one in found), 'dangereux', 'dangereux')}."
    return AnswerTable(
        title="Liste européenne des déchets",
        lead=lead if found else "Aucun code ne répond à ces mots : essayez-en moins, ou un mot plus simple.",
        rows=tuple(
            WasteRow(one.written, one.label, "oui" if one.hazardous else "non", one.section, one.chapter)
            for one in found
        ),
        sources=(_LIST,),
        simulated=data.loaded.simulated,
        note="L’étoile marque les déchets dangereux. Choisir le code est l’affaire de qui produit le déchet.",
    )


def looked_for(text: str) -> list[Waste]:
    """Return the wastes whose code begins with the digits asked, or whose words begin with all those asked."""
    digits = "".join(text.split()).rstrip("*").replace(".", "")
    if digits.isdigit():
        return [one for code, one in wastes().items() if code.startswith(digits[:DIGITS])]
    asked = words(text)
    found = [
        one for one in wastes().values()
        if _answers(f"{one.label} {one.section}", asked)
    ]  # fmt: skip
    # What the code itself says before what its section says.
    return sorted(found, key=lambda one: not _answers(one.label, asked))


def _answers(text: str, asked: Sequence[str]) -> bool:
    held = words(text)
    return all(any(word.startswith(start) for word in held) for start in asked)


def _partner_row(one: MatterPartner) -> PartnerRow:
    return PartnerRow(
        name=one.site.name,
        way="prendre" if one.way is FlowWay.TAKES else "donner",
        matter=matter_name(one.matter),
        distance=None if one.kilometres is None else round(one.kilometres, 1),
        quantity=one.quantity,
        because=french.capital(one.because),
        obstacles=french.capital(" ; ".join(one.obstacles)),
        commune=one.site.place,
        siret=one.site.siret,
    )
