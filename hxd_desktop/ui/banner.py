"""Messages that do not get in the way: what happened, what to do, details to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.announcing import announce
from hxd_desktop.ui.dialogs.problem import ProblemDialog
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.reading_order import insert
from hxd_desktop.ui.room import open_dialog
from hxd_desktop.ui.theme import Theme

_MOST = 3
_SHARE = 0.4  # of the window's height
_ICONS = {"error": ("circle-alert", "bad"), "warning": ("triangle-alert", "refuse"), "info": ("info", "accent")}


class Banner(QFrame):
    """One message."""

    dismissed = Signal()
    link_clicked = Signal(QUrl)

    def __init__(self, theme: Theme, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.setProperty("role", "banner")
        self.setProperty("severity", problem.severity)
        text = " ".join(part for part in (problem.message, problem.remedy) if part)
        self.setAccessibleName(f"{problem.title}. {text}")
        step = layouts.unit(self)
        row = layouts.row(self, margin=2, spacing=2)
        icon_name, ink = _ICONS[problem.severity]
        icon = layouts.label()
        icon.setPixmap(theme.pixmap(icon_name, step * 5, getattr(theme.palette, ink)))
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(step // 2)
        texts.addWidget(layouts.label(problem.title, "title", wrap=True, name="banner_title"))
        for part in (problem.message, problem.remedy):
            if part:
                texts.addWidget(layouts.label(part, wrap=True))
        row.addLayout(texts, 1)
        if problem.details or problem.link:
            buttons = QHBoxLayout()  # below the text, which a narrow chat leaves no room beside
            buttons.setContentsMargins(0, step, 0, 0)
            if problem.link:
                more = layouts.push(t("Read more…"), name="read_more")
                more.setToolTip(problem.link)
                more.clicked.connect(lambda: self.link_clicked.emit(QUrl(problem.link)))
                buttons.addWidget(more)
            if problem.details:
                self._add_details(buttons)
            buttons.addStretch(1)
            texts.addLayout(buttons)
        close = layouts.tool(theme, "x", t("Dismiss"), name="dismiss")
        close.clicked.connect(self.dismiss)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _add_details(self, buttons: QHBoxLayout) -> None:
        details = layouts.push(t("Details…"), name="details")
        details.clicked.connect(self._show_details)
        buttons.addWidget(details)
        copy = layouts.push(t("Copy details"), name="copy_details")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.problem.details))
        buttons.addWidget(copy)

    def _show_details(self) -> None:
        open_dialog(ProblemDialog(self.problem, self.window()), self.window())

    def dismiss(self) -> None:
        """Take the message away."""
        self.hide()
        self.setParent(None)
        self.dismissed.emit()
        self.deleteLater()


class Banners(QScrollArea):
    """The latest messages, newest first; the same one is not shown twice. They scroll where they would take much."""

    link_clicked = Signal(QUrl)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        step = layouts.unit(self)
        self._content = QWidget()
        layouts.scrolls(self, self._content)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._column = layouts.column(self._content, spacing=1)
        self._column.setContentsMargins(step * 4, step * 2, step * 4, step)
        self.hide()

    def show_problem(self, problem: Problem) -> None:
        """Show a message."""
        banners = self.banners()
        for banner in banners:
            if (banner.problem.title, banner.problem.message) == (problem.title, problem.message):
                banner.dismiss()
        for banner in self.banners()[_MOST - 1 :]:
            banner.dismiss()
        banner = Banner(self._theme, problem)
        banner.dismissed.connect(self._hide_when_empty)
        banner.link_clicked.connect(self.link_clicked)
        insert(self._column, 0, banner)
        self.updateGeometry()
        self.show()
        announce(self, banner.accessibleName(), at_once=problem.severity == "error")

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """All of it, or as much as leaves most of the window to what it stands above."""
        # The content is never lower than its hint, also where its texts would need less at this width.
        wanted = max(self._column.totalHeightForWidth(width), self._column.totalMinimumSize().height())
        return min(wanted, round(self.window().height() * _SHARE))

    def _hide_when_empty(self) -> None:
        self.updateGeometry()
        self.setVisible(bool(self.banners()))

    def banners(self) -> list[Banner]:
        """What is shown, newest first."""
        items = (self._column.itemAt(at) for at in range(self._column.count()))
        return [banner for item in items if item is not None and isinstance(banner := item.widget(), Banner)]
