"""Data that an older version left, opened by this one: everything is there, nothing is lost on the way."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.backup import back_up, restore
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library import indexing, schema
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.viewing import Passage
from tests.support.old_data import SCHEMAS, copied, unpack

QUESTION = "出差住宿费每晚上限是多少？"
CITED = "出差住宿费每晚上限为 600 元"


def assert_whole(assistant: Assistant) -> None:
    """Everything that the older version was given is here."""
    talks = {talk.title: talk for talk in assistant.conversations()}
    assert set(talks) == {QUESTION, "Coffee"}
    asked, answered, again, refused = assistant.messages(talks[QUESTION].id)
    assert (asked.text, again.text) == (QUESTION, "Who wrote the Iliad?")
    assert answered.record is not None and refused.record is not None
    assert (answered.record["outcome"], refused.record["outcome"]) == (Outcome.ANSWERED, Outcome.UNRELATED)
    assert "600" in answered.text
    source = next(source for source in answered.record["sources"] if "600" in source["text"])
    passage = Passage("default", source["document"], source["start"], source["end"])
    shown = assistant.viewer.view(passage)
    assert [shown.text[start:end] for start, end in shown.marks] == [source["text"]]
    assert CITED in source["text"]
    examples = {(example.question, example.answerable) for example in assistant.examples()}
    assert examples == {("住宿费上限", True), ("咖啡机在哪", True), ("股票行情", False)}
    assert assistant.calibration().threshold == 0.9
    assert (assistant.settings.answers.top_k, assistant.settings.index.workers) == (7, 1)


def assert_consistent(assistant: Assistant) -> None:
    wrong = [check for check in assistant.check(compare=True) if not check.ok and check.name != "machine"]
    assert wrong == []


def found(assistant: Assistant, query: str) -> set[str]:
    sources = assistant.search(query, ("default",), limit=5)
    return {Path(source.document).name for source in sources if source.scores["coverage"] > 0}


def test_every_older_schema_has_data_to_try() -> None:
    assert set(range(1, schema.SCHEMA_VERSION)) <= set(SCHEMAS), "make it: tests/old_data/make.py says how"


@pytest.mark.parametrize("number", SCHEMAS)
def test_it_is_all_there_and_goes_on(tmp_path: Path, number: int) -> None:
    data, folder = unpack(number, tmp_path)
    assistant = Assistant.open(data)
    try:
        assert_whole(assistant)
        assert found(assistant, "coffee machine") == {"machine.txt"}  # before anything is read again
        assert assistant.ask(QUESTION).outcome == Outcome.ANSWERED
        if number >= 2:
            [run] = assistant.evaluations.all()
            assert run.kind == "refusal" and len(assistant.evaluations.get(run.id or 0).rows) == 2
        if number >= 3:
            assert [talk.title for talk in assistant.conversations() if talk.pinned] == [QUESTION]
            assert "and by whom?" in assistant.chats.drafts().values()
        assistant.index()
        assert_whole(assistant)
        assert_consistent(assistant)
        [library] = assistant.libraries()
        assert [info.state for info in library.folders] == [FolderState.ONLINE]
        assert {Path(info.path).name for info in assistant.documents("default")} == {
            path.name for path in folder.iterdir()
        }
        assert found(assistant, "coffee machine") == {"machine.txt"}
        # A message can be found, kept and gone on with.
        assert [hit.title for hit in assistant.chats.search("Iliad")] == [QUESTION]
        talk = next(talk for talk in assistant.conversations() if talk.title == "Coffee")
        assistant.ask("Who repairs the coffee machine?", conversation=talk.id)
        assert len(assistant.messages(talk.id)) == 4
    finally:
        assistant.close()


def test_its_documents_may_be_away(tmp_path: Path) -> None:
    data, folder = unpack(SCHEMAS[0], tmp_path)
    folder.rename(tmp_path / "unplugged")
    assistant = Assistant.open(data)
    try:
        assistant.index()
        assert_whole(assistant)
        assert found(assistant, "coffee machine") == {"machine.txt"}
        [library] = assistant.libraries()
        assert [info.state for info in library.folders] == [FolderState.OFFLINE]
    finally:
        assistant.close()


def test_it_is_backed_up_and_restored_as_it_is(tmp_path: Path) -> None:
    data, _ = unpack(SCHEMAS[0], tmp_path)
    back_up(DataDirectory(data), tmp_path / "old.zip")
    restore(tmp_path / "old.zip", tmp_path / "restored")
    assistant = Assistant.open(tmp_path / "restored")
    try:
        assert_whole(assistant)
    finally:
        assistant.close()


def test_a_copy_that_only_reads_brings_it_forward_first(tmp_path: Path) -> None:
    data, _ = unpack(SCHEMAS[-1], tmp_path)
    assistant = Assistant.open(data, writable=False)
    try:
        assert_whole(assistant)
    finally:
        assistant.close()


def test_wherever_it_is_cut_off_the_next_start_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are copied at the beginning, in the middle and at the end of each step: that is what a kill leaves."""
    data, _ = unpack(SCHEMAS[0], tmp_path)
    cuts: dict[Path, int] = {}

    def cut(version: int) -> None:
        cuts[copied(data, tmp_path / f"cut-{len(cuts)}")] = version

    def copying(version: int, statements: tuple[str, ...]):  # type: ignore[no-untyped-def]
        def apply(db) -> None:  # type: ignore[no-untyped-def]
            for at, statement in enumerate(statements):
                if at in (0, len(statements) // 2):
                    cut(version)
                db.execute(statement)
            cut(version)
            db.execute(f"PRAGMA user_version = {version}")

        return apply

    with monkeypatch.context() as patch:
        patch.setattr(schema, "_migration", copying)
        Assistant.open(data).close()
    assert set(cuts.values()) == set(range(2, schema.SCHEMA_VERSION + 1))
    for place, version in cuts.items():
        (place / "library.sqlite3-shm").unlink(missing_ok=True)  # it belongs to the process that is gone
        with contextlib.closing(sqlite3.connect(place / "library.sqlite3")) as connection:
            reached = connection.execute("PRAGMA user_version").fetchone()[0]
            steps = connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0]
            assert reached == steps == version - 1  # the number and what was done are one
        database = Database(place / "library.sqlite3")
        counts = [
            database.reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("conversations", "messages", "examples", "documents", "folders")
        ]
        database.close()
        assert counts == [2, 6, 3, 3, 1]
    assistant = Assistant.open(place)
    try:
        assert_whole(assistant)
        assert_consistent(assistant)
    finally:
        assistant.close()


