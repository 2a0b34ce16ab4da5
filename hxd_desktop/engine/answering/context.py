"""The passages given to a generator: neighbours merged, within a token budget that never touches the question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.duplicates import Repeats
from hxd_desktop.engine.answering.model import Source

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.retrieval import Candidate
    from hxd_desktop.engine.library.reader import LibraryReader, StoredChunk

CountTokens = Callable[[str], int]


def estimate_tokens(text: str) -> int:
    """A cautious estimate without a model: one token a CJK character, one per three other characters."""
    ascii_chars = sum(map(str.isascii, text))
    return len(text) - ascii_chars + (ascii_chars + 2) // 3


def as_source(candidate: Candidate, n: int) -> Source:
    """A candidate as numbered evidence."""
    return as_passage(candidate.chunk, candidate.library, n, candidate.scores)


def as_passage(chunk: StoredChunk, library: str, n: int, scores: Mapping[str, float] | None = None) -> Source:
    """A chunk as numbered evidence."""
    text = chunk.text.strip()
    start = chunk.start + len(chunk.text) - len(chunk.text.lstrip())
    return Source(
        n=n,
        library=library,
        document=chunk.path,
        page=chunk.page,
        heading=chunk.heading,
        start=start,
        end=start + len(text),
        text=text,
        scores=dict(scores or {}),
        chunk_id=chunk.id,
    )


def choose_sources(candidates: Sequence[Candidate], top_k: int, asked: Collection[str] | None = None) -> list[Source]:
    """The best `top_k` candidates as sources, without those that repeat a better one.

    Args:
        candidates: best first.
        top_k: how many.
        asked: the question's content terms, by which near copies that say nothing new on it are recognised; None
            leaves out only the same text.
    """
    sources: list[Source] = []
    repeats = Repeats(asked)
    for candidate in candidates:
        if not candidate.chunk.text.strip() or repeats.seen(candidate.chunk.text):
            continue
        sources.append(as_source(candidate, len(sources) + 1))
        if len(sources) >= top_k:
            break
    return sources


def with_ocr(sources: Sequence[Source], readers: Iterable[LibraryReader]) -> list[Source]:
    """The same sources; one that was read off pictures of pages says so by a score `ocr`, the engine's confidence."""
    read: dict[tuple[str, int], float] = {}
    for reader in readers:
        ids = [source.chunk_id for source in sources if source.library == reader.name]
        read.update(((reader.name, chunk_id), score) for chunk_id, score in reader.read_by_ocr(ids).items())
    if not read:
        return list(sources)
    scores = [read.get((source.library, source.chunk_id)) for source in sources]
    return [
        source if score is None else replace(source, scores={**source.scores, "ocr": score})
        for source, score in zip(sources, scores, strict=True)
    ]


def assemble(
    sources: Sequence[Source],
    readers: Mapping[str, LibraryReader],
    budget_tokens: int,
    count: CountTokens = estimate_tokens,
) -> list[Source]:
    """Widen sources by their neighbours, merge what touches, and keep within `budget_tokens`.

    The best source is always there, cut at its end if it alone is over the budget; then as many more as fit whole;
    what is left of the budget goes to neighbours, the best source's first. Numbers are kept, except that a source
    merged into a better one disappears.
    """
    kept: list[Source] = []
    spent = 0
    for source in sources:
        cost = count(source.text)
        if spent + cost > budget_tokens:
            if kept:
                continue
            source = cut(source, budget_tokens, count)
            cost = count(source.text)
        kept.append(source)
        spent += cost
    widened: list[Source] = []
    for source in kept:
        if any(_holds(other, source) for other in widened):
            continue
        wide = _widen(source, readers.get(source.library))
        extra = count(wide.text) - count(source.text)
        if spent + extra <= budget_tokens:
            spent += extra
            source = wide
        widened.append(source)
    return [
        s for i, s in enumerate(widened) if not any(_replaces(o, s, j < i) for j, o in enumerate(widened) if j != i)
    ]


def _widen(source: Source, reader: LibraryReader | None) -> Source:
    if reader is None:
        return source
    around = list(reader.neighbours(source.chunk_id))
    if not around or not _adjacent(around):
        return source
    raw = "".join(chunk.text for chunk in around)
    text = raw.strip()
    start = around[0].start + len(raw) - len(raw.lstrip())
    return replace(source, text=text, start=start, end=start + len(text))


def _adjacent(chunks: Sequence[StoredChunk]) -> bool:
    return all(a.end == b.start for a, b in pairwise(chunks))


def _holds(outer: Source, inner: Source) -> bool:
    same = outer.library == inner.library and outer.document == inner.document
    return same and outer.start <= inner.start and inner.end <= outer.end


def _replaces(outer: Source, inner: Source, earlier: bool) -> bool:
    return _holds(outer, inner) and (earlier or len(outer.text) > len(inner.text))


def cut(source: Source, budget_tokens: int, count: CountTokens) -> Source:
    """The longest beginning of a source that fits, found by bisection."""
    low, high = 0, len(source.text)
    while low < high:
        middle = (low + high + 1) // 2
        if count(source.text[:middle]) <= budget_tokens:
            low = middle
        else:
            high = middle - 1
    text = source.text[:low]
    return replace(source, text=text, end=source.start + len(text))
