"""Dossiers: who opens, reads and changes them, what is refused, what two dossiers become when they are merged."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.journal.cast import SIREN_HERE, SIREN_PARTNER, Cast, Clock
from vigie.domain.access import Scope
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.communes import commune_code, typed_commune, written_commune
from vigie.services.desk import Desk
from vigie.services.followup import contacts, dossiers, exchanges, marking, reminders
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.contacts import ContactEntry
from vigie.services.followup.dossiers import AlreadyFollowed
from vigie.services.followup.exchanges import ExchangeEntry
from vigie.services.followup.reading import DossierFilter
from vigie.store.journal.followup import Dossier
from vigie.store.journal.records import Audit, JournalEvent
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

FIRM = DossierEntry("firm", "Chaudronnerie d’essai", siren=SIREN_HERE, commune="Les Herbiers")


@pytest.fixture
def office(desk: Desk) -> Desk:
    return desk


@pytest.fixture
def dossier(office: Desk, cast: Cast) -> str:
    return office.acts.run(cast.officer, dossiers.OPENED, "", FIRM).line.id


def _titles(office: Desk, scope: Scope, **asked: object) -> list[str | None]:
    return [line.title for line in office.followup.dossiers.search(scope, DossierFilter(**asked)).dossiers]  # type: ignore[arg-type]


def test_a_firm_that_objects_is_not_prospected(desk: Desk, cast: Cast) -> None:
    entry = DossierEntry("firm", "Forge d’essai", siren=SIREN_HERE, prospecting=True)
    opened = desk.acts.run(cast.officer, dossiers.OPENED, "", entry)
    today = desk.journal.today(cast.officer)
    desk.acts.run(cast.officer, reminders.ADDED, "", reminders.ReminderEntry("Relancer", today, dossier=opened.line.id))
    assert [line.prospect for line in desk.followup.reminders.to_chase(cast.officer)] == [SIREN_HERE]
    assert len(desk.followup.monday.page(cast.officer).reminders) == 1
    desk.objections.object(cast.head, SIREN_HERE)
    assert desk.followup.reminders.to_chase(cast.officer) == desk.followup.monday.page(cast.officer).reminders == ()
    assert desk.followup.dossiers.read(cast.officer, opened.line.id).objecting
    for attempt in (
        lambda: desk.acts.run(cast.officer, dossiers.OPENED, "", {**asdict(entry), "anyway": True}),
        lambda: desk.acts.run(cast.officer, dossiers.EDITED, opened.line.id, entry),
    ):
        with pytest.raises(FieldFault, match="opposée"):
            attempt()
    followed = desk.acts.run(cast.officer, dossiers.EDITED, opened.line.id, replace(entry, prospecting=False))
    assert not followed.prospecting, "it may be followed when it asks"
    assert len(desk.followup.reminders.to_chase(cast.officer)) == 1


def test_a_dossier_is_opened_and_read(office: Desk, cast: Cast, clock: Clock, dossier: str) -> None:
    read = office.followup.dossiers.read(cast.admin, dossier)
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
def test_what_cannot_be_kept_names_its_field(office: Desk, cast: Cast, change: dict[str, str], field: str) -> None:
    with pytest.raises(FieldFault) as fault:
        office.acts.run(cast.officer, dossiers.OPENED, "", replace(DossierEntry("holder", "Projet"), **change))
    assert fault.value.field == field
    assert office.followup.dossiers.search(cast.officer, DossierFilter()).total == 0


def test_roles_read_what_the_matrix_says(office: Desk, cast: Cast, dossier: str) -> None:
    office.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("note", "Méfiance sur les délais"))
    office.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("visit", "Visite de l’atelier"))
    for part in ("officer", "admin"):
        assert {line.kind for line in office.followup.dossiers.read(cast.scopes[part], dossier).exchanges} == {
            "note",
            "visit",
        }
    head = office.followup.dossiers.read(cast.head, dossier)
    assert [line.kind for line in head.exchanges] == ["visit"]
    assert (head.inside, head.may_write, head.reminders, head.tags, head.information) == (False, False, (), (), "")
    for part in ("head_partner", "partner", "inhabitant", "analyst", "elected", "officer_away", "admin_away",
                 "head_away", "super_admin", "anyone"):  # fmt: skip
        with pytest.raises(NotFound):
            office.followup.dossiers.read(cast.scopes[part], dossier)


def test_only_followers_write(office: Desk, cast: Cast, dossier: str) -> None:
    for part in ("head", "partner", "analyst", "elected", "inhabitant", "officer_away", "super_admin", "anyone"):
        scope = cast.scopes[part]
        for work in (
            lambda scope: office.acts.run(scope, dossiers.EDITED, dossier, FIRM),
            lambda scope: office.acts.run(scope, dossiers.CLOSED, dossier, {}),
            lambda scope: office.acts.run(scope, dossiers.WITHDRAWN, dossier, {}),
            lambda scope: office.acts.run(scope, contacts.ADDED, dossier, ContactEntry("Quelqu’un")),
            lambda scope: office.acts.run(scope, exchanges.RECORDED, dossier, ExchangeEntry("call", "Appel")),
            lambda scope: office.acts.run(
                scope, reminders.ADDED, "", reminders.ReminderEntry("Rappeler", date(2026, 12, 1), dossier=dossier)
            ),
            lambda scope: office.acts.run(scope, marking.TAGGED, dossier, marking.Tagging("robotique")),
            lambda scope: office.acts.run(scope, marking.SHARED, dossier, marking.Sharing(cast.partner.person)),
        ):
            with pytest.raises(NotFound):
                work(scope)
    assert office.followup.dossiers.read(cast.officer, dossier).contacts == ()


def test_a_token_never_writes(office: Desk, cast: Cast, dossier: str) -> None:
    with pytest.raises(NotFound):
        office.acts.run(replace(cast.officer, via="token"), dossiers.CLOSED, dossier, {})


def test_a_head_without_a_siren_reads_no_dossier_without_one(office: Desk, cast: Cast) -> None:
    project = office.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry("holder", "Porteur sans SIREN")).line.id
    nobody = replace(cast.head, siren="")
    with pytest.raises(NotFound):
        office.followup.dossiers.read(nobody, project)
    assert office.followup.dossiers.search(nobody, DossierFilter()).total == 0


def test_a_dossier_is_shared_with_a_partner_without_its_notes(office: Desk, cast: Cast, dossier: str) -> None:
    office.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("note", "Entre nous"))
    with pytest.raises(FieldFault):
        office.acts.run(cast.officer, marking.SHARED, dossier, marking.Sharing(cast.analyst.person))
    office.acts.run(cast.officer, marking.SHARED, dossier, marking.Sharing(cast.partner.person))
    office.acts.run(cast.officer, marking.SHARED, dossier, marking.Sharing(cast.partner.person))
    shared = office.followup.dossiers.read(cast.partner, dossier)
    assert (shared.exchanges, shared.inside) == ((), False)
    assert _titles(office, cast.partner) == ["Chaudronnerie d’essai"]
    assert len(office.followup.dossiers.read(cast.officer, dossier).shares) == 1
    office.acts.run(cast.officer, marking.UNSHARED, dossier, marking.Sharing(cast.partner.person))
    with pytest.raises(NotFound):
        office.followup.dossiers.read(cast.partner, dossier)
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, marking.UNSHARED, dossier, marking.Sharing(cast.partner.person))


def test_every_reading_is_traced(office: Desk, cast: Cast, journal: SqlJournal, dossier: str) -> None:
    office.followup.dossiers.read(cast.head, dossier)
    journal.gather()
    with journal.reading(cast.admin) as reader:
        traced = reader.all(select(Audit).where(Audit.kind == "dossier.read", Audit.person_id == cast.head.person))
    assert [(line.subject, line.siren) for line in traced] == [(dossier, SIREN_HERE)]


def test_a_firm_already_followed_is_said_and_never_merged_on_nothing(office: Desk, cast: Cast, dossier: str) -> None:
    with pytest.raises(AlreadyFollowed) as warning:
        office.acts.run(
            cast.officer, dossiers.OPENED, "", dossiers.prefilled(cast.officer, office.register, f"{SIREN_HERE}00017")
        )
    assert [line.id for line in warning.value.dossiers] == [dossier]
    second = office.acts.run(cast.officer, dossiers.OPENED, "", {**asdict(FIRM), "anyway": True})
    assert [line.id for line in second.same_firm] == [dossier]
    empty = [
        office.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry("holder", f"Projet {n}")) for n in range(2)
    ]
    assert empty[1].same_firm == () and office.followup.dossiers.on_firm(cast.officer, "") == ()
    with pytest.raises(Conflict, match="SIREN"):
        office.acts.run(cast.officer, dossiers.MERGED, empty[0].line.id, {"other": empty[1].line.id})
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, dossiers.MERGED, dossier, {"other": dossier})
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, dossiers.MERGED, dossier, {"other": empty[0].line.id})


def test_merging_loses_nothing_and_is_one_event(office: Desk, cast: Cast, journal: SqlJournal, dossier: str) -> None:
    other = office.acts.run(
        cast.officer,
        dossiers.OPENED,
        "",
        {**asdict(replace(FIRM, title="Doublon", summary="Veut s’agrandir", source="salon")), "anyway": True},
    ).line.id
    for where in (dossier, other):
        office.acts.run(cast.officer, marking.TAGGED, where, marking.Tagging("Robotique"))
        office.acts.run(cast.officer, marking.SHARED, where, marking.Sharing(cast.partner.person))
    office.acts.run(cast.officer, marking.TAGGED, other, marking.Tagging("export"))
    contact = office.acts.run(cast.officer, contacts.ADDED, other, ContactEntry("Une personne", email="p@example.org"))
    office.acts.run(cast.officer, exchanges.RECORDED, other, ExchangeEntry("note", "Note du doublon"))
    office.acts.run(
        cast.officer, exchanges.RECORDED, other, ExchangeEntry("call", "Appel", date(2026, 11, 20), contact=contact.id)
    )
    office.acts.run(
        cast.officer, reminders.ADDED, "", reminders.ReminderEntry("Rappeler", date(2026, 12, 1), dossier=other)
    )
    merged = office.acts.run(cast.officer, dossiers.MERGED, dossier, {"other": other})
    assert [tag.label for tag in merged.tags] == ["export", "robotique"]
    assert [share.person for share in merged.shares] == [cast.partner.person]
    assert [card.name for card in merged.contacts] == ["Une personne"]
    assert sorted(line.body or "" for line in merged.exchanges) == ["Appel", "Note du doublon"]
    assert [line.reason for line in merged.reminders] == ["Rappeler"]
    assert merged.line.last_contact_on == date(2026, 11, 20)
    assert "Doublon" in (merged.summary or "") and "Veut s’agrandir" in (merged.summary or "")
    assert merged.source == "salon"
    gone = office.followup.dossiers.read(cast.officer, other)
    assert (gone.line.withdrawn, gone.merged_into, gone.contacts) == (True, dossier, ())
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, dossiers.RESTORED, other, {})
    with journal.reading(cast.officer) as reader:
        assert reader.count(select(JournalEvent).where(JournalEvent.kind == "dossier.merged")) == 1


def test_a_dossier_is_closed_reopened_withdrawn_restored(office: Desk, cast: Cast, clock: Clock, dossier: str) -> None:
    assert office.acts.run(cast.officer, dossiers.CLOSED, dossier, {}).line.state == "closed"
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, dossiers.CLOSED, dossier, {})
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("call", "Appel"))
    assert office.acts.run(cast.officer, dossiers.REOPENED, dossier, {}).closed_at is None
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, dossiers.REOPENED, dossier, {})
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, dossiers.RESTORED, dossier, {})
    clock.forward(hours=1)
    office.acts.run(cast.officer, dossiers.WITHDRAWN, dossier, {})
    assert _titles(office, cast.officer) == []
    assert _titles(office, cast.officer, state="withdrawn") == ["Chaudronnerie d’essai"]
    with pytest.raises(NotFound):
        office.followup.dossiers.read(cast.head, dossier)
    with pytest.raises(NotFound):
        office.acts.run(cast.officer, dossiers.EDITED, dossier, FIRM)
    assert office.acts.run(cast.admin, dossiers.RESTORED, dossier, {}).line.withdrawn is False


def test_an_erased_dossier_no_longer_changes(office: Desk, cast: Cast, journal: SqlJournal, dossier: str) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.erased", dossier)
        unit.erase(unit.get(Dossier, dossier))
    assert office.followup.dossiers.read(cast.officer, dossier).erased
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, dossiers.EDITED, dossier, FIRM)


def test_lists_filter_sort_and_turn_pages(office: Desk, cast: Cast, clock: Clock, dossier: str) -> None:
    clock.forward(days=1)
    office.acts.run(cast.admin, dossiers.OPENED, "", DossierEntry("prospect", "Épicerie du Bocage", commune="85084"))
    clock.forward(days=1)
    third = office.acts.run(
        cast.officer, dossiers.OPENED, "", DossierEntry("premises", "Local vide", commune="85109")
    ).line.id
    office.acts.run(cast.officer, marking.TAGGED, third, marking.Tagging("Friche"))
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
    page = office.followup.dossiers.search(cast.officer, DossierFilter(page=2, per_page=2))
    assert ([line.title for line in page.dossiers], page.total, page.total_pages) == ([everything[2]], 3, 2)
    office.acts.run(cast.officer, marking.UNTAGGED, third, marking.Tagging("friche"))
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


def test_signs_are_literal_in_the_words_of_a_title(office: Desk, cast: Cast, dossier: str) -> None:
    office.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry("prospect", "Reprise à 50 % du Bocage_imaginaire"))
    assert _titles(office, cast.officer, text="%") == ["Reprise à 50 % du Bocage_imaginaire"]
    assert _titles(office, cast.officer, text="_") == ["Reprise à 50 % du Bocage_imaginaire"]
    assert _titles(office, cast.officer, text="'") == ["Chaudronnerie d’essai"]
    assert _titles(office, cast.officer, text="🍕") == []
    assert len(_titles(office, cast.officer, text="  ")) == 2


def test_a_form_sent_twice_writes_once(office: Desk, cast: Cast) -> None:
    asked = replace(cast.officer, request_key="once")
    first = office.acts.run(asked, dossiers.OPENED, "", FIRM)
    again = office.acts.run(asked, dossiers.OPENED, "", FIRM)
    assert first.line.id == again.line.id
    closing = replace(cast.officer, request_key="closing")
    for _ in range(2):
        assert office.acts.run(closing, dossiers.CLOSED, first.line.id, {}).line.state == "closed"


def test_last_contact_follows_what_comes_from_the_contact(office: Desk, cast: Cast, dossier: str) -> None:
    def last() -> tuple[date | None, date | None]:
        line = office.followup.dossiers.read(cast.officer, dossier).line
        return line.last_contact_on, line.waiting_since

    def record(scope: Scope, about: str, said: ExchangeEntry) -> exchanges.KeptExchange:
        return office.acts.run(scope, exchanges.RECORDED, about, said)

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
    office.acts.run(cast.officer, exchanges.WITHDRAWN, visit.id, {})
    assert last()[0] == date(2026, 11, 9)
    office.acts.run(
        cast.officer, exchanges.EDITED, answer.id, ExchangeEntry("email", "Réponse", date(2026, 11, 9), "sent")
    )
    assert last()[0] is None


def test_a_note_is_its_author_s_and_stays_a_note(office: Desk, cast: Cast, dossier: str) -> None:
    note = office.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("note", "À moi"))
    with pytest.raises(NotFound):
        office.acts.run(cast.admin, exchanges.RECORDED, dossier, ExchangeEntry("note", "D’un autre"))
    with pytest.raises(NotFound):
        office.acts.run(cast.admin, exchanges.EDITED, note.id, ExchangeEntry("note", "Changée"))
    with pytest.raises(NotFound):
        office.acts.run(cast.admin, exchanges.WITHDRAWN, note.id, {})
    with pytest.raises(FieldFault):
        office.acts.run(cast.officer, exchanges.EDITED, note.id, ExchangeEntry("call", "Plus une note"))
    assert (
        office.acts.run(cast.officer, exchanges.EDITED, note.id, ExchangeEntry("note", "Corrigée")).body == "Corrigée"
    )
    office.acts.run(cast.officer, exchanges.WITHDRAWN, note.id, {})
    with pytest.raises(FieldFault):
        office.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("call", "Demain", date(2027, 1, 1)))


def test_contacts_are_kept_told_and_withdrawn(office: Desk, cast: Cast, dossier: str) -> None:
    with pytest.raises(FieldFault) as fault:
        office.acts.run(cast.officer, contacts.ADDED, dossier, ContactEntry("Une personne", email="pas une adresse"))
    assert fault.value.field == "email"
    made = office.acts.run(
        cast.officer, contacts.ADDED, dossier, ContactEntry("Une personne", "gérance", "p@example.org")
    )
    assert made.informed_on is None
    assert office.acts.run(cast.officer, contacts.INFORMED, made.id, {}).informed_on == date(2026, 11, 23)
    visit = ExchangeEntry("visit", "Visite", date(2026, 11, 2), contact=made.id)
    office.acts.run(cast.officer, exchanges.RECORDED, dossier, visit)
    assert office.acts.tell(cast.officer, contacts.read_contact, made.id).last_contact_on == date(2026, 11, 2)
    changed = office.acts.run(
        cast.officer, contacts.EDITED, made.id, ContactEntry("Une autre", informed_on=made.informed_on)
    )
    assert (changed.name, changed.email) == ("Une autre", None)
    with pytest.raises(NotFound):
        office.acts.tell(cast.officer_away, contacts.read_contact, made.id)
    elsewhere = office.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry("holder", "Autre")).line.id
    with pytest.raises(FieldFault):
        office.acts.run(cast.officer, exchanges.RECORDED, elsewhere, visit)
    office.acts.run(cast.officer, contacts.WITHDRAWN, made.id, {})
    assert office.followup.dossiers.read(cast.officer, dossier).contacts == ()
