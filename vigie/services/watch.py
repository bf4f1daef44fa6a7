"""Watch: what happened in a territory, to a firm, to an establishment, since a day."""

from __future__ import annotations

import datetime
import math
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ibis

from vigie.domain.actors import compact_identifier
from vigie.domain.relations import LARGE, USUAL_KM, EventKind, EventOrder, EventSource, Wanted
from vigie.errors import RequestFault
from vigie.services.communes import commune_code
from vigie.services.event_words import event_sentence
from vigie.services.firms.suppression_list import unmentioned
from vigie.services.loaded import BODACC, STOCK, SUCCESSION
from vigie.services.places import Perimeter, Places, communes_given
from vigie.services.suppression import NoSuppression
from vigie.sources import cog_lookup, nomenclature
from vigie.store.event_matter import at_least, manufacturing
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from vigie.domain.provenance import Provenance
    from vigie.domain.territory import Territory
    from vigie.services.loaded import Loaded
    from vigie.services.suppression import Suppressions
    from vigie.store.warehouse import Warehouse

LARGEST_PAGE = 500
TERRITORIES_KEPT = 64
"""Territories whose latest events are kept in memory for a generation."""
MONTH = timedelta(days=31)
"""The longest month: stocks are published monthly, and the window holds the whole of the last one."""
SIREN_LENGTH = 9


