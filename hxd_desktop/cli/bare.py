"""`hxd` without a command: the window, else the chat, else the demo."""

from __future__ import annotations

import argparse
import sys

from hxd_desktop.cli import output
from hxd_desktop.cli.window import has_display, open_window


def bare(arguments: argparse.Namespace) -> int:
    """Do what suits the place: a display, a terminal, or neither."""
    if has_display():
        return open_window(arguments)
    if sys.stdin.isatty() and sys.stdout.isatty():
        from hxd_desktop.cli.chat import chat

        output.note("There is no display: this is the chat in the terminal. hxd --help lists the commands.")
        return chat(argparse.Namespace(**vars(arguments), libraries=None))
    from hxd_desktop.cli.demo import demo

    output.note("There is neither display nor terminal: this is hxd demo. hxd --help lists the commands.")
    return demo(argparse.Namespace(**vars(arguments), screenshot=None))
