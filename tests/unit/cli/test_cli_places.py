"""`hxd` alone, the chat, the demo and the window: what suits a display, a terminal, or neither."""

from __future__ import annotations

import argparse
import io
import logging
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.cli import window
from hxd_desktop.engine import samples
from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.errors import StorageError
from tests.unit.cli.fakes import make_answer


class Typed(io.StringIO):
    def __init__(self, text: str = "", terminal: bool = False) -> None:
        super().__init__(text)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture
def opened_windows(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the window was opened with."""
    calls: list[dict[str, Any]] = []

    def open_window(*, logged: Any, **named: Any) -> int:
        before = len(logging.getLogger().handlers)
        with logged():
            assert len(logging.getLogger().handlers) > before
        calls.append(named)
        return 0

    module = types.ModuleType("hxd_desktop.ui.app")
    module.main = open_window  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "hxd_desktop.ui.app", module)
    return calls


@pytest.mark.parametrize(
    ("platform", "variables", "seen"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_display(platform: str, variables: dict[str, str], seen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert window.has_display() is seen


def test_with_a_display_the_window_opens(
    hxd: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened_windows: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr("hxd_desktop.cli.bare.has_display", lambda: True)
    monkeypatch.setattr("hxd_desktop.cli.window.has_display", lambda: True)
    assert hxd("--data-dir", str(tmp_path)).status == 0
    assert opened_windows == [{"data_dir": str(tmp_path), "question": None, "paths": (), "links": ()}]


def test_a_question_for_the_window(
    hxd: Any, monkeypatch: pytest.MonkeyPatch, opened_windows: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr("hxd_desktop.cli.window.has_display", lambda: True)
    assert hxd("ask", "住宿费?", "--window").status == 0
    assert opened_windows == [{"data_dir": None, "question": "住宿费?", "paths": (), "links": ()}]


def test_a_question_for_the_window_without_a_display_fails(hxd: Any) -> None:
    result = hxd("ask", "q", "--window")
    assert (result.status, result.out) == (1, "")
    assert "display" in result.err


def test_missing_qt_is_named(hxd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hxd_desktop.cli.window.has_display", lambda: True)
    monkeypatch.setitem(sys.modules, "hxd_desktop.ui.app", None)
    result = hxd("ask", "q", "--window")
    assert result.status == 1
    assert "bootstrap.py" in result.err


@pytest.mark.parametrize(
    ("terminal", "command"), [(True, "hxd_desktop.cli.chat.chat"), (False, "hxd_desktop.cli.demo.demo")]
)
def test_without_a_display_the_chat_or_the_demo_starts(
    terminal: bool, command: str, hxd: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hxd_desktop.cli import main

    started: list[argparse.Namespace] = []

    def start(arguments: argparse.Namespace) -> int:
        started.append(arguments)
        return 0

    monkeypatch.setattr(command, start)
    monkeypatch.setattr("hxd_desktop.cli.bare.has_display", lambda: False)
    monkeypatch.setattr(sys, "stdin", Typed(terminal=terminal))
    monkeypatch.setattr(sys, "stdout", Typed(terminal=terminal))
    assert main(["--data-dir", "D"]) == 0
    assert [arguments.data_dir for arguments in started] == ["D"]
    assert "no display" in capsys.readouterr().err or not terminal


def test_chat_from_a_pipe_takes_a_question_a_line(engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.pieces = ("每晚 600 元。",)
    monkeypatch.setattr(sys, "stdin", Typed("住宿费?\n\n/why\n/sources\n再问\n/new\n第三问\n/quit\nnever\n"))
    result = hxd("chat", "--library", "L")
    asked = [(call[1], call[2]["history"]) for call in engine.calls if call[0] == "ask"]
    assert asked == [
        (("住宿费?", ["L"]), ()),
        (("再问", ["L"]), (("住宿费?", engine.answer.answer),)),
        (("第三问", ["L"]), ()),
    ]
    assert "refusal 0.06 (limit 0.50)" in result.out
    assert "3 住宿标准" in result.out
    assert "retrieval" in result.out
    assert "\x1b" not in result.out
    assert not engine.writable


def test_chat_keeps_no_refusal_in_its_history(engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.answer = make_answer(Outcome.UNRELATED)
    monkeypatch.setattr(sys, "stdin", Typed("/why\nfirst\nsecond\n/anything\n"))
    result = hxd("chat")
    assert [call[2]["history"] for call in engine.calls if call[0] == "ask"] == [(), ()]
    assert "the documents do not cover it" in result.out
    assert "Nothing has been asked yet." in result.out
    assert "/quit" in result.out


def test_what_is_said_of_an_answer_becomes_an_example_and_can_be_taken_back(
    engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Typed("/good\n/undo\nfirst\n/bad\n/good\n/undo\n/undo\n/undo\n"))
    result = hxd("chat", "--library", "L")
    judged = [call[1] for call in engine.calls if call[0] == "add_example"]
    assert judged == [(engine.answer.question, False, "default"), (engine.answer.question, True, "default")]
    assert [call[1] for call in engine.calls if call[0] == "remove_example"] == [(7,), (7,)]
    assert "Nothing has been asked yet." in result.out
    assert "Kept as a question to refuse in default" in result.out
    assert result.out.count("Forgotten") == 2
    assert result.out.count("There is nothing to take back.") == 2


def test_what_cannot_be_kept_is_said_and_the_chat_goes_on(
    engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(call: str) -> None:
        if call == "add_example":
            raise StorageError("Another copy is running", "Process 4711 has it.", "Close it first.")

    engine.on_call = refuse
    monkeypatch.setattr(sys, "stdin", Typed("first\n/good\nsecond\n"))
    result = hxd("chat")
    assert "Process 4711" in result.err
    assert len([call for call in engine.calls if call[0] == "ask"]) == 2


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Pictures that the demo asked for; Qt is said to work."""
    files: list[Path] = []

    def render_window(assistant: Any, exchanges: Any, file: Path) -> Path:
        assert len(list(exchanges)) == 3
        file.write_bytes(b"PNG")
        files.append(file)
        return file

    module = types.ModuleType("hxd_desktop.ui.gallery")
    module.render_window = render_window  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "hxd_desktop.ui.gallery", module)
    monkeypatch.setattr("hxd_desktop.cli.demo.qt_problem", lambda: None)
    return files


