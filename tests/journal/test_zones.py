"""The day of an organisation is that of its own clocks, whatever the clock of the server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.journal.cast import Cast, Clock
from vigie.domain import french
from vigie.domain.access import Scope
from vigie.domain.moderation import RULES
from vigie.domain.zones import ZONES, zone_info, zone_of_territory
from vigie.errors import FieldFault
from vigie.services.calls import publishing as calls
from vigie.services.calls.publishing import CallDraft
from vigie.services.desk import Desk
from vigie.services.followup import contacts, dossiers, exchanges, reminders
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.contacts import ContactEntry
from vigie.services.followup.exchanges import ExchangeEntry
from vigie.services.records.reading import AuditFilter

TODAY = date(2026, 11, 28)
MOMENTS = [
    ("Europe/Paris", datetime(2026, 11, 27, 23, 20, tzinfo=UTC), "0 h 20"),
    ("Pacific/Noumea", datetime(2026, 11, 27, 22, 0, tzinfo=UTC), "9 h 00"),
    ("Pacific/Tahiti", datetime(2026, 11, 29, 5, 30, tzinfo=UTC), "19 h 30"),
]


@pytest.fixture(params=MOMENTS, ids=[zone for zone, _, _ in MOMENTS])
def somewhere(request: pytest.FixtureRequest, desk: Desk, cast: Cast, clock: Clock) -> str:
    """Move the organisation to a zone where it is the 28th, while it is another day in UTC."""
    zone, moment, _ = request.param
    clock.now = moment
    organisations = desk.accounts.organisations
    organisations.change(cast.admin, replace(organisations.mine(cast.admin).charter, zone=zone))
    return str(zone)


def test_an_exchange_and_a_contact_of_today_are_not_to_come(desk: Desk, cast: Cast, somewhere: str) -> None:
    dossier = desk.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry(kind="holder", title="Un atelier")).line.id
    kept = desk.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("visit", "Une visite", TODAY))
    assert kept.happened_on == TODAY
    unsaid = desk.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("call", "Un appel"))
    assert unsaid.happened_on == TODAY
    told = desk.acts.run(cast.officer, contacts.ADDED, dossier, ContactEntry("Zoé", informed_on=TODAY))
    assert told.informed_on == TODAY
    with pytest.raises(FieldFault, match="à venir"):
        desk.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("call", "Demain", date(2026, 11, 29)))


def test_what_is_due_today_is_due_today(desk: Desk, cast: Cast, somewhere: str) -> None:
    dossier = desk.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry(kind="holder", title="Un atelier")).line.id
    for day in (TODAY, date(2026, 11, 29)):
        desk.acts.run(
            cast.officer, reminders.ADDED, "", reminders.ReminderEntry(f"pour le {day}", day, dossier=dossier)
        )
    due = desk.followup.reminders.to_chase(cast.officer)
    assert [line.due_on for line in due] == [TODAY]
    assert desk.followup.monday.page(cast.officer).today == TODAY


def test_who_asks_is_known_with_their_zone(desk: Desk, cast: Cast, somewhere: str) -> None:
    assert desk.journal.today(cast.officer) == TODAY
    assert desk.recognising.session(cast.secrets["officer"]).zone == somewhere


def test_a_day_of_the_journal_begins_and_ends_on_its_clocks(
    desk: Desk, cast: Cast, clock: Clock, somewhere: str
) -> None:
    desk.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry(kind="holder", title="Un atelier"))
    found = [
        desk.records.reading.journal(
            cast.admin, AuditFilter(since=day, until=day, family="dossier", nature="act")
        ).total
        for day in (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1))
    ]
    assert found == [0, 1, 0]


def test_the_public_log_tells_the_day_where_it_was_decided(desk: Desk, cast: Cast, somewhere: str) -> None:
    call = desk.acts.run(cast.officer, calls.PUBLISHED, "", CallDraft("need", "Tôles d’acier", "Des tôles pliées.")).id
    decided = desk.records.moderating.decide(cast.admin, "call", call, "hide", next(iter(RULES)))
    (told,) = desk.records.moderating.decisions(Scope()).decisions
    assert decided == told
    assert told.as_dict()["on"] == "2026-11-28"


@pytest.mark.parametrize(("zone", "moment", "hour"), MOMENTS)
def test_pages_tell_moments_as_clocks_show_them_there(zone: str, moment: datetime, hour: str) -> None:
    french.use_zone(zone)
    try:
        told = french.moment(moment).replace("\u00a0", " ")
        assert told == f"28 novembre 2026 à {hour}"
        assert french.long_date(moment).replace("\u00a0", " ") == "28 novembre 2026"
    finally:
        french.use_zone("Europe/Paris")


def test_the_zone_is_proposed_from_the_territory() -> None:
    told = {
        "departement:974": "Indian/Reunion", "region:02": "America/Martinique", "epci:249730045": "America/Cayenne",
        "commune:98818": "Pacific/Noumea", "commune:97611": "Indian/Mayotte", "epci:248500621": "Europe/Paris",
        "region:52": "Europe/Paris", "": "Europe/Paris",
    }  # fmt: skip
    assert {key: zone_of_territory(key) for key in told} == told


def test_every_zone_is_known_to_the_machine() -> None:
    assert len({str(zone_info(zone)) for zone in ZONES}) == len(ZONES) > 12


def test_an_unknown_zone_is_refused(desk: Desk, cast: Cast) -> None:
    charter = desk.accounts.organisations.mine(cast.admin).charter
    assert charter.zone == "Europe/Paris"
    with pytest.raises(FieldFault, match="fuseau"):
        desk.accounts.organisations.change(cast.admin, replace(charter, zone="Mars/Olympus"))
