"""`hxd demo`: the main job on sample documents, in a data directory that is thrown away."""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hxd_desktop.cli import answers, output
from hxd_desktop.cli.indexing import report_lines
from hxd_desktop.cli.interrupt import Interrupt
from hxd_desktop.cli.opening import opened
from hxd_desktop.cli.output import style
from hxd_desktop.cli.progress import Progress
from hxd_desktop.cli.window import qt_problem
from hxd_desktop.engine import samples
from hxd_desktop.engine.answering.model import Answer, Outcome
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import HxdError

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant

LIBRARY = "default"


def demo(arguments: argparse.Namespace) -> int:
    """Index the samples, ask what they cover in Chinese and in English and what they do not, picture the window."""
    root = _chosen_root(arguments)
    given: list[Answer] = []
    with (
        _throw_away_folder(root) as folder,
        Interrupt() as interrupt,
        opened(argparse.Namespace(data_dir=folder), writable=True, will_index=True) as assistant,
    ):
        with Progress(assistant.events):
            assistant.add_folder(samples.documents(), LIBRARY)
            report = interrupt.run(lambda token: assistant.index(LIBRARY, cancel=token))
        if not arguments.json:
            _say_lines([f"Sample documents: {samples.documents()}", *report_lines(report), ""])
        for question in (sample.question for sample in samples.questions() if sample.demo):
            answer = interrupt.run(partial(_ask, assistant, question))
            given.append(answer)
            if not arguments.json:
                _say_lines([style(f"> {question}", "bold"), "", *answers.answer_lines(answer), ""])
        picture = _picture(assistant, given, arguments.screenshot, root)
    if arguments.json:
        from hxd_desktop.engine.answering.record import to_dict

        output.emit({"answers": [to_dict(answer) for answer in given], "screenshot": picture})
    elif picture:
        output.say(f"Picture of the window: {picture}")
    return 1 if any(answer.outcome is Outcome.FAILED for answer in given) else 0


def _ask(assistant: Assistant, question: str, token: CancelToken) -> Answer:
    return assistant.ask(question, [LIBRARY], cancel=token)


def _chosen_root(arguments: argparse.Namespace) -> Path | None:
    """Return the data directory where one was chosen: then nothing is written outside it."""
    chosen = arguments.data_dir or os.environ.get("HXD_DATA_DIR")
    if not chosen:
        return None
    from hxd_desktop.engine.paths import DataDirectory

    directory = DataDirectory.resolve(chosen)
    directory.create()
    return directory.root


@contextmanager
def _throw_away_folder(root: Path | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hxd-demo-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _picture(assistant: Assistant, given: Sequence[Answer], file: str | None, root: Path | None) -> str | None:
    """Render the window into a PNG and return its path; None, with a line that says why, where Qt cannot run."""
    problem = qt_problem()
    if problem is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        target = Path(file) if file else (root or Path(tempfile.mkdtemp(prefix="hxd-demo-picture-"))) / "hxd-demo.png"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            from hxd_desktop.ui.gallery import render_window

            render_window(assistant, [(answer.question, answer) for answer in given], target)
        except (HxdError, ImportError, OSError) as error:
            problem = str(error)
        else:
            return str(target)
    output.note(f"No picture of the window: {problem}. python3 bootstrap.py names a system package that is missing.")
    return None


def _say_lines(lines: Sequence[str]) -> None:
    for line in lines:
        output.say(line)
