"""`vigie serve`: pages and API on one address, in one process or several."""

from __future__ import annotations

import os
import socket
from typing import Annotated

import typer

from vigie.bootstrap import make_journal
from vigie.errors import RequestFault
from vigie.interfaces.cli.output import DataDir, say, settings_for
from vigie.interfaces.serving import QUEUE, Processes, Server, configuration, raise_descriptors

MOST_PROCESSES = 64


def serve(
    host: Annotated[str, typer.Option("--host", metavar="ADRESSE", help="Adresse d’écoute.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="PORT", help="Port (0 : le premier libre).")
    ] = 8000,
    processes: Annotated[
        int,
        typer.Option(
            "--processes", min=1, max=MOST_PROCESSES, metavar="N", help="Processus qui se partagent l’adresse."
        ),
    ] = 1,
    data_dir: DataDir = None,
) -> None:
    """Sert les pages et l’API. Une actualisation est prise en compte sans arrêt.

    Exemple : vigie serve --port 8080 --data-dir donnees
    """
    settings = settings_for(data_dir)
    os.environ["VIGIE_DATA_DIR"] = str(settings.data_dir.resolve())
    # Tables and secret are made, or refused in one sentence, before anything says that it serves; and once, before
    # several processes look for them at the same moment.
    make_journal(settings)
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    say(f"Vigie sert « {settings.data_dir} » sur http://{shown}:{listening.getsockname()[1]} (Ctrl+C pour arrêter).")
    raise_descriptors()
    # The doors do not import one another: the server is named, and built where it serves.
    config = configuration("vigie.interfaces.server:application", processes)
    if processes == 1:
        Server(config).run(sockets=[listening])
        return
    Processes(config, sockets=[listening]).run()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=QUEUE)
    except OSError as fault:
        raise RequestFault(
            f"L’adresse {host}, port {port}, ne peut pas être ouverte ({fault.strerror}) : "
            "un autre programme l’occupe peut-être ; choisissez un autre port avec --port."
        ) from None
