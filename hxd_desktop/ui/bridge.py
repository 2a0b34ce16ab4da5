"""The one place where the window meets the engine: calls go to worker threads, news come back as signals."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from hxd_desktop.engine.answering.model import Answer
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings
from hxd_desktop.ui.engine_words import said
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.mailbox import Mailbox
from hxd_desktop.ui.problems import Problem, problem_of

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant

log = logging.getLogger(__name__)

FRAME_MS = 33  # about 30 Hz: what the eye follows, and no more often than that
_REFRESH_MS = 400  # how often counts are asked for anew while documents change

Call = Callable[["Assistant"], Any]
Done = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the engine; see `Assistant.ask`."""

    text: str
    libraries: tuple[str, ...]
    conversation: int | None = None
    history: tuple[tuple[str, str], ...] = ()
    force: bool = False
    after: int | None = None


class Bridge(QObject):
    """Calls the engine off the UI thread and hands its news to the window at 30 Hz at most.

    Every method is called on the UI thread and returns at once, except `close`, which waits.
    """

    opened = Signal()
    open_failed = Signal(object)  # Problem
    libraries = Signal(list)  # list[LibraryInfo]
    progress = Signal(list)  # list[IndexProgress]
    conversations = Signal(list)  # list[Conversation]
    status = Signal(object)  # Status
    documents_changed = Signal(str)  # library
    examples_changed = Signal(str)  # library
    stage = Signal(int, str)  # ticket, name of the stage that runs
    text = Signal(int, str)  # ticket, piece of the answer
    ended = Signal(int, object)  # ticket, Answer or Problem
    problem = Signal(object)  # Problem
    model_progress = Signal(object)  # ModelProgress

    _woken = Signal()
    _delivered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant: Assistant | None = None
        self._to_close: Assistant | None = None  # set by the thread that opens it, so that `close` never misses it
        self._closed = False
        self._calls = 0  # under way
        self._unsubscribe: Callable[[], None] = lambda: None
        self._last_calls: list[Callable[[], Call | None]] = []
        self._pool = ThreadPoolExecutor(3, thread_name_prefix="hxd-window")
        self._questions = ThreadPoolExecutor(1, thread_name_prefix="hxd-question")
        self._tokens: dict[int, CancelToken] = {}
        self._tickets = itertools.count(1)
        self._mailbox = Mailbox(self._woken.emit)
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._flush)
        self._refresh = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._refresh.timeout.connect(self.refresh_libraries)
        self._woken.connect(self._start_frame, Qt.ConnectionType.QueuedConnection)
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    # -- opening and closing ----------------------------------------------------------------------
    @property
    def ready(self) -> bool:
        """Whether the engine is open."""
        return self._assistant is not None

    @property
    def idle(self) -> bool:
        """Whether no call, question or news is under way."""
        return not (self._calls or self._tokens or self._frame.isActive() or self._refresh.isActive())

    def open(self, data_dir: Path | str | None) -> None:
        """Open the engine behind the window; ends in `opened` or `open_failed`."""

        def work() -> Assistant:
            assistant = open_engine(data_dir)
            self._to_close = assistant
            try:
                assistant.start_watching()
            except BaseException:
                self._to_close = None
                assistant.close()
                raise
            return assistant

        self._submit(work, self.adopt, self.open_failed.emit)

    def adopt(self, assistant: Assistant) -> None:
        """Use an engine that is already open; `close` leaves it open unless `open` opened it."""
        self._assistant = assistant
        self._unsubscribe = assistant.events.subscribe(self._mailbox.event)
        self.opened.emit()
        self.refresh_libraries()
        self.refresh_conversations()
        self.refresh_status()

    def close(self) -> None:
        """Stop questions, wait for running calls, close an owned engine; nothing is emitted afterwards."""
        if self._closed:
            return
        self._closed = True
        self._unsubscribe()
        self._frame.stop()
        self._refresh.stop()
        for token in self._tokens.values():
            token.cancel()
        self._questions.shutdown(wait=True, cancel_futures=True)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._make_last_calls()
        self._assistant = None
        if self._to_close is not None:
            self._to_close.close()

    def before_close(self, make: Callable[[], Call | None]) -> None:
        """Ask `make` for a last call to the engine when the bridge closes."""
        self._last_calls.append(make)

    def _make_last_calls(self) -> None:
        for call in [made for make in self._last_calls if (made := make()) is not None]:
            if self._assistant is not None:
                try:
                    call(self._assistant)
                except Exception:
                    log.warning("a last call of the window failed", exc_info=True)

    # -- calls ------------------------------------------------------------------------------------
    def call(self, call: Call, done: Done | None = None, failed: Callable[[Problem], None] | None = None) -> None:
        """Run `call(assistant)` on a worker thread, then `done(result)` here; failures go to `failed` or `problem`."""
        if self._assistant is None:
            (failed or self.problem.emit)(_not_ready())
            return
        assistant = self._assistant
        self._submit(lambda: call(assistant), done or (lambda _: None), failed or self.problem.emit)

    def start(
        self, work: Callable[[Assistant, CancelToken], Any], done: Done, failed: Callable[[Problem], object]
    ) -> int:
        """Run something long on a worker thread; return the ticket by which `stop` ends it (in `failed`)."""
        ticket, token = next(self._tickets), CancelToken()
        if self._assistant is None:
            failed(_not_ready())
            return ticket
        assistant = self._assistant
        self._tokens[ticket] = token

        def ended(then: Callable[[Any], object], value: object) -> None:
            self._tokens.pop(ticket, None)
            then(value)

        self._submit(lambda: work(assistant, token), partial(ended, done), partial(ended, failed))
        return ticket

    def refresh_libraries(self) -> None:
        """Ask for all libraries and their counts; ends in `libraries`."""
        if self.ready:
            self.call(lambda assistant: assistant.libraries(), self.libraries.emit)

    def refresh_conversations(self) -> None:
        """Ask for all conversations; ends in `conversations`."""
        if self.ready:
            self.call(lambda assistant: assistant.conversations(), self.conversations.emit)

    def refresh_status(self) -> None:
        """Ask for models and device; ends in `status`."""
        if self.ready:
            self.call(lambda assistant: assistant.status(), self.status.emit)

    def add_paths(self, paths: Sequence[str], library: str, done: Done | None = None) -> None:
        """Add folders or single files to a library, made if new."""

        def work(assistant: Assistant) -> list[Any]:
            return [assistant.add_folder(path, library) for path in paths]

        self.change(work, done)

    def change(self, call: Call, done: Done | None = None) -> None:
        """Run a call that changes libraries, then ask for them anew."""

        def finished(result: object) -> None:
            self.refresh_libraries()
            if done is not None:
                done(result)

        self.call(call, finished)

    @property
    def settings(self) -> Settings:
        """The settings in force; the defaults while the engine is not open."""
        return self._assistant.settings if self._assistant is not None else Settings()

    # -- questions --------------------------------------------------------------------------------
    def ask(self, question: Question) -> int:
        """Ask; return the ticket under which `stage`, `text` and `ended` tell of it."""
        ticket, token = next(self._tickets), CancelToken()
        if self._assistant is None:
            self._mailbox.end(ticket, _not_ready())
            return ticket
        self._tokens[ticket] = token
        assistant = self._assistant

        def work() -> None:
            try:
                answer = assistant.ask(
                    question.text,
                    question.libraries,
                    history=question.history,
                    on_stage=lambda name: self._mailbox.stage(ticket, name),
                    on_text=lambda piece: self._mailbox.text(ticket, piece),
                    cancel=token,
                    conversation=question.conversation,
                    after=question.after,
                    force=question.force,
                )
            except Cancelled:
                self._mailbox.end(ticket, Problem(t("Stopped"), t("You stopped this question."), severity="info"))
            except Exception as error:
                log.warning("a question failed", exc_info=True)
                self._mailbox.end(ticket, problem_of(error))
            else:
                self._mailbox.end(ticket, answer)

        self._questions.submit(work)
        return ticket

    def stop(self, ticket: int) -> None:
        """Ask a running question to stop; it still ends in `ended`."""
        token = self._tokens.get(ticket)
        if token is not None:
            token.cancel()

    # -- the other threads' side --------------------------------------------------------------------
    def _submit(self, work: Callable[[], Any], done: Done, failed: Callable[[Problem], None]) -> None:
        if self._closed:
            return

        def run() -> None:
            try:
                result = work()
            except Cancelled:
                stopped = Problem(t("Stopped"), t("You stopped it."), severity="info")
                self._delivered.emit((failed, stopped))
            except Exception as error:
                log.warning("a call of the window failed", exc_info=True)
                self._delivered.emit((failed, problem_of(error)))
            else:
                self._delivered.emit((done, result))

        self._calls += 1
        self._pool.submit(run)

    @Slot(object)
    def _deliver(self, delivery: tuple[Callable[[Any], None], Any]) -> None:
        then, value = delivery
        self._calls -= 1
        if not self._closed:
            then(value)

    @Slot()
    def _start_frame(self) -> None:
        if not self._closed and not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _flush(self) -> None:
        batch = self._mailbox.take()
        if batch.progress:
            self.progress.emit(list(batch.progress.values()))
        for library in sorted(batch.documents):
            self.documents_changed.emit(library)
        for library in sorted(batch.examples):
            self.examples_changed.emit(library)
        if batch.libraries:
            self.refresh_libraries()
        elif (batch.documents or batch.progress) and not self._refresh.isActive():
            self._refresh.start()
        for event in batch.model_progress.values():
            self.model_progress.emit(event)
        if batch.models:
            self.refresh_status()
        for notice in batch.notices:
            words = said(notice.title), said(notice.message), said(notice.remedy)
            self.problem.emit(Problem(*words, severity="warning"))
        for ticket, news in batch.questions.items():
            if news.stage is not None:
                self.stage.emit(ticket, news.stage)
            if news.text:
                self.text.emit(ticket, news.text)
            if news.end is not None:
                self._tokens.pop(ticket, None)
                self.ended.emit(ticket, news.end)
                if isinstance(news.end, Answer) and news.end.model["generator"] != "extractive":
                    self.refresh_status()  # what the model runs on and how fast it was


def _not_ready() -> Problem:
    text, remedy = t("The library is still being opened."), t("Try again in a moment.")
    return Problem(t("Not ready yet"), text, remedy, severity="info")


def open_engine(data_dir: Path | str | None) -> Assistant:
    """Open the engine on a data directory; see `Assistant.open`."""
    from hxd_desktop.engine.assistant import Assistant  # heavy: not before the first paint

    return Assistant.open(data_dir)


def settings_at(data_dir: Path | str | None) -> Settings:
    """Read the settings of a data directory before the engine is open (language and theme of the first paint)."""
    return Settings.load(data_directory(data_dir) / "settings.toml")


def data_directory(data_dir: Path | str | None) -> Path:
    """The folder that `data_dir` stands for."""
    return DataDirectory.resolve(data_dir).root
