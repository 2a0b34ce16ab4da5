"""The document that a source comes from, open at its passage."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from hxd_desktop.engine.viewing import DocumentView, Passage
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.evidence import document_reading
from hxd_desktop.ui.evidence.document_bars import DocumentBars
from hxd_desktop.ui.evidence.document_keys import press
from hxd_desktop.ui.evidence.find_bar import FindBar
from hxd_desktop.ui.evidence.finding import Matches, matches_from
from hxd_desktop.ui.evidence.page_view import PageView, page_area
from hxd_desktop.ui.harmless import file_name, tip
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.paper.widget import PaperText
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.theme import Theme

_ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_REST_MS = 120


class DocumentPane(QWidget):
    """Shows pages or parts of a document: Page Up and Down turn them, Ctrl+plus and minus zoom, Ctrl+F finds.

    Pages are drawn by the engine's page process; here they are only shown. Nothing is asked for while it is hidden.
    """

    open_asked = Signal(str)
    link_clicked = Signal(QUrl)

    def __init__(self, theme: Theme, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._passage: Passage | None = None
        self._cited: list[Passage] = []  # of all documents
        self.shown: DocumentView | None = None
        self._wanted: int | None = None  # page or part, None: where the passage is
        self._matches = Matches()
        self._zoom = _ZOOMS.index(1.0)
        self._plain = False
        self._asked = 0
        self._stale = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        step = layouts.unit(self)
        self._bars = DocumentBars(theme)
        self._find = FindBar(theme)
        self._note = layouts.label("", wrap=True, name="document_note")
        self._note.setProperty("ink", "refuse")
        self._note.setContentsMargins(step * 3, step, step * 3, step)
        self._page = PageView()
        self._pages = page_area(self._page)
        self._text = PaperText(theme)
        self._text.setObjectName("document_text")
        self._nothing = layouts.label("", "small", wrap=True, name="no_document")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.setContentsMargins(step * 3, step * 3, step * 3, step * 3)
        self._stack = QStackedWidget()
        for page in (self._nothing, self._pages, self._text):
            self._stack.addWidget(page)
        box = layouts.column(self)
        for part in (self._bars, self._find, layouts.line(), self._note):
            box.addWidget(part)
        box.addWidget(self._stack, 1)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        self._connect()
        self.show_passage(None)

    def _connect(self) -> None:
        bars, find = self._bars, self._find
        bars.open_asked.connect(self._open_in_program)
        bars.copy_asked.connect(self.copy_with_source)
        bars.find_asked.connect(self.open_find)
        bars.zoomed.connect(self.zoom)
        bars.form_chosen.connect(self._choose_form)
        bars.pages.stepped.connect(self.turn)
        bars.passages.stepped.connect(self.step_passage)
        find.asked.connect(self._look_for)
        find.stepped.connect(self.step_match)
        find.closed.connect(self._stop_finding)
        self._text.link_clicked.connect(self.link_clicked)
        self._text.copyAvailable.connect(lambda _: self._refresh_bars())

    # -- what is shown -----------------------------------------------------------------------------------
    def show_cited(self, passages: Sequence[Passage]) -> None:
        """Take over what is cited in a conversation's turn, to be gone through in each document."""
        self._cited = sorted(passages, key=lambda passage: passage.start)

    def show_passage(self, passage: Passage | None) -> None:
        """Show a document at a passage; None shows that there is none."""
        if passage is not None and passage == self._passage and self._wanted is None:
            return
        if passage is None or self._passage is None or passage.path != self._passage.path:
            self._find.hide()
            self._matches = Matches()
        self._passage, self._wanted, self.shown = passage, None, None
        self._asked += 1
        self._bars.setVisible(passage is not None)
        self._note.hide()
        self._say(t("Choose a source to read it in its document."))
        if passage is not None:
            self._bars.name.setText(file_name(passage.path))
            self._bars.name.setToolTip(tip(formats.short_path(passage.path)))
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

    def step_passage(self, step: int) -> None:
        """Show the passage of this document that is cited before or after this one."""
        here = self._cited_here()
        if self._passage in here and 0 <= (at := here.index(self._passage) + step) < len(here):
            self._stop_finding()
            self._find.hide()
            self.show_passage(here[at])

    def _cited_here(self) -> list[Passage]:
        return [passage for passage in self._cited if self._passage and passage.path == self._passage.path]

    def zoom(self, step: int) -> None:
        """Show the page or text larger or smaller."""
        at = self._zoom + step
        if not 0 <= at < len(_ZOOMS) or self.shown is None:
            return
        self._zoom = at
        if self.shown.picture is not None:
            self._page.set_width(self._width())
            self._rest.start()
            self._refresh_bars()
        else:
            self._draw_text(self.shown)

    def _choose_form(self, plain: bool) -> None:
        self._plain = plain
        if self.shown is not None and self.shown.picture is None:
            self._draw_text(self.shown)
            self._to_mark()

    def copy_with_source(self) -> None:
        """Put what is selected, else the passage, on the clipboard with the file and place that it comes from."""
        if self.shown is not None:
            selected = self._text.textCursor().selection().toPlainText() if self.shown.picture is None else ""
            QGuiApplication.clipboard().setText(document_reading.quoted(self.shown, selected))

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
        number, query = self._wanted, self._find.query
        width = round(self._width() * self.devicePixelRatioF())

        def came(view: DocumentView) -> None:
            if ticket == self._asked:
                self._show(view)

        def failed(problem: Problem) -> None:
            if ticket == self._asked:
                self.shown = None
                self._say(" ".join(part for part in (problem.message, problem.remedy) if part))

        self._bridge.call(
            lambda assistant: assistant.viewer.view(passage, number=number, width=width, query=query), came, failed
        )

    def _show(self, view: DocumentView) -> None:
        before, self.shown = self.shown, view
        moved = before is None or before.number != view.number or bool(self._matches.found)
        spoken = document_reading.spoken(view)
        if view.picture is not None:
            self._page.show_picture(view.picture, view.boxes, self._width(), view.hit_boxes, self._nth(view))
            self._page.setAccessibleName(spoken)
            self._stack.setCurrentWidget(self._pages)
            self._refresh_notes()
        else:
            self._text.setAccessibleName(spoken)
            self._stack.setCurrentWidget(self._text)
            self._draw_text(view)
        self._refresh_bars()
        if moved:
            QTimer.singleShot(0, self, self._to_mark)

    def _draw_text(self, view: DocumentView) -> None:
        self._text.show_view(view, source=self._plain, scale=_ZOOMS[self._zoom], current=self._nth(view))
        self._refresh_notes()
        self._refresh_bars()

    def _nth(self, view: DocumentView) -> int:
        return self._matches.nth if self._matches.found and self._matches.number == view.number else -1

    def _to_mark(self) -> None:
        """Bring what is marked into view, a third down; else the beginning."""
        view = self.shown
        if view is None:
            return
        if view.picture is None:
            self._text.go_to()
            return
        at = self._page.first_mark()
        bar = self._pages.verticalScrollBar()
        bar.setValue(max(0, at - self._pages.viewport().height() // 3) if at else 0)
        self._pages.horizontalScrollBar().setValue(0)

    def _refresh_notes(self) -> None:
        view = self.shown
        if view is None:
            return
        seen = self._text.marked if view.picture is None else bool(view.boxes)
        notes = document_reading.notes(view, seen=seen)
        if view.picture is None and self._nth(view) >= 0 and not self._text.hit_is_seen:
            notes.append(t("This match stands in what is not drawn: choose Plain text to see it."))
        self._note.setText(" ".join(notes))
        self._note.setVisible(bool(notes))

    def _refresh_bars(self) -> None:
        view, bars = self.shown, self._bars
        bars.refresh(
            text=view is not None and view.picture is None,
            smallest=self._zoom == 0 or view is None,
            largest=self._zoom == len(_ZOOMS) - 1 or view is None,
        )
        place = document_reading.place(view) if view is not None else ""
        bars.pages.show_place(place, view.number if view else 0, view.count if view else 0)
        here = self._cited_here()
        at = here.index(self._passage) + 1 if self._passage in here else 0
        cited = document_reading.cited_place(at, len(here)) if at and len(here) > 1 else ""
        bars.passages.show_place(cited, at, len(here) if cited else 0)
        bars.allow_copy(view is not None and (view.found or self._text.textCursor().hasSelection()))

    def _say(self, text: str) -> None:
        self._nothing.setText(text)
        self._stack.setCurrentWidget(self._nothing)
        self._refresh_bars()

    # -- finding -------------------------------------------------------------------------------------------
    def open_find(self) -> None:
        """Open the line in which words are looked for, with what is selected."""
        if self._passage is not None:
            self._find.open_bar(self._text.textCursor().selectedText()[:80])

    def find_words(self, words: str) -> None:
        """Look for words, as if they had been typed."""
        self._find.edit.setText(words)
        self._find.ask_now()

    def _look_for(self, query: str) -> None:
        passage, shown = self._passage, self.shown
        if passage is None or not query:
            self._stop_finding()
            return

        def came(found: list[tuple[int, int]]) -> None:
            if passage == self._passage and query == self._find.query:
                self._show_matches(matches_from(found, shown.number if shown else 1))

        self._bridge.call(lambda assistant: assistant.viewer.find(passage, query), came, lambda _: None)

    def step_match(self, step: int) -> None:
        """Show the next match or the one before."""
        self._show_matches(self._matches.moved(step))

    def _show_matches(self, matches: Matches) -> None:
        self._matches = matches
        self._find.show_count(matches.current, matches.total)
        if matches.found:
            self._wanted = matches.number
        self._ask()

    def _stop_finding(self) -> None:
        if self._matches.found or (self.shown is not None and (self.shown.hits or self.shown.hit_boxes)):
            self._matches = Matches()
            self._ask()
        self._find.show_count(0, 0)
        if not self._find.isVisible():
            self.setFocus()

    # -- events --------------------------------------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        """In here, Ctrl+F finds in the document; elsewhere it is the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and event.matches(QKeySequence.StandardKey.Find):  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.shown is not None and self.shown.picture is not None:
            self._page.set_width(self._width())
            self._rest.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Up and Down turn the pages at their ends, Ctrl+plus and minus zoom, F3 goes to the next match."""
        area = self._pages if self._stack.currentWidget() is self._pages else self._text
        if not press(self, area.verticalScrollBar(), event):
            super().keyPressEvent(event)

    def hideEvent(self, event: object) -> None:
        self._rest.stop()
