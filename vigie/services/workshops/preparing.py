"""What officers do to prepare a workshop: write it, say what it speaks of, read what the room proposes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape, Words
from vigie.domain.workshop import (
    LONGEST_ITEM,
    MOST_ITEMS,
    ItemDecision,
    ItemKind,
    ItemState,
    WorkshopState,
)
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.communes import known_territory, told_territory
from vigie.services.entries import written
from vigie.services.indicator_cards import indicator_cards
from vigie.services.workshops.answers import CodeTold, PreparedWorkshop
from vigie.services.workshops.reading import is_open, items_of, told_of
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import HallCode
from vigie.store.journal.people import Organisation
from vigie.store.journal.vision import Vision
from vigie.store.journal.workshops import Workshop, WorkshopItem

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader, Unit

LIST = "/bureau/ateliers"
HERE = f"{LIST}/{{workshop}}"
WRITES = needs(Thing.WORKSHOPS, Right.WRITE)
OVER = {"Ateliers": LIST, "L’atelier": ""}
_LONGEST_DAYS = 60


@dataclass(frozen=True, slots=True)
class WorkshopEntry:
    """Un atelier de prospective : sa question, ses jours, son déroulé."""

    title: Annotated[str, Label("Titre"), Length(200), Missing("Donnez un titre à l’atelier.")]
    question: Annotated[
        str, Label("La question"), Length(300), Missing("Écrivez la question à laquelle la salle réfléchit."),
        Hint("Avec un horizon : « Que peut devenir notre pays d’ici 2040 ? »"),
    ]  # fmt: skip
    held_on: Annotated[date, Label("Premier jour")]
    ends_on: Annotated[date, Label("Dernier jour"), Hint("L’atelier se quitte et se reprend entre ces jours.")]
    agenda: Annotated[
        str, Label("Déroulé, une étape par ligne"), TextShape("lines"), Length(2000),
        Hint("« 9 h : accueil », « 9 h 15 : facteurs »… Montré à la salle."),
    ] = ""  # fmt: skip
    territory: Annotated[
        str, Label("Territoire"), Length(100), Hint("Nom d’une commune ou code. Rien : celui de l’organisation.")
    ] = ""
    vision_id: Annotated[
        str,
        Label("Projet que l’atelier éclaire"),
        Length(20),
        Hint("Ce qui ressort y mène une fois public."),
    ] = ""


@dataclass(frozen=True, slots=True)
class ItemsEntry:
    """Ce dont l’atelier parle."""

    kind: Annotated[ItemKind, Label("Ce que vous ajoutez")] = ItemKind.FACTOR
    texts: Annotated[
        str, Label("Un par ligne"), TextShape("lines"), Length(10_000),
        Hint(
            f"{LONGEST_ITEM} signes au plus chacun. Une composante de scénarios s’écrit avec ses hypothèses : "
            "« Le train : il revient ; il part »."
        ),
    ] = ""  # fmt: skip
    indicator: Annotated[
        str, Label("Indicateur du territoire qui le mesure"), Length(80),
        Hint("Seul, il devient un facteur ; avec une composante de scénarios, il dit ce qu’on verrait changer."),
        Words({"": "—"} | {key: card.label for key, card in indicator_cards().items()}),
    ] = ""  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecisionOnItem:
    """Ce qui est décidé d’une proposition de la salle."""

    decision: Annotated[ItemDecision, Label("Décision")]


def our_workshop(reader: Reader, workshop: str) -> Workshop:
    """Return a workshop of the asker's organisation; a public one of another is not there for its officers."""
    row = reader.get(Workshop, workshop)
    if row.organisation_id != reader.scope.organisation:
        raise NotFound(ABSENT)
    return row


