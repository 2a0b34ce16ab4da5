"""The conversation that is on screen: asks, stops, opens another, keeps what the user thinks of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from hxd_desktop.engine.library.model import Conversation, Example, LibraryInfo, MessageHit, Status
from hxd_desktop.ui.bridge import Bridge, Question
from hxd_desktop.ui.chat.drafts import Drafts
from hxd_desktop.ui.chat.exchange import (
    WRONG_SOURCE,
    Exchange,
    Phase,
    exchanges_of,
    history_of,
    with_examples,
)
from hxd_desktop.ui.chat.model import ChatModel
from hxd_desktop.ui.chat.trash import Trash
from hxd_desktop.ui.mailbox import End
from hxd_desktop.ui.problems import Problem

_TITLE_CHARS = 60


class ChatSession(QObject):
    """One conversation at a time, one question at a time. `current` is its id, None before its first question."""

    running_changed = Signal(bool)
    conversation_changed = Signal(object)  # int or None
    asked_changed = Signal()
    finished = Signal(int)  # row
    draft_changed = Signal()  # not by typing
    revealed = Signal(int)  # row that is to be seen
    exported = Signal(str)  # path

    def __init__(self, bridge: Bridge, asked: Sequence[str] | None = None) -> None:
        super().__init__()
        self.model = ChatModel(self)
        self.current: int | None = None
        self.drafts = Drafts(bridge, self)
        self.drafts.loaded.connect(self.draft_changed)
        self.trash = Trash(bridge, self)
        self.trash.erased.connect(self.drafts.forget)
        self._quoting = True
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
        bridge.status.connect(self._status_known)

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

    def library_renamed(self, old: str, new: str) -> None:
        """Go on with a library under its other name: switched off it stays off, and what is shown leads to it."""
        if old in self._left_out:
            self._left_out = self._left_out - {old} | {new}
        if self.current is not None:
            self._load(self.current, None)

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

    def ask(self, text: str, *, force: bool = False, instead_of: Exchange | None = None) -> None:
        """Put a question to the chosen libraries.

        Args:
            text: The question; nothing happens where it is blank, or another one runs.
            force: Answer even where the gate would refuse.
            instead_of: An exchange in whose place it stands; that one stays as a branch of its own.
        """
        text = text.strip()
        if not text or self.running or not self.asked or not self._bridge.ready:
            return
        exchange = Exchange(text, self.asked, quoting=self._quoting)
        if instead_of is not None and instead_of in self.model.exchanges:
            exchange.after, exchange.siblings = instead_of.after, instead_of.siblings
            self.model.cut(self.model.exchanges.index(instead_of))
        else:
            exchange.after = self._end()
        history = history_of(self.model.exchanges)
        self.model.append(exchange)
        self._ticket = 0  # taken, before the conversation has a number
        self.running_changed.emit(True)
        if self.current is not None:
            self._put(exchange, self.current, history, force)
            return

        def made(conversation: Conversation) -> None:
            if exchange in self.model.exchanges:
                self.drafts.begin(conversation.id)
                self._set_current(conversation.id)
            self._bridge.refresh_conversations()
            self._put(exchange, conversation.id, history, force)

        title, libraries = title_of(text), exchange.libraries
        self._bridge.call(
            lambda assistant: assistant.create_conversation(title, libraries),
            made,
            lambda problem: self._fail(exchange, problem),
        )

    def _end(self) -> int | None:
        """The message that a question at the end follows: of the last exchange that is kept; 0 where none is."""
        for exchange in reversed(self.model.exchanges):
            if exchange.answer_id is not None or exchange.message_id is not None:
                return exchange.answer_id or exchange.message_id
            if exchange.answer is not None:
                return None  # kept a moment ago, and the end of the branch that is shown
        return 0

    def _put(self, exchange: Exchange, conversation: int, history: tuple[tuple[str, str], ...], force: bool) -> None:
        self._running_in = conversation
        self._ticket = exchange.ticket = self._bridge.ask(
            Question(exchange.question, exchange.libraries, conversation, history, force, exchange.after)
        )
        if exchange.stopping:
            self._bridge.stop(self._ticket)

    def _place(self, exchange: Exchange, conversation: int) -> None:
        """Learn where the exchange that has just ended is kept."""

        def look(assistant: Any) -> tuple[int, int, tuple[int, ...]] | None:
            end = assistant.chats.end(conversation)
            if end is None or end.parent_id is None:
                return None
            return end.id, end.parent_id, assistant.chats.place(end.parent_id)

        def known(found: tuple[int, int, tuple[int, ...]] | None) -> None:
            if found is not None and exchange.answer_id is None:
                exchange.answer_id, exchange.message_id, exchange.siblings = found
                self._touch(exchange)

        self._bridge.call(look, known)

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
            if where is not None and self.model.exchanges[row].answer is not None:
                self._place(self.model.exchanges[row], where)
            self.finished.emit(row)
        elif where is not None and where == self.current:
            self.open(where)  # it was left and returned to while the question ran

    # -- conversations ----------------------------------------------------------------------------------
    def new(self) -> None:
        """Start an empty conversation; it is kept from its first question on."""
        self.model.show([])
        self._set_current(None)

    def open(self, conversation: int, message: int | None = None) -> None:
        """Show a kept conversation; with the branch that holds `message`, and that in view."""
        self._set_current(conversation)
        self._load(conversation, message)

    def step_branch(self, exchange: Exchange, step: int) -> None:
        """Show the branch before or after that of an exchange in the same place."""
        at = exchange.branch[0] - 1 + step
        if self.current is not None and not self.running and 0 <= at < len(exchange.siblings):
            self._load(self.current, exchange.siblings[at])

    def _load(self, conversation: int, message: int | None) -> None:
        def load(assistant: Any) -> list[Exchange]:
            if message is not None:
                assistant.chats.show_branch(message)
            examples = [e for library in assistant.libraries() for e in assistant.examples(library.name)]
            return with_examples(exchanges_of(assistant.chats.messages(conversation, read=False)), examples)

        def loaded(exchanges: list[Exchange]) -> None:
            if self.current != conversation or (self.running and self._running_in == conversation):
                return
            self.model.show(exchanges)
            for row, exchange in enumerate(exchanges):
                if message is not None and message in (exchange.message_id, exchange.answer_id):
                    self.revealed.emit(row)

        self._bridge.call(load, loaded)

    def rename(self, conversation: int, title: str) -> None:
        """Give a conversation another title."""
        self._bridge.call(
            lambda assistant: assistant.rename_conversation(conversation, title),
            lambda _: self._bridge.refresh_conversations(),
        )

    def pin(self, conversation: int, pinned: bool) -> None:
        """Keep a conversation above the others, or no more."""
        self._bridge.call(
            lambda assistant: assistant.chats.pin(conversation, pinned),
            lambda _: self._bridge.refresh_conversations(),
        )

    def delete(self, conversation: int, title: str = "") -> None:
        """Take a conversation out of sight; it is erased when the time to undo is over."""
        if conversation == self._running_in:
            self.stop()
        if conversation == self.current:
            self.new()
        self.trash.put(conversation, title)

    def undo_delete(self) -> None:
        """Bring back what was deleted last, and show it."""
        conversation = self.trash.undo()
        if conversation is not None and self.current is None and not self.running:
            self.open(conversation)

    def search(self, query: str, done: Callable[[list[MessageHit]], None]) -> None:
        """Find messages by their words."""
        self._bridge.call(lambda assistant: assistant.chats.search(query), done)

    def export(self, conversation: int, title: str, file: Path) -> None:
        """Write a conversation into a file, in the format that its name says; told by `exported`."""

        def write(assistant: Any) -> Path:
            from hxd_desktop.ui.conversations import export

            return export.save(title, exchanges_of(assistant.messages(conversation)), file)

        self._bridge.call(write, lambda saved: self.exported.emit(str(saved)))

    def _set_current(self, conversation: int | None) -> None:
        before, self.current = self.current, conversation
        self.conversation_changed.emit(conversation)
        if before != conversation:
            self.draft_changed.emit()

    @property
    def draft(self) -> str:
        """What is written but not sent in this conversation."""
        return self.drafts.of(self.current)

    @draft.setter
    def draft(self, text: str) -> None:
        self.drafts.put(self.current, text)

    def _status_known(self, status: Status) -> None:
        self._quoting = status.models.get("generator") in (None, "", "extractive")

    # -- what the user thinks of an answer -------------------------------------------------------------
    def judge(self, exchange: Exchange, answerable: bool, wrong_source: bool = False) -> None:
        """Keep the question as an example of one that is, or is not, to be answered; a second time takes it back.

        `wrong_source`: it is answerable, but not from the source that was named.
        """
        if exchange.learning:
            return
        known = dict(exchange.examples)
        undone = answerable in known and exchange.wrong_source == wrong_source
        library = self._judged_library(exchange)

        def work(assistant: Any) -> Example | None:
            for example_id in known.values():
                assistant.remove_example(example_id)
            source = WRONG_SOURCE if wrong_source else "chat"
            return None if undone else assistant.add_example(exchange.question, answerable, library, source)

        def learned(example: Example | None) -> None:
            exchange.examples = {} if example is None else {answerable: example.id}
            exchange.wrong_source = example is not None and wrong_source
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
