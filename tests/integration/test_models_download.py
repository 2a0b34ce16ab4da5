"""`hxd models download` from end to end: a real local hub, real files, real trials in worker processes."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.cli import main
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.events import ModelProgress
from hxd_desktop.engine.models import catalogue, packaged
from hxd_desktop.engine.models.catalogue import CatalogueFile, Entry, Source
from tests.support import tiny_gguf, tiny_onnx
from tests.support.hub import Hub, running
from tests.support.library import wait_for

Run = Callable[..., Any]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    folder = tiny_onnx.make_embedder(tmp_path / "made" / "embedder", pooling=None)
    gguf = tiny_gguf.make(tmp_path / "made" / "chat.gguf")
    with running() as hub:
        hub.files = {f"org/tiny/{path.name}": path.read_bytes() for path in folder.iterdir()}
        hub.files["org/chat-GGUF/Chat.Q4_0.gguf"] = gguf.read_bytes()
        hub.files["org/page/chat.gguf"] = b"<!DOCTYPE html><html>"
        yield hub


@pytest.fixture
def hxd(tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with --json over a catalogue of three, check its status, return its object."""

    def entry(model_id: str, kind: str, repo: str, files: tuple[CatalogueFile, ...], **use: Any) -> Entry:
        return Entry(
            model_id, kind, model_id, "MIT", ("en",), 64, 1000, 2000, use, files, (Source("huggingface", repo),)
        )

    names = ("model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json")
    embedder = tuple(CatalogueFile(name, name) for name in names)
    entries = (
        entry("tiny-embedder", "embedder", "org/tiny", embedder, pooling="CLS", query_prefix="q: ", max_tokens=33),
        entry("tiny-chat", "generator", "org/chat-GGUF", (CatalogueFile("chat.q4_0.gguf", "chat.gguf"),)),
        entry("tiny-page", "generator", "org/page", (CatalogueFile("chat.gguf", "chat.gguf"),)),
    )
    monkeypatch.setattr(catalogue, "entries", lambda: entries)
    monkeypatch.setattr(packaged, "find", lambda: None)
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    monkeypatch.setenv("NO_PROXY", "*")
    data = tmp_path / "data"

    def run(*words: str, status: int = 0) -> Any:
        code = main(["--data-dir", str(data), *words, "--json"])
        printed = capsys.readouterr()
        assert code == status, printed.err
        return json.loads(printed.out) if status == 0 else printed.err

    return run


def test_an_embedder_is_fetched_tried_out_and_used(hub: Hub, hxd: Run, tmp_path: Path) -> None:
    states = {row["id"]: row["state"] for row in hxd("models", "list", "--available")["available"]}
    assert states == {"tiny-embedder": "available", "tiny-chat": "available", "tiny-page": "available"}
    assert not hub.requests
    (model,) = hxd("models", "download", "Tiny-Embedder")["models"]
    assert (model["id"], model["kind"], model["state"], model["verified"]) == (
        "tiny-embedder", "embedder", "ready", True
    )  # fmt: skip
    record = json.loads((tmp_path / "data" / "models" / "tiny-embedder" / "model.json").read_text())
    # As the catalogue says, where the files of the repository are silent.
    assert record["details"] | {"pooling": "CLS", "query_prefix": "q: ", "max_tokens": 33} == record["details"]
    assert [path.name for path in (tmp_path / "data" / "models").iterdir()] == ["tiny-embedder"]
    assert (tmp_path / "data" / "models" / "tiny-embedder" / "model.onnx").stat().st_nlink == 1
    hub.requests.clear()
    assert hxd("models", "download", "tiny-embedder")["models"] == [model]
    assert not hub.requests  # it is here
    hxd("models", "use", "tiny-embedder")
    assert hxd("models", "list", "--available")["available"][0]["state"] == "ready"


@pytest.mark.llm
@pytest.mark.skipif(importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed")
def test_a_language_model(hxd: Run) -> None:
    (model,) = hxd("models", "download", "tiny-chat")["models"]
    assert (model["id"], model["kind"], model["verified"]) == ("tiny-chat", "generator", True)


def test_what_is_no_model_is_refused_by_name(hxd: Run) -> None:
    assert "web page" in hxd("models", "download", "tiny-page", status=1)


def test_an_unfinished_download_is_shown_and_can_be_removed(hub: Hub, hxd: Run, tmp_path: Path) -> None:
    hub.statuses = [404]
    assert "has no model.onnx" in hxd("models", "download", "tiny-embedder", status=1)
    assert hxd("models", "list", "--available")["available"][0]["state"] == "available"  # nothing came
    hub.listed = {"org/tiny/tokenizer.json": {"size": 1}}
    assert "where the file has 1" in hxd("models", "download", "tiny-embedder", status=1)
    assert hxd("models", "list", "--available")["available"][0]["state"] == "partial"
    assert {model["id"] for model in hxd("models", "remove", "tiny-embedder")["models"]} == {"builtin", "extractive"}
    assert not list((tmp_path / "data" / "models").iterdir())


def test_folders_are_indexed_beside_a_download(hub: Hub, hxd: Run, tmp_path: Path) -> None:
    data, docs = tmp_path / "data", tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("A banana.")
    told: list[ModelProgress] = []
    hub.stall_after = 100
    beside = Assistant.open(data, writable=False)
    try:
        beside.events.subscribe(lambda event: told.append(event) if isinstance(event, ModelProgress) else None)
        beside.start_download("tiny-embedder")
        assert hub.stalled.wait(30)
        assert beside.model_jobs.running() == [("download", "tiny-embedder")]
        with pytest.raises(SettingsError, match="under way"):
            beside.start_download("tiny-embedder")
        assert hxd("index", str(docs))["documents"]["indexed"] == 1
        assert "being downloaded already" in hxd("models", "download", "tiny-embedder", status=1)
        assert "being downloaded already" in hxd("models", "remove", "tiny-embedder", status=1)
        beside.model_jobs.cancel("download", "tiny-embedder")
        wait_for(lambda: not beside.model_jobs.running())
        assert (told[-1].job, told[-1].state, told[-1].error) == ("download", "cancelled", None)
        hub.stall_after = None
        beside.start_download("tiny-embedder")
        wait_for(lambda: not beside.model_jobs.running())
        assert told[-1].state == "done"
        running = [event for event in told if event.state == "running" and event.job == "download"]
        assert running[-1].done == running[-1].total > 100 and hub.address.endswith(running[-1].source)
        hub.statuses = [404]
        beside.start_download("tiny-page")
        wait_for(lambda: not beside.model_jobs.running())
        assert told[-1].state == "failed" and "could not be downloaded" in str(told[-1].error)
    finally:
        beside.close()


def test_an_unknown_name(hxd: Run) -> None:
    assert "Did you mean tiny-chat" in hxd("models", "download", "tiny-chta", status=1)
