"""What disks, folders, clocks and other programs do: it is said, nothing that was reported is lost, and all agrees."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from hxd_desktop.cli import main
from hxd_desktop.cli.logs import _PrivateFile, logging_to
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import HxdError, StorageError
from hxd_desktop.engine.library import database as database_module
from hxd_desktop.engine.library import store
from hxd_desktop.engine.library.lock import WriterLock
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.schema import SCHEMA_VERSION
from hxd_desktop.engine.paths import DataDirectory
from tests.support.library import Workbench

NOBODY = 65534


@contextmanager
def without_rights() -> Iterator[None]:
    """Run as somebody to whom permissions apply; root is stopped by none."""
    if os.getuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody can reach, which pytest's own are not."""
    place = Path(tempfile.mkdtemp(prefix="hxd-faults-"))
    place.chmod(0o777)
    yield place
    for path in (place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o777)
    shutil.rmtree(place)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path / "folder")


def filled(folder: Path, count: int = 30) -> Path:
    (folder / "sub").mkdir(parents=True)
    for number in range(count):
        place = folder / "sub" if number % 3 == 0 else folder
        (place / f"{number:02}.md").write_text(f"# Floor {number}\n\n" + f"Machine {number} is cleaned. " * 60)
    return folder


def indexed(bench: Workbench) -> set[str]:
    return set(bench.documents(state=DocumentState.INDEXED))


