# ruff: noqa: S608 - queries are composed of the names above
"""The months that follow: the simulator's record against what two snapshots show."""

from __future__ import annotations

import datetime
import filecmp

import pytest

from tests.not_empty import not_empty
from tests.recovery.simulated import JOBS, MONTHS, TABLES, one
from vigie.services.simulate import SimulationRequest, simulate

# What a comparison of two stocks shows, told apart by nothing that the simulator wrote elsewhere.
DIFFERENCES = {
    "fermeture": "{both} where a.etatAdministratifEtablissement = 'A' and b.etatAdministratifEtablissement = 'F' "
                 "and b.siret not in (select siretEtablissementPredecesseur from l{n})",
    "reouverture": "{both} where a.etatAdministratifEtablissement = 'F' and b.etatAdministratifEtablissement = 'A'",
    "creation": "select b.siret from e{n} b anti join e{p} using (siret) "
                "where b.siret not in (select siretEtablissementSuccesseur from l{n})",
    "activite": "{both} where a.activitePrincipaleEtablissement <> b.activitePrincipaleEtablissement",
    "effectif": "{both} where a.trancheEffectifsEtablissement <> b.trancheEffectifsEtablissement",
    "nom": "{both} join u{p} c on a.siren = c.siren join u{n} d on a.siren = d.siren "
           "where c.denominationUniteLegale <> d.denominationUniteLegale and '[ND]' not in "
           "(c.denominationUniteLegale, d.denominationUniteLegale)",
    "diffusion": "{both} join u{p} c on a.siren = c.siren join u{n} d on a.siren = d.siren "
                 "where c.statutDiffusionUniteLegale <> d.statutDiffusionUniteLegale",
}  # fmt: skip


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("kind", sorted(DIFFERENCES))
def test_the_record_is_what_two_months_show(sql, kind, number):
    both = f"select b.siret from e{number - 1} a join e{number} b using (siret)"
    shown = {row[0] for row in sql(DIFFERENCES[kind].format(both=both, n=number, p=number - 1))}
    told = {row[0] for row in sql(f"select siret from truth{number} where kind = '{kind}'")}
    assert shown == told
    assert told or kind in ("reouverture", "diffusion")


@pytest.mark.parametrize("number", [1, 2])
def test_new_links_are_the_moves_and_transfers_of_the_month(sql, number):
    new = sql(f"""select siretEtablissementPredecesseur, siretEtablissementSuccesseur, dateLienSuccession from l{number}
        anti join l{number - 1} using (siretEtablissementPredecesseur, siretEtablissementSuccesseur)""")
    told = sql(f"select before, after, date from truth{number} where kind in ('demenagement', 'transfert')")
    assert sorted(new) == sorted(told) and new
    kinds = sql(f"select distinct kind, left(before, 9) = left(after, 9) from truth{number} "
                "where kind in ('demenagement', 'transfert')")  # fmt: skip
    assert set(kinds) <= {("demenagement", True), ("transfert", False)}


def test_nothing_else_changes_from_one_month_to_the_next(sql):
    columns = [row[0] for row in sql("describe e0")]
    told = "(select siret from truth1 union select before from truth1 where before is not null)"
    for column in not_empty(columns):
        changed = f"""select count(*) from e0 a join e1 b using (siret)
            where a.{column} is distinct from b.{column} and siret not in {told}"""
        assert one(sql(changed)) == 0, column
    assert one(sql("select count(*) from e0 anti join e1 using (siret)")) == 0


def test_a_later_date_is_the_month_that_months_lead_to(tmp_path, folder):
    simulate(
        SimulationRequest("85", tmp_path, format="parquet", establishments=40_000, date=datetime.date(2026, 12, 1))
    )
    for name in (*TABLES.values(), JOBS):
        assert filecmp.cmp(tmp_path / f"{name}.parquet", folder / MONTHS[2] / f"{name}.parquet", shallow=False)
