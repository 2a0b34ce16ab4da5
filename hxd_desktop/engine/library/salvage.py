"""A database that SQLite finds damaged: what a person made is read out of it into a new one.

Saved are libraries, folders, examples, conversations, drafts and evaluation runs, row by row, as far as they can be
read. Documents are not: their files are read again.
"""

from __future__ import annotations

import contextlib
import filecmp
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hxd_desktop.engine.durable import put_in_place, sync_file, sync_folder
from hxd_desktop.engine.library import catalog, conversations, schema
from hxd_desktop.engine.library.database import Database, damages

_HEADER_BYTES = 100
_PAGE_BYTES = 4096
_SIZE_AT = 28  # of the file in pages, in the header
_MOST_IDS = 1_000_000
_LOG = "-wal"
_LOGS = (_LOG, "-shm")
# In this order: what is referred to comes first.
_TABLES = ("libraries", "folders", "examples", "conversations", "messages", "drafts", "evaluation_runs")
_RECOVERED = "Recovered"


@dataclass(slots=True)
class Salvaged:
    """Where the damaged file is kept, how many rows of each table were saved, and of which some could not be read."""

    kept: Path
    rows: dict[str, int] = field(default_factory=dict)
    incomplete: list[str] = field(default_factory=list)


def is_sound(path: Path) -> bool:
    """Whether SQLite can read the whole file; a missing one is sound."""
    if not path.exists():
        return True
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            if not damages(connection, 1):
                return True
            connection.execute("REINDEX")  # damage of an index alone is mended from its table
            return not damages(connection, 1)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # locked, not readable, no room: no damage
        return False


def salvage(path: Path) -> Salvaged:
    """Put a new database in the place of a damaged one, with what could be read of it; the damaged one is kept aside.

    A crash at any instant leaves the damaged file or the new one in its place.

    Raises:
        OSError, sqlite3.Error: there is no room, or the folder cannot be written.
    """
    kept = _free_name(path)
    with tempfile.TemporaryDirectory(prefix=".salvage-", dir=path.parent) as place:
        new = Path(place) / "new.sqlite3"
        result = Salvaged(kept)
        database = Database(new)
        try:
            best = max(_readings(path, Path(place)), key=_worth)
            database.write(lambda connection: _fill(connection, best, result))
        finally:
            database.close()
        _keep(path, kept)
        for log in _LOGS:  # they belong to the damaged file
            _with(path, log).unlink(missing_ok=True)
        put_in_place(new, path)
    return result


