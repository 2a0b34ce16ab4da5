"""HTML: the text of a page without scripts, styles, navigation and what is hidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.documents.builder import DocumentBuilder, one_line
from hxd_desktop.engine.documents.encoding import decode
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.problems import Unreadable, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,30})|<\?xml[^>]{0,100}?encoding=["']([A-Za-z0-9_-]{2,30})""",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_DROPPED = frozenset(
    "script style noscript template svg math canvas iframe object embed head nav button select textarea form-control "
    "dialog menu audio video map frameset".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html li main ol p pre section summary table tbody td tfoot th thead tr ul "
    "caption legend".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_IN_LAYOUT_CELLS = frozenset("table h1 h2 h3 h4 h5 h6 ul ol p blockquote pre article section form".split())
_MAIN_SHARE = 0.4  # of the page's text that <main> or <article> must hold to stand for the page
_MAX_SPAN = 64
_MAX_DEPTH = 10_000
_HUGE_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,20})[\s/][^<>]{100000,}>?")  # often a picture as text
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_CLOSED_BY_OTHERS = frozenset(
    "p li dt dd tr td th thead tbody tfoot colgroup option optgroup rt rp br img hr input meta link col area base embed"
    " source track wbr param".split()
)


def parse_html(data: bytes) -> ParsedDocument:
    """Parse a web page of any encoding.

    Raises:
        Unreadable: it is not text.
    """
    text = decode_html(data)
    if text is None:
        raise damaged("a web page")
    builder = DocumentBuilder("html")
    builder.title = add_html(builder, text)
    return builder.build()


def decode_html(data: bytes) -> str | None:
    """Return the text of a page: UTF-8 where it is valid, else what the page says, else the likeliest."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(data[:4096])
    if declared is not None:
        name = (declared[1] or declared[2]).decode("ascii").lower()
        # Pages that say GB2312 or Shift_JIS mean the larger sets that contain them.
        name = {
            "gb2312": "gb18030",
            "gbk": "gb18030",
            "big5": "big5hkscs",
            "shift_jis": "cp932",
            "iso-8859-1": "cp1252",
        }.get(name, name)
        try:
            if not name.startswith("utf"):
                return data.decode(name, errors="replace")
        except LookupError:
            pass  # an invented name: guess
    return decode(data)


def add_html(builder: DocumentBuilder, html: str, *, deeper: int = 0) -> str | None:
    """Append the blocks of a page, its headings `deeper` levels down; return its title."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_tamed(html))
    title_of = tree.css_first("head > title")
    title = one_line(title_of.text()) if title_of is not None else ""
    root = _main_part(tree)
    if root is not None:
        _Walker(builder, deeper).walk(root)
    return title or None


def _tamed(html: str) -> str:
    """Cut attributes that go on for pages, and refuse absurd nesting: the parser's time grows with their square.

    Raises:
        Unreadable: it is nested too deeply.
    """
    html = _HUGE_TAG.sub(r"<\1>", html)
    if html.count("<") > _MAX_DEPTH:
        depth = 0
        for tag in _TAG.finditer(html):
            if tag[2].lower() not in _CLOSED_BY_OTHERS:
                depth = max(0, depth + (-1 if tag[1] else 1))
                if depth > _MAX_DEPTH:
                    raise Unreadable("It is nested too deeply to be read.")
    return html


def _main_part(tree: Any) -> Any:
    body = tree.body
    if body is None:
        return tree.root
    candidates = tree.css("main, [role=main]") or tree.css("article")
    if len(candidates) == 1 and len(candidates[0].text()) >= _MAIN_SHARE * len(body.text()):
        return candidates[0]
    return body


