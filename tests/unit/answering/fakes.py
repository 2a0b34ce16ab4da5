"""A library in memory with the same words and scores as the real one, small enough to see through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.library.reader import HeldChunks
from hxd_desktop.engine.models.protocols import ChatMessage, GenerationInfo
from hxd_desktop.engine.text.abbreviations import definitions
from hxd_desktop.engine.text.known_forms import Abbreviations
from hxd_desktop.engine.text.language import detect
from hxd_desktop.engine.text.words import index_terms


@dataclass(frozen=True)
class Chunk:
    id: int
    document_id: int
    path: str
    title: str | None
    modified: float
    type: str
    ordinal: int
    start: int
    end: int
    page: int | None
    heading: str
    text: str
    language: str


@dataclass(frozen=True)
class Stats:
    n_documents: int
    n_chunks: int
    avg_terms: float
    languages: Mapping[str, float]
    indexing: bool = False


class FakeLibrary:
    """`documents`: path -> paragraphs; each paragraph is a chunk, "heading|text" gives it a heading."""

    def __init__(self, documents: Mapping[str, Sequence[str]], name: str = "default") -> None:
        self.name = name
        self._chunks: dict[int, Chunk] = {}
        for document_id, (path, paragraphs) in enumerate(documents.items(), 1):
            offset = 0
            for ordinal, paragraph in enumerate(paragraphs):
                heading, _, text = paragraph.rpartition("|")
                chunk_id = len(self._chunks) + 1
                end = offset + len(text)
                title = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
                self._chunks[chunk_id] = Chunk(
                    chunk_id,
                    document_id,
                    path,
                    title,
                    0.0,
                    path.rsplit(".", 1)[-1],
                    ordinal,
                    offset,
                    end,
                    None,
                    heading,
                    text,
                    detect(text),
                )
                offset = end
        self.known = [(short, long, 1) for c in self._chunks.values() for short, long in definitions(c.text)]
        self._terms = {
            i: Counter(index_terms(f"{c.text} {c.heading} {c.title}").split()) for i, c in self._chunks.items()
        }

    def stats(self) -> Stats:
        n = len(self._chunks)
        languages = Counter(c.language for c in self._chunks.values())
        return Stats(
            len({c.document_id for c in self._chunks.values()}),
            n,
            sum(sum(t.values()) for t in self._terms.values()) / n if n else 0.0,
            {code: count / n for code, count in languages.items()},
        )

    def document_frequencies(self, terms: Sequence[str], cap: int | None = None) -> dict[str, int]:
        counts = {term: sum(term in held for held in self._terms.values()) for term in terms}
        return {term: count if cap is None else min(count, cap) for term, count in counts.items()}

    def abbreviations(self) -> Abbreviations:
        return Abbreviations(self.known)

    def terms_beginning(self, prefix: str) -> Iterator[tuple[str, int]]:
        counts = Counter(term for held in self._terms.values() for term in held if term.startswith(prefix))
        yield from sorted(counts.items())

    def postings(self, terms: Sequence[str], cap: int) -> dict[str, tuple[NDArray[np.int64], int]]:
        found = {}
        for term in terms:
            ids = [i for i, held in self._terms.items() if term in held]
            found[term] = (np.array(ids if len(ids) <= cap else [], dtype=np.int64), len(ids))
        return found

    def allowed_ids(self, filters: Filters) -> NDArray[np.int64] | None:
        if not filters.folder:
            return None
        return np.array([i for i, c in self._chunks.items() if c.path.startswith(filters.folder)], dtype=np.int64)

    def search_vectors(
        self, vector: NDArray[np.float32], limit: int, filters: Filters | None = None
    ) -> list[tuple[int, float]]:
        return []

    def chunks(self, ids: Sequence[int]) -> dict[int, Chunk]:
        return {i: self._chunks[i] for i in ids if i in self._chunks}

    def by_document(self, ids: Sequence[int]) -> list[HeldChunks]:
        held: dict[str, HeldChunks] = {}
        for chunk in (self._chunks[i] for i in ids):
            held.setdefault(chunk.path, HeldChunks(chunk.path, chunk.type, [])).chunks.append(chunk.id)
        return list(held.values())

    def read_by_ocr(self, ids: Sequence[int]) -> dict[int, float]:
        return {}

    def neighbours(self, chunk_id: int, before: int = 1, after: int = 1) -> list[Chunk]:
        here = self._chunks[chunk_id]
        return [
            c
            for c in self._chunks.values()
            if c.document_id == here.document_id and here.ordinal - before <= c.ordinal <= here.ordinal + after
        ]


class FakeGenerator:
    """Replies with the given pieces and keeps the prompt; one token a character."""

    def __init__(self, pieces: Sequence[str], context_tokens: int = 4096) -> None:
        self.id = "fake"
        self.pieces = pieces
        self.messages: Sequence[ChatMessage] = ()
        self.judgement = "0"
        self.judged = 0
        self._context = context_tokens

    def info(self, cancel: CancelToken | None = None) -> GenerationInfo:
        return GenerationInfo("fake", "cpu", context_tokens=self._context)

    def count_tokens(self, text: str) -> int:
        return len(text)

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, cancel: CancelToken, grammar: str = ""
    ) -> Iterator[str]:
        self.messages = messages
        if grammar:
            self.judged += 1
            yield self.judgement
            return
        for piece in self.pieces:
            cancel.check()
            yield piece

    def close(self) -> None:
        """Nothing to free."""


HANDBOOK = {
    "/docs/install.md": [
        "安装|茴香馆手册。安装前请准备 Python 3.10 与 8GB 内存。",
        "安装 > 微信|要把茴香馆部署到微信群，先在后台打开微信回调，再填写群的编号，最后重启服务。",
        "安装 > 升级|升级时运行 upgrade 脚本，数据库会自动迁移到新版本。",
    ],
    "/docs/orders.md": [
        "Orders|An order can be cancelled within 14 days of delivery. The refund takes five working days.",
        "Orders > Shipping|Parcels are shipped from the Hamburg warehouse; shipping costs 4.90 euros within Germany.",
        "Orders > Warranty|The warranty for kitchen machines is three years and covers the motor and the blades.",
    ],
    "/docs/people.md": [
        "人员|技术支持由王小雨负责，她的分机号码是 8021。",
        "人员 > 财务|财务部的负责人是李建国，报销单在每月 25 日之前提交。",
    ],
}
