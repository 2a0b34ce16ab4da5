"""What stands above a document: its name, where it is open, how it is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.elided import ElidedLabel
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme


class Stepper(QWidget):
    """Two arrows with a place between them."""

    stepped = Signal(int)

    def __init__(self, theme: Theme, before: str, after: str, name: str) -> None:
        super().__init__()
        row = layouts.row(self)
        self.before = layouts.tool(theme, "chevron-left", before, name=f"{name}_before")
        self.place = layouts.label("", "small", name=f"{name}_place")
        self.after = layouts.tool(theme, "chevron-right", after, name=f"{name}_after")
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        for widget in (self.before, self.place, self.after):
            row.addWidget(widget)

    def show_place(self, text: str, number: int, count: int) -> None:
        """Show where one is: `number` of `count`."""
        self.place.setText(text)
        self.before.setVisible(count > 1)
        self.after.setVisible(count > 1)
        self.before.setEnabled(number > 1)
        self.after.setEnabled(number < count)
        self.setVisible(bool(text) or count > 1)


class DocumentBars(QWidget):
    """The lines above a document."""

    open_asked = Signal()
    copy_asked = Signal()
    find_asked = Signal()
    zoomed = Signal(int)
    form_chosen = Signal(bool)  # as plain text

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = layouts.unit(self)
        box = layouts.column(self, spacing=1)
        box.setContentsMargins(step * 3, step * 2, step * 2, step)
        self.name = ElidedLabel("", "title", Qt.TextElideMode.ElideMiddle)
        self.name.setObjectName("document_name")
        self._copy = self._tool(theme, "copy", t("Copy with its source"), "copy_passage", self.copy_asked.emit)
        opened = self._tool(theme, "external-link", t("Open in its program"), "open_shown", self.open_asked.emit)
        self._find = self._tool(theme, "search", t("Find in this document (Ctrl+F)"), "find", self.find_asked.emit)
        self._out = self._tool(theme, "zoom-out", t("Zoom out"), "zoom_out", lambda: self.zoomed.emit(-1))
        self._in = self._tool(theme, "zoom-in", t("Zoom in"), "zoom_in", lambda: self.zoomed.emit(1))
        self.pages = Stepper(theme, t("Previous page"), t("Next page"), "page")
        self.passages = Stepper(theme, t("Previous cited passage"), t("Next cited passage"), "passage")
        self._forms, chips = self._switch(step)
        _add(box, self.name, self._copy, opened)
        self._upper = _add(box, chips, None, self._find, self._out, self._in)
        self._lower = _add(box, self.pages, None, self.passages)

    def _tool(self, theme: Theme, icon: str, text: str, name: str, done: object) -> QToolButton:
        button = layouts.tool(theme, icon, text, name=name)
        button.clicked.connect(done)
        return button

    def _switch(self, step: int) -> tuple[tuple[QPushButton, QPushButton], QWidget]:
        holder = QWidget()
        row = layouts.row(holder, spacing=1)
        formatted = layouts.push(t("Formatted"), "chip", name="show_formatted")
        formatted.setToolTip(t("Show headings, lists and tables as such"))
        plain = layouts.push(t("Plain text"), "chip", name="show_plain")
        plain.setToolTip(t("Show the text as it was read"))
        group = QButtonGroup(self)
        for button in (formatted, plain):
            button.setCheckable(True)
            group.addButton(button)
            row.addWidget(button)
        formatted.setChecked(True)
        plain.toggled.connect(self.form_chosen)
        return (formatted, plain), holder

    def refresh(self, *, text: bool, smallest: bool, largest: bool) -> None:
        """Show what fits: `text` or a picture of a page; whether it can be smaller or larger."""
        for button in self._forms:
            button.setVisible(text)
        place, other = (self._lower, self._upper) if text else (self._upper, self._lower)
        if place.indexOf(self.pages) < 0:  # where a text has its forms, there is room for a picture's pages
            other.removeWidget(self.pages)
            place.insertWidget(0, self.pages)
        self._out.setEnabled(not smallest)
        self._in.setEnabled(not largest)

    def allow_copy(self, possible: bool) -> None:
        """Whether there is something to copy."""
        self._copy.setEnabled(possible)


def _add(box: QVBoxLayout, *widgets: QWidget | None) -> QHBoxLayout:
    """Append a row; None is the room between."""
    row = QHBoxLayout()
    row.setSpacing(0)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    box.addLayout(row)
    return row
