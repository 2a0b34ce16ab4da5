"""Sentences that no source supports are underlined where they stand, whatever Markdown and citations are in them."""

from __future__ import annotations

import threading
import weakref

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtGui import QTextCharFormat
from pytestqt.qtbot import QtBot

from hxd_desktop.ui import rich_text
from hxd_desktop.ui.rich_text import RichText, _fragments
from hxd_desktop.ui.theme import Theme


def underlined(text: RichText) -> str:
    pieces, block = [], text.document().begin()
    while block.isValid():
        pieces += [
            fragment.text()
            for fragment in _fragments(block)
            if fragment.charFormat().underlineStyle() == QTextCharFormat.UnderlineStyle.WaveUnderline
        ]
        block = block.next()
    return "".join(pieces)


@pytest.mark.parametrize(
    ("markdown", "sentence", "shown"),
    [
        ("保修三年。另赠电影票。", "另赠电影票。", "另赠电影票。"),
        ("It is **very** good [[1]](cite:1). Fine.", "It is **very** good.", "It is very good [1]."),
        ("😀 Fine. Odd `x`.", "Odd `x`.", "Odd x."),
        ("Fine.", "Elsewhere.", ""),
        ("Fine.", "**", ""),
    ],
)
def test_what_is_doubtful_is_underlined(qtbot: QtBot, theme: Theme, markdown: str, sentence: str, shown: str) -> None:
    text = RichText(theme)
    qtbot.addWidget(text)
    text.show_markdown(markdown, [sentence])
    assert underlined(text) == shown
    text.show_markdown(markdown)
    assert underlined(text) == ""


def test_a_text_that_is_gone_before_its_code_is_told_apart_is_held_by_nobody(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(code: str, language: str) -> tuple[tuple[int, int, str], ...]:
        begun.set()
        assert go_on.wait(10)
        return ((0, len(code), "accent"),)

    monkeypatch.setattr(rich_text, "coloured", slow)
    text = RichText(theme)
    text.show_markdown("```python\nx = 1\n```")
    assert begun.wait(10)
    gone = weakref.ref(text)
    del text
    assert gone() is None  # the other thread would be the one to destroy it
    go_on.set()
    assert QThreadPool.globalInstance().waitForDone(10_000)
