from __future__ import annotations

import sqlite3

import pytest

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import catalog, store
from hxd_desktop.engine.library.store import ParsedFile, parsed_file
from tests.support.library import Workbench, parsed

A, B, C, D = "Alpha is first. ", "Beta is second. ", "Gamma is third. ", "Delta is fourth. "


class Shelf:
    """One folder of the default library, filled without files."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.write = bench.database.write
        self.library = 1
        self.folder = self.write(
            lambda c: c.execute("INSERT INTO folders (library_id, path) VALUES (1, '/f') RETURNING id").fetchone()[0]
        )

    def put(self, *files: ParsedFile) -> list[int]:
        return self.write(lambda c: store.store_documents(c, self.library, [(self.folder, file) for file in files]))

    def remove(self, *ids: int) -> None:
        self.write(lambda c: store.remove_documents(c, self.library, ids))

    def move(self, document_id: int, path: str) -> None:
        self.write(lambda c: store.move_document(c, self.library, document_id, self.folder, path, "1:2"))

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        return self.bench.database.reader.execute(sql, values).fetchall()

    def word_rows(self) -> int:
        return len(self.rows("SELECT id FROM words_1_docsize"))

    def hits(self, term: str) -> list[object]:
        return [row[0] for row in self.rows("SELECT rowid FROM words_1 WHERE words_1 MATCH ?", f'"{term}"')]


@pytest.fixture
def shelf(bench: Workbench) -> Shelf:
    return Shelf(bench)


def test_a_document_is_stored_with_its_chunks_words_and_place_in_the_queue(shelf: Shelf) -> None:
    shelf.bench.embed()  # the library has its vector index
    (found,) = shelf.put(parsed("/f/notes.txt", A, ("Part > Two", B), title="Letters"))
    assert shelf.bench.text("/f/notes.txt") == A + B
    document = shelf.bench.documents()["/f/notes.txt"]
    assert (document.id, document.state, document.chunks, document.chars) == (
        found,
        DocumentState.INDEXED,
        2,
        len(A + B),
    )
    first, second = shelf.bench.chunk_ids("/f/notes.txt")
    assert shelf.hits("alpha") == [first]
    assert shelf.hits("part") == [second]
    assert shelf.hits("letter") == shelf.hits("note") == [first, second]
    assert shelf.rows("SELECT chunk_id FROM vector_queue ORDER BY 1") == [(first,), (second,)]
    assert shelf.rows("SELECT start, heading FROM chunks ORDER BY id") == [(0, ""), (len(A), "Part > Two")]
    shelf.bench.assert_consistent()


def test_unchanged_chunks_keep_their_ids_and_their_vectors(shelf: Shelf) -> None:
    shelf.put(parsed("/f/a.txt", A, B, C))
    shelf.bench.embed()
    a, b, c = shelf.bench.chunk_ids("/f/a.txt")
    (same,) = shelf.put(parsed("/f/a.txt", D, A, C))
    new, kept_a, kept_c = shelf.bench.chunk_ids("/f/a.txt")
    assert (kept_a, kept_c) == (a, c)
    assert new > c
    assert shelf.bench.text("/f/a.txt") == D + A + C
    assert shelf.hits("beta") == []
    assert shelf.hits("delta") == [new]
    assert shelf.rows("SELECT chunk_id FROM vector_queue") == [(new,)]
    assert shelf.rows("SELECT chunk_id FROM vector_changes WHERE removed") == [(b,)]
    assert shelf.rows("SELECT id, start, ordinal FROM chunks ORDER BY ordinal") == [
        (new, 0, 0),
        (a, len(D), 1),
        (c, len(D + A), 2),
    ]
    assert list(shelf.bench.documents()) == ["/f/a.txt"]
    assert shelf.bench.documents()["/f/a.txt"].id == same
    assert shelf.bench.embed() == 1
    shelf.bench.assert_consistent()


def test_the_same_text_twice_in_a_document_is_matched_one_to_one(shelf: Shelf) -> None:
    shelf.put(parsed("/f/a.txt", A, A, B, A))
    before = shelf.bench.chunk_ids("/f/a.txt")
    shelf.put(parsed("/f/a.txt", A, B, A))
    after = shelf.bench.chunk_ids("/f/a.txt")
    assert set(after) < set(before)
    assert len(set(after)) == 3
    assert shelf.bench.text("/f/a.txt") == A + B + A
    shelf.bench.assert_consistent()


def test_chunks_that_only_look_the_same_to_an_embedder_are_not_mixed_up(shelf: Shelf) -> None:
    # An embedder reads the heading, a line end and the text: these two are one to it.
    shelf.put(parsed("/f/a.txt", ("", "Title\nbody")))
    shelf.put(parsed("/f/a.txt", ("Title", "body")))
    assert shelf.bench.text("/f/a.txt") == "body"
    assert shelf.rows("SELECT heading, text FROM chunks") == [("Title", "body")]
    shelf.bench.assert_consistent()


def test_another_title_is_found_at_every_chunk(shelf: Shelf) -> None:
    shelf.put(parsed("/f/a.txt", A, B, title="Old name"))
    shelf.bench.embed()
    shelf.put(parsed("/f/a.txt", A, B, title="New name"))
    assert shelf.hits("old") == []
    assert shelf.hits("new") == shelf.bench.chunk_ids("/f/a.txt")
    assert shelf.word_rows() == 2
    assert shelf.bench.embed() == 0  # its vectors do not hang on the title
    shelf.bench.assert_consistent()


@pytest.mark.parametrize("state", [DocumentState.FAILED, DocumentState.EMPTY, DocumentState.SKIPPED])
def test_a_document_that_cannot_be_read_any_more_loses_all_that_was_made_of_it(
    shelf: Shelf, state: DocumentState
) -> None:
    shelf.put(parsed("/f/a.txt", A, B))
    shelf.bench.embed()
    shelf.put(ParsedFile("/f/a.txt", state, 5, 6, reason="why"))
    document = shelf.bench.documents()["/f/a.txt"]
    assert (document.state, document.reason, document.chunks, document.chars) == (state, "why", 0, 0)
    assert shelf.rows("SELECT * FROM chunks") == []
    assert shelf.word_rows() == 0
    shelf.bench.assert_consistent()


def test_removed_documents_are_forgotten_everywhere(shelf: Shelf) -> None:
    one, other, kept = shelf.put(parsed("/f/a.txt", A, B), parsed("/f/b.txt", B, C), parsed("/f/c.txt", C, D))
    shelf.bench.embed()
    shelf.put(parsed("/f/late.txt", "still to be embedded"))
    late = shelf.bench.documents()["/f/late.txt"].id
    shelf.remove(one, other, late)
    assert list(shelf.bench.documents()) == ["/f/c.txt"]
    assert shelf.hits("alpha") == shelf.hits("embed") == []
    assert shelf.hits("gamma") == shelf.bench.chunk_ids("/f/c.txt")[:1]
    assert shelf.rows("SELECT * FROM vector_queue") == []
    assert set(shelf.bench.near("gamma")) == {"c.txt"}
    shelf.bench.assert_consistent()
    shelf.remove(kept)
    assert shelf.word_rows() == 0
    shelf.bench.assert_consistent()


def test_removing_more_documents_than_sqlite_has_variables_for(shelf: Shelf) -> None:
    ids = shelf.put(*(parsed(f"/f/{n}.txt", f"number {n}") for n in range(1201)))
    shelf.remove(*ids)
    assert shelf.rows("SELECT count(*) FROM documents") == [(0,)]
    assert shelf.word_rows() == 0


def test_a_moved_document_is_found_by_its_new_name_and_keeps_its_chunks(shelf: Shelf) -> None:
    (found,) = shelf.put(parsed("/f/old.txt", A, B, title="Title"))
    shelf.bench.embed()
    before = shelf.bench.chunk_ids("/f/old.txt")
    shelf.move(found, "/f/sub/fresh.txt")
    assert shelf.bench.chunk_ids("/f/sub/fresh.txt") == before
    assert shelf.bench.documents()["/f/sub/fresh.txt"].id == found
    assert shelf.hits("old") == []
    assert shelf.hits("fresh") == shelf.hits("titl") == before
    assert shelf.word_rows() == 2
    assert shelf.bench.embed() == 0
    shelf.move(found, "/f/other/fresh.txt")
    assert shelf.hits("fresh") == before
    shelf.remove(found)
    assert shelf.hits("fresh") == shelf.hits("alpha") == []


def test_a_document_moved_over_another_replaces_it(shelf: Shelf) -> None:
    one, _ = shelf.put(parsed("/f/a.txt", A), parsed("/f/b.txt", B))
    shelf.move(one, "/f/b.txt")
    assert {path: d.id for path, d in shelf.bench.documents().items()} == {"/f/b.txt": one}
    assert shelf.hits("beta") == []
    shelf.bench.assert_consistent()


def test_a_failure_halfway_changes_nothing(shelf: Shelf) -> None:
    shelf.put(parsed("/f/a.txt", A, B))
    shelf.bench.embed()
    before = list(shelf.bench.database.reader.iterdump())

    def fail(connection: sqlite3.Connection) -> None:
        store.store_documents(connection, 1, [(shelf.folder, parsed("/f/a.txt", C)), (shelf.folder, parsed("/f/b", D))])
        store.remove_documents(connection, 1, [1])
        raise RuntimeError("the plug was pulled")

    with pytest.raises(RuntimeError):
        shelf.write(fail)
    assert list(shelf.bench.database.reader.iterdump()) == before
    assert shelf.hits("alpha") == shelf.bench.chunk_ids("/f/a.txt")[:1]


def test_ids_of_removed_chunks_are_never_used_again(shelf: Shelf) -> None:
    (found,) = shelf.put(parsed("/f/a.txt", A, B))
    before = shelf.bench.chunk_ids("/f/a.txt")
    shelf.remove(found)
    shelf.put(parsed("/f/a.txt", A, B))
    assert min(shelf.bench.chunk_ids("/f/a.txt")) > max(before)


def test_files_that_wait_to_be_read_do_not_hide_what_is_known(shelf: Shelf) -> None:
    shelf.put(parsed("/f/a.txt", A))
    shelf.write(lambda c: store.queue_documents(c, 1, [(shelf.folder, "/f/a.txt", 1), (shelf.folder, "/f/b.txt", 2)]))
    states = {path: document.state for path, document in shelf.bench.documents().items()}
    assert states == {"/f/a.txt": DocumentState.INDEXED, "/f/b.txt": DocumentState.QUEUED}


def test_touching_keeps_the_content(shelf: Shelf) -> None:
    (found,) = shelf.put(parsed("/f/a.txt", A))
    shelf.write(lambda c: store.touch_document(c, found, 77, 88, "9:9"))
    assert shelf.rows("SELECT size_bytes, mtime_ns, inode FROM documents") == [(77, 88, "9:9")]
    assert shelf.bench.text("/f/a.txt") == A


def test_libraries_do_not_see_each_others_words(shelf: Shelf) -> None:
    other = shelf.write(lambda c: catalog.ensure_library(c, "other"))
    folder = shelf.write(
        lambda c: c.execute("INSERT INTO folders (library_id, path) VALUES (?, '/f') RETURNING id", (other,)).fetchone()
    )[0]
    shelf.put(parsed("/f/a.txt", A))
    shelf.write(lambda c: store.store_documents(c, other, [(folder, parsed("/f/a.txt", B))]))
    assert shelf.bench.found("alpha") == {"a.txt"}
    assert shelf.bench.found("beta") == set()
    assert shelf.bench.found("beta", "other") == {"a.txt"}
    assert shelf.bench.text("/f/a.txt") == A
    assert shelf.bench.text("/f/a.txt", "other") == B


def test_a_reply_without_a_file_is_told_from_what_the_scan_saw() -> None:
    file = parsed_file({"state": "failed", "reason": "It crashed."}, "/f/a.pdf", 10, 20, "1:2", "f1")
    assert file == ParsedFile(
        "/f/a.pdf", DocumentState.FAILED, 10, 20, inode="1:2", reason="It crashed.", fingerprint="f1"
    )


def test_abbreviations_come_and_go_with_the_passages_that_explain_them(shelf: Shelf) -> None:
    explained = [(1, "VPN", "virtual private network"), (1, "VPN", "虚拟专用网")]
    [document] = shelf.put(parsed("/f/a.md", A, B, abbreviations=explained), parsed("/f/b.md", C))[:1]
    [chunk] = shelf.rows("SELECT id FROM chunks WHERE text = ?", B)
    assert shelf.rows("SELECT chunk_id, short, long FROM abbreviations") == [(*chunk, *pair[1:]) for pair in explained]
    found = shelf.bench.reader().abbreviations().find(["vpn"])
    assert {form.form for form in found} == {"virtual private network", "虚拟专用网"}
    reader = shelf.bench.reader()
    before = reader.abbreviations()
    shelf.put(parsed("/f/c.md", C))
    assert reader.abbreviations() is before  # a change that has nothing to do with them costs nothing
    shelf.put(parsed("/f/c.md", A, C, abbreviations=[(1, "VPN", "very private network")]))
    assert reader.abbreviations() is not before
    shelf.remove(shelf.bench.documents()["/f/c.md"].id)
    shelf.put(parsed("/f/a.md", B, abbreviations=[(0, *explained[0][1:])]))  # the passage stays, and what it says
    assert len(shelf.rows("SELECT 1 FROM abbreviations")) == 2
    shelf.remove(document)
    assert shelf.rows("SELECT * FROM abbreviations") == []
    assert shelf.bench.reader().abbreviations().find(["vpn"]) == []
