"""The words that every door says of the same record: names, activities, sizes, places, dates, sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from vigie.domain import french
from vigie.domain.actors import NOMENCLATURE_NAMES, Nomenclature
from vigie.domain.firm_names import usual_case
from vigie.domain.naming import short_name
from vigie.domain.street_names import usual_address
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.views import Choice, EstablishmentLine, Pager, PlaceLine, SourceLine

if TYPE_CHECKING:
    from vigie.domain.provenance import Provenance
    from vigie.domain.territory import Territory
    from vigie.services.know import DirectoryEntry, LegalUnit
    from vigie.services.loaded import Loaded

STOCK = "sirene_etablissement"
NOT_PUBLIC = "Entreprise qui a demandé la discrétion"
NOT_KNOWN = "Nom non connu"


def name_of(entry: DirectoryEntry) -> str:
    """Return the public name of an establishment, in usual case; one that asked to be masked says that it has none."""
    name = entry.name or entry.usual_name or entry.sign
    return usual_case(name) if name else NOT_PUBLIC if entry.diffusion == "P" else NOT_KNOWN


def activity_of(entry: DirectoryEntry | LegalUnit) -> str:
    """Return an activity in words, with its code; its nomenclature is said when it is another than today's."""
    if not entry.naf:
        return "activité non connue"
    code = entry.naf if entry.naf_nomenclature == Nomenclature.NAF_REV2 else official_code(entry)
    return f"{entry.naf_label} ({code})" if entry.naf_label else code


def official_code(entry: DirectoryEntry | LegalUnit) -> str:
    """Return the code of an activity and its nomenclature, as the official record has them; empty when not known."""
    nomenclature = NOMENCLATURE_NAMES.get(entry.naf_nomenclature or "", entry.naf_nomenclature or "")
    return ", ".join(part for part in (entry.naf or "", nomenclature) if part)


def size_of(entry: DirectoryEntry | LegalUnit) -> str:
    """Return a size band in words with its year; a band that is not published is said so."""
    if not entry.size_label:
        return "effectif non publié"
    return f"{entry.size_label} ({entry.size_year})" if entry.size_year else entry.size_label


def place_of(entry: DirectoryEntry) -> str:
    """Return where an establishment is: address where public, postal code and commune or CEDEX, country abroad."""
    if entry.cedex_code:
        parts = (entry.cedex_code, entry.cedex_label or f"{entry.commune_name or ''} CEDEX")
    else:
        parts = (entry.postal_code or "", entry.commune_name or "")
    town = " ".join(part for part in parts if part)
    street = entry.address if entry.country else usual_address(entry.address or "")
    where = (street, entry.distribution, town, entry.country)
    return ", ".join(part for part in where if part) or "lieu non connu"


def signs_of(entry: DirectoryEntry) -> tuple[str, ...]:
    """Return the short remarks of an establishment in a list."""
    signs = ((entry.head_office, "siège"), (entry.craft, "artisanat"), (entry.diffusion == "P", "discrétion demandée"),
             (entry.diffusion == "U", "entreprise non chargée"))  # fmt: skip
    return tuple(word for holds, word in signs if holds)


def closing_of(entry: DirectoryEntry) -> str:
    """Return « fermé depuis le … », or what is announced after the load; nothing for an open establishment."""
    if entry.state == "N" and entry.created:
        return f"création annoncée pour le {french.long_date(entry.created)}"
    if entry.state == "A" and entry.closed:
        return f"fermeture annoncée pour le {french.long_date(entry.closed)}"
    if entry.state != "F":
        return ""
    return f"fermé depuis le {french.long_date(entry.closed)}" if entry.closed else "fermé"


def distance_of(entry: DirectoryEntry) -> str:
    """Return how far an establishment is from the point asked for, in metres below one km; nothing without a point."""
    if entry.distance_km is None:
        return ""
    if entry.distance_km < 0.01:
        return "à moins de 10 m"
    if entry.distance_km < 1:
        return f"à {french.quantity(round(entry.distance_km * 100) * 10, 'm', 0)}"
    return f"à {french.quantity(entry.distance_km, 'km', 1)}"


def establishment_line(entry: DirectoryEntry, mark: str = "", why: str = "") -> EstablishmentLine:
    """Return an establishment as lists show it; `why` says why it is there."""
    return EstablishmentLine(
        name=name_of(entry),
        href=f"/etablissement/{entry.siret}",
        activity=activity_of(entry),
        place=place_of(entry),
        size=size_of(entry),
        mark=mark,
        distance=distance_of(entry),
        closed=closing_of(entry),
        signs=(*([why] if why else []), *signs_of(entry)),
    )


