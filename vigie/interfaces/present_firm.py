"""The page of a firm: what it says, who is around, what changed, then what the register holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.declarations import FIELDS, DeclarationSubject
from vigie.domain.firm_names import is_imaginary, usual_case
from vigie.interfaces.pages import FirmPage
from vigie.interfaces.present import (
    NOT_KNOWN,
    NOT_PUBLIC,
    closing_of,
    establishment_line,
    name_of,
    pager,
    source_lines,
)
from vigie.interfaces.present_actors import (
    establishment_facts,
    firm_facts,
    withheld_of_establishment,
    withheld_of_firm,
)
from vigie.interfaces.present_events import event_line
from vigie.interfaces.views import (
    AidLine,
    EstablishmentLine,
    FirmClaim,
    FirmColumn,
    Graphic,
    IntroductionLine,
    Link,
    MatterLine,
    OwnWords,
    RecordGroup,
    Relations,
    TieLine,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.know import DirectoryEntry, Firm
    from vigie.services.neighbours import Neighbours
    from vigie.services.watch import WatchedEvent

DIRECTORY = Link("Entreprises", "/annuaire")
_LONGEST_WORDS = 140
SAME_TRADE, SAME_CHAIN = "même métier", "même filière"


@dataclass(frozen=True, slots=True)
class AboutFirm:
    """What the page is made of: the firm, the site that it opens on, and what is around."""

    firm: Firm
    site: DirectoryEntry | None
    on_site: bool
    around: Neighbours
    events: Sequence[WatchedEvent]
    drawing: Graphic | None = None
    aids: tuple[AidLine, ...] = ()
    matter: tuple[MatterLine, ...] = ()
    worked: tuple[TieLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FromDesk:
    """What the journal adds, as far as its reader may read it."""

    claim: FirmClaim
    own: OwnWords | None = None
    calls: tuple[IntroductionLine, ...] = ()
    relations: Relations | None = None
    column: FirmColumn | None = None
    ask_href: str = ""
    done: str = ""
    matter_href: str = ""


def firm_page(about: AboutFirm, desk: FromDesk) -> FirmPage:
    """Return the page of a firm; a masked one has neither map nor neighbours."""
    found, site = about.firm, about.site
    unit = found.unit
    title, here = firm_title(about), f"/entreprise/{found.siren}"
    one = about.on_site and site is not None
    return FirmPage(
        title=title,
        lead=firm_lead(about, desk.own),
        trail=(DIRECTORY, *_place(site), Link(title)),
        record=_record(about),
        sites=tuple(_site_line(entry, rank, about) for rank, entry in enumerate(found.establishments, start=1)),
        claim=desk.claim,
        kicker=_kicker(about),
        imaginary=found.simulated and (is_imaginary(unit.name) or is_imaginary(site.name if site else None)),
        closed=_closed(about),
        withheld=withheld_of_establishment(site) if one and site and site.masked else withheld_of_firm(unit),
        pager=pager(found.page, found.total_pages, lambda page: f"{here}?page={page}"),
        map=about.drawing,
        events=tuple(map(event_line, about.events)),
        events_href=f"/etablissement/{site.siret}/evenements" if one and site else f"/evenements?siren={found.siren}",
        api_href=f"/api/v1/establishments/{site.siret}" if one and site else f"/api/v1/firms/{found.siren}",
        own=desk.own,
        calls=desk.calls,
        around=around_lines(about.around),
        street=tuple(_brief(one) for one in about.around.street),
        aids=about.aids,
        aids_href=f"/entreprise/{found.siren}/aides",
        worked=about.worked,
        worked_href=f"/entreprise/{found.siren}/liens-connus",
        matter=about.matter,
        matter_href=desk.matter_href or f"/entreprise/{found.siren}/echanges-de-matiere",
        relations=desk.relations,
        column=desk.column,
        ask_href=desk.ask_href,
        done=desk.done,
        sources=source_lines(found.sources),
    )


def firm_title(about: AboutFirm) -> str:
    """Return the name of a firm in usual case; that of a masked site is never told by its firm's."""
    unit, site = about.firm.unit, about.site
    if about.on_site and site is not None and (site.masked or not unit.name):
        return name_of(site)
    return usual_case(unit.name or "") or (NOT_PUBLIC if unit.diffusion == "P" else NOT_KNOWN)


