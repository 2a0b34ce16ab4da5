"""Conversations in the database: trees of messages, of which one branch is shown, with a full text of their words."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library.model import Conversation, Message
from hxd_desktop.engine.text.words import VERSION as TERMS_VERSION
from hxd_desktop.engine.text.words import index_terms

_TITLE_CHARS = 60
START = 0  # in place of a message: before the first


def prepare(connection: sqlite3.Connection) -> None:
    """Erase what was left in the trash, and read the words of all messages anew where words are told differently."""
    for (conversation_id,) in connection.execute("SELECT id FROM conversations WHERE trashed").fetchall():
        erase(connection, conversation_id)
    if connection.execute("SELECT terms_version FROM message_index").fetchone()[0] == TERMS_VERSION:
        return
    connection.execute("INSERT INTO message_words (message_words) VALUES ('delete-all')")
    connection.executemany(
        "INSERT INTO message_words (rowid, terms) VALUES (?, ?)",
        ((i, index_terms(text)) for i, text in connection.execute("SELECT id, text FROM messages").fetchall()),
    )
    connection.execute("UPDATE message_index SET terms_version = ?", (TERMS_VERSION,))


def create(connection: sqlite3.Connection, title: str, libraries: Sequence[str]) -> Conversation:
    """Start a conversation; without a title it takes that of its first question."""
    now = time.time()
    row = connection.execute(
        "INSERT INTO conversations (title, libraries, created_at, updated_at) VALUES (?, ?, ?, ?) RETURNING id",
        (title, json.dumps(list(libraries), ensure_ascii=False), now, now),
    ).fetchone()
    return Conversation(row[0], title, now, now, tuple(libraries))


def rename(connection: sqlite3.Connection, conversation_id: int, title: str) -> None:
    """Give a conversation another title."""
    connection.execute("UPDATE conversations SET title = ? WHERE id = ?", (title.strip(), conversation_id))


def pin(connection: sqlite3.Connection, conversation_id: int, pinned: bool) -> None:
    """Keep a conversation above the others, or no more."""
    connection.execute("UPDATE conversations SET pinned = ? WHERE id = ?", (pinned, conversation_id))


def trash(connection: sqlite3.Connection, conversation_id: int, trashed: bool) -> None:
    """Take a conversation out of sight, or back; `erase` ends it."""
    connection.execute("UPDATE conversations SET trashed = ? WHERE id = ?", (trashed, conversation_id))


def erase(connection: sqlite3.Connection, conversation_id: int) -> None:
    """Delete a conversation so that nothing of it stays in the file: its pages are overwritten, its words merged away.

    The write-ahead log keeps older pages until its next checkpoint.
    """
    rows = connection.execute("SELECT id, text FROM messages WHERE conversation_id = ?", (conversation_id,)).fetchall()
    connection.executemany(
        "INSERT INTO message_words (message_words, rowid, terms) VALUES ('delete', ?, ?)",
        ((i, index_terms(text)) for i, text in rows),
    )
    connection.execute("INSERT INTO message_words (message_words) VALUES ('optimize')")
    connection.execute("UPDATE messages SET parent_id = NULL WHERE conversation_id = ?", (conversation_id,))
    connection.execute("DELETE FROM messages WHERE conversation_id = ?", (conversation_id,))
    connection.execute("DELETE FROM drafts WHERE conversation_id = ?", (conversation_id,))
    connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))


def add_exchange(
    connection: sqlite3.Connection,
    conversation_id: int,
    question: str,
    answer: str,
    record: Mapping[str, Any],
    after: int | None = None,
) -> int:
    """Keep a question with its answer or refusal and the record of how it came about; return the question's id.

    Args:
        connection: the writing connection, in a transaction.
        conversation_id: where to keep it.
        question: as it was asked.
        answer: its text, "" for a refusal.
        record: the answer object of the command line.
        after: the message that the question follows, `START` for none, None for the end of the branch that is shown.
            The exchange ends the branch that is shown from then on.

    Raises:
        SettingsError: the conversation does not exist.
    """
    row = connection.execute(
        "SELECT title, leaf_id FROM conversations WHERE id = ? AND NOT trashed", (conversation_id,)
    ).fetchone()
    if row is None:
        raise SettingsError(
            "There is no such conversation", f"Number {conversation_id} was deleted.", "Start a new chat."
        )
    now = time.time()
    parent = row[1] if after is None else after or None
    question_id = _add(connection, conversation_id, "user", question, now, None, parent)
    text = json.dumps(record, ensure_ascii=False)
    answer_id = _add(connection, conversation_id, "assistant", answer, now, text, question_id)
    title = row[0] or " ".join(question.split())[:_TITLE_CHARS]
    connection.execute(
        "UPDATE conversations SET title = ?, updated_at = ?, leaf_id = ? WHERE id = ?",
        (title, now, answer_id, conversation_id),
    )
    return question_id


def _add(
    connection: sqlite3.Connection,
    conversation_id: int,
    role: str,
    text: str,
    now: float,
    record: str | None,
    parent: int | None,
) -> int:
    message_id: int = connection.execute(
        "INSERT INTO messages (conversation_id, role, text, created_at, record, parent_id)"
        " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (conversation_id, role, text, now, record, parent),
    ).fetchone()[0]
    connection.execute("INSERT INTO message_words (rowid, terms) VALUES (?, ?)", (message_id, index_terms(text)))
    return message_id


def show_branch(connection: sqlite3.Connection, message_id: int) -> None:
    """Show the branch that holds a message; below it, the latest."""
    row = connection.execute("SELECT conversation_id FROM messages WHERE id = ?", (message_id,)).fetchone()
    if row is None:
        return
    # Ids rise: the highest below a message ends its latest branch.
    leaf = connection.execute(
        "WITH RECURSIVE below (id) AS (VALUES (?) UNION ALL"
        " SELECT m.id FROM messages m JOIN below ON m.parent_id = below.id) SELECT max(id) FROM below",
        (message_id,),
    ).fetchone()[0]
    connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf, row[0]))


def set_draft(connection: sqlite3.Connection, conversation_id: int, text: str) -> None:
    """Keep what is written but not sent; 0 is the conversation that is not begun yet, "" keeps nothing."""
    if text:
        connection.execute(
            "INSERT INTO drafts (conversation_id, text) VALUES (?, ?)"
            " ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text",
            (conversation_id, text),
        )
    else:
        connection.execute("DELETE FROM drafts WHERE conversation_id = ?", (conversation_id,))


def drafts(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the draft of each conversation that has one; 0: of the one not begun yet."""
    return dict(connection.execute("SELECT conversation_id, text FROM drafts").fetchall())


