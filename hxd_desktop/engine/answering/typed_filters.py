"""Filters typed into a question, as mail programs and search engines take them: `type:pdf since:2026-01 预算`.

What is no filter that could hold (`type:ignore`, `since:yesterday`) stays part of the question.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import asdict, replace

from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.documents.formats import Format, known_suffixes

_NAMES = {
    "type": "type",
    "类型": "type",
    "folder": "within",
    "文件夹": "within",
    "file": "document",
    "文件": "document",
    "since": "since",
    "自从": "since",
    "lang": "language",
    "language": "language",
    "语言": "language",
}
_LONGEST = 200  # characters of a filter's value
_LENGTH = f"{{1,{_LONGEST}}}"
_FILTER = re.compile(
    rf"(?<!\S)({'|'.join(_NAMES)})[:：]"
    rf"(?:\"([^\"]{_LENGTH})\"|“([^”]{_LENGTH})”|([^\s\"“”,，。?？!！]{_LENGTH}))(?=\s|$)",
    re.IGNORECASE,
)
_LANGUAGES = frozenset("zh en ja ko de fr es it pt ru".split())
_MOST_CHARS = 4000  # of a question that are looked at


def split_filters(text: str, filters: Filters | None = None) -> tuple[str, Filters | None]:
    """Take the filters out of a question.

    Args:
        text: what was typed.
        filters: what was chosen otherwise; it comes before what is typed.

    Returns:
        The question without its filters, and all filters together, None where there are none.
    """
    found: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        name = _NAMES[match[1].lower()]
        value = _value(name, (match[2] or match[3] or match[4]).strip(), quoted=match[4] is None)
        if value is None or name in found:
            return match[0]
        found[name] = value
        return ""

    rest = _FILTER.sub(take, text[:_MOST_CHARS]) + text[_MOST_CHARS:]
    if not found:
        return text, filters
    chosen = {name: value for name, value in asdict(filters or Filters()).items() if value}
    return " ".join(rest.split()), replace(Filters(), **{**found, **chosen})


def file_filter(path: str) -> str:
    """Return a document's path as a filter to type, "" where no quotation marks can hold it."""
    opening, closing = ("“", "”") if '"' in path else ('"', '"')
    return "" if closing in path or len(path) > _LONGEST else f"file:{opening}{path}{closing}"


def _value(name: str, typed: str, *, quoted: bool) -> str | None:
    """What a filter is given, in the form that searches take; None where it cannot be meant."""
    if name == "type":
        suffix = typed.lower().lstrip(".")
        return suffix if suffix in known_suffixes() or suffix in set(Format) else None
    if name == "language":
        return typed.lower() if typed.lower() in _LANGUAGES else None
    if name == "since":
        return _date(typed)
    if name == "document":
        # "file:///etc" is an address, and "file:yes" in a question about settings no name.
        looks_like_one = quoted or ("." in typed and not typed.startswith("//"))
        return typed.rstrip("/\\") or None if looks_like_one else None
    return typed.strip("/\\") or None


def _date(typed: str) -> str | None:
    """An ISO date from a year, a month or a day."""
    parts = re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", typed)
    if parts is None:
        return None
    try:
        return datetime.date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1)).isoformat()
    except ValueError:
        return None
