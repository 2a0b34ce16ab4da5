"""The composition root: builds the window and everything under it, and takes it apart in order."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

import hxd_desktop
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings, WindowSettings
from hxd_desktop.ui.bridge import data_directory, settings_at
from hxd_desktop.ui.calls import answer_call
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.moving.wish import MoveWish
from hxd_desktop.ui.problems import Problem, problem_of
from hxd_desktop.ui.qt_log import qt_messages_logged
from hxd_desktop.ui.services import Services, make_services
from hxd_desktop.ui.single import NOTHING, Call, Doorbell, ring
from hxd_desktop.ui.system.open_events import OpeningApplication
from hxd_desktop.ui.system.tray import Tray
from hxd_desktop.ui.theme import Theme

log = logging.getLogger(__name__)


class Application(QObject):
    """One window on one data directory. `start` shows it, `close` takes everything apart."""

    def __init__(
        self, app: QApplication, data_dir: Path | str | None, call: Call = NOTHING, news: Problem | None = None
    ) -> None:
        super().__init__()
        self.move_wish: MoveWish | None = None  # where the data are to be moved when this is closed
        self._app = app
        self._call = call
        self._known = False  # whether the libraries are, so that a call can be answered
        self._doorbell: Doorbell | None = None
        directory = DataDirectory.resolve(data_dir)
        try:
            look, self._problem = settings_at(directory.root).window, None
        except HxdError as error:
            # The engine will say the same when it opens; until then the window has to look like something.
            look, self._problem = WindowSettings(), problem_of(error)
        self._language = Language()
        self._language.use(look.language)
        self._theme = Theme(app, look.theme)
        self.look = look
        self.services: Services = make_services(self._theme, self._language, directory.root, directory.named)
        self.services.bridge.libraries.connect(self._libraries_known)  # the session knows them by then
        self.window = self._make_window()
        if news is not None:
            self.window.tell(news)
        self.tray = Tray(self._show_window, lambda: self.window.leave())
        self.tray.use(look.keep_running)
        self.services.hotkey.pressed.connect(self._hotkey_pressed)
        self.services.hotkey.changed.connect(self._hotkey_changed)
        self._opener = app if isinstance(app, OpeningApplication) else None
        if self._opener is not None:
            self._opener.asked_to_open.connect(self._rung)

    def start(self) -> None:
        """Show the window, and open the engine once it is painted."""
        self.window.show()
        QTimer.singleShot(0, self, lambda: self.services.bridge.open(self.services.named))
        # Behind the first paint: the system is asked, and may take a moment.
        QTimer.singleShot(0, self, self._use_hotkey)
        self._doorbell = Doorbell(self.services.data_dir, self)
        self._doorbell.rung.connect(self._rung)

    def close(self) -> None:
        """Hide the window, stop the engine and its threads, then let Qt objects go."""
        self.window.hide()
        if self._opener is not None:
            self._opener.asked_to_open.disconnect(self._rung)
        self.tray.close()
        self.services.hotkey.close()
        if self._doorbell is not None:
            self._doorbell.close()
        self.services.bridge.close()
        self._theme.detach()
        self._language.remove()
        self.window.deleteLater()

    def _make_window(self) -> MainWindow:
        window = MainWindow(self.services)
        window.settings_applied.connect(self._apply)
        window.move_asked.connect(self._move)
        window.closed.connect(self._window_closed)
        if self._problem is not None:
            window.pages.banners.show_problem(self._problem)
        return window

    def _window_closed(self) -> None:
        if self.window.leaving or not self.tray.shown:
            self._app.quit()

    def _move(self, wish: MoveWish) -> None:
        """End, so that nothing uses the data directory; `main` moves it and begins anew."""
        self.move_wish = wish
        self.window.leave()

    def _show_window(self) -> None:
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _use_hotkey(self) -> None:
        self.services.hotkey.use(self.look.hotkey, self.look.hotkey_keys)

    def _hotkey_pressed(self) -> None:
        """Come forward from anywhere, ready for a question."""
        self.services.hotkey.bring_forward(int(self.window.winId()))
        answer_call(self.window, NOTHING)
        self.window.write_question()

    def _hotkey_changed(self) -> None:
        """Say what keeps a wanted key from working, where the settings are not open to say it."""
        if (problem := self.services.hotkey.problem) is not None:
            self.window.tell(problem)

    def _libraries_known(self, _: object) -> None:
        """Do what this start was given and what was asked of it since, once there is something to do it with."""
        self._known = True
        call, self._call = self._call, NOTHING
        if call != NOTHING:
            answer_call(self.window, call)

    def _rung(self, call: Call) -> None:
        if self._known or call == NOTHING:
            answer_call(self.window, call)
        else:  # still opening; macOS sends one call for each file that was dropped on the dock
            self._call = self._call.joined(call)

    def _apply(self, settings: Settings) -> None:
        """Show other settings at once, and keep them."""
        look = settings.window
        before, self.look = self.look, look
        self._theme.use(look.theme)
        self.tray.use(look.keep_running)
        self._use_hotkey()
        if look.language != before.language:
            self._language.use(look.language)
            QTimer.singleShot(0, self, self._replace_window)
        self.services.bridge.call(lambda assistant: assistant.update_settings(settings))

    def _replace_window(self) -> None:
        """Make the window anew in another language, on the same models and with the same conversation."""
        old = self.window
        old.remember()
        old.closed.disconnect(self._window_closed)
        self.window = self._make_window()
        self.window.show()
        old.hide()
        old.deleteLater()


def main(
    data_dir: Path | str | None = None,
    *,
    question: str | None = None,
    paths: Sequence[str] = (),
    links: Sequence[str] = (),
    argv: Sequence[str] | None = None,
    logged: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> int:
    """Open the window on a data directory and return the exit status when it is closed.

    Where one is open on it, that one comes forward and is given the rest; this call then returns 0 at once.

    Args:
        data_dir: where everything is kept; None takes the usual place.
        question: asked as soon as the library is open.
        paths: absolute; folders and files to add.
        links: to passages, `hxd://passage?…`.
        argv: Qt's own options.
        logged: keeps the log while a window is open; called for each, since the data directory may be moved between.
    """
    call = Call(question or "", tuple(paths), tuple(links))
    if ring(data_directory(data_dir), call):
        return 0
    app = OpeningApplication([sys.argv[0], *(argv or ())])
    app.setApplicationName("hxd-desktop")
    app.setApplicationDisplayName("HXD Desktop")
    app.setApplicationVersion(hxd_desktop.__version__)
    app.setDesktopFileName("hxd-desktop")
    app.setQuitOnLastWindowClosed(False)
    news: Problem | None = None
    with qt_messages_logged():
        _quit_on_interrupt(app)
        while True:
            with logged():
                application = Application(app, data_dir, call, news)
                # What the start made stays; looking through it again and again would hold the window up.
                application.services.bridge.opened.connect(gc.freeze)
                application.start()
                status = app.exec()
                application.close()
            if application.move_wish is None:
                return status
            news = _moved(app, data_dir, application)
            if news is None:
                return status
            call = NOTHING


def _moved(app: QApplication, data_dir: Path | str | None, application: Application) -> Problem | None:
    from hxd_desktop.ui.moving.run import run_move  # hardly ever

    assert application.move_wish is not None
    return run_move(app, data_dir, application.move_wish, application.look)


def _quit_on_interrupt(app: QApplication) -> None:
    """Close in order on Ctrl+C in the terminal that started the window."""
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    # Python handles signals between its own instructions, so it has to run now and then.
    beat = QTimer(app, interval=300)
    beat.timeout.connect(lambda: None)
    beat.start()
