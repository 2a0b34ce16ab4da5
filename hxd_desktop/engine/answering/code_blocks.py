"""Blocks of code in a passage (Markdown's fences), so that a quotation neither tears one nor loses its fence."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_FENCE = re.compile(r"(?m)^[ \t]*(?:```+|~~~+)[ \t]*([\w+#.-]*)[^\n`]*$\n?")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block from its first to its last character, fences left out; `language`: as its fence names it, or ""."""

    start: int
    end: int
    language: str


class CodeBlocks:
    """The blocks of code of one passage, which may begin or end inside one."""

    def __init__(self, text: str) -> None:
        fences = list(_FENCE.finditer(text)) if "```" in text or "~~~" in text else []
        self.blocks: list[CodeBlock] = []
        self._fences = [(fence.start(), fence.end()) for fence in fences]
        inside = _begins_inside([fence[1] for fence in fences])
        self._introduced: dict[int, CodeBlock] = {}
        start, language, before = 0, "", -1
        for fence in fences:
            if inside:
                self._add(text, start, fence.start(), language, before)
            before = len(text[: fence.start()].rstrip())
            start, language, inside = fence.end(), fence[1], not inside
        if inside:
            self._add(text, start, len(text), language, before)
        self._starts = [block.start for block in self.blocks]

    def _add(self, text: str, start: int, end: int, language: str, before: int) -> None:
        end = start + len(text[start:end].rstrip())
        if end > start:
            self.blocks.append(CodeBlock(start, end, language))
            self._introduced[before] = self.blocks[-1]

    def at(self, place: int) -> CodeBlock | None:
        """The block that an offset lies in."""
        number = bisect_right(self._starts, place) - 1
        return self.blocks[number] if number >= 0 and place < self.blocks[number].end else None

    def is_fence(self, start: int, end: int) -> bool:
        """Whether a range of the text is nothing but a fence."""
        return any(a <= start and end <= b for a, b in self._fences)

    def behind(self, place: int) -> CodeBlock | None:
        """The block that begins behind an offset, with nothing but white space and a fence between."""
        return self._introduced.get(place)


def _begins_inside(languages: list[str]) -> bool:
    """Whether a text begins inside a block, by the languages of its fences: a closing fence names none."""
    first = next((number for number, language in enumerate(languages) if language), None)
    return first is not None and first % 2 == 1
