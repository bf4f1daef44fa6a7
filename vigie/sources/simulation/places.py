"""The real communes that the imaginary establishments stand in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.domain.territory import TerritoryKind
from vigie.errors import RequestFault
from vigie.sources import cog
from vigie.sources.cog_lookup import resolve
from vigie.sources.simulation.streams import Flags, Integers

# INSEE's register covers metropolitan France, the overseas départements and three collectivities.
_OUTSIDE = ("984", "986", "987", "988", "989")
_TEXTS = ("code", "name", "department", "region", "epci", "parent")


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
    postal_codes: list[list[str]]
    population: Integers

    def __len__(self) -> int:
        """Return the number of communes."""
        return len(self.codes)


def read_communes() -> Communes:
    """Read the communes of the latest vintage shipped with Vigie."""
    table = cog.communes(kinds=("commune", "arrondissement"))
    districts = table.filter(pc.field("kind") == "arrondissement")
    cities = list(set(districts["parent"].to_pylist()))
    table = table.filter(~pc.field("code").isin(cities) & ~pc.field("department").isin(_OUTSIDE)).sort_by("code")
    text = {name: [value or "" for value in table[name].to_pylist()] for name in _TEXTS}
    return Communes(
        cog.latest_vintage(),
        text["code"],
        [official_label(name) for name in text["name"]],
        text["name"],
        text["department"],
        text["region"],
        text["epci"],
        [codes or [] for codes in table["postal_codes"].to_pylist()],
        np.array([number or 0 for number in table["population"].to_pylist()], dtype=np.int64),
    )


def official_label(name: str) -> str:
    """Return a commune's name as INSEE's files write it: capitals, no accent, « PARIS 3 » for an arrondissement."""
    words = name.split()
    if words[-1] == "Arrondissement":
        name = f"{words[0]} {words[1].rstrip('erm')}"
    plain = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).upper()


@dataclass(frozen=True)
class SimulatedPlace:
    """What is simulated: a territory of the reference, and which communes of the world it holds."""

    key: str
    name: str
    inside: Flags


def find_place(text: str, communes: Communes) -> SimulatedPlace:
    """Return the territory that a text means, as everywhere in Vigie.

    Raises `RequestFault` or `NotFound` when it means none, `RequestFault` when INSEE's register does not cover it.
    """
    territory = resolve(text)
    if territory.kind is TerritoryKind.FRANCE:
        return SimulatedPlace(territory.key, territory.name, np.ones(len(communes), dtype=np.bool_))
    members = cog.memberships([communes.vintage])
    mine = (pc.field("kind") == territory.kind.value) & (pc.field("code") == territory.code)
    held = members.filter(mine)["commune"].combine_chunks()
    inside = pc.is_in(pa.array(communes.codes), held).to_numpy(zero_copy_only=False)
    if not communes.population[inside].any():
        raise RequestFault(
            f"« {territory.name} » ({territory.key}) n’a pas d’habitants que le répertoire Sirene couvre : "
            "choisissez un territoire de métropole ou d’un département d’outre-mer."
        )
    return SimulatedPlace(territory.key, territory.name, inside)
