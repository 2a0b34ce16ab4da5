"""A widget for each kind of setting, with one way to read and write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from hxd_desktop.ui import layouts
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.preferences.fields import Field


class _Calm:
    """A wheel that turns over it scrolls the page, unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()


class _Number(_Calm, QSpinBox):
    pass


class _Decimal(_Calm, QDoubleSpinBox):
    pass


class _Choice(_Calm, QComboBox):
    pass


class Editor:
    """Shows the value of a field and takes another; `changed` is called whenever it is edited."""

    def __init__(self, field: Field, changed: Callable[[], object]) -> None:
        self.field = field
        self.widget: QWidget = getattr(self, f"_make_{field.kind}")(changed)
        self.widget.setObjectName(field.path)
        self.widget.setAccessibleName(t(field.label))
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if field.hint:
            self.widget.setAccessibleDescription(t(field.hint))

    @property
    def value(self) -> Any:
        """The value as the settings keep it."""
        widget = self.widget
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        if isinstance(widget, QComboBox):
            return widget.currentData()
        if isinstance(widget, QSpinBox):
            return widget.value() * self.field.scale
        if isinstance(widget, QDoubleSpinBox):
            return widget.value()
        if isinstance(widget, QKeySequenceEdit):
            return widget.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if isinstance(widget, QLineEdit):
            return widget.text().strip()
        assert isinstance(widget, QPlainTextEdit)
        return tuple(line.strip() for line in widget.toPlainText().splitlines() if line.strip())

    @value.setter
    def value(self, value: Any) -> None:
        widget = self.widget
        if isinstance(widget, QCheckBox):
            widget.setChecked(value)
        elif isinstance(widget, QComboBox):
            widget.setCurrentIndex(max(0, widget.findData(value)))
        elif isinstance(widget, QSpinBox):
            widget.setValue(round(value / self.field.scale))
        elif isinstance(widget, QDoubleSpinBox):
            widget.setValue(value)
        elif isinstance(widget, QKeySequenceEdit):
            widget.setKeySequence(QKeySequence.fromString(value, QKeySequence.SequenceFormat.PortableText))
        elif isinstance(widget, QLineEdit):
            widget.setText(value)
        elif isinstance(widget, QPlainTextEdit):
            widget.setPlainText("\n".join(value))

    def _make_switch(self, changed: Callable[[], object]) -> QWidget:
        box = QCheckBox(t(self.field.label))
        box.toggled.connect(lambda _: changed())
        return box

    def _make_choice(self, changed: Callable[[], object]) -> QWidget:
        combo = _Choice()
        for value, name in self.field.choices:
            combo.addItem(t(name), value)
        combo.currentIndexChanged.connect(lambda _: changed())
        return combo

    def _make_number(self, changed: Callable[[], object]) -> QWidget:
        spin = _Number()
        spin.setRange(int(self.field.least), int(self.field.most))
        self._decorate(spin)
        spin.valueChanged.connect(lambda _: changed())
        return spin

    def _make_decimal(self, changed: Callable[[], object]) -> QWidget:
        spin = _Decimal()
        small = self.field.most <= 1
        spin.setDecimals(2 if small else 1)
        spin.setSingleStep(0.05 if small else 1)
        spin.setRange(self.field.least, self.field.most)
        self._decorate(spin)
        spin.valueChanged.connect(lambda _: changed())
        return spin

    def _decorate(self, spin: QSpinBox | QDoubleSpinBox) -> None:
        layouts.pad(spin)
        if self.field.unit:
            spin.setSuffix(f" {t(self.field.unit)}")
        if self.field.special:
            spin.setSpecialValueText(t(self.field.special))

    def _make_keys(self, changed: Callable[[], object]) -> QWidget:
        edit = QKeySequenceEdit()
        edit.setMaximumSequenceLength(1)
        edit.keySequenceChanged.connect(lambda _: changed())
        inside = edit.findChild(QLineEdit)
        if inside is not None:  # that is what has the focus
            inside.setAccessibleName(t(self.field.label))
        return edit

    def _make_line(self, changed: Callable[[], object]) -> QWidget:
        edit = QLineEdit()
        edit.textChanged.connect(lambda _: changed())
        return edit

    def _make_lines(self, changed: Callable[[], object]) -> QWidget:
        edit = QPlainTextEdit()
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(layouts.unit(edit) * 17)
        edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        edit.textChanged.connect(lambda: changed())
        return edit
