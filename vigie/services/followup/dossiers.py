"""Dossiers: opening, reading, changing, closing, withdrawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.declared import Label, Length
from vigie.domain.followup import DossierKind, DossierState
from vigie.domain.french import identifier
from vigie.errors import Conflict, FieldFault
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.communes import written_commune
from vigie.services.entries import written
from vigie.services.followup import record
from vigie.services.followup.answers import Colleague, DossierEntry, DossierLine, DossierList, DossierRecord, Opening
from vigie.services.followup.merging import merge
from vigie.services.followup.reading import (
    FOLLOWERS,
    DossierFilter,
    find,
    lines,
    members,
    readable,
    same_firm,
    writable,
)
from vigie.store.journal.followup import Dossier, DossierTag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.access import Scope
    from vigie.services.acts import ActRunner
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader


_ASKED = "Cette entreprise a demandé la diffusion partielle : la loi interdit de la prospecter."
_UNKNOWN = (
    "L’unité légale de cette entreprise n’est pas chargée : on ne sait pas si elle a demandé la diffusion partielle, "
    "et elle n’est pas à prospecter."
)
_IF_SHE_ASKED = "Vous pouvez la suivre, hors prospection, si c’est elle qui vous a sollicité."


@dataclass(frozen=True, slots=True)
class Merging:
    """Un autre dossier."""

    other: Annotated[str, Label("Identifiant du dossier à reprendre, sur le même SIREN"), Length(20)]


class AlreadyFollowed(Conflict):
    """The firm has a dossier already; `dossiers` are those."""

    def __init__(self, dossiers: tuple[DossierLine, ...]) -> None:
        self.dossiers = dossiers
        named = ", ".join(f"« {line.title or 'sans titre'} » ({line.id})" for line in dossiers)
        super().__init__(
            f"Cette entreprise est déjà suivie : {named}. Ouvrez ce dossier, ou confirmez que vous en voulez un autre."
        )


class Dossiers:
    """The dossiers of an organisation, to read; `objecting` tells which firms, of some, object to being shown."""

    def __init__(self, journal: Journal, acts: ActRunner) -> None:
        self._journal, self._acts = journal, acts

    def search(self, scope: Scope, asked: DossierFilter) -> DossierList:
        """Return one page of dossiers: the organisation's, one's own firm's, or those shared."""
        scope.require(Thing.DOSSIERS, Right.READ, Right.READ_OWN, Right.READ_SHARED)
        with self._journal.reading(scope) as reader:
            return find(reader, asked)

    def read(self, scope: Scope, dossier: str) -> DossierRecord:
        """Return a dossier as the asker may see it; the access is traced."""
        return self._acts.tell(scope, read_dossier, dossier)

    def beside(self, scope: Scope, siren: str) -> DossierRecord | None:
        """Return the dossier to show beside a firm, an open one first; `None` without one. The access is traced."""
        return self._acts.tell(scope, _dossier_beside, siren)

    def on_firm(self, scope: Scope, siren: str) -> tuple[DossierLine, ...]:
        """Return the live dossiers on a firm; none for an empty SIREN."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            return lines(reader, same_firm(reader, siren))

    def owners(self, scope: Scope) -> tuple[Colleague, ...]:
        """Return those who may own a dossier."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            return members(reader, FOLLOWERS)

    def tags(self, scope: Scope) -> tuple[str, ...]:
        """Return the tags in use, in order."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            return tuple(sorted(reader.all(select(DossierTag.label).where(DossierTag.deleted_at.is_(None)).distinct())))


def read_dossier(telling: Telling, dossier: str) -> DossierRecord:
    """Return a dossier as the asker may see it; the access is traced."""
    telling.scope.require(Thing.DOSSIERS, Right.READ, Right.READ_OWN, Right.READ_SHARED)
    row = readable(telling.reader, dossier)
    found = record.of(telling.reader, row, telling.means.contact)
    telling.note("dossier.read", row.id, row.siren)
    objecting = found.inside and bool(row.siren) and row.siren in telling.means.objecting([row.siren])
    return replace(found, objecting=objecting)


def _dossier_beside(telling: Telling, siren: str) -> DossierRecord | None:
    telling.scope.require(Thing.DOSSIERS, Right.READ)
    rows = same_firm(telling.reader, siren)
    row = next((one for one in rows if one.state == DossierState.OPEN), next(iter(rows), None))
    return read_dossier(telling, row.id) if row else None


def to_open(telling: Telling, _: str) -> PreparedForm:
    """Return the form of a new dossier, followed by the asker."""
    return PreparedForm({"owner": telling.scope.person}, _offered(telling.reader))


def _stands(telling: Telling, dossier: str) -> PreparedForm:
    found = read_dossier(telling, dossier)
    commune = {"commune": written_commune(found.line.commune)}
    title = f"Modifier « {found.line.title or 'Dossier effacé'} »"
    return PreparedForm({**written(DossierEntry, found.line, found), **commune}, _offered(telling.reader), title)


def _offered(reader: Reader) -> Mapping[str, Mapping[str, str]]:
    return {"owner": {one.id: one.name for one in members(reader, FOLLOWERS)}}


HERE = "/bureau/dossiers/{dossier}"
WRITES = needs(Thing.DOSSIERS, Right.WRITE)
OPENED = Act(
    "dossier.opened",
    "dossier ouvert",
    needs=WRITES,
    at="POST dossiers",
    form_at="dossiers",
    summary="Ouvrir un dossier",
    note="Répond 409 quand le SIREN a déjà un dossier ; `anyway` en ouvre un autre.",
    done="Le dossier est ouvert.",
    takes=Opening,
    makes=True,
    tells=read_dossier,
    page=FormPage(
        "Ouvrir un dossier",
        "Un dossier suit une entreprise, un porteur de projet, un prospect, un local ou un propriétaire.",
        "Ouvrir le dossier",
        lambda _, dossier: HERE.format(dossier=dossier),
        to_open,
        within=True,
    ),
)
EDITED = Act(
    "dossier.edited",
    "dossier corrigé",
    needs=WRITES,
    at="PUT dossiers/{dossier}",
    form_at="dossiers/{dossier}/modifier",
    summary="Modifier un dossier",
    note="Remplace ce que dit le dossier.",
    done="Le dossier est modifié.",
    takes=DossierEntry,
    tells=read_dossier,
    page=FormPage(
        "Modifier la fiche",
        "Ce que vous changez ici est lu par tous ceux à qui le dossier est ouvert.",
        "Enregistrer",
        HERE,
        _stands,
        above={"Dossiers": "/bureau/dossiers", "Le dossier": ""},
    ),
)
CLOSED = Act(
    "dossier.closed",
    "dossier clos",
    needs=WRITES,
    at="POST dossiers/{dossier}/closing",
    form_at="dossiers/{dossier}/clore",
    summary="Clore un dossier",
    note="Rien n’y est plus attendu.",
    done="Le dossier est clos.",
    takes=Nothing,
    tells=read_dossier,
    page=FormPage("", "", "Clore le dossier", HERE, within=True),
)
REOPENED = Act(
    "dossier.reopened",
    "dossier rouvert",
    needs=WRITES,
    at="POST dossiers/{dossier}/reopening",
    form_at="dossiers/{dossier}/rouvrir",
    summary="Rouvrir un dossier",
    note="Rouvre un dossier clos.",
    done="Le dossier est rouvert.",
    takes=Nothing,
    tells=read_dossier,
    page=FormPage("", "", "Rouvrir le dossier", HERE, within=True),
)
WITHDRAWN = Act(
    "dossier.withdrawn",
    "dossier retiré",
    needs=WRITES,
    at="DELETE dossiers/{dossier}",
    form_at="dossiers/{dossier}/retirer",
    summary="Retirer un dossier",
    note="Le dossier quitte toutes les réponses ; il peut être rétabli.",
    done="Le dossier est retiré.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", "", "Retirer le dossier", HERE, within=True, danger=True),
)
RESTORED = Act(
    "dossier.restored",
    "dossier rétabli",
    needs=WRITES,
    at="POST dossiers/{dossier}/restoration",
    form_at="dossiers/{dossier}/retablir",
    summary="Rétablir un dossier",
    note="Ramène un dossier retiré.",
    done="Le dossier est rétabli.",
    takes=Nothing,
    tells=read_dossier,
    page=FormPage("", "", "Rétablir ce dossier", HERE, within=True),
)
MERGED = Act(
    "dossier.merged",
    "dossiers réunis",
    needs=WRITES,
    at="POST dossiers/{dossier}/merging",
    form_at="dossiers/{dossier}/reunir",
    summary="Réunir deux dossiers",
    note="Reprend tout d’un autre dossier sur le même SIREN, et retire l’autre.",
    done="Les deux dossiers n’en font plus qu’un ; rien n’a été perdu.",
    takes=Merging,
    tells=read_dossier,
    page=FormPage("", "", "Réunir ce dossier au premier", HERE, within=True),
)
CAPABILITY = Capability("Dossiers", acts=(OPENED, EDITED, WITHDRAWN, RESTORED, CLOSED, REOPENED, MERGED))


@OPENED.does
def open_one(doing: Doing, _: str, said: Opening) -> None:
    """Open a dossier; raises `AlreadyFollowed` when the SIREN has one and the asker did not say `anyway`."""
    unit, kept = doing.unit, _fit(doing, said)
    owner = _owner(unit, kept.owner or unit.scope.person)
    if not said.anyway and (already := same_firm(unit, kept.siren)):
        raise AlreadyFollowed(lines(unit, already))
    unit.add(Dossier(id=doing.subject, owner_id=owner, **_columns(kept)))


@EDITED.does
def edit(doing: Doing, dossier: str, said: DossierEntry) -> None:
    """Change what a dossier says."""
    kept, row = _fit(doing, said), writable(doing.unit, dossier)
    doing.unit.change(row, _columns(kept) | {"owner_id": _owner(doing.unit, kept.owner or row.owner_id)})


@CLOSED.does
def close(doing: Doing, dossier: str, _: Nothing) -> None:
    """Close a dossier; nothing is awaited any more."""
    row = writable(doing.unit, dossier)
    row.state, row.closed_at, row.waiting_since = DossierState.CLOSED.value, doing.unit.now, None


@REOPENED.does
def reopen(doing: Doing, dossier: str, _: Nothing) -> None:
    """Reopen a dossier; raises `Conflict` when it is open."""
    row = writable(doing.unit, dossier, closed=True)
    if row.state == DossierState.OPEN:
        raise Conflict("Ce dossier est déjà ouvert.")
    row.state, row.closed_at = DossierState.OPEN.value, None


@WITHDRAWN.does
def withdraw(doing: Doing, dossier: str, _: Nothing) -> None:
    """Take a dossier out of every answer; it can be restored."""
    doing.unit.withdraw(writable(doing.unit, dossier, closed=True))


@RESTORED.does
def restore(doing: Doing, dossier: str, _: Nothing) -> None:
    """Bring a withdrawn dossier back; raises `Conflict` when it was not withdrawn, was merged or erased."""
    row = readable(doing.unit, dossier)
    if row.deleted_at is None:
        raise Conflict("Ce dossier n’a pas été retiré : il n’y a rien à rétablir.")
    if row.merged_into or row.erased_at is not None:
        raise Conflict("Ce dossier a été effacé, ou réuni à un autre : il ne peut être rétabli.")
    row.deleted_at = None


@MERGED.does
def merge_two(doing: Doing, dossier: str, said: Merging) -> None:
    """Move everything of another dossier on the same firm into one, and withdraw the other; one event.

    Raises `Conflict` when they are not two dossiers on the same SIREN: an empty one is nobody's.
    """
    merge(doing.unit, writable(doing.unit, dossier), writable(doing.unit, said.other, closed=True))


def _fit(doing: Doing, said: DossierEntry) -> DossierEntry:
    """Refuse to prospect a firm that objects, or that asked for partial diffusion (article R123-232-1)."""
    entry = said.checked()
    if entry.prospecting and entry.siren:
        if entry.siren in doing.means.objecting([entry.siren]):
            raise FieldFault("prospecting", f"Cette entreprise s’est opposée à figurer dans Vigie. {_IF_SHE_ASKED}")
        firm = doing.means.register.known(entry.siret or entry.siren)
        if firm.masked:
            raise FieldFault("prospecting", f"{_ASKED if firm.unit_known else _UNKNOWN} {_IF_SHE_ASKED}")
    return entry


def _owner(reader: Reader, person: str) -> str:
    if person not in {member.id for member in members(reader, FOLLOWERS)}:
        raise FieldFault("owner", "Un dossier se confie à un membre de l’organisation qui suit des dossiers.")
    return person


def prefilled(scope: Scope, register: FirmRegister, number: str) -> Opening:
    """Return what the directory already says of a firm, as if it had been typed.

    Raises `RequestFault` when the number is neither SIREN nor SIRET.
    """
    scope.require(Thing.DOSSIERS, Right.WRITE)
    firm = register.known(number)
    return Opening(
        kind=DossierKind.FIRM.value,
        title=firm.name or f"Entreprise {identifier(firm.siren)}",
        siren=firm.siren,
        siret=firm.siret,
        commune=firm.commune,
        source="annuaire",
    )


def _columns(entry: DossierEntry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "title": entry.title,
        "summary": entry.summary or None,
        "siren": entry.siren,
        "siret": entry.siret,
        "commune": entry.commune,
        "source": entry.source,
        "prospecting": entry.prospecting,
    }
