"""Exchanges of matter of a territory: the best set, and the loops that lack one actor, from what may be read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from vigie.domain import french
from vigie.domain.declared import InUnit, Label, TextShape
from vigie.domain.matter import TONNES, FlowWay, band_of
from vigie.services.places import Places
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.services.relatedness.reading import activity_name
from vigie.services.symbiosis.exchanges import MatterExchange, MissingActor, best_exchanges, missing_actors
from vigie.services.symbiosis.flows import (
    MatterBook,
    MatterSite,
    SiteFlow,
    cited,
    matter_book,
    matter_name,
    sites_within,
)
from vigie.sources import nomenclature

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_A_VERDICT = (
    "Une piste n’est pas un accord : un précédent dit qu’un échange a existé ailleurs, le registre ce qui a été "
    "déclaré. Le droit des déchets, la qualité et la quantité restent à vérifier à deux."
)
NONE_LOADED = (
    "Ni registre des émissions, ni précédents, ni flux dits par des entreprises ne sont connus ici : rien ne peut être "
    "proposé."
)
_SIREN, _SITES_SHOWN = 9, 3


@dataclass(frozen=True, slots=True)
class MatterAsked:
    """Nothing more can be asked."""


@dataclass(frozen=True, slots=True)
class MatterExchangeRow:
    """One exchange of the best set of a territory."""

    giver: Annotated[str, Label("Donne")]
    taker: Annotated[str, Label("Prend")]
    matter: Annotated[str, Label("Matière")]
    amount: Annotated[str, Label("Quantité")]
    distance: Annotated[float, Label("Distance"), InUnit("km")]
    giver_siret: Annotated[str, Label("SIRET de qui donne"), TextShape("siret")]
    taker_siret: Annotated[str, Label("SIRET de qui prend"), TextShape("siret")]


@dataclass(frozen=True, slots=True)
class MissingRow:
    """One loop of a territory that lacks an actor."""

    matter: Annotated[str, Label("Matière")]
    missing: Annotated[str, Label("Manque")]
    amount: Annotated[str, Label("Quantité")]
    sites: Annotated[str, Label("Chez")]
    activity: Annotated[str, Label("Activité à chercher")]
    because: Annotated[str, Label("Parce que")]


EXCHANGES = Question(
    "matter-exchanges", "echanges-de-matiere", of=Of.TERRITORY, group="equip", title="Échanges de matière possibles",
    summary="Meilleurs échanges de matière d’un territoire : le plus de tonnes, le moins de kilomètres",
    takes=MatterAsked, rows=MatterExchangeRow,
)  # fmt: skip
LOOPS = Question(
    "matter-loops", "boucles-a-fermer", of=Of.TERRITORY, group="equip", title="Boucles de matière à fermer",
    summary="Matières d’un territoire auxquelles il manque un preneur ou un donneur", takes=MatterAsked,
    rows=MissingRow,
)  # fmt: skip
EXCHANGES.about = (Of.FIRM, lambda row: row.giver_siret[:_SIREN])


@EXCHANGES.answered
def exchanges(data: DataInService, key: str, _: MatterAsked) -> AnswerTable:
    """Return the best exchanges of a territory from what is published; raises `RequestFault` or `NotFound`."""
    return told_exchanges(data, key, ())


@LOOPS.answered
def loops(data: DataInService, key: str, _: MatterAsked) -> AnswerTable:
    """Return the matters of a territory that lack one actor, from what is published. Raises alike."""
    return told_loops(data, key, ())


def told_exchanges(data: DataInService, key: str, declared: Sequence[SiteFlow]) -> AnswerTable:
    """Return the best exchanges of a territory with the flows that firms say, as far as the asker may read them.

    Raises `RequestFault` or `NotFound`.
    """
    place, sites, book = _around(data, key, declared)
    flows = (*book.flows, *declared)
    found = best_exchanges(flows, sites)
    weighed = [one for one in found if one.matter.unit == TONNES]
    counted = french.capital(french.counted(len(found), "échange possible", "échanges possibles"))
    moved = (
        f"{french.number(sum(one.tonnes for one in weighed), 0)} t par an, "
        f"{french.number(sum(one.tonnes * one.kilometres for one in weighed), 0)} tonnes-kilomètres."
    )
    none = "Personne d’ici ne traite ni ne cherche ce qu’un autre produit ou donne." if flows else NONE_LOADED
    middle = " Une tranche dite par une entreprise compte pour son milieu." if declared else ""
    return AnswerTable(
        title=f"Échanges de matière possibles : {place}",
        lead=(f"{counted} : {moved}" if weighed else f"{counted}.") if found else none,
        rows=tuple(map(_exchange_row, found)),
        sources=cited(data),
        simulated=data.loaded.simulated,
        note=f"Le plus de tonnes d’abord, puis le moins de tonnes-kilomètres à vol d’oiseau.{middle} {NOT_A_VERDICT}",
    )


def told_loops(data: DataInService, key: str, declared: Sequence[SiteFlow]) -> AnswerTable:
    """Return the matters of a territory that lack one actor, with the flows that firms say. Raises alike."""
    place, sites, book = _around(data, key, declared)
    flows = (*book.flows, *declared)
    found = missing_actors(book, flows, sites)
    lead = f"{french.capital(french.counted(len(found), 'matière attend', 'matières attendent'))} quelqu’un ici."
    none = "Aucune boucle à fermer n’est connue ici." if flows else NONE_LOADED
    return AnswerTable(
        title=f"Boucles de matière à fermer : {place}",
        lead=lead if found else none,
        rows=tuple(_missing_row(book, one) for one in found),
        sources=cited(data),
        simulated=data.loaded.simulated,
        note=f"La plus lourde d’abord ; une élimination n’est pas un preneur. {NOT_A_VERDICT}",
    )


def _around(
    data: DataInService, key: str, declared: Sequence[SiteFlow]
) -> tuple[str, dict[str, MatterSite], MatterBook]:
    places = Places(data.warehouse)
    place = places.territory(key)
    book = matter_book(data)
    named = sites_within(data, places.perimeter(place), {flow.site for flow in (*book.flows, *declared)})
    return place.name, named, book


def _exchange_row(one: MatterExchange) -> MatterExchangeRow:
    return MatterExchangeRow(
        giver=f"{one.giver.name}, {one.giver.place}",
        taker=f"{one.taker.name}, {one.taker.place}",
        matter=matter_name(one.matter),
        amount=_amount(one.tonnes, one.matter.unit, banded=one.banded),
        distance=round(one.kilometres, 1),
        giver_siret=one.giver.siret,
        taker_siret=one.taker.siret,
    )


def _amount(amount: float | None, unit: str, *, banded: bool) -> str:
    """Return an amount in words: a band where a firm says it, never more than it said."""
    if amount is None:
        return "quantité non connue"
    return f"{band_of(amount).label if banded else french.number(amount, 0)} {unit}"


def _missing_row(book: MatterBook, one: MissingActor) -> MissingRow:
    named = [f"{site.name} ({site.place})" for site in one.sites[:_SITES_SHOWN]]
    more = len(one.sites) - len(named)
    if more > 0:
        named.append(french.counted(more, "autre site", "autres sites"))
    known = one.division in nomenclature.tree()
    return MissingRow(
        matter=matter_name(one.matter),
        missing="qui la prenne" if one.missing is FlowWay.TAKES else "qui la donne",
        amount=_amount(one.tonnes, one.matter.unit, banded=one.banded),
        sites=french.listed(named),
        activity=f"{activity_name(one.division)} ({one.division})" if known else "",
        because=f"Précédent : {book.reference(one.precedent)}" if one.precedent else "Aucun précédent connu",
    )
