"""A text that is as high as what it holds, selects, copies and follows the keyboard; it never loads anything."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFragment,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from hxd_desktop.ui.theme import Theme

_DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class RichText(QTextBrowser):
    """Shows Markdown or plain text at its full height; `[n]` links are reported, others are only offered.

    Pictures and links that stand in a document load nothing: neither from the network nor from the disk.
    """

    citation_clicked = Signal(int)
    citation_hovered = Signal(int)  # 0: none
    link_clicked = Signal(QUrl)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._markdown: str | None = None
        self._plain: tuple[str, list[tuple[int, int]]] | None = None
        self._doubtful: tuple[str, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAcceptDrops(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        self.anchorClicked.connect(self._clicked)
        self.highlighted.connect(self._hovered)
        theme.changed.connect(self._render)

    def show_markdown(self, markdown: str, doubtful: Sequence[str] = ()) -> None:
        """Show Markdown (no HTML); links to `cite:n` become citations, and sentences of `doubtful` are underlined."""
        self._markdown, self._plain, self._doubtful = markdown, None, tuple(doubtful)
        self._render()

    def show_plain(self, text: str, marks: list[tuple[int, int]] | None = None) -> None:
        """Show `text` as it is, with the ranges of `marks` marked."""
        self._markdown, self._plain = None, (text, marks or [])
        self._render()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Load nothing."""
        return None

    def _render(self) -> None:
        document = self.document()
        if self._markdown is not None:
            document.setMarkdown(self._markdown, _DIALECT)
            self._style_links()
            self._underline()
        elif self._plain is not None:
            text, marks = self._plain
            document.setPlainText(text)
            self._mark(marks)
        self._fit()

    def _style_links(self) -> None:
        colours = self._theme.palette
        block = self.document().begin()
        while block.isValid():
            for fragment in _fragments(block):
                if not fragment.charFormat().isAnchor():
                    continue
                cursor = self._range(fragment.position(), fragment.position() + fragment.length())
                style = fragment.charFormat()
                style.setForeground(QColor(colours.accent))
                if style.anchorHref().startswith("cite:"):
                    style.setFontUnderline(False)
                    style.setFontWeight(QFont.Weight.DemiBold)
                cursor.setCharFormat(style)
            block = block.next()

    def _underline(self) -> None:
        text = self.document().toPlainText()
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(QColor(self._theme.palette.refuse))
        for sentence in self._doubtful:
            found = _as_shown(sentence).search(text)
            if found is not None:
                start = found.start() + _astral(text[: found.start()])
                self._range(start, start + len(found[0]) + _astral(found[0])).mergeCharFormat(style)

    def _mark(self, marks: list[tuple[int, int]]) -> None:
        text = self._plain[0] if self._plain else ""
        for start, end in marks:
            # Qt counts UTF-16 units: a character outside the basic plane is two.
            first = start + _astral(text[:start])
            cursor = self._range(first, first + (end - start) + _astral(text[start:end]))
            style = cursor.charFormat()
            style.setBackground(QColor(self._theme.palette.mark))
            cursor.setCharFormat(style)

    def _range(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _fit(self) -> None:
        document = self.document()
        document.setTextWidth(self.viewport().width())
        bar = (
            self.horizontalScrollBar().sizeHint().height() if document.idealWidth() > self.viewport().width() + 1 else 0
        )
        height = int(document.size().height() + 0.999) + bar
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave vertical scrolling to what this text stands in."""
        event.ignore()

    def _clicked(self, url: QUrl) -> None:
        if url.scheme() == "cite":
            self.citation_clicked.emit(int(url.path()))
        else:
            self.link_clicked.emit(url)

    def _hovered(self, url: QUrl) -> None:
        self.citation_hovered.emit(int(url.path()) if url.scheme() == "cite" else 0)


def _fragments(block: QTextBlock) -> list[QTextFragment]:
    pieces, at = [], block.begin()
    while not at.atEnd():
        pieces.append(at.fragment())
        at += 1
    return pieces


def _as_shown(sentence: str) -> re.Pattern[str]:
    """Finds a sentence in a text where citations stand between its words and Markdown's marks have gone."""
    kept = (re.escape(character) for character in sentence if not character.isspace() and character not in "*_`#")
    return re.compile(r"(?:\s|\[\d{1,3}\])*".join(kept) or r"(?!)")


def _astral(text: str) -> int:
    return sum(1 for character in text if ord(character) > 0xFFFF) if not text.isascii() else 0


def focus_inside(widget: QWidget, focused: QObject | None) -> bool:
    """Whether the keyboard is in `widget` or in something inside it."""
    return isinstance(focused, QWidget) and (focused is widget or widget.isAncestorOf(focused))
