"""What a list of changes means to whoever keeps rows by path."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Sequence

from hxd_desktop.engine.library.changes import Change, ChangeKind


def move_rows(changes: Sequence[Change], paths: Iterable[str]) -> tuple[dict[str, str], set[str]]:
    """Apply all MOVEs of `changes` at once to the library's paths.

    Returns:
        New paths by old path of the rows that move, and the rows that are displaced: something else has moved
        onto them. Paths in neither stay as they are.
    """
    moves = {change.path: change.to for change in changes if change.kind is ChangeKind.MOVE}
    targets = frozenset(moves.values())
    renamed: dict[str, str] = {}
    displaced: set[str] = set()
    for path in paths:
        source = _deepest(path, moves)
        new = path if source is None else moves[source] + path[len(source) :]
        target = _deepest(new, targets)
        if target is not None and (source is None or target != moves[source]):
            displaced.add(path)
        elif new != path:
            renamed[path] = new
    return renamed, displaced


def _deepest(path: str, candidates: Container[str]) -> str | None:
    """Return the longest of `candidates` that is `path` or a folder above it."""
    while path not in candidates:
        end = path.rfind(os.sep)
        if end == -1:
            return None
        path = path[:end]
    return path
