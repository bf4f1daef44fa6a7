"""What a firm says of itself: its fields, who may read each entry, and what never passes through Vigie."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from vigie.domain.access import Role


class DeclarationSubject(StrEnum):
    """What a declaration is about."""

    MAKES = "makes"
    CLIENTS = "clients"
    NEEDS = "needs"
    OFFERS = "offers"
    KNOW_HOW = "know_how"
    CHAIN = "chain"
    MODEL = "model"
    PROJECTS = "projects"
    MATURITY = "maturity"
    RESOURCES = "resources"
    FLOWS = "flows"
    CAPABILITIES = "capabilities"


FIELDS: dict[DeclarationSubject, tuple[str, str]] = {
    DeclarationSubject.MAKES: ("Ce qu’elle fabrique ou réalise", "Produits, pièces, prestations, en mots simples."),
    DeclarationSubject.CLIENTS: (
        "Pour qui",
        "Sortes de clients, secteurs servis ; aucun nom de client sans son accord.",
    ),
    DeclarationSubject.NEEDS: (
        "Ce dont elle a besoin",
        "Une compétence, un fournisseur, un local, un conseil, une formation…",
    ),
    DeclarationSubject.OFFERS: (
        "Ce qu’elle propose à d’autres",
        "Un service, un matériel à partager, un accueil, un essai…",
    ),
    DeclarationSubject.KNOW_HOW: ("Ses savoir-faire", "Gestes, procédés, normes tenues, métiers rares."),
    DeclarationSubject.CHAIN: (
        "Ses étapes",
        "Concevoir, usiner, assembler, contrôler, livrer, réparer…",
    ),
    DeclarationSubject.MODEL: ("Son modèle d’affaires", "Ce qu’elle vend, à qui, jusqu’où."),
    DeclarationSubject.PROJECTS: ("Ses projets", "Produit, machine, locaux, embauches, transmission…"),
    DeclarationSubject.MATURITY: ("Industrie 4.0, où elle en est", "Six questions, chacune à quatre réponses."),
    DeclarationSubject.RESOURCES: ("Ses ressources", "Machines, locaux, équipements, logiciels, laboratoires."),
    DeclarationSubject.FLOWS: ("Ce qui entre et ce qui sort", "Matières, chutes, chaleur, eau, emballages."),
    DeclarationSubject.CAPABILITIES: (
        "Savoir-faire confirmés",
        "Procédés, matières, machines et certifications, tels que les nomme le vocabulaire.",
    ),
}
"""Label of each field, and what to write there."""
CHOSEN = frozenset({DeclarationSubject.CAPABILITIES, DeclarationSubject.MATURITY})
"""Fields in which nothing is written freely: their entries are chosen in lists."""
QUESTIONS: dict[DeclarationSubject, str] = {
    DeclarationSubject.MAKES: "Que fabrique-t-elle, ou que réalise-t-elle ?",
    DeclarationSubject.CLIENTS: "Pour qui : quelles sortes de clients, quels secteurs ?",
    DeclarationSubject.NEEDS: "Que cherche-t-elle ?",
}
"""What to ask a firm first, in free words, in the order of a conversation."""


class Visibility(StrEnum):
    """Who may read an entry, from everybody to the officer alone."""

    PUBLIC = "public"
    NETWORK = "network"
    INTRODUCED = "introduced"
    OFFICER = "officer"


VISIBILITIES: dict[Visibility, tuple[str, str]] = {
    Visibility.PUBLIC: ("Tout le monde", "Visible sur la page publique de l’entreprise."),
    Visibility.NETWORK: ("Le réseau", "Les entreprises et les développeurs économiques admis dans l’organisation."),
    Visibility.INTRODUCED: (
        "Les entreprises mises en relation",
        "Celles avec qui une mise en relation est en cours, et le développeur économique.",
    ),
    Visibility.OFFICER: ("Le développeur économique", "L’entreprise et lui, personne d’autre."),
}
"""Label of each visibility, and what it means."""


class Relation(StrEnum):
    """What the asker is to the firm whose entry it is, within the organisation that keeps the entry."""

    STRANGER = "stranger"
    MEMBER = "member"
    SHARED = "shared"
    INTRODUCED = "introduced"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Reserve:
    """Why less is shown than the firm chose: it is partially diffusible, or it objects to being shown."""

    masked: bool = False
    objected: bool = False


OFFICERS = frozenset({Role.OFFICER, Role.ADMIN})
NOTHING_RESERVED = Reserve()
_OPEN: dict[Relation, tuple[frozenset[Role], frozenset[Visibility]]] = {
    Relation.MEMBER: (frozenset({Role.HEAD}), frozenset({Visibility.PUBLIC, Visibility.NETWORK})),
    Relation.SHARED: (frozenset({Role.PARTNER}), frozenset({Visibility.PUBLIC, Visibility.NETWORK})),
    Relation.INTRODUCED: (
        frozenset({Role.HEAD, Role.PARTNER}),
        frozenset({Visibility.PUBLIC, Visibility.NETWORK, Visibility.INTRODUCED}),
    ),
}
"""What each relation opens, and to which roles; for the others it is as if they were strangers."""


def may_read(
    visibility: Visibility,
    role: Role,
    relation: Relation,
    reserve: Reserve = NOTHING_RESERVED,
    *,
    emergency: bool = False,
) -> bool:
    """Tell whether somebody may read an entry: the only place where this is decided.

    The firm's head reads all of it, as do the officers and admins of the organisation that keeps it, and an emergency
    access to that organisation. A head admitted there reads the network's; a firm introduced reads what is kept for
    it; a partner to whom a dossier on the firm was shared reads the network's; everybody reads what is public. What a
    partially diffusible firm calls public stays in the network; a firm that objects is read by itself and the
    officers only.
    """
    if relation is not Relation.STRANGER and (emergency or role in OFFICERS):
        return True
    if relation is Relation.OWN and role is Role.HEAD:
        return True
    if reserve.objected:
        return False
    if visibility is Visibility.PUBLIC and not reserve.masked:
        return True
    roles, opened = _OPEN.get(relation, (frozenset[Role](), frozenset[Visibility]()))
    return role in roles and visibility in opened


LONGEST = 600
MOST = 20
MASKED_STAYS_INSIDE = (
    "Cette entreprise a demandé la diffusion partielle de ses informations (article R123-232-1 du code de commerce) : "
    "rien de ce qu’elle dit ne peut être public. Choisissez le réseau, les entreprises mises en relation ou le "
    "développeur économique."
)
UNKNOWN_STAYS_INSIDE = (
    "Cette entreprise n’est pas parmi celles qui sont chargées : on ne sait pas si elle a demandé la diffusion "
    "partielle, et rien de ce qu’elle dit ne peut être public. Choisissez une autre visibilité."
)
ELSEWHERE_STAYS_INSIDE = (
    "Cette entreprise n’est pas de votre territoire, et personne n’y parle pour elle dans votre organisation : ce que "
    "vous écrivez en son nom ne peut pas être public. Choisissez une autre visibilité."
)
_MONEY = re.compile(
    r"\b(prix|tarifs?|tarifaires?|couts?|rabais|remises?|ristournes?|marges?|devis|euros?|keur|chiffre d affaires"
    r"|taux horaires?|honoraires|capacites? (de|d) (production|fabrication|usinage|stockage)|capacites? (disponibles?"
    r"|restantes?)|cadences?|taux de charge|plan de charge)\b|\d\s*(€|euros?\b|eur\b|k€)|€"
    r"|\d[\d\s.,]*(pieces?|tonnes?|unites?|heures?|t|kg|m2|m3)\s*(/|par)\s*(h|heure|jour|semaine|mois|an)\b"
)


def competition_warning(text: str) -> str:
    """Return a French warning when words look like a price, a cost or a capacity, which never pass through Vigie."""
    found = _MONEY.search(_folded(text))
    if found is None:
        return ""
    return (
        f"« {found.group().strip()} » ressemble à un prix, à un coût ou à une capacité. Entre entreprises qui peuvent "
        "être concurrentes, ni prix, ni coût, ni capacité ne passent par Vigie (règles de concurrence) : dites ce que "
        "l’entreprise sait faire, le reste se dit de vive voix."
    )


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", " ").replace("'", " "))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
