"""A data directory is moved whole or not at all: also where it is cancelled, disturbed, or killed at any moment."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hxd_desktop.engine import moved
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, StorageError
from hxd_desktop.engine.moved import check_whole
from hxd_desktop.engine.moving import move
from hxd_desktop.engine.paths import DataDirectory


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one document and one model."""
    root = tmp_path_factory.mktemp("kept")
    (root / "papers").mkdir()
    (root / "papers" / "kettle.txt").write_text("The brass kettle is descaled every six weeks.")
    assistant = Assistant.open(root / "data")
    assistant.add_folder(root / "papers")
    assistant.index()
    assistant.update_settings(assistant.settings)
    assistant.close()
    (root / "data" / "models" / "mine").mkdir(parents=True)
    (root / "data" / "models" / "mine" / "weights.gguf").write_bytes(os.urandom(3_000_000))
    (root / "data" / "holiday.jpg").write_bytes(b"not ours")
    return root / "data"


@pytest.fixture
def old(kept: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may move."""
    return Path(shutil.copytree(kept, tmp_path / "old"))


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def answers(name: Path, root: Path) -> None:
    """The data directory of this name is at `root` and works."""
    assistant = Assistant.open(name)
    try:
        assert assistant.directory.root == root
        assert "kettle" in assistant.search("brass kettle")[0].text
        assert (root / "models" / "mine" / "weights.gguf").stat().st_size == 3_000_000
    finally:
        assistant.close()


def test_it_is_found_by_its_old_name_and_nothing_stays_behind(old: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    before = names(old) - {"writer.lock", "holiday.jpg"}
    made = move(DataDirectory.resolve(old), tmp_path / "new", progress=lambda *step: told.append(step))
    new = tmp_path / "new"
    assert (made.source, made.target) == (old, new) and made.bytes > 3_000_000
    assert [step for at, (step, *_) in enumerate(told) if at == 0 or told[at - 1][0] != step] == [
        "copy", "check", "switch", "done",
    ]  # fmt: skip
    assert all(done <= total for _, done, total in told)
    assert before <= names(old)  # until the new one has opened
    answers(old, new)
    assert names(old) == {moved.POINTER, "holiday.jpg"}
    assert names(new) - {"writer.lock"} == before
    if os.name != "nt":
        assert new.stat().st_mode & 0o077 == 0 and (new / "library.sqlite3").stat().st_mode & 0o077 == 0


def test_it_is_moved_on_and_back(old: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    (old / "holiday.jpg").unlink()
    for target in (first, second, old, first):
        move(DataDirectory.resolve(old), target)
        answers(old, target)
        answers(target, target)
    assert names(second) == {moved.POINTER} and names(old) == {moved.POINTER}
    pointer = moved.read_pointer(old)
    assert pointer is not None and pointer.to == first


def test_the_first_place_does_not_need_the_places_between(old: Path, tmp_path: Path) -> None:
    for target in (tmp_path / "drive", tmp_path / "new"):
        move(DataDirectory.resolve(old), target)
        answers(old, target)
    shutil.rmtree(tmp_path / "drive")
    answers(old, tmp_path / "new")


@pytest.mark.parametrize("step", ["copy", "check", "switch"])
def test_a_cancelled_move_leaves_nothing(old: Path, tmp_path: Path, step: str) -> None:
    token = CancelToken()
    before = names(old)

    def cancel(now: str, *_: int) -> None:
        if now == step:
            token.cancel()

    with pytest.raises(Cancelled):
        move(DataDirectory.resolve(old), tmp_path / "new" / "data", progress=cancel, cancel=token)
    assert not (tmp_path / "new" / "data").exists() and names(old) - {"writer.lock"} == before - {"writer.lock"}
    answers(old, old)


def test_what_is_written_meanwhile_stops_it(old: Path, tmp_path: Path) -> None:
    def download(now: str, *_: int) -> None:
        if now == "check":
            (old / "models" / "mine" / "more.gguf").write_bytes(b"new")

    with pytest.raises(StorageError, match="changed while"):
        move(DataDirectory.resolve(old), tmp_path / "new", progress=download)
    assert not (tmp_path / "new").exists()
    answers(old, old)


def test_a_copy_that_reads_back_differently_is_not_taken(old: Path, tmp_path: Path) -> None:
    def spoil(now: str, done: int, _: int) -> None:
        if now == "check" and done:
            weights = tmp_path / "new" / "models" / "mine" / "weights.gguf"
            weights.write_bytes(weights.read_bytes()[:-1] + b"?")

    with pytest.raises(StorageError, match="reads back differently"):
        move(DataDirectory.resolve(old), tmp_path / "new", progress=spoil)
    answers(old, old)


def test_it_waits_for_nobody_who_writes_or_reads(old: Path, tmp_path: Path) -> None:
    writer = Assistant.open(old)
    with pytest.raises(StorageError, match="writes to"):
        move(DataDirectory.resolve(old), tmp_path / "new")
    writer.close()
    reader = sqlite3.connect(old / "library.sqlite3")
    change = sqlite3.connect(old / "library.sqlite3")
    reader.execute("BEGIN").connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    change.execute("CREATE TABLE more (x)")
    change.commit()
    change.close()
    with pytest.raises(StorageError, match="uses"):
        move(DataDirectory.resolve(old), tmp_path / "new")
    reader.close()
    answers(old, old)


def test_a_disk_that_fills_up_leaves_the_old_place(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def full(descriptor: int) -> None:
        if b"weights" in os.fsencode(os.readlink(f"/proc/self/fd/{descriptor}")):
            raise OSError(28, "No space left on device")
        real(descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left") as told:
        move(DataDirectory.resolve(old), tmp_path / "new")
    monkeypatch.undo()
    assert str(old) in told.value.remedy and not (tmp_path / "new").exists()
    answers(old, old)


# Forks a child for each moment; the child counts what it does to the disk and kills itself at that one.
KENNEL = """
import json, os, shutil, signal, sys
from pathlib import Path
from hxd_desktop.engine import durable, moving, moved, move_checks
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.library.lock import WriterLock
from hxd_desktop.engine.moving import finish_move, move
from hxd_desktop.engine.paths import DataDirectory
import filelock, psutil, sqlite3

kept, kennel = Path(sys.argv[1]), Path(sys.argv[2])

def run(number, at):
    home = kennel / str(number)
    old, new = home / "old", home / "new"
    shutil.copytree(kept, old)
    happened = [0]
    def counted(real):
        def call(*args, **named):
            happened[0] += 1
            if happened[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **named)
        return call
    os.fsync, os.replace = counted(os.fsync), counted(os.replace)
    Path.unlink, Path.rmdir, Path.mkdir = counted(Path.unlink), counted(Path.rmdir), counted(Path.mkdir)
    move(DataDirectory.resolve(old), new, progress=counted(lambda *_: None))
    finish_move(DataDirectory.resolve(old))
    return happened[0]

reading, writing = os.pipe()
if os.fork() == 0:
    os.write(writing, str(run("all", 0)).encode())
    os._exit(0)
os.wait()
total = int(os.read(reading, 100))
moments = sorted({1, 2, 3, total} | set(range(4, total, max(1, total // 14))) | set(range(total - 20, total)))
for moment in moments:
    if os.fork() == 0:
        run(moment, moment)
        os._exit(1)
    _, status = os.wait()
    assert os.WIFSIGNALED(status), (moment, status)
print(json.dumps({"total": total, "moments": moments}))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked children")
def test_a_kill_at_any_moment_leaves_one_directory_that_is_whole(kept: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KENNEL, str(kept), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["moments"]) > 30
    ended = set()
    for moment in told["moments"]:
        old, new = tmp_path / str(moment) / "old", tmp_path / str(moment) / "new"
        usable = {root for name in (old, new) if (root := usable_at(name)) is not None}
        assert len(usable) == 1, f"killed at {moment} of {told['total']}: {usable}"
        [root] = usable
        answers(old, root)
        ended.add(root.name)
        if root == new:
            assert names(old) == {moved.POINTER, "holiday.jpg"}
        elif moment % 3 == 0:  # and it can be tried again
            move(DataDirectory.resolve(old), new)
            answers(old, new)
    assert ended == {"old", "new"}


def usable_at(name: Path) -> Path | None:
    """Where the data directory of this name would be opened; None where it would be refused or begun anew."""
    directory = DataDirectory.resolve(name)
    if directory.away or not directory.database.exists():
        return None
    try:
        check_whole(directory.root)
    except StorageError:
        return None
    return directory.root
