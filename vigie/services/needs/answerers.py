"""Who answers for which communes, and within how many working days: said by the organisation, and by each officer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import Select, select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.declared import Hint, Label, Length, NumberRange, TextShape
from vigie.errors import FieldFault, NotFound, RequestFault
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.communes import commune_code, commune_name
from vigie.services.followup.answers import JsonAnswer
from vigie.services.followup.reading import FOLLOWERS, members
from vigie.store.journal.base import new_id
from vigie.store.journal.needs import Answerer

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader, Unit

DESK = "accueil"
"""Stands for the organisation's desk where the address names a person."""
_MOST_DAYS, _LONGEST = 20, 4000
_COMMUNES = Hint("Une par ligne, par leur nom ou leur code Insee. Rien : tout le territoire.")
_DELAY = Hint("Annoncé à qui dit un besoin. 0 : aucun délai n’est promis.")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Les communes dont quelqu’un répond, et son délai."""

    communes: Annotated[str, Label("Communes"), TextShape("lines"), Length(20_000), _COMMUNES] = ""
    days: Annotated[int, Label("Délai de réponse, en jours ouvrés"), NumberRange(0, _MOST_DAYS), _DELAY] = 0
    phone: Annotated[
        str, Label("Téléphone"), Length(40), TextShape("phone"),
        Hint("Montré seulement si la personne accepte d’être nommée ; celui de l’accueil l’est toujours."),
    ] = ""  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnCoverage:
    """Les communes dont vous répondez, votre délai, et si le public lit votre nom."""

    communes: Annotated[str, Label("Communes dont vous répondez"), TextShape("lines"), Length(20_000), _COMMUNES] = ""
    days: Annotated[int, Label("Délai de réponse, en jours ouvrés"), NumberRange(0, _MOST_DAYS), _DELAY] = 0
    phone: Annotated[str, Label("Téléphone professionnel"), Length(40), TextShape("phone")] = ""
    public: Annotated[
        bool, Label("J’accepte que mon prénom, l’initiale de mon nom et ce téléphone soient publics"),
        Hint("Sur les pages des entreprises de ces communes, et auprès de qui dit un besoin. Vous pouvez y revenir."),
    ] = False  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswererTold(JsonAnswer):
    """Who answers for which communes; without a person it is the organisation's desk. `set` tells that it was said."""

    person: str
    name: str
    communes: tuple[str, ...]
    days: int
    phone: str
    public: bool
    set: bool


def read_answerer(telling: Telling, person: str) -> AnswererTold:
    """Return for which communes somebody of the organisation answers; raises `NotFound` for anybody else."""
    telling.scope.require(Thing.ACCOUNTS, Right.READ)
    return _told(telling.reader, _known(telling.reader, person))


def read_own(telling: Telling, _: str) -> AnswererTold:
    """Return for which communes the asker answers."""
    telling.scope.require(Thing.DOSSIERS, Right.WRITE)
    return _told(telling.reader, telling.scope.person)


def every_answerer(telling: Telling, _: str) -> tuple[AnswererTold, ...]:
    """Return the desk, then everybody who follows dossiers, each with their communes."""
    telling.scope.require(Thing.ACCOUNTS, Right.READ)
    rows = {row.person_id: row for row in telling.reader.all(_live())}
    people = {"": "L’accueil de l’organisation"} | {one.id: one.name for one in members(telling.reader, FOLLOWERS)}
    return tuple(_made(person, name, rows.get(person)) for person, name in people.items())


def _stands(telling: Telling, person: str) -> PreparedForm:
    told = read_answerer(telling, person)
    named = told.name or "L’accueil de l’organisation"
    return PreparedForm(
        _typed(told), title=f"{named} : communes et délai", left_out=() if told.person else ("communes",)
    )


def _own_stands(telling: Telling, _: str) -> PreparedForm:
    told = read_own(telling, "")
    return PreparedForm({**_typed(told), "public": "oui" if told.public else ""})


