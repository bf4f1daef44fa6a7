"""The records: who reads which journal, emergency accesses in full view, moderation, letters in the box."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import vigie.services
from tests.journal.cast import ELSEWHERE, HERE, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.not_empty import not_empty
from vigie.domain.access import MATRIX, Right, Role, Scope, Thing
from vigie.domain.moderation import RULES
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.capabilities import acts
from vigie.services.desk import Desk
from vigie.services.records.reading import AuditFilter
from vigie.services.records.words import FAMILIES, LABELS
from vigie.store.journal.followup import Dossier
from vigie.store.journal.introductions import Call, CallAnswer
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

REASON = "Panne signalée par la collectivité : les dossiers ne s’ouvrent plus."


@pytest.fixture
def dossier(journal: SqlJournal, cast: Cast) -> str:
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        identifier = unit.add(Dossier(kind="firm", title="Atelier d’essai", siren=SIREN_HERE)).id
    with journal.writing(cast.admin) as unit:
        unit.trace("dossier.read", identifier, siren=SIREN_HERE)
        unit.trace("dossier.read", identifier, siren=SIREN_PARTNER)
    return identifier


@pytest.fixture
def call(journal: SqlJournal, cast: Cast) -> str:
    with journal.writing(cast.head) as unit:
        unit.act("call.published")
        opened = unit.add(
            Call(
                kind="need", title="Un besoin", text="Texte du besoin", visibility="public",
                author_id=cast.head.person, opens_on=unit.now.date(),
            )
        )  # fmt: skip
        unit.add(CallAnswer(call_id=opened.id, name="Auteur", email="auteur@example.org", body="Une réponse"))
        return opened.id


def kinds(desk: Desk, scope: Scope, **wanted: object) -> list[str]:
    page = desk.records.reading.journal(scope, AuditFilter(**wanted))  # type: ignore[arg-type]
    assert page.total >= len(page.lines)
    return [line.kind for line in page.lines]


def test_an_admin_reads_acts_and_accesses_together(desk: Desk, cast: Cast, dossier: str) -> None:
    page = desk.records.reading.journal(cast.admin, AuditFilter(subject=dossier))
    assert [line.kind for line in page.lines] == ["dossier.read", "dossier.read"]
    assert page.lines[0].who == "Personne admin"
    assert "dossier.opened" in kinds(desk, cast.admin)
    assert "dossier.opened" not in kinds(desk, cast.admin, nature="access")
    assert "dossier.read" not in kinds(desk, cast.admin, nature="act")
    assert set(kinds(desk, cast.admin, family="dossier")) == {"dossier.read", "dossier.opened"}
    assert set(kinds(desk, cast.admin, person=cast.officer.person)) == {"person.added", "dossier.opened"}
    assert ("officer".ljust(20, "0"), "Personne officer") in page.people
    assert "Atelier" not in str(page.as_dict())


def test_days_bound_the_journal_inclusively(desk: Desk, cast: Cast, dossier: str, clock: Clock) -> None:
    today = clock.today
    assert kinds(desk, cast.admin, since=today, until=today)
    assert kinds(desk, cast.admin, since=today + timedelta(days=1)) == []
    assert kinds(desk, cast.admin, until=today - timedelta(days=1)) == []


def test_a_bound_beyond_every_day_leaves_nothing_out(desk: Desk, cast: Cast, dossier: str) -> None:
    everything = desk.records.reading.journal(cast.admin, AuditFilter()).total
    for bounds in (
        AuditFilter(since=date.min),
        AuditFilter(until=date.max),
        AuditFilter(since=date.min, until=date.max),
    ):
        assert desk.records.reading.journal(cast.admin, bounds).total == everything


def test_pages_hold_every_line_once_in_order(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    for _ in range(60):
        clock.forward(seconds=1)
        with journal.writing(cast.officer) as unit:
            unit.act("dossier.opened")
            unit.trace("dossier.read", unit.add(Dossier(kind="firm")).id)
    first = desk.records.reading.journal(cast.admin, AuditFilter(family="dossier"))
    rest = [
        desk.records.reading.journal(cast.admin, AuditFilter(family="dossier", page=page)).lines for page in (2, 3, 4)
    ]
    lines = [*first.lines, *(line for page in rest for line in page)]
    assert (first.total, first.total_pages, len(lines)) == (120, 3, 120)
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert list(desk.records.reading.export(cast.admin, AuditFilter(family="dossier"))) == lines
    assert "journal.exported" in kinds(desk, cast.admin)


def test_a_head_reads_the_accesses_to_their_firm_without_names(desk: Desk, cast: Cast, dossier: str) -> None:
    page = desk.records.reading.journal(cast.head, AuditFilter())
    assert [(line.kind, line.siren, line.role, line.who, line.person) for line in page.lines] == [
        ("dossier.read", SIREN_HERE, "admin", "", "")
    ]
    assert page.people == ()
    assert page.families == ("dossier",), "not what is read of others"
    chosen = desk.records.reading.journal(cast.head, AuditFilter(person="somebody"))
    assert chosen.lines == page.lines, "nobody is told by being left out"
    nobody = replace(cast.head, siren="")
    assert desk.records.reading.journal(nobody, AuditFilter()).lines == ()
    assert desk.records.reading.export(nobody, AuditFilter()) == ()


def test_a_super_admin_reads_sign_ins_and_emergencies_of_all(
    desk: Desk, journal: SqlJournal, cast: Cast, dossier: str
) -> None:
    for part in ("officer", "officer_away"):
        with journal.writing(cast.scopes[part]) as unit:
            unit.trace("session.opened")
    page = desk.records.reading.journal(cast.super_admin, AuditFilter())
    assert {(line.kind, line.organisation) for line in page.lines} == {
        ("session.opened", "Communauté d’essai"), ("session.opened", "Communauté voisine"),
    }  # fmt: skip
    assert page.total == 2


def test_the_journal_of_another_organisation_does_not_exist(desk: Desk, cast: Cast, dossier: str) -> None:
    page = desk.records.reading.journal(cast.admin_away, AuditFilter(subject=dossier))
    assert (page.lines, page.total) == ((), 0)
    away = desk.records.reading.journal(cast.admin_away, AuditFilter())
    assert "dossier" not in away.families
    for part in ("anyone", "inhabitant", "officer", "analyst", "elected", "partner"):
        with pytest.raises(NotFound):
            desk.records.reading.journal(cast.scopes[part], AuditFilter())
        with pytest.raises(NotFound):
            desk.records.reading.export(cast.scopes[part], AuditFilter())


def test_an_emergency_access_reads_and_is_seen(desk: Desk, journal: SqlJournal, cast: Cast, dossier: str) -> None:
    access = desk.records.emergency.open(cast.super_admin, HERE, REASON, 30)
    assert access.open
    asker = desk.recognising.session(cast.secrets["super_admin"])
    assert (asker.scope.organisation, asker.scope.via) == (HERE, "emergency")
    assert "accès d’urgence" in asker.organisation
    assert desk.recognising.token(cast.secrets["super_admin"]).scope.via == "emergency"
    with journal.reading(asker.scope) as reader:
        assert reader.get(Dossier, dossier).title == "Atelier d’essai"
    desk.records.emergency.trace(asker.scope, f"/bureau/dossiers/{dossier}")
    (seen,) = desk.records.emergency.of_organisation(cast.admin)
    assert (seen.reason, seen.open) == (REASON, True)
    lines = desk.records.reading.journal(cast.admin, AuditFilter(family="emergency")).lines
    assert {(line.kind, line.role, line.detail) for line in lines} == {
        ("emergency.opened", "super_admin", ""),
        ("emergency.read", "super_admin", f"/bureau/dossiers/{dossier}"),
    }
    with journal.reading(cast.admin) as reader:
        (letter,) = reader.all(select(Letter))
    assert letter.recipient == "admin@example.org"
    assert REASON in (letter.body or "")


def test_an_emergency_access_never_writes_and_opens_nothing_else(cast: Cast) -> None:
    scope = replace(cast.super_admin, organisation=HERE, via="emergency")
    opened = {thing for thing in Thing if scope.rights(thing)}
    for thing in not_empty(opened):
        assert scope.rights(thing) == {Right.READ}
    own = {thing for thing in Thing if Right.READ in MATRIX[thing].get(Role.SUPER_ADMIN, frozenset())}
    assert opened - own == {Thing.DOSSIERS, Thing.NOTES, Thing.INTRODUCTIONS}


def test_an_emergency_access_ends_by_itself_or_when_asked(desk: Desk, cast: Cast, clock: Clock) -> None:
    desk.records.emergency.open(cast.super_admin, HERE, REASON, 10)
    with pytest.raises(Conflict):
        desk.records.emergency.open(cast.super_admin, ELSEWHERE, REASON, 10)
    clock.forward(minutes=10)
    assert desk.recognising.session(cast.secrets["super_admin"]).scope == cast.super_admin
    desk.records.emergency.open(cast.super_admin, ELSEWHERE, REASON, 60)
    asker = desk.recognising.session(cast.secrets["super_admin"])
    assert asker.scope.organisation == ELSEWHERE
    desk.records.emergency.end(asker.scope)
    assert desk.recognising.session(cast.secrets["super_admin"]).scope == cast.super_admin
    accesses = desk.records.emergency.of_installation(cast.super_admin)
    assert [(access.organisation, access.open) for access in accesses] == [(ELSEWHERE, False), (HERE, False)]
    (there,) = desk.records.emergency.of_organisation(cast.admin_away)
    assert there.ended_at == clock()


def test_an_emergency_access_needs_a_reason_a_bound_and_a_super_admin(desk: Desk, cast: Cast) -> None:
    opening = desk.records.emergency.open
    for reason, minutes in (("", 10), ("trop court", 10), (REASON, 0), (REASON, 61)):
        with pytest.raises(FieldFault):
            opening(cast.super_admin, HERE, reason, minutes)
    with pytest.raises(NotFound):
        opening(cast.super_admin, cast.super_admin.organisation, REASON, 10)
    with pytest.raises(NotFound):
        opening(cast.super_admin, "inconnue", REASON, 10)
    for part in cast.scopes:
        if part != "super_admin":
            with pytest.raises(NotFound):
                opening(cast.scopes[part], ELSEWHERE, REASON, 10)
            with pytest.raises(NotFound):
                desk.records.emergency.end(cast.scopes[part])
    token = replace(cast.super_admin, via="token")
    with pytest.raises(NotFound):
        opening(token, HERE, REASON, 10)


def test_a_form_sent_twice_opens_one_access(desk: Desk, cast: Cast) -> None:
    asked = replace(cast.super_admin, request_key="form")
    first = desk.records.emergency.open(asked, HERE, REASON, 10)
    assert desk.records.emergency.open(asked, HERE, REASON, 10) == first
    assert len(desk.records.emergency.of_organisation(cast.admin)) == 1


def test_moderation_hides_and_restores_under_a_rule(
    desk: Desk, journal: SqlJournal, cast: Cast, call: str, clock: Clock
) -> None:
    moderating = desk.records.moderating
    asked = replace(cast.admin, request_key="form")
    decided = moderating.decide(asked, "call", call, "hide", "personal_data")
    assert moderating.decide(asked, "call", call, "hide", "personal_data") == decided
    with pytest.raises(Conflict):
        moderating.decide(cast.admin, "call", call, "hide", "insult")
    with journal.reading(cast.admin) as reader:
        assert reader.get(Call, call).state == "moderated"
        (letter,) = reader.all(select(Letter))
    assert letter.recipient == "head@example.org"
    assert RULES["personal_data"] in (letter.body or "")
    clock.forward(hours=1)
    moderating.decide(cast.admin, "call", call, "restore", "mistake")
    with journal.reading(cast.admin) as reader:
        assert reader.get(Call, call).state == "published"
    public = moderating.decisions(cast.anyone)
    assert [(row.decision, row.rule) for row in public.decisions] == [("restore", "mistake"), ("hide", "personal_data")]
    told = str(public.as_dict())
    for secret in (cast.admin.person, cast.head.person, call, "Personne", "Un besoin", "08:00"):
        assert secret not in told


def test_an_answer_is_moderated_and_its_author_told(desk: Desk, journal: SqlJournal, cast: Cast, call: str) -> None:
    (answer,) = [row for row in desk.records.moderating.published(cast.admin) if row.thing == "answer"]
    desk.records.moderating.decide(cast.admin, "answer", answer.id, "hide", "advertising")
    with journal.reading(cast.admin) as reader:
        (letter,) = reader.all(select(Letter))
    assert letter.recipient == "auteur@example.org"


def test_only_the_organisation_moderates(desk: Desk, cast: Cast, call: str) -> None:
    for part, scope in cast.scopes.items():
        if part == "admin":
            continue
        with pytest.raises(NotFound):
            desk.records.moderating.decide(scope, "call", call, "hide", "insult")
        if part != "admin_away":
            with pytest.raises(NotFound):
                desk.records.moderating.published(scope)
    assert desk.records.moderating.published(cast.admin_away) == ()
    for thing, decision, rule in (("person", "hide", "insult"), ("call", "burn", "insult"), ("call", "hide", "mood")):
        with pytest.raises(FieldFault):
            desk.records.moderating.decide(cast.admin, thing, call, decision, rule)


def test_letters_are_read_in_the_organisation_only_and_traced(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("letter.written")
        plain = desk.mail.post(unit, recipient="a@example.org", subject="Objet", body="Corps")
        secret = desk.mail.post(unit, recipient="b@example.org", subject="Compte", body="Lien", about=cast.head.person)
    outbox = desk.records.outbox
    assert {letter.id for letter in outbox.letters(cast.admin).letters} == {plain, secret}
    assert {letter.id for letter in outbox.letters(cast.officer).letters} == {plain}
    assert outbox.letter(cast.officer, plain).body == "Corps"
    assert outbox.letter(cast.admin, secret).body == "Lien"
    with pytest.raises(NotFound):
        outbox.letter(cast.officer, secret)
    assert outbox.letters(cast.admin_away).letters == ()
    with pytest.raises(NotFound):
        outbox.letter(cast.admin_away, plain)
    for part in ("anyone", "inhabitant", "head", "analyst", "elected", "partner", "super_admin"):
        with pytest.raises(NotFound):
            outbox.letters(cast.scopes[part])
    emergency = replace(cast.super_admin, organisation=HERE, via="emergency")
    with pytest.raises(NotFound):
        outbox.letters(emergency)
    assert kinds(desk, cast.admin, family="letter", nature="access") == ["letter.read", "letter.read"]
    assert kinds(desk, cast.admin, family="letters")


def test_a_letter_that_left_is_not_read_again(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("letter.written")
        gone = desk.mail.post(unit, recipient="a@example.org", subject="Objet", body="Corps")
    with journal.writing(cast.officer) as unit:
        unit.get(Letter, gone).state = "sent"
    (line,) = desk.records.outbox.letters(cast.officer).letters
    assert not line.readable
    with pytest.raises(NotFound):
        desk.records.outbox.letter(cast.officer, gone)


def test_every_kind_of_the_journal_has_its_words() -> None:
    said = set(_kinds_said())
    assert said
    assert sorted(said - set(LABELS) - set(acts())) == []
    assert acts() and all(act.label for act in acts().values())
    assert sorted({kind.partition(".")[0] for kind in (*LABELS, *acts())} ^ set(FAMILIES)) == []


def _kinds_said() -> Iterator[str]:
    """Return the kinds that services write, from their source: what acts say, and words built like a kind."""
    built_alike = re.compile(rf"({'|'.join(FAMILIES)})(\.[a-z_]+)+")
    for path in Path(vigie.services.__path__[0]).rglob("*.py"):
        if path.name == "words.py" and path.parent.name == "records":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and built_alike.fullmatch(node.value):
                yield node.value
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
                continue
            first = node.args[0]
            if node.func.attr in ("act", "trace") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
