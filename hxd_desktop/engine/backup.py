"""A data directory in one file, and back again.

A backup is a ZIP archive: the database as it stood at one moment (SQLite's own backup, beside a copy that writes),
settings, what the window remembers, and the models if they are wanted. Vector indexes are left out: they are made anew
from the embeddings in the database. `manifest.json` names every file with its size and SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.durable import put_in_place
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.leftovers import remove_old
from hxd_desktop.engine.paths import DATABASE_NAME, DataDirectory

Progress = Callable[[int, int], None]

FORMAT = 1
_MANIFEST = "manifest.json"
_PIECE = 1 << 20
_PAGES = 2048  # of the database that are copied at a time
_LITTLE = ("settings.toml", "window.ini")
_SQUEEZED = (".sqlite3", ".toml", ".ini", ".json", ".txt")  # weights do not get smaller
_SPARE_BYTES = 64 << 20
_ASIDE = ".hxd-backup-"
_MOST_MANIFEST = 32 << 20
_MOST_RATIO = 200  # of what is unpacked to the archive: beyond it is no backup of ours
_ODD = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
# What zipfile raises over damage: encrypted entries and unknown ways to pack among it.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written or read: the archive or the folder, its files and bytes (before packing)."""

    path: Path
    files: int
    bytes: int
    models: bool


