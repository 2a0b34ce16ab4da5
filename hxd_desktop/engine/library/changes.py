"""What a burst of file events comes to. Pure: the one place where events are understood.

Events are replayed on a sketch of the tree that holds only what they name: every node knows where it stood before
the burst. What stands elsewhere in the end has moved; what came from nowhere is new. In doubt a path is named to be
checked, and the disk decides.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class EventKind(StrEnum):
    """What the system says has happened."""

    CREATED = "created"
    MODIFIED = "modified"
    CLOSED = "closed"  # modified, and whoever wrote is done
    DELETED = "deleted"
    MOVED = "moved"
    LOST = "lost"  # events at or below the path were lost


class RawEvent(NamedTuple):
    """One event of the system's watcher; paths are absolute. `to`: where a MOVED entry stands now."""

    kind: EventKind
    path: str
    to: str = ""
    is_dir: bool = False


class ChangeKind(StrEnum):
    """What the library has to do."""

    MOVE = "move"  # rows at or below `path` are now at or below `to`
    REMOVE = "remove"  # nothing is left at `path`
    UPSERT = "upsert"  # a file at `path` is new or changed
    RESCAN_DIR = "rescan_dir"  # anything may have changed at or below `path`


class Change(NamedTuple):
    """One change.

    All MOVEs of a list happen at once, on the paths as they were before it: swaps and chains
    need no order. After them every `path` of the other kinds, and every `to`, is compared with the disk, itself and
    what is below it; so a change that the disk has overtaken does no harm.
    """

    kind: ChangeKind
    path: str
    to: str = ""


def coalesce(events: Iterable[RawEvent]) -> list[Change]:
    """Reduce events, in their order, to the changes from the state before them to the state after them.

    Sorted: moves, removals, upserts, rescans; what lies below a rescanned folder is not named again.
    """
    tree = _Sketch()
    for event in events:
        parts = tuple(event.path.split(os.sep))
        if event.kind is EventKind.MOVED:
            tree.move(parts, tuple(event.to.split(os.sep)), event.is_dir)
        elif event.kind is EventKind.DELETED:
            tree.delete(parts)
        elif event.kind is EventKind.CREATED:
            tree.create(parts, event.is_dir)
        elif event.kind is EventKind.LOST:
            tree.find(parts).rescan = True
        elif not event.is_dir:  # a folder is modified when an entry comes or goes, and that has its own event
            tree.find(parts).dirty = True
    return tree.changes()


_Parts = tuple[str, ...]


class _Node:
    """An entry of the sketch. `origin`: where it stood before, None for one that is new."""

    __slots__ = ("children", "dirty", "is_dir", "origin", "rescan")

    def __init__(self, origin: _Parts | None, is_dir: bool = False) -> None:
        self.origin = origin
        self.is_dir = is_dir
        self.dirty = False
        self.rescan = is_dir and origin is None  # what came with a new folder may have had no events
        self.children: dict[str, _Node | None] = {}  # None: nothing stands there any more


class _Sketch:
    def __init__(self) -> None:
        self._root = _Node(())

    def find(self, parts: _Parts) -> _Node:
        """Return the node at `parts`, sketched as far as it is not yet."""
        node = self._root
        for depth, name in enumerate(parts, start=1):
            child = node.children.get(name)
            if child is None:
                if node.origin is not None and name not in node.children:
                    child = _Node((*node.origin, name))
                else:
                    child = _Node(None, is_dir=depth < len(parts))
                node.children[name] = child
            node = child
        return node

    def create(self, parts: _Parts, is_dir: bool) -> None:
        self.find(parts[:-1]).children[parts[-1]] = _Node(None, is_dir)

    def delete(self, parts: _Parts) -> None:
        self.find(parts[:-1]).children[parts[-1]] = None

    def move(self, source: _Parts, target: _Parts, is_dir: bool) -> None:
        if source == target:
            return
        node = self.find(source)
        node.is_dir = is_dir
        node.rescan = node.rescan or (is_dir and node.origin is None)
        self.delete(source)
        self.find(target[:-1]).children[target[-1]] = node

    def changes(self) -> list[Change]:
        moves: dict[_Parts, _Parts] = {}
        gone: list[tuple[_Parts, _Parts]] = []  # (where, what stood there before)
        upserts: list[_Parts] = []
        rescans: set[_Parts] = set()
        # A node with the path that a row below its parent's moves would have been given: where they differ, it moved.
        waiting: list[tuple[_Node, _Parts, _Parts | None]] = [(self._root, (), ())]
        while waiting:
            folder, path, came_from = waiting.pop()
            for name, node in folder.children.items():
                here = (*path, name)
                expected = None if came_from is None else (*came_from, name)
                if node is None:
                    if expected is not None:
                        gone.append((here, expected))
                    continue
                if node.origin is not None and node.origin != expected:
                    moves[node.origin] = here
                if node.rescan:
                    rescans.add(here)
                elif node.dirty or node.origin is None:
                    upserts.append(here)
                waiting.append((node, here, node.origin))
        removals = [here for here, before in gone if before not in moves]
        return [
            *sorted(Change(ChangeKind.MOVE, _join(source), _join(target)) for source, target in moves.items()),
            *_named(ChangeKind.REMOVE, removals, rescans),
            *_named(ChangeKind.UPSERT, upserts, rescans),
            *_named(ChangeKind.RESCAN_DIR, rescans, rescans),
        ]


def _named(kind: ChangeKind, paths: Iterable[_Parts], rescans: set[_Parts]) -> list[Change]:
    """Name paths as changes, except those below a folder that is rescanned anyway."""
    kept = (path for path in paths if not any(path[:end] in rescans for end in range(1, len(path))))
    return sorted(Change(kind, _join(path)) for path in kept)


def _join(parts: _Parts) -> str:
    return os.sep.join(parts)
