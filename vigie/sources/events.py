"""INSEE's history of establishments and links of succession, to the columns of the warehouse.

Neither file holds a name or an address that is read here: identifiers, dates, states and activities only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.sources import activity_codes
from vigie.sources.base import UNDOCUMENTED, PreparedTable, cleaned
from vigie.sources.cells import day, flag, not_a_day, outside, parsed
from vigie.sources.faults import RejectRule, prepared, repeated, split
from vigie.sources.identifiers import keyed, siret_rules

if TYPE_CHECKING:
    import ibis.expr.types as ir

PERIOD_COLUMNS = (
    "siret",
    "dateDebut",
    "dateFin",
    "etatAdministratifEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement",
)
LINK_COLUMNS = (
    "siretEtablissementPredecesseur",
    "siretEtablissementSuccesseur",
    "dateLienSuccession",
    "transfertSiege",
    "continuiteEconomique",
)
_FLAGS = ("true", "false", "True", "False", "TRUE", "FALSE")


def periods(raw: ir.Table) -> PreparedTable:
    """Prepare `StockEtablissementHistorique`: the columns of table `establishment_period`.

    A code without its nomenclature gets the one that its form and the start of the period tell. When the raw table
    is numbered, a second period with the same start is a fault.
    """
    table = keyed(parsed(cleaned(raw, PERIOD_COLUMNS), ("dateDebut", "dateFin")), "siret")
    start, end = day(table, "dateDebut"), day(table, "dateFin")
    checked = split(
        table,
        [
            *siret_rules(table, "siret"),
            RejectRule("dateDebut", "day", not_a_day(table, "dateDebut")),
            RejectRule("dateFin", "day", not_a_day(table, "dateFin")),
            RejectRule("dateFin", "days_order", (end < start).fill_null(False)),
            RejectRule(
                "etatAdministratifEtablissement", "state", outside(table["etatAdministratifEtablissement"], ("A", "F"))
            ),
            *activity_codes.rules(
                table, "activitePrincipaleEtablissement", "nomenclatureActivitePrincipaleEtablissement"
            ),
            RejectRule(
                "caractereEmployeurEtablissement",
                "employer",
                outside(table["caractereEmployeurEtablissement"], ("O", "N")),
            ),
        ],
    )
    rows, again = repeated(checked.accepted, ("siret", "dateDebut"), "period_again")
    activity, begun = activity_codes.known(rows["activitePrincipaleEtablissement"]), day(rows, "dateDebut")
    declared, written = rows["nomenclatureActivitePrincipaleEtablissement"], rows["dateDebut"]
    accepted = rows.select(
        siret=rows["siret"],
        start=begun,
        end=day(rows, "dateFin"),
        state=rows["etatAdministratifEtablissement"],
        naf=activity,
        naf_nomenclature=activity_codes.scheme(
            declared, activity, before_2003=begun < ibis.date(2003, 1, 1), switched=written >= activity_codes.SWITCH
        ),
        employer=rows["caractereEmployeurEtablissement"],
        **{UNDOCUMENTED: activity_codes.undocumented(declared, activity)},
    )
    return prepared(accepted, checked.faults, again)


def successions(raw: ir.Table) -> PreparedTable:
    """Prepare `StockEtablissementLiensSuccession`: the columns of table `succession`.

    When the raw table is numbered, a link seen again is a fault.
    """
    former, new = "siretEtablissementPredecesseur", "siretEtablissementSuccesseur"
    table = keyed(keyed(parsed(cleaned(raw, LINK_COLUMNS), ("dateLienSuccession",)), former), new)
    checked = split(
        table,
        [
            *siret_rules(table, former),
            *siret_rules(table, new),
            RejectRule(new, "successor_same", table[former] == table[new]),
            RejectRule("dateLienSuccession", "day", not_a_day(table, "dateLienSuccession")),
            *(
                RejectRule(name, "boolean", outside(table[name], _FLAGS))
                for name in ("transfertSiege", "continuiteEconomique")
            ),
        ],
    )
    rows, again = repeated(checked.accepted, (former, new, "dateLienSuccession"), "link_again")
    accepted = rows.select(
        predecessor=rows[former],
        successor=rows[new],
        date=day(rows, "dateLienSuccession"),
        head_office_moved=flag(rows["transfertSiege"]),
        continuity=flag(rows["continuiteEconomique"]),
    )
    return prepared(accepted, checked.faults, again)
