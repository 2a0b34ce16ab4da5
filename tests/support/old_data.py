"""Data directories that older versions left (tests/old_data/make.py), unpacked where a test wants them."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tarfile
from pathlib import Path

from tests.old_data.make import FOLDER, HERE, lay_out

SCHEMAS = sorted(int(path.name.removeprefix("schema-").split(".")[0]) for path in HERE.glob("schema-*.tar.xz"))


def unpack(schema: int, place: Path) -> tuple[Path, Path]:
    """Return the data directory of an older version and the folder of documents that it has indexed, as they were."""
    folder, data = place / "documents", place / "data"
    lay_out(folder)
    data.mkdir(mode=0o700)
    with tarfile.open(HERE / f"schema-{schema}.tar.xz") as archive:
        archive.extractall(data, filter="data")
    with contextlib.closing(sqlite3.connect(data / "library.sqlite3")) as connection:
        for table, column in (("folders", "path"), ("documents", "path"), ("messages", "record")):
            connection.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (str(FOLDER), str(folder)))
        connection.commit()
    settings = (data / "settings.toml").read_text(encoding="utf-8")
    off = settings.replace('ocr = "auto"', 'ocr = "off"')  # a picture is not worth the seconds that its engine takes
    (data / "settings.toml").write_text(off if off != settings else f'{settings}\n[documents]\nocr = "off"\n', "utf-8")
    return data, folder


def copied(data: Path, target: Path) -> Path:
    """Copy a data directory as it lies on the disk just now."""
    return Path(shutil.copytree(data, target))
