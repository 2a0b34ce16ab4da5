"""Fills the style sheet `style.qss` with a palette and a font; sizes follow the font."""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtGui import QFont, QFontMetricsF

from hxd_desktop.ui.palette import Palette


def stylesheet(palette: Palette, font: QFont, icons: Path) -> str:
    """Fill the sheet with the colours of `palette` and sizes that are multiples of `font`'s line."""
    metrics = QFontMetricsF(font)
    unit = metrics.height() / 4  # a quarter of a line: the grid's step
    points = font.pointSizeF()
    bar = round(unit * 0.5) * 3
    row = round(metrics.height() * 1.1)
    chip_row = round(metrics.height() * 1.25)
    colours = {name: getattr(palette, name) for name in palette.__slots__}
    sheet = Path(__file__).with_name("style.qss").read_text(encoding="utf-8")
    return Template(sheet).substitute(
        colours,
        icons=icons.as_posix(),
        veil=f"#d0{palette.accent_soft[1:]}",
        s=round(unit),
        m=round(unit * 2),
        focus_s=max(0, round(unit) - 2),  # what a ring of three pixels takes from the text
        focus_m=max(0, round(unit * 2) - 2),
        cell=round(unit * 2) + 3,  # Qt sets a table's cells three pixels further in than its head
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
