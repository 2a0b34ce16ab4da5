from __future__ import annotations

import json
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library import catalog, conversations, renaming
from tests.support.library import Workbench

OLD, NEW = '旧 "default"', "新的"


@pytest.fixture
def renamed(bench: Workbench) -> Workbench:
    """Two libraries, a conversation over both with an answer from both, a run of each; the first is renamed."""

    def fill(connection) -> None:  # type: ignore[no-untyped-def]
        for name in (OLD, "other"):
            catalog.ensure_library(connection, name)
            connection.execute(
                "INSERT INTO evaluation_runs (kind, library, file, questions_sha256, created_at, setup, figures, rows)"
                " VALUES ('qa', ?, 'f', '', 0, '{}', '{}', '[]')",
                (name,),
            )
        talk = conversations.create(connection, OLD, (OLD, "other"))
        record = {
            "answer": f"It is about {OLD}.",
            "refusal": {"library": OLD},
            "sources": [{"library": OLD, "text": OLD, "document": f"/{OLD}"}, {"library": "other", "text": "\udcff"}],
            "libraries": [{"name": OLD}, {"name": "other"}],
            "trace": [
                {"stage": "gate", "detail": {"library": OLD, "libraries": {OLD: {"score": 1}, "other": {}}}},
                {"stage": "generate", "detail": None},
            ],
        }
        text = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
        connection.execute(
            "INSERT INTO messages (conversation_id, role, text, created_at, record) VALUES (?, 'assistant', 'x', 0, ?)",
            (talk.id, text),
        )
        renaming.rename_library(connection, OLD, NEW)

    bench.database.write(fill)
    return bench


def test_kept_answers_lead_to_it_and_their_words_stay(renamed: Workbench) -> None:
    [kept] = renamed.database.reader.execute("SELECT record FROM messages").fetchone()
    record = json.loads(kept)
    assert [source["library"] for source in record["sources"]] == [NEW, "other"]
    assert [library["name"] for library in record["libraries"]] == [NEW, "other"]
    assert record["refusal"]["library"] == record["trace"][0]["detail"]["library"] == NEW
    assert list(record["trace"][0]["detail"]["libraries"]) == [NEW, "other"]
    source = record["sources"][0]
    assert (record["answer"], source["text"], source["document"]) == (f"It is about {OLD}.", OLD, f"/{OLD}")
    assert record["sources"][1]["text"] == "\udcff"


def test_conversations_and_runs_name_it(renamed: Workbench) -> None:
    [talk] = conversations.all_conversations(renamed.database.reader)
    assert (talk.libraries, talk.title) == ((NEW, "other"), OLD)
    runs = renamed.database.reader.execute("SELECT library FROM evaluation_runs ORDER BY id").fetchall()
    assert runs == [(NEW,), ("other",)]


def test_what_is_removed_later_leaves_no_quotation_in_its_runs(renamed: Workbench, tmp_path: Path) -> None:
    rows = json.dumps([{"question": "q", "answer": "quoted"}])
    renamed.database.write(lambda c: c.execute("UPDATE evaluation_runs SET rows = ?", (rows,)))
    renamed.database.write(lambda c: catalog.remove_library(c, NEW))
    kept = renamed.database.reader.execute("SELECT library, rows FROM evaluation_runs ORDER BY id").fetchall()
    assert [json.loads(text)[0]["answer"] for _, text in kept] == ["", "quoted"]


def test_a_name_that_is_taken_changes_nothing(renamed: Workbench) -> None:
    with pytest.raises(SettingsError, match="taken"):
        renamed.database.write(lambda c: renaming.rename_library(c, NEW, "other"))
    [talk] = conversations.all_conversations(renamed.database.reader)
    assert talk.libraries == (NEW, "other")
