"""What is due goes, and leaves no trace in any table nor in the bytes of the file; archives wait for their visa."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text

from tests.journal.cast import HALL, HERE, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.journal.sheets import csv_file
from tests.not_empty import not_empty
from vigie.bootstrap import JOURNAL, open_journal, open_safekeeping
from vigie.domain.access import Role, Scope
from vigie.errors import Conflict, NotFound, NotSignedIn
from vigie.services.desk import Desk
from vigie.services.followup import contacts, dossiers, exchanges
from vigie.services.followup.answers import DossierEntry
from vigie.services.keys import Keys
from vigie.services.retention.erasing import ERASED, Confirmed
from vigie.services.retention.mine import owned_tables
from vigie.services.retention.purging import OrganisationReport
from vigie.services.retention.rules import RULES
from vigie.settings import Settings
from vigie.store.journal.advising import Adviser
from vigie.store.journal.consultations import Statement
from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import Contact, Dossier, DossierTag, Reminder
from vigie.store.journal.introductions import (
    Call,
    CallAnswer,
    CallCorrection,
    ConsentKey,
    Introduction,
    IntroductionRequest,
    Side,
)
from vigie.store.journal.jobs import Job, JobLot
from vigie.store.journal.land import LandFile, LandUnit
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import (
    ApiToken,
    HostRequest,
    Identity,
    Invitation,
    Membership,
    Organisation,
    Person,
    SignIn,
)
from vigie.store.journal.records import Audit, EmergencyAccess, Letter
from vigie.store.journal.sql import SqlJournal
from vigie.store.journal.workshops import WorkshopItem

pytestmark = pytest.mark.every_clock

MARK = "zqsentinellezq"
"""A word that is nowhere but where these tests put it."""


def everything(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every value of every table, read as the owner of the base."""
    keeper = open_journal(settings, keeper=True)
    try:
        engine: Engine = keeper.engine
        with engine.connect() as connection:
            for mapped in (*owned_tables(), Person, Organisation):
                for row in connection.execute(text(f'SELECT * FROM "{mapped.__tablename__}"')):  # noqa: S608
                    yield mapped.__tablename__, str(tuple(row))
    finally:
        keeper.close()


def marked(settings: Settings) -> set[str]:
    """Return where the mark is: tables, and files of SQLite."""
    places = {table for table, values in everything(settings) if MARK in values}
    if not settings.journal_url:
        for file in settings.data_dir.glob(f"{JOURNAL}*"):
            if MARK.encode() in file.read_bytes():
                places.add(file.name)
    return places


def sound(settings: Settings) -> tuple[str, ...]:
    keeper = open_safekeeping(settings)
    faults = keeper.check().faults
    keeper.close()
    return faults


def visa(journal: SqlJournal, cast: Cast, reference: str = "AD85-2026-12") -> None:
    with journal.writing(cast.admin) as unit:
        unit.act("organisation.changed", HERE)
        unit.get(Organisation, HERE).retention_visa = reference


def of_rule(report: OrganisationReport, word: str) -> tuple[int, int, int]:
    rule = next(one for one in report.rules if one.rule == word)
    return rule.due, rule.erased, rule.kept


def follow(desk: Desk, cast: Cast, *, prospecting: bool = False, name: str = MARK) -> str:
    """Open a dossier with everything personal marked."""
    entry = DossierEntry(kind="holder", title=f"Projet {name}", summary=name, source=name, prospecting=prospecting)
    opened = desk.acts.run(cast.officer, dossiers.OPENED, "", entry).line.id
    contact = desk.acts.run(
        cast.officer,
        contacts.ADDED,
        opened,
        contacts.ContactEntry(name=name, function=name, email=f"{name}@example.org", phone=name, source=name),
    )
    desk.acts.run(
        cast.officer,
        exchanges.RECORDED,
        opened,
        exchanges.ExchangeEntry(kind="visit", body=f"Vu {name}", contact=contact.id),
    )
    with desk.journal.writing(cast.officer) as unit:
        unit.act("reminder.set", opened)
        unit.add(Reminder(dossier_id=opened, due_on=date(2026, 12, 1), reason=name, result=name))
        unit.add(DossierTag(dossier_id=opened, label=name))
    return opened


