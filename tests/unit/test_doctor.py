"""The doctor's lines: well as things are, and what to do where they are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine import doctor
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.ocr.engines import OcrEngine
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.library.model import FolderInfo, FolderState, LibraryInfo
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import DocumentSettings, Settings


class Models:
    """What the settings name, what is there, what the machine offers."""

    def __init__(self, used: dict[str, str | None] | None = None, **device: Any) -> None:
        self.used = used or {"embedder": "builtin", "reranker": None, "generator": "extractive"}
        self.there = ["builtin", "extractive"]
        self.given = {
            "cores": 2,
            "memory_bytes": 8_000_000_000,
            "memory_available_bytes": 4_000_000_000,
            "llama_cpp": None,
            "gpu": [],
            **device,
        }
        self.error: ModelError | None = None

    def in_use(self) -> dict[str, str | None]:
        return self.used

    def device(self) -> dict[str, Any]:
        return self.given

    def list(self) -> list[dict[str, Any]]:
        if self.error:
            raise self.error
        return [{"id": name} for name in self.there]


def library(*folders: FolderInfo) -> LibraryInfo:
    return LibraryInfo(1, "default", folders, {}, 0, 0, 0)


def test_a_healthy_machine_has_nothing_wrong(tmp_path: Path) -> None:
    folder = FolderInfo(1, "default", "/docs", FolderState.ONLINE)
    checks = doctor.examine(DataDirectory(tmp_path), [library(folder)], Models(), Settings())  # type: ignore[arg-type]
    assert [check.name for check in checks if not check.ok] == []
    assert all(check.detail and not check.remedy for check in checks)


def test_scans_that_wait_for_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = LibraryInfo(1, "default", (), {DocumentState.NEEDS_OCR: 3}, 0, 0, 0)
    monkeypatch.setattr(doctor, "find_engine", lambda choice: None)
    check = doctor.check_scans([waiting], DocumentSettings())
    assert not check.ok and "3 files wait" in check.detail and "bootstrap.py ocr" in check.remedy
    assert doctor.check_scans([library()], DocumentSettings()).ok
    assert doctor.check_scans([waiting], DocumentSettings(ocr="off")).ok
    monkeypatch.setattr(doctor, "find_engine", lambda choice: OcrEngine("tesseract", "5.3.0", ("eng",)))
    assert doctor.check_scans([waiting], DocumentSettings()).detail == "read by tesseract 5.3.0 eng"


def test_too_little_memory() -> None:
    check = doctor.check_machine(Models(memory_available_bytes=200_000_000))  # type: ignore[arg-type]
    assert not check.ok
    assert "0.2 GB free" in check.detail
    assert check.remedy


def test_too_little_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    check = doctor.check_data_directory(DataDirectory(tmp_path))
    assert not check.ok
    assert "--data-dir" in check.remedy


def test_an_offline_folder_is_named_and_a_polled_one_is_no_fault() -> None:
    polled = FolderInfo(1, "default", "/net", FolderState.POLLING)
    check = doctor.check_folders([library(polled)])
    assert check.ok
    assert "/net" in check.detail
    check = doctor.check_folders([library(polled, FolderInfo(2, "default", "/usb", FolderState.OFFLINE))])
    assert not check.ok
    assert "offline: /usb" in check.detail


def test_a_model_that_is_gone_is_named() -> None:
    models = Models({"embedder": "bge-small", "reranker": None, "generator": "extractive"})
    check = doctor.check_models(models)  # type: ignore[arg-type]
    assert not check.ok
    assert "not there: bge-small" in check.detail
    models.there.append("bge-small")
    assert doctor.check_models(models).ok  # type: ignore[arg-type]


def test_models_that_cannot_be_listed() -> None:
    models = Models()
    models.error = ModelError("The list of models is damaged", "models.json is not JSON.", "Import them again.")
    check = doctor.check_models(models)  # type: ignore[arg-type]
    assert (check.ok, check.remedy) == (False, "Import them again.")


def test_a_language_model_needs_llama_cpp() -> None:
    chosen: dict[str, str | None] = {"embedder": "builtin", "reranker": None, "generator": "internlm2"}
    assert doctor.check_language_model(Models()).ok  # type: ignore[arg-type]
    check = doctor.check_language_model(Models(chosen))  # type: ignore[arg-type]
    assert not check.ok
    assert "bootstrap.py llm" in check.remedy
    check = doctor.check_language_model(Models(chosen, llama_cpp="0.3.36", gpu=["cuda"]))  # type: ignore[arg-type]
    assert check.ok
    assert check.detail == "llama-cpp-python 0.3.36 (cuda)"
