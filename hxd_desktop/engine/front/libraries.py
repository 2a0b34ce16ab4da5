"""Libraries and their folders: added, indexed, followed, looked through, removed."""

from __future__ import annotations

import contextlib
import dataclasses
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import HxdError, WatchError
from hxd_desktop.engine.events import LibrariesChanged
from hxd_desktop.engine.front.parts import Parts
from hxd_desktop.engine.library import catalog, coverage, documents, purging, relocating, renaming
from hxd_desktop.engine.library.coverage import Order
from hxd_desktop.engine.library.database import translated
from hxd_desktop.engine.library.model import (
    DocumentInfo,
    FolderInfo,
    IndexReport,
    LibraryInfo,
)

if TYPE_CHECKING:
    from hxd_desktop.engine.documents.ocr.model import Place
    from hxd_desktop.engine.viewing import Viewer


class Libraries(Parts):
    """The front door's side of libraries, folders and documents."""

    def libraries(self) -> list[LibraryInfo]:
        """Return every library with its folders and counts."""
        with translated(self._database.path):
            found = catalog.libraries(self._database.reader)
        service = self._indexing_parts.service if self._indexing_parts is not None else None
        return [dataclasses.replace(info, indexing=service is not None and service.busy(info.name)) for info in found]

    def create_library(self, name: str) -> LibraryInfo:
        """Make an empty library; one that exists is returned."""
        self._database.write(lambda connection: catalog.ensure_library(connection, name))
        self.events.publish(LibrariesChanged())
        return next(info for info in self.libraries() if info.name == name)

    def rename_library(self, name: str, new_name: str) -> None:
        """Give a library another name; conversations and evaluations that name it go on to lead to it."""
        self._database.write(lambda connection: renaming.rename_library(connection, name, new_name))
        self.events.publish(LibrariesChanged())

    def remove_library(self, name: str) -> None:
        """Remove a library with all that it knows, so that no byte of it stays; the user's files are not touched."""
        self._database.write(lambda connection: catalog.remove_library(connection, name))
        self._folders_changed()
        purging.purge(self._database)
        self._save_vectors()

    def add_folder(self, path: Path | str, library: str = "default", *, ocr: bool | None = None) -> FolderInfo:
        """Add a folder (or single file) to a library, made if new.

        `ocr`: whether its scans are read; None leaves it as it is (yes for a new one). Where folders are followed it is
        indexed at once in the background; otherwise by `index`.

        Raises:
            WatchError: there is nothing at `path`.
        """
        absolute = Path(path).expanduser().resolve()
        if not absolute.exists():
            raise WatchError(
                "The folder does not exist", f"There is nothing at {absolute}.", "Check its name.", absolute
            )
        if not (absolute.is_dir() or absolute.is_file()):
            raise WatchError(
                "It is no folder", f"{absolute} is a device, a pipe or a socket.", "Name a folder or a file.", absolute
            )
        folder = self._database.write(lambda connection: catalog.add_folder(connection, library, absolute, ocr))
        self._folders_changed()
        return folder

    def remove_folder(self, folder_id: int) -> None:
        """Remove a folder from its library with its documents, so that no byte of them stays."""
        self._database.write(lambda connection: catalog.remove_folder(connection, folder_id))
        self._folders_changed()
        purging.purge(self._database)
        self._save_vectors()

    def point_folder(self, folder_id: int, path: Path | str) -> None:
        """Let a folder that is not where it was be at `path` from now on; what is the same there is not read again.

        Raises:
            WatchError: there is nothing at `path`, a file where a folder was or the reverse, or the library has it.
        """
        absolute = Path(path).expanduser().resolve()
        folder = next((f for info in self.libraries() for f in info.folders if f.id == folder_id), None)
        if folder is not None and not (absolute.is_file() if folder.is_file else absolute.is_dir()):
            raise WatchError(
                "It cannot be there",
                f"There is no {'file' if folder.is_file else 'folder'} at {absolute}.",
                "Choose where it is now.",
                absolute,
            )
        self._database.write(lambda connection: relocating.point_folder(connection, folder_id, absolute))
        self._folders_changed()

    def set_ignore(self, folder_id: int, patterns: Sequence[str]) -> None:
        """Leave out what gitignore-style patterns match below a folder, on top of those of the settings.

        Raises:
            SettingsError: a pattern is not valid.
        """
        self._database.write(lambda connection: catalog.set_ignore(connection, folder_id, patterns))
        self._folders_changed()

    def held_by(self, folder_id: int) -> tuple[int, int]:
        """Return how many documents and passages of a folder are indexed: what removing it costs."""
        with translated(self._database.path):
            return catalog.held_by(self._database.reader, folder_id)

    def documents(self, library: str, *, state: DocumentState | None = None) -> list[DocumentInfo]:
        """Return every file of a library with its state, ordered by path."""
        with translated(self._database.path):
            return documents.list_documents(self._database.reader, library, state)

    def document_ids(
        self,
        library: str,
        *,
        state: DocumentState | None = None,
        text: str = "",
        order: Order = Order.PATH,
        descending: bool = False,
    ) -> array[int]:
        """Return the ids of a library's files in order: all, those of one state, those whose path or reason holds text.

        With `documents_by_id` a table of any size is read in pieces.
        """
        with translated(self._database.path):
            return coverage.document_ids(
                self._database.reader, library, state=state, text=text, order=order, descending=descending
            )

    def documents_by_id(self, library: str, ids: Sequence[int]) -> dict[int, DocumentInfo]:
        """Return files of a library by their ids; those that are gone are left out."""
        with translated(self._database.path):
            return coverage.documents_by_id(self._database.reader, library, ids)

    def document_text(self, library: str, path: str) -> str:
        """Return a document's extracted text, which all offsets refer to."""
        with translated(self._database.path):
            return documents.document_text(self._database.reader, library, path)

    def places(self, library: str, path: str, start: int, end: int) -> list[Place]:
        """Return where characters `start` to `end` stand on pages read by OCR: page, box in shares of the page."""
        with translated(self._database.path):
            return documents.places(self._database.reader, library, path, start, end)

    @property
    def viewer(self) -> Viewer:
        """Documents to be looked at, with passages marked."""
        with self._parts:
            if self._viewer is None:
                from hxd_desktop.engine.viewing import Viewer

                self._viewer = Viewer(self._database, self.settings.index)
            return self._viewer

    def retry(self, library: str, paths: Sequence[str] | None = None) -> None:
        """Read failed (or the given) files again, in the background."""
        self._database.write(lambda connection: documents.mark_for_retry(connection, library, paths))
        self._indexing.service.update(library)

    def reindex(self, library: str) -> None:
        """Read every file of a library again, in the background; what is found now serves until then."""
        self._database.write(lambda connection: documents.mark_all(connection, library))
        self._indexing.service.update(library)

    def index(
        self, library: str = "default", *, cancel: CancelToken | None = None, vectors: bool = True
    ) -> IndexReport:
        """Bring a library up to date with its folders and wait for it; resumes what an earlier run left.

        Raises:
            Cancelled: `cancel` was used; what was stored stays.
        """
        from hxd_desktop.engine.library.updating import update_library

        self.resume(library)
        return update_library(self._database, self._indexing.service, library, cancel or CancelToken(), vectors=vectors)

    def start_watching(self) -> None:
        """Scan all folders in the background, then follow their changes until `close`; returns at once."""
        self._indexing.watch()

    def pause(self, library: str) -> None:
        """Leave a library as it is until `resume`; the batch under way is finished."""
        self._set_paused(library, paused=True)
        self._indexing.service.pause(library)

    def resume(self, library: str) -> None:
        """Go on indexing a library that was paused."""
        self._set_paused(library, paused=False)
        self._indexing.service.wake()

    def _set_paused(self, library: str, *, paused: bool) -> None:
        self._database.write(lambda connection: catalog.set_paused(connection, library, paused))
        self.events.publish(LibrariesChanged())

    def _save_vectors(self) -> None:
        """Let no embedding and no index hold what was removed; where that fails, it is done at the next indexing."""
        from hxd_desktop.engine.library import journal

        with contextlib.suppress(HxdError):
            self._database.write(journal.forget_orphans)
            for library in self.libraries():
                if self._vectors.unsaved(library.id):
                    self._vectors.save(library.id)
            self._vectors.forget_gone()
            self._database.forget()

    def _folders_changed(self) -> None:
        if self._indexing_parts is not None:
            self._indexing_parts.folders_changed()
        self.events.publish(LibrariesChanged())
