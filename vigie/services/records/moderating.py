"""Moderation: an admin hides or restores what was published, under a rule; everybody may read the decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from vigie.domain.access import Right, Scope, Thing
from vigie.domain.calls import MODERATED
from vigie.domain.consultation import StatementState
from vigie.domain.declarations import FIELDS, DeclarationSubject
from vigie.domain.moderation import DECISIONS, RULES, THINGS, Moderated, ModerationDecision
from vigie.domain.zones import PARIS, day_in
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import Consultation, Statement
from vigie.store.journal.firms import Declaration
from vigie.store.journal.introductions import Call, CallAnswer
from vigie.store.journal.people import Organisation, Person
from vigie.store.journal.records import Moderation
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Reader, Unit

Word = TypeVar("Word", bound=StrEnum)
PER_PAGE = 50
EXPORTED = 10_000
_Text = Call | CallAnswer | Declaration | Statement
_TABLES: dict[Moderated, type[_Text]] = {
    Moderated.CALL: Call, Moderated.ANSWER: CallAnswer, Moderated.DECLARATION: Declaration,
    Moderated.STATEMENT: Statement,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision as everybody may read it: neither author, nor moderator, nor text; its day, not its hour."""

    on: date
    organisation: str
    thing: str
    decision: str
    rule: str

    @classmethod
    def of(cls, reader: Reader, row: Moderation) -> Decided:
        """Return a decision as everybody may read it."""
        return cls.by(reader.find(Organisation, row.organisation_id), row)

    @classmethod
    def by(cls, organisation: Organisation | None, row: Moderation) -> Decided:
        """Return the decision of an organisation, on the day that it was there."""
        name, zone = (organisation.name, organisation.zone) if organisation else ("", PARIS)
        return cls(day_in(zone, row.at), name, row.thing, row.decision, row.rule)

    def as_dict(self) -> dict[str, str]:
        """Return the decision as programs read it."""
        return {
            "on": self.on.isoformat(), "organisation": self.organisation, "thing": self.thing,
            "decision": self.decision, "rule": self.rule, "reason": RULES.get(self.rule, ""),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A page of decisions, the latest first."""

    decisions: tuple[Decided, ...]
    total: int
    page: int

    @property
    def total_pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))

    def as_dict(self) -> dict[str, Any]:
        """Return the page as programs read it."""
        return {
            "results": [decided.as_dict() for decided in self.decisions], "total_results": self.total,
            "page": self.page, "total_pages": self.total_pages,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """Something that can be moderated, with its text."""

    thing: Moderated
    id: str
    title: str
    text: str
    hidden: bool
    written_at: datetime

    def as_dict(self) -> dict[str, Any]:
        """Return the text as programs read it."""
        return {
            "thing": self.thing.value, "id": self.id, "title": self.title, "text": self.text, "hidden": self.hidden,
            "written_at": self.written_at.isoformat(),
        }  # fmt: skip


class Moderating:
    """Decides, and tells what was decided."""

    def __init__(self, journal: Journal, mail: Mail) -> None:
        self._journal, self._mail = journal, mail

    def decisions(self, scope: Scope, page: int = 1, per_page: int = PER_PAGE) -> DecisionPage:
        """Return the public decisions of every organisation."""
        scope.require(Thing.MODERATION, Right.READ)
        with self._journal.reading(scope) as reader:
            found = select(Moderation).where(Moderation.visibility == "public")
            latest = found.order_by(Moderation.at.desc(), Moderation.id)
            rows = reader.all(latest.limit(per_page).offset((page - 1) * per_page))
            deciding = reader.known(Organisation, (row.organisation_id for row in rows))
            decisions = tuple(Decided.by(deciding.get(row.organisation_id), row) for row in rows)
            return DecisionPage(decisions, reader.count(found), page)

    def published(self, scope: Scope) -> tuple[Published, ...]:
        """Return what the asker's organisation may moderate, the latest first."""
        scope.require(Thing.MODERATION, Right.MODERATE)
        with self._journal.reading(scope) as reader:
            calls = reader.all(
                select(Call)
                .where(Call.organisation_id == scope.organisation, Call.deleted_at.is_(None))
                .order_by(Call.created_at.desc())
                .limit(PER_PAGE)
            )
            answers = reader.all(
                select(CallAnswer)
                .where(CallAnswer.deleted_at.is_(None))
                .order_by(CallAnswer.created_at.desc())
                .limit(PER_PAGE)
            )
            said = reader.all(
                select(Declaration)
                .where(
                    Declaration.organisation_id == scope.organisation,
                    Declaration.visibility == "public",
                    Declaration.deleted_at.is_(None),
                )
                .order_by(Declaration.created_at.desc())
                .limit(PER_PAGE)
            )
            voted = reader.rows(
                select(Statement, Consultation.question)
                .join(Consultation, Consultation.id == Statement.consultation_id)
                .where(
                    Statement.organisation_id == scope.organisation,
                    Statement.state.in_((StatementState.KEPT.value, StatementState.HIDDEN.value)),
                )
                .order_by(Statement.created_at.desc())
                .limit(PER_PAGE)
            )
            titles = {call.id: call.title or "" for call in calls}
            rows = [_published(call, call.title or "", call.text) for call in calls]
            rows += [_published(one, FIELDS[DeclarationSubject(one.field)][0], one.text) for one in said]
            rows += [_published(one, question, one.text) for one, question in voted]
            rows += [_published(answer, titles.get(answer.call_id, ""), answer.body) for answer in answers]
            return tuple(sorted(rows, key=lambda row: row.written_at, reverse=True))

    def decide(self, scope: Scope, thing: str, identifier: str, decision: str, rule: str) -> Decided:
        """Hide or restore something of the asker's organisation, and tell its author why.

        Raises `FieldFault` for a word that is not of the policy, `NotFound` for a text of another organisation,
        `Conflict` when it already is as asked.
        """
        scope.require(Thing.MODERATION, Right.MODERATE)
        kind, chosen = _word(Moderated, "objet", thing), _word(ModerationDecision, "decision", decision)
        if rule not in RULES:
            raise FieldFault("regle", "Choisissez une raison dans la politique de modération.")
        try:
            with self._journal.writing(scope) as unit:
                return self._decide(unit, kind, identifier, chosen, rule)
        except AlreadyDone as done:
            with self._journal.reading(scope) as reader:
                return Decided.of(reader, reader.get(Moderation, done.subject))

    def _decide(self, unit: Unit, kind: Moderated, identifier: str, decision: ModerationDecision, rule: str) -> Decided:
        row = unit.get(_TABLES[kind], identifier)
        if row.organisation_id != unit.scope.organisation:
            # A public call of another organisation can be read, not moderated.
            raise NotFound("Ce texte n’existe pas, ou n’est pas de votre organisation.")
        return settle(unit, self._mail, row, (kind, decision, rule))


def settle(unit: Unit, mail: Mail, row: _Text, decided: tuple[Moderated, ModerationDecision, str]) -> Decided:
    """Write a decision on a text, in the asker's organisation, and tell its author in theirs.

    Raises `Conflict` when the text is as asked already, or was hidden by another organisation than the one restoring.
    """
    scope, (kind, decision, rule) = unit.scope, decided
    made = Moderation(
        id=new_id(), at=unit.now, moderator_id=scope.person, thing=kind.value, subject_id=row.id,
        decision=decision.value, rule=rule, visibility="public",
    )  # fmt: skip
    unit.act("moderation.decided", made.id)
    if (row.state == MODERATED) == (decision is ModerationDecision.HIDE):
        raise Conflict("Ce texte est déjà dans cet état : rechargez la page.")
    hidden = None if decision is ModerationDecision.HIDE else _hiding(unit, row.id)
    if hidden is not None and hidden.organisation_id != scope.organisation:
        raise Conflict("Ce texte a été masqué par une autre organisation : elle seule peut le rétablir.")
    made.state_before = row.state
    unit.add(made)
    unit.flush()
    told = Decided.of(unit, made)
    # The text belongs to the organisation where it was written, which may be another one.
    unit.moving(replace(scope, organisation=row.organisation_id, request_key=""))
    unit.act("moderation.decided", made.id)
    row.state = MODERATED if hidden is None else hidden.state_before
    _tell_author(unit, mail, row, made)
    unit.moving(replace(scope, request_key=""))
    return told


def _tell_author(unit: Unit, mail: Mail, row: _Text, made: Moderation) -> None:
    author = unit.find(Person, _author(row))
    address = (author.email if author else None) or (row.email if isinstance(row, CallAnswer) else None)
    if not address:
        return
    thing, done = THINGS[Moderated(made.thing)], DECISIONS[ModerationDecision(made.decision)]
    mail.post(
        unit,
        recipient=address,
        subject=f"Votre {thing} : {done} par la modération",
        body=_LETTER.format(thing=thing, done=done, reason=RULES[made.rule], policy=mail.link("/moderation")),
        about=made.id,
        once=made.id,
    )


_LETTER = """Bonjour,

Votre {thing} a fait l’objet d’une décision de modération : {done}.

Raison : {reason}

La politique de modération et le journal public des décisions se lisent ici :
{policy}

Si cette décision vous paraît infondée, répondez à l’organisation qui a pris la décision : le journal la nomme.
"""


def _author(row: _Text) -> str:
    if isinstance(row, Declaration):
        return row.declared_by
    if isinstance(row, Statement):
        return row.author_id
    return row.author_id if isinstance(row, Call) else row.person_id


def _hiding(reader: Reader, identifier: str) -> Moderation:
    """Return the last decision that hid something."""
    hidings = select(Moderation).where(
        Moderation.subject_id == identifier, Moderation.decision == ModerationDecision.HIDE.value
    )
    return reader.all(hidings.order_by(Moderation.at.desc()).limit(1))[0]


def _published(row: _Text, title: str, text: str | None) -> Published:
    kind = next(kind for kind, table in _TABLES.items() if isinstance(row, table))
    return Published(kind, row.id, title, text or "", row.state == MODERATED, row.created_at)


def decided_word(text: str) -> ModerationDecision:
    """Return a decision by its word; raises `FieldFault` when there is none such."""
    return _word(ModerationDecision, "decision", text)


def _word(words: type[Word], field: str, text: str) -> Word:
    try:
        return words(text)
    except ValueError:
        raise FieldFault(field, f"Choisissez parmi : {', '.join(words)}.") from None
