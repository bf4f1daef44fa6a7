"""A firm that objects is nowhere: no page, JSON, export, map, sitemap, log or command; it comes back when it asks."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.doors.routes import addresses, templates
from tests.doors.served import EPCI, Served, TestClient
from tests.not_empty import not_empty
from tests.waiting import eventually
from vigie import bootstrap
from vigie.domain.access import Role, Scope
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.services.desk import Desk
from vigie.services.refresh import RefreshRequest
from vigie.store import generation
from vigie.store.journal.people import Membership

HEAD = Scope(Role.HEAD, organisation="here".ljust(20, "0"), person="head".ljust(20, "0"), via="session")
DIGITS = re.compile(r"\d{9,14}")


@dataclass(frozen=True)
class Firm:
    """A firm whose name and addresses are those of nobody else, with events, and located."""

    siren: str
    sirets: tuple[str, ...]
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    commune: str

    def words(self, address: str = "") -> list[str]:
        """What may not be read, the numbers that the question holds excepted: a question comes back in its answer."""
        asked = squeezed(address)
        numbers = [number for number in (self.siren, *self.sirets) if number not in asked]
        return [squeezed(word) for word in (*numbers, *self.names, *self.addresses)]


@pytest.fixture(scope="module")
def apart(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same data, in an installation of its own: what objects there disturbs no other test."""
    folder = tmp_path_factory.mktemp("objections") / "data"
    shutil.copytree(served.data_dir, folder)
    settings = bootstrap.replace(served.settings, data_dir=folder)
    app = application(settings)
    with TestClient(app, base_url="http://vigie.test", raise_server_exceptions=False) as client:
        yield Served(settings, served.files, client, served.masked, served.open, served.log)


@pytest.fixture(scope="module")
def firm(apart: Served) -> Firm:
    every = apart.client.get("/annuaire/liste.json", params={"q": "", "territoire": "85", "etat": "tous"}).json()
    by_siren: dict[str, list[dict[str, str]]] = {}
    for entry in every["results"]:
        by_siren.setdefault(entry["siren"], []).append(entry)
    happened = {event["siren"] for event in apart.client.get("/api/v1/events").json()["events"]}
    texts = {siren: squeezed(str(entries)) for siren, entries in by_siren.items()}
    for siren, entries in sorted(by_siren.items()):
        if siren not in happened or not all(entry["longitude"] for entry in entries) or entries[0]["masked"]:
            continue
        names = {entry[name] for entry in entries for name in ("name", "sign", "usual_name") if entry[name]}
        places = {entry["address"] for entry in entries if entry["address"]}
        words = [squeezed(word) for word in (*names, *places)]
        others = [text for other, text in texts.items() if other != siren]
        if names and places and not any(word in text for text in others for word in words):
            sirets = tuple(entry["siret"] for entry in entries)
            return Firm(siren, sirets, tuple(sorted(names)), tuple(sorted(places)), entries[0]["commune"])
    raise AssertionError("no firm of the simulation is alone of its name with events")


def attest(desk: Desk, siren: str) -> None:
    """Let the head speak for a firm, vouched for by the host; once is enough."""
    with desk.journal.writing(Scope(Role.SUPER_ADMIN, HEAD.organisation, via="command")) as unit:
        held = select(Membership.siren).where(Membership.person_id == HEAD.person, Membership.deleted_at.is_(None))
        if siren not in unit.all(held):
            unit.act("member.added")
            role = {"person_id": HEAD.person, "role": Role.HEAD.value, "siren": siren}
            unit.add(Membership(**role, attested_as="host", attested_at=unit.now))


@pytest.fixture
def objected(apart: Served, firm: Firm) -> Iterator[Desk]:
    """The firm objects, as its head would, while the application serves; it comes back afterwards."""
    desk: Desk = apart.client.app.routes[0].app.state.desk  # type: ignore[attr-defined]
    head = bootstrap.replace(HEAD, siren=firm.siren)
    attest(desk, firm.siren)
    desk.objections.object(head, firm.siren)
    yield desk
    desk.objections.withdraw_own(head, firm.siren)


def squeezed(text: str) -> str:
    """Return a text as its letters and digits alone: spaces, typography and escapes aside."""
    return re.sub(r"[^\w]", "", html.unescape(text).casefold())


