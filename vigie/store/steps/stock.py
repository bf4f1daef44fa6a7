"""The Sirene stock: legal units and establishments, of the whole file or of one territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.errors import InputFault
from vigie.sources import imaginary, sirene
from vigie.sources.base import RECORD, PreparedTable, complete
from vigie.store.steps.loading import Loading
from vigie.store.steps.reference import latest_membership, published_communes
from vigie.store.tables import ESTABLISHMENT, LEGAL_UNIT, MEMBERSHIP

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.store.snapshot import Input
    from vigie.store.steps.build_context import BuildContext

ESTABLISHMENTS, UNITS, EMPLOYMENT = "sirene_etablissement", "sirene_unite_legale", "urssaf_emploi"
_MARK = "identifiantAdresseEtablissement"


def build_stock(context: BuildContext) -> None:
    """Make `legal_unit`, then `establishment`; sets whether the data are simulated."""
    inputs = context.plan.inputs
    if ESTABLISHMENTS not in inputs:
        raise InputFault(
            "Le fichier des établissements (StockEtablissement) manque. Donnez-le avec «\u00a0--sirene\u00a0», "
            "de préférence avec StockUniteLegale."
        )
    stock = _Stock(context, inputs[ESTABLISHMENTS])
    context.simulated = stock.simulated()
    context.imaginary = _imaginary(context)
    today = context.plan.today.isoformat()  # what is announced depends on it: no table of another day is taken over
    if UNITS in inputs:
        narrow = stock.units_within if context.plan.territory else None
        Loading(context, LEGAL_UNIT, inputs[UNITS], stock.prepare_units, narrow=narrow).run(
            inputs[ESTABLISHMENTS].sha256, today
        )
    else:
        context.ensure(LEGAL_UNIT, _no_unit)
    narrow = stock.within if context.plan.territory else None
    Loading(context, ESTABLISHMENT, inputs[ESTABLISHMENTS], stock.prepare, narrow=narrow).run(
        context.fingerprint(LEGAL_UNIT), context.fingerprint(MEMBERSHIP) if narrow else "", today
    )


class _Stock:
    """The file of establishments on its way in."""

    def __init__(self, context: BuildContext, given: Input) -> None:
        self._context, self._given = context, given
        self._simulated = False
        self._communes = published_communes()

    def simulated(self) -> bool:
        """Tell, from the first record, whether the file is simulated; the others must be alike."""
        raw = complete(self._context.builder.raw(self._given.file), (_MARK,))
        first = self._context.builder.rows(raw.select(_MARK).limit(1))
        self._simulated = bool(first) and first[0][_MARK] == sirene.IMAGINARY
        return self._simulated

    def prepare_units(self, raw: ir.Table) -> PreparedTable:
        """Prepare rows of legal units, as they are on the day of the load."""
        return sirene.legal_units(raw, self._context.plan.today)

    def prepare(self, raw: ir.Table) -> PreparedTable:
        """Prepare rows; those unlike the first record, simulated or real, are left out, then refused."""
        if RECORD in raw.columns:
            self._refuse_mixture()
        marked = (complete(raw, (_MARK,))[_MARK] == sirene.IMAGINARY).fill_null(False)
        alike = complete(raw, (_MARK,)).filter(marked if self._simulated else ~marked)
        units = self._context.builder.table(LEGAL_UNIT.name)
        return sirene.establishments(alike, units, self._communes, self._context.plan.today)

    def within(self, raw: ir.Table) -> ir.Table:
        """Keep the rows of the territory, and those of its départements whose commune is unknown."""
        place = self._communes.select(published_code=self._communes.published, today=self._communes.commune)
        placed = raw.left_join(place, raw.codeCommuneEtablissement == place.published_code)
        members = self._members()
        near = members.select(near=members.commune[:2]).distinct()
        inside = placed.semi_join(members, placed.today == members.commune)
        unknown = placed.filter(placed.today.isnull()).semi_join(
            near, placed.filter(placed.today.isnull()).codeCommuneEtablissement[:2] == near.near
        )
        return ibis.union(inside.select(*raw.columns), unknown.select(*raw.columns))

    def units_within(self, raw: ir.Table) -> ir.Table:
        """Keep the legal units that have an establishment in the territory."""
        builder = self._context.builder
        kept = builder.stage("kept_siren", self.within(builder.raw(self._given.file)).select("siren").distinct())
        return raw.semi_join(kept, "siren")

    def _members(self) -> ir.Table:
        table = latest_membership(self._context.builder.table(MEMBERSHIP.name))
        return table.filter(table.kind + ":" + table.code == self._context.plan.scope).select("commune")

    def _refuse_mixture(self) -> None:
        counts = self._context.builder.rows(sirene.imaginary(self._context.builder.raw(self._given.file)))[0]
        sirene.is_simulated(self._given.file.name, counts["rows"], counts["imaginary"])


def _imaginary(context: BuildContext) -> frozenset[str]:
    """Return the sources that are imaginary. Raises `StructureFault` where real and imaginary files would mix.

    What is published of territories may be real beside imaginary establishments, jobs may not: they are counted in the
    same establishments.
    """
    found = set()
    for source, item in context.plan.inputs.items():
        if source.startswith("sirene_"):
            if context.simulated:
                found.add(source)
            continue
        told = imaginary.is_imaginary(item.file)
        if (told and not context.simulated) or (source == EMPLOYMENT and context.simulated and not told):
            raise imaginary.refusal_beside(item.file, simulated=context.simulated)
        if told:
            found.add(source)
    return frozenset(found)


def _no_unit() -> ir.Table:
    return ibis.memtable([], schema=LEGAL_UNIT.schema)
