"""Dossiers: who opens, reads and changes them, what is refused, what two dossiers become when they are merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_HERE, SIREN_PARTNER, Cast, Clock
from vigie.domain.access import Scope
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.desk import Desk
from vigie.services.followup.communes import commune_code, typed_commune, written_commune
from vigie.services.followup.dossiers import AlreadyFollowed
from vigie.services.followup.entries import ContactEntry, DossierEntry, ExchangeEntry
from vigie.services.followup.finding import DossierFilter
from vigie.services.followup.use_cases import FollowUp
from vigie.store.journal.followup import Dossier
from vigie.store.journal.records import Audit, JournalEvent
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

FIRM = DossierEntry("firm", "Chaudronnerie d’essai", siren=SIREN_HERE, commune="Les Herbiers")


@pytest.fixture
def office(desk: Desk) -> FollowUp:
    return desk.followup


@pytest.fixture
def dossier(office: FollowUp, cast: Cast) -> str:
    return office.dossiers.open(cast.officer, FIRM).line.id


def _titles(office: FollowUp, scope: Scope, **asked: object) -> list[str | None]:
    return [line.title for line in office.dossiers.search(scope, DossierFilter(**asked)).dossiers]  # type: ignore[arg-type]


def test_a_firm_that_objects_is_not_prospected(desk: Desk, cast: Cast) -> None:
    entry = DossierEntry("firm", "Forge d’essai", siren=SIREN_HERE, prospecting=True)
    opened = desk.followup.dossiers.open(cast.officer, entry)
    today = desk.journal.today(cast.officer)
    desk.followup.reminders.add(cast.officer, today, "Relancer", dossier=opened.line.id)
    assert [line.prospect for line in desk.followup.reminders.to_chase(cast.officer)] == [SIREN_HERE]
    assert len(desk.followup.monday.page(cast.officer).reminders) == 1
    desk.objections.object(cast.head, SIREN_HERE)
    assert desk.followup.reminders.to_chase(cast.officer) == desk.followup.monday.page(cast.officer).reminders == ()
    assert desk.followup.dossiers.read(cast.officer, opened.line.id).objecting
    for attempt in (
        lambda: desk.followup.dossiers.open(cast.officer, entry, anyway=True),
        lambda: desk.followup.dossiers.edit(cast.officer, opened.line.id, entry),
    ):
        with pytest.raises(FieldFault, match="opposée"):
            attempt()
    followed = desk.followup.dossiers.edit(cast.officer, opened.line.id, replace(entry, prospecting=False))
    assert not followed.prospecting, "it may be followed when it asks"
    assert len(desk.followup.reminders.to_chase(cast.officer)) == 1


def test_a_dossier_is_opened_and_read(office: FollowUp, cast: Cast, clock: Clock, dossier: str) -> None:
    read = office.dossiers.read(cast.admin, dossier)
    assert (read.line.title, read.line.commune, read.line.commune_name) == (
        "Chaudronnerie d’essai", "85109", "Les Herbiers",
    )  # fmt: skip
    assert read.line.owner == cast.officer.person
    told = read.as_dict()
    assert told["id"] == dossier
    assert told["opened_at"] == clock.now.isoformat()
    assert "opposer" in read.information and "mission d’intérêt public" in read.information


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"kind": "chose"}, "kind"),
        ({"siren": "123456789"}, "siren"),
        ({"siren": SIREN_HERE, "siret": f"{SIREN_PARTNER}00018"}, "siret"),
        ({"commune": "Nulle-Part-sur-Rien"}, "commune"),
        ({"owner": "head".ljust(20, "0")}, "owner"),
    ],
)
def test_what_cannot_be_kept_names_its_field(office: FollowUp, cast: Cast, change: dict[str, str], field: str) -> None:
    with pytest.raises(FieldFault) as fault:
        office.dossiers.open(cast.officer, replace(DossierEntry("holder", "Projet"), **change))
    assert fault.value.field == field
    assert office.dossiers.search(cast.officer, DossierFilter()).total == 0


def test_roles_read_what_the_matrix_says(office: FollowUp, cast: Cast, dossier: str) -> None:
    office.exchanges.record(cast.officer, dossier, ExchangeEntry("note", "Méfiance sur les délais"))
    office.exchanges.record(cast.officer, dossier, ExchangeEntry("visit", "Visite de l’atelier"))
    for part in ("officer", "admin"):
        assert {line.kind for line in office.dossiers.read(cast.scopes[part], dossier).exchanges} == {"note", "visit"}
    head = office.dossiers.read(cast.head, dossier)
    assert [line.kind for line in head.exchanges] == ["visit"]
    assert (head.inside, head.may_write, head.reminders, head.tags, head.information) == (False, False, (), (), "")
    for part in ("head_partner", "partner", "inhabitant", "analyst", "elected", "officer_away", "admin_away",
                 "head_away", "super_admin", "anyone"):  # fmt: skip
        with pytest.raises(NotFound):
            office.dossiers.read(cast.scopes[part], dossier)


def test_only_followers_write(office: FollowUp, cast: Cast, dossier: str) -> None:
    for part in ("head", "partner", "analyst", "elected", "inhabitant", "officer_away", "super_admin", "anyone"):
        scope = cast.scopes[part]
        for work in (
            lambda scope: office.dossiers.edit(scope, dossier, FIRM),
            lambda scope: office.dossiers.close(scope, dossier),
            lambda scope: office.dossiers.withdraw(scope, dossier),
            lambda scope: office.contacts.add(scope, dossier, ContactEntry("Quelqu’un")),
            lambda scope: office.exchanges.record(scope, dossier, ExchangeEntry("call", "Appel")),
            lambda scope: office.reminders.add(scope, date(2026, 12, 1), "Rappeler", dossier=dossier),
            lambda scope: office.marking.tag(scope, dossier, "robotique"),
            lambda scope: office.marking.share(scope, dossier, cast.partner.person),
        ):
            with pytest.raises(NotFound):
                work(scope)
    assert office.dossiers.read(cast.officer, dossier).contacts == ()


def test_a_token_never_writes(office: FollowUp, cast: Cast, dossier: str) -> None:
    with pytest.raises(NotFound):
        office.dossiers.close(replace(cast.officer, via="token"), dossier)


def test_a_head_without_a_siren_reads_no_dossier_without_one(office: FollowUp, cast: Cast) -> None:
    project = office.dossiers.open(cast.officer, DossierEntry("holder", "Porteur sans SIREN")).line.id
    nobody = replace(cast.head, siren="")
    with pytest.raises(NotFound):
        office.dossiers.read(nobody, project)
    assert office.dossiers.search(nobody, DossierFilter()).total == 0


def test_a_dossier_is_shared_with_a_partner_without_its_notes(office: FollowUp, cast: Cast, dossier: str) -> None:
    office.exchanges.record(cast.officer, dossier, ExchangeEntry("note", "Entre nous"))
    with pytest.raises(FieldFault):
        office.marking.share(cast.officer, dossier, cast.analyst.person)
    office.marking.share(cast.officer, dossier, cast.partner.person)
    office.marking.share(cast.officer, dossier, cast.partner.person)
    shared = office.dossiers.read(cast.partner, dossier)
    assert (shared.exchanges, shared.inside) == ((), False)
    assert _titles(office, cast.partner) == ["Chaudronnerie d’essai"]
    assert len(office.dossiers.read(cast.officer, dossier).shares) == 1
    office.marking.unshare(cast.officer, dossier, cast.partner.person)
    with pytest.raises(NotFound):
        office.dossiers.read(cast.partner, dossier)
    with pytest.raises(Conflict):
        office.marking.unshare(cast.officer, dossier, cast.partner.person)


def test_every_reading_is_traced(office: FollowUp, cast: Cast, journal: SqlJournal, dossier: str) -> None:
    office.dossiers.read(cast.head, dossier)
    with journal.reading(cast.admin) as reader:
        traced = reader.all(select(Audit).where(Audit.kind == "dossier.read", Audit.person_id == cast.head.person))
    assert [(line.subject, line.siren) for line in traced] == [(dossier, SIREN_HERE)]


def test_a_firm_already_followed_is_said_and_never_merged_on_nothing(
    office: FollowUp, cast: Cast, dossier: str
) -> None:
    with pytest.raises(AlreadyFollowed) as warning:
        office.dossiers.open_on_firm(cast.officer, f"{SIREN_HERE}00017")
    assert [line.id for line in warning.value.dossiers] == [dossier]
    second = office.dossiers.open(cast.officer, FIRM, anyway=True)
    assert [line.id for line in second.same_firm] == [dossier]
    empty = [office.dossiers.open(cast.officer, DossierEntry("holder", f"Projet {n}")) for n in range(2)]
    assert empty[1].same_firm == () and office.dossiers.on_firm(cast.officer, "") == ()
    with pytest.raises(Conflict, match="SIREN"):
        office.dossiers.merge(cast.officer, empty[0].line.id, empty[1].line.id)
    with pytest.raises(Conflict):
        office.dossiers.merge(cast.officer, dossier, dossier)
    with pytest.raises(Conflict):
        office.dossiers.merge(cast.officer, dossier, empty[0].line.id)


def test_merging_loses_nothing_and_is_one_event(
    office: FollowUp, cast: Cast, journal: SqlJournal, dossier: str
) -> None:
    other = office.dossiers.open(
        cast.officer, replace(FIRM, title="Doublon", summary="Veut s’agrandir", source="salon"), anyway=True
    ).line.id
    for where in (dossier, other):
        office.marking.tag(cast.officer, where, "Robotique")
        office.marking.share(cast.officer, where, cast.partner.person)
    office.marking.tag(cast.officer, other, "export")
    contact = office.contacts.add(cast.officer, other, ContactEntry("Une personne", email="p@example.org"))
    office.exchanges.record(cast.officer, other, ExchangeEntry("note", "Note du doublon"))
    office.exchanges.record(cast.officer, other, ExchangeEntry("call", "Appel", date(2026, 11, 20), contact=contact.id))
    office.reminders.add(cast.officer, date(2026, 12, 1), "Rappeler", dossier=other)
    merged = office.dossiers.merge(cast.officer, dossier, other)
    assert [tag.label for tag in merged.tags] == ["export", "robotique"]
    assert [share.person for share in merged.shares] == [cast.partner.person]
    assert [card.name for card in merged.contacts] == ["Une personne"]
    assert sorted(line.body or "" for line in merged.exchanges) == ["Appel", "Note du doublon"]
    assert [line.reason for line in merged.reminders] == ["Rappeler"]
    assert merged.line.last_contact_on == date(2026, 11, 20)
    assert "Doublon" in (merged.summary or "") and "Veut s’agrandir" in (merged.summary or "")
    assert merged.source == "salon"
    gone = office.dossiers.read(cast.officer, other)
    assert (gone.line.withdrawn, gone.merged_into, gone.contacts) == (True, dossier, ())
    with pytest.raises(Conflict):
        office.dossiers.restore(cast.officer, other)
    with journal.reading(cast.officer) as reader:
        assert reader.count(select(JournalEvent).where(JournalEvent.kind == "dossier.merged")) == 1


def test_a_dossier_is_closed_reopened_withdrawn_restored(
    office: FollowUp, cast: Cast, clock: Clock, dossier: str
) -> None:
    assert office.dossiers.close(cast.officer, dossier).line.state == "closed"
    with pytest.raises(Conflict):
        office.dossiers.close(cast.officer, dossier)
    with pytest.raises(Conflict):
        office.exchanges.record(cast.officer, dossier, ExchangeEntry("call", "Appel"))
    assert office.dossiers.reopen(cast.officer, dossier).closed_at is None
    with pytest.raises(Conflict):
        office.dossiers.reopen(cast.officer, dossier)
    with pytest.raises(Conflict):
        office.dossiers.restore(cast.officer, dossier)
    clock.forward(hours=1)
    office.dossiers.withdraw(cast.officer, dossier)
    assert _titles(office, cast.officer) == []
    assert _titles(office, cast.officer, state="withdrawn") == ["Chaudronnerie d’essai"]
    with pytest.raises(NotFound):
        office.dossiers.read(cast.head, dossier)
    with pytest.raises(NotFound):
        office.dossiers.edit(cast.officer, dossier, FIRM)
    assert office.dossiers.restore(cast.admin, dossier).line.withdrawn is False


def test_an_erased_dossier_no_longer_changes(office: FollowUp, cast: Cast, journal: SqlJournal, dossier: str) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.erased", dossier)
        unit.erase(unit.get(Dossier, dossier))
    assert office.dossiers.read(cast.officer, dossier).erased
    with pytest.raises(Conflict):
        office.dossiers.edit(cast.officer, dossier, FIRM)


def test_lists_filter_sort_and_turn_pages(office: FollowUp, cast: Cast, clock: Clock, dossier: str) -> None:
    clock.forward(days=1)
    office.dossiers.open(cast.admin, DossierEntry("prospect", "Épicerie du Bocage", commune="85084"))
    clock.forward(days=1)
    third = office.dossiers.open(cast.officer, DossierEntry("premises", "Local vide", commune="85109")).line.id
    office.marking.tag(cast.officer, third, "Friche")
    everything = ["Local vide", "Épicerie du Bocage", "Chaudronnerie d’essai"]
    assert _titles(office, cast.officer) == everything
    assert _titles(office, cast.officer, sort="title") == [everything[2], everything[1], everything[0]]
    assert _titles(office, cast.officer, text="EPICERIE bocage") == ["Épicerie du Bocage"]
    assert _titles(office, cast.officer, kind="premises") == ["Local vide"]
    assert _titles(office, cast.officer, commune="Les Herbiers") == ["Local vide", "Chaudronnerie d’essai"]
    assert _titles(office, cast.officer, owner=cast.admin.person) == ["Épicerie du Bocage"]
    assert _titles(office, cast.officer, tag=" friche ") == ["Local vide"]
    assert _titles(office, cast.officer, siren=SIREN_HERE) == ["Chaudronnerie d’essai"]
    spaced = f"{SIREN_HERE[:3]}\u00a0{SIREN_HERE[3:6]} {SIREN_HERE[6:]}"
    for number in (
        spaced,
        f"{spaced} 00019",
        f"FR 12 {spaced}",
        f"{SIREN_HERE[:3]}.{SIREN_HERE[3:6]}-{SIREN_HERE[6:]}",
    ):
        assert _titles(office, cast.officer, siren=number) == ["Chaudronnerie d’essai"]
        assert _titles(office, cast.officer, text=number) == ["Chaudronnerie d’essai"]
    page = office.dossiers.search(cast.officer, DossierFilter(page=2, per_page=2))
    assert ([line.title for line in page.dossiers], page.total, page.total_pages) == ([everything[2]], 3, 2)
    office.marking.untag(cast.officer, third, "friche")
    assert _titles(office, cast.officer, tag="friche") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Olonne sur Mer", "85194"), ("L'Aiguillon-sur-Mer", "85001"), ("75016", "75116"), ("lyon 4eme", "69384"),
     ("85109", "85109"), ("85166", "85194")],
)  # fmt: skip
def test_the_commune_of_a_dossier_is_read_in_every_usual_writing(typed: str, code: str) -> None:
    assert commune_code(typed) == code


def test_five_digits_with_two_readings_are_both_offered_to_people() -> None:
    with pytest.raises(FieldFault, match=r"Les Sables-d'Olonne.*Givrand"):
        typed_commune("85100")
    assert commune_code("85100") == commune_code(written_commune("85100")) == "85100"
    assert (typed_commune(" 75016"), typed_commune("85109"), written_commune("85109")) == (" 75016", "85109", "85109")


def test_signs_are_literal_in_the_words_of_a_title(office: FollowUp, cast: Cast, dossier: str) -> None:
    office.dossiers.open(cast.officer, DossierEntry("prospect", "Reprise à 50 % du Bocage_imaginaire"))
    assert _titles(office, cast.officer, text="%") == ["Reprise à 50 % du Bocage_imaginaire"]
    assert _titles(office, cast.officer, text="_") == ["Reprise à 50 % du Bocage_imaginaire"]
    assert _titles(office, cast.officer, text="'") == ["Chaudronnerie d’essai"]
    assert _titles(office, cast.officer, text="🍕") == []
    assert len(_titles(office, cast.officer, text="  ")) == 2


def test_a_form_sent_twice_writes_once(office: FollowUp, cast: Cast) -> None:
    asked = replace(cast.officer, request_key="once")
    first = office.dossiers.open(asked, FIRM)
    again = office.dossiers.open(asked, FIRM)
    assert first.line.id == again.line.id
    closing = replace(cast.officer, request_key="closing")
    for _ in range(2):
        assert office.dossiers.close(closing, first.line.id).line.state == "closed"


def test_last_contact_follows_what_comes_from_the_contact(office: FollowUp, cast: Cast, dossier: str) -> None:
    def last() -> tuple[date | None, date | None]:
        line = office.dossiers.read(cast.officer, dossier).line
        return line.last_contact_on, line.waiting_since

    record = office.exchanges.record
    record(cast.officer, dossier, ExchangeEntry("email", "Bonjour", date(2026, 11, 3)))
    assert last() == (None, date(2026, 11, 3))
    record(cast.officer, dossier, ExchangeEntry("call", "Message laissé", date(2026, 11, 5), direction="sent"))
    assert last() == (None, date(2026, 11, 3))
    record(cast.officer, dossier, ExchangeEntry("note", "Rien", date(2026, 11, 6)))
    assert last() == (None, date(2026, 11, 3))
    answer = record(cast.officer, dossier, ExchangeEntry("email", "Réponse", date(2026, 11, 9), direction="received"))
    assert last() == (date(2026, 11, 9), None)
    visit = record(cast.officer, dossier, ExchangeEntry("visit", "Visite", date(2026, 11, 12), waiting=True))
    assert last() == (date(2026, 11, 12), date(2026, 11, 12))
    office.exchanges.withdraw(cast.officer, visit.id)
    assert last()[0] == date(2026, 11, 9)
    office.exchanges.edit(cast.officer, answer.id, ExchangeEntry("email", "Réponse", date(2026, 11, 9), "sent"))
    assert last()[0] is None


def test_a_note_is_its_author_s_and_stays_a_note(office: FollowUp, cast: Cast, dossier: str) -> None:
    note = office.exchanges.record(cast.officer, dossier, ExchangeEntry("note", "À moi"))
    with pytest.raises(NotFound):
        office.exchanges.record(cast.admin, dossier, ExchangeEntry("note", "D’un autre"))
    with pytest.raises(NotFound):
        office.exchanges.edit(cast.admin, note.id, ExchangeEntry("note", "Changée"))
    with pytest.raises(NotFound):
        office.exchanges.withdraw(cast.admin, note.id)
    with pytest.raises(FieldFault):
        office.exchanges.edit(cast.officer, note.id, ExchangeEntry("call", "Plus une note"))
    assert office.exchanges.edit(cast.officer, note.id, ExchangeEntry("note", "Corrigée")).body == "Corrigée"
    assert office.exchanges.withdraw(cast.officer, note.id) == dossier
    with pytest.raises(FieldFault):
        office.exchanges.record(cast.officer, dossier, ExchangeEntry("call", "Demain", date(2027, 1, 1)))


def test_contacts_are_kept_told_and_withdrawn(office: FollowUp, cast: Cast, dossier: str) -> None:
    with pytest.raises(FieldFault) as fault:
        office.contacts.add(cast.officer, dossier, ContactEntry("Une personne", email="pas une adresse"))
    assert fault.value.field == "email"
    made = office.contacts.add(cast.officer, dossier, ContactEntry("Une personne", "gérance", "p@example.org"))
    assert made.informed_on is None
    assert office.contacts.informed(cast.officer, made.id).informed_on == date(2026, 11, 23)
    visit = ExchangeEntry("visit", "Visite", date(2026, 11, 2), contact=made.id)
    office.exchanges.record(cast.officer, dossier, visit)
    assert office.contacts.read(cast.officer, made.id).last_contact_on == date(2026, 11, 2)
    changed = office.contacts.edit(cast.officer, made.id, ContactEntry("Une autre", informed_on=made.informed_on))
    assert (changed.name, changed.email) == ("Une autre", None)
    with pytest.raises(NotFound):
        office.contacts.read(cast.officer_away, made.id)
    elsewhere = office.dossiers.open(cast.officer, DossierEntry("holder", "Autre")).line.id
    with pytest.raises(FieldFault):
        office.exchanges.record(cast.officer, elsewhere, visit)
    assert office.contacts.withdraw(cast.officer, made.id) == dossier
    assert office.dossiers.read(cast.officer, dossier).contacts == ()