def fill(desk: Desk, cast: Cast) -> None:
    """Mark every other personal column that a purge must empty."""
    now = desk.journal.now()
    desk.spreadsheets.imports.bring(cast.officer, f"{MARK}.csv", csv_file([("Nom", "Ville"), (MARK, MARK)]))
    with desk.journal.writing(cast.officer) as unit:
        unit.act("marks.set")
        unit.add(Letter(recipient=f"{MARK}@example.org", subject=MARK, body=MARK, state="sent", sent_at=now))
        made = unit.add(Introduction(id="i" * 20, state="concluded", reason=MARK, closed_at=now))
        unit.flush()
        unit.add(Side(introduction_id=made.id, position="a", label=MARK, contact_name=MARK, contact_email=MARK,
                      comment=MARK))  # fmt: skip
        call = unit.add(Call(id="c" * 20, kind="need", title=MARK, text=MARK, opens_on=now.date(), visibility="public"))
        unit.flush()
        unit.add(CallAnswer(call_id=call.id, name=MARK, email=MARK, body=MARK))
        unit.add(CallCorrection(call_id=call.id, changed="text", substantial=True, kind="need", title=MARK, text=MARK,
                                visibility="public"))  # fmt: skip
        unit.add(IntroductionRequest(person_id="p" * 20, siren=SIREN_HERE, sought_siren=SIREN_PARTNER, reason=MARK,
                                     state="declined", answer=MARK, decided_at=now))  # fmt: skip
        unit.add(Invitation(email=MARK, role="elu", expires_at=now + timedelta(days=14), key_hash="a" * 64))
        unit.add(ConsentKey(purpose="consent", side_id="s" * 20, created_at=now, expires_at=now + timedelta(days=14),
                            key_hash="b" * 64))  # fmt: skip
        flow = dict.fromkeys(("way", "matter", "band", "season", "topic", "answer"), MARK)
        unit.add(Declaration(siren=SIREN_HERE, field="o", text=MARK, updated_at=now, deleted_at=now, **flow))
        unit.add(Adviser(service="Pôle", subjects="export", name=MARK, email=MARK, phone=MARK, deleted_at=unit.now))
        unit.add(LandUnit(**HALL, owner=MARK, owner_email=MARK, occupants=MARK, held=MARK, deleted_at=unit.now))
        unit.add(LandFile(layout="pole", lines=MARK, deleted_at=unit.now))
        unit.add(Statement(consultation_id="c" * 20, text=MARK, state="refused", refused_at=now))
        unit.add(WorkshopItem(workshop_id="w" * 20, kind="factor", text=MARK, state="refused", refused_at=now))
        unit.add(StatedNeed(state="closed", text=MARK, name=MARK, email=MARK, phone=MARK, proposal=MARK, result=MARK))
        job = unit.add(Job(id="j" * 20, person_id="p", role="developpeur", via="session", kind="import-match",
                           state="failed", params=MARK, fault=MARK))  # fmt: skip
        unit.flush()
        unit.add(JobLot(job_id=job.id, start=0, upto=1, content=MARK))
        unit.add(EmergencyAccess(person_id="p", reason=MARK, created_at=now, ends_at=now))


def test_every_personal_column_has_a_rule_or_another_way_out(desk: Desk, cast: Cast, settings: Settings) -> None:
    """A new personal column that no purge empties makes this test fail."""
    personal = {
        (mapped.__tablename__, column.key)
        for mapped in (*owned_tables(), Person)
        for column in mapped.__table__.columns
        if column.info.get("personal")
    }
    follow(desk, cast)
    fill(desk, cast)
    with desk.journal.writing(cast.super_admin) as unit:
        unit.act("host_request.asked")
        unit.add(HostRequest(kind="head", asked_from=HERE, subject_id="", siren=SIREN_HERE, contact=MARK))
    filled = {table for table, values in everything(settings) if MARK in values}
    # A person's own columns, their telephone as who answers and their tokens' names go when their account is closed or
    # they leave, a portfolio's name with it; the fingerprint of who objected goes with the objection.
    assert {table for table, _ in personal} - filled == {"person", "answerer", "api_token", "portfolio", "objection"}


