"""Downloads against a local server that cuts connections, ignores ranges, lies and fails."""

from __future__ import annotations

import gzip
import hashlib
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest

from vigie.errors import NotFound, RequestFault, SourceUnavailable, StructureFault
from vigie.services import download as service
from vigie.sources.cards_reader import Address, Card
from vigie.sources.download import Downloaded, Patience, download


def archive(size: int = 300_000) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        member = zipfile.ZipInfo("StockEtablissement_utf8.csv")  # not dated by the clock: two archives are the same
        made.writestr(member, bytes(n * 7919 % 251 for n in range(size)))
    return out.getvalue()


ZIP = archive()


@dataclass
class Server:
    """What the server gives, how it behaves at each request, and the requests it received."""

    body: bytes = ZIP
    etag: str = '"v1"'
    behaviours: list[Callable[[BaseHTTPRequestHandler, Server], None]] = field(default_factory=list)
    ranges: bool = True
    seen: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.seen.append({name.lower(): value for name, value in handler.headers.items()})
        if self.behaviours:
            self.behaviours.pop(0)(handler, self)
        else:
            whole(handler, self)


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler, Server], None]:
    def behave(handler: BaseHTTPRequestHandler, server: Server) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return behave


def whole(handler: BaseHTTPRequestHandler, server: Server, *, cut: int | None = None) -> None:
    """Answer as a correct server would; `cut` closes the connection after so many bytes."""
    asked, validator = handler.headers.get("Range"), handler.headers.get("If-Range")
    if handler.headers.get("If-None-Match") == server.etag:
        status(304, ETag=server.etag)(handler, server)
        return
    start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and server.ranges and validator == server.etag else 0
    if start >= len(server.body):
        status(416, Content_Range=f"bytes */{len(server.body)}")(handler, server)
        return
    handler.send_response(206 if start else 200)
    handler.send_header("ETag", server.etag)
    handler.send_header("Content-Length", str(len(server.body) - start))
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{len(server.body) - 1}/{len(server.body)}")
    handler.end_headers()
    handler.wfile.write(server.body[start:] if cut is None else server.body[start : start + cut])
    if cut is not None:
        handler.close_connection = True


