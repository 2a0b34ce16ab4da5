"""A week of work on a folder in an hour: random changes with questions in between, and nothing may grow.

    python benchmarks/week.py [--changes 100000] [--files 1000] [--batch 50] [--seed 1]

Files are made, edited, moved and deleted by chance, but so that their number stays about the same, while the system's
real watcher follows. After each batch every file of it has to be found by a word of its own where it now is, and what
is gone has to be found no more. Questions are asked after each batch. At ten points memory of all processes and the
data directory's size are taken, once all is idle, and database, full text and vectors are compared, as
`hxd doctor --check` does. It ends with 1 where a change was not found, something did not agree, or memory or disk grew
by more than a tenth from the first half to the second (the first point is left out: it warms up).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring import folder_bytes, machine, summary, tree_memory

from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.assistant import Assistant

POINTS = 10
MOST_GROWTH = 0.10
DEADLINE_S = 60.0
KINDS = ("create", "edit", "move", "delete")
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()
VOCABULARY = 3000  # words, as many as people use: the engine keeps the stems of words that it has met
CHINESE = "这一段说明如何安装和配置该服务，出错时应该先看日志，再检查网络和权限，最后联系管理员处理。"


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one file. `target`: where it is afterwards, None where it is gone. `word`: its own."""

    kind: str
    path: str
    target: str | None
    word: str
    lost: str | None = None  # the word that is in no file any more


class Model:
    """What a folder holds, kept in memory: relative path -> the word that stands in this file alone.

    Args:
        size: About how many files there are to be.
    """

    def __init__(self, size: int, seed: int) -> None:
        self.words: dict[str, str] = {}
        self._paths: list[str] = []  # the same, to choose from
        self._size = size
        self._random = random.Random(seed)
        self._number = 0
        self._vocabulary = ["".join(self._random.choices(SYLLABLES, k=1 + n % 4)) for n in range(VOCABULARY)]

    def next(self) -> Change:
        """Choose a change, and hold it for done."""
        room = self._size - len(self._paths)
        if not self._paths or room > self._size / 10:
            kind = "create"
        elif -room > self._size / 10:
            kind = "delete"
        else:
            kind = self._random.choices(KINDS, (20, 45, 15, 20))[0]
        if kind == "create":
            path, word = self._new_path(), self._new_word()
            self._paths.append(path)
            self.words[path] = word
            return Change(kind, path, path, word)
        place = self._random.randrange(len(self._paths))
        path = self._paths[place]
        word = self.words[path]
        if kind == "edit":
            self.words[path] = self._new_word()
            return Change(kind, path, path, self.words[path], word)
        del self.words[path]
        if kind == "move":
            target = self._paths[place] = self._new_path()
            self.words[target] = word
            return Change(kind, path, target, word)
        self._paths[place] = self._paths[-1]
        self._paths.pop()
        return Change(kind, path, None, word, word)

    def text(self, word: str) -> str:
        """A text of 300 to 6,000 characters that holds the word once."""
        lines = [f"# The book of {word}", ""]
        for _ in range(self._random.randint(3, 60)):
            sentence = " ".join(self._random.choices(self._vocabulary, k=12))
            lines.append(f"{sentence}. {CHINESE if self._random.random() < 0.3 else ''}")
        return "\n".join(lines) + "\n"

    def _new_path(self) -> str:
        self._number += 1
        return f"{self._random.randrange(20):02d}/file{self._number}.md"

    def _new_word(self) -> str:
        self._number += 1
        return f"{''.join(self._random.choices('bcdfghjklmnpqrstvwxz', k=12))}{self._number}"


def apply(change: Change, root: Path, model: Model) -> None:
    """Do to the disk what was done to the model."""
    if change.kind == "delete":
        (root / change.path).unlink()
        return
    assert change.target is not None
    target = root / change.target
    target.parent.mkdir(exist_ok=True)
    if change.kind == "move":
        (root / change.path).rename(target)
    else:
        target.write_text(model.text(change.word), encoding="utf-8")


def expected(batch: Sequence[Change], model: Model) -> dict[str, str | None]:
    """For each word that a batch touched: the file in which it has to be found, or None."""
    where = {word: path for path, word in model.words.items()}
    touched = {word for change in batch for word in (change.word, change.lost) if word is not None}
    return {word: where.get(word) for word in sorted(touched)}


def growth(values: Sequence[float]) -> float:
    """By what share the highest value of the second half exceeds the highest of the first; the very first is left out.

    What is saved and purged now and then goes up and down: only its crests can be compared.

    Raises:
        ValueError: fewer than two values.
    """
    if len(values) < 2:
        raise ValueError("growth needs two values")
    half = len(values) // 2
    return max(values[half:]) / max(values[min(1, half - 1) : half]) - 1


