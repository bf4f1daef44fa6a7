"""Who may reach a dossier, how its rows become answers, and lists of dossiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, or_, select

from vigie.domain.access import ABSENT, Right, Role, Thing
from vigie.domain.actors import compact_identifier, compact_siren
from vigie.domain.followup import DossierState
from vigie.errors import Conflict, NotFound, RequestFault
from vigie.services.communes import commune_code, commune_name, communes_of
from vigie.services.followup.answers import Colleague, DossierLine, DossierList, ReminderLine
from vigie.services.territory_search import plain
from vigie.store.journal.followup import Dossier, DossierShare, DossierTag, Portfolio, PortfolioMember, Reminder
from vigie.store.journal.people import Membership, Person
from vigie.store.spelling import holds

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

FOLLOWERS = (Role.OFFICER, Role.ADMIN)
"""Those who open and own dossiers."""


def readable(reader: Reader, identifier: str) -> Dossier:
    """Return a dossier that the asker may read; raises `NotFound` otherwise.

    Followers also read one that was withdrawn, so that they can restore it.
    """
    held = reader.scope.require(Thing.DOSSIERS, Right.READ, Right.READ_OWN, Right.READ_SHARED)
    row = reader.find(Dossier, identifier)
    if row is None:
        raise NotFound(ABSENT)
    if Right.READ in held:
        return row
    if row.deleted_at is None:
        siren, person = reader.scope.siren, reader.scope.person
        if Right.READ_OWN in held and siren and row.siren == siren:
            return row
        if Right.READ_SHARED in held and person in {share.person_id for share in shares_of(reader, row.id)}:
            return row
    raise NotFound(ABSENT)


def writable(reader: Reader, identifier: str, *, closed: bool = False) -> Dossier:
    """Return a dossier that the asker may change.

    Raises `NotFound` otherwise, `Conflict` when it is closed, unless `closed` dossiers are accepted, or erased.
    """
    reader.scope.require(Thing.DOSSIERS, Right.WRITE)
    row = reader.get(Dossier, identifier)
    if row.erased_at is not None:
        raise Conflict("Ce dossier a été effacé au terme de sa durée de conservation : il ne change plus.")
    if row.state == DossierState.CLOSED and not closed:
        raise Conflict("Ce dossier est clos : rouvrez-le pour y écrire.")
    return row


def shares_of(reader: Reader, dossier: str) -> Sequence[DossierShare]:
    """Return to whom a dossier is opened."""
    return reader.all(
        select(DossierShare)
        .where(DossierShare.dossier_id == dossier, DossierShare.deleted_at.is_(None))
        .order_by(DossierShare.created_at, DossierShare.id)
    )


def names(reader: Reader, people: Iterable[str]) -> Mapping[str, str]:
    """Return the names of members of the organisation; somebody erased has none."""
    wanted = {person for person in people if person}
    if not wanted:
        return {}
    found = reader.all(select(Person).where(Person.id.in_(wanted)))
    return {person.id: person.name or "" for person in found}


def members(reader: Reader, roles: Sequence[Role]) -> tuple[Colleague, ...]:
    """Return the active members of the organisation in some roles, by name."""
    held = reader.all(
        select(Membership.person_id).where(
            Membership.organisation_id == reader.scope.organisation,
            Membership.role.in_([role.value for role in roles]),
            Membership.state == "active",
            Membership.deleted_at.is_(None),
        )
    )
    known = names(reader, held)
    return tuple(
        sorted((Colleague(person, known.get(person, "")) for person in held), key=lambda one: (one.name, one.id))
    )


def lines(reader: Reader, rows: Sequence[Dossier], *, inside: bool = True) -> tuple[DossierLine, ...]:
    """Return dossiers as lists show them; their tags are for those inside only."""
    owners = names(reader, [row.owner_id for row in rows])
    tags = tags_of(reader, [row.id for row in rows]) if inside else {}
    return tuple(
        DossierLine(
            id=row.id,
            kind=row.kind,
            title=row.title,
            siren=row.siren,
            siret=row.siret,
            commune=row.commune,
            commune_name=commune_name(row.commune),
            state=row.state,
            owner=row.owner_id,
            owner_name=owners.get(row.owner_id, ""),
            opened_at=row.created_at,
            waiting_since=row.waiting_since,
            last_contact_on=row.last_contact_on,
            withdrawn=row.deleted_at is not None,
            tags=tuple(tag.label for tag in tags.get(row.id, ())),
        )
        for row in rows
    )


def tags_of(reader: Reader, dossiers: Sequence[str]) -> Mapping[str, Sequence[DossierTag]]:
    """Return the tags of dossiers, by dossier and in order."""
    found: dict[str, list[DossierTag]] = defaultdict(list)
    if dossiers:
        live = (DossierTag.dossier_id.in_(dossiers), DossierTag.deleted_at.is_(None))
        for tag in reader.all(select(DossierTag).where(*live).order_by(DossierTag.label)):
            found[tag.dossier_id].append(tag)
    return found


def reminder_lines(
    reader: Reader, rows: Sequence[Reminder], titles: Mapping[str, str | None]
) -> tuple[ReminderLine, ...]:
    """Return reminders as lists show them; `titles` names their dossiers and introductions."""
    owners = names(reader, [row.owner_id for row in rows])
    return tuple(
        ReminderLine(
            id=row.id,
            dossier=row.dossier_id,
            introduction=row.introduction_id,
            title=titles.get(row.dossier_id or row.introduction_id) or "",
            due_on=row.due_on,
            reason=row.reason,
            owner=row.owner_id,
            owner_name=owners.get(row.owner_id, ""),
            done_at=row.done_at,
            result=row.result,
        )
        for row in rows
    )


def same_firm(reader: Reader, siren: str, but: str = "") -> Sequence[Dossier]:
    """Return the live dossiers on a firm; an empty SIREN is nobody's and matches nothing."""
    if not siren:
        return ()
    live = (Dossier.siren == siren, Dossier.deleted_at.is_(None), Dossier.id != but)
    return reader.all(select(Dossier).where(*live).order_by(Dossier.created_at, Dossier.id))