def every_address(apart: Served, firm: Firm) -> list[str]:
    """Return each address once; of the files of an answer, the one that is read as it comes."""
    every = dict.fromkeys(_addresses(apart, firm))
    return [one for one in every if not one.partition("?")[0].endswith((".xlsx", ".ods", ".excel.csv"))]


def _addresses(apart: Served, firm: Firm) -> Iterator[str]:
    for template in sorted(templates(apart)):
        for siret in (firm.sirets[0], apart.open[0]):
            yield from addresses(template, siret, firm.names[0])
    for page in (f"/territoire/commune/{firm.commune}", f"/annuaire?territoire={firm.commune}&etat=tous"):
        yield page
    for name in ("liste.csv", "liste-excel.csv", "liste.json"):
        yield f"/annuaire/{name}?territoire=85&etat=tous"
    for page in range(1, 20):
        yield f"/api/v1/search?departement=85&state=tous&per_page=100&page={page}"
        yield f"/api/v1/near_point?lat=46.87&long=-1.01&radius=50&per_page=100&page={page}"
    yield from ("/", "/evenements", "/api/v1/events", f"/api/v1/territories/{EPCI}/events")


def found_in(content: str, words: list[str]) -> list[str]:
    plain = squeezed(content)
    return [word for word in words if word in plain]


def test_the_sentinel_is_seen_before_it_objects(apart: Served, firm: Firm) -> None:
    """Without this, finding nothing afterwards would prove nothing."""
    seen = {
        address: found_in(apart.client.get(address).text, firm.words(address)) for address in every_address(apart, firm)
    }
    for beginning in (
        *("/annuaire/liste.csv", "/annuaire?", "/etablissement/", "/entreprise/", "/evenements", "/territoire/commune"),
        *("/api/v1/search", "/api/v1/near_point", "/api/v1/events", "/api/v1/suggest", "/api/v1/firms/"),
    ):
        assert any(held for address, held in seen.items() if address.startswith(beginning)), beginning


def test_nothing_of_it_is_in_any_answer(apart: Served, firm: Firm, objected: Desk) -> None:
    apart.log.clear()
    for address in not_empty(every_address(apart, firm)):
        if address.startswith("/annuaire?q=") or "search?q=" in address or "suggest?q=" in address:
            continue  # the name that is typed comes back: read apart
        answer = apart.client.get(address, follow_redirects=True)
        assert answer.status_code < 500, address
        assert not found_in(answer.text, firm.words(address)), address
        headers = str([value for name, value in answer.headers.items() if name != "etag"])
        assert not found_in(headers, firm.words(address)), address
    assert apart.log
    assert not [line for line in apart.log if "httpx" not in line and found_in(line, firm.words())]


def test_a_search_by_its_name_or_number_finds_the_others_only(apart: Served, firm: Firm, objected: Desk) -> None:
    for word in (*firm.names, firm.siren, *firm.sirets, firm.names[0][:6]):
        for state in ("A", "F", "tous"):
            found = apart.client.get("/api/v1/search", params={"q": word, "state": state, "per_page": 100}).json()
            assert firm.siren not in {entry["siren"] for entry in found["results"]}, word
        offered = apart.client.get("/api/v1/suggest", params={"q": word}).json()["results"]
        assert not {entry["siret"] for entry in offered} & set(firm.sirets)
    assert apart.client.get("/api/v1/search", params={"q": firm.siren, "state": "tous"}).json()["total"] == 0


def test_totals_leave_it_out_exactly(apart: Served, firm: Firm) -> None:
    desk: Desk = apart.client.app.routes[0].app.state.desk  # type: ignore[attr-defined]
    questions = (
        "departement=85&state=tous",
        f"code_commune={firm.commune}&state=tous",
        "departement=85&state=tous&sort=nom",
    )
    near = "/api/v1/near_point?lat=46.87&long=-1.01&radius=50&state=tous"

    def totals() -> list[int]:
        return [apart.client.get(f"/api/v1/search?{one}").json()["total"] for one in questions] + [
            apart.client.get(near).json()["total"]
        ]

    before = totals()
    head = bootstrap.replace(HEAD, siren=firm.siren)
    attest(desk, firm.siren)
    desk.objections.object(head, firm.siren)
    during = totals()
    desk.objections.withdraw_own(head, firm.siren)
    assert [one - other for one, other in zip(before, during, strict=True)] == [len(firm.sirets)] * 4
    assert totals() == before


