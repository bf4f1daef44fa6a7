"""What somebody takes away is theirs, and opens nothing."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_HERE, Cast
from vigie.errors import NotSignedIn
from vigie.services.desk import Desk
from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import Contact
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.people import Membership
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal


def test_a_suspended_head_takes_nothing_of_the_firm(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("marks.set")
        unit.add(Declaration(siren=SIREN_HERE, field="offer", text="Nos offres", updated_at=unit.now))
        member = unit.one(select(Membership).where(Membership.person_id == cast.head.person))
        assert member is not None
        member.state = "suspended"
    taken = desk.retention.mine.take(cast.head)
    assert "declaration" not in taken.tables and "side" not in taken.tables


def test_links_of_letters_are_cut_from_what_is_taken_away(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    """They open an account, or answer for a firm: an export of the organisation must not."""
    links = (
        "/invitation/secretun",
        "/lien/secretdeux",
        "/lien/opposition/secrettrois",
        "/connexion/oubli/a.1.secretun",
    )
    with journal.writing(cast.officer) as unit:
        unit.act("marks.set")
        unit.add(Letter(recipient="a@example.org", subject="", body=" ".join(f"https://v.test{one}" for one in links)))
    with zipfile.ZipFile(io.BytesIO(desk.retention.belongings.take(cast.admin).content)) as archive:
        letters = archive.read("json/letter.json").decode() + archive.read("csv/letter.csv").decode()
    assert "https://v.test/invitation/…" in letters and "secret" not in letters


def test_a_person_takes_what_is_theirs(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("marks.set")
        unit.add(Introduction(id="i" * 20, state="proposed", reason="Se connaître"))
        unit.flush()
        unit.add(Side(introduction_id="i" * 20, position="a", siren=SIREN_HERE, contact_name="Côté d’ici"))
        unit.add(Side(introduction_id="i" * 20, position="b", siren="", contact_name="Autre côté"))
        unit.add(Contact(dossier_id="d" * 20, name="Moi", email="HEAD@example.org"))
        unit.add(Contact(dossier_id="d" * 20, name="Sans adresse"))
        unit.add(Declaration(siren=SIREN_HERE, field="offer", text="Nos offres", updated_at=unit.now))
        unit.trace("dossier.read", "d" * 20, SIREN_HERE)
    with pytest.raises(NotSignedIn):
        desk.retention.mine.take(cast.anyone)
    taken = desk.retention.mine.take(cast.head)
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        whole = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "Côté d’ici" in whole["json/side.json"] and "Autre côté" not in str(whole)
    assert "HEAD@example.org" in whole["json/contact.json"] and "Sans adresse" not in str(whole)
    assert "Nos offres" in whole["json/declaration.json"]
    assert "dossier.read" in whole["json/audit.json"] and "Personne head" in whole["json/person.json"]
    none = desk.retention.mine.take(cast.inhabitant)
    assert none.tables.get("side", 0) == 0 and none.tables.get("declaration", 0) == 0
