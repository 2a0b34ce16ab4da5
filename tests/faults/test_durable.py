"""Power cuts: what we write ourselves is flushed before it is put in place, and its folder after that; no other way."""

from __future__ import annotations

import ast
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import hxd_desktop
from hxd_desktop.engine.backup import back_up, restore
from hxd_desktop.engine.durable import export_file, put_in_place, replace_file
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.library import examples
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.library.vectors import VectorIndex
from hxd_desktop.engine.models.stored import StoredModel
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be flushed there")


def settings(folder: Path) -> Path:
    Settings().save(folder / "settings.toml")
    return folder / "settings.toml"


def vectors(folder: Path) -> Path:
    index = VectorIndex(8, seq=3)
    index.add(np.arange(5, dtype=np.uint64), np.eye(5, 8, dtype=np.float32))
    index.save(folder / "1-aa.json")
    return folder / "1-aa.json"


def model(folder: Path) -> Path:
    StoredModel("m", "llm", "M", folder, "m.gguf", (), verified=True, source="s").save()
    return folder / "model.json"


def plain(folder: Path) -> Path:
    replace_file(folder / "plain", b"new" * 1000)
    return folder / "plain"


def backup(folder: Path) -> Path:
    directory = DataDirectory(folder.parent / "backed-up")
    directory.create()
    Settings().save(directory.settings)
    Database(directory.database).close()
    back_up(directory, folder / "backup.zip")
    return folder / "backup.zip"


def exported(folder: Path) -> Path:
    export_file(folder / "shared.csv", b"a,b\n")
    return folder / "shared.csv"


def taught(folder: Path) -> Path:
    examples.write_file(folder / "examples.json", ())
    return folder / "examples.json"


WRITERS = (settings, vectors, model, plain, backup, exported, taught)


