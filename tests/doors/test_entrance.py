"""The entrance of the pages and the API: what is too long, too much or ill-formed is refused in French, unread."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.doors.served import Served, TestClient
from tests.not_empty import not_empty
from vigie.interfaces import bounds
from vigie.interfaces.http import RequestRefused, printable
from vigie.interfaces.server import application
from vigie.interfaces.serving import Turns
from vigie.settings import Settings

PAGE, API = "/connexion", "/api/v1/desk/sessions"
PART = b"x" * 16 * 1024


def played(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: the tests of the browser leave a loop running in theirs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Sender:
    """Sends a body part by part, and counts what was asked of it."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.sent = parts, 0

    async def __call__(self) -> dict[str, Any]:
        part = next(self.parts, b"")
        self.sent += len(part)
        return {"type": "http.request", "body": part, "more_body": bool(part)}


def ask(app: Any, path: str, headers: dict[str, str], sender: Any, method: str = "POST") -> tuple[int, dict, bytes]:
    """Call the application as a server does."""
    raw, _, query = path.partition("?")
    scope = {
        "type": "http", "method": method, "path": raw, "raw_path": raw.encode(), "query_string": query.encode(),
        "headers": [(b"host", b"vigie.test"), *((k.lower().encode(), v.encode()) for k, v in headers.items())],
        "scheme": "http", "server": ("vigie.test", 80), "client": ("192.0.2.7", 9), "http_version": "1.1",
        "root_path": "", "state": {},
    }  # fmt: skip
    answered: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        answered.append(message)

    played(app(scope, sender, send))
    start = answered[0]
    told = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return start["status"], told, b"".join(one.get("body", b"") for one in answered[1:])


def is_french(path: str, told: dict[str, str], body: bytes) -> bool:
    """Tell whether an answer is the French page, or the JSON of the API, with its security headers."""
    assert told["x-content-type-options"] == "nosniff"
    if path.startswith("/api/"):
        assert told["content-type"] == "application/json"
        return body.startswith(b'{"erreur":"') and told["content-type"] == "application/json"
    assert "text/html" in told["content-type"]
    return b'<html lang="fr"' in body


@pytest.mark.parametrize("path", [PAGE, API, "/theme", "/bureau/imports", "/api/v1/desk/imports", "/nulle-part"])
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b", "text/plain"])
def test_a_long_body_is_refused_by_its_length_without_reading_a_byte(served: Served, path: str, kind: str) -> None:
    sender = Sender(iter([PART] * 50_000))
    headers = {"Content-Length": str(700_000_000), "Content-Type": kind}
    status, told, body = ask(served.client.app, path, headers, sender)
    assert (status, sender.sent) == (413, 0)
    assert is_french(path, told, body)


@pytest.mark.parametrize("path", [PAGE, API, "/nulle-part", "/api/v1/nulle-part"])
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b"])
def test_a_body_without_length_is_refused_at_the_first_byte_too_many(served: Served, path: str, kind: str) -> None:
    sender = Sender(iter([PART] * 50_000))
    headers = {"Transfer-Encoding": "chunked", "Content-Type": kind}
    status, told, body = ask(served.client.app, path, headers, sender)
    assert status == 413 and bounds.SMALL_BODY < sender.sent <= bounds.SMALL_BODY + len(PART)
    assert is_french(path, told, body)


@pytest.mark.parametrize("path", ["/bureau/imports", "/api/v1/desk/imports"])
@pytest.mark.parametrize("headers", [{}, {"Cookie": "session=forged"}, {"Authorization": "Bearer forged"}])
def test_a_stranger_brings_no_spreadsheet(served: Served, path: str, headers: dict[str, str]) -> None:
    sender = Sender(iter([PART] * 1_000))
    sent = {"Content-Length": str(len(PART) * 1_000), "Content-Type": "multipart/form-data; boundary=b", **headers}
    status, _, _ = ask(served.client.app, path + "?name=a.csv", sent, sender)
    assert status in (303, 401, 404) and sender.sent == 0


def test_reading_takes_no_body(served: Served) -> None:
    sender = Sender(iter([PART]))
    for headers in ({"Content-Length": "700000000"}, {"Transfer-Encoding": "chunked"}, {"Content-Length": "9" * 30}):
        status, told, body = ask(served.client.app, "/aide", headers, sender, "GET")
        assert status == 413 and is_french("/aide", told, body)
    assert sender.sent == 0


