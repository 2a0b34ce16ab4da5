"""The conversation that was deleted last: for some seconds it can be brought back, then it is erased."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from hxd_desktop.ui.bridge import Bridge

_UNDO_MS = 8000


class Trash(QObject):
    """Holds one conversation at a time; another one, or the end of the time, erases it."""

    changed = Signal()
    erased = Signal(int)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.conversation: int | None = None
        self.title = ""
        self._timer = QTimer(self, singleShot=True, interval=_UNDO_MS)
        self._timer.timeout.connect(self.empty)
        bridge.before_close(self._closing)

    def put(self, conversation: int, title: str) -> None:
        """Take a conversation out of sight."""
        self.empty()
        self.conversation, self.title = conversation, title
        self._timer.start()
        self._bridge.call(lambda assistant: assistant.chats.trash(conversation), self._told)
        self.changed.emit()

    def undo(self) -> int | None:
        """Bring the conversation back and return its id; None where there is nothing left to bring back."""
        conversation, self.conversation = self.conversation, None
        self._timer.stop()
        if conversation is not None:
            self._bridge.call(lambda assistant: assistant.chats.restore(conversation), self._told)
            self.changed.emit()
        return conversation

    def empty(self) -> None:
        """Erase it for good."""
        conversation, self.conversation = self.conversation, None
        self._timer.stop()
        if conversation is not None:
            self._bridge.call(lambda assistant: assistant.chats.erase(conversation))
            self.erased.emit(conversation)
            self.changed.emit()

    def _told(self, _: object) -> None:
        self._bridge.refresh_conversations()

    def _closing(self) -> Any:
        self._timer.stop()
        conversation, self.conversation = self.conversation, None
        return None if conversation is None else lambda assistant: assistant.chats.erase(conversation)
