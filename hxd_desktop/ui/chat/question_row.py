"""The question of an exchange: its bubble, the way to other branches, and the field in which it is edited."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpacerItem, QWidget

from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.chat.composer import QuestionEdit
from hxd_desktop.ui.chat.exchange import Exchange
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme


class _Edit(QuestionEdit):
    cancelled = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class _Words(QLabel):
    """A text that takes one line where there is room, and as many as it needs where there is not."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        metrics, step = self.fontMetrics(), layouts.unit(self)
        longest = max(metrics.horizontalAdvance(line) for line in self.text().split("\n")) + step
        return QSize(longest, self.heightForWidth(longest))

    def minimumSizeHint(self) -> QSize:
        return QSize(layouts.unit(self) * 12, self.fontMetrics().height())


class QuestionRow(QWidget):
    """Shows a question at the right; its pencil turns it into a field: Enter asks anew, Esc leaves it."""

    edited = Signal(str)
    branch_asked = Signal(int)  # -1 before, 1 after

    def __init__(self, theme: Theme, exchange: Exchange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchange = exchange
        self._editor: QWidget | None = None
        step = layouts.unit(self)
        self._box = layouts.column(self, spacing=1)
        self._shown = QWidget()
        row = layouts.row(self._shown, spacing=2)
        row.addItem(QSpacerItem(step * 8, 0, QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Minimum))
        self._branches = QWidget()
        switch = layouts.row(self._branches)
        self._before = layouts.tool(theme, "chevron-left", t("Previous version of this question"), name="branch_before")
        self._which = layouts.label("", "small", name="branch")
        self._after = layouts.tool(theme, "chevron-right", t("Next version of this question"), name="branch_after")
        self._before.clicked.connect(lambda: self.branch_asked.emit(-1))
        self._after.clicked.connect(lambda: self.branch_asked.emit(1))
        for widget in (self._before, self._which, self._after):
            switch.addWidget(widget)
        self._pencil = layouts.tool(theme, "pencil", t("Edit the question and ask again"), name="edit_question")
        self._pencil.clicked.connect(self.edit)
        bubble = layouts.frame("question")
        inside = layouts.column(bubble)
        inside.setContentsMargins(step * 3, step * 2, step * 3, step * 2)
        self._question = _Words(exchange.question)
        self._question.setObjectName("question_text")
        self._question.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._question.setAccessibleName(t("You asked: {question}", question=exchange.question))
        inside.addWidget(self._question)
        row.addWidget(self._branches, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._pencil, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(bubble)
        self._box.addWidget(self._shown)
        self.refresh()

    def refresh(self) -> None:
        """Show which branch this is."""
        at, of = self._exchange.branch
        self._branches.setVisible(of > 1)
        self._which.setText(t("{n} / {of}", n=formats.count(at), of=formats.count(of)))
        self._which.setAccessibleName(t("Version {n} of {of}", n=at, of=of))
        self._before.setEnabled(at > 1)
        self._after.setEnabled(at < of)
        self._pencil.setVisible(self._exchange.ticket is None)

    # -- editing ---------------------------------------------------------------------------------------
    def edit(self) -> None:
        """Turn the question into a field."""
        if self._editor is not None:
            return
        step = layouts.unit(self)
        self._editor = layouts.frame("composer")
        self._editor.setProperty("focused", True)
        box = layouts.column(self._editor, spacing=2)
        box.setContentsMargins(step * 3, step * 2, step * 2, step * 2)
        field = _Edit()
        field.setObjectName("edited_question")
        field.setAccessibleName(t("Edited question"))
        field.setPlainText(self._exchange.question)
        field.selectAll()
        buttons = QHBoxLayout()
        note = layouts.label(t("The question as it was stays as a version of its own."), "small", wrap=True)
        cancel = layouts.push(t("Cancel"), name="cancel_edit")
        ask = layouts.push(t("Ask"), "primary", name="ask_edited")
        buttons.addWidget(note, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(ask)
        box.addWidget(field)
        box.addLayout(buttons)
        field.sent.connect(lambda: self._send(field.toPlainText()))
        ask.clicked.connect(lambda: self._send(field.toPlainText()))
        field.cancelled.connect(self.leave)
        cancel.clicked.connect(self.leave)
        field.textChanged.connect(lambda: ask.setEnabled(bool(field.toPlainText().strip())))
        self._shown.hide()
        self._box.addWidget(self._editor)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Show the question as it is again."""
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.hide()
            editor.deleteLater()
            self._shown.show()
            self._pencil.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send(self, text: str) -> None:
        if text.strip():
            self.leave()
            self.edited.emit(text)
