"""`hxd updates`: whether there is a newer version, which is asked only where that is switched on."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
from typing import TYPE_CHECKING

from hxd_desktop import __version__
from hxd_desktop.cli import output, text
from hxd_desktop.cli.interrupt import Interrupt
from hxd_desktop.cli.opening import opened
from hxd_desktop.engine.errors import HxdError

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant


def show(arguments: argparse.Namespace) -> int:
    """Print what is set and what came of the last check."""
    with opened(arguments, writable=False) as assistant:
        return _show(arguments, assistant)


def on(arguments: argparse.Namespace) -> int:
    """Let newer versions be looked for from now on."""
    feed = arguments.feed
    with opened(arguments, writable=True) as assistant:
        before = assistant.settings.updates
        after = dataclasses.replace(before, allowed=True, feed=before.feed if feed is None else feed)
        assistant.update_settings(dataclasses.replace(assistant.settings, updates=after))
        return _show(arguments, assistant)


def off(arguments: argparse.Namespace) -> int:
    """Look for them no more; the feed stays."""
    with opened(arguments, writable=True) as assistant:
        after = dataclasses.replace(assistant.settings.updates, allowed=False)
        assistant.update_settings(dataclasses.replace(assistant.settings, updates=after))
        return _show(arguments, assistant)


def check(arguments: argparse.Namespace) -> int:
    """Ask now; what the switch forbids, or a feed that gives nothing to read, is an error."""
    with opened(arguments, writable=False) as assistant, Interrupt() as interrupt:
        output.note(f"Asking {text.one_line(assistant.updates.feed) or 'nobody'}: this uses the network.")
        found = interrupt.run(assistant.updates.check)
        if found.failed:
            raise HxdError(
                "New versions could not be looked for",
                f"{found.feed}: {found.failed}.",
                "Try again later, or name another feed with `hxd updates on --feed URL`.",
            )
        return _show(arguments, assistant)


def _show(arguments: argparse.Namespace, assistant: Assistant) -> int:
    updates = assistant.updates
    last = updates.last()
    checked = datetime.datetime.fromtimestamp(last.checked, datetime.UTC).isoformat() if last.checked else None
    if arguments.json:
        row = {
            "allowed": updates.allowed,
            "feed": updates.feed,
            "current": __version__,
            "checked": checked,
            "newest": last.version or None,
            "newer": last.newer,
            "notes": last.notes or None,
            "failed": last.failed or None,
        }
        output.emit({"updates": row})
        return 0
    output.say(f"Newer versions: {'looked for, once a day at most' if updates.allowed else 'not looked for'}")
    output.say(f"  feed: {text.one_line(updates.feed) or 'no feed is set'}")
    if last.newer:
        output.say(f"  {last.version} is out, this is {__version__}. {text.one_line(last.notes)}".rstrip())
    elif last.version:
        output.say(f"  this is {__version__}, the newest that is known")
    if checked is not None:
        output.say(f"  last checked: {checked}" + (f", failed: {last.failed}" if last.failed else ""))
    return 0
