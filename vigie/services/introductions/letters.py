"""What letters about introductions say; none of them holds how to reach the other party before both said yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vigie.domain.french import long_date
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.people import Organisation

BASES = {
    "6-1-a": "votre consentement (article 6-1-a du RGPD)",
    "6-1-e": "mission d’intérêt public (article 6-1-e du RGPD)",
    "6-1-f": "intérêt légitime (article 6-1-f du RGPD)",
}
ONE_RULE = "Vos coordonnées ne sont transmises à l’autre partie que si vous acceptez tous les deux."
"""What is told wherever two parties may meet, word for word."""
COMPETITORS = (
    "Attention\u00a0: les deux parties exercent dans la même branche d’activité et peuvent être concurrentes. "
    "N’échangez ni prix, ni coûts, ni capacités de production."
)


@dataclass(frozen=True, slots=True)
class LetterText:
    """The subject and the body of a letter."""

    subject: str
    body: str


def legal(organisation: Organisation) -> str:
    """Return what a person must be told at the first letter: basis, how long, right to object."""
    basis = BASES.get(organisation.legal_basis, organisation.legal_basis)
    return (
        f"Vos données\u00a0: {organisation.name} les traite pour préparer cette mise en relation, sur la base\u00a0: "
        f"{basis}. Elles sont gardées {organisation.retention_months}\u00a0mois après le dernier contact. Vous pouvez "
        "à tout moment vous opposer, sans motif, à ce qu’elles servent à vous contacter\u00a0: refusez la proposition. "
        "Vous pouvez aussi demander à les lire, à les corriger ou à les effacer\u00a0: répondez au courriel reçu."
    )


def proposal(organisation: Organisation, introduction: Introduction, other: Side, link: str) -> LetterText:
    """Return the letter that asks a side whether it agrees to meet the other."""
    warning = f"\n{COMPETITORS}\n" if introduction.competitors else ""
    return LetterText(
        f"Mise en relation proposée avec {other.label}",
        f"Bonjour,\n\n{organisation.name} vous propose de rencontrer {other.label}, pour cette raison\u00a0:\n\n"
        f"{introduction.reason}\n{warning}\n"
        "Acceptez ou refusez en un clic, sans compte, sur cette page\u00a0:\n"
        f"{link}\n\n"
        f"{ONE_RULE} Le lien sert une fois et vaut 30\u00a0jours.\n\n{legal(organisation)}\n",
    )


def reminder(organisation: Organisation, introduction: Introduction, other: Side, link: str) -> LetterText:
    """Return the letter that reminds a side of a proposal it did not answer."""
    first = proposal(organisation, introduction, other, link)
    return LetterText(f"Rappel\u00a0: {first.subject[0].lower()}{first.subject[1:]}", first.body)


def accepted(organisation: Organisation, other: Side, link: str, until: date) -> LetterText:
    """Return the letter that notes a yes and tells how to take it back."""
    return LetterText(
        "Votre accord est enregistré",
        f"Bonjour,\n\nVous acceptez d’être mis en relation avec {other.label}. Nous attendons sa réponse\u00a0; vos "
        "coordonnées ne lui sont pas transmises d’ici là.\n\n"
        f"Vous changez d’avis\u00a0? Jusqu’au {long_date(until)}, retirez votre accord sur cette page\u00a0:\n"
        f"{link}\n\n"
        f"{organisation.name}\n",
    )


def introduced(organisation: Organisation, introduction: Introduction, other: Side) -> LetterText:
    """Return the letter that gives the other party's contact, once both said yes."""
    warning = f"\n{COMPETITORS}\n" if introduction.competitors else ""
    return LetterText(
        f"Vous êtes en relation avec {other.label}",
        f"Bonjour,\n\nLes deux parties ont accepté. Voici comment joindre {other.label}\u00a0:\n\n"
        f"{other.contact_name or 'nom non communiqué'}\n{other.contact_email or 'adresse non communiquée'}\n{warning}\n"
        f"Raison de la mise en relation\u00a0: {introduction.reason}\n\n"
        f"{organisation.name} prendra des nouvelles de votre rencontre.\n",
    )


def called_off(organisation: Organisation, other: Side) -> LetterText:
    """Return the letter that tells a side which said yes that there will be no introduction."""
    return LetterText(
        "La mise en relation ne se fera pas",
        f"Bonjour,\n\nLa mise en relation avec {other.label} ne se fera pas. Vos coordonnées n’ont pas été "
        f"transmises.\n\n{organisation.name}\n",
    )


def satisfaction(organisation: Organisation, other: Side, link: str) -> LetterText:
    """Return the letter that asks a side what it thought of an introduction."""
    return LetterText(
        f"Que pensez-vous de la mise en relation avec {other.label}\u202f?",
        f"Bonjour,\n\nVous avez été mis en relation avec {other.label}. Dites en un clic ce que vous en pensez, de 1 "
        f"à 5\u00a0:\n{link}\n\nLe lien sert une fois et vaut 30\u00a0jours.\n\n{organisation.name}\n",
    )
