"""The calibrate dialog: questions at the left, scores and limit at the right; apply, revert, undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QToolButton, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.banner import Banners
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.calibrate.edits import Edit, Limit
from hxd_desktop.ui.calibrate.examples_pane import ExamplesPane
from hxd_desktop.ui.calibrate.limit_pane import LimitPane
from hxd_desktop.ui.calibrate.session import CalibrateSession
from hxd_desktop.ui.halves import Halves
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.room import Dialog
from hxd_desktop.ui.theme import Theme


class CalibrateDialog(Dialog):
    """Teaches one library's gate. What is done here takes effect at once and can be taken back while it is open."""

    def __init__(
        self, theme: Theme, bridge: Bridge, libraries: list[str], library: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("Calibrate"))
        self._theme = theme
        self.session = CalibrateSession(bridge, library, self)
        step = layouts.unit(self)
        self.banners = Banners(theme)
        self.session.problem.connect(self.banners.show_problem)
        self.library = QComboBox()
        self.library.setAccessibleName(t("Library"))
        self.library.addItems(libraries)
        self.library.setCurrentText(library)
        self.library.currentTextChanged.connect(self.session.show_library)
        self.examples = ExamplesPane(theme, self.session)
        self.limit = LimitPane(theme, self.session)
        outer = layouts.column(self)
        outer.addWidget(self.banners)
        content = QWidget()
        box = layouts.column(content, margin=4, spacing=3)
        box.addLayout(self._head(step))
        halves = Halves(self.examples, self.limit, (96, 104))
        box.addWidget(layouts.scroll(halves), 1)
        box.addLayout(self._foot(step))
        outer.addWidget(content, 1)
        self.resize(step * 240, step * 156)
        self.examples.question.setFocus()
        self.session.changed.connect(self._refresh)
        self.session.busy_changed.connect(self._refresh)
        self.limit.limit_moved.connect(self._refresh)
        self.session.load()
        self._refresh()

    def _head(self, step: int) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(step * 2)
        head.addWidget(layouts.label(t("Library"), "title"))
        head.addWidget(self.library)
        self._busy = QProgressBar(textVisible=False)
        self._busy.setRange(0, 0)
        self._busy.setFixedWidth(step * 20)
        self._busy.setAccessibleName(t("Learning"))
        self._doing = layouts.label(t("Learning"), "small")
        head.addStretch(1)
        head.addWidget(self._doing)
        head.addWidget(self._busy)
        steps = self.session.steps
        self._undo = self._step_button("undo-2", t("Undo"), "Ctrl+Z", steps.undo)
        self._redo = self._step_button("redo-2", t("Redo"), "Ctrl+Shift+Z", steps.redo)
        head.addWidget(self._undo)
        head.addWidget(self._redo)
        steps.indexChanged.connect(self._show_steps)
        self._show_steps()
        return head

    def _step_button(self, icon: str, text: str, keys: str, then: Callable[[], object]) -> QToolButton:
        button = layouts.tool(self._theme, icon, text)
        button.clicked.connect(lambda _=False: then())
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False: then())
        self.addAction(action)
        return button

    def _show_steps(self) -> None:
        steps = self.session.steps
        for button, can, name, keys in (
            (self._undo, steps.canUndo(), steps.undoText(), "Ctrl+Z"),
            (self._redo, steps.canRedo(), steps.redoText(), "Ctrl+Shift+Z"),
        ):
            button.setEnabled(can)
            button.setToolTip(f"{button.accessibleName()}: {name} ({keys})" if name else button.accessibleName())

    def _foot(self, step: int) -> QHBoxLayout:
        self.suggested = layouts.push(t("Follow the questions"), name="use_suggested")
        self.suggested.setToolTip(t("Take the suggested limit, and keep to it as questions are added"))
        self.suggested.clicked.connect(lambda: self._set_limit(None))
        self.revert = layouts.push(t("Revert"), name="revert")
        self.revert.clicked.connect(self.limit.revert)
        self.apply = layouts.push(t("Apply the limit"), "primary", name="apply")
        self.apply.clicked.connect(lambda: self._set_limit(self.limit.limit))
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setSpacing(step * 2)
        foot.addWidget(close)
        foot.addStretch(1)
        for button in (self.suggested, self.revert, self.apply):
            foot.addWidget(button)
        return foot

    def _set_limit(self, value: float | None) -> None:
        self.session.do(t("Change the limit"), Edit(limit=Limit(value)))

    def _refresh(self) -> None:
        moved, calibration = self.limit.is_moved(), self.session.calibration
        for widget in (self._busy, self._doing):
            widget.setVisible(self.session.busy)
        self.revert.setEnabled(moved)
        self.apply.setEnabled(moved and not self.session.busy)
        by_hand = calibration is not None and calibration.by_hand
        self.suggested.setEnabled(by_hand and not self.session.busy)
