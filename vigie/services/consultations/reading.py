"""Consultations as everybody reads them: those there are, one, and what was published of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from vigie.domain.access import ABSENT, ANYONE, Right, Thing
from vigie.domain.consultation import VOTES, ConsultationState, StatementState, same_words
from vigie.domain.french import counted, listed
from vigie.errors import NotFound
from vigie.services.communes import told_territory
from vigie.services.consultations.answers import ConsultationLine, OpinionTold, ResultTold, StatementTold
from vigie.store.journal.consultations import Consultation, PublishedCount, Statement
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal, Reader

_KEPT = StatementState.KEPT.value
_NAMED = 3
LEANINGS = {"large accord": 1, "large désaccord": -1}
"""What the published words say of a leaning; the others say none."""
_NOT_YET = "moins de dix votes"


class ConsultationReading:
    """Reads consultations; never a ballot, but the counts that were published of them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def published(self, scope: Scope, territory: str = "") -> tuple[ConsultationLine, ...]:
        """Return the consultations that everybody reads, of one territory if it is named: the open ones first."""
        scope.require(Thing.CONSULTATIONS, Right.READ)
        with self._journal.reading(scope) as reader:
            rows = reader.all(
                select(Consultation)
                .where(Consultation.visibility == "public", Consultation.deleted_at.is_(None))
                .where(*((Consultation.territory == territory,) if territory else ()))
                .order_by(Consultation.closes_on.desc(), Consultation.id)
                .limit(100)
            )
            return tuple(sorted(lines(reader, rows), key=lambda one: not one.open))

    def one(self, scope: Scope, consultation: str) -> ConsultationLine:
        """Return a consultation that everybody reads; raises `NotFound` for one that is being prepared."""
        scope.require(Thing.CONSULTATIONS, Right.READ)
        with self._journal.reading(scope) as reader:
            return lines(reader, [public(reader, consultation)])[0]

    def result(self, scope: Scope, consultation: str, mine: Mapping[str, str] | None = None) -> ResultTold:
        """Return what was published; `mine` are the reader's own votes by statement, to say where they stand."""
        scope.require(Thing.CONSULTATIONS, Right.READ)
        with self._journal.reading(scope) as reader:
            row = public(reader, consultation)
            told = last_count(reader, row.id)
            elsewhere = _elsewhere(reader, row)
            return result_of(lines(reader, [row])[0], kept(reader, row.id), told, mine or {}, elsewhere)


def public(reader: Reader, consultation: str) -> Consultation:
    """Return a consultation that everybody reads; raises `NotFound` for any other."""
    row = reader.get(Consultation, consultation)
    if row.visibility != "public":
        raise NotFound(ABSENT)
    return row


def is_open(reader: Reader, row: Consultation) -> bool:
    """Tell whether votes are taken: it was opened, its first day came and its last one is not past."""
    day = reader.day(reader.now, row.organisation_id)
    return row.state == ConsultationState.OPEN.value and row.opens_on <= day <= row.closes_on


def kept(reader: Reader, consultation: str) -> Sequence[Statement]:
    """Return the statements that are voted, the oldest first."""
    voted = (Statement.consultation_id == consultation, Statement.state == _KEPT, Statement.deleted_at.is_(None))
    return reader.all(select(Statement).where(*voted).order_by(Statement.kept_at, Statement.id))


def last_count(reader: Reader, consultation: str) -> PublishedCount | None:
    """Return what was published last."""
    mine = select(PublishedCount).where(PublishedCount.consultation_id == consultation)
    return reader.one(mine.order_by(PublishedCount.number.desc()).limit(1))


def lines(reader: Reader, rows: Sequence[Consultation]) -> tuple[ConsultationLine, ...]:
    """Return consultations as lists show them."""
    if not rows:
        return ()
    asked = [row.id for row in rows]
    names = reader.known(Organisation, (row.organisation_id for row in rows))
    voted = select(Statement.consultation_id, func.count()).where(
        Statement.consultation_id.in_(asked), Statement.state == _KEPT, Statement.deleted_at.is_(None)
    )
    many = {str(key): int(count) for key, count in reader.rows(voted.group_by(Statement.consultation_id))}
    counts = reader.all(
        select(PublishedCount).where(PublishedCount.consultation_id.in_(asked)).order_by(PublishedCount.number)
    )
    last = {one.consultation_id: one for one in counts}
    return tuple(
        ConsultationLine(
            id=row.id,
            question=row.question,
            context=row.context,
            organisation=names[row.organisation_id].name if row.organisation_id in names else "",
            territory=row.territory,
            territory_name=told_territory(row.territory),
            college=row.college,
            rules=row.rules,
            becomes=row.becomes,
            becomes_on=row.becomes_on,
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            state=row.state,
            statements=many.get(row.id, 0),
            participants=last[row.id].participants if row.id in last else 0,
            counted_on=last[row.id].on if row.id in last else None,
            open=is_open(reader, row),
        )
        for row in rows
    )