WITHDRAWN = "withdrawn"
LARGEST_PAGE = 100
SORTS = ("recent", "title", "contact", "waiting")


@dataclass(frozen=True, slots=True)
class DossierFilter:
    """Which dossiers are wanted; an empty filter keeps all that are not withdrawn.

    `state` is a state, « withdrawn » or empty; `text` is looked for in titles, accents and case ignored, unless it is a
    number: it is then that of the firm; `tag` is a label, `portfolio` an identifier, `commune` a code or a name.
    `sort`: recent (the last opened first), title, contact (those not heard of for longest first), waiting (the longest
    wait first).
    """

    kind: str = ""
    state: str = ""
    owner: str = ""
    tag: str = ""
    text: str = ""
    portfolio: str = ""
    commune: str = ""
    siren: str = ""
    sort: str = "recent"
    page: int = 1
    per_page: int = 25


def find(reader: Reader, asked: DossierFilter) -> DossierList:
    """Return one page of the dossiers that the asker may read."""
    if asked.page < 1 or not 1 <= asked.per_page <= LARGEST_PAGE:
        raise RequestFault(f"La page commence à 1 et compte de 1 à {LARGEST_PAGE} dossiers.")
    if asked.sort not in SORTS:
        raise RequestFault(f"Le tri est l’un de : {', '.join(SORTS)}.")
    held = reader.scope.require(Thing.DOSSIERS, Right.READ, Right.READ_OWN, Right.READ_SHARED)
    inside = Right.READ in held
    asked = _numbered(asked) if inside else asked
    wanted = [*_reach(reader, held), *(_criteria(reader, asked) if inside else ())]
    total, page = (_ordered if asked.sort in _COLUMNS and not asked.text.strip() else _read)(reader, wanted, asked)
    return DossierList(lines(reader, page, inside=inside), total, asked.page, asked.per_page)


def _numbered(asked: DossierFilter) -> DossierFilter:
    """Read the number of a firm where it was typed among the words of a title."""
    number = compact_identifier(asked.text)
    return replace(asked, text="", siren=number[:9]) if number and not asked.siren else asked


def _ordered(
    reader: Reader, wanted: Sequence[ColumnElement[bool]], asked: DossierFilter
) -> tuple[int, Sequence[Dossier]]:
    """Let the engine count, order and cut: it holds what the order looks at."""
    statement = select(Dossier).where(*wanted)
    start = (asked.page - 1) * asked.per_page
    page = reader.all(statement.order_by(*_COLUMNS[asked.sort]).limit(asked.per_page).offset(start))
    return reader.count(statement), page


def _read(reader: Reader, wanted: Sequence[ColumnElement[bool]], asked: DossierFilter) -> tuple[int, Sequence[Dossier]]:
    """Read every title wanted: letters are compared here, alike for both engines."""
    kept = _sorted(_titled(reader, wanted, asked), asked.sort)
    start = (asked.page - 1) * asked.per_page
    chosen = [row.id for row in kept[start : start + asked.per_page]]
    found = {row.id: row for row in reader.all(select(Dossier).where(Dossier.id.in_(chosen)))} if chosen else {}
    return len(kept), [found[identifier] for identifier in chosen]


