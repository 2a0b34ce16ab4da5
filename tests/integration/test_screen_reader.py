"""A screen reader hears the conversation: the real window under Xvfb, read through AT-SPI by another program."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.assistant import Assistant
from tests.ui.small_library import COVERED, DOCUMENTS, UNCOVERED

READER = Path(__file__).parents[1] / "support" / "at_spi_reader.py"
SESSION = """
"$1" -c 'import sys; from hxd_desktop.ui.app import main; main(sys.argv[1])' "$2" &
window=$!
"$3" -W ignore "$4" "$5" "$6" "$7"
status=$?
kill $window
wait $window
exit $status
"""


@functools.cache
def missing() -> str:
    """What is not installed here; "" where everything is."""
    if sys.platform != "linux":
        return "AT-SPI is Linux's"
    for tool in ("xvfb-run", "dbus-run-session", "/usr/libexec/at-spi-bus-launcher"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    probe = [_python(), "-c", "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        return "gir1.2-atspi-2.0 or python3-gi is not installed"
    return ""


def _python() -> str:
    return "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a screen reader is told while two questions are asked."""
    if lack := missing():
        pytest.skip(lack)
    folder = tmp_path_factory.mktemp("heard")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    assistant = Assistant.open(folder.parent / "heard-data")
    assistant.add_folder(folder)
    assistant.index()
    assistant.calibrate(threshold=0.95)
    assistant.close()
    settings = folder.parent / "heard-data" / "settings.toml"
    settings.write_text('[window]\nlanguage = "en"\n', encoding="utf-8")
    out = folder.parent / "heard.json"
    given = [sys.executable, str(folder.parent / "heard-data"), _python(), str(READER), str(out), COVERED, UNCOVERED]
    command = ["xvfb-run", "-a", "-s", "-screen 0 1280x900x24", "dbus-run-session", "--", "sh", "-c", SESSION, "sh"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    done = subprocess.run([*command, *given], capture_output=True, text=True, timeout=150, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return read


def names(things: list[dict[str, Any]]) -> list[str]:
    return [str(thing["name"]) for thing in things]


def test_the_answer_and_the_refusal_are_said_when_they_come(heard: dict[str, Any]) -> None:
    answer, refusal = heard["announced"]
    assert answer.startswith("Answered from 1 source\n") and "citric acid" in answer
    assert refusal.startswith("Refused: the documents do not cover this\n")


def test_the_conversation_is_read_in_its_order(heard: dict[str, Any]) -> None:
    told = names(heard["conversation"])
    places = [
        told.index(f"You asked: {COVERED}"),
        next(at for at, name in enumerate(told) if name.startswith("Answer: ") and "citric" in name),
        told.index("Answered from 1 source"),
        told.index("Copy answer"),
        told.index(f"You asked: {UNCOVERED}"),
        told.index("Refused: the documents do not cover this"),
    ]
    assert places == sorted(places)


def test_answers_are_read_line_by_line(heard: dict[str, Any]) -> None:
    texts = [thing["lines"] for thing in heard["conversation"] if thing["name"].startswith("Answer: ")]
    assert len(texts) == 2
    assert "Descale the brass kettle" in " ".join(texts[0])
    assert len(texts[1]) > 1 and all(len(line) < 200 for line in texts[1])


def test_gauges_have_a_value(heard: dict[str, Any]) -> None:
    gauges = [thing for thing in heard["conversation"] if thing["role"] == "progress bar"]
    assert [gauge["name"] for gauge in gauges] == ["Refusal score"] * 2
    assert gauges[0]["value"] < 95 <= gauges[1]["value"] <= 100


def test_the_window_is_told_from_its_menus_to_its_status(heard: dict[str, Any]) -> None:
    roles = [thing["role"] for thing in heard["window"]]
    assert roles.index("menu bar") < roles.index("check box") < roles.index("status bar")
    told = names(heard["window"])
    places = [told.index(name) for name in ("New chat", "Conversation", "Evidence", "Answers: quotations")]
    assert places == sorted(places)
    assert not [thing for thing in heard["window"] if thing.get("focusable") and not thing["name"]]