@pytest.mark.parametrize("archived", [True, False], ids=["visa", "no visa"])
def test_after_the_purge_no_mark_remains(
    desk: Desk, cast: Cast, clock: Clock, settings: Settings, *, archived: bool
) -> None:
    follow(desk, cast, prospecting=True)
    follow(desk, cast)
    fill(desk, cast)
    if archived:
        visa(desk.journal, cast)
    assert marked(settings) >= {"dossier", "contact", "exchange", "reminder", "letter", "import_batch", "side"}
    clock.forward(days=36 * 31)
    looked = desk.retention.purging.preview(cast.admin)
    done = desk.retention.purging.run(cast.admin)
    assert [rule.due for rule in looked.rules] == [rule.due for rule in done.rules]
    assert sound(settings) == ()
    if archived:
        assert marked(settings) == set() and done.kept == 0
    else:
        assert marked(settings) >= {"dossier", "contact", "side", "call_answer"}
        assert of_rule(done, "dossiers") == (1, 0, 1)
        assert of_rule(done, "prospecting_dossiers")[0] == 1
        assert "visa" in next(rule for rule in done.rules if rule.rule == "dossiers").kept_things[0].reason
    again = desk.retention.purging.run(cast.admin)
    assert again.erased == 0, "what is erased is not erased again"


def test_before_their_time_nothing_goes(desk: Desk, cast: Cast, clock: Clock, settings: Settings) -> None:
    follow(desk, cast, prospecting=True)
    clock.forward(days=36 * 30 - 1)
    assert desk.retention.purging.run(cast.admin).erased == 0 or "dossier" in marked(settings)
    assert "dossier" in marked(settings) and "contact" in marked(settings)


def test_a_sign_of_the_person_begins_the_time_anew(desk: Desk, cast: Cast, clock: Clock) -> None:
    dossier = follow(desk, cast, prospecting=True)
    clock.forward(days=35 * 30)
    desk.acts.run(cast.officer, exchanges.RECORDED, dossier, exchanges.ExchangeEntry(kind="call", body="Toujours là"))
    clock.forward(days=60)
    assert of_rule(desk.retention.purging.run(cast.admin), "prospecting_dossiers") == (0, 0, 0)


def test_letters_and_imports_go_after_thirty_days(desk: Desk, cast: Cast, clock: Clock, settings: Settings) -> None:
    fill(desk, cast)
    clock.forward(days=29)
    desk.retention.purging.run(cast.admin)
    assert marked(settings) >= {"letter", "import_batch"}
    clock.forward(days=2)
    desk.retention.purging.run(cast.admin)
    assert not marked(settings) & {"letter", "import_batch"}


def test_an_organisation_purges_its_own_only_and_admins_alone(
    desk: Desk, cast: Cast, clock: Clock, settings: Settings
) -> None:
    follow(desk, cast, prospecting=True)
    clock.forward(days=40 * 31)
    for stranger in (cast.officer, cast.head, cast.analyst, cast.anyone):
        with pytest.raises(NotFound):
            desk.retention.purging.run(stranger)
    desk.retention.purging.run(cast.admin_away)
    assert "dossier" in marked(settings)
    report = desk.retention.purging.run_everywhere(dry_run=True)
    assert report.erased > 0 and "dossier" in marked(settings)
    everywhere = desk.retention.purging.run_everywhere()
    assert everywhere.erased == report.erased and "dossier" not in marked(settings)


