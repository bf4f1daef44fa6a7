"""Introductions: nothing leaves before both said yes; each step, each role, each link."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.journal import parties
from tests.journal.cast import HERE, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.journal.parties import A_MAIL, A_NAME, B_MAIL, B_NAME, Names, letters, link, proposal
from tests.not_empty import not_empty
from vigie.domain.introductions import OUTCOMES, IntroductionStep, Step, fold
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.desk import Desk
from vigie.services.followup import dossiers
from vigie.services.introductions import steps as history
from vigie.services.introductions.parties import Party
from vigie.services.introductions.reading import BoardFilter
from vigie.services.introductions.steps import progress, read
from vigie.store.journal.firms import Objection
from vigie.store.journal.followup import Contact, Dossier, DossierShare
from vigie.store.journal.introductions import ConsentKey, Tie
from vigie.store.journal.records import Audit
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

COOPERATION = IntroductionStep(Step.CONCLUDED, outcome="order", amount=12_000, jobs=2)


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def proposed(desk: Desk, cast: Cast, names: Names) -> str:
    return desk.introductions.proposing.propose(cast.officer, proposal(), names).id


def accept_both(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    for mail in (A_MAIL, B_MAIL):
        desk.introductions.by_link.answer(link(journal, cast.officer, mail, "proposée"), accept=True)


def test_nothing_but_the_question_leaves_before_both_accept(
    desk: Desk, journal: SqlJournal, cast: Cast, proposed: str
) -> None:
    desk.introductions.by_link.answer(link(journal, cast.officer, A_MAIL, "proposée"), accept=True)
    for recipient, hidden in ((A_MAIL, (B_MAIL, B_NAME)), (B_MAIL, (A_MAIL, A_NAME))):
        for letter in not_empty(letters(journal, cast.officer, recipient)):
            assert not any(word in f"{letter.subject} {letter.body}" for word in not_empty(hidden))
    desk.introductions.by_link.answer(link(journal, cast.officer, B_MAIL, "proposée"), accept=True)
    for recipient, shown in ((A_MAIL, (B_MAIL, B_NAME)), (B_MAIL, (A_MAIL, A_NAME))):
        told = [one for one in letters(journal, cast.officer, recipient) if "en relation avec" in (one.subject or "")]
        assert any(all(word in (letter.body or "") for word in not_empty(shown)) for letter in told)
    assert desk.introductions.reading.one(cast.officer, proposed).state == "introduced"


def test_the_first_letter_says_why_on_what_basis_and_how_to_object(
    desk: Desk, journal: SqlJournal, cast: Cast, proposed: str
) -> None:
    body = letters(journal, cast.officer, A_MAIL)[0].body or ""
    for words in ("SCIERIE D’ESSAI", "bois de calage", "6-1-e", "36\u00a0mois", "opposer", "Communauté d’essai"):
        assert words in body


def test_looking_at_a_link_uses_nothing_and_using_it_twice_is_refused(
    desk: Desk, journal: SqlJournal, cast: Cast, proposed: str
) -> None:
    token = link(journal, cast.officer, A_MAIL, "proposée")
    for _ in range(3):
        told = desk.introductions.by_link.look(token)
    assert (told.standing, told.own, told.other) == ("open", "FORGE D’ESSAI", "SCIERIE D’ESSAI")
    assert B_MAIL not in str(told.as_dict())
    assert B_NAME not in str(told.as_dict())
    assert desk.introductions.by_link.answer(token, accept=True).consent == "accepted"
    with pytest.raises(Conflict, match="déjà servi"):
        desk.introductions.by_link.answer(token, accept=False)
    assert desk.introductions.by_link.look(token).standing == "used"
    with pytest.raises(NotFound):
        desk.introductions.by_link.look("inconnu")


def test_a_link_ends_after_thirty_days_and_the_officer_renews_it(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock, proposed: str
) -> None:
    old = link(journal, cast.officer, A_MAIL, "proposée")
    clock.forward(days=30)
    with pytest.raises(Conflict, match="plus valable"):
        desk.introductions.by_link.answer(old, accept=True)
    desk.introductions.following.renew(cast.officer, proposed, "a")
    new = link(journal, cast.officer, A_MAIL, "proposée")
    assert new != old
    assert desk.introductions.by_link.answer(new, accept=True).consent == "accepted"
    with pytest.raises(Conflict, match="déjà répondu"):
        desk.introductions.following.renew(cast.officer, proposed, "a")


def test_a_yes_can_be_taken_back_until_contacts_are_exchanged(
    desk: Desk, journal: SqlJournal, cast: Cast, proposed: str
) -> None:
    by_link = desk.introductions.by_link
    by_link.answer(link(journal, cast.officer, A_MAIL, "proposée"), accept=True)
    back = link(journal, cast.officer, A_MAIL, "accord est enregistré")
    assert by_link.withdraw(back).consent == "withdrawn"
    assert desk.introductions.reading.one(cast.officer, proposed).state == "declined"
    with pytest.raises(Conflict):
        by_link.answer(link(journal, cast.officer, B_MAIL, "proposée"), accept=True)
    assert not any(A_MAIL in (letter.body or "") for letter in not_empty(letters(journal, cast.officer, B_MAIL)))


def test_who_accepted_is_told_that_it_will_not_happen_and_not_why(
    desk: Desk, journal: SqlJournal, cast: Cast, proposed: str
) -> None:
    desk.introductions.by_link.answer(link(journal, cast.officer, A_MAIL, "proposée"), accept=True)
    desk.introductions.by_link.answer(link(journal, cast.officer, B_MAIL, "proposée"), accept=False)
    [last] = [one for one in letters(journal, cast.officer, A_MAIL) if "ne se fera pas" in (one.subject or "")]
    assert "refus" not in (last.body or "")


def test_a_whole_story_and_its_fold(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock, proposed: str) -> None:
    accept_both(desk, journal, cast)
    following = desk.introductions.following
    with pytest.raises(Conflict, match="rencontre"):
        following.conclude(cast.officer, proposed, COOPERATION)
    with pytest.raises(Conflict, match="pas encore passé"):
        following.met(cast.officer, proposed, date(2027, 1, 1))
    following.met(cast.officer, proposed, date(2026, 11, 20))
    clock.forward(days=10)
    following.conclude(cast.officer, proposed, COOPERATION)
    rate = link(journal, cast.officer, A_MAIL, "Que pensez-vous")
    desk.introductions.by_link.rate(rate, 5, "Très bien")
    following.rate(cast.head_partner, proposed, 2)
    told = desk.introductions.reading.one(cast.officer, proposed)
    assert (told.state, told.outcome, told.amount, told.jobs) == ("concluded", "order", 12_000, 2)
    assert [side.satisfaction for side in told.sides] == [5, 2]
    assert [step.step for step in told.history] == [
        "proposed", "accepted", "accepted", "met", "concluded", "rated", "rated",
    ]  # fmt: skip
    assert [step.via for step in told.history][1:3] == ["consent", "consent"]
    with journal.reading(cast.officer) as reader:
        steps = [step.happening for step in history.of(reader, proposed)]
        assert fold(steps) == progress(read(reader, proposed))
        tie = reader.one(select(Tie))
    assert tie is not None
    assert (tie.siren_a, tie.siren_b, tie.kind, tie.since) == (
        SIREN_PARTNER, SIREN_HERE, "order", date(2026, 11, 20),
    )  # fmt: skip
    assert [one.kind for one in desk.introductions.reading.ties(cast.officer, SIREN_HERE)] == ["order"]
    for stranger in (cast.anyone, cast.analyst, cast.head, cast.officer_away):
        if stranger is cast.officer_away:
            assert desk.introductions.reading.ties(stranger, SIREN_HERE) == ()
        else:
            with pytest.raises(NotFound):
                desk.introductions.reading.ties(stranger, SIREN_HERE)


def test_no_cooperation_makes_no_tie(desk: Desk, journal: SqlJournal, cast: Cast, proposed: str) -> None:
    accept_both(desk, journal, cast)
    desk.introductions.following.conclude(cast.officer, proposed, IntroductionStep(Step.CONCLUDED, why_not="no_need"))
    with journal.reading(cast.officer) as reader:
        assert reader.count(select(Tie)) == 0


def test_heads_answer_for_their_firm_only(desk: Desk, cast: Cast, proposed: str) -> None:
    following, reading = desk.introductions.following, desk.introductions.reading
    seen = reading.one(cast.head, proposed)
    assert seen.may == ("answer",)
    assert [side.own for side in seen.sides] == [True, False]
    assert (seen.sides[1].contact_email, seen.sides[1].consent, seen.history) == (None, None, ())
    following.answer(cast.head, proposed, accept=True)
    assert reading.one(cast.head, proposed).may == ("withdraw",)
    for stranger in (cast.head_away, cast.inhabitant, cast.anyone, cast.analyst, cast.partner):
        with pytest.raises(NotFound):
            following.answer(stranger, proposed, accept=True)
        with pytest.raises(NotFound):
            reading.one(stranger, proposed)
    with pytest.raises(NotFound):
        following.met(cast.head, proposed, date(2026, 11, 20))
    following.answer(cast.head_partner, proposed, accept=True)
    assert reading.one(cast.head, proposed).sides[1].contact_email == B_MAIL
    assert [one.id for one in reading.board(cast.head).introductions] == [proposed]
    for scope, own in ((cast.officer, []), (cast.head, [A_MAIL])):
        (listed,) = reading.board(scope).introductions
        assert [side.contact_email for side in listed.sides if side.contact_email] == own, "a list leaves no trace"
    with pytest.raises(Conflict):
        following.withdraw(cast.head, proposed)


def test_another_organisation_finds_nothing(desk: Desk, cast: Cast, proposed: str) -> None:
    assert desk.introductions.reading.board(cast.officer_away).total == 0
    for work in (
        lambda: desk.introductions.reading.one(cast.admin_away, proposed),
        lambda: desk.introductions.following.abandon(cast.officer_away, proposed),
        lambda: desk.introductions.following.renew(cast.officer_away, proposed, "a"),
    ):
        with pytest.raises(NotFound):
            work()


def test_only_officers_propose(desk: Desk, cast: Cast, names: Names) -> None:
    for part in ("anyone", "inhabitant", "head", "analyst", "elected", "partner", "super_admin"):
        with pytest.raises(NotFound):
            desk.introductions.proposing.propose(cast.scopes[part], proposal(), names)


def test_a_form_sent_twice_proposes_once(desk: Desk, journal: SqlJournal, cast: Cast, names: Names) -> None:
    asked = replace(cast.officer, request_key="form")
    first = desk.introductions.proposing.propose(asked, proposal(), names)
    assert desk.introductions.proposing.propose(asked, proposal(), names).id == first.id
    assert len(letters(journal, cast.officer)) == 2
    with pytest.raises(Conflict, match="déjà en cours"):
        desk.introductions.proposing.propose(cast.officer, proposal(), names)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "Écrivez à claude@forge.example",
        "Appelez le 06 12 34 56 78",
        "Appelez le 06-12-34-56-78",
        "Appelez le +33 (0)6 12 34 56 78",
        "Appelez le 0033612345678",
        f"Demandez {B_NAME}",
        "x" * 2001,
    ],
)
def test_a_reason_never_tells_how_to_reach_anybody(desk: Desk, cast: Cast, names: Names, reason: str) -> None:
    with pytest.raises(FieldFault) as fault:
        desk.introductions.proposing.propose(cast.officer, proposal(reason), names)
    assert fault.value.field == "reason"


def test_what_is_missing_is_said_beside_its_field(desk: Desk, cast: Cast, names: Names) -> None:
    for party, field in (
        (Party(siren=SIREN_PARTNER, contact_email="sans arobase"), "contact_email_b"),
        (Party(contact_email=B_MAIL), "label_b"),
    ):
        with pytest.raises(FieldFault) as fault:
            desk.introductions.proposing.propose(cast.officer, proposal(second=party), names)
        assert fault.value.field == field


def test_competitors_are_warned(desk: Desk, journal: SqlJournal, cast: Cast, names: Names) -> None:
    rival = Party(siren=parties.SIREN_RIVAL, contact_email="rival@example.org")
    told = desk.introductions.proposing.propose(cast.officer, proposal(second=rival), names)
    assert told.competitors
    assert all("concurrentes" in (letter.body or "") for letter in not_empty(letters(journal, cast.officer)))


def test_firms_that_object_or_are_masked_are_not_approached(
    desk: Desk, journal: SqlJournal, cast: Cast, names: Names
) -> None:
    masked = Party(siren=parties.SIREN_MASKED, contact_email="masque@example.org", label="Un décolleteur du territoire")
    closed = Party(siren=parties.SIREN_CLOSED, contact_email="fermee@example.org")
    for party in (masked, closed):
        with pytest.raises(Conflict):
            desk.introductions.proposing.propose(cast.officer, proposal(second=party), names)
    _object(desk, journal, cast, SIREN_PARTNER)
    names.objecting.add(SIREN_PARTNER)
    with pytest.raises(Conflict, match="sollicitée"):
        desk.introductions.proposing.propose(cast.officer, proposal(), names)
    told = desk.introductions.proposing.propose(cast.officer, proposal(second=replace(masked, asked=True)), names)
    assert told.sides[1].label == "Un décolleteur du territoire"


def test_an_objection_after_a_yes_stops_the_introduction(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock, proposed: str
) -> None:
    desk.introductions.by_link.answer(link(journal, cast.officer, A_MAIL, "proposée"), accept=True)
    clock.forward(days=1)
    _object(desk, journal, cast, SIREN_HERE)
    with pytest.raises(Conflict, match="opposée"):
        desk.introductions.by_link.answer(link(journal, cast.officer, B_MAIL, "proposée"), accept=True)
    assert not any(A_MAIL in (letter.body or "") for letter in not_empty(letters(journal, cast.officer, B_MAIL)))
    desk.introductions.following.drop_objectors()
    assert desk.introductions.reading.one(cast.officer, proposed).state == "abandoned"


def test_a_head_who_objects_ends_the_proposals_at_once(desk: Desk, cast: Cast, proposed: str) -> None:
    desk.objections.object(cast.head_partner, SIREN_PARTNER)
    assert desk.introductions.reading.one(cast.officer, proposed).state == "abandoned"


def test_silent_sides_are_reminded_twice_at_most(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock, proposed: str
) -> None:
    desk.introductions.by_link.answer(link(journal, cast.officer, A_MAIL, "proposée"), accept=True)
    remind, sent = desk.introductions.following.remind, []
    for days in (14, 1, 14, 1, 15, 15):
        clock.forward(days=days)
        sent.append(remind())
    assert sent == [0, 1, 0, 1, 0, 0]
    reminders = [one for one in letters(journal, cast.officer) if "Rappel" in (one.subject or "")]
    assert [letter.recipient for letter in reminders] == [B_MAIL, B_MAIL]
    clock.now = reminders[-1].created_at
    assert desk.introductions.by_link.answer(link(journal, cast.officer, B_MAIL, "Rappel"), accept=True)


def test_a_firm_that_objects_is_given_up_rather_than_reminded(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock, proposed: str
) -> None:
    _object(desk, journal, cast, SIREN_HERE)
    clock.forward(days=16)
    assert desk.introductions.following.remind() == 0
    assert desk.introductions.reading.one(cast.officer, proposed).state == "abandoned"


def test_contacts_come_from_dossiers_and_a_dossier_needs_no_siren(
    desk: Desk, journal: SqlJournal, cast: Cast, names: Names
) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        holder = unit.add(Dossier(kind="holder", title="Porteur"))
        unit.flush()
        unit.add(Contact(dossier_id=holder.id, name="Camille Porteur", email="camille@example.org"))
        unit.add(DossierShare(dossier_id=holder.id, person_id=cast.partner.person))
    draft = desk.introductions.proposing.draft(cast.officer, dossier_id=holder.id)
    assert (draft.reach.name, draft.reach.email, draft.title) == ("Camille Porteur", "camille@example.org", "Porteur")
    party = Party(dossier_id=holder.id, label="Un porteur de projet")
    told = desk.introductions.proposing.propose(cast.officer, proposal(second=party), names)
    assert (told.sides[1].contact_email, told.sides[1].label) == ("camille@example.org", "Un porteur de projet")
    seen = desk.introductions.reading.one(cast.partner, told.id)
    assert {side.contact_email for side in seen.sides} == {None}
    desk.acts.run(cast.officer, dossiers.WITHDRAWN, holder.id, {})
    assert desk.introductions.reading.board(cast.partner).total == 0, "a dossier taken away is shared with nobody"
    with pytest.raises(NotFound):
        desk.introductions.reading.one(cast.partner, told.id)
    heads = Party(siren=SIREN_PARTNER)
    assert (
        desk.introductions.proposing.propose(cast.officer, proposal(second=heads), names).sides[1].contact_email
        == "head_partner@example.org"
    )


def test_reading_contacts_leaves_a_trace(desk: Desk, journal: SqlJournal, cast: Cast, proposed: str) -> None:
    desk.introductions.reading.one(cast.officer, proposed)
    journal.gather()
    with journal.reading(cast.admin) as reader:
        traces = reader.all(select(Audit).where(Audit.kind == "introduction.read", Audit.subject == proposed))
    assert cast.officer.person in {trace.person_id for trace in traces}


def test_totals_are_told_of_three_at_least(desk: Desk, journal: SqlJournal, cast: Cast, names: Names) -> None:
    for rank in range(4):
        party = Party(label=f"Partie {rank}", contact_email=f"partie{rank}@example.org")
        desk.introductions.proposing.propose(cast.officer, proposal(second=party), names)
    for scope in (cast.analyst, cast.elected, replace(cast.officer, via="token", role=cast.analyst.role)):
        told = desk.introductions.reading.aggregates(scope)
        assert set(told.states.values()) == {None}, "the quarter is not closed"
        assert (told.amount, told.jobs) == (None, None)
        with pytest.raises(NotFound):
            desk.introductions.reading.board(scope)
    for scope in (cast.officer, cast.admin):
        assert desk.introductions.reading.aggregates(scope).states["proposed"] == 4, "their own work, as it is"
    with pytest.raises(NotFound):
        desk.introductions.reading.aggregates(cast.inhabitant)
    assert set(desk.introductions.reading.public_ties()) == set(OUTCOMES)


def test_the_board_is_filtered(desk: Desk, cast: Cast, names: Names, proposed: str) -> None:
    board = desk.introductions.reading.board
    assert board(cast.officer, BoardFilter(state="proposed")).total == 1
    assert board(cast.officer, BoardFilter(state="met")).introductions == ()
    assert board(cast.officer, BoardFilter(words="scierie d'essaï")).total == 1
    assert board(cast.officer, BoardFilter(words="100%")).total == 0
    assert board(cast.officer, BoardFilter(words="%")).total == 0
    assert board(cast.officer, BoardFilter(siren=parties.SIREN_RIVAL)).total == 0
    assert board(cast.officer, BoardFilter(siren=SIREN_HERE)).total == 1
    for separator in (" ", "\u00a0", ".", "-"):
        spaced = separator.join((SIREN_HERE[:3], SIREN_HERE[3:6], SIREN_HERE[6:]))
        assert board(cast.officer, BoardFilter(siren=spaced)).total == 1
    assert board(cast.admin, BoardFilter(mine=True)).total == 0


def test_links_are_kept_as_hashes(desk: Desk, journal: SqlJournal, cast: Cast, proposed: str) -> None:
    token = link(journal, cast.officer, A_MAIL, "proposée")
    with journal.reading(cast.officer) as reader:
        kept = {key.key_hash for key in reader.all(select(ConsentKey))}
    assert token not in kept


def _object(desk: Desk, journal: SqlJournal, cast: Cast, siren: str) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("objection.made")
        mark, now = desk.keys.fingerprint("siren", siren), unit.now
        unit.add(Objection(organisation_id=HERE, fingerprint=mark, proof="head", at=now, confirmed_at=now))
