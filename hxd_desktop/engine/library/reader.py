"""One library as a question sees it: sizes, words, vectors, chunks; read only."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.ocr.model import unpack_places
from hxd_desktop.engine.library.conditions import condition_of
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.schema import words_table
from hxd_desktop.engine.library.vocabulary import terms_beginning
from hxd_desktop.engine.text.known_forms import Abbreviations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.library.vectorstore import VectorStore

# A filtered vector search asks for this many times more and drops what the filter excludes.
_OVERSAMPLE = 10
_FREQUENCIES_CACHED = 50_000
_MOST_ABBREVIATIONS = 20_000
_POSTINGS_CACHED = 4_000_000  # ids, eight bytes each


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """Sizes of a library. `avg_terms`: mean terms of a chunk. `languages`: share of the chunks by code ("" unknown)."""

    n_documents: int
    n_chunks: int
    avg_terms: float
    languages: dict[str, float]
    indexing: bool


class StoredChunk(NamedTuple):
    """A chunk with what is needed to show it; `text` is the document's text from `start` to `end`.

    A tuple, not a dataclass: a question makes hundreds.
    """

    id: int
    document_id: int
    path: str
    title: str | None
    modified: float
    type: str
    language: str
    ordinal: int
    start: int
    end: int
    page: int | None
    heading: str
    text: str


class HeldChunks(NamedTuple):
    """Some chunks of one document, by their ids."""

    path: str
    type: str
    chunks: list[int]


_CHUNK = (
    "SELECT c.id, c.document_id, d.path, d.title, d.mtime_ns / 1e9, d.type, coalesce(d.language, ''),"
    " c.ordinal, c.start, c.start + length(c.text), c.page, c.heading, c.text"
    " FROM chunks c JOIN documents d ON d.id = c.document_id"
)


class LibraryReader:
    """Read-only view of one library; methods may be called from any thread."""

    def __init__(self, database: Database, library_id: int, name: str, vectors: VectorStore) -> None:
        self.name = name
        self.library_id = library_id
        self._database = database
        self._vectors = vectors
        self._words = words_table(library_id)
        self._cached: tuple[Any, LibraryStats] | None = None
        self._frequencies: dict[tuple[str, int | None], int] = {}
        self._frequencies_of: Any = None
        self._postings: dict[tuple[str, int], tuple[NDArray[np.int64], int]] = {}
        self._postings_of: Any = None
        self._postings_held = 0
        self._abbreviations: tuple[Any, list[Any], Abbreviations] | None = None  # of a version, from these rows

    def _version(self, connection: sqlite3.Connection) -> tuple[int, int]:
        # data_version is of this connection, so its identity belongs to the key.
        return id(connection), connection.execute("PRAGMA data_version").fetchone()[0]

    def stats(self) -> LibraryStats:
        """Return the library's sizes as they stand now."""
        connection = self._database.reader
        version = self._version(connection)
        if self._cached is not None and self._cached[0] == version:
            return self._cached[1]
        documents = chunks = terms = 0
        by_language: dict[str, int] = {}
        waiting = False
        with translated(self._database.path):
            for state, language, n_documents, n_chunks, n_terms in connection.execute(
                "SELECT state, language, documents, chunks, terms FROM document_sizes"
                " WHERE library_id = ? AND state IN (?, ?) AND documents",
                (self.library_id, DocumentState.INDEXED, DocumentState.QUEUED),
            ):
                if state == DocumentState.QUEUED:
                    waiting = True
                    continue
                documents += n_documents
                chunks += n_chunks
                terms += n_terms
                by_language[language] = by_language.get(language, 0) + n_chunks
        stats = LibraryStats(
            documents,
            chunks,
            terms / chunks if chunks else 0.0,
            {language: count / chunks for language, count in by_language.items() if count},
            waiting,
        )
        self._cached = (version, stats)
        return stats

    def document_frequencies(self, terms: Sequence[str], cap: int | None = None) -> dict[str, int]:
        """Return how many chunks hold each term in body or heading, counted up to `cap`."""
        connection = self._database.reader
        version = self._version(connection)
        if version != self._frequencies_of or len(self._frequencies) > _FREQUENCIES_CACHED:
            self._frequencies, self._frequencies_of = {}, version
        known = self._frequencies
        result = {}
        with translated(self._database.path):
            for term in terms:
                count = known.get((term, cap))
                if count is None:
                    count = connection.execute(
                        f"SELECT count(*) FROM (SELECT 1 FROM {self._words} WHERE {self._words} MATCH ? LIMIT ?)",
                        (_quoted(term), -1 if cap is None else cap),
                    ).fetchone()[0]
                    known[(term, cap)] = count
                result[term] = count
        return result

    def terms_beginning(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the library's terms that begin with `prefix` and how many chunks hold each; see `vocabulary`."""
        with translated(self._database.path):
            yield from terms_beginning(self._database.reader, self.library_id, prefix)

    def abbreviations(self) -> Abbreviations:
        """Return what the library's documents say that abbreviations stand for."""
        connection = self._database.reader
        version = self._version(connection)
        if self._abbreviations is None or self._abbreviations[0] != version:
            with translated(self._database.path):
                pairs = connection.execute(
                    "SELECT short, long, count(*) FROM abbreviations WHERE library_id = ? GROUP BY short, long LIMIT ?",
                    (self.library_id, _MOST_ABBREVIATIONS),
                ).fetchall()
            same = self._abbreviations is not None and self._abbreviations[1] == pairs
            known = self._abbreviations[2] if self._abbreviations is not None and same else Abbreviations(pairs)
            self._abbreviations = (version, pairs, known)
        return self._abbreviations[2]

    def postings(self, terms: Sequence[str], cap: int) -> dict[str, tuple[NDArray[np.int64], int]]:
        """Return for each term the ascending ids of the chunks that hold it in body or heading, and their number.

        Where a term stands in more than `cap` chunks the ids are left empty and the number is estimated from how far
        the first `cap` reach: reading ids alone costs a tenth of ranking them, but not nothing.
        """
        import numpy as np

        connection = self._database.reader
        version = self._version(connection)
        if version != self._postings_of or self._postings_held > _POSTINGS_CACHED:
            self._postings, self._postings_of, self._postings_held = {}, version, 0
        known = self._postings
        result = {}
        with translated(self._database.path):
            for term in terms:
                found = known.get((term, cap))
                if found is None:
                    inside = f"SELECT rowid FROM {self._words} WHERE {self._words} MATCH ? LIMIT ?"
                    joined = connection.execute(
                        f"SELECT group_concat(rowid) FROM ({inside})", (_quoted(term), cap + 1)
                    ).fetchone()[0]
                    ids = np.fromstring(joined or "", dtype=np.int64, sep=",")
                    number = len(ids)
                    if number > cap:
                        first, last = self._id_range(connection)
                        reach = max(int(ids[-1]) - first + 1, 1)
                        number = max(number, round(number * (last - first + 1) / reach))
                        ids = np.empty(0, dtype=np.int64)
                    found = known[(term, cap)] = (ids, number)
                    self._postings_held += len(ids) + 8
                result[term] = found
        return result

    def _id_range(self, connection: sqlite3.Connection) -> tuple[int, int]:
        ends = [
            connection.execute(f"SELECT rowid FROM {self._words} ORDER BY rowid {order} LIMIT 1").fetchone()
            for order in ("ASC", "DESC")
        ]
        first, last = (row[0] if row is not None else 0 for row in ends)
        return first, last

    def search_words(self, terms: Sequence[str], limit: int, filters: Filters | None = None) -> list[tuple[int, float]]:
        """Return ids of chunks that hold any of `terms`, best first, with the sum of the idf of those they hold.

        The full text knows no positions and no counts; BM25 proper is reckoned from the texts of the best.
        """
        import numpy as np

        stats = self.stats()
        found = self.postings(terms, max(stats.n_chunks, 1))
        if not found:
            return []
        idf = [
            math.log(1 + (stats.n_chunks - n + 0.5) / (n + 0.5)) if n <= stats.n_chunks else 0.0
            for _, n in found.values()
        ]
        ids, places = np.unique(np.concatenate([held for held, _ in found.values()]), return_inverse=True)
        lengths = [len(held) for held, _ in found.values()]
        weights = np.bincount(places, weights=np.repeat(idf, lengths), minlength=len(ids))
        if filters is not None:
            allowed = self.allowed_ids(filters)
            if allowed is not None:
                weights[~np.isin(ids, allowed)] = -1.0
        best = np.argsort(-weights, kind="stable")[:limit]
        return [(int(ids[i]), float(weights[i])) for i in best if weights[i] >= 0]

    def allowed_ids(self, filters: Filters) -> NDArray[np.int64] | None:
        """Return the ascending ids of the chunks that the filters let through, or None where they let all."""
        import numpy as np

        condition, values = condition_of(filters)
        if not condition:
            return None
        with translated(self._database.path):
            rows = self._database.reader.execute(
                "SELECT c.id FROM documents d JOIN chunks c ON c.document_id = d.id"
                f" WHERE d.library_id = ? AND {condition} ORDER BY c.id",
                (self.library_id, *values),
            ).fetchall()
        return np.array([row[0] for row in rows], dtype=np.int64)

    def search_vectors(
        self, vector: NDArray[np.float32], limit: int, filters: Filters | None = None
    ) -> list[tuple[int, float]]:
        """Return the ids of the chunks nearest to `vector` (float32, shape (dim,)), best first, with their cosine."""
        index = self._vectors.current(self.library_id)
        if index is None:
            return []
        condition, values = condition_of(filters)
        ids, cosines = index.search(vector, limit * _OVERSAMPLE if condition else limit)
        found = [(int(chunk_id), float(cosine)) for chunk_id, cosine in zip(ids, cosines, strict=True)]
        if condition and found:
            marks = ",".join("?" * len(found))
            with translated(self._database.path):
                allowed = {
                    row[0]
                    for row in self._database.reader.execute(
                        "SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document_id"
                        f" WHERE c.id IN ({marks}) AND {condition}",
                        [*(chunk_id for chunk_id, _ in found), *values],
                    )
                }
            found = [pair for pair in found if pair[0] in allowed][:limit]
        return found

    def chunks(self, ids: Sequence[int]) -> dict[int, StoredChunk]:
        """Return the chunks with these ids; one that is gone meanwhile is left out."""
        if not ids:
            return {}
        marks = ",".join("?" * len(ids))
        return {chunk.id: chunk for chunk in self._select(f"{_CHUNK} WHERE c.id IN ({marks})", ids)}

    def by_document(self, ids: Sequence[int]) -> list[HeldChunks]:
        """Return the documents of some chunks, each with its chunks in the order of the text."""
        with translated(self._database.path):
            rows = self._database.reader.execute(
                "SELECT d.path, d.type, c.id FROM json_each(?) asked JOIN chunks c ON c.id = asked.value"
                " JOIN documents d ON d.id = c.document_id ORDER BY c.document_id, c.ordinal",
                (json.dumps(list(ids)),),
            ).fetchall()
        by_path: dict[str, HeldChunks] = {}
        for path, kind, chunk_id in rows:
            by_path.setdefault(path, HeldChunks(path, kind, [])).chunks.append(chunk_id)
        return list(by_path.values())

    def read_by_ocr(self, ids: Sequence[int]) -> dict[int, float]:
        """Return those of the chunks that were read off pictures of pages, with the mean confidence of their file."""
        if not ids:
            return {}
        marks = ",".join("?" * len(ids))
        with translated(self._database.path):
            rows = self._database.reader.execute(
                "SELECT c.id, c.start, c.start + length(c.text), d.ocr_confidence, d.ocr_places FROM chunks c"
                f" JOIN documents d ON d.id = c.document_id WHERE c.id IN ({marks}) AND d.ocr_confidence IS NOT NULL",
                tuple(ids),
            ).fetchall()
        unpacked = {packed: unpack_places(packed) for packed in {row[4] for row in rows}}
        return {
            chunk_id: round(confidence, 4)
            for chunk_id, start, end, confidence, packed in rows
            if any(place.start < end and place.end > start for place in unpacked[packed])
        }

    def neighbours(self, chunk_id: int, before: int = 1, after: int = 1) -> list[StoredChunk]:
        """Return the chunk with up to `before` and `after` chunks of its document around it, in order."""
        return self._select(
            f"{_CHUNK} JOIN chunks this ON this.id = ? AND this.document_id = c.document_id"
            " WHERE c.ordinal BETWEEN this.ordinal - ? AND this.ordinal + ? ORDER BY c.ordinal",
            (chunk_id, before, after),
        )

    def _select(self, sql: str, values: Iterable[Any]) -> list[StoredChunk]:
        with translated(self._database.path):
            return list(map(StoredChunk._make, self._database.reader.execute(sql, tuple(values))))


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
