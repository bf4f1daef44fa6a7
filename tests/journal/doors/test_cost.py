"""What a page costs in questions, whatever its lists hold: to the journal, to the warehouse and to the index of names.

A page that asks one thing for each line of a list passes on ten lines and fails an officer who has a thousand.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests import small_stock
from tests.doors.served import EPCI
from tests.journal.cast import SIREN_HERE, SIREN_PARTNER
from tests.journal.doors.calling import Program, call
from tests.journal.doors.expected import EXPECTED
from tests.journal.doors.matrix import scopes_of
from tests.journal.doors.office import Office
from tests.journal.doors.rows import write
from tests.shares import share
from vigie.domain.access import Role, Scope
from vigie.services.keys import Keys
from vigie.services.retention.mine import owned_tables
from vigie.store.engines.duckdb.warehouse import DuckWarehouse
from vigie.store.engines.tantivy.directory import TantivyDirectory
from vigie.store.journal.followup import Dossier, Exchange, Reminder
from vigie.store.journal.introductions import Call, CallAnswer, Introduction, IntroductionRequest, Side
from vigie.store.journal.people import FirmLink, Invitation, Membership, Organisation, Person
from vigie.store.journal.records import Letter

MOST_STATEMENTS, MOST_QUESTIONS = 30, 5
LINES, ORGANISATIONS = 100, 20
ASKED: Mapping[type, tuple[str, ...]] = {
    DuckWarehouse: ("arrow", "rows", "record"),
    TantivyDirectory: ("search", "suggest", "record", "siblings"),
}
WHOLE_JOURNAL = {
    "GET /api/v1/desk/exports/organisation": len(owned_tables()) + 9,
    "GET /api/v1/desk/me/export": 40,
}
"""What takes away all of an organisation, or of a person: its bound follows the tables read, not their lines."""


FOR_ALL = (
    "GET /territoire/",
    "GET /api/v1/territories/",
    "GET /api/v1/desk/introductions/ties/aggregates",
    "GET /bureau/besoins/{need}",
    "GET /api/v1/cases",
    "GET /laboratoire",
    "GET /vendee-et-ossau",
)
"""What its first reader pays for all: the figures that portraits and the laboratory compare with, kept as long as the
data; public ties, counted once a quarter, one organisation after the other; the catalogue of aids and the bridge of
activities. Its second reader is counted."""
HOME = "GET /"
"""Its map is that of a territory."""
Record = Callable[[str, object], None]


@dataclass
class Spent:
    """Questions asked while a page was made."""

    statements: int = 0
    questions: int = 0


@pytest.fixture
def spent(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spent]:
    """Count what the journal, the warehouse and the index are asked."""
    counted, lock = Spent(), threading.Lock()

    def statement(_: Any, __: Any, text: str, *___: Any) -> None:
        if threading.current_thread().name.startswith("vigie-"):
            return  # the server's own rounds (letters, jobs, objections) go on while a page is made
        with lock:
            counted.statements += not text.startswith("BEGIN")

    def counting(method: Any) -> Any:
        def asked(*given: Any, **named: Any) -> Any:
            with lock:
                counted.questions += 1
            return method(*given, **named)

        return asked

    for owner, names in ASKED.items():
        for name in names:
            monkeypatch.setattr(owner, name, counting(getattr(owner, name)))
    engine = office.desk.journal.engine
    event.listen(engine, "before_cursor_execute", statement)
    yield counted
    event.remove(engine, "before_cursor_execute", statement)


@pytest.fixture(scope="module")
def crowded(office: Office) -> Mapping[str, str]:
    """Fill each list of the first organisation with a hundred lines on firms that are loaded, beside twenty others."""
    named = dict(write(office))
    cast, sirens = office.cast, [small_stock.siren(number) for number in range(1, 41)]
    with office.desk.journal.writing(cast.admin) as unit:
        unit.act("cost.prepared")
        today = unit.now.date()
        for rank in range(LINES):
            siren = sirens[rank % len(sirens)]
            dossier = unit.add(Dossier(kind="firm", title=f"Dossier {rank}", siren=siren, owner_id=cast.officer.person))
            unit.add(Exchange(dossier_id=named["dossier"], kind="call", happened_on=today, body=f"Appel {rank}"))
            unit.add(Reminder(dossier_id=dossier.id, due_on=today, reason="Rappeler", owner_id=cast.officer.person))
            unit.add(
                IntroductionRequest(
                    siren=SIREN_HERE, sought_siren=siren, person_id=cast.head.person, reason=f"Rencontrer {rank}"
                )
            )
            met = unit.add(Introduction(state="proposed", reason=f"Raison {rank}"))
            unit.add(
                Side(introduction_id=met.id, position="a", siren=SIREN_HERE, label="A", contact_email="a@example.org")
            )
            unit.add(Side(introduction_id=met.id, position="b", siren=siren, label="B", contact_email="b@example.org"))
            asked = unit.add(
                Call(
                    kind="need", title=f"Appel {rank}", text="Texte", visibility="public", siren=siren,
                    author_id=cast.head.person, opens_on=today,
                )
            )  # fmt: skip
            unit.add(CallAnswer(call_id=named["call"], body="Réponse", siren=siren, person_id=cast.head.person))
            unit.add(CallAnswer(call_id=asked.id, body="Réponse", siren=SIREN_PARTNER, person_id=cast.head.person))
            unit.add(Letter(recipient="a@example.org", subject=f"Lettre {rank}", body="Corps"))
            member = unit.add(Person(name=f"Membre {rank}", email_key=Keys.hash_token(Keys.new_token())))
            unit.add(Membership(person_id=member.id, role="charge_etudes"))
            unit.add(FirmLink(person_id=member.id, siren=siren, proof="declared"))
            unit.add(
                Invitation(
                    email=f"m{rank}@example.org", role="charge_etudes", expires_at=unit.now + timedelta(days=7),
                    invited_by=cast.admin.person, key_hash=Keys.hash_token(Keys.new_token()),
                )
            )  # fmt: skip
    for rank in range(ORGANISATIONS):
        scope = Scope(role=Role.SUPER_ADMIN, organisation=f"voisine{rank:02}".ljust(20, "x"), via="command")
        with office.desk.journal.writing(scope) as unit:
            unit.act("organisation.created", scope.organisation)
            unit.add(
                Organisation(
                    id=scope.organisation, name=f"Voisine {rank}", kind="collectivite", territory=EPCI, cog=2026
                )
            )
            unit.trace("session.opened")
    return named


@pytest.fixture(scope="module")
def greeted(program: Program, crowded: Mapping[str, str]) -> None:
    """Let each part read a page: a session notes the day of its first use."""
    for part in scopes_of(program.office.cast):
        program.ask(part, "GET", "/aide")


BUSIEST = {"officer"}
READ = sorted(route for route in EXPECTED if route.startswith("GET "))


@pytest.mark.parametrize("route", READ)
@pytest.mark.usefixtures("greeted")
def test_a_page_asks_few_questions(
    program: Program, crowded: Mapping[str, str], spent: Spent, route: str, record_property: Record
) -> None:
    rule, wrong, highest = EXPECTED[route], [], Spent()
    most = Spent(WHOLE_JOURNAL.get(route, MOST_STATEMENTS), MOST_QUESTIONS)
    let_in = [part for part, scope in scopes_of(program.office.cast).items() if rule.lets_in(part, scope)]
    # The officer, whose lists are the longest, reads every page; the other parts take turns from a route to the next.
    reading = dict.fromkeys([*(BUSIEST & {*let_in}), *share(let_in, 4, READ.index(route))])
    for part in () if rule.spared else reading:
        if route.startswith(FOR_ALL) or route == HOME:
            call(program, route, part, rule, crowded)
        spent.statements = spent.questions = 0
        call(program, route, part, rule, crowded)
        highest = Spent(max(highest.statements, spent.statements), max(highest.questions, spent.questions))
        if spent.statements > most.statements or spent.questions > most.questions:
            wrong.append(f"{part}: {spent.statements} statements, {spent.questions} questions to the data")
    record_property("statements", highest.statements)
    record_property("questions", highest.questions)
    assert wrong == []