def test_a_contact_is_erased_on_request_and_does_not_come_back(
    desk: Desk, journal: SqlJournal, cast: Cast, settings: Settings
) -> None:
    dossier = follow(desk, cast, name="Autre")
    entry = contacts.ContactEntry(name=MARK, function=MARK, email=f"{MARK}@Example.org", phone=MARK)
    contact = desk.acts.run(cast.officer, contacts.ADDED, dossier, entry)
    for stranger in (cast.officer_away, cast.head, cast.analyst):
        with pytest.raises(NotFound):
            desk.acts.run(stranger, ERASED, contact.id, Confirmed("EFFACER"))
    desk.acts.run(cast.officer, ERASED, contact.id, Confirmed("EFFACER"))
    assert marked(settings) == set() and sound(settings) == ()
    with pytest.raises(NotFound, match="déjà été effacé"):
        desk.acts.run(cast.officer, ERASED, contact.id, Confirmed("EFFACER"))
    imports = desk.spreadsheets.imports
    rows = [("Nom", "Contact", "Courriel"), ("Atelier", "Quelqu’un", f"{MARK}@example.org")]
    record = imports.bring(cast.officer, "a.csv", csv_file(rows))
    record = imports.match(cast.officer, record.line.id, {one.place: one.column for one in record.columns}, None)
    record = imports.choose_numbers(cast.officer, record.line.id, {}, None)
    record = imports.apply(cast.officer, record.line.id)
    assert "effacée" in record.report[0].notes[-1]["sentence"]
    with journal.reading(cast.officer) as reader:
        live = select(Contact).where(Contact.dossier_id == record.report[0].dossier)
        assert reader.all(live) == []


def test_an_address_is_erased_wherever_it_was_given(
    desk: Desk, journal: SqlJournal, cast: Cast, settings: Settings
) -> None:
    """In a letter that gave it to the other party, an answer to a call, a spreadsheet, a service that advises."""
    email = f"{MARK}@Example.org"
    contact = desk.acts.run(
        cast.officer, contacts.ADDED, follow(desk, cast, name="Autre"), contacts.ContactEntry(name=MARK, email=email)
    )
    brought = desk.spreadsheets.imports.bring(
        cast.officer, f"{MARK}.csv", csv_file([("Nom", "Courriel"), (MARK, email)])
    )
    with journal.writing(cast.officer) as unit:
        unit.act("marks.set")
        unit.add(Letter(recipient="autre@example.org", subject=MARK, body=f"Joindre {MARK} : {email}", state="sent"))
        unit.add(CallAnswer(call_id="c" * 20, name=MARK, email=email, body=MARK))
        unit.add(Adviser(service="Pôle", subjects="export", name=MARK, email=email.lower(), phone=MARK))
    desk.acts.run(cast.officer, ERASED, contact.id, Confirmed("EFFACER"))
    assert marked(settings) == set() and sound(settings) == ()
    assert desk.spreadsheets.imports.read(cast.officer, brought.line.id).line.stage == "abandoned"


