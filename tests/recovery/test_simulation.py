# ruff: noqa: S608 - queries are composed of the names above
"""What the simulator promises: determinism, counts, every case, coherent files, and a record of the months."""

from __future__ import annotations

import datetime
import filecmp
import json
import re
import subprocess
import sys

import duckdb
import numpy as np
import pytest

from tests.not_empty import not_empty
from tests.recovery.simulated import JOBS, MONTHS, TABLES, one
from vigie.domain.actors import is_siren, is_siret
from vigie.errors import NotFound, RequestFault
from vigie.services.simulate import SimulationRequest, simulate
from vigie.sources.base import discover
from vigie.sources.cards_reader import read_cards
from vigie.sources.simulation.activities import read_activities
from vigie.sources.simulation.places import find_place, read_communes
from vigie.sources.simulation.producer import Producer
from vigie.sources.simulation.schemes import PLAIN_FILE, PROFESSIONAL_FILE, STRUCTURED_FILE
from vigie.sources.simulation.streams import Streams
from vigie.sources.simulation.workforce import BANDS
from vigie.sources.simulation.world import EPOCH, World


def test_official_headers(folder, shared):
    official = duckdb.sql(
        f"select * from '{shared}/data/sirene_officiel/stock_etablissement_300.parquet' limit 0"
    ).columns
    simulated = duckdb.sql(f"select * from '{folder}/{MONTHS[0]}/{TABLES['e']}.parquet' limit 0").columns
    assert simulated == [*official, "activitePrincipaleNAF25Etablissement"]
    units = duckdb.sql(f"select * from '{shared}/data/sirene_officiel/stock_unite_legale_4000.parquet' limit 0").columns
    mine = duckdb.sql(f"select * from '{folder}/{MONTHS[0]}/{TABLES['u']}.parquet' limit 0").columns
    added = {"societeMissionUniteLegale", "activitePrincipaleNAF25UniteLegale"}
    assert [name for name in mine if name not in added] == units
    assert (len(simulated), len(mine)) == (54, 35)


def test_vigie_recognises_every_file(folder):
    found = discover((folder / MONTHS[0],), read_cards())
    assert {file.source for file in found} >= {"sirene_etablissement", "sirene_unite_legale"}
    assert len(found) == 8  # three of them are catalogues of schemes


def test_identifiers_are_valid_and_unique(sql):
    siret = [row[0] for row in sql("select siret from e2")]
    assert len(set(siret)) == len(siret) and all(map(is_siret, siret))
    siren = [row[0] for row in sql("select siren from u2")]
    assert len(set(siren)) == len(siren) and all(map(is_siren, siren))
    assert one(sql("select count(*) from e2 where siret <> siren || nic")) == 0


def test_units_and_establishments_answer_one_another(sql):
    for number in range(3):
        assert one(sql(f"select count(*) from e{number} anti join u{number} using (siren)")) == 0
        assert one(sql(f"select count(*) from u{number} anti join e{number} using (siren)")) == 0
        wrong_seat = f"""select count(*) from e{number} join u{number} using (siren)
            where (nic = nicSiegeUniteLegale) <> (etablissementSiege = 'true')"""
        assert one(sql(wrong_seat)) == 0
        wrong_state = f"""select count(*) from e{number} join u{number} using (siren)
            where etatAdministratifUniteLegale = 'C' and etatAdministratifEtablissement = 'A'"""
        assert one(sql(wrong_state)) == 0


