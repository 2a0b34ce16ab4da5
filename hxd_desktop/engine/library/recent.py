"""Terms of passages on their way from the parsers to the built-in embedder, which would only make them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hxd_desktop.engine.documents.model import DocumentState

_MAX_CHARS = 16 << 20  # some 30 MB of Chinese; what comes after is cut into words again


class RecentTerms:
    """Remembers the terms of passages by the keys of their embeddings; used by the indexer thread alone."""

    def __init__(self) -> None:
        self._terms: dict[bytes, str] = {}
        self._chars = 0

    def keep(self, reply: Mapping[str, Any]) -> None:
        """Take the terms from what a parser made of a file, as long as there is room."""
        if self._chars < _MAX_CHARS and reply["state"] == DocumentState.INDEXED:
            self._terms.update(zip(reply["keys"], reply["terms"], strict=True))
            self._chars += sum(map(len, reply["terms"]))

    def take(self, key: bytes) -> str | None:
        """Return the terms of a passage's text and forget them; None where they are not known."""
        terms = self._terms.pop(key, None)
        if terms is not None:
            self._chars -= len(terms)
        return terms

    def clear(self) -> None:
        """Forget all."""
        self._terms.clear()
        self._chars = 0
