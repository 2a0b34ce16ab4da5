from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.library import schema, sizes
from hxd_desktop.engine.library.database import Database

COLUMNS = "id, library_id, folder_id, path, state, language, files, chunks, terms, size_bytes"
UPSERT = (
    f"INSERT INTO documents ({COLUMNS}) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (library_id, path) DO UPDATE"
    " SET state = excluded.state, language = excluded.language, chunks = excluded.chunks, terms = excluded.terms"
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    Database(tmp_path / "library.sqlite3").close()
    found = sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)
    found.execute("INSERT INTO libraries VALUES (1, 'one', 0, 0, 1, NULL), (2, 'two', 0, 0, 1, NULL)")
    found.execute("INSERT INTO folders (id, library_id, path) VALUES (1, 1, '/f')")
    yield found
    found.close()


def row(chosen: random.Random) -> tuple[object, ...]:
    number = chosen.randrange(1, 40)
    return (
        None,
        chosen.choice((1, 2)),
        f"/f/{number}",
        chosen.choice(("queued", "indexed", "failed")),
        chosen.choice((None, "", "en", "zh")),
        chosen.randrange(1, 3),
        *(chosen.randrange(9) for _ in range(3)),
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_sums_are_those_of_the_documents_whatever_is_done_to_them(
    connection: sqlite3.Connection, seed: int
) -> None:
    chosen = random.Random(seed)
    for _ in range(300):
        number = chosen.randrange(1, 60)
        match chosen.randrange(6):
            case 0 | 1:
                connection.execute(UPSERT, row(chosen))
            case 2:
                connection.execute(
                    f"INSERT OR IGNORE INTO documents ({COLUMNS}) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?)", row(chosen)
                )
            case 3:
                connection.execute("DELETE FROM documents WHERE id IN (?, ?)", (number, number + 1))
            case 4:
                connection.execute("UPDATE documents SET state = 'queued', chunks = 0 WHERE id = ?", (number,))
            case _:
                connection.execute("UPDATE documents SET size_bytes = size_bytes + 1, mtime_ns = 3 WHERE id < 9")
    assert connection.execute("SELECT count(*) FROM documents").fetchone()[0] > 10
    assert sizes.agree(connection)
    connection.execute("DELETE FROM documents")
    assert sizes.agree(connection)
    assert connection.execute(
        "SELECT sum(abs(documents) + abs(terms) + abs(bytes)) FROM document_sizes"
    ).fetchone() == (0,)


def test_what_is_wrong_is_seen_and_added_up_anew(connection: sqlite3.Connection) -> None:
    connection.execute(UPSERT, row(random.Random(1)))
    connection.execute("UPDATE document_sizes SET files = files + 1")
    assert not sizes.agree(connection)
    sizes.add_up(connection)
    assert sizes.agree(connection)
    connection.execute("INSERT INTO document_sizes VALUES (7, 'indexed', '', 1, 1, 1, 1, 1)")
    assert not sizes.agree(connection)


def test_an_older_database_is_added_up_when_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite3"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", schema.STEPS[:8])
        patch.setattr(schema, "SCHEMA_VERSION", 8)
        Database(path).close()
    before = sqlite3.connect(path, isolation_level=None)
    before.execute("INSERT INTO libraries VALUES (1, 'one', 0, 0, 1, NULL)")
    before.execute("INSERT INTO folders (id, library_id, path) VALUES (1, 1, '/f')")
    for _ in range(20):
        before.execute(UPSERT, (None, 1, *row(random.Random(_))[2:]))
    before.close()
    database = Database(path)
    assert sizes.agree(database.reader)
    assert database.reader.execute("SELECT sum(documents) FROM document_sizes").fetchone()[0] > 5
    database.close()
