"""Looking at what an opened data directory holds."""

from __future__ import annotations

from pathlib import Path

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.settings import IndexSettings, Settings

QUICK = Settings(index=IndexSettings(workers=1, poll_seconds=0.3))


def found(assistant: Assistant, query: str, *libraries: str) -> list[str]:
    """Return the names of the documents that hold words of the query, best first."""
    sources = assistant.search(query, libraries or ("default",), limit=5)
    return [Path(source.document).name for source in sources if source.scores["coverage"] > 0]


def best(assistant: Assistant, query: str) -> str | None:
    names = found(assistant, query)
    return names[0] if names else None


def paths(assistant: Assistant, library: str = "default") -> set[str]:
    return {d.path for d in assistant.documents(library, state=DocumentState.INDEXED)}
