"""A data directory survives the way into a file and back; nothing half-done is left, nothing is overwritten."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
from pathlib import Path

import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.backup import back_up, restore
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, StorageError
from hxd_desktop.engine.paths import DataDirectory


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one document and one model."""
    root = tmp_path_factory.mktemp("kept")
    (root / "papers").mkdir()
    (root / "papers" / "kettle.txt").write_text("The brass kettle is descaled every six weeks.")
    with_data = root / "data"
    assistant = Assistant.open(with_data)
    assistant.add_folder(root / "papers")
    assistant.index()
    assistant.update_settings(assistant.settings)
    assistant.close()
    (with_data / "models" / "mine").mkdir(parents=True)
    (with_data / "models" / "mine" / "weights.gguf").write_bytes(b"w" * 5000)
    (with_data / "models" / ".download-other").mkdir()
    (with_data / "models" / ".download-other" / "part").write_bytes(b"p")
    return with_data


def test_what_was_backed_up_answers_after_it_was_restored(kept: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    open_copy = Assistant.open(kept)  # a window that works meanwhile
    made = back_up(DataDirectory(kept), tmp_path / "b.zip", progress=lambda done, of: told.append((done, of)))
    open_copy.close()
    assert told[-1][0] == made.bytes and not made.models
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]
    restored = restore(tmp_path / "b.zip", tmp_path / "new" / "data")
    assert (restored.files, restored.bytes) == (made.files, made.bytes)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["data"]
    again = Assistant.open(tmp_path / "new" / "data")
    try:
        again.index()
        assert "kettle" in again.search("brass kettle")[0].text
    finally:
        again.close()