CASES = {
    **{f"band {band or 'absent'}": f"coalesce(trancheEffectifsEtablissement, '') = '{band}'" for band in BANDS[:10]},
    "open": "etatAdministratifEtablissement = 'A'",
    "closed": "etatAdministratifEtablissement = 'F'",
    "employer": "caractereEmployeurEtablissement = 'O'",
    "not an employer": "caractereEmployeurEtablissement = 'N'",
    "employer not told": "caractereEmployeurEtablissement is null",
    "unknown day": "dateCreationEtablissement = '1900-01-01'",
    "craft": "activitePrincipaleRegistreMetiersEtablissement is not null",
    "sign": "enseigne1Etablissement not in ('[ND]')",
    "usual name": "denominationUsuelleEtablissement not in ('[ND]')",
    "complement": "complementAdresseEtablissement not in ('[ND]')",
    "hamlet without number": "typeVoieEtablissement = 'LD' and numeroVoieEtablissement is null",
    "repeated number": "indiceRepetitionEtablissement in ('B', 'T')",
    "CEDEX": "codeCedexEtablissement not in ('[ND]')",
    "partial": "statutDiffusionEtablissement = 'P'",
    "partial establishment of an open unit": "statutDiffusionEtablissement = 'P' and statutDiffusionUniteLegale = 'O'",
    "open establishment of a partial unit": "statutDiffusionEtablissement = 'O' and statutDiffusionUniteLegale = 'P'",
    "partial legal person": "statutDiffusionUniteLegale = 'P' and categorieJuridiqueUniteLegale <> '1000'",
    "head office elsewhere": "not exists (from e0 s where s.siren = e.siren and s.etablissementSiege = 'true')",
    "several sites": "nic not like '0001%'",
    "NAF 2025": "activitePrincipaleNAF25Etablissement is not null",
    "activity unknown": "activitePrincipaleEtablissement = '00.00Z'",
    "NAF rev. 1": "nomenclatureActivitePrincipaleEtablissement = 'NAFRev1'",
    "NAF 1993": "nomenclatureActivitePrincipaleEtablissement = 'NAF1993'",
    "NAP": "nomenclatureActivitePrincipaleEtablissement = 'NAP'",
    "sole trader": "categorieJuridiqueUniteLegale = '1000'",
    "married name": "nomUsageUniteLegale not in ('[ND]')",
    "acronym": "sigleUniteLegale not in ('[ND]')",
    "social economy": "economieSocialeSolidaireUniteLegale = 'O'",
    "mission": "societeMissionUniteLegale = 'O'",
    "association": "identifiantAssociationUniteLegale is not null",
    "purged": "unitePurgeeUniteLegale = 'true'",
    "PME": "categorieEntreprise = 'PME'",
    "ETI": "categorieEntreprise = 'ETI'",
    "GE": "categorieEntreprise = 'GE'",
    **{f"category {code}": f"categorieJuridiqueUniteLegale = '{code}'"
       for code in ("5499", "5710", "5720", "6540", "9220", "5599", "6533", "6598", "7210", "9110")},
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(CASES))
def test_every_case_is_there(sql, case):
    assert one(sql(f"select count(*) from e0 e join u0 using (siren) where {CASES[case]}")) > 0


def test_a_bridge_of_many_to_many(sql):
    pairs = """(select distinct activitePrincipaleEtablissement a, activitePrincipaleNAF25Etablissement b from e0
        where b is not null)"""
    assert one(sql(f"select count(*) from (select a from {pairs} group by a having count(*) > 1)")) > 50
    assert (
        one(sql(f"select count(*) from (select b from {pairs} where a <> '00.00Z' group by b having count(*) > 1)"))
        > 20
    )


def test_size_year_and_employer_go_together(sql):
    odd = """select count(*) from e0 where etatAdministratifEtablissement = 'A' and (
        (anneeEffectifsEtablissement is null) <> (coalesce(trancheEffectifsEtablissement, 'NN') = 'NN')
        or (trancheEffectifsEtablissement >= '01' and trancheEffectifsEtablissement < 'A'
            and caractereEmployeurEtablissement is distinct from 'O'))"""
    assert one(sql(odd)) == 0


def test_partial_diffusion_is_marked_as_insee_does(sql):
    share = one(sql("select avg((statutDiffusionEtablissement = 'P')::int) from e0"))
    assert 0.08 < share < 0.12
    [masked] = sql(
        """select count(*) filter (codePostalEtablissement <> '[ND]' or libelleVoieEtablissement <> '[ND]'
            or coordonneeLambertAbscisseEtablissement <> '[ND]' or enseigne1Etablissement <> '[ND]'),
            count(*) filter (libelleCommuneEtablissement = '[ND]'
            or activitePrincipaleEtablissement = '[ND]') from e0 where statutDiffusionEtablissement = 'P'"""
    )
    assert masked == (0, 0)
    assert one(sql("select count(*) from e0 where statutDiffusionEtablissement = 'O' and columns(*) = '[ND]'")) == 0
    persons = "categorieJuridiqueUniteLegale = '1000' and statutDiffusionUniteLegale = 'P'"
    assert (
        one(sql(f"select count(*) from u0 where {persons} and '[ND]' not in (nomUniteLegale, prenom1UniteLegale)")) == 0
    )
    legal = "categorieJuridiqueUniteLegale <> '1000' and statutDiffusionUniteLegale = 'P'"
    assert one(sql(f"select count(*) from u0 where {legal} and denominationUniteLegale like '%(imaginaire)'")) > 0
    assert one(sql(f"select count(*) from u0 where {legal} and sigleUniteLegale <> '[ND]'")) == 0


def test_everything_says_that_it_is_imaginary(sql):
    assert sql("select distinct identifiantAdresseEtablissement from e0") == [("IMAGINAIRE",)]
    named = "coalesce(denominationUniteLegale, nomUniteLegale)"
    assert one(sql(f"select count(*) from u0 where {named} is null")) == 0
    odd = f"{named} not like '%(imaginaire)' and {named} not like 'IMAGINAIRE %' and {named} <> '[ND]'"
    assert one(sql(f"select count(*) from u0 where {odd}")) == 0
    signs = "enseigne1Etablissement not like '%(imaginaire)' and enseigne1Etablissement <> '[ND]'"
    assert one(sql(f"select count(*) from e0 where {signs}")) == 0


