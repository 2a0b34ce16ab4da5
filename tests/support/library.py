"""A library on a real disk, with SQLite and USearch, put together without threads or processes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.keys import embedding_key, heading_terms
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.parse import content_hash, parse_file
from hxd_desktop.engine.events import Event, EventBus
from hxd_desktop.engine.library import catalog, documents
from hxd_desktop.engine.library.checks import check_consistency
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.library.embedding import VectorFiller
from hxd_desktop.engine.library.indexing import FolderIndexer, FolderRun
from hxd_desktop.engine.library.model import Check, DocumentInfo, FolderInfo
from hxd_desktop.engine.library.parsing import ParseJob
from hxd_desktop.engine.library.reader import LibraryReader
from hxd_desktop.engine.library.store import ParsedFile
from hxd_desktop.engine.library.vectorstore import VectorStore
from hxd_desktop.engine.models.hashed import HashedEmbedder
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings
from hxd_desktop.engine.text.words import index_terms, query_terms

PATIENCE_S = 30.0
LONG_AGO = 1_600_000_000


def wait_for(true: Callable[[], object], what: str = "", seconds: float = PATIENCE_S) -> None:
    """Look until `true()`, or fail."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"it never came to pass: {what}"
        threading.Event().wait(0.01)


class CountingEmbedder(HashedEmbedder):
    """The built-in embedder; remembers what it embedded, and fails when told to."""

    def __init__(self, dim: int = 32) -> None:
        super().__init__(dim)
        self.texts: list[str] = []
        self.failure: Exception | None = None

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.failure is not None:
            raise self.failure
        self.texts += texts
        return HashedEmbedder.embed_terms(self, [index_terms(text) for text in texts])

    def embed_terms(self, terms: Sequence[str]) -> NDArray[np.float32]:
        if self.failure is not None:
            raise self.failure
        self.texts += terms
        return super().embed_terms(terms)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return HashedEmbedder.embed_terms(self, [index_terms(text)])[0]


