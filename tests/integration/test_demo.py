"""`hxd demo` as a newcomer starts it: no display, no terminal, nothing prepared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hxd_desktop.engine import samples
from tests.unit.cli.contract import check_keys, json_paths


def run_demo(data: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "hxd_desktop", "--data-dir", str(data), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **variables},
        check=False,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(place: Path) -> subprocess.CompletedProcess[bytes]:
    return run_demo(place / "data", "demo", "--screenshot", str(place / "window.png"), "--json")


def test_it_answers_what_is_covered_and_refuses_what_is_not(demo: subprocess.CompletedProcess[bytes]) -> None:
    assert demo.returncode == 0, demo.stderr.decode()
    result = json.loads(demo.stdout.decode("utf-8"))
    check_keys(result, json_paths("demo"))
    asked = [sample for sample in samples.questions() if sample.demo]
    assert [answer["question"] for answer in result["answers"]] == [sample.question for sample in asked]
    for sample, answer in zip(asked, result["answers"], strict=True):
        check_keys(answer, json_paths("ask"))
        assert answer["outcome"] == ("answered" if sample.covered else "unrelated"), answer["refusal"]
        if sample.covered:
            assert sample.contains is not None
            assert sample.contains in answer["answer"]


def test_it_pictures_the_window(demo: subprocess.CompletedProcess[bytes], place: Path) -> None:
    file = place / "window.png"
    assert json.loads(demo.stdout)["screenshot"] == str(file)
    picture = file.read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert width >= 1000
    assert height >= 600
    assert len(picture) > 20_000  # more than an empty window


def test_it_leaves_nothing_behind(demo: subprocess.CompletedProcess[bytes], place: Path) -> None:
    assert not list((place / "data").glob("hxd-demo-*"))
    assert not (place / "data" / "library.sqlite3").exists()


def test_without_a_command_display_or_terminal_it_is_the_demo_and_goes_on_without_qt(tmp_path: Path) -> None:
    broken = tmp_path / "broken" / "PySide6"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')")
    done = run_demo(tmp_path / "data", PYTHONPATH=str(broken.parent), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0
    said, printed = done.stderr.decode("utf-8"), done.stdout.decode("utf-8")
    assert "hxd demo" in said
    assert "libEGL.so.1" in said
    for sample in samples.questions():
        assert (f"> {sample.question}" in printed) is sample.demo
