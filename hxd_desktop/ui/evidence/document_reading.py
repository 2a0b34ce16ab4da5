"""What the document pane says of what it shows. Knows no widgets."""

from __future__ import annotations

import os

from hxd_desktop.engine.viewing import DocumentView, FileState
from hxd_desktop.ui import formats
from hxd_desktop.ui.i18n import t


def place(view: DocumentView) -> str:
    """Which page or part of how many."""
    values = {"page": formats.count(view.number), "pages": formats.count(view.count)}
    if view.picture is not None:
        return t("Page {page} of {pages}", **values)
    return t("Part {page} of {pages}", **values) if view.count > 1 else ""


def notes(view: DocumentView) -> list[str]:
    """What has to be known of it: another file than was read, a passage that is not found."""
    said = []
    if view.problem:
        said.append(t("The page cannot be shown: {why} This is its text as it was read.", why=view.problem))
    elif view.file is FileState.MISSING:
        said.append(t("The file is not there any more. This is its text as it was read."))
    elif view.file is FileState.CHANGED:
        said.append(
            t("The file has changed since it was read; the passage may stand elsewhere now.")
            if view.picture is not None
            else t("The file has changed since it was read. This is its text as it was read.")
        )
    if not view.found and view.number == view.marked:
        said.append(t("The passage could not be found on this page, so nothing is marked."))
    return said


def spoken(view: DocumentView) -> str:
    """The page or part in words, as a screen reader says it."""
    name = os.path.basename(view.passage.path)
    return t("Page {page} of {name}: {text}", page=view.number, name=name, text=view.text[:4000])
