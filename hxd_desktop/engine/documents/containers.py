"""Zip archives and XML from strangers, opened without doing what they ask for.

A document unpacks to some ten times its size; a bomb to thousands. XML entities are not expanded, nothing is
fetched, and libxml2's own limits on depth and size stay on.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.problems import Unreadable, damaged, too_much_inside

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MAX_UNPACKED_BYTES = 1 << 30
_MAX_ENTRIES = 50_000
_SUSPICIOUS_BYTES = 64 << 20  # below, no ratio does harm
_MAX_RATIO = 150
_MAX_XML_BYTES = 256 << 20


def open_zip(data: bytes, called: str) -> zipfile.ZipFile:
    """Open an archive after looking at how much it says it holds.

    Args:
        data: The archive.
        called: What the document is, as in "a Word document".

    Raises:
        Unreadable: it is damaged or holds too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise damaged(called) from error
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > _MAX_ENTRIES or total > _MAX_UNPACKED_BYTES:
        raise too_much_inside()
    if total > _SUSPICIOUS_BYTES and total > _MAX_RATIO * len(data):
        raise too_much_inside()
    return archive


def read_entry(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """Return the bytes of an entry, never more than its header promises; None where there is none of that name.

    Raises:
        Unreadable: it is damaged, or larger than any real XML part.
    """
    try:
        entry = archive.getinfo(name)
    except KeyError:
        return None
    if entry.file_size > _MAX_XML_BYTES:
        raise too_much_inside()
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Unreadable(f"A part of it is damaged ({name}).") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise Unreadable(f"A part of it is damaged ({name}).") from error
        raise


def parse_xml(data: bytes) -> Element:
    """Return the root of an XML document.

    Raises:
        Unreadable: it is not well-formed, or deeper or larger than libxml2 allows.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise Unreadable("It is nested too deeply to be read.") from error
        raise Unreadable("A part of it is damaged.") from error


def local_name(element: Element) -> str:
    """Return the tag without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
