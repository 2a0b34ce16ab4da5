"""Libraries that the gate is fitted on, made once and kept in a folder, and questions asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.answering.signals import signals
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.evaluation.datasets import AnsweredQuestion

if TYPE_CHECKING:
    from hxd_desktop.engine.library.reader import LibraryReader, StoredChunk

EVIDENT = 5  # an answer is there for the gate where it stands among so many of the best passages


@dataclass(frozen=True)
class Row:
    """A question asked of a library."""

    group: str
    question: str
    covered: bool
    signals: dict[str, float]
    item: str = ""  # the question without chatter: what must not stand on both sides of a cross-validation


class Without:
    """A library's reader that does not find the passages which hold an answer."""

    def __init__(self, reader: LibraryReader, item: AnsweredQuestion) -> None:
        self._reader = reader
        self._item = item

    def __getattr__(self, name: str) -> object:
        return getattr(self._reader, name)

    def chunks(self, ids: Sequence[int]) -> dict[int, StoredChunk]:
        return {i: chunk for i, chunk in self._reader.chunks(ids).items() if not self._item.held_by(chunk.text)}


class Libraries:
    """Libraries in a work folder, made once."""

    def __init__(self, work: Path) -> None:
        self.work = work

    def of_folder(self, name: str, folder: Path) -> Path:
        data_dir = self.work / name
        if not (data_dir / "done").exists():
            assistant = Assistant.open(data_dir)
            try:
                assistant.add_folder(folder)
                assistant.index()
            finally:
                assistant.close()
            (data_dir / "done").touch()
        return data_dir

    def of_texts(self, name: str, texts: Iterable[str]) -> Path:
        folder = self.work / "documents" / name
        if not folder.exists():
            for number, text in enumerate(texts):
                part = folder / f"{number // 1000:03d}"
                part.mkdir(parents=True, exist_ok=True)
                (part / f"{number:06d}.txt").write_text(text, encoding="utf-8")
        return self.of_folder(name, folder)

    def ask(
        self,
        group: str,
        data_dir: Path,
        questions: Sequence[str],
        covered: bool | Sequence[bool],
        items: Sequence[str] | None = None,
    ) -> list[Row]:
        labels = [covered] * len(questions) if isinstance(covered, bool) else list(covered)
        assistant = Assistant.open(data_dir, writable=False)
        try:
            scorer = assistant.pipeline().scorer
            rows = []
            for question, label, item in zip(questions, labels, items or questions, strict=True):
                scored = scorer.score(question, retrieve_anyway=True)
                if scored.decisive is not None:
                    rows.append(Row(group, question, label, dict(scored.decisive.signals), item))
        finally:
            assistant.close()
        print(f"{group:24s} {len(rows):5d} {'covered' if labels[0] else 'uncovered'}", flush=True)
        return rows

    def answerable(self, data_dir: Path, items: Sequence[AnsweredQuestion]) -> list[str]:
        """The questions whose answer stands in one of the best passages."""
        assistant = Assistant.open(data_dir, writable=False)
        try:
            scorer = assistant.pipeline().scorer
            found = []
            for item in items:
                best = scorer.score(item.question, retrieve_anyway=True).candidates[:EVIDENT]
                if any(item.held_by(candidate.chunk.text) for candidate in best):
                    found.append(item.question)
        finally:
            assistant.close()
        return found

    def ask_without(self, group: str, data_dir: Path, items: Sequence[AnsweredQuestion]) -> list[Row]:
        """Ask for answers whose passages are hidden: what is left only looks relevant."""
        assistant = Assistant.open(data_dir, writable=False)
        try:
            scorer = assistant.pipeline().scorer
            reader, rows = scorer.readers[0], []
            for item in items:
                question = prepare(item.question)
                retrieval = retrieve(cast("LibraryReader", Without(reader, item)), question, scorer.embedder)
                rows.append(Row(group, item.question, False, signals(retrieval, question), item.question))
        finally:
            assistant.close()
        print(f"{group:24s} {len(rows):5d} uncovered", flush=True)
        return rows