def place_line(territory: Territory) -> PlaceLine:
    """Return a territory as lists show it; the number of an intercommunality tells nobody anything."""
    people = french.counted(territory.population, "habitant") if territory.population is not None else ""
    href, kind = territory_href(territory), territory.kind.label
    if territory.redirected_from:
        what = "ancien code" if territory.redirected_from[-1].isdigit() else "ancien nom"
        href, kind = (
            f"{href}?ancien={quote(territory.redirected_from)}",
            f"{kind}, {what} {territory.redirected_from} :",
        )
    code = "" if territory.kind is TerritoryKind.EPCI else territory.code
    return PlaceLine(short_name(territory), href, kind, code, people)


def territory_href(territory: Territory) -> str:
    """Return the address of a territory's portrait."""
    return f"/territoire/{territory.kind.value}/{territory.code}"


def source_lines(sources: Iterable[Provenance]) -> tuple[SourceLine, ...]:
    """Return sources as they are cited at the foot of a page."""
    return tuple(
        SourceLine(
            title=source.title,
            href=f"/source/{source.id}",
            producer=source.producer,
            licence=source.licence,
            vintage=vintage_of(source.vintage),
            attribution=source.attribution,
        )
        for source in sources
    )


def source_sentence(source: Provenance) -> str:
    """Return a source as the command line cites it."""
    said = f"Source : {source.title}, {source.producer}, {vintage_of(source.vintage)}. {source.licence}."
    return f"{said} {source.attribution}" if source.attribution else said


def vintage_of(vintage: str | None) -> str:
    """Return the date of data in words: a day, a month or a year; a date the file does not tell is said so."""
    if not vintage:
        return "date non indiquée par le fichier"
    if len(vintage) >= 10:
        return f"données du {french.long_date(vintage)}"
    return f"données de {french.month(f'{vintage}-01')}" if len(vintage) == 7 else f"données de {vintage}"


def vintage_sentence(loaded: Loaded) -> str:
    """Return the sentence on the data in service that every page carries at its foot."""
    stock = loaded.vintage.get(STOCK)
    what = "Établissements imaginaires" if loaded.simulated else "Répertoire Sirene"
    dated = f" au {french.long_date(stock)}" if stock else ""
    return f"{what}{dated}, chargé{'s' if loaded.simulated else ''} le {french.long_date(loaded.created)}."


def standing_in_sentence(loaded: Loaded) -> str:
    """Return the sentence that every page carries when the data that should answer cannot be read."""
    return (
        "Les dernières données chargées ne se lisent plus : celles du "
        f"{french.long_date(loaded.created)} répondent à leur place, le temps d’une réparation."
    )


def pager(page: int, total_pages: int, href: Callable[[int], str]) -> Pager:
    """Return the page numbers to offer: the first, the last and those around the present one.

    After the last page, it is said which one is the last, and offered.
    """
    last = max(1, total_pages)
    if page > last:
        beyond = beyond_sentence(page, last)
        return Pager((Choice(french.number(last), href(last)),), href(last), "", beyond)
    if total_pages < 2:
        return Pager()
    shown = sorted({1, total_pages, *range(max(1, page - 2), min(total_pages, page + 2) + 1)})
    choices: list[Choice] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            choices.append(Choice("…", ""))
        choices.append(Choice(french.number(number), href(number), number == page))
    return Pager(
        tuple(choices),
        href(page - 1) if page > 1 else "",
        href(page + 1) if page < total_pages else "",
    )


def beyond_sentence(page: int, last: int) -> str:
    """Return what to say of a page that comes after the last one."""
    whole = "cette liste tient en une page" if last == 1 else f"la dernière est la page {french.number(last)}"
    return f"Il n’y a pas de page {french.number(page)} : {whole}."


def home_sentence(loaded: Loaded) -> str:
    """Return the sentence that says what Vigie holds; the command line and the page say the same."""
    count = loaded.tables.get("establishment", 0)
    kind = "site imaginaire" if loaded.simulated else "site"
    many = "sites imaginaires" if loaded.simulated else "sites"
    return (
        "Vigie rassemble les entreprises et leurs sites, leurs activités, leur taille et ce qui change, pour que "
        f"chaque territoire se connaisse et agisse. Ici : {french.counted(count, kind, many)}."
    )
