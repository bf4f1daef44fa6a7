"""Does the declared acts, and reads what they changed: what every use case of the journal shares, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from vigie.services.acts import Act, Doing, Means, PreparedForm, Telling
from vigie.services.entries import read
from vigie.store.journal.base import new_id
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal

Said = TypeVar("Said")
Told = TypeVar("Told")


class ActRunner:
    """Does acts and reads what they changed."""

    def __init__(self, journal: Journal, means: Means) -> None:
        self._journal, self._means = journal, means

    def run(self, scope: Scope, act: Act[Said, Told], key: str, said: Said | Mapping[str, Any]) -> Told:
        """Do an act; a request that was answered before is answered alike, and does nothing.

        Raises `NotFound` without the right or the row, `FieldFault` or `FieldFaults` for what cannot be kept,
        `Conflict` when the row is no longer in a state where this can be done, `EditConflict` when somebody else
        changed the same fields since the asker read them.
        """
        subject, told = self._done(scope, act, key, said)
        return told if told is not None else self.tell(scope, act.tells, subject)

    def do(self, scope: Scope, act: Act[Said, Told], key: str, said: Said | Mapping[str, Any]) -> str:
        """Do an act, and return the identifier of what it makes or is about; raises what `run` raises."""
        return self._done(scope, act, key, said)[0]

    def _done(self, scope: Scope, act: Act[Any, Any], key: str, said: Any) -> tuple[str, Any]:
        scope.require(act.needs.thing, *act.needs.rights)
        entry, subject = read(act.takes, said), new_id() if act.makes else key
        try:
            with self._journal.writing(scope) as unit:
                unit.act(act.kind, subject)
                told = act.do(Doing(unit, self._means, subject), key, entry)
        except AlreadyDone as before:
            return before.subject, None
        if act.erases:
            self._journal.scrub()
        return subject, told

    def tell(self, scope: Scope, tells: Callable[[Telling, str], Told], key: str) -> Told:
        """Read one thing; the accesses that it notes are traced before it is answered."""
        with self._journal.reading(scope) as reader:
            telling = Telling(reader, self._means)
            told = tells(telling, key)
        for kind, subject, siren in telling.accesses:
            self._journal.trace(scope, kind, subject, siren)
        return told

    def prepare(self, scope: Scope, act: Act[Any, Any], key: str) -> PreparedForm:
        """Return what the form of an act shows before anybody types.

        Raises `NotFound` without the right or the row.
        """
        scope.require(act.needs.thing, *act.needs.rights)
        prepare = act.page.prepare if act.page else None
        return self.tell(scope, prepare, key) if prepare else PreparedForm()

    def back(self, scope: Scope, act: Act[Any, Any], key: str, words: Mapping[str, str]) -> str:
        """Return where one goes back to from an act, from the words of its address or from the row itself."""
        where = act.page.back if act.page else "/bureau"
        return where.format(**words) if isinstance(where, str) else self.tell(scope, where, key)
