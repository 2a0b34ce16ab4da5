"""The conversation that is on screen: asks, stops, opens another, keeps what the user thinks of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from hxd_desktop.engine.library.model import Conversation, Example, LibraryInfo, Message
from hxd_desktop.ui.bridge import Bridge, Question
from hxd_desktop.ui.chat.exchange import Exchange, Phase, exchanges_of, history_of, with_examples
from hxd_desktop.ui.chat.model import ChatModel
from hxd_desktop.ui.mailbox import End
from hxd_desktop.ui.problems import Problem

_TITLE_CHARS = 60


class ChatSession(QObject):
    """One conversation at a time, one question at a time. `current` is its id, None before its first question."""

    running_changed = Signal(bool)
    conversation_changed = Signal(object)  # int or None
    asked_changed = Signal()
    finished = Signal(int)  # row

    def __init__(self, bridge: Bridge, asked: Sequence[str] | None = None) -> None:
        super().__init__()
        self.model = ChatModel(self)
        self.current: int | None = None
        self.draft = ""
        self._bridge = bridge
        self._available: tuple[str, ...] = ()
        # What the user has switched off, so that a new library is asked without being chosen first.
        self._wanted = None if asked is None else set(asked)
        self._left_out: set[str] = set()
        self._ticket: int | None = None
        self._running_in: int | None = None
        bridge.stage.connect(self.model.set_stage)
        bridge.text.connect(self.model.add_text)
        bridge.ended.connect(self._ended)
        bridge.libraries.connect(self._libraries_known)

    # -- which libraries are asked ------------------------------------------------------------------
    @property
    def available(self) -> tuple[str, ...]:
        """Names of all libraries."""
        return self._available

    @property
    def asked(self) -> tuple[str, ...]:
        """Names of the libraries that the next question is put to."""
        return tuple(name for name in self._available if name not in self._left_out)

    def set_asked(self, name: str, asked: bool) -> None:
        """Put a library in or take it out."""
        (self._left_out.discard if asked else self._left_out.add)(name)
        self.asked_changed.emit()

    def _libraries_known(self, libraries: list[LibraryInfo]) -> None:
        names = tuple(library.name for library in libraries)
        if self._wanted is not None and names:
            self._left_out = set(names) - self._wanted if self._wanted & set(names) else set()
            self._wanted = None
        if names != self._available:
            self._available = names
            self.asked_changed.emit()

    # -- asking ---------------------------------------------------------------------------------------
    @property
    def running(self) -> bool:
        """Whether a question is being answered."""
        return self._ticket is not None

    def ask(self, text: str, *, force: bool = False) -> None:
        """Put a question to the chosen libraries; `force`: answer even where the gate would refuse."""
        text = text.strip()
        if not text or self.running or not self.asked or not self._bridge.ready:
            return
        exchange = Exchange(text, self.asked)
        history = history_of(self.model.exchanges)
        self.model.append(exchange)
        self._ticket = 0  # taken, before the conversation has a number
        self.running_changed.emit(True)
        if self.current is not None:
            self._put(exchange, self.current, history, force)
            return

        def made(conversation: Conversation) -> None:
            if exchange in self.model.exchanges:
                self._set_current(conversation.id)
            self._bridge.refresh_conversations()
            self._put(exchange, conversation.id, history, force)

        title, libraries = title_of(text), exchange.libraries
        self._bridge.call(
            lambda assistant: assistant.create_conversation(title, libraries),
            made,
            lambda problem: self._fail(exchange, problem),
        )

    def _put(self, exchange: Exchange, conversation: int, history: tuple[tuple[str, str], ...], force: bool) -> None:
        self._running_in = conversation
        self._ticket = exchange.ticket = self._bridge.ask(
            Question(exchange.question, exchange.libraries, conversation, history, force)
        )
        if exchange.stopping:
            self._bridge.stop(self._ticket)

    def _fail(self, exchange: Exchange, problem: End) -> None:
        exchange.ticket = self._ticket = 0
        self._ended(0, problem)

    def stop(self) -> None:
        """Stop the running question; what has come of the answer stays."""
        if self._ticket is None:
            return
        for row, exchange in enumerate(self.model.exchanges):
            if exchange.phase is not Phase.DONE:
                exchange.stopping = True
                self.model.touch(row)
        self._bridge.stop(self._ticket)

    def _ended(self, ticket: int, end: End) -> None:
        if ticket != self._ticket:
            return
        where, self._ticket, self._running_in = self._running_in, None, None
        row = self.model.finish(ticket, end)
        self.running_changed.emit(False)
        self._bridge.refresh_conversations()
        if row is not None:
            self.finished.emit(row)
        elif where is not None and where == self.current:
            self.open(where)  # it was left and returned to while the question ran

    # -- conversations ----------------------------------------------------------------------------------
    def new(self) -> None:
        """Start an empty conversation; it is kept from its first question on."""
        self.model.show([])
        self._set_current(None)

    def open(self, conversation: int) -> None:
        """Show a kept conversation."""

        def loaded(kept: tuple[list[Message], list[Example]]) -> None:
            if self.current == conversation:
                messages, examples = kept
                self.model.show(with_examples(exchanges_of(messages), examples))

        def load(assistant: Any) -> tuple[list[Message], list[Example]]:
            examples = [e for library in assistant.libraries() for e in assistant.examples(library.name)]
            return assistant.messages(conversation), examples

        self._set_current(conversation)
        self._bridge.call(load, loaded)

    def rename(self, conversation: int, title: str) -> None:
        """Give a conversation another title."""
        self._bridge.call(
            lambda assistant: assistant.rename_conversation(conversation, title),
            lambda _: self._bridge.refresh_conversations(),
        )

    def delete(self, conversation: int) -> None:
        """Delete a conversation with its messages."""
        if conversation == self._running_in:
            self.stop()
        if conversation == self.current:
            self.new()
        self._bridge.call(
            lambda assistant: assistant.delete_conversation(conversation),
            lambda _: self._bridge.refresh_conversations(),
        )

    def _set_current(self, conversation: int | None) -> None:
        self.current = conversation
        self.conversation_changed.emit(conversation)

    # -- what the user thinks of an answer -------------------------------------------------------------
    def judge(self, exchange: Exchange, answerable: bool) -> None:
        """Keep the question as an example of one that is, or is not, to be answered; a second time takes it back."""
        if exchange.learning:
            return
        known, undone = dict(exchange.examples), answerable in exchange.examples
        library = self._judged_library(exchange)

        def work(assistant: Any) -> Example | None:
            for example_id in known.values():
                assistant.remove_example(example_id)
            return None if undone else assistant.add_example(exchange.question, answerable, library, "chat")

        def learned(example: Example | None) -> None:
            exchange.examples = {} if example is None else {answerable: example.id}
            self._learned(exchange)

        def failed(problem: Problem) -> None:
            self._learned(exchange)
            self._bridge.problem.emit(problem)

        exchange.learning = True
        self._touch(exchange)
        self._bridge.call(work, learned, failed)

    def _learned(self, exchange: Exchange) -> None:
        exchange.learning = False
        self._touch(exchange)

    def _judged_library(self, exchange: Exchange) -> str:
        decided = exchange.answer.refusal.library if exchange.answer is not None else None
        return decided or next(iter(exchange.libraries or self.asked), "default")

    def _touch(self, exchange: Exchange) -> None:
        if exchange in self.model.exchanges:
            self.model.touch(self.model.exchanges.index(exchange))


def title_of(question: str) -> str:
    """A conversation's first title: its first question, on one line, cut between words where it is long."""
    line = " ".join(question.split())
    if len(line) <= _TITLE_CHARS:
        return line
    cut = line[:_TITLE_CHARS]
    head = cut.rpartition(" ")[0]
    return (head if len(head) > _TITLE_CHARS // 2 else cut) + "…"
