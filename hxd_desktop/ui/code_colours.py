"""Tells the parts of program code apart: comments, strings, numbers, keywords, names."""

from __future__ import annotations

from functools import lru_cache

MOST_CHARS = 20_000  # longer code stays plain
_KINDS = (
    ("Comment", "muted"),
    ("Literal.String", "good"),
    ("Literal.Number", "refuse"),
    ("Keyword", "accent"),
    ("Operator.Word", "accent"),
    ("Name.Function", "accent"),
    ("Name.Class", "accent"),
    ("Name.Tag", "accent"),
    ("Name.Attribute", "refuse"),
    ("Name.Decorator", "refuse"),
)


@lru_cache(maxsize=64)
def coloured(code: str, language: str) -> tuple[tuple[int, int, str], ...]:
    """Return the half-open ranges of `code` that are coloured, with the palette's ink for each.

    A `language` that is not known, or long code, has none. The first call takes a tenth of a second: not on the UI
    thread.
    """
    if not language or len(code) > MOST_CHARS:
        return ()
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.lower())
    except ClassNotFound:
        return ()
    found: list[tuple[int, int, str]] = []
    for start, kind, text in lexer.get_tokens_unprocessed(code):
        name = str(kind).removeprefix("Token.")
        ink = next((ink for prefix, ink in _KINDS if name.startswith(prefix)), None)
        if ink is not None and not text.isspace():
            first = found.pop()[0] if found and found[-1][1:] == (start, ink) else start
            found.append((first, start + len(text), ink))
    return tuple(found)
