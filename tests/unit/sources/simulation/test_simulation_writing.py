"""Files take their name when they are whole; the formats hold the same content."""

from __future__ import annotations

import gzip
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vigie.sources.simulation.columns import texts
from vigie.sources.simulation.writing import FORMATS, TableFile

CONTENT = b"siren,nom,vide\n001,CHAUDRONNERIE DU VAL (imaginaire),\n002,\xc3\x89TABLI,\n"


def write(folder, kind):
    with TableFile(folder, "Table_utf8", ("siren", "nom", "vide"), kind) as table:
        table.write({"siren": texts(["001"]), "nom": texts(["CHAUDRONNERIE DU VAL (imaginaire)"])})
        table.write({"nom": texts(["ÉTABLI"]), "siren": texts(["002"])})
    assert table.rows == 2
    return table.path


def csv_bytes(path):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == ["Table_utf8.csv"]
            return archive.read("Table_utf8.csv")
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        assert set(table.schema.types) == {pa.string()}
        rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
        lines = [table.column_names, *([value or "" for value in row] for row in rows)]
        return "".join(",".join(line) + "\n" for line in lines).encode()
    return path.read_bytes()


@pytest.mark.parametrize("kind", FORMATS)
def test_the_content_is_the_same_in_every_format(tmp_path, kind):
    assert csv_bytes(write(tmp_path, kind)) == CONTENT


@pytest.mark.parametrize("kind", FORMATS)
def test_the_bytes_are_the_same_twice(tmp_path, kind):
    (tmp_path / "again").mkdir()
    assert write(tmp_path, kind).read_bytes() == write(tmp_path / "again", kind).read_bytes()


@pytest.mark.parametrize("kind", FORMATS)
def test_an_interruption_leaves_nothing(tmp_path, kind):
    def interrupted() -> None:
        with TableFile(tmp_path, "Table_utf8", ("siren",), kind) as table:
            table.write({"siren": texts(["001"])})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_a_former_file_stays_until_the_new_one_is_whole(tmp_path):
    path = write(tmp_path, "csv")
    with pytest.raises(pa.ArrowInvalid), TableFile(tmp_path, "Table_utf8", ("siren",), "csv") as table:
        table.write({"siren": texts(['un " guillemet'])})
    assert path.read_bytes() == CONTENT
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
