"""The line of filters: library, folder, type, language, time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.library.model import Facets, LibraryInfo
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.i18n import mark, t

_TIMES = ((mark("Any time"), 0), (mark("Last 7 days"), 7), (mark("Last 30 days"), 30), (mark("Last year"), 365))
_LANGUAGES = {"zh": mark("Chinese"), "en": mark("English"), "ja": mark("Japanese"), "ko": mark("Korean")}


class FilterBar(QWidget):
    """Five lists; `narrowed` whenever the user chooses something else."""

    narrowed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flow = FlowLayout(self, layouts.unit(self) * 2)
        self.library = self._list(t("Library"))
        self.folder = self._list(t("Folder"))
        self.type = self._list(t("Type"))
        self.language = self._list(t("Language"))
        self.time = self._list(t("Changed"))
        for combo in self._all():
            flow.addWidget(combo)
        self.clear_button = layouts.push(t("Clear filters"), "link", name="clear_filters")
        self.clear_button.clicked.connect(lambda: self.clear())
        flow.addWidget(self.clear_button)
        self._fill(self.time, [(t(text), days) for text, days in _TIMES])
        self.show_libraries([])
        self.show_facets(Facets((), ()))
        self._refresh()

    def _all(self) -> tuple[QComboBox, ...]:
        return self.library, self.folder, self.type, self.language, self.time

    def _list(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.setMaximumWidth(layouts.unit(self) * 60)
        combo.activated.connect(self._chosen)
        return combo

    def _fill(self, combo: QComboBox, items: Sequence[tuple[str, object]]) -> None:
        """Put items in and keep what is chosen, where it still is."""
        before = combo.currentData()
        combo.clear()
        for text, data in items:
            combo.addItem(text, data)
        combo.setCurrentIndex(max(0, combo.findData(before)))
        combo.setVisible(len(items) > 2 or combo is self.time or combo.currentIndex() > 0)

    def show_libraries(self, libraries: Sequence[LibraryInfo]) -> None:
        """Offer libraries and their folders."""
        names = [(library.name, library.name) for library in libraries]
        self._fill(self.library, [(t("All libraries"), None), *names])
        chosen = self.library.currentData()
        folders = sorted({f.path for library in libraries for f in library.folders if chosen in (None, library.name)})
        self._fill(self.folder, [(t("All folders"), None), *((formats.short_path(path), path) for path in folders)])

    def show_facets(self, facets: Facets) -> None:
        """Offer types and languages."""
        types = [(f"{name.upper()} ({formats.count(n)})", name) for name, n in facets.types]
        self._fill(self.type, [(t("All types"), None), *types])
        languages = [(f"{language_name(code)} ({formats.count(n)})", code) for code, n in facets.languages]
        self._fill(self.language, [(t("All languages"), None), *languages])

    @property
    def libraries(self) -> tuple[str, ...]:
        """The libraries that are searched; () is all."""
        name = self.library.currentData()
        return (name,) if name else ()

    @property
    def filters(self) -> Filters:
        """The filters that are chosen."""
        days = self.time.currentData()
        since = (datetime.datetime.now().astimezone() - datetime.timedelta(days=days)).date().isoformat()
        return Filters(
            folder=self.folder.currentData(),
            type=self.type.currentData(),
            since=since if days else None,
            language=self.language.currentData(),
        )

    def clear(self) -> None:
        """Leave nothing out."""
        for combo in self._all():
            combo.setCurrentIndex(0)
        self._chosen()

    def _chosen(self) -> None:
        self._refresh()
        self.narrowed.emit()

    def _refresh(self) -> None:
        self.clear_button.setVisible(any(combo.currentIndex() > 0 for combo in self._all()))


def language_name(code: str) -> str:
    """A language by its name in the window's language, where it is known."""
    if code in _LANGUAGES:
        return t(_LANGUAGES[code])
    name = QLocale(code).nativeLanguageName()
    return name or code