SET = Act(
    "answerer.set",
    "communes d’un agent changées",
    needs=needs(Thing.ACCOUNTS, Right.WRITE),
    at="PUT members/{person}/coverage",
    form_at="membres/{person}/communes",
    summary="Dire de quelles communes quelqu’un répond",
    note="`accueil` au lieu d’une personne : l’accueil de l’organisation, qui répond là où personne ne le fait.",
    done="Les communes et le délai sont enregistrés.",
    takes=Coverage,
    tells=read_answerer,
    page=FormPage(
        "Communes et délai",
        "Qui dit un besoin lit qui lui répond, et dans quel délai. Une personne n’est nommée que si elle l’accepte.",
        "Enregistrer",
        "/bureau/membres",
        _stands,
        above={"Membres": ""},
    ),
)
OWN = Act(
    "answerer.said",
    "communes dont on répond dites",
    needs=needs(Thing.DOSSIERS, Right.WRITE),
    at="PUT coverage",
    form_at="mes-communes",
    summary="Dire de quelles communes on répond",
    note="`public` : accepter d’être nommé, prénom et initiale.",
    done="C’est enregistré : les entreprises de ces communes savent qui leur répond.",
    takes=OwnCoverage,
    tells=read_own,
    page=FormPage(
        "Mes communes et mon délai",
        "Les entreprises lisent qui leur répond, et quand. Votre nom ne se lit que si vous l’acceptez.",
        "Enregistrer",
        "/bureau/mes-communes",
        _own_stands,
    ),
)
CAPABILITY = Capability("Organisation", acts=(SET, OWN))


@SET.does
def set_for(doing: Doing, person: str, said: Coverage) -> None:
    """Write for which communes somebody answers; whether they are named stays theirs to say."""
    unit = doing.unit
    who = _known(unit, person)
    phone = {"phone": said.phone or None} if not who or said.phone else {}
    _write(unit, who, {"communes": codes_of(said.communes) if who else "", "days": said.days, **phone})


@OWN.does
def set_own(doing: Doing, _: str, said: OwnCoverage) -> None:
    """Write for which communes the asker answers, and whether they agree to be named."""
    unit = doing.unit
    kept = {"communes": codes_of(said.communes), "days": said.days, "phone": said.phone or None, "public": said.public}
    _write(unit, unit.scope.person, kept)


def _write(unit: Unit, person: str, kept: dict[str, object]) -> None:
    row = _row(unit, person) or unit.add(Answerer(id=new_id(), person_id=person))
    for name, value in kept.items():
        setattr(row, name, value)


def _known(reader: Reader, person: str) -> str:
    """Return the identifier of somebody who follows dossiers, empty for the desk; raises `NotFound` otherwise."""
    if person == DESK:
        return ""
    if person not in {one.id for one in members(reader, FOLLOWERS)}:
        raise NotFound(ABSENT)
    return person


def _row(reader: Reader, person: str) -> Answerer | None:
    return reader.one(_live().where(Answerer.person_id == person).limit(1))


def _live() -> Select[Answerer]:
    return select(Answerer).where(Answerer.deleted_at.is_(None)).order_by(Answerer.created_at, Answerer.id)


def _told(reader: Reader, person: str) -> AnswererTold:
    names = {one.id: one.name for one in members(reader, FOLLOWERS)} if person else {}
    return _made(person, names.get(person, ""), _row(reader, person))


def _made(person: str, name: str, row: Answerer | None) -> AnswererTold:
    codes = tuple(row.communes.split()) if row else ()
    phone, public = (row.phone or "", row.public) if row else ("", False)
    return AnswererTold(person, name, codes, row.days if row else 0, phone, public, row is not None)


def _typed(told: AnswererTold) -> dict[str, str]:
    """Return what a form shows: communes by name, by code where the name alone is several communes'."""
    return {"communes": communes_typed(told.communes), "days": str(told.days), "phone": told.phone}


def communes_typed(codes: tuple[str, ...]) -> str:
    """Return communes as a form holds them, one a line: by name, or by code where several bear it."""
    return "\n".join(map(_named, codes))


def _named(code: str) -> str:
    try:
        return commune_name(code) if commune_code(commune_name(code)) == code else code
    except RequestFault:
        return code


def codes_of(text: str) -> str:
    """Return the codes of communes typed one a line; raises `FieldFault` for a line that is none."""
    found: dict[str, None] = {}
    for line in filter(None, (line.strip() for line in text.replace(";", "\n").replace(",", "\n").splitlines())):
        try:
            found[commune_code(line)] = None
        except RequestFault as fault:
            raise FieldFault("communes", str(fault)) from None
    kept = " ".join(sorted(found))
    if len(kept) > _LONGEST:
        raise FieldFault("communes", "C’est trop de communes : laissez vide pour tout le territoire.")
    return kept
