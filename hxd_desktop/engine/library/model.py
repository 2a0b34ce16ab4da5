"""What the library says of itself: libraries, folders, documents, runs, conversations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hxd_desktop.engine.documents.model import DocumentState


class FolderState(StrEnum):
    """How a folder stands with the disk."""

    ONLINE = "online"
    POLLING = "polling"  # reachable, but the system's watcher is not available for it
    OFFLINE = "offline"  # missing or unmounted; its index is kept


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """A watched folder, or a single watched file, of one library. `path` is absolute.

    `ocr`: its scans are read. `ignore`: gitignore-style patterns of this folder, on top of those of the settings.
    """

    id: int
    library: str
    path: str
    state: FolderState
    is_file: bool = False
    detail: str = ""
    ocr: bool = True
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryInfo:
    """A library and its counts; every file seen is in exactly one state of `counts`.

    `chunks`: searchable by words. `vectors_pending`: chunks whose vector is still to come.
    `bytes`: size of the files that are indexed.
    """

    id: int
    name: str
    folders: tuple[FolderInfo, ...]
    counts: dict[DocumentState, int]
    chunks: int
    vectors_pending: int
    bytes: int
    indexing: bool = False
    paused: bool = False

    @property
    def documents(self) -> int:
        """Number of documents that are indexed."""
        return self.counts.get(DocumentState.INDEXED, 0)


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One row of the coverage table.

    `path`: absolute. `modified`, `indexed_at`: seconds since the epoch (None: never). `files`: 1, or for a pruned
    folder the number of files in it. `ocr_engine`: what read its scanned pages (or could not), `ocr_confidence`: with
    what mean confidence, 0 to 1, None where nothing was read.
    """

    id: int
    library: str
    path: str
    state: DocumentState
    reason: str | None
    size_bytes: int
    modified: float
    chunks: int
    chars: int
    type: str
    parser: str | None
    language: str | None
    title: str | None
    parse_ms: float | None
    indexed_at: float | None
    files: int = 1
    ocr_engine: str | None = None
    ocr_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """What the indexed documents of some libraries are, the most frequent first: (value, number of documents)."""

    types: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one run of indexing did, and what holds after it.

    `documents`: keys indexed, removed (this run's), unchanged, empty, failed, skipped, needs_ocr (what holds now).
    `seconds_words`: until everything was searchable by words; `seconds`: until the last vector.
    `bytes`: read in this run. `failures`: {"path", "reason"} of every failed file.
    """

    library: str
    documents: dict[str, int]
    chunks: int
    seconds: float
    seconds_words: float
    bytes: int
    failures: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat; times are seconds since the epoch."""

    id: int
    title: str
    created_at: float
    updated_at: float
    libraries: tuple[str, ...] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat.

    `role` is "user" or "assistant". `parent_id`: the message that it follows, None at the start. `siblings`: ids of
    all messages that follow the same one, this one's too, oldest first: each is the start of a branch.
    `record` is the answer object of the command line, None for the user's; where messages were asked for unread,
    `record_json` holds it as it is kept instead.
    """

    id: int
    conversation_id: int
    role: str
    text: str
    created_at: float
    record: dict[str, Any] | None = None
    parent_id: int | None = None
    siblings: tuple[int, ...] = ()
    record_json: str | None = None


@dataclass(frozen=True, slots=True)
class MessageHit:
    """A message that a search found; `marks`: half-open offsets into `snippet` of what matched."""

    conversation_id: int
    message_id: int
    role: str
    title: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    created_at: float


@dataclass(frozen=True, slots=True)
class Example:
    """A good or bad question of a library.

    `source`: "typed", "imported", "chat", or "wrong_source": from a chat in which a wrong source was named.
    """

    id: int
    library: str
    question: str
    answerable: bool
    source: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report; `remedy` is empty where `ok`."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """What `doctor --repair` did about one thing."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Status:
    """Everything `hxd status` shows.

    `models`: {"embedder", "reranker", "generator", "device"}. `ocr`: {"engine", "version"} of what reads scans.
    `updates`: whether newer versions are looked for.
    """

    version: str
    data_dir: str
    libraries: tuple[LibraryInfo, ...]
    models: dict[str, str | None]
    device: dict[str, Any]
    writer_pid: int | None = None
    ocr: dict[str, str] | None = None
    updates: bool = False
    notices: tuple[str, ...] = field(default_factory=tuple)
