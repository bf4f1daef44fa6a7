"""Heads of firms are provisional until a proof comes that is not the word of whoever let them in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from tests.journal.cast import ELSEWHERE, HERE, HOST, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.journal.firms import FakeRegister, declare, declare_again, take_words_back
from tests.not_empty import not_empty
from vigie.domain.access import ANYONE, Role, Scope
from vigie.domain.attestation import PROOFS, HeadAct, Proof, lets
from vigie.errors import Conflict, NotFound
from vigie.services.accounts import domains, members
from vigie.services.accounts.inviting import InvitationDraft
from vigie.services.acts import Nothing
from vigie.services.calls import publishing as calls
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.publishing import CallDraft as Call
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.firms.declarations import DeclarationDraft
from vigie.services.followup import contacts, dossiers
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.contacts import ContactEntry
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal.people import HostRequest
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

PASSWORD = "quatre mots pris au hasard"  # noqa: S105
SAID = DeclarationDraft("offers", "Nous vendons l’usine", "public")
NEED = Call("need", "Cherche repreneur", "L’usine est à vendre.")


@dataclass(frozen=True)
class Stranger:
    """A head whom an officer of another organisation let in for a firm that is not theirs."""

    scope: Scope
    email: str


Let = Callable[..., Stranger]


@pytest.fixture
def desk(journal: SqlJournal, keys: Keys, settings: Settings) -> Desk:
    return make_desk(journal, keys, settings, FakeRegister())


@pytest.fixture
def let_in(desk: Desk) -> Let:
    """Let somebody in as the head of a firm, as an officer invites."""

    def let(officer: Scope, siren: str = SIREN_HERE, email: str = "stranger@example.com") -> Stranger:
        link = desk.accounts.inviting.invite(officer, InvitationDraft(email, Role.HEAD.value, siren)).link
        opened = desk.accounts.joining.accept(link.rpartition("/")[2], "Une personne", PASSWORD)
        return Stranger(desk.recognising.session(opened.secret).scope, email)

    return let


def letters(journal: SqlJournal, organisation: str) -> list[Letter]:
    with journal.reading(Scope(organisation=organisation)) as reader:
        return list(reader.all(select(Letter).order_by(Letter.created_at)))


def public_words(desk: Desk, siren: str = SIREN_HERE) -> list[str]:
    return [entry.text for entry in desk.declarations.read(ANYONE, siren).entries]


def test_a_word_lets_read_and_write_inside_and_a_proof_lets_all() -> None:
    assert set(PROOFS) == set(Proof)
    words = {Proof.INVITATION, Proof.DECLARED, Proof.ROLE}
    for proof, kind in PROOFS.items():
        assert kind.sentence
        assert kind.lets == ({HeadAct.READ, HeadAct.WRITE} if proof in words else set(HeadAct))
        assert bool(kind.how) is (proof not in words)
    assert not lets("", HeadAct.OBJECT)
    assert not lets("unknown", HeadAct.PUBLISH)


@pytest.mark.parametrize("officer", ["officer", "officer_away"])
def test_a_head_on_an_officers_word_says_nothing_publicly_and_lifts_nothing(
    desk: Desk, cast: Cast, let_in: Let, officer: str
) -> None:
    desk.objections.object(cast.head, SIREN_HERE)
    stranger = let_in(cast.scopes[officer]).scope
    assert not desk.objections.standing(stranger, SIREN_HERE).may_withdraw
    with pytest.raises(Conflict, match="pas la vôtre"):
        desk.objections.withdraw_own(stranger, SIREN_HERE)
    with pytest.raises(Conflict, match="n’atteste encore"):
        desk.objections.object(stranger, SIREN_HERE)
    assert desk.suppressions.holds(SIREN_HERE)
    assert not desk.objections.withdraw_own(cast.head, SIREN_HERE).objected
    made = declare(desk, stranger, SIREN_HERE, SAID)
    call = desk.acts.run(stranger, calls.PUBLISHED, "", NEED)
    assert made.waiting and call.waiting
    assert public_words(desk) == []
    assert desk.calls.reading.published(ANYONE).total == 0
    with pytest.raises(NotFound):
        desk.calls.reading.one(ANYONE, call.id)
    inside = desk.declarations.read(cast.scopes[officer], SIREN_HERE)
    assert [(entry.text, entry.waiting) for entry in inside.entries] == [(SAID.text, True)]
    assert desk.declarations.read(stranger, SIREN_HERE).provisional


def test_an_attested_head_of_elsewhere_touches_only_what_they_made(desk: Desk, cast: Cast, let_in: Let) -> None:
    stranger = let_in(cast.officer_away).scope
    (asked,) = desk.vouching.requests(cast.super_admin)
    desk.vouching.grant(cast.super_admin, asked.id)
    mine = declare(desk, cast.head, SIREN_HERE, DeclarationDraft("makes", "Des pièces", "public"))
    here = declare(desk, cast.officer, SIREN_HERE, DeclarationDraft("makes", "Des tôles", "public"))
    for identifier in (mine.id, here.id):
        with pytest.raises(NotFound):
            take_words_back(desk, stranger, SIREN_HERE, identifier)
    desk.objections.object(cast.head, SIREN_HERE)
    with pytest.raises(Conflict):
        desk.objections.withdraw_own(stranger, SIREN_HERE)
    desk.objections.object(stranger, SIREN_HERE)
    desk.objections.withdraw_own(stranger, SIREN_HERE)
    assert desk.suppressions.holds(SIREN_HERE), "that of the other head stands"


def test_a_head_never_changes_what_another_head_wrote(desk: Desk, cast: Cast, let_in: Let) -> None:
    stranger = let_in(cast.officer).scope
    theirs = declare(desk, stranger, SIREN_HERE, DeclarationDraft("makes", "Des vis", "network"))
    mine = declare(desk, cast.head, SIREN_HERE, DeclarationDraft("makes", "Des pièces", "network"))
    named = declare(desk, cast.officer, SIREN_HERE, DeclarationDraft("makes", "Des tôles", "network"))
    owned = {entry.id for entry in desk.declarations.read(stranger, SIREN_HERE).entries if entry.own}
    assert owned == {theirs.id}
    owned = {entry.id for entry in desk.declarations.read(cast.head, SIREN_HERE).entries if entry.own}
    assert owned == {mine.id, named.id}, "attested, they also answer for what is written in the firm's name"
    for head, entry in ((stranger, mine), (stranger, named), (cast.head, theirs)):
        with pytest.raises(NotFound):
            declare_again(desk, head, SIREN_HERE, entry.id, SAID)


def test_the_host_attests_and_takes_it_back(desk: Desk, cast: Cast, let_in: Let) -> None:
    stranger = let_in(cast.officer_away).scope
    declare(desk, stranger, SIREN_HERE, SAID)
    call = desk.acts.run(stranger, calls.PUBLISHED, "", NEED)
    for part, scope in cast.scopes.items():
        if part != "super_admin":
            with pytest.raises(NotFound):
                desk.vouching.requests(scope)
    (asked,) = desk.vouching.requests(cast.super_admin)
    assert (asked.siren, asked.state, asked.organisation) == (SIREN_HERE, "waiting", "Communauté voisine")
    assert "stranger@example.com" in asked.contact
    with pytest.raises(NotFound):
        desk.vouching.grant(cast.admin_away, asked.id)
    desk.vouching.grant(cast.super_admin, asked.id)
    with pytest.raises(Conflict):
        desk.vouching.grant(cast.super_admin, asked.id)
    (entry,) = desk.declarations.read(ANYONE, SIREN_HERE).entries
    assert entry.attested is not None
    assert (entry.attested.by, entry.attested.proof, entry.waiting) == ("Hébergeur d’essai", "host", False)
    assert desk.calls.reading.one(ANYONE, call.id).attested == entry.attested
    assert desk.objections.standing(stranger, SIREN_HERE).may_object
    desk.vouching.end(cast.super_admin, asked.id)
    assert public_words(desk) == []
    assert desk.calls.reading.published(ANYONE).total == 0
    assert not desk.objections.standing(stranger, SIREN_HERE).may_object


def test_a_refused_head_stays_provisional(desk: Desk, cast: Cast, let_in: Let) -> None:
    stranger = let_in(cast.officer).scope
    declare(desk, stranger, SIREN_HERE, SAID)
    (asked,) = desk.vouching.requests(cast.super_admin)
    desk.vouching.refuse(cast.super_admin, asked.id)
    assert public_words(desk) == []


def test_the_heads_of_the_same_firm_are_told_wherever_they_are(
    desk: Desk, journal: SqlJournal, cast: Cast, let_in: Let
) -> None:
    let_in(cast.officer_away)
    told = [one for one in letters(journal, HERE) if "autre personne" in (one.subject or "")]
    assert [one.recipient for one in told] == ["head@example.org"]
    assert "stranger@example.com" not in (told[0].body or "")
    let_in(cast.officer_away, SIREN_PARTNER, "second@example.com")
    told = [one for one in letters(journal, HERE) if "autre personne" in (one.subject or "")]
    assert {one.recipient for one in told} == {"head@example.org", "head_partner@example.org"}


@pytest.mark.parametrize("domain", ["forge.example", "atelier-live.fr", "outlook-conseil.com", "orange-forge.fr"])
def test_the_domain_of_a_firm_is_asked_about(desk: Desk, cast: Cast, domain: str) -> None:
    desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_HERE, domain))
    assert [one.contact for one in desk.vouching.requests(cast.super_admin)] == [domain]


def test_the_heads_of_the_same_firm_are_told_when_another_is_attested(
    desk: Desk, journal: SqlJournal, cast: Cast, let_in: Let
) -> None:
    let_in(cast.officer_away)
    subject = "une autre personne est attestée"
    assert [one for one in letters(journal, HERE) if subject in (one.subject or "")] == []
    (asked,) = desk.vouching.requests(cast.super_admin)
    desk.vouching.grant(cast.super_admin, asked.id)
    (told,) = [one for one in letters(journal, HERE) if subject in (one.subject or "")]
    assert told.recipient == "head@example.org" and "désormais public" in (told.body or "")
    assert "stranger@example.com" not in (told.body or "")
    assert [one for one in letters(journal, ELSEWHERE) if subject in (one.subject or "")] == [], (
        "nobody is told of oneself"
    )


def test_nobody_of_another_organisation_undoes_an_act(desk: Desk, journal: SqlJournal, cast: Cast, let_in: Let) -> None:
    entry = declare(desk, cast.head, SIREN_HERE, SAID)
    call = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED)
    desk.objections.object(cast.head, SIREN_HERE)
    (review,) = desk.objections.to_review(cast.officer)
    stranger = let_in(cast.officer_away).scope
    (asked,) = [one for one in desk.vouching.requests(cast.super_admin) if one.state == "waiting"]
    desk.vouching.grant(cast.super_admin, asked.id)
    run, nothing = desk.acts.run, Nothing()
    acts: tuple[Callable[[Scope], object], ...] = (
        lambda who: declare_again(desk, who, SIREN_HERE, entry.id, SAID),
        lambda who: take_words_back(desk, who, SIREN_HERE, entry.id),
        lambda who: run(who, calls.CLOSED, call.id, nothing),
        lambda who: run(who, calls.WITHDRAWN, call.id, nothing),
        lambda who: desk.objections.withdraw_own(who, SIREN_HERE),
        lambda who: desk.objections.reject(who, review.id),
        lambda who: desk.records.moderating.decide(who, "call", call.id, "hide", "not_theirs"),
    )  # fmt: skip
    for act in not_empty(acts):
        for who in (stranger, cast.officer_away, cast.admin_away):
            with pytest.raises((NotFound, Conflict)):
                act(who)
    assert desk.suppressions.holds(SIREN_HERE)
    desk.objections.withdraw_own(cast.head, SIREN_HERE)
    assert public_words(desk) == [SAID.text]
    assert desk.calls.reading.one(cast.head, call.id).state == "published"


def test_the_address_that_another_officer_knew_receives_a_link_that_attests(
    desk: Desk, journal: SqlJournal, cast: Cast, let_in: Let, clock: Clock
) -> None:
    contact(desk, cast.admin, "accueil@firm.example")
    head = let_in(cast.officer).scope
    declare(desk, head, SIREN_HERE, SAID)
    (posted,) = letters(journal, HOST)
    assert posted.recipient == "accueil@firm.example"
    assert all("/lien/attestation/" not in (one.body or "") for one in not_empty(letters(journal, HERE))), (
        "nobody here reads it"
    )
    assert letters(journal, HERE)
    token = link(posted)
    assert desk.vouching.look(token).siren == SIREN_HERE
    assert public_words(desk) == []
    desk.vouching.attest(token)
    (entry,) = desk.declarations.read(ANYONE, SIREN_HERE).entries
    assert entry.attested is not None
    assert (entry.attested.by, entry.attested.proof) == ("Communauté d’essai", "letter")
    told = [one for one in letters(journal, HERE) if "est attestée" in (one.subject or "")]
    assert [one.recipient for one in told] == ["head@example.org"]
    with pytest.raises(NotFound):
        desk.vouching.look(token)
    with pytest.raises(Conflict):
        desk.vouching.attest(token)
    (asked,) = desk.vouching.requests(cast.super_admin)
    assert (asked.state, asked.proof) == ("granted", "letter")
    desk.vouching.end(cast.super_admin, asked.id)
    assert public_words(desk) == []


def test_an_address_that_the_inviting_officer_gave_proves_nothing(
    desk: Desk, journal: SqlJournal, cast: Cast, let_in: Let
) -> None:
    contact(desk, cast.officer, "accueil@firm.example")
    let_in(cast.officer)
    assert letters(journal, HOST) == []


def test_an_organisation_of_elsewhere_proves_nothing_by_its_own_dossiers(
    desk: Desk, journal: SqlJournal, cast: Cast, let_in: Let
) -> None:
    assert isinstance(desk.register, FakeRegister)
    desk.register.territory = "epci:elsewhere"
    contact(desk, cast.admin_away, "accueil@firm.example")
    let_in(cast.officer_away)
    assert letters(journal, HOST) == []


def test_a_confirmed_domain_proves_by_a_link_sent_there(
    desk: Desk, journal: SqlJournal, cast: Cast, let_in: Let
) -> None:
    desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_HERE, "firm.example"))
    (asked,) = desk.vouching.requests(cast.super_admin)
    desk.vouching.grant(cast.super_admin, asked.id)
    head = let_in(cast.officer, SIREN_HERE, "direction@firm.example").scope
    declare(desk, head, SIREN_HERE, SAID)
    assert public_words(desk) == [], "the invitation, whose link the officer holds, proves no address"
    (posted,) = letters(journal, HOST)
    assert posted.recipient == "direction@firm.example"
    desk.vouching.attest(link(posted))
    assert public_words(desk) == [SAID.text]


def test_the_head_and_the_officer_of_the_territory_hide_what_is_said_elsewhere(
    desk: Desk, cast: Cast, let_in: Let
) -> None:
    stranger = let_in(cast.officer_away).scope
    entry, call = declare(desk, stranger, SIREN_HERE, SAID), desk.acts.run(stranger, calls.PUBLISHED, "", NEED)
    (asked,) = desk.vouching.requests(cast.super_admin)
    desk.vouching.grant(cast.super_admin, asked.id)
    for part in ("head_partner", "inhabitant", "analyst", "super_admin", "anyone"):
        with pytest.raises(NotFound):
            desk.hiding.decide(cast.scopes[part], SIREN_HERE, "declaration", entry.id)
    (seen,) = desk.declarations.read(cast.head, SIREN_HERE).entries
    assert seen.may_hide
    desk.hiding.decide(cast.head, SIREN_HERE, "declaration", entry.id)
    desk.hiding.decide(cast.officer, SIREN_HERE, "call", call.id)
    assert public_words(desk) == []
    assert desk.calls.reading.published(ANYONE).total == 0
    decisions = desk.records.moderating.decisions(ANYONE).decisions
    assert [(one.organisation, one.rule, one.decision) for one in decisions] == [
        ("Communauté d’essai", "not_theirs", "hide")
    ] * 2
    with pytest.raises(Conflict, match="autre organisation"):
        desk.records.moderating.decide(cast.admin_away, "declaration", entry.id, "restore", "mistake")
    with pytest.raises(Conflict):
        declare_again(desk, stranger, SIREN_HERE, entry.id, SAID)
    desk.hiding.decide(cast.head, SIREN_HERE, "declaration", entry.id, "restore")
    assert public_words(desk) == [SAID.text]


def test_moderation_hides_what_its_members_say(desk: Desk, cast: Cast) -> None:
    entry = declare(desk, cast.head, SIREN_HERE, SAID)
    assert entry.id in {one.id for one in desk.records.moderating.published(cast.admin)}
    with pytest.raises(NotFound):
        desk.records.moderating.decide(cast.admin_away, "declaration", entry.id, "hide", "not_theirs")
    desk.records.moderating.decide(cast.admin, "declaration", entry.id, "hide", "not_theirs")
    assert public_words(desk) == []
    assert [one.hidden for one in desk.declarations.read(cast.head, SIREN_HERE).entries] == [True]
    desk.records.moderating.decide(cast.admin, "declaration", entry.id, "restore", "mistake")
    assert public_words(desk) == [SAID.text]


def test_elsewhere_nobody_answers_in_the_name_of_a_firm_on_a_word(desk: Desk, cast: Cast, let_in: Let) -> None:
    call = desk.acts.run(cast.officer, calls.PUBLISHED, "", NEED)
    stranger = let_in(cast.officer_away).scope
    desk.calls.answering.answer(stranger, call.id, AnswerEntry("Nous achetons."))
    desk.calls.answering.answer(cast.head_away, call.id, AnswerEntry("Nous aussi."))
    firms = {one.body: one.siren for one in desk.calls.reading.answers(cast.officer, call.id)}
    assert firms == {"Nous achetons.": "", "Nous aussi.": cast.head_away.siren}


def test_another_role_ends_an_attestation(desk: Desk, cast: Cast) -> None:
    declare(desk, cast.head, SIREN_HERE, SAID)
    member = next(one for one in desk.accounts.members.all(cast.admin) if one.person == cast.head.person)
    desk.acts.run(cast.admin, members.ROLE_CHANGED, member.id, members.RoleGiven(Role.HEAD.value, SIREN_PARTNER))
    now = replace(cast.head, siren=SIREN_PARTNER)
    assert public_words(desk) == []
    assert not desk.objections.standing(now, SIREN_PARTNER).may_object
    (asked,) = desk.vouching.requests(cast.super_admin)
    assert (asked.siren, asked.state) == (SIREN_PARTNER, "waiting")


def test_what_was_asked_is_taken_away_forgotten_and_erased(
    desk: Desk, journal: SqlJournal, cast: Cast, let_in: Let, clock: Clock
) -> None:
    stranger = let_in(cast.officer_away).scope
    assert desk.retention.mine.take(stranger).tables["host_request"] == 1
    (asked,) = desk.vouching.requests(cast.super_admin)
    desk.retention.erasing.me(stranger)
    (kept,) = desk.vouching.requests(cast.super_admin)
    assert (kept.id, kept.contact, kept.state) == (asked.id, "", "refused")
    let_in(cast.officer, SIREN_PARTNER, "third@example.com")
    second = desk.vouching.requests(cast.super_admin)[0]
    desk.vouching.refuse(cast.super_admin, second.id)
    clock.forward(days=31)
    desk.retention.purging.run_everywhere()
    with journal.reading(Scope(organisation=HOST)) as reader:
        assert reader.all(select(HostRequest.contact)) == [None, None]


def contact(desk: Desk, author: Scope, email: str) -> None:
    """Give the firm a dossier and a contact, in the organisation of their author."""
    dossier = desk.acts.run(author, dossiers.OPENED, "", DossierEntry("firm", "L’usine", siren=SIREN_HERE)).line.id
    desk.acts.run(author, contacts.ADDED, dossier, ContactEntry(name="L’accueil", email=email))


def link(posted: Letter) -> str:
    found = re.search(r"/lien/attestation/([\w-]+)", posted.body or "")
    assert found is not None
    return found[1]
