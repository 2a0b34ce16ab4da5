"""What files are called and what documents say, made harmless to show, to copy and to save.

A name may hold line ends, marks that turn the direction of writing and what looks like markup; Markdown may hold
pictures that tell a stranger who reads it, and links that run something.
"""

from __future__ import annotations

import html
import os
import re
import unicodedata

_UNSEEN = frozenset(("Cc", "Cs", "Zl", "Zp"))
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`)", re.DOTALL)
_PICTURE = re.compile(r"!(?=\[)")
_TARGET = re.compile(r"\](\()(?=\s*<?\s*([^\s)>]*))")
_DEFINITION = re.compile(r"^(\s*(?:>\s*)*)\[(?=[^\]\n]+\]:\s*<?\s*([^\s>]*))", re.MULTILINE)
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]*>)", re.IGNORECASE)
_LEAVING = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


def shown(name: str) -> str:
    """Return the name of a file or a path as one line that reads as it is spelled; what cannot be seen is `�`."""
    if name.isascii() and name.isprintable():
        return name
    return "".join("\ufffd" if c in _TURNING or unicodedata.category(c) in _UNSEEN else c for c in name)


def file_name(path: str) -> str:
    """Return how a file is called, to be shown."""
    return shown(os.path.basename(path) or path)


def tip(text: str) -> str:
    """Return `text` so that a tooltip shows it letter by letter: Qt takes some for HTML, and loads its pictures."""
    if "<" not in text:
        return text
    return f"<span style='white-space:pre-wrap'>{html.escape(text)}</span>"


def harmless(markdown: str) -> str:
    """Return Markdown of a document without pictures, HTML and links other than to pages, mail and neighbours.

    A picture becomes a link, which is asked about before it is followed; other links and HTML stand there as letters.
    """
    return "".join(piece if at % 2 else _plain(piece) for at, piece in enumerate(CODE.split(markdown)))


def _plain(piece: str) -> str:
    piece = _PICTURE.sub("", piece)
    piece = _TARGET.sub(lambda link: link[0] if _may_be_followed(link[2]) else "]\\(", piece)
    piece = _DEFINITION.sub(lambda line: line[0] if _may_be_followed(line[2]) else f"{line[1]}\\[", piece)
    return _MARKUP.sub(r"\\<", piece)


def _may_be_followed(target: str) -> bool:
    """Whether a link leads to a page, to a mail, or to a place beside the document."""
    if _LEAVING.match(target):
        return True
    first = re.split(r"[/?#]", target, maxsplit=1)[0]
    return not target.startswith(("//", "/\\", "\\")) and not any(c in first for c in ":&\\")
