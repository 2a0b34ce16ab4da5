"""`hxd index`."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from hxd_desktop.cli import output, text
from hxd_desktop.cli.interrupt import Interrupt
from hxd_desktop.cli.opening import opened
from hxd_desktop.cli.progress import Progress
from hxd_desktop.engine.events import DocumentsChanged, Event

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant
    from hxd_desktop.engine.library.model import IndexReport

FAILURES_SHOWN = 10


def index(arguments: argparse.Namespace) -> int:
    """Add folders to a library, bring it up to date, and with `--watch` keep it so until Ctrl-C."""
    with opened(arguments, writable=True, will_index=True) as assistant, Interrupt() as interrupt:
        with Progress(assistant.events):
            for folder in arguments.folders:
                assistant.add_folder(folder, arguments.library, ocr=arguments.ocr)
            report = interrupt.run(lambda token: assistant.index(arguments.library, cancel=token))
        if arguments.json:
            output.emit(report_record(report))
        else:
            for line in report_lines(report):
                output.say(line)
        if arguments.watch:
            _follow(assistant, interrupt)
    return 0


def _follow(assistant: Assistant, interrupt: Interrupt) -> None:
    def show(event: Event) -> None:
        if isinstance(event, DocumentsChanged):
            clock = time.strftime("%H:%M:%S")
            for path in event.paths:
                output.note(f"{clock}  {event.library}  {text.one_line(path)}")

    unsubscribe = assistant.events.subscribe(show)
    try:
        assistant.start_watching()
        output.note("Following changes. Ctrl-C ends it.")
        interrupt.wait()
    finally:
        unsubscribe()


def report_record(report: IndexReport) -> dict[str, object]:
    """Return the JSON of a run of indexing."""
    return {
        "library": report.library,
        "documents": dict(report.documents),
        "chunks": report.chunks,
        "seconds": round(report.seconds, 3),
        "seconds_words": round(report.seconds_words, 3),
        "bytes": report.bytes,
        "failures": [dict(failure) for failure in report.failures],
    }


def report_lines(report: IndexReport) -> list[str]:
    """Return a run of indexing as lines for a reader."""
    counts = report.documents
    lines = [
        f"{report.library}: "
        + ", ".join(f"{text.number(counts[key])} {key}" for key in ("indexed", "removed", "unchanged"))
        + f"; {text.number(report.chunks)} passages"
    ]
    rest = [
        f"{text.number(counts[key])} {words}"
        for key, words in (
            ("skipped", "skipped by a rule"),
            ("empty", "without text"),
            ("needs_ocr", "scanned (text recognition needed)"),
            ("failed", "failed"),
        )
        if counts[key]
    ]
    if rest:
        lines.append("  " + ", ".join(rest))
    lines.append(
        f"  {text.size(report.bytes)} read in {text.duration(report.seconds)}; "
        f"searchable by words after {text.duration(report.seconds_words)}"
    )
    lines += [
        f"  failed: {text.one_line(failure['path'])}: {text.one_line(failure['reason'])}"
        for failure in report.failures[:FAILURES_SHOWN]
    ]
    if len(report.failures) > FAILURES_SHOWN:
        lines.append(f"  and {len(report.failures) - FAILURES_SHOWN} more; --json lists all")
    return lines
