"""Emphasis, code and links inside a line of Markdown. Knows no Qt.

Marks are left out, and what is left keeps its place in the source: nothing is reordered, nothing is made up but the
words for a picture. Addresses are never loaded; a link only names where it leads.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hxd_desktop.ui.paper.model import BOLD, CODE, ITALIC, MUTED, NOWHERE, STRIKE, Line, Run

# Words in brackets may hold brackets, addresses parentheses, one deep. What goes on to a mark of its own kind (code,
# comments) is followed by hand: no text may make this take the square of its length.
_ADDRESS = r"[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*"
_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'))?"""
_TOKEN = re.compile(
    rf"""
      (?P<escape>\\(?:[!-/:-@\[-`{{-~]|(?P<hard>\n)))
    | (?P<ticks>`+)
    | (?P<comment><!--)
    | <(?P<auto>(?:https?|ftp|mailto):[^\s<>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>
    | (?P<tag></?[A-Za-z][A-Za-z0-9-]*(?:[\s/][^<>]*)?>)
    | (?P<image>!\[(?P<alt>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\](?:\(\s*<?{_ADDRESS}>?{_TITLE}\s*\)|\[[^\[\]]*\])?)
    | (?P<open>\[)
    | (?P<close>\](?:\(\s*<?(?P<href>{_ADDRESS})>?{_TITLE}\s*\)|\[(?P<ref>[^\[\]]*)\])?)
    | (?P<marks>\*+|_+|~~)
    | (?P<entity>&(?:\#\d{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,31}});)
    | (?P<url>https?://[^\s<>()\[\]"'`，。；、（）「」《》]+[^\s<>()\[\]"'`，。；、（）「」《》.,;:!?*_])
    | (?P<spaces>[ \t]*\n[ \t]*)
    """,
    re.VERBOSE | re.DOTALL,
)
_TICKS = re.compile(r"`+")
_ATTRIBUTE = {
    name: re.compile(rf"""\b{name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
    for name in ("alt", "href")
}
_TAG_LOOKS = {
    "b": BOLD,
    "strong": BOLD,
    "i": ITALIC,
    "em": ITALIC,
    "code": CODE,
    "kbd": CODE,
    "del": STRIKE,
    "s": STRIKE,
}
_LINE_BREAK = "\u2028"
_WIDE = "\u2e80"
_MOST_OPEN = 50  # marks that a closing one is compared with
_MOST_CHARS = 100_000  # of one paragraph; a longer one is shown as it is


@dataclass(slots=True)
class _Piece:
    """Letters of the source, or marks of emphasis that may yet turn out to be letters."""

    start: int
    text: str
    look: int = 0
    link: str = ""
    mark: str = ""  # "*", "_" or "~" while it may open or close emphasis
    opens: bool = False
    closes: bool = False
    own: bool = False  # not in the source


def runs_of(
    source: str,
    at: int = 0,
    *,
    addresses: Mapping[str, str] | None = None,
    picture: Callable[[str], str] = lambda alt: alt,
) -> Line:
    """Return what is seen of a line or paragraph of Markdown.

    Args:
        source: The text, without what makes it a heading, an item or a quotation.
        at: Where it begins in the whole text.
        addresses: Those that the text defines elsewhere, by their names in lower case.
        picture: Makes the words that stand for a picture from its description.
    """
    if len(source) > _MOST_CHARS:
        return (Run(at, source),)
    reader = _Reader(source, addresses or {}, picture)
    reader.read()
    return _joined(reader.pieces, at)


class _Reader:
    """Goes through a paragraph once."""

    def __init__(self, source: str, addresses: Mapping[str, str], picture: Callable[[str], str]) -> None:
        self._source, self._addresses, self._picture = source, addresses, picture
        self._brackets: list[int] = []  # pieces that opened a link's words
        self._tags: list[tuple[str, str, int]] = []  # name, address, and the piece from which it counts
        self._ticks: dict[int, list[int]] | None = None  # where so many ticks stand
        self._unclosed = False  # no comment ends any more
        self.pieces: list[_Piece] = []

    def read(self) -> None:
        """Fill `pieces`."""
        end = 0
        while (match := _TOKEN.search(self._source, end)) is not None:
            self._letters(end, match.start())
            end = match.end()
            if match["ticks"]:
                end = self._code(match)
            elif match["comment"]:
                end = self._comment(match)
            else:
                self._take(match)
        self._letters(end, len(self._source))
        _emphasise(self.pieces)

    def _letters(self, start: int, end: int) -> None:
        if start < end:
            self.pieces.append(_Piece(start, self._source[start:end]))

    def _take(self, match: re.Match[str]) -> None:
        start = match.start()
        add = self.pieces.append
        if match["escape"]:
            add(_Piece(start + 1, _LINE_BREAK if match["hard"] else match[0][1:]))
        elif address := match["auto"]:
            add(_Piece(match.start("auto"), address, link=address if ":" in address else f"mailto:{address}"))
        elif match["url"]:
            add(_Piece(start, match[0], link=match[0]))
        elif match["image"]:
            self._add_picture(match["alt"])
        elif match["tag"]:
            self._tag(match[0])
        elif match["open"]:
            self._brackets.append(len(self.pieces))
            add(_Piece(start, "["))
        elif match["close"]:
            self._close(match)
        elif match["marks"]:
            add(_marks(self._source, start, match[0]))
        elif match["entity"]:
            shown = html.unescape(match[0])
            add(_Piece(start, shown if len(shown) <= len(match[0]) else match[0]))
        elif match["spaces"]:
            self._line_end(match)

    def _code(self, match: re.Match[str]) -> int:
        """Take code up to as many ticks as open it; return where it ends."""
        size = len(match["ticks"])
        if self._ticks is None:
            self._ticks = {}
            for run in _TICKS.finditer(self._source):
                self._ticks.setdefault(len(run[0]), []).append(run.start())
        places = self._ticks.get(size, [])
        at = bisect_left(places, match.end())
        if at == len(places):
            self._letters(match.start(), match.end())
            return match.end()
        first, last = match.end(), places[at]
        body = self._source[first:last]
        if body.startswith(" ") and body.endswith(" ") and not body.isspace():
            first, body = first + 1, body[1:-1]
        self.pieces.append(_Piece(first, body.replace("\n", " "), CODE))
        return last + size

    def _comment(self, match: re.Match[str]) -> int:
        """Leave a comment out; return where it ends."""
        last = self._source.find("-->", match.end()) if not self._unclosed else -1
        if last < 0:
            self._unclosed = True
            self._letters(match.start(), match.end())
            return match.end()
        return last + 3

    def _add_picture(self, alt: str) -> None:
        if shown := self._picture(" ".join(alt.split())):
            self.pieces.append(_Piece(0, shown, MUTED, own=True))

    def _tag(self, tag: str) -> None:
        """Leave a tag of HTML out; what it says of the look of letters and of links is kept."""
        name = re.sub(r"[^A-Za-z0-9-].*", "", tag.lstrip("</"), flags=re.DOTALL).lower()
        if name == "br":
            self.pieces.append(_Piece(0, _LINE_BREAK, own=True))
        elif name == "img":
            self._add_picture(_attribute(tag, "alt"))
        elif not tag.startswith("</"):
            if (name in _TAG_LOOKS or name == "a") and not tag.endswith("/>"):
                self._tags.append((name, _attribute(tag, "href"), len(self.pieces)))
        else:
            at = next((i for i in reversed(range(len(self._tags))) if self._tags[i][0] == name), None)
            if at is not None:
                _, address, first = self._tags.pop(at)
                for piece in self.pieces[first:]:
                    piece.look |= _TAG_LOOKS.get(name, 0)
                    piece.link = piece.link or address

    def _close(self, match: re.Match[str]) -> None:
        """End a link's words; brackets without an address stay brackets."""
        opened = self._brackets.pop() if self._brackets else None
        address = match["href"]
        if opened is not None and address is None:
            name = match["ref"] or self._source[self.pieces[opened].start + 1 : match.start()]
            address = self._addresses.get(" ".join(name.split()).lower())
        if opened is not None and address is not None:
            self.pieces[opened].text = ""
            for piece in self.pieces[opened:]:
                piece.link = piece.link or address
            self._brackets.clear()  # a link holds no link
        else:
            self._letters(match.start(), match.end())

    def _line_end(self, match: re.Match[str]) -> None:
        """A line end is a space, but between letters of scripts without spaces, and after two spaces a line end."""
        source = self._source
        at = source.index("\n", match.start())
        if match[0].startswith("  "):
            self.pieces.append(_Piece(at, _LINE_BREAK))
            return
        before = source[match.start() - 1] if match.start() else " "
        after = source[match.end()] if match.end() < len(source) else " "
        if not (before >= _WIDE and after >= _WIDE):
            self.pieces.append(_Piece(at, " "))


def _attribute(tag: str, name: str) -> str:
    match = _ATTRIBUTE[name].search(tag)
    return html.unescape(next((value for value in match.groups() if value is not None), "")) if match else ""


def _marks(source: str, start: int, marks: str) -> _Piece:
    before = source[start - 1] if start else " "
    after = source[start + len(marks)] if start + len(marks) < len(source) else " "
    left = not after.isspace() and (after.isalnum() or before.isspace() or not before.isalnum())
    right = not before.isspace() and (before.isalnum() or after.isspace() or not after.isalnum())
    if max(before, after) >= _WIDE:  # scripts without spaces: a mark beside a comma is one too
        left, right = not after.isspace(), not before.isspace()
    if marks[0] == "_":  # inside of a word it is a letter
        left, right = left and not (right and before.isalnum()), right and not (left and after.isalnum())
    return _Piece(start, marks, mark=marks[0], opens=left, closes=right)


def _emphasise(pieces: list[_Piece]) -> None:
    """Pair marks of emphasis; those that find no other stay letters."""
    open_marks: list[int] = []
    for at, piece in enumerate(pieces):
        if not piece.mark:
            continue
        while piece.closes and piece.text:
            lowest = max(0, len(open_marks) - _MOST_OPEN)
            k = next((k for k in reversed(range(lowest, len(open_marks))) if _pair(pieces[open_marks[k]], piece)), None)
            if k is None:
                break
            other = pieces[open_marks[k]]
            count = 2 if min(len(other.text), len(piece.text)) >= 2 else 1
            look = STRIKE if piece.mark == "~" else BOLD if count == 2 else ITALIC
            for inside in pieces[open_marks[k] + 1 : at]:
                inside.look |= look
            other.text = other.text[:-count]
            piece.text, piece.start = piece.text[count:], piece.start + count
            del open_marks[k + 1 if other.text else k :]
        if piece.opens and piece.text:
            open_marks.append(at)


def _pair(first: _Piece, second: _Piece) -> bool:
    """Whether one mark can close what another opened (CommonMark 0.31, rules 9 and 10 of emphasis)."""
    if first.mark != second.mark or not first.text:
        return False
    one, two = len(first.text), len(second.text)
    both = (first.opens and first.closes) or (second.opens and second.closes)
    return not (both and (one + two) % 3 == 0 and (one % 3 or two % 3))


def _joined(pieces: list[_Piece], at: int) -> Line:
    """Put neighbours of one look together; nothing begins with spaces."""
    while pieces and not pieces[0].text.strip(" \n\t"):
        pieces = pieces[1:]
    runs: list[Run] = []
    for piece in pieces:
        if not piece.text:
            continue
        start = NOWHERE if piece.own else at + piece.start
        last = runs[-1] if runs else None
        if (
            last is not None
            and start != NOWHERE != last.start
            and last.start + len(last.text) == start
            and (last.look, last.link) == (piece.look, piece.link)
        ):
            runs[-1] = last._replace(text=last.text + piece.text)
        else:
            runs.append(Run(start, piece.text, piece.look, piece.link))
    return tuple(runs)
