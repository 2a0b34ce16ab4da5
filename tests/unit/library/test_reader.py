from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import store
from hxd_desktop.engine.library.reader import LibraryReader
from hxd_desktop.engine.text.words import query_terms
from tests.support.library import Workbench, parsed

DAY_NS = 86_400 * 10**9
JANUARY = 1_768_000_000 * 10**9  # the middle of January 2026


def put(bench: Workbench, *files: Any) -> None:
    bench.database.write(lambda c: store.store_documents(c, 1, [(1, file) for file in files]))
    bench.embed()


@pytest.fixture
def reader(bench: Workbench) -> LibraryReader:
    bench.database.write(lambda c: c.execute("INSERT INTO folders (library_id, path) VALUES (1, '/f')"))
    put(
        bench,
        parsed("/f/a/guide.md", ("Guide", "The threshold decides. "), ("Guide > Use", "Set it low. "), "Nothing else.",
               title="Guide", type="markdown", mtime_ns=JANUARY),
        parsed("/f/a/notes.txt", "threshold threshold threshold", mtime_ns=JANUARY - 30 * DAY_NS),
        parsed("/f/a_b/paper.pdf", "门槛决定一切", language="zh", type="pdf", mtime_ns=JANUARY + 30 * DAY_NS),
        parsed("/f/a/lib.PY", "def threshold(): pass", type="code", language="", mtime_ns=JANUARY),
    )  # fmt: skip
    return bench.reader()


def files(reader: LibraryReader, found: list[tuple[int, float]]) -> list[str]:
    chunks = reader.chunks([i for i, _ in found])
    return [Path(chunks[i].path).name for i, _ in found]


def words(reader: LibraryReader, *terms: str, **more: Any) -> list[str]:
    return files(reader, reader.search_words(terms, 10, **more))


def test_sizes(bench: Workbench, reader: LibraryReader) -> None:
    stats = reader.stats()
    assert (stats.n_documents, stats.n_chunks, stats.indexing) == (4, 6, False)
    assert stats.avg_terms == pytest.approx((3 + 3 + 2 + 3 + 5 + 3) / 6)
    assert stats.languages == {"en": 4 / 6, "zh": 1 / 6, "": 1 / 6}
    assert reader.stats() is stats
    bench.database.write(lambda c: store.queue_documents(c, 1, [(1, "/f/late.txt", 5)]))
    assert reader.stats().indexing
    assert reader.stats().n_documents == 4


def test_terms_by_how_they_begin(bench: Workbench, reader: LibraryReader) -> None:
    assert dict(reader.terms_beginning("thr")) == {"threshold": 3}
    assert dict(reader.terms_beginning("门")) == {"门槛": 1}
    assert list(reader.terms_beginning("zz")) == []
    first = next(iter(reader.terms_beginning("")))  # whoever has enough stops
    assert first[1] >= 1
    with pytest.raises(sqlite3.OperationalError, match="readonly"):  # the connection still only reads
        bench.database.reader.execute("DELETE FROM chunks")
    bench.database.write(lambda c: store.store_documents(c, 1, [(1, parsed("/f/new.txt", "thermometer"))]))
    assert dict(reader.terms_beginning("th")) == {"the": 1, "thermomet": 1, "threshold": 3}


def test_sizes_of_an_empty_library(bench: Workbench) -> None:
    stats = bench.reader().stats()
    assert (stats.n_documents, stats.n_chunks, stats.avg_terms, stats.languages) == (0, 0, 0.0, {})
    assert bench.reader().search_words(["x"], 5) == []
    assert bench.reader().search_vectors(np.ones(bench.embedder.dim, np.float32), 5) == []
    assert bench.reader().chunks([]) == {}


def test_how_many_chunks_hold_a_word(bench: Workbench, reader: LibraryReader) -> None:
    assert reader.document_frequencies(["threshold", "guid", "门槛", "nowhere"]) == {
        "threshold": 3,
        "guid": 3,
        "门槛": 1,
        "nowhere": 0,
    }
    assert reader.document_frequencies(["threshold"], cap=2) == {"threshold": 2}
    assert reader.document_frequencies(["threshold"]) == {"threshold": 3}
    put(bench, parsed("/f/more.txt", "threshold"))
    assert reader.document_frequencies(["threshold"]) == {"threshold": 4}
    assert reader.document_frequencies(["threshold"], cap=2) == {"threshold": 2}


@pytest.mark.parametrize("text", ["AND", "NEAR(a b)", "body:x", "c++", "_x", "a.b", "^x", "NOT", "'; DROP"])
def test_no_word_is_taken_for_an_operator(reader: LibraryReader, text: str) -> None:
    terms = query_terms(text)
    assert terms
    assert files(reader, reader.search_words([*terms, "low"], 10)) == ["guide.md"]
    assert set(reader.document_frequencies(terms).values()) == {0}


def test_passages_with_more_and_rarer_words_come_first(bench: Workbench, reader: LibraryReader) -> None:
    put(bench, parsed("/f/common.txt", "set threshold"), parsed("/f/rare.txt", "set low"))
    found = reader.search_words(["set", "low", "threshold"], 10)
    assert files(reader, found)[:2] == ["guide.md", "rare.txt"]
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    assert len(reader.search_words(["threshold"], 2)) == 2
    assert reader.search_words([], 10) == []
    assert reader.search_words(["nowhere"], 10) == []