def test_its_pages_say_that_it_objects_and_show_nothing(apart: Served, firm: Firm, objected: Desk) -> None:
    for address in (f"/entreprise/{firm.siren}", f"/etablissement/{firm.sirets[0]}",
                    f"/etablissement/{firm.sirets[0]}/evenements"):  # fmt: skip
        answer = apart.client.get(address)
        assert answer.status_code == 404
        assert "s’est opposée à figurer dans Vigie" in answer.text
    for address in (f"/api/v1/firms/{firm.siren}", f"/api/v1/establishments/{firm.sirets[0]}",
                    f"/api/v1/desk/firms/{firm.siren}/declarations"):  # fmt: skip
        answer = apart.client.get(address)
        assert answer.status_code == 404
        assert list(answer.json()) == ["erreur"]


def test_what_a_reader_holds_is_not_valid_any_more(apart: Served, firm: Firm) -> None:
    desk: Desk = apart.client.app.routes[0].app.state.desk  # type: ignore[attr-defined]
    address = f"/annuaire?territoire={firm.commune}&etat=tous"
    held = apart.client.get(address).headers["etag"]
    assert apart.client.get(address, headers={"If-None-Match": held}).status_code == 304
    head = bootstrap.replace(HEAD, siren=firm.siren)
    attest(desk, firm.siren)
    desk.objections.object(head, firm.siren)
    try:
        assert apart.client.get(address, headers={"If-None-Match": held}).status_code == 200
        assert apart.client.get(f"/entreprise/{firm.siren}", headers={"If-None-Match": held}).status_code == 404
    finally:
        desk.objections.withdraw_own(head, firm.siren)
    assert apart.client.get(address, headers={"If-None-Match": held}).status_code == 304


def test_the_command_line_leaves_it_out(
    apart: Served, firm: Firm, objected: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data-dir", str(apart.data_dir)]
    assert main(["know", "firm", firm.siren, *data]) != 0
    for words in (
        *(["know", "search", name, "--state", "tous", "--json"] for name in firm.names),
        ["know", "search", "--in", firm.commune, "--state", "tous", "--per-page", "100", "--json"],
        ["watch", "events", "--json"],
        ["observe", "portrait", firm.commune, "--json"],
    ):
        capsys.readouterr()
        assert main([*words, *data]) == 0, words
        answer = json.loads(capsys.readouterr().out)
        if words[1] == "search":
            del answer["understood"]  # the words that were typed come back
            assert answer["results"] != [] or words[2] in firm.names, words
        assert not found_in(json.dumps(answer, ensure_ascii=False), firm.words()), words


def answering(apart: Served) -> Path:
    name: str = apart.client.get("/api/v1/health").json()["generation"]
    return apart.data_dir / generation.GENERATIONS / name


def test_loading_the_same_files_again_keeps_it(apart: Served, firm: Firm, objected: Desk) -> None:
    before = generation.current(apart.data_dir)
    months = sorted(path for path in apart.files.iterdir() if path.is_dir() and path.name[:2] == "20")
    bootstrap.refresh(apart.settings, RefreshRequest((months[0],)))
    assert generation.current(apart.data_dir) != before
    eventually(lambda: answering(apart) == generation.current(apart.data_dir))
    assert apart.client.get(f"/entreprise/{firm.siren}").status_code == 404
    bootstrap.refresh(apart.settings, RefreshRequest((months[-1],)))
    eventually(lambda: answering(apart) == generation.current(apart.data_dir))
    assert apart.client.get(f"/entreprise/{firm.siren}").status_code == 404
    assert apart.client.get(f"/api/v1/search?q={firm.siren}&state=tous").json()["total"] == 0
    with bootstrap.open_services(apart.settings) as services:  # another process, which must look the number up again
        assert services.suppressions.sirens() == {firm.siren}


def test_it_comes_back_when_it_takes_its_objection_back(apart: Served, firm: Firm) -> None:
    assert apart.client.get(f"/entreprise/{firm.siren}").status_code == 200
    found = apart.client.get(f"/api/v1/search?q={firm.siren}&state=tous").json()
    assert found["total"] == len(firm.sirets)
    assert found_in(apart.client.get(f"/entreprise/{firm.siren}").text, [squeezed(firm.names[0])])
