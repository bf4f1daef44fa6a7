"""Sign-in: one sentence for every refusal, bounded and revocable sessions, counted tries, long passwords."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from tests.journal.cast import ELSEWHERE, HERE, Cast, Clock
from tests.journal.passwords import CHEAP, PASSWORD, STORED
from vigie.domain.access import Role, Scope
from vigie.domain.accounts import MIN_PASSWORD, SESSION_IDLE, SESSION_LONGEST
from vigie.errors import FieldFault, NotFound, NotSignedIn, TooManyAttempts
from vigie.services.accounts.passwords import Passwords
from vigie.services.accounts.signing import REFUSED
from vigie.services.desk import Desk
from vigie.store.journal.people import Attempt, Membership, Person, SignIn
from vigie.store.journal.records import Audit, JournalEvent
from vigie.store.journal.sql import SqlJournal

EMAIL = "officer@example.org"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost little here: what is tested is what is done with them."""
    monkeypatch.setattr("vigie.services.accounts.passwords.PasswordHasher", CHEAP)


@pytest.fixture
def ready(journal: SqlJournal, cast: Cast) -> Cast:
    """The cast, the officer having a password."""
    with journal.writing(cast.officer) as unit:
        unit.act("password.changed", cast.officer.person)
        unit.get(Person, cast.officer.person).password_hash = STORED
    return cast


def join(journal: SqlJournal, scope: Scope, role: Role) -> None:
    with journal.writing(replace(scope, role=Role.SUPER_ADMIN, via="command")) as unit:
        unit.act("member.joined", scope.person)
        unit.add(Membership(person_id=scope.person, role=role.value))


def test_a_session_opens_and_is_recognised(desk: Desk, ready: Cast, journal: SqlJournal) -> None:
    opened = desk.accounts.signing.sign_in("  Officer@Example.org ", PASSWORD, "192.0.2.7")
    assert desk.recognising.session(opened.secret).scope == ready.officer
    assert opened.here.organisation == HERE
    assert opened.as_dict()["organisations"] == [
        {"organisation": HERE, "name": "Communauté d’essai", "role": "developpeur", "siren": ""}
    ]
    with journal.reading(ready.admin) as reader:
        assert "session.opened" in reader.all(select(Audit.kind))
        held = reader.all(select(SignIn).where(SignIn.person_id == ready.officer.person))
        assert opened.secret not in str([vars(row) for row in held])


def test_refusals_do_not_tell_what_is_wrong(desk: Desk, ready: Cast) -> None:
    said = set()
    for email, password in (
        (EMAIL, "un autre mot de passe"),
        ("personne@example.org", PASSWORD),
        ("head@example.org", ""),
    ):
        with pytest.raises(NotSignedIn) as refused:
            desk.accounts.signing.sign_in(email, password)
        said.add(str(refused.value))
    assert said == {REFUSED}


