"""The open vector indexes of a data directory, one a library, under the embedder in use."""

from __future__ import annotations

import threading
from pathlib import Path

from hxd_desktop.engine.library import journal
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.vectorfile import MAPPED_FROM, count_of, is_sound
from hxd_desktop.engine.library.vectors import VectorIndex

_MANY_CHANGES = 2000
_MUCH_CHANGED = 0.25  # of the index
_FEW_CHANGES = 500


class VectorStore:
    """Opens, keeps and saves vector indexes; any thread may call any method.

    Args:
        database: Where embeddings and the journal are.
        folder: Where indexes are saved.
        embedder: Id of the embedder in use.
        dim: Length of its vectors.
    """

    def __init__(self, database: Database, folder: Path, embedder: str, dim: int) -> None:
        self.embedder = embedder
        self.dim = dim
        self._database = database
        self.folder = folder
        self._open: dict[int, VectorIndex] = {}
        self._rebuilt: set[int] = set()  # not saved since
        self._latest: dict[int, VectorIndex] = {}  # by library
        self._lock = threading.Lock()
        self._saving = threading.Lock()  # one at a time, beside questions

    def index_id(self, library_id: int) -> int | None:
        """Return the id of the library's index, or None where nothing was indexed yet."""
        with translated(self._database.path):
            return journal.find_index(self._database.reader, library_id, self.embedder)

    def current(self, library_id: int) -> VectorIndex | None:
        """Return the library's index, opened if need be and up to date with the database.

        One that another embedder's index has replaced meanwhile is returned as it was last: a question that began
        before ends as it began.
        """
        index_id = self.index_id(library_id)
        if index_id is None:
            return self._latest.get(library_id)
        with self._lock, translated(self._database.path):
            connection = self._database.reader
            index = self._open.get(index_id)
            if index is None or not journal.catch_up(connection, index_id, index):
                index = journal.open_index(connection, index_id, self.dim, self._meta(index_id))
                if index is None:
                    index = journal.rebuild(connection, index_id, self.dim)
                    self._rebuilt.add(index_id)
                self._open[index_id] = index
            self._latest[library_id] = index
        return index

    def save(self, library_id: int) -> None:
        """Save the library's index, and prune the journal up to it; for the writing process.

        Raises:
            StorageError: it cannot be written; the journal stays as it is.
        """
        with self._saving:
            index_id = self.index_id(library_id)
            index = self.current(library_id)
            if index is None or index_id is None:
                return
            if index.worn:
                index = self._rebuild(index_id, library_id)
            with self._lock:  # nothing is added between the change number and what it stands for
                frozen = index.freeze()
            index.save_frozen(frozen, self._meta(index_id))
            with self._lock:
                self._rebuilt.discard(index_id)
            self._database.write(lambda connection: journal.prune(connection, index_id, frozen.seq))

    def _rebuild(self, index_id: int, library_id: int) -> VectorIndex:
        """Build an index anew, beside the one that goes on being searched, and put it in its place."""
        with translated(self._database.path):
            index = journal.rebuild(self._database.reader, index_id, self.dim)
        with self._lock:
            self._open[index_id] = self._latest[library_id] = index
        return index

    def unsaved(self, library_id: int) -> bool:
        """Whether the saved index is missing, is known to be of no use, or lacks changes.

        A large one may lack a few: opening it replays them at once, and writing it anew takes seconds. Looking costs
        next to nothing: a run without changes does not read the index just to leave it as it is. Damage that only its
        checksum shows is found when it is opened.
        """
        index_id = self.index_id(library_id)
        if index_id is None:
            return False
        saved = count_of(self._meta(index_id))
        if saved is None or index_id in self._rebuilt:
            return True
        with translated(self._database.path):
            few = _FEW_CHANGES if saved >= MAPPED_FROM else 0
            return journal.has_more_changes(self._database.reader, index_id, few)

    def overdue(self, library_id: int) -> bool:
        """Whether so much has changed since the index was saved that it is not to wait for a quiet time.

        Until then the journal, what was removed from the index, and embeddings that nothing uses all add up.
        """
        with self._lock:
            index = self._latest.get(library_id)
        index_id = self.index_id(library_id)
        if index is None or index_id is None:
            return False
        most = max(_MANY_CHANGES, int(_MUCH_CHANGED * len(index)))
        with translated(self._database.path):
            return journal.has_more_changes(self._database.reader, index_id, most)

    def is_sound(self, library_id: int) -> bool:
        """Whether the saved index can be opened; reads all of it."""
        index_id = self.index_id(library_id)
        return index_id is None or is_sound(self._meta(index_id))

    def is_damaged(self, library_id: int) -> bool:
        """Whether the saved index is one that is mapped as it is, and not what was written; reads all of it.

        A smaller one is read through whenever it is opened, and built anew where it is damaged.
        """
        index_id = self.index_id(library_id)
        if index_id is None:
            return False
        meta = self._meta(index_id)
        # A second look: another may have been saved between the description and its file.
        return all((count_of(meta) or 0) >= MAPPED_FROM and not is_sound(meta) for _ in range(2))

    def remake(self, library_id: int) -> int:
        """Make the library's index anew from the embeddings and save it; return how many vectors it holds.

        Raises:
            StorageError: it cannot be written.
        """
        index_id = self.index_id(library_id)
        if index_id is None:
            return 0
        with self._saving:
            index = self._rebuild(index_id, library_id)
            with self._lock:
                frozen = index.freeze()
            index.save_frozen(frozen, self._meta(index_id))
            with self._lock:
                self._rebuilt.discard(index_id)
            self._database.write(lambda connection: journal.prune(connection, index_id, frozen.seq))
        return len(index)

    def forget_gone(self) -> None:
        """Drop indexes, open or saved, whose library or embedder is gone; for the writing process."""
        with translated(self._database.path):
            known = {row[0] for row in self._database.reader.execute("SELECT id FROM vector_indexes")}
        with self._lock:
            for index_id in self._open.keys() - known:
                del self._open[index_id]
            self._latest = {key: index for key, index in self._latest.items() if index in self._open.values()}
            self._rebuilt &= known
            for path in self.folder.glob("*-*"):
                number = path.name.partition("-")[0]
                if number.isdecimal() and int(number) not in known:
                    path.unlink(missing_ok=True)

    def _meta(self, index_id: int) -> Path:
        return journal.meta_file(self.folder, index_id, self.embedder)
