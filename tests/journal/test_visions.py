"""From a vision to its results: written by officers, read by all, followed, measured again, kept year after year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tests.journal.cast import Cast, Clock
from tests.journal.foretelling import foretold
from tests.not_empty import not_empty
from vigie.domain.access import ANYONE
from vigie.domain.finding import Finding
from vigie.domain.vision import ActionState, RestsOn
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.acts import Nothing
from vigie.services.desk import Desk
from vigie.services.vision.answers import VisionTold
from vigie.services.vision.writing import (
    EDITED,
    FOLLOWED,
    PLANNED,
    PRIORITISED,
    PUBLISHED,
    TARGETED,
    USED,
    WRITTEN,
    ActionEntry,
    ActionNews,
    PriorityEntry,
    TargetEntry,
    UseEntry,
    VisionEntry,
)

VISION = VisionEntry("Un pays qui fabrique près de chez lui", "Nous voulons des ateliers vivants.", "L’eau d’abord.")


@dataclass
class FakeObserve:
    """Figures as the data in service would tell them."""

    value: float | None

    def finding(self, code: str, indicator: str) -> Finding:
        if indicator != "employers":
            raise NotFound("Aucun constat.")
        return Finding("employers", "Employeurs", self.value, "établissements", territory=code)


def written(desk: Desk, cast: Cast, clock: Clock, entry: VisionEntry = VISION) -> VisionTold:
    acts, officer = desk.acts, cast.officer
    vision = acts.run(officer, WRITTEN, "", entry).line.id
    priority = acts.run(officer, PRIORITISED, vision, PriorityEntry("Remplir les ateliers")).priorities[0].id
    due = clock.today + timedelta(days=90)
    acts.run(
        officer, PLANNED, vision, ActionEntry(priority, "Racheter trois ateliers", "le service foncier", due_on=due)
    )
    return acts.run(
        officer,
        TARGETED,
        vision,
        TargetEntry(priority, "employers", "1 000", "1200,0", clock.today + timedelta(days=900)),
    )


def test_a_vision_is_read_by_all_once_it_is_published(desk: Desk, cast: Cast, clock: Clock) -> None:
    told = written(desk, cast, clock)
    for scope in (ANYONE, cast.elected, cast.officer_away):
        with pytest.raises(NotFound):
            desk.visions.reading.one(scope, told.line.id)
    assert desk.visions.reading.published(ANYONE) == ()
    desk.acts.run(cast.officer, PUBLISHED, told.line.id, Nothing())
    read = desk.visions.reading.one(ANYONE, told.line.id)
    (priority,) = read.priorities
    assert ([one.title for one in priority.actions], priority.targets[0].baseline) == (
        ["Racheter trois ateliers"],
        1000,
    )
    assert read.may == () and desk.visions.reading.ours(cast.officer, told.line.id).may == ("fill", "follow")
    with pytest.raises(Conflict):
        desk.acts.run(cast.officer, EDITED, told.line.id, VISION)


def test_the_former_version_stays_readable_and_dated(desk: Desk, cast: Cast, clock: Clock) -> None:
    first = written(desk, cast, clock)
    desk.acts.run(cast.officer, PUBLISHED, first.line.id, Nothing())
    clock.forward(days=40)
    second = written(desk, cast, clock, replace(VISION, title="Un autre cap"))
    desk.acts.run(cast.officer, PUBLISHED, second.line.id, Nothing())
    assert [one.title for one in desk.visions.reading.published(ANYONE)] == ["Un autre cap"]
    (former,) = desk.visions.reading.one(ANYONE, second.line.id).former
    assert (former.id, former.state) == (first.line.id, "former")
    assert former.replaced_at is not None
    assert desk.visions.reading.one(ANYONE, first.line.id).text == VISION.text
    with pytest.raises(Conflict):
        desk.acts.run(cast.officer, PRIORITISED, first.line.id, PriorityEntry("Trop tard"))


def test_the_future_it_chose_is_a_scenario_of_a_workshop_and_says_what_is_seen_of_it(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    acts, officer = desk.acts, cast.officer
    assert acts.prepare(officer, WRITTEN, "").left_out == ("foreseen",)
    workshop = foretold(desk, cast, clock.today)
    offered = acts.prepare(officer, WRITTEN, "").choices["foreseen"]
    sent = next(key for key, label in offered.items() if "rouvrent" in label)
    assert sent.startswith(f"{workshop}:")
    for wrong in (f"{workshop}:9", workshop, "nobody:1"):
        with pytest.raises(FieldFault, match="atelier clos"):
            acts.run(officer, WRITTEN, "", replace(VISION, foreseen=wrong))
    with pytest.raises(FieldFault, match="atelier clos"):
        acts.run(cast.officer_away, WRITTEN, "", replace(VISION, foreseen=sent))

    vision = acts.run(officer, WRITTEN, "", replace(VISION, foreseen=sent)).line.id
    assert acts.prepare(officer, EDITED, vision).stands["foreseen"] == sent
    acts.run(officer, PUBLISHED, vision, Nothing())
    told = desk.visions.reading.one(ANYONE, vision).foreseen
    assert told is not None
    assert (told.workshop, told.title) == (workshop, "Nos bourgs")
    assert set(told.hypotheses) == {"Les ateliers : ils rouvrent", "Le train : il s’arrête"}
    (sign,) = told.signs
    assert (sign.descriptor, sign.hypothesis, sign.indicator, sign.seen) == (
        "Les ateliers", "ils rouvrent", "employers", None,
    )  # fmt: skip

    assert desk.visions.following.run(FakeObserve(None))["measured"] == 1, "an unknown figure is told once, as such"
    assert desk.visions.following.run(FakeObserve(1100.0))["measured"] == 1
    assert desk.visions.following.run(FakeObserve(1100.0))["measured"] == 0
    told, sentences = desk.visions.reading.story(ANYONE, vision)
    assert told.foreseen is not None
    assert (told.foreseen.signs[0].seen, told.foreseen.signs[0].seen_at) == (1100.0, desk.journal.now())
    said = {one.text.replace("\u202f", " "): one.address for one in sentences}
    assert any("atelier « Nos bourgs »" in text and at == f"/atelier/{workshop}/resultat" for text, at in said.items())
    assert any("on en voit 1 100." in text and at.endswith("/constat/employers") for text, at in said.items())


def test_an_action_is_followed_and_what_stalls_is_said_with_its_day(desk: Desk, cast: Cast, clock: Clock) -> None:
    vision = written(desk, cast, clock).line.id
    desk.acts.run(cast.officer, PUBLISHED, vision, Nothing())
    (action,) = desk.visions.reading.one(ANYONE, vision).priorities[0].actions
    assert action.stalled is False
    clock.forward(days=130)
    (action,) = desk.visions.reading.one(ANYONE, vision).priorities[0].actions
    assert (action.stalled, action.late) == (True, True)
    _, sentences = desk.visions.reading.story(ANYONE, vision)
    (still,) = [one for one in sentences if one.of == "Ce qui n’avance pas"]
    assert "depuis 4 mois" in still.text.replace("\u00a0", " ") and still.address.endswith(f"#{action.id}")
    news = ActionNews(ActionState.DONE, "Les trois ateliers sont rachetés.")
    desk.acts.run(cast.officer, FOLLOWED, action.id, news)
    told, sentences = desk.visions.reading.story(ANYONE, vision)
    assert (told.priorities[0].actions[0].state, told.priorities[0].actions[0].stalled) == ("done", False)
    assert any("rachetés" in one.text for one in sentences)


def test_each_sentence_of_the_story_opens_on_what_it_rests_on(desk: Desk, cast: Cast, clock: Clock) -> None:
    vision = written(desk, cast, clock).line.id
    (action,) = desk.visions.reading.ours(cast.officer, vision).priorities[0].actions
    for address in ("https://ailleurs.example.org", "//ailleurs", "/bureau/dossiers", "/lien/x"):
        with pytest.raises(FieldFault):
            desk.acts.run(cast.officer, USED, action.id, UseEntry(RestsOn.PAGE, "Ailleurs", address))
    desk.acts.run(cast.officer, USED, action.id, UseEntry(RestsOn.PAGE, "Les besoins publiés", "/appels"))
    _, sentences = desk.visions.reading.story(cast.officer, vision)
    assert all(one.address.startswith("/") for one in not_empty(sentences))
    assert [one.address for one in sentences if "besoins publiés" in one.text] == ["/appels"]
    assert [one.address for one in sentences if "1 200" in one.text.replace("\u202f", " ")] == [
        "/territoire/epci/248500621/constat/employers"
    ]


def test_targets_are_read_again_when_the_data_are_and_the_unknown_stays_unknown(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    vision = written(desk, cast, clock).line.id
    desk.acts.run(cast.officer, PUBLISHED, vision, Nothing())

    def run(value: float | None) -> int:
        return desk.visions.following.run(FakeObserve(value))["measured"]  # type: ignore[arg-type]

    def seen() -> tuple[float | None, str]:
        (target,) = desk.visions.reading.one(ANYONE, vision).priorities[0].targets
        return target.seen, target.progress.replace("\u00a0", " ")

    assert seen() == (None, "pas encore mesuré")
    run(None)
    assert seen() == (None, "pas encore mesuré")
    assert run(1100) == 1 and seen() == (1100, "50 % du chemin")
    assert run(1100) == 0


def test_the_year_is_kept_as_it_was(desk: Desk, cast: Cast, clock: Clock) -> None:
    vision = written(desk, cast, clock).line.id
    desk.acts.run(cast.officer, PUBLISHED, vision, Nothing())

    assert desk.visions.following.run(None)["kept"] == 0
    clock.forward(days=40)
    assert desk.visions.following.run(None)["kept"] == 1
    assert desk.visions.following.run(None)["kept"] == 0
    (action,) = desk.visions.reading.one(ANYONE, vision).priorities[0].actions
    desk.acts.run(cast.officer, FOLLOWED, action.id, ActionNews(ActionState.DONE))
    (year,) = desk.visions.reading.one(ANYONE, vision).years
    assert (year.year, year.actions, year.done) == (2026, 1, 0), "kept, not computed again"


def test_the_five_results_say_what_is_hidden(desk: Desk, cast: Cast, clock: Clock) -> None:
    vision = written(desk, cast, clock).line.id
    desk.acts.run(cast.officer, PUBLISHED, vision, Nothing())
    results = desk.visions.reading.results(ANYONE, vision).results
    assert [one.label for one in results] == [
        "Rencontres abouties", "Emplois déclarés", "Montants déclarés", "Personnes consultées", "Actions faites",
    ]  # fmt: skip
    assert [one.value for one in results] == [None, None, None, None, 0]
    assert "trop peu de cas" in results[0].note


def test_what_cannot_be_kept_is_said_where_it_is(desk: Desk, cast: Cast, clock: Clock) -> None:
    told = written(desk, cast, clock)
    priority = told.priorities[0].id
    late_target = TargetEntry(priority, "employers", "1", "2", clock.today)
    with pytest.raises(FieldFault, match="passé"):
        desk.acts.run(cast.officer, TARGETED, told.line.id, late_target)
    with pytest.raises(FieldFault, match="nombre"):
        desk.acts.run(
            cast.officer,
            TARGETED,
            told.line.id,
            replace(late_target, baseline="beaucoup", due_on=clock.today + timedelta(days=9)),
        )
    with pytest.raises(FieldFault, match="priorité"):
        desk.acts.run(cast.officer, PLANNED, told.line.id, ActionEntry("aaaaaaaaaaaaaaaaaaaa", "Rien"))
    with pytest.raises(NotFound):
        desk.acts.run(cast.officer_away, PUBLISHED, told.line.id, Nothing())
