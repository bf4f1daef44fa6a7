"""An officer's spreadsheet, from the file to dossiers: numbers explained, doubles reviewed, all or nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import select

from tests.journal.cast import Cast
from tests.journal.sheets import BOIS, DIRECTORY, METAL, SECRET, SmallKnow, csv_file, xlsx_file
from vigie.bootstrap import open_safekeeping
from vigie.domain.actors import is_siret
from vigie.domain.spreadsheets import Stage
from vigie.errors import Conflict, NotFound, RequestFault
from vigie.services.desk import Desk
from vigie.services.followup import contacts
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.contacts import ContactEntry
from vigie.services.followup.dossiers import OPENED
from vigie.services.followup.reading import DossierFilter
from vigie.services.know import Know
from vigie.services.spreadsheets import lines, numbers
from vigie.services.spreadsheets.answers import ImportRecord
from vigie.services.spreadsheets.values import read_number
from vigie.settings import Settings
from vigie.store.journal.followup import Contact, Dossier, ImportBatch, Reminder
from vigie.store.journal.people import Membership
from vigie.store.journal.records import JournalEvent
from vigie.store.journal.sql import SqlJournal

HEADER = ("Entreprise", "Ville", "CP", "N° SIRET", "Interlocuteur", "Mail", "Tél", "Secteur d'activité", "Observations",
          "Dernière visite", "À relancer le", "Étiquettes", "Statut")  # fmt: skip
WOOD = ("Atelier du Bois", "Les Herbiers", "85500", "", "Camille Essai", "camille@example.org", "02 51 00 00 00",
        "Menuiserie", "Cherche un local", "12/03/2026", "1er décembre 2026", "bois ; locaux", "en cours")  # fmt: skip
IRON = ("Métal Bocage", "", "", METAL, "", "", "", "", "", "", "", "", "Prospect chaud")
ODD = ("Bois", "Les Herbiers", "", "", "", "pas une adresse", "", "", "", "hier", "", "", "")
NOBODY = ("", "Les Herbiers", "", "", "", "", "", "", "perdu", "", "", "", "")


def directory(**more: Any) -> Know:
    return cast(Know, SmallKnow(*DIRECTORY, **more))


def brought(desk: Desk, cast: Cast, *rows: tuple[str, ...]) -> ImportRecord:
    return desk.spreadsheets.imports.bring(cast.officer, "suivi 2026.csv", csv_file([HEADER, *rows]))


def matched(desk: Desk, cast: Cast, *rows: tuple[str, ...], prospecting: bool = False) -> ImportRecord:
    read = brought(desk, cast, *rows)
    columns = {one.place: one.column for one in read.columns}
    return desk.spreadsheets.imports.match(cast.officer, read.line.id, columns, directory(), prospecting=prospecting)


def through(desk: Desk, cast: Cast, *rows: tuple[str, ...], prospecting: bool = False) -> ImportRecord:
    """Bring, match, accept what is proposed, apply."""
    imports, officer = desk.spreadsheets.imports, cast.officer
    record = matched(desk, cast, *rows, prospecting=prospecting)
    if record.stage is Stage.NUMBERS:
        record = imports.choose_numbers(officer, record.line.id, {}, directory())
    if record.stage is Stage.DOUBLES:
        record = imports.decide(officer, record.line.id, {})
    return imports.apply(officer, record.line.id)


def faults(settings: Settings) -> tuple[str, ...]:
    """Return where the present state is not the one that events tell."""
    keeper = open_safekeeping(settings)
    found = keeper.check().faults
    keeper.close()
    return found


def dossiers(journal: SqlJournal, cast: Cast) -> dict[str | None, Dossier]:
    with journal.reading(cast.officer) as reader:
        return {row.title: row for row in reader.all(select(Dossier).where(Dossier.deleted_at.is_(None)))}


def test_columns_are_proposed_from_headers_and_contents(desk: Desk, cast: Cast) -> None:
    record = brought(desk, cast, WOOD, IRON)
    assert [one.column for one in record.columns] == [
        "name", "commune", "postal_code", "siret", "contact", "email", "phone", "activity", "comment", "last_contact",
        "reminder", "tags", "state",
    ]  # fmt: skip
    assert record.notes == ("Encodage détecté : UTF-8 ; séparateur détecté : le point-virgule.",)
    imports = desk.spreadsheets.imports
    unnamed = imports.bring(cast.officer, "x.csv", csv_file([("Qui", "Où", "Quoi"), ("A", "a@b.fr", METAL)]))
    assert [(one.column, one.reason) for one in unnamed.columns] == [
        ("", ""), ("email", "d’après son contenu"), ("siret", "d’après son contenu"),
    ]  # fmt: skip
    with pytest.raises(RequestFault, match="Deux colonnes"):
        imports.match(cast.officer, unnamed.line.id, {0: "name", 1: "name"}, None)
    with pytest.raises(RequestFault, match="au moins"):
        imports.match(cast.officer, unnamed.line.id, {1: "email"}, None)


def test_numbers_are_found_explained_and_never_guessed(desk: Desk, cast: Cast) -> None:
    damaged = ("Scierie", "Les Herbiers", "", "7,32829E+13", *[""] * 9)
    short = ("Poste", "Les Herbiers", "", METAL[:-1], *[""] * 9)
    record = matched(desk, cast, WOOD, IRON, ODD, NOBODY, damaged, short)
    wood, iron, odd, nobody, lost, wrong = record.lines
    assert (wood.match, wood.said["siret"]) == ("exact", BOIS)
    assert (iron.match, iron.said["siret"]) == ("given", METAL)
    assert odd.match == "candidates" and len(odd.candidates) == 2 and "siret" not in odd.said
    assert nobody.left_out == "ni nom, ni contact, ni numéro lisible : rien ne dit de qui il s’agit"
    assert "perdus" in lost.notes[0]["sentence"] and lost.match == "none" and "siret" not in lost.said
    assert "13 chiffres" in wrong.notes[0]["sentence"]
    assert [note["column"] for note in odd.notes] == ["Mail", "Dernière visite"]
    assert record.stage is Stage.NUMBERS


@pytest.mark.parametrize(
    "typed", ["732829320", "732\u00a0829\u202f320", "732.829-320", "FR44732829320", "FR 44 732 829 320"]
)
def test_the_number_of_a_firm_is_read_whatever_separates_its_digits(typed: str) -> None:
    number = read_number(typed)
    assert (number.digits, number.fault) == ("732829320", "")


@pytest.mark.parametrize(
    ("name", "postal", "code"),
    [("Lyon 4ème", "", "69384"), ("Marseille 1er", "", "13201"), ("Paris", "75016", "75116"), ("75016", "", "75116"),
     ("Saint-Denis", "93200", "93066"), ("LA ROCHE SUR YON CEDEX 9", "", "85191"), ("Olonne-sur-Mer", "", "85194")],
)  # fmt: skip
def test_communes_are_read_in_every_usual_writing(name: str, postal: str, code: str) -> None:
    found = lines.find("", name, postal)
    assert (found.code, found.fault) == (code, "")
    assert ("ancien nom" in found.note) is (name == "Olonne-sur-Mer")


@pytest.mark.parametrize(
    ("name", "postal", "code"),
    [("St Gilles", "85800", "85222"), ("Montaigu", "85600", "85146"), ("Les Sables", "85100", "85194"),
     ("saint hilaire", "85270", "85226")],
)  # fmt: skip
def test_the_first_words_of_a_commune_are_read_with_its_postal_code_and_said(name: str, postal: str, code: str) -> None:
    found = lines.find("", name, postal)
    assert (found.code, found.fault) == (code, "")
    assert f"d’après le code postal {postal}" in found.note
    assert lines.find("", name, "").code == ""


def test_lost_zeros_are_put_back_and_said(desk: Desk, cast: Cast) -> None:
    number = next(one for last in range(10) if is_siret(one := f"0521005540001{last}"))
    record = matched(desk, cast, ("Vieille Maison", "Les Herbiers", "", number[1:], *[""] * 9))
    (line,) = record.lines
    assert (line.match, line.said["siret"]) == ("repaired", number)
    assert "zéros" in line.notes[0]["sentence"]


def test_an_import_becomes_dossiers_contacts_tags_and_reminders(
    desk: Desk, journal: SqlJournal, cast: Cast, settings: Settings
) -> None:
    record = through(desk, cast, WOOD, IRON, ODD, NOBODY)
    assert record.stage is Stage.APPLIED
    assert record.line.counts == {"created": 3, "merged": 0, "unchanged": 0, "left_out": 1}
    left = next(line for line in record.report if line.outcome == "left_out")
    assert (left.line, left.dossier) == (5, "")
    wood = desk.followup.dossiers.read(cast.officer, record.report[0].dossier)
    assert (wood.line.title, wood.line.siret, wood.line.commune) == ("Atelier du Bois", BOIS, "85109")
    assert wood.summary == "Activité : Menuiserie\nCherche un local"
    assert str(wood.line.last_contact_on) == "2026-03-12" and wood.source == "tableur"
    assert [tag.label for tag in wood.tags] == ["bois", "locaux"]
    assert [(str(one.due_on), one.owner) for one in wood.reminders] == [("2026-12-01", cast.officer.person)]
    (contact,) = wood.contacts
    assert (contact.name, contact.email, contact.informed_on) == ("Camille Essai", "camille@example.org", None)
    assert dossiers(journal, cast)["Métal Bocage"].summary == "Statut : Prospect chaud"
    assert faults(settings) == ()


def test_rows_wait_in_erasable_columns_and_leave_nothing_in_events(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    record = through(desk, cast, WOOD, IRON)
    with journal.reading(cast.officer) as reader:
        batch = reader.get(ImportBatch, record.line.id)
        assert (batch.content, batch.file_name) == (None, None) and batch.erased_at is not None
        told = json.dumps([event.rows for event in reader.all(select(JournalEvent))])
    for word in ("Camille", "camille@example.org", "Cherche un local", "suivi 2026", "Prospect chaud"):
        assert word not in told and word not in json.dumps(batch.report)


def test_nothing_is_imported_twice(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    first = through(desk, cast, WOOD, IRON, ODD)
    assert desk.spreadsheets.imports.apply(cast.officer, first.line.id).report == first.report
    second = through(desk, cast, WOOD, IRON, ODD)
    assert second.line.counts == {"created": 0, "merged": 0, "unchanged": 3, "left_out": 0}
    assert len(dossiers(journal, cast)) == 3
    with journal.reading(cast.officer) as reader:
        assert reader.count(select(Contact)) == 1
        assert reader.count(select(Reminder)) == 1


def test_a_request_sent_twice_brings_one_import(desk: Desk, cast: Cast) -> None:
    asked, imports = replace(cast.officer, request_key="form-7"), desk.spreadsheets.imports
    one = imports.bring(asked, "a.csv", csv_file([HEADER, WOOD]))
    two = imports.bring(asked, "a.csv", csv_file([HEADER, WOOD]))
    assert one.line.id == two.line.id and len(imports.listed(cast.officer)) == 1


def test_doubles_are_reviewed_and_never_merged_on_an_empty_value(desk: Desk, cast: Cast) -> None:
    known = desk.acts.run(cast.officer, OPENED, "", DossierEntry(kind="firm", title="Métal B.", siren=METAL[:9]))
    plain_one = desk.acts.run(cast.officer, OPENED, "", DossierEntry(kind="holder", title="Porteuse"))
    desk.acts.run(cast.officer, contacts.ADDED, plain_one.line.id, ContactEntry(name="P", email="P@example.org"))
    blank = ("Sans rien", *[""] * 12)
    mail = ("Projet", "", "", "", "P", "p@EXAMPLE.org", *[""] * 7)
    record = matched(desk, cast, IRON, blank, mail, ("Autre sans rien", *[""] * 12), IRON)
    record = desk.spreadsheets.imports.choose_numbers(cast.officer, record.line.id, {}, None)
    iron, none, person, other, again = record.lines
    assert record.stage is Stage.DOUBLES
    assert [(one["dossier"], one["why"]) for one in iron.doubles] == [(known.line.id, "même SIREN")]
    assert none.doubles == [] and other.doubles == []
    assert [one["why"] for one in person.doubles] == ["même courriel de contact"]
    assert {one.get("line") for one in again.doubles} == {None, "2"}
    decided = {2: f"merge:{known.line.id}", 4: "create", 6: "leave"}
    with pytest.raises(RequestFault, match="Ligne 2"):
        desk.spreadsheets.imports.decide(cast.officer, record.line.id, {2: f"merge:{plain_one.line.id}"})
    desk.spreadsheets.imports.decide(cast.officer, record.line.id, decided)
    report = desk.spreadsheets.imports.apply(cast.officer, record.line.id).report
    assert [line.outcome for line in report] == ["merged", "created", "created", "created", "left_out"]
    assert report[0].dossier == known.line.id
    merged = desk.followup.dossiers.read(cast.officer, known.line.id)
    assert (merged.line.title, merged.line.siret) == ("Métal B.", METAL), "what a dossier says is never replaced"


def test_a_contact_of_two_firms_does_not_make_them_one(desk: Desk, cast: Cast) -> None:
    kept = desk.acts.run(cast.officer, OPENED, "", DossierEntry(kind="firm", title="ATELIER DU BOIS"))
    desk.acts.run(cast.officer, contacts.ADDED, kept.line.id, ContactEntry(name="P", email="p@example.org"))
    same = ("Atelier du Bois SARL", "", "", "", "P", "p@example.org", *[""] * 7)
    other = ("Fonderie", "", "", "", "P", "p@example.org", *[""] * 7)
    record = matched(desk, cast, same, other)
    record = desk.spreadsheets.imports.choose_numbers(cast.officer, record.line.id, {}, None)
    one, two = record.lines
    assert (one.decision, one.target) == ("merge", kept.line.id)
    assert (two.decision, two.target) == ("create", "") and two.doubles[0]["dossier"] == kept.line.id


def test_doubles_within_the_file_make_one_dossier(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    again = ("Atelier Bois", "", "", BOIS, "Dominique Essai", "dominique@example.org", *[""] * 7)
    record = through(desk, cast, WOOD, again)
    assert [line.outcome for line in record.report] == ["created", "merged"]
    assert record.report[0].dossier == record.report[1].dossier
    found = desk.followup.dossiers.read(cast.officer, record.report[0].dossier)
    assert [one.name for one in found.contacts] == ["Camille Essai", "Dominique Essai"]


def test_what_changed_since_the_review_is_reviewed_again(desk: Desk, cast: Cast) -> None:
    record = matched(desk, cast, IRON)
    assert record.stage is Stage.READY
    desk.acts.run(cast.officer, OPENED, "", DossierEntry(kind="firm", title="Entre-temps", siren=METAL[:9]))
    with pytest.raises(Conflict, match="lignes 2"):
        desk.spreadsheets.imports.apply(cast.officer, record.line.id)
    assert desk.followup.dossiers.search(cast.officer, DossierFilter()).total == 1, "all or nothing"


def test_prospecting_leaves_out_masked_firms_and_those_that_object(desk: Desk, cast: Cast) -> None:
    masked = ("Discrète", "", "", SECRET, *[""] * 9)
    record = matched(desk, cast, masked, IRON, prospecting=True)
    assert "diffusion partielle" in record.lines[0].left_out and not record.lines[1].left_out
    followed = matched(desk, cast, masked)
    assert not followed.lines[0].left_out, "a firm that comes by itself is followed"
    with desk.journal.writing(cast.admin) as unit:
        unit.act("member.added")
        unit.add(
            Membership(
                person_id=cast.head.person, role="dirigeant", siren=METAL[:9], attested_as="host",
                attested_at=unit.now,
            )
        )  # fmt: skip
    desk.objections.object(replace(cast.head, siren=METAL[:9]), METAL[:9])
    read = brought(desk, cast, IRON)
    columns = {one.place: one.column for one in read.columns}
    again = desk.spreadsheets.imports.match(cast.officer, read.line.id, columns, None, prospecting=True)
    assert "opposée" in again.lines[0].left_out, "whatever is loaded"
    late = desk.spreadsheets.imports.apply(cast.officer, record.line.id)
    assert "opposée" in late.report[1].reason, "an objection made since the review"


def test_an_import_is_its_officer_s_and_its_organisation_s(desk: Desk, cast: Cast) -> None:
    record = matched(desk, cast, IRON)
    imports = desk.spreadsheets.imports
    for stranger in (cast.officer_away, cast.head, cast.analyst, cast.partner, cast.anyone, cast.super_admin):
        with pytest.raises(NotFound):
            imports.read(stranger, record.line.id)
        with pytest.raises(NotFound):
            imports.apply(stranger, record.line.id)
        with pytest.raises(NotFound):
            imports.bring(cast.anyone, "a.csv", csv_file([HEADER, WOOD]))
    assert imports.read(cast.admin, record.line.id).line.id == record.line.id
    with pytest.raises(NotFound, match="autre personne"):
        imports.apply(cast.admin, record.line.id)


def test_an_import_that_is_abandoned_is_erased(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    record = matched(desk, cast, WOOD)
    gone = desk.spreadsheets.imports.abandon(cast.officer, record.line.id)
    assert gone.stage is Stage.ABANDONED and gone.lines == () and gone.line.file_name is None
    with pytest.raises(Conflict, match="abandonné"):
        desk.spreadsheets.imports.apply(cast.officer, record.line.id)


def test_a_workbook_reads_like_a_csv(desk: Desk, cast: Cast) -> None:
    rows = [("Suivi de la communauté",), HEADER, WOOD, (*IRON[:3], float(METAL), *IRON[4:])]
    record = desk.spreadsheets.imports.bring(cast.officer, "suivi.xlsx", xlsx_file(rows, Notes=[("a", "b")]))
    columns = {one.place: one.column for one in record.columns}
    done = desk.spreadsheets.imports.match(cast.officer, record.line.id, columns, directory())
    assert [(line.line, line.said["siret"]) for line in done.lines] == [(3, BOIS), (4, METAL)]
    assert any("« Notes »" in note for note in record.notes)


def test_a_long_search_is_left_and_found_again(desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(numbers, "search_numbers", partial(numbers.search_numbers, seconds=-1))
        record = matched(desk, cast, WOOD, IRON, ODD)
        assert record.stage is Stage.SEARCHING and record.remaining == 2
        with pytest.raises(Conflict, match="autre étape"):
            desk.spreadsheets.imports.choose_numbers(cast.officer, record.line.id, {}, directory())
    record = desk.spreadsheets.imports.search_on(cast.officer, record.line.id, directory())
    assert record.stage is Stage.NUMBERS and record.remaining == 0
    assert record.lines[0].said["siret"] == BOIS


def test_others_write_while_numbers_are_looked_for(
    desk: Desk, cast: Cast, journal: SqlJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search takes seconds: were it done in a writing transaction, this act would wait for itself forever."""
    search = numbers.search_numbers

    def interrupted(*given: Any) -> int:
        desk.acts.run(cast.admin, OPENED, "", DossierEntry(kind="holder", title="Ouvert pendant ce temps"))
        return search(*given)

    monkeypatch.setattr(numbers, "search_numbers", interrupted)
    record = matched(desk, cast, WOOD, IRON, ODD)
    assert record.stage is Stage.NUMBERS
    assert "Ouvert pendant ce temps" in dossiers(journal, cast)


