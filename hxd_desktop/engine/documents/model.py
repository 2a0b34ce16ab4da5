"""What parsing yields: text with places, and the chunks cut from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class BlockKind(StrEnum):
    """What a stretch of extracted text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"


# Blocks and chunks come by the hundred thousand: a tuple is made in less than half the time of a frozen dataclass.
class Block(NamedTuple):
    """A structural unit of the extracted text.

    `start`, `end`: character offsets into `ParsedDocument.text`, half open. Blocks are in order and do
    not overlap; text between them is white space. `page`: 1-based page, slide or sheet, None where the
    format has none. `level`: 1 to 6 for a heading, else 0.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """Extracted text with its structure.

    `text`: what was extracted, exactly as it will be shown and quoted; offsets everywhere refer to it.
    `needs_ocr`: pages were seen but (almost) no text: a scan. `scan_pages`: those pages (1-based), also where the
    rest has text; `unread`: how many of them nobody has read. `parser`: which parser made it.
    """

    text: str
    blocks: tuple[Block, ...]
    parser: str
    title: str | None = None
    needs_ocr: bool = False
    scan_pages: tuple[int, ...] = ()
    unread: int = 0


class Chunk(NamedTuple):
    """A stretch of a document that is indexed, retrieved and quoted as one.

    Chunks partition the document: the first starts at 0, each starts where the one before ends, the last
    ends at the end of the text (white space included). `heading`: the path of headings above it, joined
    by " > ", "" for none. `page`: where it starts.
    """

    start: int
    end: int
    page: int | None = None
    heading: str = ""


class DocumentState(StrEnum):
    """The one state that each file is in, always shown."""

    QUEUED = "queued"  # seen, not read yet
    INDEXED = "indexed"  # searchable by words; vectors may still fill in
    EMPTY = "empty"  # read, holds no text
    NEEDS_OCR = "needs_ocr"  # a scan: pages without text
    FAILED = "failed"  # could not be read; `reason` says why
    SKIPPED = "skipped"  # ignored by a rule; `reason` names it
