"""Draws the real window without a screen."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSize
from PySide6.QtWidgets import QApplication, QWidget

from hxd_desktop.engine.answering.model import Answer
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library.model import Conversation
from hxd_desktop.ui import wording
from hxd_desktop.ui.chat.exchange import Exchange, Phase
from hxd_desktop.ui.chat.session import title_of
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.qt_log import qt_messages_logged
from hxd_desktop.ui.room import ROOM
from hxd_desktop.ui.services import Services, make_services
from hxd_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant

_SETTLE_SECONDS = 60.0
_SMALLEST = 0  # Qt's "quality" of a PNG is how little it is compressed


class Studio:
    """A window of a fixed size with a theme and a language; made by `studio`."""

    def __init__(self, app: QApplication, services: Services, size: tuple[int, int]) -> None:
        self._app = app
        self.services = services
        self.window = MainWindow(services)
        self.window.setProperty(ROOM, QSize(*size))
        self.window.resize(*size)
        self.window.show()
        self.window.share_columns()

    def show_engine(self, assistant: Assistant) -> None:
        """Show what an open engine holds."""
        self.services.bridge.adopt(assistant)
        self.settle()

    def show_exchanges(self, exchanges: Iterable[tuple[str, Answer]]) -> None:
        """Show questions with their answers as a conversation."""
        shown = [
            Exchange(question, tuple(str(lib["name"]) for lib in answer.libraries), phase=Phase.DONE, answer=answer)
            for question, answer in exchanges
        ]
        if shown and not self.services.conversations.rowCount():
            now = time.time()
            self.services.session.current = 1
            self.services.conversations.set_conversations([Conversation(1, title_of(shown[0].question), now, now)])
        self.services.session.model.show(shown)
        if shown and shown[-1].answer is not None and wording.is_refusal(shown[-1].answer):
            self.window.evidence.show_why()
        self.settle()

    def settle(self) -> None:
        """Let everything under way come to rest."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        self._process()
        while not self.services.bridge.idle and time.monotonic() < deadline:
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        self._process()

    def save(self, file: Path, widget: QWidget | None = None) -> None:
        """Draw the window, or `widget`, into a PNG.

        Raises:
            StorageError: the file cannot be written.
        """
        self._process()
        if not (widget or self.window).grab().save(str(file), "PNG", _SMALLEST):
            raise StorageError(
                "The picture cannot be saved", f"{file} cannot be written.", "Choose another place for it.", file
            )

    def close(self) -> None:
        """Take the window apart; the engine stays open."""
        self.services.bridge.close()
        self.window.hide()
        self.window.deleteLater()
        self._process()

    def _process(self) -> None:
        # Twice: the first pass may lay out what asks for the second.
        for _ in range(3):
            self._app.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def studio(
    theme: str, language: str, size: tuple[int, int], points: float = 10.0, place: Path | None = None
) -> Iterator[Studio]:
    """Make a window in `theme` ("light", "dark") and `language` for pictures; call on the main thread.

    `size` is in logical pixels, `points` the size of the font; `place`: its data directory, made and removed.
    """
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication([sys.argv[0]])
    look, words = Theme(app, theme, points), Language()
    words.use(language)
    folder = place or Path(tempfile.mkdtemp(prefix="hxd-window-"))
    folder.mkdir(parents=True, exist_ok=True)
    with qt_messages_logged():
        made = Studio(app, make_services(look, words, folder), size)
        try:
            yield made
        finally:
            made.close()
            look.detach()
            words.remove()
            shutil.rmtree(folder, ignore_errors=True)
