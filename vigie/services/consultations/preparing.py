"""What officers do with a consultation: prepare it, seed it, open it, read ideas, open a hall, close it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.consultation import (
    LEAST_SEEDS,
    College,
    ConsultationState,
    StatementState,
    dates_fault,
    same_words,
    statement_fault,
)
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.acts import Act, Doing, FormPage, Nothing, PreparedForm, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.communes import known_territory, told_territory
from vigie.services.consultations.answers import HallTold, PreparedConsultation
from vigie.services.consultations.counting import counting, end
from vigie.services.consultations.papers import new_key, shut
from vigie.services.consultations.reading import is_open, kept, lines, statement_told
from vigie.services.entries import written
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import BallotKey, Consultation, HallCode, Statement
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.store.journal.port import Reader, Unit

HERE = "/bureau/consultations/{consultation}"
LIST = "/bureau/consultations"
_WRITES = needs(Thing.CONSULTATIONS, Right.WRITE)
OVER = {"Consultations": LIST, "La consultation": ""}
_MOST_SEEDS = 60


@dataclass(frozen=True, slots=True)
class ConsultationEntry:
    """Une consultation, avec tout ce que doit savoir qui y répond avant de commencer."""

    question: Annotated[
        str, Label("La question"), Length(300), Missing("Écrivez la question."),
        Hint("Une seule, comme vous la diriez à voix haute."),
    ]  # fmt: skip
    becomes: Annotated[
        str, Label("Ce que le résultat deviendra"), TextShape("lines"), Length(2000),
        Missing("Dites ce que vous ferez du résultat : c’est la première chose que l’on demande."),
        Hint("Qui le lira, ce qui en dépend. Montré avant le premier vote."),
    ]  # fmt: skip
    becomes_on: Annotated[date, Label("Réponse donnée au plus tard le")]
    opens_on: Annotated[date, Label("Premier jour")]
    closes_on: Annotated[date, Label("Dernier jour")]
    context: Annotated[str, Label("En deux phrases, de quoi il s’agit"), TextShape("lines"), Length(2000)] = ""
    college: Annotated[
        College,
        Label("Qui peut parler"),
        Hint("Montré à tous ; personne n’a à prouver qui il est. Une consultation par collège permet de comparer."),
    ] = College.ALL
    rules: Annotated[
        str, Label("Règles de modération propres à cette consultation"), TextShape("lines"), Length(2000),
        Hint("En plus de la politique commune, publiée sur « Modération »."),
    ] = ""  # fmt: skip
    territory: Annotated[
        str, Label("Territoire"), Length(100), Hint("Nom d’une commune ou code. Rien : celui de l’organisation.")
    ] = ""
    shares_with: Annotated[
        str, Label("Mêmes propositions que"), Length(20),
        Hint("Une autre consultation de l’organisation : ses propositions sont reprises, les réponses se comparent."),
    ] = ""  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seeds:
    """Des propositions de départ."""

    texts: Annotated[
        str, Label("Propositions, une par ligne"), TextShape("lines"), Length(20_000),
        Missing("Écrivez une proposition par ligne."),
        Hint("Une idée par phrase, 240 signes au plus ; d’avis opposés : chacun doit pouvoir en approuver une."),
    ]  # fmt: skip


def read_prepared(telling: Telling, consultation: str) -> PreparedConsultation:
    """Return a consultation as its officers read it; raises `NotFound` for that of another organisation."""
    telling.scope.require(Thing.CONSULTATIONS, Right.WRITE)
    reader = telling.reader
    row = our_consultation(reader, consultation)
    every = reader.all(
        select(Statement)
        .where(Statement.consultation_id == row.id, Statement.deleted_at.is_(None))
        .order_by(Statement.created_at, Statement.id)
    )
    halls = select(HallCode).where(HallCode.consultation_id == row.id, HallCode.expires_at > reader.now)
    waiting = [one for one in every if one.state == StatementState.WAITING.value]
    return PreparedConsultation(
        line=lines(reader, [row])[0],
        shares_with=row.shares_with,
        statements=tuple(statement_told(one) for one in every if one not in waiting),
        waiting=tuple(map(statement_told, waiting)),
        halls=tuple(HallTold(one.code, one.expires_at, one.left) for one in reader.all(halls) if one.code),
        may=_may(reader, row),
    )


def _may(reader: Reader, row: Consultation) -> tuple[str, ...]:
    if row.state == ConsultationState.DRAFT.value:
        return ("edit", "seed", "open")
    if row.state == ConsultationState.OPEN.value:
        return ("seed", "decide", *(("hall",) if is_open(reader, row) else ()), "close")
    return ()


def _stands(telling: Telling, consultation: str) -> PreparedForm:
    telling.scope.require(Thing.CONSULTATIONS, Right.WRITE)
    row = _draft(telling.reader, consultation)
    entry = ConsultationEntry(
        row.question, row.becomes, row.becomes_on, row.opens_on, row.closes_on, row.context, College(row.college),
        row.rules, row.territory, row.shares_with,
    )  # fmt: skip
    return PreparedForm(written(ConsultationEntry, entry), _choices(telling.reader, row.id), left_out=("shares_with",))


def _new(telling: Telling, _: str) -> PreparedForm:
    return PreparedForm({}, _choices(telling.reader, ""))


def _choices(reader: Reader, but: str) -> dict[str, dict[str, str]]:
    others = select(Consultation).where(
        Consultation.organisation_id == reader.scope.organisation, Consultation.deleted_at.is_(None)
    )
    rows = reader.all(others.order_by(Consultation.created_at.desc(), Consultation.id).limit(20))
    return {"shares_with": {"": "Aucune"} | {row.id: row.question for row in rows if row.id != but}}


def form_of(telling: Telling, consultation: str) -> PreparedForm:
    """Return an empty form, for who may read this consultation only."""
    row = our_consultation(telling.reader, consultation)
    return PreparedForm(lead=f"« {row.question} » ({told_territory(row.territory)}).")


PREPARED = Act(
    "consultation.prepared",
    "consultation préparée",
    needs=_WRITES,
    at="POST consultations",
    form_at="consultations/nouvelle",
    summary="Préparer une consultation",
    note="Elle n’est lue que par l’organisation tant qu’elle n’est pas ouverte.",
    done="La consultation est préparée : ajoutez des propositions, puis ouvrez-la.",
    takes=ConsultationEntry,
    tells=read_prepared,
    makes=True,
    page=FormPage(
        "Préparer une consultation",
        "Rien n’est public avant que vous ne l’ouvriez. Ce que le résultat deviendra se lit avant le premier vote.",
        "Enregistrer",
        lambda _, key: HERE.format(consultation=key),
        _new,
        above={"Consultations": LIST},
    ),
)
EDITED = Act(
    "consultation.edited",
    "consultation corrigée",
    needs=_WRITES,
    at="PUT consultations/{consultation}",
    form_at="consultations/{consultation}/modifier",
    summary="Corriger une consultation en préparation",
    note="Une fois ouverte, sa question ne change plus.",
    done="La consultation est corrigée.",
    takes=ConsultationEntry,
    tells=read_prepared,
    page=FormPage("Corriger la consultation", "", "Enregistrer", HERE, _stands, above=OVER),
)
SEEDED = Act(
    "statement.seeded",
    "propositions de départ ajoutées",
    needs=_WRITES,
    at="POST consultations/{consultation}/statements",
    form_at="consultations/{consultation}/propositions",
    summary="Ajouter des propositions à une consultation",
    note="Une par ligne ; celles qui y sont déjà sont laissées.",
    done="Les propositions sont ajoutées.",
    takes=Seeds,
    tells=read_prepared,
    adds=True,
    page=FormPage(
        "Ajouter des propositions", "Chacune est votée telle quelle : elle ne se corrige plus.", "Ajouter", HERE,
        form_of, above=OVER,
    ),
)  # fmt: skip
OPENED = Act(
    "consultation.opened",
    "consultation ouverte",
    needs=_WRITES,
    at="POST consultations/{consultation}/opening",
    form_at="consultations/{consultation}/ouvrir",
    summary="Ouvrir une consultation",
    note="Chacun la lit ; les votes sont pris du premier au dernier jour.",
    done="La consultation est ouverte.",
    takes=Nothing,
    tells=read_prepared,
    page=FormPage(
        "", "Chacun la lit aussitôt. Sa question, ses jours et ce que le résultat deviendra ne changent plus.",
        "Ouvrir la consultation", HERE, within=True,
    ),
)  # fmt: skip
CLOSED = Act(
    "consultation.closed",
    "consultation close",
    needs=_WRITES,
    at="POST consultations/{consultation}/closing",
    form_at="consultations/{consultation}/clore",
    summary="Clore une consultation",
    note="Le dernier compte est publié, puis les votes sont effacés : personne ne les lira ni ne les recomptera.",
    done="La consultation est close : les votes sont effacés, ce qui a été publié reste.",
    takes=Nothing,
    tells=read_prepared,
    erases=True,
    page=FormPage(
        "", "Le dernier compte est publié, puis tous les votes sont effacés, pour toujours.",
        "Clore la consultation", HERE, within=True, danger=True,
    ),
)  # fmt: skip
CAPABILITY = Capability("Consultations", acts=(PREPARED, EDITED, SEEDED, OPENED, CLOSED))


@PREPARED.does
def prepare(doing: Doing, _: str, said: ConsultationEntry) -> None:
    """Write a consultation that its organisation alone reads, with the statements that it shares."""
    unit = doing.unit
    columns = _columns(unit, said)
    other = our_consultation(unit, said.shares_with) if said.shares_with else None
    unit.add(Consultation(id=doing.subject, **columns, shares_with=other.id if other else ""))
    if other is not None:
        texts = [one.text or "" for one in kept(unit, other.id) if one.text]
        _seed(unit, doing.subject, texts, public=False)


@EDITED.does
def edit(doing: Doing, consultation: str, said: ConsultationEntry) -> None:
    """Change a consultation that is not open yet."""
    row = _draft(doing.unit, consultation)
    for name, value in _columns(doing.unit, said).items():
        setattr(row, name, value)


@SEEDED.does
def seed(doing: Doing, consultation: str, said: Seeds) -> None:
    """Write statements that the organisation proposes; raises `FieldFault` for the first that cannot be voted."""
    row = our_consultation(doing.unit, consultation)
    if row.state == ConsultationState.CLOSED.value:
        raise Conflict("Cette consultation est close.")
    texts = [text for line in said.texts.splitlines() if (text := " ".join(line.split()))]
    if len(texts) > _MOST_SEEDS:
        raise FieldFault(
            "texts", f"{_MOST_SEEDS} propositions au plus à la fois : gardez celles qui séparent le mieux."
        )
    for rank, text in enumerate(texts, start=1):
        if fault := statement_fault(text):
            raise FieldFault("texts", f"Ligne {rank}. {fault}")
    _seed(doing.unit, row.id, texts, public=row.state == ConsultationState.OPEN.value)


@OPENED.does
def open_(doing: Doing, consultation: str, _: Nothing) -> None:
    """Let everybody read a consultation, and make the key under which its participants are hashed."""
    unit = doing.unit
    row = _draft(unit, consultation)
    voted = kept(unit, row.id)
    if len(voted) < LEAST_SEEDS:
        raise Conflict(
            f"Il faut {LEAST_SEEDS} propositions au moins pour commencer, il y en a {len(voted)} : ajoutez-en, "
            "d’avis opposés."
        )
    if fault := dates_fault(row.opens_on, row.closes_on, unit.today):
        raise Conflict(f"{fault} Corrigez la consultation, puis ouvrez-la.")
    row.state, row.visibility, row.opened_at = ConsultationState.OPEN.value, "public", unit.now
    for one in voted:
        one.visibility = "public"
    unit.add(BallotKey(id=new_id(), consultation_id=row.id, key=new_key()))


@CLOSED.does
def close(doing: Doing, consultation: str, _: Nothing) -> None:
    """Publish the last count and erase the votes."""
    row = our_consultation(doing.unit, consultation)
    if row.state != ConsultationState.OPEN.value:
        raise Conflict("Cette consultation n’est pas ouverte.")
    shut(doing.unit, row.id)
    end(doing.unit, row.id, counting(doing.unit, row.id, closing=True))


def _columns(unit: Unit, said: ConsultationEntry) -> dict[str, Any]:
    """Return what is kept of a consultation; raises `FieldFault` for days or a territory that cannot be."""
    if fault := dates_fault(said.opens_on, said.closes_on, unit.today):
        raise FieldFault("closes_on", fault)
    if said.becomes_on < said.closes_on:
        raise FieldFault("becomes_on", "La réponse serait donnée avant la fin de la consultation.")
    territory = (
        known_territory(said.territory) if said.territory else unit.get(Organisation, unit.scope.organisation).territory
    )
    if not territory:
        raise FieldFault("territory", "Ce territoire n’est pas connu : donnez le nom d’une commune, ou un code.")
    return {
        "question": " ".join(said.question.split()),
        "context": said.context.strip(),
        "territory": territory,
        "college": said.college.value,
        "rules": said.rules.strip(),
        "becomes": said.becomes.strip(),
        "becomes_on": said.becomes_on,
        "opens_on": said.opens_on,
        "closes_on": said.closes_on,
    }


def _seed(unit: Unit, consultation: str, texts: Sequence[str], *, public: bool) -> None:
    """Write statements to vote, those that are there already left out."""
    there = [one.text or "" for one in kept(unit, consultation)]
    for text in texts:
        if any(same_words(text, other) for other in there):
            continue
        there.append(text)
        unit.add(
            Statement(
                id=new_id(),
                consultation_id=consultation,
                text=text,
                seed=True,
                state=StatementState.KEPT.value,
                kept_at=unit.now,
                visibility="public" if public else "network",
            )
        )


def our_consultation(reader: Reader, consultation: str) -> Consultation:
    """Return a consultation of the asker's organisation; a public one of another is not there for its officers."""
    row = reader.get(Consultation, consultation)
    if row.organisation_id != reader.scope.organisation:
        raise NotFound(ABSENT)
    return row


def _draft(reader: Reader, consultation: str) -> Consultation:
    row = our_consultation(reader, consultation)
    if row.state != ConsultationState.DRAFT.value:
        raise Conflict("Cette consultation est ouverte : sa question et ses jours ne changent plus.")
    return row
