"""What the style sheet must not do to a control."""

from __future__ import annotations

from hxd_desktop.ui.main_window import MainWindow


def test_a_question_of_one_line_is_shown_whole(window: MainWindow) -> None:
    edit = window.page.composer.edit
    edit.setPlainText("One line")
    assert edit.cursorRect().bottom() <= edit.viewport().height()
    assert edit.verticalScrollBar().maximum() == 0
