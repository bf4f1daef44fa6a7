"""Every error Vigie raises on purpose; none knows of HTTP or exit codes.

VigieError                  message in French: what, where, what to do
├── InputFault              a file handed in is at fault; nothing was switched
│   ├── StructureFault      the file, its header or its encoding cannot be read
│   ├── TooManyRejects      more rows are faulty than a load tolerates
│   └── LinesRefused        a file taken whole or not at all holds lines at fault
├── RequestFault            the words of a request cannot be understood (territory, NAF, date…)
│   ├── NotPlaced           the position of a commune is not known: no circle is drawn around it
│   ├── FieldFault          one field of a form is at fault
│   └── FieldFaults         several are, each with its sentence
├── NotFound                what is asked for is well formed but does not exist
│   └── Objected            the firm objects to being shown
├── NoData                  nothing has been loaded in the data directory yet
│   └── DataUnreadable      data were loaded, but none of them can be read any more
│       └── DataOutdated    they are whole, and of an earlier version of Vigie
├── Conflict                the thing is no longer in a state where this can be done
├── EditConflict            somebody else changed the same fields meanwhile
├── KeyReused               the key of a request was already used for something else
├── Repeated                the same request was already answered
├── Raced                   two writers met: trying again is right
├── NotSignedIn             the password, the session or the token presented is not accepted
├── TooManyAttempts         wait before trying again
├── JournalUnavailable      the journal cannot be opened, or must be migrated first
│   └── JournalFailed       its engine failed: damaged, gone, full, read only…
├── SourceUnavailable       an official address does not answer as it should
├── NoRoom                  the disk is full, or would be
└── RefreshRunning          another refresh holds the data directory
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class VigieError(Exception):
    """Root of the tree; its text is a French sentence a user can act upon."""


@dataclass(frozen=True, slots=True)
class Reject:
    """One row left out of a load: where it stands and why, in French.

    `line` is the record number in the file (1 = first record after the header).
    """

    file: str
    line: int
    column: str
    reason: str

    def as_dict(self) -> dict[str, str | int]:
        """Return the row as the machine-readable answers print it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd about a file that was loaded all the same: file, column ("" for none), and what, in French."""

    file: str
    column: str
    what: str

    def as_dict(self) -> dict[str, str]:
        """Return the remark as the machine-readable answers print it."""
        return asdict(self)

    def __str__(self) -> str:
        place = f", colonne «\u00a0{self.column}\u00a0»" if self.column else ""
        return f"Fichier «\u00a0{self.file}\u00a0»{place}\u00a0: {self.what}"


class InputFault(VigieError):
    """A file handed in is at fault; the former data stay in service."""


class StructureFault(InputFault):
    """A file cannot be read at all: says which, where, why and what to do."""

    def __init__(
        self, what: str, *, file: str, remedy: str, line: int | None = None, column: str | None = None
    ) -> None:
        self.what, self.file, self.line, self.column, self.remedy = what, file, line, column, remedy
        place = f"Fichier « {file} »"
        if line is not None:
            place += f", ligne {line}"
        if column is not None:
            place += f", colonne « {column} »"
        super().__init__(f"{place} : {what} {remedy}")


class TooManyRejects(InputFault):
    """The share of faulty rows is above what a load tolerates."""

    def __init__(self, message: str, rejects: Sequence[Reject], total: int) -> None:
        self.rejects, self.total = tuple(rejects), total
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class LineFault:
    """One cell at fault: line as a spreadsheet numbers it (titles are line 1), column ("" for the line), what to do."""

    line: int
    column: str
    what: str
    remedy: str

    def as_dict(self) -> dict[str, str | int]:
        """Return the fault as the machine-readable answers print it."""
        return asdict(self)


class LinesRefused(InputFault):
    """A file that is taken whole or not at all holds lines at fault: all of them are here."""

    def __init__(self, message: str, faults: Sequence[LineFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(message)


class RequestFault(VigieError):
    """The words of a request cannot be understood; the sentence says which word and what is accepted."""


class NotPlaced(RequestFault):
    """The position of a commune is not known, for want of outlines: nothing can be said of what is around it."""


class FieldFault(RequestFault):
    """One field of a form is at fault; `field` is its name, so that a page shows the sentence beside it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class FieldFaults(RequestFault):
    """Several fields of a form are at fault; `faults` holds a sentence for each, by its name."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


class NotFound(VigieError):
    """What is asked for is well formed but does not exist in the data loaded."""


class Objected(NotFound):
    """The firm objects to being shown; nothing of it is."""

    def __init__(self) -> None:
        super().__init__("Cette entreprise s’est opposée à figurer dans Vigie : rien n’en est montré ici.")


class NoData(VigieError):
    """Nothing has been loaded in the data directory yet."""


class DataUnreadable(NoData):
    """Data were loaded, but cannot be read any more: pages that need none still answer.

    `fault` says which file, in a few words.
    """

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(
            f"Les données chargées ne se lisent plus ({fault}) : remettez une copie du dossier des données, "
            "ou relancez « vigie refresh --sirene DOSSIER »."
        )


class DataOutdated(DataUnreadable):
    """Data were loaded by another version of Vigie, whose tables or index this one does not read."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.args = (
            f"Les données en place ont été faites par une version antérieure de Vigie ({fault}) : relancez "
            "« vigie refresh --sirene DOSSIER » sur les mêmes fichiers.",
        )


class Conflict(VigieError):
    """The thing is no longer in a state where this can be done; the sentence says which state it is in."""


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that two people changed: what is saved, and what the second one would write."""

    field: str
    theirs: Any
    mine: Any


class EditConflict(VigieError):
    """Somebody else changed the same fields since the asker read them; both texts are here, nothing was written.

    `version` is the one now saved, by whom (a name, empty when it is not known) and when.
    """

    def __init__(self, clashes: Sequence[Clash], version: str, by: str = "", at: datetime | None = None) -> None:
        self.clashes, self.version, self.by, self.at = tuple(clashes), version, by, at
        super().__init__(
            f"{by or 'Une autre personne'} a modifié la même chose entre-temps : rien n’est perdu, rien n’est encore "
            "remplacé. Comparez les deux versions, puis choisissez."
        )


class KeyReused(VigieError):
    """The key of a request (`Idempotency-Key`, or that of a form) was already used for another act or content."""

    def __init__(self) -> None:
        super().__init__(
            "Cette clé a déjà servi à envoyer autre chose : rien n’a été enregistré cette fois. "
            "Recommencez avec une nouvelle clé."
        )


class Repeated(VigieError):
    """The same request was already answered."""


class Raced(VigieError):
    """Two writers met on the same thing; the one who is told so has written nothing, and may try again."""


class NotSignedIn(VigieError):
    """The password, the session or the token presented is not accepted; never says which part was wrong."""


class TooManyAttempts(VigieError):
    """Too many tries in a short time; `seconds` is how long to wait."""

    def __init__(self, message: str, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(message)


class JournalUnavailable(VigieError):
    """The journal cannot be opened, or its tables are not those of this version."""


class JournalFailed(JournalUnavailable):
    """The engine of the journal failed; `kind` is one of `vigie.store.journal.failing.SENTENCES`."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class SourceUnavailable(VigieError):
    """An official address does not answer as it should."""


class NoRoom(VigieError):
    """The disk is full, or what was asked would fill it; what was in service still is."""


class RefreshRunning(VigieError):
    """Another refresh holds the data directory."""
