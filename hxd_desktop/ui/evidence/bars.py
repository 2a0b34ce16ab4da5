"""Short bars with a name and a value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.evidence.reading import Bar
from hxd_desktop.ui.gauge import GaugeBar
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme

_WIDEST = 100  # in steps of the grid


class Bars(QWidget):
    """A table of bars: name, bar with a tick at what is usual, value."""

    def __init__(self, theme: Theme, bars: Sequence[Bar], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = layouts.unit(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(step * 2)
        grid.setVerticalSpacing(step // 2)
        grid.setColumnStretch(0, 1)
        self.setMaximumWidth(step * _WIDEST)  # a bar far from its name is hard to read
        for row, bar in enumerate(bars):
            name = layouts.label(bar.name, "small", wrap=True)
            name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            grid.addWidget(name, row, 0)
            if bar.fraction is not None:
                drawn = GaugeBar(theme, lines=4.5)
                drawn.show_value(bar.fraction, bar.usual, bar.tone)
                reading = f"{bar.name}: {formats.score(bar.value)}"
                if bar.usual is not None:
                    reading = t("{reading}, usually {usual}", reading=reading, usual=formats.score(bar.usual))
                    drawn.setToolTip(reading)
                drawn.setAccessibleName(reading)
                grid.addWidget(drawn, row, 1)
            value = layouts.label(formats.score(bar.value), "small")
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("00.00"))
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(value, row, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
