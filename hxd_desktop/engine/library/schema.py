"""The database's tables, migrated with sqlite-utils: each migration and its record in one transaction.

A new database is made at once, in one transaction, and recorded as sqlite-utils records it: importing sqlite-utils,
which brings NumPy along, takes longer than reading the first hundred files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library.sizes import TABLE

if TYPE_CHECKING:
    from sqlite_utils import Database

# Ids of chunks are never reused (AUTOINCREMENT): they are also the keys of full text and vectors.
_FIRST = (
    """CREATE TABLE libraries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        created_at REAL NOT NULL,
        paused INTEGER NOT NULL DEFAULT 0,
        terms_version INTEGER NOT NULL,    -- of the words in its full-text table words_<id>
        calibration TEXT                   -- JSON, NULL: the default gate
    )""",
    """CREATE TABLE folders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        library_id INTEGER NOT NULL REFERENCES libraries(id),
        path TEXT NOT NULL,
        is_file INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL DEFAULT 'online',
        detail TEXT NOT NULL DEFAULT '',
        identity TEXT,                     -- device:inode when last scanned, NULL: never
        UNIQUE (library_id, path)
    )""",
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        library_id INTEGER NOT NULL REFERENCES libraries(id),
        folder_id INTEGER NOT NULL REFERENCES folders(id),
        path TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,                       -- of failed and skipped
        size_bytes INTEGER NOT NULL DEFAULT 0,
        mtime_ns INTEGER NOT NULL DEFAULT 0,
        inode TEXT,
        content_hash BLOB,                 -- NULL: never read
        fingerprint TEXT,                  -- of parser and chunking; another one is read again
        type TEXT NOT NULL DEFAULT '',
        parser TEXT,
        title TEXT,
        language TEXT,
        chars INTEGER NOT NULL DEFAULT 0,
        terms INTEGER NOT NULL DEFAULT 0,
        chunks INTEGER NOT NULL DEFAULT 0,
        files INTEGER NOT NULL DEFAULT 1,  -- more than 1 for a pruned folder
        parse_ms REAL,
        indexed_at REAL,
        UNIQUE (library_id, path)
    )""",
    "CREATE INDEX documents_counts ON documents (library_id, state, language, chunks, terms, files, size_bytes)",
    "CREATE INDEX documents_folder ON documents (folder_id)",
    "CREATE INDEX documents_content ON documents (library_id, content_hash) WHERE content_hash IS NOT NULL",
    """CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id INTEGER NOT NULL REFERENCES documents(id),
        ordinal INTEGER NOT NULL,          -- 0, 1, ... without gaps: texts in order make up the document
        start INTEGER NOT NULL,            -- character offset in the document
        page INTEGER,
        heading TEXT NOT NULL,
        text TEXT NOT NULL,
        key BLOB NOT NULL                  -- of its embedding
    )""",
    "CREATE INDEX chunks_document ON chunks (document_id, ordinal)",
    "CREATE INDEX chunks_key ON chunks (key)",
    "CREATE TABLE embedders (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, dim INTEGER NOT NULL)",
    """CREATE TABLE embeddings (
        embedder_id INTEGER NOT NULL REFERENCES embedders(id),
        key BLOB NOT NULL,
        vector BLOB NOT NULL,              -- see library/embeddings.py
        PRIMARY KEY (embedder_id, key)
    ) WITHOUT ROWID""",
    # A library with the embedder that its vector index is made with; floor: changes up to it are pruned.
    """CREATE TABLE vector_indexes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        library_id INTEGER NOT NULL REFERENCES libraries(id),
        embedder_id INTEGER NOT NULL REFERENCES embedders(id),
        floor INTEGER NOT NULL DEFAULT 0,
        UNIQUE (library_id, embedder_id)
    )""",
    # Chunks whose vector is still to come.
    """CREATE TABLE vector_queue (
        index_id INTEGER NOT NULL REFERENCES vector_indexes(id),
        chunk_id INTEGER NOT NULL,
        PRIMARY KEY (index_id, chunk_id)
    ) WITHOUT ROWID""",
    # The rising change number by which a saved index catches up.
    """CREATE TABLE vector_changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        index_id INTEGER NOT NULL REFERENCES vector_indexes(id),
        chunk_id INTEGER NOT NULL,
        removed INTEGER NOT NULL
    )""",
    """CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        libraries TEXT NOT NULL,           -- JSON list of names
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL
    )""",
    """CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations(id),
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        created_at REAL NOT NULL,
        record TEXT                        -- the decision record as JSON, NULL for the user's turns
    )""",
    "CREATE INDEX messages_conversation ON messages (conversation_id, id)",
    """CREATE TABLE examples (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        library_id INTEGER NOT NULL REFERENCES libraries(id),
        question TEXT NOT NULL,
        answerable INTEGER NOT NULL,
        source TEXT NOT NULL,
        created_at REAL NOT NULL,
        UNIQUE (library_id, question)
    )""",
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        library_id INTEGER,
        kind TEXT NOT NULL,                -- 'refusal' or 'qa'
        started_at REAL NOT NULL,
        result TEXT NOT NULL               -- JSON
    )""",
)

# `runs` was never written to.
_EVALUATION_RUNS = (
    "DROP TABLE runs",
    """CREATE TABLE evaluation_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,                -- 'refusal' or 'qa'
        library TEXT NOT NULL,             -- its name then: a run outlives its library
        file TEXT NOT NULL,
        questions_sha256 TEXT NOT NULL,
        created_at REAL NOT NULL,
        setup TEXT NOT NULL,               -- JSON: version, gate, models, settings
        figures TEXT NOT NULL,             -- JSON
        rows TEXT NOT NULL                 -- JSON list, one a question
    )""",
)

MESSAGE_WORDS = """CREATE VIRTUAL TABLE message_words USING fts5(
        terms, content='', detail=none, tokenize="ascii tokenchars '_.+#'"
    )"""

# A conversation is a tree: an edited question stands beside the one that it replaces. `leaf_id` ends the branch that is
# shown. One in the trash is invisible and erased when the directory is next opened, if not before.
_CONVERSATION_TREE = (
    "ALTER TABLE messages ADD COLUMN parent_id INTEGER REFERENCES messages(id)",
    """UPDATE messages SET parent_id = (
        SELECT max(before.id) FROM messages before
        WHERE before.conversation_id = messages.conversation_id AND before.id < messages.id
    )""",
    "CREATE INDEX messages_parent ON messages (parent_id)",  # also for the check when a message goes
    "ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversations ADD COLUMN trashed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversations ADD COLUMN leaf_id INTEGER",
    "UPDATE conversations SET leaf_id = (SELECT max(id) FROM messages WHERE conversation_id = conversations.id)",
    # 0 stands for the conversation that is not begun yet.
    "CREATE TABLE drafts (conversation_id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    # Which message holds which terms of `text.words`; see `create_words_table`.
    MESSAGE_WORDS,
    "CREATE TABLE message_index (terms_version INTEGER NOT NULL)",
    "INSERT INTO message_index VALUES (0)",  # of nothing yet: they are read when the directory is opened
)

# Abbreviations that documents explain, each with the passage that does.
_ABBREVIATIONS = (
    """CREATE TABLE abbreviations (
        chunk_id INTEGER NOT NULL,
        short TEXT NOT NULL,
        long TEXT NOT NULL,
        library_id INTEGER NOT NULL REFERENCES libraries(id),
        PRIMARY KEY (chunk_id, short, long)
    ) WITHOUT ROWID""",
    "CREATE INDEX abbreviations_library ON abbreviations (library_id, short, long)",
)

_SCANS = (
    "ALTER TABLE folders ADD COLUMN ocr INTEGER NOT NULL DEFAULT 1",
    # How many of its pages are pictures; which engine read them or could not; NULL places: they are not read.
    "ALTER TABLE documents ADD COLUMN scan_pages INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE documents ADD COLUMN ocr_engine TEXT",
    "ALTER TABLE documents ADD COLUMN ocr_confidence REAL",
    "ALTER TABLE documents ADD COLUMN ocr_places BLOB",
    "CREATE INDEX documents_scans ON documents (content_hash) WHERE scan_pages > 0",
    # What was read off each page, as long as a document with that content is there.
    """CREATE TABLE scans (
        content_hash BLOB NOT NULL,
        engine TEXT NOT NULL,
        page INTEGER NOT NULL,
        lines BLOB NOT NULL,               -- see library/readings.py
        PRIMARY KEY (content_hash, engine, page)
    ) WITHOUT ROWID""",
    # Nobody has counted their pictures yet: the next scan reads these files again.
    """UPDATE documents SET fingerprint = ''
        WHERE state = 'needs_ocr' OR type = 'pdf' OR reason = 'It is an image, not a document.'""",
)

_EXAMPLE_MARKS = (
    "ALTER TABLE examples ADD COLUMN marks TEXT",  # a language model's, as JSON {"by", "marks"}, or NULL
)

# Libraries whose full text may still hold words of what was removed; see `purging`. At first: all of them.
_PURGES = (
    "CREATE TABLE purges (library_id INTEGER PRIMARY KEY)",
    "INSERT INTO purges SELECT id FROM libraries",
)

# gitignore-style lines of one folder, on top of those of the settings.
_FOLDER_IGNORE = ("ALTER TABLE folders ADD COLUMN ignore TEXT NOT NULL DEFAULT ''",)

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0001_first", _FIRST),
    ("0002_evaluation_runs", _EVALUATION_RUNS),
    ("0003_conversation_tree", _CONVERSATION_TREE),
    ("0004_abbreviations", _ABBREVIATIONS),
    ("0005_scans", _SCANS),
    ("0006_example_marks", _EXAMPLE_MARKS),
    ("0007_purges", _PURGES),
    ("0008_folder_ignore", _FOLDER_IGNORE),
    ("0009_document_sizes", TABLE),
)
SCHEMA_VERSION = len(STEPS)

_MIGRATION_SET = "hxd-desktop"
# As sqlite-utils makes them.
_RECORD = (
    (
        'CREATE TABLE "_sqlite_migrations" (\n   "id" INTEGER PRIMARY KEY,\n   "migration_set" TEXT,\n   "name" TEXT,\n'
        '   "applied_at" TEXT\n)'
    ),
    (
        'CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"\n'
        '    ON "_sqlite_migrations" ("migration_set", "name")'
    ),
)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to this version; do nothing where it is already.

    Raises:
        StorageError: the database was written by a newer version.
    """
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == SCHEMA_VERSION:
        return
    if found > SCHEMA_VERSION:
        raise StorageError(
            "The data directory is from a newer version",
            f"{path.name} has schema {found}, this version knows {SCHEMA_VERSION}.",
            "Update HXD Desktop, or choose another data directory with --data-dir.",
            path,
        )
    if not connection.execute("SELECT EXISTS (SELECT 1 FROM sqlite_master)").fetchone()[0]:
        _create(connection)
    else:
        _migrate_step_by_step(connection)


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty database, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _RECORD:
            connection.execute(statement)
        now = str(datetime.now(UTC))
        for name, statements in STEPS:
            for statement in statements:
                connection.execute(statement)
            connection.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
                (_MIGRATION_SET, name, now),
            )
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _migrate_step_by_step(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(_MIGRATION_SET)
    for version, (name, statements) in enumerate(STEPS, start=1):
        migrations(name=name)(_migration(version, statements))
    migrations.apply(Database(connection))


def _migration(version: int, statements: tuple[str, ...]) -> Callable[[Database], None]:
    def apply(db: Database) -> None:
        for statement in statements:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")

    apply.__name__ = f"to_{version}"
    return apply


def words_table(library_id: int) -> str:
    """Return the name of a library's full-text table."""
    return f"words_{library_id}"


def create_words_table(connection: sqlite3.Connection, library_id: int) -> None:
    """Make a library's full-text table: which chunk holds which terms of `text.words`, and nothing else.

    Positions are left out (detail=none): they would double its size, and candidates are ranked from their texts.
    """
    table = words_table(library_id)
    connection.execute(
        f"CREATE VIRTUAL TABLE {table} USING fts5(terms, content='', detail=none, tokenize=\"ascii tokenchars '_.+#'\")"
    )
    # Larger and rarer merges take a third less time than the defaults (1 MB, 4), and cost a search 0.2 ms.
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {4 << 20})")
    connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('automerge', 8)")