def test_a_form_that_expects_no_file_takes_none(served: Served) -> None:
    files = {"fichier": ("a.csv", b"nom\nEssai\n")}
    for path in ("/connexion", "/theme", "/connexion/oubli"):
        answer = served.client.post(path, files=files, headers={"Origin": "http://vigie.test"})
        assert answer.status_code == 400 and "Demande mal formée" in answer.text, path


def test_bodies_held_at_once_are_bounded(monkeypatch: pytest.MonkeyPatch, served: Served) -> None:
    monkeypatch.setattr(bounds, "MOST_HELD", len(PART))
    headers = {"Content-Length": str(2 * len(PART)), "Content-Type": "application/json"}
    status, told, body = ask(served.client.app, API, headers, Sender(iter([PART, PART])))
    assert status == 503 and int(told["retry-after"]) > 0 and is_french(API, told, body)
    small = ask(served.client.app, API, {"Content-Type": "application/json"}, Sender(iter([b"{}"])))
    assert small[0] == 400  # what was held is let go of


@pytest.mark.parametrize("path", [PAGE, API])
def test_a_body_that_does_not_come_is_given_up(served: Served, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "BODY_SECONDS", 0.05)

    async def never() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    status, told, body = ask(served.client.app, path, {"Content-Length": "50"}, never)
    assert status == 408 and is_french(path, told, body)


@pytest.mark.parametrize("path", ["/annuaire", "/evenements", "/aide", "/nulle-part", "/api/v1/search", "/api/v1/x"])
def test_an_address_of_five_thousand_parameters_is_refused_at_once(served: Served, path: str) -> None:
    long = "&".join(f"inconnu{rank}=1" for rank in range(5_000))
    short = "&".join(f"p{rank}=1" for rank in range(51))
    for query, expected in ((long, 414), (short, 400), ("&" * 50, 400)):
        status, told, body = ask(served.client.app, f"{path}?{query}", {}, Sender(iter(())), "GET")
        assert status == expected and is_french(path, told, body)


@pytest.mark.parametrize("path", ["/annuaire", "/api/v1/search"])
def test_at_most_five_faults_are_told(served: Served, path: str) -> None:
    answer = served.client.get(f"{path}?{'&'.join(f'inconnu{rank}=1' for rank in range(50))}")
    assert answer.status_code in (400, 422)
    assert {int(rank) for rank in re.findall(r"«\s?inconnu([0-9]+)", html.unescape(answer.text))} == set(range(5))


def test_headers_are_bounded(served: Served) -> None:
    for path in ("/aide", "/api/v1/health"):
        answer = served.client.get(path, headers={"Cookie": "a=" + "b" * 20_000})
        assert answer.status_code == 431
        assert is_french(path, {k.lower(): v for k, v in answer.headers.items()}, answer.content)


@pytest.mark.parametrize("path", ["/aide%0A", "/%0A2026-01-01 vigie.access GET /faux 200", "/annuaire/%1B[2J", "/%7F",
                                  "/api/v1/%0Afaux", "/api/v1/search%0A", "/%C2%9B31m", "/%E2%80%A8"])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT"])
def test_a_path_with_controls_is_absent_and_writes_one_plain_line(served: Served, path: str, method: str) -> None:
    served.log.clear()
    answer = served.client.request(method, path)
    assert answer.status_code == 404
    told = {name.lower(): value for name, value in answer.headers.items()}
    assert method == "HEAD" or is_french(path, told, answer.content)
    lines = [line for line in served.log if line.startswith("vigie.access")]
    assert len(lines) == 1 and lines[0].isprintable()


def test_what_is_written_of_a_path_stays_on_one_line() -> None:
    assert printable("/a\n\x1b[31m\u2028é\x7f\\") == "/a\\x0a\\x1b[31m\\u2028\\xe9\\x7f\\"


@pytest.mark.parametrize(("path", "allowed"), [("/aide", "GET, HEAD, OPTIONS"), ("/theme", "GET, POST, HEAD, OPTIONS"),
                                              ("/connexion", "GET, POST, HEAD, OPTIONS"),
                                              ("/api/v1/desk/imports", "GET, POST, HEAD, OPTIONS"),
                                              ("/api/v1/search", "GET, HEAD, OPTIONS")])  # fmt: skip