def every(reader: Reader, asked: DossierFilter) -> tuple[str, ...]:
    """Return the identifiers of all the dossiers of a filter, in its order, for what takes them whole."""
    reader.scope.require(Thing.DOSSIERS, Right.READ)
    asked = _numbered(asked)
    rows = _titled(reader, _criteria(reader, asked), asked)
    return tuple(row.id for row in _sorted(rows, asked.sort))


def _reach(reader: Reader, held: frozenset[Right]) -> list[ColumnElement[bool]]:
    """Keep what a role that does not read everything may see: its own firm's, or what was shared with it."""
    if Right.READ in held:
        return []
    scope = reader.scope
    if Right.READ_OWN in held:
        return [Dossier.siren == scope.siren, Dossier.siren != "", Dossier.deleted_at.is_(None)]
    shared = select(DossierShare.dossier_id).where(
        DossierShare.organisation_id == scope.organisation,
        DossierShare.person_id == scope.person,
        DossierShare.deleted_at.is_(None),
    )
    return [Dossier.id.in_(shared), Dossier.deleted_at.is_(None)]


def _criteria(reader: Reader, asked: DossierFilter) -> list[ColumnElement[bool]]:
    if asked.state not in ("", WITHDRAWN, *(state.value for state in DossierState)):
        raise RequestFault("L’état est l’un de : open, closed, withdrawn.")
    wanted: list[ColumnElement[bool]] = [
        Dossier.deleted_at.is_not(None) if asked.state == WITHDRAWN else Dossier.deleted_at.is_(None)
    ]
    if asked.state in tuple(state.value for state in DossierState):
        wanted.append(Dossier.state == asked.state)
    commune = commune_code(asked.commune)
    for column, value in (
        (Dossier.kind, asked.kind),
        (Dossier.owner_id, asked.owner),
        (Dossier.commune, commune),
        (Dossier.siren, compact_siren(asked.siren)),
    ):
        if value:
            wanted.append(column == value)
    if asked.sort == "waiting":
        wanted.append(Dossier.waiting_since.is_not(None))
    if asked.tag:
        label = " ".join(asked.tag.casefold().split())
        tagged = (DossierTag.label == label, DossierTag.deleted_at.is_(None))
        here = DossierTag.organisation_id == reader.scope.organisation
        wanted.append(Dossier.id.in_(select(DossierTag.dossier_id).where(here, *tagged)))
    if asked.portfolio:
        wanted.append(_in_portfolio(reader, asked.portfolio))
    return wanted


def _in_portfolio(reader: Reader, identifier: str) -> ColumnElement[bool]:
    """Keep the dossiers on the firms of a portfolio, or in its territories."""
    portfolio = reader.get(Portfolio, identifier)
    held = reader.all(
        select(PortfolioMember).where(
            PortfolioMember.portfolio_id == portfolio.id, PortfolioMember.deleted_at.is_(None)
        )
    )
    sirens = [member.siren for member in held if member.siren]
    communes = {code for member in held if member.territory for code in communes_of(member.territory)}
    return or_(Dossier.siren.in_(sirens), Dossier.commune.in_(sorted(communes)))


def _titled(reader: Reader, wanted: Sequence[ColumnElement[bool]], asked: DossierFilter) -> list[Any]:
    """Return what orders the dossiers wanted whose title holds the text; both engines compare letters alike here."""
    columns = (Dossier.id, Dossier.title, Dossier.created_at, Dossier.last_contact_on, Dossier.waiting_since)
    rows = reader.rows(select(*columns).where(*wanted))
    return [row for row in rows if holds(row.title or "", asked.text)]


def _sorted(rows: Sequence[Any], order: str) -> list[Any]:
    return sorted(rows, key=_ORDERS[order], reverse=order == "recent")


_LATEST, _EARLIEST = date.max, date.min
_ORDERS: dict[str, Callable[[Any], Any]] = {
    "recent": lambda row: (row.created_at, row.id),
    "title": lambda row: (plain(row.title or "\uffff"), row.id),
    "contact": lambda row: (row.last_contact_on or _EARLIEST, row.id),
    "waiting": lambda row: (row.waiting_since or _LATEST, row.id),
}
_COLUMNS: dict[str, tuple[Any, ...]] = {
    "recent": (Dossier.created_at.desc(), Dossier.id.desc()),
    "contact": (Dossier.last_contact_on.asc().nulls_first(), Dossier.id),
    "waiting": (Dossier.waiting_since, Dossier.id),
}
"""The orders that the engine keeps by itself; titles are ordered without accents nor case, where engines disagree.
Every part of « recent » goes down, so that the engine reads its index backwards."""
