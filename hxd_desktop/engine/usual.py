"""What the gate's signals usually are when a library answers: what one answer is seen beside."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping

from hxd_desktop.engine.answering.model import Answer, Outcome
from hxd_desktop.engine.library.database import Database, translated

_REMEMBERED = 100  # answers a library
_LOOKED_THROUGH = 300  # of the latest kept messages
_FEWEST = 8  # answers from which something is usual


class UsualSignals:
    """Remembers the signals of the latest answers of each library; any thread may call any method."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._seen: dict[str, deque[Mapping[str, float]]] | None = None

    def of(self, library: str) -> dict[str, float]:
        """Return the median of each signal over the latest answers; empty where there are too few."""
        with self._lock:
            seen = list(self._remembered().get(library, ()))
        if len(seen) < _FEWEST:
            return {}
        import numpy as np

        names = list(dict.fromkeys(name for signals in seen for name in signals))
        medians = np.median([[signals.get(name, 0.0) for name in names] for signals in seen], axis=0)
        return {name: round(float(median), 4) for name, median in zip(names, medians, strict=True)}

    def note(self, answer: Answer) -> None:
        """Write into an answer's record what is usual, then remember it where it is one."""
        library = answer.refusal.library
        if library is None or not answer.refusal.signals:
            return
        usual = self.of(library)
        for stage in answer.trace:
            if stage.stage == "gate" and usual:
                stage.detail["usual"] = usual
        if answer.outcome is Outcome.ANSWERED:
            with self._lock:
                self._of(self._remembered(), library).append(answer.refusal.signals)

    def _remembered(self) -> dict[str, deque[Mapping[str, float]]]:
        if self._seen is None:
            seen: dict[str, deque[Mapping[str, float]]] = {}
            with translated(self._database.path):
                rows = self._database.reader.execute(
                    "SELECT record FROM messages WHERE record IS NOT NULL ORDER BY id DESC LIMIT ?", (_LOOKED_THROUGH,)
                ).fetchall()
            for (record,) in reversed(rows):
                kept = json.loads(record)
                refusal = kept.get("refusal") or {}
                library = _library(kept)
                if kept.get("outcome") == Outcome.ANSWERED and refusal.get("signals") and library:
                    self._of(seen, library).append(refusal["signals"])
            self._seen = seen
        return self._seen

    @staticmethod
    def _of(seen: dict[str, deque[Mapping[str, float]]], library: str) -> deque[Mapping[str, float]]:
        return seen.setdefault(library, deque(maxlen=_REMEMBERED))


def _library(record: Mapping[str, object]) -> str | None:
    """The library whose gate decided, as the trace of a kept record names it."""
    trace = record.get("trace")
    stages = trace if isinstance(trace, list) else []
    detail = next((stage.get("detail") or {} for stage in stages if stage.get("stage") == "gate"), {})
    name = detail.get("library")
    return name if isinstance(name, str) else None
