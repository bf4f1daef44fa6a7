"""Files under the names that data.gouv.fr gives them today, with their whole headers, typed as they are published."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import official_files as official
from tests.refreshing import load_underived, rows
from vigie.errors import StructureFault
from vigie.sources.base import discover
from vigie.sources.cards_reader import read_cards

CARDS = read_cards()
DOUBLES = ("siren", "sirenDoublon", "dateDernierTraitementDoublon")
UNIT_HISTORY = (
    "siren", "dateFin", "dateDebut", "etatAdministratifUniteLegale", "changementEtatAdministratifUniteLegale",
    "nomUniteLegale", "changementNomUniteLegale", "denominationUniteLegale",
)  # fmt: skip
GEOLOCATION = ("siret", "x", "y", "qualite_xy", "epsg", "plg_code_commune", "y_latitude", "x_longitude")


@pytest.mark.parametrize(
    ("name", "header", "source", "read"),
    [
        ("stocketablissement", official.ESTABLISHMENT_54, "sirene_etablissement", 36),
        ("stockunitelegale", official.UNIT_35, "sirene_unite_legale", 25),
        ("stocketablissementhistorique", official.HISTORY, "sirene_historique", 7),
        ("stocketablissementlienssuccession", official.SUCCESSION, "sirene_succession", 5),
    ],
)
def test_the_headers_of_today_under_the_names_of_today(tmp_path, name, header, source, read):
    assert len(header) == {"stocketablissement": 54, "stockunitelegale": 35}.get(name, len(header))
    for suffix in ("parquet.parquet", "csv.zip"):
        folder = tmp_path / suffix
        folder.mkdir()
        path = folder / f"stock-{name}-{suffix}"
        if suffix.endswith("zip"):
            official.zipped(path, {f"{name}_utf8.csv": ",".join(header) + "\n"})
        else:
            official.write(path, header, [])
        [found] = discover([folder], CARDS)
        assert (found.source, len(found.reads)) == (source, read)


@pytest.mark.parametrize("header", [DOUBLES, UNIT_HISTORY])
def test_files_of_sirene_that_are_not_read_are_skipped_in_a_folder(tmp_path, header):
    official.write(tmp_path / "stock-autre-parquet.parquet", header, [])
    official.write(tmp_path / "stock-stocketablissement-parquet.parquet", official.ESTABLISHMENT_54, [])
    assert [file.source for file in discover([tmp_path], CARDS)] == ["sirene_etablissement"]


def test_geolocation_is_refused_by_name(tmp_path):
    path = official.write(tmp_path / "GeolocalisationEtablissement.parquet", GEOLOCATION, [])
    with pytest.raises(StructureFault, match="n’est celui d’aucune source connue"):
        discover([path], CARDS)


def test_a_parquet_typed_as_published_is_read_as_text(tmp_path: Path):
    row = official.establishment(1)
    typed = {name: pa.array([row.get(name) or None], pa.string()) for name in official.ESTABLISHMENT_54}
    typed["dateCreationEtablissement"] = pa.array([date(2015, 3, 1)], pa.date32())
    typed["dateDebut"] = pa.array([date(2015, 3, 1)], pa.date32())
    typed["dateDernierTraitementEtablissement"] = pa.array([datetime(2026, 9, 12, 10, 11, 12)], pa.timestamp("us"))
    typed["etablissementSiege"] = pa.array([True])
    typed["anneeEffectifsEtablissement"] = pa.array([2023], pa.int64())
    path = tmp_path / "stock-stocketablissement-parquet.parquet"
    pq.write_table(pa.table(typed), path)
    report = load_underived(tmp_path / "data", path)
    assert (report.establishments, report.rejected_total) == (1, 0)
    [found] = rows(tmp_path / "data", "establishment")
    assert (found["created"], found["head_office"], found["size_year"]) == (date(2015, 3, 1), True, 2023)
