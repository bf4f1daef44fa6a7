"""Spreadsheets that officers bring in and take away: what a column may hold, and where a line may lead."""

from __future__ import annotations

from enum import StrEnum


class ColumnMeaning(StrEnum):
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
    ColumnMeaning.DOSSIER: "Dossier",
    ColumnMeaning.KIND: "Type",
    ColumnMeaning.NAME: "Nom",
    ColumnMeaning.SIREN: "SIREN",
    ColumnMeaning.SIRET: "SIRET",
    ColumnMeaning.COMMUNE: "Commune",
    ColumnMeaning.COMMUNE_CODE: "Code commune",
    ColumnMeaning.POSTAL_CODE: "Code postal",
    ColumnMeaning.CONTACT: "Contact",
    ColumnMeaning.FUNCTION: "Fonction",
    ColumnMeaning.EMAIL: "Courriel",
    ColumnMeaning.PHONE: "Téléphone",
    ColumnMeaning.ACTIVITY: "Activité",
    ColumnMeaning.COMMENT: "Commentaire",
    ColumnMeaning.LAST_CONTACT: "Dernier contact",
    ColumnMeaning.REMINDER: "Prochaine relance",
    ColumnMeaning.REMINDER_REASON: "Motif de la relance",
    ColumnMeaning.TAGS: "Étiquettes",
    ColumnMeaning.STATE: "État",
}
OTHER_CONTACTS = "Autres contacts"
"""Name of the column in which files taken away list the contacts after the first; it is not read back."""


class Stage(StrEnum):
    """Where an import stands; each stage has its page, and three of them are long work."""

    READ = "read"
    MATCHING = "matching"
    SEARCHING = "searching"
    NUMBERS = "numbers"
    REVIEWING = "reviewing"
    DOUBLES = "doubles"
    READY = "ready"
    APPLYING = "applying"
    APPLIED = "applied"
    ABANDONED = "abandoned"

    @property
    def label(self) -> str:
        """French name of the stage."""
        return _STAGES[self]

    @property
    def at_work(self) -> bool:
        """Tell whether a job is working on the import."""
        return self in (Stage.MATCHING, Stage.REVIEWING, Stage.APPLYING)


_STAGES = {
    Stage.READ: "colonnes à vérifier",
    Stage.MATCHING: "lecture des lignes et recherche des SIRET en cours",
    Stage.REVIEWING: "recherche des doublons en cours",
    Stage.APPLYING: "application en cours",
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


class LineDecision(StrEnum):
    """What becomes of a line: a new dossier, the completion of an existing one, or nothing."""

    CREATE = "create"
    MERGE = "merge"
    LEAVE = "leave"


class LineOutcome(StrEnum):
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
    LineOutcome.CREATED: "dossier créé",
    LineOutcome.MERGED: "dossier complété",
    LineOutcome.UNCHANGED: "rien à changer",
    LineOutcome.LEFT_OUT: "laissée de côté",
}
