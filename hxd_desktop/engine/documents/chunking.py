"""Chunks: the stretches of a document that are indexed, retrieved and quoted.

Sections are kept whole where they fit and small ones are joined; longer ones are cut at the best boundary near
the budget: between paragraphs, then list items, table rows, code blocks, sentences, words. Everything is counted
in quarters of a token, so that sums are exact integers: four for a CJK character, one for any other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from hxd_desktop.engine.documents.markdown import heading_text
from hxd_desktop.engine.documents.model import Block, BlockKind, Chunk, ParsedDocument
from hxd_desktop.engine.settings import ChunkSettings

_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001b000-\U0001b16f\U00020000-\U0003ffff]+"
)
_CJK_SHARE = 0.15
_SMALL = 0.25  # of the budget: a section this small is joined to its neighbours
_TINY = 0.1  # a section this small does not stand alone even where its neighbour must be cut for it
_HEADING_CHARS = 120  # of each heading in the path
_MARKUP_PARSERS = frozenset({"markdown", "notebook"})

# How good it is to cut before a piece.
_BEST, _ITEM, _NESTED_ITEM, _ROW, _CODE_GAP, _SENTENCE, _LINE, _POOR, _NEVER = 8, 7, 6, 5, 4, 3, 2, 1, 0

_LEAD_IN = (":", "：")
_SENTENCE_END = re.compile("[.。！？；!?…][”’」』）)\"'\\]]*\\s*$")
_CONTINUES = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\u3099\u309a\U0001f3fb-\U0001f3ff]")


def chunk(document: ParsedDocument, settings: ChunkSettings) -> list[Chunk]:
    """Cut a document into chunks that partition its text exactly; linear in its length.

    No chunk has more than `settings.max_tokens` estimated tokens, nor, where at least 15 % of its characters are
    CJK, more than `settings.max_cjk_chars` characters. A document without text gives no chunks.
    """
    if not document.text:
        return []
    return _Cutter(document, settings).cut()


def _count_cjk(text: str) -> int:
    return 0 if text.isascii() else sum(map(len, _CJK.findall(text)))


@dataclass(slots=True)
class _Section:
    """Blocks `first` to `last` (half open): a heading and what stands below it until the next heading."""

    first: int
    last: int
    level: int  # 0 for what stands before the first heading
    path: tuple[str, ...]

    @property
    def has_body(self) -> bool:
        return self.last - self.first > (1 if self.level else 0)


@dataclass(slots=True)
class _Pieces:
    """Stretches that may become chunks together; parallel lists."""

    starts: list[int] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    cjk: list[int] = field(default_factory=list)
    strengths: list[int] = field(default_factory=list)  # how good it is to cut before each

    def add(self, start: int, weight: int, cjk: int, strength: int) -> None:
        self.starts.append(start)
        self.weights.append(weight)
        self.cjk.append(cjk)
        self.strengths.append(strength)


class _Cutter:
    def __init__(self, document: ParsedDocument, settings: ChunkSettings) -> None:
        self._text = document.text
        self._ascii = document.text.isascii()
        self._markup = document.parser in _MARKUP_PARSERS
        self._budget = 4 * max(settings.max_tokens, 1)
        self._max_cjk_chars = max(settings.max_cjk_chars, 1)
        # White space after a block belongs to it, white space before the first block too.
        self._blocks: Sequence[Block] = document.blocks or (Block(BlockKind.PARAGRAPH, 0, len(document.text)),)
        self._starts = [block.start for block in self._blocks]
        self._starts[0] = 0
        self._starts.append(len(self._text))
        self._cjk_before = self._count_blocks()
        self._chunks: list[Chunk] = []

    def cut(self) -> list[Chunk]:
        sections = self._sections()
        first = 0
        while first < len(sections):
            last = self._join(sections, first)
            self._emit(sections[first:last])
            first = last
        return self._chunks

    def _count_blocks(self) -> list[int]:
        """CJK characters before each block, and in all."""
        counts = [0]
        if self._ascii:
            return counts * len(self._starts)
        total = 0
        text, findall = self._text, _CJK.findall
        for start, end in pairwise(self._starts):
            piece = text[start:end]
            if not piece.isascii():
                total += sum(map(len, findall(piece)))
            counts.append(total)
        return counts

    def _weight(self, first: int, last: int) -> int:
        """Of blocks `first` to `last`, half open."""
        return self._starts[last] - self._starts[first] + 3 * (self._cjk_before[last] - self._cjk_before[first])

    def _fits(self, weight: int, cjk: int) -> bool:
        if weight > self._budget:
            return False
        characters = weight - 3 * cjk
        return characters <= self._max_cjk_chars or cjk < _CJK_SHARE * characters

    def _blocks_fit(self, first: int, last: int) -> bool:
        return self._fits(self._weight(first, last), self._cjk_before[last] - self._cjk_before[first])

    # Sections

    def _sections(self) -> list[_Section]:
        sections: list[_Section] = []
        path: list[tuple[int, str]] = []
        first, level, names = 0, 0, ()  # type: tuple[int, int, tuple[str, ...]]
        for index, block in enumerate(self._blocks):
            if block.kind is not BlockKind.HEADING:
                continue
            if index > first or level:
                sections.append(_Section(first, index, level, names))
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, self._heading(block)))
            first, level, names = index, block.level, tuple(name for _, name in path if name)
        sections.append(_Section(first, len(self._blocks), level, names))
        return sections

    def _heading(self, block: Block) -> str:
        source = self._text[block.start : block.end]
        if self._markup:
            source = heading_text(source)
        elif "\n" in source:  # underlined
            source = " ".join(line.strip() for line in source.split("\n") if any(map(str.isalnum, line)))
        return source[:_HEADING_CHARS].strip()

    def _join(self, sections: list[_Section], first: int) -> int:
        """Return the end of the run of sections, from `first` on, that are handled together.

        The run fits one chunk, or is cut later. Only sections below the first, or beside it, join it.
        """
        head = sections[first]
        last = first + 1
        small, tiny = _SMALL * self._budget, _TINY * self._budget
        while last < len(sections):
            following = sections[last]
            if head.level and following.level < head.level:
                break
            weight = self._weight(head.first, sections[last - 1].last)
            fits = self._blocks_fit(head.first, following.last)
            if fits and (weight < small or self._weight(following.first, following.last) < tiny):
                last += 1
            elif not fits and (weight < tiny or not any(section.has_body for section in sections[first:last])):
                return last + 1
            else:
                break
        return last

    def _emit(self, run: list[_Section]) -> None:
        """Append the chunks of a run of sections."""
        first, last = run[0].first, run[-1].last
        if self._blocks_fit(first, last):
            self._append(self._starts[first], self._starts[last], run, first)
            return
        pieces = self._pieces(first, last)
        ends = [*pieces.starts[1:], self._starts[last]]
        begin = 0
        section, block = 0, first
        while begin < len(ends):
            end = self._choose_cut(pieces, begin)
            start, stop = pieces.starts[begin], ends[end - 1]
            while block + 1 < last and self._starts[block + 1] <= start:
                block += 1
            while section + 1 < len(run) and run[section].last <= block:
                section += 1
            within = section + 1
            while within < len(run) and self._starts[run[within].first] < stop:
                within += 1
            self._append(start, stop, run[section:within], block)
            begin = end

    def _append(self, start: int, end: int, run: list[_Section], block: int) -> None:
        """Append one chunk; its path is what the sections with a body in it have in common."""
        named = [section for section in run if section.has_body] or run[-1:]
        path = named[0].path
        for section in named[1:]:
            common = 0
            for ours, theirs in zip(path, section.path, strict=False):
                if ours != theirs:
                    break
                common += 1
            path = path[:common]
        self._chunks.append(Chunk(start, end, self._blocks[block].page, " > ".join(path)))

    # Cutting what is too long

    def _pieces(self, first: int, last: int) -> _Pieces:
        """Blocks `first` to `last`, those that do not fit a chunk in smaller pieces."""
        pieces = _Pieces()
        for index in range(first, last):
            weight = self._weight(index, index + 1)
            cjk = self._cjk_before[index + 1] - self._cjk_before[index]
            strength = self._strength(index) if index > first else _BEST
            # What follows a heading has to leave room for it.
            before = pieces.weights[-1] if strength == _NEVER else 0
            if self._fits(weight, cjk) and weight + before <= self._budget:
                pieces.add(self._starts[index], weight, cjk, strength)
            else:
                self._divide(index, strength, pieces)
        return pieces

    def _strength(self, index: int) -> int:
        before, block = self._blocks[index - 1], self._blocks[index]
        if before.kind is BlockKind.HEADING:
            return _NEVER
        if block.kind is BlockKind.HEADING:
            return _BEST
        if before.kind is block.kind:
            if block.kind is BlockKind.LIST_ITEM:
                return _NESTED_ITEM if self._text[block.start] in " \t" else _ITEM
            if block.kind is BlockKind.TABLE_ROW:
                return _ROW if self._text[block.start - 1] == "\n" and not self._is_header(index) else _POOR
            if block.kind is BlockKind.CODE:
                return _CODE_GAP
        if self._text.endswith(_LEAD_IN, before.start, before.end):
            return _SENTENCE
        return _BEST

    def _is_header(self, index: int) -> bool:
        """Whether the row before `index` begins a table: a table does not part from its header."""
        return index < 2 or self._blocks[index - 2].kind is not BlockKind.TABLE_ROW

    def _divide(self, index: int, strength: int, pieces: _Pieces) -> None:
        """Add the lines of a code block, or the sentences of any other, and parts of those that are still too long."""
        start, end = self._starts[index], self._starts[index + 1]
        is_code = self._blocks[index].kind is BlockKind.CODE
        bounds = self._lines(start, end) if is_code else self._sentences(start, end)
        bounds[0] = (start, strength)
        for (begin, good), stop in zip(bounds, [*(b for b, _ in bounds[1:]), end], strict=True):
            cjk = 0 if self._ascii else _count_cjk(self._text[begin:stop])
            if self._fits(stop - begin + 3 * cjk, cjk):
                pieces.add(begin, stop - begin + 3 * cjk, cjk, good)
            else:
                self._divide_hard(begin, stop, good, pieces)

    def _lines(self, start: int, end: int) -> list[tuple[int, int]]:
        bounds = [(start, _BEST)]
        position = self._text.find("\n", start, end) + 1
        while 0 < position < end:
            if self._text[position] != "\n":
                bounds.append((position, _CODE_GAP if self._text[position - 2] == "\n" else _LINE))
            position = self._text.find("\n", position, end) + 1
        return bounds

    def _sentences(self, start: int, end: int) -> list[tuple[int, int]]:
        from hxd_desktop.engine.text.sentences import sentences

        bounds = [(start, _BEST)]
        spans = sentences(self._text[start:end])
        for (begin, stop), (following, _) in pairwise(spans):
            ends_well = _SENTENCE_END.search(self._text[start + max(begin, stop - 8) : start + stop])
            bounds.append((start + following, _SENTENCE if ends_well else _LINE))
        return bounds

    def _divide_hard(self, start: int, end: int, strength: int, pieces: _Pieces) -> None:
        """Cut between words where there are any, else anywhere but inside a character with its marks."""
        step = self._budget if self._ascii else self._budget // 4
        step = max(1, step if self._ascii else min(step, self._max_cjk_chars))
        while start < end:
            stop = min(start + step, end)
            if stop < end:
                space = self._text.rfind(" ", start + step * 3 // 4, stop)
                if space > start:
                    stop = space + 1
                for _ in range(8):
                    if stop - 1 <= start or not _CONTINUES.match(self._text, stop):
                        break
                    stop -= 1
            cjk = 0 if self._ascii else _count_cjk(self._text[start:stop])
            pieces.add(start, stop - start + 3 * cjk, cjk, strength)
            start, strength = stop, _POOR

    def _choose_cut(self, pieces: _Pieces, begin: int) -> int:
        """Return where the chunk that begins with piece `begin` ends.

        Among the ends that fit, those that leave the chunk at least half full compete by how good it is to cut
        there; where what remains would fit two chunks, these become alike in length.
        """
        weights, cjks, strengths = pieces.weights, pieces.cjk, pieces.strengths
        count = len(weights)
        weight = cjk = 0
        sums: list[int] = []
        index = begin
        while index < count:
            weight += weights[index]
            cjk += cjks[index]
            if index > begin and not self._fits(weight, cjk):
                break
            sums.append(weight)
            index += 1
        if index == count:
            return count
        limit = self._budget if self._ascii else max(sums[-1], self._budget // 2)
        rest = weight
        ahead = index + 1
        while ahead < count and rest <= 2 * limit:
            rest += weights[ahead]
            ahead += 1
        goal = rest // 2 if ahead >= count and rest <= 1.8 * limit else limit
        best, best_rank = len(sums), (-math.inf, 0.0)
        for offset, total in enumerate(sums):
            strength = strengths[begin + offset + 1]
            if strength == _NEVER and offset + 1 < len(sums):
                continue
            enough = total >= 0.5 * goal
            rank = (strength if enough else strength - 2 * _BEST * (1 - total / goal), -abs(goal - total))
            if rank > best_rank:
                best, best_rank = offset + 1, rank
        return begin + best