@pytest.mark.parametrize("seconds", [0, 2**33])
def test_a_clock_that_zip_cannot_hold_does_no_harm(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    moment = time.gmtime(seconds)
    monkeypatch.setattr(time, "localtime", lambda *_: moment)
    back_up(DataDirectory(kept), tmp_path / "b.zip")
    assert restore(tmp_path / "b.zip", tmp_path / "data").files > 1


def test_models_go_along_where_they_are_wanted_but_nothing_half_fetched(kept: Path, tmp_path: Path) -> None:
    back_up(DataDirectory(kept), tmp_path / "b.zip", models=True)
    restored = restore(tmp_path / "b.zip", tmp_path / "data")
    assert restored.models
    models = tmp_path / "data" / "models"
    assert (models / "mine" / "weights.gguf").read_bytes() == b"w" * 5000
    assert [path.name for path in models.iterdir()] == ["mine"]


def test_a_folder_that_holds_something_is_left_alone(kept: Path, tmp_path: Path) -> None:
    back_up(DataDirectory(kept), tmp_path / "b.zip")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.txt").write_text("mine")
    with pytest.raises(StorageError, match="not empty"):
        restore(tmp_path / "b.zip", tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["mine.txt"]


def change(archive: Path, name: str, content: bytes) -> Path:
    """Copy an archive with another content of one member."""
    changed = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(changed, "w") as target:
        for entry in source.namelist():
            target.writestr(entry, content if entry == name else source.read(entry))
    return changed


@pytest.mark.parametrize("name", ["library.sqlite3", "settings.toml"])
def test_a_changed_file_is_found_and_nothing_is_left(kept: Path, tmp_path: Path, name: str) -> None:
    back_up(DataDirectory(kept), tmp_path / "b.zip")
    changed = change(tmp_path / "b.zip", name, b"something else")
    with pytest.raises(StorageError, match="no whole backup"):
        restore(changed, tmp_path / "data")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "changed.zip"]


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside", "C:/outside", "a\\b"])
def test_a_file_is_never_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        rows = [{"name": name, "bytes": 1, "sha256": ""}]
        archive.writestr("manifest.json", json.dumps({"format": 1, "files": rows}))
        archive.writestr(name, b"x")
    with pytest.raises(StorageError, match="not made by this application"):
        restore(tmp_path / "b.zip", tmp_path / "data")
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_other_files_and_newer_backups_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    with pytest.raises(StorageError, match="no ZIP"):
        restore(tmp_path / "text.zip", tmp_path / "data")
    with pytest.raises(StorageError, match="no such backup"):
        restore(tmp_path / "missing.zip", tmp_path / "data")
    with zipfile.ZipFile(tmp_path / "new.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"format": 2, "files": []}))
    with pytest.raises(StorageError, match="newer version"):
        restore(tmp_path / "new.zip", tmp_path / "data")


def test_a_cancelled_backup_leaves_the_old_one(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("the old one")
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        back_up(DataDirectory(kept), tmp_path / "b.zip", cancel=token)
    assert (tmp_path / "b.zip").read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_an_empty_place_has_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nothing to back up"):
        back_up(DataDirectory(tmp_path / "none"), tmp_path / "b.zip")
    with pytest.raises(StorageError, match="nothing to back up"):
        back_up(DataDirectory(tmp_path / "none"), Path("/nowhere/b.zip"))


def made_of(place: Path, rows: object, entries: dict[str, bytes], **more: object) -> Path:
    with zipfile.ZipFile(place / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps({"format": 1, "files": rows, **more}))
    return place / "b.zip"


def row(name: object, size: object = 1) -> dict[str, object]:
    return {"name": name, "bytes": size, "sha256": hashlib.sha256(b"x").hexdigest()}


HOSTILE: dict[str, list[object]] = {
    "a name of no file of ours": [row("logs/hxd.log")],
    "a socket's name": [row("window.sock")],
    "a folder's name": [row("models/")],
    "a step up": [row("models/../../x")],
    "a device": [row("models/nul.txt")],
    "a stream of a file": [row("models/a:b")],
    "a half fetched model": [row("models/.download-x/a")],
    "a null": [row("models/a\0b")],
    "no name": [row(None)],
    "a list for a name": [row(["library.sqlite3"])],
    "below nothing": [row("library.sqlite3", -1)],
    "text for a number": [row("library.sqlite3", "1")],
    "without end": [row("library.sqlite3", float("inf"))],
    "twice": [row("settings.toml"), row("settings.toml")],
    "twice but for the case": [row("models/a/x"), row("models/a/X")],
    "numbers for files": [1, 2],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_manifest_from_a_stranger_writes_nothing(tmp_path: Path, kind: str) -> None:
    file = made_of(tmp_path, HOSTILE[kind], {"library.sqlite3": b"x", "settings.toml": b"x"})
    with pytest.raises(StorageError, match="no whole backup"):
        restore(file, tmp_path / "data")
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_a_bomb_a_nest_and_a_link_write_nothing(tmp_path: Path) -> None:
    size = 200 << 20
    bomb = made_of(tmp_path, [row("library.sqlite3", size)], {"library.sqlite3": bytes(size)})
    with pytest.raises(StorageError, match="no whole backup"):
        restore(bomb, tmp_path / "data")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("manifest.json", "[" * 100_000)
    with pytest.raises(StorageError, match="no whole backup"):
        restore(tmp_path / "b.zip", tmp_path / "data")
    link = zipfile.ZipInfo("models/a/x")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        digest = hashlib.sha256(b"/etc/passwd").hexdigest()
        rows = [{"name": "models/a/x", "bytes": 11, "sha256": digest}]
        archive.writestr("manifest.json", json.dumps({"format": 1, "files": rows}))
    restore(tmp_path / "b.zip", tmp_path / "data")
    assert not (tmp_path / "data" / "models" / "a" / "x").is_symlink(), "a link in an archive is a file with its text"


@pytest.mark.skipif(os.name == "nt", reason="no modes")
def test_a_backup_is_private_while_it_is_written_and_after(kept: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        modes = []
        back_up(
            DataDirectory(kept),
            tmp_path / "b.zip",
            progress=lambda *_: modes.extend(path.stat().st_mode & 0o777 for path in tmp_path.glob(".*")),
        )
        restore(tmp_path / "b.zip", tmp_path / "data")
    finally:
        os.umask(before)
    assert set(modes) == {0o600, 0o700}, "the archive and the folder of the copy"
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "data").rglob("*")} == {0}
