"""The style sheet, made from a palette and a font; sizes follow the font."""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtGui import QFont, QFontMetricsF

from hxd_desktop.ui.palette import Palette

# Dynamic properties used by the widgets: `role` for what a text or frame is, `kind` for what a button does.
_SHEET = Template(
    """
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: ${s}px; }
QMainWindow, QDialog { background: $window; }
QMenuBar { background: $side; border-bottom: 1px solid $line; padding: 1px ${s}px; }
QMenuBar::item { background: transparent; padding: ${s}px ${m}px; border-radius: ${s}px; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $base; border: 1px solid $line; padding: ${s}px; }
QMenu::item { padding: ${s}px ${l}px ${s}px ${m}px; border-radius: ${s}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::icon { padding-left: ${m}px; }
QMenu::separator { height: 1px; background: $line; margin: ${s}px; }
QSplitter::handle { background: $line; }
QScrollArea, QScrollArea > QWidget > QWidget#content { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: ${bar}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${bar}px; margin: 0; }
QScrollBar::handle { background: $track; border-radius: ${barhalf}px; margin: 2px; min-height: ${l}px; min-width: ${l}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none; width: 0; height: 0; }

QFrame[role="side"] { background: $side; border: none; }
QFrame[role="card"] { background: $base; border: 1px solid $line; border-radius: ${r}px; }
QFrame[role="card"][chosen="true"] { border-color: $accent; }
QFrame[role="card"]:focus { border-color: $accent; }
QFrame[role="line"] { background: $line; border: none; }
QFrame[role="question"] { background: $accent_soft; border: none; border-radius: ${r}px; }
QFrame[role="answer"] { background: $base; border: 1px solid $line; border-radius: ${r}px; }
QFrame[role="answer"][verdict="refuse"] { border-left: 3px solid $refuse; }
QFrame[role="answer"][verdict="bad"] { border-left: 3px solid $bad; }
QFrame[role="answer"][verdict="good"] { border-left: 3px solid $good; }
QFrame[role="banner"] { border-radius: ${r}px; border: 1px solid $line; background: $raised; }
QFrame[role="banner"][severity="error"] { background: $bad_soft; border-color: $bad; }
QFrame[role="banner"][severity="warning"] { background: $refuse_soft; border-color: $refuse; }
QFrame[role="drop"] { background: $accent_soft; border: 2px dashed $accent; border-radius: ${r}px; }

QLabel[role="title"] { font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; font-size: ${heading}pt; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="section"] { color: $muted; font-weight: 600; font-size: ${small}pt; }
QLabel[role="small"] { color: $muted; font-size: ${small}pt; }
QLabel[ink="good"] { color: $good; }
QLabel[ink="refuse"] { color: $refuse; }
QLabel[ink="bad"] { color: $bad; }
QLabel[role="number"] { background: $accent_soft; color: $accent; border-radius: ${s}px; padding: 1px ${s}px; font-weight: 600; }

QPushButton { background: $base; color: $text; border: 1px solid $line; border-radius: ${b}px; padding: ${s}px ${m}px; min-height: ${row}px; }
QPushButton:hover { background: $raised; }
QPushButton:pressed { background: $track; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $muted; background: $window; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $track; color: $muted; border-color: $track; }
QPushButton[kind="flat"] { background: transparent; border: 1px solid transparent; text-align: left; }
QPushButton[kind="flat"]:hover { background: $raised; }
QPushButton[kind="flat"]:focus { border-color: $accent; }
QPushButton[kind="chip"] { background: transparent; border: 1px solid $line; border-radius: ${chip}px; color: $muted; padding: 0 ${m}px; min-height: ${chiprow}px; }
QPushButton[kind="chip"]:hover { background: $raised; }
QPushButton[kind="chip"]:checked { background: $accent_soft; color: $accent; border-color: $accent_soft; }
QPushButton[kind="chip"]:focus { border-color: $accent; }
QPushButton[kind="link"] { background: transparent; border: none; color: $accent; padding: 0; text-align: left; min-height: 0; }
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:focus { text-decoration: underline; }
QPushButton[kind="link"][ink="bad"] { color: $bad; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: ${s}px; padding: ${tool}px; color: $muted; }
QToolButton:hover { background: $raised; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QComboBox { background: $base; border: 1px solid $line; border-radius: ${b}px; padding: ${s}px ${m}px; min-height: ${row}px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QComboBox:focus { border-color: $accent; }
QComboBox::drop-down { border: none; width: ${l}px; }
QComboBox::down-arrow { image: url("$icons/chevron-down.svg"); width: ${icon}px; height: ${icon}px; }
QComboBox QAbstractItemView { background: $base; border: 1px solid $line; selection-background-color: $accent_soft; selection-color: $text; outline: none; }
QFrame[role="composer"] { background: $base; border: 1px solid $line; border-radius: ${r}px; }
QFrame[role="composer"][focused="true"] { border-color: $accent; }
QFrame[role="composer"] QPlainTextEdit { background: transparent; border: none; }
QTextBrowser { background: transparent; border: none; selection-background-color: $accent; selection-color: $on_accent; }
QListView, QTableView { background: transparent; border: none; outline: none; }
QListView::item { border-radius: ${b}px; }
QTableView { background: $base; border: 1px solid $line; border-radius: ${r}px; gridline-color: $line; selection-background-color: $accent_soft; selection-color: $text; }
QHeaderView { background: transparent; }
QHeaderView::section { background: $side; color: $muted; border: none; border-bottom: 1px solid $line; padding: ${s}px ${m}px; font-weight: 600; }
QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: ${s}px ${m}px; margin-right: ${s}px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 600; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QProgressBar { background: $track; border: none; border-radius: ${half}px; max-height: ${bar3}px; min-height: ${bar3}px; }
QProgressBar::chunk { background: $accent; border-radius: ${half}px; }
QProgressBar[paused="true"]::chunk { background: $muted; }
QStatusBar { background: $side; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
"""
)


def stylesheet(palette: Palette, font: QFont, icons: Path) -> str:
    """Fill the sheet with the colours of `palette` and sizes that are multiples of `font`'s line."""
    metrics = QFontMetricsF(font)
    unit = metrics.height() / 4  # a quarter of a line: the grid's step
    points = font.pointSizeF()
    bar = round(unit * 0.5) * 3
    row = round(metrics.height() * 1.1)
    chip_row = round(metrics.height() * 1.25)
    colours = {name: getattr(palette, name) for name in palette.__slots__}
    return _SHEET.substitute(
        colours,
        icons=icons.as_posix(),
        s=round(unit),
        m=round(unit * 2),
        l=round(unit * 5),
        r=round(unit * 2),
        b=round(unit * 1.5),
        tool=max(2, round(unit * 0.75)),
        bar=max(8, bar),
        barhalf=max(8, bar) // 2 - 2,
        bar3=max(3, round(unit * 0.9)),
        half=max(1, round(unit * 0.45)),
        icon=round(metrics.height() * 0.8),
        row=row,
        chip=chip_row // 2 + 1,
        chiprow=chip_row,
        small=round(points * 0.9, 1),
        heading=round(points * 1.3, 1),
    )
