"""Consultations: when they may be, what may be voted, what a statement may say, in which order statements are seen."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import IntEnum, StrEnum

from vigie.domain.addresses import hints_at_address
from vigie.domain.french import number

LONGEST = 240
"""A statement is voted at a glance: two lines of a phone hold 240 characters."""
LEAST_SEEDS = 5
"""With fewer statements nobody is told from anybody, and the first to come would set the question."""
LONGEST_DAYS = 366


class ConsultationState(StrEnum):
    """Where a consultation stands; a draft is read by its organisation alone."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """French name of the state."""
        return {"draft": "en préparation", "open": "ouverte", "closed": "close"}[self.value]


class College(StrEnum):
    """Who may speak."""

    ALL = "all"
    INHABITANTS = "inhabitants"
    FIRMS = "firms"
    AGENTS = "agents"

    @property
    def label(self) -> str:
        """French name of those who may speak."""
        return {
            "all": "toutes et tous",
            "inhabitants": "les habitantes et habitants",
            "firms": "les entreprises",
            "agents": "les agentes et agents publics",
        }[self.value]


class StatementState(StrEnum):
    """Where a statement stands: voted once it is kept."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"
    HIDDEN = "moderated"
    ERASED = "erased"

    @property
    def label(self) -> str:
        """French name of the state."""
        return {
            "waiting": "reçue, à lire",
            "kept": "retenue, soumise au vote",
            "refused": "non retenue",
            "moderated": "masquée par la modération",
            "erased": "retirée par qui l’avait écrite",
        }[self.value]


class StatementDecision(StrEnum):
    """What becomes of an idea."""

    KEEP = "keep"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        """French name of the decision."""
        return {"keep": "La soumettre au vote", "refuse": "Ne pas la retenir"}[self.value]


class Vote(IntEnum):
    """What is said of a statement."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1

    @property
    def word(self) -> str:
        """Word of the vote in forms and for programs."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """French name of the vote."""
        return {1: "d’accord", 0: "sans avis", -1: "pas d’accord"}[self.value]


VOTES: Mapping[str, Vote] = {vote.word: vote for vote in Vote}

_WORD = re.compile(r"[^\W\d_]{2,}")
_LINK = re.compile(r"https?://|www\.|<a\s", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)0\d(?:[ .\u00a0\u202f-]?\d\d){4}(?!\d)")
_NAMED = re.compile(r"\b(?:M\.|MM\.|Mmes?|Mlle|[Mm]onsieur|[Mm]adame|Me|Dr)\s+(?:[Ll][ea]\s+)?[A-ZÀ-Þ]")
_PRICE = re.compile(r"\d[\d\s\u00a0\u202f.,]*\s*(?:€|euros?\b|k€|M€)", re.IGNORECASE)


def statement_fault(text: str) -> str:
    """Return in French why words cannot be a statement to vote, empty when they can.

    >>> statement_fault("Il faut garder les ateliers en centre-bourg.")
    ''
    """
    said = text.strip()
    if len(_WORD.findall(said)) < 3:
        return "Écrivez une phrase entière : on doit pouvoir dire si on est d’accord avec elle."
    if len(said) > LONGEST:
        return (
            f"Votre phrase compte {number(len(said))} caractères, {number(LONGEST)} au plus : gardez une seule idée, "
            "proposez l’autre à part."
        )
    if _LINK.search(said) or hints_at_address(said) or _PHONE.search(said):
        return "Ni lien, ni adresse, ni téléphone : une phrase se vote sans être suivie ailleurs."
    if _NAMED.search(said):
        return "Cette phrase nomme quelqu’un : dites ce qu’il faut faire, sans désigner de personne."
    if _PRICE.search(said):
        return "Pas de prix ni de montant : dites l’idée, les chiffres se discutent à part."
    return ""


def same_words(one: str, other: str) -> bool:
    """Tell whether two statements say the same words, blanks, case and last signs apart."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def dates_fault(opens_on: date, closes_on: date, today: date) -> str:
    """Return in French what is wrong with the days of a consultation, empty when nothing is."""
    if closes_on < opens_on:
        return "Elle finirait avant de commencer : vérifiez les deux jours."
    if closes_on < today:
        return "Ce dernier jour est passé : choisissez-en un à venir."
    if (closes_on - opens_on).days > LONGEST_DAYS:
        return "Un an au plus : passé ce temps, la question n’est plus la même."
    return ""


def in_order(statements: Iterable[str], seen: Mapping[str, int], participant: str) -> list[str]:
    """Return statements in the order in which a participant sees them: those seldom seen first.

    `seen` is what was published of how many voted on each, in tens, so that the order tells nothing that is not public.
    Among equals, the order is that of a hash of participant and statement: the same whenever they come back, another
    for somebody else.
    """
    return sorted(statements, key=lambda one: (seen.get(one, 0), _drawn(participant, one)))


def _drawn(participant: str, statement: str) -> str:
    return hashlib.sha256(f"{participant}\n{statement}".encode()).hexdigest()
