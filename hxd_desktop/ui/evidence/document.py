"""The document that a source comes from, open at its passage."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QWidget

from hxd_desktop.engine.viewing import DocumentView, Passage
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.evidence import document_reading
from hxd_desktop.ui.evidence.page_view import PageView
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.rich_text import RichText
from hxd_desktop.ui.theme import Theme

_ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_REST_MS = 120


class DocumentPane(QWidget):
    """Shows pages or parts of a document: Page Up and Down turn them, Ctrl+plus and minus zoom.

    Pages are drawn by the engine's page process; here they are only shown. Nothing is asked for while it is hidden.
    """

    open_asked = Signal(str)
    link_clicked = Signal(QUrl)

    def __init__(self, theme: Theme, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._passage: Passage | None = None
        self.shown: DocumentView | None = None
        self._wanted: int | None = None  # page or part, None: where the passage is
        self._zoom = _ZOOMS.index(1.0)
        self._asked = 0
        self._stale = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        step = layouts.unit(self)
        box = layouts.column(self, spacing=1)
        head = QHBoxLayout()
        head.setContentsMargins(step * 3, step * 2, step * 2, 0)
        self._name = layouts.label("", "title", name="document_name")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._open = layouts.tool(theme, "external-link", t("Open in its program"), name="open_shown")
        self._open.clicked.connect(self._open_in_program)
        head.addWidget(self._name, 1)
        head.addWidget(self._open)
        bar = QHBoxLayout()
        bar.setContentsMargins(step * 2, 0, step * 2, 0)
        self._before = layouts.tool(theme, "chevron-left", t("Previous page"), name="page_before")
        self._place = layouts.label("", "small", name="page_place")
        self._after = layouts.tool(theme, "chevron-right", t("Next page"), name="page_after")
        self._out = layouts.tool(theme, "zoom-out", t("Zoom out"), name="zoom_out")
        self._in = layouts.tool(theme, "zoom-in", t("Zoom in"), name="zoom_in")
        self._before.clicked.connect(lambda: self.turn(-1))
        self._after.clicked.connect(lambda: self.turn(1))
        self._out.clicked.connect(lambda: self.zoom(-1))
        self._in.clicked.connect(lambda: self.zoom(1))
        bar.addWidget(self._before)
        bar.addWidget(self._place)
        bar.addWidget(self._after)
        bar.addStretch(1)
        bar.addWidget(self._out)
        bar.addWidget(self._in)
        self._note = layouts.label("", wrap=True, name="document_note")
        self._note.setProperty("ink", "refuse")
        self._note.setContentsMargins(step * 3, step, step * 3, step)
        self._page = PageView()
        self._text = RichText(theme)
        self._text.setObjectName("document_text")
        self._text.link_clicked.connect(self.link_clicked)
        self._pages, self._texts = QScrollArea(), layouts.scroll(_padded(self._text))
        self._pages.setWidget(self._page)
        self._pages.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._pages.setFrameShape(QScrollArea.Shape.NoFrame)
        self._nothing = layouts.label("", "small", wrap=True, name="no_document")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(step * 3, step * 3, step * 3, step * 3)
        self._stack = QStackedWidget()
        for widget in (self._nothing, self._pages, self._texts):
            self._stack.addWidget(widget)
        self._head = QWidget()
        bars = layouts.column(self._head, spacing=1)
        bars.addLayout(head)
        bars.addLayout(bar)
        bars.addWidget(self._note)
        box.addWidget(self._head)
        box.addWidget(self._stack, 1)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        self.show_passage(None)

    # -- what is shown -----------------------------------------------------------------------------------
    def show_passage(self, passage: Passage | None) -> None:
        """Show a document at a passage; None shows that there is none."""
        if passage is not None and passage == self._passage and self._wanted is None:
            return
        self._passage, self._wanted, self.shown = passage, None, None
        self._asked += 1
        self._head.setVisible(passage is not None)
        self._note.hide()
        self._say(t("Choose a source to read it in its document."))
        if passage is not None:
            self._name.setText(os.path.basename(passage.path))
            self._name.setToolTip(formats.short_path(passage.path))
            self._place.clear()
            self._say(t("Opening the document") + "…")
            self._ask()

    def _open_in_program(self) -> None:
        if self._passage is not None:
            self.open_asked.emit(self._passage.path)

    def turn(self, step: int) -> None:
        """Show the page or part before or after this one."""
        if self.shown is not None and 1 <= self.shown.number + step <= self.shown.count:
            self._wanted = self.shown.number + step
            self._ask()

    def zoom(self, step: int) -> None:
        """Show the page larger or smaller."""
        at = self._zoom + step
        if 0 <= at < len(_ZOOMS) and self.shown is not None and self.shown.picture is not None:
            self._zoom = at
            self._page.set_width(self._width())
            self._refresh_bar()
            self._rest.start()

    def _width(self) -> int:
        room = self.width() - self._pages.verticalScrollBar().sizeHint().width()
        return round(max(room, layouts.unit(self) * 30) * _ZOOMS[self._zoom])

    def _ask(self) -> None:
        if self._passage is None:
            return
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self._asked += 1
        ticket, passage = self._asked, self._passage
        number = self._wanted
        width = round(self._width() * self.devicePixelRatioF())

        def came(view: DocumentView) -> None:
            if ticket == self._asked:
                self._show(view)

        def failed(problem: Problem) -> None:
            if ticket == self._asked:
                self.shown = None
                self._say(" ".join(part for part in (problem.message, problem.remedy) if part))

        self._bridge.call(lambda assistant: assistant.viewer.view(passage, number=number, width=width), came, failed)

    def _show(self, view: DocumentView) -> None:
        before, self.shown = self.shown, view
        moved = before is None or before.number != view.number
        spoken = document_reading.spoken(view)
        if view.picture is not None:
            self._page.show_picture(view.picture, view.boxes, self._width())
            self._page.setAccessibleName(spoken)
            self._stack.setCurrentWidget(self._pages)
        else:
            self._text.show_plain(view.text, list(view.marks))
            self._text.setAccessibleName(spoken)
            self._stack.setCurrentWidget(self._texts)
        notes = document_reading.notes(view)
        self._note.setText(" ".join(notes))
        self._note.setVisible(bool(notes))
        self._refresh_bar()
        if moved:
            QTimer.singleShot(0, self, self._to_mark)

    def _to_mark(self) -> None:
        """Bring what is marked into view, a third down; else the beginning."""
        view = self.shown
        if view is None:
            return
        area = self._pages if view.picture is not None else self._texts
        at = self._page.first_mark() if view.picture is not None else self._text_mark(view)
        area.verticalScrollBar().setValue(max(0, (at or 0) - area.viewport().height() // 3) if at else 0)
        area.horizontalScrollBar().setValue(0)

    def _text_mark(self, view: DocumentView) -> int | None:
        if not view.marks:
            return None
        start = view.marks[0][0]
        cursor = QTextCursor(self._text.document())
        cursor.setPosition(len(view.text[:start].encode("utf-16-le")) // 2)
        return self._text.y() + self._text.cursorRect(cursor).top()

    def _refresh_bar(self) -> None:
        view = self.shown
        picture = view is not None and view.picture is not None
        many = view is not None and view.count > 1
        self._place.setText(document_reading.place(view) if view is not None else "")
        for button in (self._before, self._after):
            button.setVisible(many)
        self._before.setEnabled(view is not None and view.number > 1)
        self._after.setEnabled(view is not None and view.number < view.count)
        self._out.setVisible(picture)
        self._in.setVisible(picture)
        self._out.setEnabled(self._zoom > 0)
        self._in.setEnabled(self._zoom < len(_ZOOMS) - 1)

    def _say(self, text: str) -> None:
        self._nothing.setText(text)
        self._stack.setCurrentWidget(self._nothing)
        self._refresh_bar()

    # -- events --------------------------------------------------------------------------------------------
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.shown is not None and self.shown.picture is not None:
            self._page.set_width(self._width())
            self._rest.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up and Down turn the pages at their ends, Ctrl+plus and minus zoom."""
        area = self._pages if self._stack.currentWidget() is self._pages else self._texts
        bar = area.verticalScrollBar()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_PageDown:
                self.turn(1) if bar.value() >= bar.maximum() else bar.setValue(bar.value() + bar.pageStep())
            case Qt.Key.Key_PageUp:
                self.turn(-1) if bar.value() <= bar.minimum() else bar.setValue(bar.value() - bar.pageStep())
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal if control:
                self.zoom(1)
            case Qt.Key.Key_Minus if control:
                self.zoom(-1)
            case Qt.Key.Key_Down:
                bar.setValue(bar.value() + bar.singleStep() * 2)
            case Qt.Key.Key_Up:
                bar.setValue(bar.value() - bar.singleStep() * 2)
            case _:
                super().keyPressEvent(event)

    def hideEvent(self, event: object) -> None:
        self._rest.stop()


def _padded(widget: QWidget) -> QWidget:
    holder = QWidget()
    box = layouts.column(holder, margin=3)
    box.addWidget(widget)
    box.addStretch(1)
    return holder
