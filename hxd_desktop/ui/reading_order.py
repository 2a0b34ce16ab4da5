"""Tab goes through a window as it is read: by its layouts, whatever was built first or comes and goes later."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QBoxLayout,
    QButtonGroup,
    QGridLayout,
    QLayout,
    QLayoutItem,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)


class InOrder:
    """For a window: Tab and Shift+Tab follow `stops`; in front of the Qt class."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        assert isinstance(self, QWidget)
        return _go(self, forward=forward)


def stops(window: QWidget) -> list[QWidget]:
    """Return what Tab reaches in a window, in reading order; of buttons of which one is chosen, that one."""
    return [widget for widget in read(window) if _stops_at(widget)]


def read(widget: QWidget) -> Iterator[QWidget]:
    """Go through what is visible in `widget`, itself first, as it is read."""
    yield widget
    for child in _parts(widget):
        if child.isVisible() and not child.isWindow():
            yield from read(child)


def _go(window: QWidget, *, forward: bool) -> bool:
    order, at = stops(window), QApplication.focusWidget()
    if not order:
        return False
    everything = list(read(window))
    place = everything.index(at) if at in everything else -1
    places = {widget: n for n, widget in enumerate(everything)}
    if forward:
        wanted = next((widget for widget in order if places[widget] > place), order[0])
    else:
        wanted = next((widget for widget in reversed(order) if places[widget] < place), order[-1])
    wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return True


def _stops_at(widget: QWidget) -> bool:
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    if not policy or not widget.isEnabled() or widget.isWindow() or widget.focusProxy() is not None:
        return False
    group: QButtonGroup | None = widget.group() if isinstance(widget, QAbstractButton) else None
    if group is not None and group.exclusive():
        return group.checkedButton() in (None, widget)
    return True


def _parts(widget: QWidget) -> list[QWidget]:
    if isinstance(widget, QMainWindow):
        return _known(widget.centralWidget(), widget.statusBar())
    if isinstance(widget, QSplitter):
        return _known(*(widget.widget(at) for at in range(widget.count())))
    if isinstance(widget, QTabWidget):
        return _known(widget.tabBar(), widget.currentWidget())
    if isinstance(widget, QStackedWidget):
        return _known(widget.currentWidget())
    if isinstance(widget, QScrollArea):
        return _known(widget.widget())
    layout = widget.layout()
    return list(_laid_out(layout)) if layout is not None else []


def _known(*widgets: QWidget | None) -> list[QWidget]:
    return [widget for widget in widgets if widget is not None]


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    items = [(_place(layout, at), item) for at in range(layout.count()) if (item := layout.itemAt(at)) is not None]
    for _, item in sorted(items, key=lambda placed: placed[0]):
        yield from _within(item)


def _place(layout: QLayout, at: int) -> tuple[int, int]:
    if isinstance(layout, QGridLayout):
        place: tuple[int, int, int, int] = layout.getItemPosition(at)  # type: ignore[assignment]
        return place[:2]
    return 0, at


def _within(item: QLayoutItem) -> Iterator[QWidget]:
    if (widget := item.widget()) is not None:
        yield widget
    elif (inner := item.layout()) is not None:
        yield from _laid_out(inner)


def insert(box: QBoxLayout, at: int, widget: QWidget) -> None:
    """Put a widget into a layout so that a screen reader, too, comes to it before what follows it there."""
    box.insertWidget(at, widget)
    after = (item.widget() for n in range(at + 1, box.count()) if (item := box.itemAt(n)) is not None)
    following = next((other for other in after if other is not None), None)
    if following is not None:
        widget.stackUnder(following)


def follow_layout(widget: QWidget) -> None:
    """Let a screen reader come to what stands in the layouts of `widget` in their order."""
    _stack(_parts(widget))


def tell_in_order(window: QWidget) -> None:
    """Let a screen reader go through `window` as it is read: Qt puts the parts of some widgets the other way round."""
    for widget in (window, *window.findChildren(QWidget)):
        if isinstance(widget, QMainWindow):
            _stack(_known(widget.menuWidget(), widget.centralWidget(), widget.statusBar()))
        elif isinstance(widget, QSplitter):
            _stack(_known(*(widget.widget(at) for at in range(widget.count()))))
            _stack(
                _known(*(widget.handle(at) for at in range(widget.count())))
            )  # they lie over their neighbours' edges
        elif isinstance(widget, QTabWidget):
            widget.tabBar().lower()
            if (pages := widget.findChild(QStackedWidget, "qt_tabwidget_stackedwidget")) is not None:
                pages.setAccessibleName(widget.accessibleName())


def _stack(widgets: list[QWidget]) -> None:
    for widget in widgets:
        widget.raise_()