class DirectPool:
    """Stands in for `ParserPool`: reads files in this process; remembers which, and fails or waits when told to."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.read: list[str] = []
        self.before: Callable[[ParseJob], dict[str, Any] | None] = lambda job: None

    def parse(
        self, jobs: Sequence[ParseJob], cancel: CancelToken, while_waiting: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[ParseJob, dict[str, Any]]]:
        for job in jobs:
            cancel.check()
            self.read.append(job.path)
            reply = self.before(job) or parse_file(
                job.path,
                self.settings.chunks,
                max_bytes=self.settings.index.max_file_bytes,
                known_hash=job.known_hash,
            )
            cancel.check()
            yield job, reply

    def warm(self, count: int = 1) -> None:
        """Nothing is to be started."""

    def close(self) -> None:
        """Nothing is held."""


class Workbench:
    """One data directory with everything that indexes and reads it, driven step by step.

    Attributes:
        pool, embedder: Stand-ins that say what was read and embedded.
        events: All that were published.
    """

    def __init__(
        self, root: Path, *, settings: Settings | None = None, embedder: CountingEmbedder | None = None
    ) -> None:
        self.settings = settings or Settings()
        self.directory = DataDirectory(root)
        self.directory.create()
        self.database = Database(self.directory.database)
        self.database.write(catalog.prepare)
        self.embedder = embedder or CountingEmbedder()
        self.bus = EventBus()
        self.events: list[Event] = []
        self.bus.subscribe(self.events.append)
        self.vectors = VectorStore(self.database, self.directory.vectors, self.embedder.id, self.embedder.dim)
        self.pool = DirectPool(self.settings)
        self.indexer = FolderIndexer(self.database, self.pool, self.settings, (self.directory.root,))  # type: ignore[arg-type]
        self.filler = VectorFiller(self.database, self.vectors, self.embedder, self.bus)

    def reopened(self, **changes: Any) -> Workbench:
        """End without saving anything, as a crash does, and open the data directory anew."""
        self.close()
        return Workbench(self.directory.root, **{"settings": self.settings, **changes})

    def close(self) -> None:
        self.filler.close()
        self.database.close()

    def add(self, path: Path, library: str = "default") -> FolderInfo:
        return self.database.write(lambda c: catalog.add_folder(c, library, path))

    def folder(self, folder_id: int) -> FolderInfo:
        return next(f for f in catalog.folders(self.database.reader) if f.id == folder_id)

    def scan(self, library: str = "default", below: Iterable[Path] | None = None) -> list[FolderRun]:
        """Bring a library's folders up to date by words."""
        parts = None if below is None else [str(path) for path in below]
        return [
            self.indexer.update(folder, CancelToken(), lambda run, current: None, parts)
            for folder in catalog.folders(self.database.reader, library)
        ]

    def embed(self, steps: int | None = None) -> int:
        """Embed all that is queued, or only so many batches; return how many passages the embedder was given."""
        before = len(self.embedder.texts)
        done = 0
        while (steps is None or done < steps) and self.filler.step():
            done += 1
        return len(self.embedder.texts) - before

    def index(self, library: str = "default") -> None:
        self.scan(library)
        self.embed()

    def reader(self, library: str = "default") -> LibraryReader:
        found = catalog.library_id(self.database.reader, library)
        return LibraryReader(self.database, found, library, self.vectors)

    def documents(self, library: str = "default", state: DocumentState | None = None) -> dict[str, DocumentInfo]:
        return {d.path: d for d in documents.list_documents(self.database.reader, library, state)}

    def text(self, path: Path | str, library: str = "default") -> str:
        return documents.document_text(self.database.reader, library, str(path))

    def found(self, query: str, library: str = "default") -> set[str]:
        """Return the names of the documents that words find."""
        reader = self.reader(library)
        ids = [chunk_id for chunk_id, _ in reader.search_words(query_terms(query), 1000)]
        return {Path(chunk.path).name for chunk in reader.chunks(ids).values()}

    def near(self, query: str, library: str = "default", limit: int = 5) -> list[str]:
        """Return the names of the documents that vectors find, best first."""
        reader = self.reader(library)
        ids = [chunk_id for chunk_id, _ in reader.search_vectors(self.embedder.embed_query(query), limit)]
        chunks = reader.chunks(ids)
        return [Path(chunks[i].path).name for i in ids]

    def chunk_ids(self, path: Path | str) -> list[int]:
        rows = self.database.reader.execute(
            "SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document_id WHERE d.path = ? ORDER BY c.ordinal",
            (str(path),),
        )
        return [row[0] for row in rows]

    def one(self, sql: str, *values: object) -> Any:
        """Return the first value of a query."""
        return self.database.reader.execute(sql, values).fetchone()[0]

    def checks(self) -> list[Check]:
        return check_consistency(self.database, self.vectors)

    def assert_consistent(self) -> None:
        bad = [check for check in self.checks() if not check.ok]
        assert not bad, bad


def parsed(path: str, *pieces: tuple[str, str] | str, title: str | None = None, **more: Any) -> ParsedFile:
    """Return a parsed file whose chunks are `pieces`: texts, or (heading, text)."""
    pairs = [("", piece) if isinstance(piece, str) else piece for piece in pieces]
    text = "".join(piece for _, piece in pairs)
    chunks: list[tuple[int, int, int | None, str]] = []
    for heading, piece in pairs:
        start = chunks[-1][1] if chunks else 0
        chunks.append((start, start + len(piece), None, heading))
    values: dict[str, Any] = {
        "state": DocumentState.INDEXED,
        "size_bytes": len(text.encode()),
        "mtime_ns": 1_700_000_000_000_000_000,
        "content_hash": content_hash(text.encode()),
        "fingerprint": "f",
        "type": "text",
        "parser": "text",
        "title": title,
        "language": "en",
        "text": text,
        "chunks": chunks,
        "terms": [index_terms(piece) for _, piece in pairs],
        "surroundings": [heading_terms(title, heading, path) for heading, _ in pairs],
        "keys": [embedding_key(heading, piece) for heading, piece in pairs],
    }
    return ParsedFile(path, **{**values, **more})


def write(path: Path, text: str, age: float = LONG_AGO) -> Path:
    """Write a file that is old enough for its time to be trusted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (age, age))
    return path


def names(bench: Workbench, state: DocumentState | None = None, library: str = "default") -> set[str]:
    """Return the names of a library's documents, of those in `state` where one is given."""
    return {Path(path).name for path in bench.documents(library, state)}
