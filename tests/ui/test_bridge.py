"""The bridge: calls on other threads, news in frames, an orderly end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.events import DocumentsChanged, IndexProgress, Notice, Phase
from hxd_desktop.ui.bridge import Bridge, Question
from hxd_desktop.ui.mailbox import Mailbox
from hxd_desktop.ui.matching import matched_spans
from hxd_desktop.ui.problems import Problem
from tests.ui.small_library import COVERED, WAIT_MS


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    made.close()


def test_calls_run_elsewhere_and_their_results_arrive_here(qtbot: QtBot, bridge: Bridge, assistant: Assistant) -> None:
    bridge.adopt(assistant)
    seen: list[tuple[Any, QThread]] = []
    where: list[str] = []

    def call(engine: Assistant) -> str:
        where.append(threading.current_thread().name)
        return engine.libraries()[0].name

    bridge.call(call, lambda name: seen.append((name, QThread.currentThread())))
    qtbot.waitUntil(lambda: bool(seen), timeout=WAIT_MS)
    assert seen == [("default", bridge.thread())]
    assert where[0].startswith("hxd-window")


def test_a_failure_arrives_as_a_problem(qtbot: QtBot, bridge: Bridge, assistant: Assistant) -> None:
    bridge.adopt(assistant)
    with qtbot.waitSignal(bridge.problem, timeout=WAIT_MS) as known:
        bridge.call(lambda engine: engine.add_folder("/nowhere"))
    assert known.args[0].title == "The folder does not exist" and known.args[0].remedy
    with qtbot.waitSignal(bridge.problem, timeout=WAIT_MS) as bug:
        bridge.call(lambda engine: 1 // 0)
    assert bug.args[0].title == "Something unexpected happened"
    assert "ZeroDivisionError" in bug.args[0].details
    qtbot.waitUntil(lambda: bridge.idle, timeout=WAIT_MS)


def test_before_the_engine_is_open_a_call_says_so(qtbot: QtBot, bridge: Bridge) -> None:
    with qtbot.waitSignal(bridge.problem) as said:
        bridge.call(lambda engine: engine.libraries())
    assert said.args[0].title == "Not ready yet"
    with qtbot.waitSignal(bridge.ended, timeout=WAIT_MS) as ended:
        bridge.ask(Question("?", ("default",)))
    assert isinstance(ended.args[1], Problem)


def test_a_question_tells_its_stages_then_its_text_then_its_end(
    qtbot: QtBot, bridge: Bridge, assistant: Assistant
) -> None:
    bridge.adopt(assistant)
    news: list[tuple[str, Any]] = []
    bridge.stage.connect(lambda _, name: news.append(("stage", name)))
    bridge.text.connect(lambda _, piece: news.append(("text", piece)))
    bridge.ended.connect(lambda _, end: news.append(("end", end)))
    with qtbot.waitSignal(bridge.ended, timeout=WAIT_MS):
        bridge.ask(Question(COVERED, ("default",)))
    kinds = [kind for kind, _ in news]
    assert kinds[-1] == "end" and "text" in kinds and kinds.count("end") == 1
    assert "".join(piece for kind, piece in news if kind == "text") == news[-1][1].answer
    qtbot.waitUntil(lambda: bridge.idle, timeout=WAIT_MS)


def test_stop_reaches_the_engine(qtbot: QtBot, bridge: Bridge, assistant: Assistant, monkeypatch: Any) -> None:
    bridge.adopt(assistant)

    def endless(*_: Any, cancel: Any, on_text: Any, **__: Any) -> None:
        on_text("The first words ")
        cancel.wait(30)
        raise Cancelled

    monkeypatch.setattr(assistant, "ask", endless)
    with qtbot.waitSignal(bridge.text, timeout=WAIT_MS):
        ticket = bridge.ask(Question("long", ("default",)))
    with qtbot.waitSignal(bridge.ended, timeout=2000) as ended:
        bridge.stop(ticket)
    assert ended.args[0] == ticket and ended.args[1].title == "Stopped"


def test_many_events_become_few_signals(qtbot: QtBot, bridge: Bridge, assistant: Assistant) -> None:
    bridge.adopt(assistant)
    qtbot.waitUntil(lambda: bridge.idle, timeout=WAIT_MS)
    batches: list[list[IndexProgress]] = []
    changed: list[str] = []
    bridge.progress.connect(batches.append)
    bridge.documents_changed.connect(changed.append)

    def flood() -> None:
        for done in range(5000):
            assistant.events.publish(IndexProgress("default", Phase.WORDS, done, 5000))
            assistant.events.publish(DocumentsChanged("default", (f"/{done}",)))

    flooding = threading.Thread(target=flood)
    flooding.start()
    qtbot.waitUntil(lambda: bool(batches) and batches[-1][-1].files_done == 4999, timeout=WAIT_MS)
    flooding.join()
    assert len(batches) < 500 and len(changed) < 500
    qtbot.waitUntil(lambda: bridge.idle, timeout=WAIT_MS)


def test_a_notice_becomes_a_warning(qtbot: QtBot, bridge: Bridge, assistant: Assistant) -> None:
    bridge.adopt(assistant)
    with qtbot.waitSignal(bridge.problem, timeout=WAIT_MS) as said:
        assistant.events.publish(Notice("Polling", "The limit is reached.", "Raise it."))
    assert said.args[0] == Problem("Polling", "The limit is reached.", "Raise it.", severity="warning")


def test_close_stops_a_running_question_and_joins_every_thread(
    qtbot: QtBot, assistant: Assistant, monkeypatch: Any
) -> None:
    bridge = Bridge()
    bridge.adopt(assistant)
    started = threading.Event()

    def endless(*_: Any, cancel: Any, **__: Any) -> None:
        started.set()
        cancel.wait(60)
        raise Cancelled

    monkeypatch.setattr(assistant, "ask", endless)
    ended: list[Any] = []
    bridge.ended.connect(lambda *end: ended.append(end))
    bridge.ask(Question("long", ("default",)))
    assert started.wait(10)
    bridge.close()
    bridge.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("hxd-")]
    assert ended == []


def test_an_engine_that_opens_while_the_window_closes_is_closed(qtbot: QtBot, data_dir: Any) -> None:
    bridge = Bridge()
    bridge.open(data_dir)
    bridge.close()
    Assistant.open(data_dir).close()  # the writer lock is free again


def test_the_mailbox_wakes_once_for_a_batch() -> None:
    woken: list[int] = []
    mailbox = Mailbox(lambda: woken.append(1))
    mailbox.stage(1, "retrieval")
    mailbox.stage(1, "gate")
    mailbox.text(1, "a")
    mailbox.text(1, "b")
    assert len(woken) == 1
    news = mailbox.take().questions[1]
    assert (news.stage, news.text, news.end) == ("gate", "ab", None)
    mailbox.text(1, "c")
    assert len(woken) == 2


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("出差报销需要哪些材料?", "员工出差报销需提交发票和材料清单。", ["出差报销", "材料"]),
        ("How do I install the VPN?", "To install the VPN client, ask IT.", ["install", "VPN"]),
        ("What is it?", "It is what it is.", ["It is what it is"]),
        ("What is reject_throttle?", "set reject_throttle here", ["reject_throttle"]),
    ],
)
def test_matched_spans_mark_the_subject_of_a_question(question: str, text: str, found: list[str]) -> None:
    spans = matched_spans(question, text)
    marked = " ".join(text[start:end] for start, end in spans)
    assert all(word in marked for word in " ".join(found).split())
    assert spans == sorted(spans) and all(a < b for a, b in spans)
