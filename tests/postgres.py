"""A PostgreSQL server of one's own for the length of a test, on a free port, in a folder that is then removed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import eventually

_PROGRAMS = Path("/usr/lib/postgresql")
_USER = "postgres"


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest version, `None` when there is none."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Running:
    """A server at work: how to reach it, and how to make it fall."""

    connection: str
    data: Path
    start: Callable[[], None]

    @property
    def url(self) -> str:
        """Return the address of the server as SQLAlchemy writes it."""
        words = dict(word.split("=", 1) for word in self.connection.split())
        return f"postgresql://{words['user']}@{words['host']}:{words['port']}/{words['dbname']}"

    def crash(self) -> None:
        """Kill the server without a word, all its processes at once, and start it again on what it left."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        # Its children end by themselves when it is gone; killing them first could let it begin a recovery.
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not Path(f"/proc/{pid}").exists())
        self.start()


@contextmanager
def server(**settings: str) -> Iterator[str]:
    """Start a server and yield its connection string; skips the test where PostgreSQL is not installed."""
    with running(**settings) as one:
        yield one.connection


@contextmanager
def running(**settings: str) -> Iterator[Running]:
    """Start a server that tests may make fall; skips the test where PostgreSQL is not installed."""
    folder = programs()
    as_user = _as_user()
    if folder is None or as_user is None:
        pytest.skip("les programmes serveurs de PostgreSQL ne sont pas installés")
    place = Path(tempfile.mkdtemp(prefix="vigie-postgres-"))
    if as_user:
        shutil.chown(place, _USER)
    data, port = place / "data", _free_port()
    options = {"port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "", **settings}
    written = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    control = [*as_user, str(folder / "pg_ctl"), "-D", str(data), "-w", "-s"]
    try:
        _run(
            [*as_user, str(folder / "initdb"), "-D", str(data), "-U", "vigie", "-A", "trust", "-E", "UTF8", "-N"], place
        )

        def start() -> None:
            _run([*control, "-l", str(place / "log"), "-o", written, "start"], place)

        start()
        try:
            yield Running(f"host=127.0.0.1 port={port} user=vigie dbname=postgres", data, start)
        finally:
            _run([*control, "-m", "immediate", "stop"], place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _as_user() -> list[str] | None:
    """Return what to put before a command so that it does not run as root, `None` when it cannot be."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam(_USER)
    except KeyError:
        return None
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _run(command: Sequence[str], place: Path) -> None:
    done = subprocess.run(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, f"PostgreSQL: {Path(command[-1]).name}: {done.stderr[-500:]}"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
