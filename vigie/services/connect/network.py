"""The network of a territory: its shape beside what chance gives firms with as many ties; nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from vigie.domain.declared import Hint, Label
from vigie.domain.french import counted, number, percent
from vigie.services.capabilities import Capability
from vigie.services.connect.known import TIES
from vigie.services.connect.territory import NOT_OBSERVED
from vigie.services.loaded import STOCK
from vigie.services.networks import COVERAGE, DRAWS, SEED
from vigie.services.places import Places
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_LABELS = {
    "density": (
        "Densité (pour 1 000 paires)",
        "liens entre les entreprises d’ici, sur tous ceux qui seraient possibles",
    ),
    "clustering": ("Fermeture", "part des partenaires de chacune qui sont liés entre eux, en moyenne"),
    "constraint": ("Contrainte", "dépendance envers des partenaires liés entre eux ; basse : libre de relier"),
    "partners_degree": ("Liens des partenaires", "combien de liens ont les partenaires de chacune, en moyenne"),
    "external_internal": ("Ouverture (E-I)", "de −1 (tous les liens restent ici) à 1 (tous en sortent)"),
}
_PER_THOUSAND = 1000
METHOD = (
    f"Attendu : moyenne de {DRAWS} réseaux du pays entier tirés au sort (graine {SEED}) où chaque entreprise garde son "
    "nombre de liens et chaque territoire ses entreprises ; bornes à 95 % de ces tirages. Seuls comptent les liens que "
    "les sources disent ; l’absence de lien connu ne dit pas l’isolement. Un marché ou un projet de trois partenaires "
    "ou plus ferme de lui-même un triangle : la fermeture et la contrainte dépassent le hasard pour cette seule raison "
    "aussi."
)


@dataclass(frozen=True, slots=True)
class NetworkAsked:
    """Nothing more can be asked of the network of a territory."""


@dataclass(frozen=True, slots=True)
class NetworkLine:
    """One measure of the network, beside what chance gives."""

    measure: Annotated[str, Label("Mesure")]
    said: Annotated[str, Label("Lecture")]
    observed: Annotated[float, Label("Observé")]
    expected: Annotated[float, Label("Attendu au hasard")]
    low: Annotated[float, Label("Borne basse")]
    high: Annotated[float, Label("Borne haute")]
    deviation: Annotated[float, Label("Écart"), Hint("Observé moins attendu.")]
    meaning: Annotated[str, Label("Ce que c’est")]


NETWORK = Question(
    "network", "reseau", of=Of.TERRITORY, group="observe", title="Le réseau du territoire",
    summary="Forme du réseau des entreprises d’un territoire, à côté de ce que donnerait le hasard",
    takes=NetworkAsked, rows=NetworkLine,
)  # fmt: skip
CAPABILITY = Capability("Réseau d’un territoire", questions=(NETWORK,))


@NETWORK.answered
def network(data: DataInService, key: str, _: NetworkAsked) -> AnswerTable:
    """Return the measures of a territory; below 30 firms with ties its coverage alone. Raises `RequestFault`."""
    place = Places(data.warehouse).territory(key)
    table = data.warehouse.table("territory_network")
    asked = table.filter(table.kind == parameter("kind"), table.code == parameter("code"))
    found = {row["measure"]: row for row in data.warehouse.rows(asked, {"kind": place.kind.value, "code": place.code})}
    sources = sorted(source for source in data.loaded.vintage if source.startswith(TIES))
    rows = tuple(_line(found[name], name) for name in _LABELS if name in found)
    return AnswerTable(
        title=f"Le réseau : {place.name}",
        lead=_lead(found.get(COVERAGE), rows),
        rows=rows,
        sources=data.loaded.cite(STOCK, *sources),
        simulated=data.loaded.simulated,
        note=METHOD,
    )


def _line(row: Mapping[str, Any], name: str) -> NetworkLine:
    label, meaning = _LABELS[name]
    scale = _PER_THOUSAND if name == "density" else 1
    observed, expected, low, high = (
        round(scale * float(row[one]), 4) for one in ("observed", "expected", "low", "high")
    )
    said = "plus qu’au hasard" if observed > high else "moins qu’au hasard" if observed < low else "comme au hasard"
    return NetworkLine(label, said, observed, expected, low, high, round(observed - expected, 4), meaning)


def _lead(coverage: Mapping[str, Any] | None, rows: tuple[NetworkLine, ...]) -> str:
    if coverage is None:
        return (
            "Réseau non observable : les réseaux se mesurent pour une zone d’emploi, une intercommunalité, une aire "
            "d’attraction, un département ou une région où des entreprises emploient."
        )
    employers, firms = int(coverage["employers"]), int(coverage["firms"])
    known = (
        f"{counted(employers, 'entreprise qui emploie', 'entreprises qui emploient')}, dont {number(firms)} "
        f"({percent(firms / employers, 1)}) avec un lien connu."
    )
    if not rows:
        return f"{NOT_OBSERVED} {known}"
    apart = [row for row in rows if row.said != "comme au hasard"]
    told = (
        ", ".join(f"{row.measure.lower()} {row.said}" for row in apart)
        if apart
        else "rien ne distingue ce réseau de ce que donnerait le hasard à nombre de liens égal"
    )
    return f"{told[:1].upper()}{told[1:]}. {known}"
