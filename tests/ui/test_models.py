"""Qt's own model tester on each model, through the changes that they go through."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from array import array
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from hxd_desktop import ui
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.events import IndexProgress, Phase
from hxd_desktop.engine.library.coverage import Order
from hxd_desktop.engine.library.model import Conversation, DocumentInfo, Example, LibraryInfo, MessageHit
from hxd_desktop.ui.calibrate.model import ExamplesModel
from hxd_desktop.ui.chat.exchange import Exchange
from hxd_desktop.ui.chat.model import EXCHANGE_ROLE, ChatModel
from hxd_desktop.ui.conversations.hits import HitModel
from hxd_desktop.ui.conversations.model import ID_ROLE, ConversationModel
from hxd_desktop.ui.evaluate.models import GridModel, RunsModel
from hxd_desktop.ui.library.files_model import FilesModel
from hxd_desktop.ui.library.model import SUMMARY_ROLE, LibraryModel
from hxd_desktop.ui.problems import Problem


def watched(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def library(number: int, name: str, indexed: int = 0) -> LibraryInfo:
    return LibraryInfo(number, name, (), {DocumentState.INDEXED: indexed}, 0, 0, 0)


def test_chat_model(qtbot: QtBot) -> None:
    model = ChatModel()
    tester = watched(model)
    assert model.append(Exchange("one", ticket=1)) == 0
    model.append(Exchange("two", ticket=2))
    with qtbot.waitSignal(model.dataChanged):
        model.add_text(2, "a")
    model.add_text(2, "b")
    model.set_stage(9, "gate")  # a ticket of another conversation
    assert model.finish(2, Problem("Failed", "Why")) == 1
    assert model.finish(9, Problem("Failed", "Why")) is None
    assert model.index(1).data(EXCHANGE_ROLE).problem.title == "Failed"
    assert model.index(1).data() == "two\nab"
    model.show([])
    assert model.rowCount() == 0
    del tester


def test_library_model_changes_row_by_row(qtbot: QtBot) -> None:
    model = LibraryModel()
    tester = watched(model)
    model.set_libraries([library(1, "a"), library(2, "b"), library(3, "c")])
    with qtbot.assertNotEmitted(model.rowsRemoved), qtbot.waitSignal(model.dataChanged):
        model.set_libraries([library(1, "a"), library(2, "b", 5), library(3, "c")])
    assert model.index(1).data(SUMMARY_ROLE).indexed == "5 documents"
    model.set_libraries([library(3, "c"), library(4, "d"), library(1, "a")])
    assert [item.name for item in model.libraries] == ["c", "d", "a"]
    model.set_progress([IndexProgress("d", Phase.WORDS, 1, 2, 5, 10)])
    assert model.index(1).data(SUMMARY_ROLE).progress.fraction == 0.5
    model.set_progress([IndexProgress("d", Phase.IDLE)])
    assert model.index(1).data(SUMMARY_ROLE).progress is None
    model.set_libraries([])
    assert model.rowCount() == 0
    del tester


def test_conversation_model_puts_the_newest_first_and_asks_before_renaming(qtbot: QtBot) -> None:
    model = ConversationModel()
    tester = watched(model)
    old, new = Conversation(1, "Old", 0, 10), Conversation(2, "New", 0, 20)
    model.set_conversations([old, new])
    assert [model.index(row).data(ID_ROLE) for row in range(2)] == [2, 1]
    with qtbot.waitSignal(model.rename_asked) as asked:
        assert model.setData(model.index(1), " Tea ")
    assert asked.args == [1, "Tea"]
    assert not model.setData(model.index(1), "  ")
    assert model.flags(model.index(0)) & Qt.ItemFlag.ItemIsEditable
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_conversations([dataclasses.replace(old, title="Tea"), new])
    assert model.index(1).data() == "Tea"
    del tester


def test_files_model(qtbot: QtBot) -> None:
    model = FilesModel()
    tester = watched(model)
    unknown = (None, None, None, None, None)
    row = DocumentInfo(
        1, "default", "/a/b.pdf", DocumentState.FAILED, "It is locked.", 2048, 0.0, 0, 0, "pdf", *unknown
    )
    asked: list[list[int]] = []
    model.wanted.connect(asked.append)
    model.show_ids(array("q", [1, 7]))
    assert model.index(0, 0).data() == "…" and model.index(1, 3).data() is None
    qtbot.waitUntil(lambda: asked == [[1, 7]])
    with qtbot.waitSignal(model.dataChanged):
        model.know({1: row})  # 7 is gone by now
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert shown[:5] == ["b.pdf", "failed", "It is locked.", "0", "2.0 kB"] and shown[5:] == ["pdf", "", "", "/a"]
    assert model.index(1, 0).data() == "…"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "State"
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_ids(array("q", [1, 7]))
    with qtbot.waitSignal(model.sort_asked) as sorting:
        model.sort(4, Qt.SortOrder.DescendingOrder)
    assert sorting.args == [Order.SIZE, True]
    model.show_ids(array("q"))
    assert model.rowCount() == 0
    del tester


def test_the_files_model_knows_the_rows_that_are_looked_at_and_forgets_the_rest(qtbot: QtBot) -> None:
    model = FilesModel()
    asked: list[int] = []
    rest = (None, 0, 0.0, 0, 0, "text", *(None,) * 5)

    def read(ids: list[int]) -> None:
        asked.extend(ids)
        model.know({i: DocumentInfo(i, "default", f"/a/{i}.txt", DocumentState.INDEXED, *rest) for i in ids})

    def look_at(row: int) -> None:
        model.index(row, 0).data()
        qtbot.waitUntil(lambda: model.index(row, 0).data() == f"{row + 1}.txt")

    model.wanted.connect(read)
    model.show_ids(array("q", range(1, 70_001)))
    look_at(0)
    look_at(69_999)
    assert len(asked) == 128 + 70_000 % 128
    for row in range(0, 60 * 128, 128):
        look_at(row)
    assert len(model._pages) == 40


def test_grid_and_runs_models(qtbot: QtBot) -> None:
    grid = GridModel()
    tester = watched(grid)
    grid.show(("name", "value"), [("a", "1"), ("b", "2")], [1])
    assert [grid.index(1, column).data() for column in range(2)] == ["b", "2"]
    grid.show((), [])
    assert grid.rowCount() == grid.columnCount() == 0
    runs = RunsModel()
    other = watched(runs)
    runs.show_runs([])
    assert runs.rowCount() == 0 and runs.row_of(1) is None
    del tester, other


def test_examples_model(qtbot: QtBot) -> None:
    model = ExamplesModel()
    tester = watched(model)
    good, bad = Example(1, "default", "one", True, "typed"), Example(2, "default", "two", False, "chat")
    model.show_examples([good, bad], {"one": 0.25})
    assert [model.index(0, column).data() for column in range(4)] == ["one", "answered", "typed in", "0.25"]
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.show_examples([good, bad], {"one": 0.5, "two": 0.75})
    assert model.index(1, 3).data() == "0.75"
    model.show_examples([], {})
    assert model.rowCount() == 0
    del tester


def test_hit_model(qtbot: QtBot) -> None:
    model = HitModel()
    tester = watched(model)
    model.show([MessageHit(1, 1, "user", "Tea", "how is tea made", ((7, 10),), 0.0)])
    assert model.index(0).data() == "how is tea made"
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Tea, You: how is tea made"
    model.show([])
    assert model.rowCount() == 0
    del tester


def test_no_model_of_the_window_is_left_out() -> None:
    for module in pkgutil.walk_packages(ui.__path__, "hxd_desktop.ui."):
        importlib.import_module(module.name)
    ours = {model.__name__ for model in _below(QAbstractItemModel) if model.__module__.startswith("hxd_desktop.")}
    here = Path(__file__).read_text(encoding="utf-8")
    assert ours and not [name for name in ours if f"{name}()" not in here]


def _below(kind: type) -> set[type]:
    return {each for below in kind.__subclasses__() for each in (below, *_below(below))}
