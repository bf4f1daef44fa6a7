"""What the page templates are given: frozen records of French text, links and drawings, and nothing to compute.

`present.py` builds them from the services' answers; `templates/*.html` lay them out. Every template receives `view` (one of
the records below, named after its template) and `shell` (the frame common to all pages).
Texts are plain: the templates put the spaces right (`typeset` filter); numbers are already written by `french.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """A label and where it leads; no address makes it plain text."""

    label: str
    href: str = ""


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


Cell = str | Link


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column heads the rows, `numeric` tells which columns are aligned right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A class of a map: the style class of its swatch (`q0` to `q4`, or `missing`) and its bounds in words."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Graphic:
    """A chart or a map with the sentence it proves, its unit, its twin table and its downloads."""

    drawing: Markup
    title: str
    unit: str = ""
    twin: Table | None = None
    legend: tuple[LegendEntry, ...] = ()
    downloads: tuple[Link, ...] = ()


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
class EventLine:
    """One dated event: when, what kind, who, and a sentence; `place` leads to the territory."""

    date: str
    kind: str
    who: Link
    sentence: str = ""
    place: Link | None = None


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the reader stands in a list; `pages` holds the page numbers to offer, an empty `href` being a gap."""

    pages: tuple[Choice, ...] = ()
    previous: str = ""
    following: str = ""


@dataclass(frozen=True, slots=True)
class Plate:
    """A section: title and remark in the margin; one sentence, figures, drawings and tables beside."""

    anchor: str
    title: str
    note: str = ""
    sentence: str = ""
    facts: tuple[Fact, ...] = ()
    graphics: tuple[Graphic, ...] = ()
    tables: tuple[Table, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page: address asked (with its query), section of the menu, theme, state of the data, host.

    `section` is one of annuaire, territoires, evenements, sources, indicateurs or empty; `theme` one of clair, sombre, systeme;
    `vintage` a sentence on the data in service, empty when there are none.
    """

    here: str
    section: str = ""
    theme: str = "systeme"
    simulated: bool = False
    vintage: str = ""
    contact: str = ""
    publisher: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """`home.html`."""

    lead: str
    facts: tuple[Fact, ...] = ()
    territories: tuple[PlaceLine, ...] = ()
    events: tuple[EventLine, ...] = ()
    map: Graphic | None = None
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list or one box to tick in the search form."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SearchForm:
    """The search form as last sent; field names are those of the address. `faults` maps a field to a sentence.

    `open` unfolds the filters (some are set, or one is at fault).
    """

    q: str = ""
    naf: str = ""
    territoire: str = ""
    lat: str = ""
    lon: str = ""
    rayon: str = ""
    cree_apres: str = ""
    cree_avant: str = ""
    taille: tuple[Option, ...] = ()
    etat: tuple[Option, ...] = ()
    siege: tuple[Option, ...] = ()
    artisanat: tuple[Option, ...] = ()
    employeur: tuple[Option, ...] = ()
    tri: str = ""
    sections: tuple[Option, ...] = ()
    faults: dict[str, str] = field(default_factory=dict)
    open: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """`directory.html`; `applied` are the filters in force, each leading to the same search without it."""

    lead: str
    form: SearchForm
    asked: bool = True
    notes: tuple[str, ...] = ()
    applied: tuple[Link, ...] = ()
    sorts: tuple[Choice, ...] = ()
    results: tuple[EstablishmentLine, ...] = ()
    map: Graphic | None = None
    pager: Pager = Pager()
    downloads: tuple[Link, ...] = ()
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Establishment:
    """`establishment.html`; a masked one has no map and its title is « Nom non diffusible »."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    facts: tuple[Fact, ...]
    firm: Link
    closed: str = ""
    masked: bool = False
    map: Graphic | None = None
    neighbours: tuple[EstablishmentLine, ...] = ()
    neighbours_note: str = ""
    siblings: tuple[EstablishmentLine, ...] = ()
    events: tuple[EventLine, ...] = ()
    events_href: str = ""
    api_href: str = ""
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Firm:
    """`firm.html`: a legal unit and its establishments, one page of them at a time."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    facts: tuple[Fact, ...]
    establishments: tuple[EstablishmentLine, ...]
    closed: str = ""
    masked: bool = False
    pager: Pager = Pager()
    map: Graphic | None = None
    events: tuple[EventLine, ...] = ()
    events_href: str = ""
    api_href: str = ""
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Portrait:
    """`portrait.html`: a territory; `redirected` says which former code led here."""

    title: str
    kind: str
    lead: str
    trail: tuple[Link, ...]
    plates: tuple[Plate, ...]
    sentences: tuple[str, ...] = ()
    map: Graphic | None = None
    redirected: str = ""
    events_href: str = ""
    directory_href: str = ""
    api_href: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingPage:
    """`finding.html`: one figure and all that is needed to trust and compare it; an unknown value is `None`."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    value: str | None
    unit: str
    facts: tuple[Fact, ...]
    formula: str
    definition: str = ""
    why_unknown: str = ""
    limits: tuple[str, ...] = ()
    graphics: tuple[Graphic, ...] = ()
    elsewhere: Table | None = None
    indicator: Link | None = None
    rows: Link | None = None
    api_href: str = ""
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Events:
    """`events.html`: what happened in a territory, to a firm or to an establishment.

    `since` is the ISO date in force; `scope` hidden fields to keep (name, value); `last_visit` a sentence, empty at the first visit.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    kinds: tuple[Choice, ...]
    events: tuple[EventLine, ...]
    since: str = ""
    last_visit: Link | None = None
    scope: tuple[tuple[str, str], ...] = ()
    action: str = "/evenements"
    territory_field: bool = False
    territory: str = ""
    fault: str = ""
    pager: Pager = Pager()
    api_href: str = ""
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Territories:
    """`territories.html`: the search of territories, and those to start from, by kind."""

    lead: str
    query: str
    results: tuple[PlaceLine, ...]
    groups: tuple[tuple[str, tuple[PlaceLine, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """`sources.html`: every source Vigie can read, loaded or not."""

    lead: str
    loaded: tuple[SourceLine, ...]
    others: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """`source.html`: a source's card and what was loaded from it."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    facts: tuple[Fact, ...]
    loads: tuple[Table, ...] = ()
    gaps: tuple[str, ...] = ()
    columns: Table | None = None
    addresses: Table | None = None
    citation: str = ""
    how_to_load: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator in the catalogue."""

    label: str
    href: str
    definition: str
    unit: str


@dataclass(frozen=True, slots=True)
class Indicators:
    """`indicators.html`: the catalogue, by theme."""

    lead: str
    groups: tuple[tuple[str, tuple[IndicatorLine, ...]], ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """`indicator.html`: an indicator's card."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    formula: str
    facts: tuple[Fact, ...]
    limits: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[Link, ...] = ()
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """`error.html` (404, 422, 500) and `no_data.html`: what, where, what to do; never a trace."""

    status: int
    title: str
    what: str
    todo: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """`accessibility.html`, `legal.html`, `privacy.html`, `help.html`: who hosts, and how long entries are kept."""

    contact: str
    publisher: str
    host: str = ""
