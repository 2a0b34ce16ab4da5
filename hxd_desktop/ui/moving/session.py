"""A move under way, on a thread of its own. No widgets."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, Qt, Signal

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.moving import Moved, move
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.moving.wish import MoveWish
from hxd_desktop.ui.problems import Problem, problem_of

log = logging.getLogger(__name__)

_SHARE = 200  # of the whole: how often progress is told at most


class MoveSession(QObject):
    """Moves what nobody uses any more; `ended` carries what is to be told: of severity "info" where it is done."""

    went = Signal(str, int, int)  # step, bytes done, of all
    ended = Signal(object)  # Problem

    _over = Signal(object)

    def __init__(self, directory: DataDirectory, wish: MoveWish) -> None:
        super().__init__()
        self._directory, self._wish = directory, wish
        self._token = CancelToken()
        self._thread = threading.Thread(target=self._work, name="hxd-move")
        self._last = ("", -1)
        self._over.connect(self.ended, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop it, unless it has counted already; it still ends in `ended`."""
        self._token.cancel()

    def close(self) -> None:
        """Stop it and wait for its end."""
        self.cancel()
        self._thread.join()

    def _work(self) -> None:
        try:
            made = move(
                self._directory,
                self._wish.plan.target,
                watched=self._wish.watched,
                progress=self._tell,
                cancel=self._token,
            )
        except Cancelled:
            still = t("Everything is still in {path}.", path=self._directory.root)
            self._over.emit(Problem(t("The data folder was not moved"), still, severity="info"))
        except Exception as error:
            log.warning("the data directory was not moved", exc_info=True)
            self._over.emit(problem_of(error))
        else:
            self._over.emit(_told(made))

    def _tell(self, step: str, done: int, total: int) -> None:
        now = (step, done * _SHARE // max(1, total))
        if now != self._last:
            self._last = now
            self.went.emit(step, done, total)


def _told(made: Moved) -> Problem:
    return Problem(
        t("The data folder was moved"),
        t("It is at {path} now. What names the old place leads there.", path=made.target),
        severity="info",
    )
