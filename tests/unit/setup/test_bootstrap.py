from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from hxd_setup import environment, llama
from hxd_setup.console import ROOT, SetupError, say

SOURCES = [ROOT / "bootstrap.py", *sorted((ROOT / "packaging" / "hxd_setup").glob("*.py"))]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_an_old_python_can_read_the_set_up(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_set_up_needs_nothing_but_the_standard_library(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    roots = {name.partition(".")[0] for name in imported}
    assert roots <= set(sys.stdlib_module_names) | {"hxd_setup"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ("run", [])),
        (["ask", "how?", "--json"], ("run", ["ask", "how?", "--json"])),
        (["--", "ask"], ("run", ["ask"])),
        (["--", "test"], ("run", ["test"])),
        (["--data-dir", "x", "test"], ("run", ["--data-dir", "x", "test"])),
        (["test", "-k", "gate"], ("test", ["-k", "gate"])),
        (["minilm"], ("minilm", [])),
        (["ocr"], ("ocr", [])),
        (["llm", "-DGGML_CUDA=on"], ("llm", ["-DGGML_CUDA=on"])),
    ],
)
def test_only_the_first_word_is_the_set_up_s_own(words: list[str], expected: tuple[str, list[str]]) -> None:
    assert bootstrap.parse(words) == expected


def test_its_help_names_every_command() -> None:
    assert bootstrap.__doc__ is not None
    for command in bootstrap.COMMANDS:
        assert f"bootstrap.py {command}" in bootstrap.__doc__


def test_contributing_and_ci_name_the_command_that_runs_the_checks() -> None:
    assert "python3 bootstrap.py test" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "python3 bootstrap.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_help_goes_to_standard_error_and_leaves_standard_output_empty() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "bootstrap.py"), "help"], capture_output=True, check=True)
    assert done.stdout == b""
    assert b"python3 bootstrap.py lock" in done.stderr


def test_what_the_console_cannot_show_is_escaped(capfd: pytest.CaptureFixture[str]) -> None:
    source = "import sys; sys.path.insert(0, 'packaging'); from hxd_setup.console import say; say('文件夹 é')"
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, env=env, capture_output=True, check=True)
    assert done.stderr.split() == [rb"\u6587\u4ef6\u5939", rb"\xe9"]
    say("plain")
    assert capfd.readouterr().err == "plain\n"


def test_nothing_is_looked_for_where_everything_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "is_current", lambda development, stamp: True)
    monkeypatch.setattr(llama, "wanted", lambda stamp, installed, compiler: False)
    monkeypatch.setattr(bootstrap.uv, "find_or_fetch", lambda: pytest.fail("uv was looked for"))
    assert bootstrap.set_up(development=True)


def test_a_set_up_error_is_one_message_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(development: bool) -> bool:
        raise SetupError("No network.")

    monkeypatch.setattr(bootstrap, "set_up", refuse)
    assert bootstrap.main(["setup"]) == 1
    assert capfd.readouterr().err == "\nNo network.\n"


def test_llm_reports_a_build_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "set_up", lambda development, llm, options: False)
    assert bootstrap.main(["llm"]) == 1
