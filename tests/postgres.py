"""A PostgreSQL server of one's own for the length of a test, on a free port, in a folder that is then removed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

_PROGRAMS = Path("/usr/lib/postgresql")
_USER = "postgres"


def programs() -> Path | None:
    """Return the folder of the server's programs, the newest version, `None` when there is none."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def server(**settings: str) -> Iterator[str]:
    """Start a server and yield its connection string; skips the test where PostgreSQL is not installed."""
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
        _run([*control, "-l", str(place / "log"), "-o", written, "start"], place)
        try:
            yield f"host=127.0.0.1 port={port} user=vigie dbname=postgres"
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