class Disk:
    """Keeps what a power cut leaves: a file holds what was flushed of it, a rename what its folder was flushed for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.flushed: set[int] = set()  # inodes
        self.renamed: list[tuple[Path, Path]] = []  # since their folder was flushed
        self.wrong: list[str] = []
        fsync, replace = os.fsync, os.replace

        def watched_fsync(descriptor: int) -> None:
            found = os.fstat(descriptor)
            self.flushed.add(found.st_ino)
            self.renamed = [pair for pair in self.renamed if os.stat(pair[1].parent).st_ino != found.st_ino]
            fsync(descriptor)

        def watched_replace(source: str | Path, target: str | Path) -> None:
            for place in (Path(source), *Path(source).rglob("*")):
                if place.stat().st_ino not in self.flushed:
                    self.wrong.append(f"{place} was put in place before it was on the disk")
            replace(source, target)
            self.renamed.append((Path(source), Path(target)))

        monkeypatch.setattr(os, "fsync", watched_fsync)
        monkeypatch.setattr(os, "replace", watched_replace)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_flushed_then_renamed_then_the_folder_is_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path]
) -> None:
    tmp_path = tmp_path / "here"
    tmp_path.mkdir()
    disk = Disk(monkeypatch)
    target = write(tmp_path)
    assert target.exists()
    assert disk.flushed
    assert disk.wrong == []
    assert disk.renamed == [], "no rename waits for its folder"


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path], at: str
) -> None:
    tmp_path = tmp_path / "here"
    tmp_path.mkdir()
    before = write(tmp_path).read_bytes()
    names = {path.name for path in tmp_path.iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, at, full)
        with pytest.raises((HxdError, OSError)) as raised:
            write(tmp_path)
    if isinstance(raised.value, HxdError):
        assert "space" in raised.value.remedy
    assert {path.name for path in tmp_path.iterdir()} == names
    target = tmp_path / next(name for name in names if not name.endswith(".usearch"))
    assert target.read_bytes() == before
    write(tmp_path)


def test_a_restored_folder_is_on_the_disk_before_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    restore(backup(tmp_path), tmp_path / "restored")
    assert disk.wrong == []
    assert disk.renamed == []


def test_a_folder_is_put_in_place_with_all_that_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "aside" / "deep").mkdir(parents=True)
    (tmp_path / "aside" / "deep" / "file").write_bytes(b"x")
    disk = Disk(monkeypatch)
    put_in_place(tmp_path / "aside", tmp_path / "there")
    assert (tmp_path / "there" / "deep" / "file").read_bytes() == b"x"
    assert disk.wrong == []


def test_an_export_follows_a_link_and_keeps_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    export_file(tmp_path / "link", b"shared")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_bytes() == b"shared"
    assert (tmp_path / "real").stat().st_mode & 0o400
    export_file(Path(os.devnull), b"nothing")
    assert not Path(os.devnull).is_file()


PACKAGE = Path(hxd_desktop.__file__).parent
ALWAYS = {
    *("write_text", "write_bytes", "copyfile", "copy2", "copytree", "copyfileobj", "truncate", "symlink"),
    *("QSettings", "QSaveFile", "QFile", "QPdfWriter", "RotatingFileHandler", "_PrivateFile"),
}
# What writes without `durable`, and why a power cut or a full disk in the middle of it costs nothing.
KNOWN = {
    ("engine/durable.py", "open"): "it is the way",
    ("engine/durable.py", "os.open"): "it is the way",
    ("engine/durable.py", "os.replace"): "it is the way",
    ("engine/durable.py", "write_bytes"): "into a pipe or a terminal",
    ("engine/backup.py", "ZipFile"): "aside; `put_in_place`",
    ("engine/backup.py", "open"): "aside; `put_in_place` with its folder",
    ("engine/backup.py", "os.open"): "aside; `put_in_place`",
    ("engine/backup.py", "sqlite3"): "aside",
    ("engine/doctor.py", "sqlite3"): "in memory",
    ("engine/documents/legacy.py", "write_bytes"): "a temporary file for another program",
    ("engine/documents/parse.py", "os.open"): "only reads",
    ("engine/library/database.py", "os.open"): "an empty file for SQLite",
    ("engine/library/database.py", "sqlite3"): "synchronous = FULL",
    ("engine/library/lock.py", "open"): "a number that counts while the process lives",
    ("engine/library/lock.py", "os.open"): "the same",
    ("engine/library/salvage.py", "copy2"): "flushed before the damaged file goes",
    ("engine/library/salvage.py", "copyfile"): "aside, thrown away",
    ("engine/library/salvage.py", "open"): "aside, thrown away",
    ("engine/library/salvage.py", "sqlite3"): "reads",
    ("engine/models/fetching.py", "open"): "a part; checked by its SHA-256, then `put_in_place`",
    ("engine/models/fetching.py", "truncate"): "the same",
    ("engine/models/onnx_files.py", "write_text"): "aside; `put_in_place` with its folder",
    ("engine/models/packaged.py", "copyfile"): "aside; `put_in_place` with its folder",
    ("engine/models/copying.py", "open"): "aside; `put_in_place` with its folder",
    ("engine/models/registry.py", "os.replace"): "out of sight, to be deleted; its folder is flushed",
    ("engine/moving.py", "open"): "each file and folder is flushed and read back before the move counts",
    ("engine/moving.py", "os.open"): "the same",
    ("engine/moving.py", "sqlite3"): "brings the journal into the database, as SQLite does; writes nothing else",
    ("engine/repairing.py", "replace"): "its folder is flushed",
    ("engine/trial.py", "write_text"): "thrown away",
    ("engine/workers/__main__.py", "fdopen"): "a pipe",
    ("cli/logs.py", "_PrivateFile"): "a log: its end may be lost",
    ("cli/output.py", "os.open"): "the null device",
    ("ui/conversations/export.py", "QPdfWriter"): "in memory; `export_file`",
    ("ui/window_state.py", "QSettings"): "Qt writes aside, flushes and renames",
    ("ui/catalogue.py", "write_text"): "a tool of the developers",
    ("ui/scenes.py", "copytree"): "a tool of the developers",
    ("ui/scenes_bench.py", "write_text"): "a tool of the developers",
    ("ui/scenes_preferences.py", "write_text"): "a tool of the developers",
}


def writer(call: ast.Call) -> str:
    """What a call writes with; "" for none."""
    name = ast.unparse(call.func)
    owner, _, last = name.rpartition(".")
    if last in ALWAYS:
        return last
    if name in ("os.open", "os.replace", "os.rename", "shutil.copy", "shutil.move"):
        return name
    if name == "sqlite3.connect":
        return "sqlite3"
    if last in ("open", "ZipFile", "fdopen"):
        at = 0 if last == "open" and owner else 1
        modes = [*call.args[at : at + 1], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
        written = any(isinstance(m, ast.Constant) and set(str(m.value)) & set("wax+") for m in modes)
        return last if written else ""
    one_path = len(call.args) == 1 and not call.keywords  # text is replaced by two
    return last if last == "replace" and owner and one_path else ""


def test_nothing_else_writes_files() -> None:
    found = {
        (file.relative_to(PACKAGE).as_posix(), writer(node))
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and writer(node)
    }
    assert sorted(found - KNOWN.keys()) == [], "use `durable`, or say here why it need not"
    assert sorted(KNOWN.keys() - found) == [], "what is gone need not be known"