class _Walker:
    """Goes through the nodes without recursion: pages nest thousands of levels deep."""

    def __init__(self, builder: DocumentBuilder, deeper: int) -> None:
        self._builder = builder
        self._deeper = deeper
        self._parts: list[str] = []
        self._kinds: list[tuple[BlockKind, int]] = [(BlockKind.PARAGRAPH, 0)]

    def walk(self, root: Any) -> None:
        node, entering, end = root, True, root.mem_id
        while True:
            descend = entering and self._enter(node)
            child = node.child if descend else None
            if child is not None:
                node, entering = child, True
                continue
            if descend or not entering:
                self._leave(node)
            if node.mem_id == end:
                break
            following = node.next
            node, entering = (following, True) if following is not None else (node.parent, False)
        self._flush()

    def _enter(self, node: Any) -> bool:
        """Handle the start of a node; return whether its children are wanted."""
        tag = node.tag
        if tag == "-text":
            self._parts.append(node.text_content or "")
            return False
        if tag.startswith("-") or tag == "!doctype" or tag in _DROPPED or _is_hidden(node):
            return False
        if tag == "br":
            self._parts.append("\x00")
            return False
        if tag == "img":
            return False
        if tag in _BLOCKS:
            self._flush()
            if tag == "table" and self._add_table(node):
                return False
            if tag in _HEADINGS:
                self._kinds.append((BlockKind.HEADING, _HEADINGS[tag]))
            elif tag in ("li", "dd", "dt"):
                self._kinds.append((BlockKind.LIST_ITEM, 0))
            elif tag == "pre":
                self._kinds.append((BlockKind.CODE, 0))
        return True

    def _leave(self, node: Any) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._flush()
            if tag in _HEADINGS or tag in ("li", "dd", "dt", "pre"):
                self._kinds.pop()

    def _flush(self) -> None:
        if not self._parts:
            return
        kind, level = self._kinds[-1]
        text = "".join(self._parts)
        self._parts.clear()
        if kind is BlockKind.CODE:
            self._builder.add(kind, text.replace("\x00", "\n"))
        else:
            text = "\n".join(line.strip() for line in _SPACES.sub(" ", text).split("\x00"))
            self._builder.add(kind, text, level=level + self._deeper if level else 0)

    def _add_table(self, table: Any) -> bool:
        """Append a table of values; return False for one that only arranges the page."""
        rows = list(_rows(table))
        if not rows or any(_is_layout_cell(cell) for row in rows for cell in row):
            return False
        above: dict[int, tuple[int, str]] = {}  # column: rows still to fill, text
        for row in rows:
            texts: list[str] = []
            for cell in row:
                while (waiting := above.get(len(texts))) is not None:
                    _take(above, texts, waiting)
                text = one_line(cell.text(separator=" "))
                attributes = cell.attributes
                across, down = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
                for offset in range(across):
                    if down > 1:
                        above[len(texts)] = (down - 1, text if offset == 0 else "")
                    texts.append(text if offset == 0 else "")
            while (waiting := above.get(len(texts))) is not None:
                _take(above, texts, waiting)
            self._builder.row(texts)
        return True


def _take(above: dict[int, tuple[int, str]], texts: list[str], waiting: tuple[int, str]) -> None:
    column, (left, text) = len(texts), waiting
    if left > 1:
        above[column] = (left - 1, text)
    else:
        del above[column]
    texts.append(text)


def _span(value: str | None) -> int:
    return min(int(value), _MAX_SPAN) if value and value.isdecimal() and int(value) > 0 else 1


def _rows(table: Any) -> Iterator[list[Any]]:
    for part in table.iter():
        for row in [part] if part.tag == "tr" else part.iter():
            if row.tag == "tr":
                yield [cell for cell in row.iter() if cell.tag in ("td", "th")]


def _is_layout_cell(cell: Any) -> bool:
    blocks = 0
    for node in cell.iter():
        if node.tag in _IN_LAYOUT_CELLS:
            blocks += 1
            if node.tag != "p" or blocks > 2:
                return True
    return cell.css_first("table") is not None


def _is_hidden(node: Any) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if attributes.get("role") in ("navigation", "search", "dialog"):
        return True
    style = attributes.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None
