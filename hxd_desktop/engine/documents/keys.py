"""Keys made from a chunk: the terms it is found by, and the hash that its embedding is kept under."""

from __future__ import annotations

import hashlib
import os.path

from hxd_desktop.engine.text.folding import folds_apart
from hxd_desktop.engine.text.words import index_terms


def heading_terms(title: str | None, heading: str, path: str) -> str:
    """Return the terms of a chunk's surroundings: document title, heading path, file name without suffix."""
    name = os.path.splitext(os.path.basename(path))[0]
    parts = [title or "", heading, name]
    return index_terms("\n".join(part for part in dict.fromkeys(parts) if part))


def joined_terms(body: str, surroundings: str) -> str:
    """Return what a chunk is found by: the terms of its text, and of title, heading path and file name."""
    return f"{body} {surroundings}"


def chunk_terms(text: str, title: str | None, heading: str, path: str) -> str:
    """Return what a chunk is found by, made anew from its parts."""
    return joined_terms(index_terms(text), heading_terms(title, heading, path))


def embedding_text(heading: str, text: str) -> str:
    """Return what an embedder reads of a chunk: its heading path, then its text."""
    return f"{heading}\n{text}" if heading else text


def embedding_terms(heading: str, text: str, terms: str) -> str:
    """Return the terms of what an embedder reads of a chunk (blanks apart), given those of its text alone."""
    if not heading:
        return terms
    if not folds_apart(heading, text):
        return index_terms(embedding_text(heading, text))
    return f"{index_terms(heading)} {terms}"


def embedding_key(heading: str, text: str) -> bytes:
    """Return the 16-byte hash that identifies what an embedder reads of a chunk."""
    return hashlib.blake2b(embedding_text(heading, text).encode("utf-8", "surrogatepass"), digest_size=16).digest()
