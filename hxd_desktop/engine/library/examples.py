"""A library's good and bad questions, and what its gate learnt from them, in the database."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hxd_desktop.engine.durable import export_file
from hxd_desktop.engine.errors import SettingsError, StorageError, unreadable
from hxd_desktop.engine.library.catalog import library_id
from hxd_desktop.engine.library.model import Example
from hxd_desktop.engine.text.characters import whole

_MAX_QUESTION_CHARS = 4000


def add(connection: sqlite3.Connection, library: str, question: str, answerable: bool, source: str) -> Example:
    """Keep an example; the same question again changes its verdict.

    Raises:
        SettingsError: the question is empty, or there is no such library.
    """
    text = whole(question).strip()[:_MAX_QUESTION_CHARS]
    if not text:
        raise SettingsError("The example is empty", "It holds no text.", "Give a question.")
    row = connection.execute(
        "INSERT INTO examples (library_id, question, answerable, source, created_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (library_id, question) DO UPDATE SET answerable = excluded.answerable, source = excluded.source"
        " RETURNING id",
        (library_id(connection, library), text, answerable, source, time.time()),
    ).fetchone()
    return Example(row[0], library, text, answerable, source)


def remove(connection: sqlite3.Connection, example_id: int) -> str:
    """Forget an example; return the name of its library.

    Raises:
        SettingsError: there is none with this id.
    """
    row = connection.execute(
        "SELECT l.name FROM examples e JOIN libraries l ON l.id = e.library_id WHERE e.id = ?", (example_id,)
    ).fetchone()
    connection.execute("DELETE FROM examples WHERE id = ?", (example_id,))
    if row is None:
        raise SettingsError(
            "There is no such example", f"None has the number {example_id}.", "See `hxd examples list` for the numbers."
        )
    return str(row[0])


def all_examples(connection: sqlite3.Connection, library: str) -> list[Example]:
    """Return a library's examples in the order in which they came."""
    rows = connection.execute(
        "SELECT id, question, answerable, source FROM examples WHERE library_id = ? ORDER BY id",
        (library_id(connection, library),),
    )
    return [Example(i, library, question, bool(answerable), source) for i, question, answerable, source in rows]


def change(
    connection: sqlite3.Connection, library: str, keep: Iterable[tuple[str, bool, str]], drop: Iterable[str]
) -> None:
    """Keep (question, answerable, source) examples and forget the questions `drop`, in one go.

    Raises:
        SettingsError: a question to keep is empty, or there is no such library.
    """
    owner = library_id(connection, library)
    connection.executemany(
        "DELETE FROM examples WHERE library_id = ? AND question = ?", [(owner, question) for question in drop]
    )
    for question, answerable, source in keep:
        add(connection, library, question, answerable, source)


def write_file(path: Path, kept: Iterable[Example]) -> None:
    """Write examples as JSON that `read_file` reads.

    Raises:
        StorageError: the file cannot be written.
    """
    rows = [{"question": example.question, "answerable": example.answerable} for example in kept]
    try:
        export_file(path, (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise StorageError(
            "The examples cannot be saved",
            f"{path}: {error.strerror or error}.",
            "Free some space, or choose another place.",
            path,
        ) from error


def marks(connection: sqlite3.Connection, library: int, by: str) -> dict[str, dict[str, int]]:
    """Return the marks that a language model gave to a library's examples, by question; those without are left out."""
    rows = connection.execute("SELECT question, marks FROM examples WHERE library_id = ? AND marks NOTNULL", (library,))
    found = {question: json.loads(text) for question, text in rows}
    return {question: given["marks"] for question, given in found.items() if given["by"] == by}


def set_marks(
    connection: sqlite3.Connection, library: int, question: str, by: str, given: Mapping[str, int | None]
) -> None:
    """Keep the marks that a language model gave to an example."""
    text = json.dumps({"by": by, "marks": {name: mark for name, mark in given.items() if mark is not None}})
    connection.execute("UPDATE examples SET marks = ? WHERE library_id = ? AND question = ?", (text, library, question))


def calibration_state(connection: sqlite3.Connection, library: int) -> dict[str, Any] | None:
    """Return what a library's gate learnt, or None for the default gate."""
    row = connection.execute("SELECT calibration FROM libraries WHERE id = ?", (library,)).fetchone()
    state: dict[str, Any] | None = json.loads(row[0]) if row and row[0] else None
    return state


def set_calibration_state(connection: sqlite3.Connection, library: int, state: Mapping[str, Any] | None) -> None:
    """Keep what a library's gate learnt; None returns to the default gate."""
    text = None if state is None else json.dumps(state, ensure_ascii=False)
    connection.execute("UPDATE libraries SET calibration = ? WHERE id = ?", (text, library))


def read_file(path: Path, answerable: bool | None) -> list[tuple[str, bool]]:
    """Read (question, answerable) pairs from JSON or JSONL.

    Taken are lists of strings (HuixiangDou's good_questions.json and bad_questions.json; the verdict comes from
    `answerable` or from "good" or "bad" in the file's name), and objects {"question", "answerable"}.

    Raises:
        SettingsError: the file cannot be read, is of another form, or does not say which verdict is meant.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            "The file cannot be read", f"{path}: {unreadable(error)}.", "Check its name and that it is UTF-8.", path
        ) from error
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        rows = [_line(line, n, path) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if isinstance(rows, dict | str):  # JSONL of one line
        rows = [rows]
    if not isinstance(rows, list):
        raise _wrong_form(path, "it is not a list")
    verdict = answerable if answerable is not None else _verdict_of_name(path)
    return [_pair(row, verdict, path) for row in rows]


def _line(text: str, number: int, path: Path) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong_form(path, f"line {number} is not JSON") from error


def _verdict_of_name(path: Path) -> bool | None:
    name = path.stem.lower()
    good, bad = "good" in name, "bad" in name
    return good if good != bad else None


def _pair(row: Any, verdict: bool | None, path: Path) -> tuple[str, bool]:
    if isinstance(row, dict) and isinstance(row.get("question"), str):
        own = row.get("answerable", verdict)
        if isinstance(own, bool):
            return row["question"], own
    elif isinstance(row, str):
        if verdict is not None:
            return row, verdict
    else:
        raise _wrong_form(path, f"{str(row)[:60]!r} is neither a question nor an object with one")
    raise SettingsError(
        "The verdict is missing",
        f"{path.name} does not say whether its questions are good or bad.",
        "Import it with --good or --bad.",
        path,
    )


def _wrong_form(path: Path, why: str) -> SettingsError:
    return SettingsError(
        "The file has another form",
        f"{path.name}: {why}.",
        'Give a JSON list of questions, or JSONL of {"question": "...", "answerable": true}.',
        path,
    )
