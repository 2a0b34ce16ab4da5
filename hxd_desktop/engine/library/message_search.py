"""Searching conversations by their words, as documents are searched."""

from __future__ import annotations

import sqlite3

from hxd_desktop.engine.library.model import MessageHit
from hxd_desktop.engine.text.words import CJK_CHARACTER, query_terms, term_spans

_SNIPPET = 90
_BEFORE = 30
_MOST_TERMS = 24


def search(connection: sqlite3.Connection, query: str, limit: int = 50) -> list[MessageHit]:
    """Return messages that hold every word of `query`, the latest first; the last word may be unfinished."""
    terms = query_terms(query)[:_MOST_TERMS]
    if not terms:
        return []
    # A single CJK character stands inside pairs, where no index finds it: those texts are looked through.
    single = [term for term in terms if len(term) == 1 and CJK_CHARACTER.match(term)]
    indexed = [term for term in terms if term not in single]
    words = "m.id IN (SELECT rowid FROM message_words WHERE message_words MATCH ?)" if indexed else "? = ''"
    rows = connection.execute(
        "SELECT m.conversation_id, m.id, m.role, c.title, m.text, m.created_at FROM messages m"
        " JOIN conversations c ON c.id = m.conversation_id"
        f" WHERE NOT c.trashed AND {words}{' AND instr(m.text, ?)' * len(single)}"
        " ORDER BY m.id DESC LIMIT ?",
        (_match(query, indexed), *single, limit),
    ).fetchall()
    return [
        MessageHit(conversation, message, role, title, *snippet(text, terms), created_at)
        for conversation, message, role, title, text, created_at in rows
    ]


def _match(query: str, terms: list[str]) -> str:
    quoted = ['"' + term.replace('"', '""') + '"' for term in terms]
    last = query[-1:]
    if quoted and last.isalnum() and not CJK_CHARACTER.match(last):  # a word that is being typed
        quoted[-1] += "*"
    return " AND ".join(quoted)


def snippet(text: str, terms: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the stretch of `text` around the first match on one line, and the half-open ranges of what matched."""
    wanted, prefix = set(terms), terms[-1]
    flat = "".join(" " if character.isspace() else character for character in text)
    spans = [(start, end) for term, start, end in term_spans(flat) if term in wanted or term.startswith(prefix)]
    spans += [(at, at + 1) for at, character in enumerate(flat) if character in wanted and not character.isascii()]
    spans.sort()
    first = spans[0][0] if spans else 0
    start = max(0, first - _BEFORE)
    while 0 < start < first and flat[start - 1].isalnum() and flat[start].isascii():
        start += 1
    shown = flat[start : start + _SNIPPET]
    lead = "…" if start else ""
    marks: list[tuple[int, int]] = []
    for a, b in spans:
        a, b = a - start + len(lead), min(b - start, len(shown)) + len(lead)
        if a < 0 or a >= b:
            continue
        if marks and a <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(b, marks[-1][1]))
        else:
            marks.append((a, b))
    tail = "…" if start + _SNIPPET < len(flat) else ""
    return f"{lead}{shown}{tail}", tuple(marks)
