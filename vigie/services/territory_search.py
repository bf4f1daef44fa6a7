"""Search of territories by name: accents, hyphens and word order forgiven, a mistyped letter too."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz, process

from vigie.domain.territory import Territory, TerritoryKind

if TYPE_CHECKING:
    from vigie.store.warehouse import Warehouse

_FORMS = re.compile(r"^(?:(?:cc|ca|cu) (?:de la |de l |des |du |de |d )?)?(?:les |la |le |l )?")
_SMALL_WORDS = frozenset(["le", "la", "les", "l", "de", "du", "des", "d", "et", "en", "sur", "sous"])
_RANK = {
    kind: rank for rank, kind in enumerate((TerritoryKind.REGION, TerritoryKind.DEPARTEMENT, TerritoryKind.COMMUNE))
}
_CLOSE_ENOUGH = 82


class _Named(NamedTuple):
    plain: str
    words: tuple[str, ...]
    territory: Territory


class TerritorySearch:
    """Names of the latest territories of one generation, read once."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def find(self, text: str, kind: TerritoryKind | None = None, limit: int = 20) -> tuple[Territory, ...]:
        """Return the territories whose name holds every word typed (as beginnings), best first.

        Exact names come first, then names that begin so, then the most populous. When nothing matches, the
        closest names. Empty for an empty text.
        """
        asked = plain(text)
        if not asked:
            return ()
        pool = [named for named in self._names if kind is None or named.territory.kind is kind]
        words = [word for word in asked.split() if word not in _SMALL_WORDS] or asked.split()
        found = [named for named in pool if all(any(w.startswith(word) for w in named.words) for word in words)]
        if not found:
            close = process.extract(
                bare(text),
                [named.plain for named in pool],
                scorer=fuzz.ratio,
                score_cutoff=_CLOSE_ENOUGH,
                limit=limit,
            )
            found = [pool[index] for _, _, index in close]
            return tuple(named.territory for named in found)
        found.sort(key=lambda named: _order(asked, named))
        return tuple(named.territory for named in found[:limit])

    @staticmethod
    def bears(territory: Territory, text: str) -> bool:
        """Tell whether a territory bears a name, its article or the form of its grouping aside."""
        return bool(plain(text)) and (plain(text) == plain(territory.name) or bare(text) == bare(territory.name))

    @cached_property
    def _names(self) -> list[_Named]:
        table = self._warehouse.table("territory")
        latest = table.group_by("kind").agg(last=table.vintage.max())
        rows = self._warehouse.rows(
            table.inner_join(latest, "kind")
            .filter(lambda joined: joined.vintage == joined.last)
            .select("kind", "code", "name", "vintage", "population")
        )
        return [
            _named(Territory(TerritoryKind(r["kind"]), r["code"], r["name"], r["vintage"], r["population"]))
            for r in rows
        ]


def plain(text: str) -> str:
    """Return a text without capitals, accents or punctuation, its words one space apart."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split())


def bare(text: str) -> str:
    """Return a name as `plain` does, the article and the form of a grouping of communes aside.

    >>> bare("CC du Pays des Herbiers"), bare("La Réunion")
    ('pays des herbiers', 'reunion')
    """
    return _FORMS.sub("", plain(text))


def _named(territory: Territory) -> _Named:
    return _Named(bare(territory.name), tuple(plain(territory.name).split()), territory)


def _order(asked: str, named: _Named) -> tuple[bool, bool, int, int, str]:
    territory = named.territory
    return (
        asked not in (named.plain, " ".join(named.words)),
        not named.plain.startswith(_FORMS.sub("", asked)),
        _RANK.get(territory.kind, len(_RANK)),
        -(territory.population or 0),
        territory.key,
    )
