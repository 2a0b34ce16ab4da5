"""Text that can be stored: no halves of characters."""

from __future__ import annotations


def whole(text: str) -> str:
    """Return `text` with pairs of surrogates joined, and with U+FFFD for a half, which UTF-8 and SQLite cannot hold."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
