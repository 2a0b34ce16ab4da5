"""The process that reads scans: a file in, a reply for each page that was read, and at the end what is kept of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

from hxd_desktop.engine.documents.model import DocumentState, ParsedDocument
from hxd_desktop.engine.documents.ocr.model import ScanLine, confidence, find_places, pack_places
from hxd_desktop.engine.documents.parse import CHANGED, content_hash, describe, explain, read_bytes
from hxd_desktop.engine.documents.pdf import opened
from hxd_desktop.engine.documents.problems import Unreadable, Unsupported, damaged
from hxd_desktop.engine.documents.registry import parse_bytes
from hxd_desktop.engine.settings import ChunkSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hxd_desktop.engine.workers.channel import Channel

log = logging.getLogger(__name__)

_DOTS_PER_INCH = 200
_LONGER_SIDE = 3000  # pixels at most
_SMALLEST_SIDE = 16  # pixels: no letter is smaller


class Reader(Protocol):
    """An engine that is loaded."""

    def read(self, image: NDArray[np.uint8]) -> list[ScanLine]:
        """Return the lines on a picture, in reading order. `image`: height x width x 3, RGB."""


def main(channel: Channel) -> None:
    """Serve jobs until the parent closes the channel; see `read_scan` for what they hold.

    Raises:
        ChannelClosed: the parent is gone.
    """
    readers: dict[str, Reader] = {}
    while True:
        job = channel.receive()
        for reply in read_scan(job, readers):
            channel.send(reply)


def read_scan(job: dict[str, Any], readers: dict[str, Reader]) -> Iterator[dict[str, Any]]:
    """Read the pages of a file that are pictures; yield `{"page", "lines"}` for each, then what is kept of the file.

    Args:
        job: `path`, `max_bytes`, `chunks` (fields of ChunkSettings), `hash` (its content), `engine` (name),
            `engine_id`, `languages`, `timeout_s` for a page, `limit` (mean confidence below which the file says so),
            `known` (page -> lines that were read before).
        readers: Engines that are loaded, by name.

    The last reply is one of `parse_file`, with `ocr`: {"confidence": 0 to 1 or None, "places": bytes} where it was
    read; "needs_ocr" with a reason where the engine could not.
    """
    reply: dict[str, Any] = {"state": DocumentState.FAILED.value, "reason": "", "size": 0, "mtime_ns": 0, "hash": None}
    try:
        data = read_bytes(job["path"], job["max_bytes"], reply)
        if data is not None:
            reply["hash"] = content_hash(data)
            if reply["hash"] == job["hash"]:
                yield from _read_pages(job, data, readers, reply)
            else:
                reply["state"] = CHANGED
    except (OSError, MemoryError, Unreadable, Unsupported) as error:
        explain(reply, error)
    except Exception as error:
        log.info("%s raised", job["engine"], exc_info=True)
        reply["state"] = DocumentState.NEEDS_OCR.value
        reply["reason"] = f"{job['engine_id']} could not read it ({type(error).__name__})."
    yield reply


def _read_pages(
    job: dict[str, Any], data: bytes, readers: dict[str, Reader], reply: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    name = PurePath(job["path"])
    if data[8:12] == b"WEBP":
        data = _as_bitmap(data)
    kind, document = parse_bytes(name, data)
    read = {page: list(map(ScanLine.of, lines)) for page, lines in job["known"].items()}
    missing = [page for page in document.scan_pages if page not in read]
    if missing:
        reader = _reader(job, readers)
        with opened(data, "pdf" if kind.value == "pdf" else None, "a document") as pages:
            for page in missing:
                image = _picture(pages[page - 1])
                read[page] = reader.read(image) if min(image.shape[:2]) >= _SMALLEST_SIDE else []
                yield {"page": page, "lines": [list(line) for line in read[page]]}
    _, document = parse_bytes(name, data, read=read)
    reply["type"] = kind.value
    describe(reply, document, name.name, ChunkSettings(**job["chunks"]))
    mean = confidence(line for lines in read.values() for line in lines)
    reply["ocr"] = {"confidence": mean, "places": pack_places(find_places(document.text, _ranges(document), read))}
    if reply["state"] == DocumentState.EMPTY:
        reply["reason"] = f"{job['engine_id']} found no text on it."
    elif mean is not None and mean < job["limit"]:
        reply["reason"] = f"Read by OCR, mean confidence {mean:.2f}: may contain errors."


def _reader(job: dict[str, Any], readers: dict[str, Reader]) -> Reader:
    name = job["engine"]
    if name not in readers:
        if name == "rapidocr":
            from hxd_desktop.engine.documents.ocr.rapid import RapidEngine

            readers[name] = RapidEngine()
        else:
            from hxd_desktop.engine.documents.ocr.tesseract import TesseractEngine

            readers[name] = TesseractEngine(job["languages"], job["timeout_s"])
    return readers[name]


def _picture(page: Any) -> NDArray[np.uint8]:
    """Return a page as pixels, height x width x 3, RGB."""
    import numpy as np
    import pymupdf

    longer = max(page.rect.width, page.rect.height, 1.0)
    zoom = min(_DOTS_PER_INCH / 72, _LONGER_SIDE / longer)
    pixels = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3)


def _as_bitmap(data: bytes) -> bytes:
    """Return a WebP picture as a BMP: MuPDF does not open it, OpenCV does, which comes with RapidOCR."""
    try:
        import cv2
        import numpy as np
    except ImportError as error:
        raise Unsupported("WebP pictures are read by RapidOCR alone.", "Run python3 bootstrap.py ocr.") from error
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise damaged("a picture")
    return bytes(cv2.imencode(".bmp", picture)[1])


def _ranges(document: ParsedDocument) -> dict[int, tuple[int, int]]:
    """Return for each page where its text begins and ends."""
    ranges: dict[int, tuple[int, int]] = {}
    for block in document.blocks:
        if block.page is not None:
            start, end = ranges.get(block.page, (block.start, block.end))
            ranges[block.page] = (min(start, block.start), max(end, block.end))
    return ranges
