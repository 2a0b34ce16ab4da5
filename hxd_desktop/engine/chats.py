"""The conversations that are kept: read, searched, branched, put away and erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hxd_desktop.engine.library import conversations, message_search
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.model import Conversation, Message, MessageHit
from hxd_desktop.engine.text.characters import whole


class Chats:
    """The conversations of one data directory; any thread may call any method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Conversation]:
        """Return every conversation, the latest first."""
        with translated(self._database.path):
            return conversations.all_conversations(self._database.reader)

    def create(self, title: str = "", libraries: Sequence[str] = ("default",)) -> Conversation:
        """Start a conversation; without a title it takes that of its first question."""
        return self._database.write(lambda c: conversations.create(c, whole(title), libraries))

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title."""
        self._database.write(lambda c: conversations.rename(c, conversation_id, whole(title)))

    def pin(self, conversation_id: int, pinned: bool) -> None:
        """Keep a conversation above the others, or no more."""
        self._database.write(lambda c: conversations.pin(c, conversation_id, pinned))

    def trash(self, conversation_id: int) -> None:
        """Take a conversation out of sight; `restore` brings it back until `erase`, or until the next opening."""
        self._database.write(lambda c: conversations.trash(c, conversation_id, True))

    def restore(self, conversation_id: int) -> None:
        """Bring a conversation back from the trash."""
        self._database.write(lambda c: conversations.trash(c, conversation_id, False))

    def erase(self, conversation_id: int) -> None:
        """Delete a conversation for good; nothing of it stays in the database."""
        self._database.write(lambda c: conversations.erase(c, conversation_id))
        self._database.forget()

    def messages(self, conversation_id: int, *, read: bool = True) -> list[Message]:
        """Return the messages of the branch that is shown, the oldest first.

        Without `read` their records stay JSON: reading those of a thousand messages takes a tenth of a second.
        """
        with translated(self._database.path):
            return conversations.messages(self._database.reader, conversation_id, read=read)

    def add_exchange(
        self, conversation_id: int, question: str, answer: str, record: Mapping[str, Any], after: int | None = None
    ) -> int:
        """Keep a question with its answer; see `library.conversations.add_exchange`."""
        return self._database.write(
            lambda c: conversations.add_exchange(c, conversation_id, question, answer, record, after)
        )

    def place(self, message_id: int) -> tuple[int, ...]:
        """Return the ids of all messages that follow the same one as this, oldest first."""
        with translated(self._database.path):
            return conversations.siblings(self._database.reader, message_id)

    def end(self, conversation_id: int) -> Message | None:
        """Return the last message of the branch that is shown, None where there is none."""
        with translated(self._database.path):
            return conversations.end(self._database.reader, conversation_id)

    def show_branch(self, message_id: int) -> None:
        """Show the branch that holds a message; below it, the latest."""
        self._database.write(lambda c: conversations.show_branch(c, message_id))

    def search(self, query: str, limit: int = 50) -> list[MessageHit]:
        """Return messages that hold every word of `query`, the latest first; the last word may be unfinished."""
        with translated(self._database.path):
            return message_search.search(self._database.reader, whole(query), limit)

    def drafts(self) -> dict[int, str]:
        """Return what is written but not sent, by conversation; 0: of the one that is not begun yet."""
        with translated(self._database.path):
            return conversations.drafts(self._database.reader)

    def set_draft(self, conversation_id: int | None, text: str) -> None:
        """Keep what is written but not sent; None is the conversation that is not begun yet."""
        self._database.write(lambda c: conversations.set_draft(c, conversation_id or 0, whole(text)))
