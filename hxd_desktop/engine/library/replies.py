"""What a parser process sent, looked at before it is believed: a document may have taken the process over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.parse import CHANGED, MISSING, UNCHANGED

_STATES = frozenset({*(state.value for state in DocumentState), CHANGED, UNCHANGED, MISSING})
_LARGEST = 2**63 - 1
_HASH_BYTES = 16


def well_formed(reply: Mapping[str, Any]) -> bool:
    """Whether a reply is one that `documents.parse.parse_file` could have sent, so that it can be stored.

    Chunks have to partition the text, with as many terms and keys; every text has to be one that can be stored.
    """
    try:
        return _is_plain(reply) and (reply["state"] != DocumentState.INDEXED or _is_document(reply))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return False


def _is_plain(reply: Mapping[str, Any]) -> bool:
    for name in ("state", "reason", "type", "parser", "title", "language"):
        if reply.get(name) is not None and not _is_text(reply[name]):
            return False
    numbers = (reply.get(name, 0) for name in ("size", "mtime_ns", "scan_pages", "chars"))
    return (
        reply["state"] in _STATES
        and isinstance(reply["reason"], str)
        and all(isinstance(n, int) and -_LARGEST <= n <= _LARGEST for n in numbers)
        and isinstance(reply.get("ms", 0.0), int | float)
        and (reply.get("hash") is None or _is_key(reply["hash"]))
    )


def _is_document(reply: Mapping[str, Any]) -> bool:
    text, chunks = reply["text"], reply["chunks"]
    if not _is_text(text) or not _is_key(reply["hash"]) or not chunks:
        return False
    position = 0
    for start, end, page, heading in chunks:
        if type(start) is not int or type(end) is not int or start != position or end <= start:
            return False
        if not (page is None or (type(page) is int and 0 <= page <= _LARGEST)) or not _is_text(heading):
            return False
        position = end
    return (
        position == len(text)
        and _are(reply["terms"], len(chunks), _is_text)
        and _are(reply["heading_terms"], len(chunks), _is_text)
        and _are(reply["keys"], len(chunks), _is_key)
        and all(
            type(number) is int and 0 <= number < len(chunks) and _is_text(short) and _is_text(long)
            for number, short, long in reply.get("abbreviations", ())
        )
    )


def _are(values: Any, count: int, kind: Callable[[Any], bool]) -> bool:
    return isinstance(values, list) and len(values) == count and all(map(kind, values))


def _is_text(value: Any) -> bool:
    if type(value) is not str:
        return False
    if not value.isascii():
        value.encode()  # half of a character cannot be stored: a ValueError
    return True


def _is_key(value: Any) -> bool:
    return type(value) is bytes and len(value) == _HASH_BYTES
