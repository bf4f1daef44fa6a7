"""Invitations and members: places are offered within one's right, taken once, and never leave nobody."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.journal.cast import ELSEWHERE, HERE, HOST, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.journal.passwords import CHEAP, PASSWORD, STORED
from vigie.domain.access import Role, Scope
from vigie.errors import Conflict, FieldFault, NotFound, NotSignedIn, TooManyAttempts
from vigie.services.accounts import members
from vigie.services.accounts.inviting import InvitationDraft, Invited
from vigie.services.accounts.joining import held_by
from vigie.services.acts import Nothing
from vigie.services.desk import Desk
from vigie.services.keys import Keys
from vigie.store.journal.followup import Dossier, DossierShare
from vigie.store.journal.people import Person
from vigie.store.journal.records import JournalEvent, Letter
from vigie.store.journal.sql import SqlJournal

NEW = "nouvelle@example.org"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vigie.services.accounts.passwords.PasswordHasher", CHEAP)


def token_of(invited: Invited) -> str:
    return invited.link.rpartition("/")[2]


def letters(journal: SqlJournal, scope: Scope) -> list[Letter]:
    with journal.reading(scope) as reader:
        return list(reader.all(select(Letter).order_by(Letter.created_at)))


def give_password(journal: SqlJournal, scope: Scope) -> None:
    with journal.writing(scope) as unit:
        unit.act("password.changed", scope.person)
        unit.get(Person, scope.person).password_hash = STORED


# ---------- invitations ----------


def test_a_new_person_takes_the_place_once(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    invited = desk.accounts.inviting.invite(cast.admin, InvitationDraft("Nouvelle@Example.org", "charge_etudes"))
    assert [(one.email, one.state, one.link) for one in desk.accounts.inviting.pending(cast.admin)] == [
        ("Nouvelle@example.org", "waiting", "")
    ]
    (letter,) = letters(journal, cast.admin)
    assert invited.link in (letter.body or "")
    assert letter.recipient == "Nouvelle@example.org"
    token = token_of(invited)
    offer = desk.accounts.joining.offer(token)
    assert (offer.organisation, offer.role, offer.known) == ("Communauté d’essai", "charge_etudes", False)
    opened = desk.accounts.joining.accept(token, " Nouvelle   Personne ", PASSWORD)
    asker = desk.recognising.session(opened.secret)
    assert (asker.name, asker.scope.role, asker.scope.organisation) == ("Nouvelle Personne", Role.ANALYST, HERE)
    with pytest.raises(Conflict, match="déjà servi"):
        desk.accounts.joining.accept(token, "Autre", PASSWORD)
    with pytest.raises(Conflict, match="déjà servi"):
        desk.accounts.joining.offer(token)
    assert desk.accounts.signing.sign_in(NEW, PASSWORD).here.role == "charge_etudes"
    assert desk.accounts.inviting.pending(cast.admin) == ()


def test_reading_an_offer_does_not_use_it_and_faults_do_not_either(desk: Desk, cast: Cast) -> None:
    token = token_of(desk.accounts.inviting.invite(cast.admin, InvitationDraft(NEW, "elu")))
    for name, password, field in (
        ("", PASSWORD, "nom"),
        ("Nom", "court", "mot_de_passe"),
        ("Nom", NEW, "mot_de_passe"),
    ):
        with pytest.raises(FieldFault) as fault:
            desk.accounts.joining.accept(token, name, password)
        assert fault.value.field == field
    assert desk.accounts.joining.accept(token, "Nom", PASSWORD).here.role == "elu"


def test_an_invitation_ends(desk: Desk, cast: Cast, clock: Clock) -> None:
    token = token_of(desk.accounts.inviting.invite(cast.admin, InvitationDraft(NEW, "elu")))
    clock.forward(days=14)
    with pytest.raises(Conflict, match="plus valable"):
        desk.accounts.joining.accept(token, "Nom", PASSWORD)
    other = desk.accounts.inviting.invite(cast.admin, InvitationDraft(NEW, "elu"))
    with pytest.raises(Conflict, match="retirée"):
        desk.accounts.joining.offer(token)
    desk.accounts.inviting.revoke(cast.admin, other.id)
    with pytest.raises(Conflict, match="retirée"):
        desk.accounts.joining.accept(token_of(other), "Nom", PASSWORD)
    with pytest.raises(NotFound):
        desk.accounts.joining.offer("inconnu")


def test_a_known_person_joins_with_their_own_password(
    desk: Desk, cast: Cast, journal: SqlJournal, clock: Clock
) -> None:
    give_password(journal, cast.officer_away)
    clock.forward(days=1)
    token = token_of(desk.accounts.inviting.invite(cast.admin, InvitationDraft("officer_away@example.org", "elu")))
    assert desk.accounts.joining.offer(token).known
    with pytest.raises(FieldFault) as wrong:
        desk.accounts.joining.accept(token, "", "un autre mot de passe")
    assert wrong.value.field == "mot_de_passe"
    opened = desk.accounts.joining.accept(token, "Autre nom", PASSWORD)
    assert opened.here.organisation == HERE
    assert [place.organisation for place in opened.places] == [ELSEWHERE, HERE]
    me = desk.accounts.signing.me(desk.recognising.session(opened.secret).scope)
    assert (me.person, me.name) == (cast.officer_away.person, "Personne officer_away")


def test_the_password_of_a_known_person_cannot_be_guessed_by_the_link(
    desk: Desk, cast: Cast, journal: SqlJournal
) -> None:
    give_password(journal, cast.officer_away)
    token = token_of(desk.accounts.inviting.invite(cast.admin, InvitationDraft("officer_away@example.org", "elu")))
    for _ in range(10):
        with pytest.raises(FieldFault):
            desk.accounts.joining.accept(token, "", "un autre mot de passe")
    with pytest.raises(TooManyAttempts):
        desk.accounts.joining.accept(token, "", PASSWORD)


def test_a_link_gives_no_password_to_an_account_that_has_none(desk: Desk, cast: Cast) -> None:
    token = token_of(
        desk.accounts.inviting.invite(cast.officer, InvitationDraft("officer_away@example.org", "partenaire"))
    )
    assert desk.accounts.joining.offer(token).known
    with pytest.raises(FieldFault, match="service d’identité"):
        desk.accounts.joining.accept(token, "Autre nom", PASSWORD)
    with pytest.raises(NotSignedIn):
        desk.accounts.signing.sign_in("officer_away@example.org", PASSWORD)


def test_an_account_opened_meanwhile_keeps_its_password(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    link = token_of(desk.accounts.inviting.invite(cast.admin, InvitationDraft(NEW, "elu")))
    away = token_of(desk.accounts.inviting.invite(cast.admin_away, InvitationDraft(NEW, "developpeur")))
    desk.accounts.joining.accept(away, "Nouvelle Personne", PASSWORD)
    bearer = Scope(key=Keys.hash_token(link), via="consent")
    with pytest.raises(Conflict, match="vient d’être ouvert"), journal.writing(bearer) as unit:
        desk.accounts.joining.join(unit, held_by(unit, link), "Autre", "un autre mot de passe haché")
    assert desk.accounts.signing.sign_in(NEW, PASSWORD).here.organisation == ELSEWHERE


@pytest.mark.parametrize(
    ("part", "role", "fault"),
    [
        ("officer", "admin", FieldFault), ("officer", "developpeur", FieldFault), ("admin", "super_admin", FieldFault),
        ("admin", "anonyme", FieldFault), ("admin", "jeton_lecture", FieldFault), ("super_admin", "admin", FieldFault),
        ("analyst", "elu", NotFound), ("head", "partenaire", NotFound), ("inhabitant", "habitant", NotFound),
        ("partner", "partenaire", NotFound), ("elected", "elu", NotFound), ("anyone", "habitant", NotFound),
    ],
)  # fmt: skip
def test_nobody_gives_more_than_they_may(desk: Desk, cast: Cast, part: str, role: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        desk.accounts.inviting.invite(cast.scopes[part], InvitationDraft(NEW, role, SIREN_HERE))


def test_a_token_invites_nobody(desk: Desk, cast: Cast) -> None:
    with pytest.raises(NotFound):
        desk.accounts.inviting.invite(replace(cast.admin, via="token"), InvitationDraft(NEW, "elu"))


def test_an_officer_invites_a_head_for_a_firm(desk: Desk, cast: Cast) -> None:
    with pytest.raises(FieldFault) as fault:
        desk.accounts.inviting.invite(cast.officer, InvitationDraft(NEW, "dirigeant", "123456789"))
    assert fault.value.field == "siren"
    invited = desk.accounts.inviting.invite(cast.officer, InvitationDraft(NEW, "dirigeant", "552 100 554"))
    opened = desk.accounts.joining.accept(token_of(invited), "Tête", PASSWORD)
    scope = desk.recognising.session(opened.secret).scope
    assert (scope.role, scope.siren) == (Role.HEAD, SIREN_PARTNER)
    (claim,) = desk.accounts.representing.mine(scope)
    assert (claim.proof, claim.state, claim.siren) == ("invitation", "confirmed", SIREN_PARTNER)
    assert desk.accounts.inviting.pending(cast.officer) == ()


def test_a_partner_is_invited_to_one_dossier(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        dossier = unit.add(Dossier(kind="firm", title="Atelier d’essai")).id
    with pytest.raises(FieldFault):
        desk.accounts.inviting.invite(cast.admin_away, InvitationDraft(NEW, "partenaire", dossier=dossier))
    invited = desk.accounts.inviting.invite(cast.officer, InvitationDraft(NEW, "partenaire", dossier=dossier))
    opened = desk.accounts.joining.accept(token_of(invited), "Partenaire", PASSWORD)
    person = desk.recognising.session(opened.secret).scope.person
    with journal.reading(cast.officer) as reader:
        assert reader.all(select(DossierShare.dossier_id).where(DossierShare.person_id == person)) == [dossier]


def test_a_member_is_not_invited_again_but_an_inhabitant_may_grow(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    with pytest.raises(Conflict, match="développeur économique"):
        desk.accounts.inviting.invite(cast.admin, InvitationDraft("officer@example.org", "elu"))
    give_password(journal, cast.inhabitant)
    invited = desk.accounts.inviting.invite(cast.admin, InvitationDraft("inhabitant@example.org", "elu"))
    opened = desk.accounts.joining.accept(token_of(invited), "", PASSWORD)
    assert [place.role for place in opened.places] == ["elu"]


def test_invitations_stay_in_their_organisation(desk: Desk, cast: Cast) -> None:
    invited = desk.accounts.inviting.invite(cast.admin, InvitationDraft(NEW, "elu"))
    mine = desk.accounts.inviting.invite(cast.officer, InvitationDraft("autre@example.org", "partenaire"))
    assert desk.accounts.inviting.pending(cast.admin_away) == ()
    for stranger in (cast.admin_away, cast.officer, cast.super_admin):
        with pytest.raises(NotFound):
            desk.accounts.inviting.revoke(stranger, invited.id)
    assert [one.id for one in desk.accounts.inviting.pending(cast.officer)] == [mine.id]
    assert {one.id for one in desk.accounts.inviting.pending(cast.admin)} == {mine.id, invited.id}


def test_the_same_form_invites_once(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    asked = replace(cast.admin, request_key="formulaire")
    first = desk.accounts.inviting.invite(asked, InvitationDraft(NEW, "elu"))
    again = desk.accounts.inviting.invite(asked, InvitationDraft(NEW, "elu"))
    assert (again.id, again.link) == (first.id, "")
    assert len(letters(journal, cast.admin)) == 1


def test_neither_addresses_nor_secrets_enter_the_events(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    invited = desk.accounts.inviting.invite(cast.admin, InvitationDraft(NEW, "elu"))
    desk.accounts.joining.accept(token_of(invited), "Nom Secret", PASSWORD)
    with journal.reading(cast.admin) as reader:
        said = str([(event.kind, event.rows) for event in reader.all(select(JournalEvent))])
    for secret in (NEW, token_of(invited), PASSWORD, "argon2", "Nom Secret"):
        assert secret not in said


# ---------- members ----------


def member_of(desk: Desk, cast: Cast, part: str) -> str:
    return next(one.id for one in desk.accounts.members.all(cast.admin) if one.person == cast.scopes[part].person)


def test_members_are_those_of_the_organisation(desk: Desk, cast: Cast) -> None:
    here = {one.person for one in desk.accounts.members.all(cast.admin)}
    assert here == {scope.person for scope in cast.scopes.values() if scope.organisation == HERE}
    for part in ("officer", "analyst", "head", "inhabitant", "partner", "elected", "anyone"):
        with pytest.raises(NotFound):
            desk.accounts.members.all(cast.scopes[part])


def test_a_role_changes_at_once_and_closes_sessions(desk: Desk, cast: Cast) -> None:
    desk.acts.run(
        cast.admin, members.ROLE_CHANGED, member_of(desk, cast, "officer"), members.RoleGiven("dirigeant", SIREN_HERE)
    )
    assert not desk.recognising.session(cast.secrets["officer"]).scope.person
    member = next(one for one in desk.accounts.members.all(cast.admin) if one.person == cast.officer.person)
    assert (member.role, member.siren) == ("dirigeant", SIREN_HERE)
    desk.acts.run(cast.admin, members.ROLE_CHANGED, member.id, members.RoleGiven("elu", SIREN_HERE))
    member = next(one for one in desk.accounts.members.all(cast.admin) if one.person == cast.officer.person)
    assert (member.role, member.siren) == ("elu", "")


def test_a_suspended_member_comes_back_when_restored(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    give_password(journal, cast.officer)
    identifier = member_of(desk, cast, "officer")
    desk.acts.run(cast.admin, members.SUSPENDED, identifier, Nothing())
    assert not desk.recognising.session(cast.secrets["officer"]).scope.person
    with pytest.raises(NotSignedIn):
        desk.accounts.signing.sign_in("officer@example.org", PASSWORD)
    desk.acts.run(cast.admin, members.RESTORED, identifier, Nothing())
    assert desk.accounts.signing.sign_in("officer@example.org", PASSWORD).here.role == "developpeur"


def test_there_is_always_somebody_to_administer(desk: Desk, cast: Cast) -> None:
    with pytest.raises(Conflict, match="administrer"):
        desk.accounts.members.leave(cast.admin)
    with pytest.raises(Conflict, match="propre rôle"):
        desk.acts.run(cast.admin, members.SUSPENDED, member_of(desk, cast, "admin"), Nothing())
    desk.acts.run(cast.admin, members.ROLE_CHANGED, member_of(desk, cast, "elected"), members.RoleGiven("admin"))
    desk.accounts.members.leave(cast.admin)
    assert not desk.recognising.session(cast.secrets["admin"]).scope.person


def test_a_removed_member_is_gone_and_may_be_invited_again(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    give_password(journal, cast.elected)
    desk.acts.run(cast.admin, members.REMOVED, member_of(desk, cast, "elected"), Nothing())
    assert cast.elected.person not in {one.person for one in desk.accounts.members.all(cast.admin)}
    invited = desk.accounts.inviting.invite(cast.admin, InvitationDraft("elected@example.org", "elu"))
    assert desk.accounts.joining.accept(token_of(invited), "Élue", PASSWORD).here.role == "elu"


def test_members_of_elsewhere_are_out_of_reach(desk: Desk, cast: Cast) -> None:
    identifier = member_of(desk, cast, "officer")
    for act in (members.SUSPENDED, members.REMOVED, members.RESTORED):
        for stranger in (cast.admin_away, cast.super_admin, cast.officer, replace(cast.admin, via="token")):
            with pytest.raises(NotFound):
                desk.acts.run(stranger, act, identifier, Nothing())


# ---------- inhabitants, forgotten passwords ----------


def link_in(letter: Letter) -> str:
    found = re.search(r"https?://\S+", letter.body or "")
    assert found
    return found.group(0)


def test_an_inhabitant_signs_up_by_confirming_an_address(
    desk: Desk, cast: Cast, journal: SqlJournal, clock: Clock
) -> None:
    desk.accounts.signing_up.ask(NEW, HERE, "192.0.2.1")
    (letter,) = letters(journal, cast.admin)
    opened = desk.accounts.joining.accept(link_in(letter).rpartition("/")[2], "Habitante", PASSWORD)
    assert desk.recognising.session(opened.secret).scope.role is Role.INHABITANT
    clock.forward(minutes=1)
    desk.accounts.signing_up.ask(NEW, HERE, "192.0.2.1")
    assert "déjà un" in (letters(journal, cast.admin)[-1].body or "")
    with pytest.raises(FieldFault):
        desk.accounts.signing_up.ask(NEW, HOST)
    with pytest.raises(FieldFault):
        desk.accounts.signing_up.ask("pas une adresse", HERE)
    desk.accounts.signing_up.ask(NEW, HERE)
    with pytest.raises(TooManyAttempts):
        desk.accounts.signing_up.ask(NEW, HERE)
    assert desk.accounts.inviting.pending(cast.admin) == ()


def test_a_forgotten_password_is_replaced_once_within_the_hour(
    desk: Desk, cast: Cast, journal: SqlJournal, clock: Clock
) -> None:
    give_password(journal, cast.officer)
    before = desk.accounts.signing.sign_in("officer@example.org", PASSWORD)
    desk.accounts.recovering.ask("inconnue@example.org")
    assert letters(journal, cast.admin) == []
    desk.accounts.recovering.ask("officer@example.org")
    (letter,) = letters(journal, cast.admin)
    token = link_in(letter).rpartition("/")[2]
    with pytest.raises(NotFound):
        desk.accounts.recovering.reset(token[:-1] + ("0" if token[-1] != "0" else "1"), PASSWORD + " neuf")
    identifier, until, proof = token.split(".")
    with pytest.raises(NotFound):
        desk.accounts.recovering.check(f"{identifier}.{int(until) + 3600}.{proof}")
    with pytest.raises(FieldFault):
        desk.accounts.recovering.reset(token, "court")
    desk.accounts.recovering.reset(token, PASSWORD + " neuf")
    assert not desk.recognising.session(before.secret).scope.person
    with pytest.raises(NotFound):
        desk.accounts.recovering.reset(token, PASSWORD + " encore")
    assert desk.accounts.signing.sign_in("officer@example.org", PASSWORD + " neuf").secret
    desk.accounts.recovering.ask("officer@example.org")
    late = link_in(letters(journal, cast.admin)[-1]).rpartition("/")[2]
    clock.forward(hours=1)
    with pytest.raises(NotFound):
        desk.accounts.recovering.check(late)


def test_the_letter_of_somebody_of_two_organisations_is_read_by_neither(
    desk: Desk, cast: Cast, journal: SqlJournal
) -> None:
    give_password(journal, cast.officer_away)
    token = token_of(desk.accounts.inviting.invite(cast.admin, InvitationDraft("officer_away@example.org", "elu")))
    desk.accounts.joining.accept(token, "", PASSWORD)
    desk.accounts.recovering.ask("officer_away@example.org")
    for admin in (cast.admin, cast.admin_away):
        assert [letter.subject for letter in letters(journal, admin) if letter.subject == "Nouveau mot de passe"] == []
    assert [letter.subject for letter in letters(journal, Scope())] == ["Nouveau mot de passe"]


def test_a_clock_set_back_makes_nobody_wait_beyond_the_window(desk: Desk, cast: Cast, clock: Clock) -> None:
    asked = ("officer@example.org", "pas le bon mot de passe")
    clock.forward(days=400)
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            desk.accounts.signing.sign_in(*asked)
    with pytest.raises(TooManyAttempts):
        desk.accounts.signing.sign_in(*asked)
    clock.forward(days=-400)
    with pytest.raises(NotSignedIn):
        desk.accounts.signing.sign_in(*asked)


def test_who_guesses_from_elsewhere_does_not_shut_the_owner_out(desk: Desk, cast: Cast) -> None:
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            desk.accounts.signing.sign_in("officer@example.org", "pas le bon mot de passe", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        desk.accounts.signing.sign_in("officer@example.org", "pas le bon mot de passe", "192.0.2.1")
    with pytest.raises(NotSignedIn):
        desk.accounts.signing.sign_in("officer@example.org", "pas le bon mot de passe", "192.0.2.2")
