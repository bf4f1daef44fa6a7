"""What the page templates are given: frozen records of French text, links and drawings, and nothing to compute.

`present.py` builds them from the services' answers; `templates/*.html` lay them out. Every template receives
`view` (a record of `pages.py`, named after its template) and `shell` (the frame common to all pages).
Texts are plain: the templates put the spaces right (`typeset` filter); numbers are already written by `french.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """A label and where it leads; no address makes it plain text."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class UnderstoodChip:
    """What some words of a search were taken to mean: the kind of thing, its name, the same search without them.

    `also` are the other readings of the same words. A `muted` one asks for nothing.
    """

    kind: str
    label: str
    remove: str = ""
    href: str = ""
    also: tuple[Link, ...] = ()
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several states of a page (sort, filter, theme, page number), `current` when it is the one shown."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and its value; `note` says what must be known to read it, `href` leads to its finding or page."""

    label: str
    value: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures that come first: its value, where it is proved, a remark that sets it beside others.

    `firms` leads to the firms that it counts.
    """

    label: str
    value: str
    href: str
    remark: str = ""
    firms: str = ""


Cell = str | Link


@dataclass(frozen=True, slots=True)
class TableView:
    """A table; the first column heads the rows, `numeric` tells which columns are aligned right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a tint means: the style class of its swatch and its words.

    Classes: `q0` to `q4` and `missing` for maps; `first`, `second` and `reference` for bars.
    """

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Graphic:
    """A chart or a map with the sentence it proves, its unit, its twin table and its downloads.

    A long table stays on its own page: `twin_at` leads there, and `twin` is `None`.
    """

    drawing: Markup
    title: str
    unit: str = ""
    twin: TableView | None = None
    legend: tuple[LegendEntry, ...] = ()
    downloads: tuple[Link, ...] = ()
    twin_at: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as cited at the foot of a page; `state` says whether it is loaded (« chargée », « non chargée »)."""

    title: str
    href: str
    producer: str
    licence: str
    vintage: str
    state: str = ""
    rows: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class AidLine:
    """A scheme that may help a firm: its page, its promise, its dates, what stands against it or is to be checked."""

    title: str
    href: str
    promise: str
    days: str
    fit: str


@dataclass(frozen=True, slots=True)
class TieLine:
    """A firm with which another already worked: its page, by what and when."""

    name: str
    href: str
    what: str


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A site that could take or give a matter: its page, what it could do, why, what stands in the way."""

    name: str
    href: str
    what: str
    why: str
    obstacles: str


@dataclass(frozen=True, slots=True)
class EstablishmentLine:
    """One establishment in a list; `mark` is its number on the map beside, `signs` short remarks (siège, artisanat)."""

    name: str
    href: str
    activity: str
    place: str
    size: str
    mark: str = ""
    distance: str = ""
    closed: str = ""
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One territory in a list."""

    name: str
    href: str
    kind: str
    code: str
    population: str = ""


@dataclass(frozen=True, slots=True)
class ReaderPath:
    """Where a reader starts: who they are, and the pages that do their job."""

    who: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class EventLine:
    """One dated event: when, what kind, who, and a sentence; `place` leads to the territory.

    `what` is the size and the activity, as far as they are known; `onward` what may be done about it;
    `source` who tells it, where it is not Sirene alone, and `proof` the legal notice.
    """

    date: str
    kind: str
    who: Link
    sentence: str = ""
    place: Link | None = None
    what: str = ""
    onward: Link | None = None
    source: str = ""
    proof: Link | None = None


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the reader stands in a list; `pages` holds the page numbers to offer, an empty `href` being a gap.

    `beyond` is what to say when the page asked for comes after the last one.
    """

    pages: tuple[Choice, ...] = ()
    previous: str = ""
    following: str = ""
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Plate:
    """A section: title and remark in the margin; one sentence, figures, drawings, tables and events beside."""

    anchor: str
    title: str
    note: str = ""
    sentence: str = ""
    facts: tuple[Fact, ...] = ()
    graphics: tuple[Graphic, ...] = ()
    tables: tuple[TableView, ...] = ()
    links: tuple[Link, ...] = ()
    events: tuple[EventLine, ...] = ()


@dataclass(frozen=True, slots=True)
class IntroductionLine:
    """One introduction, tie or call in a list; `waiting` says what it waits for."""

    title: str
    href: str
    remarks: tuple[str, ...]
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class Relations:
    """What officers see on a firm's page: the ties it made, its introductions."""

    siren: str
    ties: tuple[IntroductionLine, ...]
    href: str


@dataclass(frozen=True, slots=True)
class MenuLine:
    """An entry of the menu of the desk, with one sentence on it, and how much waits there."""

    href: str
    label: str
    summary: str
    current: bool = False
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Entries of the menu gathered under a title."""

    title: str
    lines: tuple[MenuLine, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page: address asked (with its query), section of the menu, theme, state of the data, host.

    `notice` says what readers should know of the data in service when they are not those that should be. `section` is
    one of annuaire, territoires, evenements, appels, aides, sources, indicateurs or empty; `theme` one of clair,
    sombre, systeme; `vintage` a sentence on the data in service, empty when there are none. `account`, `organisation`
    and `role` are those of the person signed in, empty when nobody is; `work` and `menu` are the entries of their desk,
    `needs_href` is where needs are said, or read by who answers them.
    `aids` tells whether schemes are loaded.
    """

    here: str
    section: str = ""
    theme: str = "systeme"
    simulated: bool = False
    vintage: str = ""
    notice: str = ""
    contact: str = ""
    publisher: str = ""
    version: str = ""
    account: str = ""
    organisation: str = ""
    role: str = ""
    needs_href: str = "/besoin"
    work: MenuGroup = MenuGroup("", ())
    menu: tuple[MenuGroup, ...] = ()
    aids: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing a firm says of itself: `who` says it and when; `reserved` tells who else reads it.

    `hides` is what the asker may hide.
    """

    text: str
    who: str
    reserved: str = ""
    href: str = ""
    hides: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """What a firm says under one heading."""

    anchor: str
    label: str
    note: str
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The part of a firm's page that comes from itself, and the two things its head may do."""

    chapters: tuple[Chapter, ...]
    object_href: str
    edit_href: str = ""
    hide_href: str = ""


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """Some facts of the official record under one title."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class FirmClaim:
    """What the head of a firm can do from its page, who answers them there, and how it leaves Vigie."""

    links: tuple[Link, ...]
    leave: Link
    who: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next on a dossier, and how many other things are."""

    id: str
    what: str
    when: str
    late: bool = False
    others: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody to ask for at a firm."""

    name: str
    function: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class FirmColumn:
    """The dossier of a firm as its officer reads it beside the firm's page; without a dossier, it offers to open one.

    `last` is the last exchange: when and how, then its words. `note` is where an exchange and the next step are sent.
    """

    number: str
    visit: str
    dossier: str = ""
    sentence: str = ""
    step: NextStep | None = None
    last: tuple[str, ...] = ()
    people: tuple[Reach, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    others: tuple[Link, ...] = ()
