"""The main window: conversations and libraries, chat, evidence; menus, status, drops."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QGuiApplication,
    QIcon,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from hxd_desktop.engine import paths as engine_paths
from hxd_desktop.engine import samples
from hxd_desktop.engine.answering.typed_filters import file_filter
from hxd_desktop.engine.viewing import Passage
from hxd_desktop.ui import layouts
from hxd_desktop.ui.actions import Actions
from hxd_desktop.ui.chat.exchange import Exchange
from hxd_desktop.ui.chat.page import ChatPage, Wishes
from hxd_desktop.ui.columns import Columns
from hxd_desktop.ui.commands import commands_of
from hxd_desktop.ui.confirm import confirm
from hxd_desktop.ui.conversations.panel import ConversationPanel
from hxd_desktop.ui.dialogs.opener import Dialogs
from hxd_desktop.ui.drop import DropOverlay, DropTarget
from hxd_desktop.ui.evidence.pane import EvidencePane
from hxd_desktop.ui.first_run import welcome_of
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.library.panel import LibraryPanel
from hxd_desktop.ui.links import link_to
from hxd_desktop.ui.navigation import Page, Pages, Rail
from hxd_desktop.ui.opening import open_document, show_in_folder
from hxd_desktop.ui.page_list import page_list
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.reading_order import InOrder, tell_in_order
from hxd_desktop.ui.remembering import Remembering
from hxd_desktop.ui.search.page import SearchPage
from hxd_desktop.ui.services import Services
from hxd_desktop.ui.status_line import StatusLine

_WIDTHS = (62, 150, 96)  # the columns' shares, in steps of the grid


class MainWindow(InOrder, QMainWindow):
    """Puts the parts together and carries wishes between them."""

    closed = Signal()
    settings_applied = Signal(object)  # Settings
    move_asked = Signal(object)  # MoveWish

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setWindowTitle("HXD Desktop")
        self.setWindowIcon(QIcon(str(engine_paths.assets() / "icons" / "hxd.svg")))
        self.setAcceptDrops(True)
        self.services = services
        self.leaving = False  # closed for good, not only out of sight
        self.dialogs = Dialogs(self)
        self._passage_beside = False  # a page that stands alone shows a passage in its document
        theme, session, bridge = services.theme, services.session, services.bridge
        self.conversations = ConversationPanel(theme, session, services.conversations)
        self.libraries = LibraryPanel(theme, bridge, services.libraries)
        wishes = Wishes(self.libraries.choose_folder, self.add_samples, self._open_again)
        self.page = ChatPage(theme, session, wishes, welcome_of(self))
        self.evidence = EvidencePane(theme, bridge)
        self.pages = Pages(theme, page_list(self))
        self.status = StatusLine(theme, services.libraries)
        self.setStatusBar(self.status)
        self._build_columns()
        self.drop = DropOverlay(theme, lambda at: self.libraries.library_at(at) or self.libraries.target(), self)
        self._drops = DropTarget(
            self, self.drop, lambda: bridge.ready, lambda paths: self.libraries.add_paths(paths, self.drop.library)
        )
        self.menus = self._build_actions()
        self._connect()
        self.pages.show_page("chat")
        self._restore()
        self._keep_remembering()
        if bridge.ready:
            self._opened()
            bridge.refresh_status()
        else:
            self.status.show_opening()
        tell_in_order(self)
        self.page.composer.edit.setFocus()

    # -- building ------------------------------------------------------------------------------------------
    def _build_columns(self) -> None:
        left = layouts.frame("side")
        box = layouts.column(left)
        self._left = QSplitter(Qt.Orientation.Vertical)
        self._left.addWidget(self.conversations)
        self._left.addWidget(self.libraries)
        self._left.setChildrenCollapsible(False)
        self._left.setHandleWidth(1)
        box.addWidget(self._left)
        self.columns = Columns(left, self.pages, self.evidence)
        self.rail = Rail(self.services.theme, self.pages.specs)
        self.rail.add_wish("settings", t("Settings"), "Ctrl+,", self.dialogs.settings)
        whole = QWidget()
        across = layouts.row(whole)
        across.addWidget(self.rail)
        across.addWidget(self.columns, 1)
        self.setCentralWidget(whole)

    def _build_actions(self) -> Actions:
        session = self.services.session
        actions = Actions(self, commands_of(self))
        self.columns.follow(actions.left, actions.right)
        actions.stop.setEnabled(session.running)
        session.running_changed.connect(actions.stop.setEnabled)
        return actions

    def _connect(self) -> None:
        bridge, session, view = self.services.bridge, self.services.session, self.page.view
        bridge.opened.connect(self._opened)
        bridge.open_failed.connect(self._open_failed)
        bridge.libraries.connect(self._libraries_known)
        bridge.status.connect(self.status.show_status)
        bridge.problem.connect(self.pages.banners.show_problem)
        self.pages.banners.link_clicked.connect(self._follow_link)
        for told in (self.services.updates.newer, self.services.updates.failed):
            told.connect(self.pages.banners.show_problem)
        self.rail.chosen.connect(self.pages.show_page)
        self.pages.changed.connect(self._page_changed)
        session.finished.connect(lambda row: self._show_exchange(session.model.exchanges[row]))
        session.model.modelReset.connect(self._show_last)
        session.conversation_changed.connect(lambda _: self.pages.show_page("chat"))
        view.chosen.connect(self._show_exchange)
        view.citation_clicked.connect(self.show_evidence)
        view.why_asked.connect(self.show_why)
        view.retry_asked.connect(self.ask_again)
        view.edited.connect(lambda exchange, text: session.ask(text, instead_of=exchange))
        view.branch_asked.connect(session.step_branch)
        view.judged.connect(session.judge)
        session.revealed.connect(view.reveal)
        session.exported.connect(self._say_saved)
        view.link_clicked.connect(self._follow_link)
        self.evidence.open_asked.connect(self.open_document)
        self.evidence.anyway_asked.connect(lambda exchange: self.ask_again(exchange, True))
        self.evidence.document.link_clicked.connect(self._follow_link)
        self.evidence.calibrate_asked.connect(self.dialogs.calibrate)
        self.evidence.link_asked.connect(self.copy_link)
        self.evidence.folder_asked.connect(self.libraries.choose_folder)
        self.libraries.renamed.connect(session.library_renamed)
        self.libraries.files_asked.connect(self.dialogs.files)
        self.libraries.ignore_asked.connect(self.dialogs.ignore)
        self.libraries.calibrate_asked.connect(self.dialogs.calibrate)
        self.libraries.evaluate_asked.connect(self.dialogs.evaluate)
        self._show_last()

    # -- the engine's state ------------------------------------------------------------------------------
    def _opened(self) -> None:
        # A new start waits until the libraries are told: nobody who has some is to be asked for documents.
        if self.services.libraries.libraries:
            self._libraries_known(self.services.libraries.libraries)

    def _open_failed(self, problem: Problem) -> None:
        self.page.show_open_failed(problem)
        self.status.activity.setText(problem.title)

    def _open_again(self) -> None:
        self.page.show_opening()
        self.status.show_opening()
        self.services.bridge.open(self.services.named)

    def _libraries_known(self, libraries: list) -> None:
        self.page.show_ready(has_folders=any(library.folders for library in libraries))

    def _page_changed(self, page: Page) -> None:
        self._passage_beside = False
        self.rail.show_chosen(page.key)
        self._show_columns()

    def _make_room(self) -> None:
        """Leave a page that has taken the place of the side columns."""
        if self.pages.current.wide or self.pages.current.alone:
            self.pages.show_page("chat")

    def _show_columns(self) -> None:
        """Leave room for the side columns, unless the page takes their place."""
        page = self.pages.current
        self.columns.allow(left=not page.wide, right=not page.wide and (not page.alone or self._passage_beside))

    # -- wishes ---------------------------------------------------------------------------------------------
    def leave(self) -> None:
        """Close for good."""
        self.leaving = True
        self.close()

    def new_chat(self) -> None:
        """Start an empty conversation."""
        self.pages.show_page("chat")
        self.services.session.new()
        self.page.composer.edit.setFocus()

    def write_question(self) -> None:
        """Go to where a question is written."""
        self.pages.show_page("chat")
        self.page.composer.edit.setFocus()

    def search_documents(self) -> None:
        """Go to the search page."""
        page = self.pages.show_page("search")
        assert isinstance(page, SearchPage)
        page.focus_search()

    def ask_about(self, query: str, path: str) -> None:
        """Begin a chat with what was searched for, limited to a document; the user changes it and sends it."""
        self.new_chat()
        self.page.composer.begin(query, file_filter("/".join(Path(path).parts[-2:])))

    def add_samples(self) -> None:
        """Add the sample documents."""
        self.libraries.add_paths([str(samples.documents())])

    def open_document(self, path: str) -> None:
        """Open a document in its own program."""
        self.tell(open_document(path))

    def show_passage(self, passage: Passage) -> None:
        """Show a passage in its document, beside the page that asks for it."""
        if self.pages.current.wide:
            self._make_room()
        self._passage_beside = True
        self.menus.right.setChecked(True)
        self._show_columns()
        self.evidence.show_passage(passage)

    def copy_link(self, passage: Passage) -> None:
        """Put a link to a passage on the clipboard."""
        QGuiApplication.clipboard().setText(link_to(passage))

    def show_in_folder(self, path: str) -> None:
        """Show the folder that holds a file."""
        self.tell(show_in_folder(path))

    def tell(self, problem: Problem | None) -> None:
        """Show a message, if there is one."""
        if problem is not None:
            self.pages.banners.show_problem(problem)

    def focus_column(self, widget: QWidget, column: int) -> None:
        """Go to a part of a side column, 0 left or 1 right, shown if it was not."""
        self._make_room()
        (self.menus.left if column == 0 else self.menus.right).setChecked(True)
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask_again(self, exchange: Exchange | None, force: bool) -> None:
        """Ask a question once more; `force` overrules the gate."""
        if exchange is not None:
            self.services.session.ask(exchange.question, force=force, instead_of=exchange)

    def copy_answer(self) -> None:
        """Copy the answer whose evidence is shown."""
        for view in self.page.view.exchange_views():
            if view.exchange is self.evidence.exchange:
                view.copy()

    def _say_saved(self, path: str) -> None:
        where = t("It lies at {path}.", path=path)
        self.pages.banners.show_problem(Problem(t("The chat is saved"), where, severity="info"))

    def _follow_link(self, url: QUrl) -> None:
        question = t("Open this link in your browser? It may use the network.")
        if url.scheme() in ("http", "https") and confirm(self, question, url.toString(), t("Open")):
            QDesktopServices.openUrl(url)

    # -- evidence ------------------------------------------------------------------------------------------
    def _show_exchange(self, exchange: Exchange) -> None:
        if exchange.answer is not None:
            self.evidence.show_exchange(exchange)

    def _show_last(self) -> None:
        exchanges = self.services.session.model.exchanges
        self.evidence.show_exchange(exchanges[-1] if exchanges else None)

    def show_evidence(self, exchange: Exchange | None, n: int | None) -> None:
        """Show the sources of an answer, at the one with the number `n`."""
        if exchange is not None:
            self._show_exchange(exchange)
        self._make_room()
        self.menus.right.setChecked(True)
        self.evidence.show_source(n or 0)

    def show_why(self, exchange: Exchange | None) -> None:
        """Show why a question was answered or refused."""
        if exchange is not None:
            self._show_exchange(exchange)
        self._make_room()
        self.menus.right.setChecked(True)
        self.evidence.show_why()

    # -- what is remembered ---------------------------------------------------------------------------------
    def _restore(self) -> None:
        state, step = self.services.state, layouts.unit(self)
        if not self.restoreGeometry(state.bytes("geometry")):
            wanted = QSize(step * 320, step * 200).expandedTo(QSize(1200, 760))  # also where letters are small
            self.resize(wanted.boundedTo(self.screen().availableGeometry().size()))
        if not self.columns.restoreState(state.bytes("columns")):
            self.share_columns()
        if not self._left.restoreState(state.bytes("left")):
            self._left.setSizes([step * 60, step * 90])
        self.menus.left.setChecked(state.flag("left_shown", default=True))
        self.menus.right.setChecked(state.flag("right_shown", default=True))

    def share_columns(self) -> None:
        """Give the side columns their width; in a narrow window all three share what there is."""
        step = layouts.unit(self)
        wanted = [step * width for width in _WIDTHS]
        room = self.width() - self.rail.sizeHint().width()
        scale = min(1.0, room / sum(wanted))
        left, right = round(wanted[0] * scale), round(wanted[2] * scale)
        self.columns.setSizes([left, room - left - right, right])

    def _keep_remembering(self) -> None:
        keeper = Remembering(self, self.remember)
        for changed in (
            self.columns.splitterMoved,
            self._left.splitterMoved,
            self.menus.left.toggled,
            self.menus.right.toggled,
            self.services.session.asked_changed,
        ):
            changed.connect(keeper.touch)

    def remember(self) -> None:
        """Keep geometry, columns and the libraries asked in the data directory."""
        state = self.services.state
        values: dict[str, QByteArray | bool] = {
            "geometry": self.saveGeometry(),
            "columns": self.columns.saveState(),
            "left": self._left.saveState(),
            "left_shown": self.columns.wanted(0),
            "right_shown": self.columns.wanted(1),
        }
        for key, value in values.items():
            state.set(key, value)
        if self.services.session.available:
            state.set("asked", list(self.services.session.asked))
        state.save()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember()
        event.accept()
        self.closed.emit()