def test_another_method_is_refused_with_those_that_are_accepted(served: Served, path: str, allowed: str) -> None:
    for method in ("DELETE", "PATCH", "TRACE"):
        answer = served.client.request(method, path)
        told = {name.lower(): value for name, value in answer.headers.items()}
        assert answer.status_code == 405 and told["allow"] == allowed, method
        assert is_french(path, told, answer.content)
    asked = served.client.options(path)
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, allowed, b"")


def test_the_api_is_asked_for_its_headers_only(served: Served) -> None:
    for path in ("/api/v1/health", "/api/v1/search?q=", "/api/v1/openapi.json", "/aide"):
        whole, head = served.client.get(path), served.client.head(path)
        assert (head.status_code, head.headers["content-type"]) == (whole.status_code, whole.headers["content-type"])


@pytest.mark.parametrize("path", ["/api/v2/search", "/api/", "/api/v1/nulle-part"])
def test_below_api_every_absence_is_json(served: Served, path: str) -> None:
    answer = served.client.get(path)
    assert answer.status_code == 404 and list(answer.json()) == ["erreur"]


def test_another_site_is_refused_by_a_page(served: Served) -> None:
    for path in ("/theme", API):
        answer = served.client.post(path, headers={"Origin": "https://ailleurs.example"})
        assert answer.status_code == 403
        assert is_french(path, {k.lower(): v for k, v in answer.headers.items()}, answer.content)


def test_a_static_file_is_sent_from_memory(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    path = "/static/fonts/public-sans.woff2"
    first = served.client.get(path)
    assert first.status_code == 200 and first.headers["content-type"] == "font/woff2" and len(first.content) > 10_000
    monkeypatch.setattr("anyio.open_file", None)  # what a streamed file would be opened with
    assert served.client.get(path).content == first.content
    assert served.client.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert served.client.get("/static/absent.css").status_code == 404


FORGED = "mauvais.example"


def test_no_answer_repeats_the_host_of_a_request(tmp_path: Any) -> None:
    settings = Settings(data_dir=tmp_path, public_url="https://vigie.example.org")
    with TestClient(application(settings), base_url="http://vigie.test", raise_server_exceptions=False) as client:
        paths = ["/sitemap.xml", "/robots.txt", "/mentions-legales", "/confidentialite", "/annuaire/",
                 "/aide/", "/aide/?a=b", "/bureau", "/theme?theme=clair&retour=/aide", "/api/v1/openapi.json",
                 "/static/", "/api/v1/search/", "//ailleurs.example/aide/", "/static", "/nulle-part/"]  # fmt: skip
        for path in not_empty(paths):
            answer = client.get(path, headers={"Host": FORGED, "X-Forwarded-Host": FORGED}, follow_redirects=False)
            assert FORGED not in answer.text and FORGED not in str(answer.headers), path
            assert not answer.headers.get("location", "").startswith("//"), path
        assert "<loc>https://vigie.example.org/aide</loc>" in client.get("/sitemap.xml").text
        assert "Sitemap: https://vigie.example.org/sitemap.xml" in client.get("/robots.txt").text
        assert client.get("/aide/", follow_redirects=False).headers["location"] == "/aide"


def test_a_host_that_cannot_be_read_is_no_fault(served: Served) -> None:
    for host in ("[", "a b", "x:y:z", "é"):
        answer = served.client.get("/aide", headers={"Host": host.encode()})
        assert answer.status_code < 500, host


def test_turns_are_taken_in_order_and_the_crowd_is_sent_away() -> None:
    async def crowd() -> tuple[list[int], list[int], int]:
        turns, served_, refused, at_once, most = Turns(at_once=2, waiting=5), [], [], 0, 0

        async def one(rank: int) -> None:
            nonlocal at_once, most
            try:
                async with turns.turn():
                    at_once += 1
                    most = max(most, at_once)
                    await asyncio.sleep(0)
                    served_.append(rank)
                    at_once -= 1
            except RequestRefused as fault:
                assert fault.status_code == 503 and fault.seconds > 0
                refused.append(rank)

        await asyncio.gather(*(one(rank) for rank in range(20)))
        return served_, refused, most

    done, refused, most = played(crowd())
    assert done == list(range(7)) and refused == list(range(7, 20)) and most == 2


def test_who_waits_too_long_is_sent_away() -> None:
    async def waits() -> int:
        turns = Turns(at_once=1, waiting=5, patience=0.01)
        async with turns.turn():
            with pytest.raises(RequestRefused) as refused:
                async with turns.turn():
                    pass
        async with turns.turn():
            return refused.value.status_code

    assert played(waits()) == 503
