"""Which parser reads which format; parsers, and the libraries they need, are imported when first used."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.formats import Format, describe_unread, detect
from hxd_desktop.engine.documents.model import ParsedDocument
from hxd_desktop.engine.documents.problems import Unreadable, Unsupported, damaged
from hxd_desktop.engine.errors import DocumentError

if TYPE_CHECKING:
    from hxd_desktop.engine.documents.ocr.model import ScanLine

log = logging.getLogger(__name__)

_PACKAGE = "hxd_desktop.engine.documents"
# Format: module, function (bytes -> ParsedDocument), and what the format is called in a sentence.
_PARSERS: dict[Format, tuple[str, str, str]] = {
    Format.TEXT: ("plain", "parse_text", "a text"),
    Format.CODE: ("plain", "parse_code", "a text"),
    Format.MARKDOWN: ("markdown", "parse_markdown", "a Markdown text"),
    Format.RST: ("rst", "parse_rst", "a reStructuredText"),
    Format.HTML: ("html", "parse_html", "a web page"),
    Format.EPUB: ("epub", "parse_epub", "an e-book"),
    Format.CSV: ("data", "parse_csv", "a table"),
    Format.JSON: ("data", "parse_json", "a JSON file"),
    Format.JSONL: ("data", "parse_jsonl", "a JSON Lines file"),
    Format.NOTEBOOK: ("data", "parse_notebook", "a notebook"),
    Format.PDF: ("pdf", "parse_pdf", "a PDF"),
    Format.IMAGE: ("pdf", "parse_image", "a picture"),
    Format.DOCX: ("word", "parse_docx", "a Word document"),
    Format.PPTX: ("slides", "parse_pptx", "a PowerPoint presentation"),
    Format.XLSX: ("spreadsheet", "parse_spreadsheet", "an Excel workbook"),
    Format.XLS: ("spreadsheet", "parse_spreadsheet", "an Excel workbook"),
    Format.ODS: ("spreadsheet", "parse_spreadsheet", "an OpenDocument spreadsheet"),
    Format.ODT: ("opendocument", "parse_opendocument", "an OpenDocument text"),
    Format.ODP: ("opendocument", "parse_opendocument", "an OpenDocument presentation"),
    Format.DOC: ("legacy", "parse_doc", "a Word document"),
    Format.PPT: ("legacy", "parse_ppt", "a PowerPoint presentation"),
    Format.RTF: ("rtf", "parse_rtf", "a rich text"),
    Format.EML: ("mail", "parse_eml", "a mail"),
    Format.MBOX: ("mail", "parse_mbox", "a mailbox"),
    Format.MSG: ("mail", "parse_msg", "an Outlook mail"),
}
_NESTING = frozenset({Format.EML, Format.MBOX, Format.MSG})
_SCANNED = frozenset({Format.PDF, Format.IMAGE})
_PANIC = "PanicException"  # of libraries in Rust: no Exception, and no module to import it from


def parse_bytes(
    name: PurePath, data: bytes, *, depth: int = 0, read: Mapping[int, Sequence[ScanLine]] | None = None
) -> tuple[Format, ParsedDocument]:
    """Parse the bytes of a document.

    Args:
        name: Its file name; helps to tell the format, is never opened.
        data: All of its bytes.
        depth: In how many mails it lies as an attachment.
        read: What was read off its pages that are pictures (1-based).

    Raises:
        Unreadable: damaged, protected by a password, or too much inside.
        Unsupported: nothing that is read here.
        MemoryError: it needs more memory than there is.
    """
    kind = detect(name, data)
    if kind is None:
        raise Unsupported(describe_unread(name, data))
    module, function, called = _PARSERS[kind]
    try:
        parse: Callable[..., ParsedDocument] = getattr(importlib.import_module(f"{_PACKAGE}.{module}"), function)
        more = {"depth": depth} if kind in _NESTING else {"read": read} if kind in _SCANNED else {}
        document = parse(data, **more)
    except (DocumentError, MemoryError):
        raise
    except RecursionError as error:
        raise Unreadable("It is nested too deeply to be read.") from error
    except Exception as error:  # a hostile file makes a parsing library raise anything
        log.info("the %s parser raised", kind.value, exc_info=True)
        raise damaged(called) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise damaged(called) from error
    return kind, document
