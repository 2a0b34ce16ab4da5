"""The page process: draws pages of PDF files and pictures, marks passages on them, tells how files are built.

A hostile file can at worst end this process; the parent reports that and starts another. Nothing that a file refers to
is loaded, and no script in it runs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.documents.finding import MOST_HITS, occurrences
from hxd_desktop.engine.documents.parse import read_bytes
from hxd_desktop.engine.documents.passage import locate
from hxd_desktop.engine.documents.pdf import mupdf_errors
from hxd_desktop.engine.documents.problems import Unreadable, damaged, password_protected
from hxd_desktop.engine.documents.structure import text_hash
from hxd_desktop.engine.errors import DocumentError

if TYPE_CHECKING:
    from hxd_desktop.engine.workers.channel import Channel

log = logging.getLogger(__name__)

_MOST_PIXELS = 12_000_000
_NOT_DRAWN = "It cannot be drawn: it is damaged, or larger than can be drawn."
_LONGEST_SIDE = 16_000  # pixels: what a window can hold and still scroll
_MOST_TEXT = 20_000
_FIND_SECONDS = 15.0


def main(channel: Channel) -> None:
    """Serve jobs until the parent closes the channel.

    A job names its `do` ("draw", "find" or "blocks"), a `path` and `max_bytes`, and what that function needs besides;
    a reply is what it returns, or `{"problem": a sentence}`.

    Raises:
        ChannelClosed: the parent is gone.
    """
    jobs: dict[str, Callable[..., dict[str, Any]]] = {"draw": draw_page, "find": find_on_pages, "blocks": file_blocks}
    while True:
        job = channel.receive()
        do = jobs[job.pop("do")]
        try:
            reply = do(**job)
        except DocumentError as problem:
            reply = {"problem": problem.message}
        except MemoryError:
            reply = {"problem": "It needs more memory than is allowed for one document."}
        except OSError as error:
            reply = {"problem": f"It cannot be read from the disk: {error.strerror or error}."}
        except Exception:  # a hostile file makes MuPDF raise anything
            log.info("the page process raised", exc_info=True)
            reply = {"problem": _NOT_DRAWN}
        channel.send(reply)


def file_blocks(path: str, max_bytes: int) -> dict[str, Any]:
    """Read a file as for indexing; return how it is built.

    Returns:
        `sha`: of its extracted text. `blocks`: [kind, start, end, page or None, level] each.

    Raises:
        DocumentError: it cannot be read.
        OSError: it cannot be read from the disk.
    """
    from hxd_desktop.engine.documents.registry import parse_bytes

    _, document = parse_bytes(PurePath(path), _content(path, max_bytes))
    return {"sha": text_hash(document.text), "blocks": [[str(block.kind), *block[1:]] for block in document.blocks]}


def find_on_pages(path: str, query: str, max_bytes: int) -> dict[str, Any]:
    """Find words on the pages of a PDF.

    Returns:
        `found`: [page (1-based), how often] for each page that holds them; what is found in time, of a very long one.

    Raises:
        Unreadable: it is damaged, protected by a password or too large.
        OSError: it cannot be read from the disk.
    """
    document = _open(path, max_bytes)
    until = time.monotonic() + _FIND_SECONDS
    found: list[list[int]] = []
    total = 0
    try:
        for page in document:
            if hits := len(occurrences(_characters(page)[0], query)):
                found.append([page.number + 1, hits])
                total += hits
            if total >= MOST_HITS or time.monotonic() > until:
                break
    except mupdf_errors() as error:
        raise damaged("a PDF") from error
    finally:
        document.close()
    return {"found": found}


def draw_page(path: str, page: int, width: int, passage: str, max_bytes: int, query: str = "") -> dict[str, Any]:
    """Draw one page of a PDF, or a picture.

    Args:
        path: The file.
        page: From 1; one beyond the ends is the last or the first.
        width: Of the picture, in pixels; the height follows the page.
        passage: What to mark, "" for nothing.
        max_bytes: Larger files are not read.
        query: What is looked for, "" for nothing.

    Returns:
        `pages`, `page`, `width`, `height` (pixels), `rgb` (three bytes a pixel, row by row), `marks`
        ([left, top, right, bottom] of each marked line, as fractions of the page), `hits` (such a list for each place
        where `query` stands), `text` of the page.

    Raises:
        Unreadable: it is damaged, protected by a password, too large, no regular file any more, or changes just now.
        OSError: it cannot be read from the disk.
    """
    import pymupdf

    document = _open(path, max_bytes)
    try:
        if document.page_count < 1:  # PyMuPDF looks for a page of such a file for ever
            raise damaged("a PDF")
        number = min(max(page, 1), document.page_count)
        drawn = document[number - 1]
        box = drawn.rect
        zoom = min(
            width / max(box.width, 1),
            (_MOST_PIXELS / max(box.width * box.height, 1)) ** 0.5,
            _LONGEST_SIDE / max(box.width, box.height, 1),
        )
        if min(box.width, box.height) * zoom < 1:
            raise Unreadable("Its page is too long and thin to be drawn.")
        pixels = drawn.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False, colorspace=pymupdf.csRGB)
        text, boxes = _characters(drawn)

        def lines(begin: int, end: int) -> list[list[float]]:
            return [_fractions(line, drawn) for line in _lines(boxes[begin:end])]

        return {
            "pages": document.page_count,
            "page": number,
            "width": pixels.width,
            "height": pixels.height,
            "rgb": bytes(pixels.samples),
            "marks": [mark for begin, end in locate(text, passage) for mark in lines(begin, end)],
            "hits": [lines(begin, end) for begin, end in occurrences(text, query)],
            "text": text[:_MOST_TEXT],
        }
    except mupdf_errors() as error:
        raise Unreadable(_NOT_DRAWN) from error
    finally:
        document.close()
        pymupdf.TOOLS.store_shrink(100)


def _content(path: str, max_bytes: int) -> bytes:
    told = {"state": "", "reason": ""}
    data = read_bytes(path, max_bytes, told)
    if data is None:
        raise Unreadable(told["reason"])
    return data


def _open(path: str, max_bytes: int) -> Any:
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    data = _content(path, max_bytes)
    kind = "pdf" if b"%PDF-" in data[:1024] else PurePath(path).suffix[1:] or "pdf"
    try:
        document = pymupdf.open(stream=data, filetype=kind)
    except mupdf_errors() as error:
        raise damaged("a PDF" if kind == "pdf" else "a picture") from error
    if document.needs_pass:
        document.close()
        raise password_protected()
    return document


_Box = tuple[float, float, float, float]


def _characters(page: Any) -> tuple[str, list[_Box | None]]:
    """The characters of a page in the order in which they are extracted, each with its box; a line end has none."""
    import pymupdf

    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
    text: list[str] = []
    boxes: list[_Box | None] = []
    for block in page.get_text("rawdict", flags=flags)["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for character in span["chars"]:
                    for part in character["c"]:
                        text.append(part)
                        boxes.append(tuple(character["bbox"]))
            text.append("\n")
            boxes.append(None)
    return "".join(text), boxes


def _lines(boxes: list[_Box | None]) -> list[_Box]:
    """One box for each stretch of characters on a line."""
    lines: list[_Box] = []
    fresh = True
    for box in boxes:
        if box is None:
            fresh = True
            continue
        last = lines[-1] if lines else None
        height = box[3] - box[1]
        if fresh or last is None or abs(box[1] - last[1]) > height or box[0] - last[2] > 4 * height:
            lines.append(box)
        else:
            lines[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        fresh = False
    return lines


def _fractions(box: _Box, page: Any) -> list[float]:
    import pymupdf

    # Text stands as on the page before it was turned; the picture is as it is read.
    turned = pymupdf.Rect(box) * page.rotation_matrix
    width, height = max(page.rect.width, 1), max(page.rect.height, 1)
    return [turned.x0 / width, turned.y0 / height, turned.x1 / width, turned.y1 / height]
