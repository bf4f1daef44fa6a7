"""Acts: what changes something in the journal, declared once, and done the same way whatever door it comes by.

An act says its kind and label, what it needs, what it takes, where it is found and what it answers. `ActRunner` does
the rest once: right, transaction, announcement, answer to a request already answered, reading again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from vigie.domain.declared import fields_of
from vigie.services.entries import read
from vigie.store.journal.base import new_id
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Right, Scope, Thing
    from vigie.services.keys import Keys
    from vigie.services.register import FirmRegister
    from vigie.services.suppression import Among
    from vigie.store.journal.people import Person
    from vigie.store.journal.port import Journal, Reader, Unit

Said = TypeVar("Said")
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Nothing:
    """What an act takes that takes nothing: a button."""


class LetterWriter(Protocol):
    """Where letters are written in the transaction of what they tell."""

    def post(self, unit: Unit, *, recipient: str, subject: str, body: str, about: str = "", once: str = "") -> str:
        """Write a letter, and return its identifier."""

    def link(self, path: str) -> str:
        """Return the public address of a path, for the text of a letter."""


class Vouches(Protocol):
    """What letting somebody in for a firm sets going: whoever lets in does not vouch."""

    def begin(self, unit: Unit, person: Person, siren: str, let_in_by: str) -> None:
        """Ask for the attestation of somebody who just became a head, in the transaction of it."""

    def ask(self, unit: Unit, kind: str, subject: str, siren: str, whom: tuple[str, str]) -> None:
        """Write what is asked of the host."""


@dataclass(frozen=True, slots=True)
class Means:
    """What acts may need beside the journal.

    `contact` is where people write about their data, `objecting` tells which firms, of some, object to being shown,
    `vouches` asks for a proof of whoever is let in for a firm.
    """

    outbox: LetterWriter
    keys: Keys
    register: FirmRegister
    objecting: Among
    contact: str
    vouches: Vouches


@dataclass(frozen=True, slots=True)
class Doing:
    """What an act is done with: the transaction, and the identifier of what it makes or is about."""

    unit: Unit
    means: Means
    subject: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What an answer is read with; each access that `note` tells is traced before anything is answered."""

    reader: Reader
    means: Means
    accesses: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """Who asks."""
        return self.reader.scope

    def note(self, kind: str, subject: str, siren: str = "") -> None:
        """Have an access traced."""
        self.accesses.append((kind, subject, siren))


def nothing(_: Telling, __: str) -> None:
    """Tell nothing: the answer of an act is empty."""


@dataclass(frozen=True, slots=True)
class PreparedForm:
    """What a form holds before anybody types (text by field), what some fields offer (labels by value, by field).

    `title` and `lead` take the place of those of its page, where they depend on the row; fields that are `left_out`
    are not asked there.
    """

    stands: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    title: str = ""
    lead: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form of an act: on a page of its own or, `within` one written by hand, a part of that page.

    `back` is where one goes once it is done or given up: an address in which the words of the act's own address stand
    for what they name, or what reads it by the identifier of what the act makes or is about. `prepare` reads what the
    form holds and offers, by the key of the address; it raises `NotFound` for a row that the asker may not reach.
    `above` names the pages over it (an empty address is that of `back`); one that stands at the foot of another act's
    page, on the same row, names that act.
    """

    title: str
    lead: str
    button: str
    back: str | Callable[[Telling, str], str]
    prepare: Callable[[Telling, str], PreparedForm] | None = None
    within: bool = False
    danger: bool = False
    above: Mapping[str, str] = field(default_factory=dict)
    foot_of: Act[Any, Any] | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be held: one at least of some rights on a thing."""

    thing: Thing
    rights: tuple[Right, ...]


def needs(thing: Thing, *rights: Right) -> Needs:
    """Return what an act needs."""
    return Needs(thing, rights)


class Act(Generic[Said, Told]):
    """One thing that people do.

    `at` is its method and address in the API (`PUT contacts/{contact}`), `form_at` that of its form or button at the
    desk; one that is not said is not there. Words of an address that name a field of what the act `takes` fill it; the
    other one is the key of the row that the act is about. An act that `makes` a row gives it an identifier of its own;
    one that `adds` to a row answers as one that makes.
    `tells` reads again what it changed; `note` tells programs more than its `summary`. What an act `erases` is
    overwritten in the files of the engine too.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing that a declaration says
        self,
        kind: str,
        label: str,
        *,
        needs: Needs,
        takes: type[Said],
        tells: Callable[[Telling, str], Told],
        summary: str,
        done: str,
        note: str = "",
        at: str = "",
        form_at: str = "",
        page: FormPage | None = None,
        makes: bool = False,
        adds: bool = False,
        erases: bool = False,
    ) -> None:
        self.kind, self.label, self.needs, self.takes, self.tells = kind, label, needs, takes, tells
        self.method, _, self.address = at.partition(" ")
        self.form_at, self.page, self.summary, self.done, self.note = form_at, page, summary, done, note or done
        self.makes, self.adds, self.erases = makes, adds, erases
        self._work: Callable[[Doing, str, Said], Told | None] | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """Words of its address in the API."""
        return tuple(re.findall(r"{(\w+)}", self.address))

    @property
    def has_page(self) -> bool:
        """Tell whether its form is a page of its own."""
        return self.page is not None and not self.page.within

    def placed(self, words: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return the key that the words of an address name, and the fields that they fill."""
        fields = {one.name for one in fields_of(self.takes)}
        key = next((word for name, word in words.items() if name not in fields), "")
        return key, {name: word for name, word in words.items() if name in fields}

    def does(self, work: Callable[[Doing, str, Said], Told | None]) -> Callable[[Doing, str, Said], Told | None]:
        """Say which function does it; an act has one."""
        if self._work is not None:
            raise TypeError(f"the act « {self.kind} » is done twice")
        self._work = work
        return work

    def do(self, doing: Doing, key: str, said: Said) -> Told | None:
        """Do it, within a transaction where it was announced; what cannot be read again is told at once."""
        if self._work is None:
            raise TypeError(f"nothing does the act « {self.kind} »")
        return self._work(doing, key, said)


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
