"""What officers do with a vision: write it, give it priorities, actions and targets, publish it, say how it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape
from vigie.domain.vision import ActionState, RestsOn, VisionState
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.communes import known_territory
from vigie.services.entries import written
from vigie.services.indicator_cards import indicator_cards
from vigie.services.vision.foreseeing import chosen, form_of, sent_of
from vigie.services.vision.reading import read_vision
from vigie.store.journal.base import new_id
from vigie.store.journal.people import Organisation
from vigie.store.journal.vision import ActionUse, Priority, Vision, VisionAction, VisionTarget

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader, Unit

LIST, HERE = "/bureau/projets", "/bureau/projets/{vision}"
_WRITES = needs(Thing.VISION, Right.WRITE)
_OVER = {"Projets": LIST, "Le projet": ""}
_INDICATOR = re.compile(r"[a-z0-9_]+")
_PATH = re.compile(r"/(?!/)[\w\-./:?=&%#]*")


@dataclass(frozen=True, slots=True)
class VisionEntry:
    """Une vision : ce que l’on veut pour le territoire."""

    title: Annotated[str, Label("Le projet, en une phrase"), Length(200), Missing("Écrivez le projet en une phrase.")]
    text: Annotated[
        str,
        Label("Ce que l’on veut, et pourquoi"),
        TextShape("lines"),
        Length(8000),
        Missing("Dites ce que l’on veut."),
    ]
    values: Annotated[str, Label("Ce à quoi l’on tient, une phrase par ligne"), TextShape("lines"), Length(2000)] = ""
    scenario: Annotated[
        str, Label("L’avenir choisi"), TextShape("lines"), Length(2000),
        Hint("Le scénario retenu parmi ceux d’une prospective, en deux phrases."),
    ] = ""  # fmt: skip
    foreseen: Annotated[
        str, Label("C’est un scénario d’un atelier"), Length(30),
        Hint("Un atelier clos de l’organisation : la page y mène, et dit ce qu’on en voit. L’atelier, « : », le rang."),
    ] = ""  # fmt: skip
    territory: Annotated[str, Label("Territoire"), Length(100), Hint("Rien : celui de l’organisation.")] = ""


@dataclass(frozen=True, slots=True)
class PriorityEntry:
    """Une priorité."""

    title: Annotated[str, Label("La priorité"), Length(200), Missing("Écrivez la priorité.")]
    text: Annotated[str, Label("En deux phrases"), TextShape("lines"), Length(2000)] = ""


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """Une action, pour une priorité."""

    priority: Annotated[str, Label("Priorité"), Length(20)]
    title: Annotated[str, Label("L’action"), Length(200), Missing("Écrivez l’action.")]
    carrier: Annotated[
        str, Label("Portée par"), Length(200), Hint("Un service, pas une personne : cette page est publique.")
    ] = ""
    partners: Annotated[
        str, Label("Avec"), Length(400), Hint("Partenaires ; une entreprise seulement si elle a accepté d’être nommée.")
    ] = ""
    means: Annotated[str, Label("Moyens"), Length(400)] = ""
    due_on: Annotated[date | None, Label("Attendue le")] = None


@dataclass(frozen=True, slots=True)
class ActionNews:
    """Où en est une action."""

    state: Annotated[ActionState, Label("Où elle en est")]
    note: Annotated[
        str, Label("En une phrase, ce qui a été fait"), TextShape("lines"), Length(1000),
        Hint("Publiée avec sa date. Ni personne, ni entreprise qui n’a pas accepté d’être nommée."),
    ] = ""  # fmt: skip


@dataclass(frozen=True, slots=True)
class UseEntry:
    """Ce sur quoi une action s’appuie : une page publique de ce site."""

    kind: Annotated[RestsOn, Label("Quoi")]
    label: Annotated[str, Label("En quelques mots"), Length(200), Missing("Dites ce que c’est.")]
    address: Annotated[
        str, Label("Adresse sur ce site"), Length(200), Missing("Donnez l’adresse de la page."),
        Hint("Par exemple /appels/… ou /consultation/… : une page que chacun peut lire."),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """Un indicateur qui dira si une priorité se réalise."""

    priority: Annotated[str, Label("Priorité"), Length(20)]
    indicator: Annotated[
        str, Label("Indicateur"), Length(60), Missing("Donnez un indicateur."),
        Hint("Son mot dans l’adresse de sa page : employers, population…"),
    ]  # fmt: skip
    baseline: Annotated[str, Label("Valeur de départ"), Length(30), Missing("Donnez la valeur de départ.")]
    target: Annotated[str, Label("Valeur voulue"), Length(30), Missing("Donnez la valeur voulue.")]
    due_on: Annotated[date, Label("Pour le")]
    territory: Annotated[str, Label("Territoire"), Length(100), Hint("Rien : celui du projet.")] = ""


def _stands(telling: Telling, vision: str) -> PreparedForm:
    row = _ours(telling.reader, vision)
    _require(row, VisionState.DRAFT)
    foreseen = sent_of(telling.reader, row)
    entry = VisionEntry(row.title, row.text, row.values, row.scenario, foreseen, row.territory)
    return form_of(telling.reader, written(VisionEntry, entry))


def _priorities(telling: Telling, vision: str) -> PreparedForm:
    row = _ours(telling.reader, vision)
    rows = telling.reader.all(
        select(Priority)
        .where(Priority.vision_id == row.id, Priority.deleted_at.is_(None))
        .order_by(Priority.created_at)
    )
    return PreparedForm({}, {"priority": {one.id: one.title for one in rows}})


def _vision_form(telling: Telling, vision: str) -> PreparedForm:
    _ours(telling.reader, vision)
    return PreparedForm()


def _action_form(telling: Telling, action: str) -> PreparedForm:
    row = _action(telling.reader, action)
    return PreparedForm({"state": row.state, "note": ""}, lead=f"« {row.title} ».")


def _use_form(telling: Telling, action: str) -> PreparedForm:
    return PreparedForm(lead=f"« {_action(telling.reader, action).title} ».")


def _told_by_action(telling: Telling, action: str) -> object:
    return read_vision(telling, _action(telling.reader, action).vision_id)


def _back(telling: Telling, action: str) -> str:
    return HERE.format(vision=_action(telling.reader, action).vision_id)


WRITTEN = Act(
    "vision.written", "projet écrit", needs=_WRITES, at="POST visions", form_at="projets/nouveau",
    summary="Écrire un projet", note="Lu par l’organisation seule tant qu’il n’est pas publié.",
    done="Le projet est écrit : donnez-lui des priorités.", takes=VisionEntry, tells=read_vision, makes=True,
    page=FormPage(
        "Écrire un projet", "Une vision, ce à quoi l’on tient, puis ses priorités et ses actions.", "Enregistrer",
        lambda _, key: HERE.format(vision=key),
        lambda telling, _: form_of(telling.reader, {}), above={"Projets": LIST},
    ),
)  # fmt: skip
EDITED = Act(
    "vision.edited", "projet corrigé", needs=_WRITES, at="PUT visions/{vision}", form_at="projets/{vision}/modifier",
    summary="Corriger un projet en préparation", note="Publié, il ne se corrige plus : il est remplacé.",
    done="Le projet est corrigé.", takes=VisionEntry, tells=read_vision,
    page=FormPage("Corriger le projet", "", "Enregistrer", HERE, _stands, above=_OVER),
)  # fmt: skip
PRIORITISED = Act(
    "priority.added", "priorité ajoutée", needs=_WRITES, at="POST visions/{vision}/priorities",
    form_at="projets/{vision}/priorites", summary="Ajouter une priorité", done="La priorité est ajoutée.",
    takes=PriorityEntry, tells=read_vision, adds=True,
    page=FormPage("Ajouter une priorité", "Trois à cinq suffisent : ce qui passe avant le reste.", "Ajouter", HERE,
                  _vision_form, above=_OVER),
)  # fmt: skip
PLANNED = Act(
    "action.added", "action ajoutée", needs=_WRITES, at="POST visions/{vision}/actions",
    form_at="projets/{vision}/actions", summary="Ajouter une action à une priorité", done="L’action est ajoutée.",
    takes=ActionEntry, tells=read_vision, adds=True,
    page=FormPage("Ajouter une action", "Qui la porte, avec qui, pour quand, avec quoi.", "Ajouter", HERE, _priorities,
                  above=_OVER),
)  # fmt: skip
TARGETED = Act(
    "target.added", "but chiffré ajouté", needs=_WRITES, at="POST visions/{vision}/targets",
    form_at="projets/{vision}/buts", summary="Ajouter un but chiffré à une priorité",
    note="Ce que l’on en voit est relu à chaque actualisation des données.", done="Le but est ajouté.",
    takes=TargetEntry, tells=read_vision, adds=True,
    page=FormPage("Ajouter un but chiffré", "D’où l’on part, où l’on veut arriver, et quand.", "Ajouter", HERE,
                  _priorities, above=_OVER),
)  # fmt: skip
FOLLOWED = Act(
    "action.followed", "avancement d’une action dit", needs=_WRITES, at="POST actions/{action}/news",
    form_at="actions/{action}/avancement", summary="Dire où en est une action", done="C’est dit, à la date du jour.",
    takes=ActionNews, tells=_told_by_action,
    page=FormPage("Dire où en est cette action", "", "Enregistrer", _back, _action_form, above=_OVER),
)  # fmt: skip
USED = Act(
    "action.used", "appui d’une action ajouté", needs=_WRITES, at="POST actions/{action}/uses",
    form_at="actions/{action}/appuis", summary="Dire sur quoi une action s’appuie", done="L’appui est ajouté.",
    takes=UseEntry, tells=_told_by_action, adds=True,
    page=FormPage("Dire sur quoi elle s’appuie", "", "Ajouter", _back, _use_form, above=_OVER),
)  # fmt: skip
PUBLISHED = Act(
    "vision.published", "projet publié", needs=_WRITES, at="POST visions/{vision}/publication",
    form_at="projets/{vision}/publier", summary="Publier un projet",
    note="Chacun le lit ; celui qu’il remplace reste lisible, daté.", done="Le projet est publié.",
    takes=Nothing, tells=read_vision,
    page=FormPage("", "Chacun le lit aussitôt. Son texte ne se corrige plus ; ses actions avancent.",
                  "Publier le projet", HERE, within=True),
)  # fmt: skip
CAPABILITY = Capability("Projet", acts=(WRITTEN, EDITED, PRIORITISED, PLANNED, TARGETED, FOLLOWED, USED, PUBLISHED))


@WRITTEN.does
def write(doing: Doing, _: str, said: VisionEntry) -> None:
    """Write a vision that its organisation alone reads; published, it follows the one in force."""
    doing.unit.add(Vision(id=doing.subject, **_columns(doing.unit, said)))


@EDITED.does
def edit(doing: Doing, vision: str, said: VisionEntry) -> None:
    """Change a vision that is not published."""
    row = _ours(doing.unit, vision)
    _require(row, VisionState.DRAFT)
    for name, value in _columns(doing.unit, said).items():
        setattr(row, name, value)


@PRIORITISED.does
def prioritise(doing: Doing, vision: str, said: PriorityEntry) -> None:
    """Add a priority."""
    row = _living(doing.unit, vision)
    priority = Priority(id=new_id(), vision_id=row.id, title=said.title, text=said.text, visibility=row.visibility)
    doing.unit.add(priority)


@PLANNED.does
def plan(doing: Doing, vision: str, said: ActionEntry) -> None:
    """Add an action to a priority of the same vision."""
    row = _living(doing.unit, vision)
    doing.unit.add(
        VisionAction(
            id=new_id(),
            vision_id=row.id,
            priority_id=_priority(doing.unit, row, said.priority),
            title=said.title,
            carrier=said.carrier,
            partners=said.partners,
            means=said.means,
            due_on=said.due_on,
            said_on=doing.unit.today,
            visibility=row.visibility,
        )
    )


@TARGETED.does
def target(doing: Doing, vision: str, said: TargetEntry) -> None:
    """Add a target; what is seen of it is read when the data are."""
    row = _living(doing.unit, vision)
    territory = known_territory(said.territory) if said.territory else row.territory
    if not territory:
        raise FieldFault("territory", "Ce territoire n’est pas connu : donnez le nom d’une commune, ou un code.")
    if said.due_on <= doing.unit.today:
        raise FieldFault("due_on", "Ce jour est passé : un but est à venir.")
    indicator = said.indicator.strip()
    if not _INDICATOR.fullmatch(indicator):
        raise FieldFault("indicator", "Donnez le mot de l’indicateur, tel qu’il est dans l’adresse de sa page.")
    card = indicator_cards().get(indicator)
    doing.unit.add(
        VisionTarget(
            id=new_id(),
            vision_id=row.id,
            priority_id=_priority(doing.unit, row, said.priority),
            indicator=indicator,
            label=card.label if card else "",
            unit=card.unit if card else "",
            territory=territory,
            baseline=_figure("baseline", said.baseline),
            baseline_on=doing.unit.today,
            target=_figure("target", said.target),
            due_on=said.due_on,
            visibility=row.visibility,
        )
    )


@FOLLOWED.does
def follow(doing: Doing, action: str, said: ActionNews) -> None:
    """Say how an action goes, on this day."""
    row = _action(doing.unit, action)
    _living(doing.unit, row.vision_id)
    row.state, row.note, row.said_on = said.state.value, said.note, doing.unit.today


@USED.does
def use(doing: Doing, action: str, said: UseEntry) -> None:
    """Say what an action rests on: a page that everybody reads."""
    row = _action(doing.unit, action)
    if not _PATH.fullmatch(said.address) or said.address.startswith(("/bureau", "/lien", "/connexion", "/api/v1/desk")):
        raise FieldFault("address", "Donnez l’adresse d’une page publique de ce site, qui commence par « / ».")
    vision = _living(doing.unit, row.vision_id)
    doing.unit.add(
        ActionUse(
            id=new_id(),
            vision_id=row.vision_id,
            action_id=row.id,
            kind=said.kind.value,
            label=said.label,
            address=said.address,
            visibility=vision.visibility,
        )
    )
    row.said_on = doing.unit.today


@PUBLISHED.does
def publish(doing: Doing, vision: str, _: Nothing) -> None:
    """Let everybody read a vision with all that hangs from it; the one in force is replaced, and stays readable."""
    unit = doing.unit
    row = _ours(unit, vision)
    _require(row, VisionState.DRAFT)
    in_force = select(Vision).where(
        Vision.organisation_id == unit.scope.organisation, Vision.state == VisionState.PUBLISHED.value
    )
    for former in unit.all(in_force.order_by(Vision.published_at)):
        former.state, former.replaced_at = VisionState.FORMER.value, unit.now
        row.replaces = former.id
    row.state, row.visibility, row.published_at = VisionState.PUBLISHED.value, "public", unit.now
    hanging: tuple[Any, ...] = (Priority, VisionAction, ActionUse, VisionTarget)
    for table in hanging:
        for one in unit.all(select(table).where(table.vision_id == row.id)):
            one.visibility = "public"


def _columns(unit: Unit, said: VisionEntry) -> dict[str, Any]:
    own = unit.get(Organisation, unit.scope.organisation).territory
    territory = known_territory(said.territory) if said.territory else own
    if said.territory and not territory:
        raise FieldFault("territory", "Ce territoire n’est pas connu : donnez le nom d’une commune, ou un code.")
    workshop, hypotheses = chosen(unit, said.foreseen)
    return {
        "title": said.title, "text": said.text.strip(), "values": said.values.strip(),
        "scenario": said.scenario.strip(), "territory": territory, "workshop_id": workshop, "hypotheses": hypotheses,
    }  # fmt: skip


def _figure(field: str, text: str) -> float:
    """Return a number typed the French way; raises `FieldFault` for what is none."""
    try:
        return float("".join(text.split()).replace("\u202f", "").replace(",", "."))
    except ValueError:
        raise FieldFault(field, "Donnez un nombre : 1 250 ou 12,5.") from None


def _ours(reader: Reader, vision: str) -> Vision:
    row = reader.get(Vision, vision)
    if row.organisation_id != reader.scope.organisation:
        raise NotFound(ABSENT)
    return row


def _living(reader: Reader, vision: str) -> Vision:
    row = _ours(reader, vision)
    if row.state == VisionState.FORMER.value:
        raise Conflict("Ce projet a été remplacé : il reste lisible, et ne change plus.")
    return row


def _require(row: Vision, state: VisionState) -> None:
    if row.state != state.value:
        raise Conflict("Ce projet est publié : son texte ne change plus. Écrivez-en un autre, qui le remplacera.")


def _priority(reader: Reader, vision: Vision, priority: str) -> str:
    row = reader.find(Priority, priority)
    if row is None or row.vision_id != vision.id:
        raise FieldFault("priority", "Choisissez une priorité de ce projet ; ajoutez-en une s’il n’y en a pas.")
    return row.id


def _action(reader: Reader, action: str) -> VisionAction:
    row = reader.get(VisionAction, action)
    if row.organisation_id != reader.scope.organisation:
        raise NotFound(ABSENT)
    return row
