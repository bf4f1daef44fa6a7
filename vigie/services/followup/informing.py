"""What a person must be told when an organisation first keeps something of them (GDPR, articles 13, 14 and 21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.store.journal.people import Organisation

BASES = {
    "6-1-a": "votre consentement, que vous pouvez retirer à tout moment (article 6, paragraphe 1, point a, du RGPD)",
    "6-1-b": "l’exécution d’un contrat avec vous (article 6, paragraphe 1, point b, du RGPD)",
    "6-1-c": "une obligation légale (article 6, paragraphe 1, point c, du RGPD)",
    "6-1-e": "une mission d’intérêt public : le développement économique du territoire "
    "(article 6, paragraphe 1, point e, du RGPD)",
    "6-1-f": "l’intérêt légitime de l’organisation à suivre ses relations professionnelles "
    "(article 6, paragraphe 1, point f, du RGPD)",
}
"""Legal bases, by the word an organisation carries."""


def information(organisation: Organisation, contact: str, *, prospecting: bool) -> str:
    """Return the text to send to somebody at the first exchange, ready to paste in an e-mail.

    The right to object stands apart, as article 21 asks; how long depends on the schedule of archives, and on the
    months without contact for prospecting data.
    """
    write_to = contact or organisation.name
    aim = "vous présenter des services et des implantations" if prospecting else "suivre nos échanges avec vous"
    return (
        "Bonjour,\n\n"
        f"{organisation.name} garde vos coordonnées professionnelles et un résumé de nos échanges, pour {aim}. "
        f"Base légale : {BASES.get(organisation.legal_basis, organisation.legal_basis)}.\n\n"
        f"{_length(organisation, prospecting=prospecting)} Seuls les agents chargés du développement économique, et "
        "les partenaires dont nous vous parlons, les lisent. Elles ne sont ni vendues ni cédées.\n\n"
        "Vous pouvez demander à les lire, à les corriger, à les emporter ou à les effacer : nous répondons en un mois "
        f"au plus. Écrivez à : {write_to}. Vous pouvez aussi saisir la Cnil (cnil.fr).\n\n"
        "DROIT D’OPPOSITION\n"
        "Vous pouvez vous opposer à tout moment à ce que nous gardions ces données, pour des raisons tenant à votre "
        "situation particulière ; et, sans donner de raison, à être sollicité. "
        f"Il suffit de l’écrire à : {write_to}."
    )


def _length(organisation: Organisation, *, prospecting: bool) -> str:
    months = organisation.retention_months
    if prospecting:
        return f"Sans nouvelle de vous pendant {months} mois, nous les effaçons."
    if organisation.retention_visa:
        return (
            "Leur durée de conservation suit notre tableau de gestion des archives publiques "
            f"(visa {organisation.retention_visa}) : {months} mois après le dernier contact."
        )
    return (
        "Nos dossiers sont des archives publiques : leur durée de conservation est fixée avec le service des archives."
    )
