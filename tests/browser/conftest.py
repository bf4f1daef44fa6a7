"""A server on an imaginary territory, and Debian's chromium; tests are skipped, with the reason, without it."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, sync_playwright

from tests.imaginary import copy_loaded
from tests.waiting import eventually
from vigie import bootstrap
from vigie.interfaces.server import application
from vigie.services.demonstration.story import Account
from vigie.services.refresh import RefreshRequest
from vigie.services.simulate import SimulationRequest
from vigie.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).resolve().parents[2] / "var" / "axe.min.js"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server on two months of an imaginary intercommunality."""
    work = tmp_path_factory.mktemp("browser")
    settings = Settings(data_dir=work / "data", contact="contact@example.org", publisher="Collectivité d’essai")
    request = SimulationRequest(territory="epci:248500621", out=work / "files", establishments=2_500)
    bootstrap.simulate(settings, request)
    bootstrap.refresh(settings, RefreshRequest((work / "files",)))
    with socket.create_server(("127.0.0.1", 0)) as listening, serving(settings, listening) as address:
        yield address


@dataclass(frozen=True)
class DeskSite:
    """A served demonstration, and its accounts by role."""

    address: str
    accounts: dict[str, Account]


@pytest.fixture(scope="session")
def desk_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    """A server on the demonstration, in an imaginary intercommunality."""
    work = tmp_path_factory.mktemp("desk")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings = Settings(
            data_dir=work / "data",
            contact="contact@example.org",
            publisher="Collectivité d’essai",
            public_url=f"http://127.0.0.1:{listening.getsockname()[1]}",
        )
        copy_loaded(tmp_path_factory, settings.data_dir)
        accounts = {account.role: account for account in bootstrap.demonstration(settings).accounts}
        with serving(settings, listening) as address:
            yield DeskSite(address, accounts)


@contextmanager
def serving(settings: Settings, listening: socket.socket) -> Iterator[str]:
    """Serve an installation on a socket, and give its address."""
    server = uvicorn.Server(uvicorn.Config(application(settings), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=300)


@pytest.fixture(scope="session", autouse=True)
def whole_pages() -> Iterator[None]:
    """Let an act return when the page it leads to is whole.

    Playwright waits until a document has *begun*: whatever reads the page right after a click may meet its first half,
    or nothing at all. The tests read pages at once, so clicks and keys wait here, in one place, for the load.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "press"):
            patch.setattr(Locator, name, _loading(getattr(Locator, name)))
        yield


def _loading(act: Callable[..., None]) -> Callable[..., None]:
    @wraps(act)
    def acted(locator: Locator, *args: object, **options: object) -> None:
        act(locator, *args, **options)
        locator.page.wait_for_load_state()

    return acted


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium n’est pas installé (Debian : apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core n’est pas là : « make var/axe.min.js » le prend au registre npm")
    return AXE.read_text(encoding="utf-8")
