"""The services that advise firms, as an organisation writes them: added, corrected, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import Select, select

from vigie.domain.access import Right, Thing
from vigie.domain.advising import AdviceSubject
from vigie.domain.declared import Hint, Label, Length, Missing, NumberRange, TextShape
from vigie.errors import FieldFault, RequestFault
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.entries import written
from vigie.services.followup.answers import JsonAnswer
from vigie.services.mail.addresses import writable_address
from vigie.services.needs.answerers import codes_of, communes_typed
from vigie.sources import nomenclature
from vigie.store.journal.advising import Adviser

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

LIST = "/bureau/interlocuteurs"
_WRITES = needs(Thing.DOSSIERS, Right.WRITE)
_MOST_DAYS = 20
_CODES = Hint("Séparés par des espaces. Rien : tous.")
_GOES = "Retiré, il n’est plus proposé à personne ; son nom et ses coordonnées sont effacés 30 jours après."


@dataclass(frozen=True, slots=True)
class AdviserEntry:
    """Un service qui conseille les entreprises, et qui y répond."""

    service: Annotated[str, Label("Service ou organisme"), Length(200), Missing("Nommez le service.")]
    subjects: Annotated[
        str, Label("Sujets"), TextShape("lines"), Length(400), Missing("Donnez au moins un sujet."),
        Hint("Un par ligne, parmi : " + ", ".join(AdviceSubject) + "."),
    ]  # fmt: skip
    antenna: Annotated[str, Label("Antenne"), Length(200)] = ""
    communes: Annotated[
        str, Label("Communes"), TextShape("lines"), Length(20_000),
        Hint("Une par ligne, par leur nom ou leur code Insee. Rien : tout le territoire."),
    ] = ""  # fmt: skip
    hours: Annotated[str, Label("Quand le joindre"), Length(200)] = ""
    days: Annotated[
        int, Label("Délai de réponse, en jours ouvrés"), NumberRange(0, _MOST_DAYS), Hint("0 : aucun n’est promis.")
    ] = 0
    name: Annotated[str, Label("Prénom et nom de la personne"), Length(200)] = ""
    email: Annotated[str, Label("Son adresse électronique"), Length(254), TextShape("email")] = ""
    phone: Annotated[str, Label("Son téléphone professionnel"), Length(40), TextShape("phone")] = ""
    public: Annotated[
        bool, Label("Cette personne accepte que son nom et ses coordonnées soient publics"),
        Hint("Sans son accord, seul le service est nommé."),
    ] = False  # fmt: skip
    least_years: Annotated[int | None, Label("Ancienneté, au moins (années)"), NumberRange(0, 200)] = None
    most_years: Annotated[int | None, Label("Ancienneté, au plus (années)"), NumberRange(0, 200)] = None
    least_staff: Annotated[int | None, Label("Salariés, au moins"), NumberRange(0, 1_000_000)] = None
    most_staff: Annotated[int | None, Label("Salariés, au plus"), NumberRange(0, 1_000_000)] = None
    naf: Annotated[str, Label("Activités acceptées (NAF rév. 2)"), Length(400), _CODES] = ""
    naf_refused: Annotated[str, Label("Activités refusées (NAF rév. 2)"), Length(400)] = ""
    forms: Annotated[str, Label("Formes juridiques acceptées (catégories de l’Insee)"), Length(400), _CODES] = ""


@dataclass(frozen=True, slots=True)
class AdviserTold(JsonAnswer):
    """A service as its organisation reads it; `communes` are codes, none for the whole territory."""

    id: str
    service: str
    antenna: str
    subjects: tuple[str, ...]
    communes: tuple[str, ...]
    hours: str
    days: int
    name: str
    email: str
    phone: str
    public: bool


def told(row: Adviser) -> AdviserTold:
    """Return a service as its organisation reads it."""
    return AdviserTold(
        row.id, row.service, row.antenna, tuple(row.subjects.split()), tuple(row.communes.split()), row.hours, row.days,
        row.name or "", row.email or "", row.phone or "", row.public,
    )  # fmt: skip


def live() -> Select[Adviser]:
    """Select the services that are not withdrawn, by name."""
    return select(Adviser).where(Adviser.deleted_at.is_(None)).order_by(Adviser.service, Adviser.antenna, Adviser.id)


def every_adviser(telling: Telling, _: str) -> tuple[AdviserTold, ...]:
    """Return the services of the organisation; raises `NotFound` without the right."""
    telling.scope.require(Thing.DOSSIERS, Right.WRITE)
    return tuple(told(row) for row in telling.reader.all(live()))


def read_adviser(telling: Telling, adviser: str) -> AdviserTold:
    """Return one service; raises `NotFound` without the right or the row."""
    telling.scope.require(Thing.DOSSIERS, Right.WRITE)
    return told(_row(telling.reader, adviser))


def _stands(telling: Telling, adviser: str) -> PreparedForm:
    telling.scope.require(Thing.DOSSIERS, Right.WRITE)
    row = _row(telling.reader, adviser)
    kept = {name: getattr(row, name) for name in AdviserEntry.__dataclass_fields__}
    entry = AdviserEntry(**kept | {name: kept[name] or "" for name in ("name", "email", "phone")})
    typed = written(AdviserEntry, entry)
    lines = {"subjects": "\n".join(row.subjects.split()), "communes": communes_typed(tuple(row.communes.split()))}
    return PreparedForm({**typed, **lines})


ADDED = Act(
    "adviser.added",
    "interlocuteur ajouté",
    needs=_WRITES,
    at="POST advisers",
    form_at="interlocuteurs/nouveau",
    summary="Ajouter un service qui conseille",
    note="Un service, ses sujets, ses communes, qui il reçoit, et la personne qui y répond.",
    done="L’interlocuteur est enregistré.",
    takes=AdviserEntry,
    makes=True,
    tells=read_adviser,
    page=FormPage(
        "Ajouter un interlocuteur",
        "Une entreprise qui cherche de l’aide lit qui lui répond, et dans quel délai.",
        "Enregistrer",
        LIST,
        above={"Interlocuteurs": ""},
    ),
)
EDITED = Act(
    "adviser.edited",
    "interlocuteur corrigé",
    needs=_WRITES,
    at="PUT advisers/{adviser}",
    form_at="interlocuteurs/{adviser}/modifier",
    summary="Corriger un service qui conseille",
    note="Remplace ce qui est gardé du service.",
    done="L’interlocuteur est enregistré.",
    takes=AdviserEntry,
    tells=read_adviser,
    page=FormPage("Corriger un interlocuteur", "", "Enregistrer", LIST, prepare=_stands, above={"Interlocuteurs": ""}),
)
WITHDRAWN = Act(
    "adviser.withdrawn",
    "interlocuteur retiré",
    needs=_WRITES,
    at="DELETE advisers/{adviser}",
    form_at="interlocuteurs/{adviser}/retirer",
    summary="Retirer un service qui conseille",
    note="Il n’est plus proposé à personne.",
    done="L’interlocuteur est retiré.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", _GOES, "Retirer cet interlocuteur", LIST, within=True, danger=True, foot_of=EDITED),
)
CAPABILITY = Capability("Interlocuteurs", acts=(ADDED, EDITED, WITHDRAWN))


@ADDED.does
def add(doing: Doing, _: str, said: AdviserEntry) -> None:
    """Write a service."""
    doing.unit.add(Adviser(id=doing.subject, **_columns(said)))


@EDITED.does
def edit(doing: Doing, adviser: str, said: AdviserEntry) -> None:
    """Change a service."""
    row = _row(doing.unit, adviser)
    for name, value in _columns(said).items():
        setattr(row, name, value)


@WITHDRAWN.does
def withdraw(doing: Doing, adviser: str, _: Nothing) -> None:
    """Take a service out of the list."""
    doing.unit.withdraw(_row(doing.unit, adviser))


def _row(reader: Reader, adviser: str) -> Adviser:
    return reader.get(Adviser, adviser)


def _columns(said: AdviserEntry) -> dict[str, object]:
    """Return what is kept of a service; raises `FieldFault` for what cannot be."""
    for least, most in (("least_years", "most_years"), ("least_staff", "most_staff")):
        low, high = getattr(said, least), getattr(said, most)
        if low is not None and high is not None and high < low:
            raise FieldFault(most, "Le maximum est sous le minimum : corrigez l’un des deux.")
    bounds = {name: getattr(said, name) for name in ("least_years", "most_years", "least_staff", "most_staff")}
    return bounds | {
        "service": said.service,
        "antenna": said.antenna,
        "subjects": " ".join(_subjects(said.subjects)),
        "communes": codes_of(said.communes),
        "hours": said.hours,
        "days": said.days,
        "naf": _activities("naf", said.naf),
        "naf_refused": _activities("naf_refused", said.naf_refused),
        "forms": _forms(said.forms),
        "name": said.name or None,
        "email": writable_address(said.email, "email") if said.email else None,
        "phone": said.phone or None,
        "public": said.public,
    }


def _subjects(text: str) -> list[str]:
    """Return the subjects typed, in their usual order; raises `FieldFault` for a word that is none."""
    typed = text.replace(",", " ").replace(";", " ").casefold().split()
    if odd := next((word for word in typed if word not in set(AdviceSubject)), ""):
        raise FieldFault("subjects", f"« {odd} » n’est pas un sujet : choisissez parmi {', '.join(AdviceSubject)}.")
    if not typed:
        raise FieldFault("subjects", "Donnez au moins un sujet.")
    return [subject.value for subject in AdviceSubject if subject.value in typed]


def _activities(field: str, text: str) -> str:
    try:
        return " ".join(nomenclature.normalise(code) for code in text.replace(",", " ").split())
    except RequestFault as fault:
        raise FieldFault(field, str(fault)) from None


def _forms(text: str) -> str:
    codes = text.replace(",", " ").split()
    if odd := next((code for code in codes if not code.isdigit() or len(code) not in (2, 4)), ""):
        raise FieldFault("forms", f"« {odd} » n’est pas une catégorie juridique : deux ou quatre chiffres.")
    return " ".join(codes)
