"""What the system asks a running application to open: a drop on the dock's icon, "open with", a link (macOS)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from hxd_desktop.ui.links import SCHEME
from hxd_desktop.ui.single import NOTHING, Call


class OpeningApplication(QApplication):
    """Qt's application; `asked_to_open` carries what the system wants opened, one thing at a time.

    A subclass, because an event filter on the application would see every event of every widget.
    """

    asked_to_open = Signal(object)  # Call

    def event(self, event: QEvent) -> bool:
        """Take what is to be opened; Qt does the rest."""
        if isinstance(event, QFileOpenEvent):
            call = call_of(event.url())
            if call != NOTHING:
                self.asked_to_open.emit(call)
            return True
        return super().event(event)


def call_of(url: QUrl) -> Call:
    """What an address asks for: a folder or file to be added, a link to be followed; nothing for any other."""
    if url.isLocalFile():
        return Call(paths=(url.toLocalFile(),))
    if url.scheme() == SCHEME:
        return Call(links=(url.toString(QUrl.ComponentFormattingOption.FullyEncoded),))
    return NOTHING