def test_the_demo_asks_three_questions_and_throws_its_data_away(
    engine: Any, hxd: Any, rendered: list[Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    result = hxd("--data-dir", str(data), "demo", "--json")
    assert result.status == 0
    assert set(result.json) == {"answers", "screenshot"}
    assert len(result.json["answers"]) == 3
    assert result.json["screenshot"] == str(rendered[0])
    assert rendered[0].parent == data
    assert engine.data_dir.parent == data  # nothing is written outside a data directory that was chosen
    assert not engine.data_dir.exists()
    asked = [call[1][0] for call in engine.calls if call[0] == "ask"]
    assert asked == [sample.question for sample in samples.questions() if sample.demo]


def test_the_demo_puts_the_picture_where_it_is_told(
    engine: Any, hxd: Any, rendered: list[Path], tmp_path: Path
) -> None:
    file = tmp_path / "new" / "picture.png"
    result = hxd("demo", "--screenshot", str(file))
    assert file.read_bytes() == b"PNG"
    assert str(file) in result.out
    for sample in samples.questions():
        assert (f"> {sample.question}" in result.out) is sample.demo


def test_the_demo_goes_on_without_qt(engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hxd_desktop.cli.demo.qt_problem", lambda: "libEGL.so.1: cannot open shared object file")
    result = hxd("demo", "--json")
    assert (result.status, result.json["screenshot"]) == (0, None)
    assert "libEGL.so.1" in result.err


def test_a_failed_answer_fails_the_demo(engine: Any, hxd: Any, rendered: list[Path]) -> None:
    engine.answer = make_answer(Outcome.FAILED)
    assert hxd("demo", "--json").status == 1


@pytest.mark.parametrize("probe", ["raise SystemExit(3)", "import no_such_module_at_all"])
def test_the_probe_says_why_qt_fails(probe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "_PROBE", probe)
    problem = window.qt_problem()
    assert problem
    assert "3" in problem or "no_such_module_at_all" in problem


def test_missing_qt_is_a_problem_only_where_a_window_could_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "qt_problem", lambda: "libEGL.so.1 is missing")
    answers: dict[bool, bool] = {}
    for seen in (True, False):
        monkeypatch.setattr(window, "has_display", lambda seen=seen: seen)
        answers[seen] = window.check_window().ok
    assert answers == {True: False, False: True}