def test_an_import_that_moved_on_meanwhile_is_not_written_over(
    desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports, search = desk.spreadsheets.imports, numbers.search_numbers
    record = brought(desk, cast, WOOD, IRON, ODD)
    columns = {one.place: one.column for one in record.columns}

    def interrupted(*given: Any) -> int:
        monkeypatch.setattr(numbers, "search_numbers", search)
        imports.match(cast.officer, record.line.id, columns, directory(), prospecting=True)
        return search(*given)

    monkeypatch.setattr(numbers, "search_numbers", interrupted)
    with pytest.raises(Conflict, match="dans un autre onglet"):
        imports.match(cast.officer, record.line.id, columns, directory())
    assert imports.read(cast.officer, record.line.id).prospecting


def test_numbers_that_are_chosen_are_checked(desk: Desk, cast: Cast) -> None:
    imports = desk.spreadsheets.imports
    record = matched(desk, cast, ODD)
    with pytest.raises(RequestFault, match="Ligne 2 : sa clé de contrôle est fausse"):
        imports.choose_numbers(cast.officer, record.line.id, {2: "73282932000075"}, directory())
    record = imports.choose_numbers(cast.officer, record.line.id, {2: "732 829 320 00074"}, directory())
    assert record.lines[0].said["siret"] == BOIS
