# ruff: noqa: S608 - queries are composed of the names above
"""What is planted in the imaginary country comes back from what Vigie measures: specialities, relatedness, likeness.

Each interval is stated beside what chance gives, and each measure is taken again with the truth shuffled: a test that
passes then would prove nothing.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie import bootstrap
from vigie.services.comparing.similar import SIMILAR
from vigie.services.relatedness.occupations import TRADES
from vigie.settings import Settings

MEASURED = 40  # intercommunalities whose portrait is read


EXPECTED = """(select code, division, emplois::double as jobs,
    (jobs / sum(jobs) over (partition by code)) / (sum(jobs) over (partition by division) / sum(jobs) over ()) quotient
    from emplois_attendus where kind = 'epci')"""


@pytest.fixture(scope="module")
def quotients(country):
    """Quotient that a portrait tells, jobs and quotient that are expected: a row for each of its divisions."""
    data, sql = country
    chosen = sql(f"""select code from {EXPECTED} group by code having sum(jobs) between 2500 and 60000
        order by code desc limit {MEASURED}""")
    expected = {(code, division): (jobs, quotient) for code, division, jobs, quotient in sql(f"from {EXPECTED}")}
    services = bootstrap.open_services(Settings(data_dir=data, threads=1, memory_mib=1024))
    try:
        told = {code: services.observe.finding(f"epci:{code}", "specialisation") for [code] in chosen}
    finally:
        services.close()
    rows = [
        (part.value, *expected[code, part.key])
        for code, finding in told.items()
        for part in finding.breakdown
        if expected[code, part.key][0] >= 100
    ]
    assert len(told) == MEASURED
    return np.array(rows)


def test_planted_specialities_come_back_from_portraits(quotients):
    """Divisions planted three times as present as in France or more: 90 % are told specialised.

    Of those that are expected to be as present as in France, give or take a third, 15 % at most: sites are few there.
    """
    told, _, expected = quotients.T
    planted, ordinary = expected >= 3, (expected > 0.6) & (expected < 1.2)
    assert planted.sum() >= 20
    assert ordinary.sum() >= 200
    assert np.mean(told[planted] >= 1.5) >= 0.9
    assert np.mean(told[ordinary] >= 1.5) <= 0.15


def test_quotients_follow_those_expected(quotients):
    """Logarithms of the quotients told and of those expected, where 300 jobs are: correlation of .7 or more.

    With fewer jobs, one large site moves a quotient (.64 from 100 jobs up). With the quotients of other divisions, the
    correlation is below .3.
    """
    told, jobs, expected = quotients.T
    kept = (told > 0) & (jobs >= 300)
    assert kept.sum() > 200
    here, there = np.log(told[kept]), np.log(expected[kept])
    assert np.corrcoef(here, there)[0, 1] >= 0.65
    assert abs(np.corrcoef(here, np.roll(there, 7))[0, 1]) < 0.3


def same_know_how(sql, kind, truth):
    """Return the share of the five nearest activities, in other divisions, that share a know-how."""
    query = f"""select avg((one.savoir_faire = other.savoir_faire)::int), count(*) from loaded.related_activity
        join {truth} one on one.naf = a join {truth} other on other.naf = b
        where kind = '{kind}' and rank <= 5 and left(a, 2) <> left(b, 2)"""
    [(share, pairs)] = sql(query)
    assert pairs > 300
    return share


KNOWN = "(select naf, savoir_faire from activites where savoir_faire is not null)"
SHUFFLED = f"""(select naf, savoir_faire from (select naf, row_number() over (order by naf) rank from {KNOWN})
    join (select savoir_faire, row_number() over (order by hash(naf)) rank from {KNOWN}) using (rank))"""


@pytest.mark.parametrize(("kind", "least"), [("colocation", 0.6), ("hirings", 0.95)])
def test_planted_relatedness_comes_back_across_divisions(country, kind, least):
    """Chance gives 4 %: two activities of different divisions that have a know-how seldom have the same."""
    _, sql = country
    assert same_know_how(sql, kind, KNOWN) >= least
    assert same_know_how(sql, kind, SHUFFLED) <= 0.15


def test_planted_suppliers_are_near_those_they_supply(country):
    """Half of the three divisions nearest to each are of a sector that was planted beside its own; 14 % of all are."""
    _, sql = country
    query = """select rank <= 3, avg(linked::int), count(*) from (
        select rank, exists (from echanges where (de, vers) in ((sa.sector, sb.sector), (sb.sector, sa.sector))) linked
        from loaded.related_activity join loaded.sector_division sa on sa.division = a
        join loaded.sector_division sb on sb.division = b where kind = 'input_output') group by 1"""
    found = {near: (share, count) for near, share, count in sql(query)}
    assert found[True][1] > 200
    assert found[True][0] >= 0.45
    assert found[False][0] <= 0.15


def test_areas_of_a_family_are_alike(country):
    """Of the variance of incomes, vacancy and commuting between areas, families explain 40 % or more (chance: 3 %)."""
    _, sql = country
    for indicator in ("niveau_vie_median", "part_logements_vacants", "acces_emploi_30min"):
        rows = sql(f"""select value, famille from loaded.figure join territoires using (kind, code)
            where kind = 'ze' and indicator = '{indicator}' and value is not null order by code""")
        assert len(rows) > 200
        values, families = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
        assert explained(values, families) >= 0.4
        assert explained(values, np.roll(families, 11)) <= 0.15


def explained(values, families):
    """Return the share of the variance that lies between families."""
    means = {name: values[families == name].mean() for name in set(families.tolist())}
    return np.var([means[name] for name in families.tolist()]) / np.var(values)


def test_areas_of_a_family_are_those_found_similar(country):
    """Half of the five areas nearest to each are of its family, of nine families; chance gives 11 %."""
    data, sql = country
    family = dict(sql("select code, famille from territoires where kind = 'ze' order by code"))
    shuffled = dict(zip(family, np.roll(list(family.values()), 11).tolist(), strict=True))
    services = bootstrap.open_services(Settings(data_dir=data, threads=1, memory_mib=1024))
    try:
        near = {
            code: [row.key.removeprefix("ze:") for row in SIMILAR.answer(services, f"ze:{code}", {"most": 5}).rows]
            for code in family
        }
    finally:
        services.close()
    assert all(len(found) == 5 for found in not_empty(near.values()))
    assert _agreement(near, family) >= 0.5
    assert _agreement(near, shuffled) <= 0.2


def _agreement(near, family):
    return np.mean([family[code] == family[other] for code, found in near.items() for other in found])


def test_the_trades_of_an_area_are_those_of_the_know_how_planted_there(country):
    """Of the three trades most proper to each area, seven in ten are of its two know-how, of twenty; chance: 10 %."""
    data, sql = country
    planted = {}
    for code, name in sql("select code, activite from specialites where kind = 'ze'"):
        planted.setdefault(code, set()).add(name)
    of_trade = dict(sql("select rome, savoir_faire from metiers"))
    services = bootstrap.open_services(Settings(data_dir=data, threads=1, memory_mib=1024))
    try:
        told = {
            code: [of_trade[row.code] for row in TRADES.answer(services, f"ze:{code}", {"most": 3}).rows]
            for code in planted
        }
    finally:
        services.close()
    shuffled = dict(zip(planted, np.roll(list(planted.values()), 11).tolist(), strict=True))
    assert np.mean([name in planted[code] for code, names in told.items() for name in names]) >= 0.7
    assert np.mean([name in shuffled[code] for code, names in told.items() for name in names]) <= 0.25
