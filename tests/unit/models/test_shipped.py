from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.registry import ModelRegistry
from hxd_desktop.engine.models.shipped import EDITION, choose_first
from hxd_desktop.engine.models.stored import ModelFile, StoredModel, sha256_of
from hxd_desktop.engine.settings import Settings


def place(folder: Path, model_id: str, kind: str = "generator", text: bytes = b"weights") -> StoredModel:
    here = folder / model_id
    here.mkdir(parents=True)
    (here / "model.gguf").write_bytes(text)
    files = (ModelFile("model.gguf", len(text), sha256_of(here / "model.gguf")),)
    model = StoredModel(model_id, kind, model_id, here, "model.gguf", files, verified=True, source=model_id)
    model.save()
    return model


def row(registry: ModelRegistry, model_id: str) -> dict[str, object]:
    return next(row for row in registry.list() if row["id"] == model_id)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return tmp_path / "application" / "models"


@pytest.fixture
def registry(tmp_path: Path, shipped: Path) -> ModelRegistry:
    (tmp_path / "data").mkdir()
    return ModelRegistry(tmp_path / "data", shipped)


def test_it_is_listed_checked_at_its_first_use_and_never_copied(
    registry: ModelRegistry, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = place(shipped, "inside")
    assert (row(registry, "inside")["shipped"], row(registry, "inside")["verified"]) == (True, False)
    assert registry.ready("inside", "generator") == model
    assert row(registry, "inside")["verified"]
    assert [path.name for path in (tmp_path / "data").iterdir()] == [".shipped.json"]

    monkeypatch.setattr(StoredModel, "is_whole", lambda self: pytest.fail("read again"))
    assert ModelRegistry(tmp_path / "data", shipped).ready("inside", "generator") == model


def test_a_changed_file_is_found_out(registry: ModelRegistry, shipped: Path) -> None:
    model = place(shipped, "inside")
    registry.ready("inside", "generator")
    model.main_file.write_bytes(b"weighty")
    os.utime(model.main_file, ns=(1, 1))
    assert not row(registry, "inside")["verified"]
    with pytest.raises(ModelError) as raised:
        registry.ready("inside", "generator")
    assert "comes with the application" in raised.value.message
    model.main_file.unlink()
    with pytest.raises(ModelError, match="damaged"):
        registry.ready("inside", "generator")


def test_a_place_for_notes_that_cannot_be_written_stops_nothing(shipped: Path, tmp_path: Path) -> None:
    model = place(shipped, "inside")
    assert ModelRegistry(tmp_path / "not there", shipped).ready("inside", "generator") == model


def test_it_cannot_be_removed(registry: ModelRegistry, shipped: Path) -> None:
    place(shipped, "inside")
    with pytest.raises(ModelError) as raised:
        registry.remove("inside")
    assert "comes with the application" in raised.value.message
    assert registry.is_whole("inside")


def test_an_import_of_the_same_name_stands_before_it(registry: ModelRegistry, shipped: Path, tmp_path: Path) -> None:
    place(shipped, "both")
    own = place(tmp_path / "data", "both", text=b"other")
    assert registry.ready("both", "generator") == own
    assert [each["shipped"] for each in registry.list() if each["id"] == "both"] == [False]
    registry.remove("both")
    assert row(registry, "both")["shipped"]


def test_what_is_no_model_is_passed_over(registry: ModelRegistry, shipped: Path) -> None:
    (shipped / "rest").mkdir(parents=True)
    (shipped / EDITION).write_text("{}")
    assert not any(row["shipped"] for row in registry.list())


def test_an_edition_says_what_a_new_data_directory_uses(shipped: Path) -> None:
    shipped.mkdir(parents=True)
    (shipped / EDITION).write_text(json.dumps({"use": {"embedder": "e", "generator": "g", "tool": "t"}}))
    models = choose_first(shipped, Settings()).models
    assert (models.embedder, models.generator, models.reranker) == ("e", "g", Settings().models.reranker)


@pytest.mark.parametrize("text", [None, "", "[]", '{"use": 3}'])
def test_without_a_choice_nothing_is_chosen(shipped: Path, text: str | None) -> None:
    shipped.mkdir(parents=True)
    if text is not None:
        (shipped / EDITION).write_text(text)
    assert choose_first(shipped, Settings()) == Settings()
    assert choose_first(None, Settings()) == Settings()
