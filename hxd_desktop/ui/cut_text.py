"""Finds texts on the screen that their widgets have no room for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QTabBar, QWidget

from hxd_desktop.ui.elided import ElidedLabel

_SLACK = 1  # pixels that rounding may take


def cut_texts(shown: QWidget) -> list[str]:
    """Return the texts of visible labels, buttons, tabs and fields in `shown` that are cut.

    What says itself in full in its tooltip may be cut, and what is scrolled out of sight is not; but what stands beside
    the sight of an area that does not scroll that way is named by what encloses it.
    """
    return [
        text
        for widget in shown.findChildren(QWidget)
        if widget.isVisible() and not widget.toolTip() and not isinstance(widget, ElidedLabel)
        for text in _cut(widget)
    ]


def too_large(shown: QWidget, room: tuple[int, int]) -> list[str]:
    """Say how large `shown` is, in a list, where it has outgrown `room` (width and height in logical pixels)."""
    larger = shown.width() > room[0] or shown.height() > room[1]
    return [f"{type(shown).__name__} takes {shown.width()}x{shown.height()}"] if larger else []


def _cut(widget: QWidget) -> list[str]:
    if isinstance(widget, QLabel):
        return [widget.text()] if widget.text() and _label_cut(widget) else []
    if isinstance(widget, QScrollArea):
        return [widget.accessibleName() or widget.objectName() or "scroll area"] if _beside(widget) else []
    if isinstance(widget, QTabBar):
        wanted = sum(widget.tabSizeHint(at).width() for at in range(widget.count()))
        return [widget.tabText(at) for at in range(widget.count())] if wanted > widget.width() + _SLACK else []
    if isinstance(widget, QAbstractButton):
        cut = bool(widget.text()) and not _holds(widget)
        return [widget.text()] if cut else []
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        hint = widget.placeholderText()
        return [hint] if widget.fontMetrics().horizontalAdvance(hint) > widget.width() else []
    return []


def _holds(widget: QWidget) -> bool:
    wanted = widget.sizeHint()
    return wanted.width() <= widget.width() + _SLACK and wanted.height() <= widget.height() + _SLACK


def _beside(area: QScrollArea) -> bool:
    """Whether what an area shows goes on at its side, where nobody can scroll to."""
    inside, never = area.widget(), Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if inside is None or area.horizontalScrollBarPolicy() != never:
        return False
    return inside.width() > area.viewport().width() + _SLACK


def _label_cut(label: QLabel) -> bool:
    if not label.wordWrap():
        return not _holds(label)
    return label.heightForWidth(label.width()) > label.height() + _SLACK
