"""The table says what bursts come to; the property says that it is always the final state of the disk."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hxd_desktop.engine.library.changes import Change, ChangeKind, EventKind, RawEvent, coalesce
from tests.support.moves import move_rows


def path(name: str) -> str:
    return os.sep + name.replace("/", os.sep)


def event(line: str) -> RawEvent:
    """Read "created a/b", "moved a b", "deleted a/" (a folder)."""
    kind, source, *target = line.split()
    is_dir = source.endswith("/")
    to = path(target[0].rstrip("/")) if target else ""
    return RawEvent(EventKind(kind), path(source.rstrip("/")), to, is_dir)


def change(line: str) -> Change:
    kind, source, *target = line.split()
    return Change(ChangeKind(kind), path(source), path(target[0]) if target else "")


# A path that something passed through is checked: a file that stood there before would have been overwritten.
TABLE = {
    "created and written": (["created a", "modified a", "modified a"], ["upsert a"]),
    "written in place": (["modified a"], ["upsert a"]),
    "removed": (["deleted a"], ["remove a"]),
    "written and removed": (["modified a", "deleted a"], ["remove a"]),
    "came and went": (["created a", "modified a", "deleted a"], ["remove a"]),
    "removed and made again": (["deleted a", "created a"], ["upsert a"]),
    "atomic replace": (["created t", "modified t", "moved t a"], ["remove t", "upsert a"]),
    "replaced by a file from elsewhere": (["created a"], ["upsert a"]),
    "atomic replace with a kept old version": (
        ["created t", "modified t", "moved a old", "moved t a"],
        ["move a old", "remove t", "upsert a"],
    ),
    "moved": (["moved a b"], ["move a b"]),
    "moved onto another": (["moved a b", "modified c"], ["move a b", "upsert c"]),
    "moved and back": (["moved a b", "moved b a"], ["remove b"]),
    "moved, then written": (["moved a b", "modified b"], ["move a b", "upsert b"]),
    "written, then moved": (["modified a", "moved a b"], ["move a b", "upsert b"]),
    "moved, then removed": (["moved a b", "deleted b"], ["remove a", "remove b"]),
    "moved away, and another made in its place": (["moved a b", "created a"], ["move a b", "upsert a"]),
    "a chain": (["moved a b", "moved b c", "moved c d"], ["move a d", "remove b", "remove c"]),
    "each to the next": (["moved c d", "moved b c", "moved a b"], ["move a b", "move b c", "move c d"]),
    "a swap": (["moved a t", "moved b a", "moved t b"], ["move a b", "move b a", "remove t"]),
    "a swap in a folder that moves": (
        ["moved x/a x/t", "moved x/b x/a", "moved x/t x/b", "moved x/ y/"],
        ["move x y", "move x/a y/b", "move x/b y/a", "remove y/t"],
    ),
    "made, then moved": (["created a", "moved a b"], ["remove a", "upsert b"]),
    "made, moved onto another": (["created a", "moved a b", "modified b"], ["remove a", "upsert b"]),
    "folder made": (["created d/", "created d/a", "modified d/a"], ["rescan_dir d"]),
    "file moved into a new folder": (["created d/", "moved a d/a"], ["move a d/a", "rescan_dir d"]),
    "folder removed": (["deleted d/a", "deleted d/b", "deleted d/"], ["remove d"]),
    "folder moved": (["moved d/ e/"], ["move d e"]),
    "folder moved, with events of what is in it": (["moved d/ e/", "modified e/a"], ["move d e", "upsert e/a"]),
    "folder moved, after something in it went": (
        ["deleted d/a", "moved d/ e/"],
        ["move d e", "remove e/a"],
    ),
    "folder moved, after something in it moved out": (
        ["moved d/a a", "moved d/ e/"],
        ["move d e", "move d/a a"],
    ),
    "something moved in a folder that has moved": (["moved d/ e/", "moved e/a e/b"], ["move d e", "move d/a e/b"]),
    "folder removed after something was saved from it": (["moved d/a a", "deleted d/"], ["move d/a a", "remove d"]),
    "folder made and moved": (["created d/", "created d/a", "moved d/ e/"], ["remove d", "rescan_dir e"]),
    "folder swap": (["moved d/ t/", "moved e/ d/", "moved t/ e/"], ["move d e", "move e d", "remove t"]),
    "folder replaced by a file": (["deleted d/", "created d"], ["upsert d"]),
    "file replaced by a folder": (["deleted d", "created d/"], ["rescan_dir d"]),
    "a folder's own time changed": (["modified d/"], []),
    "a file that was announced too late": (["deleted a", "modified a"], ["upsert a"]),
    "something in a folder that is not there": (["deleted d/", "modified d/x/a"], ["rescan_dir d"]),
    "events were lost": (["modified d/a", "lost d/"], ["rescan_dir d"]),
    "onto itself": (["moved a a"], []),
    "nothing": ([], []),
}


@pytest.mark.parametrize(("events", "expected"), TABLE.values(), ids=TABLE.keys())
def test_what_a_burst_comes_to(events: list[str], expected: list[str]) -> None:
    assert coalesce([event(line) for line in events]) == [change(line) for line in expected]


@pytest.mark.parametrize(
    ("moves", "paths", "renamed", "displaced"),
    [
        (["move a b"], ["a", "c", "ab"], {"a": "b"}, set()),
        (["move a b"], ["a", "b"], {"a": "b"}, {"b"}),
        (["move a b", "move b a"], ["a", "b"], {"a": "b", "b": "a"}, set()),
        (["move d e"], ["d/x", "d/y/z", "dx"], {"d/x": "e/x", "d/y/z": "e/y/z"}, set()),
        (["move d e"], ["d/x", "e/x", "e/y"], {"d/x": "e/x"}, {"e/x", "e/y"}),
        (["move d e", "move d/a b"], ["d/a", "d/c"], {"d/a": "b", "d/c": "e/c"}, set()),
        (["move d e", "move q e/a"], ["d/a", "d/b", "q"], {"d/b": "e/b", "q": "e/a"}, {"d/a"}),
        (["move d e", "move q e/a"], ["d/a/x", "q"], {"q": "e/a"}, {"d/a/x"}),
        (["remove a", "upsert b", "rescan_dir c"], ["a", "b", "c"], {}, set()),
    ],
)
def test_moves_happen_at_once(moves: list[str], paths: list[str], renamed: dict[str, str], displaced: set[str]) -> None:
    assert move_rows([change(line) for line in moves], [path(name) for name in paths]) == (
        {path(old): path(new) for old, new in renamed.items()},
        {path(name) for name in displaced},
    )


# -- the property -----------------------------------------------------------------------------------------------------


@dataclass
class Disk:
    """A file system of files with contents, and folders, that tells what inotify would tell."""

    files: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    events: list[RawEvent] = field(default_factory=list)
    contents: int = 0

    def tell(self, kind: EventKind, source: str, to: str = "", *, is_dir: bool = False) -> None:
        self.events.append(RawEvent(kind, source, to, is_dir))

    def taken(self, name: str) -> bool:
        return name in self.files or name in self.folders

    def below(self, name: str) -> list[str]:
        return sorted(other for other in [*self.files, *self.folders] if other.startswith(name + os.sep))

    def has_room(self, name: str) -> bool:
        parent = os.path.dirname(name)
        return parent == os.sep or parent in self.folders

    def write(self, name: str) -> None:
        if name in self.folders or not self.has_room(name):
            return
        if name not in self.files:
            self.tell(EventKind.CREATED, name)
        self.contents += 1
        self.files[name] = self.contents
        self.tell(EventKind.MODIFIED, name)

    def remove(self, name: str) -> None:
        if name in self.files:
            del self.files[name]
            self.tell(EventKind.DELETED, name)
        elif name in self.folders:
            for inner in reversed(self.below(name)):
                is_dir = inner in self.folders
                self.folders.discard(inner)
                self.files.pop(inner, None)
                self.tell(EventKind.DELETED, inner, is_dir=is_dir)
            self.folders.remove(name)
            self.tell(EventKind.DELETED, name, is_dir=True)

    def make_folder(self, name: str) -> None:
        if not self.taken(name) and self.has_room(name):
            self.folders.add(name)
            self.tell(EventKind.CREATED, name, is_dir=True)

    def move(self, source: str, target: str) -> None:
        if not self.taken(source) or not self.has_room(target) or target == source:
            return
        if target.startswith(source + os.sep):
            return
        is_dir = source in self.folders
        if (target in self.folders and (not is_dir or self.below(target))) or (target in self.files and is_dir):
            return
        self.folders.discard(target)
        self._carry(source, target)
        self.tell(EventKind.MOVED, source, target, is_dir=is_dir)

    def _carry(self, source: str, target: str) -> None:
        for old in [source, *self.below(source)]:
            new = target + old[len(source) :]
            if old in self.folders:
                self.folders.remove(old)
                self.folders.add(new)
            else:
                self.files[new] = self.files.pop(old)

    def move_out(self, source: str) -> None:
        if self.taken(source):
            is_dir = source in self.folders
            for old in [source, *self.below(source)]:
                self.folders.discard(old)
                self.files.pop(old, None)
            self.tell(EventKind.DELETED, source, is_dir=is_dir)

    def move_in(self, target: str, names: list[str]) -> None:
        """A folder comes from outside with files in it, of which the system says nothing."""
        if self.taken(target) or not self.has_room(target):
            return
        self.folders.add(target)
        for name in names:
            self.contents += 1
            self.files[os.path.join(target, name)] = self.contents
        self.tell(EventKind.CREATED, target, is_dir=True)


NAMES = [path(name) for name in ("a", "b", "c", "d/a", "d/b", "d", "e", "e/a", "e/d", "e/d/a")]
name = st.sampled_from(NAMES)
operation = st.one_of(
    st.tuples(st.just("write"), name),
    st.tuples(st.just("remove"), name),
    st.tuples(st.just("make_folder"), name),
    st.tuples(st.just("move"), name, name),
    st.tuples(st.just("move_out"), name),
    st.tuples(st.just("move_in"), name, st.lists(st.sampled_from(["a", "b"]), unique=True)),
)


def run(disk: Disk, operations: list[tuple[object, ...]]) -> None:
    for method, *arguments in operations:
        getattr(disk, str(method))(*arguments)


def apply(index: dict[str, int], changes: list[Change], disk: dict[str, int]) -> dict[str, int]:
    """Do what a library does, but trust moves: their targets are not compared with the disk."""
    renamed, displaced = move_rows(changes, index)
    result = {renamed.get(old, old): content for old, content in index.items() if old not in displaced}
    checked = [change.path for change in changes if change.kind is not ChangeKind.MOVE]
    for top in checked:
        for row in [row for row in result if row == top or row.startswith(top + os.sep)]:
            del result[row]
        result.update({file: content for file, content in disk.items() if file == top or file.startswith(top + os.sep)})
    return result


@settings(max_examples=600, deadline=None)
@given(st.lists(operation, max_size=12), st.lists(st.lists(operation, min_size=1, max_size=14), max_size=3))
def test_the_library_ends_as_the_disk_is(
    before: list[tuple[object, ...]], bursts: list[list[tuple[object, ...]]]
) -> None:
    disk = Disk()
    run(disk, before)
    index = dict(disk.files)
    for burst in bursts:
        disk.events.clear()
        run(disk, burst)
        index = apply(index, coalesce(disk.events), disk.files)
        assert index == disk.files


@settings(max_examples=150, deadline=None)
@given(st.lists(operation, max_size=12), st.lists(operation, max_size=20), st.integers(0, 20))
def test_a_disk_that_is_ahead_of_the_events_does_no_harm(
    before: list[tuple[object, ...]], burst: list[tuple[object, ...]], cut: int
) -> None:
    """The first part of the events is applied while the second has happened; then the second is applied."""
    disk = Disk()
    run(disk, before)
    index = dict(disk.files)
    disk.events.clear()
    run(disk, burst)
    for part in (disk.events[:cut], disk.events[cut:]):
        changes = coalesce(part)
        checked = changes + [
            Change(ChangeKind.UPSERT, change.to) for change in changes if change.kind is ChangeKind.MOVE
        ]
        index = apply(index, checked, disk.files)
    assert index == disk.files


def test_ten_thousand_events_are_quick() -> None:
    events = [RawEvent(EventKind.CREATED, path(f"d{number % 50}/f{number}")) for number in range(5000)]
    events += [RawEvent(EventKind.MODIFIED, one.path) for one in events]
    assert len(coalesce(events)) == 5000
