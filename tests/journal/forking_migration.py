"""Migrations killed in the middle: a process that forks, for each line read, one that dies at a given statement.

Arguments: data directory and address of the journal. Each line is a number of statements and a version; what is
printed back is `killed`, or `done` when the migration had fewer statements.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event

from vigie import bootstrap
from vigie.settings import Settings
from vigie.store.journal import migrating


def migrate_and_die(settings: Settings, statements: int, version: str) -> None:
    journal = bootstrap.open_journal(settings, keeper=True)
    sent = 0

    def count(*_: object) -> None:
        nonlocal sent
        sent += 1
        if sent == statements:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(journal.engine, "before_cursor_execute", count)
    migrating.migrate(journal.engine, version)


def main() -> None:
    settings = Settings(data_dir=Path(sys.argv[1]), journal_url=sys.argv[2])
    for line in sys.stdin:
        statements, version = line.split()
        child = os.fork()
        if child == 0:
            migrate_and_die(settings, int(statements), version)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
