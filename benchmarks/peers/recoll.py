"""recoll: full text without vectors. A change costs a process; so does a question, by the OR of its words."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

from common import TOP_K, asked, changes, serve


def index(state: Path, folder: Path) -> dict[str, Any]:
    state.mkdir(exist_ok=True)
    # By itself it gives way to everything else that runs, which nothing that it is set beside does.
    settings = f"topdirs = {folder}\nskippedNames+ = .*\nidxniceprio = 0\n"
    (state / "recoll.conf").write_text(settings, encoding="utf-8")
    return rescan(state, folder)


def rescan(state: Path, _folder: Path) -> dict[str, Any]:
    subprocess.run(["recollindex", "-c", str(state)], check=True, capture_output=True)
    return {}


def _find(state: Path, question: str) -> list[str]:
    command = ["recollq", "-c", str(state), "-o", "-n", str(TOP_K), "-d", question]
    return [subprocess.run(command, check=False, capture_output=True, text=True, errors="replace").stdout]


def change(state: Path, folder: Path) -> dict[str, Any]:
    def take_up(path: Path) -> None:
        subprocess.run(["recollindex", "-c", str(state), "-i", str(path)], check=True, capture_output=True)

    return changes(folder, take_up, lambda word: _find(state, word))


def query(state: Path, _folder: Path, questions: Path) -> dict[str, Any]:
    started = time.perf_counter()
    _find(state, "What is it?")
    load_s = time.perf_counter() - started
    return {**asked(questions, lambda question: _find(state, question)), "load_s": load_s}


if __name__ == "__main__":
    serve(index, query, rescan=rescan, change=change)
