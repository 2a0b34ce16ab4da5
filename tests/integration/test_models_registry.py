"""Importing, listing and removing models: recognised by content, tried out in real worker processes."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError, SettingsError
from hxd_desktop.engine.models import copying, packaged, trial
from hxd_desktop.engine.models.active import ActiveModels
from hxd_desktop.engine.models.registry import ModelRegistry
from hxd_desktop.engine.settings import ModelSettings
from tests.support import tiny_gguf, tiny_onnx

needs_llama = pytest.mark.skipif(
    importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed"
)


@pytest.fixture(autouse=True)
def without_the_package_of_minilm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the list to what these tests import."""
    monkeypatch.setattr(packaged, "find", lambda: None)


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "data" / "models")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of a registry with an embedder called `tiny`, to be copied, and where that came from."""
    folder = tmp_path_factory.mktemp("imported")
    source = tiny_onnx.make_embedder(folder / "Tiny")
    ModelRegistry(folder / "models").import_path(source)
    return folder / "models", source


@pytest.fixture
def filled(imported: tuple[Path, Path], tmp_path: Path) -> ModelRegistry:
    shutil.copytree(imported[0], tmp_path / "models")
    return ModelRegistry(tmp_path / "models")


def rows(registry: ModelRegistry) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in registry.list()}


def test_built_in_models_are_always_there(registry: ModelRegistry, tmp_path: Path) -> None:
    found = rows(registry)
    assert {(row["id"], row["kind"], row["state"]) for row in found.values()} == {
        ("builtin", "embedder", "ready"),
        ("extractive", "generator", "ready"),
    }
    assert not (tmp_path / "data").exists()
    assert registry.is_whole("builtin")
    for name in ("builtin", "extractive"):
        with pytest.raises(ModelError, match="built in"):
            registry.remove(name)


class TestImport:
    def test_embedder(self, imported: tuple[Path, Path], filled: ModelRegistry) -> None:
        row = rows(filled)["tiny"]
        digest = hashlib.sha256((imported[1] / "model.onnx").read_bytes()).hexdigest()
        assert (row["kind"], row["state"], row["verified"], row["sha256"]) == ("embedder", "ready", True, digest)
        assert row["name"] == "Tiny" and row["bytes"] > 0
        details = filled.ready("tiny", "embedder").details
        assert (details["dim"], details["pooling"], details["max_tokens"]) == (32, "MEAN", 64)
        assert filled.is_whole("tiny")

    def test_graph_that_pools_itself(self, registry: ModelRegistry, tmp_path: Path) -> None:
        row = registry.import_path(tiny_onnx.make_embedder(tmp_path / "pooled", normalised_output=True))
        assert registry.ready(row["id"], "embedder").details["pooling"] == "DISABLED"

    def test_reranker(self, registry: ModelRegistry, tmp_path: Path) -> None:
        row = registry.import_path(tiny_onnx.make_cross_encoder(tmp_path / "reranker") / "model.onnx")
        assert (row["kind"], row["verified"]) == ("reranker", True)

    @pytest.mark.llm
    @needs_llama
    def test_generator(self, registry: ModelRegistry, tmp_path: Path) -> None:
        source = tiny_gguf.make(tmp_path / "InternLM2 Chat.Q4.gguf", script=["▁the"])
        row = registry.import_path(source)
        assert (row["id"], row["kind"], row["state"]) == ("internlm2-chat.q4", "generator", "ready")
        assert row["verified"] and row["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
        details = registry.ready(row["id"], "generator").details
        assert details == {"architecture": "internlm2", "context_tokens": 2048, "layers": 2}

    def test_generator_without_llama_is_kept_unverified(
        self, registry: ModelRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(trial, "llama_backends", lambda: None)
        row = registry.import_path(tiny_gguf.make(tmp_path / "chat.gguf"))
        assert (row["state"], row["verified"]) == ("ready", False)

    def test_progress_and_the_same_again(self, filled: ModelRegistry, imported: tuple[Path, Path]) -> None:
        seen: list[tuple[int, int]] = []
        row = filled.import_path(imported[1], progress=lambda done, total: seen.append((done, total)))
        assert row["id"] == "tiny" and len(rows(filled)) == 3
        assert seen[-1][0] == seen[-1][1] > 0 and seen == sorted(seen)

    def test_another_model_of_that_name(self, filled: ModelRegistry, tmp_path: Path) -> None:
        row = filled.import_path(tiny_onnx.make_embedder(tmp_path / "new" / "tiny", dim=16))
        assert row["id"].startswith("tiny-") and {"tiny", row["id"]} < set(rows(filled))

    def test_a_broken_one_is_replaced_by_importing_it_again(
        self, filled: ModelRegistry, imported: tuple[Path, Path]
    ) -> None:
        (filled._folder / "tiny" / "model.onnx").write_bytes(b"")
        assert rows(filled)["tiny"]["state"] == "damaged"
        assert filled.import_path(imported[1])["state"] == "ready"
        assert set(rows(filled)) == {"builtin", "extractive", "tiny"}

    def test_names_of_built_in_models_are_taken(self, registry: ModelRegistry, tmp_path: Path) -> None:
        assert registry.import_path(tiny_onnx.make_embedder(tmp_path / "builtin"))["id"].startswith("builtin-")

    def test_cancelled_leaves_nothing(self, registry: ModelRegistry, imported: tuple[Path, Path]) -> None:
        cancel = CancelToken()
        with pytest.raises(Cancelled):
            registry.import_path(imported[1], progress=lambda done, total: cancel.cancel(), cancel=cancel)
        assert not list(registry._folder.iterdir())

    def test_what_a_killed_import_left_is_cleared(self, filled: ModelRegistry, imported: tuple[Path, Path]) -> None:
        left = filled._folder / ".import-abc"
        left.mkdir()
        (left / "model.gguf").write_bytes(b"half")
        assert set(rows(filled)) == {"builtin", "extractive", "tiny"}
        filled.import_path(imported[1])
        assert not left.exists()


class TestRefused:
    def assert_refused(self, registry: ModelRegistry, path: Path, says: str) -> None:
        with pytest.raises(ModelError, match=says) as caught:
            registry.import_path(path)
        assert caught.value.remedy
        assert len(registry.list()) == 2
        assert not registry._folder.exists() or not list(registry._folder.iterdir())

    def test_garbage(self, registry: ModelRegistry, tmp_path: Path) -> None:
        path = tmp_path / "model.gguf"
        for content, says in ((b"", "empty"), (b"<html>", "web page"), (bytes(range(256)) * 9, "does not begin like")):
            path.write_bytes(content)
            self.assert_refused(registry, path, says)
        self.assert_refused(registry, tmp_path / "none", "cannot be read")

    @pytest.mark.parametrize("share", [0.01, 0.5, 0.999])
    def test_cut_gguf(self, registry: ModelRegistry, tmp_path: Path, share: float) -> None:
        path = tiny_gguf.make(tmp_path / "cut.gguf")
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        self.assert_refused(registry, path, "cut off")

    def test_no_chat_template(self, registry: ModelRegistry, tmp_path: Path) -> None:
        self.assert_refused(registry, tiny_gguf.make(tmp_path / "base.gguf", chat_template=None), "no chat template")

    @pytest.mark.llm
    @needs_llama
    def test_gguf_that_llama_cannot_load(self, registry: ModelRegistry, tmp_path: Path) -> None:
        self.assert_refused(
            registry, tiny_gguf.make(tmp_path / "odd.gguf", architecture="nonsense"), "cannot be loaded"
        )

    def test_damaged_onnx(self, registry: ModelRegistry, tmp_path: Path) -> None:
        folder = tiny_onnx.make_embedder(tmp_path / "damaged")
        content = (folder / "model.onnx").read_bytes()
        (folder / "model.onnx").write_bytes(content[:-100])
        self.assert_refused(registry, folder, "cannot be loaded")
        (folder / "model.onnx").write_bytes(content)
        (folder / "tokenizer.json").write_text("{}")
        self.assert_refused(registry, folder, "cannot be loaded")

    def test_classifier(self, registry: ModelRegistry, tmp_path: Path) -> None:
        self.assert_refused(registry, tiny_onnx.make_cross_encoder(tmp_path / "classes", outputs=3), "one score")

    def test_no_room(
        self, registry: ModelRegistry, imported: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(copying.shutil, "disk_usage", lambda place: SimpleNamespace(free=1000))
        self.assert_refused(registry, imported[1], "Not enough room")


class TestKept:
    def test_missing_and_changed_files(self, filled: ModelRegistry) -> None:
        folder = filled._folder / "tiny"
        (folder / "config.json").unlink()
        assert rows(filled)["tiny"]["state"] == "missing"
        with pytest.raises(ModelError, match="not whole") as caught:
            filled.ready("tiny", "embedder")
        assert "hxd models remove tiny" in caught.value.remedy

    def test_changed_content_of_the_same_size(self, filled: ModelRegistry) -> None:
        path = filled._folder / "tiny" / "model.onnx"
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        assert rows(filled)["tiny"]["state"] == "ready"
        assert not filled.is_whole("tiny")

    @pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"id": "tiny", "files": 3})])
    def test_unreadable_record(self, filled: ModelRegistry, content: str) -> None:
        (filled._folder / "tiny" / "model.json").write_text(content)
        assert rows(filled)["tiny"]["state"] == "damaged"
        with pytest.raises(ModelError, match="record cannot be read"):
            filled.ready("tiny", "embedder")
        filled.remove("tiny")
        assert "tiny" not in rows(filled)

    def test_removed(self, filled: ModelRegistry) -> None:
        filled.remove("tiny")
        assert not list(filled._folder.iterdir())
        with pytest.raises(ModelError, match="no model called tiny"):
            filled.remove("tiny")
        with pytest.raises(ModelError, match="cannot be removed"):
            filled.remove("../escape")


class TestActive:
    def test_choosing(self, filled: ModelRegistry) -> None:
        models = ActiveModels(filled._folder, ModelSettings())
        assert models.choose("tiny").embedder == "tiny"
        assert models.choose("extractive").generator == "extractive"
        with pytest.raises(SettingsError, match="builtin, extractive, tiny"):
            models.choose("none")
        models.configure(models.choose("tiny"))
        with pytest.raises(SettingsError, match="in use"):
            models.remove("tiny")
        models.configure(ModelSettings())
        models.remove("tiny")
        models.close()

    def test_a_damaged_model_is_not_chosen(self, filled: ModelRegistry) -> None:
        (filled._folder / "tiny" / "model.onnx").write_bytes(b"")
        with pytest.raises(ModelError, match="not whole"):
            ActiveModels(filled._folder, ModelSettings()).choose("tiny")
