"""The pieces of a Markdown page. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hxd_desktop.engine.documents.model import Block, BlockKind
from hxd_desktop.ui.paper.inline import runs_of
from hxd_desktop.ui.paper.model import MUTED, NOWHERE, Kind, Line, Piece, Run
from hxd_desktop.ui.paper.tables import table

_ATX = re.compile(r" {0,3}#{1,6}[ \t]*(.*?)(?:[ \t]+#+)?[ \t]*(?:\{[#.][^{}]*\}[ \t]*)?$", re.DOTALL)
_SETEXT = re.compile(r"\n {0,3}(?:=+|-+)[ \t]*$")
_FENCE = re.compile(r"[ \t]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})[ \t]*([^\n]*)\n?")
_LANGUAGE = re.compile(r"\{?\.?([A-Za-z0-9+#_.-]+)")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])(?:[ \t]+|$)(\[[ xX]\](?=\s))?[ \t]*", re.MULTILINE)
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_QUOTED = re.compile(r"[ \t]*>")
_QUOTE_MARK = re.compile(r"^(?:[ \t]*>)+[ \t]?", re.MULTILINE)
_ADDRESS = re.compile(r"^ {0,3}\[([^\[\]]+)\]:[ \t]*<?([^\s<>]+)>?.*$", re.MULTILINE)
_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_INDENT = re.compile(r"[ \t]*")
_TASKS = {"[ ]": "☐", "[x]": "☑", "[X]": "☑"}


def markdown_pieces(text: str, blocks: Sequence[Block], picture: Callable[[str], str]) -> list[Piece]:
    """Return the pieces of a text in Markdown."""
    return _Setter(text, picture).pieces(blocks)


class _Setter:
    def __init__(self, text: str, picture: Callable[[str], str]) -> None:
        self._text = text
        self._picture = picture
        self._addresses = {" ".join(m[1].split()).lower(): m[2] for m in _ADDRESS.finditer(text)}
        self._indents: list[int] = []  # of the lists that are open

    def pieces(self, blocks: Sequence[Block]) -> list[Piece]:
        made: list[Piece] = []
        at = 0
        while at < len(blocks):
            block = blocks[at]
            if block.kind is BlockKind.TABLE_ROW:
                first = at
                while at < len(blocks) and blocks[at].kind is BlockKind.TABLE_ROW and self._next_to(blocks, first, at):
                    at += 1
                made.append(self._table(blocks[first:at]))
                continue
            made += self._piece(block)
            at += 1
        return [piece for piece in made if piece.kind is Kind.RULE or piece.line or piece.lines or piece.rows]

    def _next_to(self, blocks: Sequence[Block], first: int, at: int) -> bool:
        return at == first or "\n" not in self._text[blocks[at - 1].end + 1 : blocks[at].start]

    def _inline(self, start: int, end: int) -> Line:
        return runs_of(self._text[start:end], start, addresses=self._addresses, picture=self._picture)

    def _piece(self, block: Block) -> list[Piece]:
        start, end = block.start, block.end
        source = self._text[start:end]
        if block.kind is BlockKind.CODE:
            return [self._code(source, start)]
        if block.kind is BlockKind.LIST_ITEM:
            return [self._item(source, start, end)]
        indent = len(_INDENT.match(source)[0].expandtabs(4)) if source else 0  # type: ignore[index]
        if block.kind is BlockKind.HEADING:
            self._indents.clear()
            return [self._heading(source, start, block.level)]
        if _RULE.match(source):
            self._indents.clear()
            return [Piece(Kind.RULE)]
        if _QUOTED.match(source):
            return [self._quote(source, start)]
        if (address := _ADDRESS.match(source)) and address.end() == len(source.rstrip()):
            return [Piece(Kind.TEXT, (Run(start, source, MUTED),))]
        while self._indents and indent <= self._indents[-1]:
            self._indents.pop()
        lead = len(source) - len(source.lstrip())
        return [Piece(Kind.TEXT, self._inline(start + lead, end), level=len(self._indents))]

    def _heading(self, source: str, start: int, level: int) -> Piece:
        atx = _ATX.match(source) if source.lstrip().startswith("#") else None
        if atx is not None:
            return Piece(Kind.HEADING, self._inline(start + atx.start(1), start + atx.end(1)), level=level)
        underline = _SETEXT.search(source)
        end = underline.start() if underline else len(source)
        lead = len(source) - len(source.lstrip())
        return Piece(Kind.HEADING, self._inline(start + lead, start + end), level=level)

    def _item(self, source: str, start: int, end: int) -> Piece:
        match = _ITEM.match(source)
        if match is None:  # its beginning stands in the part before
            return Piece(Kind.TEXT, self._inline(start, end), level=len(self._indents))
        indent = len(match[1].expandtabs(4))
        while self._indents and indent < self._indents[-1]:
            self._indents.pop()
        if not self._indents or indent >= self._indents[-1] + 2:
            self._indents.append(indent)
        marker = _TASKS.get(match[3] or "", match[2] if match[2][0].isdigit() else "•")
        return Piece(
            Kind.ITEM, self._inline(start + match.end(), end) or _NOTHING, level=len(self._indents), marker=marker
        )

    def _quote(self, source: str, start: int) -> Piece:
        """The lines of a quotation without its marks: line ends stay."""
        runs: list[Run] = []
        depth = 1
        at = 0
        for line in source.split("\n"):
            mark = _QUOTE_MARK.match(line)
            lead = mark.end() if mark else len(line) - len(line.lstrip())
            depth = max(depth, mark[0].count(">") if mark else 1)
            if runs:
                runs.append(Run(start + at - 1, "\u2028"))
            runs += self._inline(start + at + lead, start + at + len(line))
            at += len(line) + 1
        return Piece(Kind.QUOTE, tuple(runs), level=depth)

    def _code(self, source: str, start: int) -> Piece:
        language, first, last = "", 0, len(source)
        fence = _FENCE.match(source)
        if fence is not None:
            named = _LANGUAGE.match(fence[2])
            language, first = (named[1] if named else ""), fence.end()
            last = _before_fence(source, first, fence[1])
        elif source.startswith(("---\n", "+++\n")):  # what stands before the text: its title, its date
            language = "yaml" if source.startswith("-") else "toml"
            first, last = 4, max(4, source.rstrip().rfind("\n"))
        else:  # indented, or code whose beginning stands in the part before
            last = _before_fence(source, 0, "```")
        return code_piece(source[first:last], start + first, language)

    def _table(self, rows: Sequence[Block]) -> Piece:
        cells = [self._cells(row) for row in rows]
        delimited = len(rows) > 1 and _DELIMITER.fullmatch(self._text[rows[1].start : rows[1].end].strip()) is not None
        right = (
            frozenset(column for column, (a, b) in enumerate(cells[1]) if delimited and self._text[a:b].endswith("-:"))
            if len(rows) > 1
            else frozenset()
        )
        shown = [row for at, row in enumerate(cells) if not (delimited and at == 1)]
        lines = [[self._inline(a, b) for a, b in row] for row in shown]
        return table(lines, heads=int(delimited), right=right or None)

    def _cells(self, row: Block) -> list[tuple[int, int]]:
        """Where the cells of a row stand."""
        source = self._text[row.start : row.end]
        bars = [m.start() for m in re.finditer(r"(?<!\\)\||`+[^`\n]*`+", source) if source[m.start()] == "|"]
        edges = [-1, *bars, len(source)]
        cells = list(zip([edge + 1 for edge in edges[:-1]], edges[1:], strict=True))
        if bars and not source[: bars[0]].strip():
            cells = cells[1:]
        if len(cells) > 1 and not source[cells[-1][0] :].strip():
            cells = cells[:-1]
        return [_trimmed(source, a, b, row.start) for a, b in cells]


_NOTHING: Line = (Run(NOWHERE, ""),)


def _trimmed(source: str, start: int, end: int, at: int) -> tuple[int, int]:
    cell = source[start:end]
    lead = len(cell) - len(cell.lstrip())
    return at + start + lead, at + start + lead + len(cell.strip())


def _before_fence(source: str, first: int, fence: str) -> int:
    """Where code ends: before its closing fence, if that is there."""
    closing = source.rstrip().rfind("\n")
    if closing >= first - 1 and source[closing + 1 :].strip().startswith(fence):
        return max(closing, first)
    return len(source)


def code_piece(source: str, at: int, language: str) -> Piece:
    """Lines of code, moved left as far as all of them are indented."""
    lines = source.split("\n")
    depths = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    depth = min(depths, default=0)
    made: list[Line] = []
    for line in lines:
        cut = min(depth, len(line) - len(line.lstrip(" ")))
        made.append((Run(at + cut, line[cut:]),))
        at += len(line) + 1
    return Piece(Kind.CODE, lines=tuple(made), language=language)
