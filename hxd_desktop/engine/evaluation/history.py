"""Runs in the database."""

from __future__ import annotations

import dataclasses
import json
import sqlite3

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.evaluation.run import Run

_COLUMNS = "id, kind, library, file, questions_sha256, created_at, setup, figures"


def keep(connection: sqlite3.Connection, run: Run) -> Run:
    """Keep a run; return it with its number."""
    row = connection.execute(
        "INSERT INTO evaluation_runs (kind, library, file, questions_sha256, created_at, setup, figures, rows)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (run.kind, run.library, run.file, run.sha256, run.created, *map(_json, (run.setup, run.figures, run.rows))),
    ).fetchone()
    return dataclasses.replace(run, id=int(row[0]))


def all_runs(connection: sqlite3.Connection) -> list[Run]:
    """Return every run without its rows, the latest first."""
    rows = connection.execute(f"SELECT {_COLUMNS}, '[]' FROM evaluation_runs ORDER BY id DESC")
    return [_run(row) for row in rows]


def get(connection: sqlite3.Connection, run_id: int) -> Run:
    """Return a run with its rows.

    Raises:
        SettingsError: there is none with this number.
    """
    row = connection.execute(f"SELECT {_COLUMNS}, rows FROM evaluation_runs WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise _no_such(run_id)
    return _run(row)


def remove(connection: sqlite3.Connection, run_id: int) -> None:
    """Forget a run.

    Raises:
        SettingsError: there is none with this number.
    """
    if connection.execute("DELETE FROM evaluation_runs WHERE id = ?", (run_id,)).rowcount == 0:
        raise _no_such(run_id)


def _json(value: object) -> str:
    # Half of a character, which JSON can hold and UTF-8 cannot, is kept as its escape.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")


def _run(row: tuple[int, str, str, str, str, float, str, str, str]) -> Run:
    run_id, kind, library, file, sha256, created, setup, figures, rows = row
    return Run(kind, library, file, sha256, created, json.loads(setup), json.loads(figures), json.loads(rows), run_id)


def _no_such(run_id: int) -> SettingsError:
    return SettingsError(
        "There is no such run", f"None has the number {run_id}.", "See `hxd eval list` for the numbers."
    )
