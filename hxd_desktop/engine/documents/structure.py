"""The blocks of a text that is its own source: found anew from the text whenever it is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from hxd_desktop.engine.documents.formats import Format
from hxd_desktop.engine.documents.markdown import markdown_document
from hxd_desktop.engine.documents.model import Block, BlockKind, ParsedDocument
from hxd_desktop.engine.documents.plain import text_document
from hxd_desktop.engine.documents.rst import rst_document

_OWN_SOURCE: dict[str, Callable[[str], ParsedDocument]] = {
    Format.MARKDOWN: markdown_document,
    Format.RST: rst_document,
    Format.TEXT: text_document,
}


def source_blocks(kind: str, text: str) -> tuple[Block, ...] | None:
    """Return the blocks of a text of format `kind`; None where only its file tells them (an Office document)."""
    if kind == Format.CODE:
        return (Block(BlockKind.CODE, 0, len(text)),)
    find = _OWN_SOURCE.get(kind)
    return find(text).blocks if find is not None else None


def text_hash(text: str) -> bytes:
    """What an extracted text is known by."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
