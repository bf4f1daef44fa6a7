"""Masking of partially diffusible units, by allow-list, before anything is stored.

Rules (article R123-232-1 of the Code de commerce, and INSEE's own practice):
- a legal unit that is not openly diffusible masks all its establishments; an establishment may also be masked alone;
- of a masked row, only the columns below are kept, whatever other columns the file may hold today or tomorrow;
- the denomination is kept only when the legal category proves a legal person: categories 3 to 9. Category 1 is the
  sole trader, 2 groups persons without legal personality (undivided estates bear their names), 0 has none either,
  and an absent category proves nothing;
- whatever is not known to be open ("O") is masked: a status that is missing or new masks too, and so does a legal unit
  that is missing from the file of legal units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.sources.base import RECORD

if TYPE_CHECKING:
    import ibis.expr.types as ir

OPEN, PARTIAL, FORMER_CLOSED = "O", "P", "N"
UNKNOWN_UNIT = "U"
"""Of an establishment masked because its legal unit is not loaded: nobody is said to have asked for it."""
# Added before masking, and never stored: whether the activity was given since NAF 2025 is the reference.
SWITCHED = "switched"

UNIT_KEPT = frozenset(
    {
        "siren",
        "statutDiffusionUniteLegale",
        "etatAdministratifUniteLegale",
        "dateCreationUniteLegale",
        "dateDernierTraitementUniteLegale",
        "categorieEntreprise",
        "categorieJuridiqueUniteLegale",
        "activitePrincipaleUniteLegale",
        "nomenclatureActivitePrincipaleUniteLegale",
        "activitePrincipaleNAF25UniteLegale",
        "trancheEffectifsUniteLegale",
        "anneeEffectifsUniteLegale",
        "caractereEmployeurUniteLegale",
        "nicSiegeUniteLegale",
    }
)
UNIT_KEPT_IF_LEGAL_PERSON = frozenset({"denominationUniteLegale"})

ESTABLISHMENT_KEPT = frozenset(
    {
        "siren",
        "siret",
        "nic",
        "statutDiffusionEtablissement",
        "etatAdministratifEtablissement",
        "dateCreationEtablissement",
        "dateDernierTraitementEtablissement",
        "etablissementSiege",
        "codeCommuneEtablissement",
        "libellePaysEtrangerEtablissement",
        "activitePrincipaleEtablissement",
        "nomenclatureActivitePrincipaleEtablissement",
        "activitePrincipaleNAF25Etablissement",
        "trancheEffectifsEtablissement",
        "anneeEffectifsEtablissement",
        "caractereEmployeurEtablissement",
    }
)
# Of the legal unit, as it is already stored: its name has been through the same rule.
_UNIT_COLUMNS_KEPT = frozenset(
    {"diffusion", "unit_siren", "unit_masked", "legal_category", "company_category", "natural_person"}
)


def legal_person(category: ir.StringValue) -> ir.BooleanValue:
    """Tell whether a legal category proves a legal person (first digit 3 to 9); never null."""
    return category.re_search("^[3-9][0-9]{3}$").fill_null(False)


def masked_units(raw: ir.Table) -> ir.Table:
    """Empty what the allow-list does not keep; adds `masked` and `legal_category` (four digits)."""
    category = raw["categorieJuridiqueUniteLegale"].lpad(4, "0")
    masked = _not_open(raw["statutDiffusionUniteLegale"])
    judged = raw.mutate(masked=masked, legal_category=category)
    named = ~judged["masked"] | legal_person(judged["legal_category"])
    kept = UNIT_KEPT | {RECORD, SWITCHED, "masked", "legal_category"}
    return _emptied(judged, judged["masked"], kept | UNIT_KEPT_IF_LEGAL_PERSON).mutate(
        **{name: ibis.ifelse(named, judged[name], ibis.null("string")) for name in UNIT_KEPT_IF_LEGAL_PERSON}
    )


def masked_establishments(raw: ir.Table, units: ir.Table) -> ir.Table:
    """Bring the legal unit's public columns beside each establishment, and empty what the allow-list does not keep.

    `units` is the prepared table of legal units, unique by `siren`. An establishment whose legal unit is not among
    them is masked: that unit may have been left out with its status. When there are no legal units at all (their file
    was not given), an establishment follows its own status. Adds `masked`, `diffusion` (why: `P` asked for, `U` the
    legal unit is not among them) and the columns of the legal unit, prefixed `unit_` where they clash.
    """
    unit = units.select(
        unit_siren=units["siren"],
        unit_masked=units["masked"],
        unit_name=units["name"],
        unit_usual_name=units["usual_name"],
        acronym=units["acronym"],
        natural_person=units["natural_person"],
        legal_category=units["legal_category"],
        company_category=units["company_category"],
    )
    both = raw.left_join(unit, raw["siren"] == unit["unit_siren"])
    asked = _not_open(both["statutDiffusionEtablissement"]) | both["unit_masked"].fill_null(False)
    alone = both["unit_siren"].isnull() & (units.count().as_scalar() > 0)
    diffusion = ibis.cases((asked, PARTIAL), (alone, UNKNOWN_UNIT), else_=OPEN)
    judged = both.mutate(masked=asked | alone, diffusion=diffusion)
    named = ~judged["masked"] | legal_person(judged["legal_category"])
    kept = ESTABLISHMENT_KEPT | _UNIT_COLUMNS_KEPT | {RECORD, SWITCHED, "masked", "unit_name"}
    return _emptied(judged, judged["masked"], kept).mutate(
        unit_name=ibis.ifelse(named, judged["unit_name"], ibis.null("string"))
    )


def _not_open(status: ir.StringValue) -> ir.BooleanValue:
    return (status != OPEN).fill_null(True)


def _emptied(table: ir.Table, masked: ir.BooleanValue, kept: frozenset[str]) -> ir.Table:
    hidden = [name for name in table.columns if name not in kept]
    return table.mutate(**{name: ibis.ifelse(masked, ibis.null(table[name].type()), table[name]) for name in hidden})
