"""Reviewed lines become dossiers, contacts, tags and reminders, in the transaction of who asks."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from vigie.domain.addresses import address_key
from vigie.domain.followup import DossierKind, DossierState
from vigie.domain.spreadsheets import ColumnMeaning, LineDecision, LineOutcome
from vigie.services.spreadsheets.summary import completed, written
from vigie.services.spreadsheets.values import phone_key
from vigie.services.territory_search import plain
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Contact, ContactRefusal, Dossier, DossierTag, Reminder

if TYPE_CHECKING:
    from vigie.services.spreadsheets.lines import LineInReview
    from vigie.store.journal.port import Unit

SOURCE = "tableur"
REASON = "Reprendre contact"
_ACT = 100
Row = TypeVar("Row", Contact, DossierTag, Reminder)


@dataclass(slots=True)
class Holding:
    """A dossier and what it holds; `changed` tells that the import adds to it."""

    dossier: Dossier
    contacts: list[Contact] = field(default_factory=list)
    tags: list[DossierTag] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    changed: bool = False


@dataclass(frozen=True, slots=True)
class ApplyingRules:
    """What applying needs beside the lines: whether they are prospecting data, how an address is recognised, a time."""

    prospecting: bool
    fingerprint: Callable[[str], str]
    seconds: float = 0.0


@dataclass(slots=True)
class Applied:
    """What became of the lines: outcomes, and the dossier of each line that has one."""

    outcomes: list[dict[str, Any]] = field(default_factory=list)
    by_line: dict[int, Holding] = field(default_factory=dict)


def apply_lines(
    unit: Unit, lines: Sequence[LineInReview], batch: str, means: ApplyingRules, before: Mapping[int, str] | None = None
) -> Applied:
    """Write lines, in events of a hundred lines each; return what became of each, in their order.

    Lines and dossiers are read before anything is written. Contacts whose erasure was asked for are not kept again.
    `before` are the dossiers of lines above that were written in other transactions. With `means.seconds` it stops
    after so much time, between two events: what was not written has no outcome.
    """
    known = before or {}
    targets = {line.target for line in lines if line.decision == LineDecision.MERGE and line.target[:1] != "#"}
    above = {line.line: known[rank] for line in lines if (rank := line_of(line.target)) in known}
    held = _held(unit, targets | set(above.values()))
    refused = set(unit.all(select(ContactRefusal.fingerprint).where(ContactRefusal.deleted_at.is_(None))))
    applied = Applied(by_line={line_of(line.target): held[above[line.line]] for line in lines
                               if above.get(line.line) in held})  # fmt: skip
    end = time.monotonic() + means.seconds if means.seconds else None
    for start in range(0, len(lines), _ACT):
        if start and end is not None and time.monotonic() > end:
            break
        unit.act("import.lines", batch)
        for line in lines[start : start + _ACT]:
            applied.outcomes.append(_Writer(unit, means, refused).write(line, held, applied))
    return applied


def line_of(target: str) -> int:
    """Return the line of the file that a target names, 0 when it names a dossier."""
    return int(target[1:]) if target.startswith("#") else 0


def _held(unit: Unit, dossiers: set[str]) -> dict[str, Holding]:
    found: dict[str, Holding] = {}
    wanted = sorted(dossiers)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        live = (Dossier.id.in_(part), Dossier.deleted_at.is_(None), Dossier.erased_at.is_(None))
        found |= {row.id: Holding(row) for row in unit.all(select(Dossier).where(*live))}
        for name, rows in (
            ("contacts", _of(unit, Contact, part)),
            ("tags", _of(unit, DossierTag, part)),
            ("reminders", _of(unit, Reminder, part)),
        ):
            for dossier, kept in rows.items():
                if dossier in found:
                    setattr(found[dossier], name, kept)
    return found


def _of(unit: Unit, table: type[Row], dossiers: Sequence[str]) -> Mapping[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in unit.all(select(table).where(table.dossier_id.in_(dossiers), table.deleted_at.is_(None))):
        rows[row.dossier_id].append(row)
    return rows


@dataclass(frozen=True, slots=True)
class _Writer:
    unit: Unit
    means: ApplyingRules
    refused: set[str]

    def write(self, line: LineInReview, held: dict[str, Holding], applied: Applied) -> dict[str, Any]:
        """Write one line and return its outcome, without anything personal."""
        told: dict[str, Any] = {"line": line.line, "dossier": "", "notes": _told(line.notes), "reason": line.left_out}
        if line.left_out or line.decision == LineDecision.LEAVE:
            reason = line.left_out or "doublon : vous avez choisi de la laisser"
            return told | {"outcome": LineOutcome.LEFT_OUT.value, "reason": reason}
        holding = self._target(line, held, applied)
        fresh = holding is None
        met = _day(line, ColumnMeaning.LAST_CONTACT)
        if holding is None:
            holding = self._opened(line)
        else:
            known = holding.dossier.last_contact_on
            # What the dossier knew already teaches nothing of its contacts: the list taken away carries that day too.
            met = met if met is not None and (known is None or met > known) else None
            self._complete(holding, line)
        notes = [*line.notes, *self._contact(holding, line, met)]
        self._tags(holding, line)
        self._reminder(holding, line)
        applied.by_line[line.line] = holding
        outcome = LineOutcome.CREATED if fresh else LineOutcome.MERGED if holding.changed else LineOutcome.UNCHANGED
        holding.changed = False
        return told | {"outcome": outcome.value, "dossier": holding.dossier.id, "notes": _told(notes)}

    @staticmethod
    def _target(line: LineInReview, held: Mapping[str, Holding], applied: Applied) -> Holding | None:
        if line.decision != LineDecision.MERGE:
            return None
        if line.target.startswith("#"):
            return applied.by_line.get(line_of(line.target))
        return held.get(line.target)

    def _opened(self, line: LineInReview) -> Holding:
        firm = bool(line.siren or line.get(ColumnMeaning.NAME))
        dossier = Dossier(
            id=new_id(),
            kind=line.get(ColumnMeaning.KIND) or (DossierKind.FIRM if firm else DossierKind.HOLDER).value,
            title=line.title,
            summary=written(line.get(ColumnMeaning.ACTIVITY), line.get(ColumnMeaning.COMMENT)) or None,
            siren=line.siren,
            siret=line.get(ColumnMeaning.SIRET),
            commune=line.get(ColumnMeaning.COMMUNE),
            state=line.get(ColumnMeaning.STATE) or DossierState.OPEN.value,
            owner_id=self.unit.scope.person,
            source=SOURCE,
            prospecting=self.means.prospecting,
            last_contact_on=_day(line, ColumnMeaning.LAST_CONTACT),
        )
        if dossier.state == DossierState.CLOSED:
            dossier.closed_at = self.unit.now
        return Holding(self.unit.add(dossier))

    def _complete(self, holding: Holding, line: LineInReview) -> None:
        """Fill in what the dossier does not say; nothing that it says is replaced, but what was added to a text."""
        row = holding.dossier
        siret = line.get(ColumnMeaning.SIRET) if row.siren in ("", line.siren) else ""
        for name, value in (
            ("siren", line.siren),
            ("siret", siret),
            ("commune", line.get(ColumnMeaning.COMMUNE)),
            ("title", line.title),
        ):
            if value and not getattr(row, name):
                setattr(row, name, value)
                holding.changed = True
        summary = completed(row.summary or "", line.get(ColumnMeaning.ACTIVITY), line.get(ColumnMeaning.COMMENT))
        latest = _later(row.last_contact_on, _day(line, ColumnMeaning.LAST_CONTACT))
        if summary != (row.summary or ""):
            row.summary, holding.changed = summary, True
        if latest != row.last_contact_on:
            row.last_contact_on, holding.changed = latest, True

    def _contact(self, holding: Holding, line: LineInReview, met: date | None) -> list[dict[str, str]]:
        name, email = line.get(ColumnMeaning.CONTACT), line.get(ColumnMeaning.EMAIL)
        phone, function = line.get(ColumnMeaning.PHONE), line.get(ColumnMeaning.FUNCTION)
        if not (name or email or phone):
            return []
        if email and self.means.fingerprint(email) in self.refused:
            sentence = "cette personne a demandé à être effacée : son contact n’est pas repris"
            return [{"field": ColumnMeaning.EMAIL.value, "sentence": sentence}]
        same = next((one for one in holding.contacts if _same_contact(one, name, email, phone)), None)
        if same is None:
            made = Contact(
                dossier_id=holding.dossier.id, name=name or email or phone, function=function or None,
                email=email or None, phone=phone or None, source=SOURCE, last_contact_on=met,
            )  # fmt: skip
            holding.contacts.append(self.unit.add(made))
            holding.changed = True
            return []
        for column, value in (("email", email), ("phone", phone), ("function", function)):
            if value and not getattr(same, column):
                setattr(same, column, value)
                holding.changed = True
        if _later(same.last_contact_on, met) != same.last_contact_on:
            same.last_contact_on, holding.changed = met, True
        return []

    def _tags(self, holding: Holding, line: LineInReview) -> None:
        present = {tag.label for tag in holding.tags}
        for label in filter(None, line.get(ColumnMeaning.TAGS).split(", ")):
            if label not in present:
                holding.tags.append(self.unit.add(DossierTag(dossier_id=holding.dossier.id, label=label)))
                holding.changed = True

    def _reminder(self, holding: Holding, line: LineInReview) -> None:
        due = _day(line, ColumnMeaning.REMINDER)
        if due is None or any(one.due_on == due for one in holding.reminders):
            return
        reason = line.get(ColumnMeaning.REMINDER_REASON) or REASON
        made = Reminder(dossier_id=holding.dossier.id, due_on=due, reason=reason, owner_id=self.unit.scope.person)
        holding.reminders.append(self.unit.add(made))
        holding.changed = True


def _told(notes: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return notes as a report keeps them for good: columns by their usual name, for a header may hold anything."""
    return [{"column": ColumnMeaning(note["field"]).label, "sentence": note["sentence"]} for note in notes]


def _same_contact(one: Contact, name: str, email: str, phone: str) -> bool:
    """Tell whether a contact is the one of a line: by address, else by name, else by telephone; never by nothing."""
    if email and one.email:
        return address_key(one.email) == address_key(email)
    if name and one.name:
        return plain(one.name) == plain(name)
    return bool(phone) and phone_key(one.phone or "") == phone_key(phone)


def _day(line: LineInReview, column: ColumnMeaning) -> date | None:
    text = line.get(column)
    return date.fromisoformat(text) if text else None


def _later(one: date | None, other: date | None) -> date | None:
    known = [day for day in (one, other) if day is not None]
    return max(known) if known else None