class Week:
    """The engine on a folder, and what was wrong."""

    def __init__(self, place: Path, size: int, seed: int) -> None:
        self.root = place / "files"
        self.data = place / "data"
        self.root.mkdir()
        self.model = Model(size, seed)
        self.problems: list[str] = []
        self.kinds: Counter[str] = Counter()
        self.answer_ms: list[float] = []
        self.taken_s: list[float] = []
        self.memory: list[int] = []
        self.disk: list[int] = []
        for _ in range(size):
            apply(self.model.next(), self.root, self.model)
        self.assistant = Assistant.open(self.data)

    def begin(self) -> None:
        self.assistant.add_folder(self.root)
        self.assistant.index()
        self.assistant.start_watching()

    def batch(self, count: int) -> None:
        """Change, wait until all is found, ask."""
        changes = []
        for _ in range(count):
            change = self.model.next()
            apply(change, self.root, self.model)
            changes.append(change)
            self.kinds[change.kind] += 1
        started = time.perf_counter()
        for word, path in expected(changes, self.model).items():  # one after the other: fewer searches beside the work
            while not self.is_found(word, path):
                if time.perf_counter() - started > DEADLINE_S:
                    self.problems.append(f"{word} is not found in {path or 'no file'}")
                    break
                time.sleep(0.02)
        self.taken_s.append(time.perf_counter() - started)
        word = next(iter(self.model.words.values()))
        for question in (f"What does the book of {word} say?", "出错时应该先看什么？"):
            answer = self.assistant.ask(question)
            self.answer_ms.append(answer.ms)
            if answer.outcome is Outcome.FAILED:
                self.problems.append(f"a question failed: {question}")

    def is_found(self, word: str, path: str | None) -> bool:
        found = {source.document for source in self.assistant.search(word, limit=5) if word in source.text}
        return found == ({str(self.root / path)} if path is not None else set())

    def point(self) -> None:
        """Wait until nothing is to do, take memory and disk, and compare what is kept."""
        started = time.perf_counter()
        while True:
            [library] = self.assistant.libraries()
            if not library.indexing and library.vectors_pending == 0:
                break
            if time.perf_counter() - started > DEADLINE_S:
                self.problems.append("it does not become idle")
                break
            time.sleep(0.05)
        if library.documents != len(self.model.words):
            self.problems.append(f"{library.documents} documents instead of {len(self.model.words)}")
        self.compare(self.assistant)
        self.memory.append(tree_memory(os.getpid()))
        self.disk.append(folder_bytes(self.data))

    def compare(self, assistant: Assistant) -> None:
        checks = assistant.check(compare=True)
        self.problems += [f"{one.name}: {one.detail}" for one in checks if not one.ok]

    def end(self) -> None:
        """Close, and compare again as the next start finds it."""
        self.assistant.close()
        again = Assistant.open(self.data)
        try:
            self.compare(again)
        finally:
            again.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--changes", type=int, default=100_000)
    arguments.add_argument("--files", type=int, default=1000)
    arguments.add_argument("--batch", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    print(f"{time.strftime('%Y-%m-%d')}, {machine()}")
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
        week = Week(Path(place).resolve(), options.files, options.seed)
        try:
            week.begin()
            run(week, options.changes, options.batch)
        finally:
            week.end()
    sys.exit(1 if report(week) else 0)


def run(week: Week, changes: int, size: int) -> None:
    done = points = 0
    print("| changes | memory MiB | disk MB | wrong |\n|---|---|---|---|")
    while done < changes:
        week.batch(min(size, changes - done))
        done += min(size, changes - done)
        if done * POINTS >= changes * (points + 1):
            points += 1
            week.point()
            print(
                f"| {done:,} | {week.memory[-1] / 2**20:.0f} | {week.disk[-1] / 1e6:.1f} | {len(week.problems)} |",
                flush=True,
            )


def report(week: Week) -> list[str]:
    print(f"\n{', '.join(f'{week.kinds[kind]} {kind}' for kind in KINDS)}")
    print(f"until a batch is found, s: {summary(week.taken_s, 's', 2)}")
    print(f"answers: {summary(week.answer_ms)}")
    for name, values in (("memory", week.memory), ("disk", week.disk)):
        if len(values) > 1:
            grown = growth(values)
            print(f"{name} grew by {grown * 100:+.1f} %")
            if grown > MOST_GROWTH:
                week.problems.append(f"{name} grew by {grown * 100:.1f} %")
    for problem in week.problems[:40]:
        print(f"  WRONG  {problem}")
    print(f"{len(week.problems)} problems")
    return week.problems


if __name__ == "__main__":
    main()
