"""Another name for a library, everywhere where it is known by its name."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library.catalog import check_name, library_id


def rename_library(connection: sqlite3.Connection, name: str, new_name: str) -> None:
    """Give a library another name; what conversations and evaluations keep of it goes on to lead to it.

    Raises:
        SettingsError: there is no such library, or the new name is not valid or taken.
    """
    found = library_id(connection, name)
    check_name(new_name)
    if name == new_name:
        return
    if connection.execute("SELECT 1 FROM libraries WHERE name = ?", (new_name,)).fetchone():
        raise SettingsError("The name is taken", f"Another library is called {new_name!r}.", "Choose another name.")
    connection.execute("UPDATE libraries SET name = ? WHERE id = ?", (new_name, found))
    connection.execute("UPDATE evaluation_runs SET library = ? WHERE library = ?", (new_name, name))
    _rewrite(connection, "conversations", "libraries", name, new_name)
    _rewrite(connection, "messages", "record", name, new_name)


def _rewrite(connection: sqlite3.Connection, table: str, column: str, name: str, new_name: str) -> None:
    """Put the new name into a column of JSON, row by row where it may hold the old one."""
    spellings = {json.dumps(name), json.dumps(name, ensure_ascii=False)}
    held = " OR ".join(f"instr({column}, ?)" for _ in spellings)
    rows = connection.execute(f"SELECT id, {column} FROM {table} WHERE {held}", (*spellings,)).fetchall()
    for row_id, kept in rows:
        renamed = _renamed(json.loads(kept), name, new_name)
        text = json.dumps(renamed, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (text, row_id))


def _renamed(kept: Any, name: str, new_name: str) -> Any:
    """The names of a conversation's libraries, or an answer's record, with the new name at every place of the old."""
    if isinstance(kept, list):
        return [new_name if each == name else each for each in kept]
    refusal, trace = kept.get("refusal") or {}, kept.get("trace") or []
    details = [stage.get("detail") or {} for stage in trace]
    for holder, key in (
        *((source, "library") for source in kept.get("sources") or []),
        *((library, "name") for library in kept.get("libraries") or []),
        *((detail, "library") for detail in details),
        (refusal, "library"),
    ):
        if holder.get(key) == name:
            holder[key] = new_name
    for detail in details:
        if isinstance(detail.get("libraries"), dict):
            detail["libraries"] = {
                new_name if key == name else key: value for key, value in detail["libraries"].items()
            }
    return kept
