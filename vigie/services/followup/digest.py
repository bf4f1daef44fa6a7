"""The weekly letter: one for each officer and week, with what their Monday page says."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.services.followup.answers import JsonAnswer
from vigie.services.followup.monday import Monday
from vigie.services.followup.weekly_letter import letter
from vigie.store.journal.people import Membership, Organisation, Person
from vigie.store.journal.records import Letter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vigie.services.followup.monday import MondayPage
    from vigie.services.followup.never_met import WeekData
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal

PAGE = "/bureau"


_log = logging.getLogger("vigie.digest")


@dataclass(frozen=True, slots=True)
class Digests(JsonAnswer):
    """How many letters were written, already were this week, or were refused."""

    written: int = 0
    already: int = 0
    refused: int = 0


def send_digests(
    journal: Journal,
    mail: Mail,
    monday: Monday,
    loaded: WeekData | None = None,
    ready: Callable[[str, datetime], bool] = lambda _, __: True,
) -> Digests:
    """Write this week's letter to every officer of every organisation who did not refuse it; a host's command.

    `monday` makes their page from what is `loaded`; `ready` tells, by the zone of an organisation and the moment,
    whether its time has come.
    Run again in the same week, it writes only those that are missing.
    """
    watch = loaded.watch if loaded else None
    with journal.reading(Scope()) as reader:
        organisations = [
            (row.id, row.name)
            for row in reader.all(select(Organisation).where(Organisation.deleted_at.is_(None)))
            if ready(row.zone, reader.now)
        ]
    counts = {"written": 0, "already": 0, "refused": 0}
    for identifier, name in organisations:
        for officer in _officers(journal, identifier):
            counts[_send(journal, mail, lambda who: monday.page(who, watch, loaded), officer, name)] += 1
    done = Digests(**counts)
    _log.info("digests: %d written, %d already, %d refused", done.written, done.already, done.refused)
    return done


def _officers(journal: Journal, organisation: str) -> list[Scope]:
    with journal.reading(Scope(organisation=organisation, via="command")) as reader:
        held = reader.all(
            select(Membership).where(
                Membership.organisation_id == organisation,
                Membership.role == Role.OFFICER.value,
                Membership.state == "active",
                Membership.deleted_at.is_(None),
            )
        )
        people = sorted(member.person_id for member in held)
    return [Scope(Role.OFFICER, organisation, person, via="command") for person in people]


def _send(journal: Journal, mail: Mail, week: Callable[[Scope], MondayPage], officer: Scope, organisation: str) -> str:
    """Write one letter, and tell what became of it."""
    year, number, _ = journal.today(officer).isocalendar()
    once = f"digest:{officer.person}:{year}-{number:02d}"
    with journal.reading(officer) as reader:
        person = reader.find(Person, officer.person)
        if reader.count(select(Letter).where(Letter.once == once)):
            return "already"
    page = week(officer)
    if not page.letter or person is None or not person.email:
        return "refused"
    subject, body = letter(page, organisation, mail.link(PAGE))
    with journal.writing(officer) as unit:
        mail.post(unit, recipient=person.email, subject=subject, body=body, once=once)
    return "written"
