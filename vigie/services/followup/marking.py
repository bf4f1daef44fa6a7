"""Tags of dossiers, and the partners to whom they are opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import Select, select

from vigie.domain.access import Role
from vigie.domain.declared import Label, Length, Missing
from vigie.errors import Conflict, FieldFault
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling, nothing
from vigie.services.capabilities import Capability
from vigie.services.followup.answers import TAG, tag_label
from vigie.services.followup.dossiers import HERE, WRITES
from vigie.services.followup.reading import members, shares_of, writable
from vigie.store.journal.followup import DossierShare, DossierTag


@dataclass(frozen=True, slots=True)
class Tagging:
    """Une étiquette."""

    label: Annotated[str, Label("Nouvelle étiquette"), Length(TAG), Missing("Écrivez une étiquette.")]


@dataclass(frozen=True, slots=True)
class Sharing:
    """Un partenaire de l’organisation."""

    person: Annotated[str, Label("Partager avec"), Length(20)]


def _partners(telling: Telling, dossier: str) -> PreparedForm:
    shared = {share.person_id for share in shares_of(telling.reader, dossier)}
    offered = {one.id: one.name for one in members(telling.reader, (Role.PARTNER,)) if one.id not in shared}
    return PreparedForm(choices={"person": offered})


TAGGED = Act(
    "dossier.tagged",
    "étiquette posée",
    needs=WRITES,
    at="POST dossiers/{dossier}/tags",
    form_at="dossiers/{dossier}/etiquettes",
    summary="Poser une étiquette",
    note="Une étiquette déjà posée reste seule.",
    done="Les étiquettes sont à jour.",
    takes=Tagging,
    tells=nothing,
    page=FormPage("Changer les étiquettes", "", "Ajouter", f"{HERE}#fiche", within=True),
)
UNTAGGED = Act(
    "dossier.untagged",
    "étiquette retirée",
    needs=WRITES,
    at="DELETE dossiers/{dossier}/tags/{label}",
    form_at="dossiers/{dossier}/etiquettes/retirer",
    summary="Retirer une étiquette",
    note="Retire une étiquette.",
    done="Les étiquettes sont à jour.",
    takes=Tagging,
    tells=nothing,
    page=FormPage("", "", "Retirer", f"{HERE}#fiche", within=True),
)
SHARED = Act(
    "dossier.shared",
    "dossier partagé",
    needs=WRITES,
    at="PUT dossiers/{dossier}/shares/{person}",
    form_at="dossiers/{dossier}/partages",
    summary="Partager avec un partenaire",
    note="Le partenaire lit le dossier sans les notes internes.",
    done="Les partages sont à jour.",
    takes=Sharing,
    tells=nothing,
    page=FormPage("", "", "Partager", f"{HERE}#partages", _partners, within=True),
)
UNSHARED = Act(
    "dossier.unshared",
    "partage retiré",
    needs=WRITES,
    at="DELETE dossiers/{dossier}/shares/{person}",
    form_at="dossiers/{dossier}/partages/retirer",
    summary="Ne plus partager",
    note="Ferme le dossier à un partenaire.",
    done="Les partages sont à jour.",
    takes=Sharing,
    tells=nothing,
    page=FormPage("", "", "Ne plus partager", f"{HERE}#partages", within=True),
)
CAPABILITY = Capability("Dossiers", acts=(TAGGED, UNTAGGED, SHARED, UNSHARED))


@TAGGED.does
def tag(doing: Doing, dossier: str, said: Tagging) -> None:
    """Put a word on a dossier; one that is already there stays alone."""
    row, word = writable(doing.unit, dossier), tag_label(said.label)
    if not doing.unit.all(_tags(row.id, word)):
        doing.unit.add(DossierTag(dossier_id=row.id, label=word))


@UNTAGGED.does
def untag(doing: Doing, dossier: str, said: Tagging) -> None:
    """Take a word off a dossier."""
    row = writable(doing.unit, dossier)
    for one in doing.unit.all(_tags(row.id, tag_label(said.label))):
        doing.unit.withdraw(one)


@SHARED.does
def share(doing: Doing, dossier: str, said: Sharing) -> None:
    """Open a dossier to a partner, without its notes; raises `FieldFault` when the person is not a partner."""
    row = writable(doing.unit, dossier)
    if said.person not in {member.id for member in members(doing.unit, (Role.PARTNER,))}:
        raise FieldFault("person", "Un dossier se partage avec un partenaire invité dans l’organisation.")
    if said.person not in {one.person_id for one in shares_of(doing.unit, row.id)}:
        doing.unit.add(DossierShare(dossier_id=row.id, person_id=said.person))


@UNSHARED.does
def unshare(doing: Doing, dossier: str, said: Sharing) -> None:
    """Close a dossier to a partner; raises `Conflict` when it was not open to them."""
    row = writable(doing.unit, dossier, closed=True)
    held = [one for one in shares_of(doing.unit, row.id) if one.person_id == said.person]
    if not held:
        raise Conflict("Ce dossier n’est pas partagé avec cette personne.")
    for one in held:
        doing.unit.withdraw(one)


def _tags(dossier: str, label: str) -> Select[DossierTag]:
    return select(DossierTag).where(
        DossierTag.dossier_id == dossier, DossierTag.label == label, DossierTag.deleted_at.is_(None)
    )
