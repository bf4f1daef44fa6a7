"""A publisher on this machine: permanent addresses that redirect to dated files, ranges, and every way to fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Published:
    """A file under a permanent name: its content, its day, and how the server behaves.

    `ranges` false gives it whole; `status` answers so; `html` gives a page with 200; `cut` closes the connection after
    so many bytes, once; `then` are the contents and stamps that take its place after so many requests.
    """

    body: bytes
    stamp: str = "20261101-063012"
    ranges: bool = True
    status: int = 200
    html: bool = False
    cut: int | None = None
    then: list[tuple[int, bytes, str]] = field(default_factory=list)
    asked: int = 0

    @property
    def etag(self) -> str:
        return f'"{self.stamp}"'


@dataclass
class Publisher:
    """The files published, by name, and the requests received: (method, path, range)."""

    files: dict[str, Published] = field(default_factory=dict)
    seen: list[tuple[str, str, str | None]] = field(default_factory=list)
    host: str = ""

    def url(self, name: str) -> str:
        return f"{self.host}/r/{name}"

    def publish(self, name: str, body: bytes, **options: object) -> str:
        self.files[name] = Published(body, **options)  # type: ignore[arg-type]
        return self.url(name)


@contextmanager
def publishing() -> Iterator[Publisher]:
    publisher = Publisher()

    class Handler(_Handler):
        state = publisher

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    publisher.host = f"http://127.0.0.1:{http.server_port}"
    try:
        yield publisher
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Publisher

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, *, body: bool) -> None:
        self.state.seen.append((self.command, self.path, self.headers.get("Range")))
        name = self.path.rsplit("/", 1)[1]
        file = self.state.files.get(name)
        if file is None or file.status != 200:
            self._end(404 if file is None else file.status)
            return
        file.asked += 1
        if file.then and file.asked > file.then[0][0]:
            _, file.body, file.stamp = file.then.pop(0)
        if self.path.startswith("/r/"):
            self._end(302, Location=f"{self.state.host}/resources/{file.stamp}/{name}")
        elif file.html:
            self._end(200, b"<!doctype html><title>Maintenance</title>", body=body, Content_Type="text/html")
        elif self.headers.get("If-None-Match") == file.etag:
            self._end(304)
        else:
            self._give(file, body=body)

    def _give(self, file: Published, *, body: bool) -> None:
        asked, size = self.headers.get("Range"), len(file.body)
        told = {"ETag": file.etag, "Last_Modified": "Sun, 01 Nov 2026 06:30:12 GMT"}
        if file.ranges:
            told["Accept_Ranges"] = "bytes"
        fresh = self.headers.get("If-Range") in (None, file.etag)
        if not asked or not file.ranges or not fresh:
            self._end(200, file.body, body=body, cut=file, **told)
            return
        first, last = asked.removeprefix("bytes=").split("-")
        start, end = (int(first), int(last or size - 1)) if first else (size - int(last), size - 1)
        told["Content_Range"] = f"bytes {start}-{min(end, size - 1)}/{size}"
        self._end(206, file.body[start : end + 1], body=body, cut=file, **told)

    def _end(
        self, status: int, content: bytes = b"", *, body: bool = True, cut: Published | None = None, **headers: str
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if not body:
            return
        if cut is not None and cut.cut is not None and len(content) > cut.cut:
            content, cut.cut = content[: cut.cut], None
            self.close_connection = True
        self.wfile.write(content)
