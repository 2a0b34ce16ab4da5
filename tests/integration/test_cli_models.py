"""A model's life on the command line: imported, used, asked with, put aside, removed."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.cli import main
from hxd_desktop.engine import samples
from tests.support import tiny_gguf, tiny_onnx
from tests.unit.cli.contract import check_keys, json_paths

Run = Callable[..., Any]


@pytest.fixture
def hxd(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with --json, check its status, return its object."""

    def run(*words: str, status: int = 0) -> Any:
        code = main(["--data-dir", str(tmp_path / "data"), *words, "--json"])
        printed = capsys.readouterr()
        assert code == status, printed.err
        return json.loads(printed.out) if printed.out else None

    return run


def test_an_embedder(tmp_path: Path, hxd: Run) -> None:
    folder = tiny_onnx.make_embedder(tmp_path / "tiny-embedder")
    handbook = str(samples.documents() / "handbook")
    hxd("index", handbook)
    imported = hxd("models", "import", str(folder))
    check_keys(imported, json_paths("models import"))
    (model,) = imported["models"]
    assert (model["kind"], model["verified"]) == ("embedder", True)
    assert model["bytes"] > 0
    assert len(model["sha256"]) == 64
    assert hxd("status")["models"]["embedder"] == "builtin"  # importing a model does not choose it

    trial = hxd("models", "use", model["id"], "--dry-run")
    check_keys(trial, json_paths("models use"))
    assert trial["change"]["in_use"] == "builtin" and trial["change"]["cached"] == 0
    assert trial["change"]["to_embed"] > 0 and trial["change"]["chunks_per_s"] > 0
    assert hxd("status")["models"]["embedder"] == "builtin"

    check_keys(hxd("models", "use", model["id"]), json_paths("models use"))
    assert hxd("status")["libraries"][0]["vectors_pending"] == 0  # nothing is left for `hxd index`
    assert hxd("status")["models"]["embedder"] == model["id"]
    again = hxd("index", handbook)
    assert again["documents"]["indexed"] == 0  # other vectors, the same documents
    assert hxd("status")["libraries"][0]["vectors_pending"] == 0
    answer = hxd("ask", samples.questions()[0].question)
    assert answer["model"]["embedder"].startswith(model["id"])
    assert hxd("models", "remove", model["id"], status=1) is None  # it is in use

    assert hxd("models", "use", "builtin", "--dry-run")["change"]["to_embed"] == 0  # all of them are kept
    hxd("models", "use", "builtin")
    left = hxd("models", "remove", model["id"])
    check_keys(left, json_paths("models remove"))
    assert model["id"] not in {each["id"] for each in left["models"]}
    assert folder.exists()  # the user's own copy is left alone


@pytest.mark.llm
@pytest.mark.skipif(importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed")
def test_a_language_model(tmp_path: Path, hxd: Run, capsys: pytest.CaptureFixture[str]) -> None:
    hxd("index", str(samples.documents() / "handbook"))
    (model,) = hxd("models", "import", str(tiny_gguf.make(tmp_path / "tiny.gguf")))["models"]
    assert model["kind"] == "generator"
    hxd("models", "use", model["id"])
    question = samples.questions()[0].question
    answer = hxd("ask", question)
    # Random weights write nonsense: what counts is that it came from the model and was judged like any answer.
    assert answer["model"]["generator"] == model["id"]
    assert {"generate", "grounding"} <= {stage["stage"] for stage in answer["trace"]}
    assert answer["outcome"] in {"answered", "ungrounded", "no_evidence"}
    run = next(stage for stage in answer["trace"] if stage["stage"] == "generate")["detail"]["run"]
    assert run["device"] == "cpu" or run["gpu_layers"] > 0
    assert run["memory_bytes"] > 0 and run["tokens_per_s"] > 0
    status = hxd("status")["device"]["generator"]
    assert status["model"] == model["id"]
    assert not status["loaded"]  # it was, in a process that has ended
    assert {name: status[name] for name in run} == run
    assert main(["--data-dir", str(tmp_path / "data"), "ask", question, "--stream", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert any("text" in line for line in lines)
    assert lines[-1]["question"] == question


def test_models_of_the_application_are_used_in_a_new_data_directory_and_not_copied(
    tmp_path: Path, hxd: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made"
    (model,) = json.loads(_printed(made, tiny_onnx.make_embedder(tmp_path / "tiny-embedder")))["models"]
    shipped = tmp_path / "application" / "models"
    shipped.mkdir(parents=True)
    (made / "models" / model["id"]).rename(shipped / model["id"])
    (shipped / "edition.json").write_text(json.dumps({"use": {"embedder": model["id"]}}))
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "application"), raising=False)

    (row,) = [row for row in hxd("models", "list")["models"] if row["id"] == model["id"]]
    assert (row["shipped"], row["sha256"]) == (True, model["sha256"])
    assert hxd("status")["models"]["embedder"] == model["id"]
    hxd("index", str(samples.documents() / "handbook"))
    assert hxd("ask", samples.questions()[0].question)["model"]["embedder"].startswith(model["id"])
    assert not list((tmp_path / "data" / "models").glob("*/"))
    hxd("models", "use", "builtin")
    assert hxd("models", "remove", model["id"], status=1) is None
    (again,) = hxd("models", "import", str(tmp_path / "tiny-embedder"))["models"]  # the same: not taken in twice
    assert (again["id"], again["shipped"]) == (model["id"], True)


def _printed(data: Path, model: Path) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["--data-dir", str(data), "models", "import", str(model), "--json"]) == 0
    return out.getvalue()