def test_names_tell_the_activity_and_are_varied(sql):
    forges = sql(
        """select distinct activitePrincipaleUniteLegale from u0 where denominationUniteLegale like 'CHAUDRONNERIE %'
        and nomenclatureActivitePrincipaleUniteLegale = 'NAFRev2'"""
    )
    assert forges and {row[0] for row in forges} <= {"25.11Z", "00.00Z"}
    [[named, different]] = sql("select count(denominationUniteLegale), count(distinct denominationUniteLegale) from u0")
    assert 0.6 * named < different < named


def test_days_are_in_order(sql):
    odd = """dateCreationEtablissement > dateDebut or dateDebut >= '2026-10-01'
        or (etatAdministratifEtablissement = 'F' and dateDebut <= dateCreationEtablissement)
        or dateDernierTraitementEtablissement < dateDebut"""
    assert one(sql(f"select count(*) from e0 where {odd}")) == 0


def test_history_ends_where_the_stock_stands(sql):
    for number in range(3):
        odd = f"""select count(*) from e{number} e join (
                select siret, count(*) n, count(*) filter (dateFin is null) latest,
                    max_by(struct_pack(d := dateDebut, s := etatAdministratifEtablissement,
                    a := activitePrincipaleEtablissement, c := caractereEmployeurEtablissement), dateDebut) p,
                    bool_or(dateFin < dateDebut) backwards from h{number} group by siret) using (siret)
            where n <> nombrePeriodesEtablissement::int or latest <> 1 or backwards or p.d <> dateDebut
                or p.s <> etatAdministratifEtablissement or p.a <> activitePrincipaleEtablissement
                or p.c is distinct from caractereEmployeurEtablissement"""
        assert one(sql(odd)) == 0
        assert one(sql(f"select count(distinct siret) from h{number}")) == one(sql(f"select count(*) from e{number}"))


def test_links_join_establishments(sql):
    for number in range(3):
        apart = f"""select count(*) from l{number} anti join e{number} on siret = siretEtablissementPredecesseur
            anti join e{number} s on s.siret = siretEtablissementSuccesseur"""
        assert one(sql(apart)) == 0
        left_open = f"""select count(*) from l{number} join e{number} on siret = siretEtablissementPredecesseur
            where etatAdministratifEtablissement = 'A' or dateLienSuccession <> dateDebut"""
        assert one(sql(left_open)) == 0
    twice = "select count(*) from (select 1 from l2 group by siretEtablissementPredecesseur having count(*) > 1)"
    assert one(sql(twice)) == 0


def test_jobs_are_those_of_the_employers(folder, sql):
    jobs = duckdb.sql(f"select * from '{folder}/{MONTHS[0]}/{JOBS}.parquet'")
    assert {
        "code_commune",
        "code_ape",
        "effectifs_salaries_2006",
        "effectifs_salaries_2025",
        "nombre_d_etablissements_2025",
    } <= set(jobs.columns)
    total, firms, secret = duckdb.sql(
        """select sum(effectifs_salaries_2025::int), sum(nombre_d_etablissements_2025::int),
            count(*) filter (ape not like '%(imaginaire)') from jobs"""
    ).fetchall()[0]  # fmt: skip
    private = """select count(*) from e0 join u0 using (siren) where etatAdministratifEtablissement = 'A'
        and trancheEffectifsEtablissement between '01' and '53' and categorieJuridiqueUniteLegale not like '7%'"""
    assert firms == one(sql(private)) and secret == 0
    assert 3 < total / firms < 25
    assert all(
        re.fullmatch(r"\d{4}[A-Z]", row[0])
        for row in not_empty(duckdb.sql("select distinct code_ape from jobs").fetchall())
    )


def test_counts_follow_populations(tmp_path):
    report = simulate(SimulationRequest("FR", tmp_path, format="parquet", establishments=120_000))
    assert report.establishments == pytest.approx(120_000, rel=0.01)
    assert report.legal_units == pytest.approx(120_000 * 29.9 / 43.9, rel=0.01)
    rows = duckdb.sql(
        f"select left(codeCommuneEtablissement, 2), count(*) from '{tmp_path}/{TABLES['e']}.parquet' group by 1"
    ).fetchall()
    communes = read_communes()
    for department, count in not_empty(rows):
        people = communes.population[[code.startswith(department) for code in communes.codes]].sum()
        expected = 120_000 * people / communes.population.sum()
        assert count == pytest.approx(expected, abs=5 * np.sqrt(expected) + 5), department


