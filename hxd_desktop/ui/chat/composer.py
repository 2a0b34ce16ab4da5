"""Where a question is written: which libraries are asked, the text, the button."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QResizeEvent, QTextCursor, QTextLayout
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.chat.session import ChatSession
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme

_MAX_LINES = 8


class QuestionEdit(QPlainTextEdit):
    """A text of one to eight lines: Enter sends, Shift+Enter starts a new line."""

    sent = Signal()
    focused = Signal(bool)
    went_up = Signal()  # to the messages above

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        lines = min(max(1, int(self.document().size().height())), _MAX_LINES)
        height = lines * self._line_height() + 2 * self.document().documentMargin()
        self.setFixedHeight(math.ceil(height) + 2)

    def _line_height(self) -> float:
        """The height of a line with letters and characters, which often come from a font with higher lines."""
        layout = QTextLayout("Ág国", self.font())
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        return max(line.height(), QFontMetricsF(self.font()).lineSpacing())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the text into another number of lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Up and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.went_up.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)


class _Frame(QFrame):
    """What stands around the question; a click beside it is meant for it."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "composer")
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class Composer(QWidget):
    """Asks through a `ChatSession`; its button stops while a question runs."""

    def __init__(self, theme: Theme, session: ChatSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session = session
        self._ready = False
        step = layouts.unit(self)
        across = QHBoxLayout(self)
        across.setContentsMargins(step * 4, step * 2, step * 4, step * 3)
        self._frame = _Frame()
        self._frame.setMaximumWidth(step * layouts.COLUMN)
        across.addStretch(1)
        across.addWidget(self._frame, 1000)
        across.addStretch(1)
        box = layouts.column(self._frame, spacing=1)
        box.setContentsMargins(step * 3, step * 2, step * 2, step * 2)

        self._chips = QWidget()
        self._chip_flow = FlowLayout(self._chips, step)
        self._chip_buttons: list[QPushButton] = []
        box.addWidget(self._chips)
        self.edit = QuestionEdit()
        self.edit.setObjectName("question")
        self.edit.setPlaceholderText(t("Ask your documents"))
        self.edit.setAccessibleName(t("Question"))
        self.edit.setPlainText(session.draft)
        self.edit.textChanged.connect(self._text_changed)
        self.edit.sent.connect(self.send)
        self.edit.focused.connect(self._show_focus)
        self._frame.pressed.connect(self.edit.setFocus)
        self.button = layouts.push("", "primary", name="send")
        self.button.clicked.connect(self._clicked)
        row = QHBoxLayout()
        row.setSpacing(step * 2)
        row.addWidget(self.edit, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        box.addLayout(row)
        session.running_changed.connect(self._refresh)
        session.asked_changed.connect(self._show_libraries)
        session.draft_changed.connect(self._show_draft)
        self._show_libraries()

    def set_ready(self, ready: bool) -> None:
        """Let questions be sent, or not yet."""
        self._ready = ready
        self._refresh()

    def begin(self, question: str, limited: str) -> None:
        """Write a question that the user goes on with, followed by filters that stay when it is typed over."""
        edit = self.edit
        edit.setPlainText(f"{question} {limited}" if limited else question)
        cursor = edit.textCursor()
        cursor.setPosition(0)
        cursor.setPosition(len(question.encode("utf-16-le")) // 2, QTextCursor.MoveMode.KeepAnchor)
        edit.setTextCursor(cursor)

    def send(self) -> None:
        """Put the question, if it may be put now."""
        if self._may_send():
            text = self.edit.toPlainText()
            self.edit.clear()
            self._session.ask(text)

    def _may_send(self) -> bool:
        has_text = bool(self.edit.toPlainText().strip())
        return self._ready and has_text and not self._session.running and bool(self._session.asked)

    def _clicked(self) -> None:
        if self._session.running:
            self._session.stop()
        else:
            self.send()

    def _text_changed(self) -> None:
        self._session.draft = self.edit.toPlainText()
        self._refresh()

    def _show_draft(self) -> None:
        if self.edit.toPlainText() != self._session.draft:
            self.edit.setPlainText(self._session.draft)
            self.edit.moveCursor(QTextCursor.MoveOperation.End)

    def _refresh(self) -> None:
        running = self._session.running
        text = t("Stop") if running else t("Send")
        if self.button.accessibleName() != text:
            layouts.set_icon(self._theme, self.button, "square" if running else "arrow-up", "on_accent")
            self.button.setAccessibleName(text)
            self.button.setToolTip(t("Stop (Esc)") if running else t("Send (Enter)"))
        self.button.setEnabled(running or self._may_send())

    def _show_libraries(self) -> None:
        if tuple(chip.text() for chip in self._chip_buttons) == self._session.available:
            for chip in self._chip_buttons:
                chip.setChecked(chip.text() in self._session.asked)
            self._refresh()
            return
        layouts.clear(self._chip_flow)
        self._chip_buttons.clear()
        self._chips.setVisible(bool(self._session.available))
        if self._session.available:
            self._chip_flow.addWidget(layouts.label(t("Asked:"), "small"))
        for name in self._session.available:
            chip = layouts.push(name, "chip", name="asked_library")
            chip.setCheckable(True)
            chip.setChecked(name in self._session.asked)
            chip.setAccessibleName(t("Ask the library {name}", name=name))
            chip.toggled.connect(lambda asked, name=name: self._session.set_asked(name, asked))
            self._chip_flow.addWidget(chip)
            self._chip_buttons.append(chip)
        self._refresh()

    def _show_focus(self, focused: bool) -> None:
        self._frame.setProperty("focused", focused)
        self._frame.style().polish(self._frame)
