"""With --json each command prints one object with exactly the contract's keys, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.answering.model import Outcome, TraceStage
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.opening import open_database
from hxd_desktop.engine.paths import DataDirectory
from tests.unit.cli.contract import COMMANDS, check_keys, json_paths
from tests.unit.cli.fakes import make_answer

# A way to call each command.
CALLS = {
    "index": ["index", "."],
    "ask": ["ask", "住宿费上限?"],
    "search": ["search", "住宿费"],
    "status": ["status"],
    "examples add": ["examples", "add", "--good", "q"],
    "examples import": ["examples", "import", "f.json"],
    "examples list": ["examples", "list"],
    "examples remove": ["examples", "remove", "1"],
    "calibrate": ["calibrate"],
    "eval refusal": ["eval", "refusal", "--questions", "f.jsonl"],
    "eval qa": ["eval", "qa", "--questions", "f.jsonl"],
    "eval list": ["eval", "list"],
    "eval show": ["eval", "show", "1"],
    "eval compare": ["eval", "compare", "1", "2"],
    "eval remove": ["eval", "remove", "1"],
    "models list": ["models", "list", "--available"],
    "models download": ["models", "download", "m.gguf"],
    "models import": ["models", "import", "m.gguf"],
    "models remove": ["models", "remove", "m.gguf"],
    "models use": ["models", "use", "m.gguf"],
    "remote show": ["remote", "show"],
    "remote on": ["remote", "on", "http://127.0.0.1:11434/v1", "internlm2"],
    "remote off": ["remote", "off"],
    "remote set-key": ["remote", "set-key"],
    "remote forget-key": ["remote", "forget-key"],
    "remote test": ["remote", "test"],
    "updates show": ["updates", "show"],
    "updates on": ["updates", "on", "--feed", "https://git.example/releases"],
    "updates off": ["updates", "off"],
    "updates check": ["updates", "check"],
    "doctor": ["doctor", "--repair"],
}


@pytest.mark.parametrize("command", CALLS)
def test_keys(command: str, engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hxd_desktop.cli.window.qt_problem", lambda: None)
    monkeypatch.setattr("sys.stdin", io.StringIO("sk-1\n"))
    result = hxd(*CALLS[command], "--json")
    assert result.status == 0
    check_keys(result.json, json_paths(command))
    assert engine.closed


def test_a_backup_and_what_is_restored_of_it(hxd: Any, tmp_path: Path) -> None:
    kept, file = tmp_path / "kept", str(tmp_path / "kept.zip")
    DataDirectory(kept).create()
    Database(DataDirectory(kept).database).close()
    saved = hxd("--data-dir", str(kept), "backup", file, "--json")
    check_keys(saved.json, json_paths("backup"))
    restored = hxd("--data-dir", str(tmp_path / "restored"), "restore", file, "--json")
    check_keys(restored.json, json_paths("restore"))
    assert (tmp_path / "restored" / "library.sqlite3").exists()


def test_a_data_directory_that_is_moved(hxd: Any, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    directory = DataDirectory(kept)
    directory.create()
    database, lock = open_database(directory, writable=True)
    database.close()
    assert lock is not None
    lock.release()
    moved = hxd("--data-dir", str(kept), "move-data", str(tmp_path / "new"), "--json")
    check_keys(moved.json, json_paths("move-data"))
    assert (moved.json["from"], moved.json["data_dir"]) == (str(kept), str(tmp_path / "new"))
    assert [path.name for path in kept.iterdir()] == ["moved-to.json"]
    again = hxd("--data-dir", str(kept), "move-data", str(tmp_path / "new"))
    assert again.status == 1 and "already" in again.err
    assert "new" in hxd("--data-dir", str(kept), "status").out


def test_every_command_with_json_is_called_here_or_in_the_demo() -> None:
    with_json = {name for name, entry in COMMANDS.items() if "json" in entry}
    assert set(CALLS) | {"demo", "backup", "restore", "move-data"} == with_json


def test_a_stream_is_one_object_a_line_and_the_answer_last(engine: Any, hxd: Any) -> None:
    import json

    engine.pieces = ("每晚", "600 元。")
    result = hxd("ask", "住宿费上限?", "--stream", "--json")
    *before, answer = [json.loads(line) for line in result.out.splitlines()]
    assert before == [{"stage": "retrieval"}, {"text": "每晚"}, {"text": "600 元。"}]
    check_keys(answer, json_paths("ask"))


def test_text_is_not_escaped_and_an_undecodable_name_is(engine: Any, hxd: Any) -> None:
    engine.answer = make_answer(question="住宿 \udcff")
    result = hxd("ask", "x", "--json")
    assert "住宿 \\udcff" in result.out
    assert result.json["question"] == "住宿 \udcff"


def test_a_failed_question_prints_its_object_and_ends_with_1(engine: Any, hxd: Any) -> None:
    error = {"title": "The model stopped", "message": "Out of memory.", "remedy": "Choose a smaller one."}
    engine.answer = make_answer(Outcome.FAILED, trace=(TraceStage("generate", "fail", 1.0, detail=error),))
    result = hxd("ask", "x", "--json")
    assert (result.status, result.json["outcome"]) == (1, "failed")
    assert result.err == "hxd: The model stopped. Out of memory. Choose a smaller one.\n"


def test_doctor_prints_its_object_and_ends_with_1_where_something_is_wrong(
    engine: Any, hxd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hxd_desktop.cli.window.qt_problem", lambda: None)
    engine.healthy = False
    result = hxd("doctor", "--check", "--json")
    assert result.status == 1
    assert ("check", (), {"compare": True}) in engine.calls
    assert [check["ok"] for check in result.json["checks"]] == [True, False, True]