def cut_after(count: int) -> Callable[[BaseHTTPRequestHandler, Server], None]:
    return lambda handler, server: whole(handler, server, cut=count)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{http.server_port}/StockEtablissement_utf8.zip"
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def fetch(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    slept: list[float] = []

    def run(name: str = "StockEtablissement_utf8.zip", **options: object) -> Downloaded:
        return download(server.address, tmp_path / name, patience=Patience(attempts=3, sleep=slept.append), **options)

    run.slept = slept
    return run


def leftovers(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_whole_file_with_its_checksum_and_progress(server, fetch, tmp_path):
    told: list[tuple[int, int | None]] = []
    got = fetch(progress=lambda done, expected: told.append((done, expected)))
    assert got.path.read_bytes() == ZIP
    assert (got.bytes, got.sha256) == (len(ZIP), hashlib.sha256(ZIP).hexdigest())
    assert not (got.resumed or got.unchanged)
    assert told[-1] == (len(ZIP), len(ZIP))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert leftovers(tmp_path) == {"StockEtablissement_utf8.zip", "StockEtablissement_utf8.zip.origin.json"}
    assert server.seen[0]["accept-encoding"] == "identity"


def test_a_cut_connection_is_resumed_where_it_stopped(server, fetch):
    server.behaviours = [cut_after(1000), cut_after(50_000)]
    got = fetch()
    assert got.path.read_bytes() == ZIP
    assert got.resumed
    assert [request.get("range") for request in server.seen] == [None, "bytes=1000-", "bytes=51000-"]
    assert {request.get("if-range") for request in server.seen[1:]} == {'"v1"'}


def test_another_run_resumes(server, fetch, tmp_path):
    server.behaviours = [cut_after(2000), status(503), status(503), status(503)]
    with pytest.raises(SourceUnavailable, match="reprendra où elle s’est arrêtée"):
        fetch()
    assert (tmp_path / "StockEtablissement_utf8.zip.part").stat().st_size == 2000
    assert not (tmp_path / "StockEtablissement_utf8.zip").exists()
    got = fetch()
    assert got.resumed
    assert got.path.read_bytes() == ZIP
    assert server.seen[-1]["range"] == "bytes=2000-"


def test_a_server_that_ignores_ranges_starts_afresh(server, fetch):
    server.ranges, server.behaviours = False, [cut_after(1000)]
    got = fetch()
    assert got.path.read_bytes() == ZIP
    assert not got.resumed


def test_a_file_that_changed_meanwhile_starts_afresh(server, fetch):
    def change(handler: BaseHTTPRequestHandler, state: Server) -> None:
        state.body, state.etag = archive(200_000), '"v2"'
        whole(handler, state)

    server.behaviours = [cut_after(1000), change]
    assert fetch().path.read_bytes() == archive(200_000)


def test_another_part_than_the_one_asked_for_is_thrown_away(server, fetch):
    def wrong(handler: BaseHTTPRequestHandler, state: Server) -> None:
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes 500-{len(ZIP) - 1}/{len(ZIP)}")
        handler.send_header("Content-Length", str(len(ZIP) - 500))
        handler.end_headers()
        handler.wfile.write(ZIP[500:])

    server.behaviours = [cut_after(1000), wrong]
    assert fetch().path.read_bytes() == ZIP


def test_a_part_that_is_already_complete_is_taken_as_it_is(server, fetch, tmp_path):
    server.behaviours = [cut_after(1000), *[status(500)] * 3]
    with pytest.raises(SourceUnavailable):
        fetch()
    (tmp_path / "StockEtablissement_utf8.zip.part").write_bytes(ZIP)
    assert fetch().path.read_bytes() == ZIP
    assert server.seen[-1]["range"] == f"bytes={len(ZIP)}-"


def test_an_unchanged_file_is_left_alone(server, fetch):
    first = fetch()
    before = first.path.stat().st_mtime_ns
    again = fetch()
    assert again.unchanged
    assert again.sha256 == first.sha256
    assert first.path.stat().st_mtime_ns == before
    assert server.seen[1]["if-none-match"] == '"v1"'


def test_a_new_version_replaces_the_former(server, fetch):
    fetch()
    server.body, server.etag = archive(1000), '"v2"'
    got = fetch()
    assert not got.unchanged
    assert got.path.read_bytes() == archive(1000)


@pytest.mark.parametrize(
    ("code", "words"), [(404, "n’existe pas"), (410, "retirée"), (403, "refuse"), (401, "autorisation")]
)
def test_an_address_that_is_gone_is_not_insisted_upon(server, fetch, code, words):
    server.behaviours = [status(code)] * 3
    with pytest.raises(SourceUnavailable, match=words) as caught:
        fetch()
    assert f"code {code}" in str(caught.value)
    assert len(server.seen) == 1


def test_failures_are_tried_again_with_longer_and_longer_pauses(server, fetch):
    server.behaviours = [status(500), status(502)]
    assert fetch().path.read_bytes() == ZIP
    assert fetch.slept == [1.0, 2.0]


def test_the_server_s_own_delay_is_respected(server, fetch):
    server.behaviours = [status(429, Retry_After="7")]
    fetch()
    assert fetch.slept == [7.0]


def test_a_server_that_keeps_failing_is_given_up(server, fetch, tmp_path):
    server.behaviours = [status(500)] * 9
    with pytest.raises(SourceUnavailable, match=r"après 3 essais \(le serveur répond 500\)"):
        fetch()
    assert len(server.seen) == 3
    assert leftovers(tmp_path) == set()


def test_progress_renews_patience(server, fetch):
    server.behaviours = [cut_after(1000) for _ in range(10)]
    assert fetch().path.read_bytes() == ZIP


def test_nobody_listens(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    patience = Patience(attempts=2, sleep=lambda seconds: None)
    with pytest.raises(SourceUnavailable, match="connexion impossible"):
        download("http://127.0.0.1:9/f.zip", tmp_path / "f.zip", patience=patience)


def test_a_body_shorter_than_announced_is_never_kept(server, fetch, tmp_path):
    server.ranges = False
    server.behaviours = [cut_after(1000)] * 3
    with pytest.raises(SourceUnavailable, match="connexion coupée"):
        fetch()
    assert "StockEtablissement_utf8.zip" not in leftovers(tmp_path)


def test_a_truncated_archive_of_the_announced_length_is_thrown_away(server, fetch, tmp_path):
    server.body = ZIP[:-100]
    with pytest.raises(StructureFault, match="tronquée"):
        fetch()
    assert leftovers(tmp_path) == set()


@pytest.mark.parametrize("name", ["f.zip", "f.csv.gz", "f.parquet", "f.csv"])
def test_a_page_in_place_of_the_file_is_thrown_away(server, fetch, tmp_path, name):
    server.body = b"<!doctype html><title>Maintenance</title>"
    with pytest.raises(SourceUnavailable, match="autre chose"):
        fetch(name)
    assert name not in leftovers(tmp_path)


def test_a_gzip_is_kept_as_it_is(server, fetch):
    server.body = gzip.compress(b"siren\n" * 1000)
    assert fetch("f.csv.gz").path.read_bytes() == server.body


def test_a_wrong_checksum_is_thrown_away(server, fetch, tmp_path):
    fetch()
    server.etag = '"v2"'
    with pytest.raises(StructureFault, match="SHA-256"):
        fetch(sha256="0" * 64)
    assert (tmp_path / "StockEtablissement_utf8.zip").read_bytes() == ZIP
    assert "StockEtablissement_utf8.zip.part" not in leftovers(tmp_path)


def test_proxies_of_the_environment_are_used(server, tmp_path, monkeypatch):
    proxy = server.address.rsplit("/", 1)[0]
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", proxy)
    got = download("http://producteur.exemple/f.zip", tmp_path / "f.zip", patience=Patience(attempts=1))
    assert got.bytes == len(ZIP)
    assert server.seen[0]["host"] == "producteur.exemple"


def card_of(server: Server, *addresses: Address) -> Card:
    return Card("source_x", "T", "P", "L", "C", "R", addresses=addresses)


def test_the_service_takes_the_departement_where_the_producer_offers_it(server, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    host = server.address.rsplit("/", 1)[0]
    cut = Address(f"{host}/dep_{{departement}}.zip", "zip", scope="departement")
    card = card_of(server, Address(server.address, "zip"), cut)
    told: list[str] = []
    request = service.DownloadRequest(("source_x",), tmp_path / "85", "85")
    [got] = service.download(request, [card], lambda file, done, expected: told.append(file))
    assert (Path(got.path).name, got.whole, got.url) == ("dep_85.zip", False, f"{host}/dep_85.zip")
    assert set(told) == {"dep_85.zip"}
    assert got.as_dict()["sha256"] == hashlib.sha256(ZIP).hexdigest()
    [whole_country] = service.download(service.DownloadRequest(("source_x",), tmp_path), [card])
    assert (Path(whole_country.path).name, whole_country.whole) == ("StockEtablissement_utf8.zip", True)


def test_the_service_goes_on_to_the_next_address(server, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server.behaviours = [status(404)]
    card = card_of(server, Address(server.address + "?1", "zip", file="a.zip"), Address(server.address, "zip"))
    [got] = service.download(service.DownloadRequest(("source_x",), tmp_path), [card])
    assert got.url == server.address
    server.behaviours = [status(404), status(410)]
    with pytest.raises(SourceUnavailable, match=r"(?s)404.*410"):
        service.download(service.DownloadRequest(("source_x",), tmp_path / "b"), [card])


def test_the_service_refuses_what_it_does_not_know(tmp_path):
    card = Card("source_x", "T", "P", "L", "C", "R")
    with pytest.raises(NotFound, match="inconnue"):
        service.download(service.DownloadRequest(("rien",), tmp_path), [card])
    with pytest.raises(NotFound, match="ne donne pas d’adresse"):
        service.download(service.DownloadRequest(("source_x",), tmp_path), [card])
    with pytest.raises(RequestFault, match="n’est pas un code de territoire"):
        service.download(service.DownloadRequest(("source_x",), tmp_path, "../85"), [card])


def test_an_archive_of_a_workbook_is_kept_as_it_is_published(server, fetch):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("ZE2020_au_01-01-2026.xlsx", b"PK")
    server.body = out.getvalue()
    assert fetch().path.read_bytes() == out.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [("f.csv", b'{"error_code": "ODSQLError"}'), ("f.parquet", b"PAR1" + b"\0" * 100), ("f.parquet", b"PAR")],
)
def test_what_is_not_the_whole_file_is_thrown_away(server, fetch, tmp_path, name, body):
    server.body = body
    with pytest.raises(SourceUnavailable, match="autre chose"):
        fetch(name)
    assert leftovers(tmp_path) == set()


def test_a_file_touched_since_it_was_fetched_is_fetched_again(server, fetch):
    path = fetch().path
    path.write_bytes(ZIP[:500])
    got = fetch()
    assert not got.unchanged
    assert path.read_bytes() == ZIP
    assert "if-none-match" not in server.seen[1]


def test_another_run_goes_on_only_if_the_address_still_leads_to_the_same_file(server, fetch):
    server.behaviours = [cut_after(2000), *[status(503)] * 3]
    with pytest.raises(SourceUnavailable):
        fetch()

    def other(handler: BaseHTTPRequestHandler, state: Server) -> None:
        """A server that takes no notice of If-Range, and has another file by now."""
        body = archive(200_000)
        state.body, state.etag = body, '"v2"'  # first: the reader leaves at the headers, and asks again
        handler.send_response(206)
        handler.send_header("ETag", '"v2"')
        handler.send_header("Content-Range", f"bytes 2000-{len(body) - 1}/{len(body)}")
        handler.send_header("Content-Length", str(len(body) - 2000))
        handler.end_headers()
        handler.wfile.write(body[2000:])

    server.behaviours = [other]
    got = fetch()
    assert server.etag == '"v2"'
    assert got.path.read_bytes() == server.body
    assert not got.resumed
