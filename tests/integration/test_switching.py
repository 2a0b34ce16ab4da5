"""Another embedder: made beside the one in use, exchanged at once, stopped, killed and gone on with."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from hxd_desktop.engine import switching
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import Cancelled, ModelError, SettingsError, StorageError
from hxd_desktop.engine.events import Event, ModelProgress
from hxd_desktop.engine.library import embedding, journal
from hxd_desktop.engine.models.embedding import ModelEmbedder
from hxd_desktop.engine.settings import IndexSettings, Settings
from tests.support import tiny_onnx
from tests.support.library import wait_for

FILES = 12
QUESTION = "how to install the banana"


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_BATCH_NEURAL", 4)
    monkeypatch.setattr(switching, "_EVENT_SECONDS", 0.0)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Settings(index=IndexSettings(workers=1)).save(tmp_path / "data" / "settings.toml")
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number}.txt").write_text(f"Run {number}: how to install the banana of file{number}.")
    return tmp_path / "data"


@pytest.fixture
def assistant(data: Path, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant that has indexed with the built-in embedder, and knows a second one."""
    assistant = Assistant.open(data)
    assistant.add_folder(tmp_path / "docs")
    assistant.index()
    assistant.import_model(tiny_onnx.make_embedder(tmp_path / "tiny"))
    yield assistant
    assistant.close()


def in_use(assistant: Assistant) -> str:
    """The embedder that a question is really asked with."""
    return str(assistant.ask(QUESTION).model["embedder"])


def names(assistant: Assistant) -> set[str]:
    return {Path(d.path).name for d in assistant.documents("default", state=DocumentState.INDEXED)}


def assert_whole(assistant: Assistant, vectors: int) -> None:
    checks = {check.name: check for check in assistant.check(compare=True)}
    assert checks["vectors of default"].ok
    assert checks["vectors of default"].detail.startswith(f"{vectors} vectors")