def all_conversations(connection: sqlite3.Connection) -> list[Conversation]:
    """Return every conversation, the latest first."""
    rows = connection.execute(
        "SELECT id, title, created_at, updated_at, libraries, pinned FROM conversations WHERE NOT trashed"
        " ORDER BY updated_at DESC, id DESC"
    )
    return [
        Conversation(i, title, made, changed, tuple(json.loads(names)), bool(pinned))
        for i, title, made, changed, names, pinned in rows
    ]


def messages(connection: sqlite3.Connection, conversation_id: int, *, read: bool = True) -> list[Message]:
    """Return the messages of the branch that is shown, the oldest first; without `read`, their records as JSON."""
    tree: dict[int | None, list[int]] = {}
    parents: dict[int, int | None] = {}
    for message_id, parent in connection.execute(
        "SELECT id, parent_id FROM messages WHERE conversation_id = ? ORDER BY id", (conversation_id,)
    ):
        tree.setdefault(parent, []).append(message_id)
        parents[message_id] = parent
    leaf = connection.execute("SELECT leaf_id FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    shown, at = set(), leaf[0] if leaf is not None else None
    while at is not None and at not in shown:
        shown.add(at)
        at = parents.get(at)
    rows = connection.execute(
        "SELECT id, conversation_id, role, text, created_at, record, parent_id FROM messages"
        " WHERE conversation_id = ? ORDER BY id",
        (conversation_id,),
    )
    return [
        Message(
            i,
            owner,
            role,
            text,
            at,
            json.loads(record) if record and read else None,
            parent,
            tuple(tree[parent]),
            None if read else record,
        )
        for i, owner, role, text, at, record, parent in rows
        if i in shown
    ]


def end(connection: sqlite3.Connection, conversation_id: int) -> Message | None:
    """Return the last message of the branch that is shown, without its record; None where there is none."""
    row = connection.execute(
        "SELECT m.id, m.conversation_id, m.role, m.text, m.created_at, NULL, m.parent_id"
        " FROM conversations c JOIN messages m ON m.id = c.leaf_id WHERE c.id = ?",
        (conversation_id,),
    ).fetchone()
    if row is None:
        return None
    message_id, owner, role, text, at, record, parent = row
    return Message(message_id, owner, role, text, at, record, parent)


def siblings(connection: sqlite3.Connection, message_id: int) -> tuple[int, ...]:
    """Return the ids of all messages that follow the same one as this, oldest first."""
    rows = connection.execute(
        "SELECT s.id FROM messages m JOIN messages s"
        " ON s.conversation_id = m.conversation_id AND s.parent_id IS m.parent_id WHERE m.id = ? ORDER BY s.id",
        (message_id,),
    )
    return tuple(row[0] for row in rows)
