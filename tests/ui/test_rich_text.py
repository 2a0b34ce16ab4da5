"""Sentences that no source supports are underlined where they stand, whatever Markdown and citations are in them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCharFormat
from pytestqt.qtbot import QtBot

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
