"""The study of `docs/etudes`: every figure comes from the data again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.write_study import PAGE, study


def test_every_figure_is_found_again(shared: Path) -> None:
    data = shared / "data"
    needed = ("population/communes_1968_2024.parquet", "zonages/communes_2019.parquet", "zonages/communes_2024.parquet")
    if any(not (data / name).is_file() for name in needed):
        pytest.skip("populations and zonings of communes are not there")
    kept = PAGE.read_text("utf-8")
    assert len(re.findall(r"\d", kept)) > 1000
    assert study(data).splitlines() == kept.splitlines(), "docs/etudes est périmé : tools/write_study.py --data DOSSIER"
