"""The real communes that the imaginary establishments stand in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.errors import RequestFault
from vigie.sources.simulation.streams import Flags, Integers

REFERENCE = Path(__file__).resolve().parents[1] / "reference"

# INSEE's register covers metropolitan France, the overseas départements and three collectivities.
_OUTSIDE = ("984", "986", "987", "988", "989")
_KINDS = ("commune", "epci", "ept", "departement", "region")
_PLM = {"13055": "132", "69123": "6938", "75056": "751"}


@dataclass(frozen=True)
class Communes:
    """Communes of the latest vintage, by code; Paris, Lyon and Marseille by arrondissement, as in INSEE's files."""

    vintage: int
    codes: list[str]
    labels: list[str]
    names: list[str]
    departments: list[str]
    regions: list[str]
    epci: list[str]
    parents: list[str]
    postal_codes: list[list[str]]
    population: Integers

    def __len__(self) -> int:
        """Return the number of communes."""
        return len(self.codes)


def read_communes() -> Communes:
    """Read the communes of the latest vintage shipped with Vigie."""
    table = pq.read_table(REFERENCE / "communes.parquet")
    vintage = pc.max(table["vintage"]).as_py()
    kept = pc.and_(pc.equal(table["vintage"], vintage), pc.is_in(table["kind"], pa.array(["commune", "arrondissement"])))
    rows: list[dict[str, Any]] = table.filter(kept).sort_by("code").to_pylist()
    rows = [row for row in rows if row["code"] not in _PLM and row["department"] not in _OUTSIDE]
    return Communes(
        vintage,
        [row["code"] for row in rows],
        [official_label(row["name"]) for row in rows],
        [row["name"] for row in rows],
        [row["department"] for row in rows],
        [row["region"] or "" for row in rows],
        [row["epci"] or "" for row in rows],
        [row["parent"] or row["code"] for row in rows],
        [row["postal_codes"] or [] for row in rows],
        np.array([row["population"] or 0 for row in rows], dtype=np.int64),
    )


def official_label(name: str) -> str:
    """Return a commune's name as INSEE's files write it: capitals, no accent, « PARIS 3 » for an arrondissement."""
    words = name.split()
    if words[-1] == "Arrondissement":
        name = f"{words[0]} {words[1].rstrip('erm')}"
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).upper()


@dataclass(frozen=True)
class Place:
    """What is simulated: a territory of the reference, and which communes of the world it holds."""

    key: str
    name: str
    inside: Flags


def find_place(text: str, communes: Communes) -> Place:
    """Return the territory that a code or a key ("epci:…") names; raises `RequestFault` when none does."""
    kind, _, code = text.rpartition(":")
    if text.upper() in ("FR", "FRANCE", "FRANCE:FR"):
        return Place("france:FR", "France", np.ones(len(communes), dtype=np.bool_))
    for candidate in (kind,) if kind else _KINDS:
        found = _place(candidate, code, communes)
        if found is not None:
            return found
    raise RequestFault(
        f"Territoire « {text} » inconnu : donnez le code d’une commune, d’une intercommunalité (EPCI), "
        "d’un département, d’une région, ou FR."
    )


def _place(kind: str, code: str, communes: Communes) -> Place | None:
    if kind in ("commune", "arrondissement"):
        return _commune(code, communes)
    territories = pq.read_table(REFERENCE / "territories.parquet", filters=[("kind", "=", kind), ("code", "=", code)])
    rows = [row for row in territories.to_pylist() if row["vintage"] == communes.vintage]
    if not rows:
        return None
    members = pq.read_table(REFERENCE / "membership.parquet", filters=[("kind", "=", kind), ("code", "=", code)])
    held = set(members.filter(pc.equal(members["vintage"], communes.vintage))["commune"].to_pylist())
    inside = np.array([parent in held for parent in communes.parents], dtype=np.bool_)
    return Place(f"{kind}:{code}", rows[0]["name"], inside) if inside.any() else None


def _commune(code: str, communes: Communes) -> Place | None:
    inside = np.array(
        [code in (own, parent) for own, parent in zip(communes.codes, communes.parents, strict=True)], dtype=np.bool_
    )
    if not inside.any():
        return None
    name = communes.names[int(np.flatnonzero(inside)[0])]
    return Place(f"commune:{code}", name if inside.sum() == 1 else name.split()[0], inside)