def test_an_unknown_account_costs_one_verification_too(
    desk: Desk, ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    hasher = desk.accounts.signing._passwords._hasher
    verify: Callable[[str, str], bool] = hasher.verify
    spied = type("Spied", (), {
        "verify": lambda _, stored, given: (seen.append(stored), verify(stored, given))[1],
        "hash": lambda _, text: hasher.hash(text),
    })()  # fmt: skip
    monkeypatch.setattr(desk.accounts.signing._passwords, "_hasher", spied)
    for email in (EMAIL, "personne@example.org"):
        with pytest.raises(NotSignedIn):
            desk.accounts.signing.sign_in(email, "un autre mot de passe")
    assert len(seen) == 2
    assert {stored.rsplit("$", 2)[0] for stored in seen} == {STORED.rsplit("$", 2)[0]}, "mêmes coûts"


def test_tries_are_counted_by_address_then_forgotten(desk: Desk, ready: Cast, clock: Clock) -> None:
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            desk.accounts.signing.sign_in(EMAIL, "faux mot de passe", "192.0.2.7")
    with pytest.raises(TooManyAttempts) as full:
        desk.accounts.signing.sign_in(EMAIL, PASSWORD, "192.0.2.7")
    assert full.value.seconds == 15 * 60
    assert desk.accounts.signing.sign_in(EMAIL, PASSWORD, "198.51.100.1").secret, "its owner is elsewhere"
    clock.forward(minutes=10)
    with pytest.raises(TooManyAttempts) as still:
        desk.accounts.signing.sign_in(EMAIL, PASSWORD, "192.0.2.7")
    assert still.value.seconds == 5 * 60
    clock.forward(minutes=5, seconds=1)
    assert desk.accounts.signing.sign_in(EMAIL, PASSWORD, "192.0.2.7").secret


def test_tries_are_counted_by_origin_across_addresses(desk: Desk, ready: Cast) -> None:
    origins = ("2001:db8::1", "2001:db8::ffff")
    for number in range(60):
        with pytest.raises(NotSignedIn):
            desk.accounts.signing.sign_in(f"inconnu{number}@example.org", "", origins[number % 2])
    with pytest.raises(TooManyAttempts):
        desk.accounts.signing.sign_in("encore@example.org", "", "2001:db8::abcd")
    assert desk.accounts.signing.sign_in(EMAIL, PASSWORD, "2001:db8:0:1::1").secret


def test_good_sign_ins_are_not_counted(desk: Desk, ready: Cast, journal: SqlJournal, clock: Clock) -> None:
    for _ in range(12):
        desk.accounts.signing.sign_in(EMAIL, PASSWORD, "192.0.2.7")
    with journal.reading(Scope()) as reader:
        assert reader.count(select(Attempt)) == 3, "les essais oubliés sont réemployés"


def test_a_session_is_kept_by_use_and_ends_anyway(desk: Desk, ready: Cast, clock: Clock) -> None:
    opened = desk.accounts.signing.sign_in(EMAIL, PASSWORD)
    began = clock.now
    while clock.now - began < SESSION_LONGEST - SESSION_IDLE:
        clock.forward(hours=3)
        assert desk.recognising.session(opened.secret).scope.person
    clock.now = began + SESSION_LONGEST
    assert not desk.recognising.session(opened.secret).scope.person
    other = desk.accounts.signing.sign_in(EMAIL, PASSWORD)
    clock.forward(seconds=SESSION_IDLE.total_seconds())
    assert not desk.recognising.session(other.secret).scope.person


def test_signing_out_closes_this_session_only(desk: Desk, ready: Cast) -> None:
    first, second = (desk.accounts.signing.sign_in(EMAIL, PASSWORD) for _ in range(2))
    desk.accounts.signing.sign_out(first.secret)
    desk.accounts.signing.sign_out("inconnu")
    assert not desk.recognising.session(first.secret).scope.person
    assert desk.recognising.session(second.secret).scope.person


def test_one_works_in_one_organisation_at_a_time(desk: Desk, ready: Cast, journal: SqlJournal, clock: Clock) -> None:
    clock.forward(days=1)
    away = replace(ready.officer, organisation=ELSEWHERE)
    join(journal, away, Role.ANALYST)
    opened = desk.accounts.signing.sign_in(EMAIL, PASSWORD)
    assert [place.organisation for place in opened.places] == [HERE, ELSEWHERE]
    moved = desk.accounts.signing.switch(ready.officer, opened.secret, ELSEWHERE)
    assert desk.recognising.session(moved.secret).scope == replace(away, role=Role.ANALYST)
    assert not desk.recognising.session(opened.secret).scope.person
    with pytest.raises(NotFound):
        desk.accounts.signing.switch(replace(away, role=Role.ANALYST), moved.secret, "hosthosthosthosthost")
    direct = desk.accounts.signing.sign_in(EMAIL, PASSWORD, organisation=ELSEWHERE)
    assert direct.here.organisation == ELSEWHERE
    with pytest.raises(NotSignedIn):
        desk.accounts.signing.sign_in(EMAIL, PASSWORD, organisation="hosthosthosthosthost")


def test_a_new_password_closes_the_other_sessions_everywhere(desk: Desk, ready: Cast, journal: SqlJournal) -> None:
    join(journal, replace(ready.officer, organisation=ELSEWHERE), Role.ANALYST)
    kept, lost = (desk.accounts.signing.sign_in(EMAIL, PASSWORD) for _ in range(2))
    away = desk.accounts.signing.sign_in(EMAIL, PASSWORD, organisation=ELSEWHERE)
    with pytest.raises(FieldFault) as wrong:
        desk.accounts.signing.change_password(ready.officer, kept.secret, "faux", "encore quatre mots au hasard")
    assert wrong.value.field == "mot_de_passe_actuel"
    desk.accounts.signing.change_password(ready.officer, kept.secret, PASSWORD, "encore quatre mots au hasard")
    assert desk.recognising.session(kept.secret).scope.person
    for closed in (lost, away):
        assert not desk.recognising.session(closed.secret).scope.person
    with pytest.raises(NotSignedIn):
        desk.accounts.signing.sign_in(EMAIL, PASSWORD)
    assert desk.accounts.signing.sign_in(EMAIL, "encore quatre mots au hasard").secret
    with journal.reading(ready.admin) as reader:
        events = reader.all(select(JournalEvent).where(JournalEvent.kind == "password.changed"))
    assert events
    assert "argon2" not in str([event.rows for event in events])


def test_a_suspended_member_does_not_come_in(desk: Desk, ready: Cast, journal: SqlJournal) -> None:
    with journal.writing(ready.admin) as unit:
        unit.act("member.suspended", ready.officer.person)
        member = unit.one(select(Membership).where(Membership.person_id == ready.officer.person))
        assert member is not None
        member.state = "suspended"
    with pytest.raises(NotSignedIn, match="rôle actif"):
        desk.accounts.signing.sign_in(EMAIL, PASSWORD)


@pytest.mark.parametrize(
    "password",
    [
        "court", "x" * (MIN_PASSWORD - 1), "aaaaaaaaaaaaaaa", "motdepasse1234", "Azertyuiop123!", "passwordpassword",
        "officer@example.org", "Officer@Example.Org", "officer123456", "123456789012", "x" * 201, "Administrateur",
    ],
)  # fmt: skip
def test_weak_passwords_are_refused_in_french(password: str) -> None:
    with pytest.raises(FieldFault, match="Ce mot de passe") as fault:
        Passwords().hash(password, "officer@example.org")
    assert password not in str(fault.value)


@pytest.mark.parametrize("password", [PASSWORD, "        espaces", "correct cheval", "zfh7-Rk2p-vq9T", "douze lettre"])
def test_length_is_the_only_rule_of_form(password: str) -> None:
    passwords = Passwords()
    stored = passwords.hash(password, "officer@example.org")
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, password)
    assert not passwords.verify(stored, password + " ")
    assert not passwords.verify(None, password)


def test_a_password_stored_at_a_lower_cost_is_stored_again(
    journal: SqlJournal, ready: Cast, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dearer = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1)
    monkeypatch.setattr(desk.accounts.signing._passwords, "_hasher", dearer)
    desk.accounts.signing.sign_in(EMAIL, PASSWORD)
    with journal.reading(ready.officer) as reader:
        stored = reader.get(Person, ready.officer.person).password_hash
    assert stored is not None
    assert "m=128,t=2" in stored
    assert desk.accounts.signing.sign_in(EMAIL, PASSWORD).secret


def test_the_cost_of_passwords_is_that_of_the_rfc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert "m=65536,t=3,p=4" in Passwords().hash(PASSWORD)
