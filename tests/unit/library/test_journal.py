from __future__ import annotations

from pathlib import Path

import pytest

from hxd_desktop.engine.library import journal, store
from hxd_desktop.engine.library.embeddings import decode, encode
from hxd_desktop.engine.library.vectors import VectorIndex
from tests.support.library import CountingEmbedder, Workbench, parsed


class Kept:
    """A library of three documents with an index under change numbers."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        bench.database.write(lambda c: c.execute("INSERT INTO folders (library_id, path) VALUES (1, '/f')"))
        self.put("a", "b", "c")
        bench.embed()
        index_id = bench.vectors.index_id(1)
        assert index_id is not None
        self.index_id = index_id
        self.connection = bench.database.reader

    def put(self, *names: str) -> None:
        files = [(1, parsed(f"/f/{name}", f"text of {name}")) for name in names]
        self.bench.database.write(lambda c: store.store_documents(c, 1, files))

    def remove(self, name: str) -> None:
        found = self.bench.documents()[f"/f/{name}"].id
        self.bench.database.write(lambda c: store.remove_documents(c, 1, [found]))

    def expected(self) -> list[int]:
        return [row[0] for row in self.connection.execute("SELECT id FROM chunks ORDER BY id")]

    def rebuilt(self) -> VectorIndex:
        return journal.rebuild(self.connection, self.index_id, self.bench.embedder.dim)


def ids(index: VectorIndex) -> list[int]:
    return sorted(map(int, index.ids()))


@pytest.fixture
def kept(bench: Workbench) -> Kept:
    return Kept(bench)


def test_replaying_the_journal_gives_what_rebuilding_gives(kept: Kept) -> None:
    index = kept.rebuilt()
    kept.put("d", "e")
    kept.bench.embed()
    kept.remove("b")
    kept.remove("e")
    assert journal.catch_up(kept.connection, kept.index_id, index)
    other = kept.rebuilt()
    assert ids(index) == ids(other) == kept.expected()
    assert index.seq == other.seq == journal.last_change(kept.connection)
    query = kept.bench.embedder.embed_query("text of d")
    assert [int(i) for i in index.search(query, 4)[0]] == [int(i) for i in other.search(query, 4)[0]]


def test_a_chunk_that_waits_is_in_no_index(kept: Kept) -> None:
    index = kept.rebuilt()
    kept.put("d")
    assert journal.catch_up(kept.connection, kept.index_id, index)
    assert len(index) == len(kept.rebuilt()) == 3
    assert journal.queued(kept.connection, kept.index_id) == 1


def test_an_index_older_than_what_was_pruned_cannot_catch_up(kept: Kept) -> None:
    index = kept.rebuilt()
    kept.put("d")
    kept.bench.embed()
    reached = journal.last_change(kept.connection)
    kept.bench.database.write(lambda c: journal.prune(c, kept.index_id, reached))
    assert not journal.catch_up(kept.connection, kept.index_id, index)
    assert journal.catch_up(kept.connection, kept.index_id, kept.rebuilt())


def test_an_index_of_another_database_cannot_catch_up(kept: Kept) -> None:
    index = VectorIndex(kept.bench.embedder.dim, seq=journal.last_change(kept.connection) + 1)
    assert not journal.catch_up(kept.connection, kept.index_id, index)


def test_an_index_that_was_removed_meanwhile(kept: Kept) -> None:
    index = kept.rebuilt()
    assert not journal.catch_up(kept.connection, 99, index)
    assert kept.bench.database.write(lambda c: journal.record_vectors(c, 99, [(b"k" * 16, b"")], [1]))[0] == []
    assert kept.bench.one("SELECT count(*) FROM embeddings") == 3


def test_a_chunk_removed_while_it_was_embedded_is_not_taken(kept: Kept) -> None:
    kept.put("d", "e")
    batch = journal.next_batch(kept.connection, kept.index_id, 10)
    kept.remove("d")
    blobs = encode(kept.bench.embedder.embed_passages([row[3] for row in batch]), compact=True)
    new = [(row[1], blob) for row, blob in zip(batch, blobs, strict=True)]
    wanted, _ = kept.bench.database.write(
        lambda c: journal.record_vectors(c, kept.index_id, new, [row[0] for row in batch])
    )
    assert wanted == kept.bench.chunk_ids("/f/e")
    assert len(kept.rebuilt()) == 4
    kept.bench.assert_consistent()


def test_batches_go_through_the_queue_in_order(kept: Kept) -> None:
    kept.put("d", "e", "a2")
    first = journal.next_batch(kept.connection, kept.index_id, 2)
    rest = journal.next_batch(kept.connection, kept.index_id, 9, first[-1][0])
    assert [row[3] for row in (*first, *rest)] == ["text of d", "text of e", "text of a2"]
    assert {row[4] for row in first} == {None}


def test_a_text_that_was_embedded_before_comes_with_its_embedding(kept: Kept) -> None:
    files = [(1, parsed("/f/copy", "text of a"))]
    kept.bench.database.write(lambda c: store.store_documents(c, 1, files))
    ((_, _, _, text, blob),) = journal.next_batch(kept.connection, kept.index_id, 10)
    assert text == "text of a"
    assert blob is not None
    vector = decode([blob], kept.bench.embedder.dim)[0]
    assert vector == pytest.approx(kept.bench.embedder.embed_query("text of a"), abs=5e-3)


def test_orphaned_embeddings_are_forgotten_and_no_others(kept: Kept) -> None:
    assert kept.bench.database.write(journal.forget_orphans) == 0
    kept.remove("b")
    assert kept.bench.database.write(journal.forget_orphans) == 1
    assert kept.bench.one("SELECT count(*) FROM embeddings") == 2
    kept.bench.assert_consistent()


def test_another_embedder_takes_the_place_and_going_back_computes_nothing(kept: Kept) -> None:
    first = kept.bench.embedder
    bench = kept.bench.reopened(embedder=CountingEmbedder(48))
    assert bench.embed() == 3
    assert bench.one("SELECT count(*) FROM vector_indexes") == 1
    bench.filler.save()
    bench.database.write(lambda c: store.store_documents(c, 1, [(1, parsed("/f/d", "text of d"))]))
    assert bench.one("SELECT count(*) FROM vector_queue") == 1  # of the embedder in use alone
    bench.assert_consistent()
    bench = bench.reopened(embedder=CountingEmbedder(first.dim))
    assert bench.embed() == 1  # the new document alone
    assert bench.near("text of a", limit=1) == ["a"]
    bench.filler.save()
    assert len(list(bench.directory.vectors.glob("*.usearch"))) == 1
    bench.assert_consistent()
    bench.close()


def test_the_file_of_an_index_has_the_embedder_in_its_name(tmp_path: Path) -> None:
    names = {journal.meta_file(tmp_path, 1, embedder).name for embedder in ("one", "other")}
    assert len(names) == 2


def test_a_second_index_beside_the_first(kept: Kept) -> None:
    write, connection = kept.bench.database.write, kept.connection
    in_use = kept.bench.embedder.id
    assert journal.work_for(connection, in_use) == (3, 3, 3)
    assert journal.work_for(connection, "other") == (3, 3, 0)
    assert journal.waiting(connection, in_use) == 0
    assert journal.waiting(connection, "other") == 3  # it has no index yet
    other = write(lambda c: journal.ensure_index(c, 1, "other", 8))
    assert (journal.waiting(connection, "other"), journal.queued(connection, other)) == (3, 3)
    assert kept.bench.vectors.index_id(1) == kept.index_id
    kept.put("d")  # goes to both
    assert (journal.waiting(connection, "other"), journal.waiting(connection, in_use)) == (4, 1)
    assert kept.bench.embed() == 1  # the one in use does not care for the other
    assert journal.queued(connection, other) == 4

    assert write(lambda c: journal.drop_indexes(c, (in_use, "other"))) == 0
    assert write(lambda c: journal.drop_indexes_of(c, ("other",))) == 1
    assert not connection.execute(
        "SELECT 1 FROM vector_queue UNION SELECT 1 FROM vector_indexes WHERE id = 2"
    ).fetchall()
    assert journal.work_for(connection, in_use) == (4, 4, 4)
    write(lambda c: journal.ensure_index(c, 1, "other", 8))
    assert write(lambda c: journal.drop_indexes(c, ("other",), library_id=1)) == 1
    assert kept.bench.vectors.index_id(1) is None
    assert journal.work_for(connection, in_use) == (4, 4, 4)  # embeddings stay


def test_a_sample_of_passages(kept: Kept) -> None:
    texts = {text for _, text in journal.sample(kept.connection, 9)}
    assert texts == {"text of a", "text of b", "text of c"}
    assert len(journal.sample(kept.connection, 2)) == 2


def test_an_index_that_was_replaced_is_searched_as_it_was(kept: Kept) -> None:
    before = kept.bench.vectors.current(1)
    kept.bench.database.write(lambda c: journal.drop_indexes(c, ("other",)))
    assert kept.bench.vectors.current(1) is before
    kept.bench.vectors.forget_gone()
    assert kept.bench.vectors.current(1) is None
