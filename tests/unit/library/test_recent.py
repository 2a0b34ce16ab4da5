from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hxd_desktop.engine.documents.keys import embedding_text
from hxd_desktop.engine.events import EventBus
from hxd_desktop.engine.library import recent
from hxd_desktop.engine.library.embedding import VectorFiller
from hxd_desktop.engine.library.embeddings import encode
from hxd_desktop.engine.library.indexing import FolderIndexer
from hxd_desktop.engine.library.recent import RecentTerms
from hxd_desktop.engine.models.hashed import HashedEmbedder
from tests.support.library import Workbench

INDEXED = {"state": "indexed", "keys": [b"1", b"2"], "terms": ["one two", "three"]}


def test_terms_are_given_once() -> None:
    terms = RecentTerms()
    terms.keep(INDEXED)
    assert (terms.take(b"2"), terms.take(b"2"), terms.take(b"1")) == ("three", None, "one two")


def test_files_without_passages_are_passed_over() -> None:
    terms = RecentTerms()
    terms.keep({"state": "unchanged"})
    terms.keep({"state": "empty", "keys": [], "terms": []})
    assert terms.take(b"1") is None


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_MAX_CHARS", 10)
    terms = RecentTerms()
    terms.keep(INDEXED)
    terms.keep({"state": "indexed", "keys": [b"3"], "terms": ["four"]})
    assert terms.take(b"3") is None
    assert terms.take(b"1") == "one two"
    terms.keep({"state": "indexed", "keys": [b"3"], "terms": ["four"]})
    assert terms.take(b"3") == "four"
    terms.clear()
    assert terms.take(b"2") is None


class TermsEmbedder(HashedEmbedder):
    """Remembers what terms it was given."""

    def __init__(self) -> None:
        super().__init__(32)
        self.given: list[str] = []

    def embed_terms(self, terms: Sequence[str]) -> NDArray[np.float32]:
        self.given += terms
        return super().embed_terms(terms)


def test_what_was_just_read_is_embedded_from_its_terms_to_the_same_vectors(tmp_path: Path) -> None:
    bench = Workbench(tmp_path / "data")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.md").write_text("# 拒答门槛 ①\n\nThe oﬃce throttle rejectThrottle.\n\n## Two\n\nMore.", "utf-8")
    (folder / "b.txt").write_text("No heading here.", "utf-8")
    terms, embedder = RecentTerms(), TermsEmbedder()
    bench.vectors.embedder = embedder.id
    filler = VectorFiller(bench.database, bench.vectors, embedder, EventBus(), terms)
    bench.indexer = FolderIndexer(bench.database, bench.pool, bench.settings, (), terms)  # type: ignore[arg-type]
    bench.add(folder)
    bench.scan()
    kept = dict(terms._terms)
    assert len(kept) > 0
    while filler.step():
        continue
    filler.close()
    assert not terms._terms
    assert any(given.endswith(known) for given in embedder.given for known in kept.values())
    bench.assert_consistent()
    rows = bench.database.reader.execute(
        "SELECT c.heading, c.text, e.vector FROM chunks c JOIN embeddings e USING (key)"
    ).fetchall()
    again = embedder.embed_passages([embedding_text(heading, text) for heading, text, _ in rows])
    assert [row[2] for row in rows] == encode(again, compact=True)
    bench.close()
