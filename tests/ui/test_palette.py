"""Both themes can be read."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication

from hxd_desktop.engine import paths
from hxd_desktop.ui.palette import DARK, LIGHT, TEXT_PAIRS, Palette, contrast
from hxd_desktop.ui.stylesheet import stylesheet
from hxd_desktop.ui.theme import Theme


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#abcdef", "#abcdef") == 1.0


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_every_ink_is_readable_on_its_surface(palette: Palette) -> None:
    poor = {
        pair: round(contrast(getattr(palette, pair[0]), getattr(palette, pair[1])), 2)
        for pair in TEXT_PAIRS
        if contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_the_style_sheet_uses_no_colour_of_its_own(qapp: QApplication, palette: Palette) -> None:
    sheet = stylesheet(palette, qapp.font(), paths.assets() / "icons")
    known = {getattr(palette, name) for name in palette.__slots__} | {f"#d0{palette.accent_soft[1:]}"}
    assert set(re.findall(r"#[0-9a-f]{6,8}", sheet)) <= known
    assert "$" not in sheet


def test_a_theme_is_switched_and_told(qtbot: object, theme: Theme) -> None:
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.palette.name))
    theme.use("dark")
    theme.use("light")
    assert told == ["dark", "light"]


def test_icons_are_drawn_in_the_colour_asked_for(theme: Theme) -> None:
    image = theme.pixmap("square", 24, "#ff0000").toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 200
    }
    assert colours == {"#ff0000"}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_the_arrow_of_a_list_has_the_ink_of_its_theme(palette: Palette) -> None:
    arrow = (paths.assets() / "icons" / f"chevron-down-{palette.name}.svg").read_text(encoding="utf-8")
    assert f'stroke="{palette.muted}"' in arrow
