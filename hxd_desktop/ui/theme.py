"""Applies a palette to the application: colours, style sheet, font, icons."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from hxd_desktop.engine import paths
from hxd_desktop.ui.fonts import POINTS, use_fonts
from hxd_desktop.ui.palette import DARK, LIGHT, Palette
from hxd_desktop.ui.stylesheet import stylesheet


class Theme(QObject):
    """The look of the application, "light", "dark" or following the "system".

    Widgets that paint or write colours themselves take them from `palette` and listen to `changed`.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system", points: float = POINTS) -> None:
        """`points`: the size of the font where the platform has none of its own."""
        super().__init__()
        self._app = app
        self._choice = ""
        self.palette: Palette = LIGHT
        use_fonts(app, points)
        self.use(choice)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def use(self, choice: str) -> None:
        """Show the "light" or "dark" theme, or the "system" one."""
        self._choice = choice
        hints = self._app.styleHints()
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        hints.setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
        self._apply({"light": LIGHT, "dark": DARK}.get(choice) or self._system_palette())

    def detach(self) -> None:
        """Stop following the system; call before the application goes."""
        self._app.styleHints().colorSchemeChanged.disconnect(self._system_changed)

    def _system_palette(self) -> Palette:
        return DARK if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _system_changed(self) -> None:
        if self._choice not in ("light", "dark"):
            self._apply(self._system_palette())

    def _apply(self, palette: Palette) -> None:
        self.palette = palette
        if self._app.style().objectName() != "fusion":
            self._app.setStyle("fusion")
        self._app.setPalette(_qt_palette(palette))
        self._app.setStyleSheet(stylesheet(palette, self._app.font(), paths.assets() / "icons"))
        self.changed.emit()

    def icon(self, name: str, colour: str | None = None) -> QIcon:
        """The icon `name` of `assets/icons` in `colour` (the secondary ink by default), greyed where disabled."""
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        return _icon(name, colour or self.palette.muted, self.palette.muted, ratio, _icon_sizes(self._app.font()))

    def pixmap(self, name: str, size: int, colour: str) -> QPixmap:
        """The icon `name` as a picture of `size` logical pixels."""
        return _render(name, colour, size, QGuiApplication.primaryScreen().devicePixelRatio())


def small_font(font: QFont, factor: float = 0.9) -> QFont:
    """A copy of `font`, scaled."""
    scaled = QFont(font)
    scaled.setPointSizeF(font.pointSizeF() * factor)
    return scaled


def _qt_palette(colours: Palette) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, colours.window),
        (roles.WindowText, colours.text),
        (roles.Base, colours.base),
        (roles.AlternateBase, colours.side),
        (roles.Text, colours.text),
        (roles.Button, colours.base),
        (roles.ButtonText, colours.text),
        (roles.BrightText, colours.on_accent),
        (roles.ToolTipBase, colours.raised),
        (roles.ToolTipText, colours.text),
        (roles.PlaceholderText, colours.muted),
        (roles.Highlight, colours.accent),
        (roles.HighlightedText, colours.on_accent),
        (roles.Accent, colours.accent),
        (roles.Link, colours.accent),
        (roles.LinkVisited, colours.accent),
        (roles.Mid, colours.line),
        (roles.Midlight, colours.raised),
        (roles.Dark, colours.line),
        (roles.Light, colours.base),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return palette


def _icon_sizes(font: QFont) -> tuple[int, ...]:
    """The sizes in which icons are shown: in menus, beside texts, alone, on the rail."""
    line = QFontMetricsF(font).height()
    return tuple(sorted({16, round(line * 0.8), round(line), round(line * 1.5)}))


@cache
def _icon(name: str, colour: str, disabled: str, ratio: float, sizes: tuple[int, ...]) -> QIcon:
    icon = QIcon()
    for size in sizes:
        icon.addPixmap(_render(name, colour, size, ratio), QIcon.Mode.Normal)
        icon.addPixmap(_render(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return icon


@cache
def _svg(name: str) -> bytes:
    return (paths.assets() / "icons" / f"{name}.svg").read_bytes()


def _render(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(_svg(name).replace(b"currentColor", colour.encode())).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
