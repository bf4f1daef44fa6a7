"""Creations, closures and moves, year by year, where they are dated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.french import counted, number, plural
from vigie.measures.dynamics import flow_rate
from vigie.services.loaded import HISTORY, STOCK, SUCCESSION
from vigie.services.portrait.reading import Flow
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.services.portrait.reading import Facts

YEARS_SHOWN = 12
UNDATED = "Les fichiers chargés ne donnent pas de date de création ni de fermeture."


def last_full_year(vintage: str | None, national: Facts) -> int | None:
    """Return the last calendar year that ended before the date of the stock; `None` when nothing is dated."""
    if not national.flows:
        return None
    if vintage is None:
        return max(national.flows) - 1
    return min(int(vintage[:4]) - 1, max(national.flows))


@computes("creations")
def creations(readings: Readings) -> Finding:
    """Return creations, for the last full year and those before."""
    return _flow(readings, "creations")


@computes("closures")
def closures(readings: Readings) -> Finding:
    """Return closures, for the last full year and those before."""
    return _flow(readings, "closures")


@computes("creation_rate")
def creation_rate(readings: Readings) -> Finding:
    """Return creations for a hundred establishments."""
    return _rate(readings, "creation_rate", "creations")


@computes("closure_rate")
def closure_rate(readings: Readings) -> Finding:
    """Return closures for a hundred establishments."""
    return _rate(readings, "closure_rate", "closures")


@computes("employer_balance")
def employer_balance(readings: Readings) -> Finding:
    """Return employers opened less employers closed in the last full year, both told."""
    scene, renewal, year = readings.scene, readings.facts.renewal, _year(readings)
    sources = (STOCK, HISTORY, SUCCESSION)
    if renewal is None or year is None:
        return scene.finding("employer_balance", None, sources=(STOCK,), note=UNDATED)
    opened, closed = counted(renewal.opened, "employeur ouvert", "employeurs ouverts"), renewal.closed
    told = f"En {year}\u00a0: {opened}, {number(closed)} {plural(closed, 'fermé')}."
    if not scene.loaded.has(HISTORY):
        told += " Sans l’historique de Sirene, seules les fermetures dont la taille est publiée sont comptées."
    return scene.finding(
        "employer_balance",
        renewal.opened - renewal.closed,
        sources=sources,
        note=told,
        breakdown=(
            part("employer_balance", "ouverts", "Employeurs ouverts", renewal.opened),
            part("employer_balance", "fermes", "Employeurs fermés", renewal.closed),
        ),
    )


def _year(readings: Readings) -> int | None:
    return last_full_year(readings.scene.loaded.vintage.get(STOCK), readings.national)


def _flow(readings: Readings, indicator: str) -> Finding:
    scene, facts, year = readings.scene, readings.facts, _year(readings)
    if year is None:
        return scene.finding(indicator, None, sources=(STOCK,), note=UNDATED)
    shown = range(year - YEARS_SHOWN + 1, year + 1)
    series = {str(each): float(getattr(_of(facts, each), indicator)) for each in shown}
    told = f"En {year}, dernière année complète."
    if not scene.loaded.has(SUCCESSION):
        told += (
            " Sans le fichier des liens de succession, un déménagement compte ici comme une création et une fermeture."
        )
    return scene.finding(
        indicator, getattr(_of(facts, year), indicator), sources=(STOCK, SUCCESSION), note=told, series=series.items()
    )


def _rate(readings: Readings, indicator: str, name: str) -> Finding:
    scene, facts, year = readings.scene, readings.facts, _year(readings)
    if year is None:
        return scene.finding(indicator, None, sources=(STOCK,), note=UNDATED)
    now = sum(group.establishments for group in facts.groups)
    later = sum(_net(flow) for each, flow in facts.flows.items() if each > year)
    rate = flow_rate(getattr(_of(facts, year), name), now - later, _net(_of(facts, year)))
    note = f"En {year}, pour cent établissements ouverts au début de l’année."
    if rate is None:
        note = f"Aucun établissement n’était ouvert au début de {year}."
    return scene.finding(
        indicator, None if rate is None else rate * 100, sources=(STOCK, SUCCESSION), note=note
    )  # fmt: skip


@computes("moves")
def moves(readings: Readings) -> Finding:
    """Return arrivals less departures, for the last full year."""
    scene, facts, year = readings.scene, readings.facts, _year(readings)
    if year is None:
        return scene.finding("moves", None, sources=(STOCK,), note=UNDATED)
    if not scene.loaded.has(SUCCESSION):
        note = "Le fichier des liens de succession n’est pas chargé\u00a0: les déménagements ne sont pas connus."
        return scene.finding("moves", None, sources=(STOCK,), note=note)
    flow = _of(facts, year)
    return scene.finding(
        "moves",
        flow.arrivals - flow.departures,
        sources=(SUCCESSION, STOCK),
        note=(
            f"En {year}. Le solde est exact\u00a0; arrivées et départs comprennent les déménagements d’une commune "
            "à une autre du même territoire."
        ),
        breakdown=(
            part("moves", "arrivees", "Arrivées d’une autre commune", flow.arrivals),
            part("moves", "departs", "Départs vers une autre commune", flow.departures),
        ),
    )


def _of(facts: Facts, year: int) -> Flow:
    return facts.flows.get(year, Flow(0, 0, 0, 0))


def _net(flow: Flow) -> int:
    return flow.creations + flow.arrivals - flow.closures - flow.departures