KILLED = """
import os, signal, sys
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.library import schema

original, at = schema._migration, int(sys.argv[2])

def killing(version, statements):
    return original(version, statements) if version != at else lambda db: (
        [db.execute(statement) for statement in statements[:-1]], os.kill(os.getpid(), signal.SIGKILL)
    )

schema._migration = killing
Assistant.open(sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL")
def test_a_process_that_is_killed_in_the_middle_of_a_step(tmp_path: Path) -> None:
    data, _ = unpack(SCHEMAS[0], tmp_path)
    for at in (3, 5):
        program = [sys.executable, "-c", KILLED, str(data), str(at)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        assert subprocess.run(program, env=environment).returncode == -signal.SIGKILL
    assistant = Assistant.open(data)
    try:
        assert_whole(assistant)
        assert_consistent(assistant)
    finally:
        assistant.close()


def test_what_a_newer_version_wrote_is_refused_with_what_to_do(tmp_path: Path) -> None:
    data, _ = unpack(SCHEMAS[-1], tmp_path)
    with contextlib.closing(sqlite3.connect(data / "library.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    before = (data / "library.sqlite3").read_bytes()
    for writable in (True, False):
        with pytest.raises(StorageError, match="from a newer version") as raised:
            Assistant.open(data, writable=writable)
        assert "Update HXD Desktop" in raised.value.remedy
    with pytest.raises(StorageError, match="from a newer version"):
        Assistant.repair(data)
    assert (data / "library.sqlite3").read_bytes() == before


def test_other_parsers_read_everything_again_and_citations_still_lead_to_their_passages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _ = unpack(SCHEMAS[-1], tmp_path)
    assistant = Assistant.open(data)
    assistant.index()
    assistant.close()
    monkeypatch.setattr(indexing, "PARSERS_VERSION", indexing.PARSERS_VERSION + 1)
    assistant = Assistant.open(data)
    try:
        ids = {info.id for info in assistant.documents("default")}
        assert assistant.index().documents["indexed"] == 2
        assert {info.id for info in assistant.documents("default")} == ids
        assert_whole(assistant)
        assert_consistent(assistant)
        assert assistant.index().documents["indexed"] == 0
    finally:
        assistant.close()
