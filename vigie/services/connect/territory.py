"""The links of a territory: what is known of them, trades that could meet and are not known to, who has just come."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.declared import InUnit, Label, TextShape
from vigie.domain.french import counted, number
from vigie.domain.zones import today_in_paris
from vigie.services.capabilities import Capability
from vigie.services.connect.known import TIES
from vigie.services.firms.suppression_list import suppressed_given, without
from vigie.services.loaded import STOCK
from vigie.services.networks import LEAST_OBSERVED
from vigie.services.places import Places, within
from vigie.services.questions import AnswerTable, Of, Question
from vigie.services.relatedness.reading import TieKind, activity_name
from vigie.sources.ties.groups import Certainty
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.services.questions import DataInService

_LEAST_EMPLOYERS = 3
_NEAREST = 10
_BRIDGES = 20
ARRIVED = timedelta(days=31)
"""What has just come: files are monthly."""
NOT_OBSERVED = "Réseau non observable : moins de 30 entreprises d’ici ont un lien connu."


@dataclass(frozen=True, slots=True)
class LinksAsked:
    """Nothing more can be asked of the links of a territory."""


@dataclass(frozen=True, slots=True)
class MissingBridge:
    """Two activities of the place that hire the same trades, between whose firms no tie is known."""

    one: Annotated[str, Label("Code"), TextShape("code")]
    one_label: Annotated[str, Label("Activité d’ici")]
    one_employers: Annotated[int, Label("Entreprises qui emploient"), InUnit("entreprises")]
    other: Annotated[str, Label("Code de l’autre"), TextShape("code")]
    other_label: Annotated[str, Label("Embauche les mêmes métiers, sans lien connu")]
    other_employers: Annotated[int, Label("Ses entreprises qui emploient"), InUnit("entreprises")]
    nearness: Annotated[float, Label("Proximité des métiers (0 à 1)")]


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


LINKS = Question(
    "links", "relations", of=Of.TERRITORY, group="observe", title="Qui travaille avec qui",
    summary="Liens connus d’un territoire, et métiers proches qu’aucun lien ne relie", takes=LinksAsked,
    rows=MissingBridge,
)  # fmt: skip
LINKS.about = (Of.ACTIVITY, lambda row: row.one)
CAPABILITY = Capability("Relations d’un territoire", questions=(LINKS,))


@LINKS.answered
def links(data: DataInService, key: str, _: LinksAsked) -> AnswerTable:
    """Return what is known of the links of a territory, and the activities that could meet; nobody is named."""
    found = territory_links(data, key)
    told = counted(found.employers, "entreprise qui emploie", "entreprises qui emploient")
    lead = f"{told}, dont {number(found.with_ties)} avec un lien connu"
    if found.inside is not None and found.outside is not None:
        inside = counted(found.inside, "lien entre elles", "liens entre elles")
        lead += f" : {inside}, {number(found.outside)} vers ailleurs"
    sources = sorted(source for source in data.loaded.vintage if source.startswith(TIES))
    return AnswerTable(
        title=f"Qui travaille avec qui : {found.name}",
        lead=f"{lead}.",
        rows=found.bridges,
        sources=(*data.loaded.cite(STOCK, *sources),),
        simulated=found.simulated,
        note=" ".join(found.notes),
    )


def territory_links(data: DataInService, key: str) -> TerritoryLinks:
    """Return the links of a territory; raises `RequestFault` or `NotFound` for one that is not known."""
    places = Places(data.warehouse)
    place = places.territory(key)
    perimeter = places.perimeter(place)
    table, given = data.warehouse.table("establishment"), dict(perimeter.parameters)
    objecting = data.suppressions.sirens()
    open_here = without(within(table.filter(table.state == "A"), perimeter), objecting, given)
    here = open_here.filter(open_here.employer == "O", open_here.diffusion == "O")
    until = date.fromisoformat(data.loaded.vintage.get(STOCK) or today_in_paris().isoformat())
    came = open_here.created.between(parameter("since", "date"), parameter("until", "date"))
    employs = (open_here.employer == "O") & (open_here.diffusion == "O")
    counts = open_here.aggregate(employers=open_here.siren.nunique(where=employs), arrivals=came.sum().fill_null(0))
    days = {"since": (until - ARRIVED).isoformat(), "until": until.isoformat()}
    (counted_here,) = data.warehouse.rows(counts, given | days)
    employers, arrivals = int(counted_here["employers"]), int(counted_here["arrivals"])
    tied = _tied(data, here.select("siren").distinct(), objecting, given)
    seen = tied["firms"] >= LEAST_OBSERVED
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
    inner = own.semi_join(firms.select(partner="siren"), "partner").mutate(inside=1)
    marked = own.left_join(inner.select("siren", "partner", "inside"), ["siren", "partner"])
    counts = marked.aggregate(
        firms=marked.siren.nunique(), pairs=marked.count(), inside=marked.inside.sum().fill_null(0)
    )
    (found,) = data.warehouse.rows(counts, given)
    inside = int(found["inside"])
    return {"firms": int(found["firms"]), "inside": inside // 2, "outside": int(found["pairs"]) - inside}


def _bridges(data: DataInService, here: ir.Table, given: dict[str, Any]) -> tuple[MissingBridge, ...]:
    """Return the nearest pairs of activities of the place, of two divisions, between which no tie is known."""
    counts = here.group_by("naf").agg(employers=here.siren.nunique())
    several = counts.filter(counts.naf.notnull() & (counts.employers >= _LEAST_EMPLOYERS))
    near = data.warehouse.table("related_activity")
    hired = near.filter(near.kind == TieKind.HIRINGS.value, near["rank"] <= _NEAREST).select("a", "b", "value")
    both = hired.inner_join(several.select(a="naf", employers_a="employers"), "a")
    both = both.inner_join(several.select(b="naf", employers_b="employers"), "b")
    rows = [row for row in data.warehouse.rows(both, given) if row["a"][:2] != row["b"][:2]]
    linked = _linked(data, here, given) if rows else set()
    held: dict[str, int] = {}
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        held |= {row["a"]: row["employers_a"], row["b"]: row["employers_b"]}
        pair = min(row["a"], row["b"]), max(row["a"], row["b"])
        if pair not in linked:
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
