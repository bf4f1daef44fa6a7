"""A server that can be killed and started again in an instant: it forks from a process where all is imported.

Reads words on its standard input: `start` forks a server and prints its number; the end of the input ends everything.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import uvicorn

from tests.doors.served import TestClient
from tests.journal.cast import settled
from vigie.interfaces.server import application
from vigie.settings import Settings


def warm() -> None:
    """Answer one write of a throwaway installation, so that what is imported late is imported before the forks."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), secret="throwaway")  # noqa: S106
        cast = settled(settings)
        with TestClient(application(settings)) as client:
            sent = {"kind": "holder", "title": "Premier"}
            token = {"Authorization": f"Bearer {cast.secrets['officer']}"}
            assert client.post("/api/v1/desk/dossiers", json=sent, headers=token).status_code == 201


def main() -> None:
    port = int(sys.argv[1])
    warm()
    _say("ready")
    for line in sys.stdin:
        if line.strip() != "start":
            continue
        child = os.fork()
        if child == 0:
            uvicorn.run(application, factory=True, host="127.0.0.1", port=port, log_level="error", access_log=False)
            os._exit(0)
        _say(str(child))
        os.waitpid(child, 0)


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