def test_a_longer_address_is_somebody_else_s(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    entry = contacts.ContactEntry(name="Contact", email="contact@example.org")
    contact = desk.acts.run(cast.officer, contacts.ADDED, follow(desk, cast, name="Autre"), entry)
    rows = [("Nom", "Courriel"), ("Atelier", "mon-contact@example.org")]
    brought = desk.spreadsheets.imports.bring(cast.officer, "a.csv", csv_file(rows))
    with journal.writing(cast.officer) as unit:
        unit.act("letters.written")
        for address in ("mon-contact@example.org", "contact@example.org.fr", "contact@example.org"):
            unit.add(Letter(recipient="autre@example.org", subject="Lettre", body=f"Écrire à {address}.", state="sent"))
    desk.acts.run(cast.officer, ERASED, contact.id, Confirmed("EFFACER"))
    with journal.reading(cast.officer) as reader:
        kept = {letter.body for letter in reader.all(select(Letter)) if letter.body}
    assert kept == {"Écrire à mon-contact@example.org.", "Écrire à contact@example.org.fr."}
    assert desk.spreadsheets.imports.read(cast.officer, brought.line.id).line.stage == "read"


def test_a_person_closes_their_account(
    desk: Desk, journal: SqlJournal, keys: Keys, cast: Cast, settings: Settings
) -> None:
    with journal.writing(cast.head) as unit:
        unit.act("marks.set", cast.head.person)
        person = unit.get(Person, cast.head.person)
        person.name, person.email, person.email_key = MARK, f"{MARK}@example.org", keys.email(f"{MARK}@example.org")
        unit.add(CallAnswer(call_id="c" * 20, person_id=person.id, name=MARK, email=MARK, body=MARK))
        unit.add(Identity(person_id=person.id, issuer="https://exemple.fr", key_hash="d" * 64))
        unit.add(ApiToken(person_id=person.id, label=MARK, scopes="lecture", key_hash="e" * 64))
        unit.add(Letter(recipient=f"{MARK}@Example.org", subject=MARK, body=MARK))
        unit.add(Letter(recipient="autre@example.org", subject="", body=f"Joindre {MARK}@Example.org", state="sent"))
    for other in (cast.anyone, Scope(Role.HEAD, HERE, cast.head.person, via="token")):
        with pytest.raises(NotSignedIn):
            desk.retention.erasing.me(other)
    desk.retention.erasing.me(cast.head)
    assert marked(settings) == set() and sound(settings) == ()
    assert desk.recognising.session(cast.secrets["head"]).scope.person == ""
    with journal.reading(Scope(key=keys.email(f"{MARK}@example.org"))) as reader:
        assert reader.all(select(Person)) == [], "the address is free"
    with journal.writing(cast.admin) as unit:
        unit.act("identity.linked")
        unit.add(Identity(person_id="other", issuer="https://exemple.fr", key_hash="d" * 64))
    with journal.reading(cast.admin) as reader:
        left = reader.all(select(Membership).where(Membership.person_id == cast.head.person))
        assert [row.deleted_at is not None for row in left] == [True]
        assert all(
            row.revoked_at for row in not_empty(reader.all(select(SignIn).where(SignIn.person_id == cast.head.person)))
        )


def test_the_last_administrator_hands_over_first(desk: Desk, cast: Cast) -> None:
    with pytest.raises(Conflict, match="dernière personne"):
        desk.retention.erasing.me(cast.admin)
    assert desk.recognising.session(cast.secrets["admin"]).scope == cast.admin


def test_an_organisation_takes_everything_away(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    follow(desk, cast)
    fill(desk, cast)
    with journal.writing(cast.officer_away) as unit:
        unit.act("dossier.opened")
        unit.add(Dossier(kind="holder", title="Chez les voisins"))
    for stranger in (cast.officer, cast.head, cast.analyst, cast.anyone):
        with pytest.raises(NotFound):
            desk.retention.belongings.take(stranger)
    taken = desk.retention.belongings.take(cast.admin)
    with zipfile.ZipFile(io.BytesIO(taken.content)) as archive:
        names = archive.namelist()
        whole = b"".join(archive.read(name) for name in names).decode()
        assert "LISEZMOI.txt" in names and names.count("json/dossier.json") == 1
        for mapped in (*owned_tables(), Person, Organisation):
            assert f"json/{mapped.__tablename__}.json" in names
        assert json.loads(archive.read("json/contact.json"))[0]["email"] == f"{MARK}@example.org"
        assert archive.read("csv/dossier.csv").startswith("\ufeff".encode())
    assert "Chez les voisins" not in whole and "key_hash" not in whole and "password_hash" not in whole
    assert "officer_away" not in whole
    journal.gather()
    with journal.reading(cast.admin) as reader:
        kinds = reader.all(select(Audit.kind).where(Audit.person_id == cast.admin.person))
    assert "organisation.exported" in kinds


def test_the_register_says_what_the_organisation_set(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    before = desk.retention.register.read(cast.admin)
    assert "Archives publiques" in before.treatments[0].retention and "36 mois" in before.treatments[1].retention
    visa(journal, cast)
    assert "AD85-2026-12" in desk.retention.register.read(cast.admin).treatments[0].retention
    with pytest.raises(NotFound):
        desk.retention.register.read(cast.officer)
    assert len({rule.word for rule in RULES}) == len(RULES)


def test_the_mark_is_seen_where_it_is(tmp_path: Path) -> None:
    """The search of bytes would find what a plain deletion leaves behind."""
    path = tmp_path / "plain.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (body TEXT)"))
        connection.execute(text("INSERT INTO note VALUES (:mark)"), {"mark": MARK})
    with engine.begin() as connection:
        connection.execute(text("PRAGMA secure_delete = OFF"))
        connection.execute(text("DELETE FROM note"))
    engine.dispose()
    assert MARK.encode() in path.read_bytes()
