from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hxd_desktop.engine.library.watcher import FolderWatcher
from tests.support.followed import Library

NAMES = ["a", "b", "d", "d/a", "d/b", "e", "e/a", "e/d", ".h"]


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["write", "remove", "mkdir", "move"]), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    min_size=1,
    max_size=12,
)


def operate(root: Path, kind: str, first: str, second: str, number: int) -> None:
    path = root / first
    try:
        if kind == "write":
            path.write_text(f"{number}")
        elif kind == "mkdir":
            path.mkdir()
        elif kind == "move":
            path.rename(root / second)
        elif path.is_dir():
            for inner in sorted(path.rglob("*"), reverse=True):
                inner.rmdir() if inner.is_dir() else inner.unlink()
            path.rmdir()
        else:
            path.unlink()
    except OSError:
        pass  # what the disk refuses did not happen


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(OPERATIONS, min_size=1, max_size=3))
def test_whatever_happens_the_library_ends_as_the_disk_is(
    tmp_path_factory: pytest.TempPathFactory, bursts: list[list[tuple[str, str, str]]]
) -> None:
    root = tmp_path_factory.mktemp("root")
    library = Library()
    watcher = FolderWatcher(library.on_changes, library.on_state, poll_seconds=60)
    try:
        watcher.add(root, library.rules)
        library.wait_for(lambda: bool(library.changes))
        for burst in bursts:
            for number, (kind, first, second) in enumerate(burst):
                operate(root, kind, first, second, number)
            library.wait_until_it_is_as(root)
    finally:
        watcher.close()
