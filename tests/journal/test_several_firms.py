"""One person, several firms of the same organisation: proved one by one, spoken for one at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, SIREN_AWAY, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.journal.parties import SIREN_RIVAL, Names, proposal
from tests.journal.passwords import PASSWORD
from tests.journal.test_accounts_joining import cheap as cheap  # noqa: PLC0414 - a fixture, quick passwords
from tests.journal.test_accounts_joining import give_password, token_of
from vigie.domain.access import Role, Scope
from vigie.errors import Conflict, NotFound, Raced
from vigie.services.accounts import domains, members, representing
from vigie.services.accounts.inviting import InvitationDraft
from vigie.services.acts import Nothing
from vigie.services.desk import Desk
from vigie.services.introductions.parties import Party
from vigie.store.journal.people import Membership
from vigie.store.journal.sql import SqlJournal


@pytest.fixture(autouse=True)
def later(cast: Cast, clock: Clock) -> None:
    """Whoever joins a second firm joined the first one before."""
    clock.forward(hours=1)


def second_firm(desk: Desk, cast: Cast, siren: str = SIREN_RIVAL) -> None:
    """Let the head speak for another firm, declared and confirmed."""
    claim = desk.accounts.representing.claim(cast.head, siren)
    assert claim.state == "waiting"
    desk.acts.run(cast.officer, representing.CONFIRMED, claim.id, Nothing())


def switched(desk: Desk, cast: Cast, siren: str) -> tuple[str, Scope]:
    opened = desk.accounts.signing.switch(cast.head, cast.secrets["head"], HERE, siren)
    return opened.secret, desk.recognising.session(opened.secret).scope


def test_a_head_proves_another_firm_and_switches(desk: Desk, cast: Cast) -> None:
    with pytest.raises(NotFound):
        desk.accounts.signing.switch(cast.head, cast.secrets["head"], HERE, SIREN_RIVAL)
    second_firm(desk, cast)
    assert desk.recognising.session(cast.secrets["head"]).scope.siren == SIREN_HERE, "nothing changes by itself"
    assert [place.siren for place in desk.accounts.signing.me(cast.head).places] == [SIREN_HERE, SIREN_RIVAL]
    secret, scope = switched(desk, cast, SIREN_RIVAL)
    assert (scope.role, scope.siren, scope.person) == (Role.HEAD, SIREN_RIVAL, cast.head.person)
    assert not desk.recognising.session(cast.secrets["head"]).scope.person, "the former secret is dead"
    back = desk.accounts.signing.switch(scope, secret, HERE, SIREN_HERE)
    assert desk.recognising.session(back.secret).scope.siren == SIREN_HERE
    for siren in (SIREN_PARTNER, SIREN_AWAY):
        with pytest.raises(NotFound):
            desk.accounts.signing.switch(cast.head, back.secret, HERE, siren)


def test_each_firm_keeps_to_itself(desk: Desk, cast: Cast) -> None:
    second_firm(desk, cast)
    made = desk.introductions.proposing.propose(
        cast.officer, proposal(first=Party(siren=SIREN_RIVAL), reason="Deux métiers voisins."), Names()
    )
    assert made.sides[0].contact_email == "head@example.org", "whichever firm they act for, they can be written to"
    with pytest.raises(NotFound):
        desk.introductions.reading.one(cast.head, made.id)
    _, scope = switched(desk, cast, SIREN_RIVAL)
    assert desk.introductions.reading.one(scope, made.id).sides[0].own
    with pytest.raises(NotFound):
        desk.introductions.following.answer(cast.head_partner.within(""), made.id, accept=True)


def test_a_domain_that_the_host_confirmed_proves_a_second_firm_at_once(desk: Desk, cast: Cast) -> None:
    desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_RIVAL, "rivale.example"))
    assert desk.accounts.representing.claim(cast.head, SIREN_RIVAL).state == "waiting"
    desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_PARTNER, "example.org"))
    for asked in desk.vouching.requests(cast.super_admin):
        if asked.state == "waiting":
            desk.vouching.grant(cast.super_admin, asked.id)
    assert desk.accounts.representing.claim(cast.head, SIREN_PARTNER).state == "confirmed"
    assert [place.siren for place in desk.accounts.signing.me(cast.head).places] == [SIREN_HERE, SIREN_PARTNER]


def test_an_invitation_to_a_second_firm(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    give_password(journal, cast.head)
    with pytest.raises(Conflict):
        desk.accounts.inviting.invite(cast.officer, InvitationDraft("head@example.org", "dirigeant", SIREN_HERE))
    invited = desk.accounts.inviting.invite(cast.officer, InvitationDraft("head@example.org", "dirigeant", SIREN_RIVAL))
    opened = desk.accounts.joining.accept(token_of(invited), "", PASSWORD)
    assert desk.recognising.session(opened.secret).scope.siren == SIREN_RIVAL
    for role in ("partenaire", "developpeur"):
        with pytest.raises((Conflict, NotFound, ValueError)):
            desk.accounts.inviting.invite(cast.admin, InvitationDraft("head@example.org", role))


def test_only_heads_hold_several_roles(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    for part in ("officer", "analyst", "partner"):
        with pytest.raises(Conflict):
            desk.accounts.representing.claim(cast.scopes[part], SIREN_RIVAL)
    second_firm(desk, cast)
    with pytest.raises(Conflict, match="déjà pour cette entreprise"):
        desk.accounts.representing.claim(cast.head, SIREN_RIVAL)
    with pytest.raises(Raced), journal.writing(cast.admin) as unit:
        unit.act("member.added")
        unit.add(Membership(person_id=cast.head.person, role="dirigeant", siren=SIREN_RIVAL))


def test_what_an_admin_does_to_a_head_of_two_firms(desk: Desk, cast: Cast) -> None:
    second_firm(desk, cast)

    def rows() -> dict[str, str]:
        return {one.siren: one.id for one in desk.accounts.members.all(cast.admin) if one.person == cast.head.person}

    with pytest.raises(Conflict, match="déjà pour cette entreprise"):
        desk.acts.run(cast.admin, members.ROLE_CHANGED, rows()[SIREN_RIVAL], members.RoleGiven("dirigeant", SIREN_HERE))
    secret, _ = switched(desk, cast, SIREN_RIVAL)
    desk.acts.run(cast.admin, members.SUSPENDED, rows()[SIREN_HERE], Nothing())
    assert not desk.recognising.session(secret).scope.person, "suspended whatever firm they acted for"
    assert desk.accounts.signing.me(cast.head).places == ()
    with pytest.raises(NotFound):
        desk.accounts.representing.claim(cast.head, SIREN_PARTNER)
    desk.acts.run(cast.admin, members.RESTORED, rows()[SIREN_RIVAL], Nothing())
    desk.acts.run(cast.admin, members.REMOVED, rows()[SIREN_HERE], Nothing())
    assert [place.siren for place in desk.accounts.signing.me(cast.head).places] == [SIREN_RIVAL]
    second_firm(desk, cast, SIREN_PARTNER)
    desk.acts.run(cast.admin, members.ROLE_CHANGED, rows()[SIREN_RIVAL], members.RoleGiven("elu"))
    assert rows() == {"": next(iter(rows().values()))}, "another role takes the place of all their firms"


def test_who_leaves_or_closes_their_account_leaves_every_firm(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    second_firm(desk, cast)
    archive = desk.retention.mine.take(cast.head)
    assert archive.content
    desk.accounts.members.leave(cast.head)
    with journal.reading(cast.admin) as reader:
        held = select(Membership).where(Membership.person_id == cast.head.person, Membership.deleted_at.is_(None))
        assert reader.all(held) == []
    claim = desk.accounts.representing.claim
    with pytest.raises(NotFound):
        claim(cast.head, SIREN_PARTNER)