def back_up(
    directory: DataDirectory,
    file: Path,
    *,
    models: bool = False,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Backup:
    """Write a data directory into `file`, put in place only when it is whole; another copy may write meanwhile.

    Args:
        directory: What is kept.
        file: The archive; one that is there is replaced.
        models: Whether the imported models go along.
        progress: Called with bytes done of all.
        cancel: Stops it; nothing is left behind.

    Raises:
        StorageError: it cannot be read or written, or there is no room.
        Cancelled: `cancel` was used.
    """
    cancel = cancel or CancelToken()
    if not directory.database.exists():
        raise StorageError(
            "There is nothing to back up", f"{directory.root} holds no library.", "Check --data-dir.", directory.root
        )
    aside = file.with_name(f".{file.name}.part")
    try:
        remove_old(file.parent, f"{_ASIDE}*")  # of a backup that was killed
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=_ASIDE) as folder:
            copy = Path(folder, directory.database.name)
            _copy_database(directory.database, copy, cancel)
            wanted = [(copy.name, copy), *_others(directory, models)]
            made = _pack(aside, wanted, models, progress, cancel)
        put_in_place(aside, file)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(
            "The backup cannot be written",
            f"{file}: {getattr(error, 'strerror', None) or error}.",
            "Choose a place with enough room that can be written.",
            file,
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return Backup(file, made[0], made[1], models)


def _others(directory: DataDirectory, models: bool) -> Iterator[tuple[str, Path]]:
    for name in _LITTLE:
        if (directory.root / name).is_file():
            yield name, directory.root / name
    if models and directory.models.is_dir():
        for path in sorted(directory.models.rglob("*")):
            inside = path.relative_to(directory.models)
            if path.is_file() and not inside.parts[0].startswith("."):  # what is half imported or fetched stays out
                yield str(PurePosixPath("models", *inside.parts)), path


def _copy_database(source: Path, target: Path, cancel: CancelToken) -> None:
    reader = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    try:
        writer = sqlite3.connect(target)
        try:
            reader.backup(writer, pages=_PAGES, progress=lambda *_: cancel.check())
            writer.execute("PRAGMA journal_mode = DELETE")
        finally:
            writer.close()
    finally:
        reader.close()


def _pack(
    aside: Path, wanted: list[tuple[str, Path]], models: bool, progress: Progress | None, cancel: CancelToken
) -> tuple[int, int]:
    total, done = sum(path.stat().st_size for _, path in wanted), 0
    if shutil.disk_usage(aside.parent).free < total // 3 + _SPARE_BYTES:
        raise OSError(28, "not enough room on the disk")
    rows = []
    aside.unlink(missing_ok=True)  # of a backup that was killed
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
        for name, path in wanted:
            squeezed = name.endswith(_SQUEEZED)
            entry = zipfile.ZipInfo(name, _moment())
            entry.compress_type = zipfile.ZIP_DEFLATED if squeezed else zipfile.ZIP_STORED
            entry.external_attr = 0o600 << 16
            digest = hashlib.sha256()
            size = 0
            with open(path, "rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                for piece in _pieces(source, cancel):
                    digest.update(piece)
                    target.write(piece)
                    size += len(piece)
                    if progress is not None:
                        progress(done + size, max(total, done + size))
            done += size
            rows.append({"name": name, "bytes": size, "sha256": digest.hexdigest()})
        manifest = {"format": FORMAT, "made": time.time(), "models": models, "files": rows}
        archive.writestr(zipfile.ZipInfo(_MANIFEST, _moment()), json.dumps(manifest, indent=1))
    return len(rows), done


def _moment() -> tuple[int, int, int, int, int, int]:
    """Return the time as ZIP can hold it, whatever the clock says."""
    now = time.localtime()
    return min(max(now.tm_year, 1980), 2107), now.tm_mon, now.tm_mday, now.tm_hour, now.tm_min, now.tm_sec


def restore(file: Path, folder: Path, *, progress: Progress | None = None, cancel: CancelToken | None = None) -> Backup:
    """Unpack a backup into a folder that is missing or empty, every file checked; all of it or nothing.

    Raises:
        StorageError: the file is no backup, is damaged or of a newer version; the folder holds something; no room.
        Cancelled: `cancel` was used.
    """
    cancel = cancel or CancelToken()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StorageError(
            "The folder is not empty",
            f"{folder} holds something already.",
            "Restore into a new or empty folder, so that nothing is overwritten.",
            folder,
        )
    aside = folder.with_name(f".{folder.name}.restoring")
    try:
        with _opened(file) as archive:
            manifest = _manifest(archive, file)
            rows = manifest["files"]
            total, done = sum(int(row["bytes"]) for row in rows), 0
            folder.parent.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(folder.parent).free < total + _SPARE_BYTES:
                raise OSError(28, "not enough room on the disk")
            shutil.rmtree(aside, ignore_errors=True)  # of a restore that was killed
            aside.mkdir(mode=0o700)
            for row in rows:
                done = _unpack(archive, row, aside, file, done, total, progress, cancel)
        if folder.exists():
            folder.rmdir()
        put_in_place(aside, folder)
    except OSError as error:
        raise StorageError(
            "The backup cannot be restored",
            f"{folder}: {error.strerror or error}.",
            "Choose a folder with enough room that can be written.",
            folder,
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Backup(folder, len(rows), total, bool(manifest.get("models")))


def _unpack(
    archive: zipfile.ZipFile,
    row: dict[str, Any],
    aside: Path,
    file: Path,
    done: int,
    total: int,
    progress: Progress | None,
    cancel: CancelToken,
) -> int:
    target = aside.joinpath(*PurePosixPath(str(row["name"])).parts)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(str(row["name"])) as source, open(target, "wb") as out:
            for piece in _pieces(source, cancel):
                size += len(piece)
                if size > row["bytes"]:
                    raise _damaged(file, f"{row['name']} is longer than it says")
                digest.update(piece)
                out.write(piece)
                if progress is not None:
                    progress(done + size, total)
    except (KeyError, *_DAMAGE) as error:
        raise _damaged(file, f"{row['name']} cannot be read") from error
    if size != row["bytes"] or digest.hexdigest() != row["sha256"]:
        raise _damaged(file, f"{row['name']} is not what was backed up")
    target.chmod(0o600)
    return done + size


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise StorageError(
            "There is no such backup", f"There is nothing at {file}.", "Check its name.", file
        ) from error
    except (ValueError, *_DAMAGE) as error:
        raise _damaged(file, "it is no ZIP archive") from error
    with archive:
        yield archive


def _manifest(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    try:
        if archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
            raise ValueError(_MANIFEST)
        manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        known = int(manifest["format"])
        for row in manifest["files"] if known <= FORMAT else ():
            if not _may_be_restored(row["name"]) or type(row["bytes"]) is not int or row["bytes"] < 0:
                raise ValueError(row["name"])
        rows = manifest["files"]
        if known <= FORMAT and len({row["name"].casefold() for row in rows}) < len(rows):
            raise ValueError("twice")
        if known <= FORMAT and sum(row["bytes"] for row in rows) > _SPARE_BYTES + _MOST_RATIO * file.stat().st_size:
            raise ValueError("a bomb")
    except (KeyError, TypeError, AttributeError, ArithmeticError, RecursionError, ValueError, *_DAMAGE) as error:
        raise _damaged(file, "it was not made by this application") from error
    if known > FORMAT:
        raise StorageError(
            "The backup is of a newer version", f"It has the format {known}.", "Update the application first.", file
        )
    return manifest


def _may_be_restored(name: str) -> bool:
    """Whether an entry is called like one that a backup writes: nothing else, and nothing outside the folder."""
    if name in (DATABASE_NAME, *_LITTLE):
        return True
    parts = name.split("/")
    plain = all(part and part not in (".", "..") and not _ODD.search(part) for part in parts)
    return plain and len(parts) > 1 and parts[0] == "models" and not parts[1].startswith(".")


def _pieces(source: IO[bytes], cancel: CancelToken) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        cancel.check()
        yield piece


def _damaged(file: Path, why: str) -> StorageError:
    return StorageError("The file is no whole backup", f"{file.name}: {why}.", "Take another copy of it.", file)
