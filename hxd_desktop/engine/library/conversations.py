"""Conversations and their messages in the database."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library.model import Conversation, Message

_TITLE_CHARS = 60


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


def delete(connection: sqlite3.Connection, conversation_id: int) -> None:
    """Delete a conversation with its messages."""
    connection.execute("DELETE FROM messages WHERE conversation_id = ?", (conversation_id,))
    connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))


def add_exchange(
    connection: sqlite3.Connection, conversation_id: int, question: str, answer: str, record: Mapping[str, Any]
) -> None:
    """Keep a question with its answer or refusal and the record of how it came about.

    Raises:
        SettingsError: the conversation does not exist.
    """
    row = connection.execute("SELECT title FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise SettingsError(
            "There is no such conversation", f"Number {conversation_id} was deleted.", "Start a new chat."
        )
    now = time.time()
    connection.executemany(
        "INSERT INTO messages (conversation_id, role, text, created_at, record) VALUES (?, ?, ?, ?, ?)",
        (
            (conversation_id, "user", question, now, None),
            (conversation_id, "assistant", answer, now, json.dumps(record, ensure_ascii=False)),
        ),
    )
    title = row[0] or " ".join(question.split())[:_TITLE_CHARS]
    connection.execute("UPDATE conversations SET title = ?, updated_at = ? WHERE id = ?", (title, now, conversation_id))


def all_conversations(connection: sqlite3.Connection) -> list[Conversation]:
    """Return every conversation, the latest first."""
    rows = connection.execute(
        "SELECT id, title, created_at, updated_at, libraries FROM conversations ORDER BY updated_at DESC, id DESC"
    )
    return [Conversation(i, title, made, changed, tuple(json.loads(names))) for i, title, made, changed, names in rows]


def messages(connection: sqlite3.Connection, conversation_id: int) -> list[Message]:
    """Return the messages of a conversation, the oldest first."""
    rows = connection.execute(
        "SELECT id, conversation_id, role, text, created_at, record FROM messages"
        " WHERE conversation_id = ? ORDER BY id",
        (conversation_id,),
    )
    return [
        Message(i, owner, role, text, created_at, json.loads(record) if record else None)
        for i, owner, role, text, created_at, record in rows
    ]
