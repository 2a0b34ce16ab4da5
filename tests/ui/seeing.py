"""Measures what is drawn: how far a text stands out from what is behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from hxd_desktop.ui.palette import contrast

_SOLID = 2  # pixels of a colour that are more than an edge


def pixels(picture: QImage) -> NDArray[np.uint32]:
    """A picture as rows of 0xRRGGBB."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    return rows[:, : plain.width()] & 0xFFFFFF


def stands_out(picture: NDArray[np.uint32], rect: QRect) -> float:
    """The contrast of the strongest ink in `rect` with the most common colour there, 1 where it is all one colour."""
    part = picture[max(0, rect.top()) : rect.bottom() + 1, max(0, rect.left()) : rect.right() + 1]
    colours, counts = np.unique(part, return_counts=True)
    if not colours.size:
        return 1.0
    behind = f"#{colours[counts.argmax()]:06x}"
    return max((contrast(f"#{colour:06x}", behind) for colour in colours[counts >= _SOLID]), default=1.0)


def text_of(widget: QWidget) -> str:
    """The text that a widget shows, "" where it shows none."""
    if isinstance(widget, QLabel | QAbstractButton):
        return "" if isinstance(widget.parentWidget(), QLineEdit) else widget.text().strip()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLineEdit):
        return widget.text() or widget.placeholderText()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText() or widget.placeholderText()
    return ""


def faint(window: QWidget, least: float, disabled: float) -> list[str]:
    """The texts in `window` whose contrast is less than `least`, or than `disabled` where they cannot be used."""
    picture = pixels(window.grab().toImage())
    found = []
    for widget in window.findChildren(QWidget):
        text = text_of(widget) if widget.isVisible() else ""
        rect = _seen(widget) if text else QRect()
        if rect.isEmpty() or rect.height() < widget.fontMetrics().height() * 0.8:
            continue
        measured = stands_out(picture, rect)
        if measured < (least if widget.isEnabled() else disabled):
            found.append(f"{text[:40]!r} ({type(widget).__name__}): {measured:.2f}")
    return found


def _seen(widget: QWidget) -> QRect:
    """The part of a widget that is not scrolled away, in its window."""
    part = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(widget.window(), part.topLeft()), part.size())