# -- disk ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spare", [0, 1, 2, 4, 8, 12])
def test_the_disk_is_full_at_any_write(tmp_path: Path, folder: Path, spare: int) -> None:
    bench = Workbench(tmp_path / "data")
    bench.add(folder)

    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + spare}")

    bench.database.write(limit)
    with pytest.raises(StorageError) as raised:
        bench.index()
    assert raised.value.title == "The disk is full"
    assert "Free some space" in raised.value.remedy
    reported = indexed(bench)
    bench.assert_consistent()
    bench = bench.reopened()  # with room again
    assert reported <= indexed(bench)
    bench.index()
    assert len(indexed(bench)) == 30
    bench.assert_consistent()
    bench.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_a_data_directory_that_cannot_be_written(open_place: Path) -> None:
    bench = Workbench(open_place / "data")
    bench.add(filled(open_place / "folder"))
    bench.index()
    bench.close()
    data = open_place / "data"
    Assistant.repair(data)  # what it imports cannot be read later
    Assistant.open(data).close()
    for path in (data, *data.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with without_rights():
        for use in (
            lambda: Assistant.open(data),
            lambda: Assistant.repair(data),
            lambda: Assistant.open(open_place / "data" / "deeper"),
        ):
            with pytest.raises(StorageError) as raised:
                use()
            assert "permissions" in raised.value.remedy or "--data-dir" in raised.value.remedy


@pytest.mark.skipif(sys.platform != "linux", reason="no /dev/full")
def test_a_full_disk_keeps_neither_the_lock_nor_the_log_from_working(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = DataDirectory(tmp_path / "data")
    directory.create()
    monkeypatch.setattr(_PrivateFile, "_open", lambda self: open("/dev/full", "w"))  # noqa: SIM115
    real = os.open

    def full(path: object, *arguments: int) -> int:
        if str(path).endswith("writer.pid"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", full)
    with logging_to(directory):
        lock = WriterLock(directory)
        logging.getLogger("hxd_desktop.test").warning("what nobody can write down")
        with pytest.raises(StorageError, match="already running"):
            WriterLock(directory)
        lock.release()
    assert capsys.readouterr().err == ""


# -- database -----------------------------------------------------------------------------------------------------


def test_another_program_locks_the_database(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_BUSY_SECONDS", 0.05)
    bench = Workbench(tmp_path / "data")
    bench.add(folder)
    bench.index()
    before = indexed(bench)
    (folder / "new.md").write_text("something new")
    with closing(sqlite3.connect(bench.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError) as raised:
            bench.scan()
        assert raised.value.title == "The database is busy"
        assert "Close the other program" in raised.value.remedy
        other.execute("ROLLBACK")
    bench.scan()
    assert indexed(bench) == before | {str(folder / "new.md")}
    bench.close()


@pytest.mark.parametrize("content", [b"", b"\x00" * 8192, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_database_that_is_none(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "library.sqlite3").write_bytes(content)
    status = main(["--data-dir", str(data), "status"])
    said = capsys.readouterr().err
    if status:
        assert said.count("\n") == 1
        assert "hxd doctor --repair" in said
        Assistant.repair(data)
    assert main(["--data-dir", str(data), "status"]) == 0


def newer(data: Path) -> None:
    with closing(sqlite3.connect(data / "library.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def no_settings(data: Path) -> None:
    (data / "settings.toml").write_text("[index\n")


def a_file_there(data: Path) -> None:
    shutil.rmtree(data)
    data.write_text("a file")


def a_wild_page(data: Path) -> None:
    with open(data / "library.sqlite3", "rb+") as stream:
        stream.write(b"\xa5" * 4096)


@pytest.mark.parametrize(
    ("fault", "title", "remedy"),
    [
        (newer, "from a newer version", "Update HXD Desktop"),
        (no_settings, "Settings cannot be read", "Correct the file"),
        (a_file_there, "data directory cannot be used", "--data-dir"),
        (a_wild_page, "database is damaged", "hxd doctor --repair"),
    ],
)
@pytest.mark.parametrize("command", [["status"], ["index", "."], ["ask", "How is machine 7 cleaned?"]])
def test_the_command_line_says_it_in_a_line(
    tmp_path: Path,
    fault: Callable[[Path], None],
    title: str,
    remedy: str,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "data"
    Assistant.open(data).close()
    fault(data)
    assert main(["--data-dir", str(data), *command]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and title in said and remedy in said
    assert "Traceback" not in said


def test_the_command_line_says_that_the_disk_is_full(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(store, "store_documents", full)
    assert main(["--data-dir", str(tmp_path / "data"), "index", str(folder)]) == 1
    said = capsys.readouterr().err
    assert "The disk is full" in said.splitlines()[-1] and "Free some space" in said
    assert "Traceback" not in said


# -- folders ------------------------------------------------------------------------------------------------------


def gone(folder: Path) -> None:
    shutil.move(folder, folder.with_name("elsewhere"))


def replaced_by_a_file(folder: Path) -> None:
    gone(folder)
    folder.write_text("not a folder any more")


def dangling(folder: Path) -> None:
    gone(folder)
    folder.symlink_to(folder.with_name("nowhere"))


@pytest.mark.parametrize("fault", [gone, replaced_by_a_file, dangling])
def test_a_folder_is_not_there_and_keeps_its_index(tmp_path: Path, folder: Path, fault: Callable[[Path], None]) -> None:
    bench = Workbench(tmp_path / "data")
    info = bench.add(folder)
    bench.index()
    before = indexed(bench)
    fault(folder)
    bench.scan()
    assert indexed(bench) == before, "nothing is forgotten"
    assert bench.folder(info.id).state is FolderState.OFFLINE
    assert bench.folder(info.id).detail or bench.folder(info.id).state
    bench.assert_consistent()
    if os.path.lexists(folder):
        folder.unlink()
    shutil.move(folder.with_name("elsewhere"), folder)
    bench.scan()
    assert bench.folder(info.id).state is FolderState.ONLINE
    assert indexed(bench) == before
    bench.close()


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="mounting is for root")
def test_a_disk_is_taken_out_and_comes_back(tmp_path: Path) -> None:
    """A real mount: with the disk the folder's files go, and its empty mount point stays."""
    folder, disk = tmp_path / "folder", tmp_path / "disk"
    disk.mkdir()
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(disk)], check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    filled(disk / "files")
    mount = ["mount", "--bind", str(disk / "files"), str(folder)]
    subprocess.run(mount, check=True)
    bench = Workbench(tmp_path / "data")
    try:
        info = bench.add(folder)
        bench.index()
        before = indexed(bench)
        assert len(before) == 30
        subprocess.run(["umount", str(folder)], check=True)
        bench.scan()
        assert indexed(bench) == before, "nothing is forgotten"
        assert bench.folder(info.id).state is FolderState.OFFLINE
        subprocess.run(mount, check=True)
        bench.scan()
        assert bench.folder(info.id).state is FolderState.ONLINE
        assert indexed(bench) == before
    finally:
        for place in (folder, disk):
            subprocess.run(["umount", str(place)], check=False, capture_output=True)
        bench.close()


def test_a_folder_is_renamed_while_it_is_read(tmp_path: Path, folder: Path) -> None:
    bench = Workbench(tmp_path / "data")
    bench.add(folder)

    def rename(job: object) -> None:
        if len(bench.pool.read) == 5:
            shutil.move(folder / "sub", folder / "renamed")

    bench.pool.before = rename
    bench.scan()
    bench.assert_consistent()
    bench.pool.before = lambda job: None
    bench.index()
    assert indexed(bench) == {str(path) for path in folder.rglob("*.md")}
    bench.assert_consistent()
    bench.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_permission_is_withdrawn(open_place: Path) -> None:
    folder = filled(open_place / "folder")
    bench = Workbench(open_place / "data")
    info = bench.add(folder)
    bench.index()
    before = indexed(bench)
    for path in (open_place / "data", *(open_place / "data").rglob("*")):
        path.chmod(0o777)
    (folder / "01.md").write_text("changed, and then shut")
    (folder / "01.md").chmod(0)
    (folder / "sub").chmod(0)
    with without_rights():
        bench.scan()
    states = bench.documents()
    assert {path for path in before if "/sub/" in path} <= indexed(bench), "what cannot be looked into is kept"
    shut = states[str(folder / "01.md")]
    assert shut.state is DocumentState.FAILED
    assert "permission" in (shut.reason or "")
    folder.chmod(0)
    with without_rights():
        bench.scan()
    assert bench.folder(info.id).state is FolderState.OFFLINE
    folder.chmod(0o755)
    (folder / "sub").chmod(0o755)
    (folder / "01.md").chmod(0o644)
    bench.scan()
    assert len(indexed(bench)) == 30
    bench.assert_consistent()
    bench.close()


@pytest.mark.parametrize("moment", [-(10**9), 0, 1, 2**31, 2**33, 10**10])
def test_the_clock_jumps(tmp_path: Path, folder: Path, moment: int) -> None:
    bench = Workbench(tmp_path / "data")
    bench.add(folder)
    for path in folder.rglob("*.md"):
        os.utime(path, (moment, moment))
    bench.index()
    assert len(indexed(bench)) == 30
    assert [run.indexed for run in bench.scan()] == [0], "an odd time is no change"
    target = folder / "01.md"
    target.write_text("Its time goes on, or back.")
    os.utime(target, (moment - 5, moment - 5))
    bench.index()
    assert bench.text(target) == "Its time goes on, or back."
    bench.assert_consistent()
    bench.close()


# -- programs -----------------------------------------------------------------------------------------------------


def test_two_copies_are_started_at_once(tmp_path: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "hxd_desktop", "--data-dir", str(tmp_path / "data"), "index", str(folder)]
    copies = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [copy.communicate(timeout=100)[1] for copy in copies]
    assert [copy.returncode for copy in copies].count(0) >= 1
    for copy, text in zip(copies, said, strict=True):
        if copy.returncode:
            assert copy.returncode == 1
            assert "already running" in text.splitlines()[-1]
            assert "Traceback" not in text
    assistant = Assistant.open(tmp_path / "data")
    try:
        assistant.index()
        assert len(assistant.documents("default", state=DocumentState.INDEXED)) == 30
        assert [
            c for c in assistant.check(compare=True) if not c.ok and c.name not in ("machine", "data directory")
        ] == []
    finally:
        assistant.close()


KILLED = """
import os, sys
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.library import {module}
real = {module}.{name}
def killed(*arguments, **named):
    if {when!r} == "after":
        real(*arguments, **named)
    sys.stdout.write("here"); sys.stdout.flush()
    os.kill(os.getpid(), 9)
assistant = Assistant.open(sys.argv[1])
assistant.add_folder(sys.argv[2])
chat = assistant.create_conversation("kept")
assistant.chats.add_exchange(chat.id, "a question", "an answer", {{}})
{module}.{name} = killed
assistant.index()
chat = assistant.create_conversation("half")
assistant.chats.add_exchange(chat.id, "another question", "an answer", {{}})
assistant.delete_conversation(chat.id)
assistant.close()
"""
PLACES = (
    ("store", "store_documents", "before"),
    ("store", "store_documents", "after"),
    ("journal", "record_vectors", "after"),
    ("journal", "prune", "before"),
    ("vectorfile", "replace_file", "before"),
    ("vectorfile", "replace_file", "after"),
    ("conversations", "add_exchange", "after"),
    ("conversations", "erase", "after"),
)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.parametrize(("module", "name", "when"), PLACES)
def test_killed_in_the_middle_of(tmp_path: Path, folder: Path, module: str, name: str, when: str) -> None:
    script = KILLED.format(module=module, name=name, when=when)
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "data"), str(folder)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (-9, "here"), done.stderr
    assistant = Assistant.open(tmp_path / "data")
    try:
        assert "kept" in {chat.title for chat in assistant.conversations()}
        assert [c for c in assistant.check(compare=True) if not c.ok and "of default" in c.name] == []
        assistant.index()
        assert len(assistant.documents("default", state=DocumentState.INDEXED)) == 30
    finally:
        assistant.close()
    assert [c for c in Assistant.repair(tmp_path / "data") if c.name != "leftovers"] == []


def test_every_error_says_what_to_do() -> None:
    with pytest.raises(TypeError):
        HxdError("a title", "a message")  # type: ignore[call-arg]
