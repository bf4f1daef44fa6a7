"""Workshops: a room with a code fills a matrix, its counts are told from three answers on, closing forgets who."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.journal.cast import Cast, Clock
from tests.not_empty import not_empty
from vigie.domain.access import ANYONE
from vigie.domain.workshop import ItemDecision, ItemKind, distributions
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.acts import Nothing
from vigie.services.desk import Desk
from vigie.services.vision.writing import PUBLISHED, WRITTEN, VisionEntry
from vigie.services.workshops.answers import PreparedWorkshop
from vigie.services.workshops.preparing import ADDED, DECIDED, PREPARED, DecisionOnItem, ItemsEntry, WorkshopEntry
from vigie.services.workshops.running import CLOSED, OPENED, ROUND_ENDED, RoomEntry
from vigie.store.journal.consultations import BallotKey, BallotPaper, HallCode
from vigie.store.journal.workshops import Workshop

FACTORS = ("Le prix du sol", "Les jeunes qui partent", "Les ateliers vides")


def entry(clock: Clock) -> WorkshopEntry:
    last = clock.today + timedelta(days=1)
    return WorkshopEntry("Nos ateliers en 2040", "Que peut devenir notre pays ?", clock.today, last, "9 h : accueil")


def opened(desk: Desk, cast: Cast, clock: Clock, *kinds: tuple[ItemKind, str], people: int = 12) -> PreparedWorkshop:
    made = desk.acts.run(cast.officer, PREPARED, "", entry(clock))
    workshop = made.told.line.id
    for kind, texts in kinds or ((ItemKind.FACTOR, "\n".join(FACTORS)),):
        desk.acts.run(cast.officer, ADDED, workshop, ItemsEntry(kind, texts))
    return desk.acts.run(cast.officer, OPENED, workshop, RoomEntry(people))


def fill(desk: Desk, room: PreparedWorkshop, people: int, step: str = "influence") -> list[str]:
    """Have people answer every cell: the mark of a cell is the rank of its line among its like, one of them differs."""
    workshop, secrets = room.told.line.id, []
    kinds = {item.id: item.kind for item in room.told.items}
    for rank in range(people):
        secret = desk.workshops.filling.join(workshop, "", room.codes[0].code, f"192.0.2.{rank}").secret
        while (asked := desk.workshops.filling.paper(workshop, secret, step).asked) is not None:
            line = asked.cell.split(":")[1]
            at = [one for one, kind in kinds.items() if kind == kinds[line]].index(line)
            desk.workshops.filling.answer(workshop, secret, asked.cell, str((at + (rank == 0)) % 3))
        secrets.append(secret)
    return secrets


def test_a_room_fills_a_matrix_and_influence_is_told(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock)
    workshop = room.told.line.id
    fill(desk, room, 4)
    told = desk.workshops.reading.result(cast.officer, workshop)
    assert [one.answers for one in told.cells] == [4] * 6
    assert [(one.name, one.direct_influence, one.direct_dependence) for one in told.factors] == [
        (FACTORS[2], 4, 1), (FACTORS[1], 2, 2), (FACTORS[0], 0, 3)
    ]  # fmt: skip
    assert "4" in told.sentences[0] and FACTORS[2] in told.sentences[1]
    with pytest.raises(Conflict, match="clos"):
        desk.workshops.reading.result(ANYONE, workshop)


def test_a_cell_is_told_from_three_answers_on(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock)
    fill(desk, room, 2)
    told = desk.workshops.reading.result(cast.officer, room.told.line.id)
    assert {(one.answers, one.mark, one.counts) for one in told.cells} == {(2, None, ())}
    assert not told.factors and "faute de savoir" in told.sentences[-1]


def test_disagreement_is_a_result(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock)
    workshop = room.told.line.id
    cell = f"influence:{room.told.items[0].id}:{room.told.items[1].id}"
    for mark in ("0", "3", "0", "3"):
        secret = desk.workshops.filling.join(workshop, "", room.codes[0].code).secret
        desk.workshops.filling.answer(workshop, secret, cell, mark)
    told = desk.workshops.reading.result(cast.officer, workshop)
    (one,) = [one for one in told.cells if one.answers]
    assert (one.counts, one.mark, one.word) == (((0, 2), (3, 2)), 0, "désaccord")
    assert any("Désaccord" in sentence for sentence in told.sentences)


def test_closing_keeps_counts_and_forgets_who(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock)
    workshop = room.told.line.id
    secret = fill(desk, room, 3)[0]
    before = desk.workshops.reading.result(cast.officer, workshop)
    assert desk.acts.run(cast.officer, CLOSED, workshop, Nothing()).may == ()
    after = desk.workshops.reading.result(ANYONE, workshop)
    assert (after.cells, after.factors, after.told.people) == (before.cells, before.factors, 3)
    assert not desk.workshops.filling.known(workshop, secret)
    with desk.journal.reading(cast.officer) as reader:
        papers = reader.all(select(BallotPaper).where(BallotPaper.consultation_id == workshop))
        assert [paper.votes for paper in papers] == [{}] * 3
        assert [key.key for key in reader.all(select(BallotKey).where(BallotKey.consultation_id == workshop))] == [""]
        assert [hall.code for hall in reader.all(select(HallCode).where(HallCode.consultation_id == workshop))] == [""]
    with pytest.raises(Conflict):
        desk.workshops.filling.join(workshop, secret, room.codes[0].code)


def test_what_too_few_answered_is_not_kept_at_closing(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock)
    fill(desk, room, 2)
    desk.acts.run(cast.officer, CLOSED, room.told.line.id, Nothing())
    with desk.journal.reading(cast.officer) as reader:
        assert reader.get(Workshop, room.told.line.id).told == {"people": 2, "cells": {}}


def test_an_answer_that_meets_the_closing_is_counted_or_refused(desk: Desk, cast: Cast, clock: Clock) -> None:
    """Four devices go on answering while the workshop closes: what was taken is counted, nothing is written after."""
    room = opened(desk, cast, clock)
    workshop, filling = room.told.line.id, desk.workshops.filling
    cells = [f"influence:{one.id}:{other.id}" for one in room.told.items for other in room.told.items if one != other]
    secrets = [filling.join(workshop, "", room.codes[0].code).secret for _ in range(4)]
    taken: dict[str, dict[str, int]] = {secret: {} for secret in secrets}
    begun = threading.Barrier(len(secrets) + 1)

    def answer(secret: str) -> None:
        for turn in itertools.count():
            cell, mark = cells[turn % len(cells)], turn // len(cells) % 4
            try:
                filling.answer(workshop, secret, cell, str(mark))
            except (Conflict, NotFound):
                return
            taken[secret][cell] = mark
            if turn == len(cells):
                begun.wait()

    with ThreadPoolExecutor(len(secrets)) as pool:
        waiting = [pool.submit(answer, secret) for secret in secrets]
        begun.wait()
        desk.acts.run(cast.officer, CLOSED, workshop, Nothing())
        for one in waiting:
            one.result(60)
    with desk.journal.reading(cast.officer) as reader:
        assert reader.get(Workshop, workshop).told == {"people": 4, "cells": distributions(taken.values())}
        papers = reader.all(select(BallotPaper).where(BallotPaper.consultation_id == workshop))
    assert [paper.votes for paper in papers] == [{}] * 4


def test_minutes_are_written_from_events(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock)
    fill(desk, room, 3)
    desk.acts.run(cast.officer, CLOSED, room.told.line.id, Nothing())
    said = desk.workshops.reading.result(ANYONE, room.told.line.id).minutes
    assert [sentence.rpartition(" : ")[2] for sentence in said] == [
        "l’atelier est préparé.",
        "l’organisation ajoute ce dont on parle (3\u00a0facteurs).",
        "l’atelier est ouvert.",
        "l’atelier est clos, les réponses sont effacées.",
    ]


def test_minutes_count_in_french(desk: Desk, cast: Cast, clock: Clock) -> None:
    lines = "Le train : il revient ; il part\nLes ateliers : ils rouvrent ; ils ferment"
    room = opened(desk, cast, clock, (ItemKind.DESCRIPTOR, lines))
    desk.acts.run(cast.officer, CLOSED, room.told.line.id, Nothing())
    said = desk.workshops.reading.result(ANYONE, room.told.line.id).minutes
    assert any("2\u00a0composantes de scénarios et 4\u00a0hypothèses" in sentence for sentence in said)


def test_the_room_proposes_and_an_officer_reads(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock)
    workshop, filling = room.told.line.id, desk.workshops.filling
    with pytest.raises(NotFound):
        filling.propose(workshop, "", "La couleur du ciel")
    secret = filling.join(workshop, "", room.codes[0].code).secret
    with pytest.raises(FieldFault):
        filling.propose(workshop, secret, "x" * 121)
    with pytest.raises(FieldFault):
        filling.propose(workshop, secret, "Monsieur Imaginaire")
    filling.propose(workshop, secret, "Le retour du train")
    (waiting,) = desk.workshops.keeping.one(cast.officer, workshop).waiting
    assert (waiting.text, waiting.from_room) == ("Le retour du train", True)
    kept = desk.acts.run(cast.officer, DECIDED, waiting.id, DecisionOnItem(ItemDecision.KEEP))
    assert [item.text for item in kept.told.items] == [*FACTORS, "Le retour du train"]
    assert kept.told.steps[0].cells == 12


def test_a_code_counts_its_places_and_wrong_ones_are_refused(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock, people=1)
    workshop, filling = room.told.line.id, desk.workshops.filling
    with pytest.raises(FieldFault, match="code"):
        filling.join(workshop, "", "abcdefgh")
    secret = filling.join(workshop, "", room.codes[0].code).secret
    assert not filling.join(workshop, secret, "").new
    with pytest.raises(FieldFault, match="places"):
        filling.join(workshop, "", room.codes[0].code)
    with pytest.raises(FieldFault, match="case"):
        filling.answer(workshop, secret, "influence:a:b", "1")
    cell = filling.paper(workshop, secret, "influence").asked
    assert cell is not None
    with pytest.raises(FieldFault, match="Choisissez"):
        filling.answer(workshop, secret, cell.cell, "4")


def test_actors_and_objectives_are_weighed(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(
        desk, cast, clock, (ItemKind.ACTOR, "La mairie\nLes usines"), (ItemKind.OBJECTIVE, "Rouvrir les ateliers")
    )
    for step in ("power", "stand"):
        fill(desk, room, 3, step)
    told = desk.workshops.reading.result(cast.officer, room.told.line.id)
    assert [one.name for one in told.actors] == ["Les usines", "La mairie"]
    assert [(one.name, one.con) for one in told.objectives] == [("Rouvrir les ateliers", 0)]
    assert told.objectives[0].pro


def test_a_question_is_asked_again_with_what_the_room_said(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock, (ItemKind.QUESTION, "Le train reviendra-t-il avant 2040 ?"))
    workshop, filling = room.told.line.id, desk.workshops.filling
    secrets = [filling.join(workshop, "", room.codes[0].code).secret for _ in range(3)]
    for secret in not_empty(secrets):
        asked = filling.paper(workshop, secret, "delphi").asked
        assert asked is not None and "tour précédent" not in asked.sentence
        filling.answer(workshop, secret, asked.cell, "2")
    desk.acts.run(cast.officer, ROUND_ENDED, workshop, Nothing())
    again = filling.paper(workshop, secrets[0], "delphi")
    assert again.asked is not None and "plutôt pas" in again.asked.sentence and again.done == 0
    told = desk.workshops.reading.result(cast.officer, workshop)
    assert [(one.column, one.mark, one.answers) for one in told.cells] == [("tour 1", 2, 3), ("tour 2", None, 0)]


def test_scenarios_hold_together_without_what_excludes(desk: Desk, cast: Cast, clock: Clock) -> None:
    lines = "Le train : il revient ; il part\nLes ateliers : ils rouvrent ; ils ferment"
    room = opened(desk, cast, clock, (ItemKind.DESCRIPTOR, lines))
    workshop, filling = room.told.line.id, desk.workshops.filling
    (step,) = room.told.steps
    assert (step.key, step.cells) == ("fits", 8)
    texts = {item.id: item.text for item in room.told.items}
    good = ("revient", "rouvrent")
    for _ in range(3):
        secret = filling.join(workshop, "", room.codes[0].code).secret
        while (asked := filling.paper(workshop, secret, "fits").asked) is not None:
            _, line, column = asked.cell.split(":")
            alike = texts[line].endswith(good) == texts[column].endswith(good)
            filling.answer(workshop, secret, asked.cell, "2" if alike else "-3")
    told = desk.workshops.reading.result(cast.officer, workshop)
    assert [one.hypotheses for one in told.scenarios] == [
        ("Le train : il part", "Les ateliers : ils ferment"),
        ("Le train : il revient", "Les ateliers : ils rouvrent"),
    ]
    assert {(one.score, one.margin) for one in told.scenarios} == {(4.0, 5.0)}
    # Nobody said otherwise: they stand in every room drawn again; nothing of one is in the other: two families.
    assert [(one.family, one.holds) for one in told.scenarios] == [(1, 200), (2, 200)]
    assert any(sentence.startswith("Famille 2 (1\u00a0scénario)") for sentence in told.sentences)


def test_a_line_of_hypotheses_at_fault_is_refused(desk: Desk, cast: Cast, clock: Clock) -> None:
    made = desk.acts.run(cast.officer, PREPARED, "", entry(clock)).told.line.id
    for kind, text in ((ItemKind.DESCRIPTOR, "Le train : il revient"), (ItemKind.HYPOTHESIS, "Il revient")):
        with pytest.raises(FieldFault):
            desk.acts.run(cast.officer, ADDED, made, ItemsEntry(kind, text))


def test_a_workshop_leads_to_a_public_project_of_its_organisation(desk: Desk, cast: Cast, clock: Clock) -> None:
    with pytest.raises(FieldFault, match="projet"):
        desk.acts.run(cast.officer, PREPARED, "", replace(entry(clock), vision_id="v" * 20))
    vision = desk.acts.run(cast.officer, WRITTEN, "", VisionEntry("Un cap", "Nous voulons.")).line.id
    made = desk.acts.run(cast.officer, PREPARED, "", replace(entry(clock), vision_id=vision)).told.line
    assert made.vision == ""
    desk.acts.run(cast.officer, PUBLISHED, vision, Nothing())
    assert desk.workshops.keeping.one(cast.officer, made.id).told.line.vision == vision


def test_an_empty_workshop_does_not_open(desk: Desk, cast: Cast, clock: Clock) -> None:
    made = desk.acts.run(cast.officer, PREPARED, "", entry(clock))
    with pytest.raises(Conflict, match="deux facteurs"):
        desk.acts.run(cast.officer, OPENED, made.told.line.id, RoomEntry(5))
    with pytest.raises(NotFound):
        desk.workshops.reading.one(ANYONE, made.told.line.id)


def test_a_scenario_that_the_room_disputes_holds_in_fewer_of_the_rooms_drawn_again(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    lines = "Le train : il revient ; il part\nLes ateliers : ils rouvrent ; ils ferment"
    room = opened(desk, cast, clock, (ItemKind.DESCRIPTOR, lines))
    workshop, filling = room.told.line.id, desk.workshops.filling
    texts = {item.id: item.text for item in room.told.items}
    for rank in range(5):
        secret = filling.join(workshop, "", room.codes[0].code).secret
        while (asked := filling.paper(workshop, secret, "fits").asked) is not None:
            _, line, column = asked.cell.split(":")
            alike = texts[line].endswith(("revient", "rouvrent")) == texts[column].endswith(("revient", "rouvrent"))
            # Two of five say the contrary of three: the middle is as before, not in every room drawn again.
            filling.answer(workshop, secret, asked.cell, "2" if alike == (rank < 3) else "-2")
    told = desk.workshops.reading.result(cast.officer, workshop)
    assert len(told.scenarios) == 2
    assert all(0 < one.holds < 200 for one in not_empty(told.scenarios))


def test_closing_keeps_how_far_a_room_orders_its_questions_alike(desk: Desk, cast: Cast, clock: Clock) -> None:
    room = opened(desk, cast, clock, (ItemKind.QUESTION, "Le train revient.\nLes ateliers rouvrent.\nLa fibre suffit."))
    workshop, filling = room.told.line.id, desk.workshops.filling
    marks = {item.text: str(mark) for mark, item in enumerate(room.told.items, start=2)}
    for rank in range(4):
        secret = filling.join(workshop, "", room.codes[0].code).secret
        while (asked := filling.paper(workshop, secret, "delphi").asked) is not None:
            filling.answer(workshop, secret, asked.cell, marks[asked.sentence])
            if rank == 3:  # who left before the end orders nothing
                break
    desk.acts.run(cast.officer, CLOSED, workshop, Nothing())
    told = desk.workshops.reading.result(cast.officer, workshop)
    assert [(one.round, one.people, one.concordance) for one in told.rounds] == [(1, 3, 1.0)]
    assert any("range nettement les questions dans le même ordre" in sentence for sentence in told.sentences)


def test_a_descriptor_may_be_measured_by_an_indicator(desk: Desk, cast: Cast, clock: Clock) -> None:
    made = desk.acts.run(cast.officer, PREPARED, "", entry(clock)).told.line.id
    line = "Les jeunes : ils restent ; ils partent"
    told = desk.acts.run(cast.officer, ADDED, made, ItemsEntry(ItemKind.DESCRIPTOR, line, "population_change")).told
    assert sorted((one.kind, one.indicator) for one in told.items) == [
        ("descriptor", "population_change"), ("hypothesis", ""), ("hypothesis", "")
    ]  # fmt: skip
    two = f"{line}\nLe train : il revient ; il part"
    for kind, texts in ((ItemKind.DESCRIPTOR, two), (ItemKind.ACTOR, "Une école")):
        with pytest.raises(FieldFault):
            desk.acts.run(cast.officer, ADDED, made, ItemsEntry(kind, texts, "population_change"))
