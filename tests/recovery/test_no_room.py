"""Without room on the disk: said before, stopped on the way, taken away; what is served and the journal go on."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doors.served import TestClient
from tests.journal.cast import settled
from tests.publisher import Publisher, publishing
from tests.refreshing import DAY, load_underived, underived
from tests.small_stock import establishment, unit, write_stock
from vigie import bootstrap
from vigie.errors import JournalFailed, NoRoom
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.services import refresh as refreshing
from vigie.services.refresh import RefreshRequest, refresh
from vigie.settings import Settings
from vigie.sources import room
from vigie.sources.download import download
from vigie.sources.simulation.writing import TableFile
from vigie.store import generation
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.engines.tantivy.build import TantivyBuilder
from vigie.store.journal.followup import Dossier
from vigie.store.journal.people import Person
from vigie.store.pipeline import Engines
from vigie.store.tables import Table
from vigie.store.warehouse import Receipt

MIB = room.MIB


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def stock(folder: Path, firms: int = 20) -> Path:
    return write_stock(folder, [establishment(n) for n in range(firms)], [unit(n) for n in range(firms)], kind="csv")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MiB, which a small load hardly fits on."""
    yield from _disk(tmp_path / "disk", 24)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB, which the tables of reference alone do not fit on."""
    yield from _disk(tmp_path / "disk", 8)


def _disk(place: Path, size: int) -> Iterator[Path]:
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("a disk of that size can be mounted by root only")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def in_one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Traceback" not in said and "space" not in said.casefold(), said
    return said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_load_says_how_much_room_it_wants_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data, files = tmp_path / "data", stock(tmp_path / "files")
    monkeypatch.setattr(room, "free", lambda _: 70 * MIB)
    assert main(["refresh", "--sirene", str(files), "--data-dir", str(data)]) == 1
    said = in_one_sentence(capsys)
    assert "environ 31 Mio" in said and "64 Mio y restent" in said and "que 70 Mio" in said and "environ 25 Mio" in said
    assert not list(data.glob("build/*")) and generation.pointer(data) is None


def test_a_full_disk_ends_a_load_in_one_sentence_and_gives_the_room_back(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refreshing, "room_needed", lambda *_: 0)
    monkeypatch.setattr(room, "RESERVE", 0)
    before = room.free(tiny)
    assert main(["refresh", "--sirene", str(stock(tmp_path / "files")), "--data-dir", str(tiny)]) == 1
    assert "est plein" in in_one_sentence(capsys)
    assert not (tiny / "build").exists() and before - room.free(tiny) < MIB


def test_a_load_stops_at_what_is_kept_for_the_journal(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = bootstrap.open_desk(Settings(data_dir=small))
    monkeypatch.setattr(refreshing, "room_needed", lambda *_: 0)
    monkeypatch.setattr(room, "RESERVE", 14 * MIB)
    left: list[int] = []
    monkeypatch.setattr(generation, "abandon", _noting(left, small, generation.abandon))
    assert main(["refresh", "--sirene", str(stock(tmp_path / "files")), "--data-dir", str(small)]) == 1
    assert "place gardée pour le journal" in in_one_sentence(capsys)
    assert left and left[0] > 2 * MIB and not (small / "build").exists()
    desk.journal.close()


def _noting(left: list[int], place: Path, then: Any) -> Any:
    def abandon(data_dir: Path) -> None:
        left.append(room.free(place))
        then(data_dir)

    return abandon


class FullBuilder(DuckBuilder):
    """Meets a full disk while it writes a table."""

    meets = ""

    def save(self, table: Table, *given: Any, **options: Any) -> Receipt:
        if table.name == self.meets:
            full()
        return super().save(table, *given, **options)


class FullIndex(TantivyBuilder):
    """Meets a full disk in the words of the engine, once some documents are written."""

    def _write(self, documents: Iterable[Any], destination: Path) -> int:
        super()._write(documents, destination)
        raise ValueError(
            "An error occurred in a thread: 'An index writer was killed.. A worker thread encountered an error "
            "(io::Error most likely) or panicked.'"
        )


STAGES = ("legal_unit", "establishment", "event", "index", "generation.json", "current")


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_of_a_load_meets_a_full_disk_alike(
    tmp_path: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    first = load_underived(data, stock(tmp_path / "one"))
    durably = generation.write_durably

    def write_durably(path: Path, text: str) -> None:
        if path.name == stage:
            full()
        durably(path, text)

    monkeypatch.setattr(generation, "write_durably", write_durably)
    monkeypatch.setattr(FullBuilder, "meets", stage)
    if stage == "index":
        monkeypatch.setattr("vigie.store.engines.tantivy.build.free", lambda _: MIB)
    engines = Engines(
        lambda path, scratch: FullBuilder(path, threads=1, memory_mib=512, scratch=scratch),
        FullIndex if stage == "index" else TantivyBuilder,
    )
    with pytest.raises(NoRoom, match="est plein"):
        refresh(RefreshRequest((stock(tmp_path / "two", 30),), None, DAY), data, engines, underived())
    assert generation.pointer(data) == first.generation
    assert [one.name for one in (data / "generations").iterdir()] == [first.generation]
    assert not (data / "build").exists() and not list(data.glob(".*new"))


def test_an_index_stops_at_what_is_kept_for_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = room.RoomWatch(tmp_path, lambda: None)
    handed = watch.each([1, 2, 3])
    assert next(handed) == 1
    monkeypatch.setattr(room, "free", lambda _: room.RESERVE - 1)
    with pytest.raises(NoRoom):
        next(handed)


def test_a_backup_without_room_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = bootstrap.open_safekeeping(Settings(data_dir=tmp_path / "data"))
    monkeypatch.setattr("vigie.store.journal.backup.os.fsync", full)
    with pytest.raises(NoRoom, match="Aucune sauvegarde"):
        keeper.back_up(tmp_path / "copies" / "copie.zip")
    keeper.close()
    assert not list((tmp_path / "copies").iterdir())


def test_a_simulation_without_room_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(TableFile, "write", full)
    out = tmp_path / "out"
    assert main(["simulate", "--territory", "85109", "--out", str(out), "--data-dir", str(tmp_path)]) == 1
    assert "est plein" in in_one_sentence(capsys)
    assert not list(out.iterdir())


def test_outlines_without_room_replace_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pip = subprocess.CompletedProcess([], 1, "", "ERROR: Could not install packages due to an OSError: [Errno 28] No "
                                      "space left on device")  # fmt: skip
    monkeypatch.setattr("vigie.sources.contours.subprocess.run", lambda *_, **__: pip)
    assert main(["outlines", "--data-dir", str(tmp_path)]) == 1
    assert "Aucun contour" in in_one_sentence(capsys)
    assert not list((tmp_path / "outlines").iterdir())


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with publishing() as one:
        yield one


def test_a_download_that_is_too_large_is_refused_before(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = publisher.publish("large.csv", b"a;b\n" * 500_000)
    monkeypatch.setattr(room, "free", lambda _: room.RESERVE + MIB)
    with pytest.raises(NoRoom, match="environ 2 Mio pour télécharger"):
        download(url, tmp_path / "large.csv")
    assert not list(tmp_path.glob("large.csv*"))


def test_a_download_stops_at_what_is_kept_and_goes_on_later(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = publisher.publish("filled.csv", b"a;b\n" * 500_000)
    with monkeypatch.context() as patched:
        patched.setattr("vigie.sources.download._LOOK", 1)
        patched.setattr("vigie.sources.download.free", lambda _: 0)
        with pytest.raises(NoRoom, match="Ce qui est reçu est gardé"):
            download(url, tmp_path / "filled.csv")
    assert download(url, tmp_path / "filled.csv").resumed


def test_an_answer_written_to_a_full_disk_is_said(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as device:
        done = subprocess.run(
            [sys.executable, "-m", "vigie", "sources", "--data-dir", str(tmp_path)],
            stdout=device, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1 and "plein" in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_the_desk_reads_and_writes_on_what_is_kept_and_refuses_in_french_without_it(tiny: Path) -> None:
    settings = Settings(data_dir=tiny)
    cast = settled(settings)
    with TestClient(application(settings), raise_server_exceptions=False) as client:
        filler = tiny / "filler"
        filler.write_bytes(b"\0" * (room.free(tiny) - 2 * MIB))  # somebody else left the reserve only
        sent = {"courriel": "officer@example.org", "mot_de_passe": "ce n’est pas le bon"}
        assert client.post("/connexion", data=sent).status_code == 401  # a wrong try is written
        with filler.open("ab", buffering=0) as stream, pytest.raises(OSError):
            while True:
                stream.write(b"\0" * 4096)
        journal = bootstrap.open_journal(settings)
        with journal.reading(cast.officer) as reader:
            assert reader.find(Person, cast.officer.person) is not None
        refused = ""
        for rank in range(200):  # what the log of the engine already took is filled first
            try:
                with journal.writing(cast.officer) as writer:
                    writer.act("dossier.opened")
                    writer.add(Dossier(kind="firm", title=f"Atelier {rank} " + "x" * 200))
            except JournalFailed as fault:
                assert fault.kind == "full"
                refused = str(fault)
                break
        assert "plein" in refused
        answer = client.post("/connexion", data=sent)
        assert answer.status_code == 503 and "Le disque du journal est plein" in answer.text.replace("&nbsp;", " ")
        for address in ("/connexion", "/aide", "/mentions-legales"):
            assert client.get(address).status_code == 200, address
        with journal.reading(cast.officer) as reader:
            assert reader.find(Person, cast.officer.person) is not None
        state = client.get("/api/v1/health")
        assert state.status_code == 503 and "plein" in state.json()["etat"]
        filler.unlink()
        assert client.post("/connexion", data=sent).status_code == 401
        journal.close()
