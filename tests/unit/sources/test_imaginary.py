"""Files say by what they hold that they are imaginary; those that say it of some rows only are refused."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vigie.errors import StructureFault
from vigie.sources.base import SourceFile
from vigie.sources.imaginary import is_imaginary, refusal_beside

MARKED = [("01001", "Là (imaginaire)"), ("01002", "Ici (imaginaire)")]
REAL = [("01001", "Là"), ("01002", "Ici")]
FORMATS = ("csv", "csv.gz", "zip", "parquet")


def written(folder: Path, kind: str, rows: list[tuple[str, str]]) -> SourceFile:
    """Write rows in a format, and return the file as it is recognised."""
    path = folder / f"zones.{kind}"
    text = "".join(f"{code};{name}\n" for code, name in [("CODGEO", "LIBGEO"), *rows]).encode()
    if kind == "parquet":
        codes, names = zip(*rows, strict=True) if rows else ((), ())
        pq.write_table(pa.table({"CODGEO": pa.array(codes, pa.string()), "LIBGEO": pa.array(names, pa.string())}), path)
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("zones.csv", text)
    elif kind == "csv.gz":
        path.write_bytes(gzip.compress(text))
    else:
        path.write_bytes(text)
    member = "zones.csv" if kind == "zip" else None
    return SourceFile("zonage:x", path, kind, member, ("CODGEO", "LIBGEO"), ";", path.name)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_is_imaginary_when_each_of_its_rows_says_so(tmp_path: Path, kind: str) -> None:
    assert is_imaginary(written(tmp_path, kind, MARKED))
    assert not is_imaginary(written(tmp_path, kind, REAL))
    assert not is_imaginary(written(tmp_path, kind, []))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("rows", [[*MARKED, *REAL], [*REAL, *MARKED]])
def test_a_file_of_which_some_rows_are_imaginary_is_refused(
    tmp_path: Path, kind: str, rows: list[tuple[str, str]]
) -> None:
    with pytest.raises(StructureFault, match=r"imaginaires, les autres non.*ne se mêlent pas"):
        is_imaginary(written(tmp_path, kind, rows))


def test_the_refusal_says_which_of_the_two_is_imaginary(tmp_path: Path) -> None:
    file = written(tmp_path, "csv", MARKED)
    assert "ses lignes sont imaginaires, mais les établissements sont réels" in str(
        refusal_beside(file, simulated=False)
    )
    assert "ses lignes sont réelles, mais les établissements sont" in str(refusal_beside(file, simulated=True))
