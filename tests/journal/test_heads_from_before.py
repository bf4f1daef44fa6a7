"""Heads who were there before attestations: provisional, they ask for theirs, the host or its command gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, HOST, SIREN_HERE, Cast
from tests.journal.firms import FakeRegister, declare
from vigie.domain.access import ANYONE, Role, Scope
from vigie.errors import Conflict, NotFound
from vigie.services.accounts.speaking import settle
from vigie.services.calls.publishing import CallDraft as Call
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.firms.declarations import DeclarationDraft
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal.people import Membership, Organisation, Person
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

PASSWORD = "quatre mots pris au hasard"  # noqa: S105
SAID = DeclarationDraft("offers", "Nous vendons l’usine", "public")
NEED = Call("need", "Cherche repreneur", "L’usine est à vendre.")


@dataclass(frozen=True)
class Stranger:
    """A head whom an officer of another organisation let in for a firm that is not theirs."""

    scope: Scope
    email: str


@pytest.fixture
def desk(journal: SqlJournal, keys: Keys, settings: Settings) -> Desk:
    return make_desk(journal, keys, settings, FakeRegister())


def letters(journal: SqlJournal, organisation: str) -> list[Letter]:
    with journal.reading(Scope(organisation=organisation)) as reader:
        return list(reader.all(select(Letter).order_by(Letter.created_at)))


def public_words(desk: Desk, siren: str = SIREN_HERE) -> list[str]:
    return [entry.text for entry in desk.declarations.read(ANYONE, siren).entries]


def made_provisional(journal: SqlJournal, who: Scope) -> str:
    """Leave a head as an upgrade does: in place, and attested by nobody; return their membership."""
    with journal.writing(replace(who, role=Role.SUPER_ADMIN, via="command")) as unit:
        member = unit.one(
            select(Membership).where(Membership.person_id == who.person, Membership.organisation_id == HERE)
        )
        assert member is not None
        unit.act("head.unattested", member.id)
        settle(unit, member, "", "")
        return member.id


def test_a_head_from_before_asks_once_and_the_host_is_told(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    declare(desk, cast.head, SIREN_HERE, SAID)
    member = made_provisional(journal, cast.head)
    assert public_words(desk) == [], "what was public waits"
    assert desk.declarations.read(cast.head, SIREN_HERE).provisional
    assert [(one.id, one.state) for one in desk.vouching.requests(cast.super_admin)] == [(member, "unasked")]
    assert desk.vouching.standing(cast.head, SIREN_HERE) == "unasked"
    for part in ("head_partner", "officer", "super_admin", "anyone"):
        with pytest.raises(NotFound):
            desk.vouching.ask_for_me(cast.scopes[part], SIREN_HERE)
    desk.vouching.ask_for_me(cast.head, SIREN_HERE)
    assert desk.vouching.standing(cast.head, SIREN_HERE) == "waiting"
    with pytest.raises(Conflict, match="attend déjà"):
        desk.vouching.ask_for_me(cast.head, SIREN_HERE)
    told = [one for one in letters(journal, HOST) if "/bureau/attestations" in (one.body or "")]
    assert len(told) == 1
    (asked,) = desk.vouching.requests(cast.super_admin)
    assert (asked.siren, asked.state) == (SIREN_HERE, "waiting")
    desk.vouching.grant(cast.super_admin, asked.id)
    assert public_words(desk) == [SAID.text]
    with pytest.raises(Conflict, match="c’est attesté"):
        desk.vouching.ask_for_me(cast.head, SIREN_HERE)


def test_the_host_attests_a_head_who_asked_nothing(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    declare(desk, cast.head, SIREN_HERE, SAID)
    member = made_provisional(journal, cast.head)
    desk.vouching.grant(cast.super_admin, member)
    assert public_words(desk) == [SAID.text]
    with pytest.raises(Conflict):
        desk.vouching.grant(cast.super_admin, member)


def test_a_command_attests_by_firm_and_address_even_without_a_host(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    with journal.writing(Scope(Role.SUPER_ADMIN, organisation=HOST, via="command")) as unit:
        unit.act("organisation.deleted", HOST)
        unit.get(Organisation, HOST).deleted_at = unit.now
    assert not desk.vouching.has_host(cast.admin)
    declare(desk, cast.head, SIREN_HERE, SAID)
    made_provisional(journal, cast.head)
    desk.vouching.ask_for_me(cast.head, SIREN_HERE)
    command = Scope(Role.SUPER_ADMIN, via="command")
    with pytest.raises(NotFound, match="Personne n’attend"):
        desk.vouching.attest_address(command, SIREN_HERE, "nobody@example.org")
    with journal.reading(cast.head) as reader:
        address = reader.get(Person, cast.head.person).email or ""
    for _ in range(2):
        assert desk.vouching.attest_address(command, SIREN_HERE, address.upper()) == ("Communauté d’essai",)
        assert public_words(desk) == [SAID.text]
        (granted,) = desk.vouching.requests(cast.super_admin)
        desk.vouching.end(command, granted.id)
        assert public_words(desk) == [], "the host takes back, and may attest after all"
