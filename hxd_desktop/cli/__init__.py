"""The `hxd` command. It parses, calls the engine and prints; it decides nothing.

What a command needs is imported when it runs, so that `hxd --help` and `hxd ask` start at once.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from hxd_desktop.cli import output
from hxd_desktop.cli.parser import build_parser

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C."""
    output.use_utf8()
    try:
        try:
            arguments = build_parser().parse_args(argv)
        except SystemExit as stop:  # argparse has already said why
            output.write("", flush=True)  # a closed pipe shows here, not while Python shuts down
            return stop.code if isinstance(stop.code, int) else WRONG_USAGE
        status = _run(arguments.command, arguments)
        output.write("", flush=True)
    except BrokenPipeError:  # the reader has gone (`hxd ... | head`); nobody is left to tell
        output.discard_stdout()
        return FAILED
    except output.OutputError as error:
        output.discard_stdout()
        output.note(f"hxd: What it found cannot be written: {error}. Send it somewhere else.")
        return FAILED
    return status


def _run(command: str, arguments: object) -> int:
    """Import the module of `command` ("module:function"), call the function, and say what went wrong."""
    import importlib

    from hxd_desktop.cli.interrupt import Interrupted
    from hxd_desktop.engine.errors import Cancelled, HxdError

    module, function = command.split(":")
    try:
        status = getattr(importlib.import_module(f"hxd_desktop.cli.{module}"), function)(arguments)
    except output.UsageError as error:
        output.note(f"hxd: {error}")
        return WRONG_USAGE
    except HxdError as error:
        output.note(output.failure_line(error))
        return FAILED
    except Interrupted as stop:
        output.note("Stopped.")
        return stop.status
    except (KeyboardInterrupt, Cancelled):
        output.note("Stopped.")
        return INTERRUPTED
    except (BrokenPipeError, output.OutputError):
        raise
    except Exception as error:  # a bug of ours still ends in one line; the details are one variable away
        if os.environ.get("HXD_DEBUG"):
            raise
        output.note(
            f"hxd: a fault in HXD Desktop itself: {type(error).__name__}: {error}. "
            "Run the command again with HXD_DEBUG=1 and report what it prints."
        )
        return FAILED
    return int(status)
