"""The situation of a firm: closed answers, kept one by one among what it says, each with its readers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import select

from vigie.domain.access import Role
from vigie.domain.calls import MODERATED
from vigie.domain.declarations import QUESTIONS as FIRST
from vigie.domain.declarations import VISIBILITIES, DeclarationSubject, Visibility
from vigie.domain.declared import Hint, Label, Length, Missing, Words
from vigie.domain.french import capital, counted, listed
from vigie.domain.situation import (
    AXES,
    HELD,
    LINKS,
    MISSING,
    NONE,
    QUESTIONS,
    SECTIONS,
    SUBJECT_OF,
    SituationQuestion,
    sentence,
)
from vigie.errors import FieldFault
from vigie.services.accounts.speaking import vouch
from vigie.services.acts import Act, Doing, Telling
from vigie.services.capabilities import Capability
from vigie.services.firms.declarations import (
    DECLARES,
    READERS,
    author_for,
    kept_by,
    organisations_of,
    owned,
    refuse_public,
    told_entry,
    writable_firm,
)
from vigie.store.journal.base import new_id
from vigie.store.journal.firms import Declaration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.services.firms.answers import DeclarationRead
    from vigie.store.journal.port import Unit

_LIKE = "par exemple design=held, ou design=held:public pour ses lecteurs"


@dataclass(frozen=True, slots=True)
class SituationAnswered:
    """Des réponses choisies sur la situation d’une entreprise."""

    answers: Annotated[
        tuple[str, ...], Label("Réponses"), Length(80), Missing("Choisissez au moins une réponse."),
        Hint("question=réponse, ou question=réponse:lecteurs ; une réponse vide retire celle qui était donnée."),
    ]  # fmt: skip
    visibility: Annotated[
        str, Label("Qui peut lire, sauf mention contraire"), Words(READERS), Missing("Dites qui peut lire.")
    ] = Visibility.NETWORK.value


@dataclass(frozen=True, slots=True)
class SituationAnswer:
    """One question of the situation, and its answer where there is one that the asker may read."""

    question: SituationQuestion
    section: DeclarationSubject
    entry: DeclarationRead | None

    def as_dict(self) -> dict[str, Any]:
        """Return the question and its answer as the machine-readable answers print them."""
        one, entry = self.question, self.entry
        told = None
        if entry is not None:
            told = {"answer": entry.answer, "label": one.choices[entry.answer], "visibility": entry.visibility.value,
                    "by": entry.by, "updated_at": entry.updated_at.isoformat(), "id": entry.id}  # fmt: skip
        return {"question": one.word, "section": self.section.value, "asks": one.asks, "choices": dict(one.choices),
                "told": told}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SituationTold:
    """Every question of the situation of a firm, in order, as far as its reader may read the answers."""

    siren: str
    answers: tuple[SituationAnswer, ...]

    @property
    def known(self) -> Mapping[str, str]:
        """Return the answers by question."""
        return {one.question.word: one.entry.answer for one in self.answers if one.entry is not None}

    def as_dict(self) -> dict[str, Any]:
        """Return the situation as the machine-readable answers print it."""
        summary = asdict(summary_of(self))
        return {"siren": self.siren, "summary": summary, "questions": [one.as_dict() for one in self.answers]}


@dataclass(frozen=True, slots=True)
class SituationSummary:
    """A situation in few French lines: what is known, and what is left to ask."""

    known: tuple[str, ...]
    left: tuple[str, ...]


def _tell(telling: Telling, siren: str) -> SituationTold:
    reader = telling.reader
    kept = select(Declaration).where(
        Declaration.siren == writable_firm(reader.scope, siren), Declaration.deleted_at.is_(None),
        Declaration.topic.is_not(None), kept_by(reader.scope),
    )  # fmt: skip
    rows = reader.all(kept)
    names = organisations_of(reader, rows)
    return situation_of(siren, [told_entry(reader, row, names) for row in rows])


ANSWERED = Act(
    "situation.answered",
    "situation de l’entreprise dite",
    needs=DECLARES,
    at="PUT firms/{firm}/situation",
    summary="Répondre sur la situation d’une entreprise",
    note="Une ou plusieurs réponses, chacune avec ses lecteurs ; celles qui ne sont pas nommées restent.",
    done="C’est enregistré.",
    takes=SituationAnswered,
    tells=_tell,
)
CAPABILITY = Capability("Situation des entreprises", acts=(ANSWERED,))


@ANSWERED.does
def answer(doing: Doing, firm: str, said: SituationAnswered) -> None:
    """Keep each answer as an entry of the firm; what its author said before of the same question is replaced.

    Raises `NotFound` for who may not write of the firm, `FieldFault` for what is no answer or may not be public.
    """
    unit, scope = doing.unit, doing.unit.scope
    siren = writable_firm(scope, firm)
    given = [_read(one, said.visibility) for one in said.answers]
    if not given:
        raise FieldFault("answers", "Choisissez au moins une réponse.")
    if any(chosen and readers == Visibility.PUBLIC for _, chosen, readers in given):
        refuse_public(doing, siren)
    author = author_for(unit, siren)
    held = _held(unit, siren)
    for word, chosen, readers in given:
        row = held.get(word)
        if not chosen:
            if row is not None:
                unit.withdraw(row)
                unit.erase(row)
            continue
        values = {"text": f"{sentence(word, chosen)}.", "visibility": readers}
        if row is None:
            row = Declaration(
                id=new_id(), siren=siren, field=SUBJECT_OF[word].value, topic=word, declared_by=scope.person,
                declared_as=scope.role.value, updated_at=unit.now, answer=chosen, **values,
            )  # fmt: skip
            held[word] = unit.add(row)
        elif (row.answer, row.visibility) == (chosen, readers):
            continue
        else:
            row.text, row.visibility, row.answer = values["text"], readers, chosen
            row.declared_by, row.declared_as, row.updated_at = scope.person, scope.role.value, unit.now
        vouch(row, author)


def situation_of(siren: str, entries: Iterable[DeclarationRead]) -> SituationTold:
    """Return the situation that entries tell; of two answers the firm's own head prevails, then the latest."""
    best: dict[str, DeclarationRead] = {}
    for entry in sorted(entries, key=lambda one: (one.by == "head", one.updated_at)):
        if entry.topic in QUESTIONS and entry.answer in QUESTIONS[entry.topic].choices and not entry.hidden:
            best[entry.topic] = entry
    told = (
        SituationAnswer(one, section.subject, best.get(one.word)) for section in SECTIONS for one in section.questions
    )
    return SituationTold(siren, tuple(told))


