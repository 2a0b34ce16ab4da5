"""Exit statuses, errors in one line, how the engine is opened, what reaches it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.answering.model import Filters, Outcome
from hxd_desktop.engine.errors import Cancelled, StorageError
from tests.unit.cli.fakes import make_answer


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["index"],
        ["ask"],
        ["ask", "q", "--top-k", "0"],
        ["ask", "q", "--top-k", "many"],
        ["ask", "q", "--since", "yesterday"],
        ["ask", "q", "--since", "2026-02-30"],
        ["ask", "q", "--language", "1"],
        ["ask", "q", "--type", ""],
        ["ask", "q", "--window", "--json"],
        ["ask", "q", "--libr", "x"],
        ["search", "q", "--limit", "-1"],
        ["chat", "--json"],
        ["calibrate", "--threshold", "1.5"],
        ["calibrate", "--threshold", "nan"],
        ["calibrate", "--threshold", "0.5", "--reset"],
        ["examples"],
        ["examples", "add"],
        ["examples", "add", "--good", "a", "--bad", "b"],
        ["examples", "add", "--good", " "],
        ["examples", "remove", "one"],
        ["examples", "remove", "99999999999999999999"],
        ["eval", "show", "99999999999999999999"],
        ["eval", "remove", "-1"],
        ["--data-dir", "", "status"],
        ["status", "--data-dir", ""],
        ["status", "--data-dir", "half \udcff"],
        ["ask", "q", "--library", "half \udcff"],
        ["index", "folder", "--library", "half \udcff"],
        ["eval", "refusal"],
        ["eval", "qa", "--questions", "f", "--passages", "some"],
        ["models", "download"],
        ["models", "download", "x", "--mirror", "ftp://x"],
        ["doctor", "--mend"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_touches_nothing(words: list[str], engine: Any, hxd: Any) -> None:
    result = hxd(*words)
    assert result.status == 2
    assert result.out == ""
    assert result.err.strip()
    assert not engine.calls


def test_help_and_version_end_with_0(hxd: Any) -> None:
    assert hxd("--help").status == 0
    assert hxd("--version").out.startswith("hxd ")


def test_an_error_is_one_line_with_its_remedy_and_no_output(engine: Any, hxd: Any) -> None:
    engine.raises = StorageError("No such folder", "/nowhere does not\nexist.", "Correct the path.")
    result = hxd("index", "/nowhere", "--json")
    assert (result.status, result.out) == (1, "")
    assert result.err == "hxd: No such folder. /nowhere does not exist. Correct the path.\n"
    assert engine.closed


def test_an_engine_that_cannot_be_opened_ends_with_1(engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hxd_desktop.engine.assistant import Assistant

    def refuse(*arguments: object, **named: object) -> None:
        raise StorageError("Another copy is running", "Process 4711 writes here.", "Close it first.")

    monkeypatch.setattr(Assistant, "open", refuse)
    result = hxd("index", ".")
    assert result.status == 1
    assert "4711" in result.err


def test_doctor_reports_a_data_directory_that_cannot_be_opened(hxd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hxd_desktop.engine.assistant import Assistant

    def refuse(*arguments: object, **named: object) -> None:
        raise StorageError("The data is newer", "Schema 9 is newer than this version.", "Update HXD Desktop.")

    monkeypatch.setattr(Assistant, "open", refuse)
    monkeypatch.setattr("hxd_desktop.cli.window.qt_problem", lambda: None)
    result = hxd("doctor", "--json")
    assert result.status == 1
    assert result.json["checks"][0] == {
        "name": "data directory",
        "ok": False,
        "detail": "The data is newer. Schema 9 is newer than this version.",
        "remedy": "Update HXD Desktop.",
    }


def test_a_fault_of_ours_is_one_line_unless_debugging(engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.raises = RuntimeError("boom")
    result = hxd("status")
    assert result.status == 1
    assert result.err.count("\n") == 1
    assert "RuntimeError: boom" in result.err
    monkeypatch.setenv("HXD_DEBUG", "1")
    with pytest.raises(RuntimeError):
        hxd("status")


def test_a_refusal_is_a_result(engine: Any, hxd: Any) -> None:
    engine.answer = make_answer(Outcome.UNRELATED)
    assert hxd("ask", "q").status == 0


@pytest.mark.parametrize("error", [Cancelled(), KeyboardInterrupt()], ids=["cancelled", "ctrl-c"])
def test_stopped_work_ends_with_130(error: BaseException, engine: Any, hxd: Any) -> None:
    engine.raises = error
    result = hxd("index", ".")
    assert (result.status, result.out, result.err) == (130, "", "Stopped.\n")
    assert engine.closed


def test_ctrl_c_cancels_the_token_and_the_command_ends_with_130(engine: Any, hxd: Any) -> None:
    def interrupt(name: str) -> None:
        if name == "index":
            signal.raise_signal(signal.SIGINT)
            token = engine.calls[-1][2]["cancel"]
            assert token.wait(10)
            token.check()

    engine.on_call = interrupt
    before = signal.getsignal(signal.SIGINT)
    assert hxd("index", ".").status == 130
    assert signal.getsignal(signal.SIGINT) is before


def test_an_answer_that_was_stopped_ends_with_130(engine: Any, hxd: Any) -> None:
    engine.answer = make_answer(Outcome.CANCELLED)
    assert hxd("ask", "q").status == 130


@pytest.mark.parametrize(
    ("words", "writable"),
    [
        (["index", "."], True),
        (["ask", "q"], False),
        (["search", "q"], False),
        (["status"], False),
        (["examples", "add", "--bad", "q"], True),
        (["examples", "import", "f"], True),
        (["examples", "list"], False),
        (["examples", "remove", "1"], True),
        (["calibrate"], True),
        (["eval", "refusal", "--questions", "f"], False),
        (["eval", "qa", "--questions", "f"], False),
        (["eval", "list"], False),
        (["eval", "show", "1"], False),
        (["eval", "compare", "1", "2"], False),
        (["eval", "remove", "1"], True),
        (["models", "list"], False),
        (["models", "list", "--available"], False),
        (["models", "import", "f"], False),
        (["models", "download", "f"], False),
        (["models", "remove", "f"], True),
        (["models", "use", "f"], True),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_reading_commands_open_for_reading(words: list[str], writable: bool, engine: Any, hxd: Any) -> None:
    assert hxd("--data-dir", "D", *words).status == 0
    assert (engine.data_dir, engine.writable, engine.closed) == ("D", writable, True)


def test_what_is_asked_reaches_the_engine(engine: Any, hxd: Any) -> None:
    hxd(
        *["ask", "q", "--library", "a", "--library", "b", "--library", "a", "--top-k", "3"],
        *["--folder", "~/x", "--type", ".PDF", "--since", "2026-03-31", "--language", "zh-CN"],
    )
    name, arguments, named = engine.calls[0]
    assert (name, arguments) == ("ask", ("q", ["a", "b"]))
    assert named["top_k"] == 3
    assert named["filters"] == Filters(os.path.abspath(os.path.expanduser("~/x")), "pdf", "2026-03-31", "zh")


def test_without_filters_none_are_made_up(engine: Any, hxd: Any) -> None:
    hxd("search", "q", "--limit", "4")
    assert engine.calls == [("search", ("q", ["default"]), {"limit": 4, "filters": None})]


def test_folders_are_made_absolute(engine: Any, hxd: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hxd("index", "a", "b/../c", "--library", "L")
    assert [call[1] for call in engine.calls if call[0] == "add_folder"] == [
        (str(tmp_path / "a"), "L", None),
        (str(tmp_path / "c"), "L", None),
    ]


@pytest.mark.parametrize(("word", "wanted"), [("--ocr", True), ("--no-ocr", False)])
def test_a_folder_is_told_whether_its_scans_are_read(word: str, wanted: bool, engine: Any, hxd: Any) -> None:
    hxd("index", "/a", word)
    assert [call[1] for call in engine.calls if call[0] == "add_folder"] == [("/a", "default", wanted)]


@pytest.mark.parametrize(("word", "answerable"), [("--good", True), ("--bad", False), (None, None)])
def test_import_says_what_the_questions_are(word: str | None, answerable: bool | None, engine: Any, hxd: Any) -> None:
    hxd("examples", "import", "f.json", *([word] if word else []))
    assert engine.calls[0][1][1:] == ("default", answerable)


def test_a_remote_model_is_turned_on_and_off_and_its_key_is_read_from_standard_input(
    engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hxd("remote", "on", "http://127.0.0.1:11434/v1/chat/completions", "internlm2", "--when", "always")
    remote = engine.settings.remote
    assert (remote.allowed, remote.url, remote.model) == (True, "http://127.0.0.1:11434/v1", "internlm2")
    hxd("remote", "on", "https://example.com/v1", "other")
    assert engine.settings.remote.when == "always"
    hxd("remote", "off")
    assert (engine.settings.remote.allowed, engine.settings.remote.url) == (False, "https://example.com/v1")
    monkeypatch.setattr("sys.stdin", io.StringIO("sk-1\n"))
    result = hxd("remote", "set-key")
    assert engine.calls[-1] == ("set_key", ("sk-1\n",), {})
    assert "sk-1" not in result.out + result.err


def test_a_remote_address_in_the_clear_changes_nothing(engine: Any, hxd: Any) -> None:
    result = hxd("remote", "on", "http://example.com/v1", "m")
    assert result.status == 1
    assert "https" in result.err
    assert engine.calls == []


def test_watching_follows_until_ctrl_c_and_ends_with_0(engine: Any, hxd: Any) -> None:
    from hxd_desktop.engine.events import DocumentsChanged

    def change_then_interrupt(name: str) -> None:
        if name == "start_watching":
            engine.events.publish(DocumentsChanged("default", ("/docs/new.md",)))
            signal.raise_signal(signal.SIGINT)

    engine.on_call = change_then_interrupt
    result = hxd("index", ".", "--watch", "--json")
    assert result.status == 0
    assert result.json["documents"]["indexed"] == 3
    assert "/docs/new.md" in result.err


def test_an_unknown_library_in_status_names_those_there_are(engine: Any, hxd: Any) -> None:
    result = hxd("status", "--library", "nope")
    assert (result.status, result.out) == (1, "")
    assert "default" in result.err


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe raises another error on Windows")
def test_a_closed_pipe_is_no_fault() -> None:
    command = f"{sys.executable} -m hxd_desktop --help | true"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_help_imports_nothing_of_the_engine() -> None:
    code = "import sys; from hxd_desktop.cli import main; main(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("hxd_desktop.engine", "numpy", "sqlite3", "PySide6", "asyncio", "prompt_toolkit", "wcwidth"):
        assert f"'{heavy}'" not in done.stderr
