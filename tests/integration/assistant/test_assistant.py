"""The front door, with real files, parser processes, watching, SQLite and USearch."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from hxd_desktop.engine.answering.model import Filters, Outcome
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import Cancelled, SettingsError, StorageError, WatchError
from hxd_desktop.engine.events import DocumentsChanged, Event, ExamplesChanged, LibrariesChanged
from hxd_desktop.engine.models.active import ActiveModels
from hxd_desktop.engine.settings import ChunkSettings, Settings
from tests.support.front import best, found, paths
from tests.support.library import CountingEmbedder, wait_for


def test_a_folder_is_indexed_and_asked(assistant: Assistant, folder: Path) -> None:
    info = assistant.add_folder(folder)
    assert (info.library, info.path) == ("default", str(folder.resolve()))
    report = assistant.index()
    assert report.documents["indexed"] == 2
    stages: list[str] = []
    pieces: list[str] = []
    answer = assistant.ask(
        "When is the coffee machine cleaned?", force=True, on_stage=stages.append, on_text=pieces.append
    )
    assert answer.outcome is Outcome.ANSWERED
    assert "Friday" in answer.answer
    assert Path(answer.sources[0].document).name == "coffee.md"
    source = answer.sources[0]
    text = assistant.document_text("default", source.document)
    assert text[source.start : source.end] == source.text
    assert stages
    assert "".join(pieces) == answer.answer
    assert best(assistant, "travel costs") == "travel.txt"
    only = assistant.search("travel costs", filters=Filters(type="md"))
    assert {Path(source.document).name for source in only} == {"coffee.md"}


def test_an_empty_library_has_no_documents_to_answer_from(assistant: Assistant) -> None:
    assert assistant.ask("When is the coffee machine cleaned?").outcome is Outcome.NO_DOCUMENTS
    with pytest.raises(SettingsError, match="no such library"):
        assistant.ask("Why?", ["nowhere"])


def test_what_is_not_there_cannot_be_added(assistant: Assistant, tmp_path: Path) -> None:
    with pytest.raises(WatchError):
        assistant.add_folder(tmp_path / "missing")
    assert assistant.libraries()[0].folders == ()


def test_a_stop_and_the_rest_later(assistant: Assistant, folder: Path) -> None:
    assistant.add_folder(folder)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        assistant.index(cancel=cancel)
    assert assistant.index().documents["indexed"] == 2


def test_libraries_and_folders(assistant: Assistant, folder: Path) -> None:
    heard: list[Event] = []
    assistant.events.subscribe(heard.append)
    assistant.create_library("work")
    info = assistant.add_folder(folder, "work")
    assistant.index("work")
    assistant.rename_library("work", "office")
    assert found(assistant, "coffee machine", "office") == ["coffee.md"]
    assert {library.name: library.documents for library in assistant.libraries()} == {"default": 0, "office": 2}
    assistant.remove_folder(info.id)
    assert paths(assistant, "office") == set()
    assistant.remove_library("office")
    assert [library.name for library in assistant.libraries()] == ["default"]
    assert heard.count(LibrariesChanged()) >= 5
    assert folder.exists()


def test_two_libraries_are_asked_together(assistant: Assistant, folder: Path) -> None:
    assistant.add_folder(folder / "coffee.md", "one")
    assistant.add_folder(folder / "sub", "two")
    for library in ("one", "two"):
        assistant.index(library)
    sources = assistant.search("coffee travel", ("one", "two"))
    assert {(source.library, Path(source.document).name) for source in sources} == {
        ("one", "coffee.md"),
        ("two", "travel.txt"),
    }


def test_failed_documents_are_read_again_on_demand(assistant: Assistant, folder: Path) -> None:
    broken = folder / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 this is no archive")
    assistant.add_folder(folder)
    report = assistant.index()
    assert [Path(failure["path"]).name for failure in report.failures] == ["broken.docx"]
    before = {d.path: d for d in assistant.documents("default")}
    assert before[str(broken)].reason
    heard: list[Event] = []
    assistant.events.subscribe(heard.append)
    assistant.retry("default")
    wait_for(lambda: DocumentsChanged("default", (str(broken),)) in heard)
    after = {d.path: d for d in assistant.documents("default")}
    assert after[str(broken)].indexed_at != before[str(broken)].indexed_at
    assert {path: d.id for path, d in after.items()} == {path: d.id for path, d in before.items()}


def test_conversations_keep_answers_and_refusals(assistant: Assistant, folder: Path) -> None:
    assistant.add_folder(folder)
    assistant.index()
    conversation = assistant.create_conversation()
    answer = assistant.ask("When is the coffee machine cleaned?", force=True, conversation=conversation.id)
    user, reply = assistant.messages(conversation.id)
    assert (user.role, user.text) == ("user", "When is the coffee machine cleaned?")
    assert reply.text == answer.answer
    assert reply.record is not None
    assert reply.record["outcome"] == "answered"
    assert assistant.conversations()[0].title == "When is the coffee machine cleaned?"
    assistant.rename_conversation(conversation.id, "Coffee")
    assert assistant.conversations()[0].title == "Coffee"
    cancel = CancelToken()
    cancel.cancel()
    stopped = assistant.ask("When?", conversation=conversation.id, cancel=cancel)
    assert stopped.outcome is Outcome.CANCELLED
    kept = assistant.messages(conversation.id)[-1]
    assert kept.record is not None
    assert kept.record["outcome"] == "cancelled"
    assistant.delete_conversation(conversation.id)
    assert assistant.conversations() == []


def test_examples_and_calibration(assistant: Assistant, folder: Path, tmp_path: Path) -> None:
    heard: list[Event] = []
    assistant.events.subscribe(heard.append)
    assistant.add_folder(folder)
    assistant.index()
    good = assistant.add_example("When is the coffee machine cleaned?", True)
    (tmp_path / "bad_questions.json").write_text('["Who won the match?", "What is the weather?"]')
    imported = assistant.import_examples(tmp_path / "bad_questions.json")
    assert [(e.question, e.answerable) for e in imported] == [
        ("When is the coffee machine cleaned?", True),
        ("Who won the match?", False),
        ("What is the weather?", False),
    ]
    assistant.remove_example(good.id)
    assert len(assistant.examples()) == 2
    assert heard.count(ExamplesChanged("default")) == 3
    assistant.calibrate(threshold=0.0)
    assert assistant.ask("When is the coffee machine cleaned?").outcome is Outcome.UNRELATED
    assistant.calibrate(threshold=1.0)
    assert assistant.ask("When is the coffee machine cleaned?").outcome is Outcome.ANSWERED
    with pytest.raises(SettingsError):
        assistant.import_examples(tmp_path / "missing.json")


def test_a_second_copy_reads_and_does_not_write(assistant: Assistant, folder: Path) -> None:
    assistant.add_folder(folder)
    assistant.index()
    with pytest.raises(StorageError, match=f"Process {os.getpid()}"):
        Assistant.open(assistant.directory.root)
    beside = Assistant.open(assistant.directory.root, writable=False)
    assert not beside.writable
    assert best(beside, "coffee machine") == "coffee.md"
    (folder / "new.txt").write_text("The printer on the second floor takes paper of any size.")
    assistant.index()
    assert best(beside, "printer paper") == "new.txt"
    assert beside.status().writer_pid == os.getpid()
    for forbidden in (lambda: beside.index(), lambda: beside.add_folder(folder), lambda: beside.create_conversation()):
        with pytest.raises(StorageError, match="reading only"):
            forbidden()
    with pytest.raises(SettingsError):
        beside.update_settings(Settings())
    beside.close()
    beside.close()


def test_everything_is_there_after_closing_and_opening(assistant: Assistant, folder: Path) -> None:
    assistant.add_folder(folder)
    assistant.index()
    before = assistant.documents("default")
    assistant.close()
    again = Assistant.open(assistant.directory.root)
    assert again.documents("default") == before
    assert best(again, "coffee machine") == "coffee.md"
    assert again.index().documents["indexed"] == 0
    status = again.status()
    assert (status.data_dir, status.writer_pid) == (str(again.directory.root), os.getpid())
    assert status.models["embedder"] == "builtin"
    again.close()


def test_other_chunking_is_taken_up_at_once(assistant: Assistant, folder: Path) -> None:
    (folder / "long.txt").write_text("\n\n".join(f"Paragraph {n} speaks of matter{n}." for n in range(60)))
    assistant.add_folder(folder)
    assistant.start_watching()
    wait_for(lambda: len(paths(assistant)) == 3)
    before = assistant.libraries()[0].chunks
    settings = dataclasses.replace(assistant.settings, chunks=ChunkSettings(max_tokens=40))
    assistant.update_settings(settings)
    wait_for(lambda: assistant.libraries()[0].chunks > before, "everything is read again")
    assert Settings.load(assistant.directory.settings) == settings
    assert best(assistant, "matter33") == "long.txt"


def test_another_embedder_is_taken_up_at_once(
    assistant: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedders = {"builtin": CountingEmbedder(32), "other": CountingEmbedder(48)}
    monkeypatch.setattr(ActiveModels, "embedder", property(lambda self: embedders[self._settings.embedder]))
    assistant.add_folder(folder)
    assistant.start_watching()
    wait_for(lambda: len(paths(assistant)) == 2 and assistant.libraries()[0].vectors_pending == 0)
    models = dataclasses.replace(assistant.settings.models, embedder="other")
    assistant.update_settings(dataclasses.replace(assistant.settings, models=models))
    wait_for(lambda: len(embedders["other"].texts) == 2, "every chunk is embedded anew")
    (folder / "new.txt").write_text("The printer on the second floor takes paper of any size.")
    wait_for(lambda: len(embedders["other"].texts) == 3, "and so are new ones")
    assert len(embedders["builtin"].texts) == 2
    wait_for(lambda: best(assistant, "printer paper") == "new.txt")
    wait_for(lambda: assistant.libraries()[0].vectors_pending == 0)
    assert [check for check in assistant.check(compare=True) if not check.ok and "vector" in check.name] == []


def test_a_search_can_be_narrowed_by_what_there_is(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("# Kettle\n\nThe kettle is descaled every six weeks.\n", encoding="utf-8")
    (folder / "b.md").write_text("# 水壶\n\n水壶每六周除垢一次，请用柠檬酸。\n", encoding="utf-8")
    (folder / "c.txt").write_text("The caretaker keeps the spare key in the office.\n", encoding="utf-8")
    (folder / "empty.csv").write_text("")
    assistant = Assistant.open(tmp_path / "data")
    try:
        assistant.add_folder(folder)
        assistant.index()
        facets = assistant.facets(["default", "default"])
        assert facets.types == (("markdown", 2), ("text", 1))
        assert facets.languages == (("en", 2), ("zh", 1))
        used = CancelToken()
        used.cancel()
        with pytest.raises(Cancelled):
            assistant.search("kettle", cancel=used)
    finally:
        assistant.close()


def test_a_folders_own_patterns_leave_out_and_bring_back(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    (folder / "drafts").mkdir(parents=True)
    (folder / "kept.txt").write_text("The kettle is made of brass.", encoding="utf-8")
    (folder / "drafts" / "left.txt").write_text("The lamp is made of copper.", encoding="utf-8")
    assistant = Assistant.open(tmp_path / "data")
    try:
        added = assistant.add_folder(folder)
        assistant.index()
        assert assistant.held_by(added.id) == (2, 2)
        assistant.start_watching()
        with pytest.raises(SettingsError):
            assistant.set_ignore(added.id, ["!"])
        assistant.set_ignore(added.id, ["drafts/", "  "])
        assert assistant.libraries()[0].folders[0].ignore == ("drafts/",)
        wait_for(lambda: assistant.held_by(added.id) == (1, 1))
        (folder / "drafts" / "more.txt").write_text("The door is made of oak.", encoding="utf-8")
        skipped = {
            document.path: document.reason for document in assistant.documents("default", state=DocumentState.SKIPPED)
        }
        assert skipped == {str(folder / "drafts"): "drafts/"}
        assistant.set_ignore(added.id, [])
        wait_for(lambda: assistant.held_by(added.id) == (3, 3))
        assistant.reindex("default")
        assistant.index()
        assert assistant.held_by(added.id) == (3, 3)
    finally:
        assistant.close()
