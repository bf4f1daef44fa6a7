"""One refresh of all the real files at hand: what each is recognised as; its sums are those of the file itself."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.not_empty import not_empty
from tests.refreshing import in_service, load, rows
from tests.small_stock import establishment, unit, write_stock
from vigie.errors import StructureFault
from vigie.services.refresh import RefreshReport
from vigie.sources import cog
from vigie.sources.base import discover
from vigie.sources.cards_reader import read_cards
from vigie.sources.cog_lookup import code_book
from vigie.sources.places import cities

CARDS = {card.id: card for card in read_cards()}

# Files to load together; a table published twice (as Parquet and as CSV) is loaded once.
RECOGNISED = {
    "emploi/bassin_commune.parquet": "bassins_emploi",
    "emploi/metiers_tension.parquet": "metiers_en_tension",
    "emploi/rome_fap.parquet": "metiers_rome",
    "emploi/rome_naf_2017_complet.parquet": "embauches_rome_naf_2017",
    "emploi/rome_naf_2021.parquet": "embauches_rome_naf_2021",
    "foncier/ademe_sites_pollues.parquet": "sites_pollues",
    "foncier/friches_ardennes_2025.parquet": "cartofriches",
    "foncier/zones_activites_rennes_2018.parquet": "zones_activites_rennes_2018",
    "foncier/vacance_logements_2021.parquet": "vacance_logements",
    "io/wiod_france_1995_2011.parquet": "echanges_wiod",
    "levers/aids/fonds_vert_2023_laureats.parquet": "fonds_vert",
    "levers/land/cartofriches_stats_departements_2025-02.csv": "friches_departements",
    "levers/land/cartofriches_stats_regions_2025-02.csv": "friches_regions",
    "levers/land/dvf_city_stats_benefriches.parquet": "ventes_logements",
    "levers/territories/ami.csv": "zonage_avenir_montagnes_ingenierie",
    "levers/territories/amm.csv": "zonage_avenir_montagnes",
    "levers/territories/cde.csv": "zonage_campus_connectes",
    "levers/territories/citeduc.csv": "zonage_cites_educatives",
    "levers/territories/epci_communes_2025.parquet": "populations_2025",
    "levers/territories/fabp.csv": "zonage_fabriques_prospectives",
    "levers/territories/frr_communes_2025-07.parquet": "zonage_frr",
    "levers/territories/pao.csv": "zonage_plans_operationnels",
    "levers/territories/va.csv": "zonage_villages_avenir",
    "levers/transport/aeroports_fr.csv": "aerodromes",
    "levers/transport/arcep_sites_mobiles_2018_01.parquet": "sites_mobiles",
    "levers/transport/gares_sncf.csv": "gares",
    "numerique/couverture_4g_dom_2019.parquet": "zones_blanches_4g",
    "numerique/ftth_communes_2017T3_2018T1.parquet": "fibre_communes_2018",
    "numerique/ftth_communes_locaux.parquet": "locaux_2018",
    "numerique/ftth_epci_2018.parquet": "fibre_epci_2018",
    "obs_territoires/communes_id1_id9_2018.parquet": "cadre_de_vie_communes_2018",
    "obs_territoires/epci_id1_id9_2018.parquet": "cadre_de_vie_epci_2018",
    "obs_territoires/filosofi_2020_communes.parquet": "filosofi_2020",
    "obs_territoires/portrait_epci_2016.parquet": "portrait_epci",
    "population/communes_1968_2024.parquet": "population_recensement_series",
    "programmes/action_coeur_de_ville.parquet": "zonage_action_coeur_de_ville_liste",
    "programmes/fabriques_de_territoire.parquet": "tiers_lieux",
    "programmes/france_services.parquet": "france_services",
    "programmes/manufactures_de_proximite.parquet": "manufactures_de_proximite",
    "programmes/petites_villes_de_demain.parquet": "zonage_petites_villes_de_demain_liste",
    "programmes/territoires_industrie_2023.parquet": "zonage_territoires_industrie_liste",
    "tissu_2014/etablissements_par_tranche_commune.parquet": "tissu_etablissements_2014",
    "tissu_2014/salaires_horaires_commune.parquet": "salaires_2014",
    "zonages/communes_2013.parquet": "zonages_communes_2013",
    "zonages/communes_2015.parquet": "zonages_communes_2015",
    "zonages/communes_2018.parquet": "zonages_communes_2018",
    "zonages/communes_2019.parquet": "zonages_communes_2019",
    "zonages/communes_2021.parquet": "zonages_communes_2021",
    "zonages/communes_2024.parquet": "zonages_communes_2024",
    "zonages/communes_2025_libelles.parquet": "zonages_communes_2025",
}
# What is summed, and how the file itself writes it: (indicator, file, commune, value as SQL, rows kept).
SUMMED = [
    ("menages_fiscaux", "obs_territoires/filosofi_2020_communes", "CODGEO", "try_cast(NBMENFISC20 AS INT)", "true"),
    ("etablissements_2014", "tissu_2014/etablissements_par_tranche_commune", "CODGEO", "E14TST::DOUBLE", "true"),
    ("ventes_logements", "levers/land/dvf_city_stats_benefriches", "city_code", "dvf_nbtrans::DOUBLE", "true"),
    ("population_municipale_2025", "levers/territories/epci_communes_2025", "insee", "pmun_2025", "insee <> ''"),
    (
        "fonds_vert_montant", "levers/aids/fonds_vert_2023_laureats", "lpad(code_commune, 5, '0')",
        "replace(regexp_replace(montant_engage, '[^0-9,-]', '', 'g'), ',', '.')::DOUBLE", "code_commune <> ''",
    ),
    (
        "locaux_fibre_2018t1", "numerique/ftth_communes_2017T3_2018T1", '"Code commune"', '"T1 2018"::DOUBLE',
        "Champ = 'Locaux Raccordables'",
    ),
]  # fmt: skip
TRIED, SEED = 200, 20_261_128


@pytest.mark.parametrize(("name", "card"), RECOGNISED.items(), ids=list(RECOGNISED.values()))
def test_each_file_is_recognised_as_what_it_is(shared: Path, name: str, card: str) -> None:
    path = shared / "data" / name
    if not path.is_file():
        pytest.skip(f"{name} n’est pas dans les données de référence")
    [file] = discover([path], list(CARDS.values()))
    assert file.card == card


def test_the_other_files_are_refused_without_being_taken_for_another(shared: Path) -> None:
    data, taken = shared / "data", set(RECOGNISED)
    others = [
        path for path in sorted(data.rglob("*"))
        if path.suffix in (".parquet", ".csv") and str(path.relative_to(data)) not in taken
    ]  # fmt: skip
    wrong = []
    for path in not_empty(others):
        try:
            discover([path], list(CARDS.values()))
        except StructureFault as fault:
            if "ressemble" in str(fault):
                wrong.append((path.name, fault.what))
    # Three are lists of members of a programme, two tables of a former year of the register of emissions, whose
    # published layout has other columns: truly like it.
    assert {name for name, _ in wrong} <= {
        "ti_communes.parquet", "ti_membres.csv", "acv_insee.csv", "irep_etablissements.parquet",
        "irep_emissions_2015.parquet",
    }  # fmt: skip


@pytest.fixture(scope="module")
def loaded(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, RefreshReport]]:
    folder = tmp_path_factory.mktemp("everything")
    files = [shared / "data" / name for name in RECOGNISED]
    stock = write_stock(folder / "stock", [establishment(1)], [unit(1)], kind="csv")
    present = [path for path in files if path.is_file()]
    if not present:
        pytest.skip("aucun fichier publié dans les données de référence")
    yield folder / "data", load(folder / "data", stock, *present)


@pytest.fixture(scope="module")
def values(loaded: tuple[Path, RefreshReport]) -> pa.Table:
    """Every published value in service: more than a million rows, read once."""
    return in_service(loaded[0], "indicator_value")


@pytest.mark.slow
def test_one_refresh_loads_them_all(loaded: tuple[Path, RefreshReport], values: pa.Table) -> None:
    data, report = loaded
    known = values.group_by(["indicator", "kind"]).aggregate([]).to_pylist()
    held = {(row["indicator"], row["kind"]) for row in known}
    assert len({name for name, _ in held}) >= 60
    assert {kind for _, kind in held} == {"commune", "epci", "departement", "region"}
    kinds = {row["kind"] for row in rows(data, "territory")}
    assert kinds >= {"commune", "epci", "ze", "aav", "bv", "uu", "bassin", "programme"}
    places = {row["kind"] for row in rows(data, "place")}
    assert places >= {"gare", "aerodrome", "tiers_lieu", "manufacture", "france_services", "site_mobile", "friche",
                      "zone_activites"}  # fmt: skip
    aside = [remark for remark in report.remarks if "non reprises" in remark.what]
    assert {remark.file for remark in aside} == {"communes_2024.parquet"}
    assert len(rows(data, "hiring")) == 11_210 + 5_071


@pytest.mark.slow
@pytest.mark.parametrize("case", SUMMED, ids=[one[0] for one in SUMMED])
def test_sums_are_those_of_the_file(shared: Path, values: pa.Table, case: tuple[str, str, str, str, str]) -> None:
    indicator, file, commune, value, kept = case
    published = duckdb.read_parquet(str(shared / "data" / f"{file}.parquet")).filter(kept)
    counted: dict[str, float] = {}
    for code, number in published.project(f"{commune}, {value}").fetchall():
        today = code_book().today(str(code).zfill(5))
        if today is not None and number is not None:
            today = cities().get(today, today)
            counted[today] = counted.get(today, 0.0) + number
    kept_rows = values.filter((pc.field("indicator") == indicator) & (pc.field("kind") == "commune"))
    held = {row["code"]: row["value"] for row in kept_rows.to_pylist() if row["value"] is not None}
    groups = _members("epci") | _members("departement")
    for code in not_empty(random.Random(SEED).sample(sorted(groups), TRIED)):  # noqa: S311 - a test's dice
        members = groups[code]
        assert sum(held.get(one, 0.0) for one in members) == pytest.approx(
            sum(counted.get(one, 0.0) for one in members if one in held), abs=1e-6
        )
    assert sum(held.values()) > 0 and len(held) > 0.9 * len(counted)


def _members(kind: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in cog.memberships([cog.latest_vintage()]).to_pylist():
        if row["kind"] == kind:
            found.setdefault(row["code"], set()).add(cities().get(row["commune"], row["commune"]))
    return found


GAP = """
WITH published AS (SELECT epci2018 AS epci, try_cast(replace({column}, ',', '.') AS DOUBLE) AS own FROM epci),
weighed AS (
    SELECT EPCI AS epci, sum(value * weight) / sum(weight) AS mean FROM (
        SELECT zone.EPCI, try_cast(replace(one.{column}, ',', '.') AS DOUBLE) AS value, {weight} AS weight
        FROM communes AS one JOIN zone USING (CODGEO) LEFT JOIN people USING (CODGEO) LEFT JOIN homes USING (CODGEO)
    ) WHERE value IS NOT NULL AND weight > 0 GROUP BY 1
)
SELECT median(abs(mean - own) / abs(own)) * 100, count(*) FROM weighed JOIN published USING (epci) WHERE own <> 0
"""


def test_each_mean_says_how_far_it_falls_from_what_is_published_for_epci(shared: Path) -> None:
    data, held = shared / "data", duckdb.connect()
    for name, path in (
        ("epci", "obs_territoires/epci_id1_id9_2018"), ("communes", "obs_territoires/communes_id1_id9_2018"),
        ("zone", "zonages/communes_2018"),
    ):  # fmt: skip
        held.register(name, held.read_parquet(str(data / f"{path}.parquet")))
    people = held.read_parquet(str(data / "population/communes_1968_2024.parquet")).filter("annee::VARCHAR = '2018'")
    held.register("people", people.project("CODGEO, pop"))
    homes = held.read_parquet(str(data / "numerique/ftth_communes_locaux.parquet")).project(
        "\"Code commune\" AS CODGEO, try_cast(regexp_replace(Logements, '[^0-9]', '', 'g') AS DOUBLE) AS homes"
    )
    held.register("homes", homes)
    weights = {"population_recensement": "pop::DOUBLE", "logements_2018": "homes"}
    for use in not_empty(CARDS["cadre_de_vie_communes_2018"].uses):
        weight = weights[str(use.layout["weight"])]
        [(gap, groups)] = held.execute(GAP.format(column=use.columns["value"], weight=weight)).fetchall()
        assert groups > 1_200
        assert f"écart médian de {decimal(gap)}\u00a0%" in str(use.layout["accuracy"]), (use.id, gap)


def decimal(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
