"""One record for each page template: what it lays out, already in words (pieces in `views.py`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from vigie.interfaces.views import (
    AidLine,
    Choice,
    EstablishmentLine,
    EventLine,
    Fact,
    Figure,
    FirmClaim,
    FirmColumn,
    Graphic,
    IntroductionLine,
    Link,
    MatterLine,
    OwnWords,
    Pager,
    PlaceLine,
    Plate,
    RecordGroup,
    Relations,
    SourceLine,
    TableView,
    TieLine,
    UnderstoodChip,
)


@dataclass(frozen=True, slots=True)
class SearchOption:
    """One entry of a list or one box to tick in the search form."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MapSection:
    """The chapter of a map: the variable shown, those that may be chosen, the drawing, the table beside.

    `graphic` is `None` where outlines were not made; `kept` are the other choices of the address; `more` leads to the
    lines that the table does not show.
    """

    title: str
    note: str
    options: tuple[SearchOption, ...]
    table: TableView
    shown: str
    graphic: Graphic | None = None
    kept: tuple[tuple[str, str], ...] = ()
    more: Link | None = None
    downloads: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchForm:
    """The search form as last sent; field names are those of the address. `faults` maps a field to a sentence.

    `tailles` are sizes as people say them, `taille` INSEE's bands. `open` unfolds the filters (nothing is found yet, or
    one is at fault), `more` the rarer ones (one of them is set).
    """

    q: str = ""
    naf: str = ""
    territoire: str = ""
    lat: str = ""
    lon: str = ""
    rayon: str = ""
    cree_apres: str = ""
    cree_avant: str = ""
    tailles: tuple[SearchOption, ...] = ()
    autour: tuple[SearchOption, ...] = ()
    taille: tuple[SearchOption, ...] = ()
    etat: tuple[SearchOption, ...] = ()
    siege: tuple[SearchOption, ...] = ()
    artisanat: tuple[SearchOption, ...] = ()
    employeur: tuple[SearchOption, ...] = ()
    tri: str = ""
    sections: tuple[SearchOption, ...] = ()
    faults: dict[str, str] = field(default_factory=dict)
    more: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class SearchResultsPage:
    """`directory.html`; `applied` are the filters in force, each leading to the same search without it."""

    lead: str
    form: SearchForm
    asked: bool = True
    notes: tuple[str, ...] = ()
    understood: tuple[UnderstoodChip, ...] = ()
    nearest: tuple[Link, ...] = ()
    portrait: Link | None = None
    applied: tuple[Link, ...] = ()
    sorts: tuple[Choice, ...] = ()
    results: tuple[EstablishmentLine, ...] = ()
    map: Graphic | None = None
    pager: Pager = field(default_factory=Pager)
    downloads: tuple[Link, ...] = ()
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FirmPage:
    """`firm.html`: one page for a firm, opened on one of its sites or on all of them.

    `kicker` says which; `record` is what the register holds, folded, group by group. `around` are employers of its
    trade or its chain, `street` who is next door; `aids` the first schemes that may help it, of the list `aids_href`;
    `matter` the first sites that could take or give it some matter, of the list `matter_href`.
    `column` is its officer's dossier, nothing for anybody else.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    record: tuple[RecordGroup, ...]
    sites: tuple[EstablishmentLine, ...]
    claim: FirmClaim
    kicker: str = ""
    imaginary: bool = False
    closed: str = ""
    withheld: tuple[str, ...] = ()
    pager: Pager = field(default_factory=Pager)
    map: Graphic | None = None
    events: tuple[EventLine, ...] = ()
    events_href: str = ""
    api_href: str = ""
    own: OwnWords | None = None
    calls: tuple[IntroductionLine, ...] = ()
    around: tuple[EstablishmentLine, ...] = ()
    street: tuple[EstablishmentLine, ...] = ()
    aids: tuple[AidLine, ...] = ()
    aids_href: str = ""
    matter: tuple[MatterLine, ...] = ()
    matter_href: str = ""
    worked: tuple[TieLine, ...] = ()
    worked_href: str = ""
    relations: Relations | None = None
    column: FirmColumn | None = None
    ask_href: str = ""
    done: str = ""
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PortraitPage:
    """`portrait.html`: a territory told, and where all its figures are.

    `figures` come first, `chapters` tell them; `references` are the territories that it may be read beside, `kept` the
    other choices of the address; `redirected` says which former code led here.
    """

    title: str
    kind: str
    lead: str
    trail: tuple[Link, ...]
    sentences: tuple[str, ...] = ()
    map: Graphic | None = None
    redirected: str = ""
    events_href: str = ""
    directory_href: str = ""
    api_href: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    downloads: tuple[Link, ...] = ()
    figures: tuple[Figure, ...] = ()
    chapters: tuple[Plate, ...] = ()
    by_parts: MapSection | None = None
    all_figures: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    references: tuple[SearchOption, ...] = ()
    near: tuple[Link, ...] = ()
    inside: tuple[Link, ...] = ()
    further: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """`figures.html`: every figure of a territory by theme, each beside that of the reference chosen."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    plates: tuple[Plate, ...]
    references: tuple[SearchOption, ...] = ()
    notes: tuple[str, ...] = ()
    downloads: tuple[Link, ...] = ()
    api_href: str = ""
    sources: tuple[SourceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingPage:
    """`finding.html`: one figure and all that is needed to trust and compare it; an unknown value is `None`.

    `detail` holds the public rows behind the figure, commune by commune.
    """

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
    elsewhere: TableView | None = None
    indicator: Link | None = None
    rows: Link | None = None
    api_href: str = ""
    sources: tuple[SourceLine, ...] = ()
    detail: TableView | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """`events.html`: what happened in a territory, to a firm or to an establishment.

    `since` is the ISO date in force; `scope` the hidden fields to keep (name, value); `last_visit` leads to the events
    since then, `None` at the first visit.
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
    pager: Pager = field(default_factory=Pager)
    api_href: str = ""
    sources: tuple[SourceLine, ...] = ()
    orders: tuple[Choice, ...] = ()
    feed_href: str = ""
    naf: str = ""
    least: str = ""
    around: str = ""
    kilometres: str = ""


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
class SourcePage:
    """`source.html`: a source's card and what was loaded from it."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    facts: tuple[Fact, ...]
    loads: tuple[TableView, ...] = ()
    gaps: tuple[str, ...] = ()
    columns: TableView | None = None
    addresses: TableView | None = None
    citation: str = ""
    how_to_load: str = ""
    remarks: tuple[str, ...] = ()


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
class Failure:
    """`error.html` (404, 422, 500) and `no_data.html`: what, where, what to do; never a trace."""

    status: int
    title: str
    what: str
    todo: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InformationPage:
    """`accessibility.html`, `legal.html`, `privacy.html`, `help.html`: who hosts, and how long entries are kept."""

    contact: str
    publisher: str
    host: str = ""
