"""Tokens that only read, and who speaks for which firm."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_HERE, SIREN_PARTNER, Cast, Clock
from vigie.domain.access import Role
from vigie.errors import Conflict, FieldFault, NotFound, NotSignedIn
from vigie.services.accounts import domains, members, representing, tokens
from vigie.services.acts import Nothing
from vigie.services.desk import Desk
from vigie.store.journal.people import ApiToken
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

# ---------- tokens ----------


def test_a_password_found_again_revokes_what_programs_hold(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    made = desk.accounts.tokens.make(cast.officer, "Peut-être d’un autre")
    assert desk.recognising.token(made.secret).scope.person == cast.officer.person
    desk.accounts.recovering.ask("officer@example.org")
    with journal.reading(cast.admin) as reader:
        body = reader.one(select(Letter.body))
    link = re.search(r"/connexion/oubli/(\S+)", body or "")
    assert link
    desk.accounts.recovering.reset(link[1], "encore quatre mots au hasard")
    assert desk.recognising.token(made.secret).scope.person == ""


def test_a_token_reads_until_it_ends(desk: Desk, cast: Cast, journal: SqlJournal, clock: Clock) -> None:
    made = desk.accounts.tokens.make(cast.officer, " Tableur  du service ", days=30)
    asker = desk.recognising.token(made.secret)
    assert (asker.scope.role, asker.scope.via, asker.scope.person) == (
        Role.READING_TOKEN, "token", cast.officer.person,
    )  # fmt: skip
    with journal.reading(cast.officer) as reader:
        assert made.secret not in str([vars(row) for row in reader.all(select(ApiToken))])
    (listed,) = desk.accounts.tokens.all(cast.officer)
    assert (listed.label, listed.secret, listed.state) == ("Tableur du service", "", "active")
    clock.forward(days=30)
    assert not desk.recognising.token(made.secret).scope.person
    assert desk.accounts.tokens.all(cast.officer)[0].state == "expired"


def test_a_revoked_token_is_dead_at_once(desk: Desk, cast: Cast) -> None:
    made = desk.accounts.tokens.make(cast.analyst, "Carte")
    for stranger in (cast.officer, cast.admin_away, replace(cast.analyst, via="token")):
        with pytest.raises(NotFound):
            desk.acts.run(stranger, tokens.REVOKED, made.id, Nothing())
    desk.acts.run(cast.analyst, tokens.REVOKED, made.id, Nothing())
    assert not desk.recognising.token(made.secret).scope.person
    other = desk.accounts.tokens.make(cast.analyst, "Carte")
    desk.acts.run(cast.admin, tokens.REVOKED, other.id, Nothing())
    assert not desk.recognising.token(other.secret).scope.person


def test_each_sees_their_tokens_and_the_admin_all(desk: Desk, cast: Cast) -> None:
    mine = desk.accounts.tokens.make(cast.officer, "Un")
    theirs = desk.accounts.tokens.make(cast.analyst, "Deux")
    assert [one.id for one in desk.accounts.tokens.all(cast.officer)] == [mine.id]
    assert {one.id for one in desk.accounts.tokens.all(cast.admin)} == {mine.id, theirs.id}
    assert desk.accounts.tokens.all(cast.admin_away) == ()
    for part in ("inhabitant", "head", "elected", "partner", "super_admin", "anyone"):
        with pytest.raises(NotFound):
            desk.accounts.tokens.make(cast.scopes[part], "Trois")


def test_a_token_has_a_purpose_a_length_and_known_scopes(desk: Desk, cast: Cast) -> None:
    make = desk.accounts.tokens.make
    for label, days, scopes in (("", 90, ("lecture",)), ("a", 0, ("lecture",)), ("a", 367, ("lecture",)),
                                ("a", 90, ("ecriture",)), ("a", 90, ())):  # fmt: skip
        with pytest.raises(FieldFault):
            make(cast.officer, label, days, scopes)


def test_the_same_form_makes_one_token(desk: Desk, cast: Cast) -> None:
    asked = replace(cast.officer, request_key="formulaire")
    first, again = (desk.accounts.tokens.make(asked, "Carte") for _ in range(2))
    assert (again.id, again.secret) == (first.id, "")


def test_a_suspended_member_loses_their_tokens(desk: Desk, cast: Cast) -> None:
    made = desk.accounts.tokens.make(cast.officer, "Carte")
    member = next(one for one in desk.accounts.members.all(cast.admin) if one.person == cast.officer.person)
    desk.acts.run(cast.admin, members.SUSPENDED, member.id, Nothing())
    desk.acts.run(cast.admin, members.RESTORED, member.id, Nothing())
    assert not desk.recognising.token(made.secret).scope.person


# ---------- firms ----------


def test_an_officer_confirms_a_declared_head(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    claim = desk.accounts.representing.claim(cast.inhabitant, "552 100 554")
    assert (claim.proof, claim.state) == ("declared", "waiting")
    with pytest.raises(Conflict, match="attend déjà"):
        desk.accounts.representing.claim(cast.inhabitant, SIREN_PARTNER)
    assert desk.recognising.session(cast.secrets["inhabitant"]).scope.role is Role.INHABITANT
    assert [one.id for one in desk.accounts.representing.all(cast.officer)] == [claim.id]
    for stranger in (cast.inhabitant, cast.head, cast.analyst, cast.officer_away, replace(cast.officer, via="token")):
        with pytest.raises(NotFound):
            desk.acts.run(stranger, representing.CONFIRMED, claim.id, Nothing())
    done = desk.acts.run(cast.officer, representing.CONFIRMED, claim.id, Nothing())
    assert done.state == "confirmed"
    now = desk.recognising.session(cast.secrets["inhabitant"]).scope
    assert (now.role, now.siren) == (Role.HEAD, SIREN_PARTNER)
    with pytest.raises(Conflict):
        desk.acts.run(cast.officer, representing.REFUSED, claim.id, Nothing())
    with journal.reading(cast.admin) as reader:
        told = {letter.recipient: letter.about for letter in reader.all(select(Letter))}
    assert told == {"inhabitant@example.org": claim.id, "head_partner@example.org": ""}, "the head there is told"


def test_a_refused_claim_changes_nothing(desk: Desk, cast: Cast) -> None:
    claim = desk.accounts.representing.claim(cast.inhabitant, SIREN_PARTNER)
    assert desk.acts.run(cast.admin, representing.REFUSED, claim.id, Nothing()).state == "refused"
    assert desk.recognising.session(cast.secrets["inhabitant"]).scope.role is Role.INHABITANT
    assert [one.state for one in desk.accounts.representing.mine(cast.inhabitant)] == ["refused"]
    assert desk.accounts.representing.claim(cast.inhabitant, SIREN_PARTNER).state == "waiting"


def test_an_address_at_the_firm_proves_it(desk: Desk, cast: Cast) -> None:
    desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_PARTNER, "@Example.ORG"))
    (asked,) = desk.vouching.requests(cast.super_admin)
    assert (asked.kind, asked.contact) == ("domain", "example.org")
    desk.vouching.grant(cast.super_admin, asked.id)
    assert [one.confirmed for one in desk.accounts.domains.all(cast.officer)] == [True]
    assert desk.accounts.representing.claim(cast.inhabitant, SIREN_HERE).state == "waiting", "autre entreprise"
    claim = desk.accounts.representing.claim(cast.inhabitant, SIREN_PARTNER)
    assert (claim.proof, claim.state) == ("domain", "confirmed")
    assert desk.recognising.session(cast.secrets["inhabitant"]).scope.siren == SIREN_PARTNER


def test_a_domain_that_only_an_officer_says_proves_nothing(desk: Desk, cast: Cast) -> None:
    desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_PARTNER, "example.org"))
    assert desk.accounts.representing.claim(cast.inhabitant, SIREN_PARTNER).state == "waiting"


def test_a_domain_of_elsewhere_or_withdrawn_proves_nothing(desk: Desk, cast: Cast) -> None:
    desk.acts.run(cast.officer_away, domains.DECLARED, "", domains.DomainEntry(SIREN_PARTNER, "example.org"))
    kept = desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_PARTNER, "example.org"))
    assert desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_PARTNER, "example.org")) == kept
    with pytest.raises(NotFound):
        desk.acts.run(cast.officer_away, domains.WITHDRAWN, kept.id, Nothing())
    desk.acts.run(cast.officer, domains.WITHDRAWN, kept.id, Nothing())
    assert desk.accounts.domains.all(cast.officer) == ()
    assert desk.accounts.representing.claim(cast.inhabitant, SIREN_PARTNER).state == "waiting"


@pytest.mark.parametrize("domain", ["gmail.com", "Orange.fr", "laposte.net", "pas un domaine", "localhost", ""])
def test_free_mail_domains_prove_nothing(desk: Desk, cast: Cast, domain: str) -> None:
    with pytest.raises(FieldFault):
        desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_PARTNER, domain))


def test_only_officers_declare_domains(desk: Desk, cast: Cast) -> None:
    for part in ("head", "inhabitant", "analyst", "elected", "partner", "super_admin", "anyone"):
        with pytest.raises(NotFound):
            desk.acts.run(cast.scopes[part], domains.DECLARED, "", domains.DomainEntry(SIREN_PARTNER, "example.org"))


def test_a_head_keeps_no_other_role(desk: Desk, cast: Cast) -> None:
    with pytest.raises(Conflict, match="déjà pour cette"):
        desk.accounts.representing.claim(cast.head, SIREN_HERE)
    for part in ("officer", "admin", "analyst", "partner", "super_admin"):
        with pytest.raises(Conflict, match="rôle"):
            desk.accounts.representing.claim(cast.scopes[part], SIREN_PARTNER)
    with pytest.raises(NotSignedIn):
        desk.accounts.representing.claim(cast.anyone, SIREN_PARTNER)
    with pytest.raises(FieldFault):
        desk.accounts.representing.claim(cast.inhabitant, "123456789")


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "LaPoste.net", "outlook.fr", "@orange.fr", "hotmail.be", "yahoo.co.uk", "live.com.", "wanadoo.re",
     "mail.gmail.com", "jean.free.fr", "proton.me", "web.de", "yopmail.com", "GMX.CH", "tuta.com"],
)  # fmt: skip
def test_free_mail_is_asked_to_nobody(desk: Desk, cast: Cast, domain: str) -> None:
    with pytest.raises(FieldFault):
        desk.acts.run(cast.officer, domains.DECLARED, "", domains.DomainEntry(SIREN_HERE, domain))
    assert desk.vouching.requests(cast.super_admin) == ()
