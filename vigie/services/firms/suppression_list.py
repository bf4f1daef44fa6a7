"""The firms that object to being shown: one overlay, read with every answer.

The journal holds a keyed fingerprint of each SIREN, which cannot be turned back. To leave firms out of lists, their
numbers are found again by taking the fingerprint of every SIREN loaded, in memory, once for a generation and only
when there are objections; a firm read by its number is compared directly, without waiting.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import ANYONE
from vigie.errors import VigieError
from vigie.services.suppression import NOBODY
from vigie.store.journal.firms import Objection
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from vigie.services.keys import Keys
    from vigie.store.journal.port import Journal
    from vigie.store.warehouse import Warehouse

PARAMETER = "withheld"
_AT_ONCE = 500_000
"""Establishments whose numbers are held at once: some 50 MB of text."""
_log = logging.getLogger("vigie.objections")


@dataclass(frozen=True, slots=True)
class _State:
    """Objections in force, as last read, and the mark of the journal they were read at."""

    stamp: str
    fingerprints: frozenset[str]
    mark: str


class SuppressionList:
    """The objections of an installation, whatever the data loaded; safe to share between threads."""

    def __init__(self, journal: Journal, keys: Keys) -> None:
        self._journal, self._keys = journal, keys
        self._lock = threading.Lock()
        self._state = _State("", NOBODY, "")
        self._known: dict[str, str] = {}

    def fingerprints(self) -> frozenset[str]:
        """Return the fingerprints of the firms that object, as the journal has them now."""
        return self._current().fingerprints

    def mark(self) -> str:
        """Return a word that changes with the set of firms that object; empty when there is none."""
        return self._current().mark

    def holds(self, siren: str) -> bool:
        """Tell whether a firm objects, by its fingerprint alone."""
        fingerprints = self.fingerprints()
        return bool(fingerprints) and self._keys.fingerprint("siren", siren) in fingerprints

    def among(self, sirens: Iterable[str]) -> frozenset[str]:
        """Return which firms object, of those whose numbers are given."""
        fingerprints = self.fingerprints()
        if not fingerprints:
            return NOBODY
        return frozenset(siren for siren in set(sirens) if self._keys.fingerprint("siren", siren) in fingerprints)

    def learn(self, siren: str) -> str:
        """Return the fingerprint of a SIREN, and remember in memory whose it is, which spares looking for it."""
        fingerprint = self._keys.fingerprint("siren", siren)
        with self._lock:
            self._known[fingerprint] = siren
        return fingerprint

    def known(self, fingerprint: str) -> str | None:
        """Return the SIREN of a fingerprint when it was already found."""
        return self._known.get(fingerprint)

    def search(self, wanted: frozenset[str], sirens: Iterable[str]) -> None:
        """Look for the owners of fingerprints among numbers, and remember those found."""
        missing = set(wanted)
        for siren in sirens:
            fingerprint = self._keys.fingerprint("siren", siren)
            if fingerprint in missing:
                missing.discard(fingerprint)
                self.learn(siren)
                if not missing:
                    return

    def _current(self) -> _State:
        stamp = self._journal.stamp()
        if stamp != self._state.stamp:
            # The stamp is taken before the rows: what is written in between is seen by the next answer.
            with self._journal.reading(ANYONE) as reader:
                in_force = select(Objection.fingerprint).where(
                    Objection.confirmed_at.is_not(None), Objection.withdrawn_at.is_(None)
                )
                found = frozenset(reader.all(in_force))
            mark = sha256("".join(sorted(found)).encode()).hexdigest()[:20] if found else ""
            known = self._state
            self._state = _State(stamp, known.fingerprints if mark == known.mark else found, mark)
        return self._state


class SuppressionHere:
    """The same objections, as numbers of the firms of one generation; see `Suppressions`."""

    def __init__(self, suppressions: SuppressionList, sirens: Callable[[], Iterator[str]]) -> None:
        self._suppressions, self._all = suppressions, sirens
        self._lock = threading.Lock()
        self._searched: set[str] = set()
        self._found: tuple[frozenset[str], frozenset[str]] = (NOBODY, NOBODY)
        self._closed = threading.Event()
        self._ahead: threading.Thread | None = None

    def holds(self, siren: str) -> bool:
        """Tell whether a firm objects."""
        return self._suppressions.holds(siren)

    def sirens(self) -> frozenset[str]:
        """Return the numbers of the firms that object, once those of this generation have been looked through."""
        wanted = self._suppressions.fingerprints()
        if not wanted:
            return NOBODY
        asked, found = self._found
        if asked is wanted:
            return found
        with self._lock:
            unknown = frozenset(one for one in wanted - self._searched if self._suppressions.known(one) is None)
            if unknown:
                self._suppressions.search(unknown, self._until_closed())
                self._searched |= unknown
            found = frozenset(siren for one in wanted if (siren := self._suppressions.known(one)) is not None)
            self._found = (wanted, found)
            return found

    def prepare(self) -> None:
        """Begin to look for the numbers in the background, so that the first answer waits less."""
        if self._suppressions.fingerprints():
            self._ahead = threading.Thread(target=self._look, name="vigie-objections", daemon=True)
            self._ahead.start()

    def close(self) -> None:
        """Stop looking; the generation is about to be released."""
        self._closed.set()
        if self._ahead is not None:
            self._ahead.join()

    def _look(self) -> None:
        try:
            self.sirens()
        except VigieError as fault:
            _log.warning("objections not resolved ahead: %s", type(fault).__name__)

    def _until_closed(self) -> Iterator[str]:
        for siren in self._all():
            if self._closed.is_set():
                return
            yield siren


def sirens_of(warehouse: Warehouse) -> Callable[[], Iterator[str]]:
    """Return what yields every SIREN of a generation, by their first digits so that memory stays small.

    Each part costs a look at both tables: a département is taken at once, the whole country a hundredth at a time.
    """

    def numbers() -> Iterator[str]:
        units, sites = warehouse.table("legal_unit"), warehouse.table("establishment")
        rows = warehouse.rows(sites.aggregate(number=sites.count()))[0]["number"]
        digits = next(count for count, most in enumerate((_AT_ONCE, 10 * _AT_ONCE, math.inf)) if rows <= most)
        every = units.select("siren").union(sites.select("siren"), distinct=True)
        part = every.filter(every.siren[:digits] == parameter("start"))
        for start in range(10**digits):
            asked = {"start": f"{start:0{digits}d}" if digits else ""}
            yield from map(str, warehouse.arrow(part, asked).column("siren").to_pylist())

    return numbers


def without(table: ir.Table, sirens: frozenset[str], given: dict[str, Any]) -> ir.Table:
    """Leave out the rows of firms that object; their numbers go to `given`, the parameters of the expression."""
    if not sirens:
        return table
    given[PARAMETER] = sorted(sirens)
    return table.filter(~table.siren.isin(suppressed_given()).fill_null(False))


def suppressed_given() -> ir.Column:
    """Return the numbers of the firms that object as a column, given when the expression is executed."""
    return parameter(PARAMETER, "array<string>").unnest().name("withheld").as_table().withheld


def unmentioned(events: ir.Table, sirens: frozenset[str], given: dict[str, Any]) -> ir.Table:
    """Leave out the events of firms that object, and those of other firms that name one of theirs."""
    kept = without(events, sirens, given)
    if not sirens:
        return kept
    named = _mentions(kept.before) | _mentions(kept.after)
    return kept.filter(~named)


def _mentions(side: ir.Column) -> ir.Column:
    """Tell whether a value of an event is a SIRET of a firm that objects."""
    return ((side.length() == 14) & side[:9].isin(suppressed_given())).fill_null(False)
