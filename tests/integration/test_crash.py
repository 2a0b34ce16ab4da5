"""A process that indexes is killed again and again: nothing that it had reported is lost or done twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.documents.model import DocumentState
from tests.support.library import wait_for

FILES = 150
KILLS = 5

INDEX = """
import json, sys, threading
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.events import DocumentsChanged, IndexProgress, Phase
from hxd_desktop.engine.library import embedding, storing

storing._BATCH_FILES = 5
embedding._BATCH_LEXICAL = 25

def tell(event):
    if isinstance(event, DocumentsChanged):
        print(json.dumps(event.paths), flush=True)
        threading.Event().wait(0.05)  # no faster than the one who kills
    elif isinstance(event, IndexProgress) and event.phase is Phase.VECTORS:
        print("[]", flush=True)

if __name__ == "__main__":
    assistant = Assistant.open(sys.argv[1])
    assistant.events.subscribe(tell)
    assistant.add_folder(sys.argv[2])
    assistant.index()
    assistant.close()
    print("finished", flush=True)
"""


def write_files(folder: Path) -> dict[str, str]:
    texts = {}
    for n in range(FILES):
        path = folder / f"{n % 7}" / f"{n:03}.{'md' if n % 3 else 'txt'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"Document {n} is about topic{n}.\n\n" + "\n\n".join(
            f"Paragraph {k} of {n}. 第{k}段。" for k in range(8)
        )
        path.write_text(text, encoding="utf-8")
        os.utime(path, (1_600_000_000, 1_600_000_000))
        texts[str(path)] = text
    return texts


def rows(data: Path) -> dict[str, tuple[Any, ...]]:
    """Return what identifies the reading of each document: its id, when, and how many chunks."""
    assistant = Assistant.open(data, writable=False)
    found = {
        d.path: (d.id, d.indexed_at, d.chunks) for d in assistant.documents("default", state=DocumentState.INDEXED)
    }
    assistant.close()
    return found


def run_and_kill(data: Path, folder: Path, after_lines: int, delay: float) -> tuple[set[str], bool]:
    """Start indexing, kill it once it has said so much; return what it had reported, and whether it had finished."""
    reported: set[str] = set()
    finished = False
    with subprocess.Popen(
        [sys.executable, "-c", INDEX, str(data), str(folder)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        children: list[psutil.Process] = []
        for number, line in enumerate(process.stdout, start=1):
            if line.strip() == "finished":
                finished = True
                break
            reported |= set(json.loads(line))
            if number == after_lines:
                children = psutil.Process(process.pid).children(recursive=True)
                try:
                    process.wait(delay)
                except subprocess.TimeoutExpired:
                    process.kill()
        for line in process.stdout:  # what it had still said before it died
            finished = finished or line.strip() == "finished"
        process.wait()
    wait_for(lambda: not any(child.is_running() for child in children), "the parser processes end with their parent")
    return reported, finished


def test_nothing_is_lost_or_done_twice(tmp_path: Path) -> None:
    folder, data = tmp_path / "folder", tmp_path / "data"
    texts = write_files(folder)
    chance = random.Random(5)
    reported: set[str] = set()
    before: dict[str, tuple[Any, ...]] = {}
    kills = 0
    for _ in range(KILLS):
        told, finished = run_and_kill(data, folder, chance.randint(1, 4), chance.uniform(0.0, 0.05))
        kills += not finished
        reported |= told
        after = rows(data)
        assert reported <= set(after), "what was reported is still there"
        assert before.items() <= after.items(), "what was finished was not read again"
        before = after
    assert kills >= 3
    told, finished = run_and_kill(data, folder, 0, 0)
    assert finished
    assert not told & set(before)

    assistant = Assistant.open(data)
    try:
        assert before.items() <= rows(data).items()
        assert {d.path for d in assistant.documents("default")} == set(texts)
        assert all(d.state is DocumentState.INDEXED for d in assistant.documents("default"))
        assert all(assistant.document_text("default", path) == text for path, text in texts.items())
        (library,) = assistant.libraries()
        assert library.vectors_pending == 0
        bad = [check for check in assistant.check(compare=True) if not check.ok]
        assert bad == []
        report = assistant.index()
        assert (report.documents["indexed"], report.documents["unchanged"]) == (0, FILES)
        best = assistant.search("topic77", limit=1)
        assert Path(best[0].document).stem == "077"
    finally:
        assistant.close()
