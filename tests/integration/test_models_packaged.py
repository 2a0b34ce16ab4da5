"""all-MiniLM-L6-v2 from its Python package: a real embedder, converted on first use."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models import packaged
from hxd_desktop.engine.models.active import ActiveModels
from hxd_desktop.engine.settings import ModelSettings

SOURCE = packaged.find()
needs_package = pytest.mark.skipif(SOURCE is None, reason="the extra minilm is not installed")


def rows(models: ActiveModels) -> dict[str, tuple[str, bool]]:
    return {row["id"]: (row["state"], row["verified"]) for row in models.registry.list()}


@needs_package
def test_it_is_converted_when_it_is_chosen_and_understands_english(tmp_path: Path) -> None:
    models = ActiveModels(tmp_path / "models", ModelSettings())
    assert rows(models)[packaged.MODEL_ID] == ("ready", False)
    assert not (tmp_path / "models").exists()
    settings = models.choose(packaged.MODEL_ID)
    assert settings.embedder == packaged.MODEL_ID
    assert rows(models)[packaged.MODEL_ID] == ("ready", True)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [packaged.MODEL_ID]
    models.choose(packaged.MODEL_ID)  # a second time there is nothing to do

    models.configure(settings)
    embedder = models.embedder
    try:
        # Chinese questions get no weight from it: the gate goes by what an embedder says of itself.
        assert embedder.semantic and embedder.languages == {"en"} and not embedder.bridges_languages
        passages = (
            "Open the account page and choose a new secret word under security.",
            "Our canteen serves lunch from noon until two o'clock.",
            "The invoice has to be paid within thirty days.",
        )
        vectors = embedder.embed_passages(passages)
        assert vectors.shape == (3, 384)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        for question, right in (
            ("How do I change my password?", 0), ("When can I eat?", 1), ("What is the deadline for the bill?", 2)
        ):  # fmt: skip
            # Not a word in common, and the right one is clearly nearer.
            scores = vectors @ embedder.embed_query(question)
            assert int(scores.argmax()) == right and np.sort(scores)[-1] > np.sort(scores)[-2] + 0.1
        assert not embedder.embed_query("怎么改密码？").any()
    finally:
        models.close()


@needs_package
def test_it_can_be_removed_and_chosen_again(tmp_path: Path) -> None:
    models = ActiveModels(tmp_path / "models", ModelSettings())
    models.choose(packaged.MODEL_ID)
    models.remove(packaged.MODEL_ID)
    assert rows(models)[packaged.MODEL_ID] == ("ready", False)
    with pytest.raises(ModelError, match="comes as a Python package"):
        models.remove(packaged.MODEL_ID)
    models.choose(packaged.MODEL_ID)
    assert rows(models)[packaged.MODEL_ID] == ("ready", True)


def test_other_weights_than_the_original_s_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "package"
    source.mkdir()
    if SOURCE is not None:
        for name in ("config.json", "tokenizer.json"):
            shutil.copy(SOURCE / name, source)
    (source / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(packaged, "find", lambda: source)
    models = ActiveModels(tmp_path / "models", ModelSettings())
    with pytest.raises(ModelError, match="does not hold the original model"):
        models.choose(packaged.MODEL_ID)
    assert not (tmp_path / "models").exists()


def test_without_the_package_nothing_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "find", lambda: None)
    assert packaged.MODEL_ID not in rows(ActiveModels(tmp_path / "models", ModelSettings()))
