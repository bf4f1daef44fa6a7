"""What closed in a territory since a day, by activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from vigie.domain.declared import Hint, InUnit, Label, Named, TextShape
from vigie.domain.french import counted, short_date
from vigie.domain.zones import today_in_paris
from vigie.errors import RequestFault
from vigie.services.capabilities import Capability
from vigie.services.loaded import STOCK, SUCCESSION
from vigie.services.places import Places, within
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.sources import nomenclature
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.services.places import Perimeter

USUAL_PERIOD = timedelta(days=365)
"""How far back the question looks when no day is given: a year holds every season once."""


@dataclass(frozen=True, slots=True)
class Since:
    """What can be asked of closures."""

    since: Annotated[
        date | None, Label("Depuis le"), Named("depuis"), Hint("Un an avant la date des fichiers si rien n’est dit.")
    ] = None


@dataclass(frozen=True, slots=True)
class ClosedActivity:
    """One activity, and what closed in it."""

    naf: Annotated[str | None, Label("Code"), TextShape("code")]
    activity: Annotated[str, Label("Activité")]
    establishments: Annotated[int, Label("Sites fermés"), InUnit("établissements")]
    employers: Annotated[int, Label("Dont employeurs"), InUnit("établissements")]
    last: Annotated[date, Label("Dernière fermeture"), InUnit("jour")]


CLOSURES = Question(
    "closures",
    "fermetures",
    of=Of.TERRITORY,
    group="watch",
    title="Ce qui a fermé, par activité",
    summary="Ce qui a fermé dans un territoire depuis un jour, par activité",
    takes=Since,
    rows=ClosedActivity,
)
CAPABILITY = Capability("Fermetures", questions=(CLOSURES,))


@CLOSURES.answered
def closures(data: DataInService, key: str, asked: Since) -> AnswerTable:
    """Count the establishments closed between a day and the date of the files, by activity, the most first.

    One whose activity goes on elsewhere by a succession link did not close; one without a date of closure is not
    counted. Raises `RequestFault` for a day after the files.
    """
    places = Places(data.warehouse)
    place = places.territory(key)
    until = date.fromisoformat(data.loaded.vintage.get(STOCK) or today_in_paris().isoformat())
    since = asked.since or until - USUAL_PERIOD
    if since > until:
        raise RequestFault(f"Les fichiers chargés s’arrêtent au {short_date(until)} : donnez un jour qui vient avant.")
    perimeter = places.perimeter(place)
    given = {**perimeter.parameters, "since": since.isoformat(), "until": until.isoformat()}
    rows = data.warehouse.rows(_counted(data, perimeter), given)
    found = tuple(ClosedActivity(activity=_label(row["naf"], row.pop("nomenclature")), **row) for row in rows)
    closed = counted(sum(row.establishments for row in found), "établissement fermé", "établissements fermés")
    employers = counted(sum(row.employers for row in found), "employeur", "employeurs")
    return AnswerTable(
        title=f"Ce qui a fermé : {place.name}",
        lead=f"Du {short_date(since)} au {short_date(until)} : {closed}, dont {employers}.",
        rows=found,
        sources=data.loaded.cite(STOCK, SUCCESSION),
        simulated=data.loaded.simulated,
        note=_note(data),
    )


def _counted(data: DataInService, perimeter: Perimeter) -> ir.Table:
    import ibis  # noqa: PLC0415 - a declaration is read by every server, and Ibis takes its time

    from vigie.store.derived import continued  # noqa: PLC0415 - the same

    table = data.warehouse.table("establishment")
    left = continued(data.warehouse.table("succession")).select(siret="predecessor").distinct()
    day = parameter("since", "date"), parameter("until", "date")
    closed = within(table.filter(table.state == "F", table.closed.between(*day)).anti_join(left, "siret"), perimeter)
    counted = closed.group_by(naf=closed.naf, nomenclature=closed.naf_nomenclature).agg(
        establishments=closed.count(),
        employers=(closed.employer == "O").fill_null(False).sum().cast("int64"),
        last=closed.closed.max(),
    )
    return counted.order_by([ibis.desc("establishments"), ibis.desc("employers"), "naf"])


def _label(naf: str | None, of: str | None) -> str:
    if naf is None:
        return "activité non connue"
    return nomenclature.label(naf, of or "") or f"libellé non connu ({of})"


def _note(data: DataInService) -> str:
    told = "Un établissement dont la date de fermeture n’est pas publiée n’est pas compté."
    if data.loaded.has(SUCCESSION):
        return f"{told} Celui dont l’activité continue ailleurs n’a pas fermé."
    return f"{told} Sans le fichier des liens de succession, un déménagement compte ici comme une fermeture."