def _with(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _keep(path: Path, kept: Path) -> None:
    """Copy the damaged file with its log and have both on the disk before anything of it goes."""
    for end in (_LOG, ""):  # a copy without its log is never taken for all of it
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(_with(path, end), _with(kept, end))
            sync_file(_with(kept, end))
    sync_folder(kept.parent)


def _log_of(path: Path) -> Path:
    """The write-ahead log of a damaged file: beside it, or beside its copy where an earlier salvage was killed."""
    log = _with(path, _LOG)
    if not log.exists():
        for copy in sorted(path.parent.glob(f"{path.name}.damaged-*"), reverse=True):
            if not copy.name.endswith(_LOGS) and _with(copy, _LOG).exists() and filecmp.cmp(copy, path, shallow=False):
                return _with(copy, _LOG)
    return log


def _free_name(path: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while kept.exists():
        kept = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
        number += 1
    return kept


_Rows = dict[str, tuple[list[dict[str, object]], bool]]  # by table; whether all of them were read


def _worth(rows: _Rows) -> int:
    return sum(len(found) for found, _ in rows.values())


def _readings(path: Path, place: Path) -> Iterator[_Rows]:
    """Yield what can be read of the file as it is, with a new header, and with a new first page.

    The first page says where each table begins. In a database that was made by this version it is that of a new one.
    """
    fresh = place / "fresh.sqlite3"
    Database(fresh).close()
    first = fresh.read_bytes()[:_PAGE_BYTES]
    size = path.stat().st_size
    pages = (size // _PAGE_BYTES).to_bytes(4, "big")
    header = first[:_SIZE_AT] + pages + first[_SIZE_AT + 4 : _HEADER_BYTES]
    for number, graft in enumerate((b"", header, header + first[_HEADER_BYTES:])):
        copy = place / f"copy{number}.sqlite3"
        shutil.copyfile(path, copy)
        log = _log_of(path)
        if not graft and log.exists():
            shutil.copyfile(log, _with(copy, _LOG))
        if graft:
            with open(copy, "rb+") as stream:
                stream.write(graft)
        rows = _read(copy)
        yield rows
        if all(whole for _, whole in rows.values()):
            return


def _read(path: Path) -> _Rows:
    rows: _Rows = {}
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        with contextlib.suppress(sqlite3.Error):
            connection.execute("PRAGMA writable_schema = ON")  # goes on where a part of the schema is damaged
        for table in _TABLES:
            rows[table] = _readable(connection, table)
    return rows


def _readable(connection: sqlite3.Connection, table: str) -> tuple[list[dict[str, object]], bool]:
    """Read a table from both ends, and between them row by row; a page that is damaged costs what it held."""
    found: dict[int, dict[str, object]] = {}
    whole = True
    for order in ("", " DESC"):
        try:
            for row in connection.execute(f"SELECT rowid AS rowid_, * FROM {table} ORDER BY rowid{order}"):
                found[row["rowid_"]] = dict(row)
            break
        except (sqlite3.Error, OverflowError):
            whole = False
    if not whole and found:
        last = min(max(found), _MOST_IDS)
        with contextlib.suppress(sqlite3.Error):
            last = min(
                connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()[0], last
            )
        for rowid in range(1, last + 1):
            if rowid in found:
                continue
            with contextlib.suppress(sqlite3.Error):
                for row in connection.execute(f"SELECT rowid AS rowid_, * FROM {table} WHERE rowid = ?", (rowid,)):
                    found[rowid] = dict(row)
    return [found[rowid] for rowid in sorted(found)], whole


def _fill(connection: sqlite3.Connection, rows: _Rows, result: Salvaged) -> None:
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for table in _TABLES:
        found, whole = rows[table]
        known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        kept = 0
        for row in found:
            values = {name: value for name, value in row.items() if name in known}
            if _insert(connection, table, values):
                kept += 1
        result.rows[table] = kept
        if not whole or kept < len(found):
            result.incomplete.append(table)
    _complete(connection)
    catalog.prepare(connection)
    conversations.prepare(connection)


def _insert(connection: sqlite3.Connection, table: str, values: dict[str, object]) -> bool:
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    try:
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
    except sqlite3.Error:  # what was read is not what this table holds
        return False
    return True


def _complete(connection: sqlite3.Connection) -> None:
    """Make what the saved rows refer to and could not be read, and leave nothing that nothing can show."""
    for (library_id,) in connection.execute(
        "SELECT library_id FROM folders UNION SELECT library_id FROM examples EXCEPT SELECT id FROM libraries"
    ).fetchall():
        connection.execute(
            "INSERT INTO libraries (id, name, created_at, terms_version) VALUES (?, ?, ?, 0)",
            (library_id, f"{_RECOVERED} {library_id}", time.time()),
        )
    # Read again, by words and by vectors: nothing is known of their documents any more.
    for (library_id,) in connection.execute("SELECT id FROM libraries").fetchall():
        schema.create_words_table(connection, library_id)
    connection.execute("UPDATE libraries SET paused = 0")
    connection.execute("UPDATE folders SET identity = NULL")
    mend_conversations(connection)


def mend_conversations(connection: sqlite3.Connection) -> int:
    """Give messages without a conversation one, and branches an end; return how many rows were concerned."""
    now = time.time()
    made = connection.execute(
        "INSERT INTO conversations (id, title, libraries, created_at, updated_at)"
        " SELECT DISTINCT conversation_id, ?, '[]', ?, ? FROM messages"
        " WHERE conversation_id NOT IN (SELECT id FROM conversations)",
        (_RECOVERED, now, now),
    ).rowcount
    made += connection.execute(
        "UPDATE messages SET parent_id = (SELECT max(before.id) FROM messages before"
        " WHERE before.conversation_id = messages.conversation_id AND before.id < messages.id)"
        " WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM messages)"
    ).rowcount
    made += connection.execute(
        "UPDATE conversations SET leaf_id = (SELECT max(id) FROM messages WHERE conversation_id = conversations.id)"
        " WHERE leaf_id IS NOT NULL AND leaf_id NOT IN (SELECT id FROM messages)"
        " OR leaf_id IS NULL AND id IN (SELECT conversation_id FROM messages)"
    ).rowcount
    return made