def test_the_whole_register_has_the_size_of_the_real_one():
    world = World(Streams(1), read_communes(), read_activities(), 1.0, EPOCH)
    assert world.stock == 29_900_000
    local = world.stock - world.groups
    assert world.groups + world.group_starts[-1] + local * (1 + world.more_sites) == pytest.approx(
        43_900_000, rel=0.002
    )


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    script = (
        "import sys; from pathlib import Path; from vigie.services.simulate import *;"
        "simulate(SimulationRequest('85191', Path(sys.argv[1]), int(sys.argv[2]), format='csv', establishments=3000))"
    )
    for name, seed, salt in (("one", "5", "1"), ("two", "5", "2")):
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / name), seed],
            check=True,
            env={"PYTHONHASHSEED": salt, "PATH": ""},
        )
    simulate(SimulationRequest("85191", tmp_path / "other", 6, format="csv", establishments=3_000))
    for name in (*TABLES.values(), JOBS):
        assert filecmp.cmp(tmp_path / "one" / f"{name}.csv", tmp_path / "two" / f"{name}.csv", shallow=False)
        assert not filecmp.cmp(tmp_path / "one" / f"{name}.csv", tmp_path / "other" / f"{name}.csv", shallow=False)


def test_a_commune_is_the_same_alone_and_within_its_departement(tmp_path):
    world = World(Streams(1), read_communes(), read_activities(), 0.03, EPOCH)
    for territory in ("85191", "85"):
        (tmp_path / territory).mkdir()
        Producer(world, find_place(territory, world.communes), None).write(tmp_path / territory, "parquet", 2)
    alone, within = (f"'{tmp_path}/{territory}/{TABLES['e']}.parquet'" for territory in ("85191", "85"))
    differences = f"(from {alone} except from (from {within} where codeCommuneEtablissement = '85191'))"
    assert one(duckdb.sql(f"select count(*) from {differences}").fetchall()) == 0
    here = f"(from {within} select count(*) where codeCommuneEtablissement = '85191')"
    counts = duckdb.sql(f"select (select count(*) from {alone}), {here}")
    [(mine, theirs)] = counts.fetchall()
    assert mine == theirs > 500


def test_memory_does_not_follow_the_number_of_rows(tmp_path):
    """Between 60 thousand and 600 thousand establishments, the peak grows by what a few blocks hold, no more."""
    script = (
        "import sys; from pathlib import Path; from vigie.services.simulate import *;"
        "simulate(SimulationRequest('FR', Path(sys.argv[1]), format='csv', establishments=int(sys.argv[2])));"
        # Not `ru_maxrss`: that of a new process begins with the size of the one that started it.
        "print(int(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0]) >> 10)"
    )
    peak = [
        int(
            subprocess.run(
                [sys.executable, "-c", script, str(tmp_path), count], check=True, capture_output=True, text=True
            ).stdout
        )
        for count in ("60000", "600000")
    ]
    written = sum(file.stat().st_size for file in tmp_path.iterdir()) >> 20
    assert peak[1] - peak[0] < 350 < written + 350
    assert peak[1] < 800


def test_a_report_in_words(tmp_path):
    report = simulate(SimulationRequest("85191", tmp_path, format="csv.gz", establishments=2_000))
    said = report.as_dict()
    assert said["simulated"] and said["territory"] == "commune:85191" and said["name"] == "La Roche-sur-Yon"
    assert said["establishments"] == report.snapshots[0].rows[TABLES["e"]] == pytest.approx(2_000, rel=0.1)
    assert "contours" in report.notes[0] and report.without_coordinates == 1
    kept = json.loads((tmp_path / "simulation.json").read_text(encoding="utf-8"))
    assert kept | {"seconds": said["seconds"]} == json.loads(json.dumps(said))
    assert {file.name for file in tmp_path.iterdir()} == {f"{name}.csv.gz" for name in (*TABLES.values(), JOBS)} | {
        "simulation.json", PLAIN_FILE, PROFESSIONAL_FILE, STRUCTURED_FILE,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "error"),
    [({"territory": "nulle part"}, RequestFault), ({"territory": "98"}, NotFound), ({"format": "xlsx"}, RequestFault),
     ({"establishments": 0}, RequestFault), ({"months": 0}, RequestFault), ({"months": 99}, RequestFault),
     ({"date": datetime.date(2026, 10, 15)}, RequestFault), ({"date": datetime.date(2019, 1, 1)}, RequestFault)],
)  # fmt: skip
def test_requests_that_make_no_sense_are_refused(tmp_path, change, error):
    wanted = {"territory": "85191", "out": tmp_path / "out", "establishments": 100} | change
    with pytest.raises(error):
        simulate(SimulationRequest(**wanted))
    assert not (tmp_path / "out").exists()
