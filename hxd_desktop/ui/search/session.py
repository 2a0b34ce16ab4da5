"""What is searched for, and what was found: the latest wish counts, an older one is stopped."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from hxd_desktop.engine.answering.model import Filters, Source
from hxd_desktop.engine.library.model import Facets
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.evidence.reading import SourceReading, readings_of
from hxd_desktop.ui.matching import matched_spans
from hxd_desktop.ui.problems import Problem

EVERYTHING = Filters()
PAGE = 10  # passages at a time
MOST = 50
_PAUSE_MS = 180  # of typing, after which a search begins


@dataclass(frozen=True, slots=True)
class Wish:
    """A search: `libraries` () is all of them."""

    query: str = ""
    libraries: tuple[str, ...] = ()
    filters: Filters = EVERYTHING
    limit: int = PAGE

    @property
    def narrowed(self) -> bool:
        """Whether a filter leaves something out."""
        return self.filters != EVERYTHING or bool(self.libraries)


@dataclass(frozen=True, slots=True)
class Found:
    """What `wish` brought: passages as they are shown, and where each stands."""

    wish: Wish
    readings: tuple[SourceReading, ...] = ()
    sources: tuple[Source, ...] = ()
    ms: float = 0.0

    @property
    def more(self) -> bool:
        """Whether a higher limit may bring more."""
        return len(self.sources) >= self.wish.limit and self.wish.limit < MOST


class SearchSession(QObject):
    """`wish` is what is wanted now; `found` what was found last; `failed` why nothing was."""

    changed = Signal()
    facets_changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._available: tuple[str, ...] = ()
        self._ticket: int | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.go)
        self.wish = Wish()
        self.found: Found | None = None
        self.failed: Problem | None = None
        self.facets = Facets((), ())
        bridge.libraries.connect(self.know_libraries)

    @property
    def busy(self) -> bool:
        """Whether what is wanted is still to come."""
        return self._ticket is not None or self._pause.isActive()

    def type(self, query: str) -> None:
        """Search for `query` once the typing pauses."""
        self.wish = replace(self.wish, query=query.strip(), limit=PAGE)
        self._pause.start()
        if not self.wish.query:
            self.go()
        self.changed.emit()

    def narrow(self, libraries: Sequence[str], filters: Filters) -> None:
        """Search in other libraries or with other filters, at once."""
        if (tuple(libraries), filters) == (self.wish.libraries, self.wish.filters):
            return
        if tuple(libraries) != self.wish.libraries:
            self.wish = replace(self.wish, libraries=tuple(libraries))
            self._ask_facets()
        self.wish = replace(self.wish, filters=filters, limit=PAGE)
        self.go()

    def more(self) -> None:
        """Search for more passages of the same."""
        self.wish = replace(self.wish, limit=min(MOST, self.wish.limit + PAGE))
        self.go()

    def go(self) -> None:
        """Search now; a search under way is stopped first."""
        self._pause.stop()
        if self._ticket is not None:
            self._bridge.stop(self._ticket)
        elif not self.wish.query:
            self.found = self.failed = None
        else:
            self._begin()
        self.changed.emit()

    def _begin(self) -> None:
        wish = self.wish
        libraries = wish.libraries or self._available or ("default",)
        self._ticket = 0

        def work(assistant: Any, cancel: Any) -> Found:
            began = time.perf_counter()
            sources = assistant.search(wish.query, libraries, limit=wish.limit, filters=wish.filters, cancel=cancel)
            ms = (time.perf_counter() - began) * 1000
            cancel.check()
            return Found(wish, tuple(readings_of(sources, wish.query, matched_spans)), tuple(sources), ms)

        def done(found: Found) -> None:
            self.found, self.failed = found, None
            self._ended(wish)

        def failed(problem: Problem) -> None:
            if wish == self.wish:
                self.failed = problem
            self._ended(wish)

        ticket = self._bridge.start(work, done, failed)
        if self._ticket == 0:  # it has not failed already
            self._ticket = ticket

    def _ended(self, wish: Wish) -> None:
        self._ticket = None
        if wish != self.wish and not self._pause.isActive():
            self.go()
        else:
            self.changed.emit()

    # -- what can be narrowed ---------------------------------------------------------------------------------
    def know_libraries(self, libraries: list) -> None:
        """Know which libraries there are."""
        self._available = tuple(library.name for library in libraries)
        self._ask_facets()

    def _ask_facets(self) -> None:
        libraries = self.wish.libraries or self._available

        def done(facets: Facets) -> None:
            if facets != self.facets:
                self.facets = facets
                self.facets_changed.emit()

        if libraries:
            self._bridge.call(lambda assistant: assistant.facets(libraries), done, lambda _: None)
