"""Questions about a firm: sectors that share its know-how and not its markets; who employs its trades nearby."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.actors import Nomenclature, compact_identifier
from vigie.domain.declared import Hint, Label, Named, NumberRange, TextShape
from vigie.domain.firm_names import usual_case
from vigie.domain.french import counted, number
from vigie.errors import NotFound, Objected, RequestFault
from vigie.measures.access import reached_km, travel_minutes
from vigie.services.capabilities import Capability
from vigie.services.loaded import STOCK
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.services.relatedness import reading
from vigie.services.relatedness.reading import NearActivity, TieKind
from vigie.services.relatedness.related import NoQuestion
from vigie.sources import nomenclature
from vigie.store.directory import DirectoryQuery, Near

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST, _SITES = 40, 50
_GROUP = 4
"""Signs of a group of the NAF (25.6): activities of one group are taken to sell to the same clients."""
_MARKETS = 5
"""Divisions with which a firm's own trades most: its clients and suppliers."""
USUAL_MINUTES = 30
TRAVEL = "Minutes estimées : 2 min, puis 1,3 fois la distance à vol d’oiseau à 50 km/h"


@dataclass(frozen=True, slots=True)
class SharedKnowHow:
    """One activity that hires the same trades, elsewhere in the economy."""

    naf: Annotated[str, Label("Code"), TextShape("code")]
    activity: Annotated[str, Label("Activité")]
    value: Annotated[float, Label("Proximité")]
    trades: Annotated[str, Label("Métiers partagés")]


@dataclass(frozen=True, slots=True)
class NearbyAsked:
    """What can be asked of who employs the same trades."""

    site: Annotated[
        str, Label("Site"), Named("siret"), Hint("Son SIRET ; le dernier fermé, sinon le siège, si rien n’est dit.")
    ] = ""
    minutes: Annotated[int, Label("Minutes"), Hint("30 si rien n’est dit."), NumberRange(5, 60)] = USUAL_MINUTES


@dataclass(frozen=True, slots=True)
class NearbyEmployer:
    """One establishment nearby whose activity hires the same trades."""

    siret: Annotated[str, Label("SIRET"), TextShape("identifier")]
    name: Annotated[str, Label("Nom")]
    activity: Annotated[str, Label("Activité")]
    commune: Annotated[str, Label("Commune")]
    minutes: Annotated[int, Label(TRAVEL)]
    trades: Annotated[str, Label("Métiers partagés")]


KNOW_HOW = Question(
    "know-how", "savoir-faire", of=Of.FIRM, group="know", title="Autres secteurs de son savoir-faire",
    summary="Secteurs qui partagent le savoir-faire d’une entreprise et pas ses marchés", takes=NoQuestion,
    rows=SharedKnowHow,
)  # fmt: skip
NEARBY = Question(
    "trades-nearby", "metiers-a-proximite", of=Of.FIRM, group="know", title="Qui emploie ces métiers à proximité",
    summary="Employeurs à 30 minutes d’un site dont l’activité embauche les mêmes métiers", takes=NearbyAsked,
    rows=NearbyEmployer,
)  # fmt: skip
KNOW_HOW.about = (Of.ACTIVITY, lambda row: row.naf)
CAPABILITY = Capability("Savoir-faire", questions=(KNOW_HOW, NEARBY))


@KNOW_HOW.answered
def know_how(data: DataInService, key: str, _: NoQuestion) -> AnswerTable:
    """Return the activities that hire the same trades, but for those of its own group and of its main partners.

    Raises `RequestFault`, `NotFound` or `Objected` like any reading of a firm.
    """
    site = _site_of(data, key, "")
    naf = _activity_of(site)
    near = reading.neighbours(data, naf, (TieKind.HIRINGS, TieKind.INPUT_OUTPUT), _MOST)
    partners = {one.naf for one in near if one.kind is TieKind.INPUT_OUTPUT and one.rank <= _MARKETS}
    found = [one for one in near if one.kind is TieKind.HIRINGS and not _same_market(naf, one, partners)]
    words = reading.occupation_names(data, found)
    rows = tuple(
        SharedKnowHow(one.naf, one.label, round(one.value, 4), reading.evidence_in_words(one, words)) for one in found
    )
    flows = "" if partners else " Sans tableau entrées-sorties, ses clients et fournisseurs n’en sont pas retirés."
    return AnswerTable(
        title=f"Même savoir-faire que : {reading.activity_name(naf)} ({naf})",
        lead=_lead(counted(len(rows), "secteur partage", "secteurs partagent"), "ses métiers et pas son marché", rows),
        rows=rows,
        sources=(*data.loaded.cite(STOCK), *reading.cited(data.loaded, (TieKind.HIRINGS, TieKind.INPUT_OUTPUT))),
        simulated=data.loaded.simulated,
        note=f"Le savoir-faire est celui de l’activité, non de l’entreprise ; même marché : même groupe NAF.{flows}"
        + ("" if near else f" Rien à montrer : {TieKind.HIRINGS.why_none}."),
    )


