"""Goes through a window as somebody without a mouse, or without a screen, does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from hxd_desktop.ui.reading_order import stops

MOST = 400
LINKS = 30  # in one text
SLACK = 6  # pixels


def name_of(widget: QWidget) -> str:
    """A name for a failure's message."""
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName() or text}"


def place(widget: QWidget) -> QRect:
    """Where a widget is in its window, as if nothing were scrolled."""
    at, around = widget.mapTo(widget.window(), QPoint(0, 0)), widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            at += QPoint(around.horizontalScrollBar().value(), around.verticalScrollBar().value())
        around = around.parentWidget()
    return QRect(at, widget.size())


def walk(window: QWidget) -> Iterator[QWidget]:
    """Press Tab from the first stop until it comes round; fails where it gets stuck or leaves something out."""
    order = stops(window)
    order[0].setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    stayed = 0
    while (at := QApplication.focusWidget()) is not None:
        if seen and at is seen[-1]:  # a text goes from link to link
            stayed += 1
            assert stayed < LINKS, f"Tab does not leave {name_of(at)}"
        elif at in seen:
            assert at is order[0], f"Tab goes round from {name_of(seen[-1])} to {name_of(at)}"
            assert len(seen) > 1 or len(order) == 1
            return
        else:
            stayed = 0
            seen.append(at)
            assert len(seen) < MOST, "Tab never comes back"
            yield at
        QTest.keyClick(at, Qt.Key.Key_Tab)
        if len(order) == 1:
            return
    raise AssertionError(f"nothing has the keyboard after {name_of(seen[-1])}")


def follows(first: QWidget, second: QWidget) -> bool:
    """Whether `second` is read after `first`: within it, below it, beside it, or in a column to the right."""
    ours, theirs = _areas(first), _areas(second)
    while ours and theirs and ours[0] is theirs[0]:
        ours, theirs = ours[1:], theirs[1:]
    # What is scrolled in an area of its own stands where that area does.
    before, after = place(ours[0] if ours else first), place(theirs[0] if theirs else second)
    if before.contains(after):  # from a card to what it holds
        return True
    if after.left() >= before.right() - SLACK:
        return True
    if after.top() >= before.bottom() - SLACK:
        return True
    return after.center().y() >= before.center().y() - SLACK and after.left() >= before.left()


def _areas(widget: QWidget) -> list[QWidget]:
    """The areas that scroll a widget, the outermost first."""
    found: list[QWidget] = []
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            found.insert(0, around)
        around = around.parentWidget()
    return found


@dataclass(frozen=True)
class Told:
    """What a screen reader is told of one thing."""

    widget: QWidget | None
    role: QAccessible.Role
    name: str
    focusable: bool


def told(window: QWidget) -> list[Told]:
    """Everything visible that a screen reader is told of, in its order."""
    found: list[Told] = []
    _tell(QAccessible.queryAccessibleInterface(window), found)
    return found


def _tell(one: QAccessibleInterface, found: list[Told]) -> None:
    state, role, thing = one.state(), one.role(), one.object()
    if state.invisible:
        return
    widget = thing if isinstance(thing, QWidget) else None
    found.append(Told(widget, role, one.text(QAccessible.Text.Name).strip(), bool(state.focusable)))
    if role in (QAccessible.Role.Table, QAccessible.Role.List, QAccessible.Role.ComboBox):
        return  # rows are read through the table's own interface
    for at in range(one.childCount()):
        child = one.child(at)
        if child is not None and child.isValid():
            _tell(child, found)
