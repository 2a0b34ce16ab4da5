"""Questions without hand work: headings of Markdown files, each asked for its own section, which does not hold it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.engine.text.language import detect

_HEADING = re.compile(r"^(#{1,5})\s+(.*?)\s*#*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]+>|[`*_]|^[\d.]+\s+")
LEAST_CHARACTERS, MOST_CHARACTERS = 200, 1400


@dataclass(frozen=True)
class Section:
    """A heading, the text below it, and the project (first folder) that it is from."""

    heading: str
    text: str
    project: str


def sections(folder: Path, language: str = "en") -> list[Section]:
    """Sections in `language` with a heading of at least two words that no other section below `folder` has."""
    found = [section for path in sorted(folder.rglob("*.md")) for section in _of_file(path, folder)]
    found = [section for section in found if detect(section.text) == language == detect(section.heading)]
    counts = Counter(section.heading.lower() for section in found)
    texts = Counter(section.text for section in found)
    return [section for section in found if counts[section.heading.lower()] == 1 and texts[section.text] == 1]


def _of_file(path: Path, root: Path) -> list[Section]:
    made: list[Section] = []
    heading, lines, fenced = "", [], False
    text = path.read_text(encoding="utf-8", errors="replace")
    for line in [*text.splitlines(), "# "]:
        fenced ^= bool(_FENCE.match(line))
        match = None if fenced else _HEADING.match(line)
        if match is None:
            lines.append(line)
            continue
        body = "\n".join(lines).strip()
        words = re.findall(r"\w+", heading)
        if len(words) >= (2 if heading.isascii() else 1) and len(body) >= LEAST_CHARACTERS:
            made.append(Section(heading, body[:MOST_CHARACTERS], path.relative_to(root).parts[0]))
        heading, lines = _LINK.sub(lambda m: m[1] or "", match[2]).strip(), []
    return made