@NEARBY.answered
def nearby(data: DataInService, key: str, asked: NearbyAsked) -> AnswerTable:
    """Return the employers nearby whose activity hires the trades of a site, the nearest first.

    Those that object, or asked for partial diffusion, are not among them. Raises `RequestFault`, `NotFound` or
    `Objected` like any reading of a firm.
    """
    site = _site_of(data, key, asked.site)
    naf = _activity_of(site)
    near = reading.neighbours(data, naf, (TieKind.HIRINGS,), _MOST)
    by_code = {one.naf: one for one in near}
    placed = site["latitude"] is not None and site["longitude"] is not None
    records = _around(data, site, (naf, *by_code), asked.minutes) if placed and near else ()
    words = reading.occupation_names(data, near)
    rows = tuple(_employer(record, by_code, words) for record in records if record["siren"] != site["siren"])
    why = "" if placed else " La position du site n’est pas connue : rien ne peut être cherché autour."
    return AnswerTable(
        title=f"Qui emploie ces métiers à {number(asked.minutes)} minutes",
        lead=_lead(
            counted(len(rows), "employeur ouvert embauche", "employeurs ouverts embauchent"),
            f"les métiers de « {reading.activity_name(naf)} »", rows,
        ),
        rows=rows,
        sources=(*data.loaded.cite(STOCK), *reading.cited(data.loaded, (TieKind.HIRINGS,))),
        simulated=data.loaded.simulated,
        note=f"{TRAVEL} ; aucun réseau routier n’est chargé.{why}"
        " Une activité qui embauche ces métiers n’embauche pas forcément aujourd’hui."
        + ("" if near else f" Rien à montrer : {TieKind.HIRINGS.why_none}."),
    )  # fmt: skip


def _lead(told: str, what: str, rows: tuple[Any, ...]) -> str:
    return f"{told} {what}." if rows else "Rien de chargé ne répond à cette question."


def _site_of(data: DataInService, key: str, siret: str) -> Mapping[str, Any]:
    """Return the site that is meant: the one named, else the last that closed, else the head office."""
    digits = compact_identifier(key)
    if digits is None:
        raise RequestFault(f"« {key} » n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    siren = digits[:9]
    if data.suppressions.holds(siren):
        raise Objected
    found = data.directory.search(DirectoryQuery(text=siren, state=None, per_page=_SITES)).records
    sites = [record for record in found if record["siren"] == siren]
    wanted = compact_identifier(siret) if siret else None
    if siret:
        sites = [record for record in sites if record["siret"] == wanted]
    if not sites:
        raise NotFound(f"Aucun site {siret or siren} parmi ceux qui sont chargés.")
    closed = [record for record in sites if record["state"] == "F" and record["closed"]]
    if closed:
        return max(closed, key=lambda record: record["closed"])
    return max(sites, key=lambda record: (bool(record["head_office"]), record["siret"]))


def _activity_of(site: Mapping[str, Any]) -> str:
    naf = site["naf"]
    if not naf or site["naf_nomenclature"] != Nomenclature.NAF_REV2.value or naf not in nomenclature.tree():
        raise NotFound("L’activité de ce site n’est pas connue en NAF rév. 2 : ses métiers ne peuvent pas être dits.")
    return str(naf)


def _same_market(naf: str, one: NearActivity, partners: set[str]) -> bool:
    return one.naf[:_GROUP] == naf[:_GROUP] or one.naf[:2] in partners


def _around(
    data: DataInService, site: Mapping[str, Any], activities: tuple[str, ...], minutes: int
) -> tuple[Mapping[str, Any], ...]:
    where = Near(site["latitude"], site["longitude"], reached_km(minutes))
    query = DirectoryQuery(
        activities=tuple(f"{Nomenclature.NAF_REV2.value}:{code}" for code in activities),
        near=where, employer=True, sort="distance", per_page=100, without=data.suppressions.sirens(),
    )  # fmt: skip
    return data.directory.search(query).records


def _employer(record: Mapping[str, Any], near: Mapping[str, NearActivity], words: Mapping[str, str]) -> NearbyEmployer:
    one = near.get(record["naf"])
    name = record["name"] or record["usual_name"] or record["sign"] or "nom non connu"
    return NearbyEmployer(
        siret=record["siret"],
        name=usual_case(name),
        activity=f"{reading.activity_name(record['naf'])} ({record['naf']})",
        commune=str(record["commune_label"] or ""),
        minutes=round(travel_minutes(record["distance_km"])),
        trades=reading.evidence_in_words(one, words) if one else "la même activité",
    )