def statement_told(row: Statement) -> StatementTold:
    """Return a statement as it is read."""
    return StatementTold(row.id, row.text or "", row.state, row.rule, row.created_at)


def seen_by_tens(count: PublishedCount | None) -> dict[str, int]:
    """Return how many voters, by tens, were published of each statement."""
    return {key: int(one["voters"]) for key, one in count.told["statements"].items()} if count else {}


def result_of(
    line: ConsultationLine,
    statements: Sequence[Statement],
    count: PublishedCount | None,
    mine: Mapping[str, str],
    elsewhere: Mapping[str, str],
) -> ResultTold:
    """Return the result of a consultation, in words first."""
    told: dict[str, Any] = dict(count.told) if count else {"statements": {}, "groups": None}
    groups: dict[str, Any] = told["groups"] or {"sizes": [], "cells": {}, "words": ""}
    opinions = tuple(
        replace(_opinion(row, told["statements"], groups["cells"], elsewhere), mine=mine.get(row.id, ""))
        for row in statements
    )
    known = [one for one in opinions if one.voters]
    bridges = tuple(one.text for one in known if one.groups and len(set(one.groups)) == 1 and one.word in LEANINGS)
    divides = tuple(one.text for one in known if {"large accord", "large désaccord"} <= set(one.groups))
    cast = {key: VOTES[vote].value for key, vote in mine.items() if vote in VOTES}
    nearest = _nearest(groups["cells"], len(groups["sizes"]), cast)
    return ResultTold(
        line=line,
        summary=_summary(line, known, groups, bridges, divides),
        statements=tuple(sorted(opinions, key=lambda one: (not one.voters, _rank(one), one.text))),
        groups=tuple(groups["sizes"]),
        holds=_holds(known, len(groups["sizes"])),
        bridges=bridges[:_NAMED],
        divides=divides[:_NAMED],
        mine=nearest,
        my_votes=len(cast),
        my_sentence=_mine(line, len(cast), nearest, groups, known, cast),
    )


def _opinion(
    row: Statement, told: Mapping[str, Any], cells: Mapping[str, Any], elsewhere: Mapping[str, str]
) -> OpinionTold:
    one = told.get(row.id)
    beside = elsewhere.get(row.id, "")
    if one is None:
        return OpinionTold(row.id, row.text or "", 0, _NOT_YET, "", "", (), beside)
    words = tuple(cell["word"] for cell in cells.get(row.id, ()))
    return OpinionTold(
        row.id, row.text or "", int(one["voters"]), one["word"], one["agree"], one["disagree"], words, beside
    )


def _rank(one: OpinionTold) -> int:
    order = {"large accord": 0, "large désaccord": 1, "partagé": 2}
    return order.get(one.word, 3)


def _summary(
    line: ConsultationLine,
    known: Sequence[OpinionTold],
    groups: Mapping[str, Any],
    bridges: Sequence[str],
    divides: Sequence[str],
) -> tuple[str, ...]:
    if not line.participants:
        return (
            "Rien n’est encore publié : il faut dix participants au moins, venus d’au moins cinq endroits, pour que "
            "personne ne puisse être reconnu.",
        )
    by_word = {word: [one for one in known if one.word == word] for word in ("large accord", "large désaccord")}
    agreed, refused = by_word["large accord"], by_word["large désaccord"]
    shared = sum(one.word == "partagé" for one in known)
    said = [
        f"Au moins {counted(line.participants, 'personne s’est exprimée', 'personnes se sont exprimées')} sur "
        f"{counted(len(known), 'proposition', 'propositions')} : "
        f"{_some(len(agreed), 'large accord', 'larges accords')}, "
        f"{_some(len(refused), 'large désaccord', 'larges désaccords')}, "
        f"{counted(shared, 'proposition partagée') if shared else 'aucune proposition partagée'}."
    ]
    if agreed:
        said.append(f"On s’accorde surtout sur {listed(map(_quoted, (one.text for one in agreed[:_NAMED])))}.")
    many = len(groups["sizes"])
    if not many:
        said.append("Pas de groupes nets : les avis forment un seul nuage, ou trop peu de personnes pour le dire.")
        return tuple(said)
    said.append(f"{counted(many, 'groupe')} d’opinion, {groups['words']}, se distinguent.")
    if divides:
        said.append(f"Ce qui les sépare le plus : {listed(map(_quoted, divides[:_NAMED]))}.")
    if bridges:
        said.append(f"Ce qui les réunit : {listed(map(_quoted, bridges[:_NAMED]))}.")
    return tuple(said)


