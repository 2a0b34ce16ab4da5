"""`hxd examples`: a library's good and bad questions."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hxd_desktop.cli import output, text
from hxd_desktop.cli.opening import opened

if TYPE_CHECKING:
    from hxd_desktop.engine.library.model import Example


def add(arguments: argparse.Namespace) -> int:
    """Add one question and print it."""
    answerable = arguments.good is not None
    question = arguments.good if answerable else arguments.bad
    if not question.strip():
        raise output.UsageError("the question is empty.")
    with opened(arguments, writable=True) as assistant:
        example = assistant.add_example(question, answerable, arguments.library)
    return _show(arguments, [example])


def import_file(arguments: argparse.Namespace) -> int:
    """Add the questions of a file and print all of the library."""
    answerable = True if arguments.good else False if arguments.bad else None
    with opened(arguments, writable=True) as assistant:
        added = assistant.import_examples(arguments.file, arguments.library, answerable)
    return _show(arguments, added)


def list_all(arguments: argparse.Namespace) -> int:
    """Print a library's questions."""
    with opened(arguments, writable=False) as assistant:
        return _show(arguments, assistant.examples(arguments.library))


def remove(arguments: argparse.Namespace) -> int:
    """Remove one question and print those that are left."""
    with opened(arguments, writable=True) as assistant:
        assistant.remove_example(arguments.id)
        return _show(arguments, assistant.examples(arguments.library))


def _show(arguments: argparse.Namespace, examples: Sequence[Example]) -> int:
    if arguments.json:
        output.emit(
            {
                "examples": [
                    {
                        "id": example.id,
                        "question": example.question,
                        "answerable": example.answerable,
                        "source": example.source,
                    }
                    for example in examples
                ]
            }
        )
    elif not examples:
        output.say(f"{arguments.library}: no examples.")
    else:
        rows = [
            (str(example.id), "good" if example.answerable else "bad", example.source, example.question)
            for example in examples
        ]
        for line in text.table(rows, right=(0,)):
            output.say(line)
    return 0
