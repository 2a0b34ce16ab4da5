"""A file to everything that is kept of it: state, text, chunks, search terms, keys."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import PurePath
from typing import Any

from hxd_desktop.engine.documents.chunking import chunk
from hxd_desktop.engine.documents.keys import embedding_key, heading_terms
from hxd_desktop.engine.documents.model import DocumentState, ParsedDocument
from hxd_desktop.engine.documents.problems import Unreadable, Unsupported
from hxd_desktop.engine.documents.registry import parse_bytes
from hxd_desktop.engine.settings import ChunkSettings
from hxd_desktop.engine.text.abbreviations import definitions
from hxd_desktop.engine.text.language import detect as detect_language
from hxd_desktop.engine.text.words import index_terms

# Besides the states of a document a reply may say that the file was not the same all the time (read it again),
# that its content is the one already known, or that it is not there any more.
CHANGED, UNCHANGED, MISSING = "changed", "unchanged", "missing"


def content_hash(data: bytes) -> bytes:
    """Return the 16 bytes that a content is known by (BLAKE2b)."""
    return hashlib.blake2b(data, digest_size=16).digest()


def parse_file(
    path: str | os.PathLike[str], chunks: ChunkSettings, *, max_bytes: int, known_hash: bytes | None = None
) -> dict[str, Any]:
    """Read a file once and return all that is kept of it, as plain values for a frame.

    Args:
        path: The file.
        chunks: How to cut it.
        max_bytes: Larger files are skipped unread.
        known_hash: Where the content has this hash, nothing is parsed.

    Returns:
        `state`: a `DocumentState` value, or "changed", "unchanged", "missing". `reason`: a sentence, "" where the
        state says all. `size` (bytes), `mtime_ns`, `hash` (16 bytes) where it was read, `ms`. For a document that
        was parsed also `type`, `parser`, `title`, `language` ("" unknown), `chars`, `text`, and per chunk: `chunks`
        ([start, end, page or None, heading]), `terms`, `heading_terms` (both space-joined), `keys` (16 bytes).
        Never raises for what is wrong with the file.
    """
    started = time.perf_counter()
    reply: dict[str, Any] = {"state": DocumentState.FAILED.value, "reason": "", "size": 0, "mtime_ns": 0, "hash": None}
    try:
        _parse(os.fspath(path), chunks, max_bytes, known_hash, reply)
    except (OSError, MemoryError, Unreadable, Unsupported) as error:
        explain(reply, error)
    reply["ms"] = (time.perf_counter() - started) * 1000
    return reply


def explain(reply: dict[str, Any], error: OSError | MemoryError | Unreadable | Unsupported) -> None:
    """Put into a reply what is wrong with the file."""
    if isinstance(error, FileNotFoundError):
        _set(reply, MISSING, "The file does not exist any more.")
    elif isinstance(error, PermissionError):
        _set(reply, DocumentState.FAILED, "There is no permission to read it.")
    elif isinstance(error, OSError):
        _set(reply, DocumentState.FAILED, f"It cannot be read from the disk: {error.strerror or error}.")
    elif isinstance(error, MemoryError):
        _set(reply, DocumentState.FAILED, "It needs more memory than is allowed for one document.")
    elif isinstance(error, Unsupported):
        _set(reply, DocumentState.SKIPPED, f"{error.message} {error.remedy}")
    else:
        _set(reply, DocumentState.FAILED, f"{error.message} {error.remedy}")


def _set(reply: dict[str, Any], state: str, reason: str) -> None:
    reply["state"], reply["reason"] = str(state), reason.strip()


def _parse(path: str, chunks: ChunkSettings, max_bytes: int, known_hash: bytes | None, reply: dict[str, Any]) -> None:
    data = read_bytes(path, max_bytes, reply)
    if data is None:
        return
    reply["hash"] = content_hash(data)
    if reply["hash"] == known_hash:
        _set(reply, UNCHANGED, "")
        return
    name = PurePath(path)
    if not data:
        _set(reply, DocumentState.EMPTY, "The file is empty.")
        return
    kind, document = parse_bytes(name, data)
    reply["type"] = kind.value
    describe(reply, document, name.name, chunks)


def read_bytes(path: str, max_bytes: int, reply: dict[str, Any]) -> bytes | None:
    """Return the bytes, or None with the reason in `reply`; opening what is not a file could wait forever."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        _set(reply, DocumentState.SKIPPED, "It is not a regular file.")
        return None
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        before = os.fstat(stream.fileno())
        reply["size"], reply["mtime_ns"] = before.st_size, min(before.st_mtime_ns, 2**63 - 1)
        if not stat.S_ISREG(before.st_mode):
            _set(reply, DocumentState.SKIPPED, "It is not a regular file.")
            return None
        if before.st_size > max_bytes:
            _set(reply, DocumentState.SKIPPED, f"It is larger than {_megabytes(max_bytes)}.")
            return None
        data = stream.read(before.st_size + 1)  # one more shows that it has grown; a buffer of that size is made
        after = os.fstat(stream.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        _set(reply, CHANGED, "The file changed while it was read.")
        return None
    return data


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.0f} MB" if size >= 1024 * 1024 else f"{size} bytes"


def describe(reply: dict[str, Any], document: ParsedDocument, name: str, settings: ChunkSettings) -> None:
    """Put into a reply what is kept of a document, and the state that it is in."""
    text = document.text
    cut = chunk(document, settings) if text and not text.isspace() else []
    surroundings: dict[str, str] = {}
    for piece in cut:
        if piece.heading not in surroundings:
            surroundings[piece.heading] = heading_terms(document.title, piece.heading, name)
    texts = [text[piece.start : piece.end] for piece in cut]
    reply.update(
        title=document.title,
        parser=document.parser,
        language=detect_language(text) if cut else "",
        chars=len(text),
        scan_pages=len(document.scan_pages),
        text=text if cut else "",
        chunks=[[piece.start, piece.end, piece.page, piece.heading] for piece in cut],
        terms=list(map(index_terms, texts)),
        heading_terms=[surroundings[piece.heading] for piece in cut],
        keys=[embedding_key(piece.heading, body) for piece, body in zip(cut, texts, strict=True)],
        abbreviations=[[number, *pair] for number, body in enumerate(texts) for pair in definitions(body)],
    )
    if document.needs_ocr:
        picture = document.parser == "image"
        told = "It is a picture; text in it is not read." if picture else "Its pages are images without text."
        _set(reply, DocumentState.NEEDS_OCR, told)
    elif cut:
        unread = document.unread
        pages = "1 of its pages is an image" if unread == 1 else f"{unread} of its pages are images"
        _set(reply, DocumentState.INDEXED, f"{pages} without text, not read." if unread else "")
    else:
        _set(reply, DocumentState.EMPTY, "It holds no text.")
