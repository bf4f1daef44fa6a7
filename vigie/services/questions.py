"""Questions: what reads the data in service, declared once, and answered alike by pages, API, commands and files.

A question says where it hangs (a territory, a firm, nowhere), how it is called behind each door, what can be asked and
what a row of its answer holds. Doors iterate over the capabilities (`capabilities.py`) and list no
question by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from vigie.domain.provenance import Provenance
    from vigie.services.loaded import Loaded
    from vigie.services.suppression import Suppressions
    from vigie.store.directory import Directory
    from vigie.store.warehouse import Warehouse

Asked = TypeVar("Asked")


class Of(Enum):
    """What a question is about, hence where it is found behind each door."""

    TERRITORY = "territory"
    FIRM = "firm"
    ACTIVITY = "activity"
    INDICATOR = "indicator"
    METHOD = "method"
    EVERYTHING = "everything"


class DataInService(Protocol):
    """What answers are made from: one generation of data, and the firms that object."""

    @property
    def warehouse(self) -> Warehouse:
        """Return the tables."""

    @property
    def directory(self) -> Directory:
        """Return the index of names."""

    @property
    def loaded(self) -> Loaded:
        """Return what the generation says of itself."""

    @property
    def suppressions(self) -> Suppressions:
        """Return the firms that object to being shown."""


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """An answer: a title and a sentence, rows of one declared kind, where they come from.

    `note` says what is unknown or left out; it stands beside the table, in the file and in the API alike.
    """

    title: str
    lead: str
    rows: tuple[Any, ...]
    sources: tuple[Provenance, ...]
    simulated: bool
    note: str = ""

    @property
    def lines(self) -> int:
        """How many lines the file of the answer has."""
        return len(self.rows)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the machine-readable answers print it."""
        return asdict(self)


Answering = Callable[[DataInService, str, Asked], AnswerTable]


class Question(Generic[Asked]):
    """A question that the data in service can answer.

    `name` is its word in the API and on the command line, `slug` in the addresses of pages, `group` the command it
    belongs to, `command` its word there where it is another, `given` the field of several values that is typed after it
    without its name; `takes` declares what can be asked, `rows` what a row of the answer holds.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing that a declaration says
        self,
        name: str,
        slug: str,
        *,
        of: Of,
        group: str,
        title: str,
        summary: str,
        takes: type[Asked],
        rows: type,
        command: str = "",
        given: str = "",
    ) -> None:
        self.name, self.slug, self.of, self.group = name, slug, of, group
        self.title, self.summary, self.takes, self.rows = title, summary, takes, rows
        self.about: tuple[Of, Callable[[Any], str]] | None = None
        """What a row of the answer is about, and its key there: its first cell leads to the page of it."""
        self.leads: tuple[Question[Any], Callable[[Any], Mapping[str, str]]] | None = None
        """The question, about the same thing, that a row of the answer opens, and what the row asks of it."""
        self.opens: Callable[[Any, str], str] | None = None
        """The address of the page of a row, and of the firm asked about when there is one."""
        self.command, self.given = command or name, given
        self._work: Answering[Asked] | None = None

    def answered(self, work: Answering[Asked]) -> Answering[Asked]:
        """Say which function answers; a question has one."""
        if self._work is not None:
            raise TypeError(f"the question « {self.name} » is answered twice")
        self._work = work
        return work

    def answer(self, data: DataInService, key: str, asked: Mapping[str, Any]) -> AnswerTable:
        """Answer; `key` names the territory, the firm or the activity, and is empty for a question about everything.

        Raises what the function raises: `RequestFault`, `NotFound`, `Objected`.
        """
        if self._work is None:
            raise TypeError(f"the question « {self.name} » has no answer")
        return self._work(data, key, self.takes(**asked))
