"""Opens a document in its own program, only after the user's click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.problems import Problem

# "Opening" these runs them on one system or another: their folder is opened instead.
_RUNNABLE = frozenset(
    """.app .appimage .bash .bat .cmd .com .command .cpl .csh .desktop .exe .fish .hta .inf .jar .js .jse .ksh .lnk
    .msc .msi .pif .pl .ps1 .psm1 .py .pyc .pyw .rb .reg .run .scr .sh .url .vb .vbe .vbs .workflow .ws
    .wsf .wsh .zsh""".split()
)

Opener = Callable[[QUrl], bool]


def show_in_folder(path: str, opener: Opener = QDesktopServices.openUrl) -> Problem | None:
    """Open the folder that holds `path`, or the nearest one above it that is there; None where it opened."""
    folder = next((parent for parent in Path(path).parents if parent.is_dir()), None)
    if folder is not None and opener(QUrl.fromLocalFile(str(folder))):
        return None
    return Problem(
        t("The folder could not be opened"),
        t("No program is set up to show {path}.", path=str(folder or path)),
        severity="warning",
    )


def open_document(path: str, opener: Opener = QDesktopServices.openUrl) -> Problem | None:
    """Open the local file `path` in its program; return what stood in the way, None where it opened.

    Something that would run is shown in its folder instead.
    """
    file = Path(path)
    if not file.exists():
        return Problem(
            t("The file is not there"),
            t("{path} was moved or deleted, or its drive is not connected.", path=path),
            t("Its index is brought up to date as soon as the folder can be read."),
            severity="warning",
        )
    runs = file.suffix.lower() in _RUNNABLE
    if opener(QUrl.fromLocalFile(str(file.parent if runs else file))):
        return None
    return Problem(
        t("The file could not be opened"),
        t("No program is set up to open {name}.", name=file.name),
        t("Choose one in your system's settings, or open the file from {folder}.", folder=str(file.parent)),
        severity="warning",
    )