def summary_of(found: SituationTold, told: Iterable[DeclarationSubject] = ()) -> SituationSummary:
    """Return what is known of a situation and what is left to ask; `told` names the fields said in free words."""
    known, said = found.known, frozenset(told)
    lines = [
        *_labels("Tient", [word for word in LINKS if known.get(word) == HELD]),
        *_labels("Lui manque", [word for word in LINKS if known.get(word) == MISSING]),
    ]
    by_section = {section: [one.word for one in section.questions] for section in SECTIONS}
    for section, words in by_section.items():
        if section.subject is DeclarationSubject.MODEL:
            sold = [QUESTIONS[word].choices[known[word]] for word in words if word in known]
            lines += [f"Vend {', '.join(sold)}"] if sold else []
        if section.subject is DeclarationSubject.PROJECTS:
            meant = [word for word in words if known.get(word, NONE) != NONE]
            planned = [f"{QUESTIONS[word].label} ({QUESTIONS[word].choices[known[word]]})" for word in meant]
            lines += [f"Projets : {'; '.join(planned)}"] if planned else []
    levels = [f"{QUESTIONS[word].label} {QUESTIONS[word].choices[known[word]]}" for word in AXES if word in known]
    lines += [f"Industrie 4.0 : {' ; '.join(levels)}"] if levels else []
    left = [asks for subject, asks in FIRST.items() if subject not in said]
    for section, words in by_section.items():
        unknown = [QUESTIONS[word].label for word in words if word not in known]
        if unknown:
            title = section.title if len(unknown) == len(words) else f"{section.title}, encore"
            left.append(f"{title} : {listed(f'{label[:1].lower()}{label[1:]}' for label in unknown)}")
    return SituationSummary(tuple(lines), tuple(left))


def progress(found: SituationTold) -> str:
    """Return how many questions are answered, in French."""
    known, total = len(found.known), len(found.answers)
    return f"{counted(known, 'réponse')} sur {total}"


def _labels(verb: str, words: list[str]) -> list[str]:
    return [f"{capital(verb)} : {listed(QUESTIONS[word].label for word in words)}"] if words else []


def _held(unit: Unit, siren: str) -> dict[str, Declaration]:
    """Return the answers that the asker may change, by question; another's stays, and theirs stands beside it."""
    rows = unit.all(
        select(Declaration).where(
            Declaration.siren == siren, Declaration.deleted_at.is_(None), Declaration.topic.is_not(None),
            kept_by(unit.scope),
        )
    )  # fmt: skip
    mine = [row for row in rows if row.state != MODERATED and owned(unit, row)]
    # The one that prevails when it is read comes last, and is the one that is changed.
    mine.sort(key=lambda row: (row.declared_as == Role.HEAD, row.updated_at))
    return {row.topic or "": row for row in mine}


def _read(text: str, visibility: str) -> tuple[str, str, str]:
    """Return the question, the answer (empty to withdraw it) and the readers that a text names."""
    word, equal, rest = text.partition("=")
    chosen, _, readers = rest.partition(":")
    word, chosen, readers = word.strip(), chosen.strip(), readers.strip() or visibility
    if not equal or word not in QUESTIONS:
        raise FieldFault("answers", f"« {text[:60]} » ne répond à aucune question : {_LIKE}.")
    if chosen and chosen not in QUESTIONS[word].choices:
        offered = ", ".join(QUESTIONS[word].choices)
        raise FieldFault("answers", f"« {chosen[:40]} » n’est pas une réponse à « {word} » : {offered}.")
    if readers not in set(Visibility):
        raise FieldFault("answers", f"« {readers[:40]} » n’est pas un lecteur : {', '.join(VISIBILITIES)}.")
    return word, chosen, readers
