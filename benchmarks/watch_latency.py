"""How long a change on the disk takes until a search by words shows it, with the system's real watcher.

    python benchmarks/watch_latency.py [FOLDER] [--changes 200]

FOLDER is copied and indexed first, so that the library is not empty. Then files are added, saved, moved and deleted
in turn, one at a time, each with words of its own; a search is repeated until it finds them in the right file, or
finds them no more.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measuring import machine, percentile, summary

from hxd_desktop.engine.assistant import Assistant

DEADLINE_S = 30.0
KINDS = ("add", "save", "move", "delete")


class Changes:
    """Changes files in a folder and says what a search must then find."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.made: list[tuple[Path, str]] = []
        self.number = 0

    def word(self) -> str:
        self.number += 1
        letters = "".join(self.random.choices("bcdfghjklmnpqrstvwxz", k=12))
        return f"{letters}{self.number}"

    def text(self, word: str) -> str:
        sentences = f"The pump of hall {self.number} answers to the name {word}.\n这是第 {self.number} 条记录。"
        return f"# Note {self.number}\n\n{sentences}\n"

    def make(self, kind: str) -> tuple[str, Path, Path | None]:
        """Change something; return (word, where it must be found, or with None: where it must not be found)."""
        if kind == "add" or not self.made:
            word = self.word()
            path = self.folder / f"added {self.number}.md"
            path.write_text(self.text(word), encoding="utf-8")
            self.made.append((path, word))
            return word, path, path
        index = self.random.randrange(len(self.made))
        path, word = self.made[index]
        if kind == "save":
            word = self.word()
            with open(path, "r+", encoding="utf-8") as stream:  # in place, as many editors do
                stream.truncate()
                stream.write(self.text(word))
            self.made[index] = (path, word)
            return word, path, path
        if kind == "move":
            self.number += 1
            target = path.with_name(f"moved {self.number}.md")
            path.rename(target)
            self.made[index] = (target, word)
            return word, target, target
        path.unlink()
        del self.made[index]
        return word, path, None


def is_shown(assistant: Assistant, word: str, expected: Path | None) -> bool:
    """Whether a search by words shows the word in the expected file alone."""
    found = {source.document for source in assistant.search(word, limit=5) if word in source.text}
    return found == ({str(expected)} if expected is not None else set())


def wait(true: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    end = time.perf_counter() + deadline_s
    while not true():
        if time.perf_counter() > end:
            sys.exit(f"not after {deadline_s} s: {what}")
        time.sleep(0.005)


def is_idle(assistant: Assistant) -> bool:
    [library] = assistant.libraries()
    return not library.indexing and library.vectors_pending == 0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--changes", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
        watched = Path(place).resolve() / "watched"
        watched.mkdir()
        if options.folder is not None:
            shutil.copytree(options.folder, watched / "copy", symlinks=True)
        assistant = Assistant.open(Path(place) / "data")
        try:
            measure(assistant, watched, options.changes, options.seed)
        finally:
            assistant.close()


def measure(assistant: Assistant, watched: Path, count: int, seed: int) -> None:
    assistant.add_folder(watched)
    assistant.index()
    assistant.start_watching()
    changes = Changes(watched, seed)
    word, path, _ = changes.make("add")  # once it is found, the folder is being watched
    wait(lambda: is_shown(assistant, word, path), "the first file")
    wait(lambda: is_idle(assistant), "idle", 600.0)
    print(f"library: {assistant.libraries()[0].documents} documents, {assistant.libraries()[0].chunks} passages")
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        if kind != "add" and not changes.made:
            kind = "add"
        word, path, expected = changes.make(kind)
        started = time.perf_counter()
        wait(lambda word=word, expected=expected: is_shown(assistant, word, expected), f"{kind} {path.name}")
        taken[kind].append((time.perf_counter() - started) * 1000)
    for kind, values in taken.items():
        print(f"  {kind:7} {summary(values, digits=0)}")
    everything = [value for values in taken.values() for value in values]
    print(f"  all     {summary(everything, digits=0)}")
    print(f"  95 % of {len(everything)} changes are shown within {percentile(everything, 95) / 1000:.2f} s")


if __name__ == "__main__":
    main()
