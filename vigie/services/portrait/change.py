"""Creations, closures and moves, year by year, where they are dated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.french import counted, number, plural
from vigie.services.figures.movements import last_full_year
from vigie.services.loaded import HISTORY, SUCCESSION
from vigie.services.portrait.readings import Readings, computes
from vigie.services.portrait.scene import part

if TYPE_CHECKING:
    from vigie.domain.finding import Finding


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
    return _rate(readings, "creation_rate")


@computes("closure_rate")
def closure_rate(readings: Readings) -> Finding:
    """Return closures for a hundred establishments."""
    return _rate(readings, "closure_rate")


@computes("employer_balance")
def employer_balance(readings: Readings) -> Finding:
    """Return employers opened less employers closed in the last full year, both told."""
    tables, renewal = readings.measured("employer_balance"), readings.facts.renewal
    if tables[-1].why[0] is not None or renewal is None:
        return readings.scene.told(tables)
    opened, closed = counted(renewal.opened, "employeur ouvert", "employeurs ouverts"), renewal.closed
    told = f"En {tables[-1].vintage}\u00a0: {opened}, {number(closed)} {plural(closed, 'fermé')}."
    if not readings.scene.loaded.has(HISTORY):
        told += " Sans l’historique de Sirene, seules les fermetures dont la taille est publiée sont comptées."
    return readings.scene.told(
        tables,
        told,
        breakdown=(
            part("employer_balance", "ouverts", "Employeurs ouverts", renewal.opened),
            part("employer_balance", "fermes", "Employeurs fermés", renewal.closed),
        ),
    )


def _flow(readings: Readings, indicator: str) -> Finding:
    told = f"En {last_full_year(readings.basis)}, dernière année complète."
    if not readings.scene.loaded.has(SUCCESSION):
        told += (
            " Sans le fichier des liens de succession, un déménagement compte ici comme une création et une fermeture."
        )
    return readings.scene.told(readings.measured(indicator), told, series=True)


def _rate(readings: Readings, indicator: str) -> Finding:
    year = last_full_year(readings.basis)
    note = f"En {year}, pour cent établissements ouverts au début de l’année."
    return readings.scene.told(readings.measured(indicator), note)


@computes("moves")
def moves(readings: Readings) -> Finding:
    """Return arrivals less departures, for the last full year."""
    tables, year = readings.measured("moves"), last_full_year(readings.basis)
    flow = None if tables[-1].why[0] or year is None else readings.facts.flows.get(year)
    return readings.scene.told(
        tables,
        f"En {year}. Le solde est exact\u00a0; arrivées et départs comprennent les déménagements d’une commune "
        "à une autre du même territoire.",
        breakdown=() if flow is None else (
            part("moves", "arrivees", "Arrivées d’une autre commune", flow.arrivals),
            part("moves", "departs", "Départs vers une autre commune", flow.departures),
        ),
    )  # fmt: skip
