"""The links of a territory: what is known of them, trades that could meet and are not known to, who has just come."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from vigie.domain.french import counted
from vigie.services.firms.suppression_list import suppressed_given, without
from vigie.services.loaded import STOCK
from vigie.services.places import Places, within
from vigie.services.relatedness.reading import TieKind, activity_name
from vigie.sources.ties.groups import Certainty
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.services.questions import DataInService

LEAST_OBSERVED = 30
"""Firms with known ties below which a network says more of its sources than of the place."""
_LEAST_EMPLOYERS = 3
_NEAREST = 10
_BRIDGES = 20
ARRIVED = timedelta(days=31)
"""What has just come: files are monthly."""
NOT_OBSERVED = "Réseau non observable : moins de 30 entreprises d’ici ont un lien connu."


@dataclass(frozen=True, slots=True)
class MissingBridge:
    """Two activities of the place that hire the same trades, between whose firms no tie is known."""

    one: str
    one_label: str
    one_employers: int
    other: str
    other_label: str
    other_employers: int
    nearness: float


@dataclass(frozen=True, slots=True)
class TerritoryLinks:
    """What is known of the links of the employers of a territory; `inside` and `outside` count pairs of firms.

    Both are `None` where the network cannot be observed.
    """

    key: str
    name: str
    employers: int
    with_ties: int
    inside: int | None
    outside: int | None
    bridges: tuple[MissingBridge, ...]
    arrivals: int
    notes: tuple[str, ...]
    simulated: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the machine-readable answers print it; nobody is named."""
        return asdict(self)


def territory_links(data: DataInService, key: str) -> TerritoryLinks:
    """Return the links of a territory; raises `RequestFault` or `NotFound` for one that is not known."""
    places = Places(data.warehouse)
    place = places.territory(key)
    perimeter = places.perimeter(place)
    table, given = data.warehouse.table("establishment"), dict(perimeter.parameters)
    objecting = data.suppressions.sirens()
    open_here = without(within(table.filter(table.state == "A"), perimeter), objecting, given)
    here = open_here.filter(open_here.employer == "O", open_here.diffusion == "O")
    firms = here.select("siren").distinct()
    employers: int = data.warehouse.rows(firms.aggregate(number=firms.count()), given)[0]["number"]
    tied = _tied(data, firms, objecting, given)
    seen = tied["firms"] >= LEAST_OBSERVED
    until = date.fromisoformat(data.loaded.vintage.get(STOCK) or date.today().isoformat())
    came = open_here.filter(open_here.created.between(parameter("since", "date"), parameter("until", "date")))
    days = {"since": (until - ARRIVED).isoformat(), "until": until.isoformat()}
    arrivals: int = data.warehouse.rows(came.aggregate(number=came.count()), given | days)[0]["number"]
    bridges = _bridges(data, here, given)
    notes = [] if seen else [NOT_OBSERVED]
    if not data.loaded.tables.get("tie"):
        notes.append("Aucun fichier de liens n’est chargé.")
    if not bridges:
        notes.append("Aucun rapprochement à montrer : métiers embauchés non chargés, ou tout est déjà relié.")
    told = counted(arrivals, "établissement ouvert", "établissements ouverts")
    notes.append(f"{told} dans le mois qui précède les fichiers. L’absence de lien connu ne dit pas l’isolement.")
    return TerritoryLinks(
        key=place.key, name=place.name, employers=employers, with_ties=tied["firms"],
        inside=tied["inside"] if seen else None, outside=tied["outside"] if seen else None,
        bridges=bridges, arrivals=arrivals, notes=tuple(notes), simulated=data.loaded.simulated,
    )  # fmt: skip


def _tied(data: DataInService, firms: ir.Table, objecting: frozenset[str], given: dict[str, Any]) -> dict[str, int]:
    """Count the firms with declared ties, the pairs inside (each once) and those that lead outside."""
    table = data.warehouse.table("tie")
    declared = table.filter(table.certainty == Certainty.DECLARED.value).select("siren", "partner").distinct()
    if objecting:
        declared = declared.filter(~declared.partner.isin(suppressed_given()))
    own = declared.semi_join(firms, "siren")
    inner = own.semi_join(firms.select(partner="siren"), "partner")
    counts = {"firms": own.select("siren").distinct(), "pairs": own, "inner": inner}
    found = {
        name: data.warehouse.rows(one.aggregate(number=one.count()), given)[0]["number"] for name, one in counts.items()
    }
    return {"firms": found["firms"], "inside": found["inner"] // 2, "outside": found["pairs"] - found["inner"]}


def _bridges(data: DataInService, here: ir.Table, given: dict[str, Any]) -> tuple[MissingBridge, ...]:
    """Return the nearest pairs of activities of the place, of two divisions, between which no tie is known."""
    counts = here.group_by("naf").agg(employers=here.siren.nunique())
    held = {row["naf"]: row["employers"] for row in data.warehouse.rows(counts, given)}
    held = {naf: number for naf, number in held.items() if naf and number >= _LEAST_EMPLOYERS}
    near = data.warehouse.table("related_activity")
    hired = near.filter(near.kind == TieKind.HIRINGS.value, near["rank"] <= _NEAREST).select("a", "b", "value")
    linked = _linked(data, here, given)
    found: dict[tuple[str, str], float] = {}
    for row in data.warehouse.rows(hired):
        pair = min(row["a"], row["b"]), max(row["a"], row["b"])
        if pair[0] in held and pair[1] in held and pair[0][:2] != pair[1][:2] and pair not in linked:
            found[pair] = max(row["value"], found.get(pair, 0.0))
    first = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:_BRIDGES]
    return tuple(
        MissingBridge(one, activity_name(one), held[one], other, activity_name(other), held[other], round(value, 4))
        for (one, other), value in first
    )


def _linked(data: DataInService, here: ir.Table, given: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the pairs of activities between whose firms, both of the place, a tie is known."""
    table = data.warehouse.table("tie")
    known = here.select("siren", "naf").distinct()
    one = table.select("siren", "partner").distinct().inner_join(known, "siren").select("partner", a="naf")
    both = one.inner_join(known.select(partner="siren", b="naf"), "partner").select("a", "b").distinct()
    rows = data.warehouse.rows(both, given)
    return {(min(row["a"], row["b"]), max(row["a"], row["b"])) for row in rows if row["a"] and row["b"]}