def read_prepared(telling: Telling, workshop: str) -> PreparedWorkshop:
    """Return a workshop as its officers work on it; raises `NotFound` for that of another organisation."""
    telling.scope.require(Thing.WORKSHOPS, Right.WRITE)
    reader = telling.reader
    row = our_workshop(reader, workshop)
    codes = select(HallCode).where(HallCode.consultation_id == row.id, HallCode.expires_at > reader.now)
    return PreparedWorkshop(
        told=told_of(reader, row),
        waiting=items_of(reader, row.id, ItemState.WAITING),
        refused=items_of(reader, row.id, ItemState.REFUSED),
        codes=tuple(CodeTold(one.code, one.expires_at, one.left) for one in reader.all(codes) if one.code),
        may=_may(reader, row),
    )


def _may(reader: Reader, row: Workshop) -> tuple[str, ...]:
    if row.state == WorkshopState.DRAFT.value:
        return ("edit", "add", "open")
    if row.state == WorkshopState.OPEN.value:
        return ("add", "decide", *(("code", "round") if is_open(reader, row) else ()), "close")
    return ()


def _new(telling: Telling, _: str) -> PreparedForm:
    day = telling.reader.today.isoformat()
    return PreparedForm({"held_on": day, "ends_on": day}, _visions(telling.reader))


def _stands(telling: Telling, workshop: str) -> PreparedForm:
    row = our_workshop(telling.reader, workshop)
    return PreparedForm(written(WorkshopEntry, row), _visions(telling.reader))


def _visions(reader: Reader) -> dict[str, dict[str, str]]:
    ours = select(Vision).where(Vision.organisation_id == reader.scope.organisation, Vision.deleted_at.is_(None))
    rows = reader.all(ours.order_by(Vision.created_at.desc(), Vision.id).limit(20))
    return {"vision_id": {"": "Aucun"} | {row.id: row.title for row in rows}}


def _vision(unit: Unit, vision: str) -> str:
    """Return a vision of the organisation; raises `FieldFault` for another."""
    row = unit.find(Vision, vision) if vision else None
    if vision and (row is None or row.organisation_id != unit.scope.organisation):
        raise FieldFault("vision_id", "Ce projet n’est pas, ou n’est plus, un projet de l’organisation.")
    return vision


def form_of(telling: Telling, workshop: str) -> PreparedForm:
    """Return an empty form, for who may read this workshop only."""
    row = our_workshop(telling.reader, workshop)
    return PreparedForm(lead=f"« {row.title} » ({told_territory(row.territory)}).")


def _item(reader: Reader, item: str) -> WorkshopItem:
    row = reader.get(WorkshopItem, item)
    if row.organisation_id != reader.scope.organisation:
        raise NotFound(ABSENT)
    return row


def _proposal(telling: Telling, item: str) -> PreparedForm:
    row = _item(telling.reader, item)
    return PreparedForm(lead=f"« {row.text or 'Proposition effacée.'} », proposé par la salle.")


