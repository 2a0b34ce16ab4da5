"""The window's pages in the order of the rail; one more line here is one more page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.navigation import Page

if TYPE_CHECKING:
    from hxd_desktop.ui.main_window import MainWindow


def page_list(window: MainWindow) -> list[Page]:
    """Return the pages of `window`; each is built when it is first shown."""
    return [
        Page("chat", t("Chat"), "messages-square", lambda: window.page),
        Page("search", t("Search"), "search", lambda: _search(window), alone=True),
        Page("models", t("Models"), "box", lambda: _models(window), wide=True),
    ]


def _search(window: MainWindow) -> QWidget:
    from hxd_desktop.ui.search.page import SearchPage, SearchWishes

    services = window.services
    wishes = SearchWishes(
        window.ask_about,
        window.open_document,
        window.show_in_folder,
        window.libraries.choose_folder,
        window.show_passage,
        window.copy_link,
    )
    return SearchPage(services.theme, services.bridge, services.libraries, wishes)


def _models(window: MainWindow) -> QWidget:
    from hxd_desktop.ui.manage.page import ModelsPage

    return ModelsPage(window.services.theme, window.services.models, lambda: window.dialogs.settings("network"))
