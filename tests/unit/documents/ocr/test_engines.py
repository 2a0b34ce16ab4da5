"""Which engine is found, without loading one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hxd_desktop.engine.documents.ocr import engines


def program(folder: Path, languages: str) -> str:
    path = folder / "tesseract"
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "tesseract 5.3.0" || printf "{languages}"\n')
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(engines, "model_folder", lambda: None)
    monkeypatch.setattr(engines.shutil, "which", lambda name: None)
    return monkeypatch


def test_no_engine(nothing: pytest.MonkeyPatch) -> None:
    assert [engines.find_engine(choice) for choice in ("auto", "rapidocr", "tesseract")] == [None] * 3


def test_tesseract_with_the_languages_that_it_has(nothing: pytest.MonkeyPatch, tmp_path: Path) -> None:
    where = program(tmp_path, "List of available languages (3):\\nchi_sim\\neng\\nosd\\n")
    nothing.setattr(engines.shutil, "which", lambda name: where)
    found = engines.find_engine()
    assert found is not None and found.id == "tesseract 5.3.0 chi_sim+eng"
    assert engines.find_engine("rapidocr") is None


def test_tesseract_that_knows_neither_language_or_does_not_run(nothing: pytest.MonkeyPatch, tmp_path: Path) -> None:
    where = program(tmp_path, "deu\\n")
    nothing.setattr(engines.shutil, "which", lambda name: where)
    assert engines.find_engine() is None
    nothing.setattr(engines.shutil, "which", lambda name: str(tmp_path / "missing"))
    assert engines.find_engine() is None


def test_a_package_without_its_models_is_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Spec:
        origin = str(tmp_path / "__init__.py")

    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda name: Spec)
    assert engines.model_folder() is None
    (tmp_path / "models").mkdir()
    for name in (engines.DETECTION, engines.RECOGNITION):
        (tmp_path / "models" / name).touch()
    assert engines.model_folder() == tmp_path / "models"
