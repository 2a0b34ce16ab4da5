from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library import catalog
from hxd_desktop.engine.library.coverage import Order, document_ids, documents_by_id
from tests.support.library import Workbench

ROWS = [  # path, state, reason, bytes
    ("/a/zebra.txt", "indexed", None, 30),
    ("/b/Apple_1.pdf", "failed", "It is locked.", 10),
    ("/b/banana.txt", "failed", "It is 100% broken.", 20),
    ("/c/苹果.md", "indexed", None, 20),
]


@pytest.fixture
def filled(bench: Workbench) -> Workbench:
    def fill(connection: object) -> None:
        owner = catalog.ensure_library(connection, "default")
        connection.execute("INSERT INTO folders (id, library_id, path) VALUES (9, ?, '/')", (owner,))
        connection.executemany(
            "INSERT INTO documents (library_id, folder_id, path, state, reason, size_bytes)"
            f" VALUES ({owner}, 9, ?, ?, ?, ?)",
            ROWS,
        )

    bench.database.write(fill)
    return bench


def paths(bench: Workbench, **wanted: object) -> list[str]:
    ids = document_ids(bench.database.reader, "default", **wanted)
    found = documents_by_id(bench.database.reader, "default", ids)
    return [found[i].path for i in ids]


def test_rows_come_in_any_order(filled: Workbench) -> None:
    in_order = [path for path, _, _, _ in ROWS]
    assert paths(filled) == in_order and paths(filled, descending=True) == in_order[::-1]
    names = ["/b/Apple_1.pdf", "/b/banana.txt", "/a/zebra.txt", "/c/苹果.md"]
    assert paths(filled, order=Order.NAME) == names and paths(filled, order=Order.NAME, descending=True) == names[::-1]
    assert paths(filled, order=Order.SIZE) == ["/b/Apple_1.pdf", "/b/banana.txt", "/c/苹果.md", "/a/zebra.txt"]
    assert paths(filled, order=Order.REASON)[:2] == ["/b/banana.txt", "/b/Apple_1.pdf"]
    for order in Order:
        assert sorted(paths(filled, order=order)) == sorted(in_order)


def test_rows_are_filtered_by_state_and_text(filled: Workbench) -> None:
    assert paths(filled, state=DocumentState.FAILED) == ["/b/Apple_1.pdf", "/b/banana.txt"]
    assert paths(filled, text="APPLE") == ["/b/Apple_1.pdf"]
    assert paths(filled, text="苹") == ["/c/苹果.md"]
    assert paths(filled, text="locked", order=Order.SIZE) == ["/b/Apple_1.pdf"]
    assert paths(filled, text="100%") == ["/b/banana.txt"] and paths(filled, text="e_1") == ["/b/Apple_1.pdf"]
    assert paths(filled, text="zebra", state=DocumentState.FAILED) == []


def test_rows_that_are_gone_are_left_out(filled: Workbench) -> None:
    ids = document_ids(filled.database.reader, "default")
    filled.database.write(lambda connection: connection.execute("DELETE FROM documents WHERE id = ?", (ids[0],)))
    found = documents_by_id(filled.database.reader, "default", [*ids, *range(1000, 2200)])
    assert sorted(found) == sorted(ids[1:])
    with pytest.raises(SettingsError):
        document_ids(filled.database.reader, "nowhere")
