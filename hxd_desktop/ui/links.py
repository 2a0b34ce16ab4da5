"""Links to a passage, `hxd://passage?library=…&document=…&start=…&end=…&page=…`: written, and read with care.

A link comes from anywhere. It names a library and a path; what is shown is decided by the engine, which shows documents
that it holds and nothing else.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from hxd_desktop.engine.viewing import Passage

SCHEME = "hxd"
_MOST_CHARS = 8192
_KEYS = frozenset({"library", "document", "start", "end", "page"})
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def link_to(passage: Passage) -> str:
    """Write the link to a passage."""
    values = {
        "library": passage.library,
        "document": passage.path,
        "start": str(passage.start),
        "end": str(passage.end),
        **({"page": str(passage.page)} if passage.page is not None else {}),
    }
    return f"{SCHEME}://passage?{urlencode(values, quote_via=quote)}"


def passage_of(link: str) -> Passage | None:
    """Read a link; None where it is not one, names something twice, or holds anything unexpected."""
    if len(link) > _MOST_CHARS or _CONTROL.search(link):
        return None
    try:
        parts = urlsplit(link)
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True, max_num_fields=len(_KEYS))
    except ValueError:
        return None
    values = dict(pairs)
    if (parts.scheme, parts.netloc, parts.path in ("", "/"), parts.fragment) != (SCHEME, "passage", True, ""):
        return None
    if len(values) != len(pairs) or not {"library", "document"} <= set(values) <= _KEYS:
        return None
    if any(not value or _CONTROL.search(value) for value in values.values()):
        return None
    numbers = {key: values[key] for key in ("start", "end", "page") if key in values}
    if not all(_NUMBER.fullmatch(number) for number in numbers.values()):
        return None
    start, end = int(numbers.get("start", 0)), int(numbers.get("end", 0))
    page = int(numbers["page"]) if "page" in numbers else None
    if start > end or page == 0:
        return None
    return Passage(values["library"], values["document"], start, end, page)
