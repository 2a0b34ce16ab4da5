"""What starting costs: heavy libraries are imported where they are first needed, and native ones in other processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "PySide6 fastembed httpx huggingface_hub llama_cpp lxml numpy onnxruntime pathspec psutil pymupdf sqlite_utils"
    " tokenizers usearch watchdog"
).split()


def imported_by(code: str, *arguments: str) -> set[str]:
    """Run `code` in a fresh process; return which of the heavy modules it has imported."""
    script = f"import sys\n{code}\nimport json\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", ["hxd_desktop.engine.assistant", "hxd_desktop.cli"])
def test_the_front_door_imports_nothing_heavy(module: str) -> None:
    assert imported_by(f"import {module}") == set()


ASK = """
from hxd_desktop.engine.assistant import Assistant
assistant = Assistant.open(sys.argv[1], writable=False)
answer = assistant.ask("What is the threshold?", force=True)
assert answer.sources, answer
assistant.close()
"""


def test_a_question_imports_only_what_it_needs(tmp_path: Path) -> None:
    from hxd_desktop.engine.assistant import Assistant

    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "notes.txt").write_text("The threshold is 0.5. It decides what is refused.")
    assistant = Assistant.open(tmp_path / "data")
    assistant.add_folder(folder)
    assistant.index()
    assistant.close()
    assert imported_by(ASK, str(tmp_path / "data")) <= {"numpy", "usearch"}


INDEX = """
from hxd_desktop.engine.assistant import Assistant
assistant = Assistant.open(sys.argv[1])
assistant.add_folder(sys.argv[2])
report = assistant.index()
assert report.documents["indexed"] == 1, report
assistant.close()
"""


def test_indexing_leaves_parsers_to_their_processes(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "page.html").write_text("<p>The threshold is 0.5.</p>")
    found = imported_by(INDEX, str(tmp_path / "data"), str(folder))
    assert not found & {"PySide6", "fastembed", "llama_cpp", "lxml", "onnxruntime", "pymupdf", "tokenizers"}