def test_which_chunks_hold_a_word(bench: Workbench, reader: LibraryReader) -> None:
    found = reader.postings(["threshold", "nowhere"], 10)
    ids, number = found["threshold"]
    assert (ids.tolist(), number) == (sorted(i for i, _ in reader.search_words(["threshold"], 10)), 3)
    assert (found["nowhere"][0].tolist(), found["nowhere"][1]) == ([], 0)
    put(bench, *(parsed(f"/f/{n}", "threshold") for n in range(100)))
    ids, number = reader.postings(["threshold"], 10)["threshold"]
    assert ids.tolist() == []
    assert 60 < number < 200
    assert reader.postings(["threshold"], 103)["threshold"][1] == 103


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(folder="/f/a"), {"guide.md", "notes.txt", "lib.PY"}),
        (Filters(folder="/f/a/"), {"guide.md", "notes.txt", "lib.PY"}),
        (Filters(folder="/f/a/notes.txt"), {"notes.txt"}),
        (Filters(folder="/f/a_b"), {"paper.pdf"}),
        (Filters(folder="/g"), set()),
        (Filters(within="a"), {"guide.md", "notes.txt", "lib.PY"}),
        (Filters(within="F/A/"), {"guide.md", "notes.txt", "lib.PY"}),
        (Filters(within="guide.md"), set()),
        (Filters(document="Guide.md"), {"guide.md"}),
        (Filters(document="a/guide.MD"), {"guide.md"}),
        (Filters(document="a\\guide.md"), {"guide.md"}),
        (Filters(document="/f/a/guide.md"), {"guide.md"}),
        (Filters(document="uide.md"), set()),
        (Filters(document="f/guide.md"), set()),
        (Filters(type="md"), {"guide.md"}),
        (Filters(type=".MD"), {"guide.md"}),
        (Filters(type="markdown"), {"guide.md"}),
        (Filters(type="py"), {"lib.PY"}),
        (Filters(type="%"), set()),
        (Filters(type="p_"), set()),
        (Filters(language="zh"), {"paper.pdf"}),
        (Filters(language="EN"), {"guide.md", "notes.txt"}),
        (Filters(since="2026-01-01"), {"guide.md", "paper.pdf", "lib.PY"}),
        (Filters(since="2026-02-01T00:00:00+08:00"), {"paper.pdf"}),
        (Filters(since="0001-01-01"), {"guide.md", "notes.txt", "paper.pdf", "lib.PY"}),
        (Filters(since="9999-12-31"), set()),
        (Filters(folder="/f", type="txt", since="2025-01-01", language="en"), {"notes.txt"}),
        (Filters(), {"guide.md", "notes.txt", "paper.pdf", "lib.PY"}),
    ],
)
def test_filters_hold_for_words_and_vectors(
    bench: Workbench, reader: LibraryReader, filters: Filters, expected: set[str]
) -> None:
    assert set(words(reader, "threshold", "门槛", filters=filters)) == expected
    vector = bench.embedder.embed_query("threshold")
    assert set(files(reader, reader.search_vectors(vector, 6, filters))) == expected


def test_nearest_by_vectors(bench: Workbench, reader: LibraryReader) -> None:
    vector = bench.embedder.embed_query("threshold threshold threshold")
    found = reader.search_vectors(vector, 3)
    assert files(reader, found)[0] == "notes.txt"
    assert found[0][1] == pytest.approx(1.0, abs=0.01)
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)


def test_chunks_are_shown_with_their_place(reader: LibraryReader) -> None:
    ((chunk_id, _),) = reader.search_words(["low"], 1)
    chunk = reader.chunks([chunk_id, 10**6])[chunk_id]
    assert (chunk.path, chunk.title, chunk.type, chunk.language) == ("/f/a/guide.md", "Guide", "markdown", "en")
    assert (chunk.ordinal, chunk.start, chunk.end, chunk.heading, chunk.page) == (1, 23, 35, "Guide > Use", None)
    assert chunk.text == "Set it low. "
    assert chunk.modified == JANUARY / 1e9


def test_neighbours_are_of_the_same_document_in_order(reader: LibraryReader) -> None:
    ((chunk_id, _),) = reader.search_words(["low"], 1)
    assert [c.ordinal for c in reader.neighbours(chunk_id)] == [0, 1, 2]
    assert [c.ordinal for c in reader.neighbours(chunk_id, before=0)] == [1, 2]
    assert [c.ordinal for c in reader.neighbours(chunk_id, before=5, after=0)] == [0, 1]
    assert reader.neighbours(10**6) == []


def test_a_chunk_that_is_gone_is_left_out(bench: Workbench, reader: LibraryReader) -> None:
    found = reader.search_words(["threshold"], 10)
    gone = bench.documents()["/f/a/notes.txt"].id
    bench.database.write(lambda c: store.remove_documents(c, 1, [gone]))
    assert len(reader.chunks([i for i, _ in found])) == len(found) - 1


def test_chunks_by_document_in_the_order_of_the_text(bench: Workbench, reader: LibraryReader) -> None:
    guide = bench.documents()["/f/a/guide.md"].id
    found = [i for i, _ in reader.search_words(["threshold", "low"], 10)]
    held = {document.path: document for document in reader.by_document([*reversed(found), 10**6])}
    assert set(held) == {chunk.path for chunk in reader.chunks(found).values()}
    assert sorted(chunk for document in held.values() for chunk in document.chunks) == sorted(found)
    assert held["/f/a/guide.md"].type == "markdown"
    chunks = reader.chunks(held["/f/a/guide.md"].chunks)
    assert [chunks[i].ordinal for i in held["/f/a/guide.md"].chunks] == sorted(c.ordinal for c in chunks.values())
    assert {chunk.document_id for chunk in chunks.values()} == {guide}
    assert reader.by_document([]) == []


def test_failed_documents_are_no_part_of_the_sizes(bench: Workbench, reader: LibraryReader) -> None:
    bench.database.write(
        lambda c: store.store_documents(c, 1, [(1, store.ParsedFile("/f/bad.pdf", DocumentState.FAILED, 1, 1))])
    )
    assert reader.stats().n_documents == 4
