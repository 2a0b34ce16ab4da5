"""A text that is as high as what it holds, selects, copies and follows the keyboard; it never loads anything."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRunnable, Qt, QThreadPool, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFragment,
    QTextLayout,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QTextBrowser, QWidget

from hxd_desktop.ui.announcing import announce
from hxd_desktop.ui.code_colours import coloured
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.markdown_look import CodeBlock, dress
from hxd_desktop.ui.palette import Palette
from hxd_desktop.ui.theme import Theme
from hxd_desktop.ui.utf16 import astral

DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


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
        self._follows = False
        self._plain: tuple[str, list[tuple[int, int]]] | None = None
        self._doubtful: tuple[str, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAcceptDrops(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # With a caret, so that a screen reader goes through it line by line.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        self.anchorClicked.connect(self._clicked)
        self.highlighted.connect(self._hovered)
        self.cursorPositionChanged.connect(self._show_caret)
        self._relay = _Relay()
        self._relay.found.connect(self._colour, Qt.ConnectionType.QueuedConnection)
        theme.changed.connect(self._render)

    def show_markdown(self, markdown: str, doubtful: Sequence[str] = (), *, follows: bool = False) -> None:
        """Show Markdown (no HTML); links to `cite:n` become citations, and sentences of `doubtful` are underlined.

        `follows`: it goes on below another text.
        """
        wanted = (markdown, None, tuple(doubtful), follows)
        if wanted != (self._markdown, self._plain, self._doubtful, self._follows):
            self._markdown, self._plain, self._doubtful, self._follows = wanted
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
            document.setMarkdown(self._markdown, DIALECT)
            code = dress(document, self._theme.palette, follows=self._follows)
            self._style_links()
            self._underline()
            self._tell_apart(code)
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

    def _tell_apart(self, code: list[CodeBlock]) -> None:
        """Have code coloured, once it is known what is what in it."""
        if any(block.language for block in code):
            QThreadPool.globalInstance().start(_Colouring(self._relay, code))

    def _colour(self, found: list[tuple[CodeBlock, tuple[tuple[int, int, str], ...]]]) -> None:
        """Colour code that still stands where it stood; the document itself is not changed."""
        document, colours = self.document(), self._theme.palette
        for code, ranges in found:
            blocks = [document.findBlockByNumber(code.first + at) for at in range(len(code.lines))]
            if tuple(block.text() for block in blocks) != code.lines:
                continue
            offset = 0
            for block, line in zip(blocks, code.lines, strict=True):
                block.layout().setFormats(_line_colours(ranges, offset, line, colours))
                offset += len(line) + 1
                document.markContentsDirty(block.position(), block.length())

    def _underline(self) -> None:
        text = self.document().toPlainText()
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(QColor(self._theme.palette.refuse))
        for sentence in self._doubtful:
            found = _as_shown(sentence).search(text)
            if found is not None:
                start = found.start() + astral(text[: found.start()])
                self._range(start, start + len(found[0]) + astral(found[0])).mergeCharFormat(style)

    def _mark(self, marks: list[tuple[int, int]]) -> None:
        text = self._plain[0] if self._plain else ""
        for start, end in marks:
            # Qt counts UTF-16 units: a character outside the basic plane is two.
            first = start + astral(text[:start])
            cursor = self._range(first, first + (end - start) + astral(text[start:end]))
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

    def _show_caret(self) -> None:
        """Let what this text stands in follow the keys that read it."""
        if not self.hasFocus():
            return
        line, around = self.cursorRect(), self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        content = around.widget() if around is not None else None
        if around is not None and content is not None:
            at = self.viewport().mapTo(content, line.center())
            around.ensureVisible(at.x(), at.y(), 0, line.height())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go from link to link, each of which a screen reader is told of, and then on."""
        moved = super().focusNextPrevChild(forward)
        cursor = self.textCursor()
        if moved and self.hasFocus() and cursor.hasSelection() and cursor.charFormat().isAnchor():
            link = QUrl(cursor.charFormat().anchorHref())
            self._hovered(link)
            about = self.toolTip().partition("\n")[0]
            announce(self, ". ".join(part for part in (t("Link: {text}", text=cursor.selectedText()), about) if part))
        return moved

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave vertical scrolling to what this text stands in."""
        event.ignore()

    def _clicked(self, url: QUrl) -> None:
        if url.scheme() == "cite":
            self.citation_clicked.emit(_number(url))
        else:
            self.link_clicked.emit(url)

    def _hovered(self, url: QUrl) -> None:
        self.citation_hovered.emit(_number(url) if url.scheme() == "cite" else 0)


def _number(url: QUrl) -> int:
    return int(url.path()) if re.fullmatch(r"[0-9]{1,3}", url.path()) else 0


class _Relay(QObject):
    """Says from another thread what was found; who listens may be gone by then."""

    found = Signal(object)


class _Colouring(QRunnable):
    """Tells parts of code apart on another thread."""

    def __init__(self, relay: _Relay, code: list[CodeBlock]) -> None:
        super().__init__()
        self._relay, self._code = relay, code

    def run(self) -> None:
        found = [(block, coloured("\n".join(block.lines), block.language)) for block in self._code]
        with contextlib.suppress(RuntimeError):  # the application is ending
            self._relay.found.emit(found)


def _line_colours(
    ranges: Sequence[tuple[int, int, str]], offset: int, line: str, colours: Palette
) -> list[QTextLayout.FormatRange]:
    made = []
    for start, end, ink in ranges:
        first, stop = max(start - offset, 0), min(end - offset, len(line))
        if first < stop:
            part = QTextLayout.FormatRange()
            part.start = first + astral(line[:first])
            part.length = stop - first + astral(line[first:stop])
            part.format = QTextCharFormat()
            part.format.setForeground(QColor(getattr(colours, ink)))
            made.append(part)
    return made


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


def focus_inside(widget: QWidget, focused: QObject | None) -> bool:
    """Whether the keyboard is in `widget` or in something inside it."""
    return isinstance(focused, QWidget) and (focused is widget or widget.isAncestorOf(focused))
