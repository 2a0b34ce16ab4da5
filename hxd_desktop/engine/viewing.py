"""Documents to be looked at: a page of a PDF drawn, or a part of the extracted text, with a passage marked."""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hxd_desktop.engine.documents.finding import occurrences
from hxd_desktop.engine.documents.formats import Format
from hxd_desktop.engine.documents.model import Block, BlockKind
from hxd_desktop.engine.documents.ocr.model import Place
from hxd_desktop.engine.documents.structure import source_blocks, text_hash
from hxd_desktop.engine.library import documents
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.settings import IndexSettings
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

_PART_CHARS = 12_000
_PART_ROWS = 120  # of a table: laying one out takes much longer than a text
_TIMEOUT_S = 30.0
_WIDEST = 4000  # pixels
_PAGED = frozenset({"pdf", "image"})

Box = tuple[float, float, float, float]


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
    `hits`, `hit_boxes`: the places of what is looked for, each as offsets in `text` or as the boxes of its lines.
    `kind`: its format. `blocks`: how `text` is built, offsets in it, cut where the part is cut; empty where that is
    not known. `above`: the names of the columns, where the part begins inside of a table.
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
    hits: tuple[tuple[int, int], ...] = ()
    hit_boxes: tuple[tuple[Box, ...], ...] = ()
    kind: str = ""
    blocks: tuple[Block, ...] = ()
    above: str = ""

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
        self._built: tuple[object, tuple[Block, ...]] = (None, ())  # of the document that was shown last

    def view(self, passage: Passage, *, number: int | None = None, width: int = 1000, query: str = "") -> DocumentView:
        """Return a page or part of the document; blocks, so call it off the UI thread.

        Args:
            passage: What to mark.
            number: Of the page or part, None for where the passage begins.
            width: Of a drawn page, in pixels.
            query: What is looked for, "" for nothing.

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
        if known.type in _PAGED and file is not FileState.MISSING:
            shown = self._page(passage, file, text, number, width, query, scanned)
            if isinstance(shown, DocumentView):
                return shown
            problem = shown
        blocks = self._blocks(passage.path, known.type, text, file)
        return _part(passage, file, text, blocks, number, query, problem, known.type)

    def find(self, passage: Passage, query: str) -> list[tuple[int, int]]:
        """Return (number, how often) of each page or part of the document that holds `query`, in order; blocks.

        Raises:
            SettingsError: the library does not hold the document.
        """
        with translated(self._database.path):
            connection = self._database.reader
            known = documents.stored_file(connection, passage.library, passage.path)
            text = documents.document_text(connection, passage.library, passage.path)
        file = _file_state(passage.path, known.size_bytes, known.mtime_ns)
        if known.type in _PAGED and file is not FileState.MISSING:
            reply = self._ask({"do": "find", "path": passage.path, "query": query})
            if not isinstance(reply, str):
                return [(page, times) for page, times in reply["found"]] or self._on_scans(passage, text, query)
        parts = parts_of(text, self._blocks(passage.path, known.type, text, file))
        found = ((number, len(occurrences(text[a:b], query))) for number, (a, b) in enumerate(parts, 1))
        return [(number, times) for number, times in found if times]

    def _on_scans(self, passage: Passage, text: str, query: str) -> list[tuple[int, int]]:
        """The pages that were read off pictures and hold `query`."""
        pages: dict[int, int] = {}
        with translated(self._database.path):
            for begin, end in occurrences(text, query):
                lines = documents.places(self._database.reader, passage.library, passage.path, begin, end)
                for page in {line.page for line in lines}:
                    pages[page] = pages.get(page, 0) + 1
        return sorted(pages.items())

    def _ask(self, job: dict[str, object]) -> dict[str, Any] | str:
        """What the page process replies, or what is wrong."""
        try:
            reply = self._worker.request(job | {"max_bytes": self._settings.max_file_bytes}, timeout_s=_TIMEOUT_S)
        except WorkerDied:
            return "Drawing its page failed; the file may be damaged."
        return str(reply["problem"]) if "problem" in reply else reply

    def _blocks(self, path: str, kind: str, text: str, file: FileState) -> tuple[Block, ...]:
        """How a document is built: from its text where that is its source, else from the file if it is the same."""
        key = (path, kind, file, text_hash(text))
        if self._built[0] != key:
            blocks = source_blocks(kind, text)
            if blocks is None and file is FileState.SAME and kind not in _PAGED:
                reply = self._ask({"do": "blocks", "path": path})
                if not isinstance(reply, str) and reply["sha"] == key[3]:
                    blocks = tuple(Block(BlockKind(block[0]), *block[1:]) for block in reply["blocks"])
            self._built = (key, blocks if blocks is not None else source_blocks(Format.TEXT, text) or ())
        return self._built[1]

    def _page(
        self,
        passage: Passage,
        file: FileState,
        text: str,
        number: int | None,
        width: int,
        query: str,
        scanned: Sequence[Place],
    ) -> DocumentView | str:
        first = passage.page or 1
        job = {
            "do": "draw",
            "path": passage.path,
            "page": number or first,
            "width": min(max(width, 1), _WIDEST),
            "passage": text[passage.start : passage.end] if (number or first) >= first else "",
            "query": query,
        }
        reply = self._ask(job)
        if isinstance(reply, str):
            return reply
        picture = Picture(reply["width"], reply["height"], reply["rgb"])
        page = reply["page"]
        boxes = tuple(_box(mark) for mark in reply["marks"]) or _on_page(scanned, page)
        hits = tuple(tuple(map(_box, lines)) for lines in reply["hits"])
        if query and not hits:  # a page without text of its own: the lines that were read off it
            with translated(self._database.path):
                ask = self._database.reader, passage.library, passage.path
                found = (_on_page(documents.places(*ask, *hit), page) for hit in occurrences(text, query))
                hits = tuple(lines for lines in found if lines)
        return DocumentView(
            passage,
            file,
            page,
            reply["pages"],
            first,
            reply["text"],
            picture=picture,
            boxes=boxes,
            hit_boxes=hits,
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


def _box(sides: Sequence[float]) -> Box:
    return sides[0], sides[1], sides[2], sides[3]


def _on_page(lines: Sequence[Place], page: int) -> tuple[Box, ...]:
    return tuple((line.left, line.top, line.right, line.bottom) for line in lines if line.page == page)


def _part(
    passage: Passage,
    file: FileState,
    text: str,
    blocks: Sequence[Block],
    number: int | None,
    query: str,
    problem: str,
    kind: str,
) -> DocumentView:
    """A part of the text, cut so that no passage's beginning is far from what is shown with it."""
    cuts = parts_of(text, blocks)
    marked = max((at for at, (start, _) in enumerate(cuts) if start <= passage.start), default=0)
    at = marked if number is None else min(max(number - 1, 0), len(cuts) - 1)
    start, end = cuts[at]
    a, b = max(passage.start, start) - start, min(passage.end, end) - start
    marks = ((a, b),) if a < b else ()
    first = bisect_right(blocks, start, key=lambda block: block.end)
    last = bisect_left(blocks, end, key=lambda block: block.start)
    inside = tuple(
        block._replace(start=max(block.start, start) - start, end=min(block.end, end) - start)
        for block in blocks[first:last]
    )
    return DocumentView(
        passage,
        file,
        at + 1,
        len(cuts),
        marked + 1,
        text[start:end],
        marks,
        problem=problem,
        hits=tuple(occurrences(text[start:end], query)),
        kind=kind,
        blocks=inside,
        above=_names_above(text, blocks, first),
    )