@dataclass(frozen=True, slots=True)
class WatchedEvent:
    """An event with what is needed to read it: public name, names of communes, a French sentence.

    `date` is the day that the source gives, `None` when it gives none; `seen` the day Vigie saw the change.
    `name` is `None` when it is masked or unknown; `activity` and `size` are labels, `employees` the least number of
    the size band, each `None` when not known. `sources` tell it, two when a notice proves what Sirene tells; `court`
    and `url` are those of the notice, nothing of a masked firm's.
    """

    kind: EventKind
    label: str
    sentence: str
    siret: str
    siren: str
    name: str | None
    masked: bool
    commune: str | None
    commune_name: str | None
    date: datetime.date | None
    seen: datetime.date
    before: str | None
    after: str | None
    other_commune: str | None
    other_commune_name: str | None
    activity: str | None = None
    size: str | None = None
    sources: tuple[EventSource, ...] = (EventSource.SIRENE,)
    court: str | None = None
    url: str | None = None
    employees: int | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of events, the last seen first; `counts` gives all kinds, whatever kinds were asked for."""

    events: tuple[WatchedEvent, ...]
    total: int
    page: int
    per_page: int
    counts: Mapping[EventKind, int]
    since: datetime.date | None
    territory: Territory | None
    sources: tuple[Provenance, ...]
    simulated: bool

    @property
    def total_pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, math.ceil(self.total / self.per_page))

    def as_dict(self) -> dict[str, Any]:
        """Return the page as the machine-readable answers print it."""
        return asdict(self) | {"total_pages": self.total_pages}


@dataclass(frozen=True, slots=True)
class ForemostEvents:
    """The events that matter most, and how many there were in all."""

    events: tuple[WatchedEvent, ...]
    total: int
    territory: Territory | None


@dataclass(frozen=True, slots=True)
class Factories:
    """Sites of manufacturing that opened (or opened again) and closed, as seen since a day; `large` ones employ ten."""

    since: datetime.date
    opened: int
    opened_large: int
    closed: int
    closed_large: int


class Watch:
    """Events of one generation; those of firms that object are left out, and those that name one."""

    def __init__(self, warehouse: Warehouse, loaded: Loaded, suppressions: Suppressions | None = None) -> None:
        self._warehouse, self._loaded = warehouse, loaded
        self._suppressions = suppressions or NoSuppression()
        self.places = Places(warehouse)
        self._recent = lru_cache(TERRITORIES_KEPT)(self._read_recent)
        self._factories = lru_cache(TERRITORIES_KEPT)(self._count_factories)

    def recent(self, territory: str, count: int) -> tuple[EventPage, Factories | None]:
        """Return the events of a territory that matter most, and its sites of manufacturing.

        Both are kept for the territories asked for lately, as long as the same firms object.
        """
        return self._recent(territory, count, self._suppressions.sirens())

    def _read_recent(self, territory: str, count: int, without: frozenset[str]) -> tuple[EventPage, Factories | None]:
        return self.events(territory=territory, order=EventOrder.MATTER, per_page=count), self.factories(territory)

    def events(  # noqa: PLR0913 — one keyword for each filter of an address
        self,
        *,
        territory: str | None = None,
        siren: str | None = None,
        siret: str | None = None,
        sirens: Sequence[str] = (),
        since: datetime.date | None = None,
        kinds: Sequence[EventKind] = (),
        source: EventSource | None = None,
        naf: str = "",
        least: int = 0,
        around: str = "",
        kilometres: int = USUAL_KM,
        page: int = 1,
        per_page: int = 50,
        order: EventOrder = EventOrder.DATE,
    ) -> EventPage:
        """Return one page of events; without a filter, those of everything loaded.

        `sirens` are the firms of a portfolio, asked for together. `order` puts first what was seen last, or what
        matters most. A change of diffusion status is in no list, a deposit of accounts in those that ask for it.
        `source` keeps what one source tells, alone or beside another; `naf` an activity at any level of the
        nomenclature; `least` the sites of at least so many employees, as far as sizes are known.
        `around` keeps the communes whose middle is at so many `kilometres` of a commune's, named or coded.
        `since` keeps what Vigie saw on that day or later, whenever it happened. Raises `RequestFault` for an
        identifier or a territory that is not one, or a page that cannot be.
        """
        _check_page(page, per_page)
        place = self.places.territory(territory) if territory else None
        perimeter = self._circled(self.places.perimeter(place or cog_lookup.resolve("FR")), around, kilometres)
        given: dict[str, Any] = dict(perimeter.parameters)
        table = _of_firms(self._filtered(perimeter, siren, siret, since, given), sirens, given)
        table = _active(table, naf, given)
        if least:
            table = table.filter(at_least(table.size_band) >= least)
        if source is not None:
            noticed = table.notice.notnull()
            alone = table.source == EventSource.BODACC.value
            table = table.filter(noticed if source is EventSource.BODACC else ~alone.fill_null(False))
        counted = self._warehouse.rows(table.group_by("kind").agg(events=table.count()), given)
        counts = {EventKind(row["kind"]): row["events"] for row in counted}
        wanted = tuple(dict.fromkeys(kinds)) or tuple(kind for kind in counts if not kind.quiet)
        chosen = table.filter(table.kind.isin(sorted(kind.value for kind in wanted or EventKind)))
        rows = self._warehouse.rows(self._named(_page(chosen, order, page, per_page), order), given)
        return EventPage(
            events=tuple(_happening(row) for row in rows),
            total=sum(counts.get(kind, 0) for kind in wanted),
            page=page,
            per_page=per_page,
            counts={kind: counts[kind] for kind in EventKind if kind in counts},
            since=since,
            territory=place,
            sources=self._loaded.cite(STOCK, SUCCESSION, BODACC),
            simulated=self._loaded.simulated,
        )

    def foremost(
        self,
        since: datetime.date,
        most: int,
        *,
        territory: str | None = None,
        sirens: Sequence[str] = (),
        wanted: Wanted | None = None,
    ) -> ForemostEvents:
        """Return the events seen since a day that matter most, and how many there were, in one question to the data.

        They are those that `events` shows of a territory, or of the firms of a portfolio; the same faults are raised.
        """
        place = self.places.territory(territory) if territory else None
        chosen = wanted or Wanted()
        perimeter = self.places.perimeter(place or cog_lookup.resolve("FR"))
        perimeter = self._circled(perimeter, chosen.around, chosen.kilometres)
        given: dict[str, Any] = dict(perimeter.parameters)
        table = _of_firms(self._filtered(perimeter, None, None, since, given), sirens, given)
        table = _active(table, chosen.naf, given)
        shown = table.filter(~table.kind.isin([kind.value for kind in EventKind if kind.quiet]))
        counted = shown.mutate(total=ibis._.count().over())
        first = _page(counted, EventOrder.MATTER, 1, most)
        rows = self._warehouse.rows(self._named(first, EventOrder.MATTER), given)
        total = rows[0]["total"] if rows else 0
        for row in rows:
            del row["total"]
        return ForemostEvents(tuple(map(_happening, rows)), total, place)

    def factories(self, territory: str | None = None, since: datetime.date | None = None) -> Factories | None:
        """Count the sites of manufacturing that opened and closed; without a day, since a month before the last event.

        A move or a take-over is neither. `None` when nothing was ever seen. Counts are kept like those of `recent`.
        """
        return self._factories(territory or "FR", since, self._suppressions.sirens())

    def _count_factories(
        self, territory: str, since: datetime.date | None, without: frozenset[str]
    ) -> Factories | None:
        if since is None:
            table = self._warehouse.table("event")
            last = self._warehouse.rows(table.agg(last=table.seen.max()))[0]["last"]
            if last is None:
                return None
            since = last - MONTH
        perimeter = self.places.perimeter(self.places.territory(territory))
        given: dict[str, Any] = dict(perimeter.parameters)
        table = self._filtered(perimeter, None, None, since, given)
        made = table.filter(manufacturing(table))
        large = (at_least(made.size_band) >= LARGE).fill_null(False)
        opened = made.kind.isin([EventKind.CREATION.value, EventKind.REOPENING.value])
        closed = made.kind == EventKind.CLOSURE.value
        counts = {"opened": opened, "opened_large": opened & large, "closed": closed, "closed_large": closed & large}
        found = made.agg(**{name: made.count(where=test) for name, test in counts.items()})
        return Factories(since, **self._warehouse.rows(found, given)[0])

    def _circled(self, perimeter: Perimeter, around: str, kilometres: int) -> Perimeter:
        """Keep the communes of a perimeter around one of them; all of them when none is said."""
        if not around.strip():
            return perimeter
        near = self.places.within_km(commune_code(around), kilometres)
        inside = near if perimeter.communes is None else near.intersection(perimeter.communes)
        return replace(perimeter, communes=tuple(sorted(inside)))

    def _filtered(
        self,
        perimeter: Perimeter,
        siren: str | None,
        siret: str | None,
        since: datetime.date | None,
        given: dict[str, Any],
    ) -> ir.Table:
        """Keep the events asked for; the values go to `given`, so that a query is compiled once for each shape.

        A move belongs to both its communes, and to both its establishments.
        """
        told = self._warehouse.table("event")
        told = told.filter(told.kind.isin([kind.value for kind in EventKind if kind.public]))
        table = unmentioned(told, self._suppressions.sirens(), given)
        if perimeter.communes is not None:
            inside = communes_given().commune
            table = table.filter(table.commune.isin(inside) | table.other_commune.isin(inside))
        for name, text, length in (("siren", siren, 9), ("siret", siret, 14)):
            if text:
                given[name] = _identifier(text, length)
                moved = table.kind.isin([EventKind.MOVE.value, EventKind.TRANSFER.value])
                sides = (table.before[:length] == parameter(name)) | (table.after[:length] == parameter(name))
                table = table.filter((table[name] == parameter(name)) | (moved & sides))
        if since is not None:
            given["since"] = since.isoformat()
            table = table.filter(table.seen >= parameter("since", "date"))
        return table

    def _named(self, events: ir.Table, order: EventOrder) -> ir.Table:
        """Add the public name of the establishment and the names of communes."""
        # Only what these few rows name is joined: a join with all notices would cost more than finding the rows.
        holder = self._warehouse.table("establishment").select("siret", "name", "usual_name", "sign", "diffusion")
        holder = holder.semi_join(events, "siret")
        territory = self._warehouse.table("territory")
        vintage = cog_lookup.resolve("FR").vintage
        communes = territory.filter(territory.kind == "commune", territory.vintage == vintage)
        here = communes.select(commune="code", commune_name="name")
        there = communes.select(other_commune="code", other_commune_name="name")
        joined = events.left_join(holder, "siret").drop("siret_right")
        joined = joined.left_join(here, "commune").drop("commune_right")
        joined = joined.left_join(there, "other_commune").drop("other_commune_right")
        told = self._warehouse.table("notice").select(notice="id", of="siren", court="court", url="url")
        told = told.semi_join(events, told.of == events.siren).semi_join(events, "notice")
        joined = joined.left_join(told, [joined.notice == told.notice, joined.siren == told.of]).drop(
            "notice_right", "of"
        )
        named = joined.mutate(
            name=ibis.coalesce(joined.usual_name, joined.sign, joined.name),
            masked=(joined.diffusion == "P").fill_null(False),
        ).drop("usual_name", "sign", "diffusion")
        named = named.mutate(url=ibis.ifelse(named.masked, ibis.null("string"), named.url))
        return named.order_by(_order(named, order)).drop("matter")


def _active(table: ir.Table, naf: str, given: dict[str, Any]) -> ir.Table:
    """Keep the events of an activity at any level of the nomenclature; all of them when none is said."""
    if not naf:
        return table
    given["activities"] = list(nomenclature.subclasses(nomenclature.normalise(naf)))
    active = parameter("activities", "array<string>").unnest().name("activity").as_table().activity
    return table.filter(table.naf.isin(active).fill_null(False))


def _of_firms(table: ir.Table, sirens: Sequence[str], given: dict[str, Any]) -> ir.Table:
    """Keep the events of several firms, and the moves and transfers that have one of them on either side."""
    if not sirens:
        return table
    given["firms"] = sorted({_identifier(siren, SIREN_LENGTH) for siren in sirens})
    wanted = parameter("firms", "array<string>").unnest().name("firm").as_table().firm
    moved = table.kind.isin([EventKind.MOVE.value, EventKind.TRANSFER.value])
    sides = table.before[:SIREN_LENGTH].isin(wanted) | table.after[:SIREN_LENGTH].isin(wanted)
    return table.filter(table.siren.isin(wanted) | (moved & sides))


def _order(table: ir.Table, order: EventOrder) -> list[Any]:
    first = [ibis.desc("matter")] if order is EventOrder.MATTER else []
    day = ibis.desc(ibis.coalesce(table.date, table.seen))
    return [*first, ibis.desc("seen"), day, "siret", "kind", "before", "after"]


def _page(table: ir.Table, order: EventOrder, page: int, per_page: int) -> ir.Table:
    return table.order_by(_order(table, order)).limit(per_page, offset=(page - 1) * per_page)


def _happening(row: dict[str, Any]) -> WatchedEvent:
    kind = EventKind(row.pop("kind"))
    naf, scheme, band = row.pop("naf"), row.pop("naf_nomenclature"), nomenclature.size_band(row.pop("size_band"))
    told, notice = EventSource(row.pop("source") or EventSource.SIRENE), row.pop("notice")
    return WatchedEvent(
        kind=kind,
        sources=(told, EventSource.BODACC) if notice and told is EventSource.SIRENE else (told,),
        label=kind.label,
        sentence=event_sentence(kind, row),
        activity=nomenclature.label(naf, scheme or ""),
        size=band.label if band and band.low is not None else None,
        employees=band.low if band else None,
        **row,
    )


def _identifier(text: str, length: int) -> str:
    digits = compact_identifier(text)
    if digits is not None and length == SIREN_LENGTH:
        return digits[:length]
    if digits is None or len(digits) != length:
        name = "SIREN (9 chiffres)" if length == 9 else "SIRET (14 chiffres)"
        raise RequestFault(f"«\u00a0{text}\u00a0» n’est pas un numéro {name}.")
    return digits


def _check_page(page: int, per_page: int) -> None:
    if page < 1 or not 1 <= per_page <= LARGEST_PAGE:
        raise RequestFault(f"La page commence à 1 et compte de 1 à {LARGEST_PAGE} événements.")
