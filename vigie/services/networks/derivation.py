"""Derivation of the networks of territories: one network of the whole country, drawn again for all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa

from vigie.measures.networks.draws import by_territory, deviations
from vigie.measures.networks.graph import graph
from vigie.services.networks import COVERAGE, DRAWS, LEAST_OBSERVED, SEED
from vigie.sources.ties.groups import Certainty
from vigie.store.derivation import Derivation, recipe
from vigie.store.network_tables import TERRITORY_NETWORK
from vigie.store.tables import ESTABLISHMENT, MEMBERSHIP
from vigie.store.tie_tables import TIE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from vigie.store.derivation import BuildReader

_LEVELS = ("ze", "epci", "aav", "departement", "region")


def territory_network(tables: Mapping[str, ir.Table], reader: BuildReader) -> pa.Table:
    """Return the coverage of every territory where firms employ, and the measures of those that can be observed."""
    held, member = tables["establishment"], tables["membership"]
    here = held.filter(held.state == "A", held.employer == "O", held.diffusion == "O", held.commune.notnull())
    latest = member.group_by("kind").agg(vintage=member.vintage.max())
    within = member.semi_join(latest, ["kind", "vintage"]).filter(lambda one: one.kind.isin(_LEVELS))
    placed = here.select("siren", "commune").distinct().inner_join(within.select("kind", "code", "commune"), "commune")
    tie = tables["tie"]
    declared = tie.filter(tie.certainty == Certainty.DECLARED.value, tie.siren < tie.partner)
    ties = reader.arrow(declared.select("siren", "partner").distinct().order_by("siren", "partner"))
    employers = {
        (row["kind"], row["code"]): int(row["employers"])
        for row in reader.rows(placed.group_by("kind", "code").agg(employers=placed.siren.nunique()))
    }
    both = declared.select("siren").union(declared.select(siren="partner")).distinct()
    tied = reader.arrow(placed.semi_join(both, "siren").select("kind", "code", "siren").distinct())
    return _rows(ties, tied, employers)


def _rows(ties: pa.Table, tied: pa.Table, employers: Mapping[tuple[str, str], int]) -> pa.Table:
    pairs = [(str(one), str(other)) for one, other in zip(*(ties[name].to_pylist() for name in ("siren", "partner")),
                                                         strict=True)]  # fmt: skip
    rank = {siren: place for place, siren in enumerate(sorted({siren for pair in pairs for siren in pair}))}
    inside: dict[tuple[str, str], list[int]] = {}
    for kind, code, siren in zip(*(tied[name].to_pylist() for name in ("kind", "code", "siren")), strict=True):
        inside.setdefault((kind, code), []).append(rank[siren])
    rows: list[dict[str, Any]] = []
    for key, count in sorted(employers.items()):
        firms = len(inside.get(key, ()))
        rows.append(_row(key, COVERAGE, count, firms) | {"observed": firms / count})
    observed = sorted(key for key, firms in inside.items() if len(firms) >= LEAST_OBSERVED)
    if observed:
        rows += _measured(pairs, rank, {key: inside[key] for key in observed}, employers)
    return pa.Table.from_pylist(rows, schema=ibis.schema(TERRITORY_NETWORK.schema).to_pyarrow())


def _measured(
    pairs: list[tuple[str, str]], rank: Mapping[str, int], inside: Mapping[tuple[str, str], list[int]],
    employers: Mapping[tuple[str, str], int],
) -> list[dict[str, Any]]:  # fmt: skip
    first, second = (np.array([rank[pair[side]] for pair in pairs], dtype=np.int64) for side in (0, 1))
    places: NDArray[np.bool_] = np.zeros((len(inside), len(rank)), dtype=bool)
    for row, firms in enumerate(inside.values()):
        places[row, firms] = True
    found = deviations(graph(first, second, len(rank)), by_territory(places), DRAWS, SEED)
    return [
        _row(key, name, employers[key], len(inside[key]))
        | {side: float(getattr(one, side)[row]) for side in ("observed", "expected", "low", "high")}
        for name, one in found.items()
        for row, key in enumerate(inside)
    ]


def _row(key: tuple[str, str], measure: str, employers: int, firms: int) -> dict[str, Any]:
    kind, code = key
    return {"kind": kind, "code": code, "measure": measure, "employers": employers, "firms": firms}


NETWORK = Derivation(
    TERRITORY_NETWORK, (TIE, ESTABLISHMENT, MEMBERSHIP),
    recipe("measures/networks/*.py", "services/networks/__init__.py", "services/networks/derivation.py"),
    territory_network,
)  # fmt: skip
