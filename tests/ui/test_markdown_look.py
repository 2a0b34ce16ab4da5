from __future__ import annotations

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtGui import QTextTable
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.code_colours import MOST_CHARS, coloured
from hxd_desktop.ui.markdown_look import settled_part
from hxd_desktop.ui.rich_text import RichText
from hxd_desktop.ui.theme import Theme

CODE = "```python\n# 注释 😀\ndef greet(name):\n    return 'hi'\n```\n"


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("One line", ""),
        ("One.\n\nTwo", "One.\n\n"),
        ("One.\n\n```\na\n\nb", "One.\n\n"),
        ("One.\n\n```\na\n\nb\n```\n\nAfter", "One.\n\n```\na\n\nb\n```\n\n"),
        ("- a\n\n- b\n\n- c", ""),
        ("- a\n\n  more\n\nAfter", "- a\n\n  more\n\n"),
        ("~~~\n```\n\nx", ""),
        ("", ""),
    ],
)
def test_what_a_growing_text_will_not_change_any_more(text: str, settled: str) -> None:
    assert text[: settled_part(text)] == settled


def test_the_settled_part_only_grows_as_a_text_streams() -> None:
    text = f"# Head\n\nPara.\n\n- a\n- b\n\n{CODE}\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd."
    ends = [settled_part(text[:at]) for at in range(len(text))]
    assert ends == sorted(ends)
    assert ends[-1] > len(text) - 20


def test_code_is_told_apart_by_its_language() -> None:
    code = "# note\nx = 'text'"
    found = {code[a:b]: ink for a, b, ink in coloured(code, "python")}
    assert found["# note"] == "muted" and found["'text'"] == "good"
    assert coloured(code, "no such language") == () and coloured(code, "") == ()
    assert coloured("x" * (MOST_CHARS + 1), "python") == ()


def test_code_is_coloured_and_copies_as_it_is(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    text = RichText(theme)
    qtbot.addWidget(text)
    text.show_markdown(f"Before.\n\n{CODE}\nAfter.")
    QThreadPool.globalInstance().waitForDone()

    def formats(line: str) -> dict[str, str]:
        block = text.document().begin()
        while line not in block.text():
            block = block.next()
        units = block.text().encode("utf-16-le")
        return {
            units[2 * f.start : 2 * (f.start + f.length)].decode("utf-16-le"): f.format.foreground().color().name()
            for f in block.layout().formats()
        }

    qtbot.waitUntil(lambda: bool(formats("注释")))
    assert formats("注释") == {"# 注释 😀": theme.palette.muted}
    assert formats("return")["'hi'"] == theme.palette.good
    assert "def greet(name):\n    return 'hi'" in text.toPlainText()


def test_a_table_has_lines_and_a_head(qtbot: QtBot, theme: Theme) -> None:
    text = RichText(theme)
    qtbot.addWidget(text)
    text.show_markdown("| a | b |\n|---|---|\n| 1 | 2 |")
    [table] = [frame for frame in text.document().rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert table.format().border() == 1 and (table.rows(), table.columns()) == (2, 2)
    assert table.cellAt(0, 1).format().background().color().name() == theme.palette.side
