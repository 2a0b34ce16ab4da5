"""Which font families draw what: Latin letters and marks by a Latin font, Han characters by a Chinese one behind it.

Chinese fonts hold Latin letters too, and draw quotation marks and apostrophes as wide as a character: where the system
puts such a font first, English would be full of holes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication

# Simplified forms first: a bare fallback may draw Han characters in their Japanese shapes.
_HAN = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
)
_LATIN = ("Inter", "Segoe UI", "Helvetica Neue", "Noto Sans", "Ubuntu", "Cantarell", "Liberation Sans", "DejaVu Sans")
_FIXED = (
    "Cascadia Mono",
    "Consolas",
    "Menlo",
    "Noto Sans Mono",
    "Ubuntu Mono",
    "Liberation Mono",
    "DejaVu Sans Mono",
)


POINTS = 10.0  # where the platform has no font of its own


def families_for(chosen: str, latin: Sequence[str], installed: Collection[str], *, holds_han: bool) -> list[str]:
    """Return the families in the order in which a letter is looked for in them.

    Args:
        chosen: What the system draws with.
        latin: Families without Han characters, the best first.
        installed: What there is.
        holds_han: `chosen` draws Han characters itself, so it has to stand behind a Latin one.
    """
    before = next(([family] for family in latin if family in installed), []) if holds_han else []
    return list(dict.fromkeys([*before, chosen, *(family for family in _HAN if family in installed)]))


def use_fonts(app: QApplication, points: float) -> None:
    """Give the application its font; `points` where the platform has none of its own (no desktop)."""
    font = app.font()
    if app.platformName() in ("offscreen", "minimal"):
        installed = set(QFontDatabase.families())
        plain = ("Inter", "Noto Sans", *_HAN, "DejaVu Sans")
        font.setFamily(next((family for family in plain if family in installed), font.family()))
        font.setPointSizeF(points)
    font.setFamilies(_behind(font, _LATIN))
    app.setFont(font)


def fixed_font() -> QFont:
    """The font for code and logs."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies(fixed_families())
    return font


def fixed_families() -> list[str]:
    """The families for code."""
    return _behind(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont), _FIXED)


def _behind(font: QFont, latin: Sequence[str]) -> list[str]:
    chosen = QFontInfo(font).family()  # the font that a name like "Sans" stands for
    holds_han = QFontDatabase.WritingSystem.SimplifiedChinese in QFontDatabase.writingSystems(chosen)
    return families_for(chosen, latin, set(QFontDatabase.families()), holds_han=holds_han)
