"""Both themes can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from hxd_desktop.engine import paths
from hxd_desktop.ui import stylesheet as style
from hxd_desktop.ui.palette import DARK, GRAPHIC_PAIRS, LIGHT, TEXT_PAIRS, Palette, contrast
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
def test_what_is_no_text_stands_out_as_well(palette: Palette) -> None:
    poor = [pair for pair in GRAPHIC_PAIRS if contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) < 3]
    assert poor == []


@dataclass(frozen=True)
class Rule:
    """One selector of the style sheet with the colours of its block, "" where it names none."""

    kind: str  # the class and the part of it
    states: frozenset[str]
    ink: str
    ground: str
    ring: str


def rules() -> list[Rule]:
    sheet = re.sub(r"/\*.*?\*/", "", Path(style.__file__).with_name("style.qss").read_text("utf-8"), flags=re.S)
    found = []
    for selectors, block in re.findall(r"([^{}]+)\{((?:[^{}]|\$\{\w+\})*)\}", sheet):
        values = dict(re.findall(r"([\w-]+):\s*([^;]+);", block))
        ink, ground = (values.get(name, "").strip(" $") for name in ("color", "background"))
        ring = re.search(r"\$(\w+)", values.get("border-color", values.get("border", "")))
        for selector in selectors.split(","):
            last = selector.split()[-1]
            states = frozenset(re.findall(r"\[[^\]]+\]|(?<!:):[\w-]+", last))
            kind = re.sub(r"\[[^\]]+\]|(?<!:):[\w-]+", "", last)
            found.append(Rule(kind, states, ink, ground, ring[1] if ring else ""))
    return found


def cascaded(rule: Rule, name: str, given: str) -> str:
    """The colour that is in force where `rule` applies."""
    said = [getattr(each, name) for each in rules() if each.kind == rule.kind and each.states <= rule.states]
    return next((colour for colour in reversed(said) if colour), given)


SURFACES = ("window", "side", "base", "raised")


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_every_pair_of_the_style_sheet_is_known_and_readable(palette: Palette) -> None:
    poor = []
    for rule in rules():
        ink, ground = cascaded(rule, "ink", "text"), cascaded(rule, "ground", "transparent")
        if not (rule.ink or rule.ground) or ("::" in rule.kind and not rule.kind.endswith(("item", "section", "tab"))):
            continue
        off = ":disabled" in rule.states
        for behind in SURFACES if ground in ("transparent", "none") else (ground,):
            known = off or (ink, behind) in TEXT_PAIRS or behind in ("veil", "line")
            if not known:
                poor.append((rule.kind, ink, behind, "not in TEXT_PAIRS"))
            elif behind not in ("veil", "line") and hasattr(palette, behind):
                measured = contrast(getattr(palette, ink), getattr(palette, behind))
                if measured < (3 if off else 4.5):
                    poor.append((rule.kind, ink, behind, f"{measured:.2f}"))
    assert poor == []


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_the_ring_of_the_focus_is_seen_on_what_it_is_around(palette: Palette) -> None:
    rings = [rule for rule in rules() if ":focus" in rule.states and rule.ring]
    assert len(rings) > 10
    faint = []
    for rule in rings:
        ground = cascaded(rule, "ground", "transparent")
        for behind in SURFACES if ground in ("transparent", "none") else (ground,):
            measured = contrast(getattr(palette, rule.ring), getattr(palette, behind))
            if measured < 3:
                faint.append((rule, behind, round(measured, 2)))
    assert faint == []


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
