from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library import schema
from hxd_desktop.engine.library.database import Database


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        connection.close()


def test_a_new_database_gets_every_table_and_the_schema_number(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    Database(path).close()
    assert {"libraries", "folders", "documents", "chunks", "embeddings", "vector_changes", "messages"} | {
        "evaluation_runs"
    } <= tables(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_schema_made_at_once_is_the_one_that_the_migrations_make_step_by_step(tmp_path: Path) -> None:
    held = []
    for make in (schema._create, schema._migrate_step_by_step):
        connection = sqlite3.connect(tmp_path / make.__name__, isolation_level=None)
        make(connection)
        held.append(
            (
                sorted(connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")),
                connection.execute(
                    "SELECT id, migration_set, name, length(applied_at) FROM _sqlite_migrations"
                ).fetchall(),
                connection.execute("PRAGMA user_version").fetchone(),
            )
        )
        connection.close()
    at_once, step_by_step = held
    assert at_once == step_by_step


def test_a_creation_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite3"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", (*schema.STEPS, ("0002_broken", ("NO SQL AT ALL",))))
        with pytest.raises(StorageError):
            Database(path)
    assert tables(path) == set()
    Database(path).close()
    assert "libraries" in tables(path)


def test_an_older_schema_is_migrated_with_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite3"
    database = Database(path)
    database.write(lambda c: c.execute("INSERT INTO libraries VALUES (7, 'kept', 0, 0, 1, NULL)"))
    database.close()
    added = ("9999_next", ("CREATE TABLE next (x)", "ALTER TABLE libraries ADD COLUMN colour TEXT"))
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, added))
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    database = Database(path)
    assert database.reader.execute("SELECT name, colour FROM libraries").fetchall() == [("kept", None)]
    assert database.reader.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
    database.close()
    Database(path).close()  # nothing is applied twice


def test_a_database_of_the_first_schema_gets_the_later_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite3"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", schema.STEPS[:1])
        patch.setattr(schema, "SCHEMA_VERSION", 1)
        Database(path).close()
    assert "runs" in tables(path)
    Database(path).close()
    assert "evaluation_runs" in tables(path)
    assert "runs" not in tables(path)


def test_a_migration_that_fails_leaves_the_old_schema_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite3"
    Database(path).close()
    broken = ("9999_broken", ("CREATE TABLE half (x)", "NO SQL AT ALL"))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", (*schema.STEPS, broken))
        patch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
        with pytest.raises(StorageError):
            Database(path)
    assert "half" not in tables(path)
    Database(path).close()


@pytest.mark.parametrize("writable", [True, False])
def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path, writable: bool) -> None:
    path = tmp_path / "library.sqlite3"
    Database(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError) as raised:
        Database(path, writable=writable)
    assert raised.value.title == "The data directory is from a newer version"
    assert f"schema {schema.SCHEMA_VERSION + 1}" in raised.value.message
    assert "Update HXD Desktop" in raised.value.remedy
    assert path.read_bytes() == before
