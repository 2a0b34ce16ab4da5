"""The window's colours, light and dark; each stands for one meaning and is used for nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme as "#rrggbb".

    Surfaces: `window` (behind everything), `side` (side columns), `base` (cards, fields), `raised` (hover, chips).
    Ink: `text`, `muted` (secondary), `accent` (links, what is chosen) and `on_accent` upon it.
    Meaning: `good` (answered), `refuse` (refused), `bad` (failed), each readable on every surface;
    `*_soft` are their backgrounds. `mark` is behind matched words. `line` separates, `track` is an empty bar, `edge` is
    around what can be filled in or dragged.
    """

    name: str
    window: str
    side: str
    base: str
    raised: str
    line: str
    edge: str
    track: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    on_accent: str
    good: str
    good_soft: str
    refuse: str
    refuse_soft: str
    bad: str
    bad_soft: str
    mark: str


LIGHT = Palette(
    name="light",
    window="#f7f8fa",
    side="#eff1f4",
    base="#ffffff",
    raised="#e6e9ee",
    line="#d9dde3",
    edge="#7a818d",
    track="#dfe3e9",
    text="#1b1f26",
    muted="#515a67",
    accent="#2f55c8",
    accent_soft="#e6ecfb",
    on_accent="#ffffff",
    good="#15673a",
    good_soft="#e3f3e9",
    refuse="#865000",
    refuse_soft="#fbf0dc",
    bad="#a8241b",
    bad_soft="#fbe9e7",
    mark="#ffe9a8",
)

DARK = Palette(
    name="dark",
    window="#17191e",
    side="#1c1f25",
    base="#22252c",
    raised="#2d3139",
    line="#363b45",
    edge="#7d8492",
    track="#3a404b",
    text="#e7e9ed",
    muted="#a7aeba",
    accent="#9db4ff",
    accent_soft="#2a3352",
    on_accent="#141823",
    good="#63cf95",
    good_soft="#1d3529",
    refuse="#e7b75c",
    refuse_soft="#3a301c",
    bad="#ff9a90",
    bad_soft="#40231f",
    mark="#5c4a12",
)

_INK = ("text", "muted", "accent", "good", "refuse", "bad")
_SURFACES = ("window", "side", "base", "raised")

# Every pair of ink and surface that the window draws; a test holds each to a contrast of at least 4.5.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, surface) for ink in _INK for surface in _SURFACES),
    ("on_accent", "accent"),
    ("text", "mark"),
    ("text", "accent_soft"),
    ("muted", "accent_soft"),
    ("accent", "accent_soft"),
    ("good", "good_soft"),
    ("refuse", "refuse_soft"),
    ("bad", "bad_soft"),
    ("text", "good_soft"),
    ("text", "refuse_soft"),
    ("text", "bad_soft"),
    ("muted", "refuse_soft"),
    ("muted", "bad_soft"),
    ("text", "track"),
)

# What is no text but tells something, beside what it stands on: at least 3 (WCAG 2.2, 1.4.11). Texts of what cannot be
# used need no contrast there; here they have as much as this.
GRAPHIC_PAIRS: tuple[tuple[str, str], ...] = (
    *((graphic, surface) for graphic in ("edge", "accent") for surface in _SURFACES),  # fields, the focus
    *((ink, "track") for ink in ("good", "refuse", "bad", "muted", "accent", "text")),  # bars and the tick of a limit
    *((ink, "accent_soft") for ink in ("edge", "accent")),  # the focus on what is chosen
    ("muted", "track"),
    ("muted", "window"),
)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
