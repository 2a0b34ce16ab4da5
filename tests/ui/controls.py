"""What a walk through a dialog finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def unnamed(dialog: QWidget) -> list[str]:
    """Return the controls that the tab key reaches and that have neither a name nor a text."""
    return [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in dialog.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]


D = TypeVar("D", bound=QWidget)


@contextmanager
def opening(open_one: Callable[[], D], settle: Callable[[D], None]) -> Iterator[Callable[[], D]]:
    """Give a function that opens a dialog and waits until it has settled; all of them are closed at the end."""
    opened: list[D] = []

    def open_and_wait() -> D:
        dialog = open_one()
        opened.append(dialog)
        settle(dialog)
        return dialog

    yield open_and_wait
    for dialog in opened:
        settle(dialog)
        dialog.close()
