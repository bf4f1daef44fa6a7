"""Spreadsheets that officers bring in and take away: what a column may hold, and where a line may lead."""

from __future__ import annotations

from enum import StrEnum


class Column(StrEnum):
    """What a column of the officer's spreadsheet holds."""

    DOSSIER = "dossier"
    KIND = "kind"
    NAME = "name"
    SIREN = "siren"
    SIRET = "siret"
    COMMUNE = "commune"
    COMMUNE_CODE = "commune_code"
    POSTAL_CODE = "postal_code"
    CONTACT = "contact"
    FUNCTION = "function"
    EMAIL = "email"
    PHONE = "phone"
    ACTIVITY = "activity"
    COMMENT = "comment"
    LAST_CONTACT = "last_contact"
    REMINDER = "reminder"
    REMINDER_REASON = "reminder_reason"
    TAGS = "tags"
    STATE = "state"

    @property
    def label(self) -> str:
        """French name of the column, as files taken away carry it."""
        return _LABELS[self]


_LABELS = {
    Column.DOSSIER: "Dossier",
    Column.KIND: "Type",
    Column.NAME: "Nom",
    Column.SIREN: "SIREN",
    Column.SIRET: "SIRET",
    Column.COMMUNE: "Commune",
    Column.COMMUNE_CODE: "Code commune",
    Column.POSTAL_CODE: "Code postal",
    Column.CONTACT: "Contact",
    Column.FUNCTION: "Fonction",
    Column.EMAIL: "Courriel",
    Column.PHONE: "Téléphone",
    Column.ACTIVITY: "Activité",
    Column.COMMENT: "Commentaire",
    Column.LAST_CONTACT: "Dernier contact",
    Column.REMINDER: "Prochaine relance",
    Column.REMINDER_REASON: "Motif de la relance",
    Column.TAGS: "Étiquettes",
    Column.STATE: "État",
}
OTHER_CONTACTS = "Autres contacts"
"""Name of the column in which files taken away list the contacts after the first; it is not read back."""


class Stage(StrEnum):
    """Where an import stands; each stage has its page."""

    READ = "read"
    SEARCHING = "searching"
    NUMBERS = "numbers"
    DOUBLES = "doubles"
    READY = "ready"
    APPLIED = "applied"
    ABANDONED = "abandoned"

    @property
    def label(self) -> str:
        """French name of the stage."""
        return _STAGES[self]


_STAGES = {
    Stage.READ: "colonnes à vérifier",
    Stage.SEARCHING: "recherche des SIRET en cours",
    Stage.NUMBERS: "SIRET à vérifier",
    Stage.DOUBLES: "doublons à vérifier",
    Stage.READY: "prêt à appliquer",
    Stage.APPLIED: "appliqué",
    Stage.ABANDONED: "abandonné",
}


class Match(StrEnum):
    """How the number of a line's firm is known."""

    GIVEN = "given"
    REPAIRED = "repaired"
    EXACT = "exact"
    CANDIDATES = "candidates"
    NONE = "none"
    TO_SEARCH = "to_search"
    NOT_ASKED = "not_asked"


class Decision(StrEnum):
    """What becomes of a line: a new dossier, the completion of an existing one, or nothing."""

    CREATE = "create"
    MERGE = "merge"
    LEAVE = "leave"


class Outcome(StrEnum):
    """What became of a line once the import was applied."""

    CREATED = "created"
    MERGED = "merged"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"

    @property
    def label(self) -> str:
        """French name of the outcome."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.CREATED: "dossier créé",
    Outcome.MERGED: "dossier complété",
    Outcome.UNCHANGED: "rien à changer",
    Outcome.LEFT_OUT: "laissée de côté",
}
