"""One territory: what happened, what its size and assets let expect, what relations are known, how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from vigie.domain.declared import Hint, Label, Named, TextShape
from vigie.domain.french import listed, number, signed
from vigie.services.capabilities import Capability
from vigie.services.connect.territory import territory_links
from vigie.services.laboratory.answering import (
    METHOD,
    NOTHING,
    beside_size,
    beyond_line,
    conclusion,
    simulated,
    sources_of,
)
from vigie.services.laboratory.country import LEVELS, NothingToExamine
from vigie.services.laboratory.examination import Examination
from vigie.services.laboratory.examining import LaboratoryAsked, examine
from vigie.services.places import Places
from vigie.services.questions import AnswerTable, DataInService, Of, Question

if TYPE_CHECKING:
    from vigie.domain.territory import Territory

CERTAINTY = (
    "Écart « probable » : le hasard ne suffit pas à l’expliquer, fausses découvertes tenues à 10 % ; « possible » : "
    "son intervalle à 95 % exclut zéro, mais tant de territoires sont essayés que le hasard y suffirait ; sinon on ne "
    "peut pas conclure."
)


@dataclass(frozen=True, slots=True)
class ExpectedAsked:
    """What a territory is examined on; the laboratory has the other settings."""

    outcome: Annotated[
        str, Label("Résultat"), Named("resultat"), TextShape("code"), Hint("population, jobs, creations…")
    ] = "population"


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """One thing that is said of the territory."""

    about: Annotated[str, Label("Question")]
    answer: Annotated[str, Label("Réponse")]


EXPECTED = Question(
    "expected", "metropole-ou-reseaux", of=Of.TERRITORY, group="observe", title="Métropole ou réseaux",
    summary="Ce qui s’est passé dans un territoire, et ce que sa taille et ses atouts laissaient attendre",
    takes=ExpectedAsked, rows=ExpectedLine,
)  # fmt: skip
CAPABILITY = Capability("Métropole ou réseaux", questions=(EXPECTED,))


@EXPECTED.answered
def expected(data: DataInService, key: str, asked: ExpectedAsked) -> AnswerTable:
    """Return six sentences of a territory: what happened, was expected, is known, how sure it is.

    A territory of a level that is not examined is told which are; raises what reading a territory does.
    """
    place = Places(data.warehouse).territory(key)
    level = place.kind.value
    if level not in LEVELS:
        known = listed([f"une {word}" if word != "département" else f"un {word}" for word in LEVELS.values()])
        return _silent(data, place, f"La question se pose pour {known} : plus petit, il disparaît dans le hasard, "
                       "plus grand, il n’a pas assez de semblables.")  # fmt: skip
    try:
        found = examine(data, LaboratoryAsked(level=level, outcome=asked.outcome))
    except NothingToExamine as lacking:
        return _silent(data, place, str(lacking))
    rank = next((rank for rank, row in enumerate(found.rows) if found.outcome.codes[row] == place.code), None)
    if rank is None or found.beyond is None:
        return _silent(data, place, " ".join(found.left_out) or "Trop peu de territoires sont connus.")
    lead, rows = _told(data, place, found, rank)
    return AnswerTable(
        title=f"Métropole ou réseaux : {place.name}",
        lead=lead,
        rows=rows,
        sources=sources_of(data, found),
        simulated=simulated(data, found),
        note=" ".join([METHOD, CERTAINTY, *found.limits]),
    )


def _told(data: DataInService, place: Territory, found: Examination, rank: int) -> tuple[str, tuple[ExpectedLine, ...]]:
    line = beyond_line(found, place.kind.value, rank)
    named = found.beyond is not None and bool(found.beyond.named[rank])
    apart = line.low > 0 or line.high < 0
    where = "au-dessus" if line.gap > 0 else "au-dessous"
    years = f"de {found.years[0]} à {found.years[1]}"
    label = found.outcome.card.label
    verdict = f"{where} de ce que sa taille et ses atouts laissaient attendre"
    certainty = "probable" if named else "possible" if apart else ""
    sure = (
        f"Cet écart est {certainty}."
        if certainty
        else f"{NOTHING} : l’écart ne se distingue pas de ceux que le hasard laisse partout."
    )
    lead = (
        f"{place.name} est {verdict} : {label.lower()}, {years}. {sure}"
        if certainty
        else f"{NOTHING} : {place.name} a évolué à peu près comme sa taille et ses atouts le laissaient attendre, "
        f"{years}."
    )
    row = int(found.rows[rank])
    before, after = (float(found.outcome.at(year)[row]) for year in found.years)
    unit = found.outcome.card.unit
    change = signed(100 * (after / before - 1), 1)
    rows = (
        ExpectedLine("Ce qui s’est passé", f"{label} : {number(before, 0)} en {found.years[0]}, {number(after, 0)} en "
                     f"{found.years[1]} ({unit}), soit {change} %."),
        ExpectedLine("Ce qui était attendu", f"{signed(line.expected, 1)} % : ce qu’ont connu les territoires de même "
                     f"taille et de mêmes atouts. {beside_size(found)}"),
        ExpectedLine("Au-dessus ou au-dessous", f"{signed(line.gap, 1)} % par rapport à ce qui était attendu, entre "
                     f"{signed(line.low, 1)} et {signed(line.high, 1)} % (intervalle à 95 %, "
                     f"{number(found.rows.size)} territoires)."),
        ExpectedLine("Relations connues", _relations(data, place)),
        ExpectedLine("Certitude", sure),
        ExpectedLine("Dans tout le pays", conclusion(found)),
    )  # fmt: skip
    return lead, rows


def _relations(data: DataInService, place: Territory) -> str:
    links = territory_links(data, place.key)
    if links.inside is None or links.outside is None:
        return (
            f"Réseau non observable : {number(links.with_ties)} des {number(links.employers)} entreprises qui "
            "emploient ont un lien connu, il en faut 30. L’absence de lien connu ne dit pas l’isolement."
        )
    return (
        f"{number(links.with_ties)} des {number(links.employers)} entreprises qui emploient ont un lien connu : "
        f"{number(links.inside)} liens entre elles, {number(links.outside)} vers ailleurs."
    )


def _silent(data: DataInService, place: Territory, why: str) -> AnswerTable:
    return AnswerTable(
        title=f"Métropole ou réseaux : {place.name}",
        lead=f"{NOTHING} pour {place.name}.",
        rows=(),
        sources=(),
        simulated=data.loaded.simulated,
        note=why,
    )
