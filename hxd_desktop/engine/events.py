"""What the engine tells whoever listens.

Events are frozen values published on the thread where they arise. A listener returns at once:
the window's bridge turns them into Qt signals, the command line into lines on standard error.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hxd_desktop.engine.errors import HxdError

log = logging.getLogger(__name__)


class Phase(StrEnum):
    """What indexing is doing."""

    SCANNING = "scanning"
    WORDS = "words"  # parsing files and filling the full-text index
    VECTORS = "vectors"  # embedding chunks that are already searchable by words
    SCANS = "scans"  # text read off pages that are pictures
    IDLE = "idle"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far indexing of one library is; sent at most about ten times a second.

    `bytes_done` of `bytes_total` is what the rate and the time left are made from.
    In the VECTORS phase `chunks_done` of `chunks_total` counts instead, in the SCANS phase `pages_done` of
    `pages_total` of the file `current`.
    `seconds_left` is None while nothing sensible can be said.
    """

    library: str
    phase: Phase
    files_done: int = 0
    files_total: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    chunks_done: int = 0
    chunks_total: int = 0
    rate_bytes_per_s: float = 0.0
    seconds_left: float | None = None
    current: str | None = None
    pages_done: int = 0
    pages_total: int = 0


@dataclass(frozen=True, slots=True)
class DocumentsChanged:
    """Documents of a library were added, replaced, moved or removed (already committed).

    `paths` is empty where very many changed at once.
    """

    library: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LibrariesChanged:
    """A library or folder was added, renamed, removed, or a folder went offline or came back."""


@dataclass(frozen=True, slots=True)
class ExamplesChanged:
    """A library's examples or its calibration changed."""

    library: str


@dataclass(frozen=True, slots=True)
class ModelsChanged:
    """A model was imported, removed, chosen, loaded or unloaded."""


@dataclass(frozen=True, slots=True)
class ModelProgress:
    """How far long work on a model is; at most ten a second while it runs, then one that says how it ended.

    `job`: "download" or "import", counted in bytes, or "use": the index of another embedder that is made beside the one
    in use, counted in chunks. `state`: "running", then "done", "cancelled" or "failed", `error` saying why.
    `per_second` is 0 and `seconds_left` None while nothing sensible can be said. `source`: the host of a download.
    """

    model: str
    job: str
    state: str
    done: int = 0
    total: int = 0
    per_second: float = 0.0
    seconds_left: float | None = None
    source: str = ""
    error: HxdError | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know but need not act on at once (polling instead of watching, say)."""

    title: str
    message: str
    remedy: str = ""


Event = IndexProgress | DocumentsChanged | LibrariesChanged | ExamplesChanged | ModelsChanged | ModelProgress | Notice
Listener = Callable[[Event], None]


class EventBus:
    """Hands each published event to every listener; any thread may call any method."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for every later event; return a function that ends that."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Hand `event` to each listener; one that raises is logged and does not stop the others."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                log.exception("an event listener failed on %s", type(event).__name__)