PREPARED = Act(
    "workshop.prepared",
    "atelier préparé",
    needs=WRITES,
    at="POST workshops",
    form_at="ateliers/nouveau",
    summary="Préparer un atelier de prospective",
    note="Il n’est lu que par l’organisation tant qu’il n’est pas ouvert.",
    done="L’atelier est préparé : ajoutez ses facteurs, puis ouvrez-le.",
    takes=WorkshopEntry,
    tells=read_prepared,
    makes=True,
    page=FormPage(
        "Préparer un atelier", "Rien n’est public avant que vous ne l’ouvriez.", "Enregistrer",
        lambda _, key: HERE.format(workshop=key), _new, above={"Ateliers": LIST},
    ),
)  # fmt: skip
EDITED = Act(
    "workshop.edited",
    "atelier corrigé",
    needs=WRITES,
    at="PUT workshops/{workshop}",
    form_at="ateliers/{workshop}/modifier",
    summary="Corriger un atelier en préparation",
    done="L’atelier est corrigé.",
    takes=WorkshopEntry,
    tells=read_prepared,
    page=FormPage("Corriger l’atelier", "", "Enregistrer", HERE, _stands, above=OVER),
)
ADDED = Act(
    "workshop_item.added",
    "facteurs, acteurs, objectifs ou questions ajoutés à un atelier",
    needs=WRITES,
    at="POST workshops/{workshop}/items",
    form_at="ateliers/{workshop}/ajouter",
    summary="Ajouter des facteurs, acteurs, objectifs ou questions",
    note="Un par ligne ; ceux qui y sont déjà sont laissés.",
    done="C’est ajouté.",
    takes=ItemsEntry,
    tells=read_prepared,
    adds=True,
    page=FormPage(
        "Ajouter à l’atelier",
        "Des facteurs se croisent en une matrice ; des acteurs, entre eux et avec des objectifs ; une question se note "
        "de 1 à 5. Chaque étape vaut seule.", "Ajouter", HERE, form_of, above=OVER,
    ),
)  # fmt: skip
DECIDED = Act(
    "workshop_item.decided",
    "proposition de la salle lue",
    needs=WRITES,
    at="POST workshop-items/{workshop_item}/decision",
    form_at="ateliers-propositions/{workshop_item}/decision",
    summary="Retenir ou non ce que la salle propose",
    done="La décision est enregistrée.",
    takes=DecisionOnItem,
    tells=lambda telling, item: read_prepared(telling, _item(telling.reader, item).workshop_id),
    page=FormPage(
        "Lire une proposition", "", "Décider",
        lambda telling, item: HERE.format(workshop=_item(telling.reader, item).workshop_id), _proposal, above=OVER,
    ),
)  # fmt: skip
CAPABILITY = Capability(
    "Ateliers de prospective",
    acts=(PREPARED, EDITED, ADDED, DECIDED),
)


@PREPARED.does
def prepare(doing: Doing, _: str, said: WorkshopEntry) -> None:
    """Write a workshop that its organisation alone reads."""
    doing.unit.add(Workshop(id=doing.subject, **_columns(doing.unit, said)))


@EDITED.does
def edit(doing: Doing, workshop: str, said: WorkshopEntry) -> None:
    """Change a workshop that is not open yet."""
    row = our_workshop(doing.unit, workshop)
    if row.state != WorkshopState.DRAFT.value:
        raise Conflict("Cet atelier est ouvert : sa question et ses jours ne changent plus.")
    for name, value in _columns(doing.unit, said).items():
        setattr(row, name, value)


@ADDED.does
def add(doing: Doing, workshop: str, said: ItemsEntry) -> None:
    """Add what a workshop speaks of; raises `FieldFault` for a line that is too long, or too many of them."""
    row = our_workshop(doing.unit, workshop)
    if row.state == WorkshopState.CLOSED.value:
        raise Conflict("Cet atelier est clos.")
    texts = [text for line in said.texts.splitlines() if (text := " ".join(line.split()))]
    if said.indicator and said.kind not in (ItemKind.FACTOR, ItemKind.DESCRIPTOR):
        raise FieldFault("indicator", "Un indicateur mesure un facteur ou une composante de scénarios, rien d’autre.")
    if said.indicator and said.kind is ItemKind.DESCRIPTOR and len(texts) != 1:
        raise FieldFault("texts", "Écrivez seule, avec ses hypothèses, la composante que cet indicateur mesure.")
    if not texts and not said.indicator:
        raise FieldFault("texts", "Écrivez-en un par ligne, ou choisissez un indicateur.")
    if said.kind is ItemKind.HYPOTHESIS:
        raise FieldFault("kind", "Une hypothèse s’écrit avec sa composante : « Le train : il revient ; il part ».")
    for text in texts:
        if said.kind is ItemKind.DESCRIPTOR:
            _add_descriptor(doing.unit, row, text, said.indicator)
        else:
            add_item(doing.unit, row, said.kind, text)
    if said.indicator and said.kind is ItemKind.FACTOR:
        add_item(doing.unit, row, said.kind, indicator_cards()[said.indicator].label, indicator=said.indicator)


