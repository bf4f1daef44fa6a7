"""What an officer types in a dossier, and what is wrong with it, field by field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from vigie.domain.declared import Hint, Label, Length, Missing, TextShape, Words
from vigie.domain.followup import DossierKind
from vigie.errors import FieldFault, RequestFault
from vigie.services.communes import commune_code

TITLE, TEXT, WORDS, TAG = 200, 20_000, 100, 60


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """Un dossier."""

    kind: Annotated[str, Label("Type"), Words({kind.value: kind.label for kind in DossierKind})]
    title: Annotated[
        str, Label("Titre"), Length(TITLE), Hint("Le nom de l’entreprise, du projet ou du lieu."),
        Missing("Écrivez un titre."),
    ]  # fmt: skip
    siren: Annotated[str, Label("SIREN"), Length(40), TextShape("siren")] = ""
    siret: Annotated[str, Label("SIRET de l’établissement"), Length(40), TextShape("siret")] = ""
    commune: Annotated[str, Label("Commune"), Length(100), TextShape("commune"), Hint("Nom ou code Insee.")] = ""
    summary: Annotated[
        str, Label("En bref"), Length(TEXT), TextShape("lines"),
        Hint("Lu aussi par l’entreprise et par les partenaires à qui le dossier est ouvert."),
    ] = ""  # fmt: skip
    source: Annotated[
        str, Label("Origine du dossier"), Length(WORDS), Hint("Demande reçue, salon, visite, prospection.")
    ] = ""
    owner: Annotated[str, Label("Suivi par"), Length(20)] = ""
    prospecting: Annotated[
        bool, Label("Ce dossier relève de la prospection"),
        Hint("Les données seront effacées sans nouvelle du contact au terme de la durée fixée par l’organisation."),
    ] = False  # fmt: skip

    def checked(self) -> DossierEntry:
        """Return the entry with its numbers and its commune read; raises `FieldFault` for the first that is none."""
        siren, siret = _numbers(self.siren, self.siret)
        return replace(self, siren=siren, siret=siret, commune=_commune(self.commune))


@dataclass(frozen=True, slots=True)
class Opening(DossierEntry):
    """Un dossier à ouvrir."""

    anyway: Annotated[bool, Label("Ouvrir même si l’entreprise a déjà un dossier")] = False


def tag_label(text: str) -> str:
    """Return a tag put right; raises `FieldFault` when it is empty or too long."""
    return " ".join(_required("label", text, TAG, "une étiquette").casefold().split())


def _required(field: str, text: str, longest: int, what: str) -> str:
    if not text.strip():
        raise FieldFault(field, f"Écrivez {what}.")
    return _text(field, text, longest)


def _text(field: str, text: str, longest: int) -> str:
    trimmed = text.strip()
    if len(trimmed) > longest:
        raise FieldFault(field, f"Ce texte compte {len(trimmed)} caractères ; {longest} au plus.")
    return trimmed


def _numbers(siren: str, siret: str) -> tuple[str, str]:
    """Return SIREN and SIRET; the first follows from the second."""
    short, long = (siren[:9], siren) if len(siren) == 14 and not siret else (siren, siret)
    if long and short and not long.startswith(short):
        raise FieldFault("siret", "Ce SIRET n’est pas celui d’un établissement de ce SIREN.")
    return short or long[:9], long


def _commune(text: str) -> str:
    try:
        return commune_code(text)
    except RequestFault as fault:
        raise FieldFault("commune", str(fault)) from None
