"""What letters about needs say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from vigie.domain.french import counted, long_date
from vigie.domain.needs import NeedOutcome
from vigie.services.introductions.letters import BASES, LetterText

if TYPE_CHECKING:
    from vigie.services.firms.relations import LocalContact
    from vigie.store.journal.needs import StatedNeed
    from vigie.store.journal.people import Organisation

_SHOWN = 60


def answering_sentence(contact: LocalContact) -> str:
    """Return who answers and within which delay, if it is promised: « Camille F. répond sous 3 jours ouvrés »."""
    who = contact.name or f"L’accueil de {contact.organisation}"
    if contact.days is None:
        return f"{who} vous répond ; aucun délai n’est annoncé."
    return f"{who} répond sous {counted(contact.days, 'jour ouvré', 'jours ouvrés')}."


def legal(organisation: Organisation) -> str:
    """Return what a person must be told at the first letter: basis, how long, rights."""
    basis = BASES.get(organisation.legal_basis, organisation.legal_basis)
    return (
        f"Vos données : {organisation.name} les traite pour répondre à votre besoin, sur la base : {basis}. Elles sont "
        f"gardées {organisation.retention_months}\u00a0mois après le dernier contact. Vous pouvez à tout moment "
        "demander à les lire, à les corriger ou à les effacer, et vous opposer à ce qu’elles servent à vous contacter."
    )


def confirmation(
    organisation: Organisation, need: StatedNeed, contact: LocalContact, link: str, earlier: date | None
) -> LetterText:
    """Return the letter that asks to confirm an address; `earlier` is the day of a need that it already stated."""
    again = (
        f"Vous nous aviez déjà écrit le {long_date(earlier)} : si c’est le même besoin, ne confirmez pas celui-ci, "
        "il est déjà entre nos mains. Si vous confirmez, les deux se suivent ensemble.\n\n"
        if earlier
        else ""
    )
    return LetterText(
        "Confirmez votre besoin",
        f"Bonjour,\n\nUn besoin a été dit à {organisation.name} avec cette adresse :\n\n« {shortened(need)} »\n\n"
        f"{again}Si c’est bien vous, confirmez-le :\n{link}\n\nSans confirmation, personne ne le lit. Ensuite, la même "
        f"page vous dit où il en est : gardez ce lien. {answering_sentence(contact)}\n\n{legal(organisation)}\n",
    )


def arrived(need: StatedNeed, said: tuple[str, str], due: date, link: str) -> LetterText:
    """Return the letter that tells an officer that somebody waits; `said` is in which commune, and to which service."""
    commune, service = said
    where = f" ({commune})" if commune else ""
    return LetterText(
        f"Un besoin à lire avant le {long_date(due)}",
        f"Bonjour,\n\nQuelqu’un{where} a dit un besoin{service}, et attend votre réponse avant le {long_date(due)} "
        f":\n\n« {shortened(need)} »\n\nLisez-le et répondez ici :\n{link}\n",
    )


def answered(organisation: Organisation, need: StatedNeed, contact: LocalContact, link: str) -> LetterText:
    """Return the letter that hands the officer's proposal to who stated a need."""
    reach = f"\n{contact.name or organisation.name}" + (f", {contact.phone}" if contact.phone else "")
    return LetterText(
        "Une réponse à votre besoin",
        f"Bonjour,\n\nVous aviez écrit : « {shortened(need)} ». {organisation.name} vous propose :\n\n"
        f"{need.proposal}\n{reach}\n\nOù en est votre besoin :\n{link}\n",
    )


def closed(organisation: Organisation, need: StatedNeed, link: str) -> LetterText:
    """Return the letter that tells who stated a need how it ended."""
    said = f"\n\n{need.result}" if need.result else ""
    return LetterText(
        "La suite donnée à votre besoin",
        f"Bonjour,\n\nVous aviez écrit : « {shortened(need)} ». Résultat : {NeedOutcome(need.outcome).label}.{said}\n\n"
        f"Ce qui a été fait, jour par jour :\n{link}\n\nUn autre besoin ? Dites-le de la même façon.\n\n"
        f"{organisation.name}\n",
    )


def shortened(need: StatedNeed) -> str:
    """Return the first words of a need, on one line."""
    said = " ".join((need.text or "").split())
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN].rsplit(' ', 1)[0]}…"
