"""A real server under attack: slow and half-open connections, long bodies, forged lines, stopping half-way.

Small by default; `VIGIE_ATTACK=1` opens 1,100 slow connections, sends bodies of 700 MB and bounds the time of the
other readers (`make proof PART=server`).
"""

from __future__ import annotations

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doors.served import Served
from tests.not_empty import not_empty
from tests.waiting import eventually

FULL = bool(os.environ.get("VIGIE_ATTACK"))
DESCRIPTORS = 1024 if FULL else 512
"""The server holds 384 fewer connections, 640 or 128."""
SLOW = 1_100 if FULL else 160
BODY = 700_000_000 if FULL else 3_000_000
READINGS = 200 if FULL else 20
MOST_MS, MOST_MIB = 300, 100
READ = "/territoires?q=herbiers"


@dataclass
class Running:
    """A server and its address."""

    process: subprocess.Popen[str]
    port: int
    errors: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=300)

    def ask(self, raw: bytes) -> bytes:
        """Send raw bytes and return the whole answer."""
        with self.connect() as one:
            one.sendall(raw)
            return read_all(one)

    def get(self, path: str) -> bytes:
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: vigie.test\r\nConnection: close\r\n\r\n".encode())

    def memory(self) -> float:
        """Return the resident memory in MiB, children included."""
        return sum(resident(pid) for pid in family(self.process.pid))


def read_all(one: socket.socket) -> bytes:
    parts = []
    try:
        while part := one.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [pid, *(found for child in children for found in family(int(child)))]


