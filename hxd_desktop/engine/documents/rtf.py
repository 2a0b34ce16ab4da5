"""RTF through striprtf: a paragraph a line."""

from __future__ import annotations

import re

from hxd_desktop.engine.documents.builder import DocumentBuilder
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.problems import damaged

_BULLET = re.compile(r"\s*(?:[•·●○▪■‣*-]|\d{1,3}[.)])\s")
_ROW = re.compile(r"[^|]*(?:\|[^|]*)*\|\s*$")


def parse_rtf(data: bytes) -> ParsedDocument:
    """Parse rich text.

    Raises:
        Unreadable: it is damaged.
    """
    builder = DocumentBuilder("rtf")
    builder.title_from_heading = False
    for line in rtf_text(data).split("\n"):
        if _ROW.match(line):
            builder.row([cell.strip() for cell in line.rstrip().removesuffix("|").split("|")])
        elif _BULLET.match(line):
            builder.add(BlockKind.LIST_ITEM, line)
        else:
            builder.paragraph(line)
    return builder.build()


def rtf_text(data: bytes) -> str:
    """Return the text of RTF.

    Raises:
        Unreadable: it is damaged.
    """
    from striprtf.striprtf import rtf_to_text

    try:
        # RTF is ASCII with escapes; a stray byte is in the Windows code page.
        text = rtf_to_text(data.decode("cp1252", errors="replace"), errors="replace")
    except (ValueError, LookupError, IndexError, TypeError) as error:
        raise damaged("a rich text") from error
    return str(text)