def _names_above(text: str, blocks: Sequence[Block], first: int) -> str:
    """The heading that names a table's columns, where block `first` is one of the table's rows."""
    at = first
    while 0 < at < len(blocks) and blocks[at].kind is BlockKind.TABLE_ROW:
        at -= 1
    if at == first or blocks[at].kind is not BlockKind.HEADING:
        return ""
    return text[blocks[at].start : blocks[at].end]


def parts_of(text: str, blocks: Sequence[Block] = ()) -> list[tuple[int, int]]:
    """Cut a text into parts of some pages: half-open ranges, at least one.

    A part ends before a heading where there is one, else between two blocks, else at a line end.
    """
    parts = []
    start = 0
    while (rows_end := _after_rows(blocks, start)) or len(text) - start > _PART_CHARS * 3 // 2:
        if rows_end and rows_end <= start + _PART_CHARS:
            parts.append((start, rows_end))
            start = rows_end
            continue
        low, high = start + _PART_CHARS // 2, start + _PART_CHARS
        near = blocks[
            bisect_left(blocks, low, key=lambda block: block.start) : bisect_right(
                blocks, high, key=lambda block: block.start
            )
        ]
        headings = [block for block in near if block.kind is BlockKind.HEADING]
        if headings or near:
            end = max(headings or near, key=lambda block: (-block.level, block.start)).start
        else:
            cut = text.rfind("\n", low, high) + 1
            end = cut if cut > start else high
        parts.append((start, end))
        start = end
    return [*parts, (start, len(text))]


def _after_rows(blocks: Sequence[Block], start: int) -> int:
    """Where a part from `start` on ends because it holds enough rows of a table; 0 where it does not."""
    first = bisect_left(blocks, start, key=lambda block: block.start)
    near = blocks[first : first + _PART_ROWS + 1]
    if len(near) <= _PART_ROWS or near[-1].kind is not BlockKind.TABLE_ROW:
        return 0
    return near[-1].start
