"""Sources and indicators in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.pages import IndicatorLine, Indicators, SourcePage, Sources
from vigie.interfaces.present import vintage_of
from vigie.interfaces.views import Fact, Link, SourceLine, TableView
from vigie.services.methods import methods_of

if TYPE_CHECKING:
    from vigie.services.catalogue import Source
    from vigie.services.indicator_cards import IndicatorCard

SOURCES, INDICATORS = Link("Sources", "/sources"), Link("Indicateurs", "/indicateurs")
_KINDS = {
    "fichier": "fichier de données",
    "zonage": "zonage : des communes regroupées",
    "indicateur": "indicateur par territoire",
    "lieux": "lieux : des points nommés",
    "metiers": "métiers et activités qui les emploient",
    "echanges": "échanges entre branches",
    "liens": "liens connus entre entreprises",
    "reference": "référence livrée avec Vigie",
}
_SCOPES = {"france": "France entière", "departement": "par département"}


def sources(found: Sequence[Source]) -> Sources:
    """Return the list of sources, those in service first."""
    loaded = [one for one in found if one.loaded or one.shipped]
    others = [one for one in found if not (one.loaded or one.shipped)]
    lead = (
        f"Vigie sait lire {french.counted(len(found), 'source')} ; "
        f"{french.counted(len(loaded), 'est en service', 'sont en service')} dans cette installation."
    )
    return Sources(lead, tuple(map(source_line, loaded)), tuple(map(source_line, others)))


def source_line(one: Source) -> SourceLine:
    """Return a source in a list, with what is loaded from it."""
    return SourceLine(
        title=one.card.title,
        href=f"/source/{one.id}",
        producer=one.card.producer,
        licence=one.card.licence,
        vintage=vintage_of(one.vintage) if one.loaded or one.shipped else "",
        state=state_of(one),
        rows=french.counted(one.rows, "ligne lue", "lignes lues") if one.rows is not None else "",
    )


def state_of(one: Source) -> str:
    """Return whether a source is in service, and whether its data are imaginary."""
    if one.simulated:
        return "chargée, données imaginaires"
    if one.loaded:
        return "chargée"
    return "livrée avec Vigie" if one.shipped else "non chargée"


def source(one: Source) -> SourcePage:
    """Return the page of a source."""
    card = one.card
    served = one.loaded or one.shipped
    return SourcePage(
        title=card.title,
        lead=f"{card.title}, publié par {card.producer} sous {card.licence} ; {state_of(one)} dans cette installation.",
        trail=(SOURCES, Link(card.title)),
        facts=(
            Fact("Producteur", card.producer, card.page or ""),
            Fact("Licence", card.licence),
            *([Fact("Mention à reprendre", card.attribution)] if card.attribution else []),
            Fact("Sorte", _KINDS.get(card.kind, card.kind)),
            Fact("Rythme", card.rhythm),
            Fact("Millésime", vintage_of(one.vintage) if served else "non chargée"),
            *_counts(one),
        ),
        loads=_loads(one),
        gaps=card.gaps,
        columns=_columns(one),
        addresses=_addresses(one),
        citation=card.citation,
        remarks=one.remarks,
        how_to_load="" if one.shipped else f"où le dossier contient {_files(one)}.",
    )


def indicators(cards: Sequence[IndicatorCard]) -> Indicators:
    """Return the catalogue of indicators, by theme."""
    groups: dict[str, list[IndicatorLine]] = {}
    for card in cards:
        line = IndicatorLine(card.label, f"/indicateur/{card.id}", card.question, card.unit)
        groups.setdefault(card.theme, []).append(line)
    lead = f"Vigie calcule {french.counted(len(cards), 'indicateur')} ; chacun a sa formule, son unité et ses sources."
    return Indicators(lead, tuple((theme, tuple(lines)) for theme, lines in groups.items()))


def card_facts(card: IndicatorCard) -> tuple[Fact, ...]:
    """Return what the card of an indicator says, beside its formula."""
    return (
        Fact("Unité", card.unit),
        Fact("Thème", card.theme),
        Fact("Part connue", card.coverage),
        Fact("Comment le lire", card.reading),
        Fact("Des communes aux territoires plus larges", card.aggregation.label),
        Fact("Secret", card.secrecy),
        *(Fact("Méthode", one.label, f"/methode/{one.id}") for one in methods_of(card.id)),
    )


def _counts(one: Source) -> tuple[Fact, ...]:
    if one.rows is None:
        return ()
    rejected = one.rejected or 0
    return (
        Fact("Lignes lues", french.number(one.rows)),
        Fact(
            "Lignes écartées",
            french.number(rejected),
            note="voir le compte rendu de « vigie refresh »" if rejected else "",
        ),
    )


def _loads(one: Source) -> tuple[TableView, ...]:
    if not one.files:
        return ()
    rows = tuple(
        (str(file["file"]), french.number(file["rows"]), french.number(file["rejected"]), str(file["sha256"])[:16])
        for file in one.files
    )
    columns = ("Fichier", "Lignes", "Écartées", "Empreinte SHA-256 (début)")
    return (TableView("Fichiers chargés", columns, rows, (False, True, True, False)),)


def _columns(one: Source) -> TableView | None:
    """Return the columns that are read; a name that the card does not explain is not said twice."""
    meanings = [rule.meaning or (rule.as_ if rule.as_ != rule.name else "") for rule in one.card.columns]
    rows = tuple(
        (rule.pattern or rule.name, "oui" if rule.required else "non", *([meaning] if any(meanings) else []))
        for rule, meaning in zip(one.card.columns, meanings, strict=True)
    )
    heads = ("Colonne", "Obligatoire", *(["Sens"] if any(meanings) else []))
    return TableView("Colonnes lues", heads, rows) if rows else None


def _addresses(one: Source) -> TableView | None:
    rows = tuple(
        (
            Link(address.url, "" if "{" in address.url else address.url),
            address.format,
            _SCOPES.get(address.scope, address.scope),
            f"vue en ligne le {french.long_date(address.checked)}" if address.checked else "jamais vérifiée",
        )
        for address in one.card.addresses
    )
    return TableView("Adresses officielles", ("Adresse", "Format", "Étendue", "Vérification"), rows) if rows else None


def _files(one: Source) -> str:
    return french.listed(one.card.names) if one.card.names else "le fichier"
