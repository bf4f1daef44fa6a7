"""One rule of addresses at every entry: contacts, invitations, spreadsheets, objections, sign-in, letters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.journal import post_office
from tests.journal.cast import SIREN_PARTNER, Cast
from tests.journal.sheets import csv_file
from vigie.errors import FieldFault
from vigie.services.accounts.inviting import InvitationDraft
from vigie.services.desk import Desk
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.contacts import ADDED, ContactEntry
from vigie.services.followup.dossiers import OPENED
from vigie.services.mail.mail import Mail, SendingRound
from vigie.services.retention.erasing import ERASED, Confirmed
from vigie.settings import Settings
from vigie.store.journal.people import Invitation
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

WRONG = ("a..b@exemple.fr", "f@exemple,fr", "a@exemple.fr; b@exemple.fr")
UNWRITABLE = "hélène@exemple.fr"


def test_letters_leave_for_a_domain_of_any_script_through_any_server(
    journal: SqlJournal, settings: Settings, cast: Cast
) -> None:
    with post_office.opened() as office:
        through = replace(
            settings, smtp_url=f"smtp://127.0.0.1:{office.port}", mail_from="Vigie <vigie@café-fictif.fr>"
        )
        mail = Mail(journal, through)
        for recipient in ("user@exämple.fr", "Camille Éssai <user@exämple.fr>", UNWRITABLE):
            with journal.writing(cast.officer) as unit:
                unit.act("letter.written")
                mail.post(unit, recipient=recipient, subject="Essai", body="Bonjour")
        assert mail.send_waiting() == SendingRound(sent=2, failed=1), (
            "the server has no SMTPUTF8: trying again is of no use"
        )
        assert [one["To"].addresses[0].addr_spec for one in office.letters] == ["user@xn--exmple-cua.fr"] * 2
        assert office.letters[0]["Message-ID"].endswith("@xn--caf-fictif-d7a.fr>")


def test_invitations_that_differ_by_case_or_script_are_one(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    inviting = desk.accounts.inviting
    for spelled in ("nouvelle@café-fictif.fr", "NOUVELLE@Café-Fictif.fr", "\u200bnouvelle@xn--caf-fictif-d7a.fr"):
        inviting.invite(cast.admin, InvitationDraft(spelled, "charge_etudes"))
    with journal.reading(cast.admin) as reader:
        standing = select(Invitation.email).where(Invitation.revoked_at.is_(None), Invitation.accepted_at.is_(None))
        assert [one for one in reader.all(standing) if one and "fictif" in one] == ["nouvelle@café-fictif.fr"]


def test_who_is_written_to_has_an_address_that_letters_reach(desk: Desk, cast: Cast) -> None:
    for text in (*WRONG, UNWRITABLE):
        with pytest.raises(FieldFault, match=r"Écrivez-la comme|Donnez-en une autre"):
            desk.accounts.inviting.invite(cast.admin, InvitationDraft(text, "charge_etudes"))
        with pytest.raises(FieldFault, match=r"Écrivez-la comme|Donnez-en une autre") as fault:
            desk.objections.ask(cast.anyone, SIREN_PARTNER, text)
        assert fault.value.field == "email"


def test_a_contact_keeps_an_address_put_right_and_tells_when_letters_may_not_reach_it(desk: Desk, cast: Cast) -> None:
    acts = desk.acts
    dossier = acts.run(cast.officer, OPENED, "", DossierEntry("firm", "Atelier")).line.id
    for text in WRONG:
        with pytest.raises(FieldFault, match="Écrivez-la comme"):
            acts.run(cast.officer, ADDED, dossier, ContactEntry("Camille Essai", email=text))
    card = acts.run(cast.officer, ADDED, dossier, ContactEntry("Camille Essai", email="mailto:Camille@EXEMPLE.fr"))
    assert (card.email, card.email_note) == ("Camille@exemple.fr", "")
    odd = acts.run(cast.officer, ADDED, dossier, ContactEntry("Hélène Essai", email=UNWRITABLE))
    assert odd.email == UNWRITABLE and "« é » avant l’@" in odd.email_note


def test_addresses_of_a_spreadsheet_follow_the_same_rule(desk: Desk, cast: Cast) -> None:
    rows = [
        ("Entreprise", "Courriel"),
        ("Atelier Un", "contact@xn--caf-fictif-d7a.fr"),
        ("Atelier Un", "\u200bCONTACT@Café-Fictif.fr"),
        ("Atelier Deux", "Hélène Fictive <helene@exemple.fr>"),
        ("Atelier Trois", UNWRITABLE),
        *((f"Atelier {place}", text) for place, text in enumerate(WRONG, start=4)),
    ]
    imports = desk.spreadsheets.imports
    read = imports.bring(cast.officer, "courriels.csv", csv_file(rows))
    record = imports.match(cast.officer, read.line.id, {0: "name", 1: "email"}, None)
    kept = [line.said.get("email") for line in record.lines]
    assert kept == ["contact@café-fictif.fr", "CONTACT@café-fictif.fr", "helene@exemple.fr", UNWRITABLE, *[None] * 3]
    notes = [[note["sentence"] for note in line.notes] for line in record.lines]
    assert notes[:2] == [[], []] and "l’adresse seule" in notes[2][0] and "« é » avant l’@" in notes[3][0]
    assert [note[0].partition(" ; ")[2] for note in notes[4:]] == ["la case est laissée vide"] * 3
    record = imports.choose_numbers(cast.officer, read.line.id, {}, None)
    assert record.lines[1].doubles[0]["line"] == "2" and record.lines[1].decision == "merge"


def test_an_address_is_erased_however_it_was_spelled(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    dossiers, acts = desk.followup.dossiers, desk.acts
    dossier = acts.run(cast.officer, OPENED, "", DossierEntry("firm", "Atelier")).line.id
    asked = acts.run(cast.officer, ADDED, dossier, ContactEntry("É. Essai", email="ÉLISE@café-fictif.fr"))
    other = acts.run(cast.officer, ADDED, dossier, ContactEntry("Élise Essai", email="élise@xn--caf-fictif-d7a.fr"))
    with journal.writing(cast.officer) as unit:
        unit.act("letter.written")
        letter = desk.mail.post(unit, recipient="élise@café-fictif.fr", subject="Essai", body="Bonjour")
    desk.acts.run(cast.officer, ERASED, asked.id, Confirmed("EFFACER"))
    assert [one.email for one in dossiers.read(cast.officer, dossier).contacts if one.id == other.id] in ([], [None])
    with journal.reading(cast.officer) as reader:
        assert reader.get(Letter, letter).recipient is None