def at_step(assistant: Assistant, step: int, do: Callable[[], object]) -> list[ModelProgress]:
    """Do something on the making thread at a step of it; return the list into which its progress goes."""
    told: list[ModelProgress] = []

    def listen(event: Event) -> None:
        if isinstance(event, ModelProgress):
            told.append(event)
            if len(told) == step:
                do()

    assistant.events.subscribe(listen)
    return told


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every passage that the neural embedder was given."""
    texts: list[str] = []
    embed = ModelEmbedder.embed_passages
    monkeypatch.setattr(ModelEmbedder, "embed_passages", lambda self, given: texts.extend(given) or embed(self, given))
    return texts


def test_cost(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    cost = assistant.embedder_cost("tiny")
    assert (cost.model, cost.in_use, cost.chunks, cost.cached, cost.to_embed) == ("tiny", "builtin", FILES, 0, FILES)
    assert cost.chunks_per_s and cost.seconds == FILES / cost.chunks_per_s
    assert 0 < cost.disk_bytes < cost.disk_free_bytes
    assert in_use(assistant).startswith("builtin")
    assistant.use_model("tiny")
    back = assistant.embedder_cost("builtin")
    assert (back.to_embed, back.cached, back.chunks_per_s, back.seconds) == (0, FILES, None, 0.0)
    with pytest.raises(SettingsError, match="no such model"):
        assistant.embedder_cost("none")
    monkeypatch.setattr(switching.shutil, "disk_usage", lambda place: SimpleNamespace(free=1000))
    with pytest.raises(StorageError, match="Not enough room"):
        assistant.use_model("builtin")
    assert in_use(assistant).startswith("tiny")


def test_old_one_answers_and_changes_reach_both(assistant: Assistant, tmp_path: Path) -> None:
    assistant.start_watching()
    seen: list[str] = []

    def meanwhile() -> None:
        seen.append(in_use(assistant))
        (tmp_path / "docs" / "new.txt").write_text("The weather of today is new.")
        (tmp_path / "docs" / "0.txt").unlink()
        expected = {"new.txt", *(f"{number}.txt" for number in range(1, FILES))}
        wait_for(lambda: names(assistant) == expected)
        wait_for(lambda: assistant.libraries()[0].vectors_pending == 0, "the index in use is complete")
        assert_whole(assistant, FILES)
        seen.append(in_use(assistant))
        with pytest.raises(SettingsError, match="being prepared"):
            assistant.use_model("tiny")
        with pytest.raises(SettingsError, match="being prepared"):
            assistant.remove_model("tiny")
        with pytest.raises(SettingsError, match="being prepared"):
            models = dataclasses.replace(assistant.settings.models, embedder="tiny")
            assistant.update_settings(dataclasses.replace(assistant.settings, models=models))
        seen.append("done")

    told = at_step(assistant, 2, meanwhile)
    assistant.use_model("tiny")
    assert [name.partition("-")[0] for name in seen] == ["builtin", "builtin", "done"]
    assert in_use(assistant).startswith("tiny-")
    wait_for(lambda: assistant.libraries()[0].vectors_pending == 0)
    assert_whole(assistant, FILES)
    assert [event.state for event in told[-2:]] == ["running", "done"]
    totals = [(event.done, event.total) for event in told[:-1]]
    assert totals[0] == (0, FILES) and totals == sorted(totals) and totals[-1][0] == totals[-1][1]
    assert Settings.load(assistant.directory.settings).models.embedder == "tiny"
    (tmp_path / "docs" / "later.txt").write_text("A banana of later.")
    wait_for(lambda: assistant.libraries()[0].chunks == FILES + 1 and not assistant.libraries()[0].vectors_pending)
    assert_whole(assistant, FILES + 1)


def test_cancelled_and_gone_on_with(assistant: Assistant, embedded: list[str]) -> None:
    token = CancelToken()
    told = at_step(assistant, 3, token.cancel)
    with pytest.raises(Cancelled):
        assistant.use_model("tiny", cancel=token)
    assert told[-1].state == "cancelled"
    assert in_use(assistant).startswith("builtin")
    assert_whole(assistant, FILES)
    assert assistant._database.reader.execute("SELECT count(*) FROM vector_indexes").fetchone()[0] == 1
    cached = assistant.embedder_cost("tiny").cached
    assert 0 < cached < FILES
    embedded.clear()
    assistant.use_model("tiny")
    assert len(embedded) == FILES - cached
    assert in_use(assistant).startswith("tiny-")
    assert_whole(assistant, FILES)


def test_a_model_that_fails_changes_nothing(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ModelError("The model failed", "It did.", "Another.")

    monkeypatch.setattr(ModelEmbedder, "embed_passages", fail)
    told = at_step(assistant, 99, lambda: None)
    with pytest.raises(ModelError, match="It did"):
        assistant.use_model("tiny")
    assert told[-1].state == "failed"
    assert in_use(assistant).startswith("builtin")
    assert_whole(assistant, FILES)


def test_a_question_that_began_before_ends_as_it_began(assistant: Assistant) -> None:
    pipeline = assistant.pipeline()
    before = [source.scores.get("dense") for source in pipeline.search(QUESTION, limit=5)]
    assistant.use_model("tiny")
    assert [source.scores.get("dense") for source in pipeline.search(QUESTION, limit=5)] == before
    assert [source.scores.get("dense") for source in assistant.search(QUESTION, limit=5)] != before


def test_closed_while_it_is_made(data: Path, assistant: Assistant) -> None:
    import threading

    closing: list[threading.Thread] = []

    def close() -> None:
        thread = threading.Thread(target=assistant.close)
        closing.append(thread)
        thread.start()
        preparing = assistant._preparing
        wait_for(lambda: preparing is not None and preparing[2].cancelled)

    at_step(assistant, 2, close)
    with pytest.raises(Cancelled):
        assistant.use_model("tiny")
    closing[0].join()
    again = Assistant.open(data)
    assert in_use(again).startswith("builtin")
    again.close()


USE = """
import os, sys
from hxd_desktop.engine import switching
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.library import embedding

embedding._BATCH_NEURAL = 2
switching._EVENT_SECONDS = 0.0
told = 0

def listen(event):
    global told
    if type(event).__name__ == "ModelProgress" and event.state == "running":
        told += 1
        if told == int(sys.argv[2]):
            os.kill(os.getpid(), 9)

assistant = Assistant.open(sys.argv[1])
assistant.events.subscribe(listen)
assistant.use_model("tiny")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by a signal")
def test_killed_at_several_moments(data: Path, assistant: Assistant, tmp_path: Path, embedded: list[str]) -> None:
    assistant.close()
    known = -1
    for step in (2, 4):
        done = subprocess.run([sys.executable, "-c", USE, str(data), str(step)], timeout=60)
        assert done.returncode == -9
        beside = Assistant.open(data)
        try:
            assert in_use(beside).startswith("builtin")
            assert_whole(beside, FILES)
            with_embedder = beside.embedder_cost("tiny")
            assert known <= with_embedder.cached < FILES
            known = with_embedder.cached
            # What was left half-made is of no use to anybody once folders are followed again.
            (tmp_path / "docs" / "1.txt").write_text(f"Another banana, the one of step {step}.")
            beside.index()
            assert_whole(beside, FILES)
            indexes = beside._database.reader.execute("SELECT count(*) FROM vector_indexes").fetchone()[0]
            assert indexes == 1
        finally:
            beside.close()
    assert known > 0
    last = Assistant.open(data)
    try:
        embedded.clear()
        cached = last.embedder_cost("tiny").cached
        embedded.clear()
        last.use_model("tiny")
        assert len(embedded) == FILES - cached
        assert in_use(last).startswith("tiny-")
        assert_whole(last, FILES)
        assert journal.waiting(last._database.reader, last._models.embedder.id) == 0
    finally:
        last.close()
