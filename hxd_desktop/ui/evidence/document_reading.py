"""What the document pane says of what it shows. Knows no widgets."""

from __future__ import annotations

from hxd_desktop.engine.documents.markdown import heading_text
from hxd_desktop.engine.documents.model import BlockKind
from hxd_desktop.engine.viewing import DocumentView, FileState
from hxd_desktop.ui import formats
from hxd_desktop.ui.harmless import file_name
from hxd_desktop.ui.i18n import t


def place(view: DocumentView) -> str:
    """Which page or part of how many."""
    values = {"page": formats.count(view.number), "pages": formats.count(view.count)}
    if view.picture is not None:
        return t("Page {page} of {pages}", **values)
    return t("Part {page} of {pages}", **values) if view.count > 1 else ""


def cited_place(number: int, count: int) -> str:
    """Which of a document's cited passages is shown."""
    return t("Passage {page} of {pages}", page=formats.count(number), pages=formats.count(count))


def notes(view: DocumentView, *, seen: bool) -> list[str]:
    """What has to be known of it: another file than was read, a passage that is not found, or not `seen`."""
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
    elif view.found and not seen:
        said.append(t("The passage stands in what is not drawn: choose Plain text to see it."))
    return said


def quoted(view: DocumentView, selected: str = "") -> str:
    """What is copied: the letters that are `selected`, else the passage, and the file and place below."""
    name = file_name(view.passage.path)
    if not selected and view.marks:
        selected = "\n".join(view.text[slice(*mark)] for mark in view.marks)
    elif not selected:
        selected = view.text.strip()
    where = [name]
    if view.picture is not None:
        where.append(t("p. {page}", page=formats.count(view.number)))
    elif heading := _heading_above(view):
        where.append(heading)
    return f"{selected.strip()}\n— {' › '.join(where)}"


def _heading_above(view: DocumentView) -> str:
    at = view.marks[0][0] if view.marks else 0
    above = [block for block in view.blocks if block.kind is BlockKind.HEADING and block.start <= at]
    return heading_text(view.text[above[-1].start : above[-1].end]) if above else ""


def spoken(view: DocumentView) -> str:
    """The page or part in words, as a screen reader says it."""
    name = file_name(view.passage.path)
    return t("Page {page} of {name}: {text}", page=view.number, name=name, text=view.text[:4000])