def firm_lead(about: AboutFirm, own: OwnWords | None) -> str:
    """Return the sentence that opens the page: what a firm says of itself, its trade, size and age."""
    unit, site = about.firm.unit, about.site
    of = site if about.on_site and site is not None else unit
    created = of.created
    size = of.size_label or ""
    since = f"depuis {created.year}" if created and of.state != "N" else ""
    where = french.at_place(site.commune_name) if site is not None and site.commune_name else ""
    activity = of.naf_label or "activité non connue"
    told = french.capital(", ".join(part for part in (activity, size, since, where) if part))
    return f"{_said(own)}{told}."


def around_lines(found: Neighbours) -> tuple[EstablishmentLine, ...]:
    """Return the employers around, each with why it is there."""
    return tuple(_brief(one.entry, SAME_TRADE if one.same_trade else SAME_CHAIN) for one in found.chain)


def words_of(own: OwnWords | None, *subjects: DeclarationSubject) -> tuple[str, ...]:
    """Return what a firm says under some headings, as far as the reader may read it."""
    wanted = {subject.value.replace("_", "-") for subject in subjects}
    chapters = own.chapters if own else ()
    return tuple(saying.text for chapter in chapters if chapter.anchor in wanted for saying in chapter.sayings)


def _brief(entry: DirectoryEntry, why: str = "") -> EstablishmentLine:
    """Return a neighbour in few words: no code, no address, no year."""
    line = establishment_line(entry, why=why)
    return replace(
        line,
        activity=entry.naf_label or line.activity,
        place=entry.commune_name or line.place,
        size=entry.size_label or "",
        signs=(why,) if why else (),
    )


def _said(own: OwnWords | None) -> str:
    """Return the first thing that a firm says it makes, and who says it; nothing when it says nothing."""
    said = words_of(own, DeclarationSubject.MAKES)
    if not said or own is None:
        return ""
    first = said[0].rstrip(".")
    short = first if len(first) <= _LONGEST_WORDS else f"{first[:_LONGEST_WORDS].rsplit(' ', 1)[0]}…"
    makes = next(one for one in own.chapters if one.label == FIELDS[DeclarationSubject.MAKES][0])
    by = "dit l’entreprise" if makes.sayings[0].who.startswith("Dit par") else "écrit en son nom"
    return f"« {short} » ({by}). "


def _kicker(about: AboutFirm) -> str:
    site, total = about.site, about.firm.total
    if about.on_site and site is not None:
        where = french.of_place(site.commune_name) if site.commune_name else ""
        role = ", siège de l’entreprise" if site.head_office and total > 1 else ""
        sign = f" ({usual_case(site.sign)})" if site.sign else ""
        return f"Site {where}{sign}{role}".replace("  ", " ") if total > 1 or sign else ""
    return f"Entreprise de {french.counted(total, 'site')}" if total > 1 else ""


def _closed(about: AboutFirm) -> str:
    unit, site = about.firm.unit, about.site
    if about.on_site and site is not None and (told := closing_of(site)):
        return f"Site {told}" if site.state == "F" else french.capital(told)
    if unit.state == "N" and unit.created:
        return f"Création annoncée pour le {french.long_date(unit.created)}"
    return "Entreprise cessée" if unit.state == "C" else ""


def _place(site: DirectoryEntry | None) -> tuple[Link, ...]:
    if site is None or not site.commune or not site.commune_name:
        return ()
    return (Link(site.commune_name, f"/territoire/commune/{site.commune}"),)


def _record(about: AboutFirm) -> tuple[RecordGroup, ...]:
    """Return what the register holds: of the site that the page opens on, then of the firm."""
    groups = [RecordGroup("L’entreprise", firm_facts(about.firm))]
    if about.site is not None:
        where = french.of_place(about.site.commune_name) if about.site.commune_name else ""
        of_site = RecordGroup(f"Le site {where}".strip(), establishment_facts(about.site))
        groups.insert(0 if about.on_site else 1, of_site)
    return tuple(groups)


def _site_line(entry: DirectoryEntry, rank: int, about: AboutFirm) -> EstablishmentLine:
    here = about.on_site and about.site is not None and entry.siret == about.site.siret
    numbered = not about.on_site and about.firm.total > 1 and entry.longitude is not None
    return establishment_line(entry, str(rank) if numbered else "", why="ce site" if here else "")
