"""A document is opened by its program; nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from hxd_desktop.ui.opening import open_document


def test_a_document_is_opened_itself(tmp_path: Path) -> None:
    file = tmp_path / "报告 #1.pdf"
    file.write_text("x", encoding="utf-8")
    opened: list[QUrl] = []
    assert open_document(str(file), lambda url: not opened.append(url)) is None
    assert [Path(url.toLocalFile()) for url in opened] == [file]


@pytest.mark.parametrize("name", ["run.sh", "Setup.EXE", "macro.py", "link.desktop"])
def test_what_would_run_is_shown_in_its_folder(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("x", encoding="utf-8")
    opened: list[QUrl] = []
    assert open_document(str(file), lambda url: not opened.append(url)) is None
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path]


def test_what_stands_in_the_way_is_said(tmp_path: Path) -> None:
    gone = open_document(str(tmp_path / "gone.pdf"), lambda url: True)
    assert gone is not None and gone.title == "The file is not there" and gone.remedy
    file = tmp_path / "a.xyz"
    file.write_text("x", encoding="utf-8")
    refused = open_document(str(file), lambda url: False)
    assert refused is not None and "a.xyz" in refused.message and str(tmp_path) in refused.remedy
