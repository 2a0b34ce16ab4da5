"""When the page of the first run is shown: once, in a window that has never had anything to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hxd_desktop.ui.welcome import FirstSteps, Welcome

if TYPE_CHECKING:
    from hxd_desktop.ui.main_window import MainWindow

_SEEN = "welcomed"


def welcome_of(window: MainWindow) -> Callable[[], Welcome] | None:
    """Return what makes the page, or None where it was seen already; it never comes a second time."""
    state = window.services.state
    if state.flag(_SEEN, default=False):
        return None

    def make() -> Welcome:
        state.set(_SEEN, True)
        state.save()
        services = window.services

        def write() -> None:
            window.page.composer.edit.setFocus()

        steps = FirstSteps(
            choose_model=lambda: window.pages.show_page("models"),
            add_folder=window.libraries.choose_folder,
            add_samples=window.add_samples,
            ask=services.session.ask,
            write=write,
        )
        welcome = Welcome(steps, services.language.code)
        welcome.skipped.connect(window.page.end_welcome)
        services.bridge.libraries.connect(welcome.show_libraries)
        welcome.show_libraries(services.libraries.libraries)
        return welcome

    return make
