"""Trades: those that an activity hires, those that a territory's activities call for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.declared import Hint, InUnit, Label, Named, NumberRange, TextShape
from vigie.domain.french import counted, listed, percent
from vigie.services.capabilities import Capability
from vigie.services.kept import kept_with
from vigie.services.loaded import JOBS
from vigie.services.places import Places, within
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.services.relatedness import reading
from vigie.services.relatedness.areas import SET_APART
from vigie.services.relatedness.reading import TieKind
from vigie.services.relatedness.related import NoQuestion, subclass_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.services.places import Perimeter

_USUAL, _MOST, _ACTIVITIES = 40, 200, 3
FEWEST_HIRINGS = 50
"""Hirings of an activity below which its trades are those of a few firms (the same floor as for relatedness)."""
FEWEST_JOBS = 200
"""Jobs of a territory below which its trades would tell of one firm."""
FEWEST_TRADE_JOBS = 5
"""Jobs estimated of a trade below which its quotient is that of a rounding."""
_NO_HIRINGS = "Aucun fichier d’embauches par métier n’est chargé"


@dataclass(frozen=True, slots=True)
class HiredOccupation:
    """One trade that an activity hires."""

    occupation: Annotated[str, Label("Métier")]
    code: Annotated[str, Label("Code ROME"), TextShape("code")]
    share: Annotated[float, Label("Part de ses embauches (%)"), InUnit("%")]
    quotient: Annotated[
        float,
        Label("Fois la moyenne"),
        Hint("Part du métier dans ses embauches / dans celles de toutes les activités."),
    ]
    hirings: Annotated[int, Label("Embauches"), InUnit("embauches")]


@dataclass(frozen=True, slots=True)
class TradesAsked:
    """What can be asked of the trades of a territory."""

    most: Annotated[int, Label("Nombre de métiers"), Named("nombre"), NumberRange(1, _MOST)] = _USUAL


@dataclass(frozen=True, slots=True)
class LocalOccupation:
    """One trade that the activities of a territory call for."""

    occupation: Annotated[str, Label("Métier")]
    code: Annotated[str, Label("Code ROME"), TextShape("code")]
    family: Annotated[str, Label("Famille")]
    quotient: Annotated[
        float, Label("Fois la France"), Hint("Part estimée du métier ici / dans tout le pays : 2, deux fois plus.")
    ]
    share: Annotated[float, Label("Part estimée (%)"), InUnit("%")]
    activities: Annotated[str, Label("Surtout dans")]


OCCUPATIONS = Question(
    "occupations", "metiers", of=Of.ACTIVITY, group="know", title="Métiers d’une activité",
    summary="Métiers qu’une activité embauche", takes=NoQuestion, rows=HiredOccupation,
)  # fmt: skip
TRADES = Question(
    "trades", "metiers", of=Of.TERRITORY, group="observe", title="Métiers d’ici",
    summary="Métiers qu’appellent les activités d’un territoire, les plus propres à lui d’abord", takes=TradesAsked,
    rows=LocalOccupation,
)  # fmt: skip
CAPABILITY = Capability("Métiers", questions=(OCCUPATIONS, TRADES))


@OCCUPATIONS.answered
def occupations(data: DataInService, key: str, _: NoQuestion) -> AnswerTable:
    """Return the trades that an activity hires, the most hired first; raises `RequestFault` for a code that is none."""
    activity = subclass_of(key)
    counts = _hirings(data)
    held = [row for row in counts if row["naf"] == activity.code]
    total = sum(row["hirings"] for row in held)
    country = _by_occupation(counts)
    everything = sum(country.values())
    rows = tuple(
        HiredOccupation(
            row["label"], row["occupation"], round(100 * row["hirings"] / total, 1),
            round(row["hirings"] / total / (country[row["occupation"]] / everything), 1), row["hirings"],
        )
        for row in sorted(held, key=lambda row: (-row["hirings"], row["occupation"]))
    ) if total >= FEWEST_HIRINGS else ()  # fmt: skip
    why = "" if rows else f"{_NO_HIRINGS}, ou cette activité en compte moins de {FEWEST_HIRINGS}."
    return AnswerTable(
        title=f"Métiers : {activity.label} ({activity.code})",
        lead=f"{counted(len(rows), 'métier embauché', 'métiers embauchés')}, surtout "
        f"{listed([row.occupation for row in rows[:3]])}." if rows else "Rien ne peut être dit de ses métiers.",
        rows=rows,
        sources=reading.cited(data.loaded, (TieKind.HIRINGS,)),
        simulated=data.loaded.simulated,
        note=why or f"Embauches de toute la France, {held[0]['vintage']}, déclarées par métier ; celles des agences "
        f"d’intérim ({SET_APART}) sont comptées là et non chez qui emploie.",
    )  # fmt: skip


@TRADES.answered
def trades(data: DataInService, key: str, asked: TradesAsked) -> AnswerTable:
    """Return the trades of a territory, by how many times more they are called for here than in the country.

    The share of a trade is the sum over activities of their share of the jobs here times the share of the trade in
    their hirings in France. Where too little is known there is no row, and the note says why.
    """
    places = Places(data.warehouse)
    place = places.territory(key)
    counts = [row for row in _hirings(data) if row["naf"] != SET_APART]
    jobs = _jobs(data, places.perimeter(place)) if counts else {}
    country = _jobs_of_country(data, places) if counts else {}
    told = _shares(counts)
    here = sum(amount for naf, amount in jobs.items() if naf in told)
    rows = _local(counts, told, jobs, country)[: asked.most] if here >= FEWEST_JOBS else []
    why = "" if rows else _why(bool(counts), place.name)
    covered = f" Connues pour {percent(here / sum(jobs.values()), 0)} des emplois publiés ici." if rows else ""
    return AnswerTable(
        title=f"Métiers d’ici : {place.name}",
        lead=f"En tête : {listed([row.occupation for row in rows[:3]])}."
        if rows
        else "Rien ne peut être dit des métiers d’ici.",
        rows=tuple(rows),
        sources=(*data.loaded.cite(JOBS), *reading.cited(data.loaded, (TieKind.HIRINGS,))),
        simulated=data.loaded.simulated,
        note=why
        or "Estimation : les emplois d’ici par activité, et les métiers que chaque activité embauche dans toute la "
        f"France ; ce n’est pas un compte des personnes. Intérim ({SET_APART}) mis à part.{covered}",
    )


def _why(known: bool, place: str) -> str:
    if not known:
        return f"{_NO_HIRINGS}."
    return f"{place} : moins de {FEWEST_JOBS} emplois publiés, ou aucune source d’emploi n’est chargée."


def _hirings(data: DataInService) -> list[dict[str, Any]]:
    """Return the hirings of the latest year by occupation and activity, with labels; read once."""
    return kept_with(data.warehouse, "hirings", lambda: _read_hirings(data))


def _read_hirings(data: DataInService) -> list[dict[str, Any]]:
    table, names = data.warehouse.table("hiring"), data.warehouse.table("occupation")
    last = table.filter(table.vintage == table.vintage.max(), table.hirings > 0)
    named = last.left_join(names, last.occupation == names.code)
    return data.warehouse.rows(
        named.select(
            last.occupation, last.naf, last.hirings, last.vintage,
            label=names.label.fill_null(last.occupation), family=names.family.fill_null(""),
        )
    )  # fmt: skip


def _jobs(data: DataInService, perimeter: Perimeter) -> Mapping[str, float]:
    """Return the published jobs of the last year by activity."""
    table = data.warehouse.table("jobs")
    last = table.filter(table.year == table.year.max(), table.naf_nomenclature == "NAFRev2", table.jobs.notnull())
    jobs = within(last, perimeter)
    counts = jobs.group_by("naf").agg(jobs=jobs.jobs.sum().cast("float64"))
    return {row["naf"]: row["jobs"] for row in data.warehouse.rows(counts, dict(perimeter.parameters)) if row["jobs"]}


def _jobs_of_country(data: DataInService, places: Places) -> Mapping[str, float]:
    whole = places.perimeter(places.territory("FR"))
    return kept_with(data.warehouse, "jobs by activity", lambda: _jobs(data, whole))


def _by_occupation(counts: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for row in counts:
        found[row["occupation"]] = found.get(row["occupation"], 0) + row["hirings"]
    return found


def _shares(counts: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, float]]:
    """Return the share of each trade in the hirings of each activity that counts enough of them."""
    held: dict[str, dict[str, float]] = {}
    for row in counts:
        held.setdefault(row["naf"], {})[row["occupation"]] = row["hirings"]
    totals = {naf: sum(trades_of.values()) for naf, trades_of in held.items()}
    return {
        naf: {trade: hired / totals[naf] for trade, hired in trades_of.items()}
        for naf, trades_of in held.items()
        if totals[naf] >= FEWEST_HIRINGS
    }


Mix = tuple["Mapping[str, float]", "Mapping[str, Mapping[str, float]]"]


def _mix(told: Mapping[str, Mapping[str, float]], jobs: Mapping[str, float]) -> Mix:
    """Return the share of each trade in some jobs, and what each activity brings to it."""
    total = sum(amount for naf, amount in jobs.items() if naf in told)
    brought: dict[str, dict[str, float]] = {}
    for naf, amount in jobs.items():
        for trade, share in told.get(naf, {}).items():
            brought.setdefault(trade, {})[naf] = amount / total * share
    return {trade: sum(parts.values()) for trade, parts in brought.items()}, brought


def _local(
    counts: Sequence[Mapping[str, Any]], told: Mapping[str, Mapping[str, float]], here: Mapping[str, float],
    country: Mapping[str, float],
) -> list[LocalOccupation]:  # fmt: skip
    shares, brought = _mix(told, here)
    usual, _ = _mix(told, country)
    names = {row["occupation"]: (row["label"], row["family"]) for row in counts}
    found = [
        LocalOccupation(
            names[trade][0], trade, names[trade][1], round(share / usual[trade], 2), round(100 * share, 2),
            _first(brought[trade]),
        )
        for trade, share in shares.items()
        if share * sum(here.values()) >= FEWEST_TRADE_JOBS
    ]  # fmt: skip
    whole = len(here) == len(country) and sum(here.values()) == sum(country.values())
    return sorted(found, key=lambda row: (-(row.share if whole else row.quotient), row.code))


def _first(brought: Mapping[str, float]) -> str:
    """Name the activities that bring most of a trade."""
    order = sorted(brought, key=lambda naf: (-brought[naf], naf))
    return " ; ".join(reading.activity_name(naf) for naf in order[:_ACTIVITIES])