def resident(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else 0.0


def start(served: Served, errors: Path, *options: str) -> Running:
    command = [sys.executable, "-m", "vigie", "serve", "--port", "0", "--data-dir", str(served.data_dir), *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with errors.open("w", encoding="utf-8") as log:
        bounded = ["sh", "-c", f'ulimit -n {DESCRIPTORS}; ulimit -S -n 256; exec "$@"', "sh", *command]
        process = subprocess.Popen(bounded, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    assert process.stdout is not None
    told = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert told, errors.read_text(encoding="utf-8")
    running = Running(process, int(told[1]), errors)
    for path in ("/", READ):
        assert b"HTTP/1.1 200" in running.get(path)
    return running


@pytest.fixture(scope="module")
def server(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(served, tmp_path_factory.mktemp("server") / "errors")
    yield running
    running.process.terminate()
    running.process.wait(300)
    running.process.stdout.close()  # type: ignore[union-attr]


@pytest.fixture
def crowd() -> Iterator[list[socket.socket]]:
    opened: list[socket.socket] = []
    yield opened
    for one in opened:
        one.close()


def timed_readings(server: Running, name: str, record: object) -> None:
    """Read pages as somebody else does; every reading is answered, and in time when the proof asks for it.

    While a crowd fills every place, a reader too is told to come back: never left without an answer.
    """
    took, sent_away = [], 0
    for _ in range(READINGS):
        began = time.perf_counter()
        got = server.get(READ)
        if got.startswith(b"HTTP/1.1 503") and b"retry-after: " in got.lower():
            sent_away += 1
            time.sleep(0.05)
            continue
        assert got.startswith(b"HTTP/1.1 200"), got[:80]
        took.append((time.perf_counter() - began) * 1000)
    assert len(took) > 1, f"{sent_away} readings out of {READINGS} were sent away"
    record(f"{name}: readers sent away", sent_away)  # type: ignore[operator]
    slow = statistics.quantiles(took, n=20)[-1]
    record(f"{name}: p95 ms of other readers", round(slow, 1))  # type: ignore[operator]
    if FULL:
        assert slow <= MOST_MS


def test_the_limit_of_descriptors_is_raised_at_start(server: Running) -> None:
    limits = Path(f"/proc/{server.process.pid}/limits").read_text(encoding="utf-8")
    soft, hard = re.search(r"Max open files +(\d+) +(\d+)", limits).groups()  # type: ignore[union-attr]
    assert (int(soft), int(hard)) == (DESCRIPTORS, DESCRIPTORS)


HALF = {
    "silent": b"",
    "half a head": b"GET /aide HTTP/1.1\r\nHost: vigie.test\r\nA: ",
    "half a body": b"POST /connexion HTTP/1.1\r\nHost: vigie.test\r\nContent-Length: 900\r\n\r\nabc",
    "half a chunk": b"POST /connexion HTTP/1.1\r\nHost: vigie.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "nothing read": b"GET /static/fonts/source-serif-4.woff2 HTTP/1.1\r\nHost: vigie.test\r\n\r\n" * 10,
}


@pytest.mark.parametrize("kind", sorted(HALF))
def test_others_are_answered_however_many_are_slow(
    server: Running, crowd: list[socket.socket], kind: str, record_property: object
) -> None:
    before = server.memory()
    for _ in range(SLOW):
        one = server.connect()
        one.sendall(HALF[kind])
        crowd.append(one)
    timed_readings(server, kind, record_property)
    record_property(f"{kind}: MiB more", round(server.memory() - before, 1))  # type: ignore[operator]
    if FULL:
        assert server.memory() - before <= MOST_MIB
    log = server.errors.read_text(encoding="utf-8")
    assert "Traceback" not in log and "out of system resource" not in log
    assert log.count("vigie.connections") <= 1 + (time.monotonic() - STARTED) / 60


STARTED = time.monotonic()


def test_who_is_sent_away_reads_when_to_come_back(server: Running, crowd: list[socket.socket]) -> None:
    for _ in range(DESCRIPTORS - 384 + 20):
        one = server.connect()
        one.sendall(HALF["half a head"])
        crowd.append(one)
    assert server.get("/aide").startswith(b"HTTP/1.1 200")
    answer = read_all(crowd[0]).decode()
    assert answer.startswith("HTTP/1.1 503") and "\r\nRetry-After: 5" in answer.title().replace("Http/", "HTTP/")
    assert '<html lang="fr"' in answer


@pytest.mark.parametrize("path", ["/connexion", "/api/v1/desk/sessions", "/bureau/imports", "/api/v1/desk/imports"])
@pytest.mark.parametrize("framing", [f"Content-Length: {BODY}", "Transfer-Encoding: chunked"])
def test_long_bodies_are_refused_and_leave_nothing(
    server: Running, path: str, framing: str, record_property: object
) -> None:
    before, files = server.memory(), open_files(server)
    head = f"POST {path} HTTP/1.1\r\nHost: vigie.test\r\nContent-Type: multipart/form-data; boundary=b\r\n{framing}"
    part = b"x" * 1_000_000
    wrapped = part if "Length" in framing else b"%x\r\n%s\r\n" % (len(part), part)
    worst = before
    with server.connect() as one:
        one.sendall(f"{head}\r\n\r\n".encode())
        try:
            for _ in range(BODY // len(part)):
                one.sendall(wrapped)
                worst = max(worst, server.memory())
        except OSError:
            pass  # closed on us: the answer came before
        answer = read_all_once(one)
    assert re.match(rb"HTTP/1.1 (413|401|404|303) ", answer), answer[:80]
    record_property(f"{path} {framing}: MiB more", round(worst - before, 1))  # type: ignore[operator]
    if FULL:
        assert worst - before <= MOST_MIB
    timed_readings(server, f"after {path}", record_property)
    assert open_files(server) == files


def read_all_once(one: socket.socket) -> bytes:
    return one.recv(65_536)


def open_files(server: Running) -> list[str]:
    """Return the temporary files that the server holds open."""
    folder = Path(f"/proc/{server.process.pid}/fd")
    held = []
    for entry in folder.iterdir():
        try:
            target = str(entry.readlink())
        except FileNotFoundError:
            continue
        if "(deleted)" in target and "vigie" not in target and ".db" not in target:
            held.append(target)
    return sorted(held)


def test_addresses_without_end_are_refused(server: Running, record_property: object) -> None:
    query = "&".join(f"inconnu{rank}=1" for rank in range(5_000))
    for path, start_ in (("/annuaire", b"<!doctype html>"), ("/api/v1/search", b'{"erreur"')):
        answer = server.get(f"{path}?{query}")
        assert re.match(rb"HTTP/1.1 (414|431|400) ", answer) and start_ in answer
    timed_readings(server, "addresses", record_property)


@pytest.mark.parametrize(("raw", "status", "api"), [
    (b"\x16\x03\x01\x02\r\n\r\n", 400, False),
    (b"GET /aide HTTP/1.1\r\n\r\n", 400, False),
    (b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400, False),
    (b"GET /api/v1/" + b"a" * 20_000, 414, True),
    (b"GET /" + b"a" * 20_000, 414, False),
    (b"GET /aide HTTP/1.1\r\nHost: a\r\nB: " + b"c" * 20_000, 431, False),
    (b"GET http://ailleurs.example/aide HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400, False),
    (b"GET /aide%0Afaux%1B HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404, False),
    (b"GET /api/v1/%0A HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404, True),
])  # fmt: skip
def test_what_is_no_request_is_refused_in_french(server: Running, raw: bytes, status: int, api: bool) -> None:
    answer = server.ask(raw).decode()
    assert answer.startswith(f"HTTP/1.1 {status} "), answer[:80]
    assert ('{"erreur":' in answer) if api else ('<html lang="fr"' in answer)


def test_every_line_of_the_log_is_plain(server: Running) -> None:
    server.get("/a%0A2026-01-01%20vigie.access%20GET%20/faux%20200%1B[31m")
    lines = server.errors.read_text(encoding="utf-8").split("\n")
    assert len(lines) > 2 and all(line.isprintable() for line in lines)
    assert all(not_empty(re.match(r"\d{4}-\d\d-\d\d ", line) for line in lines if line))


STOPPED = [("half a head", "1"), ("half a body", "2"), *([("half a head", "2"), ("half a body", "1")] if FULL else [])]


@pytest.mark.parametrize(("half", "processes"), STOPPED)
def test_it_stops_though_half_a_request_was_sent(
    served: Served, tmp_path: Path, processes: str, half: str, crowd: list[socket.socket]
) -> None:
    running = start(served, tmp_path / "errors", "--processes", processes)
    everybody = family(running.process.pid)
    crowd.append(running.connect())
    crowd[0].sendall(HALF[half])
    running.get("/aide")
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(300)  # a graceful deadline of twenty seconds, on a machine that may be busy
    running.process.stdout.close()  # type: ignore[union-attr]
    assert everybody
    # What multiprocessing keeps beside its processes ends after them.
    eventually(lambda: not [pid for pid in everybody if Path(f"/proc/{pid}").exists()])
    assert "Traceback" not in running.errors.read_text(encoding="utf-8")


def test_two_hundred_writes_at_once_are_answered_or_sent_away(server: Running, record_property: object) -> None:
    answers: list[tuple[float, bytes]] = []
    ready = threading.Barrier(200)
    body = b"courriel=personne%40example.org&mot_de_passe=essai"

    def write() -> None:
        with server.connect() as one:
            ready.wait()
            began = time.perf_counter()
            one.sendall(
                b"POST /theme HTTP/1.1\r\nHost: vigie.test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            got = read_all(one)
            answers.append((time.perf_counter() - began, got))

    crowd_ = [threading.Thread(target=write) for _ in range(200)]
    for one in crowd_:
        one.start()
    timed_readings(server, "200 writes", record_property)
    for one in crowd_:
        one.join()
    assert len(answers) == 200
    for _, got in not_empty(answers):
        assert re.match(rb"HTTP/1.1 (303|503) ", got), got[:80]
        assert b"503" not in got[:12] or b"retry-after: 5" in got.lower()
    record_property("200 writes: first answer ms", round(min(answers)[0] * 1000, 1))  # type: ignore[operator]
