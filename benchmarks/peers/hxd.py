"""HXD Desktop: reads the files by itself, keeps passages, full text and vectors in one SQLite file and an index."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from common import CHANGES, TOP_K, asked, note, serve

from hxd_desktop.engine.assistant import Assistant


def index(state: Path, folder: Path) -> dict[str, Any]:
    assistant = Assistant.open(state, will_index=True)
    try:
        assistant.add_folder(folder)
        report = assistant.index()
        return {"pieces": report.chunks, "words_s": report.seconds_words}
    finally:
        assistant.close()


def rescan(state: Path, _folder: Path) -> dict[str, Any]:
    assistant = Assistant.open(state)
    try:
        return {"changed": assistant.index().documents["indexed"]}
    finally:
        assistant.close()


def change(state: Path, folder: Path) -> dict[str, Any]:
    """By the watcher: until a search shows the file, the noticing and the wait for quiet included."""
    assistant = Assistant.open(state)
    try:
        assistant.add_folder(folder)  # new where the library was made without files
        assistant.start_watching()
        taken = []
        for number in range(CHANGES + 1):
            path, word = note(folder, number)
            started = time.perf_counter()
            while not any(word in source.text for source in assistant.search(word, limit=3)):
                if time.perf_counter() - started > 60:
                    raise SystemExit(f"{path.name} is not found after a minute")
                time.sleep(0.005)
            taken.append(time.perf_counter() - started)
            path.unlink()
        return {"seconds": taken[1:]}  # the first one waits for the scan at the start
    finally:
        assistant.close()


def query(state: Path, _folder: Path, questions: Path) -> dict[str, Any]:
    started = time.perf_counter()
    assistant = Assistant.open(state, writable=False)
    try:
        assistant.ask("What is it?")
        load_s = time.perf_counter() - started
        found = asked(questions, lambda question: assistant.search(question, limit=TOP_K))
        whole = asked(questions, assistant.ask)
        return {**found, "answer_ms": whole["ms"], "load_s": load_s}
    finally:
        assistant.close()


if __name__ == "__main__":
    serve(index, query, rescan=rescan, change=change)
