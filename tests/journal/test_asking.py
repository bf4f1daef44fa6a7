"""A head asks to meet another firm: what is taken, who reads it, what an officer makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.journal.parties import SIREN_CLOSED, SIREN_MASKED, SIREN_RIVAL, Names, letters, link, proposal
from vigie.domain.access import Scope
from vigie.errors import Conflict, FieldFault, NotFound, Objected
from vigie.services.calls import publishing as calls
from vigie.services.calls.publishing import CallDraft
from vigie.services.desk import Desk
from vigie.services.introductions.granting import Granted
from vigie.services.introductions.parties import Party
from vigie.services.introductions.requests import MASKED, MOST_WAITING, IntroductionWish
from vigie.store.journal.introductions import Introduction, IntroductionRequest
from vigie.store.journal.people import Membership
from vigie.store.journal.records import Audit, JournalEvent
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

WHY = "Nous cherchons du bois de calage pour nos envois."
WANTED = IntroductionWish(SIREN_PARTNER, WHY)


@pytest.fixture
def asked(desk: Desk, cast: Cast) -> str:
    return desk.introductions.asking.ask(cast.head, WANTED, Names()).id


def test_only_heads_ask_and_only_officers_read(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    ask, requests = desk.introductions.asking.ask, desk.introductions.requests
    for part in ("anyone", "inhabitant", "officer", "admin", "analyst", "elected", "partner", "super_admin"):
        with pytest.raises(NotFound):
            ask(cast.scopes[part], WANTED, Names())
    asked = ask(cast.head, WANTED, Names())
    assert (asked.state, asked.siren, asked.sought_siren, asked.may) == (
        "waiting", SIREN_HERE, SIREN_PARTNER, ("withdraw",),
    )  # fmt: skip
    assert requests.one(cast.head, asked.id).email == ""
    for part in ("officer", "admin"):
        told = requests.one(cast.scopes[part], asked.id)
        assert (told.name, told.email, told.reason) == ("Personne head", "head@example.org", WHY)
        assert told.may == ("propose", "decline")
    for part in ("head_partner", "partner", "inhabitant", "analyst", "elected", "officer_away", "head_away", "anyone"):
        with pytest.raises(NotFound):
            requests.one(cast.scopes[part], asked.id)
    assert [one.id for one in requests.all(cast.head)] == [asked.id]
    assert [one.id for one in requests.all(cast.officer, "waiting")] == [asked.id]
    assert requests.all(cast.head_partner) == requests.all(cast.officer_away) == requests.all(cast.partner) == ()
    journal.gather()
    with journal.reading(cast.officer) as reader:
        assert "request.read" in reader.all(select(Audit.kind))
        assert WHY not in str([event.rows for event in reader.all(select(JournalEvent))])


def test_nothing_reaches_anybody_before_an_officer_proposes(
    desk: Desk, journal: SqlJournal, cast: Cast, asked: str
) -> None:
    assert letters(journal, cast.officer) == []
    for scope in (cast.head_partner, cast.head, cast.officer):
        assert desk.introductions.reading.board(scope).total == 0
    [waiting] = desk.followup.monday.page(cast.officer).requests
    assert (waiting.kind, waiting.id, waiting.label) == ("introduction_request", asked, "Personne head")


@pytest.mark.parametrize(
    ("siren", "refusal", "says"),
    [
        (SIREN_HERE, Conflict, "pour laquelle vous parlez"),
        (SIREN_MASKED, Conflict, MASKED),
        (SIREN_CLOSED, Conflict, "a cessé son activité"),
        ("784671695", NotFound, "inconnue"),
    ],
)
def test_who_cannot_be_asked_for(desk: Desk, cast: Cast, siren: str, refusal: type[Exception], says: str) -> None:
    for asking in (
        lambda: desk.introductions.asking.sought(cast.head, siren, Names()),
        lambda: desk.introductions.asking.ask(cast.head, IntroductionWish(siren, WHY), Names()),
    ):
        with pytest.raises(refusal, match=says):
            asking()


def test_a_firm_that_objects_is_answered_as_its_public_page_is(desk: Desk, cast: Cast, asked: str) -> None:
    desk.objections.object(cast.head_partner, SIREN_PARTNER)
    with pytest.raises(Objected) as said:
        desk.introductions.asking.ask(cast.head, WANTED, Names())
    assert str(said.value) == str(Objected())
    with pytest.raises(Conflict, match="ne pas être sollicitée"):
        desk.introductions.granting.propose(cast.officer, asked, Granted(), Names())
    assert desk.introductions.requests.one(cast.officer, asked).state == "waiting"


def test_words_that_cannot_be_kept(desk: Desk, cast: Cast) -> None:
    for reason in (" ", "x" * 2001, "Appelez-moi au 06 11 22 33 44", "Écrivez à a@b.fr", "Demandez personne head"):
        with pytest.raises(FieldFault) as fault:
            desk.introductions.asking.ask(cast.head, IntroductionWish(SIREN_PARTNER, reason), Names())
        assert fault.value.field == "reason"


def test_a_firm_asks_once_and_not_for_everybody(desk: Desk, journal: SqlJournal, cast: Cast, asked: str) -> None:
    ask = desk.introductions.asking.ask
    with pytest.raises(Conflict, match="attend déjà"):
        ask(cast.head, WANTED, Names())
    desk.introductions.proposing.propose(
        cast.officer, proposal(second=Party(siren=SIREN_RIVAL, contact_email="r@example.org")), Names()
    )
    with pytest.raises(Conflict, match="déjà en cours"):
        ask(cast.head, IntroductionWish(SIREN_RIVAL, WHY), Names())
    with journal.writing(cast.head) as unit:
        unit.act("request.asked")
        for rank in range(MOST_WAITING - 1):
            unit.add(IntroductionRequest(person_id=cast.head.person, siren=SIREN_HERE, sought_siren=f"{rank:09d}"))
    with pytest.raises(Conflict, match="attendent déjà"):
        ask(cast.head, IntroductionWish(SIREN_AWAY, WHY), Names())


def test_a_form_sent_twice_asks_once(desk: Desk, cast: Cast) -> None:
    sent = replace(cast.head, request_key="demander")
    first, second = (desk.introductions.asking.ask(sent, WANTED, Names()) for _ in range(2))
    assert first.id == second.id


def test_a_request_may_come_from_a_call_of_the_firm(desk: Desk, cast: Cast) -> None:
    call = desk.acts.run(cast.head_partner, calls.PUBLISHED, "", CallDraft("offer", "Calage", "Du bois.", "network")).id
    other = desk.acts.run(cast.head, calls.PUBLISHED, "", CallDraft("offer", "Tôles", "De l’acier.")).id
    ask = desk.introductions.asking.ask
    with pytest.raises(NotFound):
        ask(cast.head, replace(WANTED, call_id=other), Names())
    with pytest.raises(NotFound):
        ask(cast.head_away, replace(WANTED, call_id=call), Names())
    asked = ask(cast.head, replace(WANTED, call_id=call), Names())
    assert asked.call_id == call
    granted = Granted(second=Party(contact_email="b@example.org"))
    assert desk.introductions.granting.propose(cast.officer, asked.id, granted, Names()).call_id == call


def test_an_officer_makes_a_proposal_that_asks_both(desk: Desk, journal: SqlJournal, cast: Cast, asked: str) -> None:
    granting = desk.introductions.granting
    for stranger in (cast.head, cast.head_partner, cast.partner, cast.analyst, cast.officer_away, cast.anyone):
        with pytest.raises(NotFound):
            granting.propose(stranger, asked, Granted(), Names())
    sent = replace(cast.officer, request_key="proposer")
    # What an officer sends cannot change who is introduced, nor say that the firm sought asked for it.
    granted = Granted("Un besoin de calage.", Party(siren=SIREN_RIVAL), Party(siren=SIREN_AWAY, asked=True))
    first, again = (granting.propose(sent, asked, granted, Names()) for _ in range(2))
    assert first.id == again.id
    assert [(side.siren, side.asked, side.consent) for side in first.sides] == [
        (SIREN_HERE, True, "waiting"), (SIREN_PARTNER, False, "waiting"),
    ]  # fmt: skip
    assert [side.contact_email for side in first.sides] == ["head@example.org", "head_partner@example.org"]
    told = desk.introductions.requests.one(cast.head, asked)
    assert (told.state, told.introduction_id, told.may) == ("proposed", first.id, ())
    [letter] = letters(journal, cast.officer, "head_partner@example.org")
    assert "Un besoin de calage." in (letter.body or "") and WHY not in (letter.body or "")
    assert "head@example.org" not in (letter.body or "")
    for done in (
        lambda: granting.propose(cast.officer, asked, Granted(), Names()),
        lambda: granting.decline(cast.officer, asked, "Non."),
        lambda: desk.introductions.asking.withdraw(cast.head, asked),
    ):
        with pytest.raises(Conflict):
            done()
    for recipient in ("head", "head_partner"):
        token = link(journal, cast.officer, f"{recipient}@example.org", "proposée")
        desk.introductions.by_link.answer(token, accept=True)
    assert desk.introductions.reading.one(cast.head, first.id).state == "introduced"


def test_a_refusal_is_told_to_who_asked_and_to_nobody_else(
    desk: Desk, journal: SqlJournal, cast: Cast, asked: str
) -> None:
    with pytest.raises(FieldFault) as fault:
        desk.introductions.granting.decline(cast.officer, asked, " ")
    assert fault.value.field == "answer"
    told = desk.introductions.granting.decline(cast.officer, asked, "Cette entreprise ne vend pas de bois.")
    assert (told.state, told.answer) == ("declined", "Cette entreprise ne vend pas de bois.")
    assert desk.introductions.requests.one(cast.head, asked).answer == told.answer
    [letter] = letters(journal, cast.officer)
    assert letter.recipient == "head@example.org"
    assert "ne vend pas de bois" in (letter.body or "") and "SCIERIE" not in (letter.body or "")
    assert desk.followup.monday.page(cast.officer).requests == ()
    desk.introductions.asking.ask(cast.head, WANTED, Names())


def test_a_request_can_be_taken_back_by_the_firm_that_asked(desk: Desk, cast: Cast, asked: str) -> None:
    for stranger in (cast.head_partner, cast.officer, cast.head_away):
        with pytest.raises(NotFound):
            desk.introductions.asking.withdraw(stranger, asked)
    assert desk.introductions.asking.withdraw(cast.head, asked).state == "withdrawn"
    assert desk.introductions.requests.all(cast.officer, "waiting") == ()


def test_a_firm_in_partial_diffusion_may_ask(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    with journal.writing(cast.admin) as unit:
        unit.act("member.role_changed")
        [member] = unit.all(select(Membership).where(Membership.person_id == cast.head.person))
        member.siren = SIREN_MASKED
    masked = replace(cast.head, siren=SIREN_MASKED)
    asked = desk.introductions.asking.ask(masked, WANTED, Names()).id
    with pytest.raises(FieldFault) as fault:
        desk.introductions.granting.propose(cast.officer, asked, Granted(), Names())
    assert fault.value.field == "label_a", "its name is not public: an officer says how to present it"
    granted = Granted(first=Party(label="Un atelier de mécanique"))
    made = desk.introductions.granting.propose(cast.officer, asked, granted, Names())
    assert made.sides[0].label == "Un atelier de mécanique"


def test_who_left_is_not_written_to(desk: Desk, journal: SqlJournal, cast: Cast, asked: str) -> None:
    with journal.writing(cast.admin) as unit:
        unit.act("member.removed")
        [member] = unit.all(select(Membership).where(Membership.person_id == cast.head.person))
        unit.withdraw(member)
    assert desk.introductions.requests.one(cast.officer, asked).email == ""
    with pytest.raises(FieldFault) as fault:
        desk.introductions.granting.propose(cast.officer, asked, Granted(), Names())
    assert fault.value.field == "contact_email_a"


def test_a_closed_account_leaves_no_words_and_nothing_waiting(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock, asked: str
) -> None:
    desk.retention.erasing.me(cast.head)
    told = desk.introductions.requests.one(cast.officer, asked)
    assert (told.state, told.reason, told.name) == ("withdrawn", "", "")
    with journal.reading(Scope(organisation=cast.officer.organisation)) as reader:
        assert reader.count(select(Introduction)) == 0
