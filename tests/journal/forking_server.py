"""A server that can be killed and started again in an instant: it forks from a process where all is imported.

Reads words on its standard input: `start` forks a server and prints its number; the end of the input ends everything.
"""

from __future__ import annotations

import os
import sys

import uvicorn

from vigie.interfaces.server import application


def main() -> None:
    port = int(sys.argv[1])
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