def _holds(known: Sequence[OpinionTold], many: int) -> tuple[str, ...]:
    """Return in one sentence what each group says that the others do not."""
    said = []
    for rank in range(many):
        own = [one for one in known if one.groups and one.groups[rank] in LEANINGS and len(set(one.groups)) > 1]
        parts = [
            f"{'d’accord' if LEANINGS[one.groups[rank]] > 0 else 'pas d’accord'} avec {_quoted(one.text)}"
            for one in own[:_NAMED]
        ]
        said.append(listed(parts) if parts else "rien qui le sépare nettement des autres")
    return tuple(said)


def _some(count: int, one: str, many: str) -> str:
    return counted(count, one, many) if count else f"aucun {one}"


def _quoted(text: str) -> str:
    return f"« {text.rstrip('. ')} »"


def _nearest(cells: Mapping[str, Sequence[Mapping[str, Any]]], many: int, cast: Mapping[str, int]) -> int | None:
    """Return the group whose published leanings agree most with one's own votes; `None` when two are as near."""
    near = [
        sum(LEANINGS.get(told[rank]["word"], 0) * cast[key] for key, told in cells.items() if key in cast)
        for rank in range(many)
    ]
    best = [rank for rank, value in enumerate(near) if value == max(near)]
    return best[0] if len(best) == 1 and near[best[0]] > 0 else None


def _mine(
    line: ConsultationLine,
    votes: int,
    nearest: int | None,
    groups: Mapping[str, Any],
    known: Sequence[OpinionTold],
    cast: Mapping[str, int],
) -> str:
    if not votes:
        return "" if line.open else "Si vous avez voté, vos votes ont été effacés à la clôture, comme tous les autres."
    with_most = sum(LEANINGS.get(one.word, 0) * cast.get(one.id, 0) > 0 for one in known)
    against = sum(LEANINGS.get(one.word, 0) * cast.get(one.id, 0) < 0 for one in known)
    said = (
        f"Sur {counted(votes, 'vote')}, vous êtes {counted(with_most, 'fois')} de l’avis du plus grand nombre et "
        f"{counted(against, 'fois')} de l’avis contraire."
    )
    if groups["sizes"]:
        said += (
            f" Le groupe {group_name(nearest)} pense le plus souvent comme vous."
            if nearest is not None
            else " Vous n’êtes nettement proche d’aucun groupe en particulier."
        )
    return said


def group_name(rank: int) -> str:
    """Return the letter of a group.

    >>> group_name(1)
    'B'
    """
    return chr(ord("A") + rank)


def _elsewhere(reader: Reader, row: Consultation) -> dict[str, str]:
    """Return, by shared statement, the word published in the consultation of the other college, open or closed."""
    other = reader.find(Consultation, row.shares_with) if row.shares_with else _sharing(reader, row.id)
    if other is None or other.visibility != "public":
        return {}
    count = last_count(reader, other.id)
    if count is None:
        return {}
    mine, told = kept(reader, row.id), count.told["statements"]
    theirs = kept(reader, other.id)
    return {
        one.id: told[twin.id]["word"]
        for one in mine
        for twin in theirs
        if twin.id in told and same_words(one.text or "", twin.text or "")
    }


def _sharing(reader: Reader, consultation: str) -> Consultation | None:
    shared = select(Consultation).where(Consultation.shares_with == consultation, Consultation.deleted_at.is_(None))
    return next(iter(reader.all(shared.order_by(Consultation.created_at).limit(1))), None)


def as_anyone(row: Consultation) -> Scope:
    """Return nobody in particular, within the organisation of a consultation: a vote knows no account."""
    return within(row.organisation_id)


def within(organisation: str) -> Scope:
    """Return nobody in particular, within an organisation."""
    return replace(ANYONE, organisation=organisation)