@DECIDED.does
def decide(doing: Doing, item: str, said: DecisionOnItem) -> None:
    """Keep what the room proposed, or not: it is then erased after thirty days."""
    row = _item(doing.unit, item)
    if row.state != ItemState.WAITING.value:
        raise Conflict("Une décision a déjà été prise sur cette proposition.")
    if our_workshop(doing.unit, row.workshop_id).state == WorkshopState.CLOSED.value:
        raise Conflict("Cet atelier est clos.")
    if said.decision is ItemDecision.KEEP:
        row.state, row.visibility = ItemState.KEPT.value, "public"
    else:
        row.state, row.refused_at = ItemState.REFUSED.value, doing.unit.now


def _add_descriptor(unit: Unit, row: Workshop, text: str, indicator: str) -> None:
    """Write a descriptor and its hypotheses from one line; raises `FieldFault` with fewer than two of them."""
    name, _, rest = text.partition(":")
    hypotheses = [one.strip() for one in rest.split(";") if one.strip()]
    if not name.strip() or len(hypotheses) < 2:
        raise FieldFault("texts", f"« {text[:40]} » : la composante, deux-points, puis deux hypothèses au moins.")
    home = add_item(unit, row, ItemKind.DESCRIPTOR, name.strip(), indicator=indicator)
    for hypothesis in hypotheses:
        add_item(unit, row, ItemKind.HYPOTHESIS, f"{name.strip()} : {hypothesis}", within=home)


def add_item(  # noqa: PLR0913 - what an item is, once
    unit: Unit,
    row: Workshop,
    kind: ItemKind,
    text: str,
    *,
    indicator: str = "",
    within: str = "",
    from_room: bool = False,
) -> str:
    """Write one item unless it is there already, and return its identifier; what the room says waits to be read."""
    if len(text) > LONGEST_ITEM:
        raise FieldFault("texts", f"« {text[:40]}… » : {LONGEST_ITEM} signes au plus, pour tenir sur une carte.")
    there = unit.all(select(WorkshopItem).where(WorkshopItem.workshop_id == row.id, WorkshopItem.kind == kind.value))
    if same := next((one for one in there if (one.text or "").casefold() == text.casefold()), None):
        return same.id
    if sum(one.state != ItemState.REFUSED.value for one in there) >= MOST_ITEMS:
        raise FieldFault("texts", f"{MOST_ITEMS} au plus, ou la salle ne finit pas la matrice : regroupez-les.")
    made = WorkshopItem(
        id=new_id(), workshop_id=row.id, kind=kind.value, text=text, indicator=indicator,
        within=within,
        position=len(there) + 1, from_room=from_room,
        state=(ItemState.WAITING if from_room else ItemState.KEPT).value,
        visibility="public" if row.visibility == "public" and not from_room else "network",
    )  # fmt: skip
    return unit.add(made).id


def _columns(unit: Unit, said: WorkshopEntry) -> dict[str, Any]:
    """Return what is kept of a workshop; raises `FieldFault` for days or a territory that cannot be."""
    if said.ends_on < said.held_on:
        raise FieldFault("ends_on", "Le dernier jour est avant le premier.")
    if said.ends_on < unit.today:
        raise FieldFault("ends_on", "Ce jour est passé.")
    if (said.ends_on - said.held_on).days > _LONGEST_DAYS:
        raise FieldFault("ends_on", f"{_LONGEST_DAYS} jours au plus : au-delà, ce n’est plus la même salle.")
    territory = (
        known_territory(said.territory) if said.territory else unit.get(Organisation, unit.scope.organisation).territory
    )
    if not territory:
        raise FieldFault("territory", "Ce territoire n’est pas connu : donnez le nom d’une commune, ou un code.")
    return {
        "title": " ".join(said.title.split()),
        "question": " ".join(said.question.split()),
        "territory": territory,
        "held_on": said.held_on,
        "ends_on": said.ends_on,
        "agenda": said.agenda.strip(),
        "vision_id": _vision(unit, said.vision_id),
    }
