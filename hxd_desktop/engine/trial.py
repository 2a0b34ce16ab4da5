"""A library made of a question file's own passages, for one evaluation."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.engine.evaluation.datasets import passages_of
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import IndexSettings, Settings

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant


@contextlib.contextmanager
def trial_library(directory: DataDirectory, questions: Path, which: str) -> Iterator[Assistant]:
    """Index passages into a throw-away data directory inside `directory` and yield an assistant over it.

    It has the models and the settings of `directory`, save those of indexing, and nothing that a library has learnt.

    Args:
        directory: Where the temporary folder is made; it is removed afterwards.
        questions: JSONL with "positive" and "negative" lists of passages.
        which: "all", "positive" or "negative"; those of all questions together.
    """
    from hxd_desktop.engine.assistant import Assistant

    with tempfile.TemporaryDirectory(prefix="trial-", dir=directory.root, ignore_cleanup_errors=True) as folder:
        documents = Path(folder) / "documents"
        documents.mkdir()
        for number, passage in enumerate(passages_of(questions, which)):
            (documents / f"{number:06d}.txt").write_text(passage, encoding="utf-8")
        data = DataDirectory(Path(folder) / "data")
        # What the user leaves out of folders must not leave out passages.
        dataclasses.replace(Settings.load(directory.settings), index=IndexSettings()).save(data.settings)
        assistant = Assistant.open(data.root, will_index=True, models=directory.models)
        try:
            assistant.add_folder(documents)
            assistant.index()
            yield assistant
        finally:
            assistant.close()
