from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library import conversations, message_search, schema
from hxd_desktop.engine.library.database import Database
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
    bench.database.write(lambda c: conversations.erase(c, one.id))
    assert [c.id for c in conversations.all_conversations(bench.database.reader)] == [other.id]
    assert conversations.messages(bench.database.reader, one.id) == []
    assert len(conversations.messages(bench.database.reader, other.id)) == 2
    with pytest.raises(SettingsError, match="deleted"):
        exchange(bench, one.id, "Still there?")
    assert create(bench).id > other.id


def texts(bench: Workbench, conversation: int) -> list[str]:
    return [m.text for m in conversations.messages(bench.database.reader, conversation) if m.role == "user"]


def ask(bench: Workbench, conversation: int, question: str, after: int | None = None) -> int:
    return bench.database.write(lambda c: conversations.add_exchange(c, conversation, question, "Yes.", {}, after))


def test_an_edited_question_stands_beside_the_old_one_and_either_branch_can_be_shown(bench: Workbench) -> None:
    chat = create(bench).id
    ask(bench, chat, "one")
    two = ask(bench, chat, "two")
    ask(bench, chat, "three")
    parent = next(m.parent_id for m in conversations.messages(bench.database.reader, chat) if m.id == two)
    edited = ask(bench, chat, "two, edited", parent)
    assert texts(bench, chat) == ["one", "two, edited"]
    shown = next(m for m in conversations.messages(bench.database.reader, chat) if m.id == edited)
    assert shown.siblings == (two, edited)
    bench.database.write(lambda c: conversations.show_branch(c, two))
    assert texts(bench, chat) == ["one", "two", "three"]
    ask(bench, chat, "four")
    assert texts(bench, chat) == ["one", "two", "three", "four"]
    again = ask(bench, chat, "another first", conversations.START)
    first = conversations.messages(bench.database.reader, chat)[0]
    assert (first.id, first.parent_id, len(first.siblings)) == (again, None, 2)


def test_a_conversation_from_before_branches_is_one_branch_and_can_be_searched(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    old = sqlite3.connect(path, isolation_level=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "STEPS", schema.STEPS[:2])
        patch.setattr(schema, "SCHEMA_VERSION", 2)
        schema.migrate(old, path)
    old.execute("INSERT INTO conversations VALUES (1, 'Tea', '[]', 1, 1), (2, 'Empty', '[]', 1, 1)")
    for number, role in enumerate(("user", "assistant", "user", "assistant")):
        old.execute("INSERT INTO messages VALUES (?, 1, ?, ?, 1, NULL)", (number + 1, role, f"kettle {number}"))
    old.close()
    database = Database(path)
    database.write(conversations.prepare)
    kept = conversations.messages(database.reader, 1)
    assert [(m.id, m.parent_id) for m in kept] == [(1, None), (2, 1), (3, 2), (4, 3)]
    assert len(message_search.search(database.reader, "kettle")) == 4
    database.close()


def test_the_trash_is_out_of_sight_comes_back_and_is_emptied_when_next_opened(bench: Workbench) -> None:
    one, other = create(bench).id, create(bench).id
    ask(bench, one, "kettle")
    ask(bench, other, "kettle")
    bench.database.write(lambda c: conversations.trash(c, one, True))
    assert [c.id for c in conversations.all_conversations(bench.database.reader)] == [other]
    assert [hit.conversation_id for hit in message_search.search(bench.database.reader, "kettle")] == [other]
    bench.database.write(lambda c: conversations.trash(c, one, False))
    assert len(conversations.all_conversations(bench.database.reader)) == 2
    bench.database.write(lambda c: conversations.trash(c, one, True))
    bench.database.write(conversations.prepare)
    assert bench.database.reader.execute("SELECT count(*) FROM messages").fetchone() == (2,)


def test_what_is_erased_is_in_no_file(bench: Workbench) -> None:
    kept, gone = create(bench).id, create(bench).id
    ask(bench, kept, "xylophone")
    for number in range(30):
        ask(bench, gone, f"zanzibarium {number} 秘密计划书")
    bench.database.write(lambda c: conversations.set_draft(c, gone, "zanzibarium again"))
    bench.database.write(lambda c: conversations.erase(c, gone))
    bench.database.forget()
    bench.database.close()
    files = [file.read_bytes() for file in bench.database.path.parent.iterdir() if file.is_file()]
    for trace in (b"zanzibari", "秘密".encode()):
        assert not any(trace in data for data in files)
    assert any(b"xylophon" in data for data in files)


def test_drafts_are_kept_by_conversation_and_go_when_they_are_sent(bench: Workbench) -> None:
    for conversation, text in ((0, "new"), (3, "third"), (3, "thirds"), (4, "x"), (4, "")):
        bench.database.write(lambda c, n=conversation, text=text: conversations.set_draft(c, n, text))
    assert conversations.drafts(bench.database.reader) == {0: "new", 3: "thirds"}


def test_a_pinned_conversation_is_told_as_such(bench: Workbench) -> None:
    one = create(bench).id
    bench.database.write(lambda c: conversations.pin(c, one, True))
    assert [c.pinned for c in conversations.all_conversations(bench.database.reader)] == [True]
