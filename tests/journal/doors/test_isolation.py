"""The isolation matrix, generated: every operation of the API and every page, for every part of the cast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from httpx import Response

from tests.journal.cast import HERE
from tests.journal.doors import calling
from tests.journal.doors.calling import SAFE, Program, call
from tests.journal.doors.expected import EXPECTED
from tests.journal.doors.matrix import Door, Rule, scopes_of
from tests.journal.doors.office import Office
from tests.journal.doors.rows import OWN, SENTINELS, write
from tests.not_empty import not_empty
from vigie.domain.access import Right, Scope, Thing

_SEEING = (Right.READ, Right.READ_OWN, Right.READ_SHARED)


def test_every_route_is_in_the_matrix_and_the_matrix_has_no_other(office: Office) -> None:
    served = {*calling.operations(office.app), *calling.pages(office.app)}
    assert sorted(served - set(EXPECTED)) == []
    assert sorted(set(EXPECTED) - served) == []


@pytest.mark.parametrize("route", sorted(EXPECTED))
def test_a_route_answers_each_part_as_the_matrix_says(program: Program, rows: Mapping[str, str], route: str) -> None:
    rule, office = EXPECTED[route], program.office
    wrong = []
    for part, scope in scopes_of(office.cast).items():
        if part == "reading_token" and not route.partition(" ")[2].startswith("/api/"):
            continue
        let_in = rule.lets_in(part, scope)
        if let_in and rule.spared:
            continue
        # Who is let in may change the row: they are given one of their own.
        prepared = write(office) if let_in and not route.startswith(SAFE) and rule.here_only else rows
        answer = call(program, route, part, rule, prepared)
        wrong += [f"{part}: {fault}" for fault in faults(route, rule, let_in, scope, answer)]
        wrong += [f"{part}: shows {mark}" for mark in leaks(part, scope, answer)]
    assert wrong == []


def faults(route: str, rule: Rule, let_in: bool, scope: Scope, answer: Response) -> Iterator[str]:
    """Say what is wrong with the status of an answer."""
    status, program = answer.status_code, "/api/" in route
    to_sign_in = status == 303 and answer.headers["location"].startswith("/connexion")
    if status >= 500:
        yield f"{status}"
    elif rule.door is Door.BEARER:
        if status not in (200, 204, 303, 400, 401, 404, 409, 422):
            yield f"{status}, an unknown secret"
    elif let_in:
        if status in (401, 403, 404) or (to_sign_in and not route.endswith("/connexion")):
            yield f"{status} {answer.text[:120]}, let in by the matrix"
        elif program and "La demande est mal formée" in answer.text:
            yield f"the body sent is not the one described: {answer.text}"
    elif program:
        if status != 404 and not (status == 401 and (not scope.person or rule.door is Door.SESSION)):
            yield f"{status}, refused by the matrix"
    elif status != 404 and not (to_sign_in and not scope.person):
        yield f"{status}, refused by the matrix"


def leaks(part: str, scope: Scope, answer: Response) -> Iterator[str]:
    """Return the sentinels of an answer that its reader may not see."""
    for thing, mark in SENTINELS.items():
        if mark in answer.text and not sees(part, scope, thing):
            yield mark


def sees(part: str, scope: Scope, thing: Thing) -> bool:
    """Tell whether a part may read the prepared rows of a thing."""
    if scope.organisation != HERE:
        return False
    held = scope.rights(thing)
    return Right.READ in held or (bool(held & set(_SEEING)) and part in OWN.get(thing, frozenset()))


def test_the_sentinels_are_read_by_those_who_may(office: Office, rows: Mapping[str, str]) -> None:
    """The rows are really there: an absence proved on an empty base would prove nothing."""
    seen = {
        Thing.INTRODUCTIONS: "/api/v1/desk/introductions",
        Thing.NETWORK_CALLS: "/api/v1/desk/calls",
        Thing.DECLARATIONS: f"/api/v1/desk/firms/{rows['siren']}/declarations",
        Thing.OUTBOX: "/api/v1/desk/letters",
    }
    for thing, path in not_empty(seen.items()):
        assert SENTINELS[thing] in office.api("officer").get(path).text, path
        assert SENTINELS[thing] not in office.api("officer_away").get(path).text, path
