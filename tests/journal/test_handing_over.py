"""A dossier changes hands with what is left to do in it, and the colleague is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.journal.cast import Cast
from vigie.errors import FieldFault, FieldFaults, NotFound
from vigie.services.desk import Desk
from vigie.services.entries import read
from vigie.services.followup import dossiers, reminders
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.handing_over import HANDED_OVER, HandingOver
from vigie.store.journal.followup import Dossier, Reminder
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock


def opened(desk: Desk, cast: Cast) -> str:
    return desk.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry("holder", "Projet d’atelier")).line.id


def test_the_dossier_its_open_reminders_and_a_letter(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    dossier, due = opened(desk, cast), journal.today(cast.officer) + timedelta(days=3)
    desk.acts.run(cast.officer, reminders.ADDED, "", reminders.ReminderEntry("Rappeler", due, dossier=dossier))
    told = desk.acts.run(cast.officer, HANDED_OVER, dossier, HandingOver(cast.admin.person, "Elle attend un devis."))
    assert told is not None and told.as_dict()["owner"] == cast.admin.person
    with journal.reading(cast.admin) as reader:
        assert reader.get(Dossier, dossier).owner_id == cast.admin.person
        left = reader.all(select(Reminder).where(Reminder.dossier_id == dossier))
        assert [row.owner_id for row in left] == [cast.admin.person]
        (letter,) = reader.all(select(Letter).where(Letter.about == dossier))
        assert "Elle attend un devis." in (letter.body or "") and f"/bureau/dossiers/{dossier}" in (letter.body or "")


def test_the_same_request_hands_over_and_writes_once(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    dossier, asked = opened(desk, cast), replace(cast.officer, request_key="une-fois")
    for _ in range(2):
        told = desk.acts.run(asked, HANDED_OVER, dossier, HandingOver(cast.admin.person))
        assert told is not None and told.as_dict()["owner"] == cast.admin.person
    with journal.reading(cast.admin) as reader:
        assert reader.count(select(Letter).where(Letter.about == dossier)) == 1


def test_who_may_not_receive_it_is_said_beside_the_field(desk: Desk, cast: Cast) -> None:
    dossier = opened(desk, cast)
    for person, sentence in ((cast.head.person, "dans la liste"), (cast.officer.person, "suit déjà")):
        with pytest.raises(FieldFault, match=sentence) as fault:
            desk.acts.run(cast.officer, HANDED_OVER, dossier, HandingOver(person))
        assert fault.value.field == "to"
    with pytest.raises(NotFound):
        desk.acts.run(cast.officer_away, HANDED_OVER, dossier, HandingOver(cast.officer_away.person))


def test_colleagues_are_offered_but_the_one_who_follows(desk: Desk, cast: Cast) -> None:
    offered = desk.acts.prepare(cast.officer, HANDED_OVER, opened(desk, cast)).choices["to"]
    assert cast.admin.person in offered and cast.officer.person not in offered


def test_an_entry_says_what_is_wrong_with_each_field() -> None:
    with pytest.raises(FieldFaults) as fault:
        read(HandingOver, {"word": "x" * 2001, "other": 1})
    assert set(fault.value.faults) == {"to", "word", "other"}
    assert fault.value.faults["to"] == "Il manque « À qui »."
    assert read(HandingOver, {"to": "  abc "}) == HandingOver("abc")
