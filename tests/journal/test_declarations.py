"""What firms say of themselves: who writes it, who reads it, what is refused; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.journal.firms import SIREN_MASKED, FakeRegister, declare, declare_again, take_words_back
from vigie.domain.access import Scope
from vigie.domain.declarations import MOST
from vigie.errors import Conflict, FieldFault, NotFound, Objected, RequestFault
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.firms.answers import Declarations
from vigie.services.firms.declarations import DeclarationDraft
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import Dossier, DossierShare
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.records import JournalEvent
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

WRITERS = ("head", "officer", "admin")


@pytest.fixture
def desk(journal: SqlJournal, keys: Keys, settings: Settings) -> Desk:
    return make_desk(journal, keys, settings, FakeRegister())


@pytest.fixture
def said(desk: Desk, cast: Cast) -> dict[str, str]:
    """One entry of each visibility, by visibility."""
    return {
        visibility: declare(desk, cast.head, SIREN_HERE, DeclarationDraft("makes", f"Mot {visibility}", visibility)).id
        for visibility in ("public", "network", "introduced", "officer")
    }


def texts(found: Declarations) -> set[str]:
    return {entry.text for entry in found.entries}


def seen(desk: Desk, scope: Scope, siren: str = SIREN_HERE) -> set[str]:
    return {text.removeprefix("Mot ") for text in texts(desk.declarations.read(scope, siren))}


def introduce(journal: SqlJournal, scope: Scope, state: str) -> None:
    with journal.writing(scope) as unit:
        unit.act("introduction.proposed")
        made = unit.add(Introduction(state=state))
        unit.flush()
        for position, siren in (("a", SIREN_HERE), ("b", SIREN_PARTNER)):
            unit.add(Side(introduction_id=made.id, position=position, siren=siren))


@pytest.mark.usefixtures("said")
def test_each_part_reads_what_it_may(desk: Desk, cast: Cast) -> None:
    every, public = {"public", "network", "introduced", "officer"}, {"public"}
    expected = {
        "head": every, "officer": every, "admin": every, "head_partner": {"public", "network"}, "partner": public,
        "inhabitant": public, "analyst": public, "elected": public, "officer_away": public, "admin_away": public,
        "head_away": public, "super_admin": public, "anyone": public,
    }  # fmt: skip
    assert {part: seen(desk, scope) for part, scope in cast.scopes.items()} == expected


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    ("state", "opened"),
    [("proposed", False), ("introduced", True), ("met", True), ("concluded", True), ("declined", False)],
)
def test_an_introduction_opens_what_is_kept_for_it(
    desk: Desk, journal: SqlJournal, cast: Cast, state: str, opened: bool
) -> None:
    introduce(journal, cast.officer, state)
    assert ("introduced" in seen(desk, cast.head_partner)) is opened
    assert "officer" not in seen(desk, cast.head_partner)


@pytest.mark.usefixtures("said")
def test_a_partner_reads_the_network_of_a_firm_whose_dossier_was_shared(
    desk: Desk, journal: SqlJournal, cast: Cast
) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        dossier = unit.add(Dossier(kind="firm", siren=SIREN_HERE))
        unit.flush()
        unit.add(DossierShare(dossier_id=dossier.id, person_id=cast.partner.person))
    assert seen(desk, cast.partner) == {"public", "network"}


@pytest.mark.usefixtures("said")
def test_a_token_reads_what_is_public(desk: Desk, cast: Cast) -> None:
    token = replace(cast.head, role=cast.head.role.READING_TOKEN, via="token")
    assert seen(desk, token) == {"public"}
    with pytest.raises(NotFound):
        declare(desk, token, SIREN_HERE, DeclarationDraft("makes", "Rien", "public"))


@pytest.mark.parametrize("part", WRITERS)
def test_the_author_is_kept(desk: Desk, journal: SqlJournal, cast: Cast, part: str) -> None:
    made = declare(desk, cast.scopes[part], SIREN_HERE, DeclarationDraft("needs", "Un local", "network"))
    assert made.by == ("head" if part == "head" else "officer")
    assert made.organisation == "Communauté d’essai"
    with journal.reading(cast.officer) as reader:
        row = reader.get(Declaration, made.id)
        assert (row.declared_by, row.declared_as) == (cast.scopes[part].person, cast.scopes[part].role.value)


def test_nobody_else_writes(desk: Desk, cast: Cast, said: dict[str, str]) -> None:
    draft = DeclarationDraft("makes", "Usurpé", "public")
    for part, scope in cast.scopes.items():
        if part in (*WRITERS, "officer_away", "admin_away"):
            continue
        for work in (
            lambda scope=scope: declare(desk, scope, SIREN_HERE, draft),
            lambda scope=scope: declare_again(desk, scope, SIREN_HERE, said["public"], draft),
            lambda scope=scope: take_words_back(desk, scope, SIREN_HERE, said["public"]),
        ):
            with pytest.raises(NotFound):
                work()
    assert seen(desk, cast.head) == {"public", "network", "introduced", "officer"}


def test_an_entry_of_another_organisation_cannot_be_changed(desk: Desk, cast: Cast, said: dict[str, str]) -> None:
    """An officer may write on any firm's behalf, in their own organisation: the others' entries do not exist there."""
    mine = declare(desk, cast.officer_away, SIREN_HERE, DeclarationDraft("makes", "Mot ailleurs", "network"))
    with pytest.raises(NotFound):
        declare_again(desk, cast.officer_away, SIREN_HERE, said["public"], DeclarationDraft("makes", "Non", "public"))
    with pytest.raises(NotFound):
        take_words_back(desk, cast.head, SIREN_HERE, mine.id)
    assert "ailleurs" in seen(desk, cast.officer_away)
    assert "ailleurs" not in seen(desk, cast.officer)


def test_an_officer_makes_public_the_words_of_firms_of_their_territory_only(
    journal: SqlJournal, keys: Keys, settings: Settings, cast: Cast
) -> None:
    register = FakeRegister()
    desk = make_desk(journal, keys, settings, register)
    public = DeclarationDraft("makes", "Mot public", "public")
    declare(desk, cast.officer_away, SIREN_HERE, public)
    register.territory = "epci:200000001"
    with pytest.raises(FieldFault) as fault:
        declare(desk, cast.officer_away, SIREN_HERE, public)
    assert "territoire" in str(fault.value)
    declare(desk, cast.officer_away, SIREN_HERE, replace(public, visibility="network"))
    declare(desk, cast.officer, SIREN_HERE, public)  # somebody speaks for this firm here


def test_an_entry_is_changed_then_withdrawn_and_its_words_are_erased(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock
) -> None:
    made = declare(desk, cast.head, SIREN_HERE, DeclarationDraft("makes", "Des pièces", "public"))
    clock.forward(days=2)
    draft = DeclarationDraft("offers", "Des essais", "network")
    changed = declare_again(desk, cast.officer, SIREN_HERE, made.id, draft)
    assert (changed.text, changed.by, changed.updated_at - made.updated_at) == (
        "Des essais", "officer", timedelta(days=2),
    )  # fmt: skip
    take_words_back(desk, cast.head, SIREN_HERE, made.id)
    assert texts(desk.declarations.read(cast.head, SIREN_HERE)) == set()
    with journal.reading(cast.officer) as reader:
        row = reader.find(Declaration, made.id)
        assert row is not None
        assert (row.text, row.deleted_at is not None) == (None, True)
        kinds = reader.all(select(JournalEvent.kind).where(JournalEvent.subject == made.id).order_by(JournalEvent.seq))
        assert kinds == ["declaration.added", "declaration.changed", "declaration.withdrawn"]
        assert "Des pièces" not in str(reader.all(select(JournalEvent.rows)))
    with pytest.raises(NotFound):
        declare_again(desk, cast.head, SIREN_HERE, made.id, DeclarationDraft("offers", "Encore", "network"))


def test_a_form_sent_twice_writes_once(desk: Desk, cast: Cast) -> None:
    asked = replace(cast.head, request_key="form-1")
    first = declare(desk, asked, SIREN_HERE, DeclarationDraft("makes", "Une fois", "public"))
    assert declare(desk, asked, SIREN_HERE, DeclarationDraft("makes", "Une fois", "public")) == first
    assert len(desk.declarations.read(cast.head, SIREN_HERE).entries) == 1


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (DeclarationDraft("autre", "Mots", "public"), "field"),
        (DeclarationDraft("makes", "Mots", "secret"), "visibility"),
        (DeclarationDraft("makes", "  ", "public"), "text"),
        (DeclarationDraft("makes", "x" * 601, "public"), "text"),
        (DeclarationDraft("makes", "Nos prix sont bas", "public"), "confirmed"),
    ],
)
def test_what_cannot_stand_is_refused_by_field(desk: Desk, cast: Cast, draft: DeclarationDraft, field: str) -> None:
    with pytest.raises(FieldFault) as fault:
        declare(desk, cast.head, SIREN_HERE, draft)
    assert fault.value.field == field
    assert desk.declarations.read(cast.head, SIREN_HERE).entries == ()


def test_words_that_look_like_a_price_pass_once_confirmed(desk: Desk, cast: Cast) -> None:
    draft = DeclarationDraft("makes", "Devis de bardage posé", "public", confirmed=True)
    assert declare(desk, cast.head, SIREN_HERE, draft).text == "Devis de bardage posé"


def test_a_field_holds_so_many_entries(desk: Desk, cast: Cast) -> None:
    for rank in range(MOST):
        declare(desk, cast.head, SIREN_HERE, DeclarationDraft("makes", f"Mot {rank}", "officer"))
    with pytest.raises(Conflict):
        declare(desk, cast.head, SIREN_HERE, DeclarationDraft("makes", "De trop", "officer"))
    declare(desk, cast.head, SIREN_HERE, DeclarationDraft("needs", "Ailleurs", "officer"))


def test_a_partially_diffusible_firm_asks_for_help_by_siret_and_nothing_is_public(desk: Desk, cast: Cast) -> None:
    head = replace(cast.head, siren=SIREN_MASKED)
    with pytest.raises(FieldFault) as fault:
        declare(desk, head, SIREN_MASKED, DeclarationDraft("needs", "Un conseil", "public"))
    assert "diffusion partielle" in str(fault.value)
    declare(desk, head, f"{SIREN_MASKED} 00018", DeclarationDraft("needs", "Un conseil", "officer"))
    assert texts(desk.declarations.read(cast.officer, SIREN_MASKED)) == {"Un conseil"}
    for stranger in (cast.anyone, cast.head_partner, cast.officer_away, cast.inhabitant):
        assert texts(desk.declarations.read(stranger, SIREN_MASKED)) == set()


def test_what_was_public_stays_in_the_network_once_the_firm_is_masked(
    journal: SqlJournal, keys: Keys, settings: Settings, cast: Cast
) -> None:
    register = FakeRegister()
    desk = make_desk(journal, keys, settings, register)
    declare(desk, cast.head, SIREN_HERE, DeclarationDraft("makes", "Mot public", "public"))
    assert seen(desk, cast.anyone) == {"public"}
    register.firms[SIREN_HERE] = replace(register.firms[SIREN_HERE], masked=True)
    assert seen(desk, cast.anyone) == set()
    assert seen(desk, cast.head_partner) == {"public"}


def test_a_firm_that_is_not_loaded_says_nothing_in_public(desk: Desk, cast: Cast) -> None:
    with pytest.raises(FieldFault) as fault:
        declare(desk, cast.officer, "999999999", DeclarationDraft("makes", "Mots", "public"))
    assert fault.value.field == "visibility"
    declare(desk, cast.officer, "999999999", DeclarationDraft("makes", "Mots", "network"))


@pytest.mark.usefixtures("said")
def test_a_firm_that_objects_is_read_by_itself_and_the_officers(desk: Desk, cast: Cast) -> None:
    desk.objections.object(cast.head, SIREN_HERE)
    for part in ("head", "officer", "admin"):
        assert len(seen(desk, cast.scopes[part])) == 4, part
    for part in ("anyone", "head_partner", "partner", "inhabitant", "analyst", "head_away", "super_admin"):
        with pytest.raises(Objected):
            desk.declarations.read(cast.scopes[part], SIREN_HERE)
    assert seen(desk, cast.officer_away) == set()


def test_a_number_that_is_none_is_refused(desk: Desk, cast: Cast) -> None:
    with pytest.raises(RequestFault):
        desk.declarations.read(cast.anyone, "abc")
    with pytest.raises(NotFound):
        declare(desk, cast.head, SIREN_AWAY, DeclarationDraft("makes", "Mots", "public"))
