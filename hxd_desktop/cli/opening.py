"""How a command comes by the engine."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hxd_desktop.cli import output

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant
    from hxd_desktop.engine.events import Event


@contextmanager
def opened(arguments: argparse.Namespace, *, writable: bool, will_index: bool = False) -> Iterator[Assistant]:
    """Open the data directory of `--data-dir` for the length of a command; its notices go to standard error."""
    from hxd_desktop.cli.logs import logging_to
    from hxd_desktop.engine.assistant import Assistant
    from hxd_desktop.engine.paths import DataDirectory

    assistant = Assistant.open(arguments.data_dir, writable=writable, will_index=will_index)
    with logging_to(DataDirectory.resolve(arguments.data_dir)):
        try:
            unsubscribe = assistant.events.subscribe(_show_notice)
            try:
                yield assistant
            finally:
                unsubscribe()
        finally:
            assistant.close()


def libraries(arguments: argparse.Namespace) -> list[str]:
    """Return the libraries asked, each once, in the order given."""
    return list(dict.fromkeys(arguments.libraries or ["default"]))


def _show_notice(event: Event) -> None:
    from hxd_desktop.engine.events import Notice

    if isinstance(event, Notice):
        output.note(f"{event.title}: {event.message} {event.remedy}".rstrip())
