from __future__ import annotations

import pytest

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library import conversations
from hxd_desktop.engine.library.model import Conversation
from tests.support.library import Workbench


def create(bench: Workbench, title: str = "", *libraries: str) -> Conversation:
    return bench.database.write(lambda c: conversations.create(c, title, libraries or ("default",)))


def exchange(bench: Workbench, conversation: int, question: str, answer: str = "Because.") -> None:
    record = {"question": question, "score": 0.25, "sources": [{"document": "/文件.txt"}]}
    bench.database.write(lambda c: conversations.add_exchange(c, conversation, question, answer, record))


def test_an_exchange_is_kept_with_its_record(bench: Workbench) -> None:
    made = create(bench, "", "default", "笔记")
    exchange(bench, made.id, "为什么？")
    user, assistant = conversations.messages(bench.database.reader, made.id)
    assert (user.role, user.text, user.record) == ("user", "为什么？", None)
    assert (assistant.role, assistant.text) == ("assistant", "Because.")
    assert assistant.record == {"question": "为什么？", "score": 0.25, "sources": [{"document": "/文件.txt"}]}
    (kept,) = conversations.all_conversations(bench.database.reader)
    assert (kept.id, kept.libraries) == (made.id, ("default", "笔记"))


def test_the_first_question_is_the_title_unless_there_is_one(bench: Workbench) -> None:
    unnamed, named = create(bench), create(bench, "My title")
    for conversation in (unnamed, named):
        exchange(bench, conversation.id, "What  is\nthis? " + "x" * 100)
        exchange(bench, conversation.id, "And this?")
    titles = {c.id: c.title for c in conversations.all_conversations(bench.database.reader)}
    assert titles == {unnamed.id: ("What is this? " + "x" * 100)[:60], named.id: "My title"}
    bench.database.write(lambda c: conversations.rename(c, named.id, "  Other "))
    assert {c.id: c.title for c in conversations.all_conversations(bench.database.reader)}[named.id] == "Other"


def test_the_latest_conversation_comes_first(bench: Workbench) -> None:
    first, second = create(bench), create(bench)
    assert [c.id for c in conversations.all_conversations(bench.database.reader)] == [second.id, first.id]
    exchange(bench, first.id, "Again?")
    assert [c.id for c in conversations.all_conversations(bench.database.reader)] == [first.id, second.id]


def test_a_deleted_conversation_takes_its_messages_and_no_others(bench: Workbench) -> None:
    one, other = create(bench), create(bench)
    for conversation in (one, other):
        exchange(bench, conversation.id, "Why?")
    bench.database.write(lambda c: conversations.delete(c, one.id))
    assert [c.id for c in conversations.all_conversations(bench.database.reader)] == [other.id]
    assert conversations.messages(bench.database.reader, one.id) == []
    assert len(conversations.messages(bench.database.reader, other.id)) == 2
    with pytest.raises(SettingsError, match="deleted"):
        exchange(bench, one.id, "Still there?")
    assert create(bench).id > other.id
