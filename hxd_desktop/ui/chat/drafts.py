"""What is written but not sent, by conversation, kept through restarts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from hxd_desktop.ui.bridge import Bridge

_REST_MS = 800  # how long the hands have to rest until what is written is kept


class Drafts(QObject):
    """A text for each conversation; None is the one that is not begun yet."""

    loaded = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._texts: dict[int, str] = {}
        self._unsaved: set[int] = set()
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self._save)
        bridge.opened.connect(self._load)
        bridge.before_close(self._closing)

    def of(self, conversation: int | None) -> str:
        """The draft of a conversation, "" where there is none."""
        return self._texts.get(conversation or 0, "")

    def put(self, conversation: int | None, text: str) -> None:
        """Keep a draft; "" keeps none."""
        if text != self.of(conversation):
            self._texts[conversation or 0] = text
            self._unsaved.add(conversation or 0)
            self._timer.start()

    def begin(self, conversation: int) -> None:
        """The conversation that was not begun yet has a number now: what was written in the meantime is its draft."""
        text = self.of(None)
        self.put(None, "")
        self.put(conversation, text)

    def forget(self, conversation: int) -> None:
        """The conversation is gone, and the engine forgets its draft with it."""
        self._texts.pop(conversation, None)
        self._unsaved.discard(conversation)

    def _load(self) -> None:
        def known(kept: dict[int, str]) -> None:
            self._texts = {**kept, **{key: text for key, text in self._texts.items() if text}}
            self.loaded.emit()

        self._bridge.call(lambda assistant: assistant.chats.drafts(), known)

    def _save(self) -> None:
        if (work := self._work()) is not None:
            self._bridge.call(work)

    def _work(self) -> Any:
        unsaved = {key: self._texts.get(key, "") for key in self._unsaved}
        self._unsaved.clear()

        def work(assistant: Any) -> None:
            for key, text in unsaved.items():
                assistant.chats.set_draft(key, text)

        return work if unsaved else None

    def _closing(self) -> Any:
        self._timer.stop()
        return self._work()
