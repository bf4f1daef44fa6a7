"""Introductions against a plain model: answers, objections, merges of dossiers, days, strangers, in any order.

Thirty examples by default; `VIGIE_EXAMPLES=2000` gives the full figure.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER, Clock
from tests.journal.introductions_model import Expected, Paper
from tests.journal.parties import SIREN_MASKED, Names, link
from vigie import bootstrap
from vigie.domain.access import Role, Scope
from vigie.domain.introductions import IntroductionStep, Step, fold
from vigie.errors import Conflict, NotFound
from vigie.services.desk import desk as make_desk
from vigie.services.followup import dossiers
from vigie.services.introductions import steps
from vigie.services.introductions.parties import Party
from vigie.services.introductions.proposing import Proposal
from vigie.services.introductions.steps import progress, read
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Contact, Dossier
from vigie.store.journal.introductions import Introduction
from vigie.store.journal.people import Membership, Organisation
from vigie.store.journal.records import Letter

EXAMPLES = int(os.environ.get("VIGIE_EXAMPLES", "30"))
FIRMS = (SIREN_HERE, SIREN_PARTNER, SIREN_AWAY, SIREN_MASKED)
PAIRS = [*permutations(FIRMS, 2), (SIREN_HERE, SIREN_HERE)]
OUTSIDER = "999999999"
LIVE = ("proposed", "introduced", "met")
SUBJECTS = {"consent": "proposée", "withdrawal": "accord est enregistré"}
PICK, SIDE = st.integers(0, 20), st.integers(0, 1)


@cache
def _empty() -> bytes:
    """A journal made once: each example works on a copy, so that the last one is as quick as the first."""
    with tempfile.TemporaryDirectory() as folder:
        bootstrap.open_journal(Settings(data_dir=Path(folder), secret="x")).close()  # noqa: S106
        with sqlite3.connect(Path(folder) / bootstrap.JOURNAL) as connection:
            return connection.serialize()


class Introducing(RuleBasedStateMachine):
    """One organisation at work, another one that must see nothing of it."""

    @initialize()
    def open_two_organisations(self) -> None:
        self.folder, self.clock = tempfile.TemporaryDirectory(), Clock()
        chosen = Settings(data_dir=Path(self.folder.name), secret="secret of the machine")  # noqa: S106
        (chosen.data_dir / bootstrap.JOURNAL).write_bytes(_empty())
        self.journal = bootstrap.open_journal(chosen, clock=self.clock)
        self.desk = make_desk(self.journal, Keys(new_id().encode()), chosen)
        here, away = new_id(), new_id()
        for organisation in (here, away):
            with self.journal.writing(Scope(role=Role.SUPER_ADMIN, organisation=organisation, via="command")) as unit:
                unit.act("organisation.created", organisation)
                unit.add(Organisation(id=organisation, name="Essai", kind="collectivite"))
        self.officer = Scope(role=Role.OFFICER, organisation=here, person="officer", via="session")
        with self.journal.writing(Scope(role=Role.SUPER_ADMIN, organisation=here, via="command")) as unit:
            unit.act("member.added")
            for firm in (*FIRMS, OUTSIDER):
                spoken = {"person_id": f"head{firm}", "role": Role.HEAD.value, "siren": firm}
                unit.add(Membership(**spoken, attested_as="host", attested_at=unit.now))
        self.stranger = Scope(role=Role.ADMIN, organisation=away, person="stranger", via="session")
        self.model: dict[str, Expected] = {}
        self.papers: list[Paper] = []
        self.objections: dict[str, datetime] = {}
        self.names = Names()
        self.dossiers: dict[str, list[str]] = {firm: [] for firm in FIRMS}
        # Every example begins with something to answer, to merge and to object to.
        self.open_dossier(SIREN_HERE)
        self.open_dossier(SIREN_HERE)
        self.ask((SIREN_HERE, SIREN_PARTNER), asked=True, pick=1)
        self.ask((SIREN_AWAY, SIREN_PARTNER), asked=True, pick=0)

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
            self.folder.cleanup()

    @rule(firm=st.sampled_from(FIRMS))
    def follow(self, firm: str) -> None:
        self.open_dossier(firm)

    def open_dossier(self, firm: str) -> None:
        """Open a dossier, which may double another one."""
        with self.journal.writing(self.officer) as unit:
            unit.act("dossier.opened")
            made = unit.add(Dossier(kind="firm", title="Double", siren=firm))
            unit.flush()
            unit.add(Contact(dossier_id=made.id, name="", email=_mail(firm)))
            self.dossiers[firm].append(made.id)

    @precondition(lambda self: any(len(known) > 1 for known in self.dossiers.values()))
    @rule(pick=PICK, first=st.booleans())
    def merge_dossiers(self, pick: int, first: bool) -> None:
        """Reunite two dossiers: who takes part in introductions follows, and nothing else of them moves."""
        doubled = [firm for firm, known in self.dossiers.items() if len(known) > 1]
        known = self.dossiers[doubled[pick % len(doubled)]]
        kept, other = known[:2] if first else known[1::-1]
        self.desk.acts.run(self.officer, dossiers.MERGED, kept, {"other": other})
        known.remove(other)
        for expected in self.model.values():
            now = [kept if dossier == other else dossier for dossier in expected.dossiers]
            expected.dossiers = (now[0], now[1])

    @rule(pair=st.sampled_from(PAIRS), asked=st.booleans(), pick=PICK)
    def propose(self, pair: tuple[str, str], asked: bool, pick: int) -> None:
        self.ask(pair, asked=asked, pick=pick)

    def ask(self, pair: tuple[str, str], *, asked: bool, pick: int) -> None:
        """Propose to introduce two firms, each by its number or by one of its dossiers."""
        first, second = pair
        followed = [(*self.dossiers[firm], "")[pick % (len(self.dossiers[firm]) + 1)] for firm in pair]
        asking = Proposal(
            *(_party(firm, dossier, asked) for firm, dossier in zip(pair, followed, strict=True)),
            reason="Essai",
        )
        going = any(set(one.firms) == {first, second} and one.state in LIVE for one in self.model.values())
        unwilling = not asked and {first, second} & {SIREN_MASKED, *self.objections}
        told = self._tried(
            lambda: self.desk.introductions.proposing.propose(self.officer, asking, self.names),
            legal=first != second and not going and not unwilling,
        )
        if told:
            self.model[told.id] = Expected((first, second), asked, (followed[0], followed[1]))
            for side in (0, 1):
                self._receive(told.id, side, "consent")

    @precondition(lambda self: self.model)
    @rule(pick=PICK, side=SIDE)
    def renew(self, pick: int, side: int) -> None:
        identifier, expected = self._picked(pick)
        self.clock.forward(seconds=1)
        if self._tried(
            lambda: self.desk.introductions.following.renew(self.officer, identifier, "ab"[side]),
            legal=expected.waits_for(side),
        ):
            self._receive(identifier, side, "consent")

    @precondition(lambda self: self.papers)
    @rule(pick=PICK, accept=st.booleans())
    def answer_by_link(self, pick: int, accept: bool) -> None:
        paper = self.papers[-1 - pick % min(len(self.papers), 8)]
        expected = self.model[paper.introduction]
        if paper.purpose != "consent":
            self._tried(lambda: self.desk.introductions.by_link.answer(paper.token, accept=accept), False, NotFound)
            return
        if self._tried(
            lambda: self.desk.introductions.by_link.answer(paper.token, accept=accept),
            legal=self._usable(paper)
            and expected.waits_for(paper.side)
            and not (accept and self._other_objected(expected, paper.side)),
        ):
            paper.dead = True
            self._note_answer(paper.introduction, paper.side, accept)

    @precondition(lambda self: self.model)
    @rule(pick=PICK, side=SIDE, accept=st.booleans())
    def answer_at_the_desk(self, pick: int, side: int, accept: bool) -> None:
        identifier, expected = self._picked(pick)
        head = self._head(expected.firms[side])
        if self._tried(
            lambda: self.desk.introductions.following.answer(head, identifier, accept=accept),
            legal=expected.waits_for(side) and not (accept and self._other_objected(expected, side)),
        ):
            self._note_answer(identifier, side, accept)

    @precondition(lambda self: self.papers)
    @rule(pick=PICK)
    def withdraw_by_link(self, pick: int) -> None:
        paper = self.papers[-1 - pick % min(len(self.papers), 8)]
        expected = self.model[paper.introduction]
        if paper.purpose != "withdrawal":
            self._tried(lambda: self.desk.introductions.by_link.withdraw(paper.token), False, NotFound)
        elif self._tried(
            lambda: self.desk.introductions.by_link.withdraw(paper.token),
            legal=self._usable(paper) and expected.state == "proposed",
        ):
            paper.dead, expected.consents[paper.side], expected.state = True, "withdrawn", "declined"

    @precondition(lambda self: self.model)
    @rule(pick=PICK)
    def meet(self, pick: int) -> None:
        identifier, expected = self._picked(pick)
        if self._tried(
            lambda: self.desk.introductions.following.met(self.officer, identifier, self.clock.today),
            legal=expected.state == "introduced",
        ):
            expected.state = "met"

    @precondition(lambda self: self.model)
    @rule(pick=PICK, outcome=st.sampled_from(["order", "sharing", ""]), jobs=st.none() | st.integers(0, 50))
    def conclude(self, pick: int, outcome: str, jobs: int | None) -> None:
        identifier, expected = self._picked(pick)
        said = IntroductionStep(Step.CONCLUDED, outcome=outcome, why_not="" if outcome else "no_fit", jobs=jobs)
        fits = outcome or jobs is None
        if self._tried(
            lambda: self.desk.introductions.following.conclude(self.officer, identifier, said),
            legal=bool(fits) and (expected.state == "met" or (expected.state == "introduced" and not outcome)),
        ):
            expected.state = "concluded"

    @precondition(lambda self: self.model)
    @rule(pick=PICK, side=SIDE, satisfaction=st.integers(0, 6))
    def rate(self, pick: int, side: int, satisfaction: int) -> None:
        identifier, expected = self._picked(pick)
        head = self._head(expected.firms[side])
        if self._tried(
            lambda: self.desk.introductions.following.rate(head, identifier, satisfaction),
            legal=expected.state == "concluded" and expected.rated[side] is None and 1 <= satisfaction <= 5,
        ):
            expected.rated[side] = satisfaction

    @precondition(lambda self: self.model)
    @rule(pick=PICK)
    def abandon(self, pick: int) -> None:
        identifier, expected = self._picked(pick)
        if self._tried(
            lambda: self.desk.introductions.following.abandon(self.officer, identifier), legal=expected.state in LIVE
        ):
            expected.state = "abandoned"

    @rule(pick=PICK)
    def object(self, pick: int) -> None:
        """Object as the head of a firm, rather one that said yes; objecting twice is objecting once.

        What was proposed to a firm that objects, and that it did not ask for, ends at once.
        """
        agreed = [one.firms[side] for one in self.model.values() for side in (0, 1) if one.consents[side] == "accepted"]
        candidates = [firm for firm in agreed if firm != SIREN_MASKED] or FIRMS[:3]
        firm = candidates[pick % len(candidates)]
        self.clock.forward(seconds=1)
        self.desk.objections.object(self._head(firm), firm)
        self.objections.setdefault(firm, self.clock.now)
        self.names.objecting.add(firm)
        for expected in self.model.values():
            if self.objections.keys() & set(expected.firms) and expected.state == "proposed" and not expected.asked:
                expected.state = "abandoned"

    @precondition(lambda self: self.objections)
    @rule(pick=PICK)
    def be_shown_again(self, pick: int) -> None:
        firm = sorted(self.objections)[pick % len(self.objections)]
        self.desk.objections.withdraw_own(self._head(firm), firm)
        del self.objections[firm]
        self.names.objecting.discard(firm)

    @rule(days=st.sampled_from([1, 10, 29, 31]))
    def wait(self, days: int) -> None:
        self.clock.forward(days=days)

    @precondition(lambda self: self.model)
    @rule(pick=PICK)
    def strangers_find_nothing(self, pick: int) -> None:
        identifier, _ = self._picked(pick)
        following, reading = self.desk.introductions.following, self.desk.introductions.reading
        outsider = self._head(OUTSIDER)
        today = self.clock.today
        tries: tuple[Callable[[], object], ...] = (
            lambda: reading.one(self.stranger, identifier),
            lambda: reading.one(outsider, identifier),
            lambda: following.abandon(self.stranger, identifier),
            lambda: following.met(self.stranger, identifier, today),
            lambda: following.answer(outsider, identifier, accept=True),
        )
        for work in tries:
            self._tried(work, False, NotFound)
        assert reading.board(self.stranger).total == reading.board(outsider).total == 0

    @invariant()
    def rows_model_and_events_agree(self) -> None:
        for identifier, expected in self._all():
            with self.journal.reading(self.officer) as reader:
                held = read(reader, identifier)
                now = progress(held)
                assert tuple(held.sides[each].dossier_id for each in "ab") == expected.dossiers
                assert fold(step.happening for step in steps.of(reader, identifier)) == now
            assert (now.state, [now.consents[each] for each in "ab"]) == (expected.state, expected.consents)
            assert [now.satisfaction.get(each) for each in "ab"] == expected.rated

    @invariant()
    def nothing_else_was_written(self) -> None:
        if hasattr(self, "model"):
            with self.journal.reading(self.officer) as reader:
                assert set(reader.all(select(Introduction.id))) == set(self.model)

    @invariant()
    def no_letter_tells_too_early(self) -> None:
        if not hasattr(self, "model"):
            return
        with self.journal.reading(self.officer) as reader:
            written = reader.all(select(Letter))
        for letter in written:
            expected = self.model[letter.about]
            others = [_mail(firm) for firm in expected.firms if _mail(firm) != letter.recipient]
            told = any(mail in f"{letter.subject} {letter.body}" for mail in others)
            assert not told or expected.consents == ["accepted", "accepted"]

    def _all(self) -> Iterator[tuple[str, Expected]]:
        yield from getattr(self, "model", {}).items()

    def _picked(self, pick: int) -> tuple[str, Expected]:
        known = list(self.model.items())
        return known[pick % len(known)]

    def _head(self, firm: str) -> Scope:
        organisation = self.officer.organisation
        return Scope(role=Role.HEAD, organisation=organisation, person=f"head{firm}", siren=firm, via="session")

    def _other_objected(self, expected: Expected, accepting: int) -> bool:
        """Tell whether the other side said yes, then objected."""
        other = 1 - accepting
        objected = self.objections.get(expected.firms[other])
        said_yes = expected.consents[other] == "accepted"
        return said_yes and objected is not None and objected > expected.said_at[other]

    def _usable(self, paper: Paper) -> bool:
        return not paper.dead and self.clock.now < paper.until

    def _note_answer(self, identifier: str, side: int, accept: bool) -> None:
        expected = self.model[identifier]
        expected.consents[side], expected.said_at[side] = "accepted" if accept else "refused", self.clock.now
        if not accept:
            expected.state = "declined"
        elif expected.consents == ["accepted", "accepted"]:
            expected.state = "introduced"
        else:
            self._receive(identifier, side, "withdrawal")

    def _receive(self, identifier: str, side: int, purpose: str) -> None:
        """Take the link out of the last letter, and throw away those it replaces."""
        for paper in self.papers:
            if (paper.introduction, paper.side, paper.purpose) == (identifier, side, purpose):
                paper.dead = True
        recipient = _mail(self.model[identifier].firms[side])
        token = link(self.journal, self.officer, recipient, SUBJECTS[purpose], about=identifier)
        self.papers.append(Paper(identifier, side, token, purpose, self.clock.now + timedelta(days=30)))

    def _tried(self, work: Callable[[], object], legal: bool, refusal: type[Exception] = Conflict) -> object | None:
        """Do what the model says is legal; anything else must be refused in the way it says."""
        if legal:
            return work()
        try:
            work()
        except refusal:
            return None
        raise AssertionError("what the rules forbid was done")


def _party(firm: str, dossier: str, asked: bool) -> Party:
    """A firm by its dossier, which tells its number and whom to write to, or by its number alone."""
    if dossier:
        return Party(dossier_id=dossier, label=f"Partie {firm}", asked=asked)
    return Party(siren=firm, label=f"Partie {firm}", contact_email=_mail(firm), asked=asked)


def _mail(firm: str) -> str:
    return f"contact-{firm}@example.org"


TestIntroducing = pytest.mark.slow(Introducing.TestCase)
TestIntroducing.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
