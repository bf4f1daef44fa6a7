"""Acts: what changes something in the journal, declared once, and run the same way whatever door it comes by.

An act says its kind and label, what it needs, what it takes, where it is found and what it answers. The runner does
the rest once: right, transaction, announcement, answer to a request already answered, reading again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from vigie.store.journal.base import new_id
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Right, Scope, Thing
    from vigie.store.journal.port import Journal, Reader, Unit

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Nothing:
    """What an act takes that takes nothing: a button."""


class Answer(Protocol):
    """What an act answers with: a record that programs read as JSON."""

    def as_dict(self) -> dict[str, Any]:
        """Return the record as the machine-readable answers print it."""


class LetterWriter(Protocol):
    """Where letters are written in the transaction of what they tell."""

    def post(self, unit: Unit, *, recipient: str, subject: str, body: str, about: str = "", once: str = "") -> str:
        """Write a letter, and return its identifier."""

    def link(self, path: str) -> str:
        """Return the public address of a path, for the text of a letter."""


@dataclass(frozen=True, slots=True)
class FormPage:
    """The page of an act's form: its title, a sentence, and where one goes back to once it is done or given up.

    `back` is an address where the words of the act's own address stand for what they name. `stands` reads what the
    form holds before anybody types, and `choices` what some fields offer (value and label, by field), both by the key
    of the address; both raise `NotFound` for a row that the asker may not reach.
    """

    title: str
    lead: str
    button: str
    back: str
    stands: Callable[[Reader, str], Mapping[str, str]] | None = None
    choices: Callable[[Reader, str], Mapping[str, Mapping[str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be held: one at least of some rights on a thing."""

    thing: Thing
    rights: tuple[Right, ...]


def needs(thing: Thing, *rights: Right) -> Needs:
    """Return what an act needs."""
    return Needs(thing, rights)


class Act(Generic[Said]):
    """One thing that people do.

    `at` is its method and address in the API (`PUT contacts/{contact}`), `form_at` that of its form or button at the
    desk. An act that `makes` a row gives it an identifier of its own; any other is about the row that its address
    names. `tells` reads again what it changed; without it, the answer is empty.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing that a declaration says
        self,
        kind: str,
        label: str,
        *,
        needs: Needs,
        at: str,
        form_at: str,
        summary: str,
        done: str,
        takes: type[Said],
        page: FormPage | None = None,
        makes: bool = False,
        tells: Callable[[Reader, str], Answer] | None = None,
    ) -> None:
        self.kind, self.label, self.needs, self.takes, self.page = kind, label, needs, takes, page
        self.method, _, self.address = at.partition(" ")
        self.named = tuple(re.findall(r"{(\w+)}", self.address))
        self.form_at, self.summary, self.done = form_at, summary, done
        self.makes, self.tells = makes, tells
        self._work: Callable[[Doing, str, Said], None] | None = None

    def does(self, work: Callable[[Doing, str, Said], None]) -> Callable[[Doing, str, Said], None]:
        """Say which function does it; an act has one."""
        if self._work is not None:
            raise TypeError(f"the act « {self.kind} » is done twice")
        self._work = work
        return work

    def do(self, doing: Doing, key: str, said: Said) -> None:
        """Do it, within a transaction where it was announced."""
        if self._work is None:
            raise TypeError(f"nothing does the act « {self.kind} »")
        self._work(doing, key, said)


@dataclass(frozen=True, slots=True)
class Doing:
    """What an act is done with: the transaction, the outbox, and the identifier of what it makes or is about."""

    unit: Unit
    outbox: LetterWriter
    subject: str


class ActRunner:
    """Does acts and reads what they changed."""

    def __init__(self, journal: Journal, outbox: LetterWriter) -> None:
        self._journal, self._outbox = journal, outbox

    def run(self, scope: Scope, act: Act[Said], key: str, said: Said) -> Answer | None:
        """Do an act; a request that was answered before is answered alike, and does nothing.

        Raises `NotFound` without the right or the row, `FieldFault` for what cannot be kept, `Conflict` when the row
        is no longer in a state where this can be done.
        """
        scope.require(act.needs.thing, *act.needs.rights)
        subject = new_id() if act.makes else key
        try:
            with self._journal.writing(scope) as unit:
                unit.act(act.kind, subject)
                act.do(Doing(unit, self._outbox, subject), key, said)
        except AlreadyDone as before:
            subject = before.subject
        if act.tells is None:
            return None
        with self._journal.reading(scope) as reader:
            return act.tells(reader, subject)

    def prepare(self, scope: Scope, act: Act[Any], key: str) -> PreparedForm:
        """Return what the form of an act shows before anybody types; a form that shows a row is a traced reading.

        Raises `NotFound` without the right or the row.
        """
        scope.require(act.needs.thing, *act.needs.rights)
        page = act.page
        if page is None:
            return PreparedForm({}, {})
        with self._journal.reading(scope) as reader:
            stands = page.stands(reader, key) if page.stands else {}
            choices = page.choices(reader, key) if page.choices else {}
        if page.stands:
            self._journal.trace(scope, f"{act.kind.partition('.')[0]}.read", key)
        return PreparedForm(stands, choices)


@dataclass(frozen=True, slots=True)
class PreparedForm:
    """What a form holds (text by field) and offers (labels by value, by field)."""

    stands: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
