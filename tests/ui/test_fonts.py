"""Which families draw what."""

from __future__ import annotations

from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.fonts import families_for, fixed_families
from hxd_desktop.ui.theme import Theme

LATIN = ("Inter", "Noto Sans")


def test_a_chinese_font_stands_behind_a_latin_one() -> None:
    installed = {"Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei"}
    assert families_for("Noto Sans CJK SC", LATIN, installed, holds_han=True) == [
        "Noto Sans",
        "Noto Sans CJK SC",
        "Microsoft YaHei",
    ]


def test_a_latin_font_stays_first_and_simplified_forms_follow() -> None:
    installed = {"Noto Sans", "Cantarell", "Noto Sans CJK SC"}
    assert families_for("Cantarell", LATIN, installed, holds_han=False) == ["Cantarell", "Noto Sans CJK SC"]


def test_what_is_not_there_is_not_named() -> None:
    assert families_for("WenQuanYi Micro Hei", LATIN, {"WenQuanYi Micro Hei"}, holds_han=True) == [
        "WenQuanYi Micro Hei"
    ]


def test_the_window_is_drawn_with_the_first_of_them(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    assert QFontInfo(qapp.font()).family() == qapp.font().families()[0]
    assert fixed_families()
