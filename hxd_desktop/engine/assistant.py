"""The front door: open a data directory, add folders, ask, search, calibrate, evaluate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.answering.model import Answer, Filters, Source
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.events import EventBus
from hxd_desktop.engine.library.model import (
    Check,
    Conversation,
    DocumentInfo,
    Example,
    FolderInfo,
    IndexReport,
    LibraryInfo,
    Message,
    Status,
)
from hxd_desktop.engine.settings import Settings

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.calibration import Calibration

OnStage = Callable[[str], None]
OnText = Callable[[str], None]


class Assistant:
    """The engine of one data directory. Methods may be called from any thread unless they say otherwise.

    `writable=False` opens for reading only, beside a running copy. A writable one holds the writer lock.
    """

    events: EventBus
    settings: Settings

    @classmethod
    def open(cls, data_dir: Path | str | None = None, *, writable: bool = True) -> Assistant:
        """Open (or make) a data directory.

        Raises:
            StorageError: another copy holds the writer lock (its process id is named), the schema is newer than
                this version, or the directory cannot be used.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Stop watching, indexing and models, join every thread; a second call does nothing."""

    # -- libraries and folders ------------------------------------------------------------------
    def libraries(self) -> list[LibraryInfo]: ...
    def create_library(self, name: str) -> LibraryInfo: ...
    def rename_library(self, name: str, new_name: str) -> None: ...
    def remove_library(self, name: str) -> None: ...
    def add_folder(self, path: Path | str, library: str = "default") -> FolderInfo:
        """Add a folder (or single file) to a library, made if new; indexing is started if watching, else `index` does it."""
    def remove_folder(self, folder_id: int) -> None: ...
    def documents(self, library: str, *, state: DocumentState | None = None) -> list[DocumentInfo]: ...
    def document_text(self, library: str, path: str) -> str: ...
    def retry(self, library: str, paths: Sequence[str] | None = None) -> None:
        """Read failed (or the given) files again."""
    def index(self, library: str = "default", *, cancel: CancelToken | None = None, vectors: bool = True) -> IndexReport:
        """Bring a library up to date with its folders and wait for it; resumes what an earlier run left."""
    def start_watching(self) -> None:
        """Scan all folders in the background, then follow their changes until `close`; returns at once."""
    def pause(self, library: str) -> None: ...
    def resume(self, library: str) -> None: ...

    # -- asking -----------------------------------------------------------------------------------
    def ask(
        self, question: str, libraries: Sequence[str] = ("default",), *, top_k: int | None = None, filters: Filters | None = None,
        history: Sequence[tuple[str, str]] = (), on_stage: OnStage | None = None, on_text: OnText | None = None,
        cancel: CancelToken | None = None, conversation: int | None = None, force: bool = False,
    ) -> Answer:
        """Take one question through the whole pipeline (blocking; call it off the UI thread).

        `history`: (question, answer) pairs, oldest first. `on_stage`: called with each stage's name before it runs.
        `on_text`: pieces of the answer as they come. `conversation`: keep question and answer there.
        `force`: the gate still scores but does not refuse ("answer this once").
        A failure of a stage is an `Answer` with outcome FAILED, never a refusal.
        """
        raise NotImplementedError
    def search(self, query: str, libraries: Sequence[str] = ("default",), *, limit: int = 10, filters: Filters | None = None) -> list[Source]: ...

    # -- examples, calibration, evaluation --------------------------------------------------------
    def examples(self, library: str = "default") -> list[Example]: ...
    def add_example(self, question: str, answerable: bool, library: str = "default", source: str = "typed") -> Example: ...
    def import_examples(self, file: Path | str, library: str = "default", answerable: bool | None = None) -> list[Example]: ...
    def remove_example(self, example_id: int) -> None: ...
    def calibrate(self, library: str = "default", *, threshold: float | None = None, reset: bool = False) -> Calibration: ...
    def evaluate_refusal(self, questions: Path | str, library: str = "default", *, calibrate: Path | str | None = None) -> dict[str, Any]: ...
    def evaluate_qa(self, questions: Path | str, library: str = "default", *, passages: str | None = None) -> dict[str, Any]: ...

    # -- models -------------------------------------------------------------------------------------
    def models(self) -> list[dict[str, Any]]: ...
    def import_model(self, path: Path | str) -> dict[str, Any]: ...
    def remove_model(self, model_id: str) -> None: ...
    def use_model(self, model_id: str) -> None: ...

    # -- conversations ------------------------------------------------------------------------------
    def conversations(self) -> list[Conversation]: ...
    def create_conversation(self, title: str = "", libraries: Sequence[str] = ("default",)) -> Conversation: ...
    def rename_conversation(self, conversation_id: int, title: str) -> None: ...
    def delete_conversation(self, conversation_id: int) -> None: ...
    def messages(self, conversation_id: int) -> list[Message]: ...

    # -- the rest -----------------------------------------------------------------------------------
    def update_settings(self, settings: Settings) -> None: ...
    def status(self) -> Status: ...
    def check(self, *, compare: bool = False) -> list[Check]:
        """Check machine, data directory and models; with `compare`, SQLite, full text and vectors against each other."""
