"""Documents to be looked at: a page of a PDF drawn, or a part of the extracted text, with a passage marked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hxd_desktop.engine.documents.ocr.model import Place
from hxd_desktop.engine.library import documents
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.settings import IndexSettings
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

_PART_CHARS = 12_000
_TIMEOUT_S = 30.0
_WIDEST = 4000  # pixels


class FileState(StrEnum):
    """How the file stands with what was read of it."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document of a library: half-open offsets in its extracted text; `page` from 1, None: unknown."""

    library: str
    path: str
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page: three bytes a pixel, row by row."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class DocumentView:
    """What is shown of a document.

    `number` of `count` pages or, without `picture`, parts of the text. `marks`: half-open offsets in `text` of what is
    marked. `boxes`: (left, top, right, bottom) of what is marked on the picture, as fractions of it.
    `marked`: the number of the page or part where the passage begins. `problem`: why the file itself is not shown.
    """

    passage: Passage
    file: FileState
    number: int
    count: int
    marked: int
    text: str
    marks: tuple[tuple[int, int], ...] = ()
    picture: Picture | None = None
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    problem: str = ""

    @property
    def found(self) -> bool:
        """Whether anything is marked."""
        return bool(self.marks or self.boxes)


class Viewer:
    """Shows documents that a library knows, and no others. Its process starts when first needed, ends with `close`."""

    def __init__(self, database: Database, settings: IndexSettings) -> None:
        self._database = database
        self._settings = settings
        self._worker = WorkerProcess("pages", memory_bytes=settings.parse_memory_bytes)

    def view(self, passage: Passage, *, number: int | None = None, width: int = 1000) -> DocumentView:
        """Return a page or part of the document; blocks, so call it off the UI thread.

        Args:
            passage: What to mark.
            number: Of the page or part, None for where the passage begins.
            width: Of a drawn page, in pixels.

        Raises:
            SettingsError: the library does not hold the document.
        """
        with translated(self._database.path):
            connection = self._database.reader
            known = documents.stored_file(connection, passage.library, passage.path)
            text = documents.document_text(connection, passage.library, passage.path)
            scanned = documents.places(connection, passage.library, passage.path, passage.start, passage.end)
        if not 0 <= passage.start <= passage.end <= len(text):
            passage = Passage(passage.library, passage.path, 0, 0, passage.page)
        file = _file_state(passage.path, known.size_bytes, known.mtime_ns)
        problem = ""
        if known.type in ("pdf", "image") and file is not FileState.MISSING:
            shown = self._page(passage, file, text, number, width, scanned)
            if isinstance(shown, DocumentView):
                return shown
            problem = shown
        return _part(passage, file, text, number, problem)

    def _page(
        self,
        passage: Passage,
        file: FileState,
        text: str,
        number: int | None,
        width: int,
        scanned: Sequence[Place],
    ) -> DocumentView | str:
        first = passage.page or 1
        job = {
            "path": passage.path,
            "page": number or first,
            "width": min(max(width, 1), _WIDEST),
            "passage": text[passage.start : passage.end] if (number or first) >= first else "",
            "max_bytes": self._settings.max_file_bytes,
        }
        try:
            reply = self._worker.request(job, timeout_s=_TIMEOUT_S)
        except WorkerDied:
            return "Drawing its page failed; the file may be damaged."
        if "problem" in reply:
            return str(reply["problem"])
        picture = Picture(reply["width"], reply["height"], reply["rgb"])
        boxes = tuple((box[0], box[1], box[2], box[3]) for box in reply["marks"])
        if not boxes:  # a page without text of its own: the lines that were read off it
            boxes = tuple((p.left, p.top, p.right, p.bottom) for p in scanned if p.page == reply["page"])
        return DocumentView(
            passage, file, reply["page"], reply["pages"], first, reply["text"], picture=picture, boxes=boxes
        )

    def close(self) -> None:
        """End the process."""
        self._worker.close()


def _file_state(path: str, size: int, mtime_ns: int) -> FileState:
    try:
        now = os.stat(path)
    except OSError:
        return FileState.MISSING
    return FileState.SAME if (now.st_size, now.st_mtime_ns) == (size, mtime_ns) else FileState.CHANGED


def _part(passage: Passage, file: FileState, text: str, number: int | None, problem: str) -> DocumentView:
    """A part of the text, cut at line ends, so that no passage's beginning is far from what is shown with it."""
    cuts = parts_of(text)
    marked = max((at for at, (start, _) in enumerate(cuts) if start <= passage.start), default=0)
    at = marked if number is None else min(max(number - 1, 0), len(cuts) - 1)
    start, end = cuts[at]
    a, b = max(passage.start, start) - start, min(passage.end, end) - start
    marks = ((a, b),) if a < b else ()
    return DocumentView(passage, file, at + 1, len(cuts), marked + 1, text[start:end], marks, problem=problem)


def parts_of(text: str) -> list[tuple[int, int]]:
    """Cut a text into parts of some pages, at line ends where there are any: half-open ranges, at least one."""
    parts = []
    start = 0
    while len(text) - start > _PART_CHARS * 3 // 2:
        cut = text.rfind("\n", start + _PART_CHARS // 2, start + _PART_CHARS) + 1
        end = cut if cut > start else start + _PART_CHARS
        parts.append((start, end))
        start = end
    return [*parts, (start, len(text))]
